"""The scenarios side by side, and the assumption that matters most for the target."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.appraisal.scenarios import ScenarioResult
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.document.inline import GOOD, TonedText
from thesis.narrative import valuation_text
from thesis.narrative.key_assumption_text import driver_name, is_short, lever_value
from thesis.pack.assumptions import CASH_FLOW, MULTIPLE, growth_name, margin_name
from thesis.pack.schema.valuation import Signpost
from thesis.reports.valuation.sheet_blocks import (
    Blocks,
    labelled_pairs,
    paragraph_block,
    sheet_section,
    sheet_table,
)
from thesis.reports.valuation.valuation_sheet import ValuationSheet, percent

BAR = 10  # characters of a tornado's bar


def scenarios_section(sheet: ValuationSheet) -> Blocks:
    """What each scenario believes and comes to, and what today's facts say of it."""
    views = sheet.a.scenarios
    if not views:
        return []
    head = ["beliefs", "today", *(view.scenario.name for view in views)]
    beliefs = [
        [sheet.label(lever.name), _today(sheet, lever), *_believed(sheet, lever)] for lever in _ordered(sheet)
    ]
    blank = [""] * len(head)
    rows = [*beliefs, blank, [f"on {sheet.a.by}", *blank[1:]], *_outcomes(sheet)]
    return sheet_section(
        "scenarios",
        f"beliefs and what they come to on {formatting.day(sheet.a.by)}; money in {sheet.money}",
        sheet_table(head, rows, "l" + "r" * (len(head) - 1)),
        [block for view in views for block in _signposts(view)],
        paragraph_block(_expected(sheet)),
    )


def _ordered(sheet: ValuationSheet) -> list[AssumptionSwing]:
    """The levers in the order of the pack instead of by their swing."""
    listed = [
        *(name(each.id) for name in (growth_name, margin_name) for each in sheet.a.valuation.segments),
        MULTIPLE,
        CASH_FLOW,
    ]
    place = {name: i for i, name in enumerate(listed)}
    return sorted(sheet.a.levers, key=lambda lever: place.get(lever.name, len(place)))


def _believed(sheet: ValuationSheet, lever: AssumptionSwing) -> list[str]:
    return [_figure(sheet, lever, view.beliefs[lever.name]) for view in sheet.a.scenarios]


def _figure(
    sheet: ValuationSheet, lever: AssumptionSwing, value: Interval | float, beside: Iterable[float] = ()
) -> str:
    if lever.show == "billions":
        return sheet.amount(value)
    if lever.show == "multiple":
        return formatting.times(value, beside=beside)
    return formatting.short(value, "percent", beside=beside)


def _today(sheet: ValuationSheet, lever: AssumptionSwing) -> str:
    """Where a driver stands today: a margin, the multiple or a claim."""
    start = sheet.a.start
    for i, base in enumerate(start.bases):
        if lever.name == margin_name(base.segment.id):
            return percent(start.range_over(lambda today, i=i: today.segments[i].margin))  # type: ignore[misc]
    if lever.name == MULTIPLE:
        return (
            formatting.times(start.range_over(lambda today: today.multiple))
            if start.ebit.value.lo > 0
            else ""
        )
    return next((sheet.amount(each.after_tax) for each in start.claims if each.claim.id == lever.name), "")


def _outcomes(sheet: ValuationSheet) -> list[list[str]]:
    start, views = sheet.a.start, sheet.a.scenarios

    def row(label: str, today: str, of: Callable[[ScenarioResult], str]) -> list[str]:
        return [label, today, *(of(view) for view in views)]

    def amount(
        today: Interval, of: Callable[[ScenarioResult], Interval]
    ) -> tuple[str, Callable[[ScenarioResult], str]]:
        return sheet.amount(today), lambda view: sheet.amount(of(view))

    sales = start.range_over(lambda today: today.sales)
    ebit = start.range_over(lambda today: today.ebit)
    earned = [
        row(
            f"  {base.segment.name}",
            *amount(
                start.range_over(lambda today, i=i: today.segments[i].ebit),  # type: ignore[misc]
                lambda view, i=i: view.segments[i].ebit,  # type: ignore[misc]
            ),
        )
        for i, base in enumerate(start.bases)
        if len(start.bases) > 1
    ]
    return [
        row("sales", *amount(sales, lambda view: view.sales)),
        row("  growth a year", "", lambda view: percent(view.sales_cagr)),
        row("EBIT", *amount(ebit, lambda view: view.ebit)),
        *earned,
        row("  growth a year", "", lambda view: percent(view.ebit_cagr)),
        row(
            "EBIT margin",
            percent(start.range_over(lambda t: t.ebit / t.sales)),
            lambda view: percent(view.margin),
        ),
        row("market value", *amount(start.market_cap.value, lambda view: view.market_cap)),
        row("  growth a year", "", lambda view: percent(view.cap_cagr)),
        row(
            "price",
            formatting.cell(start.price.value, digits=2),
            lambda view: formatting.cell(view.price, digits=2),
        ),
        row(
            "EV/EBIT that gives the target", "", lambda view: formatting.times(view.multiple_needed) or "none"
        ),
    ]


