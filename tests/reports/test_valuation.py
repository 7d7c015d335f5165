"""The worksheet as it is printed: the method's figures, and what is said where there is none."""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.method_stakes import with_stakes_of_the_method
from thesis.appraisal.appraise import Appraisal, appraise
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.case.case import Case
from thesis.core.interval import Interval, point
from thesis.core.record import replace_fields
from thesis.document import plain_text
from thesis.files.disk import bundled_folder
from thesis.language.evaluate import Supposition
from thesis.narrative.key_assumption_text import key_assumption
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.reports.valuation import SECTIONS, valuation_text
from thesis.reports.valuation.odds_section import share_text
from thesis.reports.valuation.sheet_blocks import WIDTH, sheet_table

DAY = date(2026, 11, 22)
PRICE = {"price": point(254.80)}  # of 2026-10-06, which the method reckons with
SUPPOSED = {name: Supposition(value) for name, value in PRICE.items()}


@cache
def pack() -> Pack:
    return with_stakes_of_the_method(
        build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0]
    )


@cache
def appraised() -> tuple[Case, Appraisal]:
    case = case_as_of(pack(), DAY, PRICE)
    found = appraise(case)
    assert found is not None
    return case, found


@cache
def sections() -> dict[str, list[str]]:
    """The lines of each section by its name, those before the first under nothing."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in valuation_text(*appraised(), supposed=SUPPOSED).splitlines():
        head = re.match(r"([A-Z]+)  ", line)
        name = head[1].lower() if head else name
        found.setdefault(name, []).append(line)
    return found


def cells(section: str, label: str, nth: int = 0) -> list[str]:
    """What stands behind a label in its row of a section; of several such rows the nth."""
    lines = [line.strip() for line in sections()[section] if line.strip().startswith(f"{label}  ")]
    return re.split(r" {2,}", lines[nth].removeprefix(label).strip())


def said(section: str) -> str:
    """A section without its line breaks."""
    return " ".join(" ".join(sections()[section]).split())


# the method's reference figures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "label", "expected"),
    [
        ("bridge", "market value", "2,748.4"),
        ("bridge", "+ Long-term debt", "128.9"),
        ("bridge", "- Cash and marketable securities", "123.0"),
        ("bridge", "EBIT", "93.7"),
        ("bridge", "= operating EV/EBIT", "27.5x"),
        ("needs", "2027-12-31", "+40.4% 366.78"),  # the method counts 1.11 years, not 404 days, for its 40.2
        ("needs", "2028-12-31", "+19.5% 363.14"),
        ("needs", "2029-12-31", "+12.8% 359.55"),
        ("needs", "2030-12-31 *", "+9.6% 355.99"),
        ("needs", "2031-12-31", "+7.6% 352.47"),
        ("needs", "the target comes by itself in, years", "4.88 4.35 3.94 3.60 3.31"),
        ("needs", "18.0x", "212.7 2.27x +38.8% +26.4% +20.0%"),
        ("needs", "20.0x", "191.5 2.04x +33.1% +22.6% +17.2%"),
        ("needs", "22.0x", "174.1 1.86x +28.1% +19.4%"),
        ("needs", "25.0x", "153.2 1.63x +21.7% +15.1% +11.5%"),
        ("needs", "27.5x today", "139.2 1.49x +17.2% +12.0% +9.2%"),
        ("needs", "30.0x", "127.6 1.36x +13.2% +9.2% +7.1%"),
        ("needs", "EV/EBIT the target then takes", "25.7x 22.9x 21.4x 20.4x 18.1x"),
        ("parts", "sum of the parts", "93.7"),
        ("paths", "2024-12-31", "+15.0 +31.2 -14.5 -1.8"),
        ("paths", "2025-12-31", "+9.9 +15.9 -5.5 -0.5"),
        ("scenarios", "sales", "1,394.5 1,229.1 1,036.8"),
        ("scenarios", "EBIT", "243.0 176.9 105.4"),
        ("scenarios", "EBIT margin", "17.4% 14.4% 10.2%"),
        ("scenarios", "market value", "5,616.3 3,758.4 1,756.5"),
        ("levers", "EV/EBIT", "21.4x inside"),
        ("levers", "AWS growth", "20.8% inside"),
        ("levers", "AWS margin", "38.9% inside"),
        ("levers", "Stores and everything else margin", "4.1% outside"),
        ("levers", "Advertising margin", "43.8% inside"),
        ("levers", "Advertising growth", "19.8% outside"),
        ("levers", "Stores and everything else growth", "20.2% outside"),
        ("chance", "2027-12-31", "15.1% 28.1%"),
        ("chance", "2028-12-31", "26.0% 46.4%"),
        ("chance", "2029-12-31", "32.8% 56.8%"),
        ("chance", "2030-12-31 *", "37.7% 63.7%"),
        ("chance", "2031-12-31", "41.5% 68.6%"),
        ("outside", "AWS growth", "18.0% 3.1%"),
        ("outside", "Stores and everything else growth", "8.0% 25.5%"),
        ("outside", "The whole company", "10.8% 16.1%"),
    ],
)
def test_a_row_has_the_method_s_figures(section: str, label: str, expected: str) -> None:
    assert expected in " ".join(cells(section, label))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("20.0x", "18.3% 17.1% 16.1% 15.1%"),
        ("22.0x", "16.6% 15.6% 14.6% 13.8%"),
        ("25.0x", "14.6% 13.7% 12.9% 12.1%"),
    ],
)
def test_margins_needed_are_the_method_s(label: str, expected: str) -> None:
    assert " ".join(cells("needs", label, nth=1)) == expected


@pytest.mark.parametrize(
    ("label", "nth", "expected"),
    [
        ("8%", 0, "16.6% 14.9% 13.9% 12.0%"),
        ("9%", 0, "none (2,134) *18.7% 17.2% 14.5%"),
        ("10%", 0, "none (1,669) 22.6% 20.4% 16.9%"),
        ("8%", 1, "none (2,808) 20.9% 19.7% 17.2%"),
        ("9%", 1, "none (2,134) *none (3,797) 23.3% 19.9%"),
        ("10%", 1, "none (1,669) none (2,971) 26.7% 22.4%"),
    ],
)
def test_growth_implied_is_the_method_s_or_none_with_the_most_that_is_reached(
    label: str, nth: int, expected: str
) -> None:
    assert " ".join(cells("implied", label, nth)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "67.7% of it is growth to come",
        "78.2% of it is growth to come",
        "Growing 18.7% a year, the explicit years make up 12.0% of it",
        "19 years of 12%, 14 years of 15% and 11 years of 18%",
        "29 years of 12%, 20 years of 15% and 16 years of 18%",
    ],
)
def test_what_is_said_of_the_growth_implied_has_the_method_s_figures(expected: str) -> None:
    assert expected in said("implied")


@pytest.mark.parametrize(("since", "nth"), [("2023-12-29", 0), ("2024-12-31", 0), ("2025-12-31", 0)])
def test_the_parts_of_a_price_s_change_add_up_to_the_last_printed_digit(since: str, nth: int) -> None:
    price, *parts = (float(cell) for cell in cells("paths", since, nth)[:4])
    assert sum(parts) == pytest.approx(price, abs=0.16)  # three figures rounded to a tenth


def test_the_path_of_each_day_is_named() -> None:
    assert cells("paths", "2023-12-29")[5] == "Earnings, against a falling multiple"
    assert cells("paths", "2025-12-31")[5] == "Earnings"
    assert cells("paths", "2026Q2")[5] == "Earnings, against a falling multiple"
    assert cells("paths", "Bear")[5] == "Earnings, against a falling multiple"


def test_a_margin_that_is_assumed_is_a_range_all_the_way() -> None:
    assert cells("parts", "Advertising")[1] == "19.0..34.2"
    assert cells("parts", "Stores and everything else")[1] == "4.8..20.0"
    assert cells("parts", "sum of the parts")[1] == "93.7"
    assert "Total EBIT does not depend on the margin assumed for Advertising" in said("parts")


def test_a_later_date_than_the_cost_of_equity_s_is_said_not_to_be_bullish() -> None:
    assert "At 10% the cost of equity alone leads there by Oct 2030: a later date is not bullish." in said(
        "needs"
    )


def test_what_is_not_counted_stands_beside_the_bridge() -> None:
    assert re.search(r"Not counted: Finance leases, \$13.5bn, \+0.14x on EV/EBIT", said("bridge"))


def test_the_sections_stand_in_their_order_and_fit() -> None:
    assert [name for name in sections() if name] == list(SECTIONS)
    assert max(len(line) for lines in sections().values() for line in lines) <= WIDTH


def test_names_of_any_length_leave_the_figures_in_their_columns() -> None:
    valuation = pack().valuation
    assert valuation is not None
    name = "A name that goes on and on " * 8
    long = copy(pack())
    long.valuation = replace_fields(
        valuation,
        segments=[replace_fields(each, name=name) for each in valuation.segments],
        scenarios=[replace_fields(each, name=name) for each in valuation.scenarios],
    )
    case = case_as_of(long, DAY, PRICE)
    found = appraise(case)
    assert found is not None
    lines = valuation_text(case, found, list(SECTIONS)).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not [line for line in lines if len(line) - len(line.lstrip()) > WIDTH - 10]
    (sales,) = [line.split() for line in lines if line.startswith("  sales  ")]
    assert sales[1:] == ["775.7", "1,394.5", "1,229.1", "1,036.8"]


def test_a_long_head_line_is_broken_between_its_parts() -> None:
    case = case_as_of(pack(), date(2026, 10, 15))
    found = appraise(case)
    assert found is not None
    lines = valuation_text(case, found, ["bridge"]).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines[5].startswith("  upside +")


def test_each_signpost_is_answered_and_those_of_a_row_exclude_each_other() -> None:
    answers = re.findall(r"(yes|no|unknown): (?!\d)", said("scenarios"))
    assert len(answers) == 21
    rows = [answers[i::7] for i in range(7)]
    assert all(row.count("yes") <= 1 for row in rows)
    assert {"yes", "no"} == set(answers)
    assert "No probabilities are registered" in said("scenarios")


# the deciding belief ----------------------------------------------------------------------------------


def test_the_deciding_belief_is_told_in_a_sentence_at_the_top() -> None:
    told = key_assumption(appraised()[1])
    assert "6.0% short of the target. Operating EV/EBIT decides most: from 16.0x to 26.0x" in told
    assert (
        "21.4x alone would do, inside that range. So would AWS growth at 20.8%, AWS margin at 38.9%" in told
    )
    assert told in said("")


def _lever(**changed: Any) -> AssumptionSwing:
    first = appraised()[1].levers[0]
    return replace_fields(first, **changed)


@pytest.mark.parametrize(
    ("market_cap", "lever", "expected"),
    [
        (5e12, {"breakeven": 18.0}, "25.0% above the target. Operating EV/EBIT decides most"),
        (5e12, {"breakeven": 18.0}, "below 18.0x alone would miss the target, inside that range."),
        (5e12, {"breakeven": 15.0, "inside": False}, "below 15.0x alone would miss the target, outside that"),
        (5e12, {"breakeven": 18.0, "at_low": 9e12, "at_high": 1e12}, "above 18.0x alone would miss"),
        (5e12, {"breakeven": None, "inside": False}, "no value of it alone would miss the target."),
        (3e12, {"breakeven": None, "inside": False}, "no value of it alone would do."),
        (4e12, {}, "which is the target."),
        (3e12, {"at_low": 1e12, "at_high": 1e12}, "No belief has a range, so none decides."),
    ],
)
def test_the_sentence_fits_an_answer_on_either_side(
    market_cap: float, lever: dict[str, Any], expected: str
) -> None:
    found = replace_fields(appraised()[1], market_cap=market_cap, levers=(_lever(**lever),))
    assert expected in key_assumption(found)


def test_a_target_that_is_passed_is_said_to_be() -> None:
    case = case_as_of(pack(), DAY, {"price": point(400.0)})
    found = appraise(case)
    assert found is not None
    assert key_assumption(found).startswith("The target is passed already: the market value is $4.31T.")
    assert "the target comes by itself" not in valuation_text(case, found)


# how things are printed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (point(0.0307), "3.1%"),
        (Interval(0.0, 0.001), "at most 0.1%"),
        (point(0.0), "none"),
        (point(0.0004), "under 0.1%"),
        (Interval(0.984, 1.0), "at least 98.4%"),
    ],
)
def test_a_share_of_companies(share: Interval, expected: str) -> None:
    assert share_text(share) == expected


def test_a_table_that_is_too_wide_is_cut_in_its_names() -> None:
    (block,) = sheet_table(["name", "figure"], [["n" * 200, "1.0"]], "lr")
    lines = plain_text.block_lines(block, WIDTH)
    assert len(lines[1]) == WIDTH
    assert lines[1].endswith("…     1.0")


# signs and names --------------------------------------------------------------------------------------


def test_what_a_sign_means_begins_a_line() -> None:
    """Once the sign ended one line and its meaning began the next."""
    text = valuation_text(*appraised(), supposed=SUPPOSED)
    assert not re.search(r"\w\. \*", text)
    assert text.count("\n  * the thesis's own day.\n") == 2
    assert "\n  * the pack's own. none: no growth pays for it" in text


def test_each_multiple_is_told_by_what_it_is_of() -> None:
    """That of the bridge leaves cash and stakes out, that of the paths does not."""
    assert cells("bridge", "= operating EV/EBIT") == ["27.5x"]
    assert "value/EBIT" in cells("paths", "since")
    assert "The multiple is value/EBIT, of the market value, cash, debt and stakes included" in said("paths")
    assert "none of them" not in said("paths")
