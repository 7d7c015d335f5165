"""History: what a pack would have said each quarter, on what was filed by then."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from thesis.core import formatting
from thesis.files.disk import bundled_folder
from thesis.files.yaml import yaml_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.reports.quarterly_history import history_json, history_text, past_assessments
from thesis.scoring.assess import assess

ACME = Path(__file__).parents[1] / "data" / "acme"
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


def test_a_tripped_criterion_stands_in_its_line() -> None:
    """AWS kept 25.8% and North America 2.4% of its sales over the year to 2023Q3."""
    pack = build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]
    lines = {str(a.quarter): a for a in past_assessments(pack, date(2024, 5, 31), 3)}
    assert history_json(lines["2023Q3"]).tripped == ["K2", "K3"]
    assert history_json(lines["2023Q4"]).tripped == ["K2"]
    assert history_json(lines["2024Q1"]).tripped == []


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


def given(**word: str) -> Pack:
    folder, said = read_folder(ACME, "acme"), {"reason": "A strike.", "by": "J. Doe", "since": "2026-07-01"}
    text = yaml_text({"overrides": [{**said, "until": "2026-12-31", **word}]})
    return build(folder._replace(texts={**folder.texts, "overrides.yaml": text}))[0]


def test_what_an_override_gave_is_marked_and_explained() -> None:
    """Once an analyst's own score stood among those that were worked out, and nothing told it apart."""
    text = history_text(past_assessments(given(rule="margins", score="0.9"), TODAY, 3))
    lines, _, below = text.partition("\n\n")
    *earlier, last = lines.splitlines()
    assert "*" not in "".join(earlier)
    assert [cell for cell in last.split() if cell.endswith("*")] == [".90*", ".78*", "TRACK*"]
    assert " ".join(below.split()).startswith(
        "* 2026Q2: margins is .90 by J. Doe's own word until 2026-12-31, worked out weak to met .26-.64. "
        "Without overrides: UNDETERMINED between AT RISK and WATCH."
    )


def test_a_kill_criterion_by_an_own_word_marks_the_verdict_alone() -> None:
    found = past_assessments(given(rule="K1", answer="yes"), TODAY, 3)
    last = history_text(found).splitlines()[3]
    assert last.count("*") == 1
    assert last.endswith("BROKEN* (K1 tripped)")
    assert [list(history_json(a).overridden) for a in found] == [[], [], ["K1"]]


def test_it_is_said_once_whose_rules_the_lines_are_by() -> None:
    text = " ".join(history_text(past_assessments(acme(), TODAY, 3)).split())
    assert text.count("Every line is by the rules as they are written today") == 1
    assert "*" not in text
