"""The risk of falling behind the price, over prices: what it says, why, and that nothing contradicts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from thesis.core.interval import Interval, point
from thesis.core.period import Quarter
from thesis.files.disk import bundled_folder
from thesis.language.evaluate import Supposition
from thesis.narrative.exclusive_statements import exclusive_statements
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import Assessment, RuleResult
from thesis.scoring.rules import RuleScorer

DAY = date(2026, 10, 15)
PACK = bundled_folder("rules") / "amzn-4t"


def execution(pack: Any, price: float, day: date = DAY) -> RuleResult:
    case = case_as_of(pack, day, {"price": point(price)})
    return RuleScorer(case).score_rule(next(risk for risk in pack.thesis.risks if risk.id == "execution"))


@pytest.mark.parametrize(("price", "least", "most"), [(120, 0.0, 0.25), (350, 0.25, 0.75), (400, 0.75, 1.0)])
@pytest.mark.parametrize("day", [DAY, date(2026, 11, 22)])  # on time, and when the next quarter is overdue
def test_a_dearer_share_is_a_greater_risk(
    price: float, least: float, most: float, day: date, assessed: Any
) -> None:
    """Low, elevated or worse, severe: once the growth needed was typed in, and 400 dollars read as 120."""
    found = execution(assessed.pack(PACK), price, day)
    assert least <= found.score.lo
    assert found.score.hi <= most
    assert (found.label == "severe") == (price == 400)


def test_neither_end_of_its_score_falls_as_the_price_rises(assessed: Any) -> None:
    prices = [*range(60, 360, 15), *(360 + i / 2 for i in range(40)), *range(380, 601, 20)]
    scores = [execution(assessed.pack(PACK), price).score for price in prices]
    for a, b in pairwise(scores):
        assert a.lo <= b.lo
        assert a.hi <= b.hi
    assert scores[0].hi < 0.25
    assert scores[-1].lo >= 0.75


def test_growth_in_the_price_has_a_history_and_upside_has_none(assessed: Any) -> None:
    """Ten quarters of the method; a scenario is not known before it was written."""
    case = case_as_of(assessed.pack(PACK), DAY)
    growth = [case.value("value.implied_growth", case.quarter - back) for back in range(10)]
    assert not any(each.is_anything for each in growth)
    assert all(0.1 < each.hi < 0.3 for each in growth)
    gaps = [case.value("expectation_gap", case.quarter - back) for back in range(10)]
    assert not any(each.is_anything for each in gaps)
    assert all(case.value("value.upside.base", case.quarter - back).is_anything for back in range(10))


def test_growth_is_the_root_of_a_discounted_cash_flow_written_anew(assessed: Any) -> None:
    """By bisection, from the rates in valuation.yaml, with nothing of the program's."""
    case = case_as_of(assessed.pack(PACK), DAY)
    worth = case.value("value.enterprise", case.quarter)
    profit = case.evaluator.ask(_parsed("ttm(operating_income)"), case.quarter).lo * 0.8

    def value(growth: float) -> float:
        nopat, total = float(profit), 0.0
        for year in range(1, 11):
            nopat *= 1 + growth
            total += nopat * (1 - growth / 0.25) / 1.09**year
        return total + nopat * 1.03 * (1 - 0.03 / 0.12) / (0.09 - 0.03) / 1.09**10

    for end, growth in ((worth.lo, "lo"), (worth.hi, "hi")):
        low, high = -0.2, 0.25
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if value(middle) < end else (low, middle)
        found = getattr(case.value("value.implied_growth", case.quarter), growth)
        assert found == pytest.approx(low, abs=1e-9)


def _parsed(text: str) -> Any:
    from thesis.case.case import parse_once

    return parse_once(text)


# statements that exclude each other --------------------------------------------------------------

WALK: tuple[dict[str, Any], ...] = (
    *({"given": {"price": float(price)}} for price in (20, 60, 120, 246.67, 350, 367.9, 400, 600)),
    *({"given": {"operating_cash_flow": flow}} for flow in (-5e9, 5e9, 60e9)),
    {"given": {"aws.operating_income": 1e9, "aws.net_sales": 36e9, "capex": 200e9}},
    {"given": {"ads.net_sales": 15e9, "na.operating_income": -6e9, "operating_income": -9e9}},
    {"beliefs": {"multiple": 40.0}},
    {"beliefs": {"aws.growth": 0.35, "multiple": 30.0}},
    *({"grade": level} for level in ("0", "2", "4", "0..4")),
)


