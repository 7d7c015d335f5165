"""Deriving: what each place of a memo must say, worked out from the assessment alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.tieout import spelling as sp
from thesis.case.case import EvidenceItem
from thesis.pack.schema.judgements import Judgement
from thesis.scoring.assessment import (
    Assessment,
    Headroom,
    KillResult,
    MeasureResult,
    RatingChange,
    RuleResult,
)

Row = Mapping[str, str]


def grades_of(source: Any) -> tuple[Judgement, ...]:
    """The grades that stand behind a judgement or a kill criterion; none for a figure."""
    return tuple(source.grades) if isinstance(source, (MeasureResult, KillResult)) else ()


def evidence_of(source: Any) -> tuple[EvidenceItem, ...]:
    """The values that stand behind a figure, newest first; none for a judgement."""
    if isinstance(source, MeasureResult):
        return source.window if source.kind == "metric" else ()
    return (
        source.window
        if isinstance(source, Headroom)
        else (source,)
        if isinstance(source, EvidenceItem)
        else ()
    )


# tables: for each the columns by which it is known, and for each row's name its cells -----------------


def figure(part: MeasureResult) -> str:
    """A measure's value as it stands in a table."""
    if part.kind == "group":
        return ""
    if part.kind == "judgement":
        assert part.rubric
        top = len(part.rubric.levels) - 1
        if not part.is_known:
            return "unknown"
        low, high = sp.level(part.score.lo * top), sp.level(part.score.hi * top)
        return f"level {low if low == high else f'{low}..{high}'} of {top}"
    scored = sp.spelt(part.value, part.show, part.unit, beside=part.edges)
    if part.value and part.evidence and part.value.lo == part.value.hi == float("inf"):
        return part.evidence.reason  # no number, but a side
    if part.evidence is None or part.evidence.value == part.value:
        return scored
    newest = sp.spelt(part.evidence.value, part.show, part.unit, beside=part.edges)
    return f"{newest}, scored on {scored} ({part.measure.sustained} quarters)"


def standing(found: RuleResult) -> Row:
    """A condition's or a risk's line on page one."""
    part = found.headline
    depends = found.reported_label and found.reported_label != found.label and not found.is_given
    note = f" depends on the adjustment: {found.reported_label} as reported" if depends else ""
    truth = found.answer
    said = "" if truth is None else "unknown" if truth.lo != truth.hi else "true" if truth.lo else "false"
    needs = f"level {sp.level((len(part.rubric.levels) - 1) / 2)}" if part.rubric else edges(part)[2]
    falls = bool(part.edges) and part.edges[0] > part.edges[-1]
    beyond = ""
    if part.value is not None and not part.value.is_anything:
        edge = part.edges[2]
        low, high = part.value.lo - edge, part.value.hi - edge
        beyond = sp.gap(type(part.value)(*((-high, -low) if falls else (low, high))), part.show, part.unit)
    mark = " overridden" if found.override else ""
    label = f"{found.label} {sp.score(found.score)}{mark if found.is_given else ''}"
    literally = f"{said}: {found.rule.holds}" if found.rule.holds else said
    return {
        "now": f"{part.name}: {figure(part)}{note}",
        "met from": needs, "high from": needs, "margin": beyond, "standing": label, "severity": label,
        "taken literally": literally if found.is_given else f"{literally}{mark}",
    }  # fmt: skip


def kills(a: Assessment) -> dict[str, list[Row]]:
    """Each kill criterion's lines, one for each comparison."""
    found: dict[str, list[Row]] = {}
    for k in a.kill:
        tripped = "unknown" if not k.tripped.is_point else "YES" if k.tripped.lo else "no"
        if tripped == "no" and k.now.lo == 1 and not k.override:
            tripped = "not yet: it has held for 1 of 2 quarters"
        tripped += " overridden" if k.override else ""
        if not k.distances:
            found[k.id] = [{"now": k.kill.claim, "trips": f"at level {k.kill.at_least}", "tripped": tripped}]
            continue
        found[k.id] = []
        for i, d in enumerate(k.distances):
            over = f" ({d.sustained} quarters)" if d.sustained else ""
            last = i == len(k.distances) - 1
            moves = f", {_moves(d.moves)}" if d.gap.lo >= 0 else ""
            found[k.id].append(
                {
                    "now": f"{d.label} {sp.spelt(d.value, d.show, d.unit, beside=[d.at])}{over}",
                    "trips": f"{d.trips} {d.edge}{'' if last else ' and'}",
                    "distance": f"{sp.gap(d.gap, d.show, d.unit)}{moves}",
                    "tripped": tripped,
                }
            )
    return found


