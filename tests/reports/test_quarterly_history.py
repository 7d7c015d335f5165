"""History: what a pack would have said each quarter, on what was filed by then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thesis.cli.comparison_sides import comparison_side
from thesis.core import formatting
from thesis.files.disk import bundled_folder
from thesis.files.yaml import yaml_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.reports.quarterly_history import (
    history_json,
    history_rows,
    history_text,
    past_assessments,
    quarters_left_out,
)
from thesis.scoring.assess import assess

ACME = Path(__file__).parents[1] / "data" / "acme"
ANCHOR = "sales"
TODAY = date(2026, 11, 22)


@cache
def acme() -> Pack:
    return build(read_folder(ACME, "acme"))[0]


def with_row(row: str) -> Pack:
    folder = read_folder(ACME, "acme")
    text = folder.facts["facts/ACME.csv"].rstrip("\n")
    return build(folder._replace(facts={"facts/ACME.csv": f"{text}\n{row}\n"}))[0]


def test_each_quarter_is_seen_from_the_day_it_was_first_filed() -> None:
    found = past_assessments(acme(), TODAY, 3)
    assert [(str(a.quarter), str(a.as_of)) for a in found] == [
        ("2025Q4", "2026-02-03"),
        ("2026Q1", "2026-04-28"),
        ("2026Q2", "2026-07-29"),
    ]
    for a in found:
        assert history_json(a) == history_json(assess(acme(), a.as_of))


def test_what_is_filed_later_changes_nothing_before() -> None:
    """A restatement filed in August leaves every earlier line as it was."""
    row = "repairs.sales,2025Q2,30000000,USD,2026-08-20,10-Q/A 0000012345-26-000120,reported,"
    before, after = past_assessments(acme(), TODAY, 6), past_assessments(with_row(row), TODAY, 6)
    assert [history_json(a) for a in before] == [history_json(a) for a in after]
    later = assess(with_row(row), TODAY).finding("repairs-growth")
    unchanged = assess(acme(), TODAY).finding("repairs-growth")
    assert later is not None
    assert unchanged is not None
    assert later.score != unchanged.score


def test_looking_from_an_earlier_day_shows_fewer_quarters_and_the_same_lines() -> None:
    whole, earlier = past_assessments(acme(), TODAY, 20), past_assessments(acme(), date(2026, 4, 28), 20)
    assert [history_json(a) for a in earlier] == [history_json(a) for a in whole[:-1]]


def test_a_quarter_that_cannot_be_rated_says_what_it_would_have_been() -> None:
    lines = history_text(past_assessments(acme(), TODAY, 20)).splitlines()
    early = next(line for line in lines if line.startswith("2025Q1"))
    assert early.endswith("not rated (BROKEN..ON TRACK)")
    assert [line[:4] for line in lines[1:11]] == ["2024"] * 4 + ["2025"] * 4 + ["2026"] * 2


def test_a_criterion_that_was_retired_and_would_have_tripped_stands_in_its_line() -> None:
    """AWS kept 25.8% and North America 2.4% of its sales over the year to 2023Q3."""
    pack = build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]
    lines = {str(a.quarter): a for a in past_assessments(pack, date(2024, 5, 31), 3)}
    rows = {quarter: history_json(a) for quarter, a in lines.items()}
    assert [rows[quarter].retired for quarter in rows] == [["K2", "K3"], ["K2"], []]
    assert all(not row.tripped for row in rows.values())
    assert "(K2 and K3, retired since, would have)" in history_text(list(lines.values()))


def test_a_condition_s_column_is_as_wide_as_its_id() -> None:
    """No id is cut, and each score stands under it."""
    pack = build(read_folder(bundled_folder("rules") / "googl-cloud", "googl-cloud"))[0]
    head, line, *_ = history_text(past_assessments(pack, date(2026, 8, 15), 1)).splitlines()
    for found in assess(pack, date(2026, 7, 23)).conditions:
        at = head.index(f" {found.id} ") + 1
        assert line[at:].startswith(f"{formatting.score(found.score)} ")


@pytest.mark.parametrize("day", [date(2024, 4, 27), date(1995, 1, 1)])
def test_before_the_first_filing_there_is_nothing(day: date) -> None:
    assert history_text(past_assessments(acme(), day, 12)) == "nothing was filed by then"


def test_the_day_before_a_filing_does_not_know_it() -> None:
    found = past_assessments(acme(), date(2026, 7, 29) - timedelta(days=1), 1)
    assert str(found[0].quarter) == "2026Q1"


# what an analyst's own word is in ----------------------------------------------------------------------


def worded(**word: str) -> Pack:
    folder, said = read_folder(ACME, "acme"), {"reason": "A strike.", "by": "J. Doe", "since": "2026-07-01"}
    text = yaml_text({"overrides": [{**said, "until": "2026-12-31", **word}]})
    return build(folder._replace(texts={**folder.texts, "overrides.yaml": text}))[0]


def test_what_an_override_gave_is_marked_and_explained() -> None:
    """Once an analyst's own score stood among those that were worked out, and nothing told it apart."""
    text = history_text(past_assessments(worded(rule="margins", score="0.9"), TODAY, 3))
    lines, _, below = text.partition("\n\n")
    *earlier, last = lines.splitlines()
    assert "*" not in "".join(earlier)
    assert [cell for cell in last.split() if cell.endswith("*")] == [".90*", ".78*", "TRACK*"]
    assert " ".join(below.split()).startswith(
        "* 2026Q2: margins is .90 by J. Doe's own word until 2026-12-31, worked out weak to met .26-.64. "
        "Without overrides: UNDETERMINED between AT RISK and WATCH."
    )


