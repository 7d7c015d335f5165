"""Laws of the formats: whatever is known or not known, what is printed keeps to its schema and its counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from tests.export.test_json_answers import faults
from tests.properties.test_packs import LATE, all_rows, amazon, blurred, blurs, days, forgotten, key, variant
from tests.tiers import examples
from thesis.cli.exit_codes import check_exit_code
from thesis.core.controls import show_controls
from thesis.core.problem import SourceSpan
from thesis.export.check_outcomes import CheckOutcome, OutcomeSuite, assessment_outcomes
from thesis.export.csv_table import to_csv
from thesis.export.data_table import DataTable
from thesis.export.github import annotation
from thesis.export.history_rows import history_table
from thesis.export.icalendar import icalendar
from thesis.export.json_answers import answer_record
from thesis.export.junit import junit
from thesis.export.key_dates import KeyDate
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess

texts = st.text(max_size=60)
words = texts | st.text(alphabet="=+-@%:,;\r\n\\<>&'\"\x00\x1b]| 漢é", max_size=20)


@examples(12)
@given(forgotten, blurs, days)
@example({("aws.net_sales", "2026Q2")}, {}, LATE)
def test_every_assessment_keeps_to_the_schema(
    gone: set[tuple[str, str]], blur: Mapping[tuple[str, str], tuple[float, float]], day: date
) -> None:
    """With figures missing, blurred, stale or expired an assessment is still one."""
    rows = [
        blurred(row, *blur[key(row)]) if key(row) in blur else row
        for row in all_rows()
        if key(row) not in gone
    ]
    pack = variant(amazon(), rows=rows)
    found = assess(pack, day)
    assert faults("assessment", answer_record("assessment", found)) == []
    suites = assessment_outcomes(found, check_exit_code(found, pack, None))
    cases = {outcome.name: outcome.state for suite in suites for outcome in suite.outcomes}
    for kill in found.kill:
        expected = "unknown" if not kill.tripped.is_point else "failed" if kill.tripped.lo else "passed"
        assert cases[f"{kill.id}: {kill.kill.claim}"] == expected


@given(
    st.lists(st.tuples(words, st.sampled_from(["passed", "failed", "unknown"]), words, words), max_size=5),
    words,
)
def test_any_texts_make_a_report_that_reads_back(
    found: list[tuple[str, str, str, str]], package: str
) -> None:
    """Whatever stands in names and messages, the XML reads back, and its counts are those of its cases."""
    outcomes = tuple(CheckOutcome(name, state, kind, told) for name, state, kind, told in found)  # type: ignore[arg-type]
    report = ET.fromstring(
        junit(package, [OutcomeSuite("any", outcomes)], date(2026, 10, 15), {"rules": package})
    )
    (suite,) = report
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) == len(outcomes)
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))


def _unescaped(text: str) -> str:
    """As GitHub's runner reads it back."""
    for code, mark in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, mark)
    return text


@given(words, words, words, st.integers(1, 9999), st.integers(1, 999))
def test_any_texts_make_one_line_that_github_reads_back(
    message: str, title: str, file: str, line: int, column: int
) -> None:
    """An annotation is one command on one line: no text can end it early or start another."""
    told = annotation("error", message, title, SourceSpan(file, line, column))
    assert "\n" not in told
    assert "\r" not in told
    _, command, said = told.split("::", 2)
    properties = dict(part.split("=", 1) for part in command.removeprefix("error ").split(","))
    assert _unescaped(said) == message
    assert _unescaped(properties["file"]) == file
    assert _unescaped(properties["title"]) == " ".join(title.split())
    assert (properties["line"], properties["col"]) == (str(line), str(column))


@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2100, 1, 1)), words, words), max_size=4), words)
def test_any_texts_make_a_calendar_that_reads_back(found: list[tuple[date, str, str]], pack: str) -> None:
    """Texts come back as they went in, but for what no calendar can hold; no line is too long."""
    from icalendar import Calendar

    dates = [KeyDate(day, f"k{i}", "figures", title, about) for i, (day, title, about) in enumerate(found)]
    feed = icalendar(pack, date(2026, 10, 15), dates)
    assert all(len(line.encode()) <= 75 for line in feed.split("\r\n"))
    assert "\n" not in feed.replace("\r\n", "")
    events: list[Any] = Calendar.from_ical(feed).walk("VEVENT")
    for event, (day, title, about) in zip(events, found, strict=True):
        assert event["DTSTART"].dt == day
        for name, text in (("SUMMARY", title), ("DESCRIPTION", about)):
            kept = show_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
            assert str(event[name]) == kept


@examples(6)
@given(forgotten, days)
def test_nothing_unknown_is_written_as_a_number(gone: set[tuple[str, str]], day: date) -> None:
    """In the table of history an unknown row has neither end, and every other row has one at least."""
    rows = [row for row in all_rows() if key(row) not in gone]
    table: DataTable = history_table(variant(amazon(), rows=rows), day, 2)
    at = {column.name: i for i, column in enumerate(table.columns)}
    for row in table.rows:
        is_unknown = row[at["status"]] == "unknown"
        assert ((row[at["lo"]], row[at["hi"]]) == (None, None)) == is_unknown
    assert to_csv(table) == to_csv(table)
    assert case_as_of(amazon(), day).quarter
