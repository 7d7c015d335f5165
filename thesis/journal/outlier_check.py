"""Figures that stand out when a review is signed: each is corrected, or accepted with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from thesis.case.outliers import Outlier, outliers
from thesis.core.problem import InvalidInput, Problem
from thesis.core.record import replace_fields
from thesis.journal.review_schema import AcceptedOutlier, Review
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of


def open_outliers(pack: Pack, as_of: date, chain: Sequence[Review]) -> list[Outlier]:
    """The figures that stand out on a day and that no review has accepted as they are."""
    known = {(each.id, each.value) for review in chain for each in review.accepted}
    return [each for each in outliers(case_as_of(pack, as_of)) if (each.id, each.value) not in known]


def accepted_outliers(
    pack: Pack, as_of: date, chain: Sequence[Review], accepted: Sequence[AcceptedOutlier]
) -> tuple[AcceptedOutlier, ...]:
    """What the analyst accepts, with the figures as they are.

    Errors: ``InvalidInput`` with every figure that stands out and is not accepted, and every id of none.
    """
    found = {each.id: each for each in open_outliers(pack, as_of, chain)}
    given = {each.id for each in accepted}
    problems = [_unaccepted(each) for each in found.values() if each.id not in given]
    for name in sorted(given - found.keys()):
        there = f"there are {', '.join(found)}" if found else "there is none to accept"
        problems.append(Problem("unaccepted", f"no figure stands out as `{name}`", hint=there))
    if problems:
        raise InvalidInput(problems)
    return tuple(replace_fields(each, value=found[each.id].value) for each in accepted)


def _unaccepted(outlier: Outlier) -> Problem:
    place = f"{outlier.fact.file}:{outlier.fact.line}"
    message = f"{outlier.id} ({place}): {outlier.text}; nothing was signed"
    accept = f'--accept-outlier {outlier.id} --because "why it is right"'
    meant = outlier.hint if outlier.hint.endswith("?") else f"{outlier.hint}."
    return Problem("unaccepted", message, hint=f"{meant} Correct it, or sign with {accept}")
