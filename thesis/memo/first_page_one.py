"""Page one as templates without a mark print it: what it is about, and the rating with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thesis.core import formatting
from thesis.document.blocks import Block, Facts, Paragraph
from thesis.document.inline import Figure, Text, code, emphasis, strong, unbroken
from thesis.memo.memo_section import MemoSubject
from thesis.narrative import as_of_text, rating_change_text, rating_text
from thesis.scoring.assessment import Assessment

NOT_FOLLOWED = "not followed"
BORDERLINE = "The verdict stands close to an edge: off by the dead band, it would be another."


# what it is about --------------------------------------------------------------------------------


def memo_facts(a: Assessment) -> Facts:
    """Price, market value and target, the figures that it stands on, and the pack."""
    return Facts(
        (
            ("price", price_cell(a)),
            ("market value", market_value_cell(a)),
            ("target", target_cell(a)),
            ("figures through", f"{a.quarter}, filed {formatting.day(a.filed)}"),
            ("seen from", formatting.day(a.as_of)),
            ("pack", f"{a.pack} {a.digest[:8]}"),
        )
    )


def price_cell(a: Assessment) -> Text:
    """The price with its day; whether a what-if sets it, or it is stale."""
    price = a.header.price
    if price is None:
        return NOT_FOLLOWED
    told = f"{formatting.value(price.value, 'usd', price.unit)} ("
    if price.status == "assumed":
        return (told, "supposed)", Figure("", price))
    stale = ", stale" if a.header.price_status not in ("", "fresh") else ""
    return (told, unbroken(price.period), f"{stale})", Figure("", price))


def market_value_cell(a: Assessment) -> Text:
    """The market value."""
    cap = a.header.market_cap
    return Figure(formatting.value(cap.value, "billions", cap.unit), cap) if cap else NOT_FOLLOWED


def target_cell(a: Assessment) -> Text:
    """The target with its day, and how far it is."""
    if not a.target:
        return "none"
    passed = " (passed)" if as_of_text.is_past_target(a) else ""
    far = a.header.to_target
    to_go = f", {formatting.value(far, 'percent', signed=True)}" if far else ""
    cap = formatting.value(a.target["market_cap"], "billions", a.target["unit"])
    return (f"{cap} by ", unbroken(str(a.target["by"])), f"{passed}{to_go}")


# the rating --------------------------------------------------------------------------------------


def first_rating(subject: MemoSubject) -> list[Block]:
    """The verdict, what the journal says of it, and what would change it."""
    return [*rating_blocks(subject.a), *_journal(subject), *outlook_blocks(subject.a)]


def rating_blocks(a: Assessment) -> Iterator[Block]:
    """What was supposed, the verdict with its reasons, its place on the scale, and the totals."""
    if a.supposed:
        yield Paragraph((strong("What if"), *_supposed(a), ". Nothing was written."), role="what-if")
    if note := as_of_text.as_of_note(a):
        yield Paragraph(emphasis(note))
    if a.verdict.rated:
        lead: Text = (strong(f"{a.headline}."), f" {rating_text.verdict_sentence(a)}")
        yield Paragraph((lead, " The scale: ", *_scale(a), "."), role="lead")
    else:
        headline = rating_text.verdict_headline(a)
        yield Paragraph((strong(f"{headline}."), f" {rating_text.not_rated_reason(a)}"), role="lead")
    yield Paragraph(_totals(a))


def _supposed(a: Assessment) -> Iterator[Text]:
    for i, (name, given) in enumerate(a.supposed.items()):
        yield from ("," if i else "", " ", code(name), f" = {given}")


def _scale(a: Assessment) -> Iterator[Text]:
    """Every level there is, worst first, the present one strong."""
    for i, (name, is_present) in enumerate(rating_text.level_table(a)):
        yield from (" · " if i else "", strong(name) if is_present else name)


def _totals(a: Assessment) -> str:
    v = a.verdict
    risks = f"risks {rating_text.risks_text(v)}" if a.risks else "no risks named"
    covered = f"{formatting.share(v.coverage)} of the conditions' evidence covered"
    engines, confidence = rating_text.engines_text(v), rating_text.confidence_text(v)
    told = [f"Engines {engines}, {risks}, {covered}, {confidence}."]
    told += [BORDERLINE] if v.rated and not v.clear else []
    return " ".join([*told, *(f"Capped: {cap}" for cap in v.caps)])


def _journal(subject: MemoSubject) -> Sequence[Block]:
    """What the journal says on page one; only a memo with a journal pays for the import."""
    if subject.r is None and subject.a.without_overrides is None:
        return ()
    from thesis.memo.journal_sections import page_one_blocks

    return page_one_blocks(subject)


def outlook_blocks(a: Assessment) -> Iterator[Block]:
    """What would change the rating, and what the target takes."""
    if a.verdict.rated:
        better, worse = (rating_change_text.rating_change_sentences(a, better=b) for b in (True, False))
        told = f" Better: {better}. Worse: {worse}. {rating_text.learning_text(a)}"
        yield Paragraph((strong("What would change it."), told))
    if a.appraisal:
        from thesis.narrative.valuation_text import valuation_brief

        yield Paragraph((strong("What the target takes."), f" {valuation_brief(a.appraisal)}"))
