"""The difference between two states of a thesis, as tables of causes and rules, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.document.blocks import (
    Block,
    Column,
    Document,
    LabelledTexts,
    Line,
    Paragraph,
    Table,
    spaced_groups,
    table_of,
)
from thesis.document.plain_text import document_text
from thesis.journal.causes import ComparisonSide
from thesis.journal.difference import CauseStep, Difference, RuleChange, rating_text
from thesis.journal.hindsight import HindsightRating
from thesis.journal.rule_edits import RuleEdit
from thesis.narrative.difference_text import difference_sentences

WIDTH = 80
HUNDREDTHS = 100


def difference_document(
    d: Difference, *, rules: bool = False, seen: Sequence[HindsightRating] | None = None
) -> Document:
    """The verdict's way from one look to the other, cause by cause, then every rule that changed.

    ``rules`` adds each edited value; ``seen``, which signed verdicts would be others on what is known now.
    """
    groups: list[Sequence[Block]] = [
        [Line(f"from {d.a.name} to {d.b.name}"), *map(Line, _published(d))],
        [_verdict_table(d)],
        _changed_rules(d),
        [Paragraph(sentence) for sentence in difference_sentences(d)],
        _edits(d.edits) if rules else [],
        hindsight_blocks(seen) if seen is not None else [],
    ]
    return Document(WIDTH, spaced_groups(groups))


def difference_text(d: Difference, *, rules: bool = False) -> str:
    """The same as ``difference_document``, as plain text."""
    return document_text(difference_document(d, rules=rules))


def _edits(edits: Sequence[RuleEdit]) -> list[Block]:
    """Every edited value that can move a score, and how many texts were edited."""
    scored = [edit for edit in edits if not edit.is_wording]
    blocks: list[Block] = [Line("edited rules" if scored else "no rule was edited")]
    for edit in scored:
        blocks.append(Line(f"{edit.path} ({edit.kind}{f', {edit.way}' if edit.way else ''})", "  "))
        values = (("was", edit.was or "not there"), ("now", edit.now or "not there"))
        blocks.append(LabelledTexts(values, 5, "    "))
    texts = len(edits) - len(scored)
    return [
        *blocks,
        *([Line(f"and {formatting.count(texts, 'text')} that only people read", "  ")] if texts else []),
    ]


def hindsight_blocks(found: Sequence[HindsightRating]) -> list[Block]:
    """Which signed verdicts would be others on what is known now."""
    if not found:
        return [Line("no review is signed")]
    head = Line("signed verdicts, on what is known now of the same quarters")
    rows = tuple((each.review.name, hindsight_text(each)) for each in found)
    return [head, LabelledTexts(rows, 10, "  ")]


def hindsight_text(each: HindsightRating) -> str:
    """``WATCH, would be AT RISK (3 figures known otherwise or later)``."""
    figures = f"{formatting.count(each.rows, 'figure')} known otherwise or later"
    then = each.then
    if each.recalculated:
        then += f" under rules version {each.review.rules_version}, {each.recalculated} under this program's"
    verdict = f"{then}, would be {each.now}" if each.differs else f"{then}, the same"
    return f"{verdict} ({figures if each.rows else 'nothing new'})"


def regret_data(found: Sequence[HindsightRating]) -> list[dict[str, Any]]:
    """The same as JSON can hold it; ``recalculated`` only where a review has another rules version."""
    return [
        {
            "review": each.review.name,
            "then": each.then,
            "now": each.now,
            "rows": each.rows,
            **({"recalculated": each.recalculated} if each.recalculated else {}),
        }
        for each in found
    ]


def difference_json(d: Difference) -> dict[str, Any]:
    """The whole of it as JSON can hold it: each step's verdict and every rule's score, before and after."""
    return {
        "from": _side(d.a),
        "to": _side(d.b),
        "published": [d.a.published, d.b.published],
        "verdict": {"before": rating_text(d.before), "after": rating_text(d.after)},
        "under_old_rules": rating_text(d.under_old_rules),
        "order": [step.cause for step in d.steps],
        "order_matters": d.order_matters,
        "unsettled": list(d.unsettled),
        "steps": [
            {
                "cause": step.cause,
                "figures": d.between.count(step.cause),
                "before": rating_text(step.before),
                "after": rating_text(step.after),
                "engines": [step.before.verdict.engines, step.after.verdict.engines],
                "risks": [step.before.verdict.risks, step.after.verdict.risks],
            }
            for step in d.steps
        ],
        "shared": list(d.shared),
        "kill": [{"id": k.id, "answers": list(k.answers)} for k in d.kill if k.is_changed],
        "rules": [{"id": r.id, "scores": list(r.scores), "labels": list(r.labels)} for r in d.rules],
        "edits": [edit._asdict() for edit in d.edits],
        "sentences": difference_sentences(d),
    }


def _side(side: ComparisonSide) -> dict[str, Any]:
    return {
        "name": side.name,
        "as_of": side.day,
        "pack": side.pack.digest,
        "rules_version": side.rules_version,
    }


# the table ---------------------------------------------------------------------------------------


def _published(d: Difference) -> list[str]:
    """What the journal published on either side, if it did on one."""
    if d.a.published and d.a.published == d.b.published:
        return [f"published: {d.a.published}, on both sides"]
    if d.b.published:
        return [f"published: {d.a.published or 'nothing'}, then {d.b.published}"]
    return [f"published: {d.a.published}, and nothing since"] if d.a.published else []


VERDICT_COLUMNS = (
    Column[tuple[str, str]]("", lambda line: line[0]),
    Column[tuple[str, str]]("verdict", lambda line: line[1]),
)


def _verdict_table(d: Difference) -> Table:
    steps = [
        (f"+ {step.name}", f"{rating_text(step.after)}{'' if step.moves else ' (no change)'}{_what(d, step)}")
        for step in d.steps
    ]
    lines = [(d.a.name, rating_text(d.before)), *steps, (f"= {d.b.name}", rating_text(d.after))]
    return table_of(VERDICT_COLUMNS, lines, indent="  ")


def _what(d: Difference, step: CauseStep) -> str:
    """How much there was of a cause."""
    rows = d.between.count(step.cause)
    if step.cause == "rules":
        scored = sum(not edit.is_wording for edit in d.edits)
        return f"   {formatting.count(scored, 'edit')}"
    if rows:
        return f"   {formatting.count(rows, 'figure')}"
    return ""


def _changed_rules(d: Difference) -> list[Block]:
    """The rules that changed: before, each cause's part in hundredths (low and high end), after."""
    changed = [rule for rule in d.rules if rule.is_changed]
    kills: list[Block] = [Line(told, "  ") for told in _kills(d)]
    if not changed:
        return [*kills, Line("no rule's score changed", "  ")]

    def parts(rule: RuleChange) -> str:
        told = [(step.name, score_change_text(rule, i)) for i, step in enumerate(d.steps)]
        return "; ".join(f"{name} {part}" for name, part in told if part) or "nothing in the end"

    columns = (
        Column[RuleChange]("score of", lambda rule: rule.name, is_head=True),
        Column[RuleChange]("before", lambda rule: score_or_none(rule.scores[0])),
        Column[RuleChange]("after", lambda rule: score_or_none(rule.scores[-1])),
        Column("by (low end, high end, in hundredths)", parts, wraps=True),
    )
    return [table_of(columns, changed, indent="  ", is_wordy=True), *kills]


