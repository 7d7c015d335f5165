"""Comparison: what changed between two looks at a thesis, and who moved: the world, time or the analyst."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import Any

from thesis import words
from thesis.assessment import Finding, KillFinding
from thesis.interval import Interval
from thesis.journal.causes import CAUSES, OURS
from thesis.journal.difference import Difference, RuleChange, Step, spoken
from thesis.journal.edits import Edit
from thesis.journal.regret import Regret

WIDTH = 80
HUNDREDTHS = 100
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def text(d: Difference, *, rules: bool = False) -> str:
    """The verdict's way from one look to the other, cause by cause, then every rule that changed."""
    lines = [
        f"from {d.a.name} to {d.b.name}",
        *_published(d),
        "",
        *_verdict(d),
        "",
        *_table(d),
        "",
        *(fill(sentence, WIDTH) for sentence in sentences(d)),
    ]
    if rules:
        lines += ["", *edits_text(d.edits)]
    return "\n".join(lines).rstrip() + "\n"


def is_empty(d: Difference) -> bool:
    """Whether there is nothing between the two."""
    return not d.between.present and not d.edits


def sentences(d: Difference) -> list[str]:
    """What happened, in words; one sentence each."""
    if is_empty(d):
        return ["Nothing lies between them."]
    before, after = spoken(d.before), spoken(d.after)
    told = [
        f"The verdict went from {before} to {after}." if before != after else f"The verdict stayed {after}."
    ]
    moved = [step for step in d.steps if step.moves]
    told += [_moved(step) for step in moved]
    told += _with_time(d)
    told += _by_the_old_rules(d)
    order = order_text(d)
    return [*told, order] if order else told


def goalposts(d: Difference) -> str:
    """``under the rules signed in 2026Q1 this would be AT RISK; three bands were eased since``."""
    old, new = spoken(d.under_old_rules), spoken(d.after)
    scored = [edit for edit in d.edits if not edit.is_wording]
    if not scored:
        return "rules did not change"
    would = f"would be {old}" if old != new else f"reads the same, {new}"
    return f"under the rules of {d.a.name} this {would}; {edited(scored)}"


def edited(edits: Sequence[Edit]) -> str:
    """``three bands were eased, one weight was changed``."""
    counts: dict[tuple[str, str], int] = {}
    for edit in edits:
        noun = "band" if edit.path.endswith(".bands") else edit.kind
        way = edit.way or ("added" if not edit.was else "removed" if not edit.now else "changed")
        counts[noun, way] = counts.get((noun, way), 0) + 1
    return words.joined(
        f"{_number(n)} {noun if n == 1 else _plural(noun)} {'was' if n == 1 else 'were'} {way}"
        for (noun, way), n in sorted(counts.items())
    )


def edits_text(edits: Sequence[Edit]) -> list[str]:
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
        lines.append(f"  and {words.count(texts, 'text')} that only people read")
    return lines


def regret_text(found: Sequence[Regret]) -> list[str]:
    """Which signed verdicts would be others on what is known now."""
    if not found:
        return ["no review is signed"]
    lines = ["signed verdicts, on what is known now of the same quarters"]
    for each in found:
        figures = f"{words.count(each.rows, 'figure')} known otherwise or later"
        verdict = f"{each.then}, would be {each.now}" if each.differs else f"{each.then}, the same"
        lines.append(f"  {each.review.name:<10}{verdict} ({figures})")
    return lines


