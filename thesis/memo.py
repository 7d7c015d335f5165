"""Memo: an assessment as Markdown, through a Jinja template in a sandbox.

A template arranges; it computes nothing. Each figure it prints goes through ``note``, which gives
it a footnote that leads back to the formula and the filings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from thesis import markdown
from thesis.assessment import Assessment
from thesis.footnotes import Footnotes
from thesis.pictures import Chart, Pictures
from thesis.sandbox import rendered
from thesis.view import FILTERS, view

if TYPE_CHECKING:
    from thesis.reviewed import Reviewed

TEMPLATE = "memo.md.j2"
CHARTS = "charts"  # the folder beside a memo with its drawings


def render(
    assessment: Assessment,
    template: str | None = None,
    cache: Path | None = None,
    charts: Sequence[Chart] = (),
    reviewed: Reviewed | None = None,
) -> str:
    """The memo, by the bundled template or one's own; charts are files in ``charts/`` beside it.

    ``reviewed`` adds what the journal says. Errors: ``Flawed`` with a template's mistake.
    """
    notes, pictures = Footnotes(assessment.filers), Pictures(charts, _image, "")
    given = {
        **view(assessment, reviewed),
        "note": notes.mark,
        "footnotes": notes.listed,
        "sources": notes.sources,
        "chart": pictures.shown,
        "more_charts": pictures.rest,
    }
    text = rendered(TEMPLATE, template, given, {**FILTERS, **markdown.FILTERS}, cache, printed=markdown.inert)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _image(chart: Chart) -> str:
    """A chart by its relative path, with what it shows in words."""
    return f"![{_one_line(chart.alt)}]({CHARTS}/{chart.id}.svg)"


def _one_line(text: str) -> str:
    """A text on one line, of which nothing ends the brackets around it."""
    return re.sub(r"([\\[\]])", r"\\\1", " ".join(text.split()))
