"""Runs a pack's trials: tests of its rules on invented figures.

A series is its first quarter and then a value for each quarter: ``2024Q1 10 11 _ 13``; ``_`` is not
reported, ``10+1x3`` is 10 11 12 13, ``3..4``, ``>5`` and ``17%`` are as in a file of facts.
Every figure is taken as filed thirty days after its quarter, and nothing else is known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.period import LAST_YEAR, Quarter, parse_day
from thesis.core.problem import InvalidInput, Problem, did_you_mean
from thesis.core.strict_ends import as_stated
from thesis.facts.fact import COLUMNS, FactStore, LineItem, parse_value
from thesis.files.yaml import SourceDocument, read_yaml
from thesis.language.syntax import WIDEST
from thesis.pack.load import Pack
from thesis.pack.schema.judgements import Judgement, JudgementsFile
from thesis.pack.schema.metrics import MetricsFile
from thesis.pack.schema.trials import Expectation, Trial
from thesis.pack.scores import grade_problem
from thesis.pack.validate import validate
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.rules import RuleScorer

FILE = "trials.yaml"
FILED_AFTER, SEEN_AFTER = 30, 35  # days after a quarter's end
LONGEST = 200  # quarters of one series


class TrialOutcome(NamedTuple):
    """One expectation: ``found`` is what came out, ``wanted`` what should have."""

    trial: str
    of: str
    at: str
    wanted: str
    found: str
    passed: bool
    line: int


def read_trials(text: str, shown: str, pack: Pack) -> tuple[list[Trial], SourceDocument]:
    """The trials in a file. Errors: ``InvalidInput`` with every mistake in it."""
    document = read_yaml(text, shown)
    trials: list[Trial] = validate(document, list[Trial])
    problems = [p for i, trial in enumerate(trials) for p in _problems(i, trial, document, pack)]
    if problems:
        raise InvalidInput(problems, {shown: text})
    return trials, document


def run_trials(pack: Pack, trials: Sequence[Trial], document: SourceDocument) -> list[TrialOutcome]:
    """Every expectation of every trial, in the order of the file."""
    return [
        _outcome(pack, trial, expectation, document.span((i, "expect", j)).line)
        for i, trial in enumerate(trials)
        for j, expectation in enumerate(trial.expect)
    ]


def _outcome(pack: Pack, trial: Trial, wanted: Expectation, line: int) -> TrialOutcome:
    quarter = Quarter.parse(wanted.at)
    as_of = parse_day(trial.as_of) if trial.as_of else quarter.end + timedelta(days=SEEN_AFTER)
    scorer = RuleScorer(case_as_of(_stage(pack, trial, as_of), as_of, quarter=quarter))
    found, text, passed = _compare(scorer, wanted)
    return TrialOutcome(trial.name, wanted.of, wanted.at, text, found, passed, line)


def _compare(scorer: RuleScorer, wanted: Expectation) -> tuple[str, str, bool]:
    """What came out, what was wanted, and whether they agree."""
    thesis = scorer.case.pack.thesis
    rule = next((r for r in (*thesis.conditions, *thesis.risks) if r.id == wanted.of), None)
    if rule is not None:
        finding = scorer.score_rule(rule)
        if wanted.label:
            return finding.label, wanted.label, finding.label == wanted.label
        if wanted.score:
            return repr(finding.score), wanted.score, outcome_agrees(finding.score, wanted.score)
        answer = _answer(finding.answer) if finding.answer is not None else "nothing"
        return answer, wanted.holds, answer == wanted.holds
    kill = next((k for k in thesis.kill if k.id == wanted.of), None)
    if kill is not None:
        answer = _answer(scorer.score_criterion(kill).tripped)
        return answer, wanted.answer, answer == wanted.answer
    value = scorer.case.value(wanted.of, scorer.case.quarter)
    agrees = outcome_agrees(value, wanted.value)
    return repr(as_stated(value)), wanted.value + _percent_hint(value, wanted.value, agrees=agrees), agrees


def _percent_hint(found: Interval, wanted: str, *, agrees: bool) -> str:
    """Asks for the sign where the value is the one written, read as a percentage."""
    try:
        is_missing = not agrees and outcome_agrees(found, f"{wanted}%")
    except ValueError:  # it has a sign, or is a word
        return ""
    return " (is a percent sign missing?)" if is_missing else ""


def outcome_agrees(found: Interval, wanted: str) -> bool:
    """Whether a value is the one written, to the last digit that is written."""
    if wanted == formatting.UNKNOWN_TEXT or found.is_anything:
        return found.is_anything and wanted == formatting.UNKNOWN_TEXT
    value = parse_value(wanted)
    assert isinstance(value, Interval)
    low, _, high = wanted.partition("..")
    return _near(found.lo, value.lo, low) and _near(found.hi, value.hi, high or low)


def _near(found: float, wanted: float, text: str) -> bool:
    if found == wanted:
        return True
    shift = next((places for mark, places in (("%", 2), ("bp", 4)) if text.strip().endswith(mark)), 0)
    mantissa, _, exponent = text.strip("<>%bp ").lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) + shift - int(exponent or 0)
    return abs(found - wanted) <= 0.5000001 * 10.0**-decimals


def _answer(truth: Interval) -> str:
    return formatting.UNKNOWN_TEXT if not truth.is_point else "yes" if truth.lo else "no"


# the stage -------------------------------------------------------------------------------------


def _stage(pack: Pack, trial: Trial, as_of: date) -> Pack:
    """The pack with the trial's figures and grades in place of its own."""
    facts = FactStore()
    rows = [row for name, text in (trial.facts or {}).items() for row in _rows(pack, name, text)]
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    facts.add(out.getvalue(), FILE)
    grades = [
        Judgement(rubric, level, str(as_of), "trial", "given", "trial")
        for rubric, level in (trial.judgements or {}).items()
    ]
    concepts = {**pack.concepts, **_stood_for(pack, trial)}
    metrics = MetricsFile(pack.entities, concepts, pack.metrics, pack.identities, pack.calendar)
    judged = JudgementsFile(list(pack.rubrics.values()), grades)
    return Pack(pack.thesis, metrics, judged, facts, pack.digest, pack.valuation)


def _stood_for(pack: Pack, trial: Trial) -> dict[str, LineItem]:
    """The values of the valuation that a trial gives itself, as line items that stand in their place."""
    given = (pack.values[name] for name in trial.facts or {} if name in pack.values)
    return {each.name: LineItem(each.label, each.unit, "rate") for each in given}


def _rows(pack: Pack, name: str, text: str) -> Iterator[tuple[str, ...]]:
    concept, unit = pack.concepts.get(name), pack.unit_of(name)
    kind = concept.kind if concept else "rate"
    for quarter, value in trial_series(text):
        period = str(quarter.end) if kind == "daily" else str(quarter)
        filed = quarter.end if kind == "daily" else quarter.end + timedelta(days=FILED_AFTER)
        item = f"{name}/trial" if kind == "register" else name
        yield item, period, value, unit, str(filed), "trial", "given"


def trial_series(text: str) -> list[tuple[Quarter, str]]:
    """The quarters and values of a series. Errors: ``ValueError`` in words.

    >>> trial_series("2024Q3 10+1x2 _ 5%")
    [(2024Q3, '10'), (2024Q4, '11'), (2025Q1, '12'), (2025Q3, '5%')]
    """
    first, *values = text.split()
    start = Quarter.parse(first)
    listed: list[str] = []
    for value in values:
        listed += _expanded(value)
        if len(listed) > LONGEST:
            raise ValueError(f"a series may have {LONGEST} quarters")
    if (start + len(listed)).year >= LAST_YEAR:
        raise ValueError(f"the series runs past the year {LAST_YEAR - 1}")
    return [(start + i, value) for i, value in enumerate(listed) if value != "_"]


