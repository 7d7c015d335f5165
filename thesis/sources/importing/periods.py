"""The quarters of a filing's periods, and quarters calculated from longer periods.

A period belongs to the calendar quarter that it ends in, or to the one before where it ends within its
first three weeks, as years of 52 or 53 weeks do. What runs from the start of the fiscal year is kept as
FY, 9M or 6M; the quarter that a filing leaves out is the difference of two of them, taken only between
figures that belong together: a year as its own report states it and the months as they stood that day,
or both as restated since, and both under the same tag. It is taken of what adds up over time alone, which
earnings per share, averages and percentages do not (``LineItem.adds_up``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from thesis.case.reporting_days import WEEKS_OVER
from thesis.core.interval import total
from thesis.core.period import FIRST_YEAR, LAST_YEAR, Quarter, parse_day
from thesis.facts.fact import AGREE, Kind, YearToDate, parse_period
from thesis.facts.fact_file import FactRow, is_same_figure, rows_on, value_text
from thesis.sources.importing.rounding import last_digit
from thesis.sources.reported_fact import FilingReference, ReportedFact, ReportedPeriod

OWN_REPORT = timedelta(days=200)  # after its end a period is told by its own report, later by the next one's
RESTATED = timedelta(days=565)  # by the next year's report; the one after that compares years alone
ANNUAL = ("10-K", "20-F", "40-F")
PERIOD_END_TAG = "dei:DocumentPeriodEndDate"
COVER = "dei:"
ODD = "of a quarter that is none of the calendar's"
ZERO = Decimal(0)

Place = Quarter | YearToDate | date


class UnplacedPeriod(Exception):
    """The period of a fact is none that a pack keeps; the text says what it is."""


class OddQuarter(UnplacedPeriod):
    """The quarter of a calendar whose quarters do not fall into those of the year one by one."""


class YearSeams(NamedTuple):
    """The days of a filing at which its periods meet, and the last day that it reports on.

    A balance stands at a seam. At any other day (an acquisition, a dividend) it is not the quarter's.
    ``odd`` are the last days of quarters that no quarter of the calendar can be given to.
    """

    end: date | None
    days: frozenset[date]
    odd: frozenset[date] = frozenset()


def year_seams(facts: Iterable[ReportedFact]) -> YearSeams:
    """The seams of one filing."""
    days: set[date] = set()
    odd: set[date] = set()
    ends: list[date] = []
    told: date | None = None
    for fact in facts:
        start, end = fact.period
        if fact.tag == PERIOD_END_TAG and fact.text:
            told = _day(fact.text) or told
        if start is None or end is None or not _is_reported(fact.period):
            continue
        days |= {end, start - timedelta(days=1)}
        if fact.period.is_quarter and not follows(fact.period):
            odd.add(end)
        if fact.filed is None or end <= fact.filed:
            ends.append(end)
    end = told or max(ends, default=None)
    return YearSeams(end, frozenset(days | ({end} if end else set())), frozenset(odd))


class YearEnd(NamedTuple):
    """The last day of a company's newest fiscal year on file, and the report that says so."""

    day: date
    source: str

    @property
    def quarter(self) -> str:
        """The quarter of the calendar, Q1 to Q4."""
        return f"Q{quarter_of(self.day).number}"


def stated_year_ends(facts: Iterable[ReportedFact]) -> dict[str, YearEnd]:
    """The end of each company's fiscal year, by its CIK: as annual reports state their own year.

    Of an annual report that is the twelve months that most of its figures are about.
    """
    ends: dict[str, dict[FilingReference, Counter[date]]] = {}
    for fact in facts:
        end, filed = fact.period.end, fact.filed
        if fact.flaw or not fact.form.startswith(ANNUAL) or not fact.period.is_year or not (end and filed):
            continue
        if end <= filed <= end + OWN_REPORT:
            ends.setdefault(fact.entity, {}).setdefault(fact.filing, Counter())[end] += 1
    found = {}
    for entity, filings in ends.items():
        newest = max(filings, key=lambda filing: (str(filing.filed), filing.accession))
        day = filings[newest].most_common(1)[0][0]
        found[entity] = YearEnd(day, f"{newest.form} {newest.accession}")
    return found


def quarter_of(day: date) -> Quarter:
    """The quarter that what ends on a day belongs to.

    >>> quarter_of(date(2023, 1, 1)), quarter_of(date(2023, 9, 30)), quarter_of(date(2024, 2, 3))
    (2022Q4, 2023Q3, 2024Q1)
    """
    return Quarter.of(day - WEEKS_OVER)


