"""Page one of the memo: the rating and what it asks for, the answer to the title, and what would change it.

It answers in this order: what is the rating and what does it mean; is the target likely; why; what changed
since last quarter; what would change the rating; what was decided; when is the next look due. What a thesis
does not state is left out with its label.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.period import DAYS_A_YEAR, parse_day
from thesis.document.blocks import RIGHT, Block, Column, Facts, Paragraph, Table, table_of
from thesis.document.inline import Figure, Link, Text, emphasis, strong
from thesis.journal.signed_record import signed_record
from thesis.narrative import as_of_text, rating_change_text, rating_text
from thesis.narrative.exclusive_statements import target_key
from thesis.narrative.key_assumption_text import CLOSE, currency, is_short, joint_move_text
from thesis.pack.assumptions import MULTIPLE
from thesis.pack.load import Pack
from thesis.pack.scores import falls_short, is_met
from thesis.reports import scorecard
from thesis.reports.changes_since import (
    ChangesSince,
    MovedFigure,
    changes_since,
    moved_figures,
    prior_figures,
    rule_changes_text,
)
from thesis.scoring.assessment import (
    Assessment,
    KillResult,
    MeasureResult,
    RatingChange,
    RatingPair,
    RuleResult,
)

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.appraisal.scenarios import ScenarioResult
    from thesis.appraisal.target_requirements import RequirementByDate
    from thesis.reports.review_text import ReviewContext
    from thesis.reports.statement_report import TestedStatement
    from thesis.scoring.track_record import TrackRecord

RECORD_QUARTERS = 20  # of the track record
MOST_FIGURES = 4  # that moved since the earlier state, named on page one
MOST_DUE = 3  # dates ahead beside those of the figures
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
ORDINALS = ("best", "second best", "third best", "fourth best", "fifth best", "sixth best")


class PageOne(NamedTuple):
    """What page one is written from: the assessment and what stands beside it.

    ``means`` are the meanings of the ratings in the author's words, by rating. ``prior`` is each headline
    metric a quarter earlier, by rule. ``changes`` and ``reviewed`` are None where there are none. ``record``
    draws up the track record, which is asked for at the end of a memo; None under a what-if. ``statements``
    tests those of the thesis' source; None where it lists none.
    """

    a: Assessment
    means: Mapping[str, str]
    prior: Mapping[str, EvidenceItem]
    changes: ChangesSince | None = None
    reviewed: ReviewContext | None = None
    record: Callable[[], TrackRecord] | None = None
    statements: Callable[[], Sequence[TestedStatement]] | None = None

    @property
    def appraisal(self) -> Appraisal | None:
        found: Appraisal | None = self.a.appraisal
        return found


def page_one_of(pack: Pack, a: Assessment, reviewed: ReviewContext | None = None) -> PageOne:
    """What page one of an assessment is written from, with the quarter before it and what changed since."""
    means = pack.thesis.verdict.means or {}
    chain = reviewed.standing.chain if reviewed else ()
    record = None if a.given else partial(signed_record, pack, a.as_of, RECORD_QUARTERS, chain)
    changes = changes_since(pack, a, reviewed)
    return PageOne(a, means, prior_figures(pack, a), changes, reviewed, record, _tests(pack, a))


def _tests(pack: Pack, a: Assessment) -> Callable[[], Sequence[TestedStatement]] | None:
    """What tests the statements of the source, where the thesis lists any."""
    if not pack.thesis.statements:
        return None
    from thesis.reports.statement_report import tested_statements

    return partial(tested_statements, pack, a)


def statements(page: PageOne) -> list[Block]:
    """The paragraphs of page one, from the top: each answers a question of its reader."""
    a = page.a
    told = [
        ("Bottom line", _bottom_line(page)),
        (f"Why {a.headline}", _why(a) if a.verdict.rated else ()),
        ("Since last quarter", _since(page)),
        ("What would change the rating", _changes(a) if a.verdict.rated else ()),
        ("Decision", _decision(page)),
        ("Next", _next(page)),
    ]
    return [*_notices(page), _rating(page), *_journal(page), *_labelled(told)]


def tables(page: PageOne) -> list[Block]:
    """The tables of page one, and the line below them: what the thesis needs, and its risks."""
    return [condition_table(page), risk_table(page), _foot(page.a)]


def _labelled(rows: Iterable[tuple[str, tuple[Text, ...]]]) -> tuple[Block, ...]:
    """Paragraphs that begin with a label; one that says nothing is left out."""
    return tuple(Paragraph((strong(f"{label}."), " ", *told)) for label, told in rows if told)


def _sentences(parts: Iterable[Text]) -> tuple[Text, ...]:
    """Texts with a space between them; an empty one is left out."""
    told: list[Text] = []
    for part in parts:
        if part and told:
            told.append(" ")
        if part:
            told.append(part)
    return tuple(told)


def _notices(page: PageOne) -> tuple[Block, ...]:
    """What a reader has to know before the rating: that figures are supposed, or that the rules are newer."""
    a = page.a
    given = [f"`{name}` = {value}" for name, value in a.supposed.items()]
    told: list[Block] = []
    if given:
        words = f" {', '.join(given)}. Nothing was written."
        told.append(Paragraph((strong("What if"), words)))
    hindsight = as_of_text.as_of_note(a)
    return (*told, *([Paragraph(emphasis(hindsight))] if hindsight else ()))


def _journal(page: PageOne) -> tuple[Block, ...]:
    """Overrides in force, what signed reviews publish, and kill criteria that have triggered."""
    a, reviewed = page.a, page.reviewed
    if reviewed is None and a.without_overrides is None:
        return ()  # only a memo with a journal pays for the import
    from thesis.reports import review_text

    told: list[Block] = []
    if a.without_overrides:
        given = "; ".join(
            f"{name} is {value} by {o.by}'s own word until {o.until} ({o.reason.rstrip('.')}), "
            f"calculated: {computed}"
            for name, o, value, computed in review_text.override_effects(a)
        )
        without = rating_text.as_reported_text(a.without_overrides)
        told.append(
            Paragraph((strong("Overrides."), f" {given}. ", strong(f"Without overrides: {without}.")))
        )
    if reviewed is not None:
        told.append(Paragraph(strong(f"Published: {review_text.signing_effect(reviewed, a.quarter)}.")))
        told += [
            Paragraph(strong(f"Triggered: {review_text.trigger_text(each)}"), role="trip")
            for each in reviewed.standing.trips
        ]
    return tuple(told)


def _foot(a: Assessment) -> Block:
    """The totals and what they rest on, for whoever wants to check page one against the body."""
    groups = [
        f"{group.name} score {formatting.score(group.total)} ({group.label})"
        for group in scorecard.scorecard_groups(a)
    ]
    risks = [] if a.verdict.has_risks else ["no risks named"]
    covered = f"evidence coverage {formatting.share(a.verdict.coverage)}"
    unsure = [] if a.verdict.rated else [rating_text.confidence_text(a.verdict)]
    told = formatting.capitalise("; ".join([*groups, *risks, covered, *unsure]))
    return Paragraph(f"{told}. Pack {a.pack}, digest {a.digest[:8]}.", role="foot")


# the rating --------------------------------------------------------------------------------------


def _rating(page: PageOne) -> Block:
    """The rating with its place on the scale, its meaning and the day."""
    a, v = page.a, page.a.verdict
    parts: list[Text] = []
    if v.rated:
        place = f", {_place(a)} of {_in_words(len(v.levels))} ratings" if v.is_determined else ""
        parts.append((strong(a.headline), f"{place} (", *_scale(a), ")."))
        parts.append(_meaning(page))
        parts.append(f"{formatting.capitalise(rating_text.confidence_text(v))}.")
    else:
        parts.append((strong(f"{rating_text.verdict_headline(a)}."), " ", rating_text.not_rated_reason(a)))
    parts.append(
        f"As of {formatting.day(a.as_of)}, on the figures of {a.quarter}, filed {formatting.day(a.filed)}."
    )
    if v.rated and not v.clear:
        parts.append("The rating is borderline: within the tolerance it would be another.")
    parts += [f"Capped: {cap}" for cap in v.caps]
    return Paragraph(_sentences(parts), role="lead")


def _scale(a: Assessment) -> tuple[Text, ...]:
    """Every rating there is, the worst first, the present one strong."""
    told: list[Text] = []
    for i, (name, is_present) in enumerate(rating_text.level_table(a)):
        told += [", "] if i else []
        told += [strong(name) if is_present else name]
    return tuple(told)


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)


def _place(a: Assessment) -> str:
    """``second best``: the place of the rating among all, the best first."""
    place = len(a.verdict.levels) - 1 - a.verdict.levels.index(a.verdict.worst)
    if place == len(a.verdict.levels) - 1 and place:
        return "the worst"
    return ORDINALS[place] if place < len(ORDINALS) else f"number {place + 1}"


def _meaning(page: PageOne) -> str:
    """What the rating means; of one that is not settled, what each of its ends means."""
    v = page.a.verdict
    ends = {level: page.means.get(level, "").strip() for level in (v.worst, v.best)}
    if not all(ends.values()):
        return ""
    if len(ends) == 1:
        return ends[v.worst]
    return " ".join(f"{level}: {text}" for level, text in ends.items())


# the figures at the head ---------------------------------------------------------------------------


def head_figures(page: PageOne) -> Facts:
    """Price, market cap, target and what lies between them."""
    a, worth = page.a, page.appraisal
    rows: list[tuple[str, Text]] = []
    price, cap = a.header.price, a.header.market_cap
    if price is not None:
        rows.append((f"Price{_age(a)}", _figure(price, "usd")))
    if cap is not None:
        rows.append(("Market cap", _figure(cap, "billions")))
    if a.target:
        target = formatting.value(a.target["market_cap"], "billions", a.target["unit"])
        passed = " (passed)" if as_of_text.is_past_target(a) else ""
        rows.append((f"Target by {formatting.day(parse_day(a.target['by']))}{passed}", target))
    if a.header.to_target:
        rows.append(("Upside", formatting.value(a.header.to_target, "percent")))
    at = _own_date(worth)
    if at is not None:
        rows.append(("Return needed", f"{formatting.short(at.cap_cagr, 'percent')} a year"))
    if worth is not None and worth.needs is not None:
        rows.append(_multiples(worth))
    return Facts(tuple(rows))


def _multiples(worth: Appraisal) -> tuple[str, Text]:
    """The multiple of today and, where the base case is short, the one that alone would reach the target."""
    assert worth.needs
    now = formatting.short(worth.needs.multiple_now, "multiple")
    lever = next((each for each in worth.levers if each.name == MULTIPLE), None)
    if lever is None or lever.breakeven is None or not is_short(worth):
        return f"{formatting.capitalise(formatting.OPERATING)}, now", now
    needed = formatting.times(lever.breakeven)
    return f"{formatting.capitalise(formatting.OPERATING)}, now and needed", f"{now}, {needed}"


def _age(a: Assessment) -> str:
    """The day of the price, and how old it is: `` on 29 Sep 2026, 16 days old``; or that it is supposed."""
    price = a.header.price
    assert price
    if price.status == "assumed":
        return ", supposed"
    try:
        day = parse_day(price.period)
    except ValueError:
        return f" of {price.period}"
    days = (a.as_of - day).days
    old = f", {formatting.count(days, 'day')} old" if days else ""
    return f" on {formatting.day(day)}{old}"


def _figure(found: EvidenceItem, show: str) -> Figure:
    return Figure(formatting.value(found.value, show, found.unit), found)


def _own_date(worth: Appraisal | None) -> RequirementByDate | None:
    """What the target needs by the thesis's own day, where it has been worked out."""
    if worth is None or worth.needs is None:
        return None
    return next((each for each in worth.needs.dates if each.day == worth.by), None)


