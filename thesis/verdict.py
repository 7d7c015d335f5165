"""Verdict: from findings to one word, with how sure it is.

The worst verdict takes the low end of every condition and the high end of every risk, the best the
other ends; where they agree, nothing that is not known could change the verdict.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import product

from thesis.assessment import Confidence, Finding, KillFinding, Verdict
from thesis.interval import Interval, at_least, point
from thesis.levels import fraction
from thesis.scoring import Cap, Judge, combine, level_of
from thesis.shapes import VerdictTable


def judge_of(table: VerdictTable) -> Judge:
    """The verdict table with levels as numbers, worst first."""
    index = {level: i for i, level in enumerate(table.levels)}
    rows = [[index[cell] for cell in table.table[label]] for label in table.labels.conditions]
    caps = [Cap(cap.conditions, fraction(cap.below), index[cap.at_most]) for cap in table.caps]
    return Judge(rows, caps, index[table.killed])


def label(score: Interval, labels: Sequence[str]) -> str:
    """``met``, or ``weak to met`` where the range spans more than one."""
    low, high = labels[level_of(score.lo)], labels[level_of(score.hi)]
    return low if low == high else f"{low} to {high}"


def totals(
    table: VerdictTable, conditions: Sequence[Finding], risks: Sequence[Finding]
) -> tuple[Interval, Interval]:
    """The conditions' total (the engines) and the risks'."""
    floor = fraction(table.floor)
    engines = _total(conditions, table.combine.conditions, floor)
    return engines, _total(risks, table.combine.risks, floor)


def _total(findings: Sequence[Finding], how: str, floor: float) -> Interval:
    if not findings:
        return point(0.0)
    return combine([f.score for f in findings], [f.rule.weight for f in findings], how, floor)


def reach(
    table: VerdictTable,
    conditions: Sequence[Finding],
    risks: Sequence[Finding],
    kill: Sequence[KillFinding],
) -> Verdict:
    """The verdict, its range, its coverage and its confidence."""
    judge = judge_of(table)
    engines, severity = totals(table, conditions, risks)
    worst, best = span(judge, engines, severity, conditions, kill)
    band = fraction(table.dead_band)
    near = span(judge, _shifted(engines, band), _shifted(severity, band), conditions, kill)
    coverage = _weighted(conditions, [f.coverage for f in conditions])
    measured = _measured_coverage(conditions)
    return Verdict(
        worst=table.levels[worst],
        best=table.levels[best],
        engines=engines,
        engines_label=label(engines, table.labels.conditions),
        risks=severity,
        risks_label=label(severity, table.labels.risks),
        coverage=coverage,
        measured_coverage=measured,
        rated=at_least(point(coverage), point(fraction(table.rated_from))).lo == 1.0,
        clear=near == (worst, best),
        confidence=_confidence(table, judge, engines, severity, conditions, kill, coverage),
        caps=_caps_in_force(table, judge, engines, severity, conditions),
    )


def span(
    judge: Judge,
    engines: Interval,
    risks: Interval,
    conditions: Sequence[Finding],
    kill: Sequence[KillFinding],
) -> tuple[int, int]:
    """The worst and the best verdict that the ranges allow."""
    may_be_killed = any(k.tripped.hi == 1.0 for k in kill)
    is_killed = any(k.tripped.lo == 1.0 for k in kill)
    return (
        judge.verdict(engines.lo, risks.hi, [f.score.lo for f in conditions], may_be_killed),
        judge.verdict(engines.hi, risks.lo, [f.score.hi for f in conditions], is_killed),
    )


def _shifted(total: Interval, band: float) -> Interval:
    return Interval(max(0.0, total.lo - band), min(1.0, total.hi + band))


def _weighted(findings: Sequence[Finding], values: Sequence[float]) -> float:
    weights = [f.rule.weight for f in findings]
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def _measured_coverage(conditions: Sequence[Finding]) -> float:
    """Coverage of what is measured alone: judgements left out on both sides."""
    known = whole = 0.0
    for finding in conditions:
        share = sum(leaf.share for leaf in finding.leaves() if leaf.kind == "metric")
        judged = sum(leaf.share for leaf in finding.leaves() if leaf.kind == "judgement" and leaf.is_known)
        known += finding.rule.weight * (finding.coverage - judged)
        whole += finding.rule.weight * share
    return known / whole if whole else 0.0


def _caps_in_force(
    table: VerdictTable, judge: Judge, engines: Interval, risks: Interval, conditions: Sequence[Finding]
) -> tuple[str, ...]:
    """The caps that hold the best verdict down, in words."""
    free = judge._replace(caps=()).verdict(engines.hi, risks.lo, [])
    held = []
    for cap, shape in zip(judge.caps, table.caps, strict=True):
        one = judge._replace(caps=(cap,))
        if one.verdict(engines.hi, risks.lo, [f.score.hi for f in conditions]) < free:
            held.append(
                f"at most {shape.at_most}: {shape.because}" if shape.because else f"at most {shape.at_most}"
            )
    return tuple(held)


# how sure it is --------------------------------------------------------------------------------


def _confidence(
    table: VerdictTable,
    judge: Judge,
    engines: Interval,
    risks: Interval,
    conditions: Sequence[Finding],
    kill: Sequence[KillFinding],
    coverage: float,
) -> Confidence:
    steady = _steadiness(table, judge, risks, conditions, kill, span(judge, engines, risks, conditions, kill))
    worst, weakest = 0, ""
    columns = {"coverage": coverage, "width": -engines.width, "steadiness": steady}
    for name, value in columns.items():
        reached = len(table.confidence)
        for place, grade in enumerate(table.confidence):
            asked = {"coverage": grade.coverage, "width": grade.width, "steadiness": grade.steady}[name]
            edge = -fraction(asked) if name == "width" else fraction(asked)
            if at_least(point(value), point(edge)).lo == 1.0:
                reached = place
                break
        if reached > worst or not weakest:
            worst, weakest = reached, name
    grades = [grade.grade for grade in table.confidence] + ["D"]
    return Confidence(grades[worst], coverage, engines.width, steady, weakest)


def _steadiness(
    table: VerdictTable,
    judge: Judge,
    risks: Interval,
    conditions: Sequence[Finding],
    kill: Sequence[KillFinding],
    verdict: tuple[int, int],
) -> float:
    """The share of other weightings of the conditions that reach the same verdict.

    Every corner of halving and doubling the weights, and draws from a Dirichlet distribution around
    them (OECD/JRC Handbook 2008, section 7: report how often the inference survives).
    """
    weights = [f.rule.weight for f in conditions]
    lows, highs = [f.score.lo for f in conditions], [f.score.hi for f in conditions]
    settings = table.robustness
    samples = _corners(weights) + _draws(weights, settings.draws, settings.concentration, settings.seed)
    floor, how = fraction(table.floor), table.combine.conditions
    same: dict[tuple[int, int], bool] = {}
    kept = 0
    for sample in samples:
        total = combine([Interval(a, b) for a, b in zip(lows, highs, strict=True)], sample, how, floor)
        key = (level_of(total.lo), level_of(total.hi))
        if key not in same:
            same[key] = span(judge, total, risks, conditions, kill) == verdict
        kept += same[key]
    return kept / len(samples)


def _corners(weights: Sequence[float]) -> list[list[float]]:
    factors = product((0.5, 2.0), repeat=len(weights)) if len(weights) <= 8 else []
    return [[w * f for w, f in zip(weights, chosen, strict=True)] for chosen in factors]


def _draws(weights: Sequence[float], count: int, concentration: float, seed: int) -> list[list[float]]:
    """Dirichlet draws by gamma variates, as many as asked for, the same for the same seed."""
    generator = random.Random(seed)
    total = math.fsum(weights)
    shapes = [concentration * w / total for w in weights]
    gamma = generator.gammavariate
    return [[gamma(shape, 1.0) for shape in shapes] for _ in range(count)]