def follows(period: ReportedPeriod) -> bool:
    """Whether a quarter ends in the calendar quarter after the one that ended on the day before it began.

    Of quarters of 16, 12, 12 and 12 weeks some do not: the first from 1 January ends in April, which is in
    the second quarter, and so does the next one. Which of the two is which, their last days do not say.
    """
    assert period.start
    assert period.end
    return quarter_of(period.end) == quarter_of(period.start - timedelta(days=1)) + 1


def place_period(fact: ReportedFact, kind: Kind, year_ends: str, met: YearSeams) -> Place:
    """The quarter, year to date or day that a fact is about.

    Errors: ``UnplacedPeriod`` where it is about none of them.
    """
    period = fact.period
    if period.end is None:
        raise UnplacedPeriod("said of all time")
    if not FIRST_YEAR <= quarter_of(period.end).year <= LAST_YEAR:
        raise UnplacedPeriod(f"in a year before {FIRST_YEAR} or after {LAST_YEAR}")
    if fact.filed and period.start and period.end > fact.filed:
        raise UnplacedPeriod("over a time that was not over when it was filed")
    if kind == "daily":
        if not period.is_instant:
            raise UnplacedPeriod("over a time where a day belongs")
        return period.end
    if kind == "flow":
        return _flow(period, year_ends)
    return _at(fact, period.end, met)


def _at(fact: ReportedFact, day: date, met: YearSeams) -> Quarter:
    """The quarter of a figure that stands at the end of one; that of a cover page by its report."""
    period = fact.period
    if fact.tag.startswith(COVER) and met.end:
        day = met.end
    elif period.is_instant and day not in met.days:
        raise UnplacedPeriod("at a day between reporting dates")
    elif not period.is_instant and not period.is_quarter:
        raise UnplacedPeriod("over more than a quarter where its end or a quarter belongs")
    if day in met.odd:
        raise OddQuarter(ODD)
    return quarter_of(day)


def _flow(period: ReportedPeriod, year_ends: str) -> Place:
    if period.end is None or period.is_instant:
        raise UnplacedPeriod("at a day where a time belongs")
    last = quarter_of(period.end)
    if period.is_quarter:
        if not follows(period):
            raise OddQuarter(ODD)
        return last
    passed = (last.number - int(year_ends[1])) % 4 or 4  # quarters of the fiscal year that are over
    year = (last + (4 - passed)).year
    if period.is_year:
        if passed == 4:
            return YearToDate(year, 12)
        raise UnplacedPeriod("over twelve months that are no fiscal year")
    if (period.is_nine_months and passed == 3) or (period.is_half and passed == 2):
        return YearToDate(year, passed * 3)
    raise UnplacedPeriod("over a time that is no quarter and no year to date")


def _is_reported(period: ReportedPeriod) -> bool:
    return period.is_quarter or period.is_half or period.is_nine_months or period.is_year


def _day(text: str) -> date | None:
    try:
        return parse_day(text.strip())
    except ValueError:
        return None


# quarters out of longer spans ------------------------------------------------------------------


class _Step(NamedTuple):
    """A quarter as the difference of a longer span and shorter ones; the first that is all known is taken."""

    quarter: Quarter
    whole: YearToDate
    parts: Mapping[str, tuple[Place, ...]]  # in words, and the spans


def derived_quarters(rows: Mapping[str, Sequence[FactRow]], year_ends: str) -> list[FactRow]:
    """The quarters of one concept that follow from its rows, which come by period.

    The result depends on the rows alone, and a row of it on those filed by its own day: it is dated by the
    last filing it needs. A quarter that was stated by that day is not worked out.
    """
    known = {period: list(listed) for period, listed in rows.items()}
    found: list[FactRow] = []
    for year in _years(rows):
        for step in _steps(year, year_ends):
            quarter = known.setdefault(str(step.quarter), [])
            for row in _differences(step, known):
                if not any(not each.provenance.is_difference and each.filed <= row.filed for each in quarter):
                    found.append(row)
                    quarter.append(row)
    return found


def _years(rows: Iterable[str]) -> list[int]:
    periods = [parse_period(text) for text in rows]
    return sorted({period.year for period in periods if isinstance(period, YearToDate)})


