"""Memo: an assessment as Markdown, through a Jinja template in a sandbox.

A template arranges; it computes nothing. Each figure it prints goes through ``note``, which gives
it a footnote that leads back to the formula and the filings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thesis import telling, words
from thesis.assessment import Assessment
from thesis.footnotes import Footnotes
from thesis.sandbox import rendered

if TYPE_CHECKING:
    from thesis.reviewed import Reviewed

TEMPLATE = "memo.md.j2"


def render(
    assessment: Assessment,
    template: str | None = None,
    cache: Path | None = None,
    reviewed: Reviewed | None = None,
) -> str:
    """The memo, by the bundled template or one's own; ``reviewed`` adds what the journal says.

    Errors: ``Flawed`` with a template's mistake.
    """
    notes = Footnotes(assessment.filers)
    view: dict[str, Any] = {
        "a": assessment,
        "tell": TOLD,
        "note": notes.mark,
        "footnotes": notes.listed,
        "sources": notes.sources,
    }
    if assessment.appraisal is not None:
        view["worth"] = _worth()
    view["r"] = reviewed
    if reviewed is not None or assessment.without_overrides is not None:
        view["reviewed"] = _reviewed()
    text = rendered(TEMPLATE, template, view, FILTERS, cache)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _worth() -> dict[str, Callable[..., Any]]:
    """What the templates tell of an appraisal; only a memo with one pays for the import."""
    from thesis import worth
    from thesis.deciding import deciding, driver_name

    told = (deciding, driver_name, worth.alone, worth.belief, worth.bridge, worth.brief, worth.claimed,
            worth.implies, worth.managed, worth.route, worth.simulated, worth.source)  # fmt: skip
    return {each.__name__: each for each in told}


def _reviewed() -> dict[str, Callable[..., Any]]:
    """What the templates tell of a journal; only a memo with one pays for the import."""
    from thesis import reviewed

    return {each.__name__: each for each in reviewed.TOLD}


def _cell(text: Any) -> str:
    """A text inside a Markdown table: on one line, with no column mark."""
    return " ".join(str(text).split()).replace("|", "\\|")


FILTERS: dict[str, Callable[..., str]] = {
    "cell": _cell,
    "day": words.day,
    "answer": words.answer,
    "score": words.score,
    "share": words.share,
    "value": words.value,
    "gap": words.gap,
    "joined": words.joined,
    "level": words.level,
    "figure": telling.figure,
    "needed": telling.needed,
    "margin": telling.margin,
    "bands": telling.bands,
    "trend": telling.trend,
    "adjustment": telling.adjustment,
    "waiting": telling.waiting,
    "flip": telling.flip,
    "whole": lambda number: f"{number:.0f}",
}


TOLD: dict[str, Callable[..., Any]] = {
    "headline": telling.headline,
    "over": telling.over,
    "scale": telling.scale,
    "verdict": telling.verdict,
    "unrated": telling.unrated,
    "changes": telling.changes,
    "learning": telling.learning,
    "kills": telling.kills,
    "tripped": telling.tripped,
    "judged": telling.judged,
}
