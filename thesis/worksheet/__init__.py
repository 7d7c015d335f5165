"""Worksheet: an appraisal as text for a terminal, section by section, a hundred columns wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thesis.appraisal.appraise import Appraisal
from thesis.case import Case
from thesis.interval import Interval
from thesis.worksheet import believing, heading, needing, odds, pathways, pricing
from thesis.worksheet.sheet import Sheet

SECTIONS: Mapping[str, tuple[Callable[[Sheet], list[str]], str]] = {
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
    """An appraisal as text: the head, the deciding belief, and each section that the pack gives figures for.

    ``only``: names of sections, in any order; all of them by default. ``supposed``: what ``--set`` changed.
    """
    sheet = Sheet.of(case, a)
    blocks = [heading.head(sheet, supposed or {})]
    if a.missing:
        blocks.append(heading.missing(sheet))
        return _joined(blocks)
    for name, (printed, needed) in SECTIONS.items():
        if only and name not in only:
            continue
        lines = printed(sheet)
        if not lines and only:
            lines = needing.absent(name, f"valuation.yaml has no {needed}")
        blocks.append(lines)
    return _joined(blocks)


def _joined(blocks: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
