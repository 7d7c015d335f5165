"""An assessment as the figures that a review keeps, and a review as the text of its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from thesis.core.interval import NO, UNKNOWN, YES, Interval, point
from thesis.core.record import field_names, replace_fields
from thesis.files.yaml import yaml_text
from thesis.journal.review_schema import (
    DIGITS,
    AssessmentFigures,
    KillAnswer,
    MeasureScore,
    Review,
    RuleScore,
    number_from,
    number_text,
)
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import ScoredRules
from thesis.scoring.assessment import Assessment, KillResult, MeasureResult, RuleResult, Verdict, json_ready

MOST_UNKNOWN = 10  # named in a review
ANSWERS = {"yes": YES, "no": NO, "unknown": UNKNOWN}
HEAD = """\
# A signed review. Its last line seals every byte above and its place in the journal: do not edit it.
# A correction is a review that supersedes it (thesis review sign --supersede WHY).
"""


def assessment_figures(a: Assessment, trips: Mapping[str, date]) -> AssessmentFigures:
    """The assessment in numbers; ``trips`` gives the day on which each tripped criterion did so."""
    v = a.verdict
    return AssessmentFigures(
        worst=v.worst,
        best=v.best,
        rated=v.rated,
        engines=number_text(v.engines),
        risks=number_text(v.risks),
        coverage=number_text(point(v.coverage)),
        confidence=v.confidence.grade,
        conditions=[_ruled(f) for f in a.conditions],
        risk_rules=[_ruled(f) for f in a.risks],
        kill=[_tripped(k, trips) for k in a.kill],
        unknown=[_unknown(gap.label, gap.waits_for) for gap in a.gaps[:MOST_UNKNOWN]],
        without_overrides=_spoken(a.without_overrides) if a.without_overrides else "",
    )


def as_signed(replay: ScoredRules, review: Review) -> ScoredRules:
    """The scores, answers and verdict that a review holds, in the form of today's replay of its inputs.

    Every figure that the review keeps of a rule, a kill criterion or the verdict is the sealed one. What it
    does not keep (evidence, windows, the labels of the totals) is the replay's: the inputs are the same.
    """
    ruled = {rule.id: rule for rule in (*review.found.conditions, *review.found.risk_rules)}
    tripped = {kill.id: ANSWERS[kill.tripped] for kill in review.found.kill}
    v, held, state = replay.verdict, review.found, review.state
    return ScoredRules(
        conditions=tuple(_as_signed(f, ruled[f.id]) for f in replay.conditions if f.id in ruled),
        risks=tuple(_as_signed(f, ruled[f.id]) for f in replay.risks if f.id in ruled),
        kill=tuple(replace_fields(k, tripped=tripped[k.id]) for k in replay.kill if k.id in tripped),
        verdict=replace_fields(
            v,
            levels=tuple(state.levels),
            worst=held.worst,
            best=held.best,
            low=state.worst,
            high=state.best,
            rated=held.rated,
            engines=number_from(held.engines),
            risks=number_from(held.risks),
            coverage=float(held.coverage),
            confidence=replace_fields(v.confidence, grade=held.confidence),
        ),
    )


def _as_signed(finding: RuleResult, rule: RuleScore) -> RuleResult:
    score = number_from(rule.score)
    return replace_fields(finding, score=score, label=rule.label, coverage=float(rule.coverage))


def assessment_digest(a: Assessment) -> str:
    """Of the whole assessment: every answer, score and piece of evidence, as JSON.

    Rows are told by the file and line in their pack.
    """
    text = json.dumps(_rounded(json_ready(a)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _rounded(value: Any) -> Any:
    """Plain values with numbers as texts of so many digits as a review has."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return f"{value + 0.0:.{DIGITS}g}" if isinstance(value, float) else value


def filing_of(pack: Pack, a: Assessment) -> str:
    """The accession number of the filing that the quarter under review stands in, or its source."""
    reading = case_as_of(pack, a.as_of).vintage.reading(pack.thesis.quarter, a.quarter)
    last = max(reading.facts, key=lambda fact: (fact.filed, fact.source))
    return last.provenance.accession or last.source


def review_yaml(review: Review) -> str:
    """A review as YAML, without what is empty and without its seal; numbers and days as texts."""
    body = {name: value for name, value in _kept(review).items() if name != "seal"}
    return HEAD + yaml_text(body)


def _kept(value: Any) -> Any:
    """A record as plain YAML, without what is empty or false where that is what is read in its absence."""
    names = field_names(value)
    if names:
        told = {name: _kept(getattr(value, name)) for name in names}
        return {name: item for name, item in told.items() if not _is_left_out(type(value), name, item)}
    if isinstance(value, (list, tuple)):
        return [_kept(item) for item in value]
    return value


def _is_left_out(shape: type, name: str, item: Any) -> bool:
    default = getattr(shape, name, None)
    is_default = (item is False or type(item) is int) and item == default
    return item in ("", [], {}) or is_default


def _ruled(f: RuleResult) -> RuleScore:
    return RuleScore(
        id=f.id,
        score=number_text(f.score),
        label=f.label,
        coverage=number_text(point(f.coverage)),
        own=number_text(f.own_score) if f.own_score is not None and f.own_score != f.score else "",
        measures=[_scored(leaf) for leaf in f.leaves()],
    )


def _scored(leaf: MeasureResult) -> MeasureScore:
    return MeasureScore(
        id=leaf.id,
        score=number_text(leaf.score),
        label=leaf.label,
        status=leaf.status,
        value=number_text(leaf.value) if leaf.value is not None else "",
    )


def _tripped(k: KillResult, trips: Mapping[str, date]) -> KillAnswer:
    return KillAnswer(
        id=k.id,
        tripped=answer_word(k.tripped),
        since=str(trips[k.id]) if k.id in trips else "",
        own=answer_word(k.own) if k.own is not None else "",
    )


def answer_word(truth: Interval) -> Any:
    """``yes``, ``no`` or ``unknown``."""
    return "unknown" if not truth.is_point else "yes" if truth.lo else "no"


def _spoken(v: Verdict) -> str:
    told = v.worst if v.is_determined else f"{v.worst}..{v.best}"
    return told if v.rated else f"NOT RATED ({told})"


def _unknown(label: str, waits_for: Iterable[str]) -> str:
    waiting = "; ".join(waits_for)
    return f"{label}: {waiting}" if waiting else f"{label}: known as a range only"
