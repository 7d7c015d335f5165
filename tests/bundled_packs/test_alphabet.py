"""The Alphabet pack: figures against the annual report by hand, bands against twelve quarters, its import.

What needs the filings is skipped where the folder beside the repository is absent.
"""

from __future__ import annotations

import html
import re
import shutil
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment
from thesis.sources.importing.plan import plan_import
from thesis.sources.importing.to_rows import ImportOptions

FOLDER = bundled_folder("rules") / "googl-cloud"
TODAY, AUGUST = date(2026, 11, 22), date(2026, 8, 15)
RAW = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw"
TEN_K_2023 = "googl_10k_fy2023/0001652044-24-000022_primary-document.html"
with_filings = pytest.mark.skipif(not RAW.is_dir(), reason=f"the filings are not there: {RAW}")


@cache
def pack() -> Pack:
    return build(read_folder(FOLDER, "rules/googl-cloud"))[0]


def value(metric: str, quarter: str, day: date = AUGUST) -> Interval:
    return case_as_of(pack(), day).value(metric, Quarter.parse(quarter))


# against the annual report for 2023, by hand -------------------------------------------------------


@cache
def report() -> str:
    text = html.unescape(html.unescape((RAW / TEN_K_2023).read_text(encoding="utf-8")))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def printed(after: str, line: str) -> list[int]:
    """The figures of a line's first occurrence after a heading, in millions; in brackets is negative."""
    start = report().index(line, report().index(after)) + len(line)
    found = re.findall(r"\( ?[\d,]+ ?\)|\d[\d,]*", report()[start : start + 120])
    return [int(re.sub(r"\D", "", each)) * (-1 if each.startswith("(") else 1) for each in found]


INCOME = "CONSOLIDATED STATEMENTS OF INCOME"
CASH_FLOW = "CONSOLIDATED STATEMENTS OF CASH FLOWS"
SEGMENTS = "information about our segments (in millions)"
PROFITS = "presents segment operating income (loss) (in millions)"  # of two years


@with_filings
def test_cloud_and_core_of_2023_are_those_of_the_annual_report() -> None:
    sales = printed(SEGMENTS, "Google Cloud")[2]
    income = printed(PROFITS, "Google Cloud")[1]
    whole = printed(INCOME, "Income from operations")[2]
    revenue = printed(INCOME, "Revenues")[2]
    assert (sales, income, whole, revenue) == (33_088, 1_716, 84_293, 307_394)
    assert value("cloud_margin", "2023Q4").lo == pytest.approx(income / sales)
    assert value("cloud_share_of_profit", "2023Q4").lo == pytest.approx(income / revenue)
    assert value("core_margin", "2023Q4").lo == pytest.approx((whole - income) / (revenue - sales))


@with_filings
def test_cloud_of_2022_is_taken_as_the_report_of_2023_states_it() -> None:
    """Research left the segments in 2023: the year before is compared on the new footing, as known since."""
    before, after = printed(PROFITS, "Google Cloud")[:2]
    sales = printed(SEGMENTS, "Google Cloud")[1:3]
    told = value("cloud_incremental_margin", "2023Q4").lo
    assert told == pytest.approx((after - before) / (sales[1] - sales[0]))
    case = case_as_of(pack(), date(2023, 2, 3), quarter=Quarter.parse("2022Q4"))
    assert case.answer("ttm(cloud.operating_income)", case.quarter).lo == -2_968e6  # as first reported
    assert value("cloud_margin", "2022Q4").lo == pytest.approx(before / sales[0])


@with_filings
def test_spending_and_its_returns_of_2023_are_those_of_the_annual_report() -> None:
    spent = printed(CASH_FLOW, "Purchases of property and equipment")[:3]
    brought = printed(CASH_FLOW, "Net cash provided by operating activities")[2]
    income = printed(INCOME, "Income from operations")[:3]
    property_ = printed("CONSOLIDATED BALANCE SHEETS", "Property and equipment, net")[:2]
    assert (spent, brought) == ([-24_640, -31_485, -32_251], 101_746)
    assert value("capex_burden", "2023Q4").lo == pytest.approx(-spent[2] / brought)
    assert value("added_return", "2023Q4").lo == pytest.approx((income[2] - income[1]) / -spent[1])
    assert value("property_return", "2023Q4").lo == pytest.approx(income[2] / (sum(property_) / 2))


