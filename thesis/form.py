"""Form: the quarterly review as a page to be filled in; what the figures can say is filled in already."""

from __future__ import annotations

import re

from thesis import markdown, nearing, telling, words
from thesis.forecasts import said
from thesis.journal.agenda import Agenda
from thesis.sandbox import rendered
from thesis.session import published, settled_text, trip_text

TEMPLATE = "review.md.j2"


def render(found: Agenda) -> str:
    """The form of one review, as Markdown."""
    view = {
        "g": found,
        "a": found.found,
        "tell": {
            "said": said,
            "kill_text": nearing.kill_text,
            "published": published,
            "settled_text": settled_text,
            "trip_text": trip_text,
            "exact": words.exact,
            "kills": nearing.kills,
            "waiting": telling.waiting,
        },
        "headline": telling.headline(found.found),
    }
    text = rendered(
        TEMPLATE, None, view, {**markdown.FILTERS, "score": words.score}, None, printed=markdown.inert
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"
