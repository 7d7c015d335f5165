"""Import: filings to fact files, in whatever order they come, and the real ones against gathered tables."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.case.identities import identity_problems
from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput, Problem
from thesis.facts.fact import Vintage
from thesis.facts.fact_file import read_rows
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pricing.priced_case import case_as_of
from thesis.sources.importing.periods import derived_quarters
from thesis.sources.importing.plan import ImportPlan, plan_import, write_plan
from thesis.sources.importing.to_rows import ImportOptions
from thesis.sources.reported_fact import FilingReference
from thesis.workspace.open_pack import checked_pack, examined_pack

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
ACME = ROOT / "tests" / "data" / "acme"
CIK = "12345"

METRICS = """entities:
  ACME: {name: Acme Anvils, cik: 12345, year_ends: YEAR_ENDS}
concepts:
  sales: {label: Sales, unit: USD, kind: flow, tag: us-gaap:Revenues}
  anvils.sales: {label: Anvils, unit: USD, kind: flow, tag: acme:AnvilSales}
  repairs.sales: {label: Repairs, unit: USD, kind: flow, tag: acme:RepairSales}
  operating_income: {label: Income, unit: USD, kind: flow, tag: us-gaap:OperatingIncomeLoss}
  cash_from_operations: {label: Cash flow, unit: USD, kind: flow, tag: acme:Cash}
  building: {label: Building, unit: USD, kind: flow, tag: us-gaap:Capex}
  shares: {label: Shares, unit: shares, kind: stock, tag: us-gaap:SharesOutstanding}
  dividend: {label: Dividend, unit: USD/share, kind: stock, tag: us-gaap:Dividend}
"""
IDENTITY = """identities:
  - {id: lines, left: anvils.sales + repairs.sales, right: sales, within: 1e6}
"""
SPLITS = """splits:
  - {entity: ACME, day: 2025-06-02, ratio: 4, source: 8-K of 2025-05-20}
  - {entity: ACME, day: 2026-03-02, ratio: 0.5, source: 8-K of 2026-02-20}
"""


def write_pack(folder: Path, year_ends: str = "Q4", more: str = IDENTITY) -> Path:
    """The Acme pack with tags on its concepts and no facts."""
    shutil.copytree(ACME, folder)
    shutil.rmtree(folder / "facts")
    old = (folder / "metrics.yaml").read_text(encoding="utf-8")
    formulas = old[old.index("metrics:") : old.index("identities:")]
    new = METRICS.replace("YEAR_ENDS", year_ends) + formulas + more
    (folder / "metrics.yaml").write_text(new, encoding="utf-8")
    return folder


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "acme")


class Stated(NamedTuple):
    """A figure in a filing."""

    tag: str
    start: str
    end: str
    value: int | float
    unit: str = "USD"


def companyfacts(filing: FilingReference, *stated: Stated) -> bytes:
    """A filing's figures in the form that the SEC collects them in."""
    facts: dict[str, Any] = {}
    for tag, start, end, value, unit in stated:
        taxonomy, _, name = tag.partition(":")
        rows = facts.setdefault(taxonomy, {}).setdefault(name, {"units": {}})["units"].setdefault(unit, [])
        row = {
            "end": end,
            "val": value,
            "accn": filing.accession,
            "form": filing.form,
            "filed": str(filing.filed),
        }
        rows.append({**row, **({"start": start} if start else {})})
    return json.dumps({"cik": int(CIK), "entityName": "Acme", "facts": facts}).encode()


def filing(number: int, filed: str, form: str = "10-Q") -> FilingReference:
    return FilingReference(form, f"0000012345-26-{number:06}", date.fromisoformat(filed))


def saved(folder: Path, number: int, filed: str, *stated: Stated, form: str = "10-Q") -> Path:
    path = folder.parent / f"f{number}.json"
    path.write_bytes(companyfacts(filing(number, filed, form), *stated))
    return path


def planned(pack: Path, *files: Path, **more: Any) -> ImportPlan:
    folder = read_folder(pack, "acme")
    opened = checked_pack(folder, TODAY)
    return plan_import([(file, file.name) for file in files], opened, folder, ImportOptions(**more), TODAY)


def imported(pack: Path, *files: Path, **more: Any) -> ImportPlan:
    found = planned(pack, *files, **more)
    assert [problem.message for problem in found.problems] == []
    write_plan(found)
    return found


def rows(pack: Path, name: str = "ACME") -> list[str]:
    """The rows of a fact file as ``concept period value filed``."""
    path = pack / "facts" / f"{name}.csv"
    found = read_rows(path.read_text(encoding="utf-8"), "f") if path.exists() else []
    return [f"{row.concept} {row.period} {row.value} {row.filed}" for row in found]


def kinds(found: ImportPlan) -> dict[str, int]:
    return dict(Counter(change.kind for _, change in found.changes))


# what is written -----------------------------------------------------------------------------------

Q1 = Stated("us-gaap:Capex", "2025-01-01", "2025-03-31", 1_000_000)
HALF = Stated("us-gaap:Capex", "2025-01-01", "2025-06-30", 3_000_000)


