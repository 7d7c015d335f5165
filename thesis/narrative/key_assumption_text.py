"""The assumption that matters most for the target, in a sentence."""

from __future__ import annotations

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.core import formatting
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, assumptions_of, growth_name, margin_name
from thesis.scoring.what_if import assumption_texts

ALSO = 3  # beliefs named beside the first
CLOSE = 5e-4  # of the target: what prints as 0.0% away from it is at it


def key_assumption(a: Appraisal) -> str:
    """What the middle beliefs come to, which belief moves that most, and what alone would change the answer.

    Empty where nothing could be reckoned. The widest swing of market value between a belief's low and
    its high value decides; ranges are the pack's own.
    """
    if a.market_cap is None or not a.levers:
        return ""
    told = [_passed(a), f"{middle_outcome(a)}.", _most(a)]
    return " ".join(part for part in told if part)


def joint_move_text(a: Appraisal) -> str:
    """``with every belief at its middle``, but for those that a what-if sets."""
    if not a.changed:
        return "with every belief at its middle"
    told = [f"{driver_name(a, name)} at {value}" for name, value in what_if_assumptions(a).items()]
    others = assumptions_of(a.valuation).keys() - a.changed
    return f"with {formatting.join_words([*told, *(['every other belief at its middle'] if others else [])])}"


def what_if_assumptions(a: Appraisal) -> dict[str, str]:
    """The beliefs that a what-if sets, by their names, as they are printed."""
    return assumption_texts(a.valuation, a.changed or {}, currency(a))


def is_short(a: Appraisal) -> bool:
    """Whether the middle beliefs end below the target."""
    return a.market_cap is not None and a.market_cap < a.target * (1 - CLOSE)


def driver_name(a: Appraisal, name: str) -> str:
    """A driver in a sentence: ``AWS growth``, ``AWS margin``, ``operating EV/EBIT``, ``free cash flow``."""
    for segment in a.valuation.segments:
        if name == growth_name(segment.id):
            return f"{segment.name} growth"
        if name == margin_name(segment.id):
            return f"{segment.name} margin"
    fixed = {MULTIPLE: formatting.OPERATING, CASH_FLOW: "free cash flow"}
    claims = {claim.id: claim.name for claim in a.valuation.claims}
    return fixed.get(name) or claims.get(name, name)


def lever_value(lever: AssumptionSwing, value: float | None, unit: str) -> str:
    """A belief's value as it is printed, money in a currency; nothing for none.

    It has as many digits as tell it from the ends of the belief's range.
    """
    ends = (lever.low, lever.high)
    if lever.show == "multiple":
        return formatting.times(value, beside=ends)
    return formatting.short(value, lever.show, unit if lever.show == "billions" else "ratio", beside=ends)


def lever_range(lever: AssumptionSwing, unit: str) -> str:
    """``16.0x to 26.0x``: a belief's own range."""
    return f"{lever_value(lever, lever.low, unit)} to {lever_value(lever, lever.high, unit)}"


def currency(a: Appraisal) -> str:
    """The unit of the target's money."""
    return a.start.market_cap.unit


def _passed(a: Appraisal) -> str:
    if not a.is_passed:
        return ""
    now = formatting.short(a.start.market_cap.value, "billions", currency(a))
    return f"The target is passed already: the market value is {now}."


def middle_outcome(a: Appraisal) -> str:
    """What the beliefs come to with each at its middle, and how far from the target that is."""
    assert a.market_cap is not None
    unit = currency(a)
    away = a.market_cap / a.target - 1
    told = (
        f"{_first_upper(joint_move_text(a))} the market value comes to "
        f"{formatting.value(a.market_cap, 'billions', unit)} on {formatting.day(a.by)}, "
    )
    if abs(away) < CLOSE:
        return f"{told}which is the target"
    side = "short of" if away < 0 else "above"
    return f"{told}{formatting.value(abs(away), 'percent')} {side} the target"


def _most(a: Appraisal) -> str:
    """Which belief moves the outcome most, what it would have to be alone, and which others would do."""
    first, *others = a.levers
    unit = currency(a)
    if not first.swing:
        return "No belief has a range, so none decides."
    told = (
        f"{_first_upper(driver_name(a, first.name))} decides most: from {lever_range(first, unit)} it moves "
        f"that by {formatting.value(first.swing, 'billions', unit)}; {_alone(a, first)}."
    )
    also = [lever for lever in others if lever.inside and lever.swing][:ALSO]
    if not also:
        return f"{told} No other belief does so inside its own range." if first.inside and others else told
    named = formatting.join_words(f"{driver_name(a, lever.name)} {_edge(a, lever)}" for lever in also)
    return f"{told} {'So would' if first.inside else 'Inside its own range so would'} {named}."


def _alone(a: Appraisal, lever: AssumptionSwing) -> str:
    """``21.4x alone would do, inside that range``; or from where on the target would be missed."""
    if lever.breakeven is None:
        return (
            "no value of it alone would do" if is_short(a) else "no value of it alone would miss the target"
        )
    where = "inside that range" if lever.inside else "outside that range"
    edge = _edge(a, lever).removeprefix("at ")
    return f"{edge} alone would {'do' if is_short(a) else 'miss the target'}, {where}"


def _edge(a: Appraisal, lever: AssumptionSwing) -> str:
    """``at 21.4x`` where that reaches the target, ``below 18.0x`` where that is to miss it."""
    value = lever_value(lever, lever.breakeven, currency(a))
    if is_short(a):
        return f"at {value}"
    return f"{'below' if lever.at_high >= lever.at_low else 'above'} {value}"


def _first_upper(text: str) -> str:
    return text[0].upper() + text[1:]