def test_a_kill_criterion_by_an_own_word_marks_the_verdict_alone() -> None:
    found = past_assessments(worded(rule="K1", answer="yes"), TODAY, 3)
    last = history_text(found).splitlines()[3]
    assert last.count("*") == 1
    assert last.endswith("BROKEN* (K1 tripped)")
    assert [list(history_json(a).overridden) for a in found] == [[], [], ["K1"]]


def test_it_is_said_once_whose_rules_the_lines_are_by() -> None:
    text = " ".join(history_text(past_assessments(acme(), TODAY, 3)).split())
    assert text.count("Every line is by the rules as they are written today") == 1
    assert "*" not in text


# quarters that are filed out of order ------------------------------------------------------------------

DAYS_LATE = st.lists(st.sampled_from([0, 0, 0, 40, 91, 150, 400]), min_size=10, max_size=10)


def filed_late(late: Sequence[int], *, is_withheld_first: bool = False) -> Pack:
    """The pack with each of its quarters filed so many days after it was; or first without a figure."""
    folder = read_folder(ACME, "acme")
    lines = folder.facts["facts/ACME.csv"].splitlines()
    rows = [line.split(",") for line in lines[1:]]
    quarters = sorted({row[1] for row in rows if "Q" in row[1]})
    days = dict(zip(quarters, late, strict=False))
    text = [lines[0]]
    for row in rows:
        filed = date.fromisoformat(row[4]) + timedelta(days=days.get(row[1], 0))
        if is_withheld_first and row[0] == ANCHOR:
            text.append(",".join([*row[:2], "not disclosed", *row[3:]]))
        text.append(",".join([*row[:4], str(min(filed, TODAY)), *row[5:]]))
    return build(folder._replace(facts={"facts/ACME.csv": "\n".join(text) + "\n"}))[0]


@settings(max_examples=25, deadline=None)
@given(late=DAYS_LATE, is_withheld_first=st.booleans())
def test_history_has_each_quarter_once_and_its_days_rise(late: list[int], is_withheld_first: bool) -> None:
    """Whatever was filed late, after a later quarter, on one day with it, or first without a figure."""
    pack = filed_late(late, is_withheld_first=is_withheld_first)
    found = past_assessments(pack, TODAY, 20)
    seen, days = [a.quarter for a in found], [a.as_of for a in found]
    assert seen == sorted(set(seen))
    assert days == sorted(set(days))
    assert found[-1].quarter == case_as_of(pack, TODAY).quarter
    left_out = quarters_left_out(pack, TODAY, found)
    assert not set(left_out) & set(seen)
    assert set(left_out) | set(seen) >= {q for q in case_as_of(pack, TODAY).first_filed if q > seen[0]}


def test_a_quarter_that_was_never_the_newest_is_named_below() -> None:
    """2026Q1 filed in October, when 2026Q2 had been on file since July."""
    pack = filed_late([0] * 8 + [170, 0])
    found = past_assessments(pack, TODAY, 3)
    assert [str(a.quarter) for a in found] == ["2025Q3", "2025Q4", "2026Q2"]
    left_out = quarters_left_out(pack, TODAY, found)
    rows = history_rows(found, left_out)
    assert [quarter for row in rows for quarter in row.never_newest] == sorted(left_out)
    assert all(quarter < row.quarter for row in rows for quarter in row.never_newest)
    told = " ".join(history_text(found, quarters_left_out(pack, TODAY, found)).split())
    assert "Without a line: 2026Q1, which was never the newest. A later quarter was filed by then." in told
    side = comparison_side("2026Q1", read_folder(ACME, "acme"), pack, (), TODAY)
    assert side.name == "2026Q1, filed on 2026-10-15 and never the newest: 2026Q2 was filed on 2026-07-29"
    usual = comparison_side("2026Q1", read_folder(ACME, "acme"), acme(), (), TODAY)
    assert usual.name == "2026Q1, as filed on 2026-04-28"
