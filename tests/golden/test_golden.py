"""The bundled packs' memos and checklists as they are printed, and that every figure can be traced."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache, partial

import pytest

from thesis.appraisal.appraise import add_appraisal, appraise
from thesis.core import formatting
from thesis.document.inline import figures, plain
from thesis.files.disk import bundled_folder
from thesis.memo.markdown import render_memo
from thesis.narrative import rating_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.reports.check_report import WIDTH, check_text
from thesis.reports.page_one import page_one_of
from thesis.reports.quarterly_history import history_text, past_assessments
from thesis.reports.scorecard import condition_table, risk_table
from thesis.reports.valuation import valuation_text
from thesis.scoring.assess import add_last_rating, add_latest_quarter, assess
from thesis.scoring.assessment import Assessment, RuleResult
from thesis.worklist.work_list import add_work_list

pytestmark = pytest.mark.quick

Golden = Callable[[str, str], None]
AMAZON, ALPHABET = "amzn-4t", "googl-cloud"
RATED, STALE, AUGUST = date(2026, 10, 15), date(2026, 11, 22), date(2026, 8, 15)
SEEN = ((AMAZON, RATED), (AMAZON, STALE), (ALPHABET, AUGUST))
DAYS = pytest.mark.parametrize(("name", "day"), SEEN, ids=[f"{name}-{day}" for name, day in SEEN])


@cache
def pack(name: str) -> Pack:
    return build(read_folder(bundled_folder("rules") / name, f"rules/{name}"))[0]


@cache
def seen(name: str, day: date) -> Assessment:
    found = add_last_rating(pack(name), assess(pack(name), day))
    found = add_latest_quarter(pack(name), add_work_list(pack(name), found))
    return add_appraisal(pack(name), found, {})


@cache
def memo(name: str, day: date) -> str:
    found = seen(name, day)
    return render_memo(found, front=cache(partial(page_one_of, pack(name), found)))


def valued(name: str) -> set[str]:
    """The formulas of valuation.yaml."""
    valuation = pack(name).valuation
    assert valuation
    segments = {formula for segment in valuation.segments for formula in (segment.sales, segment.ebit)}
    return segments | {valuation.total.sales, valuation.total.ebit, *(c.value for c in valuation.claims)}


# as it was reviewed ----------------------------------------------------------------------------------


@DAYS
def test_the_memo_is_the_one_reviewed(name: str, day: date, golden: Golden) -> None:
    golden(f"{name}-{day}.memo.md", memo(name, day))


@DAYS
def test_the_checklist_is_the_one_reviewed(name: str, day: date, golden: Golden) -> None:
    golden(f"{name}-{day}.checklist.txt", check_text(seen(name, day)))


@pytest.mark.parametrize(("name", "day"), [(AMAZON, RATED), (ALPHABET, AUGUST)])
def test_the_worksheet_is_the_one_reviewed(name: str, day: date, golden: Golden) -> None:
    case = case_as_of(pack(name), day)
    found = appraise(case)
    assert found is not None
    golden(f"{name}-{day}.value.txt", valuation_text(case, found))


@pytest.mark.parametrize("name", [AMAZON, ALPHABET])
def test_history_is_the_one_reviewed(name: str, golden: Golden) -> None:
    golden(f"{name}.history.txt", history_text(past_assessments(pack(name), STALE, 12)) + "\n")


def test_the_memo_a_quarter_late_is_not_rated_and_says_what_to_do() -> None:
    """With the next report overdue the memo says so first, names the last rating, and asks for the rows."""
    head = memo(AMAZON, STALE).partition("## ")[0]
    assert "**NOT RATED today; last rated WATCH on 9 Nov 2026, on 2026Q2.**" in head
    assert "those of 2026Q3 were due by 9 Nov 2026" in head
    assert "To restore a rating: 1. " in head
    assert "evidence coverage 56%" in head


@DAYS
@pytest.mark.parametrize("plain", [False, True])
def test_the_checklist_fits_a_terminal(name: str, day: date, plain: bool) -> None:
    assert max(map(len, check_text(seen(name, day), plain=plain).splitlines())) <= WIDTH


# tie-out ---------------------------------------------------------------------------------------------


@DAYS
def test_every_footnote_mark_leads_to_a_note_and_every_note_is_cited(name: str, day: date) -> None:
    defined = re.findall(r"^\[\^(\d+)\]: ", memo(name, day), re.MULTILINE)
    cited = re.findall(r"\[\^(\d+)\](?!:)", memo(name, day))
    assert len(defined) == len(set(defined)) > 20
    assert set(cited) == set(defined)
    assert defined == [str(i + 1) for i in range(len(defined))]


@DAYS
def test_every_document_cited_is_listed_once_and_every_document_listed_is_cited(name: str, day: date) -> None:
    listed = re.findall(r"^\| (d\d+) \|", memo(name, day), re.MULTILINE)
    notes = "\n".join(re.findall(r"^\[\^\d+\]: .*$", memo(name, day), re.MULTILINE))
    assert len(listed) == len(set(listed)) > 10
    assert set(re.findall(r"\bd\d+\b", notes)) == set(listed)


@DAYS
def test_no_document_is_newer_than_the_day(name: str, day: date) -> None:
    filed = re.findall(r"^\| d\d+ \|.*\| (\d{4}-\d\d-\d\d) \|$", memo(name, day), re.MULTILINE)
    assert filed
    assert all(date.fromisoformat(when) <= day for when in filed)


@DAYS
def test_every_formula_in_a_note_is_the_pack_s_own(name: str, day: date) -> None:
    """But for the tax that is taken off behind one, which is the pack's too."""
    formulas = {metric.formula for metric in pack(name).metrics.values()} | valued(name)
    told = re.findall(r"^\[\^\d+\]: .*? = `(.*?)`\.", memo(name, day), re.MULTILINE)
    assert len(told) > 15
    on_gain = [
        re.sub(r"^least\(\((.*?)\), \(\1\) [*] \(1 - 21%\) [+] \(.*\) [*] 21%\)$", r"\1", each)
        for each in told
    ]
    assert {
        re.sub(r"^\(?(.*?)\)? [*] \(1 - (?:0%[.][.])?21%\)$", r"\1", each) for each in on_gain
    } <= formulas


