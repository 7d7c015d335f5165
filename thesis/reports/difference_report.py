"""The difference between two states of a thesis, as tables of causes and rules, and as data."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.journal.causes import ComparisonSide
from thesis.journal.difference import CauseStep, Difference, RuleChange, rating_text
from thesis.journal.hindsight import HindsightRating
from thesis.journal.rule_edits import RuleEdit
from thesis.narrative.difference_text import difference_sentences

WIDTH = 80
HUNDREDTHS = 100


def difference_report(d: Difference, *, rules: bool = False) -> str:
    """The verdict's way from one look to the other, cause by cause, then every rule that changed."""
    lines = [
        f"from {d.a.name} to {d.b.name}",
        *_published(d),
        "",
        *_verdict(d),
        "",
        *_table(d),
        "",
        *(fill(sentence, WIDTH) for sentence in difference_sentences(d)),
    ]
    if rules:
        lines += ["", *rule_edits_text(d.edits)]
    return "\n".join(lines).rstrip() + "\n"


def rule_edits_text(edits: Sequence[RuleEdit]) -> list[str]:
    """Every edited value that can move a score, and how many texts were edited."""
    scored = [edit for edit in edits if not edit.is_wording]
    lines = ["edited rules" if scored else "no rule was edited"]
    for edit in scored:
        way = f", {edit.way}" if edit.way else ""
        lines.append(f"  {edit.path} ({edit.kind}{way})")
        lines.append(f"    was  {edit.was or 'not there'}")
        lines.append(f"    now  {edit.now or 'not there'}")
    texts = len(edits) - len(scored)
    if texts:
        lines.append(f"  and {formatting.count(texts, 'text')} that only people read")
    return lines


def hindsight_text(found: Sequence[HindsightRating]) -> list[str]:
    """Which signed verdicts would be others on what is known now."""
    if not found:
        return ["no review is signed"]
    lines = ["signed verdicts, on what is known now of the same quarters"]
    for each in found:
        figures = f"{formatting.count(each.rows, 'figure')} known otherwise or later"
        then = each.then
        if each.recalculated:
            then += (
                f" under rules version {each.review.rules_version}, {each.recalculated} under this program's"
            )
        verdict = f"{then}, would be {each.now}" if each.differs else f"{then}, the same"
        lines.append(f"  {each.review.name:<10}{verdict} ({figures if each.rows else 'nothing new'})")
    return lines


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


def _verdict(d: Difference) -> list[str]:
    names = [d.a.name, *(f"+ {step.name}" for step in d.steps), f"= {d.b.name}"]
    width = max(map(len, names)) + 2
    lines = [f"  {'':<{width}}verdict", f"  {d.a.name:<{width}}{rating_text(d.before)}"]
    for step in d.steps:
        mark = "" if step.moves else " (no change)"
        name = f"+ {step.name}"
        lines.append(f"  {name:<{width}}{rating_text(step.after)}{mark}{_what(d, step)}")
    last = f"= {d.b.name}"
    return [*lines, f"  {last:<{width}}{rating_text(d.after)}"]


def _what(d: Difference, step: CauseStep) -> str:
    """How much there was of a cause."""
    rows = d.between.count(step.cause)
    if step.cause == "rules":
        scored = sum(not edit.is_wording for edit in d.edits)
        return f"   {formatting.count(scored, 'edit')}"
    if rows:
        return f"   {formatting.count(rows, 'figure')}"
    return ""


def _table(d: Difference) -> list[str]:
    """The rules that changed: before, each cause's part in hundredths (low and high end), after."""
    changed = [rule for rule in d.rules if rule.is_changed]
    if not changed:
        return [*_kills(d), "  no rule's score changed"]
    causes = [
        step.cause for i, step in enumerate(d.steps) if any(score_change_text(rule, i) for rule in changed)
    ]
    width = max(len("score of"), *(len(rule.name) for rule in changed))
    lines = [f"  {'score of':<{width + 2}}{'before':<12}{'after':<12}by (low end, high end, in hundredths)"]
    for rule in changed:
        parts = [
            f"{step.name} {score_change_text(rule, i)}"
            for i, step in enumerate(d.steps)
            if step.cause in causes and score_change_text(rule, i)
        ]
        first, last = score_or_none(rule.scores[0]), score_or_none(rule.scores[-1])
        head = f"  {rule.name:<{width + 2}}{first:<12}{last:<12}"
        lines += fill(
            "; ".join(parts) or "nothing in the end",
            WIDTH + 20,
            initial_indent=head,
            subsequent_indent=" " * len(head),
        ).splitlines()
    return [*lines, *_kills(d)]


def _kills(d: Difference) -> list[str]:
    """Kill criteria whose answer changed: before, after, and by which causes."""
    lines = []
    for kill in d.kill:
        pairs = zip(d.steps, kill.answers, kill.answers[1:], strict=False)
        by = formatting.join_words(step.name for step, before, after in pairs if before != after)
        if kill.is_changed:
            first, last = (kill.answers[i] or "not there" for i in (0, -1))
            lines.append(f"  {kill.id} tripped: {first}, then {last}, by {by}")
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
