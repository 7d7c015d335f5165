"""What ``thesis simulate`` prints: probabilities by date, their causes, and those of a random walk."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from textwrap import fill, shorten

from thesis.appraisal.simulation.target_chances import DriverSpread, SimulatedDate, TargetSimulation
from thesis.core import formatting
from thesis.core.interval import Interval, total
from thesis.language.evaluate import Supposition
from thesis.pack.assumptions import MULTIPLE
from thesis.pack.load import Pack
from thesis.pack.schema.valuation import ScenarioEvent
from thesis.scoring.what_if import figure_texts

WIDTH = 88
FAR = 0.15  # between two chances, from which a reason is given
LABEL = 9
SCALES = (("T", 1e12), ("bn", 1e9), ("M", 1e6))  # of market values


def simulation_text(
    found: TargetSimulation, pack: Pack, given: Mapping[str, Supposition], *, asked: int
) -> str:
    """The whole answer, for a terminal. ``given``: figures of a what-if; ``asked``: for how many draws."""
    assert pack.valuation
    lines = [
        *_head(found, pack, asked),
        *_assumed(found, pack, given),
        "",
        *_events(pack.valuation.event),
        "",
        *_dates(found),
        *_remarks(found),
        "",
        *_drivers(found),
    ]
    return "\n".join(lines) + "\n"


def _head(found: TargetSimulation, pack: Pack, asked: int) -> Iterator[str]:
    name, right = pack.thesis.id, f"as of {found.as_of}"
    left = shorten(pack.thesis.title, WIDTH - len(name) - len(right) - 4, placeholder=" ...")
    yield f"{f'{name}  {left}':<{WIDTH - len(right)}}{right}"
    yield (
        f"chances of {_money(found, found.target)} by drawing from beliefs; "
        f"today {_money(found, found.market_cap)}, figures to {found.quarter}"
    )
    paired = " (they come in pairs)" if found.draws != asked else ""
    yield f"{found.draws:,} draws{paired}, seed {found.seed}"
    yield ""


def _assumed(found: TargetSimulation, pack: Pack, given: Mapping[str, Supposition]) -> Iterator[str]:
    """Whose beliefs these are, and what was changed in them for this answer."""
    written = (
        f"one person's, written on {formatting.day(found.written)}, and the chances are no "
        "better than they are"
    )
    hindsight = "; seen from this day they are hindsight" if found.hindsight else ""
    yield from _labelled("beliefs", written + hindsight)
    for name, told in figure_texts(pack, given).items():
        yield from _labelled("what if", f"{name} is {told}, whatever was filed")
    for driver in found.drivers:
        if driver.was is not None:
            yield from _labelled(
                "what if",
                f"{driver.name} is {_value(driver, driver.central, found.currency)} in the middle, "
                f"not {_value(driver, driver.was, found.currency)} as in the pack; it spreads as before",
            )
    if found.passed:
        yield from _labelled(
            "passed", "the market value is at or above the target already, so it has been touched for certain"
        )


def _events(event: ScenarioEvent) -> Iterator[str]:
    yield from _labelled(
        "end", f"the mean of the last {event.end} closes up to the date is at or above the target"
    )
    yield from _labelled("touch", f"{event.touch} closes in a row are, at any time up to the date")
    yield from _labelled(
        "",
        "The draws stand for them with the value on the date, and with a path to it that is always watched.",
    )


def _dates(found: TargetSimulation) -> Iterator[str]:
    walk = found.volatility is not None
    unit, scale = next((each for each in SCALES if found.target >= each[1]), ("", 1.0))
    yield f"  {'':<13}{'beliefs':<51}{'random walk' if walk else ''}".rstrip()
    heads = f"  {'by':<13}{'end':<15}{'touch':<9}{'market value at 5, 50, 95%':<27}"
    yield f"{heads}{'end        touch' if walk else ''}".rstrip()
    for each in found.dates:
        low, _, middle, _, high = (_value_of(value, scale) for value in each.drawn.percentiles)
        own = "*" if each.day == found.by else ""
        chances = f"{_chance(each.drawn.p_end)} ±{_error(each.drawn.p_end_error)}"
        beside = f"{_range(each.walk.end):<11}{_range(each.walk.touch)}" if each.walk else ""
        values = f"{low:>6} {middle:>6} {high:>6}{unit}"
        touch = _chance(each.drawn.p_touch)
        yield f"  {f'{each.day}{own}':<13}{chances:<15}{touch:<9}{values:<27}{beside}".rstrip()
    yield "  * the target's own date"


def _remarks(found: TargetSimulation) -> Iterator[str]:
    """What a reader of the table should know."""
    own = next((each for each in found.dates if each.day == found.by), None)
    widest = max(max(each.end.width, each.touch.width) for each in found.dates)
    if own and found.uncertain:
        yield ""
        yield from _labelled(
            "range",
            f"whatever today's {formatting.join_words(found.uncertain)} may be within their ranges, "
            "the chances on "
            f"{own.day} are {_range(own.end)} at the end and {_range(own.touch)} to touch; on no date are "
            f"they more than {_chance(widest)} apart",
        )
    for each in found.dates:
        if each.drawn.not_positive:
            yield from _labelled(
                "losses",
                f"by {each.day} {each.drawn.not_positive:,} draws come to no positive value; "
                "they count as below the target",
            )
    far = [each for each in found.dates if each.walk and _is_far(each)]
    if far:
        yield ""
        for i, each in enumerate(far):
            yield from _labelled("" if i else "why", _why(found, each))
        yield from _labelled("", _ways(found))


def _is_far(each: SimulatedDate) -> bool:
    walk = each.walk
    if walk is None or walk.end.is_anything or walk.touch.is_anything:
        return False
    return abs(each.drawn.p_end - walk.end.middle) > FAR or abs(each.drawn.p_touch - walk.touch.middle) > FAR


def _why(found: TargetSimulation, each: SimulatedDate) -> str:
    """How far apart the two are at a date, in the middle and in spread."""
    drawn, walk = each.drawn, each.walk
    assert walk
    assert found.volatility is not None
    assert found.drift is not None
    middle = drawn.percentiles[2]
    pace = (middle / found.market_cap) ** (1 / walk.years) - 1 if middle else None
    apart = [
        f"{name} {_chance(ours)} against {_range(theirs)}"
        for name, ours, theirs in (("end", drawn.p_end, walk.end), ("touch", drawn.p_touch, walk.touch))
        if abs(ours - theirs.middle) > FAR
    ]
    ours = formatting.value(pace, "percent") or "nothing"
    theirs = _percent(math.expm1(found.drift - found.volatility**2 / 2))
    return (
        f"{each.day}, {formatting.join_words(apart)}: the middle value grows by {ours} a year in the "
        "beliefs and by "
        f"{theirs} in the walk; the logarithm spreads by {drawn.log_sd:.2f} and by "
        f"{found.volatility * math.sqrt(walk.years):.2f}."
    )


def _ways(found: TargetSimulation) -> str:
    multiple = next(driver for driver in found.drivers if driver.name == MULTIPLE)
    return (
        f"The beliefs follow profits, at an operating EV/EBIT that travels from {found.multiple:.1f}x to "
        f"{multiple.central:.1f}x; the walk knows neither, only a drift of {_percent(found.drift)} "
        f"and a volatility of {_percent(found.volatility)} a year."
    )


def _percent(value: float | None) -> str:
    return formatting.value(value, "percent")


def _drivers(found: TargetSimulation) -> Iterator[str]:
    """Each driver and its part in the spread; an estimate that misses 0 or 1 by its error is told as that."""
    yield f"  {'driver':<22}{'drawn':<11}{'middle':<16}{'spread':<14}{'share':>6}{'alone':>8}{'left':>7}"
    for driver in sorted(found.drivers, key=lambda each: -(each.share or 0.0)):
        parts = "".join(
            f"{'' if part is None else formatting.share(min(1.0, max(0.0, part))):>{width}}"
            for part, width in ((driver.share, 6), (driver.first, 8), (driver.total, 7))
        )
        middle = _value(driver, driver.central, found.currency) + (" mean" if driver.centre == "mean" else "")
        spread = _sd(driver, found.currency)
        yield f"  {driver.name:<21} {driver.distribution:<11}{middle:<15} {spread:<14}{parts}".rstrip()
    given = [driver.share for driver in found.drivers if driver.share is not None]
    if given:
        yield f"  {'bends and interplay':<63}{formatting.share(max(0.0, 1 - total(given))):>6}"
    error = f", ±{100 * found.error:.1f} points" if found.error is not None else ""
    yield from _labelled(
        "",
        "Of the variance of the logarithm of the market value on the target's date. share: what a driver "
        "adds to what is known, averaged over every order of learning; alone: what learning it alone would "
        "take away, with what it says of the drivers it moves with; left: what would remain if all the "
        f"others were known{error}.",
    )


def _sd(driver: DriverSpread, currency: str) -> str:
    if driver.sd is None:
        return ""
    how = (
        "percent"
        if driver.distribution == "lognormal"
        else "points"
        if driver.show == "percent"
        else driver.show
    )
    shown = formatting.value(driver.sd, how, currency).removeprefix("+")
    return shown + (" a year" if driver.sd_of == "year" else "")


def _value(driver: DriverSpread, value: float, currency: str) -> str:
    return formatting.value(value, driver.show, currency if driver.show == "billions" else "ratio")


def _money(found: TargetSimulation, value: float) -> str:
    return formatting.value(value, "billions", found.currency)


def _value_of(value: float | None, scale: float) -> str:
    return "loss" if value is None else f"{value / scale:.2f}"


def _range(value: Interval) -> str:
    if value.is_anything:
        return formatting.UNKNOWN_TEXT
    low, high = _chance(value.lo), _chance(value.hi)
    return low if low == high else f"{low}-{high}"


def _chance(p: float) -> str:
    """``.438``: three digits."""
    shown = f"{p:.3f}"
    return shown if shown.startswith("1") else shown[1:]


def _error(error: float) -> str:
    return f"{error:.4f}"[1:]


def _labelled(label: str, told: str) -> list[str]:
    indent = " " * (LABEL + 2)
    return fill(told, WIDTH, initial_indent=f"  {label:<{LABEL}}", subsequent_indent=indent).splitlines()