@DAYS
def test_every_figure_of_the_scorecard_is_that_of_the_assessment(name: str, day: date) -> None:
    """Answer, edge, value, distance and score of each condition, told again from the findings."""
    table = condition_table(seen(name, day))
    for found in seen(name, day).conditions:
        row = {column.heading: plain(table.cell(found.rule.name, column.heading)) for column in table.columns}
        assert row["taken literally"] == f"{formatting.answer(found.answer)}: {found.rule.holds}"
        assert row["met from"] == rating_text.threshold_text(found.headline)
        assert rating_text.measure_figure(found.headline) in row["now"]
        assert row["margin"] == rating_text.headroom_of(found.headline)
        assert row["standing"] == f"{found.label} {formatting.score(found.score)}"
        (figure,) = figures(table.cell(found.rule.name, "now"))
        assert figure.evidence is found.headline
        assert f"| {found.rule.name} | {found.headline.name}: {figure.text}[^" in memo(name, day)


@DAYS
def test_every_figure_of_the_risks_is_that_of_the_assessment(name: str, day: date) -> None:
    table = risk_table(seen(name, day))
    for found in seen(name, day).risks:
        assert rating_text.measure_figure(found.headline) in plain(table.cell(found.rule.name, "now"))
        standing = plain(table.cell(found.rule.name, "severity"))
        assert standing == f"{found.label} {formatting.score(found.score)}"


@DAYS
def test_the_totals_in_the_verdict_are_those_of_the_assessment(name: str, day: date) -> None:
    v = seen(name, day).verdict
    assert (
        f"Conditions score {formatting.score(v.engines)} ({v.engines_label}); risks score "
        f"{formatting.score(v.risks)} ({v.risks_label}); evidence coverage {formatting.share(v.coverage)}"
    ) in memo(name, day)


@DAYS
def test_each_measure_s_score_follows_from_the_value_and_the_edges_printed_beside_it(
    name: str, day: date
) -> None:
    """A reader with the memo alone can place the value among the edges and gets the label."""

    def number(text: str) -> float:
        scale = {"%": 100, "p": 1e4}.get(text[-1], 1)
        return float(text.rstrip("%bp")) / scale

    checked = 0
    for line in memo(name, day).splitlines():
        row = [cell.strip() for cell in line.strip("|").split(" | ")]
        edges = row[2].split(" · ") if len(row) == 6 and row[5] == "fresh" else []
        value = re.sub(r"\[\^\d+\]", "", row[1]) if len(row) > 1 else ""
        value = re.sub(r".* scored on (\S+) \(.*", r"\1", value)
        if len(edges) != 5 or not re.fullmatch(r"[+-]?\d+(\.\d+)?(%|bp)?", value):
            continue
        at, bounds = number(value), [number(edge) for edge in edges]
        falls = bounds[0] > bounds[-1]
        past = sum((at <= b) if falls else (at >= b) for b in bounds[1:4])
        near_edge = any(abs(at - b) < 6e-4 for b in bounds)
        labels = pack(name).thesis.verdict.labels
        assert near_edge or row[3].split()[-1] in (labels.conditions[past], labels.risks[past])
        checked += 1
    assert checked >= 5 or day == STALE


def test_what_is_assumed_judged_derived_or_second_hand_is_marked() -> None:
    """A note says of each figure that is not simply reported how it was read."""
    text = memo(AMAZON, RATED)
    for mark in ("*assumed*", "*judged*", "*derived*", "*secondary*"):
        assert mark in text


def test_a_label_that_the_adjustment_decides_says_so() -> None:
    """International's change is met adjusted and weak as reported: both stand in the memo."""
    found = seen(AMAZON, RATED).finding("margins")
    assert isinstance(found, RuleResult)
    assert found.label != found.reported_label
    assert f"depends on the adjustment: {found.reported_label} as reported" in memo(AMAZON, RATED)


def test_each_multiple_is_named_by_what_it_is_of() -> None:
    """Two of them stand in a memo a tenth apart, and once both were "the multiple"."""
    text = memo(AMAZON, RATED)
    assert "| Operating EV/EBIT, now and needed |" in text
    assert "| What is asked at today's operating EV/EBIT of 26.7x |" in text
    assert "| since | price | operating income | market value/EBIT | shares | path |" in text
    assert "| operating EV/EBIT the target takes |" in text
    assert "| no path's rule holds |" in text
