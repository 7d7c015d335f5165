"""Looks: what a word on the command line stands for, as one side of a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import click

from thesis.case import Case
from thesis.cli.common import cache
from thesis.folder import Folder
from thesis.journal import sides
from thesis.journal.causes import Side
from thesis.journal.records import Review
from thesis.journal.store import in_force
from thesis.pack import Pack
from thesis.quarter import Quarter, parse_day


def review_side(folder: Folder, review: Review) -> Side:
    """A signed review's own pack, on the day it looked from.

    Errors: ``Flawed`` if its files were touched.
    """
    return sides.review_side(folder, review, cache())


def last_review(folder: Folder, chain: Sequence[Review], day: date) -> Side | None:
    """The newest review in force that looked from before a day."""
    seen = [review for review in in_force(chain) if review.day < day]
    return review_side(folder, seen[-1]) if seen else None


def side(text: str, folder: Folder, pack: Pack, chain: Sequence[Review], today: date) -> Side:
    """A review, a quarter that no review is of (the day it was filed), or a day.

    Of a quarter whose review was corrected ``2026Q1`` is the one in force, ``2026Q1.1`` the first. A
    quarter or a day without a review is seen by the pack as it is now. Errors: usage, for anything else.
    """
    named = [r for r in chain if text in (r.name, r.quarter, f"{r.quarter}.{r.number}")]
    if named:
        return review_side(folder, named[-1])
    if text == "now":
        return Side(f"today, {today}", pack, today)
    try:
        if "Q" in text:
            return _quarter(Quarter.parse(text), pack, today)
        day = parse_day(text)
    except ValueError as error:
        raise click.UsageError(
            f"expected a review, a quarter, a date or `now`, found `{text}`: {error}"
        ) from None
    return Side(str(day), pack, day)


def _quarter(quarter: Quarter, pack: Pack, today: date) -> Side:
    filed = Case(pack, today).first_filed.get(quarter)
    if filed is None:
        raise click.UsageError(f"{quarter} was neither reviewed nor filed by {today}")
    return Side(f"{quarter}, as filed on {filed}", pack, filed)
