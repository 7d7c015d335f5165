"""Price changes split into profit, multiple and share count: past ones, and those that scenarios imply.

A price is EBIT times what the market pays for it, divided among the shares, so that

    ln(P1/P0) = ln(EBIT1/EBIT0) + ln(M1/M0) - ln(S1/S0)

exactly, M being market value to EBIT (the form of O'Shaughnessy's "Factors from Scratch"). The part of
EBIT is shared out to segments, sales and margins with logarithmic-mean weights (Ang's LMDI): segment i
has (EBIT_i1 - EBIT_i0) / L(EBIT1, EBIT0), half-way values splitting it into sales and margin, which adds
up exactly and does not mind a segment that made a loss. Net income stands in no part of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product

from thesis.appraisal.signpost_asker import SignpostAsker
from thesis.case.case import Case
from thesis.core.interval import EVERYTHING, Interval, magnitude, point, total
from thesis.core.period import Quarter
from thesis.core.record import record
from thesis.pack.schema.valuation import PathSettings, ValuationInputs
from thesis.pricing.model import ModelState
from thesis.pricing.priced_case import case_as_of
from thesis.pricing.starting_values import StartingValues, range_of, starting_values
from thesis.valuation import log_mean


@record
class SegmentShare:
    """A segment's part in the change of EBIT, as logarithms: through its sales and through its margin."""

    segment: str
    sales: Interval
    margin: Interval


@record
class PriceChange:
    """A change of the price taken apart. All parts are logarithms, of which those of one price add up."""

    since: str
    until: str
    price: Interval
    ebit: Interval
    multiple: Interval
    shares: Interval
    multiple_from: Interval
    multiple_to: Interval
    segments: tuple[SegmentShare, ...] = ()
    routes: tuple[tuple[str, Interval], ...] = ()
    reason: str = ""

    @property
    def logs(self) -> dict[str, Interval]:
        """The parts by the names that a route asks for."""
        moved = magnitude(self.ebit) + magnitude(self.multiple) + magnitude(self.shares)
        parts = {"price": self.price, "ebit": self.ebit, "multiple": self.multiple, "shares": self.shares}
        return {f"log.{name}": value for name, value in {**parts, "moved": moved}.items()}

    @property
    def active(self) -> str | None:
        """The id of the route that was taken; empty for none of them, None where that cannot be told."""
        for name, answer in self.routes:
            if answer.lo == 1.0:
                return name
            if answer.hi == 1.0:
                return None
        return ""


class PricePoint:
    """A price, EBIT and shares of one day, with the segments behind them."""

    def __init__(self, found: StartingValues, label: str) -> None:
        self.start = found
        self.label = label
        self.price, self.ebit, self.shares = found.price.value, found.ebit.value, found.shares.value

    @property
    def multiple(self) -> Interval:
        return self.price * self.shares / self.ebit


def price_changes_since(
    valuation: ValuationInputs, case: Case, days: Sequence[date]
) -> tuple[PriceChange, ...]:
    """The change of the price from the end of each day's quarter to the day that the case is seen from.

    What is supposed of the case is supposed of today, not of the day it began.
    """
    known = case_as_of(case.pack, case.as_of, quarter=case.quarter) if case.given else case
    now = price_point(valuation, case)
    return tuple(price_change(_at(valuation, known, Quarter.of(day)), now) for day in days)


def _at(valuation: ValuationInputs, case: Case, quarter: Quarter) -> PricePoint:
    day = case.vintage.last_day(case.pack.thesis.price, quarter)
    return PricePoint(starting_values(case, valuation, quarter, claims=False), str(day or quarter))


def price_point(valuation: ValuationInputs, case: Case) -> PricePoint:
    """The price by which the case is seen, with the quarter under review."""
    return _at(valuation, case, case.quarter)


