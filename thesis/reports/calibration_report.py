"""The calibration of forecasts on a page, or the statement that there are too few to judge."""

from __future__ import annotations

from thesis.calibration.mean_scores import Figure
from thesis.case.forecast_terms import forecast_text, settlement_source
from thesis.core import formatting
from thesis.journal.forecast_record import ForecastEntry, ForecastRecord, RecordGroup
from thesis.journal.grader_agreement import GraderAgreement
from thesis.reports.review_session import settled_forecast_text

MOST = 40  # settled forecasts listed
NONE = (
    "no forecast is sealed in a review yet: register some with `thesis forecast`, and sign the review that "
    "holds them before the figures arrive"
)

MORE = "the scores all the same: thesis calibration --scores"


def calibration_text(found: ForecastRecord, *, listed: bool = False, scored: bool = False) -> str:
    """The scores of all, by analyst and by kind of rule; then, if ``listed``, every forecast.

    Where there are too few forecasts to judge by, that is all, unless it is ``scored`` all the same.
    """
    if not found.sealed:
        return "\n".join([NONE, *_agreements(found)]) + "\n"
    whole = found.whole
    if whole.n and not whole.evidence.enough:
        lines = [f"{whole.evidence.words} independent forecasts: their scores say nothing of skill yet"]
        lines[0] = lines[0][0].upper() + lines[0][1:]
        lines += [_counts(found), *(["", *_scores(found)] if scored else [MORE])]
    else:
        lines = [_counts(found), "", *_scores(found)]
    if listed:
        lines += ["", *_listed(found)]
    return "\n".join(lines).rstrip() + "\n"


def _scores(found: ForecastRecord) -> list[str]:
    """The scores of all forecasts, by analyst and by kind of rule."""
    lines = _group(found.whole)
    for heading, groups in (("by analyst", found.by_analyst), ("by kind of rule", found.by_kind)):
        if len(groups) > 1:
            lines += ["", heading, *(_line(group) for group in groups)]
    lines += ["", *_reliability(found.whole)] if found.whole.bins else []
    lines += _agreements(found)
    if found.many_annulled:
        lines += ["", f"{found.annulled} annulled: more than a tenth of what is settled"]
    return lines


def _counts(found: ForecastRecord) -> str:
    excluded = [s for s in found.sealed if s.excluded]
    told = [f"{len(found.settled)} settled and scored", f"{len(found.open)} open"]
    if excluded:
        told.append(f"{len(excluded)} not counted (back-tests, annulled, sealed too late)")
    return ", ".join(told)


def _group(group: RecordGroup) -> list[str]:
    if group.n == 0:
        return ["nothing is scored yet"]
    lines = [f"{formatting.count(group.n, 'forecast')}, {group.independent} independent of one another"]
    if group.brier.n:
        lines.append(f"  Brier, 0 to 1       {_loss(group.brier.value)}   (always 50% scores .250)")
        clipped = f", {group.log.clipped} clipped at 1% or 99%" if group.log.clipped else ""
        lines.append(f"  log score, nats     {_loss(group.log.value)}   (always 50% scores .693{clipped})")
        lines.append(f"  against base rates  {_figure(group.against_base)}")
        lines.append(f"  against last time   {_figure(group.against_before)}")
    if group.murphy and group.murphy.brier is not None:
        m = group.murphy
        lines.append(
            f"  Murphy              reliability {_loss(m.reliability)} - resolution {_loss(m.resolution)} "
            f"+ uncertainty {_loss(m.uncertainty)} (within bins {_loss(_within(group))})"
        )
    if group.z and group.z.z is not None:
        lines.append(f"  Spiegelhalter Z     {group.z.z:+.2f}   (beyond +-1.96: not calibrated)")
    if group.rps.n:
        lines.append(
            f"  RPS, 0 to 1         {_loss(group.rps.value)}   (ladders and verdicts: {group.rps.n})"
        )
        lines.append(f"  against last time   {_figure(group.ranked_against_before)}")
    for metric, score in group.pinball.items():
        lines.append(f"  pinball, {metric:<10} {score.value:.4g}   ({formatting.count(score.n, 'forecast')})")
        lines.append(f"  against last time   {_figure(group.pinball_against_before[metric])}")
    if group.coverage.n:
        c = group.coverage
        assert c.low is not None  # there is at least one
        assert c.high is not None
        lines.append(
            f"  80% ranges          {c.hits} of {c.n} held the outcome, "
            f"{formatting.share(c.frequency or 0.0)} "
            f"(95% interval {formatting.share(c.low)} to {formatting.share(c.high)})"
        )
    return lines


def _within(group: RecordGroup) -> float:
    m = group.murphy
    assert m is not None
    return (m.brier or 0.0) - ((m.reliability or 0.0) - (m.resolution or 0.0) + (m.uncertainty or 0.0))


def _line(group: RecordGroup) -> str:
    told = ["no yes-or-no forecast"]
    if group.brier.n:
        told = [f"Brier {_loss(group.brier.value)}, log {_loss(group.log.value)} of {group.brier.n}"]
    if group.rps.n:
        told.append(f"RPS {_loss(group.rps.value)} of {group.rps.n}")
    told += [f"pinball {score.value:.4g} of {score.n} {metric}" for metric, score in group.pinball.items()]
    few = f"; {group.evidence.words}" if group.evidence.words else ""
    return f"  {group.name:<20}{', '.join(told)}{few}"


def _agreements(found: ForecastRecord) -> list[str]:
    lines = [_agreement(each) for each in found.agreements]
    return ["", "how graders agree, weighted kappa", *lines] if lines else []


def _agreement(each: GraderAgreement) -> str:
    over = f"two graders on {formatting.count(each.n, 'quarter')}"
    if each.kappa.value is None:
        return f"  {each.rubric:<20}none: {each.kappa.reason} ({over})"
    poor = ": it is read in two ways, write it anew" if each.is_poor else f"; {each.few}" if each.few else ""
    return f"  {each.rubric:<20}{each.kappa.value:.2f} ({over}){poor}"


def _reliability(group: RecordGroup) -> list[str]:
    lines = ["forecast     n   came true   95% interval"]
    for row in group.bins:
        low, high = formatting.share(row.wilson_low), formatting.share(row.wilson_high)
        span = f"{formatting.share(row.low)} to {formatting.share(row.high)}"
        lines.append(
            f"{span:<12}{row.n:>3}   {formatting.share(row.frequency):>9}   {low} to {high}"
            + (f"   {row.words}" if row.words else "")
        )
    return lines


def _listed(found: ForecastRecord) -> list[str]:
    settled = [s for s in found.sealed if not s.outcome.is_open][-MOST:]
    lines = [settled_forecast_text(each) for each in settled]
    return [*lines, *(_open(each) for each in found.sealed if each.outcome.is_open)]


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
