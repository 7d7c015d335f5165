"""The sections that the journal adds to a memo: what changed, what was decided, forecast and is next."""

from __future__ import annotations

from collections.abc import Iterator

from thesis.document.blocks import Block, Paragraph
from thesis.document.inline import Text, strong, unbroken
from thesis.memo.memo_section import MemoSubject
from thesis.narrative import rating_text
from thesis.reports import review_text


def page_one_blocks(subject: MemoSubject) -> list[Block]:
    """Overrides in force, what is signed, criteria that tripped, and what happened since the last review."""
    return [*_overrides_in_short(subject), *_signed_in_short(subject)]


def _overrides_in_short(subject: MemoSubject) -> Iterator[Block]:
    a = subject.a
    if a.without_overrides is None:
        return
    told: list[Text] = []
    for i, (name, o, given, own) in enumerate(review_text.override_effects(a)):
        told += ["; " if i else " ", f"{name} is {given} by {o.by}'s own word until ", unbroken(o.until)]
        told.append(f" ({o.reason.rstrip('.')}), worked out {own}")
    without = strong(f"Without overrides: {rating_text.as_reported_text(a.without_overrides)}.")
    yield Paragraph((strong("Overrides."), *told, ". ", without))


def _signed_in_short(subject: MemoSubject) -> Iterator[Block]:
    a, r = subject
    if r is None:
        return
    decision = f" Decision: {r.said.decision} ({r.said.name})." if r.said and r.said.decision else ""
    yield Paragraph((strong(f"Published: {review_text.signing_effect(r, a.quarter)}."), decision))
    for trip in r.standing.trips:
        yield Paragraph(strong(f"Tripped: {review_text.trigger_text(trip)}"), role="trip")
    if r.before:
        yield Paragraph((strong("Since the last review"), f" {review_text.since_last_review(r)}"))
