"""Parts of a valid valuation that have no effect, no answer or no reason."""

from __future__ import annotations

from typing import Any

from thesis.files.yaml import Path_
from thesis.lint.number_checks import NumberChecks
from thesis.pack.assumptions import single_number
from thesis.pack.schema.valuation import ValuationInputs


class NoEffectChecks:
    """Warnings about valuation.yaml; nothing in it is wrong."""

    def __init__(self, figures: NumberChecks, valuation: ValuationInputs) -> None:
        self.figures = figures
        self.valuation = valuation

    def check(self) -> None:
        self._without_effect()
        self._left_out()
        self._without_answer()
        self._without_reason()

    def _without_effect(self) -> None:
        valuation, figures = self.valuation, self.figures
        for driver, path in figures.drivers.values():
            if driver.distribution != "lognormal" and figures.is_written(*path, "centre"):
                message = (
                    f"`centre` has no effect: in a {driver.distribution} distribution mean and median are one"
                )
                self._idle(message, *path, "centre")
            if driver.distribution == "fixed" and figures.is_written(*path, "sd"):
                self._idle("`sd` has no effect: a fixed driver stays at its middle value", *path, "sd")
        for i, each in enumerate(valuation.correlations):
            fixed = [name for name in each.between if figures.drivers[name][0].distribution == "fixed"]
            if fixed:
                told_as = " and ".join(f"`{name}`" for name in fixed)
                self._idle(f"this has no effect: {told_as} is fixed", "correlations", i)

    def _left_out(self) -> None:
        valuation = self.valuation
        for i, claim in enumerate(valuation.claims):
            if claim.horizon and not claim.counted:
                message = "`horizon` has no effect: the claim is not counted"
                self._idle(message, "claims", i, "horizon")
        valued = [bool(segment.multiple or segment.sales_multiple) for segment in valuation.segments]
        if any(valued) and not all(valued):
            missing = valued.index(False)
            message = f"without a multiple of `{valuation.segments[missing].id}` there is no sum of the parts"
            self._idle(message, "segments", missing)

    def _idle(self, message: str, *path: str | int) -> None:
        self.figures.warning("no-effect", message, *path)

    def _without_answer(self) -> None:
        dcf = self.valuation.implied
        own = dcf.roic[min(1, len(dcf.roic) - 1)] if dcf else "none"
        for i, text in enumerate(dcf.growth if dcf and own != "none" else ()):
            if single_number(text) >= single_number(own):
                message = (
                    f"growth of {text} takes more than a return of {own} earns: its years have no answer"
                )
                hint = "the second of `roic` is the pack's own; expected growth below it"
                self.figures.warning("no-answer", message, "implied", "growth", i, hint=hint)

    def _without_reason(self) -> None:
        valuation = self.valuation
        judged: list[tuple[str, Any, Path_]] = []
        for i, route in enumerate(valuation.paths.routes if valuation.paths else ()):
            judged.append(("a route", route, ("paths", "routes", i)))
        for i, scenario in enumerate(valuation.scenarios):
            for j, signpost in enumerate(scenario.signposts):
                judged.append(("a signpost", signpost, ("scenarios", i, "signposts", j)))
        if self.figures.is_written("event"):
            judged.append(("an event", valuation.event, ("event",)))
        for what, item, path in judged:
            if not item.because.strip():
                message = f"{what} without `because`"
                self.figures.warning("no-reason", message, *path, hint="say why it is drawn there")
