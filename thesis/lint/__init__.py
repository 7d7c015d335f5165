"""Lint: whether names, units, levels and dates across a pack's files fit together.

Every check reports to one list and goes on; a part that was reported once is not reported again by
what depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from thesis.documents import Document
from thesis.folder import FORECASTS, METRICS, OVERRIDES
from thesis.lint.metrics import Metrics
from thesis.lint.report import MOST_PROBLEMS, Enough, Report
from thesis.lint.rows import unusable
from thesis.lint.rules import Rules
from thesis.lint.unwritten import check as check_unwritten
from thesis.lint.unwritten import is_only_unfinished
from thesis.lint.verdicts import Verdicts
from thesis.pack import Pack
from thesis.problems import Problem
from thesis.ties import untied

if TYPE_CHECKING:
    from thesis.lint.opinions import Opinions
    from thesis.lint.valuations import Valuations


def check(
    pack: Pack, documents: Mapping[str, Document], today: date, *, facts_known: bool = False
) -> list[Problem]:
    """Everything wrong or doubtful in a pack whose files have the right form.

    ``facts_known`` leaves out the rows, where the same ones were in order under the same metrics.
    """
    report = Report(pack, documents, today)
    try:
        _check(report, facts_known=facts_known)
    except Enough:
        message = f"there are more than {MOST_PROBLEMS:,} problems; the rest shows once these are mended"
        report.problems.append(Problem("too-many-problems", message))
    return report.problems


def _check(report: Report, *, facts_known: bool) -> None:
    pack = report.pack
    metrics = Metrics(report)
    metrics.check()
    rules = Rules(report)
    rules.check()
    Verdicts(report).check()
    check_unwritten(report)
    opinions = _opinions(report)
    if opinions:
        opinions.check()
    valuations = _valuations(report)
    if valuations:
        valuations.check()
    if not facts_known:
        owners = {name: pack.owner(name) for name in pack.concepts if pack.owner(name) in pack.entities}
        found = unusable(pack.facts, pack.concepts, owners, report.today)
        report.problems += islice(found, MOST_PROBLEMS)
        if len(report.problems) >= MOST_PROBLEMS:
            raise Enough
    if is_only_unfinished(report.problems):
        if not facts_known:
            report.problems += untied(pack, report.documents[METRICS])
        if opinions:
            opinions.check_in_time()
        metrics.doubts()
        rules.doubts()
        if valuations:
            valuations.doubts()


def _opinions(report: Report) -> Opinions | None:
    """The checks of overrides.yaml and forecasts.yaml; a pack without them loads none."""
    if not report.documents.keys() & {OVERRIDES, FORECASTS}:
        return None
    from thesis.lint.opinions import Opinions

    return Opinions(report)


def _valuations(report: Report) -> Valuations | None:
    """The checks of valuation.yaml; a pack without one need not load what reckons with it."""
    if report.pack.valuation is None:
        return None
    from thesis.lint.valuations import Valuations

    return Valuations(report)
