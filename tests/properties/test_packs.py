"""Laws of whole packs: the Amazon rules over facts that are taken away, blurred, shuffled or filed later.

Learning never flips: knowing more never moves an answer outside what it was. No gain from ignorance:
knowing less never makes anything look better.
"""

from __future__ import annotations

import csv
import io
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.interval import Interval
from thesis.facts.fact import FactStore, parse_value
from thesis.files.disk import bundled_folder
from thesis.memo.markdown import render_memo
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.judgements import JudgementsFile
from thesis.pack.schema.metrics import MetricsFile
from thesis.pack.schema.thesis import ThesisFile
from thesis.pricing.priced_case import case_as_of
from thesis.reports.check_report import check_text
from thesis.scoring.aggregate import combine
from thesis.scoring.assess import assess
from thesis.scoring.assessment import KillResult, RuleResult, Verdict, json_ready
from thesis.scoring.rules import RuleScorer
from thesis.scoring.verdict import reach_verdict

T = TypeVar("T")
Row = tuple[str, ...]  # a file, then the cells of a line
FOLDER = read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t")
# Fresh after a full year's report, between reports, a quarter late, and two quarters late.
DAYS = [date(2023, 10, 27), date(2025, 2, 7), date(2026, 5, 1), date(2026, 10, 15), date(2026, 11, 22)]
LATE = date(2027, 3, 20)
days = st.sampled_from([*DAYS, LATE])


def changed(record: T, **values: Any) -> T:
    return type(record)(**{**vars(record), **values})


@cache
def amazon() -> Pack:
    """The bundled pack, with few draws of other weights, for speed."""
    pack = build(FOLDER)[0]
    table = pack.thesis.verdict
    quick = changed(table, robustness=changed(table.robustness, draws=50))
    return variant(pack, thesis=changed(pack.thesis, verdict=quick))


def variant(
    pack: Pack,
    *,
    thesis: ThesisFile | None = None,
    rows: Iterable[Row] | None = None,
    grades: Sequence[Any] | None = None,
) -> Pack:
    facts = pack.facts if rows is None else facts_of(rows)
    given_grades = list(pack.grades if grades is None else grades)
    return Pack(
        thesis or pack.thesis,
        MetricsFile(pack.entities, pack.concepts, pack.metrics, pack.identities, pack.calendar),
        JudgementsFile(list(pack.rubrics.values()), given_grades),
        facts,
        pack.digest,
        pack.valuation,
    )


@cache
def all_rows() -> tuple[Row, ...]:
    return tuple(
        (file, *cells)
        for file, text in FOLDER.facts.items()
        for cells in list(csv.reader(io.StringIO(text)))[1:]
        if cells[1] >= "2018"  # what is older has no say on the days below
    )


def facts_of(rows: Iterable[Row]) -> FactStore:
    texts: dict[str, list[Row]] = {}
    for file, *cells in rows:
        texts.setdefault(file, []).append(tuple(cells))
    facts = FactStore()
    for file, lines in texts.items():
        out = io.StringIO()
        header = ("concept", "period", "value", "unit", "filed", "source", "how", "note")
        csv.writer(out).writerows([header, *lines])
        facts.add(out.getvalue(), file)
    return facts


def key(row: Row) -> tuple[str, str]:
    """What is known or not known as one: a concept's quarter, of a register all its items."""
    return row[1].partition("/")[0], row[2]


# The concept that says which quarter is under review stays: without it another quarter is reviewed.
# Prices are not scored.
KEPT = ("net_sales", "price")
keys = sorted({key(row) for row in all_rows() if row[2] >= "2022Q1" and key(row)[0] not in KEPT})
newest = [k for k in keys if k[1] == "2026Q2"]
forgotten = st.sets(st.sampled_from(newest) | st.sampled_from(keys), max_size=12)
rubrics = st.sets(st.sampled_from(["J4", "J5", "J-R4", "J-K6", "J-K7", "J-K8"]), max_size=2)