def as_data(d: Difference) -> dict[str, Any]:
    """The whole of it as JSON can hold it: each step's verdict and every rule's score, before and after."""
    return {
        "from": {"name": d.a.name, "as_of": d.a.day, "pack": d.a.pack.digest},
        "to": {"name": d.b.name, "as_of": d.b.day, "pack": d.b.pack.digest},
        "published": [d.a.published, d.b.published],
        "verdict": {"before": spoken(d.before), "after": spoken(d.after)},
        "under_old_rules": spoken(d.under_old_rules),
        "order": list(d.between.present),
        "order_matters": d.order_matters,
        "unsettled": list(d.unsettled),
        "steps": [
            {
                "cause": step.cause,
                "figures": d.between.count(step.cause),
                "before": spoken(step.before),
                "after": spoken(step.after),
                "engines": [step.before.verdict.engines, step.after.verdict.engines],
                "risks": [step.before.verdict.risks, step.after.verdict.risks],
            }
            for step in d.steps
        ],
        "shared": list(d.shared),
        "kill": [{"id": k.id, "answers": list(k.answers)} for k in d.kill if k.is_changed],
        "rules": [{"id": r.id, "scores": list(r.scores), "labels": list(r.labels)} for r in d.rules],
        "edits": [edit._asdict() for edit in d.edits],
        "sentences": sentences(d),
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
    names = [d.a.name, *(f"+ {CAUSES[step.cause]}" for step in d.steps), f"= {d.b.name}"]
    width = max(map(len, names)) + 2
    lines = [f"  {'':<{width}}verdict", f"  {d.a.name:<{width}}{spoken(d.before)}"]
    for step in d.steps:
        mark = "" if step.moves else " (no change)"
        name = f"+ {CAUSES[step.cause]}"
        lines.append(f"  {name:<{width}}{spoken(step.after)}{mark}{_what(d, step)}")
    last = f"= {d.b.name}"
    return [*lines, f"  {last:<{width}}{spoken(d.after)}"]


def _what(d: Difference, step: Step) -> str:
    """How much there was of a cause."""
    rows = d.between.count(step.cause)
    if step.cause == "rules":
        scored = sum(not edit.is_wording for edit in d.edits)
        return f"   {words.count(scored, 'edit')}"
    if rows:
        return f"   {words.count(rows, 'figure')}"
    return ""


def _table(d: Difference) -> list[str]:
    """The rules that changed: before, each cause's part in hundredths (low and high end), after."""
    changed = [rule for rule in d.rules if rule.is_changed]
    if not changed:
        return [*_kills(d), "  no rule's score changed"]
    causes = [step.cause for i, step in enumerate(d.steps) if any(part(rule, i) for rule in changed)]
    width = max(len("score of"), *(len(rule.name) for rule in changed))
    lines = [f"  {'score of':<{width + 2}}{'before':<12}{'after':<12}by (low end, high end, in hundredths)"]
    for rule in changed:
        parts = [
            f"{CAUSES[step.cause]} {part(rule, i)}"
            for i, step in enumerate(d.steps)
            if step.cause in causes and part(rule, i)
        ]
        first, last = score_text(rule.scores[0]), score_text(rule.scores[-1])
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
        by = words.joined(CAUSES[step.cause] for step, before, after in pairs if before != after)
        if kill.is_changed:
            first, last = (kill.answers[i] or "not there" for i in (0, -1))
            lines.append(f"  {kill.id} tripped: {first}, then {last}, by {by}")
    return lines


def part(rule: RuleChange, i: int) -> str:
    """What the i-th step did to a rule, in hundredths of each end; nothing where nothing shows.

    They are differences of scores as printed, so that printed parts add up to printed scores.
    """
    before, after = rule.scores[i], rule.scores[i + 1]
    if before == after:
        return ""
    if before is None:
        return f"added at {score_text(after)}"
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


def score_text(score: Interval | None) -> str:
    return words.score(score) if score is not None else "none"


# sentences ---------------------------------------------------------------------------------------


def _moved(step: Step) -> str:
    who = " That is ours, not the world's." if step.cause in OURS else ""
    name = CAUSES[step.cause]
    return f"{name[0].upper()}{name[1:]} took it from {spoken(step.before)} to {spoken(step.after)}.{who}"


def _with_time(d: Difference) -> list[str]:
    """What came to its end or began by itself as time passed: measures, grades, figures, overrides."""
    step = d.step("time")
    if step is None:
        return []
    told = []
    for before, after in _pairs(step):
        was, now = ({leaf.id: leaf for leaf in finding.leaves()} for finding in (before, after))
        gone = words.joined(leaf.name for name, leaf in was.items() if name not in now)
        came = words.joined(leaf.name for name, leaf in now.items() if name not in was)
        name = after.rule.name
        if gone and came:
            told.append(f"{name} is measured by {came}, no longer by {gone}")
        elif gone or came:
            told.append(f"{name} is {f'no longer measured by {gone}' if gone else f'measured by {came} too'}")
        told += [
            f"{leaf.name} is {leaf.status}"
            for key, leaf in now.items()
            if key in was and was[key].status != leaf.status
        ]
        if before.override and not after.override:
            told.append(f"the override of {name} ended")
    told += [f"{k.id} is overridden no more" for j, k in _kill_pairs(step) if j.override and not k.override]
    return [f"With time: {'; '.join(dict.fromkeys(told))}."] if told else []


def _pairs(step: Step) -> list[tuple[Finding, Finding]]:
    """Each rule that stands on both sides of a step."""
    after = {f.id: f for f in (*step.after.conditions, *step.after.risks)}
    return [(f, after[f.id]) for f in (*step.before.conditions, *step.before.risks) if f.id in after]


def _kill_pairs(step: Step) -> list[tuple[KillFinding, KillFinding]]:
    after = {k.id: k for k in step.after.kill}
    return [(k, after[k.id]) for k in step.before.kill if k.id in after]


def _by_the_old_rules(d: Difference) -> list[str]:
    told = goalposts(d)
    return [f"{told[0].upper()}{told[1:]}."]


def order_text(d: Difference) -> str:
    """In which order causes were taken over, and whether another would tell another story; empty for one."""
    if len(d.between.present) < 2:
        return ""
    order = f"Taken over in this order: {words.joined(CAUSES[name] for name in d.between.present)}."
    if d.order_matters is None:
        return (
            f"{order} Of so many causes only the first and the last place of each were tried; "
            "there it makes no difference."
        )
    if not d.order_matters and not d.shared:
        return f"{order} Another order would tell the same."
    if not d.order_matters:
        rules = words.joined(d.shared)
        return f"{order} Another order would tell the same of the verdict, but split {rules} otherwise."
    names = words.joined(CAUSES[name] for name in d.unsettled)
    return f"{order} The order matters: in another one the part of {names} would be told otherwise."


def _number(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
