"""The verdict that follows from the rules' scores, with its range.

The worst verdict takes the low end of every condition and the high end of every risk, the best the
other ends; where they agree, nothing that is not known could change the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from thesis.core import interval
from thesis.core.interval import Interval, point, reaches
from thesis.pack.schema.thesis import VerdictTable
from thesis.pack.scores import fraction, least_score
from thesis.scoring.aggregate import combine
from thesis.scoring.assessment import NONE_NAMED, KillResult, RuleResult, Verdict
from thesis.scoring.bands import level_of
from thesis.scoring.confidence import confidence, steadiness
from thesis.scoring.verdict_table import VerdictCap, VerdictRules


def verdict_rules(table: VerdictTable) -> VerdictRules:
    """The verdict table with levels as numbers, worst first."""
    index = {level: i for i, level in enumerate(table.levels)}
    rows = [[index[cell] for cell in table.table[label]] for label in table.labels.conditions]
    caps = [VerdictCap(cap.conditions, fraction(cap.below), index[cap.at_most]) for cap in table.caps]
    return VerdictRules(rows, caps, index[table.killed])


def score_label(score: Interval, labels: Sequence[str]) -> str:
    """``met``, or ``weak to met`` where the range spans more than one."""
    low, high = labels[level_of(score.lo)], labels[level_of(score.hi)]
    return low if low == high else f"{low} to {high}"


def total_score(
    findings: Sequence[RuleResult], scores: Sequence[Interval], how: str, floor: float
) -> Interval:
    """The scores of some findings as one: the conditions' total (the engines) or the risks'."""
    if not findings:
        return point(0.0)
    return combine(scores, [f.rule.weight for f in findings], how, floor)


def reach_verdict(
    table: VerdictTable,
    conditions: Sequence[RuleResult],
    risks: Sequence[RuleResult],
    kill: Sequence[KillResult],
) -> Verdict:
    """The verdict, its range, its coverage and its confidence."""
    judge, band = verdict_rules(table), fraction(table.dead_band)
    scores = [f.score for f in conditions]
    engines, severity = _totals(table, conditions, risks)
    worst, best = verdict_span(judge, engines, severity, scores, kill)
    near = verdict_span(judge, _shifted(engines, band), _shifted(severity, band), scores, kill)
    certain = [k for k in kill if k.tripped.is_point]
    alive, _ = verdict_span(judge, _shifted(engines, band), _shifted(severity, band), scores, certain)
    coverage = _coverage(table, conditions, risks)
    measured = _measured_coverage(conditions)
    return Verdict(
        levels=tuple(table.levels),
        labels=table.labels,
        table=tuple(tuple(table.table[name]) for name in table.labels.conditions),
        worst=table.levels[worst],
        best=table.levels[best],
        engines=engines,
        engines_label=score_label(engines, table.labels.conditions),
        risks=severity,
        risks_label=score_label(severity, table.labels.risks) if risks else NONE_NAMED,
        coverage=coverage,
        measured_coverage=measured,
        rated=_is_rated(table, coverage),
        low=table.levels[near[0]],
        high=table.levels[near[1]],
        low_alive=table.levels[alive],
        confidence=confidence(
            table,
            coverage,
            engines.width,
            steadiness(
                table, conditions, lambda engines: verdict_span(judge, engines, severity, scores, kill)
            ),
        ),
        caps=_caps_in_force(table, judge, engines, severity, conditions),
    )


class PlainRating(NamedTuple):
    """The worst and the best rating that the ranges of the scores allow, and whether it counts as one."""

    worst: str
    best: str
    rated: bool


def plain_rating(
    table: VerdictTable,
    conditions: Sequence[RuleResult],
    risks: Sequence[RuleResult],
    kill: Sequence[KillResult],
) -> PlainRating:
    """The same rating as ``reach_verdict`` comes to, without how near and how certain it is."""
    totals = _totals(table, conditions, risks)
    worst, best = verdict_span(verdict_rules(table), *totals, [f.score for f in conditions], kill)
    is_rated = _is_rated(table, _coverage(table, conditions, risks))
    return PlainRating(table.levels[worst], table.levels[best], is_rated)


def _totals(
    table: VerdictTable, conditions: Sequence[RuleResult], risks: Sequence[RuleResult]
) -> tuple[Interval, Interval]:
    """The conditions' total and that of the risks."""
    floor = least_score(table.floor)
    engines = total_score(conditions, [f.score for f in conditions], table.combine.conditions, floor)
    return engines, total_score(risks, [f.score for f in risks], table.combine.risks, floor)


def _coverage(table: VerdictTable, conditions: Sequence[RuleResult], risks: Sequence[RuleResult]) -> float:
    """The coverage that counts: the conditions', or where the pack says so the lesser of both."""
    coverage = total_coverage(conditions)
    return min(coverage, total_coverage(risks)) if table.coverage == "all" and risks else coverage


def _is_rated(table: VerdictTable, coverage: float) -> bool:
    return reaches(coverage, fraction(table.rated_from))


def verdict_span(
    judge: VerdictRules,
    engines: Interval,
    risks: Interval,
    conditions: Sequence[Interval],
    kill: Sequence[KillResult],
) -> tuple[int, int]:
    """The worst and the best verdict that the ranges allow."""
    may_be_killed = any(k.tripped.hi == 1.0 for k in kill)
    is_killed = any(k.tripped.lo == 1.0 for k in kill)
    return (
        judge.verdict(engines.lo, risks.hi, [score.lo for score in conditions], may_be_killed),
        judge.verdict(engines.hi, risks.lo, [score.hi for score in conditions], is_killed),
    )


def _shifted(total: Interval, band: float) -> Interval:
    return Interval(max(0.0, total.lo - band), min(1.0, total.hi + band))


def _weighted(findings: Sequence[RuleResult], values: Sequence[float]) -> float:
    weights = [f.rule.weight for f in findings]
    return interval.total(sorted(map(mul, weights, values))) / interval.total(sorted(weights))


def total_coverage(findings: Sequence[RuleResult]) -> float:
    """The share of the evidence for some rules, by their weights, that is known and fresh; 0 of no rules."""
    return _weighted(findings, [f.coverage for f in findings]) if findings else 0.0


def _measured_coverage(conditions: Sequence[RuleResult]) -> float:
    """Coverage of what is measured alone: judgements left out on both sides."""
    known = whole = 0.0
    for finding in conditions:
        share = interval.total(leaf.share for leaf in finding.leaves() if leaf.kind == "metric")
        judged = interval.total(
            leaf.share for leaf in finding.leaves() if leaf.kind == "judgement" and leaf.is_known
        )
        known += finding.rule.weight * (finding.coverage - judged)
        whole += finding.rule.weight * share
    return known / whole if whole else 0.0


def _caps_in_force(
    table: VerdictTable,
    judge: VerdictRules,
    engines: Interval,
    risks: Interval,
    conditions: Sequence[RuleResult],
) -> tuple[str, ...]:
    """The caps that hold the best verdict down, in words."""
    free = judge._replace(caps=()).verdict(engines.hi, risks.lo, [])
    scores = [f.score.hi for f in conditions]
    held = []
    for cap, shape in zip(judge.caps, table.caps, strict=True):
        one = judge._replace(caps=(cap,))
        if one.verdict(engines.hi, risks.lo, scores) < free:
            low = sum(not reaches(score, cap.below) for score in scores)
            counted = f"{low} of {len(scores)} conditions below {shape.below}; it takes {shape.conditions}"
            held.append(f"at most {shape.at_most}: {shape.because or counted}")
    return tuple(held)
