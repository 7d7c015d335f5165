"""The statements of a thesis' source with what tests each, and what that test says today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.document.blocks import Block, Column, Paragraph, Table, table_of
from thesis.document.inline import SAME, Figure, Link, Text, emphasis
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import Statement
from thesis.pricing.priced_case import case_as_of
from thesis.reports import scorecard
from thesis.scoring.assessment import Assessment, KillResult, RuleResult

YEARS = "years"  # a unit without a sign of its own


class TestedStatement(NamedTuple):
    """A statement with what its test found: the result of a rule, or the evidence of a figure.

    ``is_first``: it is the first of its section.
    """

    statement: Statement
    found: RuleResult | KillResult | EvidenceItem | None = None
    is_first: bool = True


def tested_statements(pack: Pack, a: Assessment) -> list[TestedStatement]:
    """Each statement of a pack, in the order of its file, with what tests it on the assessment's day."""
    found_rules: tuple[RuleResult | KillResult, ...] = (*a.findings, *a.kill, *a.retired)
    rules = {each.id: each for each in found_rules}
    case = case_as_of(pack, a.as_of, a.given)
    told: list[TestedStatement] = []
    for each in pack.thesis.statements:
        found = case.evidence(each.metric, a.quarter) if each.metric else rules.get(each.rule)
        is_first = not told or told[-1].statement.section != each.section
        told.append(TestedStatement(each, found, is_first))
    return told


def statement_blocks(tested: Sequence[TestedStatement], sections: Mapping[str, str]) -> list[Block]:
    """How many statements are tested, and the table of all; nothing where there are none.

    ``sections``: the titles of the memo's sections by their ids.
    """
    if not tested:
        return []
    return [Paragraph(" ".join(_summary(tested))), statement_table(tested, sections)]


def _summary(tested: Sequence[TestedStatement]) -> Iterator[str]:
    of = [each.statement for each in tested]
    rules, metrics = sum(bool(each.rule) for each in of), sum(bool(each.metric) for each in of)
    pages, untested = sum(bool(each.page) for each in of), sum(bool(each.untested) for each in of)
    yield (
        f"The source makes {formatting.count(len(of), 'statement')}, here in other words: {rules} tested by "
        f"a rule, {metrics} by a figure, {pages} answered in a section of this memo, {untested} not tested."
    )
    yield "The answers are those of the day of this memo. Only the rules have a say in the rating."


def statement_table(tested: Sequence[TestedStatement], sections: Mapping[str, str]) -> Table:
    """A line for each statement: its number, what it says, what tests it, and the answer."""
    columns = (
        Column[TestedStatement]("section", lambda each: each.statement.section if each.is_first else SAME),
        Column[TestedStatement]("no.", lambda each: each.statement.id, is_head=True),
        Column[TestedStatement]("statement", lambda each: each.statement.says),
        Column[TestedStatement]("tested by", lambda each: _test(each, sections)),
        Column[TestedStatement]("answer", lambda each: _answer(each, sections)),
    )
    caption = "The statements of the source, and what tests them"
    return table_of(columns, tested, caption=caption, is_captioned=False, kind="wordy", is_wordy=True)


def _test(each: TestedStatement, sections: Mapping[str, str]) -> Text:
    """The name of the test, and how it reads the statement."""
    note = f" ({each.statement.note})" if each.statement.note else ""
    return (_named(each, sections), note)


def _named(each: TestedStatement, sections: Mapping[str, str]) -> Text:
    found, statement = each.found, each.statement
    if isinstance(found, RuleResult):
        return Link(found.rule.name, f"#{scorecard.rule_place(found.id)}")
    if isinstance(found, KillResult):
        return f"kill criterion {found.id}"
    if isinstance(found, EvidenceItem):
        return found.label
    if statement.page:
        return f"section “{sections.get(statement.page, statement.page)}”"
    return "not tested"


def _answer(each: TestedStatement, sections: Mapping[str, str]) -> Text:
    """What the test says today; of a statement that nothing tests, why."""
    found = each.found
    if isinstance(found, RuleResult):
        stated = f"as stated: {formatting.answer(found.answer)}; " if found.answer is not None else ""
        return (stated, scorecard.STANDING.cell(found))
    if isinstance(found, KillResult):
        return ("triggered: ", scorecard.trigger_cell(found))
    if isinstance(found, EvidenceItem):
        unit = f" {found.unit}" if found.unit == YEARS and not found.value.is_anything else ""
        return Figure(f"{formatting.value(found.value, found.show, found.unit)}{unit}", found)
    if each.statement.untested:
        return emphasis(each.statement.untested)
    return "see there" if each.statement.page in sections else "not in this memo"
