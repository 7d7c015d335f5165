"""Telling: what an assessment says, in sentences; the same words in the memo and on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thesis import words
from thesis.assessment import (
    Assessment,
    Distance,
    Finding,
    Gap,
    KillFinding,
    Part,
    Verdict,
    spoken,
)
from thesis.interval import Interval, point
from thesis.levels import MET
from thesis.shapes import Judgement, Rubric


def verdict(a: Assessment) -> str:
    """One sentence: what carries the thesis, what falls short, what weighs on it."""
    carries = [f.rule.name for f in a.conditions if f.score.lo >= MET]
    open_ = [f.rule.name for f in a.conditions if f.score.lo < MET <= f.score.hi]
    short = [f.rule.name for f in a.conditions if f.score.hi < MET]
    weighs = [f"{f.rule.name} ({f.label})" for f in a.risks if f.score.lo >= MET]
    parts = [
        _clause(carries, "carries the thesis", "carry the thesis"),
        _clause(open_, "is in the balance", "are in the balance"),
        _clause(short, "falls short", "fall short"),
    ]
    told = "; ".join(part for part in parts if part)
    if weighs:
        told += f". Against it: {words.joined(weighs)}"
    return f"{told}."


def _clause(names: Sequence[str], one: str, many: str) -> str:
    return f"{words.joined(names)} {one if len(names) == 1 else many}" if names else ""


def unrated(a: Assessment) -> str:
    """Why there is no rating, and what to do about it."""
    covered = _covered(a.verdict.coverage)
    if a.as_of > a.fresh_until:
        return (
            f"The figures of {a.quarter} are past their date: those of {a.next_due} were due by "
            f"{words.day(a.fresh_until)}. {covered} of the evidence counts. "
            f"Load them with `thesis facts fetch`, or with `thesis facts import FILE`."
        )
    return f"{covered} of the evidence is known."


def _covered(coverage: float) -> str:
    share = words.share(coverage)
    return f"Only {share}" if share != "0%" else "Less than 1%" if coverage else "None"


def confidence(v: Verdict) -> str:
    """``confidence B (held down by width; 91% of other weightings agree)``.

    Without a rating there is no verdict for another weighting to agree with.
    """
    found = v.confidence
    if not found.grade:
        return "confidence not graded"
    steady = f"{words.share(found.steady)} of other weightings agree" if v.rated else ""
    why = [f"held down by {found.weakest}" if found.weakest else "", steady]
    told = "; ".join(each for each in why if each)
    return f"confidence {found.grade} ({told})" if told else f"confidence {found.grade}"


def headline(a: Assessment) -> str:
    """``WATCH``, or ``NOT RATED today`` with the last rating."""
    if a.verdict.rated:
        return a.headline
    if a.last_rated is None:
        return "NOT RATED"
    last = a.last_rated
    return f"NOT RATED today; last rated {last.headline} on {words.day(last.day)}, on {last.quarter}"


def movers(a: Assessment) -> list[tuple[Finding, Part]]:
    """Each measure that could change the verdict alone, with its rule."""
    able = {(found.rule, found.part) for found in a.flips if found.to}
    return [(f, leaf) for f in a.findings for leaf in f.leaves() if (f.id, leaf.id) in able]


def unmoved(a: Assessment) -> list[str]:
    """The names of the measures that could not."""
    able = [leaf for _, leaf in movers(a)]
    return [leaf.name for f in a.findings for leaf in f.leaves() if leaf not in able]


def learning(a: Assessment) -> str:
    """Whether learning what is not known could change the verdict."""
    matter = [gap for gap in a.gaps if gap.matters]
    if matter:
        return f"Learning {words.joined(gap.label for gap in matter[:3])} could change it."
    if not a.verdict.is_determined:
        return "No one thing that is not known would settle it alone; together they leave it open."
    return "Nothing that is not known exactly could change it alone." if a.gaps else "Everything is known."


def waiting(gap: Gap) -> str:
    """What a gap waits for; for a range, that it is one."""
    return "; ".join(gap.waits_for) or "known as a range only"


def tripped(found: KillFinding) -> str:
    """``no``, ``YES``, ``unknown``, or that it has become true and must stay so for another quarter."""
    if not found.tripped.is_point:
        return words.UNKNOWN_TEXT
    if found.tripped.lo == 1.0:
        return "YES"
    return "not yet: it must hold next quarter too" if found.now.lo == 1.0 and not found.override else "no"


def unlike(v: Verdict) -> str:
    """A verdict in words, such as the one without overrides."""
    return spoken(v.worst, v.best) if v.rated else "NOT RATED"


def named(found: Finding | KillFinding) -> str:
    """What a rule goes by: its name, or a kill criterion's id."""
    return found.id if isinstance(found, KillFinding) else found.rule.name


def given(found: Finding | KillFinding) -> str:
    """What an override gives: a score ``.50-.60``, or an answer ``true``, ``no``; nothing without one."""
    if found.override is None:
        return ""
    if isinstance(found, KillFinding):
        return str(found.override.answer)
    return words.score(found.score) if found.is_given else words.answer(found.answer)