def _signposts(view: ScenarioResult) -> Blocks:
    """A scenario's claim, whether it is the one seen today, and each signpost's answer."""
    scenario = view.scenario
    rows = [(f"{scenario.name}", scenario.claim)]
    if not view.signposts:
        return labelled_pairs([*rows, ("", "no signposts")])
    rows.append(("", f"seen today? {valuation_text.scenario_status(view)}"))
    rows += [
        ("", f"{_answer(answer)}: {_asked(signpost)}")
        for signpost, answer in zip(scenario.signposts, view.signposts, strict=True)
    ]
    return labelled_pairs(rows)


def _asked(signpost: Signpost) -> str:
    return f"{signpost.because} ({signpost.when})" if signpost.because else signpost.when


def _answer(answer: Interval) -> str:
    return {"true": "yes", "false": "no"}.get(formatting.answer(answer), formatting.UNKNOWN_TEXT)


def _expected(sheet: ValuationSheet) -> str:
    if sheet.a.expected is None:
        return "No probabilities are registered, so there is no expected value. None is read off the scores."
    named = formatting.join_words(
        f"{view.scenario.name} {percent(view.probability)}" for view in sheet.a.scenarios
    )
    expected = sheet.money_text(sheet.a.expected)
    return f"Expected market value {expected}, by the analyst's own probabilities: {named}."


def assumptions_section(sheet: ValuationSheet) -> Blocks:
    """Each belief moved alone over its range, the pair with the smallest joint move, and a grid of two."""
    listed = sheet.a.levers
    if not listed:
        return []
    lowest = min(min(lever.at_low, lever.at_high) for lever in listed)
    highest = max(max(lever.at_low, lever.at_high) for lever in listed)
    head = ["moved alone", "range", "at low", "at high", "", "needed" if is_short(sheet.a) else "edge", ""]
    rows = [
        [
            sheet.label(lever.name),
            _range(sheet, lever),
            sheet.amount(lever.at_low),
            sheet.amount(lever.at_high),
            _bar(sheet, lever, lowest, highest),
            *_breakeven(sheet, lever),
        ]
        for lever in listed
    ]
    middle = sheet.a.market_cap
    return sheet_section(
        "levers",
        f"which belief decides: market value on {formatting.day(sheet.a.by)} in {sheet.money}, "
        f"{sheet.amount(middle)} {'as supposed' if sheet.a.changed else 'with all in the middle'}",
        sheet_table(head, rows, "lrrrlrl"),
        paragraph_block(_pair(sheet)),
        _grid(sheet),
    )


def _range(sheet: ValuationSheet, lever: AssumptionSwing) -> str:
    if lever.show == "billions":
        return formatting.cell(Interval(lever.low, lever.high), sheet.scale, 0)
    if lever.show == "multiple":
        return formatting.times(Interval(lever.low, lever.high))
    return percent(Interval(lever.low, lever.high))


def _breakeven(sheet: ValuationSheet, lever: AssumptionSwing) -> tuple[str, str]:
    if lever.breakeven is None:
        return "none", "in range"
    told = _figure(sheet, lever, lever.breakeven, (lever.low, lever.high))
    return told, TonedText("inside", GOOD) if lever.inside else "outside"


def _bar(sheet: ValuationSheet, lever: AssumptionSwing, lowest: float, highest: float) -> str:
    """Where a lever leads, between the lowest and the highest that any does; ``|`` is the middle."""
    assert sheet.a.market_cap is not None
    span = (highest - lowest) or 1.0

    def place(value: float) -> int:
        return min(BAR - 1, max(0, int((value - lowest) / span * BAR)))

    first, last = sorted((place(lever.at_low), place(lever.at_high)))
    cells = ["█" if first <= i <= last else "·" for i in range(BAR)]
    cells[place(sheet.a.market_cap)] = "│"
    return "".join(cells)


def _reached(sheet: ValuationSheet, cap: float) -> str:
    """A market value of the grid, with a mark at the target or above."""
    return TonedText(f"{sheet.amount(cap)}*", GOOD) if cap >= sheet.a.target else f"{sheet.amount(cap)} "


def _pair(sheet: ValuationSheet) -> str:
    found = sheet.a.pair
    if found is None:
        return "No two beliefs together give the target."
    by_name = {lever.name: lever for lever in sheet.a.levers}
    first, second = (
        f"{driver_name(sheet.a, name)} at {lever_value(by_name[name], value, sheet.unit)}"
        for name, value in zip((found.first, found.second), found.values, strict=True)
    )
    way = f"{formatting.share(found.move)} of the way to the end of their ranges"
    end = "reaches the target" if is_short(sheet.a) else "leaves no more than the target"
    return f"The smallest joint move of two that {end}: {first} and {second}, {way}."


def _grid(sheet: ValuationSheet) -> Blocks:
    found = sheet.a.grid
    if found is None:
        return []
    by_name = {lever.name: lever for lever in sheet.a.levers}
    first, second = by_name[found.first], by_name[found.second]
    head = ["", *(f"{_figure(sheet, second, value)} " for value in found.columns)]
    rows = [
        [
            _figure(sheet, first, value),
            *(_reached(sheet, cap) for cap in caps),
        ]
        for value, caps in zip(found.rows, found.values, strict=True)
    ]
    across = sheet.label(second.name)
    about = (
        f"Market value by {sheet.label(first.name)} (down) and {across} (across); * at the target or above:"
    )
    return [*paragraph_block(about), *sheet_table(head, rows, "r" * len(head))]
