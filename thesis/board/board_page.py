"""A board as Markdown, or as one self-contained HTML file.

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

from thesis import __version__
from thesis.board.attention_groups import HEADINGS as NAMES
from thesis.board.attention_groups import MEANINGS, group_counts
from thesis.board.board_columns import COLUMNS, LEGEND, notes, prospects
from thesis.board.board_row import BoardRow
from thesis.board.pack_selection import MORE
from thesis.core import formatting
from thesis.core.controls import show_controls
from thesis.document.html_page import content_security_policy, minify, page_style
from thesis.document.inline import tone_of
from thesis.document.sandbox import render_template, template_renderer

HTML, MARKDOWN, STYLE = "board.html.j2", "board.md.j2", "board.css"
_FIGURE = re.compile(r"[+-]?[$€]?\d[\w.,:%+$€-]*")
_CODE = re.compile(r"`([^`]+)`")
_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>|~^$#&])")


def board_html(groups: Mapping[str, Sequence[BoardRow]], day: date, *, is_cut: bool = False) -> str:
    """The board as a page. ``is_cut``: there are more packs."""
    style = minify(page_style(STYLE))
    view = {
        **_view(groups, day, is_cut=is_cut),
        "style": Markup(style),  # noqa: S704  # our own file
        "policy": content_security_policy([style]),
        "version": __version__,
        "tone": tone_of,
        "labels": list(COLUMNS),
    }
    filters: dict[str, Callable[..., str]] = {
        "day": formatting.day,
        "capital": formatting.capitalise,
        "whole": _whole,
        "prose": _prose,
    }
    return show_controls(minify(template_renderer(HTML, filters)(view))) + "\n"


def board_markdown(groups: Mapping[str, Sequence[BoardRow]], day: date, *, is_cut: bool = False) -> str:
    """The board as Markdown that GitHub and pandoc read alike. ``is_cut``: there are more packs."""
    filters: dict[str, Callable[..., str]] = {
        "text": _text,
        "day": formatting.day,
        "capital": formatting.capitalise,
    }
    text = render_template(MARKDOWN, None, _view(groups, day, is_cut=is_cut), filters, None)
    return show_controls(re.sub(r"\n{3,}", "\n\n", text).strip("\n")) + "\n"


def _view(groups: Mapping[str, Sequence[BoardRow]], day: date, *, is_cut: bool) -> dict[str, Any]:
    return {
        "groups": [(name, NAMES[name], MEANINGS[name], rows) for name, rows in groups.items()],
        "counted": group_counts(groups),
        "as_of": day,
        "headings": [column.heading for column in COLUMNS.values()],
        "legend": LEGEND,
        "more": MORE if is_cut else "",
        "cells": lambda row: [column.cell(row) for column in COLUMNS.values()],
        "notes": notes,
        "prospects": prospects,
    }


def _text(told: str) -> str:
    """A text on one line of Markdown in which no character means anything."""
    return _MEANS_SOMETHING.sub(r"\\\1", " ".join(show_controls(told).split()))


def _whole(text: str) -> Markup:
    """A cell in which no figure or date is broken between two lines, and a range of words behind its dots."""
    between = [escape(part).replace("..", Markup("..<wbr>")) for part in _FIGURE.split(text)]
    figures = [Markup('<span class="whole">{}</span>').format(part) for part in _FIGURE.findall(text)]
    return Markup().join(part for pair in zip_longest(between, figures, fillvalue="") for part in pair)


def _prose(text: str) -> Markup:
    """A sentence in which what stands between backticks is code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped
