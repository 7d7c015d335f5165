"""Tones: good and bad news as an analyst would call it, and what is open is neither."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from thesis.core.interval import Interval, point
from thesis.document import tones
from thesis.document.inline import BAD, FAIR, GOOD

pytestmark = pytest.mark.quick

LEVELS = ("BROKEN", "OFF TRACK", "AT RISK", "WATCH", "ON TRACK")


@pytest.mark.parametrize(
    ("score", "tone"),
    [
        (point(0.5), GOOD),
        (point(0.5 - 1e-16), GOOD),
        (point(0.5 - 1e-9), BAD),
        (Interval(0.6, 0.9), GOOD),
        (Interval(0.49, 0.9), FAIR),
        (point(0.49), BAD),
        (Interval(0.0, 1.0), FAIR),
    ],
)
def test_what_is_met_for_certain_is_good_and_what_is_open_is_neither(score: Interval, tone: str) -> None:
    assert tones.score_tone(score) == tone


@pytest.mark.parametrize(
    ("worst", "best", "tone"),
    [
        ("BROKEN", "BROKEN", BAD),
        ("OFF TRACK", "OFF TRACK", FAIR),
        ("AT RISK", "AT RISK", FAIR),
        ("WATCH", "WATCH", GOOD),
        ("WATCH", "ON TRACK", GOOD),
        ("BROKEN", "ON TRACK", FAIR),
        ("AT RISK", "WATCH", FAIR),
    ],
)
def test_a_verdict_that_is_open_is_neither_good_nor_bad(worst: str, best: str, tone: str) -> None:
    verdict: Any = SimpleNamespace(levels=LEVELS, worst=worst, best=best, rated=True)
    assert tones.verdict_tone(verdict) == tone
    verdict.rated = False
    assert tones.verdict_tone(verdict) == FAIR


def test_a_level_of_another_scale_has_no_tone() -> None:
    assert tones.level_tone("DEAD", LEVELS) == ""
    assert tones.level_tone("GOOD", ("GOOD",)) == BAD  # the lowest there is
