"""Sum of the parts: each business at its own multiple of profit or sales."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.bridge import claims
from thesis.valuation.domain_checks import DomainChecks, Number


class Part(NamedTuple):
    """A business: its name, the amount that is multiplied, the multiple, and its EBIT.

    ``amount`` is EBIT, EBITDA, sales or a value itself; ``ebit`` None where it is not known.
    """

    name: str
    amount: float
    multiple: float
    ebit: float | None = None


class SumOfParts(NamedTuple):
    """``values`` and ``shares`` (of the enterprise value, None if that is not positive) by part.

    ``ebit`` and ``multiple``, that of the whole, are None where a part's EBIT is not known, and the
    multiple where the EBIT is not positive. ``per_share`` is None without a number of shares.
    """

    values: dict[str, float]
    shares: dict[str, float] | None
    enterprise_value: float
    equity_value: float
    per_share: float | None
    ebit: float | None
    multiple: float | None


class CarveOut(NamedTuple):
    """A part taken out of a segment, and the rest; the EBIT of the two is the segment's."""

    part_sales: Number
    part_ebit: Number
    rest_sales: Number
    rest_ebit: Number


def ebit_part(name: str, *, ebit: float, multiple: float) -> Part:
    """A business at a multiple of EBIT. A loss times a multiple is a cost, and counted as one.

    >>> ebit_part("cloud", ebit=10.0, multiple=20.0)
    Part(name='cloud', amount=10.0, multiple=20.0, ebit=10.0)
    """
    return Part(name, ebit, multiple, ebit)


def sales_part(name: str, *, sales: float, multiple: float, ebit: float | None = None) -> Part:
    """A business at a multiple of sales; ``ebit``, if known, only for the multiple of the whole.

    >>> sales_part("shop", sales=100.0, multiple=1.5, ebit=4.0)
    Part(name='shop', amount=100.0, multiple=1.5, ebit=4.0)
    """
    return Part(name, sales, multiple, ebit)


def ebitda_part(name: str, *, ebitda: float, multiple: float, ebit: float | None = None) -> Part:
    """A business at a multiple of EBITDA; ``ebit``, if known, only for the multiple of the whole.

    >>> ebitda_part("plants", ebitda=50.0, multiple=8.0)
    Part(name='plants', amount=50.0, multiple=8.0, ebit=None)
    """
    return Part(name, ebitda, multiple, ebit)


def value_part(name: str, *, value: float, ebit: float | None = None) -> Part:
    """A business valued in its own way (a ``dcf``, a price on the exchange), for the part that is owned.

    >>> value_part("pipeline", value=400.0)
    Part(name='pipeline', amount=400.0, multiple=1.0, ebit=None)
    """
    return Part(name, value, 1.0, ebit)


def sum_of_the_parts(
    parts: Sequence[Part], *, share_count: float | None = None, **amounts: float
) -> SumOfParts:
    """EV = sum of amount_i multiple_i; equity = EV - claims(...); per share = equity / share_count.

    ``amounts``: those of ``claims`` (debt, cash, stakes, stakes_tax, ...) in the unit of the parts. Figures
    by the share (net debt of 4.50) work as they are. Overheads are a part with a negative EBIT.
    Domain: at least one part, names once, multiples at least 0, share_count above 0.
    Errors: ``DomainError``. Source: Koller, Goedhart & Wessels, Valuation, 7th ed. 2020, chapter 19.

    >>> parts = [ebit_part("cloud", ebit=10.0, multiple=20.0), sales_part("shop", sales=100.0, multiple=1.0)]
    >>> whole = sum_of_the_parts(parts, debt=60.0, share_count=10.0)
    >>> whole.enterprise_value, whole.per_share, round(whole.shares["cloud"], 6)
    (300.0, 24.0, 0.666667)
    """
    with DomainChecks() as check:
        check.that(len(parts) > 0, "parts: expected at least one, found none")
        names = [part.name for part in parts]
        twice = sorted({name for name in names if names.count(name) > 1})
        check.that(not twice, f"parts: expected each name once, found {', '.join(twice)} twice")
        for part in parts:
            check.number(f"amount of {part.name}", part.amount)
            check.number(f"multiple of {part.name}", part.multiple, least=0)
            if part.ebit is not None:
                check.number(f"ebit of {part.name}", part.ebit)
        if share_count is not None:
            check.positive(share_count=share_count)
    values = {part.name: part.amount * part.multiple for part in parts}
    value = total(values.values())
    equity = value - claims(**amounts)
    known = [part.ebit for part in parts if part.ebit is not None]
    ebit = total(known) if len(known) == len(parts) else None
    return SumOfParts(
        values,
        {name: each / value for name, each in values.items()} if value > 0 else None,
        value,
        equity,
        None if share_count is None else equity / share_count,
        ebit,
        value / ebit if ebit is not None and ebit > 0 else None,
    )


def carve_out(*, sales: Number, ebit: Number, part_sales: Number, part_margin: Number) -> CarveOut:
    """A part with an assumed margin taken out of a segment that reports its EBIT as one.

    part EBIT = part_sales part_margin; rest sales = sales - part_sales; rest EBIT = ebit - part EBIT.
    The higher the assumed margin, the lower the rest's EBIT; the sum does not depend on it.
    Domain: sales above 0, part_sales from 0 to sales, part_margin at most 1. Arrays work.
    Errors: ``DomainError``.

    >>> carve_out(sales=100.0, ebit=12.0, part_sales=20.0, part_margin=0.5)
    CarveOut(part_sales=20.0, part_ebit=10.0, rest_sales=80.0, rest_ebit=2.0)
    """
    with DomainChecks() as check:
        check.amounts(ebit=ebit)
        check.positive(sales=sales)
        check.number("part_margin", part_margin, most=1, rate=True)
        check.number("part_sales", part_sales, least=0)
        if not check.faults:
            check.number("sales of the rest", sales - part_sales, least=0, hint="a part is at most the whole")
    part_ebit = part_sales * part_margin
    return CarveOut(part_sales, part_ebit, sales - part_sales, ebit - part_ebit)
