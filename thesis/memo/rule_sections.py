"""The sections of a memo that take conditions and risks one by one, down to each measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from thesis.core import formatting
from thesis.document.blocks import RIGHT, Block, Bullets, Column, Paragraph, Section, Slots, Table, table_of
from thesis.document.inline import INDENTED, Span, Text, code, emphasis, strong, unbroken
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative import rating_change_text, rating_text
from thesis.reports.scorecard import measure_cell, rule_place
from thesis.scoring.assessment import Assessment, MeasureResult, RatingChange, RuleResult


def _conditions(subject: MemoSubject) -> list[Block]:
    return [Slots(("scorecard",)), *map(rule_section, subject.a.conditions)]


def _risks(subject: MemoSubject) -> list[Block]:
    a = subject.a
    return [Slots(("matrix",)), *map(rule_section, a.risks)] if a.risks else []


def rule_section(found: RuleResult) -> Section:
    """A condition or a risk: the claim, how it stands, its measures, what misleads, and its charts."""
    said = _said(found)
    return Section(
        found.rule.name,
        f"{found.label} {formatting.score(found.score)}",
        (
            (Paragraph((found.rule.claim, " ", emphasis(f"({found.rule.clause}.)")), role="claim"),),
            (Paragraph(said),) if said else (),
            (measure_table(found),),
            (Bullets((*_remarks(found), *found.rule.caveats)),),
            (Slots(tuple(_charts(found)), is_beside=True),),
        ),
        id=rule_place(found.id),
    )


def _said(found: RuleResult) -> tuple[Text, ...]:
    """The literal claim, what an analyst gave, what lifted it, and why it is asked."""
    rule, told = found.rule, list[tuple[Text, ...]]()
    if found.answer is not None:
        own = f", {rating_text.own_level(found)}" if found.override and not found.is_given else ""
        answer = strong(formatting.answer(found.answer))
        told.append(("Taken literally (", code(rule.holds), ") this is ", answer, f"{own}."))
    if found.lift is not None and rule.lift:
        lifted = f", which is {formatting.answer(found.lift)}: {rule.lift.because}"
        told.append((f"Raised by {rule.lift.levels} level while ", code(rule.lift.when), lifted))
    if found.is_given:
        told.append((f"The score is given {rating_text.own_level(found)}.",))
    adjusted = rating_text.adjustment_text(found)
    why = " ".join(filter(None, (rule.because, f"The standing {adjusted}." if adjusted else "")))
    told += [(why,)] if why else []
    return tuple(part for i, sentence in enumerate(told) for part in ((" ",) if i else ()) + sentence)


def _remarks(found: RuleResult) -> Iterator[Text]:
    """Of each measure why it is asked, when it misleads, and what it would be without adjustment."""
    for leaf in found.leaves():
        if not leaf.measure.because:
            continue
        told: tuple[Text, ...] = (strong(f"{leaf.name}."), f" {leaf.measure.because}")
        if leaf.measure.misleads_when:
            told += (" ", emphasis("Misleads when:"), f" {leaf.measure.misleads_when}")
        if leaf.depends_on_adjustment:
            reported = formatting.value(leaf.reported, leaf.show, leaf.unit)
            told += (f" Its label {rating_text.adjustment_text(leaf)} ({reported}).",)
        yield told


def _charts(found: RuleResult) -> Iterator[str]:
    for leaf in found.leaves():
        yield from (f"history-{leaf.id}", f"history-{leaf.id}-{found.id}")


# measures ----------------------------------------------------------------------------------------


def _measure_name(line: tuple[MeasureResult, int]) -> Text:
    part, depth = line
    if part.kind == "group":
        return emphasis(part.name)
    return Span(part.name, INDENTED) if depth else part.name


def _edges(line: tuple[MeasureResult, int]) -> Text:
    part, _ = line
    if part.kind == "group":
        return ""
    top = len(part.rubric.levels) - 1 if part.rubric else 0
    return unbroken(rating_text.band_text(part) if part.kind == "metric" else f"0 to {top}")


MeasureLine = tuple[MeasureResult, int]
MEASURE_COLUMNS = (
    Column("measure", _measure_name),
    Column[MeasureLine]("now", lambda line: _figure(line[0]), align=RIGHT),
    Column("edges", _edges),
    Column[MeasureLine]("score", lambda line: f"{formatting.score(line[0].score)} {line[0].label}"),
    Column[MeasureLine]("weight", lambda line: formatting.share(line[0].share), align=RIGHT),
    Column[MeasureLine]("state", lambda line: "" if line[0].kind == "group" else line[0].status),
)


def _figure(part: MeasureResult) -> Text:
    return "" if part.kind == "group" else measure_cell(part)


def measure_lines(parts: Sequence[MeasureResult], depth: int = 0) -> Iterator[MeasureLine]:
    """A rule's measures in order, groups before what is in them, each with how deep it lies."""
    for part in parts:
        yield part, depth
        yield from measure_lines(part.parts, depth + 1)


def measure_table(found: RuleResult) -> Table:
    """The measures of a rule with their values, edges, scores and weights."""
    caption = f"Measures of {found.rule.name}"
    lines = measure_lines(found.parts)
    return table_of(MEASURE_COLUMNS, lines, caption=caption, is_captioned=False, kind="measures")


# what would change the rating --------------------------------------------------------------------

CHANGES_ABOUT = (
    "One at a time, everything else in the middle of what is known. A move is the median change of the "
    "measure from one quarter to the next, over eight quarters."
)


MovedLine = tuple[RuleResult, MeasureResult]


def change_cell(changes: Iterable[RatingChange], *, better: bool) -> str:
    """The value of a measure that would change the rating to a better or a worse one; empty for none."""
    wanted = [change for change in changes if change.better == better]
    return "".join(map(rating_change_text.rating_change_cell, wanted))


def _change_table(a: Assessment, lines: Iterable[MovedLine]) -> Table:
    changes = rating_change_text.changes_by_measure(a)

    def of(line: MovedLine) -> Sequence[RatingChange]:
        return changes.get((line[0].id, line[1].id), ())

    def change_column(heading: str, *, better: bool) -> Column[MovedLine]:
        return Column(heading, lambda line: change_cell(of(line), better=better), align=RIGHT)

    columns: tuple[Column[MovedLine], ...] = (
        Column[MovedLine]("measure", lambda line: line[1].name),
        Column("now", lambda line: rating_change_text.figure_beside(line[1], of(line)), align=RIGHT),
        change_column("better at", better=True),
        change_column("worse at", better=False),
    )
    caption = "What each measure alone would have to be"
    return table_of(columns, lines, caption=caption, is_captioned=False, kind="measures")


def _changes(subject: MemoSubject) -> list[Block]:
    """The measures that could change the rating alone, and the names of those that could not."""
    a = subject.a
    unmoved = formatting.join_words(rating_text.unmoved_measures(a))
    idle = Paragraph(f"Whatever its value, none of these changes it alone: {unmoved}.")
    table = _change_table(a, rating_text.moving_measures(a))
    return [Paragraph(CHANGES_ABOUT), table, *([idle] if unmoved else [])]


def every_change(subject: MemoSubject) -> list[Block]:
    """The same with a line for every measure."""
    lines = ((found, leaf) for found in subject.a.findings for leaf in found.leaves())
    return [Paragraph(CHANGES_ABOUT), _change_table(subject.a, lines)]


RULE_SECTIONS = (
    MemoSection("conditions", "The conditions in turn", "Conditions", _conditions),
    MemoSection("risks", "The risks in turn", "Risks", _risks),
    MemoSection("flips", "What would flip the verdict", "Flips", _changes),
)
