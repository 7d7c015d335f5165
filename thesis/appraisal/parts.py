"""Parts: what the segments come to at multiples of their own, beside what the market pays for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from thesis.appraisal.model import Today
from thesis.appraisal.setting import Setting
from thesis.appraisal.start import over, over_values
from thesis.assumptions import Segment
from thesis.beliefs import spread
from thesis.interval import Interval, total
from thesis.records import record
from thesis.valuation import Part, SumOfParts, ebit_part, sales_part, sum_of_the_parts

HIGH = 30.0  # a multiple of the whole above which a sum of parts has outrun its market


@record
class PartView:
    """A segment in the sum: EBIT or sales times its multiple, and its share of the whole."""

    segment: str
    sales: Interval
    ebit: Interval
    multiple: Interval
    of_sales: bool
    value: Interval
    share: Interval


@record
class Parts:
    """The sum. ``is_high``: whether the multiple of the whole may lie above 30."""

    parts: tuple[PartView, ...]
    ebit: Interval
    enterprise: Interval
    multiple: Interval
    market_cap: Interval
    price: Interval
    is_high: bool


def parts(setting: Setting) -> Parts | None:
    """The sum of the parts, at every corner of the multiples and of today; None where one has no multiple."""
    segments = setting.valuation.segments
    if not all(segment.multiple or segment.sales_multiple for segment in segments):
        return None
    ranges = [spread(segment.multiple or segment.sales_multiple) for segment in segments]
    ends = [(each.lo,) if each.is_point else (each.lo, each.hi) for each in ranges]
    sums = [(today, _sum(today, segments, at)) for today in setting.corners for at in product(*ends)]
    corners = setting.corners
    multiple = over_values([found.multiple or math.nan for _, found in sums])
    return Parts(
        parts=tuple(
            PartView(
                segment=segment.id,
                sales=over(corners, lambda t, i=i: t.segments[i].sales),  # type: ignore[misc]
                ebit=over(corners, lambda t, i=i: t.segments[i].ebit),  # type: ignore[misc]
                multiple=ranges[i],
                of_sales=not segment.multiple,
                value=over_values([found.values[segment.id] for _, found in sums]),
                share=over_values([(found.shares or {}).get(segment.id, math.nan) for _, found in sums]),
            )
            for i, segment in enumerate(segments)
        ),
        ebit=over(corners, lambda t: t.ebit),
        enterprise=over_values([found.enterprise_value for _, found in sums]),
        multiple=multiple,
        market_cap=over_values([_cap(today, found) for today, found in sums]),
        price=over_values([_cap(t, found) / t.shares if t.shares else math.nan for t, found in sums]),
        is_high=HIGH < multiple.hi < math.inf,
    )


def _sum(today: Today, segments: Sequence[Segment], at: tuple[float, ...]) -> SumOfParts:
    return sum_of_the_parts([_part(segment, today, i, at[i]) for i, segment in enumerate(segments)])


def _part(segment: Segment, today: Today, i: int, multiple: float) -> Part:
    stand = today.segments[i]
    if segment.multiple:
        return ebit_part(segment.id, ebit=stand.ebit, multiple=multiple)
    return sales_part(segment.id, sales=stand.sales, multiple=multiple, ebit=stand.ebit)


def _cap(today: Today, found: SumOfParts) -> float:
    return float(found.enterprise_value + total(holding.value for holding in today.holdings))
