"""A figure as a table prints it, ``$ (1,204)``, ``35.5 %``, ``N/A``.

What a table leaves out (a dash, ``N/A``) is missing and never zero. A text that is not plainly one figure
is none: nothing is guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

MOST_DIGITS = 40  # characters of a figure; what is longer is none

_ABSENT = re.compile(r"[\s$%()*.–—―−-]*(?:n\s*/\s*[am]|n\.?[am]\.?|nm)?[\s$%()*]*", re.IGNORECASE)  # noqa: RUF001
_MINUS = re.compile("[‐‑–—−]")  # noqa: RUF001 - dashes that printers set for a minus
_FIGURE = re.compile(
    r"(?P<open>\(?)\s*(?P<minus>-?)\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?\s*"
    r"(?P<percent>%?)\s*(?P<close>\)?)\s*(?P<after>%?)"
)
_FOOTNOTE = re.compile(r"(?<=[0-9%)])\s+\([0-9]{1,2}\)$")


class PrintedNumber(NamedTuple):
    """A figure, to how many decimal places it is printed, and whether in percent."""

    value: Decimal
    places: int
    is_percent: bool


def is_absent(text: str) -> bool:
    """Whether a cell says that there is nothing to say."""
    return len(text) <= MOST_DIGITS and bool(_ABSENT.fullmatch(text.strip()))


def parse_printed(text: str) -> PrintedNumber:
    """The figure of a cell. Errors: ``ValueError`` where it is not one figure.

    >>> parse_printed("$ (1,204)").value, parse_printed("(6.5)%").places
    (Decimal('-1204'), 1)
    """
    body = _MINUS.sub("-", _FOOTNOTE.sub("", text.strip()).replace("$", "")).strip()
    found = _FIGURE.fullmatch(body) if len(body) <= MOST_DIGITS else None
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["percent"] and found["after"]):
        raise ValueError(f"expected one figure, found `{text.strip()[:MOST_DIGITS]}`")
    value = Decimal(found["whole"].replace(",", "") + (found["part"] or ""))
    is_negative = bool(found["open"]) != bool(found["minus"])
    return PrintedNumber(
        -value if is_negative else value,
        len(found["part"] or ".") - 1,
        bool(found["percent"] or found["after"]),
    )
