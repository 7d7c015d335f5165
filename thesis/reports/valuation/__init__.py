"""An appraisal for the terminal, section by section, a hundred columns wide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from thesis.appraisal.appraise import Appraisal
from thesis.case.case import Case
from thesis.document import plain_text
from thesis.document.blocks import Document, spaced_groups
from thesis.language.evaluate import Supposition
from thesis.reports.valuation import (
    assumptions_section,
    heading,
    odds_section,
    paths_section,
    pricing_section,
    requirements_section,
)
from thesis.reports.valuation.sheet_blocks import WIDTH, Blocks
from thesis.reports.valuation.valuation_sheet import ValuationSheet

SECTIONS: Mapping[str, tuple[Callable[[ValuationSheet], Blocks], str]] = {
    "bridge": (requirements_section.bridge_section, ""),
    "needs": (requirements_section.requirements_section, "needs"),
    "implied": (pricing_section.implied_growth_section, "implied"),
    "parts": (pricing_section.segment_multiples_section, "multiple of each segment"),
    "paths": (paths_section.paths_section, "paths"),
    "scenarios": (assumptions_section.scenarios_section, "scenarios"),
    "levers": (assumptions_section.assumptions_section, ""),
    "chance": (odds_section.odds_section, "market"),
    "outside": (odds_section.outside_view_section, "priors"),
}
"""Name of a section to what prints it, and the part of valuation.yaml that it needs."""


def valuation_text(
    case: Case,
    a: Appraisal,
    only: Sequence[str] = (),
    supposed: Mapping[str, Supposition | float] | None = None,
) -> str:
    """The same as ``valuation_document``, as plain text."""
    return plain_text.document_text(valuation_document(case, a, only, supposed))


def valuation_document(
    case: Case,
    a: Appraisal,
    only: Sequence[str] = (),
    supposed: Mapping[str, Supposition | float] | None = None,
) -> Document:
    """An appraisal: the head, the deciding belief, and each section that the pack gives figures for.

    ``only``: names of sections, in any order; all of them by default. ``supposed``: what ``--set`` changed.
    """
    sheet = ValuationSheet.of(case, a)
    groups = [heading.valuation_heading(sheet, supposed or {})]
    if a.missing:
        groups.append(heading.missing_inputs(sheet))
        return Document(WIDTH, spaced_groups(groups))
    for name, (section, needed) in SECTIONS.items():
        if only and name not in only:
            continue
        blocks = section(sheet)
        if not blocks and only:
            blocks = requirements_section.absent_note(name, f"valuation.yaml has no {needed}")
        groups.append(blocks)
    return Document(WIDTH, spaced_groups(groups))
