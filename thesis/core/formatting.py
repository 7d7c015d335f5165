"""How values, scores, dates and answers are printed; each format is defined once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from thesis.core.interval import EVERYTHING, Interval, reaches
from thesis.core.strict_ends import as_stated, stated_gap

BLOCKS = "▁▂▃▄▅▆▇█"
HALF = len(BLOCKS) // 2
GAP = "·"
CLEARLY = 1e-6  # of the larger of two numbers: more than any comparison takes for rounding
LEAST_PART = 0.01  # of a rounded count that is still told
_UP = 1 + 1e-12  # 2.15 is a little less in binary and would be printed as 2.1
MOST_DIGITS = 16  # decimals of a number that is told from another
WRITTEN_DIGITS = 6  # decimals of a number that somebody may have typed
LABEL_EDGES = (0.25, 0.5, 0.75)  # scores at which a label changes
_EXACT = 1e9  # from so many units of the last digit on, the nudge of `_UP` would show
_LARGE = 1e10  # from here on, a table of money counts in billions
UNKNOWN_TEXT = "unknown"
NOT_MEANINGFUL = "n.m."  # a multiple of what is zero or less
OPERATING, OF_MARKET = "operating EV/EBIT", "market value/EBIT"
"""The two multiples of operating income: of what is paid for the business alone, and of all the shares."""
_CURRENCIES = {"USD": "dollars", "EUR": "euros", "GBP": "pounds"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(when: date) -> str:
    """``9 Nov 2026``."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def answer(truth: Interval | None) -> str:
    """``true``, ``false`` or ``unknown``."""
    if truth is None:
        return ""
    return UNKNOWN_TEXT if not truth.is_point else "true" if truth.lo else "false"


def score(value: Interval) -> str:
    """``.80-.89``: a score, two digits, or as many as tell it from where its label changes: ``.499``."""
    low, high = _score_end(value.lo), _score_end(value.hi)
    return low if low == high else f"{low}-{high}"


def loss(value: float) -> str:
    """``.160``, ``-.004``, ``2.996``: the score of a forecast, three digits, no zero before the point."""
    text = f"{value * _UP:.3f}"
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def exact(number: Interval | str) -> str:
    """A reported figure with every digit: ``42,232,000,000``, ``0.104``, ``>25,000,000,000``."""
    if isinstance(number, str):
        return number
    number = as_stated(number)
    low, high = (f"{end:,.15g}" for end in (number.lo, number.hi))
    if math.isinf(number.hi):
        return f">{low}"
    if math.isinf(number.lo):
        return f"<{high}"
    return low if low == high else f"{low}..{high}"


