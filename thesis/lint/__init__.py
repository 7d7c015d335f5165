"""Lint: checks that names, units, levels and dates across a pack's files fit together.

Every check reports to one list and goes on; a part that was reported once is not reported again by
what depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from thesis.case.identities import FOREVER, identity_problems, too_low
from thesis.core.problem import Problem
from thesis.files.yaml import SourceDocument
from thesis.lint.fact_checks import early_figures, old_share_figures, unusable_rows
from thesis.lint.field_checks import check_fields
from thesis.lint.metric_checks import MetricChecks
from thesis.lint.placeholders import draft_problems, is_only_unfinished
from thesis.lint.placeholders import placeholder_problems as check_unwritten
from thesis.lint.problem_list import MOST_PROBLEMS, ProblemList, TooManyProblems
from thesis.lint.rule_checks import RuleChecks
from thesis.lint.verdict_checks import VerdictChecks
from thesis.pack.folder import FORECASTS, METRICS, OVERRIDES
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of

if TYPE_CHECKING:
    from thesis.lint.override_checks import OverrideChecks
    from thesis.lint.valuation_checks import ValuationChecks


def lint_pack(
    pack: Pack,
    documents: Mapping[str, SourceDocument],
    today: date,
    *,
    facts_known: bool = False,
    warnings: bool = True,
) -> list[Problem]:
    """Everything wrong or doubtful in a pack whose files have the right form.

    ``facts_known`` leaves out the rows, where the same ones were in order under the same metrics.
    ``warnings=False`` leaves out the checks that only ever warn, for who opens a pack and stops at errors.
    """
    report = ProblemList(pack, documents, today)
    try:
        _check(report, facts_known=facts_known, warnings=warnings)
    except TooManyProblems:
        message = f"there are more than {MOST_PROBLEMS:,} problems; the rest shows once these are mended"
        report.problems.append(Problem("too-many-problems", message))
    return report.problems


def _check(report: ProblemList, *, facts_known: bool, warnings: bool) -> None:
    pack = report.pack
    check_fields(report)
    metrics = MetricChecks(report)
    metrics.check()
    rules = RuleChecks(report)
    rules.check()
    verdicts = VerdictChecks(report)
    verdicts.check()
    if pack.thesis.statements:
        from thesis.lint.statement_checks import check_statements

        check_statements(report)
    check_unwritten(report)
    draft_problems(report)
    opinions = _opinions(report)
    if opinions:
        opinions.check()
    valuations = _valuations(report)
    if valuations:
        valuations.check()
    if not facts_known:
        owners = {name: pack.owner(name) for name in pack.concepts if pack.owner(name) in pack.entities}
        found = unusable_rows(pack.facts, pack.concepts, owners, report.today)
        report.problems += islice(found, MOST_PROBLEMS)
        report.problems += islice(early_figures(pack), MOST_PROBLEMS)
        if len(report.problems) >= MOST_PROBLEMS:
            raise TooManyProblems
    if is_only_unfinished(report.problems):
        if not facts_known:
            whole = case_as_of(pack, FOREVER)
            report.problems += identity_problems(whole, report.documents[METRICS])
            report.problems += too_low(whole, report.documents[METRICS])
            report.problems += old_share_figures(pack)
        if opinions:
            opinions.check_in_time()
        metrics.check_multiples()
        if warnings:
            verdicts.doubts()
            _warn(report, metrics, rules, valuations)


def _warn(
    report: ProblemList, metrics: MetricChecks, rules: RuleChecks, valuations: ValuationChecks | None
) -> None:
    """What is doubtful in a pack without errors; none of these checks reports an error."""
    from thesis.lint.control_checks import control_characters
    from thesis.lint.divisors import Divisors
    from thesis.lint.magnitude_checks import MagnitudeChecks
    from thesis.lint.truth_checks import TruthChecks

    report.problems += islice(control_characters(report.documents.values(), report.pack.facts), MOST_PROBLEMS)
    metrics.doubts()
    rules.doubts()
    Divisors(report).doubts()
    magnitudes = MagnitudeChecks(report)
    magnitudes.doubts()
    TruthChecks(report).doubts(magnitudes.doubted)
    if valuations:
        valuations.doubts()


def _opinions(report: ProblemList) -> OverrideChecks | None:
    """The checks of overrides.yaml and forecasts.yaml; a pack without them loads none."""
    if not report.documents.keys() & {OVERRIDES, FORECASTS}:
        return None
    from thesis.lint.override_checks import OverrideChecks

    return OverrideChecks(report)


def _valuations(report: ProblemList) -> ValuationChecks | None:
    """The checks of valuation.yaml; a pack without one need not load what reckons with it."""
    if report.pack.valuation is None:
        return None
    from thesis.lint.valuation_checks import ValuationChecks

    return ValuationChecks(report)
