"""The rating and its reasons in sentences, the same words in the memo and on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from thesis.case.case import words_of
from thesis.core import formatting
from thesis.core.interval import Interval, apart, point
from thesis.narrative.exclusive_statements import CRITERION, criterion_key
from thesis.pack.schema.judgements import Judgement, Rubric
from thesis.pack.scores import falls_short, is_met
from thesis.scoring.assessment import (
    NONE_NAMED,
    Assessment,
    EvidenceGap,
    Headroom,
    KillResult,
    MeasureResult,
    RuleResult,
    Verdict,
    verdict_text,
)


def engines_text(verdict: Verdict) -> str:
    """The conditions' total with its label: ``.62-.73 (met)``."""
    return f"{formatting.score(verdict.engines)} ({verdict.engines_label})"


def risks_text(verdict: Verdict) -> str:
    """The risks' total with its label: ``.56-.57 (high)``, or ``none named``."""
    return f"{formatting.score(verdict.risks)} ({verdict.risks_label})" if verdict.has_risks else NONE_NAMED


def verdict_sentence(a: Assessment) -> str:
    """One sentence: what carries the thesis, what falls short, what weighs on it."""
    carries = [f.rule.name for f in a.conditions if is_met(f.score)]
    open_ = [f.rule.name for f in a.conditions if not is_met(f.score) and not falls_short(f.score)]
    short = [f.rule.name for f in a.conditions if falls_short(f.score)]
    weighs = [f"{f.rule.name} ({f.label})" for f in a.risks if is_met(f.score)]
    parts = [
        _clause(carries, "carries the thesis", "carry the thesis"),
        _clause(open_, "is in the balance", "are in the balance"),
        _clause(short, "falls short", "fall short"),
    ]
    told = "; ".join(part for part in parts if part)
    if weighs:
        told += f". Against it: {formatting.join_words(weighs)}"
    return f"{told}."


def _clause(names: Sequence[str], one: str, many: str) -> str:
    return f"{formatting.join_words(names)} {one if len(names) == 1 else many}" if names else ""


def not_rated_reason(a: Assessment) -> str:
    """Why there is no rating, and what to do about it."""
    return " ".join(not_rated_lines(a))


def not_rated_lines(a: Assessment) -> list[str]:
    """The same line by line: why there is no rating, and the first steps that restore one."""
    covered = _covered(a.verdict.coverage)
    why = f"{covered} of the evidence is known."
    if a.as_of > a.fresh_until:
        why = (
            f"The figures of {a.quarter} are past their date: those of {a.next_due} were due by "
            f"{formatting.day(a.fresh_until)}. {covered} of the evidence counts."
        )
    if a.work is None:
        return [why, "`thesis todo` lists what to load."]
    from thesis.narrative.work_text import restoring_lines

    return [why, *restoring_lines(a.work)]


def _covered(coverage: float) -> str:
    share = formatting.share(coverage)
    return f"Only {share}" if share != "0%" else "Less than 1%" if coverage else "None"


def confidence_text(v: Verdict) -> str:
    """``confidence B (held down by width; 91% of other weightings agree)``.

    Without a rating there is no verdict for another weighting to agree with.
    """
    found = v.confidence
    if not found.grade:
        return "confidence not graded"
    steady = f"{formatting.share(found.steady)} of other weightings agree" if v.rated else ""
    why = [f"held down by {found.weakest}" if found.weakest else "", steady]
    told = "; ".join(each for each in why if each)
    return f"confidence {found.grade} ({told})" if told else f"confidence {found.grade}"


def verdict_headline(a: Assessment) -> str:
    """``WATCH``, or ``NOT RATED today`` with the last rating."""
    if a.verdict.rated:
        return a.headline
    if a.last_rated is None:
        return "NOT RATED"
    last = a.last_rated
    return f"NOT RATED today; last rated {last.headline} on {formatting.day(last.day)}, on {last.quarter}"


