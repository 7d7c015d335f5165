"""Writes an assessment as one self-contained HTML file.

Whatever comes from a pack or a filing is text: templates escape what they print, an address that is not
http or https is no link, and the page's own policy lets nothing run or load but its stylesheet and its
one script, each known by its digest. Without script nothing is lost but the sliders and the panel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from thesis.core.controls import show_controls
from thesis.core.formatting import day
from thesis.document.html import HtmlWriter
from thesis.document.html_page import bundled_text, content_security_policy, minify, page_style
from thesis.document.sandbox import render_template
from thesis.files.cache import Cache
from thesis.memo.chart_slots import ChartSlots, MemoChart
from thesis.memo.footnotes import FootnoteList, document_table, web_address
from thesis.memo.memo_section import MemoSubject
from thesis.memo.template_context import FILTERS, template_context, template_version
from thesis.memo.template_parts import part_printer
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.page_one import PageOne
    from thesis.reports.review_text import ReviewContext

TEMPLATE, STYLE, SCRIPT, SLIDERS = "memo.html.j2", "memo.css", "memo.js", "sliders.html.j2"
LARGE = 400  # pixels: a chart that is wider is not shrunk to fit a phone
SIZED = re.compile(r'<svg(?![^>]*\swidth=)([^>]*\sviewBox="0 0 ([\d.]+) ([\d.]+)")')


def render_html_memo(
    assessment: Assessment,
    template: str | None = None,
    cache: Cache | None = None,
    charts: Sequence[MemoChart] = (),
    reviewed: ReviewContext | None = None,
    front: Callable[[], PageOne] | None = None,
) -> str:
    """The memo as HTML, by the bundled template or one's own; ``reviewed`` adds what the journal says.

    ``front`` gives what page one is written from.

    Errors: ``InvalidInput`` with a template's mistake.
    """
    notes, pictures = HtmlFootnotes(assessment), ChartSlots(charts, _figure, Markup())
    style, script = minify(f"{page_style(STYLE)}\n{_foot(assessment)}"), minify(bundled_text(SCRIPT))
    subject = MemoSubject(assessment, reviewed, front)
    filters = {**FILTERS, **OWN}

    def slot(name: str) -> Markup:
        return _sliders_shown(assessment, cache) if name == "sliders" else pictures.shown(name)

    writer = HtmlWriter(notes.mark, slot)
    given = {
        **template_context(subject, writer, template_version(template)),
        "part": part_printer(subject, writer, Markup),
        "note": notes.mark,
        "notes": notes.entries,
        "sources": notes.sources,
        "document_table": lambda: writer.blocks([document_table(notes.sources())]),
        "chart": pictures.shown,
        "more_charts": pictures.rest,
        "sliders": _sliders,
        "style": Markup(style),  # noqa: S704  # our own file
        "script": Markup(script),  # noqa: S704  # likewise
        "policy": content_security_policy([style], [script], [minify(chart.svg) for chart in charts]),
    }
    text = render_template(TEMPLATE, template, given, filters, cache, escaped=True)
    return show_controls(minify(text)) + "\n"


class HtmlFootnotes(FootnoteList):
    """Notes whose mark is a link; the first one to each note is where its way back leads."""

    def __init__(self, assessment: Assessment) -> None:
        super().__init__(assessment.filers)
        self._marked: set[int] = set()

    def mark(self, source: Any) -> Markup:
        """A small number behind a figure; nothing where there is nothing to cite."""
        number = self.number(source)
        if not number:
            return Markup()
        back = "" if number in self._marked else f' id="r{number}"'
        self._marked.add(number)
        link = f'<a class="note"{back} href="#n{number}" aria-label="note {number}">{number}</a>'
        return Markup(f"<sup>{link}</sup>")  # noqa: S704  # a number


def _foot(a: Assessment) -> str:
    """The rule that puts the pack, its digest and the day at the foot of each printed page."""
    told = f"{a.pack} {a.digest[:8]}, seen from {day(a.as_of)}"
    safe = "".join(c if (c.isalnum() and c.isascii()) or c in " .,-_" else f"\\{ord(c):x} " for c in told)
    return f'@page{{@bottom-left{{content:"{safe}"}}}}'


def _figure(chart: MemoChart) -> Markup:
    """A chart, whose drawing has its title, and what it shows in words.

    The drawing is the program's own, and escapes what it letters.
    """
    drawn = re.sub(r"^\s*<\?xml.*?\?>\s*", "", chart.svg, flags=re.DOTALL)
    drawing = Markup(SIZED.sub(r'<svg width="\2" height="\3"\1', drawn, count=1))  # noqa: S704
    told = Markup("<details><summary>In words</summary><p>{}</p></details>").format(chart.alt)
    sized = SIZED.search(drawn)
    if not sized or float(sized[2]) <= LARGE:
        return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(drawing, told)
    scrolled = Markup('<div class="scroll" tabindex="0" role="group" aria-label="{}">{}</div>')
    return Markup('<figure class="{}" data-title="{}">{}<figcaption>{}</figcaption></figure>').format(
        "large late" if chart.is_late else "large", chart.title, scrolled.format(chart.title, drawing), told
    )


def _sliders_shown(assessment: Assessment, cache: Cache | None) -> Markup:
    """The sliders of a page; nothing where there is nothing to move."""
    found = _sliders(assessment)
    if not found:
        return Markup()
    view = {"s": found, "a": assessment}
    shown = render_template(SLIDERS, None, view, {**FILTERS, **OWN}, cache, escaped=True)
    return Markup(shown)  # noqa: S704  # of a bundled template, which escapes


def _sliders(assessment: Assessment) -> Any:
    """What a reader can move; only a memo with an appraisal pays for the import."""
    if assessment.appraisal is None:
        return None
    from thesis.memo.sliders import memo_sliders

    return memo_sliders(assessment)


def _prose(text: Any) -> Markup:
    """A sentence in which what stands between backticks is code."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(" ".join(str(text).split()))))
    return Markup(marked)  # noqa: S704  # escaped above


def _sentence(text: str) -> str:
    """With its first letter large, whatever the others are."""
    return text[:1].upper() + text[1:]


OWN: dict[str, Callable[..., str]] = {"prose": _prose, "sentence": _sentence, "address": web_address}
