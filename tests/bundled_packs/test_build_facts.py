"""The bundled fact files: rebuilt from the gathered data byte for byte, and true to the filings.

What needs the data is skipped where the folder beside the repository is absent.
"""

from __future__ import annotations

import csv
import html
import re
import subprocess
import sys
from copy import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scripts.build_facts.__main__ import RECIPES, faults, keep_vintages  # noqa: E402
from scripts.build_facts.amazon import RECIPE  # noqa: E402
from scripts.build_facts.gathered import Data  # noqa: E402
from scripts.build_facts.imported import Imported  # noqa: E402
from scripts.build_facts.model import Fact, Value  # noqa: E402

FACTS = ROOT / "rules" / "amzn-4t" / "facts"
DATA = ROOT.parent / "shared" / "data"
ENTITIES = ("AMZN", "GOOGL", "META", "MSFT", "US")
FILES = {"amzn-4t": ENTITIES, "googl-cloud": ("GOOGL", "AMZN")}
TEN_K_2023 = "raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html"
TEN_K_2022 = "raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml"
TEN_Q_2025Q3 = "raw/amzn_release_md/amzn-10q-2025q3.md"
RELEASE_2025Q3 = "raw/amzn_release_md/AMZN-Q3-2025-Earnings-Release.md"
RELEASE_2025Q4 = "raw/amzn_release_md/amzn_Q4_2025_release_apresai_amzn.md"
GOOGL_10K_2023 = "raw/googl_10k_fy2023/0001652044-24-000022_primary-document.html"
with_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"the gathered data is not there: {DATA}")


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.build_facts", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@cache
def rows(entity: str, pack: str = "amzn-4t") -> list[dict[str, str]]:
    path = ROOT / "rules" / pack / "facts" / f"{entity}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def values(entity: str, concept: str, period: str) -> list[str]:
    """Every vintage of a figure, oldest first."""
    return [row["value"] for row in rows(entity) if (row["concept"], row["period"]) == (concept, period)]


def year(entity: str, concept: str, number: int, vintage: int = -1) -> int:
    return sum(int(values(entity, concept, f"{number}Q{quarter}")[vintage]) for quarter in (1, 2, 3, 4))


