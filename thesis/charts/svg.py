"""Writes marks as one SVG element, through a Jinja template in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from thesis.charts.marks import Label, Mark, Shape, coordinate_text, rectangle
from thesis.charts.paint import FONT, PALETTE, SHAPES, TEXTS, Colour
from thesis.charts.text_width import clean_label
from thesis.document.sandbox import template_renderer

TEMPLATE = "charts/chart.svg.j2"
ANCHORS = ("start", "middle", "end")
TICK = "tick"  # the class of labels that are an axis's, and of nothing in the assessment


class SvgChart(NamedTuple):
    """A chart: ``title`` says what it shows, ``alt`` what a reader would take from it, with the figures.

    ``svg`` is one element without a size of its own; every id in it begins with ``chart-`` and ``id``.
    ``is_late``: what a reader looks for first stands in its right half, such as today behind the past.
    """

    id: str
    title: str
    alt: str
    svg: str
    is_late: bool = False


class _Layer(NamedTuple):
    """The marks of one kind, which share their attributes; ``whole``: shapes without a tip, as one path."""

    names: str
    attributes: Mapping[str, str]
    whole: str = ""
    shapes: Sequence[Shape] = ()
    labels: Sequence[Label] = ()


def svg_chart(
    name: str,
    title: str,
    alt: str,
    size: tuple[float, float],
    marks: Sequence[Mark],
    *,
    is_late: bool = False,
) -> SvgChart:
    """The marks as a chart, painted kind by kind in the order of ``paint``, labels last."""
    wide, high = size
    shapes = [rectangle("ground", 0, 0, wide, high), *(m for m in marks if isinstance(m, Shape))]
    labels = [m for m in marks if isinstance(m, Label) and m.text]
    ident = f"chart-{plain_name(name)}"
    layers = [*_shapes(ident, shapes), *_labels(labels)]
    title, alt = clean_label(title), clean_label(alt)
    used = {word for layer in layers for word in layer.names.split()}
    patterned = any(SHAPES[shape.kind].pattern for shape in shapes)
    used |= {"s-muted"} if patterned else set()
    svg = _render()(
        {
            "id": ident,
            "title": title,
            "alt": alt,
            "size": f"{coordinate_text(wide)} {coordinate_text(high)}",
            "font": FONT,
            "paints": [_paint(word) for word in sorted(used) if word != TICK],
            "hatched": PALETTE["muted"].light if patterned else "",
            "layers": layers,
        }
    )
    return SvgChart(plain_name(name), title, alt, svg, is_late)


def plain_name(name: str) -> str:
    """A name as an id and as the name of a file: what is no letter, digit, ``-`` or ``_`` is a hyphen."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)


@cache
def _render() -> Callable[[Mapping[str, Any]], str]:
    return template_renderer(TEMPLATE, {"place": coordinate_text})


def _paint(word: str) -> tuple[str, str, str, Colour]:
    """A class such as ``f-ink``, and what it sets: a property, by the name of a colour."""
    what, name = word.split("-", 1)
    return word, {"f": "fill", "s": "stroke"}[what], name, PALETTE[name]


def _shapes(ident: str, shapes: Sequence[Shape]) -> Iterator[_Layer]:
    for kind, paint in SHAPES.items():
        found = [shape for shape in shapes if shape.kind == kind]
        if not found:
            continue
        given = {"fill": PALETTE[paint.fill].light if paint.fill else "none"}
        if paint.pattern:
            given["fill"] = f"url(#{ident}-hatch)"
        if paint.stroke:
            given["stroke"] = PALETTE[paint.stroke].light
            if paint.width != 1:
                given["stroke-width"] = coordinate_text(paint.width)
        if paint.dash:
            given["stroke-dasharray"] = paint.dash
        if paint.round:
            given["stroke-linecap"] = "round"
        if paint.opacity < 1:
            given["fill-opacity"] = str(paint.opacity).lstrip("0")
        names = (f"f-{paint.fill}" if paint.fill else "", f"s-{paint.stroke}" if paint.stroke else "")
        whole = "".join(shape.path for shape in found if not shape.tip)
        yield _Layer(" ".join(filter(None, names)), given, whole, [shape for shape in found if shape.tip])


def _labels(labels: Sequence[Label]) -> Iterator[_Layer]:
    for kind, face in TEXTS.items():
        for anchor in ANCHORS:
            found = [label for label in labels if (label.kind, label.anchor) == (kind, anchor)]
            if not found:
                continue
            given = {"font-size": coordinate_text(face.size), "fill": PALETTE[face.colour].light}
            if face.bold:
                given["font-weight"] = "bold"
            if anchor != "start":
                given["text-anchor"] = anchor
            yield _Layer(f"f-{face.colour}{f' {TICK}' if kind == TICK else ''}", given, labels=found)
