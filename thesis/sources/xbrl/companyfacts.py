"""Reads companyfacts, the SEC's JSON collection of a company's reported facts.

It holds no dimensions, so no segments and no product lines, and no tags of the company's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from thesis.core.period import parse_day
from thesis.core.problem import MOST_FLAWS, FileProblems, SourceSpan
from thesis.sources.reported_fact import (
    LARGEST,
    MOST_DIGITS,
    NO_FILING,
    NO_PERIOD,
    FilingReference,
    ReportedFact,
    ReportedPeriod,
    bounded_number,
    parse_any_day,
)
from thesis.sources.strict_json import JsonPlaces, read_json

_WHOLE = int(LARGEST)
_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")


class _Wrong(Exception):
    """Something at ``path`` is not what it should be."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path = path


def is_companyfacts(value: Any) -> bool:
    """Whether it looks like it from outside."""
    return isinstance(value, dict) and "facts" in value and "cik" in value


def read_companyfacts(data: bytes, shown: str, wanted: Collection[str] | None = None) -> list[ReportedFact]:
    """The facts in a companyfacts file; of the tags in ``wanted`` alone (``us-gaap:Assets``), if given.

    A row that cannot be read is a fact with a flaw, at its line and column. Errors: ``InvalidInput`` where
    the file as a whole is not what the SEC publishes.
    """
    flaws = FileProblems(shown)
    return companyfacts(read_json(data, flaws), data, flaws, wanted)


def companyfacts(
    value: Any, data: bytes, flaws: FileProblems, wanted: Collection[str] | None = None
) -> list[ReportedFact]:
    """The same, from JSON that was read already; ``data`` is what it was read from."""
    found: list[ReportedFact] = []
    wrongs: list[tuple[int, _Wrong]] = []
    places: JsonPlaces | None = None
    try:
        rows = _Rows(value, flaws.shown)
        for tag, unit, listed, path in _series(value, wanted):
            if isinstance(listed, _Wrong):
                wrongs.append((len(found), listed))
                found.append(rows.spoilt(tag, unit, None))
                continue
            for index, row in enumerate(listed):
                try:
                    found.append(rows.reported(tag, unit, row))
                except _Wrong as wrong:
                    wrongs.append((len(found), _Wrong(str(wrong), *path, index, *wrong.path)))
                    found.append(rows.spoilt(tag, unit, row))
    except _Wrong as wrong:
        places = JsonPlaces(data, flaws.shown)
        raise flaws.refuse_with("wrong-type", _told(wrong), places.of(*wrong.path)) from None
    if wrongs:
        places = JsonPlaces(data, flaws.shown)
    for number, (at, each) in enumerate(wrongs):
        place = places.of(*each.path) if places and number < MOST_FLAWS else None
        flaw = flaws.figure_flaw("wrong-type", _told(each), place)
        found[at] = found[at]._replace(flaw=flaw, place=place or found[at].place)
    return found


def _told(wrong: _Wrong) -> str:
    return f"{'.'.join(map(str, wrong.path))}: {wrong}"


def _series(
    value: Any, wanted: Collection[str] | None
) -> Iterator[tuple[str, str, list[Any] | _Wrong, tuple[str, ...]]]:
    """Tag, unit and rows of every series in the file, or what is wrong with it, and the keys to it."""
    for taxonomy, concepts in _members(_member(value, "facts"), "facts"):
        for concept, body in _members(concepts, "facts", taxonomy):
            tag = f"{taxonomy}:{concept}"
            if wanted is not None and tag not in wanted:
                continue
            path = ("facts", taxonomy, concept)
            try:
                units = _members(_member(body, "units", *path), *path, "units")
            except _Wrong as wrong:
                yield tag, "?", wrong, path
                continue
            for unit, listed in units:
                at = (*path, "units", unit)
                if not isinstance(listed, list):
                    yield tag, unit or "?", _expected("a list", listed, *at), at
                elif not unit:
                    yield tag, "?", _Wrong("expected the name of a unit, found none", *at), at
                else:
                    yield tag, unit, listed, at


