"""The sections that the journal adds to a memo: what changed, what was decided, forecast and is next."""

from __future__ import annotations

from collections.abc import Iterator

from thesis.core import formatting
from thesis.document.blocks import RIGHT, Block, Bullets, Column, Paragraph, Quotation, Slots, table_of
from thesis.document.inline import Text, code, emphasis, strong, unbroken
from thesis.journal.difference import RuleChange
from thesis.journal.forecast_record import ForecastEntry
from thesis.journal.rule_edits import RuleEdit
from thesis.memo.memo_section import MemoSection, MemoSubject
from thesis.narrative import rating_text
from thesis.pack.schema.overrides import Override
from thesis.reports import review_text
from thesis.reports.review_text import ReviewContext

# page one ----------------------------------------------------------------------------------------


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
    a, r = subject.a, subject.r
    if r is None:
        return
    decision = f" Decision: {r.said.decision} ({r.said.name})." if r.said and r.said.decision else ""
    yield Paragraph((strong(f"Published: {review_text.signing_effect(r, a.quarter)}."), decision))
    for trip in r.standing.trips:
        yield Paragraph(strong(f"Tripped: {review_text.trigger_text(trip)}"), role="trip")
    if r.before:
        yield Paragraph((strong("Since the last review"), f" {review_text.since_last_review(r)}"))


# what changed ------------------------------------------------------------------------------------

CauseLine = tuple[Text, str, str]
ChangedRule = tuple[RuleChange, str, str, str]
CAUSE_COLUMNS = (
    Column[CauseLine]("cause", lambda line: line[0]),
    Column[CauseLine]("how much", lambda line: line[1]),
    Column[CauseLine]("verdict after it", lambda line: line[2]),
)
CHANGED_COLUMNS = (
    Column[ChangedRule]("rule", lambda line: line[0].name),
    Column[ChangedRule]("before", lambda line: line[1], align=RIGHT),
    Column[ChangedRule]("after", lambda line: line[2], align=RIGHT),
    Column[ChangedRule]("by, in hundredths of the score (low end/high end)", lambda line: line[3]),
)
EDIT_COLUMNS = (
    Column[RuleEdit]("edited rule", lambda edit: code(edit.path)),
    Column[RuleEdit]("kind", lambda edit: f"{edit.kind}, {edit.way}" if edit.way else edit.kind),
    Column[RuleEdit]("was", lambda edit: edit.was or "not there"),
    Column[RuleEdit]("is", lambda edit: edit.now or "not there"),
)


def _change_title(subject: MemoSubject) -> str:
    before = subject.r.before if subject.r else None
    return f"What changed since {before.name}" if before else "What changed"


def _change(subject: MemoSubject) -> list[Block]:
    r = subject.r
    if r is None or r.before is None or r.change is None or not review_text.cause_rows(r):
        return []
    about = (
        f"Each cause is taken over from {r.change.a.name} in turn, and what it changes is its part. "
        f"{review_text.cause_order(r)}"
    )
    before = emphasis(("as of ", unbroken(str(r.before.as_of))))
    causes: list[CauseLine] = [(before, "", review_text.first_review_text(r)), *review_text.cause_rows(r)]
    caption = "The verdict, cause by cause"
    changed, edits = review_text.changed_rules(r), review_text.scoring_edits(r)
    return [
        Paragraph(about),
        table_of(CAUSE_COLUMNS, causes, caption=caption, is_captioned=False),
        table_of(CHANGED_COLUMNS, changed, caption="Rules whose score changed", kind="wordy"),
        table_of(EDIT_COLUMNS, edits, caption="Rules that were edited", kind="wordy"),
    ]


# overrides ---------------------------------------------------------------------------------------

OverrideLine = tuple[str, Override, str, str]


def _since(line: OverrideLine) -> Text:
    o = line[1]
    return unbroken(f"{o.since}{f', written down {o.entered}' if o.entered else ''}")