# the bottom line -----------------------------------------------------------------------------------


def _bottom_line(page: PageOne) -> tuple[Text, ...]:
    """Whether the target is likely: scenario values, odds, and what the cost of equity does unaided."""
    worth = page.appraisal
    if worth is None:
        return ()
    if worth.reason:
        return (f"The valuation cannot be calculated: {formatting.with_full_stop(worth.reason)}",)
    return _sentences([_answer(worth), _scenario_values(worth), _odds(worth), _unaided(worth, page.a)])


def _answer(worth: Appraisal) -> str:
    """The answer to the title, from the base case and the scenarios."""
    target = formatting.value(worth.target, "billions", currency(worth))
    if worth.is_passed:
        return f"The market cap is above {target} already."
    if worth.market_cap is None:
        return ""
    reaching = [each.scenario.name for each in worth.scenarios if _reaches(each, worth)]
    case = "base case" if not worth.changed else "case of this what-if"
    if target_key(worth) == "reached":
        head = f"{target} is the {case}"
    elif reaching:
        head = f"{target} is possible and not the {case}"
    else:
        head = f"{target} is reached in no scenario" if worth.scenarios else f"{target} is not the {case}"
    away = abs(worth.market_cap / worth.target - 1)
    side = "short of it" if target_key(worth) == "short" else "above it"
    far = f", {formatting.value(away, 'percent')} {side}" if away >= CLOSE else ""
    middle = formatting.value(worth.market_cap, "billions", currency(worth))
    if worth.changed:
        basis = formatting.capitalise(joint_move_text(worth))
        return f"{head}. {basis} the market cap is {middle} on {formatting.day(worth.by)}{far}."
    return f"{head}. Base-case assumptions give {middle} on {formatting.day(worth.by)}{far}."


