"""What a condition of valuation.yaml may ask for beyond metrics and concepts.

``score.aws_growth`` is the score of the rule ``aws-growth`` on the day, 0 to 1 (a label is a quarter of
it); ``log.price``, ``log.ebit``, ``log.multiple``, ``log.shares`` and ``log.moved`` are the parts of a change
of the price, for the routes that it may have come by.
"""

from __future__ import annotations

from thesis.pack.schema.thesis import ThesisFile

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
