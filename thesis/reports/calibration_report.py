"""The calibration of forecasts on a page, or the statement that there are too few to judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from thesis.calibration.mean_scores import Figure
from thesis.calibration.reliability import Bin
from thesis.case.forecast_terms import forecast_text, settlement_source
from thesis.core import formatting
from thesis.document.blocks import (
    RIGHT,
    Block,
    Column,
    Document,
    LabelledTexts,
    Line,
    spaced_groups,
    table_of,
)
from thesis.journal.forecast_record import ForecastEntry, ForecastRecord, RecordGroup
from thesis.journal.grader_agreement import GraderAgreement
from thesis.reports.review_session import settled_forecast_text

WIDTH = 100
LABEL = 20
LAST_TIME = "against last time"
MOST = 40  # settled forecasts listed
NONE = (
    "no forecast is sealed in a review yet: register some with `thesis forecast`, and sign the review that "
    "holds them before the figures arrive"
)

MORE = "the scores all the same: thesis calibration --scores"


def calibration_document(found: ForecastRecord, *, listed: bool = False, scored: bool = False) -> Document:
    """The scores of all, by analyst and by kind of rule; then, if ``listed``, every forecast.

    Where there are too few forecasts to judge by, that is all, unless it is ``scored`` all the same.
    """
    if not found.sealed:
        return Document(WIDTH, spaced_groups([[Line(NONE)], _agreements(found)]))
    whole = found.whole
    head: list[Block] = [Line(_counts(found))]
    is_scored = True
    if whole.n and not whole.evidence.enough:
        few = f"{whole.evidence.words} independent forecasts: their scores say nothing of skill yet"
        is_scored = scored
        head = [Line(formatting.capitalise(few)), *head, *([] if scored else [Line(MORE)])]
    groups = [head, *(_score_groups(found) if is_scored else []), _listed(found) if listed else []]
    return Document(WIDTH, spaced_groups(groups))


def _score_groups(found: ForecastRecord) -> list[list[Block]]:
    """The scores of all forecasts, by analyst and by kind of rule, and how graders agree."""
    many = f"{found.annulled} annulled: more than a tenth of what is settled"
    return [
        _group(found.whole),
        _groups("by analyst", found.by_analyst),
        _groups("by kind of rule", found.by_kind),
        [table_of(RELIABILITY_COLUMNS, found.whole.bins)] if found.whole.bins else [],
        _agreements(found),
        [Line(many)] if found.many_annulled else [],
    ]


def _groups(heading: str, groups: Sequence[RecordGroup]) -> list[Block]:
    """A line for each group, where there are several."""
    if len(groups) < 2:  # one is the whole
        return []
    return [Line(heading), _labelled((group.name, _in_short(group)) for group in groups)]


def _labelled(rows: Iterable[tuple[str, str]]) -> LabelledTexts:
    return LabelledTexts(tuple(rows), LABEL, breaks=False)


def _counts(found: ForecastRecord) -> str:
    excluded = [s for s in found.sealed if s.excluded]
    told = [f"{len(found.settled)} settled and scored", f"{len(found.open)} open"]
    if excluded:
        told.append(f"{len(excluded)} not counted (back-tests, annulled, sealed too late)")
    return ", ".join(told)


def _group(group: RecordGroup) -> list[Block]:
    if group.n == 0:
        return [Line("nothing is scored yet")]
    head = f"{formatting.count(group.n, 'forecast')}, {group.independent} independent of one another"
    return [Line(head), _labelled(_scores(group))]


def _scores(group: RecordGroup) -> Iterator[tuple[str, str]]:
    """Each score of a group by its name."""
    if group.brier.n:
        yield "Brier, 0 to 1", f"{_loss(group.brier.value)}   (always 50% scores .250)"
        clipped = f", {group.log.clipped} clipped at 1% or 99%" if group.log.clipped else ""
        yield "log score, nats", f"{_loss(group.log.value)}   (always 50% scores .693{clipped})"
        yield "against base rates", _figure(group.against_base)
        yield LAST_TIME, _figure(group.against_before)
    if group.murphy and group.murphy.brier is not None:
        m = group.murphy
        parts = f"reliability {_loss(m.reliability)} - resolution {_loss(m.resolution)}"
        within = f"(within bins {_loss(_within(group))})"
        yield "Murphy", f"{parts} + uncertainty {_loss(m.uncertainty)} {within}"
    if group.z and group.z.z is not None:
        yield "Spiegelhalter Z", f"{group.z.z:+.2f}   (beyond +-1.96: not calibrated)"
    if group.rps.n:
        yield "RPS, 0 to 1", f"{_loss(group.rps.value)}   (ladders and verdicts: {group.rps.n})"
        yield LAST_TIME, _figure(group.ranked_against_before)
    for metric, score in group.pinball.items():
        yield f"pinball, {metric}", f"{score.value:.4g}   ({formatting.count(score.n, 'forecast')})"
        yield LAST_TIME, _figure(group.pinball_against_before[metric])
    if group.coverage.n:
        c = group.coverage
        assert c.low is not None  # there is at least one
        assert c.high is not None
        interval = f"(95% interval {formatting.share(c.low)} to {formatting.share(c.high)})"
        held = f"{c.hits} of {c.n} held the outcome, {formatting.share(c.frequency or 0.0)}"
        yield "80% ranges", f"{held} {interval}"


def _within(group: RecordGroup) -> float:
    m = group.murphy
    assert m is not None
    return (m.brier or 0.0) - ((m.reliability or 0.0) - (m.resolution or 0.0) + (m.uncertainty or 0.0))


def _in_short(group: RecordGroup) -> str:
    told = ["no yes-or-no forecast"]
    if group.brier.n:
        told = [f"Brier {_loss(group.brier.value)}, log {_loss(group.log.value)} of {group.brier.n}"]
    if group.rps.n:
        told.append(f"RPS {_loss(group.rps.value)} of {group.rps.n}")
    told += [f"pinball {score.value:.4g} of {score.n} {metric}" for metric, score in group.pinball.items()]
    few = f"; {group.evidence.words}" if group.evidence.words else ""
    return f"{', '.join(told)}{few}"


def _agreements(found: ForecastRecord) -> list[Block]:
    if not found.agreements:
        return []
    return [
        Line("how graders agree, weighted kappa"),
        _labelled((each.rubric, _agreement(each)) for each in found.agreements),
    ]


def _agreement(each: GraderAgreement) -> str:
    over = f"two graders on {formatting.count(each.n, 'quarter')}"
    if each.kappa.value is None:
        return f"none: {each.kappa.reason} ({over})"
    poor = ": it is read in two ways, write it anew" if each.is_poor else f"; {each.few}" if each.few else ""
    return f"{each.kappa.value:.2f} ({over}){poor}"


RELIABILITY_COLUMNS = (
    Column[Bin](
        "forecast", lambda row: f"{formatting.share(row.low)} to {formatting.share(row.high)}", is_head=True
    ),
    Column[Bin]("n", lambda row: str(row.n), align=RIGHT),
    Column[Bin]("came true", lambda row: formatting.share(row.frequency), align=RIGHT),
    Column[Bin](
        "95% interval",
        lambda row: f"{formatting.share(row.wilson_low)} to {formatting.share(row.wilson_high)}",
    ),
    Column[Bin]("", lambda row: row.words),
)


def _listed(found: ForecastRecord) -> list[Block]:
    settled = [s for s in found.sealed if not s.outcome.is_open][-MOST:]
    still_open = [each for each in found.sealed if each.outcome.is_open]
    return [Line(told) for told in (*map(settled_forecast_text, settled), *map(_open, still_open))]


def _open(each: ForecastEntry) -> str:
    f = each.forecast
    told = f"{f.id} ({forecast_text(f)}) {f.text}: open, to be settled by {settlement_source(f)}"
    return f"{told}; not counted: {each.excluded}" if each.excluded else told


def _loss(value: float | None) -> str:
    return "none" if value is None else formatting.loss(value)


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return f"none: {figure.reason}"
    return f"skill {figure.value:+.2f}   (above 0 is better than the reference)"