def test_a_filing_becomes_rows_with_their_source(pack: Path) -> None:
    imported(pack, saved(pack, 1, "2025-04-30", Q1), saved(pack, 2, "2025-07-30", HALF))
    text = (pack / "facts" / "ACME.csv").read_text(encoding="utf-8")
    worked_out = "six months less the first quarter (10-Q 0000012345-26-000002, 10-Q 0000012345-26-000001)"
    assert text.splitlines() == [
        "concept,period,value,unit,filed,source,how,note",
        "building,2025Q1,1000000,USD,2025-04-30,10-Q 0000012345-26-000001,reported,",
        f'building,2025Q2,2000000,USD,2025-07-30,10-Q 0000012345-26-000002,"derived: {worked_out}",',
        "building,6M2025,3000000,USD,2025-07-30,10-Q 0000012345-26-000002,reported,",
    ]


def test_importing_again_adds_nothing(pack: Path) -> None:
    files = saved(pack, 1, "2025-04-30", Q1), saved(pack, 2, "2025-07-30", HALF)
    imported(pack, *files)
    before = (pack / "facts" / "ACME.csv").read_bytes()
    again = imported(pack, *files)
    assert (kinds(again), again.data) == ({"unchanged": 3}, {})
    assert (pack / "facts" / "ACME.csv").read_bytes() == before


def test_a_restatement_is_a_row_and_a_comparison_is_none(pack: Path) -> None:
    later = Q1._replace(value=1_200_000)
    found = imported(
        pack,
        saved(pack, 1, "2025-04-30", Q1),
        saved(pack, 2, "2025-07-30", Q1),
        saved(pack, 3, "2026-04-30", later),
        saved(pack, 4, "2026-07-30", later),
    )
    assert kinds(found) == {"new": 1, "restated": 1, "unchanged": 2}
    assert rows(pack) == ["building 2025Q1 1000000 2025-04-30", "building 2025Q1 1200000 2026-04-30"]


def test_rows_of_ones_own_stay_and_are_held_against(pack: Path) -> None:
    """A figure typed in from the release stands; one that contradicts the filing of its day is a problem."""
    facts = pack / "facts" / "ACME.csv"
    facts.parent.mkdir()
    own = "building,2025Q1,1000000,USD,2025-04-28,letter to owners,reported,mine\n"
    facts.write_text(f"concept,period,value,unit,filed,source,how,note\n{own}", encoding="utf-8")
    assert kinds(imported(pack, saved(pack, 1, "2025-04-30", Q1))) == {"unchanged": 1}
    found = planned(pack, saved(pack, 1, "2025-04-28", Q1._replace(value=9)))
    (problem,) = found.problems
    assert (problem.code, problem.span and problem.span.line) == ("contradiction", 2)
    assert facts.read_text(encoding="utf-8").endswith(own)


def test_a_filing_brought_in_late_says_which_to_import_again(pack: Path) -> None:
    """What the later filing said again was left out, and may have been a change back."""
    changed = Q1._replace(value=1_200_000)
    imported(pack, saved(pack, 1, "2025-04-30", Q1), saved(pack, 3, "2026-07-30", Q1, HALF))
    late = imported(pack, saved(pack, 2, "2026-04-30", changed))
    assert late.later == ["10-Q 0000012345-26-000003"]
    assert imported(pack, saved(pack, 3, "2026-07-30", Q1, HALF)).later == []
    assert [row for row in rows(pack) if "2025Q1" in row] == [
        "building 2025Q1 1000000 2025-04-30",
        "building 2025Q1 1200000 2026-04-30",
        "building 2025Q1 1000000 2026-07-30",
    ]


def test_only_some_concepts_or_all_without_some(pack: Path) -> None:
    sales = Q1._replace(tag="us-gaap:Revenues")
    file = saved(pack, 1, "2025-04-30", Q1, sales)
    assert kinds(planned(pack, file, only=["sales"])) == {"new": 1}
    assert [change.row.concept for _, change in planned(pack, file, without=["sales"]).changes] == [
        "building"
    ]
    assert kinds(planned(pack, file, without=[filing(1, "2025-04-30").accession], entity="ACME")) == {}


# splits --------------------------------------------------------------------------------------------


def test_shares_filed_before_a_split_are_put_on_todays_basis(tmp_path: Path) -> None:
    """Four for one, then one for two: what was filed before both is doubled, a dividend halved."""
    pack = write_pack(tmp_path / "acme", more=SPLITS)
    at = Stated("us-gaap:SharesOutstanding", "", "2025-03-31", 1000, "shares")
    each = Stated("us-gaap:Dividend", "2025-01-01", "2025-03-31", 1.5, "USD/shares")
    imported(
        pack,
        saved(pack, 1, "2025-04-30", Q1, at, each),
        saved(pack, 2, "2025-07-30", HALF, at._replace(end="2025-06-30", value=4000)),
        saved(pack, 3, "2026-04-30", Q1, at._replace(value=2000)),
    )
    found = read_rows((pack / "facts" / "ACME.csv").read_text(encoding="utf-8"), "f")
    told = {
        f"{row.concept} {row.period} {row.value}": (row.how, row.note) for row in found if "Q" in row.period
    }
    assert told["shares 2025Q1 2000"] == (
        "derived: as filed x 2 for the split of 2025-06-02 and 2026-03-02",
        "as filed 1000",
    )
    assert told["dividend 2025Q1 0.75"][1] == "as filed 1.5"
    assert told["shares 2025Q2 2000"] == (
        "derived: as filed / 2 for the split of 2026-03-02",
        "as filed 4000",
    )
    assert sum(row.concept == "shares" for row in found) == 2  # the comparison of 2026 says the same


