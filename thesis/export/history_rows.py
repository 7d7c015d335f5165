"""The score of each rule, total and kill criterion by quarter, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from thesis.case.case import NothingKnown
from thesis.core.interval import Interval
from thesis.export.data_table import Cell, DataColumn, DataTable, truth_ends, value_ends
from thesis.export.metric_rows import filing_names
from thesis.pack.load import Pack
from thesis.pack.schema.overrides import Override
from thesis.reports import quarterly_history
from thesis.scoring.assessment import Assessment, KillResult, MeasureResult, RuleResult

COLUMNS = (
    DataColumn("quarter", "text", "the quarter under review"),
    DataColumn("as_of", "day", "the day its report was filed, from which it is seen"),
    DataColumn("kind", "text", "condition, risk, kill, or total: the conditions' (engines) and the risks'"),
    DataColumn("id", "text", "of the rule or the kill criterion; engines or risks"),
    DataColumn("name", "text", "its title, or the claim of a kill criterion"),
    DataColumn(
        "lo", "number", "the score or its low end; 1 where a kill criterion tripped; empty if not known"
    ),
    DataColumn("hi", "number", "the score or its high end; 0 where a kill criterion did not trip"),
    DataColumn("label", "text", "what the score is called: met, weak to met; tripped, not tripped, unknown"),
    DataColumn("status", "text", "known, range or unknown"),
    DataColumn(
        "coverage", "number", "share of the rule's evidence that is known and fresh; empty of a criterion"
    ),
    DataColumn("measure", "text", "the measure that stands for the rule in a memo"),
    DataColumn("value_lo", "number", "what that measure came to, or its low end; empty if it is not known"),
    DataColumn("value_hi", "number", "what that measure came to, or its high end; empty if it is not known"),
    DataColumn("unit", "text", "of the measure's value; a judgement's is its level"),
    DataColumn("verdict_worst", "text", "the worst verdict that what was known allowed"),
    DataColumn("verdict_best", "text", "the best one"),
    DataColumn("rated", "truth", "whether enough was known for a rating"),
    DataColumn("rests_on", "texts", "every document that the row's figures stand in, with its day"),
    DataColumn(
        "override", "text", "whose own word the score or the answer is, until when; empty without one"
    ),
    DataColumn("own_lo", "number", "as lo, without overrides; empty where there is none in force"),
    DataColumn("own_hi", "number", "as hi, without overrides; empty where there is none in force"),
    DataColumn(
        "own_worst", "text", "as verdict_worst, without overrides; empty where there is none in force"
    ),
    DataColumn("own_best", "text", "as verdict_best, without overrides; empty where there is none in force"),
)


def history_table(pack: Pack, as_of: date, quarters: int) -> DataTable:
    """The last quarters, oldest first. Errors: ``NothingKnown`` if nothing was filed by the day."""
    rows = [row for a in quarterly_history.past_assessments(pack, as_of, quarters) for row in _of(a)]
    if not rows:
        raise NothingKnown(f"nothing of `{pack.thesis.quarter}` was filed by {as_of}")
    return DataTable("history", pack.thesis.id, pack.digest, as_of, COLUMNS, rows)


def _of(a: Assessment) -> Iterator[tuple[Cell, ...]]:
    v = a.verdict
    own = a.without_overrides or v
    yield _total(a, "engines", (v.engines, own.engines), v.engines_label, v.coverage, a.conditions)
    if v.has_risks:
        yield _total(a, "risks", (v.risks, own.risks), v.risks_label, None, a.risks)
    for found in a.findings:
        yield _finding(a, found)
    for kill in a.kill:
        yield _kill(a, kill)


def _head(a: Assessment, kind: str, name: str, title: str, score: Interval, label: str) -> tuple[Cell, ...]:
    lo, hi = truth_ends(score)
    status = "unknown" if lo is None else "known" if score.is_point else "range"
    return str(a.quarter), a.as_of, kind, name, title, lo, hi, label, status


def _tail(
    a: Assessment, documents: tuple[str, ...], override: Override | None, own: Interval | None
) -> tuple[Cell, ...]:
    """The verdict, what the row rests on, and what is overridden: the row itself, or something of its day."""
    without = a.without_overrides
    whose = f"{override.by}, until {override.until}: {override.reason}" if override else ""
    unlike = (without.worst, without.best) if without else ("", "")
    worked_out = truth_ends(own) if own is not None and without else (None, None)
    return a.verdict.worst, a.verdict.best, a.verdict.rated, documents, whose, *worked_out, *unlike


def _total(
    a: Assessment,
    name: str,
    scores: tuple[Interval, Interval],
    label: str,
    coverage: float | None,
    of: Sequence[RuleResult],
) -> tuple[Cell, ...]:
    """A total: its score, and that without overrides."""
    documents = tuple(sorted({document for found in of for document in _documents(found)}))
    head = _head(a, "total", name, a.title, scores[0], label)
    return (*head, coverage, "", None, None, "", *_tail(a, documents, None, scores[1]))


def _finding(a: Assessment, found: RuleResult) -> tuple[Cell, ...]:
    head = _head(a, found.kind, found.id, found.rule.name, found.score, found.label)
    lo, hi, unit = _measured(found.headline)
    own = found.own_score if found.own_score is not None else found.score
    tail = _tail(a, _documents(found), found.override, own)
    return (*head, found.coverage, found.headline.name, lo, hi, unit, *tail)


def _measured(part: MeasureResult) -> tuple[float | None, float | None, str]:
    """A metric's value as it is scored, or a judgement's level."""
    if part.kind == "metric":
        return (*value_ends(part.value), part.unit)
    highest = len(part.rubric.levels) - 1 if part.rubric else 1
    lo, hi = truth_ends(part.score) if not part.is_known else value_ends(part.score)
    return None if lo is None else lo * highest, None if hi is None else hi * highest, "level"


def _kill(a: Assessment, found: KillResult) -> tuple[Cell, ...]:
    label = "unknown" if not found.tripped.is_point else "tripped" if found.tripped.lo else "not tripped"
    head = _head(a, "kill", found.id, found.kill.claim, found.tripped, label)
    first = found.distances[0] if found.distances else None
    measured = (first.label, *value_ends(first.value), first.unit) if first else ("", None, None, "")
    windows = [evidence for distance in found.distances for evidence in distance.window]
    documents = filing_names([*found.evidence, *windows], found.grades)
    return (*head, None, *measured, *_tail(a, documents, found.override, found.own or found.tripped))


def _documents(found: RuleResult) -> tuple[str, ...]:
    leaves = list(found.leaves())
    evidence = [evidence for leaf in leaves for evidence in leaf.window]
    grades = [grade for leaf in leaves for grade in leaf.grades]
    return filing_names([*evidence, *found.answer_evidence, *found.lift_evidence], grades)