def _reaches(each: ScenarioResult, worth: Appraisal) -> bool:
    """Whether a scenario certainly ends at the target or above it."""
    return bool(each.market_cap.lo >= worth.target * (1 - CLOSE))


def _scenario_values(worth: Appraisal) -> str:
    values = [
        f"{each.scenario.name} {formatting.short(each.market_cap, 'billions', currency(worth))}"
        for each in worth.scenarios
    ]
    return f"Scenario values: {formatting.join_words(values)}." if values else ""


def _odds(worth: Appraisal) -> str:
    """The odds in closed form, of a share that follows a random walk."""
    if worth.chances is None or worth.is_passed:
        return ""
    at, walk = worth.chances.by, worth.chances
    return (
        f"Odds, if the share follows a random walk with a volatility of {_percent(walk.volatility)} and a "
        f"return of {_percent(walk.drift)} a year: {_percent(at.touch)} that it gets there at some time, "
        f"{_percent(at.end)} that it ends there."
    )


def _percent(value: Interval | float) -> str:
    """A probability or a rate in whole percent, of which more digits would be false precision."""
    ends = (value, value) if isinstance(value, float) else (value.lo, value.hi)
    low, high = (f"{100 * end:.0f}" for end in ends)
    return f"{low}%" if low == high else f"{low} to {high}%"