REVERSED = """splits:
  - {entity: ACME, day: 2025-07-25, ratio: 1/30, source: 8-K of 2025-07-24}
"""


@pytest.mark.parametrize(
    ("filed", "counted", "shares", "dividend"),
    [
        ("2025-07-20", "2025-07-10", "15000000", "-2.7"),  # all of it is from before the split
        ("2025-07-30", "2025-07-20", "15000000", "-0.09"),  # the cover counts what there was on its own day
        ("2025-07-30", "2025-07-25", "450000000", "-0.09"),
        ("2025-07-25", "2025-07-24", "15000000", "-0.09"),
    ],
)
def test_the_day_of_the_count_decides_on_a_cover_page_and_that_of_the_filing_inside(
    filed: str, counted: str, shares: str, dividend: str, tmp_path: Path
) -> None:
    """One new share for thirty, and nothing is rounded."""
    pack = write_pack(tmp_path / "acme", more=REVERSED)
    metrics = pack / "metrics.yaml"
    tagged = metrics.read_text(encoding="utf-8").replace("us-gaap:SharesOutstanding", "dei:SharesOutstanding")
    metrics.write_text(tagged, encoding="utf-8")
    count = Stated("dei:SharesOutstanding", "", counted, 450_000_000, "shares")
    each = Stated("us-gaap:Dividend", "", "2025-06-30", -0.09, "USD/shares")
    imported(pack, saved(pack, 1, filed, HALF, count, each))
    found = read_rows((pack / "facts" / "ACME.csv").read_text(encoding="utf-8"), "f")
    told = {row.concept: row.value for row in found}
    assert (told["shares"], told["dividend"]) == (shares, dividend)
    assert [each.code for each in lint_of(pack)] == []


def test_a_row_from_before_its_split_was_declared_is_asked_of_and_not_imported_over(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "acme", more="")
    at = Stated("us-gaap:SharesOutstanding", "", "2025-03-31", 450_000_000, "shares")
    file = saved(pack, 1, "2025-04-30", Q1, at)
    imported(pack, file)
    with (pack / "metrics.yaml").open("a", encoding="utf-8") as metrics:
        metrics.write(REVERSED)
    (asked,) = lint_of(pack)
    assert (asked.code, asked.level) == ("old-shares", "warning")
    assert "/ 30" in asked.hint and "split-adjusted" in asked.hint
    (refused,) = planned(pack, file).problems
    assert refused.code == "contradiction" and "before a split" in refused.hint


def lint_of(pack: Path) -> list[Problem]:
    """What lint asks of figures from before a split."""
    _, found = examined_pack(read_folder(pack, "acme"), TODAY)
    return [each for each in found if each.code == "old-shares"]


def test_a_split_and_a_sign_that_are_none_are_told(tmp_path: Path) -> None:
    wrong = """splits:
  - {entity: ACMEE, day: 2025-06-31, ratio: 0, source: ""}
"""
    pack = write_pack(tmp_path / "acme", more=wrong)
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8").replace("tag: us-gaap:Capex", "tag: us-gaap:Capex, sign: 2")
    metrics.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        checked_pack(read_folder(pack, "acme"), TODAY)
    assert sorted(problem.code for problem in caught.value.problems) == [
        "bad-date", "bad-value", "bad-value", "no-source", "unknown-entity",
    ]  # fmt: skip


def test_an_outflow_that_is_filed_as_a_negative_number(pack: Path) -> None:
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8").replace("tag: us-gaap:Capex", "tag: us-gaap:Capex, sign: -1")
    metrics.write_text(text, encoding="utf-8")
    imported(pack, saved(pack, 1, "2025-04-30", Q1._replace(value=-1_000_000)))
    assert rows(pack) == ["building 2025Q1 1000000 2025-04-30"]


@pytest.mark.parametrize(
    ("concept", "unit", "is_fine"), [("building", "USD", True), ("shares", "shares", False)]
)
def test_years_are_for_what_happens_over_a_time(pack: Path, concept: str, unit: str, is_fine: bool) -> None:
    (pack / "facts").mkdir()
    row = f"{concept},FY2025,1,{unit},2026-02-02,10-K x,reported"
    text = f"concept,period,value,unit,filed,source,how\n{row}\n"
    (pack / "facts" / "ACME.csv").write_text(text, encoding="utf-8")
    folder = read_folder(pack, "acme")
    if is_fine:
        opened = checked_pack(folder, TODAY)
        assert opened.facts.of(concept) == () and len(opened.facts.to_date(concept)) == 1
        return
    with pytest.raises(InvalidInput) as caught:
        checked_pack(folder, TODAY)
    assert [problem.code for problem in caught.value.problems] == ["bad-period"]


# what is refused -----------------------------------------------------------------------------------


def lines(sales: int, anvils: int, repairs: int, end: str = "2025-03-31") -> list[Stated]:
    tags = {"us-gaap:Revenues": sales, "acme:AnvilSales": anvils, "acme:RepairSales": repairs}
    return [Stated(tag, "2025-01-01", end, value * 1_000_000) for tag, value in tags.items()]


