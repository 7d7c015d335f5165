"""Daily closing prices as rows of a fact file, adjusted for splits.

A close is public on its own day, and nobody files it: the user says where the file comes from. A review
needs few of them, so the last day of each quarter is kept, the file's newest, and every day that the fact
file has already, which is how two sources are held against each other. Whether a file is adjusted for a
split shows across its day: the price stays about where it was, or falls by the ratio. In between, or
where the file does not reach over that day, it cannot be told, and nothing is taken.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from thesis.core.currency import PARTS, currency_of, minor_unit
from thesis.core.period import Quarter, parse_day
from thesis.core.problem import FileProblems, InvalidInput, Problem, did_you_mean
from thesis.facts.fact_file import FactRow, half_a_digit, plain_digits
from thesis.pack.schema.metrics import ShareSplit
from thesis.pack.share_basis import ratio_text, split_ratio
from thesis.sources.importing.to_rows import ImportedRows, ImportOptions, WithheldFigures, scale_figure
from thesis.sources.prices.price_file import (
    HEAD,
    LARGEST_MOVE,
    LONGEST_GAP,
    MOST_BYTES,
    ClosingPrice,
    PriceFile,
    is_prices,
    read_prices,
    without_dividends,
)
from thesis.sources.read_file import open_file

if TYPE_CHECKING:
    from thesis.pack.load import Pack

HOW = "reported (daily close, split-adjusted)"
PUT_BACK = "derived: close adjusted for dividends, put back by those in the file"
CLEAR = 3  # a price moved by less than this root of a split's ratio has clearly not been split
SINGLE = 7  # digits that a single-precision number holds
MOST_QUOTED = 9  # digits that a quoted price has; one with more is a binary fraction, printed out

SAME_RATIO = Fraction(1, 100)  # two statements of one split differ by less, as 0.0333 does from 1/30
RECENT = 250  # closes by which a file is judged, a year of them
LEAST_JUDGED = 10  # below such a price shares are quoted in more digits
QUOTED_PARTS = (1000, 64)  # into which a unit of a currency is divided where shares are quoted
TAKE_PLAIN = "compare one close with another source, or take plain closes (yfinance: `auto_adjust=False`)"


class PriceSeries(NamedTuple):
    """One file of prices: the concept they are of, and each day's close on the basis of today.

    ``worked_out`` holds the days whose close is not the file's: a note of what that is, and how it was
    changed. ``problems`` are of days that are asked for, ``left_out`` counts the others. No close is kept of
    a quarter in ``lost``, since another day would pass for its last one.
    """

    shown: str
    concept: str
    closes: dict[date, Decimal]
    worked_out: dict[date, tuple[str, str]]
    left_out: Counter[str]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    lost: frozenset[Quarter] = frozenset()


def holds_prices(path: Path, shown: str) -> bool:
    """Whether a file is one of prices. Errors: ``InvalidInput`` where it cannot be read."""
    with open_file(path, shown) as stream:
        return is_prices(stream.read(HEAD))


def read_price_series(path: Path, shown: str, pack: Pack, given: ImportOptions, today: date) -> PriceSeries:
    """A file of prices.

    Errors: ``InvalidInput`` where it is nobody's, comes from nowhere, or is not adjusted.
    """
    with open_file(path, shown) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise FileProblems(shown).refuse_with("too-large", f"larger than {MOST_BYTES // 1_000_000} MB")
    known = [(each.entity, each.day) for each in pack.splits]
    known += [(each.entity, each.day) for each in pack.jumps]
    days = [parse_day(day) for entity, day in known if given.entity in ("", entity)]
    try:
        read = read_prices(data, shown, days, given.currency)
    except InvalidInput as flawed:
        raise InvalidInput(flawed.problems, {shown: data.decode("utf-8-sig", "replace")}) from None
    problems = list(_unfit(read.closes, shown, given, today))
    try:
        entity = _entity(read.ticker, shown, pack, given)
        concept = _concept(entity, shown, pack, given)
        first = _since(pack, entity, given)
        splits, undeclared = _splits(read, entity, pack, shown)
        splits = [split for split in splits if parse_day(split.day) > first]
        plain = without_dividends(read.closes, read.dividends) if read.dividends else read.closes
        closes = _in_unit_of(pack, concept, plain, shown)
        series = _on_todays_basis(closes, shown, concept, splits)
    except InvalidInput as flawed:
        raise InvalidInput([*problems, *flawed.problems]) from None
    if problems:
        raise InvalidInput(problems)
    series.worked_out.update(_put_back(read, closes, series))
    asked = [each for each in read.flawed if _is_asked(each.day, series, pack, given, first)]
    series.left_out.update(
        {"without any figure": read.blank, "malformed, and not asked for": len(read.flawed) - len(asked)}
    )
    ended = [each.day for each in asked if each.day and not _is_passed(each.day, series)]
    is_somewhere = any(
        each.day is None for each in asked
    )  # of a row without a day nobody can tell which quarter it ends
    lost = map(Quarter.of, series.closes if is_somewhere else ended)
    return series._replace(
        problems=tuple(each.problem for each in asked),
        warnings=(*_adjusted(read, series, splits), *undeclared),
        lost=frozenset(lost),
    )


def _is_asked(day: date | None, series: PriceSeries, pack: Pack, given: ImportOptions, first: date) -> bool:
    """Whether a day that cannot be read would be kept: the last of its quarter, or one that the pack has."""
    if day is None or given.every_day:
        return day is None or day >= first
    is_passed = _is_passed(day, series)
    return day >= first and (
        not is_passed or any(fact.period == day for fact in pack.facts.of(series.concept))
    )


def _is_passed(day: date, series: PriceSeries) -> bool:
    """Whether a later day of the same quarter has a close, so that the day is not the quarter's last."""
    return any(Quarter.of(other) == Quarter.of(day) for other in series.closes if other > day)


