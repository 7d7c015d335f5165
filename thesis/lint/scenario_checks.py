"""Checks of the scenarios, base rates, price paths and other tables of valuation.yaml.

Tables, scenarios, routes of the price, correlations, the market's own walk, base rates.
"""

from __future__ import annotations

import math

from thesis.core.interval import total
from thesis.lint.number_checks import NumberChecks
from thesis.pack.assumptions import MULTIPLE, NOMINAL, base_rate_table, growth_name
from thesis.pack.correlations import correlation_matrix, positive_definite, shortfall_text
from thesis.pack.folder import VALUATION
from thesis.pack.schema.valuation import (
    BaseRateTable,
    Correlation,
    DiscountedCashFlow,
    OwnViewWeight,
    PathSettings,
    RequirementTables,
    Scenario,
    ValuationInputs,
)
from thesis.pack.scores import LOGS, score_names

SUMS_TO_ONE = 1e-6
WHOLE, ROUNDED = 100, 1


class ScenarioChecks:
    """The checks of everything but segments, claims and drivers."""

    def __init__(self, figures: NumberChecks, valuation: ValuationInputs) -> None:
        self.figures = figures
        self.valuation = valuation
        self.scores = list(score_names(figures.report.pack.thesis))

    def check(self) -> None:
        valuation = self.valuation
        if valuation.needs:
            self._needs(valuation.needs)
        if valuation.implied:
            self._implied(valuation.implied)
        if valuation.paths:
            self._paths(valuation.paths)
        self._scenarios()
        self._correlations()
        self._market()
        self._base_rates()
        for i, prior in enumerate(valuation.priors):
            self._prior(prior, i)

    def _needs(self, needs: RequirementTables) -> None:
        figures = self.figures
        for i, text in enumerate(needs.dates):
            day = figures.day(text, "needs", "dates", i)
            if day and str(day) <= self.valuation.written:
                message = f"expected a day after the assumptions were written, found {day}"
                figures.wrong("bad-date", message, "needs", "dates", i)
        if needs.lead == MULTIPLE:
            message = "the multiple is what is solved for at each value of the lead"
            figures.wrong("unknown-driver", message, "needs", "lead", hint="name another driver")
        elif needs.lead:
            if figures.driver(needs.lead, "needs", "lead"):
                for i, text in enumerate(needs.lead_values):
                    figures.belief(needs.lead, text, "needs", "lead_values", i)
        elif needs.lead_values:
            message = "the key `lead` is missing, the driver whose values these are"
            figures.wrong("missing-key", message, "needs", "lead_values")

    def _implied(self, dcf: DiscountedCashFlow) -> None:
        figures = self.figures
        for field in ("wacc", "roic"):
            if not getattr(dcf, field):
                figures.wrong("bad-value", "expected at least one rate, found none", "implied", field)
        given = [figures.number(text, "implied", "wacc", i) for i, text in enumerate(dcf.wacc)]
        waccs = [value for value in given if value is not None]
        terminal = figures.number(dcf.terminal_growth, "implied", "terminal_growth")
        if terminal is not None and waccs and terminal >= min(waccs):
            message = f"growth for ever needs a cost of capital above it, found {dcf.terminal_growth}"
            hint = f"expected less than {100 * min(waccs):.6g}%, the lowest of `wacc`"
            figures.wrong("bad-value", message, "implied", "terminal_growth", hint=hint)
        returns = figures.number(dcf.terminal_return, "implied", "terminal_return")
        if terminal is not None and returns is not None and returns <= terminal:
            message = f"growth for ever needs a return above it, found {dcf.terminal_return}"
            figures.wrong("bad-value", message, "implied", "terminal_return")
        figures.sourced(dcf.source, dcf.because, "implied")

    def _paths(self, paths: PathSettings) -> None:
        figures = self.figures
        if not paths.since:
            figures.wrong("bad-value", "expected at least one day, found none", "paths", "since")
        for i, text in enumerate(paths.since):
            figures.past(text, "measured from", "paths", "since", i)
        places = [("paths", "routes", i, "id") for i in range(len(paths.routes))]
        figures.ids([route.id for route in paths.routes], places)
        for i, route in enumerate(paths.routes):
            figures.condition(route.active, [*LOGS, *self.scores], "paths", "routes", i, "active")

    # scenarios -----------------------------------------------------------------------------------

    def _scenarios(self) -> None:
        figures, scenarios = self.figures, self.valuation.scenarios
        figures.ids([s.id for s in scenarios], [("scenarios", i, "id") for i in range(len(scenarios))])
        for i, scenario in enumerate(scenarios):
            self._scenario(scenario, i)
        given = [i for i, scenario in enumerate(scenarios) if scenario.probability]
        chances = [figures.number(scenarios[i].probability, "scenarios", i, "probability") for i in given]
        if given and len(given) < len(scenarios):
            missing = next(i for i in range(len(scenarios)) if i not in given)
            hint = "give every scenario one, or none"
            message = f"scenario `{scenarios[missing].id}` has no probability, others have"
            figures.wrong("bad-weight", message, "scenarios", missing, hint=hint)
        known = [chance for chance in chances if chance is not None]
        if given and len(known) == len(scenarios) and abs(total(known) - 1) > SUMS_TO_ONE:
            message = f"expected probabilities that add up to 100%, found {100 * total(known):.6g}%"
            figures.wrong("bad-weight", message, "scenarios", given[-1], "probability")

    def _scenario(self, scenario: Scenario, i: int) -> None:
        figures = self.figures
        for name, text in (scenario.drivers or {}).items():
            path = ("scenarios", i, "drivers", name)
            if name in figures.drivers:
                figures.belief(name, text, *path)
            else:
                there = f"drivers are {', '.join(figures.drivers)}"
                span = figures.report.documents[VALUATION].key_span(path)
                figures.report.unknown("unknown-driver", "driver", name, figures.drivers, span, there)
        signposts = len(scenario.signposts)
        if signposts or figures.is_written("scenarios", i, "at_least"):
            words = "1, for there is one signpost" if signposts == 1 else f"1 to {signposts} signposts"
            if not 1 <= scenario.at_least <= signposts:
                message = (
                    f"expected {words if signposts else 'signposts to count'}, found `{scenario.at_least}`"
                )
                figures.wrong("bad-value", message, "scenarios", i, "at_least")
        for j, signpost in enumerate(scenario.signposts):
            figures.condition(signpost.when, self.scores, "scenarios", i, "signposts", j, "when")
        if scenario.probability:
            figures.reasoned(scenario.because, "a probability", "scenarios", i, "probability")

    # chances -------------------------------------------------------------------------------------

    def _correlations(self) -> None:
        figures, before = self.figures, len(self.figures.report.problems)
        first: dict[frozenset[str], int] = {}
        for i, each in enumerate(self.valuation.correlations):
            self._correlation(each, i, first)
        if len(figures.report.problems) == before and first:
            names = sorted({name for pair in first for name in pair})
            shortfall = positive_definite(names, correlation_matrix(names, self.valuation.correlations))
            if shortfall:
                hint = "bring them nearer to 0; they are not repaired for you"
                figures.wrong("not-positive-definite", shortfall_text(shortfall), "correlations", hint=hint)

    def _correlation(self, each: Correlation, i: int, first: dict[frozenset[str], int]) -> None:
        figures, path = self.figures, ("correlations", i)
        pair = frozenset(each.between)
        if len(each.between) != 2 or len(pair) != 2:
            found = ", ".join(each.between) or "none"
            figures.wrong("bad-value", f"expected two different drivers, found {found}", *path, "between")
        else:
            known = [figures.driver(name, *path, "between", j) for j, name in enumerate(each.between)]
            if all(known) and pair in first:
                hint = f"it is on line {first[pair]} already"
                message = f"the correlation of {' and '.join(each.between)} is given twice"
                figures.wrong("duplicate-name", message, *path, "between", hint=hint)
            first.setdefault(pair, figures.span(*path).line)
        if not -1 < each.rho < 1:
            message = f"expected a correlation between -1 and 1, found {each.rho:g}"
            figures.wrong("bad-value", message, *path, "rho")
        figures.reasoned(each.because, "a correlation", *path)

    def _market(self) -> None:
        market = self.valuation.market
        if market:
            self.figures.sourced(market.source, market.because, "market")

    def _base_rates(self) -> None:
        figures, tables = self.figures, self.valuation.base_rates
        figures.ids([t.id for t in tables], [("base_rates", i, "id") for i in range(len(tables))])
        for i, rates in enumerate(tables):
            for field in ("source", "vintage", "deflator"):
                if not getattr(rates, field).strip():
                    message = f"a table of base rates without a {field}"
                    figures.wrong("no-source", message, "base_rates", i, field)
            self._price_index(rates, i)
            if self._is_table(rates, i):
                figures.report.attempt("bad-value", figures.span("base_rates", i), base_rate_table, rates)

    def _price_index(self, rates: BaseRateTable, i: int) -> None:
        """Whether sales of today can be held against the sizes of a table in the money of another year."""
        figures, index = self.figures, rates.price_index
        if rates.deflator == NOMINAL or not rates.deflator.strip():
            return
        if index is None:
            message = f"sizes are in {rates.deflator}, and nothing says what sales of today are in these"
            hint = "add `price_index: {then: ..., now: ..., source: ...}`, as of consumer prices"
            figures.warning("no-price-index", message, "base_rates", i, "deflator", hint=hint)
            return
        for field in ("then", "now"):
            if not 0 < getattr(index, field) < math.inf:
                message = f"expected an index above 0, found {getattr(index, field):g}"
                figures.wrong("bad-value", message, "base_rates", i, "price_index", field)
        if not index.source.strip():
            message = "an index of prices without a source"
            figures.wrong("no-source", message, "base_rates", i, "price_index", "source")

    def _is_table(self, rates: BaseRateTable, i: int) -> bool:
        """Whether edges and shares make a table; what they do not is reported."""
        figures, path, before = self.figures, ("base_rates", i), len(self.figures.report.problems)
        edges, shares = list(rates.edges), list(rates.shares)
        if not edges or sorted(set(edges)) != edges:
            found = ", ".join(f"{edge:g}" for edge in edges) or "none"
            figures.wrong("bad-value", f"expected edges that rise, found {found}", *path, "edges")
        if len(shares) != len(edges) + 1:
            message = f"expected {len(edges) + 1} shares, one more than there are edges, found {len(shares)}"
            figures.wrong("bad-value", message, *path, "shares")
        elif abs(total(shares) - WHOLE) > ROUNDED:
            message = f"expected shares that add up to 100, found {total(shares):.6g}"
            figures.wrong("bad-weight", message, *path, "shares", hint="published ones are rounded: within 1")
        if rates.years < 1:
            figures.wrong("bad-value", f"expected 1 year or more, found {rates.years}", *path, "years")
        return len(figures.report.problems) == before and figures.report.fits(VALUATION, *path)

    def _prior(self, prior: OwnViewWeight, i: int) -> None:
        figures, path = self.figures, ("priors", i)
        tables = [rates.id for rates in self.valuation.base_rates]
        if prior.table not in tables:
            there = f"tables are {', '.join(tables)}" if tables else "describe it under `base_rates`"
            span = figures.span(*path, "table")
            figures.report.unknown("unknown-name", "table of base rates", prior.table, tables, span, there)
        rising = {growth_name(segment.id) for segment in self.valuation.segments}
        for j, name in enumerate(prior.drivers):
            if figures.driver(name, *path, "drivers", j) and name not in rising:
                message = f"`{name}` is not a rate of growth, which the table has"
                hint = f"drivers of growth are {', '.join(sorted(rising))}"
                figures.wrong("unknown-driver", message, *path, "drivers", j, hint=hint)
        figures.reasoned(prior.because, "a weight", *path)