@pytest.mark.parametrize(("end", "period"), [("2025-03-31", "2025Q1"), ("2025-12-31", "FY2025")])
def test_figures_that_break_an_identity_are_named_before_anything_is_written(
    pack: Path, end: str, period: str
) -> None:
    found = planned(pack, saved(pack, 1, "2026-01-30", *lines(12, 6, 3, end)))
    (problem,) = found.problems
    assert problem.code == "untied" and f"`lines` does not tie in {period}" in problem.message
    assert problem.hint.count("new from 10-Q 0000012345-26-000001") == 3
    assert not (pack / "facts").exists()
    imported(pack, saved(pack, 1, "2026-01-30", *lines(10, 6, 4, end)))


def test_an_identity_names_rows_of_the_file_by_their_line_as_it_is(pack: Path) -> None:
    total, anvils, repairs = lines(12, 6, 3)
    imported(pack, saved(pack, 1, "2025-04-30", total, anvils))
    (problem,) = planned(pack, saved(pack, 2, "2025-05-30", repairs)).problems
    assert (
        "acme/facts/ACME.csv:3 sales" in problem.hint and "acme/facts/ACME.csv:2 anvils.sales" in problem.hint
    )
    assert "new from 10-Q 0000012345-26-000002 repairs.sales" in problem.hint


SPANS = ("01-01 03-31", "04-01 06-30", "07-01 09-30", "10-01 12-31", "01-01 12-31")


def year(*values: int, tag: str = "us-gaap:Capex") -> list[Stated]:
    spans = [[f"2025-{day}" for day in span.split()] for span in SPANS]
    return [Stated(tag, first, last, value) for (first, last), value in zip(spans, values, strict=False)]


def test_a_report_whose_quarters_contradict_its_year_is_refused(pack: Path) -> None:
    """As an annual report of 2013 did, which gave the quarters of one year the dates of the other."""
    (problem,) = planned(pack, saved(pack, 1, "2026-02-02", *year(10, 20, 30, 40, 900), form="10-K")).problems
    assert problem.code == "uneven-year" and "--without 0000012345-26-000001" in problem.hint
    imported(pack, saved(pack, 1, "2026-02-02", *year(10, 20, 30, 40, 100), form="10-K"))


def test_quarters_of_other_reports_that_miss_their_year_are_told(pack: Path) -> None:
    """A company may report its lines differently from the middle of a year on."""
    *quarters, whole = year(10, 20, 30, 40, 900)
    release, report = (
        saved(pack, 1, "2026-01-30", *quarters, form="8-K"),
        saved(pack, 2, "2026-02-02", whole, form="10-K"),
    )
    found = imported(pack, release, report)
    (uneven,) = found.uneven
    assert (uneven.year.period, str(uneven.apart)) == ("FY2025", "800")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cik": 77}, "unknown-filer"),
        ({"facts": {}}, "unknown-filer"),
        ({"filed": "2026-12-01"}, "future-date"),
    ],
)
def test_a_file_that_cannot_be_taken(pack: Path, change: Mapping[str, Any], code: str) -> None:
    text = companyfacts(filing(1, "2025-04-30"), Q1).decode()
    body = {**json.loads(text.replace("2025-04-30", change.get("filed", "2025-04-30"))), **change}
    file = pack.parent / "f.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        planned(pack, file)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_all_that_is_wrong_with_all_files_is_told_at_once(pack: Path) -> None:
    twice = saved(pack, 1, "2025-04-30", Q1, Q1._replace(value=7))
    ahead = saved(pack, 2, "2026-12-30", HALF)
    found = planned(pack, twice, ahead, pack.parent / "nowhere.json")
    codes = sorted(problem.code for problem in found.problems)
    assert codes == ["future-date", "missing-file", "stated-twice"]
    assert not found.data and len(found.withheld) == 3
    with pytest.raises(InvalidInput) as caught:
        planned(pack, ahead, pack.parent / "nowhere.json")
    assert [problem.code for problem in caught.value.problems] == ["missing-file", "future-date"]


@pytest.mark.parametrize("tag", ["us-gaap:DebtInstrumentFaceAmount", "us-gaap:Revenues"])
def test_one_filing_of_a_day_to_come_leaves_the_others(pack: Path, tag: str) -> None:
    """Where it holds what is asked for, it is a problem and withheld; else it is counted."""
    later = Q1._replace(tag=tag, start="2025-04-01", end="2025-06-30", value=9)
    whole = saved(pack, 1, "2025-04-30", Q1, HALF, later)
    held = json.loads(whole.read_text())
    rows = held["facts"]["us-gaap"][tag.partition(":")[2]]["units"]["USD"]
    rows[-1].update(filed="2036-07-30", accn=rows[-1]["accn"][:-1] + "9")
    whole.write_text(json.dumps(held, indent=1))
    found = planned(pack, whole)
    assert {change.row.value for _, change in found.changes} >= {str(Q1.value)}
    assert all(change.row.value != "9" for _, change in found.changes)
    is_asked = tag == "us-gaap:Revenues"
    assert [problem.code for problem in found.problems] == ["future-date"] * is_asked
    assert bool(found.data) and len(found.withheld) == is_asked


