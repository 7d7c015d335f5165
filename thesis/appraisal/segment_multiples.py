"""The value of each segment at its own multiple, compared with what the market pays for the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product

from thesis.core.interval import Interval, total
from thesis.core.record import record
from thesis.pack.assumptions import number_range
from thesis.pack.schema.valuation import Segment
from thesis.pricing.inputs import PricingInputs
from thesis.pricing.model import ModelToday
from thesis.pricing.starting_values import range_of, range_over
from thesis.valuation import Part, SumOfParts, ebit_part, sales_part, sum_of_the_parts

HIGH = 30.0  # a multiple of the whole above which a sum of parts has outrun its market


@record
class SegmentMultiple:
    """A segment in the sum: EBIT or sales times its multiple, and its share of the whole."""

    segment: str
    sales: Interval
    ebit: Interval
    multiple: Interval
    of_sales: bool
    value: Interval
    share: Interval


@record
class SegmentMultiples:
    """The sum. ``is_high``: whether the multiple of the whole may lie above 30."""

    parts: tuple[SegmentMultiple, ...]
    ebit: Interval
    enterprise: Interval
    multiple: Interval
    market_cap: Interval
    price: Interval
    is_high: bool


def segment_multiples(setting: PricingInputs) -> SegmentMultiples | None:
    """The sum of the parts, at every corner of the multiples and of today; None where one has no multiple."""
    segments = setting.valuation.segments
    if not all(segment.multiple or segment.sales_multiple for segment in segments):
        return None
    ranges = [number_range(segment.multiple or segment.sales_multiple) for segment in segments]
    ends = [(each.lo,) if each.is_point else (each.lo, each.hi) for each in ranges]
    sums = [(today, _sum(today, segments, at)) for today in setting.corners for at in product(*ends)]
    corners = setting.corners
    multiple = range_of([found.multiple or math.nan for _, found in sums])
    return SegmentMultiples(
        parts=tuple(
            SegmentMultiple(
                segment=segment.id,
                sales=range_over(corners, lambda t, i=i: t.segments[i].sales),  # type: ignore[misc]
                ebit=range_over(corners, lambda t, i=i: t.segments[i].ebit),  # type: ignore[misc]
                multiple=ranges[i],
                of_sales=not segment.multiple,
                value=range_of([found.values[segment.id] for _, found in sums]),
                share=range_of([(found.shares or {}).get(segment.id, math.nan) for _, found in sums]),
            )
            for i, segment in enumerate(segments)
        ),
        ebit=range_over(corners, lambda t: t.ebit),
        enterprise=range_of([found.enterprise_value for _, found in sums]),
        multiple=multiple,
        market_cap=range_of([_cap(today, found) for today, found in sums]),
        price=range_of([_cap(t, found) / t.shares if t.shares else math.nan for t, found in sums]),
        is_high=HIGH < multiple.hi < math.inf,
    )


def _sum(today: ModelToday, segments: Sequence[Segment], at: tuple[float, ...]) -> SumOfParts:
    return sum_of_the_parts([_part(segment, today, i, at[i]) for i, segment in enumerate(segments)])


def _part(segment: Segment, today: ModelToday, i: int, multiple: float) -> Part:
    stand = today.segments[i]
    if segment.multiple:
        return ebit_part(segment.id, ebit=stand.ebit, multiple=multiple)
    return sales_part(segment.id, sales=stand.sales, multiple=multiple, ebit=stand.ebit)


def _cap(today: ModelToday, found: SumOfParts) -> float:
    return float(found.enterprise_value + total(holding.value for holding in today.holdings))