def _steps(year: int, year_ends: str) -> tuple[_Step, ...]:
    six, nine, whole = (YearToDate(year, months) for months in (6, 9, 12))
    first, second, third, fourth = whole.quarters(year_ends)
    return (
        _Step(second, six, {"six months less the first quarter": (first,)}),
        _Step(
            third, nine, {"nine months less six": (six,), "nine months less two quarters": (first, second)}
        ),
        _Step(
            fourth, whole, {"FY less nine months": (nine,), "FY less three quarters": (first, second, third)}
        ),
    )


class _Turn(NamedTuple):
    """A longer span, the parts as they stood when it was filed, and whether the two belong together.

    ``basis``: own, as its year's own reports state both; restated, both anew; stale, the whole alone anew;
    mixed, the whole on another basis than the parts from the first.
    """

    whole: FactRow
    parts: Sequence[FactRow]
    words: str
    basis: Literal["own", "restated", "stale", "mixed"]


def _turns(step: _Step, known: Mapping[str, Sequence[FactRow]]) -> Iterator[_Turn]:
    """The longer span of a step as its filings state it, one after the other."""
    ended = step.quarter.end
    before: tuple[str, ...] = ()
    for whole in sorted(known.get(str(step.whole), ()), key=lambda row: (row.filed, row.source)):
        is_own = whole.filed <= ended + OWN_REPORT and not whole.provenance.is_amendment
        if (not before and not is_own) or whole.filed > ended + RESTATED:
            return
        found = _parts(step, known, whole.filed)
        if found is None:
            if not before:
                return
            continue
        parts, words = found
        said = (whole.value, *(part.value for part in parts))
        if not before:
            yield _Turn(whole, parts, words, "mixed" if is_mixed(step.whole, whole, parts, known) else "own")
        elif said[0] == before[0]:
            continue
        elif len(parts) == 1 and len(said) == len(before) and said[1] != before[1]:
            yield _Turn(whole, parts, f"{words}, both as restated", "restated")
        else:
            yield _Turn(whole, parts, words, "stale")
            continue
        before = said


def _differences(step: _Step, known: Mapping[str, Sequence[FactRow]]) -> Iterator[FactRow]:
    """The quarter as its year's own reports imply it, and as it is implied once both sides are restated.

    A restated whole with parts that are as they were gives nothing: which of the two the difference
    belongs to, nobody said.
    """
    for turn in _turns(step, known):
        if turn.basis in ("own", "restated"):
            yield from _less(step, turn.whole, turn.parts, turn.words)


class UnsplitYear(NamedTuple):
    """A year that is stated on another basis than its months, so that no fourth quarter follows from it.

    ``is_stale``: a fourth quarter was worked out before the year was restated, and stays as it was.
    """

    year: FactRow
    months: tuple[FactRow, ...]
    quarter: Quarter
    is_stale: bool


def unsplit_years(rows: Mapping[str, Sequence[FactRow]], year_ends: str) -> Iterator[UnsplitYear]:
    """The years of one concept that are not on the basis of their months, with no fourth quarter stated."""
    for year in _years(rows):
        last = _steps(year, year_ends)[-1]
        if any(not row.provenance.is_difference for row in rows.get(str(last.quarter), ())):
            continue
        for turn in _turns(last, rows):
            if turn.basis in ("stale", "mixed"):
                yield UnsplitYear(turn.whole, tuple(turn.parts), last.quarter, turn.basis == "stale")


def is_mixed(
    span: YearToDate, whole: FactRow, parts: Sequence[FactRow], known: Mapping[str, Sequence[FactRow]]
) -> bool:
    """Whether a year is on another basis than the months in it, as far as the filings show.

    A report that states the year before anew has changed how it counts; the months that were told before it
    are on the old basis, unless a report of theirs had stated its own year before anew.
    """
    before = span._replace(year=span.year - 1)
    if span.months != 12 or not _restates(whole.provenance.document, known.get(str(before), ())):
        return False
    documents = {part.provenance.document for part in parts}
    earlier = [rows for period, rows in known.items() if _is_year_before(period, span)]
    return not any(_restates(document, rows) for document in documents for rows in earlier)


def _is_year_before(period: str, span: YearToDate) -> bool:
    at = parse_period(period)
    return at.year in (span.year - 1, span.year - 2) if isinstance(at, Quarter | YearToDate) else False


