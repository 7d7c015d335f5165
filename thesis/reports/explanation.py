"""A score or a figure as a tree, down to the filings behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thesis.case.case import Case, EvidenceItem, words_of
from thesis.core import formatting
from thesis.core.aggregates import aggregate_of
from thesis.core.interval import Interval
from thesis.facts.fact import Fact
from thesis.narrative import rating_change_text, rating_text
from thesis.narrative.exclusive_statements import CRITERION, answer_key
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement, Rubric, TriggerEvent
from thesis.pack.schema.thesis import VerdictTable
from thesis.scoring.assessment import (
    NONE_NAMED,
    Assessment,
    Criterion,
    KillResult,
    MeasureResult,
    RuleResult,
)

Lines = Iterator[str]


def explain_rule(found: RuleResult | KillResult) -> str:
    """A condition, a risk or a kill criterion, as text."""
    lines = _kill(found) if isinstance(found, KillResult) else _rule(found)
    return "\n".join(line.rstrip() for line in lines)


def explain_value(evidence: EvidenceItem, pack: Pack, case: Case) -> str:
    """A metric or a concept in a quarter, as text."""
    standing = case.standing(evidence.name, case.quarter)
    state = f"  {standing.status}" + (f", the next is due by {standing.due}" if standing.due else "")
    is_scored = evidence.name in pack.metrics or evidence.name in pack.values
    because = pack.scored(evidence.name).because if is_scored else ""
    lines = [f"{evidence.name}  {evidence.label}{state}"]
    lines += [f"  {because}"] if because else []
    lines += [f"  {text}" for text in _definition(evidence.name, pack)]
    lines += _evidence(evidence, "  ")
    return "\n".join(line.rstrip() for line in lines)


def _definition(name: str, pack: Pack) -> Lines:
    """Where a line item or a metric is defined, and what the standard says of it."""
    metric, item, origin = pack.metrics.get(name), pack.concepts.get(name), pack.origin(name)
    if metric and metric.misleads_when:
        yield f"misleads when: {metric.misleads_when}"
    if metric and metric.source:
        yield f"after {metric.source}"
    if item and item.note and origin:
        yield item.note
    if item and item.tag and origin:
        yield f"tags in order: {item.tag}"
    if origin:
        yield f"defined in {origin}"


def explain_verdict(a: Assessment, table: VerdictTable) -> str:
    """How the verdict follows: the conditions and risks with their weights, the table, the caps."""
    v = a.verdict
    lines = [
        f"{a.headline}  on the scale {' < '.join(v.levels)}",
        f"  engines {formatting.score(v.engines)} {v.engines_label}",
    ]
    lines.append(f"    {_together(table.combine.conditions, a.conditions)}")
    lines += [
        f"      {formatting.score(f.score):<9}weight {f.rule.weight:<5g} {f.id}  {f.label}"
        for f in a.conditions
    ]
    if v.has_risks:
        lines += [
            f"  risks {formatting.score(v.risks)} {v.risks_label}",
            f"    {_together(table.combine.risks, a.risks)}",
        ]
    else:
        lines.append(f"  risks {NONE_NAMED}")
    lines += [
        f"      {formatting.score(f.score):<9}weight {f.rule.weight:<5g} {f.id}  {f.label}" for f in a.risks
    ]
    lines.append(f"  {'engines / risks':<17}" + "".join(f"{label:<13}" for label in table.labels.risks))
    lines += [
        f"  {label:<17}" + "".join(f"{cell:<13}" for cell in table.table[label])
        for label in reversed(table.labels.conditions)
    ]
    lines += [
        f"  at most {cap.at_most} while {cap.conditions} or more conditions are below {cap.below}"
        for cap in table.caps
    ]
    lines.append(
        f"  {table.killed} once a kill criterion has tripped: {rating_change_text.kill_criteria_text(a)}"
    )
    measured = f"{formatting.share(v.measured_coverage)} of what is measured"
    lines.append(
        f"  not rated below a coverage of {table.rated_from}; now {formatting.share(v.coverage)}, {measured}"
    )
    return "\n".join(line.rstrip() for line in lines)


def _together(how: str, found: Sequence[RuleResult]) -> str:
    return aggregate_of(how).told([f.rule.name for f in found], [f.score.lo + f.score.hi for f in found])


def explain_rubric(rubric: Rubric, grades: Sequence[Judgement], events: Sequence[TriggerEvent] = ()) -> str:
    """A question, what each level would look like, the grades that count together, and what ended others."""
    lines = [f"{rubric.id}  {rubric.asks}", *(f"  {i}  {text}" for i, text in enumerate(rubric.levels))]
    lines += _grades(grades, "  ")
    lines += [
        f"  {event.day}  {event.what} ({event.source}): grades before count no more" for event in events
    ]
    return "\n".join(line.rstrip() for line in lines)


def _rule(found: RuleResult) -> Lines:
    yield f"{found.id}  {found.rule.claim}"
    adjusted = rating_text.adjustment_text(found)
    yield f"  {found.label} {formatting.score(found.score)}{f'  ({adjusted})' if adjusted else ''}"
    if found.is_given:
        yield f"  given {rating_text.own_level(found)}"
    if found.answer is not None:
        yield f"  taken literally {formatting.answer(found.answer)}: {found.rule.holds}"
        yield from _comparisons(found.claim, "", "    ")
        if found.override and not found.is_given:
            yield f"  {rating_text.own_level(found)}"
    if found.lift is not None and found.rule.lift:
        lift = found.rule.lift
        yield f"  raised by {lift.levels} level while {lift.when}: {formatting.answer(found.lift)}"
    yield f"  {_how(found.rule.combine, found.parts)}"
    yield from _parts(found.parts, "  ")


def _how(combine: str, parts: Sequence[MeasureResult]) -> str:
    if len(parts) == 1:
        return "one measure"
    return aggregate_of(combine).told([p.name for p in parts], [p.score.lo + p.score.hi for p in parts])


def _parts(parts: Sequence[MeasureResult], indent: str) -> Lines:
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        inner = indent + ("    " if last else "│   ")
        branch = indent + ("└── " if last else "├── ")
        yield f"{branch}{_part_line(part)}"
        if part.kind == "group":
            yield f"{inner}{_how(part.measure.combine, part.parts)}"
            yield from _parts(part.parts, inner)
        elif part.kind == "judgement":
            yield from _grades(part.grades, inner)
        else:
            yield from _measure(part, inner)


def _part_line(part: MeasureResult) -> str:
    weight = f"weight {formatting.share(part.share)}"
    figure = f"  {rating_text.measure_figure(part)}" if part.kind != "group" else ""
    state = f"  {part.status}" if part.status not in ("", "fresh") else ""
    return f"{part.name}{figure}  {part.label} {formatting.score(part.score)}  {weight}{state}"


def _measure(part: MeasureResult, indent: str) -> Lines:
    sustained = f"  the level that {part.measure.sustained} quarters reach" if part.measure.sustained else ""
    yield f"{indent}edges {rating_text.band_text(part)}{sustained}"
    adjusted = rating_text.adjustment_text(part)
    if part.reported is not None and part.reported != part.value:
        reported = rating_text.measure_value(part, part.reported)
        yield f"{indent}as reported {reported}{f', {part.reported_label}' if adjusted else ''}"
    if part.measure.sustained:
        told = ", ".join(f"{e.period} {rating_text.measure_value(part, e.value)}" for e in part.window)
        yield f"{indent}quarter by quarter {told}"
    if part.evidence:
        yield from _evidence(part.evidence, indent)


def _kill(found: KillResult) -> Lines:
    yield f"{found.id}  {found.kill.claim}"
    rule = rating_change_text.waiting_rule(found)
    if found.waiting:
        rule += f"; {rating_change_text.waits_text(found)}"
    own = f"{_state(found.own)} as worked out" if found.own else _state(found.tripped)
    yield f"  {own}; now {formatting.answer(found.now)}; {rule}"
    if found.override:
        yield f"  {_state(found.tripped)} {rating_text.own_level(found)}"
    if found.kill.when:
        yield f"  when {found.kill.when}"
    yield from _comparisons(found.criterion, "trips ", "  ")
    yield f"  because {found.kill.because}"
    for item in found.evidence:
        yield from _evidence(item, "  ")
    if found.kill.judgement:
        yield from _grades(found.grades, "  ")


def _comparisons(found: Criterion | None, verb: str, indent: str) -> Lines:
    """Each comparison of a criterion with its headroom, and what joins it with the next."""
    for line in rating_change_text.criterion_lines(found) if found else ():
        d = line.comparison
        told = rating_change_text.comparison_text(d, verb)
        after = f",{line.after}" if line.after.startswith(" ") else line.after
        held = f", held in {d.held} of the last {len(d.window)}" if d.sustained else ""
        yield f"{indent}{line.before}{told}: {rating_change_text.headroom_text(d)}{held}{after}"


def _state(tripped: Interval) -> str:
    return CRITERION[answer_key(tripped)]


def _grades(grades: Sequence[Judgement], indent: str) -> Lines:
    if not grades:
        yield f"{indent}not graded"
    for grade in grades:
        hindsight = ", in hindsight" if grade.is_hindsight else ""
        yield f"{indent}level {grade.level}, {grade.by}, {grade.graded}{hindsight}"
        yield f"{indent}  {grade.evidence}"
        yield f"{indent}  {grade.source}{f' {grade.url}' if grade.url else ''}"


def _evidence(evidence: EvidenceItem, indent: str) -> Lines:
    words = words_of(evidence)
    value = words or formatting.value(evidence.value, evidence.show, evidence.unit)
    only = evidence.facts[0] if len(evidence.facts) == 1 else None
    row = f"  {_fact(only)}" if only else ""
    yield f"{indent}{evidence.name} {evidence.period}  {value}{_why(evidence)}{row}"
    if evidence.formula:
        yield f"{indent}= {evidence.formula}"
    for item in evidence.inputs:
        yield from _evidence(item, indent + "  ")
    for fact in evidence.facts if only is None else ():
        yield f"{indent}  {fact.item}: {formatting.exact(fact.value)}  {_fact(fact)}"


def _why(evidence: EvidenceItem) -> str:
    if evidence.status == "assumed":
        return f"  assumed: {evidence.reason}" if evidence.reason else "  what if"
    if evidence.value.is_anything:
        return f"  {evidence.status}{f': {evidence.reason}' if evidence.reason else ''}"
    return f"  ({evidence.reason})" if evidence.reason and not words_of(evidence) else ""


def _fact(fact: Fact) -> str:
    how = "" if fact.how == "reported" else f", {fact.how}"
    return f"{fact.source}, filed {fact.filed}{how}  [{fact.file}:{fact.line}]"