def price_change(then: PricePoint, now: PricePoint) -> PriceChange:
    """The change from one day to another; with the reason where it cannot be taken apart."""
    ebit, shares, price = (
        _log(now.ebit, then.ebit), _log(now.shares, then.shares), _log(now.price, then.price)
    )  # fmt: skip
    reason = ""
    if not price.is_anything and ebit.is_anything:
        reason = "EBIT is not known or not positive on one of the two days"
    return PriceChange(
        since=then.label,
        until=now.label,
        price=price,
        ebit=ebit,
        multiple=_log(now.multiple, then.multiple),
        shares=-shares,
        multiple_from=then.multiple,
        multiple_to=now.multiple,
        segments=_segments(then.start, now.start),
        reason=reason,
    )


def add_paths(found: PriceChange, paths: PathSettings, asker: SignpostAsker) -> PriceChange:
    """The same with each route's answer."""
    answers = tuple((route.id, asker.answer(route.active, found.logs)) for route in paths.routes)
    return PriceChange(**{**vars(found), "routes": answers})


def price_history(
    valuation: ValuationInputs, paths: PathSettings, case: Case, quarters: int
) -> list[tuple[Quarter, PriceChange]]:
    """Since the first day, quarter by quarter, each as known on the day the quarter was first filed."""
    base = Quarter.of(date.fromisoformat(paths.since[0]))
    days = [(quarter, day) for quarter, day in case.first_filed.items() if quarter > base]
    found = []
    for quarter, day in days[-quarters:]:
        seen = case_as_of(case.pack, day, quarter=quarter)
        (attribution,) = price_changes_since(valuation, seen, [date.fromisoformat(paths.since[0])])
        found.append((quarter, add_paths(attribution, paths, SignpostAsker(seen))))
    return found


def _log(now: Interval, then: Interval) -> Interval:
    """The logarithm of a ratio of positive figures; anything where one may not be."""
    if then.lo <= 0 or now.lo <= 0 or math.isinf(then.hi) or math.isinf(now.hi):
        return EVERYTHING
    if now.is_point and then.is_point:
        return point(math.log(now.lo / then.lo))
    return Interval(math.log(now.lo / then.hi), math.log(now.hi / then.lo))


def _segments(then: StartingValues, now: StartingValues) -> tuple[SegmentShare, ...]:
    """Each segment's part. A margin that is assumed is taken to be the same on both days."""
    before, after = then.inputs, now.inputs
    if any(math.isinf(value.width) or value.is_anything for value in (*before.values(), *after.values())):
        return ()
    if then.overdrawn() or now.overdrawn():
        return ()
    loose = [name for name in after if not (after[name].is_point and before[name].is_point)]
    ends = [
        ({n: _end(v, flags, n) for n, v in before.items()}, {n: _end(v, flags, n) for n, v in after.items()})
        for chosen in product((0, 1), repeat=len(loose))
        for flags in (dict(zip(loose, chosen, strict=True)),)
    ]
    pairs = [(then.at(old).segments, now.at(new).segments) for old, new in ends]
    names = [base.segment.id for base in now.bases]
    return tuple(
        SegmentShare(
            name,
            range_of([_part(old, new, i, "sales") for old, new in pairs]),
            range_of([_part(old, new, i, "margin") for old, new in pairs]),
        )
        for i, name in enumerate(names)
    )


def _end(value: Interval, flags: Mapping[str, int], name: str) -> float:
    return float(value.hi if flags.get(name) else value.lo)


def _part(then: Sequence[ModelState], now: Sequence[ModelState], i: int, of: str) -> float:
    """One segment's part through sales or margin; not a number where EBIT as a whole has no logarithm."""
    before, after = total(s.ebit for s in then), total(s.ebit for s in now)
    if before <= 0 or after <= 0:
        return math.nan
    old, new = then[i], now[i]
    if of == "sales":
        change = (new.sales - old.sales) * (old.margin + new.margin) / 2
    else:
        change = (new.margin - old.margin) * (old.sales + new.sales) / 2
    return change / log_mean(after, before)  # type: ignore[no-any-return]
