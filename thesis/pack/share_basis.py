"""On which shares a figure counts: those from before a split, or those of today.

A split makes new shares of old ones, so share counts and figures a share from before it cannot stand beside
those from after it. What decides is the day on which a figure was told: a report filed before the split took
effect counts old shares, one filed after it new ones, also for earlier periods, since comparatives are
restated. A count on a cover page is that of its own day, whenever the report is filed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.period import parse_day
from thesis.facts.provenance import AS_FILED, FOR_THE_SPLIT, Provenance

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.load import Pack
    from thesis.pack.schema.metrics import ShareSplit

_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,9})?"
_RATIO = re.compile(rf"({_NUMBER})(?:\s*(?:/|:|-for-|\s+for\s+)\s*({_NUMBER}))?")
MOST_PARTS = 1000  # of a share, in the fraction that a rounded ratio may stand for
CLOSE = Fraction(1, 50)  # how far a rounded ratio may be from that fraction, against it


def split_ratio(text: str) -> Fraction:
    """New shares for one old one. Errors: ``ValueError`` that says what was expected.

    >>> split_ratio("20"), split_ratio("1/30"), split_ratio("1-for-30"), split_ratio("1.5")
    (Fraction(20, 1), Fraction(1, 30), Fraction(1, 30), Fraction(3, 2))
    """
    found = _RATIO.fullmatch(text.strip())
    parts = [Fraction(part) for part in found.groups() if part] if found else []
    if not parts or not all(parts):
        raise ValueError(f"expected new shares for one old one, as in 20, 3/2 or 1/30, found `{text[:40]}`")
    return parts[0] / parts[1] if len(parts) == 2 else parts[0]


def ratio_text(ratio: Fraction) -> str:
    """A ratio as it is printed: ``20``, ``1.5``, ``7/3``.

    >>> ratio_text(Fraction(30)), ratio_text(Fraction(3, 2)), ratio_text(Fraction(7, 3))
    ('30', '1.5', '7/3')
    """
    for digits in range(10):
        scaled = ratio * 10**digits
        if scaled.denominator == 1:
            whole = f"{scaled.numerator:0{digits + 1}d}"
            return f"{whole[: len(whole) - digits]}.{whole[-digits:]}" if digits else whole
    return f"{ratio.numerator}/{ratio.denominator}"


def meant_ratio(text: str) -> str:
    """The fraction that a rounded decimal seems to stand for; empty where it is exact as it is.

    >>> meant_ratio("0.0333"), meant_ratio("0.05"), meant_ratio("1.5")
    ('1/30', '', '')
    """
    ratio = split_ratio(text)
    if "." not in text or ratio.denominator == 1:
        return ""
    old = round(1 / ratio) if ratio < 1 else 0
    plain = Fraction(1, old) if old else ratio.limit_denominator(10)
    is_near = abs(plain / ratio - 1) <= CLOSE and plain.denominator <= MOST_PARTS
    return f"{plain.numerator}/{plain.denominator}" if plain != ratio and is_near else ""


class Rebasing(NamedTuple):
    """What brings a figure to today's shares: by what it is multiplied, and the days of the splits."""

    factor: Fraction
    days: tuple[str, ...]

    @property
    def step(self) -> str:
        """The step in words: ``x 20``, ``/ 30``; a whole number or a decimal wherever there is one."""
        times, over = ratio_text(self.factor), ratio_text(1 / self.factor)
        is_over = "/" in times if "/" in times or "/" in over else self.factor < 1
        return f"/ {over}" if is_over and "/" not in over else f"x {times}"

    @property
    def how(self) -> str:
        """How a figure was read that is put on today's shares."""
        return f"{AS_FILED} {self.step}{FOR_THE_SPLIT}{' and '.join(self.days)}"


def counts_shares(concept: LineItem) -> bool:
    """Whether a split changes a line item's figures: counts of shares, and what there is for each of them."""
    return concept.unit == "shares" or concept.unit.endswith("/share")


def splits_after(pack: Pack, name: str, told: date) -> list[ShareSplit]:
    """The splits of a line item's company that took effect after a day on which its figure was told."""
    if not counts_shares(pack.concepts[name]):
        return []
    owner = pack.owner(name)
    later = [split for split in pack.splits if split.entity == owner and str(told) < split.day]
    return sorted(later, key=lambda split: split.day)


def rebasing(concept: LineItem, splits: Sequence[ShareSplit]) -> Rebasing:
    """What brings a figure from before some splits to today's shares."""
    factor = Fraction(1)
    for split in splits:
        factor *= split_ratio(split.ratio)
    days = tuple(split.day for split in splits)
    return Rebasing(1 / factor if concept.unit.endswith("/share") else factor, days)


def day_told(filed: date, found: Provenance) -> date:
    """The day that decides of a row: that of its count, where its note names one, else that of its filing."""
    try:
        return parse_day(found.counted) if found.counted else filed
    except ValueError:
        return filed