def count(number: int, noun: str) -> str:
    """``1 day``, ``1,210 days``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def rounded_count(number: float, noun: str) -> str:
    """``1 move``, ``7 moves``: to the nearest whole one; below that ``0.4 moves``, ``under 0.01 moves``."""
    if 0 < number < LEAST_PART:
        return f"under {LEAST_PART} {noun}s"
    if not round(number) and number:
        return f"{number:.1g} {noun}s"
    return count(round(number), noun)


def share(value: float) -> str:
    """``87%``."""
    return f"{math.floor(value * 100 + 0.5 + 1e-9)}%"


def value(
    number: Interval | float | None,
    show: str,
    unit: str = "ratio",
    *,
    signed: bool = False,
    beside: Iterable[float] = (),
) -> str:
    """A value in its unit: ``28.4%``, ``-32..+31bp``, ``$42.2bn``, ``27.5x``; ranges as ranges.

    ``beside``: the numbers that are printed next to it, such as its threshold. It then has as many digits as
    tell it from each of them: 0.1998 is 20.0%, and 19.98% beside 20%.
    """
    word, number = _in_a_word(number)
    if word is not None:
        return word
    signed = signed or show in ("bp", "points")
    before, after, scale, digits = _style(show, unit, number)
    digits = telling_digits(number, beside, scale, digits)
    return _span(number, scale, digits, (before, after), signed=signed)


def telling_digits(number: Interval, beside: Iterable[float], scale: float, digits: int) -> int:
    """The fewest decimals with which a number reads on the same side of some others as it is.

    Numbers that are equal to twelve digits, as comparisons have it, may read alike.
    """
    stated = as_stated(number)
    ends = [end for end in (stated.lo, stated.hi) if math.isfinite(end)]
    pairs = [(end, other) for other in beside for end in ends if math.isfinite(other)]
    while digits < MOST_DIGITS and any(_misleads(end, other, scale, digits) for end, other in pairs):
        digits += 1
    return digits


def _misleads(number: float, other: float, scale: float, digits: int) -> bool:
    """Whether a number with so many decimals reads on another side of another one than it is."""
    printed = _rounded(number * scale, digits)
    is_above = _side(number, other)
    exactly, rounded = other * scale, _rounded(other * scale, digits)
    if not is_above:  # the same: it must not read as more or less than a threshold that somebody wrote
        return _side(printed, exactly) != 0 and _side(exactly, _rounded(exactly, WRITTEN_DIGITS)) == 0
    return any(_side(printed, each) != is_above for each in (exactly, rounded))


def _side(a: float, b: float) -> int:
    """-1, 0 or 1: whether a number is below another, the same to twelve digits, or above."""
    if abs(a - b) > CLEARLY * max(abs(a), abs(b)) or not (reaches(a, b) and reaches(b, a)):
        return 1 if a > b else -1
    return 0


def _rounded(number: float, digits: int) -> float:
    return math.copysign(float(_size(number, digits).replace(",", "")), number)


def _size(number: float, digits: int) -> str:
    """A number without its sign, rounded half up on the digits that a person sees."""
    size = abs(number)
    return f"{size * _UP if size * 10.0**digits < _EXACT else size:,.{digits}f}"


def short(
    number: Interval | float | None,
    show: str,
    unit: str = "ratio",
    *,
    signed: bool = False,
    beside: Iterable[float] = (),
) -> str:
    """As ``value``, but a range narrower than its last printed digit is told by its middle."""
    if isinstance(number, Interval) and math.isfinite(number.width):
        _, _, scale, digits = _style(show, unit, number)
        number = _settled(number, scale, digits)
    return value(number, show, unit, signed=signed, beside=beside)


def cell(
    number: Interval | float | None,
    scale: float = 1.0,
    digits: int = 1,
    *,
    signed: bool = False,
    beside: Iterable[float] = (),
) -> str:
    """A bare number for a table whose heading has the unit: ``2,577.5``, ``-37.8``, ``14.1..32.2``.

    ``scale`` is what it is multiplied with. A range narrower than the last digit is told by its middle.
    ``beside`` as for ``value``.
    """
    word, number = _in_a_word(number)
    if word is not None:
        return word
    number = _settled(number, scale, digits)
    digits = telling_digits(number, beside, scale, digits)
    return _span(number, scale, digits, ("", ""), signed=signed)


def _in_a_word(number: Interval | float | None) -> tuple[str | None, Interval]:
    """What is said in place of a number that has no digits, else None; and the number as a range."""
    if number is None:
        return "", EVERYTHING
    if not isinstance(number, Interval):
        number = Interval(number, number)
    if number.is_anything:
        return UNKNOWN_TEXT, number
    return (NOT_MEANINGFUL if number.is_point and math.isinf(number.lo) else None), number


def _span(number: Interval, scale: float, digits: int, around: tuple[str, str], *, signed: bool) -> str:
    """A number or a range with so many decimals, between what stands before and after its digits."""
    before, after = around
    low, high = (_digits(end * scale, digits, before, signed=signed) for end in (number.lo, number.hi))
    if math.isinf(number.hi):
        return f"over {low}{after}"
    if math.isinf(number.lo):
        return f"under {high}{after}"
    return f"{low}{after}" if low == high else f"{low}..{high}{after}"


def _settled(number: Interval, scale: float, digits: int) -> Interval:
    narrow = abs(number.width * scale) < 10.0**-digits
    return Interval(number.middle, number.middle) if narrow else number


def money_scale(largest: float, unit: str) -> tuple[str, float]:
    """The heading of a table of money and what its figures are multiplied with: ``$bn`` and 1e-9."""
    name, scale = ("bn", 1e-9) if largest >= _LARGE else ("M", 1e-6)
    sign = money_sign(unit)
    return f"{sign}{name}", scale


def times(number: Interval | float | None, digits: int = 1, *, beside: Iterable[float] = ()) -> str:
    """A multiple with so many decimals: ``27.5x``, ``16.0..26.0x``; ``beside`` as for ``value``."""
    told = cell(number, 1.0, digits, beside=beside)
    return told if told in ("", UNKNOWN_TEXT) else f"{told}x"


def month(when: date) -> str:
    """``Apr 2031``."""
    return f"{_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """``15 Oct``: a day whose year stands beside it."""
    return f"{when.day} {_MONTHS[when.month - 1]}"


def round_value(number: float, show: str, unit: str = "ratio") -> str:
    """A round number on an axis: ``$2T``, ``15%``, ``2.5x``; as many decimals as it has."""
    before, after, scale, _ = _style(show, unit, Interval(number, number))
    sign = "-" if number < 0 else ""
    told = f"{sign}{before}{_all_digits(abs(number) * scale)}"
    return told if show == "billions" and not number else f"{told}{after}"


def _all_digits(size: float) -> str:
    """A number with the twelve digits at most that it was typed with, and no exponent."""
    text = f"{size:,.12g}"
    return f"{size:,.15f}".rstrip("0").rstrip(".") if "e" in text else text


def edge(written: str, at: float, show: str, unit: str = "ratio") -> str:
    """A threshold in the unit of what is held against it, with every digit: ``-2pp``, ``$82M``, ``1.25x``.

    A bare number stays as it is written: ``0.90``.
    """
    is_bare = show == "number" and unit != "shares" and not set(written) - set("-.0123456789")
    return written if is_bare else round_value(at, show, unit)


def unit_text(show: str, unit: str = "ratio") -> str:
    """The unit of an axis or a heading in words: ``percent``, ``basis points``, ``dollars a share``."""
    named = {"percent": "percent", "points": "percentage points", "bp": "basis points", "multiple": "times"}
    if show in named:
        return named[show]
    money, _, per = unit.partition("/")
    if show in ("billions", "usd") or per:
        return f"{_CURRENCIES.get(money, money)}{f' a {per}' if per else ''}"
    return "a ratio" if unit == "ratio" else unit


def _style(show: str, unit: str, number: Interval) -> tuple[str, str, float, int]:
    """What stands before and after the digits, the scale, and how many decimals."""
    largest = max(abs(end) for end in (number.lo, number.hi) if math.isfinite(end))
    if show in ("percent", "points"):
        return "", "%" if show == "percent" else "pp", 100.0, 1
    if show == "bp":
        return "", "bp", 10_000.0, 0
    if show == "multiple":
        return "", "x", 1.0, 2 if largest < 10 else 1
    if show == "usd":
        return money_sign(unit), "", 1.0, 2
    if show == "billions":
        if largest >= 1e12:
            return money_sign(unit), "T", 1e-12, 2
        return (
            (money_sign(unit), "bn", 1e-9, 1)
            if largest >= 1e9 or not largest
            else (money_sign(unit), "M", 1e-6, 0)
        )
    if unit == "shares":
        return ("", "bn shares", 1e-9, 3) if largest >= 1e9 else ("", "M shares", 1e-6, 1)
    return "", "", 1.0, 2 if largest < 100 and largest % 1 else 0


def money_sign(unit: str) -> str:
    """What stands before an amount: ``$`` for USD and USD/share, else the currency's own name."""
    currency = unit.partition("/")[0]
    return {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")


def _digits(number: float, digits: int, before: str, *, signed: bool) -> str:
    """A number with its sign ahead of the currency; nothing is printed as minus zero."""
    if math.isinf(number):
        return ""
    size = _size(number, digits)
    if not size.strip("0.,"):
        return f"{before}{size if digits and number else '0'}" if before else size
    sign = "-" if number < 0 else "+" if signed else ""
    return f"{sign}{before}{size}"


def level(number: float) -> str:
    """A rubric's level; one decimal where it lies between two."""
    return f"{number:.1f}".removesuffix(".0")


def gap(number: Interval, show: str, unit: str, at: float = 0.0) -> str:
    """A distance, signed: ``+13.4pp``, ``+25bp``, ``+0.12x``; as nothing only if it is, else ``-0.02pp``.

    ``at``: the threshold that it is measured from; of a figure stated as below it, nothing is left.
    """
    number = stated_gap(number, at)
    if show == "billions" and number.lo == number.hi == 0.0:
        return f"{money_sign(unit)}0"  # no threshold says whether it is nothing in millions or in billions
    return value(number, "points" if show == "percent" else show, unit, signed=True, beside=(0.0,))


def sparkline(values: Sequence[Interval]) -> str:
    """One bar for each value, by its middle between the lowest and the highest middle.

    A dot stands where a value is unknown, unbounded, or a range wider than the whole height, which has no
    place among the others. Values that are all alike are drawn at half height, since neither the lowest
    nor the highest bar would be true of them.
    """
    middles = [v.middle for v in values if math.isfinite(v.lo) and math.isfinite(v.hi)]
    low, high = min(middles, default=0.0), max(middles, default=0.0)
    return "".join(_bar(value, low, high) for value in values)


def _bar(value: Interval, low: float, high: float) -> str:
    width = value.hi - value.lo
    if not math.isfinite(width):
        return GAP
    if high <= low:
        return BLOCKS[HALF]
    if width > high - low:
        return GAP
    return BLOCKS[round((value.middle - low) / (high - low) * (len(BLOCKS) - 1))]


def join_words(items: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    listed = list(items)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


def clean_entry(text: str, most: int) -> str:
    """What somebody entered, on one line.

    Errors: ``ValueError`` where that is nothing, longer than ``most`` characters or not printable.
    """
    body = " ".join(text.split())
    if not body:
        raise ValueError("expected words, found nothing")
    if len(body) > most or not body.isprintable():
        raise ValueError(f"expected at most {most:,} characters that can be printed, found `{body[:40]}...`")
    return body


def capitalise(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def with_full_stop(text: str) -> str:
    """A text as a sentence that another may follow: with a stop, where it ends without any mark."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def paragraphs(text: str) -> list[str]:
    """A text as its paragraphs, each on one line: an empty line parts them."""
    parted = "\n".join(line.strip() for line in text.splitlines()).split("\n\n")
    return [" ".join(each.split()) for each in parted if each.strip()]


def _score_end(number: float) -> str:
    """An end of a score without the zero before its point."""
    digits = 2
    while digits < MOST_DIGITS and any(_is_blurred(number, mark, digits) for mark in LABEL_EDGES):
        digits += 1
    text = f"{number:.{digits}f}"
    return text if text.startswith("1") else text[1:]


def _is_blurred(number: float, mark: float, digits: int) -> bool:
    """Whether a score would read as the mark at which its label changes, and has not reached it."""
    return float(f"{number:.{digits}f}") >= mark and not reaches(number, mark)