DAMAGE = [
    {"end": "0205-03-31"}, {"start": "2025-04-01T09:30:00"}, {"val": "n/a"}, {"filed": "soon"},
    {"accn": "26-1"}, {"start": "2025-12-31"}, {"form": ""},
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
@pytest.mark.parametrize("tag", ["us-gaap:DebtInstrumentFaceAmount", "us-gaap:Revenues"])
def test_one_row_that_cannot_be_read_leaves_the_rest_as_it_is(
    pack: Path, damage: dict[str, str], tag: str
) -> None:
    """Where nobody asks for it, it is counted; else it is a problem at its place, beside all the others."""
    spoilt = Q1._replace(tag=tag, value=5)
    whole = saved(pack, 1, "2025-04-30", Q1, HALF, spoilt)
    sound = planned(pack, saved(pack, 2, "2025-04-30", Q1, HALF))
    held = json.loads(whole.read_text())
    name = tag.partition(":")[2]
    held["facts"]["us-gaap"][name]["units"]["USD"][0].update(damage)
    whole.write_text(json.dumps(held, indent=1))
    found = planned(pack, whole)
    assert [change.row.value for _, change in found.changes] == [
        change.row.value for _, change in sound.changes
    ]
    if name == "Revenues":
        (problem,) = [each for each in found.problems if each.code == "wrong-type"]
        assert problem.span and problem.span.line > 1 and "--without" in problem.hint
        assert "`sales`" in problem.hint
    else:
        assert found.problems == []
        assert found.files[0].left_out["malformed, and of no line item asked for"] == 1


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ([{"unit": "EUR"}, {"unit": "EUR"}], "all-left-out"),
        ([{"unit": "EUR"}, {}], ""),
        ([{"form": "S-4"}], "all-left-out"),
        ([{"value": None}], ""),
    ],
)
def test_a_line_item_of_which_no_figure_fits_is_a_problem(
    pack: Path, stated: list[dict[str, Any]], code: str
) -> None:
    """Not one of several, and not what is reported as nothing."""
    form = str(stated[0].get("form", "10-Q"))
    starts = ("2025-01-01", "2024-01-01")
    figures = [
        Q1._replace(start=start, end=start[:4] + "-03-31", **{k: v for k, v in each.items() if k != "form"})
        for start, each in zip(starts, stated, strict=False)
    ]
    found = planned(pack, saved(pack, 1, "2025-04-30", *figures, form=form))
    assert [problem.code for problem in found.problems] == ([code] if code else [])


def test_a_line_item_that_a_report_should_hold_is_named(pack: Path) -> None:
    """It has none in any report, or an earlier report of the form has one."""
    sales = Q1._replace(tag="us-gaap:Revenues", value=7)
    first = saved(pack, 1, "2025-04-30", Q1, sales)
    (missing,) = planned(pack, first).files[0].missing
    assert {"operating_income", "shares", "dividend"} == set(missing.names)
    held, later = (json.loads(path.read_text()) for path in (first, saved(pack, 2, "2025-07-30", HALF)))
    rows_of = [each["facts"]["us-gaap"]["Capex"]["units"]["USD"] for each in (held, later)]
    rows_of[0] += rows_of[1]
    first.write_text(json.dumps(held))
    *_, gone = planned(pack, first).files[0].missing
    assert (gone.names, gone.filing and str(gone.filing.filed)) == (("sales",), "2025-07-30")


def test_no_quarter_is_worked_out_of_what_does_not_add_up(pack: Path) -> None:
    """-3.00 in nine months and -2.00 in a year that ends with more shares are no gain of 1.00."""
    metrics = pack / "metrics.yaml"
    more = "concepts:\n  eps: {label: EPS, unit: USD/share, kind: flow, tag: us-gaap:Eps}\n"
    metrics.write_text(metrics.read_text().replace("concepts:\n", more))
    nine, year = (
        Q1._replace(tag="us-gaap:Eps", unit="USD/shares", end=end) for end in ("2024-09-30", "2024-12-31")
    )
    nine, year = (
        each._replace(start="2024-01-01", value=value) for each, value in ((nine, -3.0), (year, -2.0))
    )
    money = [
        each._replace(tag="us-gaap:Revenues", unit="USD", value=int(each.value * 10**8))
        for each in (nine, year)
    ]
    found = planned(
        pack,
        saved(pack, 1, "2024-10-30", nine, money[0]),
        saved(pack, 2, "2025-02-03", year, money[1], form="10-K"),
    )
    told = {(change.row.concept, change.row.period) for _, change in found.changes}
    assert ("sales", "2024Q4") in told and ("eps", "FY2024") in told and ("eps", "2024Q4") not in told
    assert found.not_additive == ["eps FY2024"]


def test_a_quarter_that_there_cannot_be_is_not_worked_out(pack: Path) -> None:
    """Purchases of 99 in nine months and of 84 in the year: the tag stands for two things."""
    metrics = pack / "metrics.yaml"
    metrics.write_text(metrics.read_text().replace("{label: Building,", "{label: Building, least: 0,"))
    nine = Q1._replace(start="2024-01-01", end="2024-09-30", value=99_000_000)
    year = nine._replace(end="2024-12-31", value=84_000_000)
    found = imported(
        pack, saved(pack, 1, "2024-10-30", nine), saved(pack, 2, "2025-02-03", year, form="10-K")
    )
    assert [change.row.period for _, change in found.changes] == ["9M2024", "FY2024"]
    (warning,) = found.warnings
    assert warning.code == "mixed-basis" and "2024Q4 (-15000000" in warning.message