def moving_measures(a: Assessment) -> list[tuple[RuleResult, MeasureResult]]:
    """Each measure that could change the verdict alone, with its rule."""
    able = {(found.rule, found.part) for found in a.flips if found.to}
    return [(f, leaf) for f in a.findings for leaf in f.leaves() if (f.id, leaf.id) in able]


def unmoved_measures(a: Assessment) -> list[str]:
    """The names of the measures that could not."""
    able = {id(leaf) for _, leaf in moving_measures(a)}
    return [leaf.name for f in a.findings for leaf in f.leaves() if id(leaf) not in able]


def learning_text(a: Assessment) -> str:
    """Whether learning what is not known could change the verdict."""
    matter = [gap for gap in a.gaps if gap.matters]
    if matter:
        return f"Learning {formatting.join_words(gap.label for gap in matter[:3])} could change it."
    if not a.verdict.is_determined:
        return "No one thing that is not known would settle it alone; together they leave it open."
    return "Nothing that is not known exactly could change it alone." if a.gaps else "Everything is known."


def waiting_text(gap: EvidenceGap) -> str:
    """What a gap waits for; for a range, that it is one."""
    return "; ".join(gap.waits_for) or "known as a range only"


def trigger_answer(found: KillResult) -> str:
    """``no``, ``YES``, ``unknown``, or for how many of the quarters that it takes it has held."""
    key = criterion_key(found)
    if key == "waiting" and found.waiting:
        held = f"{found.waiting.held} of {found.waiting.must} quarters"
        return f"{CRITERION[key]}: it has held for {held}"
    return {"triggered": "YES", "not triggered": "no"}.get(key, formatting.UNKNOWN_TEXT)


def as_reported_text(v: Verdict) -> str:
    """A verdict in words, such as the one without overrides."""
    return verdict_text(v.worst, v.best) if v.rated else "NOT RATED"


def rule_name(found: RuleResult | KillResult) -> str:
    """What a rule goes by: its name, or a kill criterion's id."""
    return found.id if isinstance(found, KillResult) else found.rule.name


def override_value(found: RuleResult | KillResult) -> str:
    """What an override gives: a score ``.50-.60``, or an answer ``true``, ``no``; nothing without one."""
    if found.override is None:
        return ""
    if isinstance(found, KillResult):
        return str(found.override.answer)
    return formatting.score(found.score) if found.is_given else formatting.answer(found.answer)


def computed_value(found: RuleResult | KillResult) -> str:
    """What stands behind an override: ``weak to met .42-.51``, ``false``, ``yes``; nothing without one."""
    if found.override is None:
        return ""
    if isinstance(found, KillResult):
        return {"true": "yes", "false": "no"}.get(formatting.answer(found.own), formatting.UNKNOWN_TEXT)
    if found.is_given and found.own_score is not None:
        return f"{found.own_label} {formatting.score(found.own_score)}"
    return formatting.answer(found.own_answer)


def own_level(found: RuleResult | KillResult) -> str:
    """``by J. Doe's own word until 2026-10-31; worked out: weak to met .42-.51``; nothing without one."""
    o = found.override
    return f"by {o.by}'s own word until {o.until}; worked out: {computed_value(found)}" if o else ""


def sustained_over(d: Headroom) -> str:
    """`` (2 of 3 quarters)`` behind a value that several quarters make."""
    return f" ({d.sustained} quarters)" if d.sustained else ""


def what_if_text(printed: Mapping[str, str]) -> str:
    """``what if aws.growth = 22.0%``; nothing where nothing is supposed."""
    told = formatting.join_words(f"{name} = {value}" for name, value in printed.items())
    return f"what if {told}" if told else ""


def what_if_figures(a: Assessment) -> str:
    """The figures that a what-if sets, which alone have a say in scores: ``what if price = $300.00``."""
    return what_if_text({name: a.supposed[name] for name in a.given})


