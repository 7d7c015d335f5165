"""What a pack says when one of its inputs is moved or widened, each answer turned so that more is better.

A ``Stage`` is a pack as of a day. An input is a line item; it is moved in the newest quarter, in the last
four, or by a what-if. Which way an input is good for an answer is found out within three per cent of today's
value, on the quantities behind the answer (the metric of a measure, the two sides of a comparison),
since a score at its end does not move. An input that is good for one of them and bad for another has no bad
direction: it is left out, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from thesis.case.case import Case, parse_once
from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.facts.fact import Impossible, Reading, least_value
from thesis.language import nodes as n
from thesis.language.evaluate import Supposition
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import KillCriterion, Rule
from thesis.pack.scores import band_edges
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assessment import KillResult, RuleResult
from thesis.scoring.rules import RuleScorer
from thesis.scoring.verdict import reach_verdict

NEARBY, FAR = (0.97, 1.03), (0.01, 1, 1000)
TINY = 1e-9

Key = tuple[str, str]  # the kind of an answer and whose it is: ("score", "aws-growth capex_burden")
Shift = Mapping[tuple[str, int], Interval]  # a line item and the index of a quarter to a value


class Stage:
    """A pack as of a day, and what it says when its inputs are moved."""

    def __init__(self, pack: Pack, day: date) -> None:
        table = pack.thesis.verdict
        self.pack = copy(pack)
        self.pack.thesis = replace_fields(
            pack.thesis, verdict=replace_fields(table, robustness=replace_fields(table.robustness, draws=1))
        )
        self.day = day
        self.base = case_as_of(self.pack, day)
        self.quarter = self.base.quarter
        thesis = self.pack.thesis
        self.rules: list[Rule] = [*thesis.conditions, *thesis.risks]
        self.kills = [kill for kill in thesis.kill if kill.when]

    @cached_property
    def findings(self) -> dict[str, RuleResult]:
        scorer = RuleScorer(self.base)
        return {rule.id: scorer.score_rule(rule) for rule in self.rules}

    @cached_property
    def found(self) -> dict[str, KillResult]:
        scorer = RuleScorer(self.base)
        return {kill.id: scorer.score_criterion(kill) for kill in self.pack.thesis.kill}

    @cached_property
    def reads(self) -> dict[str, frozenset[str]]:
        """Each rule and criterion, and the line items that it reads of the last four quarters."""
        found: dict[str, frozenset[str]] = {}
        for rule in self.rules:
            texts = [leaf.id for leaf in self.findings[rule.id].leaves() if leaf.kind == "metric"]
            texts += [rule.holds] * bool(rule.holds) + ([rule.lift.when] if rule.lift else [])
            found[rule.id] = self._read(texts)
        return found | {kill.id: self._read([kill.when]) for kill in self.kills}

    def _read(self, texts: Sequence[str]) -> frozenset[str]:
        first = self.quarter.index - 3
        reads = [self.base.reads(text, self.quarter - back) for text in texts for back in range(3)]
        return frozenset(name for found in reads for name, at in found if at >= first)

    @property
    def inputs(self) -> list[str]:
        """Every line item that a rule or a criterion reads, but for those of which nothing is known."""
        listed = sorted(frozenset().union(*self.reads.values()))
        return [name for name in listed if math.isfinite(self.value(name).middle)]

    def value(self, name: str, back: int = 0) -> Interval:
        return self.base.value(name, self.quarter - back)

    def moved(self, shift: Shift) -> Case:
        """The case with other values for some line items in some quarters."""
        case, vintage = copy(self.base), copy(self.base.vintage)
        readings = {
            key: Reading(value, vintage.reading(key[0], Quarter(key[1])).facts, "known")
            for key, value in shift.items()
        }
        vintage._readings = {**vintage._readings, **readings}
        case.vintage = vintage
        case.evaluator = case._evaluator(case._look, self.base.evaluator.metrics)
        case._evidence, case._reads = {}, {}
        return case

    def supposed(self, name: str, value: Interval, quarters: int) -> Case:
        """The case of a what-if. Errors: ``Impossible``."""
        return case_as_of(self.pack, self.day, {name: Supposition(value, quarters)})

    def allows(self, name: str, value: Interval) -> bool:
        """Whether a line item can have a value, by the least that the pack declares."""
        concept = self.pack.concepts[name]
        least = least_value(concept.above, concept.least)
        return least is None or least.allows(value)

    def affected(self, name: str) -> tuple[list[Rule], list[KillCriterion]]:
        return (
            [rule for rule in self.rules if name in self.reads[rule.id]],
            [kill for kill in self.kills if name in self.reads[kill.id]],
        )

    # answers ---------------------------------------------------------------------------------------

    def answers(self, case: Case, name: str) -> dict[Key, Interval]:
        """What the rules that read a name say, and the rating, more being better."""
        rules, kills = self.affected(name)
        scorer = RuleScorer(case)
        findings = {rule.id: scorer.score_rule(rule) for rule in rules}
        found = {kill.id: scorer.score_criterion(kill) for kill in kills}
        told: dict[Key, Interval] = {}
        for finding in findings.values():
            told |= dict(_of_rule(finding))
        for each in found.values():
            told |= dict(_of_kill(each))
        return told | self._rating(self.findings | findings, self.found | found)

    def _rating(
        self, findings: Mapping[str, RuleResult], found: Mapping[str, KillResult]
    ) -> dict[Key, Interval]:
        thesis = self.pack.thesis
        conditions = [findings[rule.id] for rule in thesis.conditions]
        risks = [findings[rule.id] for rule in thesis.risks]
        verdict = reach_verdict(thesis.verdict, conditions, risks, list(found.values()))
        levels = verdict.levels
        return {
            ("rating", "conditions"): verdict.engines,
            ("rating", "risks"): -verdict.risks,
            ("rating", "level"): Interval(
                float(levels.index(verdict.worst)), float(levels.index(verdict.best))
            ),
        }

    # which way is good -------------------------------------------------------------------------------

    def quantities(self, case: Case, name: str) -> dict[Key, Interval]:
        """The quantities behind the answers, more being better: metrics of measures, sides of comparisons."""
        rules, kills = self.affected(name)
        told: dict[Key, Interval] = {}
        for rule in rules:
            is_condition = rule in self.pack.thesis.conditions
            for leaf in self.findings[rule.id].leaves():
                if leaf.kind == "metric":
                    value = case.value(leaf.id, self.quarter)
                    edges = band_edges(leaf.measure)
                    told["score", f"{rule.id} {leaf.id}"] = _turned(
                        value, is_good=is_condition == (edges[0] < edges[-1])
                    )
            told |= {
                (f"holds {i}", rule.id): value
                for i, value in enumerate(self._sides(case, rule.holds, is_good=True))
            }
            if rule.lift:
                told |= {
                    (f"lift {i}", rule.id): value
                    for i, value in enumerate(self._sides(case, rule.lift.when, is_good=False))
                }
        for kill in kills:
            told |= {
                (f"kill {i}", kill.id): value
                for i, value in enumerate(self._sides(case, kill.when, is_good=False))
            }
        return told

    def _sides(self, case: Case, text: str, *, is_good: bool) -> list[Interval]:
        found: list[Interval] = []

        def walk(node: n.Node, *, good: bool) -> None:
            if isinstance(node, n.Comparison):
                left, right = (case.evaluator.ask(side, self.quarter) for side in (node.left, node.right))
                found.append(_turned(left - right, is_good=good == (node.operator[0] == ">")))
                return
            for child in node.children():
                walk(child, good=good != isinstance(node, n.Not))

        if text:
            walk(parse_once(text), good=is_good)
        return found


def _turned(value: Interval, *, is_good: bool) -> Interval:
    return value if is_good else -value


def _of_rule(finding: RuleResult) -> Iterator[tuple[Key, Interval]]:
    is_condition = finding.kind == "condition"
    yield ("rule", finding.id), _turned(finding.score, is_good=is_condition)
    for leaf in finding.leaves():
        if leaf.kind == "metric":
            yield ("score", f"{finding.id} {leaf.id}"), _turned(leaf.score, is_good=is_condition)
    if finding.answer is not None:
        yield ("holds", finding.id), finding.answer


def _of_kill(found: KillResult) -> Iterator[tuple[Key, Interval]]:
    yield ("now", found.id), -found.now
    yield ("triggered", found.id), -found.tripped
    for i, distance in enumerate(found.distances):
        yield (f"headroom {i}", found.id), distance.gap
        if distance.moves is not None:
            yield (f"moves {i}", found.id), point(distance.moves)


class Move(NamedTuple):
    """How an input is moved: ``newest``, ``last four``, ``set`` or ``set last four``."""

    name: str
    quarters: int
    is_set: bool


MOVES = (
    Move("newest", 1, False),
    Move("last four", 4, False),
    Move("set", 1, True),
    Move("set last four", 4, True),
)


def steps(stage: Stage, name: str, move: Move, multiples: Sequence[float]) -> list[tuple[float, Any]]:
    """Cases with an input at rising values, each with the value of the newest quarter; none that cannot be.

    In the last four quarters every one is moved by the same amount, so that more is more in each.
    """
    now, found = stage.value(name), []
    size = abs(now.middle) or 1.0
    for times in sorted(multiples, key=lambda each: each if now.middle >= 0 else -each):
        amount = point((times - 1) * now.middle if now.middle else times * size)
        if move.is_set:
            try:
                found.append((times, stage.supposed(name, now + amount, move.quarters)))
            except Impossible:
                continue
            continue
        shift: dict[tuple[str, int], Interval] = {}
        for back in range(move.quarters):
            value = stage.value(name, back)
            if not value.is_anything:
                shift[name, (stage.quarter - back).index] = value + amount
        if not all(stage.allows(name, value) for value in shift.values()):
            continue
        case = stage.moved(shift)
        if not any(case.impossible(Quarter(at) for _, at in shift)):
            found.append((times, case))
    return found


def ways(stage: Stage, name: str, move: Move) -> dict[Key, int]:
    """For each quantity which way of an input is good: 1 more of it, -1 less, 0 neither; both are left out.

    Found within three per cent of today's value; of what does not move there, as the floor under a divisor,
    far from it. A quantity that is not known has no way.
    """
    found = _ways(stage, name, move, NEARBY)
    if any(way == 0 for way in found.values()):
        far = _ways(stage, name, move, FAR)
        found = {key: way or far.get(key, 0) for key, way in found.items()}
    return found


def _ways(stage: Stage, name: str, move: Move, multiples: Sequence[float]) -> dict[Key, int]:
    told = [stage.quantities(case, name) for _, case in steps(stage, name, move, multiples)]
    found: dict[Key, int] = {}
    for key in told[0] if told else ():
        values = [each[key] for each in told]
        ends = [each for a, b in pairwise(values) for each in ((a.lo, b.lo), (a.hi, b.hi))]
        signs = {_sign(a, b) for a, b in ends} - {0}
        found[key] = 2 if len(signs) > 1 else next(iter(signs), 0)
    return found


def _sign(a: float, b: float) -> int:
    if not (math.isfinite(a) and math.isfinite(b)) or abs(b - a) <= TINY * max(abs(a), abs(b)):
        return 0
    return 1 if b > a else -1


def behind(key: Key, found: Mapping[Key, int]) -> dict[Key, int]:
    """The quantities that an answer rests on and an input moves, each with the way that is good for it."""
    kind, who = key
    moved = {each: way for each, way in found.items() if way}
    if kind == "score":
        return {each: way for each, way in moved.items() if each == key}
    if kind == "rating":
        return moved
    if kind == "rule":
        return {e: way for e, way in moved.items() if e[1].split()[0] == who and e[0][:5] != "holds"}
    prefix = "holds" if kind == "holds" else "kill"
    return {each: way for each, way in moved.items() if each[1] == who and each[0].startswith(prefix)}


def _why(good: Mapping[Key, int]) -> str:
    """``better for aws-growth aws_growth, worse for margins aws_margin``."""
    told = []
    for word, way in (("better", 1), ("worse", -1), ("either", 2)):
        named = [
            who if kind == "score" else f"{kind} of {who}"
            for (kind, who), found in good.items()
            if found == way
        ]
        told += [f"{word} for {', '.join(sorted(named))}"] if named else []
    return f"more of it is {', '.join(told)}"


def worse(before: Interval, after: Interval) -> bool:
    """Whether neither end of an answer is better after than before."""
    return all(
        b <= a + TINY * max(1.0, abs(a)) or b == a for a, b in ((before.lo, after.lo), (before.hi, after.hi))
    )


class Swept(NamedTuple):
    """What a sweep came to: pairs tried, left out with the reason, and what broke the law."""

    tried: int
    cases: int
    left_out: list[str]
    broken: list[str]


def sweep(stage: Stage, multiples: Sequence[float], moves: Sequence[Move] = MOVES) -> Swept:
    """Move every input through its values; nothing may be better the worse the input is."""
    left_out: dict[str, str] = {}
    broken: list[str] = []
    tried = cases = 0
    for move in moves:
        for name in stage.inputs:
            found = ways(stage, name, move)
            told = [(at, stage.answers(case, name)) for at, case in steps(stage, name, move, multiples)]
            cases += len(told)
            for key in {key for _, answers in told for key in answers}:
                good = behind(key, found)
                ways_good = set(good.values())
                if len(ways_good) > 1 or 2 in ways_good:
                    left_out[f"{name}, {' '.join(key)}"] = _why(good)
                    continue
                tried += bool(good)
                for way in ways_good:
                    listed = told[::-1] if way > 0 else told
                    broken += _turns(f"{stage.pack.thesis.id} {move.name}: {name}", key, listed)
    return Swept(tried, cases, [f"{which}: {why}" for which, why in sorted(left_out.items())], broken)


def _turns(what: str, key: Key, told: Sequence[tuple[float, Mapping[Key, Interval]]]) -> Iterator[str]:
    """Where an answer is better after a step for the worse, passing over distances that are not known."""
    known = [(at, answers[key]) for at, answers in told if key in answers]
    for (at, before), (then, after) in pairwise(known):
        if not worse(before, after):
            yield f"{what} {' '.join(key)}: x{at:g} {before} -> x{then:g} {after}"


def widened(value: Interval, by: float) -> Iterator[Interval]:
    """A value less exactly known: both ways, upwards, downwards, from one side only, not at all."""
    width = by * max(abs(value.lo), abs(value.hi), 1e-9)
    if math.isfinite(width):
        yield Interval(value.lo - width, value.hi + width)
        yield Interval(value.lo, value.hi + width)
        yield Interval(value.lo - width, value.hi)
        yield Interval(value.lo, math.inf)
        yield Interval(-math.inf, value.hi)
    yield EVERYTHING


def sweep_of_ranges(stage: Stage, quarters: int, widths: Sequence[float]) -> Swept:
    """Widen every input in each of the last quarters; no low end may rise, no criterion look farther off."""
    broken: list[str] = []
    tried = cases = 0
    for name in stage.inputs:
        base = stage.answers(stage.base, name)
        for back in range(quarters):
            value = stage.value(name, back)
            if value.is_anything:
                continue
            for wide in (each for by in widths for each in widened(value, by)):
                cases += 1
                told = stage.answers(stage.moved({(name, (stage.quarter - back).index): wide}), name)
                what = f"{stage.pack.thesis.id} {name} {stage.quarter - back} {value} -> {wide}"
                for key, before in base.items():
                    tried += 1
                    after = told.get(key)
                    if key[0].startswith("moves"):
                        if after is not None and after.lo > before.lo + TINY * max(1.0, abs(before.lo)):
                            broken.append(f"{what} {' '.join(key)}: {before} -> {after}")
                    elif after is None or after.lo > before.lo + TINY or after.hi < before.hi - TINY:
                        broken.append(f"{what} {' '.join(key)}: {before} -> {after}")
    return Swept(tried, cases, [], broken)
