"""The colours of charts in light and dark mode, and the style of each kind of mark.

Colours are told apart by lightness, so that they can be told apart in black and white and by the colour-blind
(blue and orange, as in Okabe & Ito's palette). A page that has colours of its own sets custom properties of
their names (``--ink``, ``--paper``, ``--good-1`` ...); those it does not set are light or dark by the page's
``color-scheme``. A chart stands on a ground of its own, so that it can be read on a page that sets nothing.
On paper, and where a program draws it that knows no custom properties, the light colours hold.
"""

from __future__ import annotations

from typing import NamedTuple


class Colour(NamedTuple):
    """A colour on a light page and on a dark one."""

    light: str
    dark: str


PALETTE: dict[str, Colour] = {
    "paper": Colour("#fff", "#111"),
    "ink": Colour("#222", "#eee"),
    "muted": Colour("#666", "#aaa"),
    "line": Colour("#ccc", "#444"),
    "accent": Colour("#0b5fa5", "#6cb2ee"),
    "bad": Colour("#bf4d00", "#f39a56"),
    "good-1": Colour("#f1f6fb", "#1a222a"),
    "good-2": Colour("#d3e5f5", "#1d3448"),
    "good-3": Colour("#abcfec", "#204c70"),
    "good-4": Colour("#7db4e0", "#24669b"),
    "bad-1": Colour("#fdf5ec", "#28211b"),
    "bad-2": Colour("#fbe0c4", "#443018"),
    "bad-3": Colour("#f6c190", "#6a4213"),
    "bad-4": Colour("#ee9f57", "#93580f"),
}

LEVELS = tuple(f"{side}-{level}" for side in ("good", "bad") for level in range(1, 5))


class Paint(NamedTuple):
    """How a kind of shape is painted: names of colours, or nothing.

    ``pattern``: filled with hatching; ``round``: ends of strokes, so that one without length is a dot.
    """

    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dash: str = ""
    opacity: float = 1.0
    pattern: bool = False
    round: bool = False


class Typeface(NamedTuple):
    """How a kind of text is set."""

    size: float
    colour: str = "ink"
    bold: bool = False


SHAPES: dict[str, Paint] = {  # in the order in which they are painted
    "ground": Paint(fill="paper"),
    **{name: Paint(fill=name) for name in LEVELS},
    **{f"band-{name}": Paint(fill=name, opacity=0.6) for name in LEVELS},
    "grid": Paint(stroke="line"),
    "frame": Paint(stroke="muted"),
    "cell": Paint(stroke="paper", width=2),
    "spread": Paint(fill="accent", opacity=0.2),
    "core": Paint(fill="accent", opacity=0.35),
    "bar": Paint(fill="accent"),
    "bar-low": Paint(fill="good-3", stroke="accent"),
    "bar-against": Paint(fill="bad-2", stroke="bad"),
    "hatch": Paint(pattern=True),
    "unknown": Paint(stroke="muted", dash="2 3", pattern=True),
    "axis": Paint(stroke="ink"),
    "steps": Paint(stroke="muted", dash="2 2"),
    "sustained": Paint(stroke="ink", width=2, dash="5 3"),
    "now": Paint(stroke="ink", width=1.5),
    "target-edge": Paint(stroke="paper", width=6),  # or the line would be lost on a bar that it crosses
    "target": Paint(stroke="bad", width=2, dash="7 4"),
    "series": Paint(stroke="ink", width=2),
    "whisker": Paint(stroke="ink", width=1.5),
    "stand": Paint(fill="ink", opacity=0.3),
    "stand-edge": Paint(stroke="ink", width=2),
    "stand-unrated": Paint(stroke="ink", width=2, dash="5 4"),
    "solid": Paint(fill="ink"),
    "hollow": Paint(fill="paper", stroke="ink", width=1.5),
    "dot": Paint(stroke="ink", width=7, round=True),
    "then": Paint(stroke="paper", width=4.5, round=True),
}

TEXTS: dict[str, Typeface] = {
    "title": Typeface(14, bold=True),
    "note": Typeface(12, "muted"),
    "label": Typeface(12),
    "strong": Typeface(12, bold=True),
    "small": Typeface(11),
    "faint": Typeface(11, "muted"),
    "tick": Typeface(11, "muted"),  # a number of an axis, not of the assessment
}

FONT = "system-ui, sans-serif"