def rating_scale(a: Assessment) -> str:
    """Every verdict there is, worst first, the present one marked."""
    return " · ".join(f"**{name}**" if present else name for name, present in level_table(a))


def level_table(a: Assessment) -> list[tuple[str, bool]]:
    """Every verdict there is, worst first, and whether it may be the present one."""
    v = a.verdict
    low, high = v.levels.index(v.worst), v.levels.index(v.best)
    return [(name, low <= i <= high) for i, name in enumerate(v.levels)]


def judgement_rows(a: Assessment) -> list[tuple[Rubric, tuple[Judgement, ...], str]]:
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


def measure_figure(part: MeasureResult, beside: Iterable[float] = ()) -> str:
    """A part's value, or a judgement's level."""
    if part.kind == "group":
        return ""
    if part.kind == "judgement":
        if not part.is_known:
            return formatting.UNKNOWN_TEXT
        return f"level {_levels(part, part.score)} of {_highest(part)}"
    value = measure_value(part, part.value, beside)
    if part.evidence is None or part.evidence.value == part.value:
        return value
    newest = measure_value(part, part.evidence.value, beside)
    return f"{newest}, scored on {value} ({part.measure.sustained} quarters)"


def measure_value(part: MeasureResult, value: Interval | None, beside: Iterable[float] = ()) -> str:
    """A value of a measure, told apart from the edges of its bands and from what is ``beside`` it."""
    words = words_of(part.evidence, value) if part.evidence and value else ""
    return words or formatting.value(value, part.show, part.unit, beside=(*part.edges, *beside))


def short_measure_figure(part: MeasureResult) -> str:
    """This quarter's value alone, for a narrow column."""
    if part.kind == "metric" and part.evidence is not None:
        return measure_value(part, part.evidence.value)
    return measure_figure(part)


def threshold_text(part: MeasureResult) -> str:
    """What the third label, the middle edge, asks for."""
    if part.kind == "judgement":
        return f"level {formatting.level(_highest(part) / 2)}"
    return band_edges_text(part)[2]


def headroom_of(part: MeasureResult) -> str:
    """How far a value is beyond the middle edge, positive on the good side."""
    if part.value is None or part.value.is_anything:
        return ""
    beyond = apart(part.value, point(part.edges[2]))
    return formatting.gap(
        -beyond if part.edges[0] > part.edges[-1] else beyond, part.show, part.unit, part.edges[2]
    )


def band_text(part: MeasureResult) -> str:
    """``5% · 10% · 15% · 20% · 30%``: where the label changes."""
    return " · ".join(band_edges_text(part))


def band_edges_text(part: MeasureResult) -> list[str]:
    """The edges of a measure's bands, each in the unit in which its value is printed."""
    return [
        formatting.edge(written, at, part.show, part.unit)
        for written, at in zip(part.measure.bands, part.edges, strict=True)
    ]


def sparkline_text(part: MeasureResult) -> str:
    """Eight quarters of the measure as a line of blocks."""
    return formatting.sparkline([value for _, value in part.history])


def quarter_values(part: MeasureResult) -> str:
    """The same eight quarters in figures: ``2024Q3 19.1%, 2024Q4 18.9%``."""
    return ", ".join(
        f"{when} {formatting.value(value, part.show, part.unit)}" for when, value in part.history
    )


def adjustment_text(found: RuleResult | MeasureResult) -> str:
    """That a label depends on the adjustment, and what it would be without; an analyst's own does not."""
    if isinstance(found, RuleResult) and found.is_given:
        return ""
    if found.reported_label and found.reported_label != found.label:
        return f"depends on the adjustment: {found.reported_label} as reported"
    return ""


def _highest(part: MeasureResult) -> int:
    return len(part.rubric.levels) - 1 if part.rubric else 1


def _levels(part: MeasureResult, score: Interval) -> str:
    low, high = (formatting.level(end * _highest(part)) for end in (score.lo, score.hi))
    return low if low == high else f"{low}..{high}"