def _unaided(worth: Appraisal, a: Assessment) -> str:
    """When the cost of equity alone leads to the target: being there later is no success."""
    if worth.needs is None or not worth.needs.waits or worth.is_passed:
        return ""
    rate, wait = worth.needs.waits[len(worth.needs.waits) // 2]
    if wait.is_anything:
        return ""
    day = a.as_of + timedelta(days=round(wait.middle * DAYS_A_YEAR))
    return (
        f"A return of {100 * rate:.4g}% a year, the cost of equity, gets there by {formatting.month(day)} "
        "unaided; reaching it later is no success."
    )


# why -----------------------------------------------------------------------------------------------


def _why(a: Assessment) -> tuple[Text, ...]:
    """What supports the thesis, what is borderline or not met, and what weighs on it."""
    kinds = (
        ("For", [f for f in a.conditions if is_met(f.score)]),
        ("Borderline", [f for f in a.conditions if not is_met(f.score) and not falls_short(f.score)]),
        ("Not met", [f for f in a.conditions if falls_short(f.score)]),
        ("Against", [f for f in _worst_first(a.risks, is_good=False) if is_met(f.score)]),
    )
    return _sentences((emphasis(f"{kind}:"), " ", *_listed(found)) for kind, found in kinds if found)


def _listed(found: Sequence[RuleResult]) -> tuple[Text, ...]:
    """Each rule with the figure that stands for it."""
    told: list[Text] = []
    for i, each in enumerate(found):
        told += ["; "] if i else []
        told += [f"{each.rule.name} (", *_headline(each), ")"]
    return (*told, ".")


def _headline(found: RuleResult) -> tuple[Text, ...]:
    part = found.headline
    name = "" if part.name == found.rule.name else f"{part.name} "
    return name, _latest(part)


def _latest(part: MeasureResult) -> Figure:
    """This quarter's figure of a measure, with its evidence."""
    return Figure(rating_text.short_measure_figure(part), part)


def _worst_first(found: Sequence[RuleResult], *, is_good: bool) -> list[RuleResult]:
    """Rules by their scores, the worst first; ``is_good`` where a high score is good."""
    sign = 1 if is_good else -1
    order = {each.id: i for i, each in enumerate(found)}
    return sorted(found, key=lambda f: (sign * (f.score.lo + f.score.hi), order[f.id]))


# what changed --------------------------------------------------------------------------------------


def _since(page: PageOne) -> tuple[Text, ...]:
    """The figures that moved, restatements, rule changes, and the rating with its cause."""
    changes = page.changes
    if changes is None:
        return ()
    moved = moved_figures(changes, page.a)
    figures: list[Text] = []
    for i, each in enumerate(moved[:MOST_FIGURES]):
        figures += ["; "] if i else []
        figures += [f"{each.now.name} {_was(each)} to ", _latest(each.now)]
    more = len(moved) - MOST_FIGURES
    figures += [f"; and {more} more"] if more > 0 else []
    figures += ["."] if figures else ["No headline figure moved."]
    restated = (
        f"{formatting.count(changes.restated, 'earlier figure')} restated"
        if changes.restated
        else "No earlier figure was restated"
    )
    return _sentences(
        [
            f"Against {changes.since}:",
            tuple(figures),
            f"{restated}; {rule_changes_text(changes)}.",
            _moved(changes),
        ]
    )


def _was(each: MovedFigure) -> str:
    return rating_text.short_measure_figure(each.before)


def _moved(changes: ChangesSince) -> str:
    """The rating before and after, with the causes that moved it."""
    before, after = map(_rating_words, changes.rating)
    causes = formatting.join_words(step.name for step in changes.moving_steps)
    if before != after:
        return f"The rating went from {before} to {after}: {causes}."
    return f"The rating is {after} again, after {causes}." if causes else f"The rating was {after} as well."


def _rating_words(told: str) -> str:
    """``WATCH``, or ``undecided between AT RISK and WATCH`` for ``AT RISK..WATCH``."""
    worst, _, best = told.partition("..")
    return f"undecided between {worst} and {best}" if best else worst


# what would change it --------------------------------------------------------------------------------


def _changes(a: Assessment) -> tuple[Text, ...]:
    """The figures that alone would lower or raise the rating, and how far the kill criteria are."""
    return _sentences([_direction(a, better=False), _direction(a, better=True), _kill(a)])


def _direction(a: Assessment, *, better: bool) -> Text:
    """The single figures that would raise or lower the rating, else the nearest pair; nothing at the end."""
    v = a.verdict
    if (v.best == v.levels[-1]) if better else (v.worst == v.levels[0]):
        return ""
    found = rating_change_text.nearest_changes(a.flips, better=better)
    told = "; ".join(
        _change(each, is_first=not i or each.to != found[i - 1].to) for i, each in enumerate(found)
    )
    if not told:
        told = rating_change_text.single_change_sentences(a, better=better)
    if told == "nothing alone can":
        told = "no single figure would be enough"
    pairs = [_pair(each) for each in a.pairs if each.better == better]
    return (emphasis("Up:" if better else "Down:"), f" {'; '.join([told, *pairs])}.")


def _pair(found: RatingPair) -> str:
    """``the nearest pair, to WATCH, is margin above 8% with capex below 90%, each about 3 times ...``."""
    if not found.to:
        return f"nor any pair of figures that each move by up to {found.within:g} times their typical change"
    one, other = (
        f"{each.label}{f' ({each.sustained} quarters)' if each.sustained else ''} {each.side} "
        f"{rating_change_text.changed_value(each)}"
        for each in found.parts
    )
    return f"the nearest pair, to {found.to}, is {one} with {other}, each {_changes_text(found.moves)}"


def _change(found: RatingChange, *, is_first: bool) -> str:
    """``to AT RISK if International margin falls below -129bp, about 1x its typical quarterly change``."""
    to = f"to {found.to} if " if is_first else "or if "
    if found.unit == "level":
        return f"{to}{found.label} is graded {found.side} level {formatting.level(found.value or 0.0)}"
    verb = "rises above" if found.side.endswith("above") else "falls below"
    sustained = f" ({found.sustained} quarters)" if found.sustained else ""
    value = rating_change_text.changed_value(found)
    return f"{to}{found.label}{sustained} {verb} {value}, {_changes_text(found.moves)}"


def _kill(a: Assessment) -> str:
    """Which kill criteria have triggered or wait, and the nearest of the others."""
    if not a.kill:
        return ""
    triggered = [k.id for k in a.kill if k.has_tripped]
    waiting = [k for k in a.kill if k.waiting and not k.override and not k.has_tripped]
    unclear = [k.id for k in a.kill if not k.tripped.is_point and not k.has_tripped]
    none = f"none of {len(a.kill)} has triggered" if len(a.kill) > 1 else "it has not triggered"
    told = [f"{formatting.join_words(triggered)} triggered" if triggered else none]
    told += [
        f"{k.id} has held for {k.waiting.held} of {k.waiting.must} quarters" for k in waiting if k.waiting
    ]
    told += [f"{formatting.join_words(unclear)} not known"] if unclear else []
    close = rating_change_text.closest_kill_criterion(a.kill)
    if close is not None and not triggered:
        distance = _changes_text(close.moves)
        told.append(f"the nearest is {close.id}: {_criterion(close)}, {distance}")
    return f"Kill criteria: {'; '.join(told)}."


def _criterion(found: KillResult) -> str:
    return rating_change_text.criterion_text(found.criterion, "triggers ") if found.criterion else ""


def _changes_text(moves: float | None) -> str:
    """A distance in typical quarterly changes."""
    if moves is None:
        return "its typical quarterly change is not known"
    return (
        f"about {max(moves, 0.1):.2g} times its typical quarterly change"
        if moves >= 0
        else "beyond it already"
    )


# the decision, and what comes next -------------------------------------------------------------------


def _decision(page: PageOne) -> tuple[Text, ...]:
    """What was decided at the last signed review."""
    said = page.reviewed.said if page.reviewed else None
    if said is None or not (said.decision or said.note):
        return ()
    what = f"{formatting.capitalise(said.decision)}. " if said.decision else ""
    note = f" {formatting.with_full_stop(said.note)}" if said.note else ""
    return (f"{what}{said.by}, {formatting.day(parse_day(said.signed))}, on {said.quarter}.{note}",)


def _next(page: PageOne) -> tuple[Text, ...]:
    """The dates ahead: figures, the review, and what else is due."""
    a, due = page.a, page.reviewed.due if page.reviewed else ()
    is_late = a.as_of > a.fresh_until
    figures = (
        f"The figures of {a.next_due} {'were' if is_late else 'are'} due by {formatting.day(a.fresh_until)}"
    )
    others = [each for each in due if each.kind != "figures"][:MOST_DUE]
    told = [f"{figures}." if others else f"{figures}, and the next review with them."]
    told += [
        f"{formatting.capitalise(each.what)}: {'overdue since' if each.is_overdue else 'due by'} "
        f"{formatting.day(each.day)}."
        for each in others
    ]
    return _sentences(told)


# the tables ------------------------------------------------------------------------------------------


def _prior(page: PageOne) -> Column[RuleResult]:
    """A headline figure a quarter earlier, with its evidence; a judgement's earlier grade has none."""

    def cell(found: RuleResult) -> Text:
        was = page.prior.get(found.id)
        if was is None or was.value.is_anything:
            return ""
        return Figure(rating_text.measure_value(found.headline, was.value), was)

    return Column("last quarter", cell, align=RIGHT)


def _measure(found: RuleResult) -> Text:
    """The name of a rule, and under it that of the measure that stands for it."""
    name: Text = Link(found.rule.name, f"#{scorecard.rule_place(found.id)}")
    return name if found.headline.name == found.rule.name else (name, f": {found.headline.name}")


def _latest_cell(found: RuleResult) -> Text:
    """This quarter's figure, and what several quarters sustain where that is what is scored."""
    part = found.headline
    sustained = ""
    if part.evidence is not None and part.evidence.value != part.value:
        sustained = f" ({rating_text.measure_value(part, part.value)} in {part.measure.sustained} quarters)"
    return (_latest(part), sustained)


def _status(found: RuleResult) -> Text:
    """The label of a rule's score, and what it would be without adjustments or without an override."""
    reported = ""
    if rating_text.adjustment_text(found):
        reported = f"; {found.reported_label} as reported"
    return (found.label, reported, *(scorecard.OVERRIDDEN if found.is_given else ()))


def _columns(page: PageOne, name: str) -> tuple[Column[RuleResult], ...]:
    return (
        Column(name, _measure, is_head=True),
        Column("latest", _latest_cell, align=RIGHT),
        _prior(page),
        scorecard.THRESHOLD._replace(heading="threshold"),
        scorecard.TREND._replace(heading="trend (8Q)"),
        Column("status", _status, is_head=True),
    )


def condition_table(page: PageOne) -> Table:
    """What the thesis needs, the worst first: latest and earlier figure, threshold, trend and status."""
    found = _worst_first(page.a.conditions, is_good=True)
    return table_of(
        _columns(page, "the thesis needs"),
        found,
        caption="What the thesis needs",
        kind="front",
        is_captioned=False,
    )


def risk_table(page: PageOne) -> Table:
    """The risks, the worst first; no row where none is named."""
    found = _worst_first(page.a.risks, is_good=False)
    return table_of(
        _columns(page, "risk, worst first"), found, caption="Risks", kind="front", is_captioned=False
    )
