"""``thesis value`` on small packs: every shape of valuation, and each way in which it cannot be reckoned."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from thesis.cli.value import SECTIONS
from thesis.reports.valuation import SECTIONS as PRINTED

ONE = """\
written: 2026-10-01
shares: shares
total: {sales: ttm(sales), ebit: ttm(operating_income)}
segments:
  - id: all
    name: Everything
    sales: ttm(sales)
    ebit: ttm(operating_income)
    growth: {central: 6%, low: 2%, high: 10%, distribution: fixed, source: judgement, because: As ever.}
    margin: {central: 20%, low: 15%, high: 25%, distribution: fixed, source: judgement, because: As ever.}
multiple: {central: 12, low: 8, high: 16, distribution: fixed, source: judgement, because: As ever.}
"""

PART = """\
  - id: part{i}
    name: Part {i}
    sales: ttm(sales) * {share}
    ebit: ttm(operating_income) * {share}
    multiple: {i}..1{i}
    multiple_because: Judgement.
    growth: {{central: {i}%, low: 0%, high: 20%, distribution: fixed, source: judgement, because: As ever.}}
    margin: {{central: 20%, low: 15%, high: 25%, distribution: fixed, source: judgement, because: As ever.}}
"""


def five() -> str:
    """Five segments, of which the fifth is what four leave."""
    parts = "".join(PART.format(i=i, share=f"{i}0%") for i in (1, 2, 3))
    rest = PART.format(i=5, share="0%").replace("    sales: ttm(sales) * 0%\n", "")
    rest = rest.replace("    ebit: ttm(operating_income) * 0%\n", "    rest: true\n")
    fourth = PART.format(i=4, share="15%").replace(
        "ebit: ttm(operating_income) * 15%", "margin_now: 10%..12%"
    )
    head, _, tail = ONE.partition("  - id: all")
    return f"{head}{parts}{fourth}{rest}{tail[tail.index('multiple: ') :]}"


# what is printed --------------------------------------------------------------------------------------


def test_every_section_can_be_asked_for_by_name(priced: Any, run: Any) -> None:
    folder = priced()
    assert tuple(PRINTED) == SECTIONS
    for name in SECTIONS:
        found = run("value", "--only", name, cwd=folder)
        assert found.code == 0
        headings = [line.split("  ")[0].lower() for line in found.out.splitlines() if line[:2].isupper()]
        assert headings == [name]


def test_several_sections_come_in_their_own_order(priced: Any, run: Any) -> None:
    found = run("value", "--only", "scenarios", "--only", "needs", cwd=priced())
    assert 0 < found.out.index("\nNEEDS  ") < found.out.index("\nSCENARIOS  ")


def test_an_unknown_section_is_wrong_usage(priced: Any, run: Any) -> None:
    found = run("value", "--only", "scenary", cwd=priced())
    assert found.code == 2
    assert "'scenarios'" in found.err


def test_a_small_company_is_told_in_millions(priced: Any, run: Any) -> None:
    found = run("value", cwd=priced()).out
    assert (
        "price $14.00 (2026-11-20)   market value $1.4bn   target $2.0bn by 2030-12-31   upside +45.8%"
        in found
    )
    assert "BRIDGE  from the market value to the business, $M" in found
    assert "  = operating EV         1,534.5 " in found
    assert "  = operating EV/EBIT      15.8x" in found
    assert "with 1% fewer shares a year" in found


def test_probabilities_that_are_registered_give_an_expected_value(priced: Any, run: Any) -> None:
    """40% of 2,756.1 and 60% of 1,870.3 are 2,224.6."""
    found = run("value", "--only", "scenarios", cwd=priced()).out
    assert (
        "Expected market value $2.2bn, by the analyst's own probabilities: Good 40.0% and Poor 60.0%."
        in found
    )


def test_a_day_before_the_assumptions_were_written_is_hindsight(priced: Any, run: Any) -> None:
    folder = priced(("dates: [2028-12-31", "dates: [2029-12-31"))
    assert "hindsight" not in run("value", "--only", "bridge", cwd=folder).out
    # In September the price of November is not known yet, and the day's own would be.
    found = run("value", "--as-of", "2026-09-15", "--set", "price=14", "--only", "bridge", cwd=folder)
    assert "assumptions written 2026-10-01: hindsight, seen from an earlier day" in found.out


def test_a_price_that_is_old_is_said_to_be(priced: Any, run: Any) -> None:
    folder = priced()
    assert "(2026-11-20, stale)" in run("value", "--as-of", "2027-02-01", "--only", "bridge", cwd=folder).out
    assert "(2026-11-20)" in run("value", "--only", "bridge", cwd=folder).out


def test_one_segment_and_nothing_else_is_a_valuation(priced: Any, run: Any) -> None:
    """97 of EBIT on 624 of sales; 624 x 1.06^4.5 x 20% x 12 = 1,946.5."""
    found = run("value", cwd=priced(valuation=ONE))
    assert (found.code, found.err) == (0, "")
    assert "1,946.6 with all in the middle" in found.out
    assert "Everything growth" in found.out
    assert [line.split()[0] for line in found.out.splitlines() if line[:2].isupper()] == ["BRIDGE", "LEVERS"]


def test_a_section_that_the_pack_gives_nothing_for_says_so_when_asked_for(priced: Any, run: Any) -> None:
    found = run("value", "--only", "outside", cwd=priced(valuation=ONE))
    assert found.code == 0
    assert "valuation.yaml has no priors" in found.out


def test_five_segments_add_up_to_the_whole(priced: Any, run: Any) -> None:
    found = run("value", "--only", "parts", cwd=priced(valuation=five()))
    assert (found.code, found.err) == (0, "")
    assert all(f"\n  Part {i} " in found.out for i in range(1, 6))
    assert re.search(r"sum of the parts +624.0 +97.0 ", found.out)
    assert "Total EBIT does not depend on the margin assumed for Part 4" in found.out


# what if ----------------------------------------------------------------------------------------------


def test_what_is_supposed_is_echoed_and_never_written(priced: Any, run: Any) -> None:
    folder = priced()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = run(
        "value", "--set", "repairs.growth=15%", "--set", "price=16", "--only", "scenarios", cwd=folder
    )
    assert "what if: price = $16.00; repairs.growth = 15.0% (nothing is written)" in found.out
    assert "price $16.00 (what if)" in found.out
    assert "Repairs growth                                  15.0%     15.0%" in found.out
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("repairs.grwth=22%", "did you mean `repairs.growth`?"),
        ("repairs.growth=lots", "expected one number"),
        ("repairs.growth=-100%", "expected growth above -100% a year, found -100%"),
        ("repairs.margin=120%", "expected a margin of 100% at most, found 120%"),
        ("multiple=0", "expected a multiple above 0, found 0"),
        ("repairs.growth", "expected NAME=VALUE"),
        ("sales=0*4", "it is above 0, found `0*4`"),
    ],
)
def test_what_cannot_be_supposed_is_wrong_usage(priced: Any, run: Any, change: str, expected: str) -> None:
    found = run("value", "--set", change, cwd=priced())
    assert found.code == 2
    assert expected in found.err
    assert "Traceback" not in found.err


# what cannot be reckoned ------------------------------------------------------------------------------


def test_a_segment_set_without_the_total_leaves_the_rest_a_loss_that_is_told(run: Any) -> None:
    def warned(*sets: str) -> bool:
        asked = [part for each in sets for part in ("--set", each)]
        found = run("value", "amzn-4t", "--as-of", "2026-10-15", *asked)
        assert found.code == 0
        return "left of `ttm(operating_income)` for Stores and everything else is -$" in found.err

    assert warned("aws.operating_income=200e9*4")
    assert warned("operating_income=-20e9*4")
    assert not warned("aws.operating_income=12e9*4")
    assert not warned("aws.operating_income=200e9*4", "operating_income=230e9*4")


def test_a_name_that_nothing_is_called_is_answered_with_all_that_can_be_set(priced: Any, run: Any) -> None:
    found = run("value", str(priced()), "--set", "qqqqqqqq=1")
    assert found.code == 2
    assert all(
        each in found.err for each in ("drivers are ", "metrics are ", "concepts are ", "sales", "margin")
    )


def test_a_figure_that_is_missing_is_named_with_where_it_would_come_from(priced: Any, run: Any) -> None:
    folder = priced(without="debt")
    found = run("value", cwd=folder)
    assert found.code == 4
    assert "Debt   debt of 2026Q2: missing, not in the facts" in found.out
    assert "NEEDS" not in found.out
    assert json.loads(run("value", "--json", cwd=folder).out)["appraisal"]["missing"][0]["name"] == "debt"
    assert run("value", "--set", "debt=2e8", cwd=folder).code == 0


def test_a_loss_has_no_multiple_and_no_growth_and_the_reason_is_said(priced: Any, run: Any) -> None:
    found = run("value", "--set", "operating_income=-5e6*4", cwd=priced())
    assert (found.code, found.err.count("warning: ")) == (0, 1)  # of the loss that it leaves to the rest
    assert "of a loss there is no multiple" in found.out
    assert "No growth of a loss is worth a price." in found.out
    assert "EBIT is not known or not positive on one of the two days." in found.out
    assert "12.0x        180.2         unknown" in found.out


@pytest.mark.parametrize(
    "change", ["operating_income=0*4", "price=0", "shares=0", "operating_income=-1e6..3e7*4"]
)
def test_figures_that_leave_no_answer_leave_unknown(priced: Any, run: Any, change: str) -> None:
    folder = priced()
    found = run("value", "--set", change, cwd=folder)
    assert found.code == 0
    assert "unknown" in found.out
    assert not {"nan", "inf", "-inf"} & set(found.out.replace("%", " ").replace("x", " ").split())
    json.loads(run("value", "--set", change, "--json", cwd=folder).out, parse_constant=_refuse)


def test_a_target_that_is_passed_is_said_to_be(priced: Any, run: Any) -> None:
    found = run("value", "--set", "price=30", cwd=priced())
    assert found.code == 0
    assert "The target is passed already: the market value is $2.9bn." in found.out
    assert "100.0%" in next(
        line for line in found.out.splitlines() if line.startswith("  2030-12-31 *    4.11  ")
    )


def test_a_horizon_in_the_past_is_told_in_a_sentence(priced: Any, run: Any) -> None:
    found = run("value", cwd=priced(("written: 2026-10-01", "written: 2026-01-01"), by="2026-06-30"))
    assert (found.code, found.out) == (4, "")
    assert "the target's day, 2026-06-30, is not after 2026-11-22" in found.err


def test_a_day_before_the_first_report_has_nothing_to_reckon_from(priced: Any, run: Any) -> None:
    found = run("value", "--as-of", "2020-01-01", cwd=priced())
    assert (found.code, found.out) == (4, "")
    assert "nothing to reckon from: nothing of `sales` was filed by 2020-01-01" in found.err


# as data ----------------------------------------------------------------------------------------------


def _refuse(constant: str) -> None:
    raise AssertionError(constant)


def test_json_is_the_whole_appraisal(priced: Any, run: Any) -> None:
    found = run("value", "--json", "--set", "price=14", cwd=priced())
    told = json.loads(found.out, parse_constant=_refuse)
    assert (found.code, told["pack"], told["as_of"]) == (0, "acme", "2026-11-22")
    assert told["what_if"] == {"price": {"lo": 14.0, "hi": 14.0, "quarters": 1}}
    appraisal = told["appraisal"]
    assert appraisal["parts"]["parts"][0]["ebit"] == {
        "lo": pytest.approx(43.4e6),
        "hi": pytest.approx(65.1e6),
    }
    free = [cell for cell in appraisal["expectations"]["now"]["cells"] if cell["roic"] is None]
    assert [cell["wacc"] for cell in free] == [0.08, 0.09]
    assert all(cell["solved"]["value"] > 0 for cell in free)
    printed = ("needs", "expectations", "parts", "since", "history", "scenarios", "levers", "pair", "grid")
    assert all(appraisal[name] for name in (*printed, "chances", "outside"))


def test_no_section_is_printed_twice(priced: Any, run: Any) -> None:
    folder: Path = priced()
    once = run("value", "--only", "needs", cwd=folder).out
    assert run("value", "--only", "needs", "--only", "needs", cwd=folder).out == once
