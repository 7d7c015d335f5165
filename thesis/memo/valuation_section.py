"""The section of a memo about the valuation: what the target takes, scenarios, beliefs and chances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.appraisal.price_paths import PriceChange
from thesis.appraisal.scenarios import ScenarioResult
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.document.blocks import RIGHT, Block, Bullets, Column, Paragraph, Slots, table_of
from thesis.document.inline import SMALL, Figure, Span, Text, code, emphasis, strong, unbroken
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative import key_assumption_text, valuation_text
from thesis.narrative.valuation_text import BridgeRow

Part = Callable[[Appraisal], Iterator[Block]]
PATHS_ABOUT = (
    " Its change in logarithms, which add up: what operating income, the market value as a multiple of it "
    "and the number of shares did. That multiple holds cash, debt and stakes too, which the operating EV of "
    "the bridge leaves out. Net income stands in none of it: gains on stakes are not earnings."
)


def _valuation(subject: MemoSubject) -> list[Block]:
    return valuation_blocks(subject, PARTS)


def valuation_blocks(subject: MemoSubject, parts: Sequence[Part]) -> list[Block]:
    """What is known of the valuation: its parts, or why there are none."""
    v: Appraisal | None = subject.a.appraisal
    if v is None:
        return []
    about = _about(subject, v)
    if v.reason:
        missing = tuple(Figure("", each) for each in v.missing)
        return [about, Paragraph((f"Nothing can be reckoned: {v.reason}", *missing, "."))]
    return [about, *(block for part in parts for block in part(v))]


def _about(subject: MemoSubject, v: Appraisal) -> Paragraph:
    hindsight = ", in hindsight of this memo's day" if v.written > subject.a.as_of else ""
    told: list[Text] = [
        "Beside the scores, and never netted into them. Beliefs about the horizon were written down on ",
        f"{formatting.day(v.written)}{hindsight}; {subject.a.pack}'s valuation.yaml has each with its ",
        "reason.",
    ]
    if v.changed:
        told += [" ", strong("What if")]
        for i, (name, value) in enumerate(key_assumption_text.what_if_assumptions(v).items()):
            told += ["," if i else "", " ", code(name), f" = {value}"]
        told.append(": in no file.")
    return Paragraph(tuple(told))


def _passed(v: Appraisal) -> Iterator[Block]:
    if v.is_passed:
        lead = strong("The market value is at the target already.")
        yield Paragraph((lead, " What follows is what it takes to be worth it."))


def key_assumption(v: Appraisal) -> Iterator[Block]:
    """What decides most, and the sliders of a page."""
    yield Paragraph(key_assumption_text.key_assumption(v))
    yield Slots(("sliders",))


# from here to the target -------------------------------------------------------------------------

BRIDGE_COLUMNS = (
    Column[BridgeRow]("from here to the target", lambda row: row.label),
    Column[BridgeRow]("today", lambda row: Figure(row.now, row.evidence), align=RIGHT),
    Column[BridgeRow]("at the target", lambda row: row.then, align=RIGHT),
    Column[BridgeRow]("what it takes", lambda row: row.takes),
)


def bridge(v: Appraisal) -> Iterator[Block]:
    """From market value over what is owed and owned to profit and multiple, today and at the target."""
    if v.needs:
        yield table_of(BRIDGE_COLUMNS, valuation_text.bridge_rows(v), caption="From here to the target")


def implied_growth(v: Appraisal) -> Iterator[Block]:
    """The growth that the price pays for."""
    if v.expectations:
        told = valuation_text.implied_growth_text(v)
        yield Paragraph((strong("What the price implies."), f" {told}"))


# how the price came about ------------------------------------------------------------------------


class PathRow(NamedTuple):
    """A change of the price, since a day or in a scenario to come, in its parts."""

    name: Text
    change: PriceChange
    route: str


def _signed(value: Interval | None) -> str:
    return formatting.value(value, "percent", signed=True)


def _multiple(row: PathRow) -> Text:
    change = row.change
    if change.multiple.is_anything:
        return _signed(change.multiple)
    ends = (formatting.value(each, "multiple") for each in (change.multiple_from, change.multiple_to))
    return (_signed(change.multiple), " ", Span(f"({' to '.join(ends)})", SMALL))


PATH_COLUMNS = (
    Column[PathRow]("since", lambda row: row.name),
    Column[PathRow]("price", lambda row: _signed(row.change.price), align=RIGHT),
    Column[PathRow]("operating income", lambda row: _signed(row.change.ebit), align=RIGHT),
    Column("market value/EBIT", _multiple, align=RIGHT),
    Column[PathRow]("shares", lambda row: _signed(row.change.shares), align=RIGHT),
    Column[PathRow]("path", lambda row: row.route),
)


def price_paths(v: Appraisal) -> Iterator[Block]:
    """The past changes of the price, and those of the scenarios, in the parts that add up to them."""
    if not v.since:
        return
    yield Paragraph((strong("How the price came about."), PATHS_ABOUT))
    yield Slots(("attribution",))
    rows = [PathRow(unbroken(str(s.since)), s, valuation_text.path_text(v, s)) for s in v.since]
    for view in v.scenarios:
        name = emphasis((f"{view.scenario.name}, to ", unbroken(str(v.by))))
        rows.append(PathRow(name, view.attribution, valuation_text.path_text(v, view.attribution)))
    yield table_of(PATH_COLUMNS, rows, caption="How the price came about", is_captioned=False)


# scenarios and beliefs ---------------------------------------------------------------------------


def _percent(value: Interval | float | None) -> str:
    return formatting.value(value, "percent")


def scenarios(v: Appraisal) -> Iterator[Block]:
    """Where each scenario ends, what it claims, and what the probabilities make of them."""
    if not v.scenarios:
        return

    def money(value: Interval | float) -> str:
        return formatting.value(value, "billions", key_assumption_text.currency(v))

    def income(view: ScenarioResult) -> Text:
        return (money(view.ebit), " ", Span(f"({_percent(view.ebit_cagr)} a year)", SMALL))

    def needed(view: ScenarioResult) -> str:
        return formatting.value(view.multiple_needed, "multiple") or "none"

    columns = (
        Column[ScenarioResult](f"scenario to {v.by}", lambda view: strong(view.scenario.name)),
        Column("operating income", income, align=RIGHT),
        Column[ScenarioResult]("sales a year", lambda view: _percent(view.sales_cagr), align=RIGHT),
        Column[ScenarioResult]("margin", lambda view: _percent(view.margin), align=RIGHT),
        Column[ScenarioResult]("market value", lambda view: money(view.market_cap), align=RIGHT),
        Column[ScenarioResult]("a year", lambda view: _percent(view.cap_cagr), align=RIGHT),
        Column("operating EV/EBIT the target takes", needed, align=RIGHT),
        Column("seen today", valuation_text.scenario_status),
    )
    yield Slots(("football",))
    yield table_of(columns, v.scenarios, caption=f"Scenarios to {v.by}")
    claims: list[Text] = [
        (strong(f"{view.scenario.name}."), f" {view.scenario.claim}") for view in v.scenarios
    ]
    if v.expected:
        expected = f", by the analyst's own probabilities: {money(v.expected)}."
        claims.append((strong("Expected"), expected))
    else:
        claims.append("No probabilities are registered, so there is no expected value.")
    yield Bullets(tuple(claims))


def assumptions(v: Appraisal, *, is_first_form: bool = False) -> Iterator[Block]:
    """Each belief with its range, what it does to the outcome, and where it comes from.

    ``is_first_form``: as Markdown templates without a mark have it, with the sources in a column.
    """

    def at(heading: str, value: str) -> Column[AssumptionSwing]:
        def cell(lever: AssumptionSwing) -> str:
            return valuation_text.assumption_text(v, lever, getattr(lever, value))

        return Column(heading, cell, align=RIGHT)

    def reach(lever: AssumptionSwing) -> str:
        ends = (lever.at_low, lever.at_high)
        return " to ".join(formatting.value(end, "billions", key_assumption_text.currency(v)) for end in ends)

    columns = (
        Column[AssumptionSwing](f"belief about {v.by}", lambda lever: _driver(v, lever)),
        at("low", "low"),
        at("middle", "central"),
        at("high", "high"),
        Column("market value, low to high", reach, align=RIGHT),
        Column[AssumptionSwing](
            "gives the target at", lambda lever: valuation_text.single_move_text(v, lever), align=RIGHT
        ),
        Column[AssumptionSwing](
            "companies that managed it",
            lambda each: valuation_text.base_rate_share(v, each.name),
            align=RIGHT,
        ),
    )
    yield Slots(("tornado",))
    source = Column[AssumptionSwing]("source", lambda lever: _source(v, lever))
    shown = (*columns, source) if is_first_form else columns
    yield table_of(shown, v.levers, caption=f"Beliefs about {v.by}")
    if not is_first_form:
        yield Bullets(tuple((strong(f"{_driver(v, each)}."), f" {_source(v, each)}") for each in v.levers))
    for told in _outside(v):
        yield from map(Paragraph, told if is_first_form else [" ".join(told)])


def _driver(v: Appraisal, lever: AssumptionSwing) -> str:
    return formatting.capitalise(key_assumption_text.driver_name(v, lever.name))


def _source(v: Appraisal, lever: AssumptionSwing) -> str:
    return formatting.capitalise(valuation_text.valuation_source(v, lever.name))


def _outside(v: Appraisal) -> Iterator[list[str]]:
    """The tables of base rates, and what they say of the whole company's growth."""
    for o in v.outside:
        table = o.table
        about = f"{table.name}, {table.vintage}, {table.deflator}, inflation {table.inflation} taken off"
        told = [f"Of companies: {about} ({table.source})."]
        for m in o.managed:
            if not m.driver:
                pace, share, shrunk = (_percent(each) for each in (m.growth, m.share, m.shrunk))
                told.append(
                    f"The whole company at {pace} a year: {share} managed it; drawn to their median with a "
                    f"weight of {o.prior.weight} on one's own view, {shrunk}."
                )
        yield told


