"""Page one of the memo: it answers its questions in their order, and says nothing that is not known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from thesis.appraisal.appraise import add_appraisal
from thesis.core.interval import point
from thesis.core.record import replace_fields
from thesis.document.blocks import Block, Facts, Paragraph, tables_in
from thesis.document.inline import figures, plain
from thesis.files.disk import bundled_folder
from thesis.narrative import rating_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.reports.changes_since import changes_since, moved_figures, prior_figures
from thesis.reports.page_one import PageOne, head_figures, page_one_of, statements, tables
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment

ACME = Path(__file__).parents[1] / "data" / "acme"
DAYS = [
    ("amzn-4t", "2026-10-15"),
    ("amzn-4t", "2026-11-22"),
    ("amzn-4t", "2025-03-01"),
    ("amzn-4t", "2017-06-01"),
    ("googl-cloud", "2026-08-15"),
    ("googl-cloud", "2024-05-05"),
]
LABELS = (
    "Bottom line.",
    "Why ",
    "Since last quarter.",
    "What would change the rating.",
    "Decision.",
    "Next.",
)


@cache
def pack(name: str) -> Pack:
    folder = ACME if name == "acme" else bundled_folder("rules") / name
    return build(read_folder(folder, name))[0]


@cache
def seen(name: str, day: str) -> Assessment:
    return add_appraisal(pack(name), assess(pack(name), date.fromisoformat(day)), {})


def page(name: str, day: str, **changed: Any) -> PageOne:
    return page_one_of(pack(name), seen(name, day))._replace(**changed)


def labelled(blocks: tuple[Block, ...]) -> Mapping[str, str]:
    """Each paragraph with a label, by the label."""
    texts = [plain(block.text) for block in blocks if isinstance(block, Paragraph)]
    return {label: text for label in LABELS for text in texts if text.startswith(label)}


def page_one(page: PageOne) -> tuple[Block, ...]:
    return (*statements(page), head_figures(page), *tables(page))


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_its_parts_stand_in_the_order_of_the_questions(name: str, day: str) -> None:
    texts = [plain(block.text) for block in page_one(page(name, day)) if isinstance(block, Paragraph)]
    found = [label for text in texts for label in LABELS if text.startswith(label)]
    assert found == [label for label in LABELS if label in found]
    assert ("What would change the rating." in found) == seen(name, day).verdict.rated


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_conditions_and_risks_stand_worst_first_with_their_latest_figures(name: str, day: str) -> None:
    a = seen(name, day)
    conditions, *risks = tables_in(page_one(page(name, day)))
    middles = {f.rule.name: f.score.middle for f in a.findings}
    listed = [plain(row[0]).split(":")[0] for row in conditions.rows]
    assert sorted(listed) == sorted(f.rule.name for f in a.conditions)
    assert [middles[each] for each in listed] == sorted(middles[each] for each in listed)
    for table in risks:
        heavy = [middles[plain(row[0]).split(":")[0]] for row in table.rows]
        assert heavy == sorted(heavy, reverse=True)
    for found in a.conditions:
        row = next(row for row in conditions.rows if plain(row[0]).split(":")[0] == found.rule.name)
        (figure, *_) = figures(row[1])
        assert figure.text == rating_text.short_measure_figure(found.headline)
        assert figure.evidence is found.headline


@pytest.mark.parametrize(("name", "day"), DAYS)
def test_the_quarter_before_is_the_metric_s_own_with_its_evidence(name: str, day: str) -> None:
    a = seen(name, day)
    earlier = {f.rule.name: dict(f.headline.history).get(str(a.quarter - 1)) for f in a.findings}
    for table in tables_in(page_one(page(name, day))):
        for row in table.rows:
            was = earlier[plain(row[0]).split(":")[0]]
            (figure, *_) = [*figures(row[2]), None]
            if figure is None:
                assert was is None or was.is_anything
            else:
                assert figure.evidence is not None
                assert figure.evidence.value == was  # type: ignore[union-attr]


def test_the_meaning_of_the_rating_is_the_author_s() -> None:
    name, day = "amzn-4t", "2026-10-15"
    (lead, *_) = page_one(page(name, day))
    assert isinstance(lead, Paragraph)
    means = pack(name).thesis.verdict.means or {}
    assert means[seen(name, day).headline] in plain(lead.text)
    (bare, *_) = page_one(page(name, day, means={}))
    assert isinstance(bare, Paragraph)
    assert not any(text in plain(bare.text) for text in means.values())
    assert all(level in plain(bare.text) for level in seen(name, day).verdict.levels)


def test_a_rating_that_is_not_settled_gives_the_meaning_of_both_ends() -> None:
    a = seen("amzn-4t", "2026-10-15")
    open_ = replace_fields(a, verdict=replace_fields(a.verdict, worst="AT RISK", best="WATCH"))
    (lead, *_) = page_one(page("amzn-4t", "2026-10-15", a=open_))
    assert isinstance(lead, Paragraph)
    for level in ("AT RISK", "WATCH"):
        assert (pack("amzn-4t").thesis.verdict.means or {})[level] in plain(lead.text)


def test_the_bottom_line_has_the_scenarios_the_odds_and_the_cost_of_equity() -> None:
    a = seen("amzn-4t", "2026-10-15")
    told = labelled(page_one(page("amzn-4t", "2026-10-15")))["Bottom line."]
    for each in ("Bull $5.63T", "Base $3.77T", "Bear $1.77T", "5.8% short of it", "62%", "37%", "Dec 2030"):
        assert each in told
    assert "possible and not the base case" in told
    for target, answer in (
        (3e12, "$3.00T is the base case"),
        (9e12, "$9.00T is reached in no scenario"),
    ):
        moved = replace_fields(a, appraisal=replace_fields(a.appraisal, target=target))
        assert answer in labelled(page_one(page("amzn-4t", "2026-10-15", a=moved)))["Bottom line."]


def test_what_a_thesis_does_not_state_is_left_out_with_its_label() -> None:
    blocks = page_one(page("acme", "2026-10-15"))
    assert "Bottom line." not in labelled(blocks)
    (facts,) = [block for block in blocks if isinstance(block, Facts)]
    assert not any(label.startswith(("Price", "Return", "needed")) for label, _ in facts.rows)
    assert all(plain(value) for _, value in facts.rows)


def test_a_what_if_says_so_and_compares_with_nothing() -> None:
    of, day = pack("amzn-4t"), date(2026, 10, 15)
    a = assess(of, day, {"operating_cash_flow": point(90e9)})
    assert changes_since(of, a, None) is None
    first, *_ = page_one(PageOne(a, {}, prior_figures(of, a)))
    assert isinstance(first, Paragraph)
    assert plain(first.text).startswith("What if")


def test_what_changed_is_told_against_the_day_before_the_quarter_was_filed() -> None:
    of, a = pack("amzn-4t"), seen("amzn-4t", "2026-10-15")
    found = changes_since(of, a, None)
    assert found is not None
    before = assess(of, date(2026, 7, 30))
    assert found.rating[0].startswith(before.verdict.worst)
    assert found.before.verdict == before.verdict
    told = labelled(page_one(page("amzn-4t", "2026-10-15")))["Since last quarter."]
    first = moved_figures(found, a)[0]
    was, now = (rating_text.short_measure_figure(each) for each in (first.before, first.now))
    assert f"{first.now.name} {was} to {now}" in told
    assert "since 30 Sep 2026 Cloud competition is measured by AWS share of the three" in told


def test_nothing_is_compared_where_nothing_was_known_before() -> None:
    of = pack("acme")
    first = min(case_days(of))
    assert changes_since(of, assess(of, first), None) is None


def case_days(of: Pack) -> list[date]:
    from thesis.pricing.priced_case import case_as_of

    return list(case_as_of(of, date(2026, 10, 15)).newest_since.values())