def measures(parts: Sequence[MeasureResult]) -> Iterator[tuple[str, Row, MeasureResult]]:
    """The lines of a rule's table, groups before what is in them."""
    for part in parts:
        row = {"score": f"{sp.score(part.score)} {part.label}", "weight": sp.share(part.share)}
        if part.kind == "group":
            yield part.name, row, part
            yield from measures(part.parts)
            continue
        top = len(part.rubric.levels) - 1 if part.rubric else 0
        told = " · ".join(edges(part)) if part.kind == "metric" else f"0 to {top}"
        yield part.name, {**row, "now": figure(part), "edges": told, "state": part.status}, part


def flip(found: RatingChange | None) -> str:
    if found is None or not found.to:
        return "none"
    if found.unit == "level":
        return f"level {sp.level(found.value or 0.0)} ({found.to})"
    return f"{sp.spelt(found.value, found.show, found.unit)} ({found.to}, {_moves(found.moves)})"


def _moves(number: float | None) -> str:
    if number is None:
        return "move unknown"
    return f"{sp.whole(number)} move{'' if sp.whole(number) == '1' else 's'}"


def flips(a: Assessment) -> dict[str, Row]:
    by = {(x.rule, x.part, x.better): x for x in a.flips}
    return {
        leaf.name: {
            "now": figure(leaf),
            "better at": flip(by.get((f.id, leaf.id, True))),
            "worse at": flip(by.get((f.id, leaf.id, False))),
        }
        for f in a.findings
        for leaf in f.leaves()
    }


def gaps(a: Assessment) -> dict[str, Row]:
    return {
        gap.label: {
            "score somewhere in": sp.score(gap.score),
            "waits for": "; ".join(gap.waits_for) or "known as a range only",
        }
        for gap in a.gaps
    }


def judgements(a: Assessment) -> dict[str, list[Row]]:
    """Each question's grades, and whether they still count."""
    asked = [(leaf.rubric, leaf.grades, leaf.status) for f in a.findings for leaf in f.leaves()]
    asked += [(k.rubric, k.grades, "fresh" if k.now.is_point else "expired") for k in a.kill]
    found: dict[str, list[Row]] = {}
    for rubric, grades, status in asked:
        if rubric is None:
            continue
        expired = " (expired)" if status == "expired" else ""
        rows: list[Row] = [
            {
                "level": f"{g.level} of {len(rubric.levels) - 1}{expired}",
                "given": f"{g.graded}{', in hindsight' if g.back_filled else ''}",
            }
            for g in grades
        ]
        found.setdefault(f"{rubric.id}: {rubric.asks}", rows)
    return found


def sparks(rules: Sequence[RuleResult]) -> list[str]:
    """The quarters behind each line of blocks in a table of rules."""
    parts = [found.headline for found in rules if found.headline.history]
    return [", ".join(f"{q} {sp.spelt(value, p.show, p.unit)}" for q, value in p.history) for p in parts]


def glance(a: Assessment, published: str = "") -> str:
    """What stays in sight; ``published`` is the last review's verdict."""
    v = a.verdict
    told = [a.headline, "what if" if a.supposed else "", f"published {published}" if published else ""]
    told.append(f"engines {sp.score(v.engines)} {v.engines_label}")
    told.append(f"risks {sp.score(v.risks)} {v.risks_label}" if a.risks else "")
    told.append(f"coverage {sp.share(v.coverage)} confidence {v.confidence.grade or 'none'}")
    return " ".join(part for part in told if part)


# sentences: the figures of each, in order -------------------------------------------------------------


def edges(part: MeasureResult) -> list[str]:
    """As the pack has them, but in points where the value is."""
    return [edge.replace("%", "pp") if part.show == "points" else edge for edge in part.measure.bands]


def finding(found: RuleResult) -> str:
    """The figures of a rule's own section outside its table; its author's words are taken out before."""
    told = [sp.score(found.score)]
    if found.override and not found.is_given:
        told.append(found.override.until)
    if found.lift is not None and found.rule.lift:
        told.append(str(found.rule.lift.levels))
    if found.override and found.is_given and found.own_score:
        told += [found.override.until, sp.score(found.own_score)]
    told += [
        sp.spelt(leaf.reported, leaf.show, leaf.unit)
        for leaf in found.leaves()
        if leaf.measure.because and leaf.reported_label and leaf.reported_label != leaf.label
    ]
    return " ".join(told)