def _looked(step: Mapping[str, Any], assessed: Any) -> Assessment:
    from thesis.appraisal.appraise import add_appraisal
    from thesis.scoring.assess import assess

    pack = assessed.pack(PACK)
    if "grade" in step:
        grades = [
            Judgement(
                rubric.id,
                _within(step["grade"], rubric),
                str(DAY),
                "t",
                "e",
                "s",
                period="2026Q2",
            )
            for rubric in pack.rubrics.values()
        ]
        pack = pack.with_facts(pack.facts, grades)
    given = {
        name: Supposition(point(value), 1 if name == "price" else 4)
        for name, value in step.get("given", {}).items()
    }
    beliefs = step.get("beliefs", {})
    return add_appraisal(pack, assess(pack, DAY, given, beliefs), beliefs)


def _within(level: str, rubric: Rubric) -> str:
    low, _, high = level.partition("..")
    highest = len(rubric.levels) - 1
    return f"{min(int(low), highest)}..{highest}" if high else str(min(int(low), highest))


def test_of_statements_that_exclude_each_other_one_is_made(assessed: Any) -> None:
    """Over prices, cash flows and grades no two of one row are true at once, and each is true somewhere.

    What the memo and the commands print is checked against the record that decides.
    """
    from thesis.memo.markdown import render_memo
    from thesis.reports import explanation

    made: dict[str, set[str]] = {}
    for step in WALK:
        a = _looked(step, assessed)
        rows = exclusive_statements(a)
        for row in rows:
            found = list(row.read(a))
            assert len(dict(found)) == len(found), "one statement about each subject"
            assert {key for _, key in found} <= row.statements.keys()
            made.setdefault(row.about, set()).update(key for _, key in found)
        keys = {row.about: dict(row.read(a)) for row in rows}
        _agrees(a, keys, render_memo(a) if "given" in step and "price" in step["given"] else "")
        for kill in a.kill:
            told = explanation.explain_rule(kill).splitlines()[1].strip()
            key = keys["a kill criterion"][kill.id]
            assert told.startswith({"triggered": "TRIPPED", "open": "not known"}.get(key, "not tripped")), (
                told
            )
    for row in rows:
        assert made[row.about] >= row.statements.keys() - {"open", "waiting"}, row.about


def _agrees(a: Assessment, keys: Mapping[str, Mapping[str, str]], memo: str) -> None:
    """What the memo says of the price, of the risk and of the target is what the records say."""
    risk, growth = a.finding("execution"), keys["growth in the price"].get("the price")
    assert risk is not None
    gap = next(part for part in risk.parts if part.id == "expectation_gap")
    if growth == "unsupported":
        assert gap.label == risk.label == keys["a risk"]["execution"] == "severe"
    if growth == "decline":
        assert gap.label == "low"
    if not memo:
        return
    assert not re.search(r"\binf\b|infinity|e308|E\+100", memo, re.IGNORECASE)
    today = next(line for line in memo.splitlines() if "What the price implies" in line)
    said = today.split("The target")[0]
    assert ("no growth supports the price" in said) == (growth == "unsupported")
    assert ("stands for operating income growing" in said) == (growth == "supported")
    rows = [
        line for line in memo.splitlines() if line.startswith("| Growth in the price less growth delivered |")
    ]
    assert rows
    assert all(("no growth supports the price" in line) == (growth == "unsupported") for line in rows)


def test_a_price_between_two_ends_of_what_is_known_is_open(assessed: Any) -> None:
    """Where the stakes' rounding decides whether growth supports the price, neither is said."""
    low, high = 360.0, 380.0
    pack = assessed.pack(PACK)
    for _ in range(60):
        middle = (low + high) / 2
        case = case_as_of(pack, DAY, {"price": point(middle)})
        found: Interval = case.value("value.implied_growth", Quarter.parse("2026Q2"))
        if found.hi < float("inf"):
            low = middle
        elif found.lo == float("inf"):
            high = middle
        else:
            break
    a = _looked({"given": {"price": middle}}, assessed)
    keys = {row.about: dict(row.read(a)) for row in exclusive_statements(a)}
    assert keys["growth in the price"] == {"the price": "open"}
    assert a.finding("execution").label.endswith(" to severe")  # type: ignore[union-attr]
