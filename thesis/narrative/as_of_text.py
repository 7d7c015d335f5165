"""Notes about the as-of day: one in the future, and rules that are newer than it."""

from __future__ import annotations

from datetime import date

from thesis.core import formatting
from thesis.scoring.assessment import Assessment


def expected_next(day: date, today: date) -> str:
    """The note that the as-of day lies in the future."""
    return (
        f"{day} is still to come: today is {today}, and what will be filed in between is not known; what is "
        "on file grows old all the same"
    )


def is_past_target(a: Assessment) -> bool:
    """Whether the day by which the target was to be reached lies behind."""
    return a.target is not None and bool(a.target["by"] < str(a.as_of))


def as_of_note(a: Assessment) -> str:
    """That the rules are those of a later day than the one looked from; empty where they need not be."""
    if a.known_to is None:
        return ""
    return (
        f"Figures and grades are those known on {formatting.day(a.as_of)}. The rules and their "
        "reasons are as the "
        f"pack has them now, with figures and grades up to {formatting.day(a.known_to)}: they may "
        "speak of what "
        "nobody knew on that day."
    )
