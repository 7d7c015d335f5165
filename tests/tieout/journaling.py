"""Journaling: what a memo must say of its journal, worked out from the signed files and the rows of facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.tieout import spelling as sp
from thesis.core.interval import Interval
from thesis.files.yaml import read_yaml
from thesis.journal.store import inputs_name
from thesis.narrative.rating_change_text import nearest_changes
from thesis.reports.review_text import ReviewContext
from thesis.scoring.assessment import Assessment, KillResult, RuleResult

Row = Mapping[str, str]
Signed = dict[str, Any]
CALLED = {"restated": "restatements", "filled": "figures found late", "quarters": "new quarters",
          "price": "price", "judgements": "judgements", "overrides": "overrides", "time": "passing of time",
          "dated": "rule changes on a date", "rules": "edited rules"}  # fmt: skip


def signed(folder: Path, name: str) -> Signed:
    """A review as its file has it, every value a text."""
    found: Signed = read_yaml((folder / "reviews" / f"{name}.yaml").read_text("utf-8"), name).value
    return found


def span(worst: str, best: str) -> str:
    return worst if worst == best else f"{worst}..{best}"


# overrides --------------------------------------------------------------------------------------------


def truth(answer: Interval | None, yes: str = "true", no: str = "false") -> str:
    assert answer is not None
    return "unknown" if answer.lo != answer.hi else yes if answer.lo else no


def own(found: RuleResult | KillResult) -> str:
    """What was worked out of a rule that is overridden."""
    if isinstance(found, KillResult):
        return truth(found.own, "yes", "no")
    assert found.override
    if found.override.score:
        assert found.own_score
        return f"{found.own_label} {sp.score(found.own_score)}"
    return truth(found.own_answer)


def overridden(a: Assessment) -> list[tuple[str, RuleResult | KillResult]]:
    named: list[tuple[str, RuleResult | KillResult]] = [(f.rule.name, f) for f in a.findings]
    named += [(k.id, k) for k in a.kill]
    return [(name, found) for name, found in named if found.override]


def given(found: RuleResult | KillResult) -> str:
    o = found.override
    assert o
    if not o.score:
        return o.answer if isinstance(found, KillResult) else {"yes": "true", "no": "false"}[o.answer]
    low, _, high = o.score.partition("..")
    return sp.score(Interval(float(low), float(high or low)))


def overrides(a: Assessment) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for name, each in overridden(a):
        o = each.override
        assert o
        found[name] = {"given": given(each), "worked out": own(each), "by": o.by, "from": o.since,
                       "to": o.until, "why": o.reason}  # fmt: skip
    return found


# what changed -----------------------------------------------------------------------------------------


def causes(r: ReviewContext, a: Assessment, folder: Path) -> dict[str, Row]:
    """Each cause: its rows counted in the files again; the ends are the signed verdict and today's."""
    if r.change is None or r.before is None:
        return {}
    before = signed(folder, r.before.name)
    first = span(before["found"]["worst"], before["found"]["best"])
    rows: dict[str, Row] = {f"as of {r.before.as_of}": {"how much": "", "verdict after it": first}}
    counted = new_rows(folder / "reviews" / "inputs" / inputs_name(folder, r.before), folder, r, a)
    for step in r.change.steps:
        v = step.after.verdict
        n = counted.get(step.cause, 0)
        told = f"{n} figure{'s' if n != 1 else ''}" if n else ""
        if step.cause == "rules":
            edits = sum(not edit.is_wording for edit in r.change.edits)
            told = f"{edits} edit{'s' if edits != 1 else ''}"
        rows[CALLED[step.cause]] = {"how much": told, "verdict after it": span(v.worst, v.best)}
    last = list(rows.values())[-1]["verdict after it"]
    assert last == span(a.verdict.worst, a.verdict.best)
    return rows


def new_rows(then: Path, now: Path, r: ReviewContext, a: Assessment) -> dict[str, int]:
    """How many figures of each kind became known since a review: in its own files and in today's."""
    assert r.before
    old, new = set(_rows(then, r.before.as_of)), set(_rows(now, str(a.as_of)))
    known = {(concept, period) for concept, period, _, _ in old}
    found: dict[str, set[tuple[str, str]]] = {}
    for concept, period, filed, _ in new - old:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", period):
            cause = "price"
        elif (concept, period) in known and filed > r.before.as_of:
            cause = "restated"
        else:
            is_quarter = re.fullmatch(r"\d{4}Q\d", period)
            cause = "quarters" if is_quarter and period > r.before.quarter else "filled"
        found.setdefault(cause, set()).add((concept, period))
    return {cause: len(figures) for cause, figures in found.items()}


