"""Figures that are hardly meant: a thousand times what stands around them, or a rate typed without its sign.

Each has an id, the line item and its period, by which somebody who has looked at it may accept it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple

from thesis.case.case import Case
from thesis.case.magnitudes import SLIPS, UNTRIED, Scale, slip_of
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.facts.fact import Fact, LineItem

NEIGHBOURS = 4  # the nearest; the two in the middle of them count
FEWEST = 2  # neighbours by which an amount is judged; of a rate one will do, since no rate is a hundredfold
NEAR = 10**0.5  # times: how far from its neighbours a figure may be once it is put right
HUNDRED = 2  # the power of ten by which a percentage without its sign is too large, and a price in pence
APART = 1e4  # times: how far below the others of its company a series lies that is typed in millions
SMALL = 1e6  # in money: a series of which some figure is larger is not typed in millions
TOGETHER = 2  # other series of money by which a series is judged


class Outlier(NamedTuple):
    """A figure that is hardly meant. ``text``: why, in words; ``hint``: what may have been meant.

    ``period`` is empty where a whole series is. ``fact`` is the row, or the newest of several.
    """

    concept: str
    period: str
    value: str
    text: str
    hint: str
    fact: Fact

    @property
    def id(self) -> str:
        """What it goes by: ``sales:2026Q2``, or ``sales`` where it is the whole series."""
        return f"{self.concept}:{self.period}" if self.period else self.concept


class _Figure(NamedTuple):
    period: Quarter | date
    value: float
    fact: Fact

    def apart(self, other: _Figure) -> int:
        """How many quarters or days lie between two figures of one series."""
        return abs(_place(self.period) - _place(other.period))


def _place(period: Quarter | date) -> int:
    return period.index if isinstance(period, Quarter) else period.toordinal()


def outliers(case: Case) -> list[Outlier]:
    """Every figure of a case that is hardly meant, by line item and period."""
    series = {name: _series(case, name) for name, item in case.pack.concepts.items() if _is_judged(item)}
    found: list[Outlier] = []
    for name in sorted(series):
        item, figures = case.pack.concepts[name], series[name]
        whole = _rate_without_sign(item, name, figures) or _amounts_in_millions(case, name, series)
        if whole:
            found.append(whole)
        else:
            found += _judge(item)(name, item.unit, figures)
    return found


def _is_judged(item: LineItem) -> bool:
    """Whether the figures of a line item are held against one another: not those of assumptions."""
    return not item.assume


def _judge(item: LineItem) -> Callable[[str, str, Sequence[_Figure]], Iterator[Outlier]]:
    if item.kind == "daily":
        return _odd_prices
    return _odd_rates if item.unit == "ratio" else _odd_amounts


def _series(case: Case, name: str) -> list[_Figure]:
    """The quarters or days of which both ends are known, oldest first, each with its middle and its row."""
    if case.pack.concepts[name].kind == "daily":
        rows = {fact.period: fact for fact in case.vintage.rows(name) if isinstance(fact.period, date)}
        return [
            _Figure(day, fact.value.middle, fact)
            for day, fact in sorted(rows.items())
            if isinstance(fact.value, Interval) and math.isfinite(fact.value.width)
        ]
    quarters = sorted({fact.period for fact in case.vintage.rows(name) if isinstance(fact.period, Quarter)})
    readings = [(quarter, case.vintage.reading(name, quarter)) for quarter in quarters]
    return [
        _Figure(quarter, reading.value.middle, reading.facts[-1])
        for quarter, reading in readings
        if reading.status == "known" and math.isfinite(reading.value.width)
    ]


def _with_surroundings(figures: Sequence[_Figure]) -> Iterator[tuple[_Figure, list[float]]]:
    """Each figure of a series, oldest first, and the sizes of the nearest that are not zero.

    Of those the two in the middle are given, the smaller first.
    """
    counted = [figure for figure in figures if figure.value]
    before = 0  # of those that are counted
    for figure in figures:
        after = before + bool(figure.value)
        near = (*counted[max(0, before - NEIGHBOURS) : before], *counted[after : after + NEIGHBOURS])
        nearest = sorted((figure.apart(each), abs(each.value)) for each in near)[:NEIGHBOURS]
        sizes = sorted(size for _, size in nearest)
        yield figure, sizes[(len(sizes) - 1) // 2 : len(sizes) // 2 + 1] if sizes else []
        before = after


def _odd_amounts(name: str, unit: str, figures: Sequence[_Figure]) -> Iterator[Outlier]:
    """Figures about a thousand or a million times what stands around them, or as much less."""
    for figure, middle in _with_surroundings(figures) if len(figures) > FEWEST else ():
        if len(middle) and figure.value:
            slip = slip_of(figure.value, Scale(middle[0], middle[-1], middle[0], middle[-1]), NEAR)
            if slip:
                times = f"{10 ** abs(slip):,} times {'smaller' if slip > 0 else 'larger'}"
                text = f"{figure.value:,.15g} is about {times} than its neighbours"
                hint = f"is it in {SLIPS[abs(slip)]}? figures are in whole {unit}" if slip > 0 else ""
                yield _outlier(name, figure, text, hint or f"figures are in whole {unit}")


def _odd_rates(name: str, _unit: str, figures: Sequence[_Figure]) -> Iterator[Outlier]:
    """Rates about a hundred times what stands around them."""
    for figure, middle in _with_surroundings(figures):
        powers = [math.log10(abs(figure.value) / size) for size in middle if figure.value]
        if powers and abs(figure.value) > 1 and all(abs(power - HUNDRED) < 0.5 for power in powers):
            text = f"{figure.value:.12g} is {100 * figure.value:,.4g}%, about 100 times its neighbours"
            yield _outlier(name, figure, text, f"is a percent sign missing, as in {figure.value:.12g}%?")


def _odd_prices(name: str, unit: str, figures: Sequence[_Figure]) -> Iterator[Outlier]:
    """Prices about a hundred times what stands around them, as those in pence are, or a hundredth of it."""
    for figure, middle in _with_surroundings(figures) if len(figures) > FEWEST else ():
        powers = [math.log10(abs(figure.value) / size) for size in middle if figure.value]
        for way, told in ((1, "larger"), (-1, "smaller")):
            if powers and all(abs(way * power - HUNDRED) < 0.5 for power in powers):
                text = f"{figure.value:,.15g} is about 100 times {told} than its neighbours"
                meant = "is it in pence or cents? " if way > 0 else ""
                yield _outlier(name, figure, text, f"{meant}figures are in {unit}")


def _rate_without_sign(item: LineItem, name: str, figures: Sequence[_Figure]) -> Outlier | None:
    """A series of rates of which none is below 500%: each was typed without its sign."""
    if item.unit != "ratio" or not figures or min(abs(each.value) for each in figures) < UNTRIED:
        return None
    last, least = figures[-1], min(abs(each.value) for each in figures)
    text = f"no figure is below {least:.12g}, which is {100 * least:,.4g}%"
    hint = f"is a percent sign missing, as in {last.value:.12g}%?"
    return _outlier(name, last, text, hint)._replace(period="")


def _amounts_in_millions(case: Case, name: str, series: Mapping[str, Sequence[_Figure]]) -> Outlier | None:
    """A series of money far below all other money of its company, as if it were typed in millions."""
    concepts, figures = case.pack.concepts, series[name]
    unit, owner = concepts[name].unit, case.pack.owner(name)
    if "/" in unit or unit in ("ratio", "shares", "count", "years") or concepts[name].kind == "register":
        return None
    others = [
        median(sizes)
        for other, listed in series.items()
        if other != name and concepts[other].unit == unit and case.pack.owner(other) == owner
        for sizes in [[abs(each.value) for each in listed if each.value]]
        if sizes
    ]
    sizes = [abs(each.value) for each in figures if each.value]
    if len(others) < TOGETHER or not sizes:
        return None
    if max(sizes) >= SMALL or max(sizes) * APART >= median(others):
        return None
    last = figures[-1]
    text = (
        f"no figure is above {max(sizes):,.12g} {unit}, and other line items are about {median(others):,.0f}"
    )
    return _outlier(name, last, text, f"is it in millions? figures are in whole {unit}")._replace(period="")


def _outlier(name: str, figure: _Figure, text: str, hint: str) -> Outlier:
    return Outlier(name, str(figure.period), f"{figure.value:.15g}", text, hint, figure.fact)