def chances(v: Appraisal) -> Iterator[Block]:
    """The chance of the target under a random walk, and by draws from the beliefs."""
    found = v.chances
    if not found:
        return
    yield Slots(("fan",))
    event = v.valuation.event
    end, touch = _percent(found.by.end), _percent(found.by.touch)
    walk = (
        f" If the share were a random walk with a volatility of {_percent(found.volatility)} and an expected "
        f"return of {_percent(found.drift)} a year: {end} to stand at the target on {v.by}, {touch} to have "
        f"touched it by then. The first counts the mean of {event.end} closes, the second {event.touch} "
        "closes in a row. "
    )
    drawn: Text = (code("thesis simulate"), " draws from the beliefs above.")
    if v.simulation:
        drawn = valuation_text.simulation_sentence(v)
    yield Paragraph((strong("Chances."), walk, drawn))


FIRST_PARTS: tuple[Part, ...] = (
    _passed,
    key_assumption,
    bridge,
    implied_growth,
    price_paths,
    scenarios,
    partial(assumptions, is_first_form=True),
    chances,
)
PARTS: tuple[Part, ...] = (
    _passed,
    key_assumption,
    bridge,
    implied_growth,
    price_paths,
    scenarios,
    assumptions,
    chances,
)
VALUATION_SECTIONS = (MemoSection("target", "What the target takes", "Target", _valuation),)
