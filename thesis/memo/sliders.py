"""The sliders of an HTML memo: which assumptions they set, and the figures that the page recalculates.

The page's script multiplies and adds as ``pricing.model`` does at the horizon. A slider moves in steps
of the last digit that its belief is printed with, counted from the middle, so that what stands beside it
is what ``thesis value --set`` can be given.
"""

from __future__ import annotations

import math
from decimal import Decimal
from shlex import quote
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.core.formatting import money_sign
from thesis.core.interval import Interval, total
from thesis.core.strict_ends import as_stated
from thesis.language.evaluate import Supposition
from thesis.narrative.key_assumption_text import CLOSE, currency, driver_name, lever_value, middle_outcome
from thesis.pack.assumptions import unsound_value
from thesis.scoring.assessment import Assessment
from thesis.scoring.what_if import EVERY

REACH = Decimal("0.5")  # of a belief's own range, how far a slider goes beyond either end of it
DIGITS = 6  # decimals of a slider's place, in its unit


class SliderScale(NamedTuple):
    """How a belief is typed: what stands behind the digits, the figure in those units, and one step."""

    unit: str
    times: Decimal
    step: Decimal


PERCENT = SliderScale("%", Decimal(100), Decimal("0.1"))
MULTIPLE = SliderScale("", Decimal(1), Decimal("0.1"))
MILLIONS = SliderScale("e6", Decimal("1e-6"), Decimal(1))
BILLIONS = SliderScale("e9", Decimal("1e-9"), Decimal("0.1"))
LARGE = SliderScale("e9", Decimal("1e-9"), Decimal(1))


class Slider(NamedTuple):
    """One belief. ``least``, ``most`` and ``at`` count in ``unit``, ``value`` is the figure itself.

    ``role``: growth, margin, multiple or beside (money that is added); ``segment`` and its ``sales`` today,
    of a growth and of a margin. ``supposed``: a what-if has set it.
    """

    driver: str
    name: str
    role: str
    segment: str
    sales: str
    show: str
    unit: str
    least: str
    most: str
    step: str
    at: str
    value: str
    told: str
    supposed: bool


class Sliders(NamedTuple):
    """All of them, widest swing first, and what is the same whatever is believed.

    ``fixed``: what stands beside the business and nobody has a belief about. ``middle``: what the middle
    beliefs come to, in words. ``supposed``: figures that the memo was told to assume, as ``--set`` takes
    them.
    """

    horizon: str
    target: str
    fixed: str
    sign: str
    close: str
    middle: str
    supposed: tuple[str, ...]
    rows: tuple[Slider, ...]


def memo_sliders(a: Assessment) -> Sliders | None:
    """What can be moved; None where nothing can be reckoned or no belief has a range."""
    v: Appraisal | None = a.appraisal
    if v is None or v.market_cap is None or not any(lever.swing for lever in v.levers):
        return None
    known, holdings = {lever.name for lever in v.levers}, v.start.central().holdings
    idle = known & {claim.id for claim in v.valuation.claims if not claim.counted}
    return Sliders(
        horizon=repr(v.horizon),
        target=repr(float(v.target)),
        fixed=repr(total(each.value for each in holdings if each.id not in known)),
        sign=money_sign(currency(v)),
        close=repr(CLOSE),
        middle=f"{middle_outcome(v)}.",
        supposed=tuple(quote(f"{name}={_typed(value)}") for name, value in a.given.items()),
        rows=tuple(_slider(v, lever) for lever in v.levers if lever.name not in idle),
    )


def _slider(v: Appraisal, lever: AssumptionSwing) -> Slider:
    segment, _, role = lever.name.rpartition(".")
    sales = next((stand.sales for stand in v.start.central().segments if stand.id == segment), None)
    scale, middle = _scale(lever), _placed(lever, lever.central)
    return Slider(
        driver=lever.name,
        name=driver_name(v, lever.name),
        role=role if segment else "multiple" if lever.show == "multiple" else "beside",
        segment=segment,
        sales="" if sales is None else repr(float(sales)),
        show=lever.show,
        unit=scale.unit,
        least=_plain(middle - _steps(lever, middle, -1) * scale.step),
        most=_plain(middle + _steps(lever, middle, 1) * scale.step),
        step=_plain(scale.step),
        at=_plain(middle),
        value=repr(float(lever.central)),
        told=lever_value(lever, lever.central, currency(v)),
        supposed=lever.name in (v.changed or {}),
    )


def _scale(lever: AssumptionSwing) -> SliderScale:
    if lever.show != "billions":
        return MULTIPLE if lever.show == "multiple" else PERCENT
    largest = max(abs(lever.low), abs(lever.high))
    return LARGE if largest >= 1e10 else BILLIONS if largest >= 1e9 else MILLIONS


def _placed(lever: AssumptionSwing, value: float) -> Decimal:
    """A belief's value in the units of its slider."""
    return round(Decimal(repr(float(value))) * _scale(lever).times, DIGITS)


def _steps(lever: AssumptionSwing, middle: Decimal, way: int) -> Decimal:
    """How many whole steps a slider goes up (1) or down (-1) from the middle, to values that are sound."""
    scale, low, high = _scale(lever), _placed(lever, lever.low), _placed(lever, lever.high)
    end = (high if way > 0 else low) + way * REACH * (high - low)
    steps = max((end - middle) * way // scale.step, Decimal(0))
    while steps and any(unsound_value(lever.name, float((middle + way * steps * scale.step) / scale.times))):
        steps -= 1
    return steps


def _plain(number: Decimal) -> str:
    """Digits without an exponent, which a range input would not take."""
    return f"{number.normalize():f}"


def _typed(supposed: Supposition) -> str:
    """A value and its quarters as ``--set`` takes them."""
    return f"{_value(supposed.value)}{_behind(supposed.quarters)}"


def _behind(quarters: int | None) -> str:
    return "" if quarters == 1 else f"*{quarters or EVERY}"


def _value(value: Interval) -> str:
    value = as_stated(value)
    low, high = (repr(float(end)) for end in (value.lo, value.hi))
    if value.is_point:
        return low
    return f">{low}" if math.isinf(value.hi) else f"<{high}" if math.isinf(value.lo) else f"{low}..{high}"
