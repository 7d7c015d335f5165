"""Assessing a pack: freshness, judgements, kill criteria, adjustments, what-ifs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest

from thesis.core.interval import NO, UNKNOWN, YES, Interval, point
from thesis.files.disk import bundled_folder
from thesis.language.evaluate import Supposition
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.judgements import Judgement, JudgementsFile
from thesis.pack.schema.metrics import MetricsFile
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import add_last_rating, assess
from thesis.scoring.assessment import Assessment, MeasureResult

pytestmark = pytest.mark.quick

T = TypeVar("T")
ACME = Path(__file__).parents[1] / "data" / "acme"
FRESH, STALE, EXPIRED = date(2026, 10, 15), date(2026, 11, 22), date(2027, 3, 20)


def changed(record: T, **values: Any) -> T:
    return type(record)(**{**vars(record), **values})


@cache
def acme() -> Pack:
    return build(read_folder(ACME, "acme"))[0]


@cache
def amazon() -> Pack:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]


def graded(*grades: Judgement) -> Pack:
    pack = acme()
    metrics = MetricsFile(pack.entities, pack.concepts, pack.metrics, pack.identities, pack.calendar)
    return Pack(
        pack.thesis, metrics, JudgementsFile(list(pack.rubrics.values()), grades), pack.facts, pack.digest
    )


def grade(level: str, day: str) -> Judgement:
    return changed(acme().grades[0], level=level, graded=day)


def leaf(found: Assessment, name: str) -> MeasureResult:
    return next(part for f in found.findings for part in f.leaves() if part.id == name)


# a small pack, worked out by hand --------------------------------------------------------------------


def test_an_assessment_can_be_followed_by_hand() -> None:
    """Repairs grew by 20.0, 14.9 and 18.4%: two of three reach 18.4%, which scores .5 + .25 x 8.4/10."""
    found = assess(acme(), FRESH)
    growth = leaf(found, "repairs_growth")
    assert growth.value == point(58 / 49 - 1)
    assert growth.score.lo == pytest.approx(0.5 + 0.25 * (58 / 49 - 1.10) / 0.10)
    margin = leaf(found, "margin")
    assert margin.value is not None
    assert margin.value.lo == pytest.approx((22 + 25 + 24 + 26) / (151 + 158 + 156 + 159))
    tools = leaf(found, "J1")
    assert tools.score == point(0.5)
    margins = found.finding("margins")
    assert margins is not None
    assert margins.score.lo == pytest.approx(margin.score.lo**0.7 * 0.5**0.3)
    engines = growth.score.lo**0.6 * margins.score.lo**0.4
    assert found.verdict.engines.lo == pytest.approx(engines)
    assert found.headline == "WATCH"


def test_nothing_filed_by_the_day_is_an_error_that_says_so() -> None:
    with pytest.raises(LookupError, match="nothing of `sales` was filed by 2020-01-01"):
        assess(acme(), date(2020, 1, 1))


def test_a_restatement_of_a_year_ago_moves_growth_only_from_its_day() -> None:
    """The 46m of 2025Q1 became 47m on 28 April 2026, the day 2026Q1's 54m were filed."""
    assert leaf(assess(acme(), date(2026, 4, 28)), "repairs_growth").history[-1][1] == point(54 / 47 - 1)
    before = leaf(assess(acme(), date(2025, 4, 28)), "repairs_growth").history[-1][1]
    assert before == point(46 / 40 - 1)


# freshness -------------------------------------------------------------------------------------------


def test_a_stale_figure_widens_its_score_and_counts_half() -> None:
    fresh, stale = assess(acme(), FRESH), assess(acme(), STALE)
    for name in ("repairs_growth", "margin"):
        score = leaf(fresh, name).score.lo
        assert leaf(stale, name).score == Interval(score - 0.1, score + 0.1)
        assert leaf(stale, name).status == "stale"
    assert leaf(stale, "J1").status == "fresh"  # until the review of 2026Q3 is due
    assert stale.verdict.coverage == pytest.approx(0.6 * 0.5 + 0.4 * (0.7 * 0.5 + 0.3))