def worked_out(found: Finding | KillFinding) -> str:
    """What stands behind an override: ``weak to met .42-.51``, ``false``, ``yes``; nothing without one."""
    if found.override is None:
        return ""
    if isinstance(found, KillFinding):
        return {"true": "yes", "false": "no"}.get(words.answer(found.own), words.UNKNOWN_TEXT)
    if found.is_given and found.own_score is not None:
        return f"{found.own_label} {words.score(found.own_score)}"
    return words.answer(found.own_answer)


def own_word(found: Finding | KillFinding) -> str:
    """``by J. Doe's own word until 2026-10-31; worked out: weak to met .42-.51``; nothing without one."""
    o = found.override
    return f"by {o.by}'s own word until {o.until}; worked out: {worked_out(found)}" if o else ""


def over(d: Distance) -> str:
    """`` (2 of 3 quarters)`` behind a value that several quarters make."""
    return f" ({d.sustained} quarters)" if d.sustained else ""


def supposed(printed: Mapping[str, str]) -> str:
    """``what if aws.growth = 22.0%``; nothing where nothing is supposed."""
    told = words.joined(f"{name} = {value}" for name, value in printed.items())
    return f"what if {told}" if told else ""


def assumed(a: Assessment) -> str:
    """The figures that a what-if sets, which alone have a say in scores: ``what if price = $300.00``."""
    return supposed({name: a.supposed[name] for name in a.given})


def scale(a: Assessment) -> str:
    """Every verdict there is, worst first, the present one marked."""
    return " · ".join(f"**{name}**" if present else name for name, present in levels(a))


def levels(a: Assessment) -> list[tuple[str, bool]]:
    """Every verdict there is, worst first, and whether it may be the present one."""
    v = a.verdict
    low, high = v.levels.index(v.worst), v.levels.index(v.best)
    return [(name, low <= i <= high) for i, name in enumerate(v.levels)]


def judged(a: Assessment) -> list[tuple[Rubric, tuple[Judgement, ...], str]]:
    """Every rubric that has a say, with its grades and whether they still count."""
    found = {
        leaf.rubric.id: (leaf.rubric, leaf.grades, leaf.status)
        for finding in a.findings
        for leaf in finding.leaves()
        if leaf.rubric
    }
    for k in a.kill:
        if k.rubric:
            found.setdefault(k.rubric.id, (k.rubric, k.grades, k.status))
    return list(found.values())


# one measure -----------------------------------------------------------------------------------


def figure(part: Part) -> str:
    """A part's value, or a judgement's level."""
    if part.kind == "group":
        return ""
    if part.kind == "judgement":
        if not part.is_known:
            return words.UNKNOWN_TEXT
        return f"level {_levels(part, part.score)} of {_highest(part)}"
    value = words.value(part.value, part.show, part.unit)
    if part.evidence is None or part.evidence.value == part.value:
        return value
    newest = words.value(part.evidence.value, part.show, part.unit)
    return f"{newest}, scored on {value} ({part.measure.sustained} quarters)"


def short_figure(part: Part) -> str:
    """This quarter's value alone, for a narrow column."""
    if part.kind == "metric" and part.evidence is not None:
        return words.value(part.evidence.value, part.show, part.unit)
    return figure(part)


def needed(part: Part) -> str:
    """What the third label, the middle edge, asks for."""
    if part.kind == "judgement":
        return f"level {words.level(_highest(part) / 2)}"
    return edges(part)[2]


def margin(part: Part) -> str:
    """How far a value is beyond the middle edge, positive on the good side."""
    if part.value is None or part.value.is_anything:
        return ""
    beyond = part.value - point(part.edges[2])
    return words.gap(-beyond if part.edges[0] > part.edges[-1] else beyond, part.show, part.unit)


def bands(part: Part) -> str:
    """``5% · 10% · 15% · 20% · 30%``: where the label changes."""
    return " · ".join(edges(part))


def edges(part: Part) -> list[str]:
    """The edges of a measure's bands, each in the unit in which its value is printed."""
    return [words.edge(*each, part.show) for each in zip(part.measure.bands, part.edges, strict=True)]


def trend(part: Part) -> str:
    """Eight quarters of the measure as a line of blocks."""
    return words.sparkline([value for _, value in part.history])


def quarters(part: Part) -> str:
    """The same eight quarters in figures: ``2024Q3 19.1%, 2024Q4 18.9%``."""
    return ", ".join(f"{when} {words.value(value, part.show, part.unit)}" for when, value in part.history)


def adjustment(found: Finding | Part) -> str:
    """That a label depends on the adjustment, and what it would be without; an analyst's own does not."""
    if isinstance(found, Finding) and found.is_given:
        return ""
    if found.reported_label and found.reported_label != found.label:
        return f"depends on the adjustment: {found.reported_label} as reported"
    return ""


def _highest(part: Part) -> int:
    return len(part.rubric.levels) - 1 if part.rubric else 1


def _levels(part: Part, score: Interval) -> str:
    low, high = (words.level(end * _highest(part)) for end in (score.lo, score.hi))
    return low if low == high else f"{low}..{high}"
