"""The parts of a memo by the names under which templates have printed them since the first version.

A template without a mark imports macros (``macros.md.j2`` and others), and they print these: the same blocks
as the memo's own sections have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from thesis.document.blocks import Block, Table, table_of
from thesis.document.html import HtmlWriter
from thesis.document.inline import ScoreBar, Text
from thesis.document.markdown import MarkdownWriter
from thesis.memo import first_page_one, rule_sections
from thesis.memo.contents import memo_sections
from thesis.memo.memo_section import MemoSubject
from thesis.narrative.rating_change_text import changes_by_measure
from thesis.reports import scorecard
from thesis.scoring.assessment import MeasureResult

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal

Written = TypeVar("Written", bound=str)
FIRST_ORDER = (
    scorecard.NAME,
    scorecard.CLAIM,
    scorecard.THRESHOLD,
    scorecard.NOW,
    scorecard.HEADROOM,
    scorecard.TREND,
    scorecard.STANDING,
)  # of a scorecard in Markdown, in templates without a mark


def _section(subject: MemoSubject, name: str) -> Sequence[Block]:
    """What stands below the title of a section; nothing where the memo has no such section."""
    if name == "verdict":
        return first_page_one.first_rating(subject)
    return [block for each in memo_sections(subject) if each.id == name for block in each.blocks(subject)]


def _kill(subject: MemoSubject) -> Sequence[Block]:
    return _section(subject, "scorecard")[-1:]


def _page_one(subject: MemoSubject) -> Sequence[Block]:
    from thesis.memo.journal_sections import page_one_blocks

    return page_one_blocks(subject)


def _valuation(name: str) -> Callable[..., Sequence[Block]]:
    """A part of the valuation by its name."""

    def part(_: MemoSubject, v: Appraisal) -> Sequence[Block]:
        from thesis.memo import valuation_section

        if name == "first levers":
            return list(valuation_section.assumptions(v, is_first_form=True))
        parts = {
            "bridge": valuation_section.bridge,
            "implied": valuation_section.implied_growth,
            "paths": valuation_section.price_paths,
            "scenarios": valuation_section.scenarios,
            "levers": valuation_section.assumptions,
            "chance": valuation_section.chances,
        }
        return list(parts[name](v))

    return part


def _rows(_: MemoSubject, parts: Sequence[MeasureResult], indent: str = "") -> Table:
    """The lines of measures, without a heading; ``indent`` stands before each name."""
    name, *others = rule_sections.MEASURE_COLUMNS
    set_back = name._replace(cell=lambda line: (indent, name.cell(line)) if not line[1] else name.cell(line))
    return table_of((set_back, *others), rule_sections.measure_lines(parts))


def _first_target(subject: MemoSubject) -> Sequence[Block]:
    from thesis.memo.valuation_section import FIRST_PARTS, valuation_blocks

    return valuation_blocks(subject, FIRST_PARTS)


VALUATION = ("bridge", "implied", "paths", "scenarios", "levers", "first levers", "chance")
BLOCKS: dict[str, Callable[..., Sequence[Block]]] = {
    "header": lambda subject: [first_page_one.memo_facts(subject.a)],
    "scorecard": lambda subject: [scorecard.condition_table(subject.a)],
    "first scorecard": lambda subject: [scorecard.condition_table(subject.a, FIRST_ORDER)],
    "risks": lambda subject: [scorecard.risk_table(subject.a)],
    "kill": _kill,
    "finding": lambda _, found: [rule_sections.rule_section(found)],
    "every flip": rule_sections.every_change,
    "page one": _page_one,
    "section": _section,
    "first target": _first_target,
    **{name: _valuation(name) for name in VALUATION},
}
TEXTS: dict[str, Callable[..., Text]] = {
    "price": lambda subject: first_page_one.price_cell(subject.a),
    "market value": lambda subject: first_page_one.market_value_cell(subject.a),
    "target": lambda subject: first_page_one.target_cell(subject.a),
    "shown": lambda _, found: scorecard.headline_cell(found),
    "standing": lambda _, found: scorecard.STANDING.cell(found),
    "bar": lambda _, score: ScoreBar(score),
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