def _kills(d: Difference) -> list[str]:
    """Kill criteria whose answer changed: before, after, and by which causes."""
    lines = []
    for kill in d.kill:
        pairs = zip(d.steps, kill.answers, kill.answers[1:], strict=False)
        by = formatting.join_words(step.name for step, before, after in pairs if before != after)
        if kill.is_changed:
            first, last = (kill.answers[i] or "not there" for i in (0, -1))
            lines.append(f"{kill.id} tripped: {first}, then {last}, by {by}")
    return lines


def score_change_text(rule: RuleChange, i: int) -> str:
    """What the i-th step did to a rule, in hundredths of each end; nothing where nothing shows.

    They are differences of scores as printed, so that printed parts add up to printed scores.
    """
    before, after = rule.scores[i], rule.scores[i + 1]
    if before == after:
        return ""
    if before is None:
        return f"added at {score_or_none(after)}"
    if after is None:
        return "removed"
    low, high = (_hundredths(y) - _hundredths(x) for x, y in zip(before.ends, after.ends, strict=True))
    if low == high == 0:
        return ""
    return _signed(low) if low == high else f"{_signed(low)}/{_signed(high)}"


def _signed(hundredths: int) -> str:
    return f"{hundredths:+d}" if hundredths else "0"


def _hundredths(score: float) -> int:
    """A score as it is printed, in hundredths."""
    return round(float(f"{score:.2f}") * HUNDREDTHS)


def score_or_none(score: Interval | None) -> str:
    return formatting.score(score) if score is not None else "none"
