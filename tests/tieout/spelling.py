"""Spelling: how a figure must be printed, written down a second time and by other means."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from thesis.core.interval import Interval

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
TOKEN = re.compile(
    rf"\d{{4}}-\d\d-\d\d|\d{{4}}Q\d|\b\d{{1,2}} (?:{MONTHS.replace(' ', '|')}) \d{{4}}"
    r"|(?<![\w.])[-+]?[$€£]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:%|pp|bp|bn|x|T|M)?"
)


def tokens(text: str) -> list[str]:
    """Every figure, day and quarter in a text, in order; the ends of a range are two."""
    parted = re.sub(r"(?<=\d)-(?=1?\.\d\d)", " ", text.replace("..", " "))
    return [token.rstrip(",") for token in TOKEN.findall(parted)]


def rounded(number: float, digits: int) -> str:
    """Half up on the digits that a person sees, with thousands apart; without a sign."""
    exact = Decimal(repr(abs(float(number)))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:,}"


def signed(number: float, digits: int, before: str = "", *, plus: bool = False) -> str:
    text = rounded(number, digits)
    if not text.strip("0.,"):
        return f"{before}{text if digits and number else '0'}" if before else text
    return f"{'-' if number < 0 else '+' if plus else ''}{before}{text}"


def ends(value: Any) -> tuple[float, float]:
    return (value.lo, value.hi) if isinstance(value, Interval) else (float(value), float(value))


def spelt(
    value: Any, show: str, unit: str = "ratio", *, plus: bool = False, beside: Iterable[float] = ()
) -> str:
    """A figure in its unit, a range as a range; what is not known as unknown, none as nothing.

    With one decimal more until it stands to each number ``beside`` it as it does unrounded.
    """
    if value is None:
        return ""
    low, high = ends(value)
    if math.isinf(low) and math.isinf(high):
        return "n.m." if low == high else "unknown"  # a point at infinity is known, and no number
    before, after, scale, digits = _style(show, unit, max(abs(e) for e in (low, high) if math.isfinite(e)))
    plus = plus or show in ("bp", "points")
    known = [(e * scale, edge * scale) for e in (low, high) if math.isfinite(e) for edge in beside]
    while digits < 12 and any(_order(a, b) != _order(_printed(a, digits), b) for a, b in known):
        digits += 1
    a, b = (signed(e * scale, digits, before, plus=plus) if math.isfinite(e) else "" for e in (low, high))
    if math.isinf(high):
        return f"over {a}{after}"
    if math.isinf(low):
        return f"under {b}{after}"
    return f"{a}{after}" if a == b else f"{a}..{b}{after}"


def _printed(number: float, digits: int) -> float:
    return math.copysign(float(rounded(number, digits).replace(",", "")), number)


def _order(a: float, b: float) -> int:
    return 0 if math.isclose(a, b, rel_tol=1e-11) else 1 if a > b else -1


def brief(value: Any, show: str, unit: str = "ratio", *, plus: bool = False) -> str:
    """The same, of a range that is narrower than its last digit the middle."""
    low, high = ends(value)
    if math.isfinite(low) and math.isfinite(high):
        _, _, scale, digits = _style(show, unit, max(abs(low), abs(high)))
        if abs(high - low) * scale < 10**-digits:
            return spelt((low + high) / 2, show, unit, plus=plus)
    return spelt(value, show, unit, plus=plus)


def _style(show: str, unit: str, size: float) -> tuple[str, str, float, int]:
    currency = unit.partition("/")[0]
    sign = {"USD": "$", "EUR": "€"}.get(currency, f"{currency} ")
    if show == "billions":
        if size >= 1e12:
            return sign, "T", 1e-12, 2
        return (sign, "bn", 1e-9, 1) if size >= 1e9 or not size else (sign, "M", 1e-6, 0)
    if show == "number" and unit == "shares":
        return ("", "bn shares", 1e-9, 3) if size >= 1e9 else ("", "M shares", 1e-6, 1)
    return {
        "percent": ("", "%", 1e2, 1),
        "points": ("", "pp", 1e2, 1),
        "bp": ("", "bp", 1e4, 0),
        "multiple": ("", "x", 1.0, 2 if size < 10 else 1),
        "usd": (sign, "", 1.0, 2),
        "number": ("", "", 1.0, 2 if size < 100 and size % 1 else 0),
    }[show]


def gap(value: Interval, show: str, unit: str) -> str:
    return spelt(value, "points" if show == "percent" else show, unit, plus=True, beside=(0.0,))


def score(value: Interval) -> str:
    low, high = (_score(float(end)) for end in (value.lo, value.hi))
    low, high = (text if text.startswith("1") else text[1:] for text in (low, high))
    return low if low == high else f"{low}-{high}"


def _score(end: float) -> str:
    for digits in range(2, 12):
        text = f"{Decimal(repr(end)).quantize(Decimal(1).scaleb(-digits)):.{digits}f}"
        if not any(end < mark - 1e-12 and float(text) >= mark for mark in (0.25, 0.5, 0.75)):
            break
    return text


def share(value: float) -> str:
    return f"{rounded(value * 100, 0)}%"


def day(when: Any) -> str:
    return f"{when.day} {MONTHS.split()[when.month - 1]} {when.year}"


def level(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def whole(value: float) -> str:
    return f"{value:.0f}"
