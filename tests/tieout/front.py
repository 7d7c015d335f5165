"""Page one: what its figures must be, derived from the assessment, the pack and the days before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.tieout import deriving as dv
from tests.tieout import journaling as jn
from tests.tieout import spelling as sp
from tests.tieout import worth as wt
from thesis.case.case import EvidenceItem, NothingKnown
from thesis.core.interval import Interval
from thesis.core.period import Quarter, parse_day
from thesis.facts.fact import Fact
from thesis.narrative.rating_change_text import nearest_changes
from thesis.pack.dated_changes import dated_changes
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.reports.review_text import ReviewContext
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, KillResult, MeasureResult, RatingChange, RuleResult

NAMED = 4  # figures that moved


def latest(part: MeasureResult) -> str:
    """This quarter's figure of a measure, or the level of a judgement."""
    if part.kind == "metric" and part.evidence is not None:
        if part.evidence.value.lo == part.evidence.value.hi == float("inf"):
            return part.evidence.reason  # no number, but a side
        return sp.spelt(part.evidence.value, part.show, part.unit, beside=part.edges)
    return dv.figure(part)


def prior(pack: Pack, a: Assessment, found: RuleResult) -> EvidenceItem | None:
    """The headline metric a quarter earlier; nothing of a judgement or of what was not known."""
    if found.headline.kind != "metric":
        return None
    was = case_as_of(pack, a.as_of, a.given).evidence(found.headline.id, a.quarter - 1)
    return None if was.value.is_anything else was


# tables -------------------------------------------------------------------------------------------------


def head(a: Assessment) -> dv.Row:
    """What stands at the head: only what there is, each under a label with its own day."""
    h, v, target, row = a.header, a.appraisal, a.target, dict[str, str]()
    if h.price:
        age = ", supposed"
        if h.price.status != "assumed":
            day = parse_day(h.price.period)
            days = (a.as_of - day).days
            age = f" on {sp.day(day)}" + (f", {days} day{'' if days == 1 else 's'} old" if days else "")
        row[f"Price{age}"] = sp.spelt(h.price.value, "usd", h.price.unit)
    if h.market_cap:
        row["Market cap"] = sp.spelt(h.market_cap.value, "billions", h.market_cap.unit)
    if target:
        label = f"Target by {sp.day(parse_day(target['by']))}"
        row[label] = sp.spelt(target["market_cap"], "billions", target["unit"])
    if h.to_target:
        row["Upside"] = sp.spelt(h.to_target, "percent")
    if v is None or v.needs is None:
        return row
    at = next((each for each in v.needs.dates if each.day == v.by), None)
    if at:
        row["Return needed"] = f"{sp.brief(at.cap_cagr, 'percent')} a year"
    now = sp.brief(v.needs.multiple_now, "multiple")
    lever = next((each for each in v.levers if each.name == "multiple"), None)
    if lever and lever.breakeven is not None and v.market_cap < v.target * (1 - 5e-4):
        row["Operating EV/EBIT, now and needed"] = f"{now}, {sp.spelt(lever.breakeven, 'multiple')}"
    else:
        row["Operating EV/EBIT, now"] = now
    return row


def lines(pack: Pack, a: Assessment, rules: Sequence[RuleResult]) -> dict[str, list[dv.Row]]:
    """A line for each rule, by its name and that of the measure that stands for it."""
    return {name(found): [_line(pack, a, found)] for found in rules}


def name(found: RuleResult) -> str:
    """The first cell of a line."""
    part = found.headline
    return found.rule.name if part.name == found.rule.name else f"{found.rule.name}: {part.name}"


def _line(pack: Pack, a: Assessment, found: RuleResult) -> dv.Row:
    part, was = found.headline, prior(pack, a, found)
    sustained = ""
    if part.evidence is not None and part.evidence.value != part.value:
        value = sp.spelt(part.value, part.show, part.unit, beside=part.edges)
        sustained = f" ({value} in {part.measure.sustained} quarters)"
    depends = found.reported_label and found.reported_label != found.label and not found.is_given
    status = f"{found.label}{f'; {found.reported_label} as reported' if depends else ''}"
    return {
        "latest": f"{latest(part)}{sustained}",
        "last quarter": sp.spelt(was.value, part.show, part.unit, beside=part.edges) if was else "",
        "threshold": str(dv.standing(found)["met from"]),
        "status": f"{status}{' overridden' if found.is_given else ''}",
    }


# sentences ----------------------------------------------------------------------------------------------


