"""The heading of an appraisal: target, as-of day and what-if values, or the inputs that are missing."""

from __future__ import annotations

import math
from collections.abc import Mapping

from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.core.interval import point
from thesis.document.blocks import Line, spaced_groups
from thesis.language.evaluate import Supposition
from thesis.narrative.key_assumption_text import key_assumption
from thesis.reports.valuation.sheet_blocks import (
    Blocks,
    labelled_pairs,
    left_and_right,
    paragraph_block,
    sheet_section,
    side_by_side,
)
from thesis.reports.valuation.valuation_sheet import ValuationSheet, percent
from thesis.scoring.what_if import assumption_texts, figure_texts

FRESH = "fresh"


def valuation_heading(sheet: ValuationSheet, supposed: Mapping[str, Supposition | float]) -> Blocks:
    """Title, day, figures, what is supposed, price, target; and the belief that decides."""
    case, a = sheet.case, sheet.a
    thesis = case.pack.thesis
    blocks = left_and_right(f"{thesis.id}  {thesis.title}", f"as of {case.as_of}")
    blocks += [
        Line(f"figures to {case.quarter}, filed {case.filed}; {_freshness(sheet)}"),
        Line(f"assumptions written {a.written}{_hindsight(sheet)}"),
    ]
    if supposed:
        told = "; ".join(f"{name} = {value}" for name, value in _supposed(sheet, supposed).items())
        blocks += paragraph_block(f"what if: {told} (nothing is written)", "")
    return list(spaced_groups([blocks, _line(sheet, supposed), paragraph_block(key_assumption(a))]))


def _freshness(sheet: ValuationSheet) -> str:
    case = sheet.case
    found = case.freshness(case.pack.thesis.quarter, case.quarter)
    if found.due is None or case.as_of <= found.due:
        return f"fresh until {found.due}"
    return f"STALE: {case.quarter + 1} was due by {found.due}"


def _hindsight(sheet: ValuationSheet) -> str:
    return ": hindsight, seen from an earlier day" if sheet.case.as_of < sheet.a.written else ""


def _supposed(sheet: ValuationSheet, supposed: Mapping[str, Supposition | float]) -> dict[str, str]:
    figures = {name: value for name, value in supposed.items() if isinstance(value, Supposition)}
    changed = {name: value for name, value in supposed.items() if not isinstance(value, Supposition)}
    return {
        **figure_texts(sheet.case.pack, figures),
        **assumption_texts(sheet.a.valuation, changed, sheet.unit),
    }


def _line(sheet: ValuationSheet, supposed: Mapping[str, Supposition | float]) -> Blocks:
    a, price = sheet.a, sheet.a.start.price
    told = [
        f"price {sheet.price(price.value)} ({_priced(sheet, supposed)})",
        f"market value {sheet.money_text(a.start.market_cap.value)}",
        f"target {sheet.money_text(a.target)} by {a.by}",
    ]
    if a.start.market_cap.value.lo > 0:
        upside = point(a.target) / a.start.market_cap.value - point(1.0)
        told.append(f"upside {percent(upside, signed=True)}")
    return side_by_side(told)


def _priced(sheet: ValuationSheet, supposed: Mapping[str, Supposition | float]) -> str:
    price, case = sheet.a.start.price, sheet.case
    if price.name in supposed or price.status == "assumed":
        return "what if"
    if not price.facts:
        return "not known"
    stale = case.freshness(case.pack.thesis.price, case.quarter).status != FRESH
    return f"{price.period}{', stale' if stale else ''}"


def missing_inputs(sheet: ValuationSheet) -> Blocks:
    """The figures without which nothing can be reckoned, and where they would come from."""
    rows = [(each.label, _why(each, sheet.a.reason)) for each in dict.fromkeys(_each(sheet.a.missing))]
    remedy = (
        "Add them to the pack's facts (`thesis facts import FILE`, `thesis facts fetch`), or suppose them: "
        "`--set NAME=VALUE`."
    )
    return sheet_section(
        "missing", "nothing can be reckoned without", labelled_pairs(rows), paragraph_block(remedy)
    )


def _each(found: tuple[EvidenceItem, ...]) -> list[EvidenceItem]:
    return list({(each.label, each.period): each for each in found}.values())


def _why(each: EvidenceItem, reason: str) -> str:
    """Of each figure below that is not known: its name, its quarter and the reason."""
    unknown = each.unknowns()
    if math.isfinite(each.value.width) and not each.value.is_anything:
        return f"{formatting.value(each.value, each.show, each.unit)}. {reason}"
    if not unknown and each.value.is_anything:
        return each.reason or "there is no value for it"
    if not unknown:
        return f"known from one side only: {formatting.value(each.value, each.show, each.unit)}"
    listed: dict[tuple[str, str], list[str]] = {}
    for below in unknown:
        why = ", ".join(part for part in (below.status, below.reason) if part)
        named = below.name if below.label == each.label else f"{below.name} ({below.label})"
        listed.setdefault((named, why), []).append(below.period)
    return "; ".join(
        f"{named} of {formatting.join_words(sorted(periods))}: {why}"
        for (named, why), periods in listed.items()
    )
