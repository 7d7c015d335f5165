"""The parts of a memo by the names under which templates have printed them since the first version.

A template without a mark imports macros (``macros.md.j2`` and others), and they print these: the same blocks
as the memo's own sections have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from thesis.document.blocks import Block, Table, table_of
from thesis.document.html import HtmlWriter
from thesis.document.inline import Text
from thesis.document.markdown import MarkdownWriter
from thesis.memo import page_one, rule_sections
from thesis.memo.evidence_sections import EVIDENCE_SECTIONS
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative.rating_change_text import changes_by_measure
from thesis.reports import scorecard
from thesis.scoring.assessment import MeasureResult

Written = TypeVar("Written", bound=str)
SECTIONS: dict[str, MemoSection] = {
    each.id: each for each in (*page_one.PAGE_ONE, *rule_sections.RULE_SECTIONS, *EVIDENCE_SECTIONS)
}
FIRST_ORDER = (
    scorecard.NAME,
    scorecard.CLAIM,
    scorecard.THRESHOLD,
    scorecard.NOW,
    scorecard.HEADROOM,
    scorecard.TREND,
    scorecard.STANDING,
)  # of a scorecard in Markdown, in templates without a mark


def _section(name: str) -> Callable[[MemoSubject], Sequence[Block]]:
    return SECTIONS[name].blocks


def _kill(subject: MemoSubject) -> Sequence[Block]:
    return SECTIONS["scorecard"].blocks(subject)[-1:]


def _rows(_: MemoSubject, parts: Sequence[MeasureResult], indent: str = "") -> Table:
    """The lines of measures, without a heading; ``indent`` stands before each name."""
    name, *others = rule_sections.MEASURE_COLUMNS
    set_back = name._replace(cell=lambda line: (indent, name.cell(line)) if not line[1] else name.cell(line))
    return table_of((set_back, *others), rule_sections.measure_lines(parts))


BLOCKS: dict[str, Callable[..., Sequence[Block]]] = {
    "header": lambda subject: [page_one.memo_facts(subject.a)],
    "verdict": _section("verdict"),
    "scorecard": lambda subject: [scorecard.condition_table(subject.a)],
    "first scorecard": lambda subject: [scorecard.condition_table(subject.a, FIRST_ORDER)],
    "risks": lambda subject: [scorecard.risk_table(subject.a)],
    "kill": _kill,
    "finding": lambda _, found: [rule_sections.rule_section(found)],
    "flips": _section("flips"),
    "every flip": rule_sections.every_change,
    "judgements": _section("judgements"),
    "unknowns": _section("unknowns"),
}
TEXTS: dict[str, Callable[..., Text]] = {
    "price": lambda subject: page_one.price_cell(subject.a),
    "market value": lambda subject: page_one.market_value_cell(subject.a),
    "target": lambda subject: page_one.target_cell(subject.a),
    "shown": lambda _, found: scorecard.headline_cell(found),
    "standing": lambda _, found: scorecard.STANDING.cell(found),
    "tripped": lambda _, kill: scorecard.trigger_cell(kill),
    "flip": lambda subject, rule, part, better: rule_sections.change_cell(
        changes_by_measure(subject.a).get((rule, part), ()), better=better
    ),
}


def part_printer(
    subject: MemoSubject, writer: MarkdownWriter | HtmlWriter, written: Callable[[str], Written]
) -> Callable[..., Written]:
    """What a template calls ``part``: prints a part by its name, for what it is about.

    ``written`` marks a text as one of the format already.
    """

    def part(name: str, *about: Any) -> Written:
        if name == "rows":
            return written(writer.rows(_rows(subject, *about)))
        if name in TEXTS:
            return written(writer.text(TEXTS[name](subject, *about)))
        return written(writer.blocks(BLOCKS[name](subject, *about), level=3))

    return part
