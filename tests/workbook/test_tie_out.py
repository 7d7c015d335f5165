"""Tie-out: each figure of the workbook is the assessment's, found again by its label."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.workbook.sheets import Made, Table, Values, cells, made, near
from thesis.appraisal.appraise import Appraisal
from thesis.case.case import EvidenceItem
from thesis.files.disk import bundled_folder
from thesis.scoring.assessment import RuleResult
from thesis.workbook.number_formats import compared_format

RATED = "2026-10-15"
DAYS = pytest.mark.parametrize("day", [RATED, "2026-11-22", "2024-05-31"])


@cache
def amazon(day: str) -> tuple[Made, Values]:
    book = made(bundled_folder("rules") / "amzn-4t", day)
    return book, cells(book.data, values=True)


@pytest.fixture
def valued(priced: Callable[[], Path]) -> tuple[Made, Values]:
    """A small pack with a valuation in which scenarios have chances."""
    book = made(priced(), RATED)
    return book, cells(book.data, values=True)


def same(cell: Any, value: float | str | None) -> bool:
    if isinstance(value, str) or value is None:
        return bool(cell == value)
    return math.isclose(float(cell), value, rel_tol=1e-9, abs_tol=1e-12)


def facts_of(evidence: EvidenceItem) -> set[tuple[str, str, str]]:
    """Concept, period and document of every fact below a value."""
    return {(fact.concept, str(fact.period), fact.source) for each in evidence.walk() for fact in each.facts}


# the scorecard ---------------------------------------------------------------------------------------


@DAYS
def test_the_verdict_and_its_totals(day: str) -> None:
    book, values = amazon(day)
    found, table = book.assessment, Table(values, "Verdict")
    v = found.verdict
    assert table.at("B", 6) == found.headline
    assert near(table.ends("BC", *table.rows("Conditions, together")), v.engines)
    assert table.at("D", *table.rows("Conditions, together")) == v.engines_label
    assert near(table.ends("BC", *table.rows("Risks, together")), v.risks)
    assert table.at("D", *table.rows("Risks, together")) == v.risks_label
    assert same(table.at("B", *table.rows("Coverage, the lesser of conditions and risks")), v.coverage)
    assert table.at("B", table.rows("Confidence")[0]) == v.confidence.grade
    (words,) = table.rows("In words")
    assert (table.at("B", words), table.at("C", words)) == (v.worst, v.best)


@DAYS
def test_what_stands_at_the_head(day: str) -> None:
    book, values = amazon(day)
    header, table = book.assessment.header, Table(values, "Verdict")
    assert header.price
    assert header.market_cap
    assert near(
        table.ends("BC", *table.rows(f"Price, USD/share ({header.price.period})")), header.price.value
    )
    cap = f"Market value, $bn ({header.market_cap.period})"
    assert near(table.ends("BC", *table.rows(cap)), header.market_cap.value)
    assert header.to_target
    assert near(table.ends("BC", *table.rows("From here to the target")), header.to_target)


@DAYS
def test_each_rule_with_its_weight_score_coverage_and_name(day: str) -> None:
    book, values = amazon(day)
    table, rules = Table(values, "Verdict"), Table(values, "Rules")
    for found in book.assessment.findings:
        (row,) = table.rows(found.rule.name)
        assert same(table.at("B", row), found.rule.weight)
        assert near(table.ends("CD", row), found.score)
        assert same(table.at("G", row), found.coverage)
        assert table.at("H", row) == found.label
        assert rules.rows(found.rule.name)


@DAYS
def test_each_measure_with_its_value_edges_score_and_status(day: str) -> None:
    book, values = amazon(day)
    table = Table(values, "Measures")
    heads = {value: at.rstrip("0123456789") for (sheet, at), value in values.items()
             if sheet == "Measures" and at.endswith("6") and at[-2:-1].isalpha()}  # fmt: skip
    for found, leaf in _leaves(book, "metric"):
        (row,) = [row for row in table.rows(leaf.name, "B") if table.at("A", row) == found.rule.name]
        factor = compared_format(leaf.show, leaf.unit, 1.0).factor
        assert near(table.ends((heads["Value low"], heads["Value high"]), row, factor), leaf.value)  # type: ignore[arg-type]
        edges = [float(table.at(heads[name], row)) / factor for name in
                 ("Score 0", "Score .25", "Score .50", "Score .75", "Score 1")]  # fmt: skip
        assert all(math.isclose(a, b, abs_tol=1e-12) for a, b in zip(edges, leaf.edges, strict=True))
        assert near(table.ends((heads["Score low"], heads["Score high"]), row), leaf.score)  # type: ignore[arg-type]
        assert table.at(heads["Status"], row) == leaf.status


@DAYS
def test_each_judgement_with_its_grade_and_score(day: str) -> None:
    book, values = amazon(day)
    table = Table(values, "Judgements")
    for _, leaf in _leaves(book, "judgement"):
        (row,) = table.rows(leaf.id)
        assert near(table.ends("GH", row), leaf.score)
        assert table.at("I", row) == leaf.status
        assert table.at("K", row) == (leaf.grades[0].graded if leaf.grades else "")


def _leaves(book: Made, kind: str) -> list[tuple[RuleResult, Any]]:
    found = [(f, leaf) for f in book.assessment.findings for leaf in f.leaves() if leaf.kind == kind]
    assert found
    return found


@DAYS
def test_each_kill_criterion_with_its_answers_and_distances(day: str) -> None:
    book, values = amazon(day)
    table = Table(values, "Kill criteria")
    for found in book.assessment.kill:
        first, *distances = table.rows(found.id)
        assert near(table.ends("EF", first), found.now)
        assert near(table.ends("JK", first), found.tripped)
        for row, d in zip(distances, found.distances, strict=True):
            factor = compared_format(d.show, d.unit, 1.0).factor
            assert table.at("B", row) == d.label
            assert near(table.ends("DE", row, factor), d.value)
            assert same(table.at("F", row), d.at * factor)
            assert near(table.ends("JK", row, factor), d.gap)


@DAYS
def test_what_a_score_rests_on_stands_among_the_facts(day: str) -> None:
    """Every row that a memo cites for a score is a row of the sheet of facts, with its document."""
    book, values = amazon(day)
    table = Table(values, "Facts")
    rows = [
        int(at[1:]) for sheet, at in values if sheet == "Facts" and at.startswith("B") and at[1:].isdigit()
    ]
    listed = {(table.at("B", row), table.at("D", row), table.at("J", row)) for row in rows}
    for _, leaf in _leaves(book, "metric"):
        for evidence in leaf.window:
            assert facts_of(evidence) <= listed


def test_each_literal_claim_and_each_metric_of_the_newest_quarter() -> None:
    book, values = amazon(RATED)
    table = Table(values, "Metrics")
    low = _column(values, "2026Q2", 0), _column(values, "2026Q2", 1)
    for found in book.assessment.conditions:
        if found.answer is not None:
            (row,) = table.rows(f"{found.rule.name}, taken literally")
            assert near(table.ends(low, row), found.answer)  # type: ignore[arg-type]
    for _, leaf in _leaves(book, "metric"):
        (row,) = table.rows(leaf.id, "B")
        assert near(table.ends(low, row), leaf.evidence.value)  # type: ignore[arg-type]
        for place, (quarter, value) in enumerate(leaf.history):
            columns = _column(values, quarter, 0), _column(values, quarter, 1)
            assert near(table.ends(columns, row), value), place  # type: ignore[arg-type]


def _column(values: Values, quarter: str, end: int) -> str:
    """The letters of a quarter's column in the first block or the second."""
    found = [at[:-1] for (sheet, at), value in values.items() if sheet == "Metrics" and value == quarter]
    return sorted(found, key=lambda letters: (len(letters), letters))[end]