def _rows(folder: Path, day: str) -> Iterator[tuple[str, str, str, str]]:
    for file in sorted((folder / "facts").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["filed"] <= day:
                    yield row["concept"], row["period"], row["filed"], f"{row['value']} {row['source']}"


def changed(r: ReviewContext, a: Assessment, folder: Path) -> dict[str, Row]:
    """Each rule that changed, from its signed score to today's; the parts add up, in printed hundredths."""
    if r.change is None or r.before is None:
        return {}
    scores = {each["id"]: each["score"] for key in ("conditions", "risk_rules")
              for each in signed(folder, r.before.name)["found"].get(key, [])}  # fmt: skip
    rows: dict[str, Row] = {}
    for rule in r.change.rules:
        now = a.finding(rule.id)
        assert now
        then = _range(scores[rule.id])
        parts = []
        for i, step in enumerate(r.change.steps):
            x, y = (_hundredths(score) for score in rule.scores[i : i + 2])
            moved = [y[end] - x[end] for end in (0, 1)]
            if any(moved):
                told = dict.fromkeys(f"{move:+d}" if move else "0" for move in moved)
                alike = list(told) if moved[0] == moved[1] else [f"{m:+d}" if m else "0" for m in moved]
                parts.append(f"{CALLED[step.cause]} {'/'.join(alike)}")
        if any(score != rule.scores[0] for score in rule.scores):
            heads = "by, in hundredths of the score (low end/high end)"
            rows[now.rule.name] = {
                "before": sp.score(then), "after": sp.score(now.score), heads: "; ".join(parts)
            }  # fmt: skip
    return rows


def _range(text: str) -> Interval:
    low, _, high = ("0..1" if text == "unknown" else text).partition("..")
    return Interval(float(low), float(high or low))


def _hundredths(score: Interval | None) -> tuple[int, int]:
    assert score is not None
    low, high = (round(float(f"{end:.2f}") * 100) for end in (score.lo, score.hi))
    return low, high


def edited(r: ReviewContext) -> dict[str, Row]:
    edits = [] if r.change is None else [edit for edit in r.change.edits if not edit.is_wording]
    return {
        e.path: {"kind": f"{e.kind}{f', {e.way}' if e.way else ''}", "was": e.was, "is": e.now} for e in edits
    }


# forecasts --------------------------------------------------------------------------------------------


def _share(text: str) -> float:
    return float(text.rstrip("%")) / 100


def losses(r: ReviewContext) -> dict[str, tuple[str, float]]:
    """Each settled forecast's score, reckoned here: its name and the number."""
    found = {}
    for s in r.record.sealed:
        f, value = s.forecast, s.outcome.value
        if value is None or s.excluded:
            continue
        p = [_share(text) for text in f.p]
        if f.kind == "binary":
            found[f.id] = "Brier", (p[0] - value) ** 2
        elif f.kind == "quantiles":
            q = [_share(text) for text in f.values]
            lost = [
                max(t * (value - x), (t - 1) * (value - x)) for t, x in zip((0.1, 0.5, 0.9), q, strict=True)
            ]
            found[f.id] = "pinball", sum(lost) / 3
        else:
            above = p if f.kind == "ladder" else [sum(p[i:]) for i in range(1, len(p))]
            squares = [(x - (value > i)) ** 2 for i, x in enumerate(above)]
            found[f.id] = "RPS", sum(squares) / len(squares)
    return found


def _loss(name: str, value: float) -> str:
    return f"{name} {value:.4g}" if name == "pinball" else f"{name} {sp.rounded(value, 3).removeprefix('0')}"


def chance(f: Any) -> str:
    if f.kind == "binary":
        return str(f.p[0])
    if f.kind == "quantiles":
        return " / ".join(f.values)
    return ", ".join(f"{level}: {p}" for level, p in zip(f.levels, f.p, strict=True))


def settled(r: ReviewContext, a: Assessment) -> dict[str, Row]:
    """What turned out since the review before, by the assessment's own figures."""
    since = r.before.as_of if r.before else ""
    known = {leaf.id: leaf.evidence for f in a.findings for leaf in f.leaves() if leaf.evidence}
    rows: dict[str, Row] = {}
    for s in r.record.sealed:
        f, o = s.forecast, s.outcome
        if o.day is None or str(o.day) <= since:
            continue
        outcome = o.text
        if f.metric and f.period == str(a.quarter):
            value = known[f.metric].value.middle
            rungs = [level for level in f.levels if value >= _share(level)]
            outcome = f"reached {rungs[-1]}" if rungs else sp.spelt(value, "percent")
        name, value = losses(r)[f.id]
        rows[f"{f.id}: {f.text}"] = {
            "forecast": chance(f), "outcome": outcome, "on": str(o.day), "score": _loss(name, value)
        }  # fmt: skip
    return rows


def still_open(r: ReviewContext) -> dict[str, Row]:
    return {
        f"{s.forecast.id}: {s.forecast.text}": {
            "forecast": chance(s.forecast), "by": f"{s.forecast.by}, {s.forecast.made}",
            "settled by": s.forecast.period,
        }
        for s in r.record.sealed if s.outcome.day is None and not s.excluded
    }  # fmt: skip


def track_record(r: ReviewContext) -> str:
    """The figures of the sentence on the record."""
    found = losses(r)
    if not found:
        return ""
    told = []
    for name in ("Brier", "RPS"):
        values = [value for kind, value in found.values() if kind == name]
        if values:
            mean = sp.rounded(sum(values) / len(values), 3).removeprefix("0")
            told.append(f"{mean}{' 0 1' if name == 'Brier' else ''} {len(values)}")
    ranged = [s for s in r.record.sealed if s.forecast.kind == "quantiles" and s.forecast.id in found]
    if ranged:
        ends = [(_share(s.forecast.values[0]), _share(s.forecast.values[-1])) for s in ranged]
        held = sum(low <= (s.outcome.value or 0) <= high for s, (low, high) in zip(ranged, ends, strict=True))
        told.append(f"{held} {len(ranged)} 80%")
    about = {(s.forecast.period, s.forecast.metric or s.forecast.when.partition(" ")[0] or s.forecast.text)
             for s in r.record.sealed if s.forecast.id in found}  # fmt: skip
    return f"{' '.join(told)} {len(about)}"


# sentences: the figures of each, in order -------------------------------------------------------------


def page_one(r: ReviewContext | None, a: Assessment, folder: Path) -> str:
    told = []
    if a.without_overrides:
        for _, found in overridden(a):
            assert found.override
            score = own(found).rpartition(" ")[2] if found.override.score else ""
            told += [given(found) if found.override.score else "", found.override.until, score]
    if r is None:
        return " ".join(told)
    last = r.standing.last
    if last:
        state = signed(folder, last.name)["state"]
        told += [state["since"] if state["since"] != last.quarter else "", _day(last.signed)]
    for trip in r.standing.trips:
        days = (trip.decided or a.as_of) - (trip.lapsed or trip.since)
        told += [str(trip.since), f"{days.days:,}"]
    if r.before:
        told += [r.before.name, _day(r.before.signed)]
        if r.change and [edit for edit in r.change.edits if not edit.is_wording]:
            told += [r.before.name, r.before.signed]
    return " ".join(told)


def sections(r: ReviewContext, a: Assessment) -> str:
    """Headings and sentences behind page one, without what people wrote."""
    told = []
    if r.change and r.change.steps and r.before:
        told += [r.before.name, r.before.name, r.before.signed]
    if r.record.sealed:
        told += [track_record(r)]
    if r.said:
        told += [r.said.signed, r.said.name]
    listed = [each for each in r.due if each.kind == "review"]
    if listed:
        told += [
            re.findall(r"\d{4}Q\d", listed[0].what)[0],
            re.findall(r"\d{4}-\d\d-\d\d", listed[0].what)[0],
        ]
        told += [sp.day(listed[0].day)]
    else:
        told += [a.next_due, sp.day(a.fresh_until)]
    for each in r.due:
        if each.is_overdue and each.kind not in ("review", "figures"):
            told += [str(each.day), each.what]
    return " ".join([*told, *_watched(a)])


def _watched(a: Assessment) -> Iterator[str]:
    """Figures near another verdict, and criteria near their edge."""
    for better in (False, True):
        for x in nearest_changes(a.flips, better=better):
            moves = "" if x.moves is None else sp.whole(x.moves)
            yield f"{x.sustained.replace(' of ', ' ')} {sp.spelt(x.value, x.show, x.unit)} {moves}"
    for k in a.kill:
        may_soon = k.tripped.hi == 1.0 or k.waiting or k.soonest <= 4
        is_close = may_soon and all(d.moves is None or d.moves < 4 for d in k.distances)
        if k.distances and k.tripped.lo < 1 and is_close:
            for d in k.distances:
                over = d.sustained.replace(" of ", " ")
                yield f"{sp.spelt(d.value, d.show, d.unit)} {over} {d.edge}"
            yield "" if k.moves is None else sp.whole(k.moves)


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{int(day)} {sp.MONTHS.split()[int(month) - 1]} {year}"
