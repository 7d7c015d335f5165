"""Reads numbers that people have written: at options, in a pack's files, in tables of other programs.

There are three styles of writing, and a text that could be two numbers is read as neither:

- ``typed``: what people type at an option, ``16.9bn``, ``$4tn``, ``1,234,567``, ``11%``, ``25bp``, ``21.4x``;
- ``language``: the notation of packs, ``16.9e9``, ``11%``, ``25bp``, without separators, signs and words;
- ``file``: a column of a table, where the decimal sign is decided once for the whole file (``decimal_sign``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

from thesis.core.currency import SIGN, currency_of, is_currency, named_currencies

Style = Literal["typed", "language", "file"]

DIVISORS = {"": 1.0, "%": 100.0, "bp": 10_000.0}
"""What the number before a mark of the rule language is divided by."""
LARGEST = Decimal("1e24")  # no figure that a company reports is larger
MOST_CHARACTERS = 60  # of a number; what is longer is none
SHOWN = 80  # characters of a text that a message repeats

_SCALES = {
    "k": 3, "thousand": 3,
    "m": 6, "mn": 6, "mm": 6, "mln": 6, "million": 6,
    "b": 9, "bn": 9, "billion": 9,
    "t": 12, "tn": 12, "trillion": 12,
}  # fmt: skip
_MARKS = {"%": "%", "bp": "bp", "bps": "bp", "pp": "%"}
MARKS = tuple(_MARKS)
"""What a number of a ratio may end with."""
_MULTIPLE = "x"
_SUFFIXES = "|".join(sorted((*_SCALES, *_MARKS, _MULTIPLE), key=len, reverse=True))
_GROUPS = ",_'\u2019 \u00a0\u2009\u202f"
"""What may stand between groups of three digits, beside the point where the comma is the decimal sign."""

_LANGUAGE = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?P<digits>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<mark>%|bp|)\s*"
)
_TYPED = re.compile(
    rf"(?P<minus>[+\-\u2212]?)\s?(?P<money>{SIGN.pattern}|(?-i:[A-Z]{{3}})\s)?\s?(?P<inner>[\-\u2212]?)"
    rf"(?P<body>[0-9.](?:[0-9.{_GROUPS}]*[0-9.])?)(?P<exponent>e[+-]?[0-9]{{1,3}})?"
    rf"\s?(?P<suffix>{_SUFFIXES})?(?:\s?(?P<code>(?-i:[A-Z]{{3}}|[€£¥])))?",
    re.IGNORECASE,
)
_IN_GROUPS = {sign: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}})+") for sign in (*_GROUPS, ".")}


class WrittenNumber(NamedTuple):
    """A number as it was written: decimal digits, perhaps with an exponent, and ``%``, ``bp`` or no mark.

    ``money`` is the sign or the code of a currency that stood beside it.

    >>> read_number("$1,234.5m").digits, str(read_number("$1,234.5m")), read_number("11%").value
    ('1234.5e6', '1234.5e6', 0.11)
    """

    digits: str
    mark: str
    money: str = ""

    @property
    def value(self) -> float:
        """The number, as the rule language works it out."""
        return float(self.digits) / DIVISORS[self.mark]

    @property
    def exact(self) -> Decimal:
        """The number as a decimal, without rounding."""
        return Decimal(self.digits) / Decimal(int(DIVISORS[self.mark]))

    def __str__(self) -> str:
        """The notation of packs and of the rule language."""
        return self.digits + self.mark


def read_number(text: str, unit: str = "", style: Style = "typed", *, decimal: str = ".") -> WrittenNumber:
    """Read one number.

    ``unit`` is that of the figure it is for (USD, EUR/share, ratio, years, shares, count), and empty where it
    is not known; a number that says another one is refused. ``decimal`` is the decimal sign of a ``file``.
    Errors: ``ValueError`` that says what was expected and, where the number can be guessed, how to write it.
    """
    if style == "language":
        return _of_language(text)
    found = _TYPED.fullmatch(text.strip()) if len(text) <= MOST_CHARACTERS else None
    if found is None or (found["minus"] and found["inner"]) or (style == "file" and found["suffix"]):
        raise _none(text, style)
    digits = _one_reading(found["body"], text, style, decimal)
    suffix = (found["suffix"] or "").lower()
    money = (found["money"] or found["code"] or "").strip()
    if money and (suffix in (*_MARKS, _MULTIPLE) or (found["money"] and found["code"])):
        raise _none(text, style)
    _refuse_other_unit(text, unit, suffix, money)
    minus = "-" if found["minus"] in ("-", "\u2212") or found["inner"] else ""
    power = int((found["exponent"] or "e0")[1:]) + _SCALES.get(suffix, 0)
    number = WrittenNumber(f"{minus}{digits}{f'e{power}' if power else ''}", _MARKS.get(suffix, ""), money)
    if not abs(number.exact) <= LARGEST:
        raise ValueError(f"expected a number up to {LARGEST:.0e}, found `{text.strip()[:SHOWN]}`")
    return number


def _of_language(text: str) -> WrittenNumber:
    """A number of a pack, as it stands there."""
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise _none(text, "language")
    return WrittenNumber(found["sign"].strip("+") + found["digits"], found["mark"])


def advice(error: ValueError, text: str) -> str:
    """What the message of an error says behind the text that it quotes: how to write the number instead."""
    said = str(error).partition(f"`{text.strip()[:SHOWN]}`")[2]
    return said if said.startswith(":") else ""


def remedy(text: str) -> str:
    """How to write a number of another style in a pack, as an ending of a message; nothing for what is none.

    >>> remedy("$1,234,567"), remedy("about five")
    (': write 1234567', '')
    """
    try:
        return f": write {read_number(text)}"
    except ValueError as error:
        return advice(error, text)


def _none(text: str, style: Style) -> ValueError:
    """What to say of a text that is no number of a style."""
    shown = text.strip()[:SHOWN]
    if style == "language":
        return ValueError(f"expected a number such as 15%, 25bp or 4e12, found `{shown}`{remedy(text)}")
    examples = "such as 16.9bn, 1,234,567 or 11%" if style == "typed" else "such as 1234.56"
    return ValueError(f"expected one number {examples}, found `{shown}`")


# the decimal sign --------------------------------------------------------------------------------


def decimal_sign(texts: Iterable[str], *, default: str = "") -> str:
    """The decimal sign of a file, point or comma, by all its numbers; what is no number has no say.

    ``default`` is taken where no number decides and none has a comma: what the file's own form suggests.
    Errors: ``ValueError`` where some numbers have a decimal point and others a comma, and where every one
    could be read either way; it names a number, and both readings.

    >>> decimal_sign(["1,234", "12,5"]), decimal_sign(["1,234", "12.5"])
    (',', '.')
    """
    votes: dict[str, str] = {}
    unsure = ""
    for text in texts:
        found = _TYPED.fullmatch(text.strip()) if len(text) <= MOST_CHARACTERS else None
        if found is None:
            continue
        read = {sign: _digits(found["body"], sign) for sign in ".,"}
        signs = [sign for sign, digits in read.items() if digits]
        if len(signs) == 1:
            votes.setdefault(signs[0], text.strip())
        elif read["."] != read[","] and (not unsure or "," in text):
            unsure = text.strip()
    if len(votes) > 1:
        raise ValueError(
            f"the decimal sign is a point in `{votes['.']}` and a comma in `{votes[',']}`: one file has one"
        )
    if votes:
        return next(iter(votes))
    if unsure and ("," in unsure or not default):
        raise ValueError(_two_readings(unsure, "the file does not say which"))
    return default or "."


def _two_readings(text: str, why: str) -> str:
    found = _TYPED.fullmatch(text)
    assert found
    point, comma = (_digits(found["body"], sign) for sign in ".,")
    return f"expected one reading, found `{text[:SHOWN]}`: it may be {point} or {comma}, and {why}"


def _one_reading(body: str, text: str, style: Style, decimal: str) -> str:
    """The digits with a decimal point. Errors: ``ValueError`` for none, and for two readings."""
    other = "," if decimal == "." else "."
    digits, instead = _digits(body, decimal), _digits(body, other)
    shown = text.strip()[:SHOWN]
    if style == "typed" and digits and instead and digits != instead and "," in body:
        raise ValueError(
            f"expected one reading, found `{shown}`: write {digits} or {instead}, whichever it is"
        )
    if digits:
        return digits
    if instead:
        named = "point" if decimal == "." else "comma"
        raise ValueError(f"expected a decimal {named}, found `{shown}`: write {instead}")
    raise _none(text, style)


def _digits(body: str, decimal: str) -> str:
    """The digits of a number with a decimal point, where its signs fit that decimal sign; else nothing."""
    whole, sign, part = body.partition(decimal)
    if (part and not part.isdigit()) or not (whole or part):
        return ""
    groups = {character for character in whole if not character.isdigit()}
    if not groups:
        return f"{whole}{'.' if sign else ''}{part}"
    (group,) = groups if len(groups) == 1 else ("",)
    may_group = group in _IN_GROUPS and group != decimal
    if not may_group or not _IN_GROUPS[group].fullmatch(whole) or whole[0] == "0":
        return ""
    return f"{whole.replace(group, '')}{'.' if sign else ''}{part}"


# units -------------------------------------------------------------------------------------------


def _refuse_other_unit(text: str, unit: str, suffix: str, money: str) -> None:
    """Errors: ``ValueError`` for a number that says another unit than that of its figure."""
    if not unit:
        return
    shown, currency = text.strip()[:SHOWN], currency_of(unit)
    is_plain = unit in ("ratio", "years")
    if suffix in _MARKS and unit != "ratio":
        raise ValueError(f"expected {unit}, found a ratio, `{shown}`: write it in {unit}, without `{suffix}`")
    if suffix in _SCALES and is_plain:
        example = "0.11 or 11%" if unit == "ratio" else "4.5"
        wanted = "a ratio" if unit == "ratio" else "years"
        raise ValueError(f"expected {wanted}, found an amount, `{shown}`: write it out, as in {example}")
    if suffix == _MULTIPLE and unit != "ratio":
        raise ValueError(f"expected {unit}, found a multiple, `{shown}`: write it in {unit}, without `x`")
    if not money:
        return
    named = {money} if is_currency(money) else named_currencies(money)
    if not currency:
        raise ValueError(f"expected {unit}, found an amount of money, `{shown}`: leave out `{money}`")
    if currency not in named:
        raise ValueError(f"expected {currency}, found `{shown}`: convert it into {currency}")
