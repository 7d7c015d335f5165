"""Collects every figure that a workbook needs, before cells are assigned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.pack.scores import persistence
from thesis.pack.used_names import used_names
from thesis.scoring.assessment import Assessment
from thesis.scoring.volatility import QUARTERS
from thesis.workbook.kill_criteria_sheet import criterion_keys
from thesis.workbook.quarter_grid import GridKey, QuarterGrid

Named = tuple[str, GridKey]


class PlanSection(NamedTuple):
    """Rows of the sheet of metrics under a heading, each with its label."""

    title: str
    rows: Sequence[Named]


def plan_grid(grid: QuarterGrid, a: Assessment, appraisal: Appraisal | None) -> list[PlanSection]:
    """Ask for every metric of the pack, the claims, lifts and kill criteria, and what the valuation reads."""
    sections = [
        PlanSection("Metrics", list(_metrics(grid, a))),
        PlanSection("Claims taken literally, what raises risks, kill criteria", list(_claims(grid, a))),
    ]
    if appraisal is not None:
        sections.append(PlanSection("Figures of the valuation", list(_figures(grid, appraisal))))
    values = grid.case.pack.values
    worked_out = [(each.label, GridKey("metric", name)) for name, each in values.items()]
    asked = [row for row in worked_out if row[1] in grid.quarters]
    sections.insert(0, PlanSection("What the valuation works out, as values", asked))
    return [section for section in sections if section.rows]


def _metrics(grid: QuarterGrid, a: Assessment) -> Iterator[Named]:
    case = grid.case
    newest = [case.quarter - back for back in range(QUARTERS)]
    read = used_names(case.pack) if case.pack.origins else case.pack.metrics
    for name, metric in case.pack.metrics.items():
        if name not in read:
            continue
        yield metric.label, grid.ask(name, newest)
    for finding in a.findings:
        for leaf in finding.leaves():
            if leaf.kind == "metric":
                window = persistence(leaf.measure)[1]
                grid.ask(leaf.id, [case.quarter - back for back in range(window)])


def _claims(grid: QuarterGrid, a: Assessment) -> Iterator[Named]:
    quarter = grid.case.quarter
    for finding in a.findings:
        if finding.rule.holds:
            yield f"{finding.rule.name}, taken literally", grid.ask(finding.rule.holds, [quarter])
        if finding.rule.lift:
            yield f"{finding.rule.name} is raised while", grid.ask(finding.rule.lift.when, [quarter])
    for found in a.kill:
        if found.kill.when:
            key = grid.ask(found.kill.when, [quarter, quarter - 1])
            yield f"{found.id}: {found.kill.claim}", key
        yield from ((f"{found.id}, a part", key) for key in criterion_keys(grid, found))
    for evidence in (a.header.price, a.header.market_cap):
        if evidence:
            grid.ask(evidence.name, [quarter])


def _figures(grid: QuarterGrid, appraisal: Appraisal) -> Iterator[Named]:
    """The formulas of valuation.yaml; the price is a concept."""
    valuation, quarter = appraisal.valuation, [grid.case.quarter]
    grid.ask(grid.case.pack.thesis.price, quarter)
    listed = [("Shares", valuation.shares)]
    if any(segment.rest for segment in valuation.segments):
        listed += [("Sales, four quarters", valuation.total.sales)]
        listed += [("Operating income, four quarters", valuation.total.ebit)]
    for segment in valuation.segments:
        listed += [(f"{segment.name}: sales, four quarters", segment.sales)] if segment.sales else []
        listed += [(f"{segment.name}: operating income, four quarters", segment.ebit)] if segment.ebit else []
        listed += [(f"{segment.name}: margin today", segment.margin_now)] if segment.margin_now else []
    counted = [claim for claim in valuation.claims if claim.counted]
    listed += [(claim.name, claim.value) for claim in counted]
    listed += [(f"{claim.name}: what was paid", claim.cost) for claim in counted if claim.cost]
    for label, text in listed:
        yield label, grid.ask(text, quarter)