class Outcome(NamedTuple):
    """What the rules say on a day, before flips and memo."""

    verdict: Verdict
    findings: tuple[RuleResult, ...]
    kill: tuple[KillResult, ...]

    @property
    def ranges(self) -> dict[str, Interval]:
        """Every range: scores, literal answers, lifts, totals, kill criteria."""
        found = {"engines": self.verdict.engines, "risks": self.verdict.risks}
        for f in self.findings:
            found[f.id] = f.score
            for leaf in f.leaves():
                found[f"{f.id} {leaf.id}"] = leaf.score
            for name, value in (("literally", f.answer), ("lift", f.lift)):
                if value is not None:
                    found[f"{f.id} {name}"] = value
        return {**found, **{k.id: k.tripped for k in self.kill}}


def outcome(pack: Pack, day: date) -> Outcome:
    scorer = RuleScorer(case_as_of(pack, day))
    conditions = tuple(scorer.score_rule(rule) for rule in pack.thesis.conditions)
    risks = tuple(scorer.score_rule(rule) for rule in pack.thesis.risks)
    kill = tuple(scorer.score_criterion(criterion) for criterion in pack.thesis.kill)
    return Outcome(reach_verdict(pack.thesis.verdict, conditions, risks, kill), conditions + risks, kill)


@cache
def full(day: date) -> Outcome:
    return outcome(amazon(), day)


def assert_knows_less(less: Outcome, more: Outcome) -> None:
    """Every range of ``less`` holds that of ``more``, and so does the range of verdicts."""
    wide, narrow = less.ranges, more.ranges
    for name, value in narrow.items():
        assert wide[name].lo <= value.lo + 1e-12, name
        assert value.hi - 1e-12 <= wide[name].hi, name
    levels = list(amazon().thesis.verdict.levels)
    assert levels.index(less.verdict.worst) <= levels.index(more.verdict.worst)
    assert levels.index(less.verdict.best) >= levels.index(more.verdict.best)
    assert less.verdict.coverage <= more.verdict.coverage + 1e-12


# learning never flips, and no gain from ignorance ------------------------------------------------------


@examples(25)
@given(forgotten, rubrics, days)
@example({("aws.net_sales", "2026Q2")}, set(), date(2026, 11, 22))
@example({("aws.net_sales", "2026Q2")}, set(), LATE)
def test_p7_forgetting_facts_never_narrows_raises_or_rates_anything(
    gone: set[tuple[str, str]], ungraded: set[str], day: date
) -> None:
    """P7, P8, P19: without some facts and grades every range holds the old one, and less is covered."""
    rows = [row for row in all_rows() if key(row) not in gone]
    grades = [grade for grade in amazon().grades if grade.rubric not in ungraded]
    assert_knows_less(outcome(variant(amazon(), rows=rows, grades=grades), day), full(day))


def blurred(row: Row, by: float, at: float) -> Row:
    """A row whose value is only known to lie in a range, the true value somewhere inside."""
    value = parse_value(row[3])
    if isinstance(value, str) or value.hi - value.lo > 1e30:
        return row
    width = by * max(abs(value.lo), abs(value.hi))
    lo, hi = value.lo - at * width, value.hi + (1 - at) * width
    return (*row[:3], f"{lo!r}..{hi!r}", *row[4:])


blurs = st.dictionaries(st.sampled_from(keys), st.tuples(st.floats(0.001, 0.5), st.floats(0, 1)), max_size=8)


@examples(15)
@given(blurs, days)
def test_p7_widening_a_figure_never_narrows_an_answer(
    blur: Mapping[tuple[str, str], tuple[float, float]], day: date
) -> None:
    """P7: figures known only as a range give answers that hold those of the exact figures."""
    rows = [blurred(row, *blur[key(row)]) if key(row) in blur else row for row in all_rows()]
    assert_knows_less(outcome(variant(amazon(), rows=rows), day), full(day))


ranged = sorted({key(row) for row in all_rows() if ".." in row[3] and row[2] >= "2022Q1"})


