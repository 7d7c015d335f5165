"""Kept: memos as they are delivered, with every chart, and beside a journal that an analyst keeps.

The journal is of a copy of the Amazon thesis: three signed reviews on what was filed and graded by then,
forecasts that came true, that did not and that are open, an edited band, a restated figure, a second grader,
and, after the last review, overrides. In a second copy a criterion has tripped.
"""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.journal.conftest import AMZN, Desk, runner
from thesis.memo import html as memo_html
from thesis.memo import markdown as memo_markdown
from thesis.memo.chart_slots import MemoChart
from thesis.pack.load import Pack
from thesis.reports.page_one import PageOne, page_one_of
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.review_text import ReviewContext

LAST, LATER = "2026-08-07", "2026-10-15"  # the day of the last review, and that of the overrides
RESTATED = "shipping_costs,2025Q3,26384000000,USD,2026-04-30,10-Q 0001018724-26-000014,reported,invented"
BANDS = ("bands: [-300bp, -150bp, 0bp, 100bp, 300bp]", "bands: [-500bp, -300bp, 0bp, 100bp, 300bp]")
TRIPPING = ("ads_growth < 8% in 2 of last 3 quarters", "ads_growth < 30% in 2 of last 3 quarters")
NOTE = "Margins next: 3 segments of 3.\n\nThe price of 7 August\nleaves room."
WINTER = """
forecast --id F1 --when 'aws_growth >= 20%' --p 60% --base-rate 40% --base-rate-source '17 of 42 quarters'
forecast --id F2 --when 'ads_growth < 20%' --p 30%
review sign --decision hold --note 'The first look.'
"""
SPRING = """
forecast --id F3 --metric aws_growth --level 25% --p 80% --level 30% --p 60% --level 35% --p 20%
forecast --id F4 --metric ads_growth --quantile 21% --quantile 23% --quantile 25.5%
forecast --id F5 --when 'aws_growth >= 40%' --p 55%
forecast --id F6 --verdict --p 1% --p 4% --p 45% --p 45% --p 5%
review sign --decision add --note 'Every condition is on its way.'
"""
SUMMER = """
judge J5 --level 2..3 --evidence 'Capacity is told, not shown.' --source 'call of 2026-07-30' --by 'B. Other'
forecast --id F7 --when 'aws_growth >= 30%' --p 55%
forecast --id F8 --text 'A court orders a remedy' --p 10% --period 2026Q4
"""
SIGN = """
review sign --decision hold --note 'It may fail.' \\
  --premortem 'Labs build their own: 25%' --premortem 'Regulators split it: 10%'
"""
AUTUMN = """
override margins --score 0.5..0.6 --reason 'The charge of 2026Q1 is one-off.' --until 2026-10-31
override advertising --answer yes --reason 'Counted with Prime Video.' --until 2026-12-31
override competition --score 0.7 --reason 'Azure counts otherwise since July.' --until 2026-10-20
override K7 --answer unknown --reason 'Nobody has asked the lab.' --until 2026-10-31
"""


class Delivered(NamedTuple):
    """What a memo is of: the pack's folder, the assessment, its charts, and its journal where one is kept."""

    folder: Path
    a: Assessment
    pack: Pack
    charts: Sequence[MemoChart] = ()
    reviewed: ReviewContext | None = None

    def html(self) -> str:
        return memo_html.render_html_memo(self.a, None, None, self.charts, self.reviewed, self._front())

    def markdown(self) -> str:
        return memo_markdown.render_memo(self.a, None, None, self.charts, self.reviewed, self._front())

    def _front(self) -> Callable[[], PageOne]:
        return cache(partial(page_one_of, self.pack, self.a, self.reviewed))


class Journals(NamedTuple):
    """Folders with a journal: ``kept``, and ``tripped`` where a criterion has."""

    kept: Path
    tripped: Path


def journals(place: Path) -> Journals:
    """Sign everything, on the days on which it was signed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THESIS_CACHE", str(place / "cache"))
        patch.setenv("THESIS_CONFIG", "config.toml")
        desk = Desk(place / "kept", runner(patch), patch)
        desk.on("2026-02-13")
        _do(desk, WINTER)
        desk.on("2026-05-07")
        desk.edit("thesis.yaml", *BANDS)
        desk.add_fact(RESTATED)
        _do(desk, SPRING)
        desk.on(LAST)
        _do(desk, SUMMER)
        desk.do(*shlex.split(SIGN), "--opposing", "Capital burns without a return.", "--note", NOTE)
        desk.on(LATER)
        _do(desk, AUTUMN)
    shutil.copy(AMZN / "valuation.yaml", desk.folder)
    tripped = shutil.copytree(desk.folder, place / "tripped")
    text = (tripped / "thesis.yaml").read_text("utf-8")
    assert text.count(TRIPPING[0]) == 1
    (tripped / "thesis.yaml").write_text(text.replace(*TRIPPING), "utf-8")
    return Journals(desk.folder, tripped)


def _do(desk: Desk, commands: str) -> None:
    for line in commands.replace("\\\n", " ").strip().splitlines():
        found = desk.do(*shlex.split(line))
        assert found.code == 0, found.err