def test_overrides_stand_beside_what_was_worked_out(kept: Any) -> None:
    """With whose they are, until when and why; and the totals and the verdict as they would be without."""
    book = made(kept.tripped, RATED)
    values, a = cells(book.data, values=True), book.assessment
    verdict, rules, kills = (Table(values, sheet) for sheet in ("Verdict", "Rules", "Kill criteria"))
    notes, without = Table(values, "Notes"), a.without_overrides
    assert without
    for found in a.findings:
        (row,) = verdict.rows(found.rule.name)
        own = found.own_score if found.own_score is not None else found.score
        assert near(verdict.ends("CD", row), found.score)
        assert verdict.at("H", row) == found.label
        assert near(verdict.ends("IJ", row), own)
        if found.is_given:
            assert found.override
            (counts,) = rules.rows(f"{found.rule.name}, as it counts")
            assert near(rules.ends("CD", counts - 1), found.score)
            assert f"Given by {found.override.by} until {found.override.until}" in rules.at("A", counts - 1)
            assert rules.at("K", counts - 1) == found.override.reason
            told = [notes.at("B", row) for row in notes.rows(found.rule.name)]
            assert any(found.override.reason in text and f"{found.own_label} " in text for text in told)
    conditions, risks = (verdict.rows(name)[-1] for name in ("Conditions", "Risks"))
    assert near(verdict.ends("IJ", conditions), without.engines)
    assert near(verdict.ends("IJ", risks), without.risks)
    (words,) = verdict.rows("In words")
    assert [verdict.at(c, words) for c in "BCDE"] == [
        a.verdict.worst, a.verdict.best, without.worst, without.best,
    ]  # fmt: skip
    for k in a.kill:
        row = kills.rows(k.id)[0]
        assert near(kills.ends("JK", row), k.tripped)
        assert near(kills.ends("MN", row), k.own or k.tripped)
        if k.override:
            assert near(kills.ends("OP", row), k.tripped)
            assert k.override.reason in kills.at("Q", row)