@examples(15)
@given(st.dictionaries(st.sampled_from(ranged), st.floats(0, 1), min_size=1, max_size=10), days)
def test_p8_settling_a_range_never_leaves_it(where: Mapping[tuple[str, str], float], day: date) -> None:
    """P8: a range that turns out to be some value inside it gives answers inside the old ones."""

    def settled(row: Row) -> Row:
        value = parse_value(row[3])
        if key(row) not in where or not isinstance(value, Interval) or value.is_point:
            return row
        at = value.lo + (value.hi - value.lo) * where[key(row)]
        return (*row[:3], repr(min(max(at, value.lo), value.hi)), *row[4:])

    learned = outcome(variant(amazon(), rows=[settled(row) for row in all_rows()]), day)
    assert_knows_less(full(day), learned)


@examples(20)
@given(st.integers(2, 4), st.sampled_from(["J4", "J5", "J-R4"]))
def test_p8_a_second_grader_widens_and_never_decides(level: int, rubric: str) -> None:
    """P8: another grade of the same day makes a range that holds the first."""
    day = date(2026, 10, 15)
    scorer = case_as_of(amazon(), day)
    first = scorer.grades(rubric)[0]
    second = changed(first, level=str(level), by="another")
    assert_knows_less(outcome(variant(amazon(), grades=[*amazon().grades, second]), day), full(day))


# freshness and coverage --------------------------------------------------------------------------------


def test_p19_coverage_falls_as_figures_go_stale_and_then_expire() -> None:
    """P19: with nothing new, each report that is overdue covers less and says less."""
    seen = [full(day) for day in (date(2026, 10, 15), date(2026, 11, 22), LATE)]
    covered = [found.verdict.coverage for found in seen]
    assert covered[0] > covered[1] > covered[2]
    assert covered[2] == 0.0
    for fresh, stale in pairwise(seen):
        for name in ("aws-growth", "margins", "advertising", "automation", "ai-demand", "engines"):
            assert stale.ranges[name].holds(fresh.ranges[name])


# no look-ahead -----------------------------------------------------------------------------------------


def later(row: Row, day: date, by: int, factor: float) -> Row | None:
    """A row that restates another after the day, with another value."""
    value = parse_value(row[3])
    if isinstance(value, str):
        return None
    filed = max(day, date.fromisoformat(row[5])) + timedelta(days=1 + by)
    return (*row[:3], repr(value.lo * factor + 1), row[4], str(filed), *row[6:])


@examples(20)
@given(
    st.dates(date(2022, 1, 1), date(2026, 11, 22)),
    st.lists(st.tuples(st.sampled_from(all_rows()), st.integers(0, 900), st.floats(-3, 3)), max_size=20),
    st.booleans(),
)
def test_p17_what_is_filed_after_the_day_changes_nothing(
    day: date, restated: list[tuple[Row, int, float]], drop: bool
) -> None:
    """P17: rows filed later, more of them or none at all, leave every answer of the day as it was."""
    rows = [row for row in all_rows() if not drop or row[5] <= str(day)]
    extra = [later(row, day, by, factor) for row, by, factor in restated]
    grades = [g for g in amazon().grades if not drop or g.graded <= str(day)]
    other = variant(amazon(), rows=[*rows, *(row for row in extra if row)], grades=grades)
    before, after = outcome(amazon(), day), outcome(other, day)
    assert before.ranges == after.ranges
    assert before.verdict == after.verdict


def test_p17_a_newer_quarter_is_not_seen_the_day_before_it_is_filed() -> None:
    """P17: the quarter under review changes on the day its report is filed, not earlier."""
    filed = date(2026, 7, 31)
    assert str(case_as_of(amazon(), filed - timedelta(days=1)).quarter) == "2026Q1"
    assert str(case_as_of(amazon(), filed).quarter) == "2026Q2"


# order and repetition ------------------------------------------------------------------------------------


def without_lines(value: Any) -> Any:
    """A record as JSON holds it, less the line that a row stands on."""
    if isinstance(value, dict):
        return {name: without_lines(item) for name, item in value.items() if name != "line"}
    return [without_lines(item) for item in value] if isinstance(value, list) else value


