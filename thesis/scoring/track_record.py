"""What a thesis said quarter by quarter, and what the share price did afterwards.

Each quarter is looked at from the day on which its report made it the newest, with what was filed by then.
What the price did after is no input of that: it is looked up for the days after, and only where it is known
by the day on which the record is drawn up. An outcome starts with the first close after the report, since a
report is mostly published after the market has closed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from thesis.case.case import Case
from thesis.core.interval import EVERYTHING, Interval, hull, point, total
from thesis.core.period import Quarter, months_later
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import KillCriterion, Outcome, Rule
from thesis.pack.scores import falls_short, fraction, is_met
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.rules import PlainScorer
from thesis.scoring.verdict import PlainRating, plain_rating

HORIZONS = (1, 2, 4)
"""After how many quarters the price is looked at."""
LATEST_CLOSE = timedelta(days=31)
"""How long after a day a close may be to stand for it: some packs hold one close a month."""
MONTHS = 3
KNOWN, NOT_YET, NO_PRICE = "known", "not yet", "no price"


class Close(NamedTuple):
    """The price of a share at the end of a day."""

    day: date
    price: Interval


class PriceOutcome(NamedTuple):
    """What the price did from the first close after a report.

    ``quarters`` is how long after, 0 to the last close that is known. ``change`` is a ratio (0.1 is a rise
    by a tenth), anything unless ``status`` is known; else that says that the day is still to come or has no
    price.
    """

    quarters: int
    status: str
    day: date | None = None
    change: Interval = EVERYTHING


class RecordLine(NamedTuple):
    """One quarter: what was said on the day of its report, and what the price did.

    ``said`` is the rating or the range of ratings, ``signed`` what a review published of it. ``rules`` has
    the score of each rule, ``criteria`` whether each kill criterion had triggered, those that were retired
    since included; both as worked out, without overrides. ``is_backtest``: the rules were written after that
    day.
    """

    quarter: Quarter
    as_of: date
    said: str
    rated: bool
    is_backtest: bool
    signed: str
    start: Close | None
    outcomes: tuple[PriceOutcome, ...]
    to_date: PriceOutcome
    rules: Mapping[str, Interval]
    criteria: Mapping[str, Interval]

    def after(self, quarters: int) -> PriceOutcome:
        """The outcome after so many quarters."""
        return next(each for each in self.outcomes if each.quarters == quarters)


class HoldingPeriod(NamedTuple):
    """Quarters in a row of which the same was said, and the price from the first close after the first.

    It ends with the first close after the report that said something else, or with the last close known.
    """

    said: str
    quarters: int
    since: date | None
    until: date | None
    change: Interval


class OutcomeSummary(NamedTuple):
    """The price changes after some quarters: how many they are, of how many it is known, mean and ends."""

    quarters: int
    known: int
    mean: Interval
    span: Interval


class RuleRecord(NamedTuple):
    """A rule's quarters on its good side and on its bad side, and those in which it was undecided.

    Good is a condition that was met, and a risk that was lower than high.
    """

    id: str
    name: str
    kind: str
    good: OutcomeSummary
    bad: OutcomeSummary
    undecided: int


class CriterionRecord(NamedTuple):
    """When a kill criterion would have triggered, and what the price did.

    Of the ``judged`` quarters, whose answer and outcome are known: ``right`` where it had triggered and the
    price fell by as much as the pack asks, ``false_alarms`` where it had and the price did not, ``misses``
    where it had not and the price did. ``undecided`` are the quarters in which it was not known whether it
    had triggered. ``written`` is the day on which it was written, empty where that is not said, ``retired``
    the day on which it was retired.
    """

    id: str
    claim: str
    written: str
    retired: str
    triggered: tuple[Quarter, ...]
    undecided: tuple[Quarter, ...]
    judged: int
    right: tuple[Quarter, ...]
    false_alarms: tuple[Quarter, ...]
    misses: tuple[Quarter, ...]


class TrackRecord(NamedTuple):
    """The whole record. ``after`` and ``fall`` are the outcome that kill criteria are held against."""

    as_of: date
    written: str
    after: int
    fall: float
    lines: tuple[RecordLine, ...]
    periods: tuple[HoldingPeriod, ...]
    ratings: tuple[tuple[str, OutcomeSummary], ...]
    every: OutcomeSummary
    rules: tuple[RuleRecord, ...]
    criteria: tuple[CriterionRecord, ...]

    @property
    def backtests(self) -> int:
        """In how many quarters the rules were written later."""
        return sum(line.is_backtest for line in self.lines)

    def criterion(self, name: str) -> CriterionRecord | None:
        """The record of a kill criterion by its id."""
        return next((each for each in self.criteria if each.id == name), None)

    def rule(self, name: str) -> RuleRecord | None:
        """The record of a condition or a risk by its id."""
        return next((each for each in self.rules if each.id == name), None)


def track_record(
    pack: Pack, as_of: date, quarters: int, signed: Mapping[Quarter, str] | None = None
) -> TrackRecord:
    """The record of the last so many quarters, as known on a day; empty where nothing was filed by then.

    ``signed``: what reviews that were signed in time have published, by quarter.
    """
    thesis, now = pack.thesis, case_as_of(pack, as_of)
    outcome = thesis.outcome or Outcome()
    closes = Closes(now)
    lines = tuple(
        _line(pack, day, closes, (signed or {}).get(quarter, ""))
        for quarter, day in list(now.newest_since.items())[-quarters:]
    )
    fall = fraction(outcome.fall)
    said = dict.fromkeys(line.said for line in reversed(lines))
    return TrackRecord(
        as_of=as_of,
        written=thesis.written,
        after=outcome.after,
        fall=fall,
        lines=lines,
        periods=tuple(_periods(lines, closes)),
        ratings=tuple((name, _summary(outcome.after, lines, _says(name))) for name in said),
        every=_summary(outcome.after, lines, lambda _: True),
        rules=tuple(
            _rule_record(rule, kind, outcome.after, lines)
            for kind, rules in (("condition", thesis.conditions), ("risk", thesis.risks))
            for rule in rules
        ),
        criteria=tuple(
            _criterion_record(each, thesis.written, outcome.after, fall, lines) for each in thesis.kill
        ),
    )


class Closes:
    """The daily closes of a pack that are known on a day."""

    def __init__(self, case: Case) -> None:
        price = case.pack.thesis.price
        stated: dict[date, list[Interval]] = {}
        for fact in case.vintage.rows(price) if price else ():
            if isinstance(fact.period, date) and isinstance(fact.value, Interval):
                stated.setdefault(fact.period, []).append(fact.value)
        self.as_of = case.as_of
        self.closes = [Close(day, _common(values)) for day, values in sorted(stated.items())]
        self._days = [close.day for close in self.closes]

    def first_after(self, day: date) -> Close | None:
        """The first close after a day, if it is near enough."""
        return self._near(bisect_right(self._days, day), day)

    def first_from(self, day: date) -> Close | None:
        """The first close on a day or after it, if it is near enough."""
        return self._near(bisect_left(self._days, day), day)

    def _near(self, place: int, day: date) -> Close | None:
        near = place < len(self.closes) and self.closes[place].day - day <= LATEST_CLOSE
        return self.closes[place] if near else None

    def outcome(self, start: Close | None, quarters: int) -> PriceOutcome:
        """What the price did in so many quarters from a close; in 0 quarters, up to the last close."""
        if start is None:
            return PriceOutcome(quarters, NO_PRICE)
        if not quarters:
            last = self.closes[-1]
            return PriceOutcome(0, KNOWN, last.day, _change(start, last))
        due = months_later(start.day, MONTHS * quarters)
        end = self.first_from(due)
        if end is None:
            return PriceOutcome(quarters, NOT_YET if due + LATEST_CLOSE > self.as_of else NO_PRICE, due)
        return PriceOutcome(quarters, KNOWN, end.day, _change(start, end))


def _common(values: Sequence[Interval]) -> Interval:
    found = values[0]
    for value in values[1:]:
        found = hull(found, value)
    return found


def _change(start: Close, end: Close) -> Interval:
    return end.price / start.price - point(1.0)


def _line(pack: Pack, day: date, closes: Closes, signed: str) -> RecordLine:
    case = case_as_of(pack, day)
    thesis, scorer = pack.thesis, PlainScorer(case, {})
    conditions = [scorer.score_rule(rule) for rule in thesis.conditions]
    risks = [scorer.score_rule(rule) for rule in thesis.risks]
    criteria = {each.id: scorer.score_criterion(each) for each in thesis.kill}
    in_force = [criteria[each.id] for each in thesis.criteria]
    found = plain_rating(thesis.verdict, conditions, risks, in_force)
    start = closes.first_after(day)
    return RecordLine(
        quarter=case.quarter,
        as_of=day,
        said=_said(found),
        rated=found.rated,
        is_backtest=not signed and not (thesis.written and thesis.written <= str(day)),
        signed=signed,
        start=start,
        outcomes=tuple(closes.outcome(start, quarters) for quarters in _horizons(pack)),
        to_date=closes.outcome(start, 0),
        rules={each.id: each.score for each in (*conditions, *risks)},
        criteria={name: each.tripped for name, each in criteria.items()},
    )


def _horizons(pack: Pack) -> list[int]:
    """The horizons that are shown, with the one that the pack holds its criteria against."""
    return sorted({*HORIZONS, (pack.thesis.outcome or Outcome()).after})


def _said(found: PlainRating) -> str:
    said = found.worst if found.worst == found.best else f"{found.worst}..{found.best}"
    return said if found.rated else "NOT RATED"


def _says(name: str) -> Callable[[RecordLine], bool]:
    return lambda line: line.said == name


def _periods(lines: Sequence[RecordLine], closes: Closes) -> Iterable[HoldingPeriod]:
    place = 0
    while place < len(lines):
        end = place
        while end < len(lines) and lines[end].said == lines[place].said:
            end += 1
        start = lines[place].start
        last = lines[end].start if end < len(lines) else closes.closes[-1] if closes.closes else None
        is_known = start is not None and last is not None
        yield HoldingPeriod(
            lines[place].said,
            end - place,
            start.day if start else None,
            last.day if last else None,
            _change(start, last) if is_known and start and last else EVERYTHING,
        )
        place = end


def _summary(after: int, lines: Sequence[RecordLine], wanted: Callable[[RecordLine], bool]) -> OutcomeSummary:
    chosen = [line for line in lines if wanted(line)]
    changes = [line.after(after).change for line in chosen if line.after(after).status == KNOWN]
    if not changes:
        return OutcomeSummary(len(chosen), 0, EVERYTHING, EVERYTHING)
    mean = [total(end) / len(changes) for end in ([c.lo for c in changes], [c.hi for c in changes])]
    span = Interval(min(c.lo for c in changes), max(c.hi for c in changes))
    return OutcomeSummary(len(chosen), len(changes), Interval(*mean), span)


def _rule_record(rule: Rule, kind: str, after: int, lines: Sequence[RecordLine]) -> RuleRecord:
    is_good, is_bad = (is_met, falls_short) if kind == "condition" else (falls_short, is_met)
    good = _summary(after, lines, lambda line: is_good(line.rules[rule.id]))
    bad = _summary(after, lines, lambda line: is_bad(line.rules[rule.id]))
    return RuleRecord(rule.id, rule.name, kind, good, bad, len(lines) - good.quarters - bad.quarters)


def _criterion_record(
    kill: KillCriterion, written: str, after: int, fall: float, lines: Sequence[RecordLine]
) -> CriterionRecord:
    answers = [(line, line.criteria[kill.id]) for line in lines]
    judged = [
        (line.quarter, answer.lo == 1.0, line.after(after).change)
        for line, answer in answers
        if answer.is_point and line.after(after).status == KNOWN
    ]
    return CriterionRecord(
        id=kill.id,
        claim=kill.claim,
        written=kill.since or written,
        retired=kill.retired.on if kill.retired else "",
        triggered=tuple(line.quarter for line, answer in answers if answer.lo == 1.0),
        undecided=tuple(line.quarter for line, answer in answers if not answer.is_point),
        judged=len(judged),
        right=tuple(q for q, is_triggered, change in judged if is_triggered and change.hi <= -fall),
        false_alarms=tuple(q for q, is_triggered, change in judged if is_triggered and change.lo > -fall),
        misses=tuple(q for q, is_triggered, change in judged if not is_triggered and change.hi <= -fall),
    )
