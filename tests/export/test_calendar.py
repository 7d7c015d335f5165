"""The calendar of a pack: which days stand in it, and that other programs can read it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RATED = ("--as-of", "2026-10-15")

OPINIONS = {
    "overrides.yaml": """\
overrides:
  - {rule: margins, reason: "The press, bought in June, is not in them.", by: R. Runner,
     since: 2026-08-03, until: 2026-10-30, score: 0.5..0.7}
  - {rule: building, reason: Later., by: R. Runner, since: 2026-10-20, until: 2026-11-30, score: "0.2"}
""",
    "forecasts.yaml": """\
forecasts:
  - {id: F1, text: Repairs grow by 10% or more., kind: binary, by: R. Runner, made: 2026-08-03,
     period: 2026Q3, when: repairs_growth >= 10%, p: [70%]}
  - {id: F2, text: So they do at the year's end., kind: binary, by: R. Runner, made: 2026-08-03,
     period: 2026Q4, when: repairs_growth >= 10%, p: [60%]}
  - {id: F3, text: As F2., kind: binary, by: R. Runner, made: 2026-09-03, period: 2026Q4,
     when: repairs_growth >= 10%, p: [65%], supersedes: F2}
  - {id: F4, text: The forge is sold., kind: binary, by: R. Runner, made: 2026-08-03, period: 2026Q3,
     p: [10%]}
  - {id: F5, text: Not made yet., kind: binary, by: R. Runner, made: 2026-10-16, period: 2026Q3, p: [10%]}
resolutions:
  - {forecast: F4, outcome: "no", resolved: 2026-10-01, by: R. Runner, evidence: The owner says so.,
     source: letter}
