"""What a pack declares of its figures, checked quarter by quarter against its facts.

Segments add up to the whole, product lines to net sales, and what a part leaves of a whole is not
negative. Where that does not hold a row is wrong, and the rows that were read are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thesis.case.case import Case, EvidenceItem, parse_once
from thesis.core import formatting
from thesis.core.formatting import count
from thesis.core.period import Quarter
from thesis.core.problem import Problem, SourceSpan
from thesis.facts.fact import Fact
from thesis.files.yaml import SourceDocument
from thesis.pack.schema.metrics import Identity

FOREVER = date.max


def identity_problems(case: Case, document: SourceDocument) -> list[Problem]:
    """Each quarter in which the two sides of an identity are known and differ by too much.

    Of an identity that is not strict all quarters are one warning.
    """
    problems: list[Problem] = []
    for i, identity in enumerate(case.pack.identities):
        span = document.span(("identities", i))
        found = [_difference(case, identity, quarter, span) for quarter in _quarters(case, identity)]
        problems += one_warning([problem for problem in found if problem], identity)
    return problems


def one_warning(found: list[Problem], identity: Identity) -> list[Problem]:
    """The misfits of an identity; of one that is not strict the newest of them, with the number of others."""
    if identity.is_strict or not found:
        return found
    more = f"; nor does it in {count(len(found) - 1, 'earlier period')}" if len(found) > 1 else ""
    return [found[-1]._replace(message=f"{found[-1].message}{more}", level="warning")]


def too_low(case: Case, document: SourceDocument) -> list[Problem]:
    """Each quarter in which a metric comes to less than the least value that it declares."""
    pack, problems = case.pack, []
    for name in (name for name, metric in pack.metrics.items() if metric.above or metric.least):
        span = document.span(("metrics", name, "above" if pack.metrics[name].above else "least"))
        for told, quarter in case.impossible(_with_rows(case, name), [name]):
            rows = "; ".join(_row(fact) for fact in _rows((case.evidence(name, quarter),)))
            problems.append(
                Problem("below-least", f"{told} in {quarter}", span, f"one of these rows is wrong: {rows}")
            )
    return problems


def _difference(case: Case, identity: Identity, quarter: Quarter, span: SourceSpan) -> Problem | None:
    left = case.evaluator.ask(parse_once(identity.left), quarter)
    right = case.evaluator.ask(parse_once(identity.right), quarter)
    if left.lo - right.hi <= identity.within and right.lo - left.hi <= identity.within:
        return None
    rows = list(_rows(case.evidence_of(f"{identity.left} - ({identity.right})", quarter)))
    names = "; ".join(map(_row, rows))
    apart = max(left.lo - right.hi, right.lo - left.hi)
    message = f"`{identity.id}` does not tie in {quarter}: {left} is not {right}, {apart:,.0f} apart"
    return Problem("untied", message, span, f"one of these rows is wrong: {names}")


def _quarters(case: Case, identity: Identity) -> Iterator[Quarter]:
    """Every quarter for which some row of either side was filed."""
    return _with_rows(case, f"{identity.left} - ({identity.right})")


def _with_rows(case: Case, text: str) -> Iterator[Quarter]:
    """Every quarter for which some row that an expression reads was filed."""
    reads = case.reads(text, Quarter.of(date(2020, 1, 1)))
    periods = {
        fact.period
        for name, _ in reads
        for fact in case.pack.facts.of(name)
        if isinstance(fact.period, Quarter)
    }
    return iter(sorted(periods))


def _row(fact: Fact) -> str:
    return f"{fact.file}:{fact.line} {fact.concept} {formatting.exact(fact.value)}"


def _rows(evidence: tuple[EvidenceItem, ...]) -> Iterator[Fact]:
    for item in evidence:
        for below in item.walk():
            yield from below.facts
