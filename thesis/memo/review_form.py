"""The quarterly review as a form, with everything filled in that the figures determine."""

from __future__ import annotations

import re

from thesis.case.forecast_terms import forecast_text
from thesis.core import formatting
from thesis.document import markdown_text
from thesis.document.sandbox import render_template
from thesis.journal.agenda import ReviewAgenda
from thesis.narrative import rating_change_text, rating_text
from thesis.reports.review_session import settled_forecast_text, signed_rating_text, trigger_summary

TEMPLATE = "review.md.j2"


def render_review_form(found: ReviewAgenda) -> str:
    """The form of one review, as Markdown."""
    view = {
        "g": found,
        "a": found.found,
        "tell": {
            "said": forecast_text,
            "kill_text": rating_change_text.kill_criterion_text,
            "published": signed_rating_text,
            "settled_text": settled_forecast_text,
            "trip_text": trigger_summary,
            "exact": formatting.exact,
            "kills": rating_change_text.kill_criteria_text,
            "waiting": rating_text.waiting_text,
        },
        "headline": rating_text.verdict_headline(found.found),
    }
    text = render_template(
        TEMPLATE,
        None,
        view,
        {**markdown_text.FILTERS, "score": formatting.score},
        None,
        printed=markdown_text.inert,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
