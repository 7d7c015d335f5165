"""Checks of the statements in thesis.yaml: each has an id of its own and one test, which exists."""

from __future__ import annotations

from thesis.core import formatting
from thesis.files.yaml import Path_
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import THESIS, VALUATION
from thesis.pack.memo_sections import MEMO_SECTIONS, VALUED
from thesis.pack.schema.thesis import Statement
from thesis.pack.value_names import is_value

TESTS = ("rule", "metric", "page", "untested")


def check_statements(report: ProblemList) -> None:
    """Report every statement without exactly one test, or with one that does not exist."""
    statements = report.pack.thesis.statements
    paths: list[Path_] = [("statements", i, "id") for i in range(len(statements))]
    report.ids(THESIS, [each.id for each in statements], paths)
    for i, statement in enumerate(statements):
        _check(report, statement, ("statements", i))


def _check(report: ProblemList, statement: Statement, path: Path_) -> None:
    given = [test for test in TESTS if getattr(statement, test).strip()]
    if len(given) != 1:
        found = formatting.join_words(f"`{test}`" for test in given) or "none"
        message = f"expected one of `rule`, `metric`, `page` and `untested`, found {found}"
        hint = "a statement has one test; where nothing can test it, `untested` says why"
        report.problem("bad-value", message, report.span(THESIS, *path), hint)
    if statement.rule:
        thesis = report.pack.thesis
        known = [rule.id for rule in (*thesis.conditions, *thesis.risks)] + [kill.id for kill in thesis.kill]
        if statement.rule not in known:
            span, there = report.span(THESIS, *path, "rule"), f"there are {', '.join(known)}"
            report.unknown("unknown-rule", "rule", statement.rule, known, span, there)
    if statement.metric:
        _metric(report, statement.metric, (*path, "metric"))
    if statement.page:
        _page(report, statement.page, (*path, "page"))


def _metric(report: ProblemList, name: str, path: Path_) -> None:
    pack = report.pack
    if pack.shape(name) is not None:
        return
    span = report.span(THESIS, *path)
    if is_value(name):
        report.unknown_value(name, span)
    else:
        known = [*pack.metrics, *pack.concepts, *pack.values]
        report.unknown("unknown-name", "concept or metric", name, known, span, "declare it in metrics.yaml")


def _page(report: ProblemList, name: str, path: Path_) -> None:
    span = report.span(THESIS, *path)
    if name not in MEMO_SECTIONS:
        there = f"there are {', '.join(MEMO_SECTIONS)}"
        report.unknown("unknown-name", "section of the memo", name, MEMO_SECTIONS, span, there)
    elif name == VALUED and report.pack.valuation is None:
        message = f"the memo has no section `{name}`, since the pack has no {VALUATION}"
        report.warning("no-valuation", message, span, f"write {VALUATION}, or name another section")
