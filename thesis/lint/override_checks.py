"""Checks of overrides.yaml and forecasts.yaml, each mistake reported at its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from thesis.case.forecast_terms import (
    ANNULLED,
    QUANTILES,
    days_readable,
    may_settle,
    outcome_value,
    public_since,
)
from thesis.core.interval import total
from thesis.core.period import parse_day
from thesis.files.yaml import Path_
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import FORECASTS, OVERRIDES
from thesis.pack.schema.forecasts import REASONS, Forecast, Resolution
from thesis.pack.schema.overrides import Override
from thesis.pack.scores import fraction, parse_score
from thesis.pricing.priced_case import case_as_of

ROUNDING = 1e-6  # by which probabilities of classes may miss 1
MOST_RUNGS = 20
LONGEST = timedelta(days=366)  # of an override


class OverrideChecks:
    """The checks of overrides.yaml and forecasts.yaml."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack

    def check(self) -> None:
        for i, override in enumerate(self.pack.overrides):
            self._override(override, ("overrides", i))
        made = self.pack.forecasts
        if FORECASTS in self.report.documents:
            places: list[Path_] = [("forecasts", i, "id") for i in range(len(made.forecasts))]
            self.report.ids(FORECASTS, [f.id for f in made.forecasts], places)
        for i, forecast in enumerate(made.forecasts):
            self._forecast(forecast, ("forecasts", i))
        for i, resolution in enumerate(made.resolutions):
            self._resolution(resolution, i)

    def check_in_time(self) -> None:
        """What was forecast when its quarter was public, or settled before; the facts are in order."""
        made = self.pack.forecasts
        case = case_as_of(self.pack, self.report.today)
        by_id = {f.id: f for f in made.forecasts}
        for i, resolution in enumerate(made.resolutions):
            then = case_as_of(self.pack, parse_day(resolution.resolved))
            if not may_settle(then, by_id[resolution.forecast], resolution):
                period = by_id[resolution.forecast].period
                message = f"`{resolution.forecast}` was settled by hand before {period} was public"
                hint = "the figures settle it; a word may do so only where they leave it open"
                self.wrong("too-early", message, FORECASTS, ("resolutions", i, "resolved"), hint)
        for i, forecast in enumerate(made.forecasts):
            filed = public_since(case, forecast)
            if filed and forecast.made >= str(filed):
                message = f"`{forecast.id}` was made on {forecast.made}, when {forecast.period} was public"
                hint = f"{forecast.period} was filed on {filed}; the forecast counts as annulled"
                span = self.report.span(FORECASTS, "forecasts", i, "made")
                self.report.warning("late-forecast", message, span, hint)

    # overrides -----------------------------------------------------------------------------------

    def _override(self, override: Override, path: Path_) -> None:
        thesis = self.pack.thesis
        kinds = {rule.id: "condition" for rule in thesis.conditions}
        kinds |= {rule.id: "risk" for rule in thesis.risks} | {kill.id: "kill" for kill in thesis.kill}
        kind = kinds.get(override.rule)
        if kind is None:
            span = self.report.span(OVERRIDES, *path, "rule")
            self.report.unknown(
                "unknown-rule", "rule", override.rule, kinds, span, f"there are {', '.join(kinds)}"
            )
        self._said(OVERRIDES, path, override, (("reason", "a reason"), ("by", "a name")))
        self._span_of_days(OVERRIDES, path, override.since, override.until)
        place = (*path, "entered")
        is_day = bool(override.entered) and self._past(OVERRIDES, place, override.entered)
        if is_day and override.entered < override.since:
            message = f"expected a day on or after {override.since}, found {override.entered}"
            self.wrong("bad-date", message, OVERRIDES, place)
        if kind:
            self._replaces(override, kind, path)

    def _replaces(self, override: Override, kind: str, path: Path_) -> None:
        """Whether it replaces what such a rule has: a score, or an answer."""
        wanted = {
            "condition": "a score or an answer",
            "risk": "a score, for a risk has no answer",
            "kill": "an answer, for a kill criterion has no score",
        }[kind]
        fits = {
            "condition": bool(override.score or override.answer),
            "risk": bool(override.score) and not override.answer,
            "kill": bool(override.answer) and not override.score,
        }[kind]
        if not fits:
            found = "both" if override.score and override.answer else "neither"
            found = "an answer" if override.answer and found == "neither" else found
            found = "a score" if override.score and found == "neither" else found
            place: Path_ = (*path, "score" if kind == "kill" else "answer")
            self.wrong("bad-value", f"expected {wanted}, found {found}", OVERRIDES, place)

    # forecasts -----------------------------------------------------------------------------------

    def _forecast(self, forecast: Forecast, path: Path_) -> None:
        self._said(FORECASTS, path, forecast, (("text", "a text"), ("by", "a name")))
        self._past(FORECASTS, (*path, "made"), forecast.made)
        getattr(self, f"_{forecast.kind}")(forecast, path)
        if forecast.base_rate and not forecast.base_rate_source.strip():
            hint = "say over which quarters or companies it was counted"
            self.wrong("no-source", "a base rate without a source", FORECASTS, (*path, "base_rate"), hint)
        if forecast.supersedes:
            self._supersedes(forecast, path)

    def _supersedes(self, forecast: Forecast, path: Path_) -> None:
        """An update is of the same question, and each forecast is updated once at most."""
        others = [f for f in self.pack.forecasts.forecasts if f is not forecast]
        old = next((f for f in others if f.id == forecast.supersedes), None)
        place: Path_ = (*path, "supersedes")
        if old is None:
            span = self.report.span(FORECASTS, *place)
            names = [f.id for f in others]
            self.report.unknown("unknown-forecast", "forecast", forecast.supersedes, names, span)
        elif (old.kind, old.period, old.metric) != (forecast.kind, forecast.period, forecast.metric):
            found = " ".join(f"{old.kind} {old.metric} of {old.period}".split())
            self.wrong(
                "bad-value", f"expected an update of the same question, found {found}", FORECASTS, place
            )
        elif any(f.supersedes == old.id for f in others):
            hint = "supersede the newest of them"
            self.wrong("duplicate-id", f"`{old.id}` is superseded twice", FORECASTS, place, hint)

    def _binary(self, forecast: Forecast, path: Path_) -> None:
        if forecast.when:  # without, it is for people to settle
            before = len(self.report.problems)
            self.report.condition(forecast.when, FORECASTS, (*path, "when"))
            if len(self.report.problems) == before and not days_readable(forecast):
                message = "expected a condition on some figure, found one that reads none"
                self.wrong("bad-value", message, FORECASTS, (*path, "when"))
        self._chances(forecast, path, 1)

    def _ladder(self, forecast: Forecast, path: Path_) -> None:
        self._metric(forecast, path)
        rungs = self._numbers(forecast.levels, (*path, "levels"))
        if not 1 <= len(forecast.levels) <= MOST_RUNGS or any(b <= a for a, b in pairwise(rungs)):
            message = (
                f"expected 1 to {MOST_RUNGS} rising levels, found {', '.join(forecast.levels) or 'none'}"
            )
            self.wrong("bad-value", message, FORECASTS, (*path, "levels"))
        chances = self._chances(forecast, path, len(forecast.levels))
        if any(b > a for a, b in pairwise(chances)):
            message = f"expected chances that never rise, found {', '.join(forecast.p)}"
            hint = "what reaches a higher level has reached the lower ones"
            self.wrong("bad-value", message, FORECASTS, (*path, "p"), hint)

    def _quantiles(self, forecast: Forecast, path: Path_) -> None:
        self._metric(forecast, path)
        is_read = self.report.fits(FORECASTS, *path, "values")
        values = [parse_score(text) for text in forecast.values] if is_read else []
        if len(forecast.values) != len(QUANTILES):
            message = f"expected the 10, 50 and 90% quantiles, found {', '.join(forecast.values) or 'none'}"
            self.wrong("bad-value", message, FORECASTS, (*path, "values"))
        elif any(b < a for a, b in pairwise(values)):
            message = f"the quantiles cross: {', '.join(forecast.values)}"
            hint = "the 10% quantile comes first, the 90% quantile last"
            self.wrong("crossing", message, FORECASTS, (*path, "values"), hint)

    def _verdict(self, forecast: Forecast, path: Path_) -> None:
        if not forecast.levels:
            message = f"expected `levels`, as in [{', '.join(self.pack.thesis.verdict.levels)}]"
            self.wrong("missing-key", message, FORECASTS, path)
        chances = self._chances(forecast, path, len(forecast.levels))
        if chances and abs(total(chances) - 1) > ROUNDING:
            found = f"{100 * total(chances):.6g}%"
            message = f"expected probabilities that add up to 100%, found {found}"
            self.wrong("bad-weight", message, FORECASTS, (*path, "p"))

    def _metric(self, forecast: Forecast, path: Path_) -> None:
        known = [*self.pack.metrics, *self.pack.concepts]
        if forecast.metric not in known:
            span = self.report.span(FORECASTS, *path, "metric")
            self.report.unknown("unknown-name", "concept or metric", forecast.metric, known, span)

    def _chances(self, forecast: Forecast, path: Path_, wanted: int) -> list[float]:
        """The probabilities, where there are as many as there should be and each is one."""
        place = (*path, "p")
        if len(forecast.p) != wanted:
            message = f"expected {wanted} probabilit{'y' if wanted == 1 else 'ies'}, found {len(forecast.p)}"
            self.wrong("bad-value", message, FORECASTS, place)
            return []
        return [fraction(text) for text in forecast.p] if self.report.fits(FORECASTS, *place) else []

    def _numbers(self, texts: Sequence[str], place: Path_) -> list[float]:
        fine = [
            self.report.attempt("bad-value", self.report.span(FORECASTS, *place, i), parse_score, text)
            for i, text in enumerate(texts)
        ]
        return [parse_score(text) for text in texts] if all(fine) else []

    def _resolution(self, resolution: Resolution, i: int) -> None:
        path: Path_ = ("resolutions", i)
        made = {f.id: f for f in self.pack.forecasts.forecasts}
        forecast = made.get(resolution.forecast)
        span = self.report.span(FORECASTS, *path, "forecast")
        if forecast is None:
            self.report.unknown("unknown-forecast", "forecast", resolution.forecast, made, span)
        elif resolution.forecast in [r.forecast for r in self.pack.forecasts.resolutions[:i]]:
            self.report.problem("duplicate-id", f"`{resolution.forecast}` is settled twice", span, "keep one")
        else:
            place = self.report.span(FORECASTS, *path, "outcome")
            self.report.attempt("bad-value", place, outcome_value, forecast, resolution.outcome)
        if (resolution.outcome == ANNULLED) != bool(resolution.because):
            reasons = f"one of {', '.join(REASONS)}" if resolution.outcome == ANNULLED else "none"
            message = f"expected as `because` {reasons}, found {resolution.because or 'nothing'}"
            hint = "only what is annulled has such a reason, and taste is none"
            self.wrong("bad-value", message, FORECASTS, path, hint)
        self._past(FORECASTS, (*path, "resolved"), resolution.resolved)
        if forecast and resolution.resolved < forecast.made:
            message = (
                f"expected a day on or after {forecast.made}, when it was made, found {resolution.resolved}"
            )
            self.wrong("bad-date", message, FORECASTS, (*path, "resolved"))
        self._said(FORECASTS, path, resolution, (("by", "a name"),))
        for field, missing in (("evidence", "evidence"), ("source", "a source")):
            if not getattr(resolution, field).strip():
                hint = "say what it rests on, and where that can be read"
                self.wrong("no-source", f"a resolution without {missing}", FORECASTS, (*path, field), hint)

    # shared --------------------------------------------------------------------------------------

    def _said(self, file: str, path: Path_, item: object, wanted: Sequence[tuple[str, str]]) -> None:
        for field, missing in wanted:
            if not getattr(item, field).strip():
                self.wrong("missing-key", f"expected {missing}, found nothing", file, (*path, field))

    def _past(self, file: str, path: Path_, text: str) -> bool:
        """Whether a text is a day; one that is still to come is reported too."""
        fine = self.report.fits(file, *path)
        if fine and text > str(self.report.today):
            message = f"expected a day up to today ({self.report.today}), found {text}"
            self.wrong("future-date", message, file, path)
        return fine

    def _span_of_days(self, file: str, path: Path_, since: str, until: str) -> None:
        if not self._past(file, (*path, "since"), since):
            since = ""
        fine = self.report.fits(file, *path, "until")
        if fine and until < since:
            message = f"expected an end on or after {since}, found {until}"
            self.wrong("bad-date", message, file, (*path, "until"), "an expiry lies after what it ends")
        elif fine and since and parse_day(until) - parse_day(since) > LONGEST:
            message = f"expected an end within a year of {since}, found {until}"
            self.wrong("bad-date", message, file, (*path, "until"), "another review may renew it then")

    def wrong(self, code: str, message: str, file: str, path: Path_, hint: str = "") -> None:
        self.report.problem(code, message, self.report.span(file, *path), hint)
