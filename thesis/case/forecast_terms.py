"""The terms of a forecast (when it can be settled, its probabilities), and the value of an outcome.

Lint reads them all first; after it, nothing here can fail but an outcome that somebody enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from thesis.core.interval import reaches
from thesis.core.number_text import remedy
from thesis.core.period import Quarter
from thesis.language.nodes import Name
from thesis.language.syntax import SyntaxProblem, parse
from thesis.pack import scores
from thesis.pack.schema.forecasts import Forecast, Resolution

if TYPE_CHECKING:
    from thesis.case.case import Case
    from thesis.pack.load import Pack

ANNULLED = "annulled"
QUANTILES = (0.1, 0.5, 0.9)


def forecast_probabilities(forecast: Forecast) -> list[float]:
    """The probabilities: one, one for each rung, or one for each level."""
    return [scores.parse_score(text) for text in forecast.p]


def forecast_quantiles(forecast: Forecast) -> list[float]:
    """The 10, 50 and 90% quantiles, in the metric's unit."""
    return [scores.parse_score(text) for text in forecast.values]


def days_readable(forecast: Forecast) -> list[str]:
    """The metrics and concepts that settle a forecast, each once; none of one that people settle."""
    text = forecast.metric or forecast.when
    if not text:
        return []
    return sorted({node.name for node in parse(text).walk() if isinstance(node, Name)})


def formulas_of(pack: Pack, forecasts: Iterable[Forecast]) -> dict[str, str]:
    """The formula of each metric that some forecasts read, and of those that it reads in turn, by name."""
    found: dict[str, str] = {}
    names = [name for forecast in forecasts for name in days_readable(forecast)]
    while names:
        name = names.pop()
        metric = pack.metrics.get(name)
        if metric and name not in found:
            found[name] = metric.formula
            names += [node.name for node in parse(metric.formula).walk() if isinstance(node, Name)]
    return dict(sorted(found.items()))


def is_by_figures(forecast: Forecast) -> bool:
    """Whether figures can tell how it turned out; else people do, or a review."""
    return bool(forecast.when or forecast.metric)


def public_since(case: Case, forecast: Forecast) -> date | None:
    """The day on which the quarter of a forecast was first filed, as far as the case's day knows it."""
    return case.first_filed.get(Quarter.parse(forecast.period))


def late_forecasts(case: Case) -> list[Forecast]:
    """The forecasts that were made when their quarter was public, as far as the case's day knows it.

    They count as annulled.
    """
    known = case.first_filed
    made = (each for each in case.pack.forecasts.forecasts if each.made <= str(case.as_of))
    return [f for f in made if f.made >= str(known.get(Quarter.parse(f.period), date.max))]


def may_settle(case: Case, forecast: Forecast, said: Resolution) -> bool:
    """Whether a word may settle a forecast on a case's day: no figure tells, or its quarter's are out.

    That it is annulled may be said before.
    """
    is_public = public_since(case, forecast) is not None
    return said.outcome == ANNULLED or is_public or not is_by_figures(forecast)


def settlement_source(forecast: Forecast) -> str:
    """What will settle it: ``the figures of 2026Q3``, ``the review of 2026Q3`` or ``hand, in 2026Q3``."""
    if forecast.kind == "verdict":
        return f"the review of {forecast.period}"
    return f"the figures of {forecast.period}" if is_by_figures(forecast) else f"hand, in {forecast.period}"


def rungs_reached(forecast: Forecast, value: float) -> int:
    """How many of a ladder's rungs a value reaches."""
    return sum(reaches(value, scores.parse_score(text)) for text in forecast.levels)


def outcome_value(forecast: Forecast, text: str) -> float | None:
    """What an outcome that was entered by hand is scored by; None where the forecast is annulled.

    Errors: ``ValueError`` that says what was expected.
    """
    if text == ANNULLED:
        return None
    named: Sequence[str] = ("no", "yes") if forecast.kind == "binary" else forecast.levels
    if forecast.kind in ("binary", "verdict"):
        if text not in named:
            raise ValueError(f"expected {', '.join(named)} or {ANNULLED}, found `{text}`")
        return float(list(named).index(text))
    try:
        value = scores.parse_score(text)
    except SyntaxProblem:
        raise ValueError(
            f"expected a value such as 24.5% or {ANNULLED}, found `{text}`{remedy(text)}"
        ) from None
    return float(rungs_reached(forecast, value)) if forecast.kind == "ladder" else value


def outcome_text(forecast: Forecast, value: float) -> str:
    """An outcome in words: ``yes``, ``reached 25%``, ``below 20%``, ``AT RISK``, ``71254000000``."""
    if forecast.kind == "binary":
        return "yes" if value else "no"
    if forecast.kind == "verdict":
        return forecast.levels[int(value)]
    if forecast.kind == "ladder":
        return f"reached {forecast.levels[int(value) - 1]}" if value else f"below {forecast.levels[0]}"
    return f"{value:.12g}"


def forecast_text(forecast: Forecast) -> str:
    """What was forecast, in short: ``60%``, ``20%: 85%, 25%: 60%``, ``71e9 / 80e9 / 88e9``."""
    if forecast.kind == "binary":
        return forecast.p[0]
    if forecast.kind == "quantiles":
        return " / ".join(forecast.values)
    return ", ".join(f"{level}: {p}" for level, p in zip(forecast.levels, forecast.p, strict=True))
