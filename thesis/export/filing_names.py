"""What a value rests on, as the names of filings with the days they became public."""

from __future__ import annotations

from collections.abc import Iterable

from thesis.case.case import EvidenceItem
from thesis.facts.fact import Fact
from thesis.pack.schema.judgements import Judgement


def filing_name(fact: Fact) -> str:
    """``10-Q 0001018724-26-000026, filed 2026-07-31``."""
    return f"{fact.source}, filed {fact.filed}"


def filing_names(evidence: Iterable[EvidenceItem], grades: Iterable[Judgement] = ()) -> tuple[str, ...]:
    """Every document below some values, and the sources of some grades; each once, in order."""
    found = {filing_name(fact) for each in evidence for item in each.walk() for fact in item.facts}
    return tuple(sorted(found | {f"{grade.source}, graded {grade.graded}" for grade in grades}))


def evidence_status(evidence: EvidenceItem) -> str:
    """What is known of a metric: known, range or unknown."""
    if evidence.value.is_anything:
        return "unknown"
    return "known" if evidence.value.is_point else "range"


def unknown_reason(evidence: EvidenceItem) -> str:
    """Why a value is not known: its own reason, or what each figure below it waits for."""
    if not evidence.value.is_anything:
        return ""
    if evidence.reason:
        return evidence.reason
    below = [
        f"{e.name} {e.period} {e.status}{f', {e.reason}' if e.reason else ''}" for e in evidence.unknowns()
    ]
    return "; ".join(dict.fromkeys(below))