def test_net_sales_beside_total_revenue_restate_nothing(pack: Path) -> None:
    """A report with its year under two tags and its quarters under the second alone, as retailers have it."""
    metrics = pack / "metrics.yaml"
    metrics.write_text(
        metrics.read_text().replace("us-gaap:Revenues", "us-gaap:Revenues > us-gaap:SalesRevenueNet")
    )
    quarter = Q1._replace(tag="us-gaap:Revenues", value=99_848_000_000)
    lower = quarter._replace(tag="us-gaap:SalesRevenueNet", value=99_097_000_000)
    years = [
        each._replace(start="2024-01-01", end="2024-12-31", value=each.value * 4) for each in (quarter, lower)
    ]
    own = saved(pack, 1, "2025-04-30", quarter)
    late = saved(pack, 2, "2025-06-30", lower, *years, form="10-K")
    together = planned(pack, own, late)
    imported(pack, own)
    for found in (together, planned(pack, late)):
        assert "restated" not in kinds(found)
        told = [file.left_out["under a tag that is another figure in its filing"] for file in found.files]
        assert sum(told) == 1
    alone = planned(pack, saved(pack, 3, "2025-06-30", lower))
    assert kinds(alone) == {"restated": 1}, "where nothing shows that it is another figure, it is a later one"


def test_a_filing_under_another_day_than_before_is_a_problem(pack: Path) -> None:
    imported(pack, saved(pack, 1, "2025-04-30", Q1))
    (problem,) = planned(pack, saved(pack, 1, "2025-05-01", Q1)).problems
    assert (problem.code, problem.span and problem.span.line) == ("bad-date", 2)


def test_an_entity_whose_number_the_pack_does_not_know_is_named(pack: Path) -> None:
    metrics = pack / "metrics.yaml"
    metrics.write_text(metrics.read_text(encoding="utf-8").replace(" cik: 12345,", ""), encoding="utf-8")
    file = saved(pack, 1, "2025-04-30", Q1)
    with pytest.raises(InvalidInput):
        planned(pack, file)
    assert kinds(planned(pack, file, entity="ACME")) == {"new": 1}


