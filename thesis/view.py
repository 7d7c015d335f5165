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
    """Return the functions about an appraisal by their names in templates, imported on demand."""
    from thesis import deciding, worth

    return {
        "deciding": deciding.deciding,
        "driver_name": deciding.driver_name,
        "supposed": deciding.supposed,
        "alone": worth.alone,
        "belief": worth.belief,
        "bridge": worth.bridge,
        "brief": worth.brief,
        "claimed": worth.claimed,
        "implies": worth.implies,
        "managed": worth.managed,
        "route": worth.route,
        "simulated": worth.simulated,
        "source": worth.source,
    }


def _reviewed() -> dict[str, Callable[..., Any]]:
    """Return the functions about a journal by their names in templates, imported on demand."""
    from thesis import reviewed

    return {
        "since": reviewed.since,
        "publishes": reviewed.publishes,
        "unlike": telling.unlike,
        "overridden": reviewed.overridden,
        "steps": reviewed.steps,
        "changed_rules": reviewed.changed_rules,
        "edits": reviewed.edits,
        "chance": reviewed.chance,
        "loss": reviewed.loss,
        "track_record": reviewed.track_record,
        "next_review": reviewed.next_review,
        "watch": reviewed.watch,
        "first": reviewed.first,
        "order": reviewed.order,
        "trip": reviewed.trip,
        "overdue": reviewed.overdue,
    }


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
