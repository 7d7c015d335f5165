"""Page: an assessment as one HTML file that needs nothing beside it.

Whatever comes from a pack or a filing is text: templates escape what they print, an address that is not
http or https is no link, and the page's own policy lets nothing run or load but its stylesheet and its
one script, each known by its digest. Without script nothing is lost but the sliders and the panel.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from thesis.assessment import Assessment
from thesis.files import bundled
from thesis.notes import Notes, web_address
from thesis.pictures import Chart, Pictures
from thesis.sandbox import rendered
from thesis.view import FILTERS, view
from thesis.words import day

if TYPE_CHECKING:
    from thesis.reviewed import Reviewed

TEMPLATE, STYLE, SCRIPT = "memo.html.j2", "memo.css", "memo.js"
SIZED = re.compile(r'<svg(?![^>]*\swidth=)([^>]*\sviewBox="0 0 ([\d.]+) ([\d.]+)")')


def render(
    assessment: Assessment,
    template: str | None = None,
    cache: Path | None = None,
    charts: Sequence[Chart] = (),
    reviewed: Reviewed | None = None,
) -> str:
    """The memo as HTML, by the bundled template or one's own; ``reviewed`` adds what the journal says.

    Errors: ``Flawed`` with a template's mistake.
    """
    notes, pictures = Marks(assessment), Pictures(charts, _figure, Markup())
    style, script = _lean(f"{_bundled(STYLE)}\n{_foot(assessment)}"), _lean(_bundled(SCRIPT))
    given = {
        **view(assessment, reviewed),
        "note": notes.mark,
        "notes": notes.numbered,
        "sources": notes.sources,
        "chart": pictures.shown,
        "more_charts": pictures.rest,
        "sliders": _sliders,
        "style": Markup(style),  # noqa: S704  # our own file
        "script": Markup(script),  # noqa: S704  # likewise
        "policy": policy([style], [script], [_lean(chart.svg) for chart in charts]),
    }
    return _lean(rendered(TEMPLATE, template, given, {**FILTERS, **OWN}, cache, escaped=True)) + "\n"


class Marks(Notes):
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


def policy(styles: Sequence[str], scripts: Sequence[str], drawings: Sequence[str] = ()) -> str:
    """The Content-Security-Policy of a page with these stylesheets, scripts and styles in drawings."""
    drawn = "".join(drawings)
    sheets = [*styles, *re.findall(r"<style[^>]*>(.*?)</style>", drawn, re.DOTALL)]
    inline = sorted({unescape(text) for text in re.findall(r"""\sstyle="([^"]*)\"""", drawn)})
    allowed = " ".join(_digest(text) for text in [*sheets, *inline])
    hashed = "'unsafe-hashes' " if inline else ""  # what CSP calls it where attributes are named by digest
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {hashed}{allowed}",
            f"script-src {' '.join(_digest(text) for text in scripts)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _bundled(name: str) -> str:
    return (bundled("templates") / name).read_text(encoding="utf-8")


def _lean(text: str) -> str:
    """Without the blank lines and the indentation that arranging leaves."""
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def _foot(a: Assessment) -> str:
    """The rule that puts the pack, its digest and the day at the foot of each printed page."""
    told = f"{a.pack} {a.digest[:8]}, seen from {day(a.as_of)}"
    safe = "".join(c if (c.isalnum() and c.isascii()) or c in " .,-_" else f"\\{ord(c):x} " for c in told)
    return f'@page{{@bottom-left{{content:"{safe}"}}}}'


def _figure(chart: Chart) -> Markup:
    """A chart, whose drawing has its title, and what it shows in words.

    The drawing is the program's own, and escapes what it letters.
    """
    drawn = re.sub(r"^\s*<\?xml.*?\?>\s*", "", chart.svg, flags=re.DOTALL)
    drawing = Markup(SIZED.sub(r'<svg width="\2" height="\3"\1', drawn, count=1))  # noqa: S704
    told = Markup("<details><summary>In words</summary><p>{}</p></details>").format(chart.alt)
    return Markup("<figure>{}<figcaption>{}</figcaption></figure>").format(drawing, told)


def _sliders(assessment: Assessment) -> Any:
    """What a reader can move; only a memo with an appraisal pays for the import."""
    if assessment.appraisal is None:
        return None
    from thesis.sliders import sliders

    return sliders(assessment)


def _prose(text: Any) -> Markup:
    """A sentence in which what stands between backticks is code."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(" ".join(str(text).split()))))
    return Markup(marked)  # noqa: S704  # escaped above


def _sentence(text: str) -> str:
    """With its first letter large, whatever the others are."""
    return text[:1].upper() + text[1:]


OWN: dict[str, Callable[..., str]] = {"prose": _prose, "sentence": _sentence, "address": web_address}