def _members(value: Any, *path: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise _expected("an object", value, *path)
    return value.items()


def _member(value: Any, name: str, *path: str) -> Any:
    if not isinstance(value, dict) or name not in value:
        raise _Wrong(f"expected an object with `{name}`", *path)
    return value[name]


def _expected(what: str, value: Any, *path: str | int) -> _Wrong:
    return _Wrong(f"expected {what}, found `{str(value)[:MOST_DIGITS]}`", *path)


class _Rows:
    """Makes facts of rows; what many rows share is made once."""

    def __init__(self, value: Any, shown: str) -> None:
        cik = value.get("cik") if isinstance(value, dict) else None
        if isinstance(cik, bool) or not re.fullmatch("[0-9]{1,10}", str(cik)):
            raise _expected("a CIK of up to ten digits", cik, "cik")
        self._entity = str(cik).lstrip("0")
        self._place = SourceSpan(shown, 0, 0)
        self._periods: dict[tuple[str | None, str], ReportedPeriod] = {}
        self._filings: dict[tuple[str, str, str], FilingReference] = {}

    def reported(self, tag: str, unit: str, row: Any) -> ReportedFact:
        """A row as a fact. Errors: ``_Wrong`` with the key that is wrong."""
        if type(row) is not dict:
            raise _expected("an object", row)
        try:
            days = row.get("start"), row["end"]
            filing = row["accn"], row["form"], row["filed"]
            stated = row["val"]
        except KeyError as missing:
            raise _Wrong(f"expected a `{missing.args[0]}`, found none") from None
        try:
            period = self._periods.get(days) or self._period(*days)
            within = self._filings.get(filing) or self._filing(*filing)
        except TypeError:  # a list or an object where a text belongs
            raise _expected("texts as days, form and accession", row) from None
        frame = row.get("frame", "")
        if type(frame) is not str:
            raise _expected("a text", frame, "frame")
        value = _value(stated)
        return ReportedFact(
            tag, (), period, value, None, unit, None, "", self._entity, within, self._place, frame
        )

    def spoilt(self, tag: str, unit: str, row: Any) -> ReportedFact:
        """A row that cannot be read as a fact without a value, of its filing if that can be read."""
        filing = NO_FILING
        with suppress(_Wrong, TypeError, KeyError):
            filing = self._filing(row["accn"], row["form"], row["filed"])
        return ReportedFact(tag, (), NO_PERIOD, None, None, unit, None, "", self._entity, filing, self._place)

    def _period(self, start: Any, end: Any) -> ReportedPeriod:
        last = _day(end, "end", parse_any_day)
        first = None if start is None else _day(start, "start", parse_any_day)
        if first is not None and first > last:
            raise _Wrong(f"the period {first}..{last} runs backwards", "start")
        found = self._periods[start, end] = ReportedPeriod(first, last)
        return found

    def _filing(self, accession: Any, form: Any, filed: Any) -> FilingReference:
        if not isinstance(accession, str) or not _ACCESSION.fullmatch(accession):
            raise _expected("an accession number like 0001018724-24-000008", accession, "accn")
        if not isinstance(form, str) or not form:
            raise _expected("a form like 10-K", form, "form")
        found = self._filings[accession, form, filed] = FilingReference(form, accession, _day(filed, "filed"))
        return found


def _day(text: Any, key: str, parse: Callable[[str], date] = parse_day) -> date:
    if not isinstance(text, str):
        raise _expected("a date like 2026-07-31", text, key)
    try:
        return parse(text)
    except ValueError as error:
        raise _Wrong(str(error), key) from None


def _value(stated: Any) -> Decimal | None:
    kind = type(stated)
    if kind is int and -_WHOLE < stated < _WHOLE:
        return Decimal(stated)  # nearly all of them, and nothing else to look at
    if stated is None:
        return None  # reported as nil
    if kind is not int and kind is not Decimal:
        raise _expected("a number", stated, "val")
    try:
        return bounded_number(Decimal(stated))
    except ValueError as error:
        raise _Wrong(str(error), "val") from None
