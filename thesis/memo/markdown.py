"""Writes an assessment as Markdown, through a Jinja template in the sandbox.

A template arranges; it computes nothing. Each figure it prints goes through ``note``, which gives
it a footnote that leads back to the formula and the filings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from thesis.core.controls import show_controls
from thesis.document import markdown_text
from thesis.document.markdown import MarkdownWriter
from thesis.document.sandbox import render_template
from thesis.files.cache import Cache
from thesis.memo.chart_slots import ChartSlots, MemoChart
from thesis.memo.footnotes import document_table
from thesis.memo.markdown_footnotes import Footnotes
from thesis.memo.memo_section import MemoSubject
from thesis.memo.template_context import FILTERS, template_context, template_version
from thesis.memo.template_parts import part_printer
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.page_one import PageOne
    from thesis.reports.review_text import ReviewContext

TEMPLATE = "memo.md.j2"
CHARTS = "charts"  # the folder beside a memo with its drawings


def render_memo(
    assessment: Assessment,
    template: str | None = None,
    cache: Cache | None = None,
    charts: Sequence[MemoChart] = (),
    reviewed: ReviewContext | None = None,
    front: Callable[[], PageOne] | None = None,
) -> str:
    """The memo, by the bundled template or one's own; charts are files in ``charts/`` beside it.

    ``reviewed`` adds what the journal says, ``front`` gives what page one is written from. Errors:
    ``InvalidInput`` with a template's mistake.
    """
    notes, pictures = Footnotes(assessment.filers), ChartSlots(charts, _image, "")
    writer = MarkdownWriter(notes.mark, pictures.shown)
    subject = MemoSubject(assessment, reviewed, front)
    given = {
        **template_context(subject, writer, template_version(template)),
        "part": part_printer(subject, writer, markdown_text.Code),
        "note": notes.mark,
        "footnotes": notes.listed,
        "document_table": lambda: writer.blocks([document_table(notes.sources())]),
        "sources": notes.sources,
        "chart": pictures.shown,
        "more_charts": pictures.rest,
    }
    text = render_template(
        TEMPLATE, template, given, {**FILTERS, **markdown_text.FILTERS}, cache, printed=markdown_text.inert
    )
    return show_controls(re.sub(r"\n{3,}", "\n\n", text).strip("\n")) + "\n"


def _image(chart: MemoChart) -> str:
    """A chart by its relative path, with what it shows in words."""
    return f"![{_one_line(chart.alt)}]({CHARTS}/{chart.id}.svg)"


def _one_line(text: str) -> str:
    """A text on one line, of which nothing ends the brackets around it."""
    return re.sub(r"([\\[\]])", r"\\\1", " ".join(text.split()))
