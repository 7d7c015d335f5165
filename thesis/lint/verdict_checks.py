"""Checks that the table from two totals to a verdict is complete and consistent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from thesis.core.formatting import join_words
from thesis.core.problem import SourceSpan
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import THESIS

LABELS = 4


class VerdictChecks:
    """The checks of the verdict section of thesis.yaml."""

    def __init__(self, report: ProblemList) -> None:
        self.report = report
        self.verdict = report.pack.thesis.verdict

    def check(self) -> None:
        verdict = self.verdict
        for i, cap in enumerate(verdict.caps):
            self._level(cap.at_most, "caps", i, "at_most")
        self._level(verdict.killed, "killed")
        for level in verdict.means or {}:
            self._level(level, "means", level)
        counts = [len(verdict.labels.conditions), len(verdict.labels.risks)]
        for kind, count in zip(("conditions", "risks"), counts, strict=True):
            if count != LABELS:
                message = f"expected four labels, found {count}"
                self.report.problem("bad-labels", message, self._span("labels", kind))
        if counts == [LABELS, LABELS]:
            self._table(verdict.labels.conditions)

    def doubts(self) -> None:
        """Warn of verdicts whose meaning the author does not state, for page one prints it."""
        means = self.verdict.means or {}
        missing = [level for level in self.verdict.levels if not means.get(level, "").strip()]
        mean = "means" if len(missing) == 1 else "mean"
        if missing:
            self.report.warning(
                "no-meaning",
                f"the thesis does not say what {join_words(missing)} {mean}",
                self._span("means") if means else self._span("levels"),
                "under `means`, give each verdict a sentence that an investor can act on",
            )

    def _table(self, labels: Sequence[str]) -> None:
        rows = self.verdict.table
        if set(rows) != set(labels):
            message = f"expected the rows {', '.join(labels)}, found {', '.join(rows) or 'none'}"
            self.report.problem("bad-table", message, self._span("table"))
            return
        for row in labels:
            if len(rows[row]) != LABELS:
                message = f"expected four verdicts, found {len(rows[row])}"
                self.report.problem("bad-table", message, self._span("table", row))
                return
        known = [self._level(cell, "table", row, i) for row in labels for i, cell in enumerate(rows[row])]
        if all(known):
            self._monotone(labels)

    def _monotone(self, labels: Sequence[str]) -> None:
        order = list(self.verdict.levels)
        index = [[order.index(cell) for cell in self.verdict.table[row]] for row in labels]
        uneven = False
        for row, line in zip(labels, index, strict=True):
            for i, (calmer, riskier) in enumerate(pairwise(line), start=1):
                if calmer < riskier:
                    uneven = True
                    message = "a higher risk gives a better verdict here"
                    self.report.problem("bad-table", message, self._span("table", row, i))
        if uneven:
            return
        for (worse, low), (better, high) in pairwise(zip(labels, index, strict=True)):
            if any(a > b for a, b in zip(low, high, strict=True)):
                message = f"`{better}` gives a worse verdict than `{worse}` at the same risk"
                self.report.problem("bad-table", message, self._span("table", better))

    def _level(self, name: str, *path: str | int) -> bool:
        if name in self.verdict.levels:
            return True
        known = self.verdict.levels
        there = f"there are {', '.join(known)}"
        self.report.unknown("unknown-level", "verdict", name, known, self._span(*path), there)
        return False

    def _span(self, *path: str | int) -> SourceSpan:
        return self.report.span(THESIS, "verdict", *path)
