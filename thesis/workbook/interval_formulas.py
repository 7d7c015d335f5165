"""Interval arithmetic as pairs of spreadsheet formulas, for the low and the high end.

An end is the address of a cell or a formula over addresses. What has no bound stands as -1E+100 or 1E+100, so
that it goes through sums, the least and the largest as it should; beyond 1E+60 either way a value counts as
unbounded and is shown as unknown. No figure and no product of two comes near: a fact is 1E+24 at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.core.interval import TOLERANCE, Interval

UNBOUNDED, BEYOND = 1e100, 1e60
LOW, HIGH = "-1E+100", "1E+100"
MOST_ARGUMENTS = 200  # of a function; Excel takes 255
BOTH_UNBOUNDED = "1E+160"  # of the product of two sizes: more than one unbounded and one known make


class EndFormulas(NamedTuple):
    """Formulas for the ends of a value."""

    lo: str
    hi: str

    @property
    def number(self) -> float | None:
        """The number, where it is one that is written out; an address begins with a letter or a quote."""
        if self.lo != self.hi or not self.lo.lstrip("(-")[:1].isdigit():
            return None
        return float(self.lo.strip("()"))


def number_literal(value: float) -> float:
    """A number as a cell can hold it."""
    return max(-UNBOUNDED, min(UNBOUNDED, value))


def literal(value: float) -> EndFormulas:
    """A number that is written out."""
    text = f"{value:.17g}".upper() if float(f"{value:.15g}") != value else f"{value:.15g}".upper()
    text = f"({text})" if value < 0 else text
    return EndFormulas(text, text)


def interval_literal(value: Interval) -> EndFormulas:
    """A value whose ends are written out."""
    return EndFormulas(literal(value.lo).lo, literal(value.hi).hi)


def negative_formula(a: EndFormulas) -> EndFormulas:
    return literal(-a.number) if a.number is not None else EndFormulas(f"-{a.hi}", f"-{a.lo}")


def sum_formula(terms: Sequence[tuple[int, EndFormulas]]) -> EndFormulas:
    """The sum of terms, each with a sign: the low end takes the high end of what is taken away."""

    def side(end: int) -> str:
        parts = [("+" if sign > 0 else "-", term[end if sign > 0 else 1 - end]) for sign, term in terms]
        return "".join(f"{sign}{part}" for sign, part in parts).removeprefix("+")

    return EndFormulas(side(0), side(1))


def scaled_formula(a: EndFormulas, by: float, sign: str) -> EndFormulas:
    """A value times (``*``) or over (``/``) a number that is written out and is not zero."""
    number = literal(by).lo
    lo, hi = (a.lo, a.hi) if by > 0 else (a.hi, a.lo)
    return EndFormulas(f"{lo}{sign}{number}", f"{hi}{sign}{number}")


def product_formula(a: EndFormulas, b: EndFormulas) -> EndFormulas:
    """The product; unknown where nothing is multiplied with what has no bound."""
    if b.number:
        return scaled_formula(a, b.number, "*")
    if a.number:
        return scaled_formula(b, a.number, "*")
    corners = ",".join(f"{x}*{y}" for x in (a.lo, a.hi) for y in (b.lo, b.hi))
    lost = f"OR({_lost(a, b)},{_lost(b, a)})"
    # No further out than what has no bound, or the next product would be no number.
    return EndFormulas(
        f"IF({lost},{LOW},MAX({LOW},MIN({corners})))", f"IF({lost},{HIGH},MIN({HIGH},MAX({corners})))"
    )


def _lost(a: EndFormulas, b: EndFormulas) -> str:
    """That a has no bound and b an end at zero."""
    return f"AND({magnitude_of(a)}>=1E+60,{b.lo}*{b.hi}=0)"


def magnitude_of(a: EndFormulas) -> str:
    """The largest that a value may be without its sign."""
    return f"MAX(-{a.lo},{a.hi})"


def quotient_formula(a: EndFormulas, b: EndFormulas) -> EndFormulas:
    """The quotient; unknown where the divisor may be zero or less."""
    if b.number:
        return scaled_formula(a, b.number, "/")
    if a.number is not None:
        corners, lost = f"{a.lo}/{b.lo},{a.lo}/{b.hi}", f"{b.lo}<=0"
    else:
        corners = ",".join(f"{x}/{y}" for x in (a.lo, a.hi) for y in (b.lo, b.hi))
        lost = f"OR({b.lo}<=0,{magnitude_of(a)}*{magnitude_of(b)}>={BOTH_UNBOUNDED})"
    return EndFormulas(f"IF({lost},{LOW},MIN({corners}))", f"IF({lost},{HIGH},MAX({corners}))")


def multiple(a: EndFormulas, b: EndFormulas, *, is_highest: bool) -> EndFormulas:
    """The quotient where the divisor is positive; beyond every threshold where it is not.

    Unknown where both may be zero or less.
    """
    unknown = f"AND({b.lo}<=-1E+60,{b.hi}>=1E+60)"
    lost = f"OR({unknown},AND({a.lo}<=0,{b.lo}<=0),{magnitude_of(a)}*{magnitude_of(b)}>={BOTH_UNBOUNDED})"
    lo = f"IF({a.lo}>=0,{a.lo}/MAX({b.hi},1E-100),IF({b.lo}<=0,{LOW},{a.lo}/MAX({b.lo},1E-100)))"
    hi = f"IF({a.hi}<=0,{a.hi}/MAX({b.hi},1E-100),IF({b.lo}<=0,{HIGH},{a.hi}/MAX({b.lo},1E-100)))"
    lo, hi = f"IF({lost},{LOW},MAX({LOW},{lo}))", f"IF({lost},{HIGH},MIN({HIGH},{hi}))"
    never = f"AND({a.lo}>0,{b.hi}<=0)"
    if is_highest:
        return EndFormulas(f"IF({never},{HIGH},{lo})", f"IF({b.lo}<=0,{HIGH},{hi})")
    return EndFormulas(f"IF({b.lo}<=0,{LOW},{lo})", f"IF({never},{LOW},{hi})")


def growth_formula(now: EndFormulas, then: EndFormulas) -> EndFormulas:
    """Growth from then to now; unknown from a base that may not be positive."""
    lost = f"OR({then.lo}<=0,{magnitude_of(now)}*{magnitude_of(then)}>={BOTH_UNBOUNDED})"
    return EndFormulas(
        f"IF({lost},{LOW},MIN({now.lo}/{then.lo},{now.lo}/{then.hi})-1)",
        f"IF({lost},{HIGH},MAX({now.hi}/{then.lo},{now.hi}/{then.hi})-1)",
    )


def compound_growth_formula(now: EndFormulas, then: EndFormulas, years: int) -> EndFormulas:
    """Growth a year over some years; -100% where nothing is left, unknown where the base may be nothing."""
    unknown = f"AND({now.lo}<=-1E+60,{now.hi}>=1E+60)"
    lost = f"OR({then.lo}<=0,{unknown},{magnitude_of(now)}*{magnitude_of(then)}>={BOTH_UNBOUNDED})"
    return EndFormulas(
        f"IF({lost},{LOW},(MAX({now.lo},0)/{then.hi})^(1/{years})-1)",
        f"IF(OR({lost},{now.hi}>=1E+60),{HIGH},(MAX({now.hi},0)/{then.lo})^(1/{years})-1)",
    )


def least_formula(values: Sequence[EndFormulas]) -> EndFormulas:
    return EndFormulas(*(_of_many("MIN", [value[end] for value in values]) for end in (0, 1)))


def largest_formula(values: Sequence[EndFormulas]) -> EndFormulas:
    return EndFormulas(*(_of_many("MAX", [value[end] for value in values]) for end in (0, 1)))


def _of_many(function: str, values: Sequence[str]) -> str:
    """The least or the largest of however many; a function takes only so many arguments."""
    if len(values) > MOST_ARGUMENTS:
        rest = [values[i : i + MOST_ARGUMENTS] for i in range(0, len(values), MOST_ARGUMENTS)]
        values = [_of_many(function, some) for some in rest]
    return f"{function}({','.join(values)})"


def magnitude_formula(a: EndFormulas) -> EndFormulas:
    """The size without the sign."""
    return EndFormulas(f"MAX({a.lo},-{a.hi},0)", magnitude_of(a))


def either_formula(certain: EndFormulas, yes: EndFormulas, no: EndFormulas) -> EndFormulas:
    """One where a condition holds, the other where it does not, any of both where it is unknown."""
    return EndFormulas(
        f"IF({certain.lo}=1,{yes.lo},IF({certain.hi}=1,MIN({yes.lo},{no.lo}),{no.lo}))",
        f"IF({certain.lo}=1,{yes.hi},IF({certain.hi}=1,MAX({yes.hi},{no.hi}),{no.hi}))",
    )


# answers: 0 no, 1 yes, 0 and 1 unknown ---------------------------------------------------------------


def reaches_formula(a: str, b: str) -> str:
    """Whether a number is another or more, to twelve digits, as a formula for true or false."""
    if b == "0":
        return f"{a}>=0"
    return f"{a}-{b}>=-{TOLERANCE:.0E}*(ABS({a})+ABS({b}))"


def at_least_formula(a: EndFormulas, b: EndFormulas) -> EndFormulas:
    """Whether a >= b: certain if the lowest a reaches the highest b, possible if the highest the lowest."""
    return EndFormulas(f"IF({reaches_formula(a.lo, b.hi)},1,0)", f"IF({reaches_formula(a.hi, b.lo)},1,0)")


def negation_formula(a: EndFormulas) -> EndFormulas:
    return EndFormulas(f"1-{a.hi}", f"1-{a.lo}")
