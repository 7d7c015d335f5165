"""Whether what a pack declares of its figures still holds once rows are added to its fact files.

Segments add up to the whole in every quarter, and in every fiscal year and part of one that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING

from thesis.case.case import Case, parse_once
from thesis.case.identities import FOREVER, identity_problems, one_warning, too_low
from thesis.core import formatting
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter
from thesis.core.problem import Problem
from thesis.facts.fact import Fact, FactStore, YearToDate, common_value
from thesis.language.evaluate import Evaluator
from thesis.pack.standard import metrics_document
from thesis.pricing.priced_case import case_as_of

if TYPE_CHECKING:
    from thesis.files.yaml import SourceDocument
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.pack.schema.metrics import Identity

ANY_QUARTER = Quarter.parse("2020Q1")


def broken_identities(
    pack: Pack, folder: Folder, texts: Mapping[str, str], labels: Mapping[str, str]
) -> list[Problem]:
    """The identities and least values that do not hold with the fact files as they would be.

    ``texts`` are those files by their names in the pack, ``labels`` what to call the places in them.
    """
    after = copy(pack)
    after.facts = FactStore(folder.shown)
    for name, text in texts.items():
        after.facts.add(text, name)
    case, document = case_as_of(after, FOREVER), metrics_document(folder).document
    found = [
        *identity_problems(case, document),
        *mismatched_years(after, document),
        *too_low(case, document),
    ]
    return [problem._replace(hint=_relabelled(problem.hint, labels)) for problem in found]


def mismatched_years(pack: Pack, document: SourceDocument) -> Iterator[Problem]:
    """Each year, nine or six months in which the sides of an identity are known and differ by too much.

    Only identities between flows of one period say anything of a longer one.
    """
    case = case_as_of(pack, FOREVER)
    for i, identity in enumerate(pack.identities):
        reads = case.reads(f"{identity.left} - ({identity.right})", ANY_QUARTER)
        names = sorted({name for name, _ in reads})
        if any(at != ANY_QUARTER.index or pack.concepts[name].kind != "flow" for name, at in reads):
            continue
        stated = {name: _by_period(pack.facts.to_date(name)) for name in names}
        found = []
        for period in sorted({period for rows in stated.values() for period in rows}):
            rows = {name: found[period] for name, found in stated.items() if period in found}
            left, right = (_value(case, side, rows) for side in (identity.left, identity.right))
            apart = max(left.lo - right.hi, right.lo - left.hi)
            if apart > identity.within:
                found.append(_problem(identity, period, rows, left, right, apart, document, i))
        yield from one_warning(found, identity)


def _value(case: Case, side: str, rows: Mapping[str, list[Fact]]) -> Interval:
    """What a side of an identity comes to with these rows in the place of a quarter's."""
    stated = {name: _settled(found) for name, found in rows.items()}
    evaluator = Evaluator(lambda name, _: stated.get(name, EVERYTHING), case.evaluator.metrics)
    return evaluator.ask(parse_once(side), ANY_QUARTER)


def _by_period(facts: tuple[Fact, ...]) -> dict[YearToDate, list[Fact]]:
    """The rows of the last filing day for each period."""
    found: dict[YearToDate, list[Fact]] = {}
    for fact in facts:
        assert isinstance(fact.period, YearToDate)
        held = found.get(fact.period)
        found[fact.period] = [*held, fact] if held and held[0].filed == fact.filed else [fact]
    return found


def _settled(facts: list[Fact]) -> Interval:
    value = common_value(*(fact.value for fact in facts)) if facts else None
    return value if isinstance(value, Interval) else EVERYTHING


def _problem(
    identity: Identity,
    period: YearToDate,
    rows: Mapping[str, list[Fact]],
    left: Interval,
    right: Interval,
    apart: float,
    document: SourceDocument,
    at: int,
) -> Problem:
    listed = "; ".join(
        f"{fact.file}:{fact.line} {fact.concept} {formatting.exact(fact.value)}"
        for found in rows.values()
        for fact in found
    )
    message = f"`{identity.id}` does not tie in {period}: {left} is not {right}, {apart:,.0f} apart"
    span = document.span(("identities", at))
    return Problem("untied", message, span, f"one of these rows is wrong: {listed}")


def _relabelled(hint: str, labels: Mapping[str, str]) -> str:
    """A hint with places of files as they would be named as they are."""
    return re.sub(r"[^\s;]+\.csv:[0-9]+", lambda found: labels.get(found[0], found[0]), hint)
