"""Worksheet: an appraisal for a terminal, section by section, a hundred columns wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thesis import plaintext
from thesis.appraisal.appraise import Appraisal
from thesis.case import Case
from thesis.interval import Interval
from thesis.layout import Layout, apart
from thesis.worksheet import believing, heading, needing, odds, pathways, pricing
from thesis.worksheet.layout import WIDTH, Blocks
from thesis.worksheet.sheet import Sheet

SECTIONS: Mapping[str, tuple[Callable[[Sheet], Blocks], str]] = {
    "bridge": (needing.bridge, ""),
    "needs": (needing.needs, "needs"),
    "implied": (pricing.implied, "implied"),
    "parts": (pricing.parts, "multiple of each segment"),
    "paths": (pathways.paths, "paths"),
    "scenarios": (believing.scenarios, "scenarios"),
    "levers": (believing.levers, ""),
    "chance": (odds.chance, "market"),
    "outside": (odds.outside, "priors"),
}
"""Name of a section to what prints it, and the part of valuation.yaml that it needs."""


def worksheet(
    case: Case, a: Appraisal, only: Sequence[str] = (), supposed: Mapping[str, Interval | float] | None = None
) -> str:
    """The same as ``laid_out``, as plain text."""
    return plaintext.text(laid_out(case, a, only, supposed))


def laid_out(
    case: Case, a: Appraisal, only: Sequence[str] = (), supposed: Mapping[str, Interval | float] | None = None
) -> Layout:
    """An appraisal: the head, the deciding belief, and each section that the pack gives figures for.

    ``only``: names of sections, in any order; all of them by default. ``supposed``: what ``--set`` changed.
    """
    sheet = Sheet.of(case, a)
    groups = [heading.head(sheet, supposed or {})]
    if a.missing:
        groups.append(heading.missing(sheet))
        return Layout(WIDTH, apart(groups))
    for name, (section, needed) in SECTIONS.items():
        if only and name not in only:
            continue
        blocks = section(sheet)
        if not blocks and only:
            blocks = needing.absent(name, f"valuation.yaml has no {needed}")
        groups.append(blocks)
    return Layout(WIDTH, apart(groups))
