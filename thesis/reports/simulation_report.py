"""What ``thesis simulate`` prints: probabilities by date, their causes, and those of a random walk."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from thesis.appraisal.simulation.target_chances import DriverSpread, SimulatedDate, TargetSimulation
from thesis.core import formatting
from thesis.core.interval import Interval, total
from thesis.document.blocks import (
    RIGHT,
    Block,
    Column,
    Document,
    LabelledTexts,
    Line,
    Paragraph,
    Table,
    TextWithEnd,
    spaced_groups,
    table_of,
)
from thesis.language.evaluate import Supposition
from thesis.pack.assumptions import MULTIPLE
from thesis.pack.load import Pack
from thesis.pack.schema.valuation import ScenarioEvent
from thesis.scoring.what_if import figure_texts

WIDTH = 88
FAR = 0.15  # between two chances, from which a reason is given
LABEL = 9
INDENT = "  "
SCALES = (("T", 1e12), ("bn", 1e9), ("M", 1e6))  # of market values


def simulation_document(
    found: TargetSimulation, pack: Pack, given: Mapping[str, Supposition], *, asked: int
) -> Document:
    """The whole answer. ``given``: figures of a what-if; ``asked``: for how many draws."""
    assert pack.valuation
    groups: list[Sequence[Block]] = [
        _head(found, pack, asked),
        [_labelled([*_assumed(found, pack, given)])],
        [_labelled([*_events(pack.valuation.event)])],
        [_dates(found), Line("* the target's own date", INDENT)],
        _remarks(found),
        _reasons(found),
        [_drivers(found), Paragraph(_drivers_about(found), INDENT)],
    ]
    return Document(WIDTH, spaced_groups(groups))


def _head(found: TargetSimulation, pack: Pack, asked: int) -> list[Block]:
    about = (
        f"chances of {_money(found, found.target)} by drawing from beliefs; "
        f"today {_money(found, found.market_cap)}, figures to {found.quarter}"
    )
    paired = " (they come in pairs)" if found.draws != asked else ""
    return [
        TextWithEnd(f"{pack.thesis.id}  {pack.thesis.title}", f"as of {found.as_of}"),
        Line(about),
        Line(f"{found.draws:,} draws{paired}, seed {found.seed}"),
    ]


def _assumed(
    found: TargetSimulation, pack: Pack, given: Mapping[str, Supposition]
) -> Iterator[tuple[str, str]]:
    """Whose beliefs these are, and what was changed in them for this answer."""
    written = (
        f"one person's, written on {formatting.day(found.written)}, and the chances are no "
        "better than they are"
    )
    hindsight = "; seen from this day they are hindsight" if found.hindsight else ""
    yield "beliefs", written + hindsight
    for name, told in figure_texts(pack, given).items():
        yield "what if", f"{name} is {told}, whatever was filed"
    for driver in found.drivers:
        if driver.was is not None:
            now, was = (_value(driver, each, found.currency) for each in (driver.central, driver.was))
            in_the_middle = f"{driver.name} is {now} in the middle"
            yield "what if", f"{in_the_middle}, not {was} as in the pack; it spreads as before"
    if found.passed:
        told = "the market value is at or above the target already, so it has been touched for certain"
        yield "passed", told


def _events(event: ScenarioEvent) -> Iterator[tuple[str, str]]:
    yield "end", f"the mean of the last {event.end} closes up to the date is at or above the target"
    yield "touch", f"{event.touch} closes in a row are, at any time up to the date"
    yield (
        "",
        "The draws stand for them with the value on the date, and with a path to it that is always watched.",
    )


def _dates(found: TargetSimulation) -> Table:
    """The chances by date, what the draws come to, and the chances under a random walk."""
    unit, scale = next((each for each in SCALES if found.target >= each[1]), ("", 1.0))

    def by(each: SimulatedDate) -> str:
        return f"{each.day}{'*' if each.day == found.by else ''}"

    def end(each: SimulatedDate) -> str:
        return f"{_chance(each.drawn.p_end)} ±{_error(each.drawn.p_end_error)}"

    def value(heading: str, i: int) -> Column[SimulatedDate]:
        return Column(
            heading, lambda each: f"{_value_of(each.drawn.percentiles[i], scale)}{unit}", align=RIGHT
        )

    def walk(event: str) -> Column[SimulatedDate]:
        return Column(f"walk: {event}", lambda each: _range(getattr(each.walk, event)) if each.walk else "")

    walks = [walk("end"), walk("touch")] if found.volatility is not None else []
    columns = (
        Column("by", by, is_head=True),
        Column("end", end),
        Column[SimulatedDate]("touch", lambda each: _chance(each.drawn.p_touch)),
        *(value(heading, i) for heading, i in (("value at 5%", 0), ("50%", 2), ("95%", 4))),
        *walks,
    )
    return table_of(columns, found.dates, indent=INDENT)


def _remarks(found: TargetSimulation) -> list[Block]:
    """What a reader of the table should know."""
    told: list[tuple[str, str]] = []
    own = next((each for each in found.dates if each.day == found.by), None)
    widest = max(max(each.end.width, each.touch.width) for each in found.dates)
    if own and found.uncertain:
        within = (
            f"whatever today's {formatting.join_words(found.uncertain)} may be within their ranges, the "
            f"chances on {own.day} are {_range(own.end)} at the end and {_range(own.touch)} to touch; on no "
            f"date are they more than {_chance(widest)} apart"
        )
        told.append(("range", within))
    for each in found.dates:
        if each.drawn.not_positive:
            losses = f"by {each.day} {each.drawn.not_positive:,} draws come to no positive value"
            told.append(("losses", f"{losses}; they count as below the target"))
    return [_labelled(told)] if told else []


def _reasons(found: TargetSimulation) -> list[Block]:
    """Why draws and walk are far apart, where they are."""
    far = [each for each in found.dates if each.walk and _is_far(each)]
    rows = [("" if i else "why", _why(found, each)) for i, each in enumerate(far)]
    return [_labelled([*rows, ("", _ways(found))])] if far else []


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


def _drivers(found: TargetSimulation) -> Table:
    """Each driver and its part in the spread; an estimate that misses 0 or 1 by its error is told as that."""

    def middle(driver: DriverSpread) -> str:
        mean = " mean" if driver.centre == "mean" else ""
        return f"{_value(driver, driver.central, found.currency)}{mean}"

    def part(heading: str, name: str) -> Column[DriverSpread]:
        def cell(driver: DriverSpread) -> str:
            share: float | None = getattr(driver, name)
            return "" if share is None else formatting.share(min(1.0, max(0.0, share)))

        return Column(heading, cell, align=RIGHT)

    columns = (
        Column[DriverSpread]("driver", lambda driver: driver.name, is_head=True),
        Column[DriverSpread]("drawn", lambda driver: driver.distribution),
        Column("middle", middle),
        Column[DriverSpread]("spread", lambda driver: _sd(driver, found.currency)),
        part("share", "share"),
        part("alone", "first"),
        part("left", "total"),
    )
    drivers = sorted(found.drivers, key=lambda each: -(each.share or 0.0))
    table = table_of(columns, drivers, indent=INDENT)
    given = [driver.share for driver in found.drivers if driver.share is not None]
    if not given:
        return table
    rest = formatting.share(max(0.0, 1 - total(given)))
    return table._replace(rows=(*table.rows, ["bends and interplay", "", "", "", rest, "", ""]))


def _drivers_about(found: TargetSimulation) -> str:
    error = f", ±{100 * found.error:.1f} points" if found.error is not None else ""
    return (
        "Of the variance of the logarithm of the market value on the target's date. share: what a driver "
        "adds to what is known, averaged over every order of learning; alone: what learning it alone would "
        "take away, with what it says of the drivers it moves with; left: what would remain if all the "
        f"others were known{error}."
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


def _labelled(rows: Sequence[tuple[str, str]]) -> LabelledTexts:
    return LabelledTexts(tuple(rows), LABEL, INDENT)
