"""Lint: whether names, units, levels and dates across a pack's files fit together.

Every check reports to one list and goes on; a part that was reported once is not reported again by
what depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from thesis.documents import Document
from thesis.folder import METRICS
from thesis.lint.metrics import Metrics
from thesis.lint.report import Report
from thesis.lint.rules import Rules
from thesis.lint.verdicts import Verdicts
from thesis.pack import Pack
from thesis.problems import Problem
from thesis.ties import untied


def check(
    pack: Pack, documents: Mapping[str, Document], today: date, *, facts_known: bool = False
) -> list[Problem]:
    """Everything wrong or doubtful in a pack whose files have the right form.

    ``facts_known`` leaves out the rows, where the same ones were in order under the same metrics.
    """
    report = Report(pack, documents, today)
    metrics = Metrics(report)
    metrics.check()
    rules = Rules(report)
    rules.check()
    Verdicts(report).check()
    if not facts_known:
        owners = {name: pack.owner(name) for name in pack.concepts if pack.owner(name) in pack.entities}
        report.problems += pack.facts.check(pack.concepts, owners, today)
    if not report.has_errors:
        if not facts_known:
            report.problems += untied(pack, documents[METRICS])
        metrics.doubts()
        rules.doubts()
    return report.problems
