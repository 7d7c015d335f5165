"""Which column of a price file holds what, told by its name.

The names are those that sites and programs write at the head of their downloads: Yahoo, yfinance, Nasdaq,
Stooq, Tiingo, Alpha Vantage, Investing in its languages, German and Polish brokers, and spreadsheets of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

Role = Literal[
    "day", "close", "adjusted", "open", "high", "low",
    "volume", "dividend", "split", "currency", "ticker", "step",
]  # fmt: skip

COLUMN_NAMES: dict[Role, tuple[str, ...]] = {
    "day": ("date", "datetime", "timestamp", "trade date", "datum", "fecha", "data", "tarih"),
    "close": (
        *("close", "close/last", "closing price", "close price", "schlusskurs", "schluss", "cierre"),
        *("cloture", "fermeture", "chiusura", "fechamento", "zamkniecie", "slotkoers", "kapanis"),
        *("last", "last price", "price", "ultimo", "zuletzt", "dernier", "ostatnio", "laatst", "simdi"),
    ),
    "adjusted": ("adj close", "adjclose", "adjusted close", "adj closing price", "adjusted closing price"),
    "open": (
        *("open", "erster", "eroffnung", "eroffn", "eroffnungskurs", "apertura", "ouverture", "ouv"),
        *("abertura", "otwarcie", "opening", "acilis"),
    ),
    "high": (
        *("high", "hoch", "tageshoch", "maximo", "plus haut", "haut", "massimo", "maxima", "najwyzszy"),
        *("max", "hoog", "yuksek"),
    ),
    "low": (
        *("low", "tief", "tagestief", "minimo", "plus bas", "bas", "minima", "najnizszy", "min", "laag"),
        "dusuk",
    ),
    "volume": ("volume", "vol", "volumen", "stuecke", "stucke", "wolumen", "wol", "hac"),
    "dividend": ("dividends", "dividend", "dividend amount", "divcash", "div cash"),
    "split": ("stock splits", "splits", "split factor", "splitfactor", "split coefficient", "split ratio"),
    "currency": ("currency", "wahrung", "waehrung", "devise", "moneda", "waluta"),
    "ticker": ("ticker", "symbol"),
    "step": ("per", "period", "interval"),
}
"""The names of each column as ``folded`` gives them; of several in a file the first of the list counts."""
MONTH_FIRST = frozenset({"close/last", "change %"})
"""Names of columns in files that write days as 07/31/2026: Nasdaq's, and Investing's in English."""
ENGLISH = frozenset({"date", "datetime", "timestamp", "trade date"})
PRICES: tuple[Role, ...] = ("close", "adjusted", "open", "high", "low")
LONGEST_NAME = 25  # characters; what is longer is a name with its explanation behind it
_UNIT = re.compile(r"(.*?)\s*[(\[]\s*([A-Za-z]{3})\s*[)\]]")


def folded(cell: str) -> str:
    """A column's name without what differs between files: case, accents, marks of footnotes, underscores.

    >>> folded("\u00daltimo"), folded("<CLOSE>"), folded("Adj. Close**"), folded("dividend_amount")
    ('ultimo', 'close', 'adj close', 'dividend amount')
    """
    plain = unicodedata.normalize("NFKD", cell.replace("\u0142", "l").replace("\u0131", "i").casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(letters.translate(str.maketrans("_", " ", '<>*."\ufeff')).split())


def unit_named(cell: str) -> tuple[str, str]:
    """A column's name and the currency that it names: ``("Close", "EUR")`` of ``Close (EUR)``."""
    found = _UNIT.fullmatch(cell.strip())
    return (found[1], found[2]) if found else (cell, "")


def columns_of(names: Sequence[str], role: Role) -> list[int]:
    """The columns that hold one thing, by folded names; of several names the first of the list counts.

    A name that goes on with its own explanation is found by how it begins, as on Yahoo's page: ``Close Close
    price adjusted for splits``.
    """
    for wanted in COLUMN_NAMES[role]:
        found = [i for i, name in enumerate(names) if name == wanted or _explains(name, wanted)]
        if found:
            return found
    return []


def _explains(name: str, wanted: str) -> bool:
    return len(name) > LONGEST_NAME and name.startswith(f"{wanted} ")


def is_price_head(names: Sequence[str]) -> bool:
    """Whether names of columns are those of prices: a day beside a price, or several of a day's prices."""
    prices = sum(bool(columns_of(names, role)) for role in PRICES)
    return prices > 1 or (prices == 1 and bool(columns_of(names, "day")))