OVERRIDE_COLUMNS = (
    Column[OverrideLine]("rule", lambda line: line[0]),
    Column[OverrideLine]("given", lambda line: unbroken(line[2])),
    Column[OverrideLine]("worked out", lambda line: unbroken(line[3])),
    Column[OverrideLine]("by", lambda line: line[1].by),
    Column("from", _since),
    Column[OverrideLine]("to", lambda line: unbroken(line[1].until)),
    Column[OverrideLine]("why", lambda line: line[1].reason),
)


def _overrides(subject: MemoSubject) -> list[Block]:
    lines = review_text.override_effects(subject.a)
    caption = "What an analyst put in place of what was worked out"
    return [table_of(OVERRIDE_COLUMNS, lines, caption=caption, is_captioned=False)] if lines else []


# forecasts ---------------------------------------------------------------------------------------


def _what(s: ForecastEntry) -> str:
    return f"{s.forecast.id}: {s.forecast.text}"


SETTLED_COLUMNS = (
    Column("turned out", _what),
    Column("forecast", review_text.forecast_summary),
    Column[ForecastEntry]("outcome", lambda s: s.outcome.text),
    Column[ForecastEntry]("on", lambda s: unbroken(str(s.outcome.day))),
    Column[ForecastEntry]("score", lambda s: unbroken(review_text.forecast_score(s))),
)
OPEN_COLUMNS = (
    Column("still open", _what),
    Column("forecast", review_text.forecast_summary),
    Column[ForecastEntry]("by", lambda s: (f"{s.forecast.by}, ", unbroken(str(s.forecast.made)))),
    Column[ForecastEntry]("settled by", lambda s: str(s.forecast.period)),
)


def _forecasts(subject: MemoSubject) -> list[Block]:
    r = subject.r
    if r is None or not r.record.sealed:
        return []
    return [
        Paragraph(review_text.track_record(r)),
        Slots(("reliability",)),
        table_of(SETTLED_COLUMNS, r.settled, caption="Forecasts that turned out since the last review"),
        table_of(OPEN_COLUMNS, r.record.open, caption="Forecasts that are open"),
    ]


# the decision ------------------------------------------------------------------------------------


def _decision(subject: MemoSubject) -> list[Block]:
    return [*_decided(subject.r), *_next(subject)] if subject.r else []


def _decided(r: ReviewContext) -> Iterator[Block]:
    """What the newest review says: its decision with the note, and its answers to the standing questions."""
    said = r.said
    if said is None:
        return
    decision = strong(said.decision or "nothing")
    yield Paragraph((f"{said.by} decided on ", unbroken(said.signed), ": ", decision, f" ({said.name})."))
    if said.note:
        yield Quotation(tuple(formatting.paragraphs(said.note)))
    answers = (
        ("It corrects the one before it:", said.supersedes),
        ("Taken up again, though it was broken:", said.reunderwriting),
    )
    yield from (Paragraph((emphasis(label), f" {text}")) for label, text in answers if text)
    if said.premortem:
        yield Paragraph(emphasis("It failed; why?"))
        yield Bullets(tuple(said.premortem))
    if said.opposing:
        yield Paragraph((emphasis("The strongest case against:"), f" {said.opposing}"))


def _next(subject: MemoSubject) -> Iterator[Block]:
    a, r = subject.a, subject.r
    if r is None:
        return
    told: list[Text] = [review_text.next_review_text(a, r)]
    for each in review_text.overdue_text(r):
        told += [" Overdue since ", unbroken(str(each.day)), f": {each.what.rstrip('.')}."]
    yield Paragraph(tuple(told))
    if watch := review_text.watch_list(a):
        yield Paragraph("To watch until then:")
        yield Bullets(tuple(watch))


JOURNAL_SECTIONS = (
    MemoSection("change", _change_title, "Changes", _change),
    MemoSection("overrides", "Overrides", "Overrides", _overrides),
    MemoSection("forecasts", "Forecasts", "Forecasts", _forecasts),
    MemoSection("decision", "Decision and what is next", "Decision", _decision),
)