def _put_back(
    read: PriceFile, closes: Sequence[ClosingPrice], series: PriceSeries
) -> dict[date, tuple[str, str]]:
    """The days whose close was adjusted for dividends in the file."""
    last = max(read.dividends, default=date.min)
    return {
        was.day: (f"adjusted for dividends {plain_digits(_quoted(was.close))}", PUT_BACK)
        for was, traded in zip(read.closes, closes, strict=True)
        if was.day < last and was.day not in series.worked_out
    }


def _adjusted(read: PriceFile, series: PriceSeries, splits: Sequence[ShareSplit]) -> Iterator[Problem]:
    """That the closes of a file are adjusted for dividends, or may be; one with both kinds has the plain."""
    odd = None if read.has_adjusted else _off_tick(read.closes, splits)
    if read.dividends:
        told = (
            f"the closes before {max(read.dividends)} are adjusted for the dividends that stand in it, and "
            "no other column has the close; they were put back to what was traded"
        )
    elif odd is not None:
        told = (
            f"no share is quoted at {plain_digits(_quoted(odd.close))}, its close of {odd.day}; most of its "
            "closes look adjusted for dividends, or for a split that is not declared"
        )
    elif read.is_unsure:
        told = "its closes may be adjusted for dividends, as yfinance's are unless it is told otherwise"
    else:
        return
    yield Problem("dividend-adjusted", f"`{series.shown}`: {told}", None, TAKE_PLAIN, "warning")


def _splits(
    read: PriceFile, entity: str, pack: Pack, shown: str
) -> tuple[list[ShareSplit], tuple[Problem, ...]]:
    """The splits of a share: those that the pack declares, and those that the file alone states, with a word.

    Errors: ``InvalidInput`` where both have a split of the same days, with other ratios.
    """
    splits = [split for split in pack.splits if split.entity == entity]
    told, problems = [], []
    for day, ratio in read.splits.items():
        near = [each for each in splits if abs(parse_day(each.day) - day) <= timedelta(days=LONGEST_GAP)]
        text = ratio_text(ratio)
        if not near:
            splits.append(ShareSplit(entity, str(day), text, shown))
            message = (
                f"`{shown}` states a split of {text} for 1 on {day}, which metrics.yaml does not declare: "
                "share counts filed before that day stay on the old basis"
            )
            hint = f"declare it: `splits: [{{entity: {entity}, day: {day}, ratio: {text}, source: ...}}]`"
            told.append(Problem("undeclared-split", message, None, hint, "warning"))
        elif all(abs(split_ratio(each.ratio) / ratio - 1) > SAME_RATIO for each in near):
            declared = ratio_text(split_ratio(near[0].ratio))
            message = (
                f"`{shown}` states a split of {text} for 1 on {day}, and metrics.yaml one of {declared} for 1"
            )
            problems.append(Problem("conflicting-split", message, None, "correct the one that is wrong"))
    if problems:
        raise InvalidInput(problems)
    return splits, tuple(told)


def _off_tick(closes: Sequence[ClosingPrice], splits: Sequence[ShareSplit]) -> ClosingPrice | None:
    """A close at which no share is quoted, where most are such: something was taken off that is not stated.

    Shares above ten units of a currency are quoted in hundredths or thousandths, until 2001 in sixty-fourths.
    """
    recent = [close for close in closes[-RECENT:] if close.close >= LEAST_JUDGED]
    odd: list[ClosingPrice] = []
    for close in recent:
        later = (split_ratio(split.ratio) for split in splits if str(close.day) < split.day)
        traded = scale_figure(_in_single_precision(close.close), math.prod(later, start=Fraction(1)))
        if all(traded * parts % 1 for parts in QUOTED_PARTS):
            odd.append(close)
    return odd[-1] if len(odd) * 2 > len(recent) else None


