"""What a new thesis still lacks and only its author can supply.

A pack that is only unfinished can take in figures; it is not scored before all of it is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core.formatting import count
from thesis.core.problem import Problem
from thesis.lint.problem_list import ProblemList
from thesis.pack.folder import METRICS, THESIS

UNWRITTEN = frozenset({"no-conditions", "few-kill-criteria", "unwritten"})
"""Codes of what is not written yet, as against what is wrong."""


def placeholder_problems(report: ProblemList) -> None:
    """Kill criteria that the thesis asks of itself, and sources that were left empty."""
    _kill_criteria(report)
    for name, concept in report.pack.concepts.items():
        path = ("concepts", name, "source")
        if path in report.documents[METRICS].spans and not concept.source.strip():
            hint = "say who publishes it and where it can be read"
            report.problem("unwritten", f"the source of `{name}` is empty", report.span(METRICS, *path), hint)


def draft_problems(report: ProblemList) -> None:
    """What the author has still to decide, and names in that list that nothing goes by."""
    thesis = report.pack.thesis
    known = [rule.id for rule in (*thesis.conditions, *thesis.risks)] + [kill.id for kill in thesis.kill]
    known += ["target", "valuation"]
    for i, name in enumerate(thesis.drafts):
        if name not in known:
            report.unknown(
                "unknown-name", "rule or kill criterion", name, known, report.span(THESIS, "drafts", i)
            )
    if thesis.drafts:
        message = f"{count(len(thesis.drafts), 'draft')} to be decided: {', '.join(thesis.drafts)}"
        hint = "decide each, and take its id off the list; no review is signed before"
        report.warning("draft", message, report.span(THESIS, "drafts"), hint)


def is_only_unfinished(problems: Sequence[Problem]) -> bool:
    """Whether no error among them is more than something still to be written."""
    return all(problem.code in UNWRITTEN for problem in problems if problem.level == "error")


def _kill_criteria(report: ProblemList) -> None:
    thesis = report.pack.thesis
    required = thesis.requires
    if required is None:
        return
    measured = sum(bool(kill.when) for kill in thesis.criteria)
    if len(thesis.criteria) >= required.kill and measured >= required.measured:
        return
    message = (
        f"expected at least {required.kill} kill criteria, {required.measured} of them with `when`, "
        f"found {len(thesis.criteria)}, {measured} with `when`"
    )
    hint = (
        "write down now what would end the thesis, as figures that can be looked up (`when:`) where possible"
    )
    span = report.documents[THESIS].key_span(("kill",))
    report.problem("few-kill-criteria", message, span, hint)
