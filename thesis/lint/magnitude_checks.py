"""Numbers of a pack that can be read and hardly meant, each at its place."""

from __future__ import annotations

from itertools import chain

from thesis.case.magnitudes import Magnitudes, NumberDoubt
from thesis.case.outliers import outliers
from thesis.core.problem import SourceSpan
from thesis.files.yaml import Path_
from thesis.language.syntax import parse, parse_number
from thesis.lint.compared_texts import Text, conditions_of, forecast_conditions, formulas_of, measures_of
from thesis.lint.fact_checks import cell_span
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import FORECASTS, THESIS
from thesis.pricing.priced_case import case_as_of


class MagnitudeChecks:
    """The warnings about thresholds, levels and the target, held against what the figures have been."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.pack = report.pack
        self.magnitudes = Magnitudes(case_as_of(report.pack, report.today))
        self.doubted: set[Text] = set()
        """The expressions of which a number is hardly meant: whether they can hold is another question."""

    def doubts(self) -> None:
        """Every number that somebody should look at again."""
        for each in measures_of(self.pack):
            if each.measure.metric and each.measure.bands:
                texts = [parse_number(edge) for edge in each.measure.bands]
                self._tell(
                    self.magnitudes.of_numbers(each.measure.metric, texts),
                    self._span(THESIS, (*each.path, "bands")),
                )
        for text in chain(conditions_of(self.pack), formulas_of(self.pack), forecast_conditions(self.pack)):
            for found in self.magnitudes.in_expression(parse(text.text)) if text.text else ():
                document = self.report.documents[text.file]
                self.doubted.add(text)
                self._tell(found.doubt, document.within(text.path, found.node.start, found.node.length))
        self._target()
        self._forecasts()
        self._figures()

    def _target(self) -> None:
        thesis = self.pack.thesis
        if thesis.target and thesis.market_cap:
            doubt = self.magnitudes.of_name(thesis.market_cap, thesis.target.market_cap)
            self._tell(doubt, self._span(THESIS, ("target", "market_cap")))

    def _forecasts(self) -> None:
        for i, forecast in enumerate(self.pack.forecasts.forecasts):
            for key, texts in (("levels", forecast.levels), ("values", forecast.values)):
                if texts and forecast.metric:
                    doubt = self.magnitudes.of_numbers(
                        forecast.metric, [parse_number(text) for text in texts]
                    )
                    self._tell(doubt, self._span(FORECASTS, ("forecasts", i, key)))

    def _figures(self) -> None:
        """Figures that are hardly meant, at their rows; signing a review asks to correct or accept them."""
        if self.magnitudes.case is None:
            return
        found = {(each.fact.file, each.fact.line): each for each in outliers(self.magnitudes.case)}
        for _, file, line, cells in self.pack.facts.each() if found else ():
            if (file, line) in found:
                outlier = found[file, line]
                span = cell_span(self.pack.facts.shown + file, line, cells, "value")
                self.report.warning("outlier", f"{outlier.id}: {outlier.text}", span, outlier.hint)

    def _span(self, file: str, path: Path_) -> SourceSpan:
        return self.report.span(file, *path)

    def _tell(self, doubt: NumberDoubt | None, span: SourceSpan) -> None:
        if doubt and doubt.kind == "percent":
            self.report.warning("percent-sign", doubt.message, span, doubt.hint)
        elif doubt:
            self.report.warning("wrong-scale", doubt.message, span, doubt.hint)