def sentences(pack: Pack, a: Assessment, r: ReviewContext | None, folder: Path) -> str:
    """Every figure of page one's paragraphs, in their order."""
    told = [f"{a.quarter}", *a.supposed.values()]
    told += [sp.day(a.as_of), sp.day(a.known_to)] if a.known_to else []
    told += [*_rating(a), *_journal(a, r, folder), *_bottom_line(a)]
    told += _why(a) if a.verdict.rated else []
    told += _since(pack, a, r)
    told += _changes(a) if a.verdict.rated else []
    said = r.said if r else None
    if said and (said.decision or said.note):
        told += [sp.day(parse_day(said.signed)), said.quarter]
    told += [a.next_due, sp.day(a.fresh_until)]
    for each in [each for each in (r.due if r else ()) if each.kind != "figures"][:3]:
        told += [each.what, sp.day(each.day)]
    told += [sp.score(a.verdict.engines), sp.score(a.verdict.risks) if a.risks else ""]
    told += [sp.share(a.verdict.coverage), a.digest[:8]]
    return " ".join(told)


def _rating(a: Assessment) -> Iterator[str]:
    v = a.verdict
    if v.rated and v.confidence.grade:
        yield sp.share(v.confidence.steady)
    if not v.rated:
        if a.last_rated:
            yield f"{sp.day(a.last_rated.day)} {a.last_rated.quarter}"
        late = a.as_of > a.fresh_until
        yield f"{a.quarter} {a.next_due} {sp.day(a.fresh_until)}" if late else ""
        yield sp.share(v.coverage)
        yield from _restoring(a)
    yield f"{sp.day(a.as_of)} {a.quarter} {sp.day(a.filed)}"


def _restoring(a: Assessment) -> Iterator[str]:
    """The steps that restore a rating: two of many and how many more there are, or up to three."""
    steps = a.work.restoring
    if not steps and a.work.steps:
        yield sp.share(a.work.required)
    for i, step in enumerate(steps[: 3 if len(steps) <= 3 else 2], 1):
        due = sp.day(step.due) if step.due else ""
        own = [each for each in step.inputs if each.command]
        yield f"{i} {step.document} {step.on_file or due} {' '.join(step.commands)}"
        yield (
            own[0].command
            if len(own) == 1
            else " ".join([str(len(own)), *(each.name for each in own)] * bool(own))
        )
    if len(steps) > 3:
        yield str(len(steps) - 2)


def _journal(a: Assessment, r: ReviewContext | None, folder: Path) -> Iterator[str]:
    """As page one says it of the journal, without what happened since, which follows further down."""
    yield jn.page_one(r._replace(before=None) if r else None, a, folder)