def _expanded(text: str) -> list[str]:
    """``10+1x3`` as 10 11 12 13; anything else as it is."""
    head, times, count = text.rpartition("x")
    sign = "+" if "+" in head[1:] else "-"
    base, found, step = head.rpartition(sign)
    if not times or not found or not base:
        if text != "_":
            parse_value(text)
        return [text]
    if not count.isdigit() or int(count) > WIDEST:
        raise ValueError(f"expected something like 10+1x3, found `{text}`")
    try:
        start, by = float(base), float(f"{sign}{step}")
    except ValueError:
        raise ValueError(f"expected something like 10+1x3, found `{text}`") from None
    return [f"{start + by * i:.12g}" for i in range(int(count) + 1)]


def _problems(i: int, trial: Trial, document: SourceDocument, pack: Pack) -> Iterator[Problem]:
    for name, text in (trial.facts or {}).items():
        path = (i, "facts", name)
        if name not in pack.concepts and name not in pack.values:
            hint = did_you_mean(name, [*pack.concepts, *pack.values])
            yield Problem("unknown-name", f"no concept is called `{name}`", document.key_span(path), hint)
            continue
        try:
            trial_series(text)
        except ValueError as error:
            yield Problem("bad-series", str(error), document.span(path))
    for rubric, level in (trial.judgements or {}).items():
        path = (i, "judgements", rubric)
        if rubric not in pack.rubrics:
            hint = did_you_mean(rubric, pack.rubrics)
            yield Problem("unknown-rubric", f"no rubric is called `{rubric}`", document.key_span(path), hint)
            continue
        message = grade_problem(level, len(pack.rubrics[rubric].levels) - 1)
        if message:
            yield Problem("bad-level", message, document.span(path))
    if trial.as_of:
        try:
            parse_day(trial.as_of)
        except ValueError as error:
            yield Problem("bad-date", str(error), document.span((i, "as_of")))
    for j, wanted in enumerate(trial.expect):
        yield from _expectation_problems(wanted, (i, "expect", j), document, pack)


def _expectation_problems(
    wanted: Expectation, path: tuple[int, str, int], document: SourceDocument, pack: Pack
) -> Iterator[Problem]:
    rules = {r.id for r in (*pack.thesis.conditions, *pack.thesis.risks)}
    kills = {k.id for k in pack.thesis.kill}
    kinds: Mapping[str, tuple[str, ...]] = {
        **dict.fromkeys([*pack.metrics, *pack.values], ("value",)),
        **dict.fromkeys(rules, ("score", "label", "holds")),
        **dict.fromkeys(kills, ("answer",)),
    }
    if wanted.of not in kinds:
        hint = did_you_mean(wanted.of, kinds)
        yield Problem(
            "unknown-name",
            f"no rule, kill criterion or metric is called `{wanted.of}`",
            document.span((*path, "of")),
            hint or f"kill criteria are {', '.join(kills) or 'not declared'}",
        )
        return
    given = [kind for kind in ("value", "score", "label", "holds", "answer") if getattr(wanted, kind)]
    if len(given) != 1 or given[0] not in kinds[wanted.of]:
        expected = " or ".join(f"`{kind}`" for kind in kinds[wanted.of])
        found = " and ".join(f"`{kind}`" for kind in given) or "none"
        yield Problem(
            "one-kind", f"expected {expected} for `{wanted.of}`, found {found}", document.span(path)
        )
    try:
        Quarter.parse(wanted.at)
    except ValueError as error:
        yield Problem("bad-period", str(error), document.span((*path, "at")))
    for kind in ("value", "score"):
        text = getattr(wanted, kind)
        if text and text != formatting.UNKNOWN_TEXT:
            try:
                value = parse_value(text)
            except ValueError as error:
                yield Problem("bad-value", str(error), document.span((*path, kind)))
                continue
            if isinstance(value, str):
                message = f"expected a value, a range or `unknown`, found `{value}`"
                yield Problem("bad-value", message, document.span((*path, kind)))
