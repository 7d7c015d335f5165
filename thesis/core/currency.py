"""Currencies: how units, tables of releases and price files name them, and their hundredths.

A currency is an ISO 4217 code. Shares are quoted in London in pence, in Johannesburg in cents and in Tel Aviv
in agorot; data vendors give these hundredths codes of their own (``GBX``, ``GBp``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

DOLLARS = frozenset({"USD", "CAD", "AUD", "HKD", "SGD", "NZD", "TWD", "MXN"})
"""The currencies that ``$`` alone may stand for."""
_SIGNS = {
    "US$": {"USD"}, "CA$": {"CAD"}, "C$": {"CAD"}, "A$": {"AUD"}, "HK$": {"HKD"}, "S$": {"SGD"},
    "NZ$": {"NZD"}, "NT$": {"TWD"}, "R$": {"BRL"}, "$": DOLLARS, "€": {"EUR"}, "£": {"GBP"},
    "¥": {"JPY", "CNY"}, "₹": {"INR"}, "₩": {"KRW"},
}  # fmt: skip
_WORDS = {
    r"u\.?s\.?\s+dollars?": {"USD"}, r"united states dollars?": {"USD"}, r"canadian dollars?": {"CAD"},
    r"australian dollars?": {"AUD"}, r"hong kong dollars?": {"HKD"}, r"singapore dollars?": {"SGD"},
    r"new zealand dollars?": {"NZD"}, r"new taiwan dollars?": {"TWD"}, r"dollars?": DOLLARS,
    r"euros?": {"EUR"}, r"pounds? sterling": {"GBP"}, r"british pounds?": {"GBP"}, r"pounds?": {"GBP"},
    r"sterling": {"GBP"}, r"(?:japanese )?yen": {"JPY"}, r"renminbi": {"CNY"}, r"yuan": {"CNY"},
    r"swiss francs?": {"CHF"}, r"swedish kron(?:a|or)": {"SEK"}, r"danish kron(?:e|er)": {"DKK"},
    r"norwegian kron(?:e|er)": {"NOK"}, r"(?:indian )?rupees?": {"INR"}, r"korean won": {"KRW"},
    r"(?:brazilian )?reais": {"BRL"}, r"rand": {"ZAR"}, r"zloty": {"PLN"},
}  # fmt: skip
_CODES = (
    "USD EUR GBP JPY CNY RMB CHF SEK DKK NOK INR KRW BRL ZAR PLN CAD AUD HKD SGD NZD TWD MXN ILS TRY CZK HUF"
)
_ALIASES = {"RMB": "CNY"}
SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
"""A currency's sign before a figure."""
_NAMED = re.compile(
    rf"(?P<code>\b(?-i:{'|'.join(_CODES.split())})\b)|(?P<sign>{SIGN.pattern})|\b(?P<word>"
    + "|".join(_WORDS)
    + r")\b",
    re.IGNORECASE,
)


class MinorUnit(NamedTuple):
    """A hundredth in which prices are quoted, as ``GBX``: its own name, and the currency that it is of."""

    name: str
    currency: str


PARTS = 100  # of a currency: pence of a pound
_MINOR = {
    "GBX": MinorUnit("pence", "GBP"),
    "GBp": MinorUnit("pence", "GBP"),
    "ZAC": MinorUnit("cents", "ZAR"),
    "ZAc": MinorUnit("cents", "ZAR"),
    "ILA": MinorUnit("agorot", "ILS"),
}


def minor_unit(unit: str) -> MinorUnit | None:
    """The hundredth that a unit counts in; None for a unit of whole currency or of no money.

    >>> minor_unit("GBX/share"), minor_unit("GBP/share")
    (MinorUnit(name='pence', currency='GBP'), None)
    """
    return _MINOR.get(unit.partition("/")[0])


def is_currency(word: str) -> bool:
    """Whether a word has the form of a currency's code: three capital letters."""
    return len(word) == 3 and word.isascii() and word.isalpha() and word.isupper()


def currency_of(unit: str) -> str:
    """The currency of an amount or of an amount a share; empty for a unit of no money.

    >>> currency_of("EUR/share"), currency_of("EUR"), currency_of("shares")
    ('EUR', 'EUR', '')
    """
    word, _, per = unit.partition("/")
    return word if is_currency(word) and per in ("", "share") else ""


def show_of(unit: str) -> str:
    """How a figure of a unit is printed where nobody says: money in millions or billions, save a share's."""
    if currency_of(unit):
        return "usd" if "/" in unit else "billions"
    return "percent" if unit == "ratio" else "number"


def named_currencies(text: str) -> frozenset[str]:
    """Every currency that a text may name; ``$`` may be any dollar. Empty where it names none.

    >>> sorted(named_currencies("in millions of euros, except per share data"))
    ['EUR']
    """
    found: set[str] = set()
    for each in _NAMED.finditer(text):
        if each["code"]:
            found.add(_ALIASES.get(each["code"], each["code"]))
        elif each["sign"]:
            found |= _SIGNS[each["sign"].upper()]
        else:
            word = each["word"]
            found |= next(
                names for words, names in _WORDS.items() if re.fullmatch(words, word, re.IGNORECASE)
            )
    return frozenset(found)
