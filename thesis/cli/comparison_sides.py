"""What an argument of ``thesis diff`` names, a review, a quarter or a day, as one side of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from thesis.cli.context import cache
from thesis.core.period import Quarter, parse_day, read_quarter
from thesis.journal import causes
from thesis.journal.causes import ComparisonSide
from thesis.journal.review_schema import Review
from thesis.journal.store import reviews_in_force
from thesis.pack.folder import Folder
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of


def named_review_side(folder: Folder, review: Review) -> ComparisonSide:
    """A signed review's own pack, on the day it looked from.

    Errors: ``InvalidInput`` if its files were touched.
    """
    return causes.review_side(folder, review, cache())


def last_review(folder: Folder, chain: Sequence[Review], day: date) -> ComparisonSide | None:
    """The newest review in force that looked from before a day."""
    seen = [review for review in reviews_in_force(chain) if review.day < day]
    return named_review_side(folder, seen[-1]) if seen else None


def comparison_side(
    text: str, folder: Folder, pack: Pack, chain: Sequence[Review], today: date
) -> ComparisonSide:
    """A review, a quarter that no review is of (the day it was filed), or a day.

    A quarter that was filed after a later one was never the newest, and its side says so.
    Of a quarter whose review was corrected ``2026Q1`` is the one in force, ``2026Q1.1`` the first. A
    quarter or a day without a review is seen by the pack as it is now. Errors: usage, for anything else.
    """
    names = {text, _as_quarter(text)}
    named = [r for r in chain if names & {r.name, r.quarter, f"{r.quarter}.{r.number}"}]
    if named:
        return named_review_side(folder, named[-1])
    if text == "now":
        return ComparisonSide(f"today, {today}", pack, today)
    try:
        if "q" in text.lower():
            return _quarter(read_quarter(text), pack, today)
        day = parse_day(text)
    except ValueError as error:
        raise click.UsageError(
            f"expected a review, a quarter, a date or `now`, found `{text}`: {error}"
        ) from None
    return ComparisonSide(str(day), pack, day)


def _as_quarter(text: str) -> str:
    """A quarter as reviews name it, of ``Q2 2026``; any other text as it is."""
    try:
        return str(read_quarter(text))
    except ValueError:
        return text


def _quarter(quarter: Quarter, pack: Pack, today: date) -> ComparisonSide:
    case = case_as_of(pack, today)
    newest, filed = case.newest_since, case.first_filed.get(quarter)
    if quarter in newest:
        return ComparisonSide(f"{quarter}, as filed on {newest[quarter]}", pack, newest[quarter])
    if filed is None:
        raise click.UsageError(f"{quarter} was neither reviewed nor filed by {today}")
    later = next(other for other, day in newest.items() if other > quarter and day <= filed)
    told = f"{quarter}, filed on {filed} and never the newest: {later} was filed on {newest[later]}"
    return ComparisonSide(told, pack, filed)