@examples(2)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    """Shuffled facts and grades give the same assessment, to the last digit, and the same memo."""
    rows, grades = list(all_rows()), list(amazon().grades)
    random.Random(seed).shuffle(rows)
    random.Random(seed).shuffle(grades)
    before = assess(amazon(), date(2026, 10, 15))
    after = assess(variant(amazon(), rows=rows, grades=grades), date(2026, 10, 15))
    assert without_lines(json_ready(after)) == without_lines(json_ready(before))
    assert render_memo(after) == render_memo(before)


@examples(10)
@given(st.integers(0, 10_000), st.sampled_from(DAYS))
def test_the_order_of_rules_does_not_matter(seed: int, day: date) -> None:
    """Conditions, risks, measures and kill criteria in any order score the same."""
    mix = random.Random(seed)

    def shuffled(items: Sequence[T]) -> list[T]:
        return mix.sample(list(items), len(items))

    thesis = amazon().thesis
    turned = changed(
        thesis,
        conditions=[changed(r, measures=shuffled(r.measures)) for r in shuffled(thesis.conditions)],
        risks=shuffled(thesis.risks),
        kill=shuffled(thesis.kill),
    )
    before, after = full(day), outcome(variant(amazon(), thesis=turned), day)
    assert after.ranges == before.ranges
    assert (after.verdict.worst, after.verdict.best) == (before.verdict.worst, before.verdict.best)
    assert after.verdict.coverage == pytest.approx(before.verdict.coverage)
    assert after.verdict.confidence.steady == before.verdict.confidence.steady


def test_p13_the_same_inputs_give_the_same_bytes() -> None:
    """P13: a memo and a checklist written twice are the same, however Python seeds its hashes."""
    program = (
        "from datetime import date; from thesis.pack.folder import read_folder; from "
        "thesis.pack.load import build\n"
        "from thesis.files.disk import bundled_folder; from thesis.scoring.assess import assess\n"
        "from thesis.memo.markdown import render_memo; from thesis.reports.check_report import check_text\n"
        "pack = build(read_folder(bundled_folder('rules') / 'amzn-4t', 'amzn-4t'))[0]\n"
        "found = assess(pack, date(2026, 10, 15))\n"
        "print(render_memo(found) + check_text(found), end='')"
    )
    written = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4000")
    ]
    found = assess(build(FOLDER)[0], date(2026, 10, 15))
    here = (render_memo(found) + check_text(found)).encode()
    assert written[0] == written[1]
    assert here == written[0].replace(b"\r\n", b"\n")


# adjustment ----------------------------------------------------------------------------------------------


@examples(5)
@given(st.sampled_from(DAYS))
def test_p20_with_nothing_in_the_register_adjusted_is_reported(day: date) -> None:
    """P20: with every charge at zero no score and no label depends on the adjustment."""
    rows = [(*row[:3], "0", *row[4:]) if row[1].startswith("charges.") else row for row in all_rows()]
    found = outcome(variant(amazon(), rows=rows), day)
    for f in found.findings:
        assert (f.score, f.label) == (f.reported_score, f.reported_label)
        for leaf in f.leaves():
            assert leaf.value == leaf.reported
            assert not leaf.depends_on_adjustment


# the totals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [*DAYS, LATE])
def test_p1_every_range_of_an_assessment_lies_between_nothing_and_all(day: date) -> None:
    """P1: all scores, answers, totals and shares are ranges inside 0..1."""
    found = full(day)
    assert all(0.0 <= value.lo <= value.hi <= 1.0 for value in found.ranges.values())
    for f in found.findings:
        assert sum(leaf.share for leaf in f.leaves()) == pytest.approx(1.0)
        assert 0.0 <= f.coverage <= 1.0


@pytest.mark.parametrize("day", DAYS)
def test_the_totals_are_those_of_the_scores_that_are_shown(day: date) -> None:
    """Engines are the weighted geometric mean of the conditions, risks the cubic mean of the risks."""
    found = assess(amazon(), day)
    for findings, how, total in (
        (found.conditions, "geometric", found.verdict.engines),
        (found.risks, "cubic", found.verdict.risks),
    ):
        again = combine([f.score for f in findings], [f.rule.weight for f in findings], how, 0.05)
        assert again == total
