"""The scores of forecasts that were sealed in reviews before their outcome was known.

A forecast counts if a review that holds it was signed before the day on which it was settled, and was no
back-test. Everything else is listed with the reason why it does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from thesis import calibration as c
from thesis.calibration.mean_scores import Figure, Score
from thesis.calibration.murphy import Murphy
from thesis.calibration.numeric import Coverage
from thesis.calibration.reliability import Bin
from thesis.calibration.sample_size import Evidence
from thesis.calibration.significance import ZTest
from thesis.case.forecast_terms import (
    ANNULLED,
    QUANTILES,
    days_readable,
    forecast_probabilities,
    forecast_quantiles,
)
from thesis.core.period import parse_day
from thesis.journal.forecast_outcomes import ForecastOutcome, forecast_outcomes
from thesis.journal.grader_agreement import GraderAgreement, grader_agreements
from thesis.journal.review_schema import Review
from thesis.pack import scores
from thesis.pack.load import Pack
from thesis.pack.schema.forecasts import Forecast
from thesis.pack.schema.thesis import Measure

BINS = 5  # of probabilities, in a reliability table and in Murphy's split
NO_REFERENCE = "no forecast has such a reference"
MANY_ANNULLED = 0.10  # a larger share is told


class ForecastEntry(NamedTuple):
    """A forecast in the journal, its outcome, and why it does not count (empty where it does or may)."""

    outcome: ForecastOutcome
    review: Review
    excluded: str = ""

    @property
    def forecast(self) -> Forecast:
        return self.outcome.forecast

    @property
    def counts(self) -> bool:
        """Whether it is settled and scored."""
        return not (self.outcome.is_open or self.excluded)

    @property
    def cluster(self) -> tuple[str, str]:
        """What it hangs together with: the review that made it, and what drives it.

        Formula: calibration by clusters of (review, driver). What the analyst calls one event is one in every
        review.
        """
        forecast = self.forecast
        if forecast.cluster:
            return "", forecast.cluster
        return self.review.name, ", ".join(days_readable(forecast)) or forecast.text


class RecordGroup(NamedTuple):
    """The scores of some forecasts, each kind by itself; what has no forecasts says so.

    ``brier`` is on the scale 0 to 1; ``rps`` is of ladders and verdicts; ``pinball`` by metric, in its unit.
    The skills are against the base rates given and against what was so a quarter before; those of ranked
    forecasts and of quantiles against the class or the value of a quarter before, taken for certain.
    ``independent``: how many count as independent, of all kinds; ``independent_binary``: of those that
    ``bins`` holds.
    """

    name: str
    n: int
    independent: int
    independent_binary: int
    evidence: Evidence
    brier: Score
    log: Score
    rps: Score
    pinball: Mapping[str, Score]
    coverage: Coverage
    against_base: Figure
    against_before: Figure
    ranked_against_before: Figure
    pinball_against_before: Mapping[str, Figure]
    murphy: Murphy | None = None
    z: ZTest | None = None
    bins: tuple[Bin, ...] = ()


class ForecastRecord(NamedTuple):
    """Every sealed forecast, and the scores of all, by analyst and by kind of rule."""

    sealed: tuple[ForecastEntry, ...]
    whole: RecordGroup
    by_analyst: tuple[RecordGroup, ...]
    by_kind: tuple[RecordGroup, ...]
    annulled: int
    agreements: tuple[GraderAgreement, ...] = ()

    @property
    def open(self) -> list[ForecastEntry]:
        return [s for s in self.sealed if s.outcome.is_open and not s.excluded]

    @property
    def settled(self) -> list[ForecastEntry]:
        return [s for s in self.sealed if s.counts]

    @property
    def many_annulled(self) -> bool:
        settled = len(self.settled) + self.annulled
        return settled > 0 and self.annulled / settled > MANY_ANNULLED


def forecast_record(pack: Pack, chain: Sequence[Review], day: date) -> ForecastRecord:
    """The track record as a day knows it."""
    sealed = _sealed(pack, chain, day)
    scored = [s for s in sealed if s.counts]
    analysts = sorted({s.forecast.by for s in scored})
    kinds = _kinds(pack)
    of_kind: dict[str, list[ForecastEntry]] = {}
    for each in scored:
        of_kind.setdefault(_kind(each.forecast, kinds), []).append(each)
    return ForecastRecord(
        tuple(sealed),
        _group("all", scored),
        tuple(_group(name, [s for s in scored if s.forecast.by == name]) for name in analysts),
        tuple(_group(name, of_kind[name]) for name in sorted(of_kind)),
        sum(s.outcome.text == ANNULLED for s in sealed),
        tuple(grader_agreements(pack, str(day))),
    )


def _sealed(pack: Pack, chain: Sequence[Review], day: date) -> list[ForecastEntry]:
    first: dict[str, tuple[Forecast, Review]] = {}
    for review in chain:
        if review.signed <= str(day):
            for forecast in review.forecasts:
                first.setdefault(forecast.id, (forecast, review))
    known = forecast_outcomes(pack, [forecast for forecast, _ in first.values()], day, chain)
    return [ForecastEntry(o, first[o.forecast.id][1], _excluded(o, first[o.forecast.id][1])) for o in known]


def _excluded(outcome: ForecastOutcome, review: Review) -> str:
    if review.backtest:
        return "a back-test, written in hindsight"
    if outcome.text == ANNULLED:
        return ANNULLED if outcome.by else f"made on {outcome.day}, when its quarter was public"
    if outcome.day is not None and parse_day(review.signed) >= outcome.day:
        return f"sealed on {review.signed}, when the outcome was known"
    return ""


# scores ------------------------------------------------------------------------------------------


def _group(name: str, scored: Sequence[ForecastEntry]) -> RecordGroup:
    binary = [s for s in scored if s.forecast.kind == "binary"]
    p, y = (
        [forecast_probabilities(s.forecast)[0] for s in binary],
        [int(s.outcome.value or 0) for s in binary],
    )
    ranked = [s for s in scored if s.forecast.kind in ("ladder", "verdict")]
    clusters = [s.cluster for s in scored]
    independent = c.effective_n(clusters)
    numeric = [s for s in scored if s.forecast.kind == "quantiles"]
    edges = c.even_bins(BINS)
    return RecordGroup(
        name=name,
        n=len(scored),
        independent=independent,
        independent_binary=c.effective_n([s.cluster for s in binary]),
        evidence=c.enough(independent),
        brier=c.brier(p, y),
        log=c.log_score(p, y),
        rps=_rps(ranked),
        pinball=_pinball(numeric),
        coverage=c.interval_coverage(
            [(forecast_quantiles(s.forecast)[0], forecast_quantiles(s.forecast)[-1]) for s in numeric],
            [s.outcome.value or 0.0 for s in numeric],
        ),
        against_base=_skill(binary, lambda s: _share(s.forecast.base_rate)),
        against_before=_skill(binary, lambda s: s.outcome.was),
        ranked_against_before=_ranked_skill(ranked),
        pinball_against_before=_numeric_skill(numeric),
        murphy=c.murphy(p, y, edges=edges) if p else None,
        z=c.spiegelhalter_z(p, y) if p else None,
        bins=c.reliability_table(p, y, edges=edges),
    )


def _skill(binary: Sequence[ForecastEntry], reference: Callable[[ForecastEntry], float | None]) -> Figure:
    """How much better than a reference, over the forecasts for which there is one."""
    pairs = [(s, said) for s in binary if (said := reference(s)) is not None]
    if not pairs:
        return Figure(None, NO_REFERENCE)
    y = [int(s.outcome.value or 0) for s, _ in pairs]
    ours = c.brier([forecast_probabilities(s.forecast)[0] for s, _ in pairs], y)
    theirs = c.brier([said for _, said in pairs], y)
    return c.skill(score=ours.value, reference=theirs.value)


def _rps(ranked: Sequence[ForecastEntry]) -> Score:
    return c.rps([_classes(s.forecast) for s in ranked], [int(s.outcome.value or 0) for s in ranked])


def _ranked_skill(ranked: Sequence[ForecastEntry]) -> Figure:
    """Against the class of a quarter before."""
    own = [s for s in ranked if s.outcome.was is not None]
    if not own:
        return Figure(None, NO_REFERENCE)
    certain = [_certain(int(s.outcome.was or 0), len(_classes(s.forecast))) for s in own]
    theirs = c.rps(certain, [int(s.outcome.value or 0) for s in own])
    return c.skill(score=_rps(own).value, reference=theirs.value)


def _certain(place: int, classes: int) -> list[float]:
    return [float(i == place) for i in range(classes)]


def _pinball(numeric: Sequence[ForecastEntry]) -> dict[str, Score]:
    return {metric: _quantile_score(own) for metric, own in _by_metric(numeric)}


def _numeric_skill(numeric: Sequence[ForecastEntry]) -> dict[str, Figure]:
    """Against the value of a quarter before, as if all quantiles lay there."""
    found = {}
    for metric, forecasts in _by_metric(numeric):
        own = [s for s in forecasts if s.outcome.was is not None]
        was = [[s.outcome.was or 0.0] * len(QUANTILES) for s in own]
        theirs = c.quantile_score(was, [s.outcome.value or 0.0 for s in own])
        ours = _quantile_score(own)
        found[metric] = (
            c.skill(score=ours.value, reference=theirs.value) if own else Figure(None, NO_REFERENCE)
        )
    return found


def _quantile_score(own: Sequence[ForecastEntry]) -> Score:
    return c.quantile_score(
        [forecast_quantiles(s.forecast) for s in own], [s.outcome.value or 0.0 for s in own]
    )


def _by_metric(numeric: Sequence[ForecastEntry]) -> list[tuple[str, list[ForecastEntry]]]:
    metrics = sorted({s.forecast.metric for s in numeric})
    return [(metric, [s for s in numeric if s.forecast.metric == metric]) for metric in metrics]


def _classes(forecast: Forecast) -> Sequence[float]:
    """The chances of a ladder's classes, or of a verdict's levels."""
    return (
        c.ladder_classes(forecast_probabilities(forecast))
        if forecast.kind == "ladder"
        else forecast_probabilities(forecast)
    )


def _share(text: str) -> float | None:
    return scores.parse_score(text) if text else None


def score_of(sealed: ForecastEntry) -> tuple[str, float | None]:
    """One forecast's own score, with its name: the Brier score, the RPS, or the pinball loss."""
    forecast, value = sealed.forecast, sealed.outcome.value
    if value is None or not sealed.counts:
        return "", None
    if forecast.kind == "binary":
        return "Brier", c.brier(forecast_probabilities(forecast), [int(value)]).value
    if forecast.kind == "quantiles":
        return "pinball", c.quantile_score([forecast_quantiles(forecast)], [value]).value
    return "RPS", c.rps([_classes(forecast)], [int(value)]).value


# kinds of rule -----------------------------------------------------------------------------------


def _kinds(pack: Pack) -> dict[str, str]:
    """Metric to the kind of rule that it is measured in."""
    found: dict[str, str] = {}
    for kind, rules in (("risk", pack.thesis.risks), ("condition", pack.thesis.conditions)):
        for rule in rules:
            found.update(dict.fromkeys(_metrics(rule.measures), kind))
    return found


def _metrics(measures: Iterable[Measure]) -> Iterable[str]:
    for measure in measures:
        if measure.metric:
            yield measure.metric
        yield from _metrics(measure.measures)


def _kind(forecast: Forecast, kinds: Mapping[str, str]) -> str:
    if forecast.kind == "verdict":
        return "verdict"
    return next((kinds[name] for name in days_readable(forecast) if name in kinds), "other")
