"""What was said quarter by quarter and what the price did after: no look-ahead, and nothing filled in."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from thesis.core.interval import EVERYTHING
from thesis.core.period import Quarter
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.reports.track_record_report import change_text, quarters_text, record_blocks
from thesis.scoring.assess import assess
from thesis.scoring.track_record import KNOWN, NOT_YET, TrackRecord, track_record

SEEN = date(2026, 10, 15)


@cache
def amazon() -> Pack:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]


@cache
def record(day: date = SEEN) -> TrackRecord:
    return track_record(amazon(), day, 12)


def test_a_line_says_what_an_assessment_of_its_day_says() -> None:
    for line in record().lines[-2:]:
        alone = assess(amazon(), line.as_of)
        assert line.quarter == alone.quarter
        assert line.rules == {found.id: found.score for found in alone.findings}
        assert {k.id: k.tripped for k in (*alone.kill, *alone.retired)} == line.criteria


def test_prices_after_the_day_that_is_looked_from_have_no_say() -> None:
    """Seen from an earlier day the lines are the same, with outcomes that had come by then."""
    earlier = {line.quarter: line for line in record(date(2025, 12, 1)).lines}
    shared = [line for line in record().lines if line.quarter in earlier]
    assert shared
    for line in shared:
        was = earlier[line.quarter]
        assert (was.said, was.rules, was.start) == (line.said, line.rules, line.start)
        for before, now in zip(was.outcomes, line.outcomes, strict=True):
            if before.status == KNOWN:
                assert before == now
                assert before.day is not None and before.day <= date(2025, 12, 1)
    assert earlier[Quarter.parse("2025Q3")].after(1).status == NOT_YET


def test_a_price_that_is_not_there_is_said_and_never_filled_in() -> None:
    pack = amazon()
    bare = pack.with_facts(pack.facts.known_by(date(2026, 9, 1)), pack.grades, pack.events)
    last = track_record(bare, SEEN, 4).lines[-2]
    assert (last.after(2).status, last.after(2).change) == (NOT_YET, EVERYTHING)
    assert change_text(EVERYTHING) == "unknown"


def test_a_criterion_s_quarters_are_sorted_by_what_the_price_did() -> None:
    """K2 triggered on figures after which the price rose: each a false alarm, also since its retirement."""
    found = track_record(amazon(), SEEN, 20)
    for each in found.criteria:
        told = [*each.right, *each.false_alarms]
        assert set(told) <= set(each.triggered)
        assert not set(each.misses) & {*each.triggered, *each.undecided}
        assert len(told) + len(each.misses) <= each.judged
    retired = found.criterion("K2")
    assert retired is not None
    assert retired.retired == "2026-12-01"
    assert quarters_text(retired.false_alarms) == "2023Q2 to 2023Q4"
    assert not retired.right


def test_what_was_written_later_is_a_backtest_and_is_called_that() -> None:
    assert record().backtests == len(record().lines)
    assert "BACKTEST" in str(record_blocks(record())[0])
    later = track_record(amazon(), SEEN, 12, {Quarter.parse("2026Q2"): "WATCH"})
    assert later.backtests == len(later.lines) - 1
    assert later.lines[-1].signed == "WATCH"


@pytest.mark.parametrize(
    ("quarters", "text"),
    [
        ((), "never"),
        (("2024Q1",), "2024Q1"),
        (("2023Q3", "2023Q4", "2024Q1", "2025Q1"), "2023Q3 to 2024Q1, 2025Q1"),
    ],
)
def test_quarters_in_a_row_are_told_as_their_first_and_last(quarters: tuple[str, ...], text: str) -> None:
    assert quarters_text([Quarter.parse(each) for each in quarters]) == text