def _restates(document: str, rows: Sequence[FactRow]) -> bool:
    """Whether a filing states a period otherwise than was known before it."""
    own = [row for row in rows if row.provenance.document == document and not row.provenance.is_difference]
    for row in own:
        held = [each for each in rows if each.filed < row.filed and not each.provenance.is_difference]
        if held and not any(_is_close(row, each) for each in rows_on(held, row.filed)):
            return True
    return False


def _is_close(row: FactRow, old: FactRow) -> bool:
    """Whether a figure is about what it was: what was reclassified within half a percent changes no basis."""
    mine, theirs = row.ends, old.ends
    if is_same_figure(row, old) or mine is None or theirs is None:
        return True
    return abs(mine[0] - theirs[0]) <= Decimal(str(AGREE)) * abs(theirs[0])


def _parts(
    step: _Step, known: Mapping[str, Sequence[FactRow]], day: date
) -> tuple[list[FactRow], str] | None:
    """The parts as they stood on a day; none if one is not known, or two filings of a day differ about it."""
    for words, periods in step.parts.items():
        held = [rows_on(known.get(str(period), ()), day) for period in periods]
        if all(held):
            return ([rows[0] for rows in held], words) if all(map(_agree, held)) else None
    return None


def _agree(rows: Sequence[FactRow]) -> bool:
    return len({row.value for row in rows}) == 1


def _less(step: _Step, whole: FactRow, parts: Sequence[FactRow], words: str) -> Iterator[FactRow]:
    ends = [row.ends for row in (whole, *parts)]
    exact = [end for end in ends if end is not None]
    if len(exact) < len(ends) or len({row.provenance.tag for row in (whole, *parts)}) > 1:
        return  # a floor or a word has no difference, and two tags are two figures
    (low, high), *taken = exact
    lo, hi = low - total((end[1] for end in taken), ZERO), high - total((end[0] for end in taken), ZERO)
    sources = ", ".join(dict.fromkeys(row.source for row in (whole, *parts)))
    yield whole._replace(
        period=str(step.quarter),
        value=value_text(lo, hi),
        how=f"derived: {words} ({sources})",
        note="; ".join(note for note in (whole.provenance.tag_note, "rounded" if lo < hi else "") if note),
        slack=total((row.slack for row in (whole, *parts)), ZERO),
    )


# quarters against their year -------------------------------------------------------------------


class YearMismatch(NamedTuple):
    """A year that its quarters do not add up to, each row as it stood when the year was reported."""

    year: FactRow
    quarters: tuple[FactRow, ...]
    apart: Decimal

    @property
    def is_one_document(self) -> bool:
        """Whether one filing states it all, and so contradicts itself."""
        return len({row.provenance.document for row in (self.year, *self.quarters)}) == 1


def year_mismatches(rows: Mapping[str, Sequence[FactRow]], year_ends: str) -> Iterator[YearMismatch]:
    """The years of one concept whose own report differs from the quarters by more than rounding.

    Each of the five figures is rounded as far as it says: a year in tenths of a million fits quarters in
    millions that are two million apart from it. Those that do not say are taken as rounded to the last
    digit that is not zero in any of them.
    """
    for year in _years(rows):
        span = YearToDate(year, 12)
        quarters = span.quarters(year_ends)
        listed = sorted(rows.get(str(span), ()), key=lambda row: (row.filed, row.source))
        if not listed or listed[0].filed > quarters[-1].end + OWN_REPORT:
            continue
        whole = listed[0]
        held = [rows_on(rows.get(str(quarter), ()), whole.filed) for quarter in quarters]
        if all(held):
            apart = _apart(whole, [found[0] for found in held])
            if apart:
                yield YearMismatch(whole, tuple(found[0] for found in held), apart)


def _apart(whole: FactRow, parts: Sequence[FactRow]) -> Decimal:
    """How far the parts are from the whole; 0 within rounding."""
    ends = [end for end in (row.ends for row in (whole, *parts)) if end is not None]
    if len(ends) <= len(parts):
        return ZERO
    (low, high), *taken = ends
    below = low - total((end[1] for end in taken), ZERO)
    above = total((end[0] for end in taken), ZERO) - high
    untold = [row.ends for row in (whole, *parts) if not row.slack and row.ends]
    digit = min((last_digit(value) for pair in untold for value in pair if value), default=ZERO)
    told = total((row.slack for row in (whole, *parts)), ZERO)
    apart = max(below, above)
    return apart if apart > told + digit * len(untold) / 2 else ZERO
