"""What a rating needs today, for a terminal: each step with its inputs, their last values and commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thesis.core import formatting
from thesis.document.blocks import Block, Document, LabelledTexts, Line, Paragraph, TextWithEnd, spaced_groups
from thesis.document.inline import BAD, STRONG, TonedText
from thesis.narrative.rating_text import verdict_headline
from thesis.narrative.work_text import counted, heading
from thesis.scoring.assessment import Assessment
from thesis.worklist.work_list import OwedInput, WorkList, WorkStep

WIDTH = 100
LABEL = 28
INDENT, DEEPER = "     ", "       "
LONGEST = 140  # characters of evidence that are repeated


def work_document(work: WorkList, a: Assessment) -> Document:
    """The list: what restores a rating first, then what determines it further, then what is not due yet."""
    owed = [step for step in work.further if not step.is_waiting]
    waiting = [step for step in work.further if step.is_waiting]
    groups: list[list[Block]] = [
        [TextWithEnd(f"{work.pack} {work.title}", f"as of {work.as_of}", " " * (len(work.pack) + 1))],
        [Paragraph(_headline(work, a), breaks=True)],
    ]
    number = 0
    for told, steps in (
        (_restoring(work), work.restoring),
        ("To determine it further", owed),
        ("Not due yet", waiting),
    ):
        if steps:
            groups.append([Line(TonedText(f"{told} ({counted(steps)}):", STRONG))])
        for step in steps:
            number += 1
            groups.append(list(_step(number, step)))
    if not work.steps:
        groups.append([Line("Nothing is owed.")])
    return Document(WIDTH, spaced_groups(groups))


def _headline(work: WorkList, a: Assessment) -> str:
    covered = f"Evidence coverage is {formatting.share(work.coverage)}"
    if work.is_rated:
        return f"{verdict_headline(a)}. {covered}."
    required = formatting.share(work.required)
    told = TonedText(f"{verdict_headline(a)}. {covered}, and {required} is required.", BAD)
    if work.restoring or not work.steps:
        return told
    return f"{told} Nothing below restores a rating: with all of it less than {required} would count."


def _restoring(work: WorkList) -> str:
    shortest = "" if work.is_shortest else ", which may not be the fewest"
    return f"To restore a rating, on {work.quarter}{shortest}"


def _step(number: int, step: WorkStep) -> Iterator[Block]:
    yield Line(f"{number:>3}. {heading(step)}")
    for command in step.commands:
        yield Line(f"{INDENT}{command}")
    yield from (_rows(step.inputs) if not any(each.command for each in step.inputs) else _each(step.inputs))


def _rows(inputs: Sequence[OwedInput]) -> Iterator[Block]:
    yield LabelledTexts(tuple((each.name, _about(each)) for each in inputs), LABEL, DEEPER)


def _each(inputs: Sequence[OwedInput]) -> Iterator[Block]:
    """Inputs with a command of their own, which stands below each of them."""
    for each in inputs:
        yield from _rows([each])
        if each.command:
            yield Line(f"{DEEPER}  {each.command}")


def _about(each: OwedInput) -> str:
    """``2026Q3 missing; last $200.6bn for 2026Q2 (10-Q 0001018724-26-000026)``."""
    name = f"{each.label}, " if each.kind == "grade" else ""
    told = f"{name}{each.period} {each.status}"
    if not each.last:
        return f"{told}; never {'graded' if each.kind == 'grade' else 'known'}"
    of = f" for {each.last_period}" if each.last_period else ""
    evidence = each.evidence if len(each.evidence) <= LONGEST else f"{each.evidence[:LONGEST].rstrip()} ..."
    return f"{told}; last {each.last}{of}{f' ({evidence})' if evidence else ''}"
