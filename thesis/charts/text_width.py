"""The width of a text in a chart, so that labels can be placed, wrapped and cut without a browser.

Widths are those of DejaVu Sans, about the widest face that a reader's machine will fall back to: where the
text is set in a narrower one, labels only stand farther apart.
"""

from __future__ import annotations

import math
import unicodedata

from thesis.core.interval import total

_FIRST = 32  # the space, with which printable ASCII begins
_WIDTHS = (  # in hundredths of the font's size
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34,
    64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
    100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
    50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61,
    63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
)  # fmt: skip
_OTHER, _WIDE = 75, 105  # letters with marks and the like; ideographs and emoji
BOLD = 1.12  # how much wider a bold text is
LONGEST = 1000  # characters of a text that are looked at
CUT = "…"


def label_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in the unit of its size."""
    return total(map(_width, text)) * size / 100 * (BOLD if bold else 1.0)


def _width(letter: str) -> int:
    place = ord(letter) - _FIRST
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    if unicodedata.combining(letter):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


def clean_label(text: str) -> str:
    """A text on one line, without the characters that XML cannot hold."""
    return " ".join("".join(" " if _unfit(letter) else letter for letter in text).split())


def _unfit(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs") or (ord(letter) & 0xFFFE) == 0xFFFE


def shorten_text(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """A text cut to fit, with an ellipsis where something was left out."""
    text = clean_label(text[:LONGEST])
    if label_width(text, size, bold=bold) <= room:
        return text
    while text and label_width(text + CUT, size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + CUT


def wrap_text(text: str, room: float, size: float, *, bold: bool = False, most: int = 2) -> list[str]:
    """A text on as many lines as it takes, ``most`` at the most; the last is cut to fit."""
    lines: list[str] = []
    words = clean_label(text[:LONGEST]).split()
    while words and len(lines) < most - 1:
        taken = 1
        while taken < len(words) and label_width(" ".join(words[: taken + 1]), size, bold=bold) <= room:
            taken += 1
        lines.append(shorten_text(" ".join(words[:taken]), room, size, bold=bold))
        words = words[taken:]
    return [*lines, shorten_text(" ".join(words), room, size, bold=bold)] if words else lines


def spread_labels(
    places: list[float], room: float, first: float = -math.inf, last: float = math.inf
) -> list[float]:
    """Places in their order, moved until they are ``room`` apart, none beyond ``first`` or ``last``.

    Where there is not room for all of them, they go beyond ``first``.

    >>> spread_labels([10, 11, 40], 12)
    [4.5, 16.5, 40.0]
    >>> spread_labels([10, 11, 40], 12, first=8)
    [8, 20, 40.0]
    """

    def start(group: list[float]) -> float:
        """Where the first of a group stands when the group keeps its middle."""
        middle = total(group) / len(group)
        wide = room * (len(group) - 1)
        return min(max(middle - wide / 2, first), last - wide)

    groups: list[list[float]] = []
    for place in sorted(places):
        groups.append([place])
        while len(groups) > 1 and start(groups[-1]) < start(groups[-2]) + room * len(groups[-2]):
            joined = groups.pop()
            groups[-1] += joined
    return [start(group) + room * i for group in groups for i in range(len(group))]
