"""Checks of what valuation.yaml starts from: target, price, segments, bridge items, assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from thesis.core.period import parse_day
from thesis.files.yaml import Path_
from thesis.language.units import BASES, RATIO, Powers, unit_name
from thesis.lint.no_effect_checks import NoEffectChecks
from thesis.lint.number_checks import NumberChecks
from thesis.lint.problem_list import ProblemList
from thesis.lint.scenario_checks import ScenarioChecks
from thesis.lint.valuation_totals import ValuationTotalChecks
from thesis.pack.assumptions import (
    CASH_FLOW,
    MULTIPLE,
    growth_name,
    margin_name,
    unsound_middle,
    unsound_spread,
)
from thesis.pack.folder import THESIS, VALUATION
from thesis.pack.schema.valuation import AssumptionRange, BridgeItem, Segment

# What is reckoned at every corner of what is uncertain grows with the lists; so no list is long.
MOST_LISTED = 20
MOST = {"dates": 50, "drivers": 100, "correlations": 200, "edges": 100, "shares": 101}
DAYS_A_YEAR = 365.25
RESERVED = (MULTIPLE, CASH_FLOW)


class ValuationChecks:
    """The checks of valuation.yaml, of a pack that has one."""

    def __init__(self, report: ProblemList) -> None:
        assert report.pack.valuation
        self.valuation = report.pack.valuation
        self.report = report
        self.figures = NumberChecks(report)

    def check(self) -> None:
        if self._is_too_long():
            return
        self._head()
        self._total()
        self._ids()
        for i, segment in enumerate(self.valuation.segments):
            self._segment(segment, i)
        for i, claim in enumerate(self.valuation.claims):
            self._claim(claim, i)
        for name, (driver, path) in self.figures.drivers.items():
            self._driver(name, driver, path)
        ValuationTotalChecks(self.figures, self.valuation).check()
        ScenarioChecks(self.figures, self.valuation).check()

    def doubts(self) -> None:
        """What is likely not meant, of a valuation that is in order."""
        ValuationTotalChecks(self.figures, self.valuation).doubts()
        NoEffectChecks(self.figures, self.valuation).check()

    def _is_too_long(self) -> bool:
        """Whether some list is longer than can be reckoned with; if so, it is reported."""
        found = False
        for path, value in _walk((), self.report.documents[VALUATION].value):
            what = str(path[-1]) if path else ""
            most = MOST.get(what, MOST_LISTED)
            if isinstance(value, list) and len(value) > most:
                found = True
                message = f"expected at most {most} {what.replace('_', ' ')}, found {len(value):,}"
                self.figures.wrong("too-many-values", message, *path)
        return found

    # what it starts from -------------------------------------------------------------------------

    def _head(self) -> None:
        report, figures, thesis = self.report, self.figures, self.report.pack.thesis
        figures.past(self.valuation.written, "written on", "written")
        top = report.span(THESIS)
        if thesis.target is None:
            hint = "add `target: {market_cap: ..., by: ...}` here"
            report.problem("missing-key", "the key `target` is missing, which a valuation is for", top, hint)
        elif not thesis.target.market_cap > 0:
            span = report.span(THESIS, "target", "market_cap")
            message = f"expected a market value above 0, found {thesis.target.market_cap:g}"
            report.problem("bad-value", message, span)
        if not thesis.price:
            hint = "add `price:` here, the name of a daily concept"
            message = "the key `price` is missing, from which a valuation starts"
            report.problem("missing-key", message, top, hint)
        elif thesis.price in report.types and not self._currency():
            unit = report.types[thesis.price].unit
            message = f"expected a share price such as USD/share, `{thesis.price}` is in {unit}"
            report.problem("unit-clash", message, report.span(THESIS, "price"))
        elif thesis.target and self._currency() and self._currency() != ((thesis.target.unit, 1),):
            currency = unit_name(self._currency())
            message = f"the target is in {thesis.target.unit}, the price in {currency}"
            hint = (
                f"say `unit: {currency}` in the target, or put one of the two into the currency of the other"
            )
            report.problem("unit-clash", message, report.span(THESIS, "target"), hint)
        self._unit(self.valuation.shares, (("shares", 1),), "shares")
        if not self.valuation.segments:
            hint = "a company with one business is one segment with `rest: true`"
            figures.wrong("bad-value", "a valuation has at least one segment", "segments", hint=hint)

    def _currency(self) -> Powers:
        """The money that the share price is in; nothing where the price is none."""
        found = self.report.types.get(self.report.pack.thesis.price)
        powers = dict(found.powers or ()) if found else {}
        share, money = powers.pop("shares", 0), tuple(powers.items())
        is_price = share == -1 and len(money) == 1 and money[0][1] == 1 and money[0][0] not in BASES
        return money if is_price else ()

    def _total(self) -> None:
        for field in ("sales", "ebit"):
            self._annual(getattr(self.valuation.total, field), "total", field)

    def _ids(self) -> None:
        """Ids of segments and claims, the names of drivers that come of them, and whether those are free."""
        figures, valuation = self.figures, self.valuation
        items: list[tuple[str, int, Segment | BridgeItem]] = []
        items += [("segments", i, s) for i, s in enumerate(valuation.segments)]
        items += [("claims", i, c) for i, c in enumerate(valuation.claims)]
        figures.ids([item.id for _, _, item in items], [(kind, i, "id") for kind, i, _ in items])
        for kind, i, item in items:
            if item.id in RESERVED:
                hint = f"drivers of the whole are called {' and '.join(RESERVED)}"
                figures.wrong("duplicate-name", f"`{item.id}` is a driver already", kind, i, "id", hint=hint)
        for i, segment in enumerate(valuation.segments):
            figures.drivers[growth_name(segment.id)] = segment.growth, ("segments", i, "growth")
            figures.drivers[margin_name(segment.id)] = segment.margin, ("segments", i, "margin")
        figures.drivers[MULTIPLE] = valuation.multiple, ("multiple",)
        if valuation.cash_flow:
            figures.drivers[CASH_FLOW] = valuation.cash_flow, ("cash_flow",)
        for i, claim in enumerate(valuation.claims):
            if claim.horizon:
                figures.drivers[claim.id] = claim.horizon, ("claims", i, "horizon")

    def _segment(self, segment: Segment, i: int) -> None:
        figures, path = self.figures, ("segments", i)
        given = [field for field in ("sales", "ebit", "margin_now") if getattr(segment, field)]
        given += ["rest"] if segment.rest else []
        if given not in (["sales", "ebit"], ["sales", "margin_now"], ["rest"]):
            found = " and ".join(f"`{field}`" for field in given) or "none of them"
            message = f"expected `sales` with `ebit` or `margin_now`, or `rest: true`, found {found}"
            figures.wrong("one-kind", message, *path)
        elif segment.rest and any(other.rest for other in self.valuation.segments[:i]):
            message = "a second segment that is the rest"
            figures.wrong("one-kind", message, *path, "rest", hint="only one can be what the others leave")
        for field in ("sales", "ebit"):
            if getattr(segment, field):
                self._annual(getattr(segment, field), *path, field)
        if segment.margin_now:
            self._unit(segment.margin_now, RATIO, *path, "margin_now")
        fields = [field for field in ("multiple", "sales_multiple") if getattr(segment, field)]
        if len(fields) > 1:
            figures.wrong("one-kind", "expected `multiple` or `sales_multiple`, found both", *path, fields[1])
        for field in fields:
            figures.reasoned(segment.multiple_because, "a multiple", *path, field, field="multiple_because")

    def _claim(self, claim: BridgeItem, i: int) -> None:
        path = ("claims", i)
        self._unit(claim.value, self._currency(), *path, "value")
        if claim.cost:
            self._unit(claim.cost, self._currency(), *path, "cost")
            if not claim.tax:
                hint = "say the share that tax takes of the gain, or leave the cost out"
                self.figures.wrong(
                    "no-effect", "a cost without a `tax` changes nothing", *path, "cost", hint=hint
                )
        if claim.tax or not claim.counted:
            what = "a tax that is assumed" if claim.tax else "a claim that is left out"
            self.figures.reasoned(claim.because, what, *path)

    def _driver(self, name: str, driver: AssumptionRange, path: Path_) -> None:
        figures = self.figures
        values = [
            figures.belief(name, getattr(driver, end), *path, end) for end in ("low", "central", "high")
        ]
        middle, known = values[1], [value for value in values if value is not None]
        if known != sorted(known):
            told = f"{driver.low}, {driver.central}, {driver.high}"
            figures.wrong("bad-value", f"expected low <= central <= high, found {told}", *path)
        if middle is not None:
            for message in unsound_middle(name, driver, middle):
                figures.wrong("bad-value", message, *path, "central")
        for message in unsound_spread(name, driver, self._years()):
            figures.wrong("bad-value", message, *path, "sd")
        figures.sourced(driver.source, driver.because, *path)

    def _years(self) -> float:
        """Years from the day it was written to the target's; one, where they are not known."""
        target = self.report.pack.thesis.target
        try:
            days = (parse_day(target.by) - parse_day(self.valuation.written)).days if target else 0
        except ValueError:
            days = 0  # reported with the day
        return max(1.0, days / DAYS_A_YEAR)

    # formulas ------------------------------------------------------------------------------------

    def _unit(self, text: str, wanted: Powers, *path: str | int) -> Any:
        """The type of a formula that must be in a unit, where that is known; None if it is reported."""
        found = self.report.number(text, VALUATION, path)
        is_known = wanted or path[-1] == "margin_now"
        if found and found.powers is not None and is_known and found.powers != wanted:
            message = f"expected {unit_name(wanted)}, the formula gives {found.unit}"
            self.figures.wrong("unit-clash", message, *path)
            return None
        return found

    def _annual(self, text: str, *path: str | int) -> None:
        found = self._unit(text, self._currency(), *path)
        if found and found.powers is not None and found.kind != "annual":
            message = f"expected four quarters added up, found {_KINDS.get(found.kind, 'no such sum')}"
            self.figures.wrong("not-a-flow", message, *path, hint="write `ttm(...)` around a flow")


_KINDS = {"flow": "one quarter", "stock": "what stands at a quarter's end"}


def _walk(path: Path_, value: Any) -> Iterator[tuple[Path_, Any]]:
    """Every list and mapping of a document; it is nested no deeper than documents may be."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield path, value
    for key, item in items:
        if isinstance(item, (dict, list)):
            yield from _walk((*path, key), item)
