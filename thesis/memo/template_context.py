"""The names that a memo's template can use, in every format."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from thesis.core import formatting
from thesis.narrative import as_of_text, rating_change_text, rating_text
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.review_text import ReviewContext


def template_context(assessment: Assessment, reviewed: ReviewContext | None = None) -> dict[str, Any]:
    """The assessment, the sentences about it and, where there are any, about its appraisal and journal."""
    given: dict[str, Any] = {"a": assessment, "tell": TOLD, "r": reviewed}
    if assessment.appraisal is not None:
        given["worth"] = _worth()
    if reviewed is not None or assessment.without_overrides is not None:
        given["reviewed"] = _reviewed()
    return given


def _worth() -> dict[str, Callable[..., Any]]:
    """Return the functions about an appraisal by their names in templates, imported on demand."""
    from thesis.narrative import key_assumption_text, valuation_text

    return {
        "deciding": key_assumption_text.key_assumption,
        "driver_name": key_assumption_text.driver_name,
        "supposed": key_assumption_text.what_if_assumptions,
        "alone": valuation_text.single_move_text,
        "belief": valuation_text.assumption_text,
        "bridge": valuation_text.bridge_rows,
        "brief": valuation_text.valuation_brief,
        "claimed": valuation_text.scenario_status,
        "implies": valuation_text.implied_growth_text,
        "managed": valuation_text.base_rate_share,
        "route": valuation_text.path_text,
        "simulated": valuation_text.simulation_sentence,
        "source": valuation_text.valuation_source,
    }


def _reviewed() -> dict[str, Callable[..., Any]]:
    """Return the functions about a journal by their names in templates, imported on demand."""
    from thesis.reports import review_text

    return {
        "since": review_text.since_last_review,
        "publishes": review_text.signing_effect,
        "unlike": rating_text.as_reported_text,
        "overridden": review_text.override_effects,
        "steps": review_text.cause_rows,
        "changed_rules": review_text.changed_rules,
        "edits": review_text.scoring_edits,
        "chance": review_text.forecast_summary,
        "loss": review_text.forecast_score,
        "track_record": review_text.track_record,
        "next_review": review_text.next_review_text,
        "watch": review_text.watch_list,
        "first": review_text.first_review_text,
        "order": review_text.cause_order,
        "trip": review_text.trigger_text,
        "overdue": review_text.overdue_text,
    }


FILTERS: dict[str, Callable[..., Any]] = {
    "day": formatting.day,
    "answer": formatting.answer,
    "score": formatting.score,
    "share": formatting.share,
    "value": formatting.value,
    "joined": formatting.join_words,
    "level": formatting.level,
    "figure": rating_text.measure_figure,
    "needed": rating_text.threshold_text,
    "margin": rating_text.headroom_of,
    "bands": rating_text.band_text,
    "trend": rating_text.sparkline_text,
    "quarters": rating_text.quarter_values,
    "adjustment": rating_text.adjustment_text,
    "waiting": rating_text.waiting_text,
    "flip_cell": rating_change_text.rating_change_cell,
    "distance": rating_change_text.headroom_text,
    "paragraphs": formatting.paragraphs,
}


TOLD: dict[str, Callable[..., Any]] = {
    "headline": rating_text.verdict_headline,
    "over": rating_text.sustained_over,
    "scale": rating_text.rating_scale,
    "levels": rating_text.level_table,
    "verdict": rating_text.verdict_sentence,
    "unrated": rating_text.not_rated_reason,
    "is_past_target": as_of_text.is_past_target,
    "looking_back": as_of_text.as_of_note,
    "confidence": rating_text.confidence_text,
    "changes": rating_change_text.rating_change_sentences,
    "movers": rating_text.moving_measures,
    "unmoved": rating_text.unmoved_measures,
    "learning": rating_text.learning_text,
    "kills": rating_change_text.kill_criteria_text,
    "tripped": rating_text.trigger_answer,
    "lines": rating_change_text.kill_criterion_lines,
    "compared": rating_change_text.compared_value,
    "figure_beside_changes": rating_change_text.figure_beside_changes,
    "judged": rating_text.judgement_rows,
    "own_word": rating_text.own_level,
}