@with_filings
def test_search_and_backlog_of_2023_are_those_of_the_annual_report() -> None:
    """The quarters of Search were read in copies: the year on file lies in the range of their sum."""
    case = case_as_of(pack(), AUGUST, quarter=Quarter.parse("2023Q4"))
    year = printed("Google Search & other $ 148,951", "Google Search & other")[2]
    told = case.answer("ttm(search.net_sales)", case.quarter)
    assert year == 175_033
    assert told.lo <= year * 1e6 <= told.hi
    assert "$ 74.1 billion of remaining performance obligations" in report()
    backlog = case.vintage.value("rpo", case.quarter)
    assert backlog.lo <= 74.1e9 <= backlog.hi


# every filing on file ------------------------------------------------------------------------------


@with_filings
def test_importing_the_filings_on_file_changes_no_quarter(tmp_path: Path) -> None:
    """What the program takes from them is what the pack holds; only spans longer than a quarter are new."""
    shutil.copytree(FOLDER, tmp_path / "mine")
    folder = read_folder(tmp_path / "mine", "mine/")
    names = ("companyfacts_full/GOOGL_CIK0001652044.json", "companyfacts_subset/GOOGL.json", TEN_K_2023)
    index = RAW / "submissions_2026" / "CIK0001652044.json"
    given = ImportOptions(lists=((index, index.name),))
    planned = plan_import([(RAW / name, name) for name in names], build(folder)[0], folder, given, TODAY)
    assert not planned.problems
    kinds = Counter(
        change.kind
        for _, change in planned.changes
        if "Q" in change.row.period and change.row.period >= "2017"
    )
    assert set(kinds) == {"unchanged"}
    assert kinds["unchanged"] > 800


# bands and verdict ---------------------------------------------------------------------------------


@cache
def past() -> tuple[Assessment, ...]:
    """Twelve quarters, each two weeks after its filing, when the rival has reported as well."""
    days = list(case_as_of(pack(), TODAY).first_filed.values())[-12:]
    return tuple(assess(pack(), day + timedelta(days=16)) for day in days)


def labels() -> dict[str, Counter[str]]:
    """How often each measure with bands was given each label."""
    found: dict[str, Counter[str]] = {}
    for seen in past():
        for finding in seen.findings:
            for leaf in finding.leaves():
                if leaf.edges:
                    found.setdefault(f"{finding.id} {leaf.id}", Counter())[leaf.label] += 1
    return found


def test_no_measure_has_one_label_in_nearly_every_quarter() -> None:
    for measure, counted in labels().items():
        label, times = counted.most_common(1)[0]
        assert times <= 0.9 * len(past()), f"{measure} was {label} in {times} of {len(past())} quarters"


def test_bands_tell_the_twelve_quarters_apart_as_the_pack_says() -> None:
    counted = labels()
    assert counted["cloud-growth cloud_growth"] == {"met": 10, "strong": 2}
    assert counted["cloud-profit cloud_margin"] == {"broken": 4, "weak": 4, "met": 2, "strong": 2}
    assert counted["cloud-profit cloud_incremental_margin"] == {"strong": 10, "met": 2}
    assert counted["core core_margin_change"] == {"broken": 1, "met": 2, "strong": 6, "weak": 3}
    assert counted["capex capex_burden"] == {"low": 7, "elevated": 4, "high": 1}
    assert counted["slowing cloud_growth_change"] == {"high": 2, "elevated": 1, "low": 9}


def test_cloud_and_the_core_changed_places_under_one_verdict() -> None:
    """WATCH in every quarter that can be rated, for other reasons at the end than at the beginning."""
    first, *_, last = [seen for seen in past() if str(seen.quarter) >= "2024Q4"]
    assert {seen.headline for seen in past()[-7:]} == {"WATCH"}
    standing = {
        seen.quarter: {f.id: f.label for f in seen.conditions if f.id in ("cloud-profit", "core")}
        for seen in (first, last)
    }
    assert standing[first.quarter] == {"cloud-profit": "weak", "core": "strong"}
    assert standing[last.quarter] == {"cloud-profit": "strong", "core": "weak"}


def test_no_kill_criterion_would_have_ended_it_on_the_way_up() -> None:
    assert [kill.id for seen in past() for kill in seen.kill if kill.tripped.lo == 1.0] == []


def test_growth_without_the_lab_is_a_range_and_the_verdict_is_one() -> None:
    """What Anthropic ordered is not known: no reading of it moves the verdict."""
    found = assess(pack(), AUGUST)
    assert value("rpo_growth_ex_lab", "2026Q2").lo < 2 < value("rpo_growth_ex_lab", "2026Q2").hi
    assert found.verdict.is_determined
    assert found.headline == "WATCH"
    assert not any(gap.matters for gap in found.gaps)
