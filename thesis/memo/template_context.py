"""The names that a memo's template can use, in every format.

The names have a number. A template that begins with ``{# thesis: 2 #}`` gets the second: the sections of the
memo, ready to be printed under headings of its own. One without a mark gets the first: functions about an
assessment, and macros of the bundled templates that print parts of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from thesis.core import formatting
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.document.blocks import Block
from thesis.document.inline import Text
from thesis.memo import page_one
from thesis.memo.contents import memo_sections
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative import as_of_text, rating_change_text, rating_text

MARK = re.compile(r"\{#-?\s*thesis:\s*(\S+?)\s*-?#\}")
FACTS = MemoSection("facts", "", "", page_one.head)
HEAD = 200  # characters of a template in which its mark stands
FIRST, SECOND = 1, 2


class TemplateText(Protocol):
    """Writes blocks in the format of a memo, which a template prints as they are."""

    def blocks(self, blocks: Iterable[Block], level: int = 2) -> str: ...

    def text(self, text: Text) -> str: ...


class ShownSection:
    """A section as a template sees it: ``id``, ``title``, ``name``, ``is_front`` and ``body``.

    ``body`` is written when it is first asked for, so that notes are numbered in the order in which a
    template prints its sections.
    """

    def __init__(
        self, section: MemoSection, title: str, blocks: Sequence[Block], writer: TemplateText
    ) -> None:
        self.id = section.id
        self.title = title
        self.name = section.name
        self.is_front = section.is_front
        self._blocks = blocks
        self._writer = writer
        self._body: str | None = None

    @property
    def body(self) -> str:
        """What stands below the title."""
        if self._body is None:
            self._body = self._writer.blocks(self._blocks, level=3)
        return self._body


def template_version(template: str | None) -> int:
    """The number of the names that a template of the user's asks for; a bundled one asks for the newest.

    Errors: ``InvalidInput`` for a number that there is not.
    """
    if template is None:
        return SECOND
    try:
        with open(template, encoding="utf-8") as file:
            head = file.read(HEAD)
    except (OSError, UnicodeDecodeError):
        return FIRST  # whoever reads it says what is wrong
    found = MARK.search(head)
    if found is None or found[1] == str(FIRST):
        return FIRST
    if found[1] == str(SECOND):
        return SECOND
    line = head.count("\n", 0, found.start()) + 1
    message = f"expected `thesis: {SECOND}`, found `thesis: {found[1]}`"
    hint = "the number says which names a template is given; this program knows 1 and 2"
    span = SourceSpan(template, line, 1)
    raise InvalidInput([Problem("template", message, span, hint)], {template: head})


def template_context(subject: MemoSubject, writer: TemplateText, version: int) -> dict[str, Any]:
    """The names of a version: the memo's sections; in the first also what its templates were given."""
    shown = []
    for section in memo_sections(subject):
        blocks = section.blocks(subject)
        if blocks:
            shown.append(ShownSection(section, section.title_for(subject), blocks, writer))
    given: dict[str, Any] = {
        "a": subject.a,
        "r": subject.r,
        "title": f"{subject.a.title} Memo on {subject.a.quarter}",
        "facts": ShownSection(FACTS, "", FACTS.blocks(subject), writer),
        "glance": writer.blocks(page_one.glance(subject.a)),
        "sections": shown,
    }
    return {**given, **_first_names(subject)} if version == FIRST else given


def _first_names(subject: MemoSubject) -> dict[str, Any]:
    """The sentences about an assessment and, where there are any, about its appraisal and journal."""
    given: dict[str, Any] = {"tell": TOLD}
    if subject.a.appraisal is not None:
        given["worth"] = _worth()
    if subject.r is not None or subject.a.without_overrides is not None:
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
