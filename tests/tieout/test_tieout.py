"""Tie-out: every figure in the memo, in either format, is derived again and has a source."""

from __future__ import annotations

import random
import re
from functools import cache, partial
from typing import Any

import pytest

from tests.kept import LAST, LATER
from tests.tieout.reading import Read, read_html, read_markdown
from tests.tieout.tying import untied
from thesis.files.disk import bundled_folder
from thesis.memo import html, markdown
from thesis.pack.load import Pack
from thesis.reports.page_one import page_one_of
from thesis.scoring.assessment import Assessment

AMZN = bundled_folder("rules") / "amzn-4t"
RATED, UNRATED = "2026-10-15", "2026-11-22"
TAMPERED = 40

CASES: dict[str, dict[str, Any]] = {
    "rated": {"day": RATED},
    "not rated": {"day": UNRATED},
    "an earlier day": {"day": "2025-09-01"},
    "drawn from the beliefs": {"day": RATED, "draw": True},
    "what if": {"day": RATED, "given": {"price": 300.0, "aws_growth": 0.2}, "beliefs": {"aws.growth": 0.22}},
    "target passed": {"day": RATED, "given": {"price": 450.0}},
}


def rendered(found: Assessment, pack: Pack, form: str) -> str:
    """The memo with everything that page one has."""
    render = html.render_html_memo if form == "html" else markdown.render_memo
    return render(found, front=cache(partial(page_one_of, pack, found)))


def read(text: str, form: str) -> Read:
    return read_html(text) if form == "html" else read_markdown(text)


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_every_figure_is_that_of_the_assessment_and_has_a_source(case: Any, form: str, assessed: Any) -> None:
    found, pack = assessed(**case), assessed.pack(AMZN)
    assert untied(read(rendered(found, pack, form), form), found, pack, AMZN) == []


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_so_is_every_figure_of_another_pack(form: str, assessed: Any, priced: Any) -> None:
    folder = priced()
    found, pack = assessed(UNRATED, folder), assessed.pack(folder)
    assert untied(read(rendered(found, pack, form), form), found, pack, folder) == []


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("day", [LAST, LATER])
@pytest.mark.parametrize("name", ["kept", "tripped"])
def test_so_is_every_figure_beside_a_journal(
    name: str, day: str, form: str, delivered: Any, kept: Any
) -> None:
    """Down to the signed files, the rows of facts in them, and scores of forecasts reckoned again."""
    found = delivered(day, getattr(kept, name))
    text = read_html(found.html()) if form == "html" else read_markdown(found.markdown())
    assert untied(text, found.a, found.pack, found.folder, found.reviewed) == []


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_figure_that_is_off_by_one_digit_is_found(form: str, assessed: Any) -> None:
    """Wherever it stands: each of forty figures, one digit of it changed, is told apart from what it was."""
    found, pack = assessed(RATED), assessed.pack(AMZN)
    text = rendered(found, pack, form)
    assert untied(read(text, form), found, pack, AMZN) == []
    places = [
        at.start() for at in re.finditer(r"(?<=[\s>(.$+-])\d(?=[\d.,]*(?:%|bp|pp|bn|x)[\s<.,;)\[])", text)
    ]
    shown = [place for place in places if form == "markdown" or _is_shown(text, place)]
    assert len(shown) > 400
    for place in random.Random(4).sample(shown, TAMPERED):
        other = str((int(text[place]) + 1) % 10)
        tampered = text[:place] + other + text[place + 1 :]
        assert untied(read(tampered, form), found, pack, AMZN) != [], text[place - 80 : place + 20]


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("day", [LAST, LATER])
def test_so_is_one_in_what_the_journal_adds(day: str, form: str, delivered: Any, kept: Any) -> None:
    """Any digit that is printed behind page one of what changed, was overridden, forecast and decided."""
    found = delivered(day, kept.tripped)
    bare = found._replace(charts=())
    text, reader = (bare.html(), read_html) if form == "html" else (bare.markdown(), read_markdown)
    first, last = (
        ('id="change"', 'id="judgements"') if form == "html" else ("## What changed", "## Judgements")
    )
    start, end = text.index(first), text.index(last)
    places = [start + at.start() for at in re.finditer(r"(?<![\w.])\d", text[start:end])]
    shown = [place for place in places if form == "markdown" or _is_shown(text, place)]
    assert len(shown) > 80
    for place in random.Random(4).sample(shown, TAMPERED):
        tampered = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
        assert untied(reader(tampered), found.a, found.pack, found.folder, found.reviewed), text[
            place - 80 : place + 20
        ]


def _is_shown(text: str, place: int) -> bool:
    """Whether a place of a page is text, and not of the script, the style or a slider, which move."""
    before = text[:place]
    is_inside = any(
        before.rfind(f"<{tag}") > before.rfind(f"</{tag}>") for tag in ("script", "style", "fieldset")
    )
    return not is_inside and before.rfind("<") < before.rfind(">")