def test_an_expired_figure_says_nothing() -> None:
    found = assess(acme(), EXPIRED)
    assert {part.score for f in found.findings for part in f.leaves()} == {UNKNOWN}
    assert found.verdict.coverage == 0.0
    assert not found.verdict.rated
    assert found.kill[0].now == UNKNOWN


def test_a_missing_newest_quarter_is_no_fresher_than_a_late_one() -> None:
    """Without the newest figure 2 of 3 quarters still bound growth; late as it is, that counts nothing.

    Once a leaf with a gap escaped both the widening and the halving that its stale neighbours had.
    """
    rows = (ACME / "facts" / "ACME.csv").read_text(encoding="utf-8").splitlines()
    folder = read_folder(ACME, "acme")
    kept = "\n".join(row for row in rows if not row.startswith("repairs.sales,2026Q2"))
    gap = build(folder._replace(facts={"acme/facts/ACME.csv": kept}))[0]
    for day in (FRESH, STALE, EXPIRED):
        less, more = assess(gap, day), assess(acme(), day)
        assert leaf(less, "repairs_growth").score.holds(leaf(more, "repairs_growth").score)
        assert less.verdict.coverage < more.verdict.coverage or day == EXPIRED
    assert leaf(assess(gap, FRESH), "repairs_growth").status == "missing"


def test_a_pack_past_its_date_remembers_the_last_rating() -> None:
    found = add_last_rating(amazon(), assess(amazon(), STALE))
    assert found.headline == "NOT RATED"
    assert found.last_rated is not None
    assert (str(found.last_rated.day), found.last_rated.headline) == ("2026-11-09", "WATCH")
    rated = assess(amazon(), FRESH)
    assert add_last_rating(amazon(), rated) is rated


def test_a_thesis_is_assessed_from_its_first_filing_on() -> None:
    """Also where its first quarters cannot be rated, and no earlier rating can be remembered."""
    first = min(case_as_of(amazon(), FRESH).first_filed.values())
    for days in range(0, 900, 45):
        day = first + timedelta(days=days)
        found = add_last_rating(amazon(), assess(amazon(), day))
        assert found.last_rated is None or found.last_rated.day < day


# judgements ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grades", "score", "status"),
    [
        ([], UNKNOWN, "missing"),
        ([grade("2", "2026-10-01")], point(1.0), "fresh"),
        ([grade("0..1", "2026-10-01")], Interval(0.0, 0.5), "fresh"),
        ([grade("2", "2026-07-01"), grade("0", "2026-10-01")], point(0.0), "fresh"),
        ([grade("2", "2026-10-01"), grade("1", "2026-10-01")], Interval(0.5, 1.0), "fresh"),
        ([grade("2", "2026-10-16")], UNKNOWN, "missing"),
        ([grade("2", "2026-05-04")], UNKNOWN, "expired"),  # on 2026Q1: the review of 2026Q2 was due in August
        ([grade("2", "2026-07-29")], point(1.0), "fresh"),  # on 2026Q2: that of 2026Q3 is due in November
    ],
)
def test_the_grades_of_the_newest_day_count_together(
    grades: Sequence[Judgement], score: Interval, status: str
) -> None:
    """Two graders of one day make a range; a grade given after the day, or too long ago, does not count."""
    part = leaf(assess(graded(*grades), FRESH), "J1")
    assert (part.score, part.status) == (score, status)


def test_a_missing_judgement_keeps_its_weight() -> None:
    """Without a grade coverage falls by the judgement's weight, and the measured coverage stays."""
    found = assess(graded(), FRESH).verdict
    assert found.coverage == pytest.approx(1 - 0.4 * 0.3)
    assert found.measured_coverage == pytest.approx(1.0)


# kill criteria and claims ------------------------------------------------------------------------------