def _bottom_line(a: Assessment) -> Iterator[str]:
    v = a.appraisal
    if v is None:
        return
    if v.reason:
        yield v.reason
        return
    unit = v.start.market_cap.unit
    target, away = sp.spelt(v.target, "billions", unit), abs(v.market_cap / v.target - 1)
    yield target
    if not v.is_passed:
        yield " ".join(wt.supposed(v))
        yield f"{sp.spelt(v.market_cap, 'billions', unit)} {sp.day(v.by)}"
        yield sp.spelt(away, "percent") if away >= 5e-4 else ""
    yield " ".join(sp.brief(each.market_cap, "billions", unit) for each in v.scenarios)
    if v.is_passed:
        return
    if v.chances:
        walk = v.chances
        shares = (walk.volatility, walk.drift, walk.by.touch, walk.by.end)
        yield " ".join(_whole(each) for each in shares)
    if v.needs and v.needs.waits:
        rate, wait = v.needs.waits[len(v.needs.waits) // 2]
        if not wait.is_anything:
            day = a.as_of + timedelta(days=round((wait.lo + wait.hi) / 2 * 365.25))
            yield f"{100 * rate:.4g}% {day.year}"


def _whole(value: Interval | float) -> str:
    low, high = (value, value) if isinstance(value, float) else (value.lo, value.hi)
    ends = [f"{100 * end:.0f}" for end in (low, high)]
    return f"{ends[0]}%" if ends[0] == ends[1] else f"{ends[0]} {ends[1]}%"


def _why(a: Assessment) -> Iterator[str]:
    met = [f for f in a.conditions if f.score.lo >= 0.5 - 1e-12]
    short = [f for f in a.conditions if f.score.hi < 0.5 - 1e-12]
    between = [f for f in a.conditions if f not in met and f not in short]
    heavy = [f for f in worst(a.risks, is_good=False) if f.score.lo >= 0.5 - 1e-12]
    for found in (*met, *between, *short, *heavy):
        yield latest(found.headline)


def worst(rules: Sequence[RuleResult], *, is_good: bool) -> list[RuleResult]:
    """Rules with the worst score first."""
    return sorted(rules, key=lambda f: (f.score.lo + f.score.hi) * (1 if is_good else -1))


def _since(pack: Pack, a: Assessment, r: ReviewContext | None) -> Iterator[str]:
    if a.given:
        return
    before: Sequence[RuleResult]
    edits = restated = 0
    if r and r.before and r.change:
        heard = r.change.before
        before = (*heard.conditions, *heard.risks)
        yield f"{r.before.name} {sp.day(parse_day(r.before.signed))}"
        edits = sum(not edit.is_wording for edit in r.change.edits)
        restated = r.change.between.count("restated")
        since = parse_day(r.before.as_of)
    else:
        day = a.filed - timedelta(days=1)
        try:
            earlier = assess(pack, day)
        except NothingKnown:
            return
        before = earlier.findings
        yield f"{earlier.quarter} {sp.day(day)}"
        restated, since = _restated(pack, day, a), day
    moved = _moved({f.id: f for f in before}, a)
    for was, now in moved[:NAMED]:
        yield f"{latest(was)} {latest(now)}"
    yield f"{len(moved) - NAMED}" if len(moved) > NAMED else ""
    yield f"{restated}" if restated else ""
    yield f"{edits}" if edits else ""
    for change in dated_changes(pack, since, a.as_of):
        yield f"{sp.day(change.day)} {change.text}"


def _moved(before: Mapping[str, RuleResult], a: Assessment) -> list[tuple[MeasureResult, MeasureResult]]:
    found = []
    for rule in a.findings:
        now = rule.headline
        leaves = before[rule.id].leaves() if rule.id in before else ()
        was = next((leaf for leaf in leaves if leaf.id == now.id), None)
        if was is None:
            continue
        ends = [each.evidence.value if each.evidence else each.score for each in (was, now)]
        if ends[0] != ends[1]:
            way = max(abs(now.score.lo - was.score.lo), abs(now.score.hi - was.score.hi))
            found.append((way if was.is_known and now.is_known else 0.0, was, now))
    return [(was, now) for _, was, now in sorted(found, key=lambda each: -each[0])]


def _restated(pack: Pack, day: Any, a: Assessment) -> int:
    """Figures that a company has stated anew since a day, with another value."""
    found = set()
    for concept in pack.facts.concepts:
        rows = [fact for fact in pack.facts.of(concept) if fact.filed <= a.as_of]
        known: dict[Any, Fact] = {}
        for fact in rows:
            if fact.filed <= day:
                known[fact.item, fact.period] = fact
        for fact in rows:
            place = fact.item, fact.period
            is_new = fact.filed > day and isinstance(fact.period, Quarter)
            if is_new and place in known and fact.value != known[place].value:
                found.add((concept, *place))
    return len(found)


def _changes(a: Assessment) -> Iterator[str]:
    v = a.verdict
    for better, end in ((False, v.worst == v.levels[0]), (True, v.best == v.levels[-1])):
        if end:
            continue
        near = nearest_changes(a.flips, better=better)
        whole = [x for x in a.flips if x.better == better and x.to and not x.part]
        for x in near:
            yield _change(x)
        for x in whole[:2] if not near else ():
            yield sp.score(Interval(x.score or 0.0, x.score or 0.0))
        for pair in (each for each in a.pairs if each.better == better):
            for x in pair.parts:
                yield f"{x.sustained.replace(' of ', ' ')} {sp.spelt(x.value, x.show, x.unit)}"
            yield f"{pair.within:g}" if not pair.to else _times(pair.moves)
    yield from _kill(a.kill)


def _change(x: RatingChange) -> str:
    if x.unit == "level":
        return sp.level(x.value or 0.0)
    sustained = x.sustained.replace(" of ", " ") if x.sustained else ""
    return f"{sustained} {sp.spelt(x.value, x.show, x.unit)} {_times(x.moves)}"


def _times(moves: float | None) -> str:
    return "" if moves is None or moves < 0 else f"{max(moves, 0.1):.2g}"


def _kill(kill: Sequence[KillResult]) -> Iterator[str]:
    if not kill:
        return
    triggered = [k for k in kill if k.has_tripped]
    yield f"{len(kill)}" if not triggered and len(kill) > 1 else ""
    for k in kill:
        if k.waiting and not k.override and not k.has_tripped:
            yield f"{k.waiting.held} {k.waiting.must}"
    known = [k for k in kill if k.criterion and not k.has_tripped and k.criterion.is_measured]
    within = {k.id: max(k.moves, k.soonest) for k in known if k.moves is not None}
    close = min((k for k in known if k.id in within), key=lambda k: within[k.id], default=None)
    if close is not None and not triggered:
        for d in close.distances:
            yield f"{sp.spelt(d.value, d.show, d.unit, beside=[d.at])} {d.sustained} {d.edge}"
        yield _times(close.moves)
