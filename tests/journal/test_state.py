"""The published verdict, carried from review to review: what moves it and what does not."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.interval import NO, UNKNOWN, YES, Interval
from thesis.core.period import Quarter
from thesis.core.record import replace_fields
from thesis.journal.review_schema import RatingState
from thesis.journal.signed_rating import next_state

pytestmark = pytest.mark.quick

LEVELS = ("BROKEN", "OFF TRACK", "AT RISK", "WATCH", "ON TRACK")
FIRST = Quarter.parse("2025Q1")


def seen(
    low: str, high: str = "", *, rated: bool = True, killed: Interval = NO, quarter: Quarter = FIRST
) -> Any:
    """A day whose ranges, with the dead band, allow the verdicts from one to another."""
    alive = low
    if killed is YES:
        low = high = LEVELS[0]
    elif killed is UNKNOWN:
        low, high = LEVELS[0], high or low
    verdict = SimpleNamespace(
        levels=LEVELS, low=low, high=high or low, worst=low, best=high or low, rated=rated, low_alive=alive
    )
    return SimpleNamespace(verdict=verdict, quarter=quarter, kill=[SimpleNamespace(tripped=killed)])


def carried(*days: Any, before: RatingState | None = None) -> list[RatingState]:
    """The states of reviews that follow one another, a quarter each."""
    states = []
    for i, day in enumerate(days):
        day.quarter = FIRST + i
        before = next_state(before, day)
        states.append(before)
    return states


def levels(*days: Any) -> list[str]:
    return [state.level for state in carried(*days)]


CASES = {
    "the first publishes the worst that is possible": ([("AT RISK", "WATCH")], ["AT RISK"]),
    "an open range holds": ([("WATCH",), ("OFF TRACK", "ON TRACK"), ("WATCH",)], ["WATCH"] * 3),
    "down at once": ([("ON TRACK",), ("AT RISK",)], ["ON TRACK", "AT RISK"]),
    "down to the best that is possible": ([("ON TRACK",), ("OFF TRACK", "WATCH")], ["ON TRACK", "WATCH"]),
    "up after two quarters": ([("AT RISK",), ("WATCH",), ("WATCH",)], ["AT RISK", "AT RISK", "WATCH"]),
    "up by one level a quarter": (
        [("AT RISK",), ("ON TRACK",), ("ON TRACK",), ("ON TRACK",), ("ON TRACK",)],
        ["AT RISK", "AT RISK", "WATCH", "ON TRACK", "ON TRACK"],
    ),
    "one good quarter is none": ([("AT RISK",), ("WATCH",), ("AT RISK",), ("WATCH",)], ["AT RISK"] * 4),
}


@pytest.mark.parametrize(("days", "expected"), CASES.values(), ids=CASES)
def test_the_verdict_moves_as_it_should(days: list[tuple[str, ...]], expected: list[str]) -> None:
    assert levels(*(seen(*day) for day in days)) == expected


def test_a_trip_breaks_at_once_and_only_words_mend_it() -> None:
    """After a kill criterion nothing but a re-underwriting leads out, and then to what the day allows."""
    good, tripped = seen("WATCH", "ON TRACK"), seen("WATCH", killed=YES)
    states = carried(good, tripped, seen("ON TRACK"), seen("ON TRACK"), seen("ON TRACK"))
    assert [state.level for state in states] == ["WATCH", *["BROKEN"] * 4]
    assert states[-1].broken
    assert states[-1].since == "2025Q2"
    again = next_state(states[-1], seen("WATCH", "ON TRACK"), anew=True)
    assert (again.level, again.broken) == ("WATCH", False)


def test_a_criterion_that_is_not_known_breaks_nothing() -> None:
    states = carried(seen("WATCH"), seen("WATCH", killed=UNKNOWN))
    assert (states[-1].level, states[-1].held, states[-1].broken) == ("WATCH", True, False)
    assert states[-1].told == "WATCH, HELD (undetermined between BROKEN and WATCH)"


def test_what_cannot_be_rated_holds_and_wakes_no_upgrade() -> None:
    states = carried(
        seen("AT RISK"), seen("WATCH"), seen("BROKEN", "ON TRACK", rated=False), seen("WATCH"), seen("WATCH")
    )
    assert [state.level for state in states] == [*["AT RISK"] * 4, "WATCH"]
    assert states[2].told == "AT RISK, HELD (not rated)"
    assert states[3].told == "AT RISK, an upgrade waits for the next quarter"


OTHER = ["DEAD", "POOR", "WEAK", "FINE", "GOOD"]


def renamed(state: RatingState, levels: list[str]) -> RatingState:
    """The same state of a thesis whose levels had other names."""
    place = LEVELS.index(state.level)
    return replace_fields(state, level=levels[place] if place < len(levels) else levels[-1], levels=levels)


def test_a_level_that_was_renamed_is_the_same_level() -> None:
    """Other words bring no upgrade sooner, and mend nothing that is broken."""
    before = renamed(carried(seen("AT RISK"))[0], OTHER)
    assert next_state(before, seen("ON TRACK")).level == "AT RISK"
    broken = renamed(carried(seen("WATCH", killed=YES))[0], OTHER)
    after = next_state(broken, seen("ON TRACK"))
    assert (after.level, after.broken, after.since) == ("BROKEN", True, str(FIRST))


def test_a_table_with_other_levels_begins_anew() -> None:
    before = renamed(carried(seen("WATCH"))[0], ["BAD", "FINE"])
    assert next_state(before, seen("AT RISK", "WATCH")).level == "AT RISK"


def test_a_level_that_is_still_there_is_kept_whatever_is_added_beside_it() -> None:
    """One more level in the table is no way around the second quarter."""
    before = replace_fields(carried(seen("AT RISK"))[0], levels=["BROKEN", "AT RISK", "WATCH", "ON TRACK"])
    after = next_state(before, seen("WATCH"))
    assert (after.level, after.pending) == ("AT RISK", True)


def test_a_level_stands_since_the_quarter_that_brought_it_about() -> None:
    states = carried(seen("AT RISK"), seen("WATCH"), seen("WATCH"), seen("WATCH"), seen("OFF TRACK"))
    assert [s.level for s in states] == ["AT RISK", "AT RISK", "WATCH", "WATCH", "OFF TRACK"]
    assert [s.since for s in states] == ["2025Q1", "2025Q1", "2025Q3", "2025Q3", "2026Q1"]


def test_a_first_review_is_not_broken_by_what_is_not_known() -> None:
    first = seen("AT RISK", "WATCH", killed=UNKNOWN)
    state = carried(first)[0]
    assert (state.level, state.held, state.broken) == ("AT RISK", True, False)
    assert state.told == "AT RISK, HELD (undetermined between BROKEN and WATCH)"


def test_held_is_said_only_where_something_is_open() -> None:
    """A verdict that the day itself determines is not called held for the dead band's sake."""
    near = seen("AT RISK", "WATCH")
    near.verdict.worst = near.verdict.best = "WATCH"
    assert not carried(seen("WATCH"), near)[-1].held
    assert carried(seen("WATCH"), seen("AT RISK", "WATCH"))[-1].held


