"""The shapes and labels of a chart, with coordinates rounded to a tenth of a pixel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from thesis.charts.paint import TEXTS
from thesis.charts.text_width import label_width, shorten_text, wrap_text

Place = tuple[float, float]


class Shape(NamedTuple):
    """A path of a kind (``paint.SHAPES``); ``tip`` is what a pointer over it shows."""

    kind: str
    path: str
    tip: str = ""


class Label(NamedTuple):
    """A text of a kind (``paint.TEXTS``) whose base line begins, ends or has its middle at a place."""

    kind: str
    x: float
    y: float
    text: str
    anchor: str = "start"

    @property
    def left(self) -> float:
        """Where it begins."""
        wide = text_width(self.kind, self.text)
        return self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + text_width(self.kind, self.text)


Mark = Shape | Label


def coordinate_text(number: float) -> str:
    """A place as it is written: ``12``, ``12.5``."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def rectangle(kind: str, x: float, y: float, wide: float, high: float, tip: str = "") -> Shape:
    return Shape(
        kind,
        f"M{coordinate_text(x)} "
        f"{coordinate_text(y)}h{coordinate_text(wide)}v{coordinate_text(high)}h{coordinate_text(-wide)}z",
        tip,
    )


def bar_between(kind: str, x: float, to: float, y: float, high: float, tip: str = "") -> Shape:
    """A bar from one place to another, whichever lies on the left."""
    return rectangle(kind, min(x, to), y, abs(to - x), high, tip)


def line(kind: str, x: float, y: float, to_x: float, to_y: float, tip: str = "") -> Shape:
    a, b, c, d = map(coordinate_text, (x, y, to_x, to_y))
    return Shape(kind, f"M{a} {b}{f'H{c}' if b == d else f'V{d}' if a == c else f'L{c} {d}'}", tip)


def lines(kind: str, places: Iterable[Place], *, closed: bool = False) -> Shape:
    """A line from place to place, or an area."""
    written = " ".join(f"{coordinate_text(x)} {coordinate_text(y)}" for x, y in places)
    return Shape(kind, f"M{written}{'z' if closed else ''}")


def dots(x: float, y: float, tip: str = "", *, hollow: bool = False) -> list[Shape]:
    """A point of a series; ``hollow``: of another kind than the rest."""
    path = f"M{coordinate_text(x)} {coordinate_text(y)}h.01"
    return [Shape("dot", path, tip), *([Shape("then", path)] if hollow else [])]


def ring(kind: str, x: float, y: float, radius: float, tip: str = "") -> Shape:
    """A circle."""
    r, across = coordinate_text(radius), coordinate_text(2 * radius)
    return Shape(
        kind,
        f"M{coordinate_text(x - radius)} {coordinate_text(y)}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0 "
        f"-{across} 0z",
        tip,
    )


def diamond(kind: str, x: float, y: float, radius: float = 5, tip: str = "") -> Shape:
    places = [(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)]
    return lines(kind, places, closed=True)._replace(tip=tip)


def whisker(x: float, to: float, y: float, cap: float = 4) -> Shape:
    """A range along a row: a line with a stroke at both ends."""
    a, b, top, bottom = (
        coordinate_text(x),
        coordinate_text(to),
        coordinate_text(y - cap),
        coordinate_text(y + cap),
    )
    return Shape("whisker", f"M{a} {top}V{bottom}M{a} {coordinate_text(y)}H{b}M{b} {top}V{bottom}")


def text_width(kind: str, text: str) -> float:
    face = TEXTS[kind]
    return label_width(text, face.size, bold=face.bold)


def fit_label(kind: str, x: float, y: float, text: str, room: float, anchor: str = "start") -> Label:
    """A label cut to the room that it has."""
    face = TEXTS[kind]
    return Label(kind, x, y, shorten_text(text, room, face.size, bold=face.bold), anchor)


def text_block(
    kind: str, x: float, y: float, text: str, room: float, most: int = 2
) -> tuple[list[Label], float]:
    """A text on several lines, and the base line on which the next one would stand."""
    face = TEXTS[kind]
    step = face.size + 4
    rows = wrap_text(text, room, face.size, bold=face.bold, most=most)
    return [Label(kind, x, y + step * i, row) for i, row in enumerate(rows)], y + step * len(rows)


def heading(title: str, notes: Sequence[str], room: float) -> tuple[list[Mark], float]:
    """A chart's title with the lines below it, and the place where the drawing may begin."""
    marks: list[Mark] = []
    rows, y = text_block("title", MARGIN, 20, title, room - 2 * MARGIN)
    marks += rows
    for note in filter(None, notes):
        rows, y = text_block("note", MARGIN, y, note, room - 2 * MARGIN, most=3)
        marks += rows
    return marks, y - 6


MARGIN = 8