# the valuation ---------------------------------------------------------------------------------------


def both(valued: tuple[Made, Values]) -> list[tuple[Appraisal, Values]]:
    found = []
    for book, values in (amazon(RATED), valued):
        assert book.appraisal
        found.append((book.appraisal, values))
    return found


def test_where_everything_starts(valued: tuple[Made, Values]) -> None:
    for a, values in both(valued):
        table, start = Table(values, "Valuation"), a.start
        assert a.needs
        for label, value in (
            ("Share price", start.price.value),
            ("Shares", start.shares.value),
            ("Market value", start.market_cap.value),
            ("Operating enterprise value", a.needs.enterprise),
            ("EV to operating income", a.needs.multiple_now),
            ("Operating EV at the target", a.needs.enterprise_then),
            ("Sales", start.range_over(lambda today: today.sales)),
            ("Operating income", start.range_over(lambda today: today.ebit)),
        ):
            assert near(table.ends("CD", table.rows(label)[0]), value), label
        for i, base in enumerate(start.bases):
            (row,) = table.rows(f"{base.segment.name}: operating income")
            profit = start.range_over(lambda today, i=i: today.segments[i].ebit)  # type: ignore[misc]
            assert near(table.ends("CD", row), profit)


def test_each_scenario(valued: tuple[Made, Values]) -> None:
    for a, values in both(valued):
        table = Table(values, "Valuation")
        for view in a.scenarios:
            (row,) = table.rows(view.scenario.name)
            for columns, value in (
                ("BC", view.market_cap), ("DE", view.sales), ("FG", view.ebit), ("HI", view.cap_cagr),
                ("JK", view.sales_cagr), ("LM", view.ebit_cagr), ("NO", view.price),
            ):  # fmt: skip
                assert near(table.ends(columns, row), value), columns
            assert same(table.at("P", row), "none" if view.multiple_needed is None else view.multiple_needed)
            assert same(table.at("Q", row), view.probability)
        if a.expected is not None:
            assert near(table.ends("BC", *table.rows("By their chances")), a.expected)
    assert valued[0].appraisal is not None
    assert valued[0].appraisal.expected is not None


def test_each_belief_and_what_it_moves(valued: tuple[Made, Values]) -> None:
    for a, values in both(valued):
        table, drivers = Table(values, "Valuation"), Table(values, "Drivers")
        (middle,) = [
            row for row in range(1, 200) if str(table.at("A", row)).startswith("Market value with every")
        ]
        assert same(table.at("E", middle), a.market_cap)
        for lever in a.levers:
            (row,) = table.rows(lever.label)
            told = [table.at(column, row) for column in "BCDEFG"]
            wanted = (lever.low, lever.central, lever.high, lever.at_low, lever.at_high, lever.swing)
            assert all(map(same, told, wanted))
            if lever.breakeven is None:
                assert table.at("H", row) == "none"
            else:
                assert same(table.at("H", row), lever.breakeven)
                assert same(table.at("I", row), a.target)
                assert table.at("J", row) == ("inside the range" if lever.inside else "outside it")
            (believed,) = drivers.rows(lever.name, "B")
            assert same(drivers.at("E", believed), lever.central)
            for i, view in enumerate(a.scenarios):
                assert same(drivers.at("HIJKLM"[i], believed), view.beliefs[lever.name])


def test_what_the_target_needs(valued: tuple[Made, Values]) -> None:
    for a, values in both(valued):
        table, needs = Table(values, "Valuation"), a.needs
        assert needs
        for date in needs.dates:
            (row,) = table.rows(str(date.day))
            assert same(table.at("B", row), date.years)
            for columns, value in (("CD", date.price), ("EF", date.cap_cagr), ("GH", date.price_cagr)):
                assert near(table.ends(columns, row), value)
        first = next(row for row in range(1, 300) if table.at("B", row) == "Multiple, low") + 1
        for row, found in enumerate(needs.multiples, first):
            assert near(table.ends("BC", row), found.multiple)
            listed = [found.ebit, found.times, *found.cagr, *found.margins]
            for i, value in enumerate(listed):
                assert near(table.ends(("DFHJLNPRTV"[i], "EGIKMOQSUW"[i]), row), value)  # type: ignore[arg-type]
