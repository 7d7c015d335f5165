"""View: what every memo's template is given to say of an assessment, whatever it writes it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from thesis import nearing, standpoint, telling, words
from thesis.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reviewed import Reviewed


def view(assessment: Assessment, reviewed: Reviewed | None = None) -> dict[str, Any]:
    """The assessment, the sentences about it and, where there are any, about its appraisal and journal."""
    given: dict[str, Any] = {"a": assessment, "tell": TOLD, "r": reviewed}
    if assessment.appraisal is not None:
        given["worth"] = _worth()
    if reviewed is not None or assessment.without_overrides is not None:
        given["reviewed"] = _reviewed()
    return given


def _worth() -> dict[str, Callable[..., Any]]:
    """What the templates tell of an appraisal; only a memo with one pays for the import."""
    from thesis import worth
    from thesis.deciding import deciding, driver_name, supposed

    told = (deciding, driver_name, worth.alone, worth.belief, worth.bridge, worth.brief, worth.claimed,
            worth.implies, worth.managed, worth.route, worth.simulated, worth.source, supposed)  # fmt: skip
    return {each.__name__: each for each in told}


def _reviewed() -> dict[str, Callable[..., Any]]:
    """What the templates tell of a journal; only a memo with one pays for the import."""
    from thesis import reviewed

    return {each.__name__: each for each in reviewed.TOLD}


FILTERS: dict[str, Callable[..., Any]] = {
    "day": words.day,
    "answer": words.answer,
    "score": words.score,
    "share": words.share,
    "value": words.value,
    "joined": words.joined,
    "level": words.level,
    "figure": telling.figure,
    "needed": telling.needed,
    "margin": telling.margin,
    "bands": telling.bands,
    "trend": telling.trend,
    "quarters": telling.quarters,
    "adjustment": telling.adjustment,
    "waiting": telling.waiting,
    "flip_cell": nearing.flip_cell,
    "distance": nearing.distance,
    "paragraphs": words.paragraphs,
}


TOLD: dict[str, Callable[..., Any]] = {
    "headline": telling.headline,
    "over": telling.over,
    "scale": telling.scale,
    "levels": telling.levels,
    "verdict": telling.verdict,
    "unrated": telling.unrated,
    "is_past_target": standpoint.is_past_target,
    "looking_back": standpoint.looking_back,
    "confidence": telling.confidence,
    "changes": nearing.changes,
    "movers": telling.movers,
    "unmoved": telling.unmoved,
    "learning": telling.learning,
    "kills": nearing.kills,
    "tripped": telling.tripped,
    "judged": telling.judged,
    "own_word": telling.own_word,
}
