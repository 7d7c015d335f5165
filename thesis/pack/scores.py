"""Scores, shares and grades as packs write them, and the names of scores in the rule language.

Lint reads all of these texts first and reports those that are wrong; in a pack that passed it none can fail.
``score.aws_growth`` is the score of the rule ``aws-growth`` on the day, from 0 to 1 (each of the four labels
is a quarter of that). Conditions of valuation.yaml may use it, as well as the parts of a price change in
``LOGS``.
"""

from __future__ import annotations

from thesis.core.interval import Interval, point, reaches
from thesis.language.syntax import parse_number
from thesis.pack.schema.thesis import Measure, ThesisFile

MET = 0.5
"""The score from which on a condition is met, and a risk weighs."""

LEAST_SCORE = 1e-100
PERCENT = 100

_READ: dict[str, float] = {}


def is_met(score: Interval) -> bool:
    """Whether a score is met for certain, to twelve digits, as its label has it."""
    return reaches(score.lo, MET)


def falls_short(score: Interval) -> bool:
    """Whether a score is certainly not met."""
    return not reaches(score.hi, MET)


def parse_score(text: str) -> float:
    """``25%``, ``-150bp``, ``1.0``. Errors: ``SyntaxProblem``."""
    if text not in _READ:
        _READ[text] = parse_number(text).value
    return _READ[text]


def fraction(text: str, expected: str = "0% to 100%") -> float:
    """A share from 0 to 1. Errors: ``SyntaxProblem``, or ``ValueError`` that says what is ``expected``."""
    value = parse_score(text)
    if not 0 <= value <= 1:
        is_bare = 1 < value <= PERCENT and not text.strip().endswith(("%", "bp"))
        meant = f": is a percent sign missing, as in {text.strip()}%?" if is_bare else ""
        raise ValueError(f"expected {expected}, found `{text}`{meant}")
    return value


def least_score(text: str) -> float:
    """The least that one score counts in a mean; of 0% next to nothing, since zero has no logarithm."""
    return max(fraction(text), LEAST_SCORE)


def band_edges(measure: Measure) -> tuple[float, ...]:
    """A measure's five edges."""
    return tuple(parse_score(edge) for edge in measure.bands)


def sustained_quarters(text: str) -> tuple[int, int]:
    """``2 of 3`` as two numbers. Errors: ``ValueError`` for what is not ``n of m``."""
    first, _, last = text.partition(" of ")
    if not (first.isdigit() and last.isdigit() and 1 <= int(first) <= int(last) <= 40):
        raise ValueError(f"expected something like 2 of 3, found `{text}`")
    return int(first), int(last)


def persistence(measure: Measure) -> tuple[int, int]:
    """The rank and the window by which a measure is sustained.

    ``2 of 3`` is the second largest of three quarters, of a measure with falling edges the second
    smallest. Errors: ``ValueError`` for what is not ``n of m``.
    """
    if not measure.sustained:
        return 1, 1
    least, window = sustained_quarters(measure.sustained)
    edges = band_edges(measure)
    return (window - least + 1, window) if edges and edges[0] > edges[-1] else (least, window)


def score_range(text: str) -> Interval:
    """A score that somebody gave: ``0.6``, ``60%``, ``0.5..0.7``.

    Errors: ``SyntaxProblem`` or ``ValueError``.
    """
    low, _, high = text.partition("..")
    first, last = (fraction(each.strip(), "0 to 1, or 0% to 100%") for each in (low, high or low))
    if last < first:
        raise ValueError(f"the range `{text}` runs backwards; the smaller number comes first")
    return Interval(first, last) if last > first else point(first)


def grade_problem(text: str, highest: int) -> str:
    """What is wrong with a grade on a rubric that ends at ``highest``; nothing, if nothing is."""
    try:
        found = grade_range(text)
    except ValueError as error:
        return str(error)
    return f"expected a level from 0 to {highest}, found `{text}`" if found.hi > highest else ""


def grade_range(text: str) -> Interval:
    """A grade, ``3`` or ``3..4``. Errors: ``ValueError``."""
    low, _, high = text.partition("..")
    if not low.isdigit() or (high and not high.isdigit()) or (high and int(high) < int(low)):
        raise ValueError(f"expected a level like 3 or 3..4, found `{text}`")
    return Interval(float(low), float(high)) if high and high != low else point(float(low))


SCORE = "score."
LOGS = ("log.price", "log.ebit", "log.multiple", "log.shares", "log.moved")


def score_name(rule: str) -> str:
    """The name of a rule's score in the rule language, which has no hyphens.

    >>> score_name("aws-growth")
    'score.aws_growth'
    """
    return SCORE + rule.replace("-", "_")


def score_names(thesis: ThesisFile) -> dict[str, str]:
    """Name of a score to the id of its rule."""
    return {score_name(rule.id): rule.id for rule in (*thesis.conditions, *thesis.risks)}
