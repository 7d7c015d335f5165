"""The text of a paragraph or a cell: strings, and spans that say what a part of it is.

In a string, words between backticks are code, in every format. What is strong, a link, or a figure with its
evidence is a span; each writer of documents has its own way of printing one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

if TYPE_CHECKING:
    from thesis.case.case import EvidenceItem
    from thesis.core.interval import Interval
    from thesis.pack.schema.judgements import Judgement
    from thesis.scoring.assessment import Headroom, MeasureResult

    Evidence: TypeAlias = EvidenceItem | MeasureResult | Headroom | tuple[Judgement, ...]

GOOD, FAIR, BAD, STRONG, MUTED = "good", "fair", "bad", "strong", "muted"
EMPHASIS, CODE, UNBROKEN, SMALL, INDENTED = "emphasis", "code", "unbroken", "small", "indented"


class TonedText(str):
    """A text with a tone. The words say the same without it: a tone adds nothing but colour."""

    __slots__ = ("tone",)
    tone: str

    def __new__(cls, text: str, tone: str) -> Self:
        made = super().__new__(cls, text)
        made.tone = tone
        return made


class Span(NamedTuple):
    """A part of a text in a style: strong, emphasis, code, unbroken, small or indented.

    Code is an expression of the language. What is unbroken, as a date, stays on one line of a page. What
    is indented is set back, as a part of the row above.
    """

    text: Text
    style: str


class Figure(NamedTuple):
    """A figure with the record that stands behind it; a memo gives it a footnote. None: it has no source."""

    text: str
    evidence: Evidence | None


class Link(NamedTuple):
    """A text that leads to a place: ``#rule-margins`` on the same page, or a web address."""

    text: Text
    target: str


class Trend(NamedTuple):
    """The last quarters of a measure as a line of bars, and the same in figures."""

    bars: str
    values: str


class ScoreBar(NamedTuple):
    """A score from 0 to 1 as a drawing, beside the text that says it; only pages draw it."""

    score: Interval


Text: TypeAlias = "str | Span | Figure | Link | Trend | ScoreBar | tuple[Text, ...]"

SAME = Span("", "same")
"""A cell that goes on from the row above."""


def strong(text: Text) -> Span:
    """A text that stands out."""
    return Span(text, STRONG)


def emphasis(text: Text) -> Span:
    """A text in italics."""
    return Span(text, EMPHASIS)


def code(text: str) -> Span:
    """An expression of the language, or a command."""
    return Span(text, CODE)


def unbroken(text: str) -> Span:
    """A date or a figure that stays on one line."""
    return Span(text, UNBROKEN)


def plain(text: Text) -> str:
    """The words of a text alone, with the tone of a toned one."""
    if isinstance(text, str):
        return text
    if isinstance(text, Span):
        return f"  {plain(text.text)}" if text.style == INDENTED else plain(text.text)
    if isinstance(text, Link):
        return plain(text.text)
    if isinstance(text, Figure):
        return text.text
    if isinstance(text, Trend):
        return text.bars
    return "" if isinstance(text, ScoreBar) else "".join(map(plain, text))


def figures(text: Text) -> Iterator[Figure]:
    """The figures of a text, from left to right."""
    if isinstance(text, Figure):
        yield text
    elif isinstance(text, (Span, Link)):
        yield from figures(text.text)
    elif not isinstance(text, (str, Trend, ScoreBar)):
        for part in text:
            yield from figures(part)


def tone_of(text: Text) -> str:
    """The tone of a text; none for a plain one."""
    return getattr(text, "tone", "")


def one_line_text(text: str) -> str:
    """A text on one line, and its tone: a cell whose text has line breaks would be no cell."""
    flat = " ".join(text.split()) if not text.replace(" ", "").isprintable() else text
    return TonedText(flat, tone_of(text)) if tone_of(text) else flat