def test_a_write_that_is_cut_short_changes_nothing(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(pack, saved(pack, 1, "2025-04-30", Q1))
    before = {file: file.read_bytes() for file in sorted(pack.rglob("*")) if file.is_file()}

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    found = planned(pack, saved(pack, 2, "2025-07-30", HALF))
    with pytest.raises(InvalidInput) as caught:
        write_plan(found)
    assert [problem.code for problem in caught.value.problems] == ["unwritable"]
    assert {file: file.read_bytes() for file in sorted(pack.rglob("*")) if file.is_file()} == before


def test_of_two_files_both_are_written_or_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second cannot be written, so the first is put back as it was."""
    pack = write_pack(tmp_path / "acme")
    metrics = pack / "metrics.yaml"
    two = metrics.read_text(encoding="utf-8").replace("concepts:\n", f"{PEER}concepts:\n{PEERS_SALES}")
    metrics.write_text(two, encoding="utf-8")
    other = tmp_path / "peer.json"
    other.write_bytes(companyfacts(filing(9, "2025-04-30"), Q1).replace(b'"cik": 12345', b'"cik": 77'))
    found = planned(pack, saved(pack, 1, "2025-04-30", Q1), other)
    assert [path.name for path in found.data] == ["ACME.csv", "PEER.csv"]
    replaced: list[Path] = []
    through = os.replace

    def fail_once(source: Path, target: Path) -> None:
        replaced.append(target)
        if len(replaced) == 2:
            raise OSError(28, "No space left on device")
        through(source, target)

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(InvalidInput):
        write_plan(found)
    assert not (pack / "facts").exists() or list((pack / "facts").iterdir()) == []


PEER = "  PEER: {name: Peer, cik: 77}\n"
PEERS_SALES = "  peer.building: {label: Theirs, unit: USD, kind: flow, entity: PEER, tag: us-gaap:Capex}\n"


# whatever the order --------------------------------------------------------------------------------


class History(NamedTuple):
    """Filings of an invented company: quarters by year, and what each report states."""

    year_ends: str
    files: list[tuple[FilingReference, list[Stated]]]
    quarters: dict[str, int]  # as first reported


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Three fiscal years: cash-flow figures to date, now and then a quarter or a restated year before."""
    year_ends = draw(st.sampled_from(["Q4", "Q2"]))
    start = Quarter.parse("2021Q1") if year_ends == "Q4" else Quarter.parse("2021Q3")
    amounts = st.integers(1, 500).map(lambda n: n * 1_000_000)
    own = [draw(amounts) for _ in range(12)]
    again = [value + draw(st.sampled_from([0, 0, 7_000_000])) for value in own]
    states_quarter = [draw(st.booleans()) for _ in range(12)]
    compares = [draw(st.booleans()) for _ in range(12)]
    files = []
    for i in range(12):
        quarter, first = start + i, i - i % 4
        stated = [_span(start, first, i, own)]
        if states_quarter[i] and i % 4:
            stated.append(_span(start, i, i, own))
        if i >= 4 and compares[i]:
            stated.append(_span(start, first - 4, i - 4, again))
        if i == 11:
            stated.append(_span(start, 0, 3, again))
        filed = date.fromordinal(quarter.end.toordinal() + (45 if i % 4 == 3 else 30))
        form = "10-K" if i % 4 == 3 else "10-Q"
        files.append((FilingReference(form, f"0000012345-26-{i:06}", filed), stated))
    return History(year_ends, files, {str(start + i): value for i, value in enumerate(own)})


def _span(start: Quarter, first: int, last: int, values: Sequence[int]) -> Stated:
    begins = date.fromordinal((start + first - 1).end.toordinal() + 1)
    return Stated("us-gaap:Capex", str(begins), str((start + last).end), sum(values[first : last + 1]))


@contextmanager
def pack_of(history: History) -> Iterator[tuple[Path, list[Path]]]:
    with tempfile.TemporaryDirectory() as folder:
        pack = write_pack(Path(folder) / "acme", history.year_ends)
        files = []
        for i, (which, stated) in enumerate(history.files):
            files.append(Path(folder) / f"f{i}.json")
            files[-1].write_bytes(companyfacts(which, *stated))
        yield pack, files


def seen(pack: Path, day: date) -> dict[str, str]:
    """Every quarter as the pack knows it on a day."""
    opened, _ = build(read_folder(pack, "acme"))
    vintage = Vintage(opened.facts, opened.concepts, day, "building")
    found = {}
    for fact in vintage.rows("building"):
        assert isinstance(fact.period, Quarter)
        reading = vintage.reading("building", fact.period)
        found[str(fact.period)] = f"{reading.status} {reading.value}"
    return found


Check = Callable[..., None]


@examples(12)
@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_files_gives_the_same_file(history: History, order: random.Random) -> None:
    """And importing them again, in another order, adds nothing."""
    with pack_of(history) as (pack, files):
        imported(pack, *files)
        straight = (pack / "facts" / "ACME.csv").read_bytes()
        order.shuffle(files)
        again = imported(pack, *files)
        assert again.data == {}
        (pack / "facts" / "ACME.csv").unlink()
        imported(pack, *files)
        assert (pack / "facts" / "ACME.csv").read_bytes() == straight


@examples(12)
@given(histories(), st.randoms(use_true_random=False))
def test_imports_one_by_one_in_any_order_are_seen_alike_on_every_day(
    history: History, order: random.Random
) -> None:
    """Only repeated rows may be left over: those that came before the row which they repeat."""
    days = [which.filed for which, _ in history.files]
    with pack_of(history) as (pack, files):
        imported(pack, *files)
        straight = [seen(pack, day) for day in days if day]
        (pack / "facts" / "ACME.csv").unlink()
        order.shuffle(files)
        for file in files:
            imported(pack, file)
        assert [seen(pack, day) for day in days if day] == straight


@examples(12)
@given(histories())
def test_what_is_seen_on_a_day_is_what_the_filings_by_then_say(history: History) -> None:
    """Replaying the filings day by day gives the views that the whole gives: nobody looks ahead."""
    days = [which.filed for which, _ in history.files]
    with pack_of(history) as (pack, files):
        replayed = []
        for file, day in zip(files, days, strict=True):
            imported(pack, file)
            replayed.append(seen(pack, day or TODAY))
        assert [seen(pack, day) for day in days if day] == replayed


@examples(12)
@given(histories())
def test_the_quarters_of_a_year_add_up_to_the_year(history: History) -> None:
    """Stated or worked out, on the day of the annual report every quarter is the one first reported."""
    with pack_of(history) as (pack, files):
        found = imported(pack, *files)
        assert found.uneven == []
        for which, _ in history.files:
            if which.form == "10-K" and which.filed:
                values = seen(pack, which.filed)
                year = sorted(values, key=lambda text: Quarter.parse(text).index)[-4:]
                for quarter in year:
                    assert values[quarter] == f"known {_shown(history.quarters[quarter])}"


def _shown(value: int) -> str:
    from thesis.core.interval import point

    return str(point(float(value)))


@examples(12)
@given(histories())
def test_differences_follow_from_the_rows_of_the_file_alone(history: History) -> None:
    """Worked out anew from what is in the file, they are those that are in it."""
    with pack_of(history) as (pack, files):
        imported(pack, *files)
        kept = read_rows((pack / "facts" / "ACME.csv").read_text(encoding="utf-8"), "f")
        by_period: dict[str, list[Any]] = {}
        for row in kept:
            if not row.provenance.is_difference:
                by_period.setdefault(row.period, []).append(row)
        known = {(row.period, row.filed): row.value for row in kept if row.provenance.is_difference}
        worked_out = {
            (row.period, row.filed): row.value for row in derived_quarters(by_period, history.year_ends)
        }
        assert known.items() <= worked_out.items()


# real filings --------------------------------------------------------------------------------------

INSTANCE = "raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml"
INLINE = "raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html"
ANNUAL = {
    "net_sales_total": "net_sales",
    "operating_income_total": "operating_income",
    "net_income": "net_income",
    "operating_cash_flow": "operating_cash_flow",
    "purchases_of_property_and_equipment": "capex",
    "proceeds_from_ppe_sales_and_incentives": "capex_proceeds",
    "depreciation_and_amortization": "depreciation",
    "stock_based_compensation": "stock_compensation",
    "cost_of_sales": "cost_of_sales",
    "fulfillment_expense": "fulfillment_expense",
    "technology_and_infrastructure_expense": "technology_expense",
    "sales_and_marketing_expense": "sales_marketing_expense",
    "general_and_administrative_expense": "general_admin_expense",
    "net_sales_online_stores": "online_stores.net_sales",
    "net_sales_physical_stores": "physical_stores.net_sales",
    "net_sales_third_party_seller_services": "third_party.net_sales",
    "net_sales_advertising_services": "ads.net_sales",
    "net_sales_subscription_services": "subscriptions.net_sales",
    "net_sales_other": "other.net_sales",
    **{
        f"segment_{line}_{segment}": f"{ours}.{line}"
        for segment, ours in (("aws", "aws"), ("north_america", "na"), ("international", "intl"))
        for line in ("net_sales", "operating_income")
    },
}


def copied(folder: Path, *, empty: bool = False) -> Path:
    """The Amazon pack, to be written into."""
    pack = folder / "amzn"
    shutil.copytree(bundled_folder("rules") / "amzn-4t", pack)
    if empty:
        shutil.rmtree(pack / "facts")
    return pack


def listed(raw: Path) -> tuple[tuple[Path, str], ...]:
    return ((raw / "raw/submissions_2026/CIK0001018724.json", "index"),)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_two_annual_reports_of_amazon_into_an_empty_pack(raw: Path, tmp_path: Path) -> None:
    """Every line of the year's table that the pack maps, the same to the dollar; and all identities hold."""
    pack = copied(tmp_path, empty=True)
    found = imported(pack, raw / INSTANCE, raw / INLINE, lists=listed(raw))
    assert [taken.filings[0].accession for taken in found.files] == [
        "0001018724-23-000004",
        "0001018724-24-000008",
    ]
    kept = read_rows((pack / "facts" / "AMZN.csv").read_text(encoding="utf-8"), "f")
    ours = {row.concept: row.value for row in kept if row.period == "FY2023"}
    theirs = {
        ANNUAL[row["concept"]]: str(int(float(row["value"])))
        for row in table(raw / "amzn_annual.csv")
        if row["fiscal_year"] == "2023" and row["concept"] in ANNUAL
    }
    assert {name: ours.get(name) for name in theirs} == theirs
    assert len(theirs) >= 20
    opened, documents = build(read_folder(pack, "amzn"))
    assert identity_problems(case_as_of(opened, date.max), documents["metrics.yaml"]) == []
    assert kinds(imported(pack, raw / INLINE, raw / INSTANCE, lists=listed(raw))).keys() == {"unchanged"}


def test_annual_reports_add_to_the_amazon_pack_and_contradict_nothing(raw: Path, tmp_path: Path) -> None:
    """What the pack was built from otherwise is what the filings say."""
    found = planned(copied(tmp_path), raw / INSTANCE, raw / INLINE, lists=listed(raw))
    assert found.problems == [] and found.uneven == []
    assert set(kinds(found)) == {"new", "unchanged"}
    assert {change.row.period[:2] for _, change in found.changes if change.kind == "new"} <= {"FY", "20"}


def test_the_life_of_the_backlog_is_a_duration_on_a_typed_axis(raw: Path, tmp_path: Path) -> None:
    """3.7 and 4.0 years, each known to a tenth: as the gathered table has them."""
    pack = copied(tmp_path, empty=True)
    imported(pack, raw / INSTANCE, raw / INLINE, lists=listed(raw), only=["rpo_life"])
    found = {row["period"]: row["value"] for row in table(pack / "facts" / "AMZN.csv")}
    assert found == {"2022Q4": "3.65..3.75", "2023Q4": "3.95..4.05"}
    theirs = {
        row["fiscal_period"]: row["value"]
        for row in table(raw / "amzn_quarterly.csv")
        if row["concept"] == "performance_obligations_weighted_life_years" and row["fiscal_period"] in found
    }
    assert theirs == {"2022Q4": "3.7", "2023Q4": "4"}
    assert set(
        kinds(
            planned(
                copied(tmp_path / "full"), raw / INSTANCE, raw / INLINE, lists=listed(raw), only=["rpo_life"]
            )
        )
    ) == {"unchanged"}


def test_alphabets_purchases_of_property_from_all_that_it_ever_filed(raw: Path, tmp_path: Path) -> None:
    """Each quarter as first reported equals the gathered table; the newest had not been filed by then."""
    pack = copied(tmp_path, empty=True)
    file = raw / "raw/companyfacts_full/GOOGL_CIK0001652044.json"
    imported(pack, file, only=["googl.capex"])
    first: dict[str, tuple[str, str, str]] = {}
    for row in read_rows((pack / "facts" / "GOOGL.csv").read_text(encoding="utf-8"), "f"):
        if row.period[:2] == "20":
            first.setdefault(row.period, (row.value, str(row.filed), row.source.split()[-1]))
    theirs = {
        row["fiscal_period"]: (row["value"], row["filed_date"], row["accession_or_source"])
        for row in table(raw / "amzn_quarterly.csv")
        if (row["entity"], row["concept"]) == ("GOOGL", "purchases_of_property_and_equipment")
    }
    assert theirs.pop("2026Q2")  # filed in July 2026, after this collection of facts was fetched
    assert first == theirs