@cache
def filing(name: str) -> str:
    text = html.unescape(html.unescape((DATA / name).read_text(encoding="utf-8")))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def printed(name: str, line: str) -> list[int]:
    """The figures that follow a line's label, where it first has three or more, signs dropped."""
    found = re.search(line + r"((?:[ $|()]+\d[\d,]*(?![\d,%])(?! %)){3,})", filing(name))
    assert found, f"{name} has no line {line!r}"
    return [int(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*", found[1])]


# the data is not needed ----------------------------------------------------------------------------


def test_without_data_says_so_and_changes_nothing(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere", "--out", tmp_path / "out")
    assert result.returncode == 0
    assert result.stderr.count("\n") == 1 and "nothing changed" in result.stderr
    assert not result.stdout and not (tmp_path / "out").exists()


def a_fact(value: str, filed: str, how: str = "reported") -> Fact:
    return Fact("net_sales", "2025Q1", Value.parse(value), "USD", filed, f"10-Q of {filed}", how)


@pytest.mark.parametrize(
    ("later", "how", "kept"),
    [
        ("100", "reported", ["100"]),  # said again
        ("95..105", "reported", ["100"]),  # a rounding of it
        ("102..104", "reported", ["100"]),  # a rounding that misses it: the exact figure holds
        ("101", "reported", ["100", "101"]),  # restated
        ("101", "transcribed (secondary): a page", ["100"]),  # a copy restates nothing
    ],
)
def test_only_a_changed_figure_is_a_new_vintage(later: str, how: str, kept: list[str]) -> None:
    facts = [a_fact(later, "2026-05-01", how), a_fact("100", "2025-05-01")]
    assert [str(fact.value) for fact in keep_vintages(facts, [], {})] == kept


def test_an_exact_figure_sharpens_an_earlier_range() -> None:
    facts = [a_fact("95..105", "2025-05-01"), a_fact("100", "2025-08-01")]
    assert [str(fact.value) for fact in keep_vintages(facts, [], {})] == ["95..105", "100"]


def test_parts_that_miss_their_total_are_named_with_both_sums() -> None:
    parts = ("na.net_sales", "intl.net_sales", "aws.net_sales")
    facts = [
        Fact(part, "2025Q1", Value.parse("3"), "USD", "2025-05-01", "10-Q", "reported") for part in parts
    ]
    assert not faults([*facts, a_fact("9", "2025-05-01")], RECIPE)
    assert faults([*facts, a_fact("10", "2025-05-01")], RECIPE) == [
        "2025Q1: na.net_sales + intl.net_sales + aws.net_sales = 9, net_sales = 10"
    ]


def test_every_bundled_pack_has_a_recipe() -> None:
    assert sorted(RECIPES) == sorted(
        path.name for path in (ROOT / "rules").glob("*") if (path / "facts").is_dir()
    )


@pytest.mark.parametrize(("pack", "entity"), [(pack, each) for pack in FILES for each in FILES[pack]])
def test_rows_are_ordered_and_complete(pack: str, entity: str) -> None:
    listed = rows(entity, pack)
    keys = [(row["concept"], row["period"], row["filed"]) for row in listed]
    assert keys == sorted(set(keys))
    assert all(row["source"] and row["how"] and row["unit"] for row in listed)


def test_every_quarter_since_2021_has_every_register() -> None:
    known = {(row["concept"].split("/")[0], row["period"]) for row in rows("AMZN")}
    quarters = [f"{number}Q{quarter}" for number in range(2021, 2027) for quarter in (1, 2, 3, 4)]
    for register in ("charges.na", "charges.intl", "charges.aws", "charges.all_segments"):
        assert [q for q in quarters if (register, q) not in known] == ["2026Q3", "2026Q4"]


# the data is needed ----------------------------------------------------------------------------------


@with_data
@pytest.mark.parametrize("pack", FILES)
def test_the_committed_files_are_what_the_data_gives(pack: str, tmp_path: Path) -> None:
    result = run(DATA, "--pack", pack, "--out", tmp_path)
    assert result.returncode == 0, result.stderr
    made, committed = (folder / pack / "facts" for folder in (tmp_path, ROOT / "rules"))
    assert sorted(path.name for path in made.iterdir()) == sorted(f"{entity}.csv" for entity in FILES[pack])
    for path in made.iterdir():
        assert path.read_bytes() == (committed / path.name).read_bytes(), path.name


@with_data
@pytest.mark.parametrize(
    ("pack", "rows_in_all", "primary_in_all"), [("amzn-4t", 2_610, 1_104), ("googl-cloud", 806, 561)]
)
def test_the_summary_counts_every_row_once(
    pack: str, rows_in_all: int, primary_in_all: int, tmp_path: Path
) -> None:
    """By entity and in all: what was read in files that are there, what was transcribed, what is a copy."""
    printed = run(DATA, "--pack", pack, "--out", tmp_path).stdout.splitlines()
    told = [line.removeprefix(f"{pack} ") for line in printed if line.startswith(f"{pack} ")]
    counted = {line.split(":")[0]: [int(n) for n in re.findall(r"\d+", line)] for line in told}
    assert list(counted) == [*FILES[pack], "all"]
    for entity in FILES[pack]:
        whole, _, *parts = counted[entity]
        assert whole == sum(parts) == len(rows(entity, pack))
    whole, primary, *_ = counted["all"]
    assert (whole, primary) == (rows_in_all, primary_in_all)


@cache
def imported() -> Imported:
    found = Imported(Data(DATA), RECIPE, FACTS.parent, date(2026, 11, 22))
    assert found.worked_out and found.closes  # read once
    return found


def anew() -> Imported:
    """The same files on file, with nothing held against them yet."""
    found = copy(imported())
    found.differences, found.replaced = [], {}
    return found


def a_row(entity: str, concept: str, period: str) -> Fact:
    """The newest row of a figure in the committed files."""
    row = [row for row in rows(entity) if (row["concept"], row["period"]) == (concept, period)][-1]
    return Fact(**{**row, "value": Value.parse(row["value"])})  # type: ignore[arg-type]


@with_data
def test_a_row_of_the_tables_becomes_what_the_filing_states() -> None:
    """A copy of a figure whose filing is there is one no longer; the range of its rounding stays."""
    backlog = a_row("GOOGL", "googl.rpo", "2025Q3")
    second_hand = replace(
        backlog, source=f"{backlog.source} (secondary)", how="transcribed (secondary): a page"
    )
    assert imported().settle(second_hand) == backlog
    assert (backlog.how, str(backlog.value)) == ("reported", "157650000000..157750000000")
    capex = a_row("META", "meta.capex", "2019Q4")
    numbers = "(10-K 0001326801-20-000013, 10-Q 0001326801-19-000069)"
    assert capex.how == f"derived: FY less nine months {numbers}"
    assert imported().settle(replace(capex, how="derived: some other way")) == capex


@with_data
@pytest.mark.parametrize(
    "change",
    [{"value": Value.parse("1")}, {"filed": "2024-02-05"}, {"unit": "EUR"}],
    ids=["another value", "another day", "another unit"],
)
def test_a_row_that_the_filing_contradicts_is_an_error_until_it_is_explained(
    change: dict[str, object],
) -> None:
    wrong = replace(a_row("AMZN", "aws.assets", "2023Q4"), **change)  # type: ignore[arg-type]
    fresh = anew()
    assert fresh.settle(wrong) == wrong
    (told,) = fresh.unexplained()
    assert told.startswith("aws.assets 2023Q4") and "108533000000 on file (10-K 0001018724-24-000008" in told


@with_data
def test_a_year_that_its_quarters_miss_is_an_error_until_it_is_explained() -> None:
    """Segments stand in the annual report alone: the four quarters are held against it."""
    fresh = anew()
    quarters = [a_row("AMZN", "aws.net_sales", f"2023Q{number}") for number in (1, 2, 3, 4)]
    fresh.check({"AMZN": quarters})
    assert list(fresh.unexplained()) == []
    fresh.check({"AMZN": [*quarters[:3], replace(quarters[3], value=Value.parse("1"))]})
    (told,) = fresh.unexplained()
    assert told.startswith("aws.net_sales FY2023: the quarters are")


@with_data
@pytest.mark.parametrize(
    ("concept", "line", "in_2023"),
    [
        ("net_sales", "Total net sales", 574_785),
        ("operating_income", r"Total operating expenses [\d, ]+ Operating income", 36_852),
        ("cost_of_sales", "Cost of sales", 304_739),
        ("fulfillment_expense", "Fulfillment", 90_619),
        ("operating_cash_flow", r"Net cash provided by \(used in\) operating activities", 84_946),
        ("capex", "Purchases of property and equipment", 52_729),
        ("depreciation", "capitalized content costs, operating lease assets, and other", 48_663),
        ("ads.net_sales", r"Advertising services \(\d\)", 46_906),
    ],
)
def test_quarters_of_2023_add_up_to_the_annual_report(concept: str, line: str, in_2023: int) -> None:
    assert printed(TEN_K_2023, line)[2] == in_2023
    assert year("AMZN", concept, 2023) == in_2023 * 10**6


@with_data
def test_restated_depreciation_of_2022_adds_up_in_both_vintages() -> None:
    tagged = r"<us-gaap:DepreciationDepletionAndAmortization\s[^>]*D20220101-20221231[^>]*>\s*41921000000<"
    assert re.search(tagged, (DATA / TEN_K_2022).read_text(encoding="utf-8"))
    assert year("AMZN", "depreciation", 2022, vintage=0) == 41_921 * 10**6
    assert year("AMZN", "depreciation", 2022) == 41_921 * 10**6


@with_data
def test_segment_assets_carry_the_day_of_the_first_filing_that_shows_them() -> None:
    assert printed(TEN_K_2022, r"AWS \(2\)")[:3] == [47_574, 63_835, 88_491]
    assert values("AMZN", "aws.assets", "2022Q4") == ["88491000000"]
    first = {row["period"]: row["filed"] for row in rows("AMZN") if row["concept"] == "aws.assets"}
    assert (first["2022Q4"], first["2023Q4"]) == ("2023-02-03", "2024-02-02")


@with_data
def test_the_release_of_2025q3() -> None:
    assert printed(RELEASE_2025Q3, r"WW shipping costs \|") == [
        21_965,
        23_501,
        28_549,
        22_495,
        23_370,
        25_384,
    ]
    assert values("AMZN", "shipping_costs", "2025Q3") == ["25384000000"]
    assert "WW paid units -- Y/Y growth (7) | 11 % | 12 % | 11 % | 8 % | 12 % | 11 % |" in filing(
        RELEASE_2025Q3
    )
    assert values("AMZN", "units_growth", "2025Q1") == ["0.075..0.085"]
    assert printed(RELEASE_2025Q3, r"Advertising services \(4\) \|")[-1] == 17_703
    assert values("AMZN", "ads.net_sales", "2025Q3") == ["17703000000"]


@with_data
def test_the_release_of_2025q4_holds_what_was_once_second_hand() -> None:
    text = filing(RELEASE_2025Q4)
    assert "Net sales$115,586$127,083" in text and "Net sales$28,786$35,579" in text
    assert values("AMZN", "na.net_sales", "2025Q4") == ["127083000000"]
    assert values("AMZN", "aws.net_sales", "2025Q4") == ["35579000000"]
    assert "operating activities45,63654,459" in text and "(27,834)(39,522)" in text
    assert values("AMZN", "operating_cash_flow", "2025Q4") == ["54459000000"]
    assert values("AMZN", "capex", "2025Q4") == ["39522000000"]


@with_data
def test_the_10q_of_2025q3() -> None:
    text = filing(TEN_Q_2025Q3)
    assert "$2.5 billion of expense related to the settlement of a lawsuit" in text
    assert values("AMZN", "charges.na/ftc-settlement", "2025Q3") == ["2450000000..2550000000"]
    assert values("AMZN", "fcf_less_leases_ttm", "2025Q3") == ["discontinued"]
    assert "less principal repayments" not in text.lower()
    assert re.search(r"approximately \$200 billion", text)
    assert values("AMZN", "rpo", "2025Q3") == ["199500000000..200500000000"]


@with_data
def test_google_cloud_quarters_add_up_to_the_annual_report() -> None:
    assert printed(GOOGL_10K_2023, "Google Cloud")[-1] == 33_088
    assert year("GOOGL", "gcp.net_sales", 2023) == 33_088 * 10**6


@with_data
def test_prices_agree_with_the_daily_series() -> None:
    with (DATA / "raw/prices/AMZN_daily_2000_20251007_JJong-03.csv").open(
        encoding="utf-8", newline=""
    ) as handle:
        closes = {row[0][:10]: row for row in csv.reader(handle)}
    stated = {row["period"]: Decimal(row["value"]) for row in rows("AMZN") if row["concept"] == "price"}
    shared = sorted(set(closes) & set(stated))[:-1]  # the last day of the series was taken before the close
    assert len(shared) > 40
    for day in shared:
        assert any(abs(Decimal(cell) - stated[day]) < Decimal("0.01") for cell in closes[day][1:] if cell), (
            day
        )
