"""What changed between two states of a thesis, company, time or our rules, in a sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core import formatting, semantics
from thesis.journal.causes import CAUSES, OURS, PROGRAM
from thesis.journal.difference import CauseStep, Difference, rating_text
from thesis.journal.rule_edits import RuleEdit
from thesis.scoring.assessment import KillResult, RuleResult

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def is_empty(d: Difference) -> bool:
    """Whether there is nothing between the two."""
    return not d.steps and not d.edits


def difference_sentences(d: Difference) -> list[str]:
    """What happened, in words; one sentence each."""
    if is_empty(d):
        return ["Nothing lies between them."]
    before, after = rating_text(d.before), rating_text(d.after)
    told = [
        f"The verdict went from {before} to {after}." if before != after else f"The verdict stayed {after}."
    ]
    moved = [step for step in d.steps if step.moves]
    told += [_moved(step) for step in moved]
    told += _reasons(d)
    told += _with_time(d)
    told += _measured_otherwise(d)
    told += [f"{change.day}: {change.text.rstrip('.')}." for change in d.between.dated]
    told += _by_the_old_rules(d)
    order = order_text(d)
    return [*told, order] if order else told


def goalposts_sentence(d: Difference) -> str:
    """``under the rules signed in 2026Q1 this would be AT RISK; three bands were eased since``."""
    old, new = rating_text(d.under_old_rules), rating_text(d.after)
    scored = [edit for edit in d.edits if not edit.is_wording]
    if not scored:
        return "no rule was edited" if d.between.dated else "rules did not change"
    would = f"would be {old}" if old != new else f"reads the same, {new}"
    return f"under the rules of {d.a.name} this {would}; {rule_edits_sentence(scored)}"


def rule_edits_sentence(edits: Sequence[RuleEdit]) -> str:
    """``three bands were eased, one weight was changed``."""
    counts: dict[tuple[str, str], int] = {}
    for edit in edits:
        noun = "band" if edit.path.endswith(".bands") else edit.kind
        way = edit.way or ("added" if not edit.was else "removed" if not edit.now else "changed")
        counts[noun, way] = counts.get((noun, way), 0) + 1
    return formatting.join_words(
        f"{_number(n)} {noun if n == 1 else _plural(noun)} {'was' if n == 1 else 'were'} {way}"
        for (noun, way), n in sorted(counts.items())
    )


def _moved(step: CauseStep) -> str:
    who = " That is ours, not the world's." if step.cause in OURS else ""
    if step.cause == PROGRAM:
        who = " That is the program, not the world."
    name = step.name
    return (
        f"{name[0].upper()}{name[1:]} took it from {rating_text(step.before)} to "
        f"{rating_text(step.after)}.{who}"
    )


def _reasons(d: Difference) -> list[str]:
    """Why the program gives other figures than those that were sealed, as far as it knows."""
    spans = [sorted(step.versions) for step in d.steps if step.versions]
    return [
        f"Rules version {each.number} ({each.day}): {each.reason}"
        for each in semantics.VERSIONS
        if any(low < each.number <= high for low, high in spans)
    ]


def _with_time(d: Difference) -> list[str]:
    """What came to its end by itself as time passed: grades, figures, overrides."""
    step = d.step("time")
    if step is None:
        return []
    told = []
    for before, after in _pairs(step):
        was, now = ({leaf.id: leaf for leaf in finding.leaves()} for finding in (before, after))
        told += [
            f"{leaf.name} is {leaf.status}"
            for key, leaf in now.items()
            if key in was and was[key].status != leaf.status
        ]
        if before.override and not after.override:
            told.append(f"the override of {after.rule.name} ended")
    told += [f"{k.id} is overridden no more" for j, k in _kill_pairs(step) if j.override and not k.override]
    return [f"With time: {'; '.join(dict.fromkeys(told))}."] if told else []


def _measured_otherwise(d: Difference) -> list[str]:
    """Rules that a step measures otherwise without an edit and without a day of their own."""
    told = []
    for step in d.steps:
        for before, after in _pairs(step) if step.cause not in ("dated", "rules", PROGRAM) else ():
            was, now = ({leaf.id: leaf for leaf in finding.leaves()} for finding in (before, after))
            gone = formatting.join_words(leaf.name for name, leaf in was.items() if name not in now)
            came = formatting.join_words(leaf.name for name, leaf in now.items() if name not in was)
            name = after.rule.name
            if gone and came:
                told.append(f"{name} is measured by {came}, no longer by {gone}")
            elif gone or came:
                told.append(
                    f"{name} is {f'no longer measured by {gone}' if gone else f'measured by {came} too'}"
                )
    return [f"Measured otherwise: {'; '.join(dict.fromkeys(told))}."] if told else []


def _pairs(step: CauseStep) -> list[tuple[RuleResult, RuleResult]]:
    """Each rule that stands on both sides of a step."""
    after = {f.id: f for f in (*step.after.conditions, *step.after.risks)}
    return [(f, after[f.id]) for f in (*step.before.conditions, *step.before.risks) if f.id in after]


def _kill_pairs(step: CauseStep) -> list[tuple[KillResult, KillResult]]:
    after = {k.id: k for k in step.after.kill}
    return [(k, after[k.id]) for k in step.before.kill if k.id in after]


def _by_the_old_rules(d: Difference) -> list[str]:
    told = goalposts_sentence(d)
    return [f"{told[0].upper()}{told[1:]}."]


def order_text(d: Difference) -> str:
    """In which order causes were taken over, and whether another would tell another story; empty for one."""
    if len(d.between.present) < 2:
        return ""
    within = ", under one rules version" if any(step.cause == PROGRAM for step in d.steps) else ""
    order = (
        f"Taken over in this order{within}: "
        f"{formatting.join_words(CAUSES[name] for name in d.between.present)}."
    )
    if d.order_matters is None:
        return (
            f"{order} Of so many causes only the first and the last place of each were tried; "
            "there it makes no difference."
        )
    if not d.order_matters and not d.shared:
        return f"{order} Another order would tell the same."
    if not d.order_matters:
        rules = formatting.join_words(d.shared)
        return f"{order} Another order would tell the same of the verdict, but split {rules} otherwise."
    names = formatting.join_words(CAUSES[name] for name in d.unsettled)
    return f"{order} The order matters: in another one the part of {names} would be told otherwise."


def _number(n: int) -> str:
    return NUMBERS[n] if n < len(NUMBERS) else f"{n:,}"


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
