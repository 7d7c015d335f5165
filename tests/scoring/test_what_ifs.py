"""What-ifs: the quarters that they hold in, and what a worse figure makes of the two bundled theses."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from thesis.core.interval import NO, YES, point
from thesis.facts.fact import Impossible
from thesis.files.disk import bundled_folder
from thesis.language.evaluate import Supposition
from thesis.narrative import rating_change_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, KillResult

DAYS = {"amzn-4t": date(2026, 10, 15), "googl-cloud": date(2026, 8, 15)}
SPENT = {"amzn-4t": -5e9, "googl-cloud": -20e9}  # in one quarter, enough for the year to be short of cash
RETURNS = {"amzn-4t": ("K5", "aws_return", 0.10), "googl-cloud": ("K4", "added_return", 0.05)}


@cache
def pack(name: str) -> Pack:
    return build(read_folder(bundled_folder("rules") / name, name))[0]


def supposing(name: str, cash: float, quarters: int | None) -> Assessment:
    """The thesis where operating cash flow and the return on what is built are as given."""
    _, metric, value = RETURNS[name]
    given = {
        "operating_cash_flow": Supposition(point(cash), quarters),
        metric: Supposition(point(value), quarters),
    }
    return assess(pack(name), DAYS[name], given)


def criterion(found: Assessment, name: str) -> KillResult:
    return next(k for k in found.kill if k.id == RETURNS[name][0])


@pytest.mark.parametrize("name", DAYS)
def test_cash_that_goes_out_in_four_quarters_triggers_what_hardly_any_cash_does(name: str) -> None:
    for cash in (0.1e9, -5e9, -50e9):
        found = supposing(name, cash, 4)
        risk = found.finding("capex")
        assert risk is not None
        assert (risk.label, risk.score) == ("severe", point(1.0))
        assert criterion(found, name).tripped == YES
        assert found.headline == "BROKEN"


@pytest.mark.parametrize("name", DAYS)
def test_in_the_quarter_under_review_alone_a_criterion_is_true_now_and_waits_for_the_second(
    name: str,
) -> None:
    found = supposing(name, SPENT[name], 1)
    risk = found.finding("capex")
    assert risk is not None
    assert risk.label == "severe"
    assert (criterion(found, name).now, criterion(found, name).tripped) == (YES, NO)
    assert (
        f"{criterion(found, name).id} trips if it holds next quarter too"
        in rating_change_text.kill_criteria_text(found)
    )


def test_a_what_if_holds_in_the_quarters_that_it_says() -> None:
    case = case_as_of(pack("amzn-4t"), DAYS["amzn-4t"], {"capex": Supposition(point(1e9), 2)})
    quarters = [case.quarter - back for back in range(3)]
    assert [case.value("capex", quarter) == point(1e9) for quarter in quarters] == [True, True, False]
    always = case.supposing({"capex": Supposition(point(1e9), None)})
    assert always.value("capex", case.quarter - 30) == point(1e9)


def test_a_cost_that_rises_in_a_what_if_rises() -> None:
    """Set in every quarter it has no growth, and a dearer warehouse read as a cheaper one."""
    plain = assess(pack("amzn-4t"), DAYS["amzn-4t"]).finding("automation")
    given = {"fulfillment_expense": point(32.6e9)}
    dearer = assess(pack("amzn-4t"), DAYS["amzn-4t"], given).finding("automation")
    assert plain is not None
    assert dearer is not None
    assert dearer.score.hi < plain.score.lo


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"aws.net_sales": point(-1e9)}, "`aws.net_sales` is above 0, found -1,000,000,000"),
        ({"capex": point(-1.0)}, "`capex` is 0 or more, found -1"),
        ({"units_growth": point(-1.0)}, "`units_growth` is above -100%, found -1"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(given: Any, told: str) -> None:
    with pytest.raises(Impossible, match=told):
        assess(pack("amzn-4t"), DAYS["amzn-4t"], given)


def test_a_figure_that_leaves_one_that_cannot_be_is_refused() -> None:
    """Cloud alone cannot sell more than Alphabet."""
    with pytest.raises(Impossible, match="`core_sales` is above 0, and comes to -"):
        assess(pack("googl-cloud"), DAYS["googl-cloud"], {"cloud.net_sales": point(900e9)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("aws.net_sales=-1e9", "`aws.net_sales`: it is above 0, found `-1e9`"),
        (
            "aws_margin=30%*0",
            "expected a number of quarters from 1 to 80, or `all` for every quarter behind `*`",
        ),
        ("aws_margin=30%*some", "expected a number of quarters from 1 to 80, or `all`"),
        ("aws.growth=22%*4", "a driver is of the horizon, and of no quarter"),
    ],
)
def test_the_command_line_refuses_what_cannot_be(change: str, told: str, run: Any) -> None:
    found = run("check", "amzn-4t", "--as-of", "2026-10-15", "--set", change)
    assert found.code == 2
    assert told in found.err
