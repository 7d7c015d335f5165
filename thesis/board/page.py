"""Page: a board as Markdown, or as one HTML file that needs nothing beside it.

Whatever comes from a pack is text: in HTML it is escaped, and the page's own policy lets nothing run or load
but its stylesheet; in Markdown no character of it means anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from markupsafe import Markup, escape

from thesis import __version__, words
from thesis.board.cells import HEADINGS, LEGEND, Cells, cells, notes, prospects
from thesis.board.groups import HEADINGS as NAMES
from thesis.board.groups import MEANINGS, counted
from thesis.board.reach import MORE
from thesis.board.row import Row
from thesis.layout import tone_of
from thesis.onepage import lean, policy, styled
from thesis.sandbox import rendered, renderer

HTML, MARKDOWN, STYLE = "board.html.j2", "board.md.j2", "board.css"
_FIGURE = re.compile(r"[+-]?[$€]?\d[\w.,:%+$€-]*")
_CODE = re.compile(r"`([^`]+)`")
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>|~^$#&])")


def html(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool = False) -> str:
    """The board as a page. ``is_cut``: there are more packs."""
    style = lean(styled(STYLE))
    view = {
        **_view(groups, day, is_cut=is_cut),
        "style": Markup(style),  # noqa: S704  # our own file
        "policy": policy([style]),
        "version": __version__,
        "tone": tone_of,
        "labels": Cells._fields,
    }
    filters: dict[str, Callable[..., str]] = {
        "day": words.day,
        "capital": words.capital,
        "whole": _whole,
        "prose": _prose,
    }
    return words.printable(lean(renderer(HTML, filters)(view))) + "\n"


def markdown(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool = False) -> str:
    """The board as Markdown that GitHub and pandoc read alike. ``is_cut``: there are more packs."""
    filters: dict[str, Callable[..., str]] = {"text": _text, "day": words.day, "capital": words.capital}
    text = rendered(MARKDOWN, None, _view(groups, day, is_cut=is_cut), filters, None)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _view(groups: Mapping[str, Sequence[Row]], day: date, *, is_cut: bool) -> dict[str, Any]:
    return {
        "groups": [(name, NAMES[name], MEANINGS[name], rows) for name, rows in groups.items()],
        "counted": counted(groups),
        "as_of": day,
        "headings": HEADINGS,
        "legend": LEGEND,
        "more": MORE if is_cut else "",
        "cells": cells,
        "notes": notes,
        "prospects": prospects,
    }


def _text(told: str) -> str:
    """A text on one line of Markdown in which no character means anything."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(words.printable(told).split()))


def _whole(text: str) -> Markup:
    """A cell in which no figure or date is broken between two lines, and a range of words behind its dots."""
    between = [escape(part).replace("..", Markup("..<wbr>")) for part in _FIGURE.split(text)]
    figures = [Markup('<span class="whole">{}</span>').format(part) for part in _FIGURE.findall(text)]
    return Markup().join(part for pair in zip_longest(between, figures, fillvalue="") for part in pair)


def _prose(text: str) -> Markup:
    """A sentence in which what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped
