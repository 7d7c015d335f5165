"""Numbers as inline documents print them, read by the transformation that each names.

A number carries the name of its format, out of the registry of transformations that XBRL
International keeps (``ixt``) or the SEC's (``ixt-sec``), a scale (6 is millions) and a sign. A
numeric format that is not here is an error: reading ``1.234`` on a guess is wrong by a factor of
1000. Groups of digits are held to two or three, save in the formats of the registry's fourth version
with a point for the decimals: there separators stand anywhere, and what a slip like ``1,23`` states is
what everybody else reads in that filing, 123.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from thesis.sources.reported_fact import MOST_DIGITS, bounded_number, parse_number
from thesis.sources.xbrl.number_words import number_from_words

IXT, IXT_SEC = (
    "http://www.xbrl.org/inlineXBRL/transformation/",
    "http://www.sec.gov/inlineXBRL/transformation/",
)
MOST_SCALE = 30

_SPACES = " \u00a0\u202f\u2009"  # plain, no-break, narrow and thin
_DASHES = "-\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"


def _grouped(
    point: str, separators: str, last: str = "[0-9]{3}", others: str = "[0-9]{3}"
) -> re.Pattern[str]:
    """Digits in groups parted by one kind of separator, or not at all, then the point and decimals."""
    groups = f"[0-9]{{1,3}}(?:(?P<by>[{separators}])(?:{others}(?P=by))*{last})"
    return re.compile(rf"(?P<whole>{groups}|[0-9]+|(?={point}))(?:{point}(?P<part>[0-9]+))?")


_DOT = _grouped(r"\.", f",'\u2019{_SPACES}")
_DOT_IN = _grouped(r"\.", f",{_SPACES}", others="[0-9]{2}")
_COMMA = _grouped(",", f".'\u2019{_SPACES}")
_ANYWHERE = re.compile(rf"(?P<whole>[0-9,'\u2019{_SPACES}]*)(?:\.(?P<part>[0-9{_SPACES}]+))?")
_UNITS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:(?P<by>[,.])[0-9]{3}(?:(?P=by)[0-9]{3})*)?|[0-9]+)"
    r"\s*[^0-9,.]+?\s*(?P<part>[0-9]{1,2})[^0-9]*"
)


def _read(pattern: re.Pattern[str]) -> Callable[[str], Decimal]:
    def read(text: str) -> Decimal:
        found = pattern.fullmatch(text) if len(text) <= MOST_DIGITS else None
        if not found:
            raise ValueError(f"expected digits in groups of three, found `{text[:MOST_DIGITS]}`")
        whole, part = _digits(found["whole"]), _digits(found["part"] or "")
        if not whole and not part:
            raise ValueError(f"expected digits, found `{text[:MOST_DIGITS]}`")
        return Decimal(f"{whole or 0}.{part}")

    return read


def _digits(text: str) -> str:
    return "".join(digit for digit in text if digit in "0123456789")


def _units(text: str) -> Decimal:
    """``5 dollars 20 cents``: the unit in words, then hundredths of it."""
    found = _UNITS.fullmatch(text) if len(text) <= MOST_DIGITS else None
    if not found:
        raise ValueError(f"expected an amount like `5 dollars 20 cents`, found `{text[:MOST_DIGITS]}`")
    return Decimal(f"{_digits(found['whole'])}.{found['part']:0>2}")


def _dash(text: str) -> Decimal:
    if text not in _DASHES or len(text) != 1:
        raise ValueError(f"expected a dash, found `{text[:MOST_DIGITS]}`")
    return Decimal(0)


def _plain(text: str) -> Decimal:
    if text[:1] in ("+", "-"):
        raise ValueError(f"expected a number without a sign, found `{text[:MOST_DIGITS]}`")
    return parse_number(text)


_dot, _comma = _read(_DOT), _read(_COMMA)
NUMBERS: dict[str, Callable[[str], Decimal]] = {
    "": _plain,
    "ixt:num-dot-decimal": _read(_ANYWHERE),
    "ixt:num-dot-decimal-apos": _read(_ANYWHERE),
    "ixt:num-dot-decimal-in": _read(_DOT_IN),
    "ixt:numdotdecimal": _dot,
    "ixt:numdotdecimalin": _read(_DOT_IN),
    "ixt:numcommadot": _dot,
    "ixt:numspacedot": _dot,
    "ixt:num-comma-decimal": _comma,
    "ixt:num-comma-decimal-apos": _comma,
    "ixt:numcommadecimal": _comma,
    "ixt:numdotcomma": _comma,
    "ixt:numspacecomma": _comma,
    "ixt:numcomma": _comma,
    "ixt:num-unit-decimal": _units,
    "ixt:num-unit-decimal-apos": _units,
    "ixt:numunitdecimal": _units,
    "ixt:fixed-zero": lambda _: Decimal(0),
    "ixt:zerodash": _dash,
    "ixt:numdash": _dash,
    "ixt-sec:numwordsen": lambda text: Decimal(number_from_words(text)),
}


def format_name(name: str) -> str:
    """``<namespace> <local name>`` as ``ixt:...`` or ``ixt-sec:...``; of any other registry as it is."""
    uri, _, local = name.rpartition(" ")
    if uri.startswith(IXT):
        return f"ixt:{local}"
    return f"ixt-sec:{local}" if uri.startswith(IXT_SEC) else f"{{{uri}}}{local}"


def stated_value(text: str, form: str, scale: int, *, is_negative: bool) -> Decimal:
    """The number that a piece of text states.

    ``form`` is a name out of ``NUMBERS``. Errors: ``ValueError`` where the text is not in that form or
    the number is out of bounds.

    >>> stated_value("16.9", "ixt:num-dot-decimal", 9, is_negative=True)
    Decimal('-16900000000')
    """
    shown = NUMBERS[form](text.strip())
    _, digits, exponent = shown.as_tuple()
    assert isinstance(exponent, int)  # no reader above gives an infinity
    moved = Decimal((int(is_negative and bool(shown)), digits, exponent + scale))
    return bounded_number(moved)


def parse_scale(text: str | None) -> int:
    """A power of ten; 0 where none is given. Errors: ``ValueError`` that says what was expected."""
    body = (text or "0").strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,2}", body) or abs(int(body)) > MOST_SCALE:
        raise ValueError(
            f"expected a power of ten up to {MOST_SCALE} as the scale, found `{body[:MOST_DIGITS]}`"
        )
    return int(body)


def parse_sign(text: str | None) -> bool:
    """Whether the number is negative. Errors: ``ValueError`` for any sign but ``-``."""
    body = (text or "").strip()
    if body not in ("", "-"):
        raise ValueError(f"expected `-` as the sign or none, found `{body[:MOST_DIGITS]}`")
    return body == "-"
