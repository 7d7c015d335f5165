"""Flips and gaps: what would change the verdict, and what is worth learning."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.record import replace_fields
from thesis.language.evaluate import Supposition
from thesis.narrative import rating_change_text, rating_text
from thesis.pack.folder import Folder, read_folder
from thesis.pack.load import Pack, build
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, RatingChange
from thesis.scoring.volatility import typical_change

pytestmark = pytest.mark.quick

ACME = Path(__file__).parents[1] / "data" / "acme"
DAY = date(2026, 10, 15)
FACTS, THESIS, GRADES = "facts/ACME.csv", "thesis.yaml", "judgements.yaml"


@cache
def folder() -> Folder:
    return read_folder(ACME, "acme")


@cache
def acme() -> Pack:
    return build(folder())[0]


@cache
def seen() -> Assessment:
    return assess(acme(), DAY)


def flip(part: str, *, better: bool, found: Assessment | None = None) -> RatingChange:
    return next(f for f in (found or seen()).flips if f.part == part and f.better == better)


def test_setting_a_measure_past_its_flip_changes_the_verdict_and_short_of_it_does_not() -> None:
    """Each flip of the small pack is carried out as a what-if, a hair on either side."""
    carried_out = 0
    for found in seen().flips:
        if not (found.to and found.part in acme().metrics) or found.value is None or found.now is None:
            continue
        step = 1e-6 if found.value > found.now else -1e-6
        past = assess(acme(), DAY, {found.part: Supposition(point(found.value + step), 3)})
        short = assess(acme(), DAY, {found.part: Supposition(point(found.value - step), 3)})
        assert past.headline == found.to
        assert short.headline == seen().headline
        carried_out += 1
    assert carried_out == 5


def test_a_flip_beyond_reach_is_told_as_none() -> None:
    """No margin, however high, makes the engines strong alone."""
    found = flip("margin", better=True)
    assert (found.to, found.value) == ("", None)
    assert assess(acme(), DAY, {"margin": point(1.0)}).headline == seen().headline


def test_a_distance_is_counted_in_typical_quarterly_moves() -> None:
    """Growth of repairs moved by .8 points before the year under review, the only change there is to see."""
    found = flip("repairs_growth", better=True)
    step = 47 / 40 - 49 / 42
    assert found.value is not None
    assert found.now is not None
    assert found.moves == pytest.approx((found.value - found.now) / step)


def test_a_judgement_flips_at_a_level() -> None:
    found = flip("J1", better=False)
    assert (found.unit, found.now) == ("level", 1.0)
    assert found.value is not None
    assert 0.0 < found.value < 1.0


def test_the_nearest_flips_are_told_first() -> None:
    listed = rating_change_text.nearest_changes(seen().flips, better=False, count=9)
    assert [f.moves for f in listed] == sorted(f.moves or 0.0 for f in listed)
    assert "below" in rating_change_text.rating_change_text(flip("repairs_growth", better=False))
    assert "gives AT RISK" in rating_change_text.rating_change_text(flip("repairs_growth", better=False))
    assert "(2 of 3 quarters)" in rating_change_text.rating_change_text(flip("repairs_growth", better=False))


def test_a_figure_with_no_known_move_is_told_all_the_same() -> None:
    """With four quarters of spending its burden is known once, with no move; yet it may be the nearest."""
    found = without(*(f"building,{quarter}" for quarter in ("2024", "2025Q1", "2025Q2")))
    burden = flip("building_burden", better=False, found=found)
    assert (burden.to, burden.moves, burden.side) == ("AT RISK", None, "above")
    assert assess(acme(), DAY, {"building_burden": point((burden.value or 0.0) + 1e-6)}).headline == "AT RISK"
    told = rating_change_text.rating_change_sentences(found, better=False)
    assert told.endswith(
        "; Building over operating cash flow above 125.0% gives AT RISK, its typical quarterly move unknown"
    )
    assert rating_change_text.rating_change_cell(burden) == "125.0% (AT RISK, move unknown)"


def test_an_unknown_figure_is_told_on_the_side_it_has_to_be() -> None:
    """Nobody knows the margin now; below which it may not be is known all the same."""
    margin = flip("margin", better=False, found=without("operating_income"))
    assert margin.value is not None
    assert (margin.now, margin.moves, margin.side) == (None, None, "below")


def test_a_whole_rule_is_told_as_the_condition_or_the_risk_that_it_is() -> None:
    flips = tuple(f for f in seen().flips if not f.part and f.rule != "repairs-growth")
    assert rating_change_text.rating_change_sentences(replace_fields(seen(), flips=flips), better=True) == (
        "no measure alone, only a whole rule could: the condition Margins at a score of .82 and the risk "
        "Building at a score of .25"
    )


@pytest.mark.parametrize(
    ("history", "move"),
    [
        ([1.0, 3.0, 2.0, 6.0], 2.0),
        ([1.0, 3.0, 2.0, 6.0, (6.0, 7.0)], 1.5),
        ([1.0, (2.0, 5.0), 2.0], 3.5),
        ([1.0, None, 3.0, 2.0], None),
        ([1.0, None, 3.0, 2.0, 6.0, 4.0], 4.0),
        ([5.0, 5.0, 5.0], None),
        ([5.0], None),
        ([], None),
    ],
)
def test_a_typical_move_is_the_median_change(
    history: list[float | tuple[float, float] | None], move: float | None
) -> None:
    """Of ranges the largest that they allow; what is not known may have changed by any amount."""
    values = [
        EVERYTHING if each is None else Interval(*each) if isinstance(each, tuple) else point(each)
        for each in history
    ]
    assert typical_change(values) == move


# what is not known -----------------------------------------------------------------------------------


def without(*starts: str, grades: bool = True) -> Assessment:
    rows = (
        [row for row in folder().facts[FACTS].splitlines() if not row.startswith(starts)] if starts else None
    )
    facts = {FACTS: "\n".join(rows)} if rows is not None else folder().facts
    texts = dict(folder().texts)
    if not grades:
        texts[GRADES] = texts[GRADES].partition("\ngrades:")[0]
    return assess(build(folder()._replace(texts=texts, facts=facts))[0], DAY)


def test_with_everything_known_there_is_nothing_to_wait_for() -> None:
    assert seen().gaps == ()
    assert rating_text.learning_text(seen()) == "Everything is known."


def test_what_could_change_the_verdict_comes_first_with_what_it_waits_for() -> None:
    found = without("operating_income,2026Q2", grades=False)
    assert [(g.part, g.matters) for g in found.gaps] == [("margin", True), ("J1", True)]
    assert found.gaps[0].swing > found.gaps[1].swing > 0
    assert found.gaps[0].waits_for == ("operating_income 2026Q2 (not in the facts)",)
    assert found.gaps[1].waits_for == ("a grade for J1",)
    assert rating_text.learning_text(found) == "Learning Operating margin and Tools could change it."


def test_a_gap_alone_matters_exactly_where_the_verdict_is_open() -> None:
    """One thing unknown: either the verdict is a range and learning it settles it, or it cannot matter."""
    for found in (without(grades=False), without("operating_income,2026Q2"), without("building,2026Q2")):
        assert len(found.gaps) == 1
        assert found.gaps[0].matters == (not found.verdict.is_determined)


def test_an_open_kill_criterion_is_a_gap() -> None:
    found = without("repairs.sales,2025Q4", "repairs.sales,2026Q1", "repairs.sales,2026Q2")
    gap = next(g for g in found.gaps if g.rule == "K1")
    assert gap.matters
    assert "repairs.sales 2026Q2 (not in the facts)" in gap.waits_for


@pytest.mark.parametrize(
    ("moves", "now", "text"),
    [
        (-0.2, point(1.0), "beyond it already"),
        (-0.2, Interval(0.0, 1.0), "perhaps beyond it already"),
        (3.0, point(0.0), "3 typical quarterly moves away"),
        (None, Interval(0.0, 1.0), "its typical quarterly move unknown"),
    ],
)
def test_a_range_across_a_threshold_is_perhaps_beyond_it(
    moves: float | None, now: Interval, text: str
) -> None:
    found: Any = SimpleNamespace(moves=moves, now=now, soonest=1)
    assert rating_change_text.kill_distance_text(found) == text