def _unfit(
    closes: Sequence[ClosingPrice], shown: str, given: ImportOptions, today: date
) -> Iterator[Problem]:
    if not given.source.strip():
        message = f"`{shown}` does not say where its prices come from"
        yield Problem("no-source", message, hint='say so with --source "exchange closes, NAME"')
    if closes and closes[-1].day > today:
        message = f"`{shown}` holds a price of {closes[-1].day}, which is after today ({today})"
        yield Problem("future-date", message)


def closing_price_rows(series: Sequence[PriceSeries], pack: Pack, given: ImportOptions) -> list[ImportedRows]:
    """The rows of files of prices: of each concept the days that one of them or the fact file keeps."""
    kept: dict[str, set[date]] = {}
    for each in series:
        days = kept.setdefault(each.concept, set())
        days |= set(each.closes) if given.every_day else set(_kept(sorted(each.closes)))
        days |= {fact.period for fact in pack.facts.of(each.concept) if isinstance(fact.period, date)}
    return [_taken(each, kept[each.concept], pack, given) for each in series]


def _kept(days: Sequence[date]) -> Iterator[date]:
    """The last day of every quarter, oldest first; of the newest quarter the newest day so far."""
    last = {Quarter.of(day): day for day in days}
    yield from last.values()


def _taken(series: PriceSeries, kept: set[date], pack: Pack, given: ImportOptions) -> ImportedRows:
    owner = pack.owner(series.concept)
    since = _since(pack, owner, given)
    days = sorted(series.closes)
    early = [day for day in days if day < since]
    fitting = [day for day in days[len(early) :] if day in kept]
    chosen = [day for day in fitting if Quarter.of(day) not in series.lost]
    between = len(days) - len(early) - len(fitting)
    counts = {"earlier than asked for": len(early), "between the last days of quarters": between}
    left_out = Counter(
        {reason: times for reason, times in (series.left_out | Counter(counts)).items() if times}
    )
    rows = tuple(_row(series, day, pack, given.source.strip()) for day in chosen)
    told = f"prices of {owner}, {days[0]} to {days[-1]}"
    return ImportedRows(
        series.shown,
        len(days),
        (),
        rows,
        Counter(),
        left_out,
        told,
        problems=series.problems,
        warnings=series.warnings,
        withheld=tuple(WithheldFigures(series.concept, part) for part in _lost_parts(series)),
    )


def _lost_parts(series: PriceSeries) -> list[str]:
    """The quarters without a close for a problem, or the file where they are all that it has."""
    is_all = {Quarter.of(day) for day in series.closes} <= series.lost
    if series.problems and (is_all or not series.lost):
        return [series.shown]
    return [str(quarter) for quarter in sorted(series.lost)]


def _since(pack: Pack, entity: str, given: ImportOptions) -> date:
    """The first day that is asked for."""
    since = given.since
    if isinstance(since, Mapping):
        since = since.get(pack.entities[entity].cik.lstrip("0"))
    return since or date.min


def _row(series: PriceSeries, day: date, pack: Pack, source: str) -> FactRow:
    close, how, note = series.closes[day], HOW, ""
    if day in series.worked_out:
        note, how = series.worked_out[day]
    unit = pack.concepts[series.concept].unit
    slack = half_a_digit(close)
    return FactRow(
        series.concept, str(day), plain_digits(close), unit, day, source, how, note, series.shown, slack
    )


# whose they are --------------------------------------------------------------------------------


def _entity(ticker: str, shown: str, pack: Pack, given: ImportOptions) -> str:
    """Errors: ``InvalidInput`` where nobody says whose they are, or the file says that they are another's."""
    named = next((name for name in pack.entities if name.casefold() == ticker.casefold()), "")
    entity = given.entity or named
    if entity and (not named or named == entity):
        return entity
    if named:
        raise InvalidInput([Problem("unknown-filer", f"`{shown}` is of {ticker}, not of {entity}")])
    hint = did_you_mean(ticker, pack.entities) if ticker else ""
    told = (
        f"is of {ticker[:40]}, which is none of the pack's entities" if ticker else "does not say whose it is"
    )
    raise InvalidInput(
        [
            Problem(
                "unknown-filer",
                f"`{shown}` {told}",
                hint=hint or f"name it with --entity {next(iter(pack.entities))}",
            )
        ]
    )