def test_a_kill_criterion_tells_how_far_it_is_from_tripping() -> None:
    """K1 asks 2 of 3 quarters to shrink, so the second smallest growth has to fall below nothing."""
    found = assess(acme(), FRESH).kill[0]
    assert (found.now, found.tripped) == (NO, NO)
    assert found.distances[0].value == point(58 / 49 - 1)
    assert found.distances[0].gap.lo == pytest.approx(58 / 49 - 1)


def test_a_kill_by_judgement_trips_on_the_day_of_the_grade() -> None:
    pack = amazon()
    ordered = changed(
        next(g for g in pack.grades if g.rubric == "J-K6"), level="1", graded="2026-10-14", period="2026Q3"
    )
    metrics = MetricsFile(pack.entities, pack.concepts, pack.metrics, pack.identities, pack.calendar)
    judgements = JudgementsFile(list(pack.rubrics.values()), [*pack.grades, ordered])
    tripped = Pack(pack.thesis, metrics, judgements, pack.facts, pack.digest, pack.valuation)
    kills = {k.id: k.tripped for k in assess(tripped, date(2026, 10, 14)).kill}
    assert kills["K6"] == YES
    assert assess(tripped, date(2026, 10, 14)).headline == "BROKEN"
    assert assess(tripped, date(2026, 10, 13)).headline == "WATCH"


def test_a_condition_says_whether_its_sentence_is_literally_true() -> None:
    found = assess(amazon(), FRESH)
    answers = {f.id: f.answer for f in found.conditions}
    assert answers["aws-growth"] == YES
    assert answers["margins"] == NO
    assert answers["advertising"] == UNKNOWN
    assert all(f.answer is None for f in found.risks)


# measures in force, adjustments, what-ifs ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "measures"),
    [
        (date(2026, 9, 29), ["cloud_growth_gap"]),
        (date(2026, 9, 30), ["cloud_growth_gap", "relative_capture"]),
    ],
)
def test_a_measure_is_in_force_on_the_days_its_pack_says(day: date, measures: list[str]) -> None:
    """One that takes over from another counts beside it until it is known for as long as the pack asks."""
    competition = assess(amazon(), day).finding("competition")
    assert competition is not None
    assert [part.id for part in competition.leaves()] == measures
    assert competition.score.lo >= max(part.score.lo for part in competition.leaves())


def test_a_label_that_an_adjustment_decides_is_told_with_both() -> None:
    change = leaf(assess(amazon(), FRESH), "aws_margin_change")
    assert change.value is not None
    assert change.reported is not None
    assert change.value.hi < 0.0 < change.reported.lo
    assert (change.label, change.reported_label) == ("weak", "met")
    assert change.depends_on_adjustment
    assert not leaf(assess(amazon(), FRESH), "ads_growth").depends_on_adjustment


def test_a_what_if_changes_only_what_rests_on_it_and_is_on_the_record() -> None:
    slow = Supposition(point(0.08), 4)
    plain, asked = assess(amazon(), FRESH), assess(amazon(), FRESH, {"aws_growth": slow})
    assert asked.given == {"aws_growth": slow}
    growth, other = asked.finding("aws-growth"), asked.finding("advertising")
    assert growth is not None
    assert growth.answer == NO
    assert other == plain.finding("advertising")
    assert {k.id for k in asked.kill if k.tripped == YES} == {"K1"}


def test_what_is_not_gathered_leaves_a_lift_open() -> None:
    """Spending on goods is unknown and Sahm is quiet, so the downturn is raised by nothing or one level."""
    downturn = assess(amazon(), FRESH).finding("downturn")
    assert downturn is not None
    assert downturn.lift == UNKNOWN
    assert downturn.score == Interval(0.0, 0.25)


def test_the_leaf_in_the_table_is_the_one_that_decides() -> None:
    """Of the weakest of three segments the weightiest measure; of a mean the heaviest."""
    found = {f.id: f.headline.id for f in assess(amazon(), FRESH).findings}
    assert found["margins"] == "intl_margin_change"
    assert found["aws-growth"] == "aws_growth"
    assert found["automation"] == "cost_intensity_change"
