"""Good, fair and bad: the tone in which a score, a verdict or a level is printed."""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core.interval import Interval
from thesis.document.inline import BAD, FAIR, GOOD
from thesis.pack.scores import falls_short, is_met
from thesis.scoring.assessment import Verdict

HALF = 0.5  # of the way up a thesis's verdicts: what is not above it is no good news


def score_tone(score: Interval) -> str:
    """Good for what is met for certain, bad for what is not, fair for what is open."""
    return GOOD if is_met(score) else BAD if falls_short(score) else FAIR


def verdict_tone(verdict: Verdict) -> str:
    """That of its ends; where they differ, or where there is no rating, it is open."""
    ends = {level_tone(level, verdict.levels) for level in (verdict.worst, verdict.best)}
    return ends.pop() if verdict.rated and len(ends) == 1 else FAIR


def level_tone(level: str, levels: Sequence[str]) -> str:
    """Bad for the lowest level, fair up to half of them, good above; none for one that is not among them."""
    if level not in levels:
        return ""
    place = levels.index(level)
    return BAD if not place else FAIR if place <= HALF * (len(levels) - 1) else GOOD