DAYS = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(
    lambda ends: seen(LEVELS[min(ends)], LEVELS[max(ends)])
)


@given(st.lists(DAYS, min_size=1, max_size=12))
def test_the_verdict_lies_in_its_range_or_waits_below_it(days: list[Any]) -> None:
    for state in carried(*days):
        now, worst, best = (LEVELS.index(level) for level in (state.level, state.worst, state.best))
        assert now <= best
        assert now >= worst or state.pending


@given(st.lists(DAYS, min_size=2, max_size=12))
def test_no_step_is_more_than_one_up_and_none_comes_unannounced(days: list[Any]) -> None:
    states = carried(*days)
    for before, after in pairwise(states):
        rise = LEVELS.index(after.level) - LEVELS.index(before.level)
        assert rise <= (1 if before.pending else 0)


@given(DAYS, DAYS, st.integers(1, 6))
def test_knowing_less_moves_nothing(first: Any, other: Any, more: int) -> None:
    """A range that still holds the published verdict leaves it where it is, however wide."""
    before = carried(first)[0]
    low = min(LEVELS.index(before.level), LEVELS.index(other.verdict.low))
    high = max(LEVELS.index(before.level), LEVELS.index(other.verdict.high))
    states = carried(*[seen(LEVELS[low], LEVELS[high]) for _ in range(more)], before=before)
    assert {state.level for state in states} == {before.level}


@given(DAYS, st.integers(2, 8))
def test_what_stays_the_same_stays_published(day: Any, quarters: int) -> None:
    first = (day.verdict.low, day.verdict.high)
    assert len(set(levels(*(seen(*first) for _ in range(quarters))))) == 1