def _concept(entity: str, shown: str, pack: Pack, given: ImportOptions) -> str:
    """The one daily concept of an entity. Errors: ``InvalidInput`` where there is none, or several."""
    found = [
        name
        for name, concept in pack.concepts.items()
        if concept.kind == "daily" and pack.owner(name) == entity and name not in given.without
        if not given.only or name in given.only
    ]
    if len(found) == 1:
        return found[0]
    told = (
        f"may be any of {', '.join(found)}"
        if found
        else f"is of no concept: {entity} has none of kind `daily`"
    )
    hint = "name one of them with --only" if found else "declare one in metrics.yaml, with the unit USD/share"
    raise InvalidInput([Problem("unknown-concept", f"`{shown}` {told}", hint=hint)])


def _in_unit_of(pack: Pack, concept: str, closes: list[ClosingPrice], shown: str) -> list[ClosingPrice]:
    """The closes in what the concept is measured in. Errors: ``InvalidInput`` for another currency."""
    unit = pack.concepts[concept].unit
    minor = minor_unit(unit)
    wanted = minor.currency if minor else currency_of(unit)
    other = next((close for close in closes if close.currency not in ("", wanted)), None)
    if other is not None:
        message = f"`{shown}` is in {other.currency}, and `{concept}` is measured in {unit}"
        raise InvalidInput(
            [Problem("wrong-unit", message, hint="take closes in the currency of the line item")]
        )
    if minor is None:
        return closes
    return [
        close._replace(close=close.close * PARTS, quoted="") if close.quoted else close for close in closes
    ]


# splits ----------------------------------------------------------------------------------------


def _on_todays_basis(
    closes: Sequence[ClosingPrice], shown: str, concept: str, splits: Sequence[ShareSplit]
) -> PriceSeries:
    """Errors: ``InvalidInput`` where it cannot be told whether a split is adjusted for."""
    problems: list[Problem] = []
    undone: list[ShareSplit] = []
    for split in splits:
        is_adjusted = _is_adjusted(closes, split)
        if is_adjusted is None:
            problems.append(_undecided(closes, split, shown))
        elif not is_adjusted:
            undone.append(split)
    if problems:
        raise InvalidInput(problems)
    series = PriceSeries(shown, concept, {}, {}, Counter())
    for day, price, _, quoted in closes:
        traded = _quoted(price)
        if quoted:
            series.worked_out[day] = f"as traded {quoted}", f"derived: as quoted / {PARTS}"
        later = [split for split in undone if str(day) < split.day]
        ratio = math.prod((split_ratio(split.ratio) for split in later), start=Fraction(1))
        series.closes[day] = scale_figure(traded, 1 / ratio) if later else traded
        if later:
            since = " and ".join(sorted(split.day for split in later))
            series.worked_out[day] = (
                f"as traded {quoted or plain_digits(traded)}",
                f"derived: as traded / {ratio_text(ratio)} for the split of {since}",
            )
    return series


def _is_adjusted(closes: Sequence[ClosingPrice], split: ShareSplit) -> bool | None:
    """Whether the closes before a split are on its new basis; none where they do not tell."""
    day = parse_day(split.day)
    before = [close for close in closes if close.day < day]
    after = [close for close in closes if close.day >= day]
    if not before:
        return True
    if not after or after[0].day - before[-1].day > timedelta(days=LONGEST_GAP):
        return None
    moved = math.log(before[-1].close / after[0].close)
    size = math.log(split_ratio(split.ratio))
    clear = min(abs(size) / CLEAR, math.log(LARGEST_MOVE))
    if abs(moved) <= clear:
        return True
    return False if abs(moved - size) <= clear else None


def _undecided(closes: Sequence[ClosingPrice], split: ShareSplit, shown: str) -> Problem:
    before = [close for close in closes if str(close.day) < split.day]
    after = [close for close in closes if str(close.day) >= split.day]
    last = f"{before[-1].close} on {before[-1].day}"
    told = (
        f"the close goes from {last} to {after[0].close} on {after[0].day}"
        if after
        else f"it ends with {last}"
    )
    message = (
        f"`{shown}` does not show whether it is adjusted for the split of {split.day} "
        f"({ratio_text(split_ratio(split.ratio))} for 1): {told}"
    )
    hint = f"take a file with the days around it{f', or --since {split.day}' if after else ''}"
    return Problem("unadjusted", message, hint=hint)


def _quoted(price: Decimal) -> Decimal:
    """A price as it was quoted: 21.7045 for 21.704500198364258, which single precision makes of it.

    >>> _quoted(Decimal("21.704500198364258")), _quoted(Decimal("634440.01"))
    (Decimal('21.7045'), Decimal('634440.01'))
    """
    is_short = len(price.normalize().as_tuple().digits) <= MOST_QUOTED
    return price if is_short else _in_single_precision(price)


def _in_single_precision(price: Decimal) -> Decimal:
    return round(price, SINGLE - price.adjusted() - 1).normalize()