""",
}


def read(feed: str) -> dict[str, Any]:
    """UID to event, of a feed whose every event has what the standard asks for."""
    (calendar,) = [Calendar.from_ical(feed)]
    assert not calendar.errors
    assert {"PRODID", "VERSION"} <= set(calendar)
    events: list[Any] = calendar.walk("VEVENT")
    for event in events:
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
        assert event["DTSTAMP"].dt == datetime(2026, 10, 15, tzinfo=UTC)
    found = {str(event["UID"]): event for event in events}
    assert len(found) == len(events)
    return found


def days(feed: str) -> dict[str, str]:
    return {uid.partition("@")[0]: str(event["DTSTART"].dt) for uid, event in read(feed).items()}


def test_the_days_of_amazon(run: Any) -> None:
    """The next reports of four companies, the review with them, the grades' ends, and the target's day.

    Of the rubrics those that have a say: nobody has to grade J-C1 again.
    """
    found = run("export", "calendar", "amzn-4t", *RATED)
    assert (found.code, found.err) == (0, "")
    given = {"J-K6": "08-15", "J-K7": "08-15", "J-K8": "07-31", "J-R4": "08-31", "J4": "08-15", "J5": "08-15"}
    graded = {f"judgement-{rubric}-2026-{day}": "2026-11-23" for rubric, day in given.items()}
    assert days(found.out) == {
        **{f"figures-{entity}-2026Q3": "2026-11-09" for entity in ("AMZN", "GOOGL", "META", "MSFT")},
        "review-2026Q3": "2026-11-23",
        **graded,
        "figures-AMZN-2026Q4": "2027-03-01",
        "figures-AMZN-2027Q1": "2027-05-10",
        "figures-AMZN-2027Q2": "2027-08-09",
        "target": "2030-12-31",
    }


def test_the_day_that_figures_are_due_is_the_last_on_which_the_old_ones_are_fresh(run: Any) -> None:
    """What the calendar says of the next report is what ``thesis check`` says of freshness."""
    listed = days(run("export", "calendar", str(ACME), *RATED).out)
    told = run("check", str(ACME), *RATED).out
    assert f"fresh until {listed['figures-ACME-2026Q3']}" in told


def test_overrides_and_forecasts_stand_in_it_while_they_are_open(folder_pack: Any, run: Any) -> None:
    """Not those of tomorrow, not what is settled, and not what a later forecast took the place of."""
    listed = days(run("export", "calendar", *RATED, cwd=folder_pack(OPINIONS)).out)
    assert {uid: day for uid, day in listed.items() if uid.startswith(("override", "forecast"))} == {
        "override-margins-2026-08-03": "2026-10-30",
        "forecast-F1": "2026-11-09",
        "forecast-F3": "2027-03-01",
    }


def test_what_is_told_of_a_day_is_in_sentences(folder_pack: Any, run: Any) -> None:
    """Whether or not somebody ended a reason or a question with a stop."""
    stops = {file: text.replace("them.", "them").replace("more.", "more") for file, text in OPINIONS.items()}
    feed = run("export", "calendar", *RATED, cwd=folder_pack(stops)).out.replace("\r\n ", "")
    assert "not in them. Since 2026-08-03" in feed.replace("\n ", "")
    assert "10% or more. Made 2026-08-03" in feed.replace("\n ", "")


def test_a_grade_ends_by_its_own_word_or_by_an_event(folder_pack: Any, run: Any) -> None:
    text = (ACME / "judgements.yaml").read_text(encoding="utf-8")
    event = "\nevents:\n  - {rubric: J1, day: 2026-09-01, what: The presses were sold., source: letter}\n"
    until = text.replace("    graded: 2026-08-01\n", "    graded: 2026-08-01\n    until: 2026-10-20\n")
    for judgements, day in ((text, "2026-11-23"), (until, "2026-10-20"), (until + event, "2026-08-31")):
        folder = folder_pack({"judgements.yaml": judgements}, name=day)
        assert days(run("export", "calendar", *RATED, cwd=folder).out)["judgement-J1-2026-08-01"] == day


def test_with_a_journal_it_is_what_is_signed_that_counts(
    folder_pack: Any, run: Any, monkeypatch: Any
) -> None:
    """A signed review is not due; sealed forecasts stand in it also where the file has lost them."""
    folder = folder_pack()

    def do(day: str, *arguments: str) -> Any:
        monkeypatch.setenv("THESIS_TODAY", day)
        found = run(*arguments, cwd=folder)
        assert found.code in (0, 1), found.err
        return found

    def listed(day: str) -> dict[str, str]:
        feed = do(day, "export", "calendar", "--as-of", day).out
        starts = re.findall(r"DTSTART;VALUE=DATE:(\d{8})", feed)
        return dict(zip(re.findall(r"UID:([\w-]+)@", feed), starts, strict=True))

    made = ("forecast", "--by", "J. Doe", "--when", "repairs_growth >= 10%")
    do("2026-08-04", *made, "--id", "F1", "--p", "60%")
    do("2026-08-04", *made, "--id", "F2", "--p", "50%", "--period", "2026Q4")
    do("2026-08-04", "forecast", "--id", "F3", "--by", "J. Doe", "--verdict", *["--p", "25%"] * 4)
    assert listed("2026-08-04")["review-2026Q2"] == "20260812"  # filed 29 July
    do("2026-08-05", "review", "sign", "--by", "J. Doe")
    after = listed("2026-08-06")
    assert [uid for uid in after if uid.startswith("review")] == ["review-2026Q3"]
    (folder / "forecasts.yaml").unlink()
    sealed = {uid: day for uid, day in listed("2026-08-06").items() if uid.startswith("forecast")}
    assert sealed == {"forecast-F1": "20261109", "forecast-F2": "20270301", "forecast-F3": "20261123"}


def test_a_review_that_is_overdue_stands_on_its_day(folder_pack: Any, run: Any, monkeypatch: Any) -> None:
    """Where a journal is kept: ``thesis due`` says the same."""
    folder = folder_pack()
    for day in ("2026-05-05", "2026-10-15"):
        monkeypatch.setenv("THESIS_TODAY", day)
        run("review", "sign", "--by", "J. Doe", "--as-of", "2026-05-05", cwd=folder)
    found = days(run("export", "calendar", *RATED, cwd=folder).out)
    assert found["review-2026Q2"] == "2026-08-12"
    told = run("due", *RATED, cwd=folder).out
    assert "the review of 2026Q2, filed 2026-07-29, since 2026-08-13" in " ".join(told.split())


def test_an_override_that_another_took_the_place_of_is_not_listed(folder_pack: Any, run: Any) -> None:
    text = OPINIONS["overrides.yaml"] + (
        "  - {rule: margins, reason: Seen again., by: R. Runner, since: 2026-09-01, until: 2026-11-15,\n"
        '     score: "0.6"}\n'
    )
    found = days(run("export", "calendar", *RATED, cwd=folder_pack({"overrides.yaml": text})).out)
    assert [uid for uid in found if uid.startswith("override")] == ["override-margins-2026-09-01"]


def test_lines_end_with_cr_lf_and_are_folded(run: Any) -> None:
    feed = run("export", "calendar", "amzn-4t", *RATED).out
    assert feed.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in feed.split("\r\n"))
    assert feed.count("\n") == feed.count("\r\n")


def test_a_feed_is_the_same_bytes_each_time_and_a_later_one_moves_nothing(run: Any) -> None:
    """Seen a day later, each entry is the same one: only its stamp and what is told of it differ."""
    asked = ("export", "calendar", "amzn-4t", "--as-of")
    first, later = run(*asked, "2026-10-15"), run(*asked, "2026-10-16")
    assert run(*asked, "2026-10-15") == first
    assert days(first.out) == days(later.out.replace("20261016T", "20261015T"))


def test_a_feed_goes_to_a_file_and_replaces_none(run: Any, tmp_path: Path) -> None:
    asked = ("export", "calendar", str(ACME), *RATED)
    assert run(*asked, "--out", "acme.ics").code == 0
    assert (tmp_path / "acme.ics").read_bytes().decode() == run(*asked).out
    again = run(*asked, "--out", "acme.ics")
    assert (again.code, again.err) == (0, "acme.ics is there already, byte for byte\n")
    (tmp_path / "acme.ics").write_text("another", encoding="utf-8")
    assert "error[exists]" in run(*asked, "--out", "acme.ics").err
    assert run(*asked, "--out", "acme.ics", "--force").code == 0


def test_before_the_first_filing_there_is_no_calendar(run: Any) -> None:
    found = run("export", "calendar", str(ACME), "--as-of", "2001-01-01")
    assert (found.code, found.out) == (4, "")
    assert "nothing to export" in found.err


@pytest.mark.parametrize("title", ["Will it; or, will it not?", ("A \\\\ and a 漢字 " * 9).strip()])
def test_a_title_with_marks_of_the_format_reads_back(title: str, folder_pack: Any, run: Any) -> None:
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8")
    text = text.replace("title: Will Acme's repair shops outgrow its anvils?", f"title: '{title}'")
    found = read(run("export", "calendar", *RATED, cwd=folder_pack({"thesis.yaml": text})).out)
    assert str(found["target@acme.thesis"]["DESCRIPTION"]) == title
