"""The sheet that explains how to read the workbook, and which cells are not formulas."""

from __future__ import annotations

from collections.abc import Iterator

from thesis.appraisal.appraise import Appraisal
from thesis.narrative import rating_text
from thesis.scoring.assessment import Assessment
from thesis.workbook.spreadsheet import BOLD, SECTION, TITLE, WRAPPED, WorkbookSheet

NAME = "Notes"
READING = {
    "Blue": "was put in: facts, edges, weights, grades, beliefs. Change one, and what rests on it follows.",
    "Black": "is worked out by the formula in the cell; the value written with it is what thesis found.",
    "Low and high": "are the ends of what is known; of a value known exactly they are alike. The worst case "
    "takes the low ends of the conditions and the high ends of the risks, the best case the others.",
    "Unknown": "is a value without a bound: stored as 1E+100 or -1E+100, shown as the word. It goes through "
    "every sum as it should, and is never zero. A fact whose cell is cleared or holds a word is unknown.",
    "Range": "on the sheet Metrics a range is orange; its high end stands in the block to the right.",
    "A value on an edge": "counts as past it, to twelve digits; hence the 5E-13 in comparisons.",
    "As reported": "set the switch on the sheet Verdict to 0, and no charge is added back anywhere.",
}
OVERRIDE = (
    "An analyst's own score or answer is blue and stands beside what was worked out, which counts again once "
    "it is cleared. The verdict without overrides is worked out beside the other."
)
FIXED = {
    "Steadiness": "the share of thousands of other weightings that give the same verdict",
    "Quarters overdue, status": "how late a figure is follows from the day seen from, and not from a cell",
    "Breakevens": "found by a search; the sheet Cases reckons each again, and arrives at the target",
    "Looks like it today": "whether a scenario's signposts hold",
}


def write_notes(sheet: WorkbookSheet, a: Assessment, appraisal: Appraisal | None) -> None:
    """Write what a reader needs to know."""
    sheet.widths((34, 110))
    sheet.text(0, 0, "Notes", TITLE)
    row = 2
    for title, lines in (
        ("How to read it", [*READING.items()]),
        ("What is no formula", [*FIXED.items()]),
        ("Overrides in force", [*_overrides(a)]),
        ("What it is of", [*_of(a, appraisal)]),
        ("What to keep in mind", [(f.rule.name, caveat) for f in a.findings for caveat in f.rule.caveats]),
    ):
        if lines:
            sheet.text(row, 0, title, SECTION)
        for i, (name, text) in enumerate(lines, row + 1):
            sheet.text(i, 0, name, BOLD._replace(is_input=name == "Blue"))
            sheet.text(i, 1, text, WRAPPED)
        row += len(lines) + 2


def _overrides(a: Assessment) -> Iterator[tuple[str, str]]:
    if a.overridden:
        yield "How they stand", OVERRIDE
    for found in a.overridden:
        if found.override:
            o = found.override
            given = f"{rating_text.override_value(found)} by {o.by}, {o.since} to {o.until}: {o.reason}"
            yield rating_text.rule_name(found), f"{given} Worked out: {rating_text.computed_value(found)}."


def _of(a: Assessment, appraisal: Appraisal | None) -> Iterator[tuple[str, str]]:
    yield "Pack", f"{a.pack}, digest {a.digest}"
    yield "Program", f"thesis {a.version}"
    yield "Seen from", f"{a.as_of}; nothing filed later is used"
    yield "Figures to", f"{a.quarter}, filed {a.filed}; fresh until {a.fresh_until}"
    if appraisal is None:
        yield "Valuation", "none: the pack says nothing of what is believed, or has no target"
    elif appraisal.reason:
        yield "Valuation", f"left out: {appraisal.reason}"
    else:
        hindsight = ", after the day seen from: hindsight" if a.as_of < appraisal.written else ""
        yield "Valuation", f"beliefs written on {appraisal.written}{hindsight}"
