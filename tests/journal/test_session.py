"""The hour of a review: what is new, what has to be judged again, and what the files say afterwards."""

from __future__ import annotations

import errno
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACME
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.scoring.assess import assess

JUDGED = ("--evidence", "The letter gives a figure.", "--source", "letter of August", "--period", "2026Q2")


def _file(tmp_path: Path, name: str = "judgements.yaml") -> str:
    return (tmp_path / "acme" / name).read_text(encoding="utf-8")


def _now(do: Any, rule: str, day: str) -> dict[str, Any]:
    found = json.loads(do("check", "--json", "--as-of", day, day="2026-12-10").out)
    return next(f for f in found["conditions"] if f["rule"]["id"] == rule)


# judging -----------------------------------------------------------------------------------------


def test_a_grade_is_added_and_nothing_else_changes(acme: Any, tmp_path: Path) -> None:
    """Every byte that was there stays, and the new grade counts from its day on."""
    before = _file(tmp_path)
    found = acme("judge", "J1", "--level", "2", *JUDGED, day="2026-09-01")
    assert found.code == 0
    assert "J1: level 2 of 2, until 2026-11-23" in found.out
    after = _file(tmp_path)
    assert after.startswith(before.rstrip("\n"))
    assert "evidence: The letter gives a figure." in after
    assert _now(acme, "margins", "2026-09-01")["parts"][1]["score"] == {"lo": 1.0, "hi": 1.0}
    assert _now(acme, "margins", "2026-08-05")["parts"][1]["score"] == {"lo": 0.5, "hi": 0.5}


def test_two_graders_of_one_quarter_make_a_range_on_whatever_days(acme: Any) -> None:
    acme("judge", "J1", "--level", "2", *JUDGED, "--by", "B. Other", day="2026-08-04")
    assert _now(acme, "margins", "2026-08-05")["parts"][1]["score"] == {"lo": 0.5, "hi": 1.0}
    acme("judge", "J1", "--level", "1", *JUDGED, "--by", "B. Other", day="2026-08-05")
    assert _now(acme, "margins", "2026-08-05")["parts"][1]["score"] == {"lo": 0.5, "hi": 0.5}


def test_a_new_grade_counts_alone_where_the_others_had_ended(acme: Any) -> None:
    """After an event, or after the other's had expired, whoever grades again is heard."""
    event = ("judge", "J1", "--event", "The presses fail.", "--source", "letter", "--graded", "2026-08-10")
    acme(*event, day="2026-08-10")
    found = acme("judge", "J1", "--level", "0", *JUDGED, "--by", "B. Other", day="2026-08-11")
    assert "beside" not in found.out
    assert _now(acme, "margins", "2026-08-11")["parts"][1]["score"] == {"lo": 0.0, "hi": 0.0}
    told = acme("explain", "J1", day="2026-08-11").out
    assert "2026-08-10  The presses fail. (letter): grades before count no more" in told
    late = acme("judge", "J1", "--level", "2", *JUDGED, "--by", "C. Third", day="2026-12-01")
    assert late.code == 0
    assert _now(acme, "margins", "2026-12-01")["parts"][1]["score"] == {"lo": 1.0, "hi": 1.0}


def test_a_grade_is_about_a_quarter_that_has_begun(acme: Any) -> None:
    words = ("--level", "0", *JUDGED[:4], "--period", "2030Q1")
    found = acme("judge", "J1", *words, day="2026-08-12")
    assert found.code == 3
    assert "expected a quarter up to 2026Q3, in which it was graded, found 2030Q1" in found.err


def test_of_two_grades_of_a_day_the_last_one_says_which_quarter_counts(acme: Any) -> None:
    acme("judge", "J1", "--level", "0", *JUDGED[:4], "--period", "2026Q3", day="2026-08-12")
    acme("judge", "J1", "--level", "2", *JUDGED, day="2026-08-12")
    assert _now(acme, "margins", "2026-08-12")["parts"][1]["score"] == {"lo": 1.0, "hi": 1.0}


def test_when_one_of_two_has_expired_nothing_is_known(acme: Any) -> None:
    """The one that is left would make the score seem more certain than two people did."""
    acme(
        "judge", "J1", "--level", "2", *JUDGED, "--by", "B. Other", "--until", "2026-08-20", day="2026-08-04"
    )
    assert _now(acme, "margins", "2026-08-20")["parts"][1]["score"] == {"lo": 0.5, "hi": 1.0}
    part = _now(acme, "margins", "2026-08-21")["parts"][1]
    assert (part["score"], part["status"]) == ({"lo": 0.0, "hi": 1.0}, "expired")


def test_an_event_ends_a_grade_at_once(acme: Any) -> None:
    """From its day on; before that the grade had counted, and one given afterwards counts."""
    event = ("judge", "J1", "--event", "The presses fail.", "--source", "letter", "--graded", "2026-08-10")
    assert acme(*event, day="2026-08-12").code == 0
    assert _now(acme, "margins", "2026-08-09")["parts"][1]["status"] == "fresh"
    assert _now(acme, "margins", "2026-08-12")["parts"][1]["status"] == "expired"
    start = acme("review", "start", day="2026-08-12").out
    assert "ended by The presses fail. (2026-08-10)" in " ".join(start.split())
    acme("judge", "J1", "--level", "0", *JUDGED, day="2026-08-12")
    assert _now(acme, "margins", "2026-08-12")["parts"][1]["status"] == "fresh"


def test_a_rule_that_is_judged_by_one_rubric_names_it(acme: Any, tmp_path: Path) -> None:
    assert acme("judge", "margins", "--level", "1", *JUDGED, day="2026-08-12").code == 0
    assert "graded: 2026-08-12" in _file(tmp_path)


MISTAKES = {
    "a rubric that is none": (("J9",), "there is no rubric called `J9`; there are J1"),
    "a rule that is measured": (("repairs-growth",), "`repairs-growth` is measured, not judged"),
    "a level outside": (("J1", "--level", "3", *JUDGED), "--level: expected a level from 0 to 2, found `3`"),
    "nothing": (("J1",), "missing: --level, --evidence, --source"),
    "an event with a level": (
        ("J1", "--event", "x", "--source", "y", "--level", "1"),
        "an event has no --level: grade again in a second step",
    ),
    "a quarter that is none": (
        ("J1", "--level", "1", *JUDGED[:4], "--period", "Q2"),
        "expected a quarter like",
    ),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_judgement_without_sense_is_refused(
    words: tuple[str, ...], said: str, acme: Any, tmp_path: Path
) -> None:
    before = _file(tmp_path)
    found = acme("judge", *words, day="2026-08-12")
    assert found.code == 2
    assert said in found.err
    assert _file(tmp_path) == before


def test_without_a_source_nothing_is_written(acme: Any, tmp_path: Path) -> None:
    before = _file(tmp_path)
    words = (
        "--level",
        "1",
        "--evidence",
        "Said so.",
        "--source",
        "letter",
        "--period",
        "2026Q2",
        "--until",
        "2026-08-01",
    )
    found = acme("judge", "J1", *words, day="2026-08-12")
    assert found.code == 3
    assert "expected an end on or after 2026-08-12, found 2026-08-01" in found.err
    assert _file(tmp_path) == before


# overriding --------------------------------------------------------------------------------------

REASON = ("--reason", "A fire.", "--until", "2026-12-01")
GIVEN = ("--score", "0.8", "--reason", "A fire.")


def test_an_override_is_a_file_of_the_pack(acme: Any, tmp_path: Path) -> None:
    assert acme("override", "margins", "--score", "0.8", *REASON).code == 0
    assert "rule: margins\n    reason: A fire." in _file(tmp_path, "overrides.yaml").replace(
        "    score: 0.8\n", ""
    )
    found = _now(acme, "margins", "2026-08-05")
    assert found["score"] == {"lo": 0.8, "hi": 0.8}
    assert found["own_score"] != found["score"]
    later = _now(acme, "margins", "2026-12-02")
    assert "own_score" not in later


def test_a_later_override_takes_the_place_of_an_earlier_one_for_good(acme: Any) -> None:
    acme(
        "override",
        "margins",
        "--score",
        "0.1",
        "--reason",
        "A fire.",
        "--until",
        "2027-07-01",
        day="2026-08-04",
    )
    acme(
        "override",
        "margins",
        "--score",
        "0.9",
        "--reason",
        "It is out.",
        "--until",
        "2026-08-20",
        day="2026-08-05",
    )
    assert _now(acme, "margins", "2026-08-20")["score"] == {"lo": 0.9, "hi": 0.9}
    assert "own_score" not in _now(acme, "margins", "2026-08-21")


def test_flips_do_not_promise_what_a_given_score_will_not_do(acme: Any) -> None:
    """No figure moves a score that an analyst gave."""
    acme("override", "margins", "--score", "0.8", *REASON)
    found = json.loads(acme("check", "--json").out)
    leaves = [flip for flip in found["flips"] if flip["rule"] == "margins" and flip.get("part")]
    assert leaves
    assert all("to" not in flip for flip in leaves)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("margin", "--score", "0.8", *REASON), 2, "did you mean `margins`?"),
        (("margins", *REASON), 2, "missing: --score or --answer"),
        (("building", *REASON), 2, "missing: --score,"),
        (("K1", *REASON), 2, "missing: --answer"),
        (("margins", "--score", "8", *REASON), 3, "--score: expected 0 to 1, or 0% to 100%, found `8`"),
        (("K1", "--score", "0.6", *REASON), 3, "--score: expected an answer, for a kill criterion"),
        (("building", "--answer", "no", *REASON), 3, "--answer: expected a score, for a risk"),
        (
            ("margins", "--score", "0.8", *REASON[:2], "--until", "2026-01-01"),
            3,
            "expected an end on or after",
        ),
        (
            ("margins", "--score", "0.8", *REASON[:2], "--until", "2099-01-01"),
            3,
            "expected an end within a year",
        ),
        (("margins", "--score", "0.8", "--until", "2026-12-01"), 2, "missing: --reason"),
    ],
)
def test_an_override_without_sense_is_refused(
    words: tuple[str, ...], code: int, said: str, acme: Any, tmp_path: Path
) -> None:
    found = acme("override", *words)
    assert found.code == code
    assert said in found.err
    assert "overrides.yaml:" not in found.err  # nothing stands there
    assert ("nothing was written" in found.err) == (code == 3)
    assert not (tmp_path / "acme" / "overrides.yaml").exists()


def test_a_folder_that_cannot_be_written_to_is_named(
    acme: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one stands in it, it has no other name than its path."""

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("filelock.FileLock.acquire", refused)
    found = acme("override", "margins", "--score", "0.8", *REASON)
    assert found.code == 3
    assert f"cannot write `{tmp_path / 'acme'}`: permission denied; nothing was changed" in found.err


def test_what_is_wrong_with_several_options_is_told_by_each_of_them(acme: Any) -> None:
    """An item that was refused has no lines: its options are named, also where they differ from the keys."""
    words = ("--since", "2027-01-01", "--until", "2026-01-01")
    found = acme("override", "margins", "--score", "9", *words, *REASON[:2])
    assert [line.split(": ")[1] for line in found.err.splitlines() if line.startswith("error")] == [
        "--until",
        "--score",
        "--since",
    ]
    happened = ("--event", "It burns.", "--source", "letter", "--graded", "2027-01-01")
    assert "error[future-date]: --graded: " in acme("judge", "J1", *happened).err
    acme("forecast", "--id", "F1", "--text", "It burns", "--p", "5%", "--period", "2026Q4")
    settled = ("--outcome", "no", "--evidence", "It stands.", "--source", "letter", "--on", "2026-01-01")
    assert "error[bad-date]: --on: " in acme("forecast", "resolve", "F1", *settled).err


# the screen, the form, what is due ---------------------------------------------------------------


def test_the_first_review_says_that_it_is_the_first(acme: Any) -> None:
    told = " ".join(acme("review", "start").out.split())
    assert "last none: this is the first review" in told
    assert "1. thesis forecast" in told


def test_the_form_asks_for_what_figures_do_not_say(acme: Any, tmp_path: Path) -> None:
    """Filled in as far as it can be, and never written over."""
    found = acme("review", "start", "--form", "form.md", day="2026-11-25")
    assert found.code == 0
    text = _file(tmp_path, "form.md")
    assert "### J1: Do better tools save work?" in text
    assert "- [ ] 2: A figure is given." in text
    assert "## 8. It failed. Why?" in text
    assert "{{" not in text
    assert acme("review", "start", "--form", "form.md", day="2026-11-20").code == 3


DUE = {
    "2026-08-05": (0, "due      review     the review of 2026Q2, filed 2026-07-29, by 2026-08-12"),
    "2026-08-13": (1, "OVERDUE  review     the review of 2026Q2, filed 2026-07-29, since 2026-08-13"),
    "2026-11-25": (1, "OVERDUE  judgement  J1, graded 2026-08-01 by R. Runner, since 2026-11-24"),
    "2026-11-20": (1, "OVERDUE  figures    the figures of 2026Q3, since 2026-11-10"),
}


@pytest.mark.parametrize("day", DUE)
def test_what_is_due_by_its_day(day: str, acme: Any) -> None:
    code, line = DUE[day]
    found = acme("due", day=day)
    assert found.code == code
    assert line in found.out


def test_a_signed_review_is_no_longer_due(acme: Any) -> None:
    acme("review", "sign", "--decision", "hold")
    found = acme("due", day="2026-08-20")
    assert found.code == 0
    assert "review " not in found.out
    rows = json.loads(acme("due", "--json", day="2026-11-25").out)
    assert [row["kind"] for row in rows if row["is_overdue"]] == ["figures", "judgement"]


def test_the_list_shows_every_review_and_what_became_of_it(acme: Any) -> None:
    assert acme("review", "list").out == "no review is signed yet: thesis review start\n"
    acme("review", "sign", "--decision", "hold")
    acme("review", "sign", "--decision", "trim", "--supersede", "A slip.", day="2026-08-06")
    rows = acme("review", "list", day="2026-08-06").out.splitlines()
    assert [row.split()[0] for row in rows[1:]] == ["2026Q2", "2026Q2.2"]
    assert rows[1].endswith("superseded")
    assert [row["in_force"] for row in json.loads(acme("review", "list", "--json").out)] == [False, True]


def test_a_bundled_thesis_is_not_signed_in_place(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THESIS_ANALYST", "R. Runner")
    for command in (
        ("review", "sign", "amzn-4t"),
        ("judge", "J5", "-p", "amzn-4t"),
        ("override", "K1", "-p", "amzn-4t"),
    ):
        found = run(*command)
        assert found.code == 3
        assert "comes with the program, which does not write into it" in found.err


def test_no_day_to_come_and_none_before_the_last_is_signed(acme: Any) -> None:
    assert "expected a day up to today (2026-08-05)" in acme("review", "sign", "--as-of", "2026-08-06").err
    assert acme("review", "sign").code == 0
    found = acme("review", "sign", "--as-of", "2026-08-01", "--supersede", "x", day="2026-08-06")
    assert (found.code, "a correction knows no less" in found.err) == (3, True)


def test_a_forecast_of_the_day_of_signing_is_sealed_though_the_look_is_older(acme: Any) -> None:
    acme("forecast", "--id", "F1", "--when", "margin > 1%", "--p", "50%", day="2026-08-07")
    acme("review", "sign", "--as-of", "2026-08-05", day="2026-08-07")
    assert "0 settled and scored, 1 open" in acme("calibration", day="2026-08-07").out


def test_what_would_be_signed_can_be_seen_first(acme: Any, tmp_path: Path) -> None:
    found = acme("review", "sign", "--dry-run", "--decision", "hold")
    assert found.code == 0
    assert "would publish  WATCH" in found.out
    assert "a first review publishes the worst that the day allows" in found.out
    assert "nothing was written: a dry run" in found.out
    assert not (tmp_path / "acme" / "reviews").exists()


def test_what_is_for_good_is_not_the_answer_of_a_key_pressed(
    acme: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a terminal a review is shown and asked about; to press Enter signs nothing, `y` does."""
    monkeypatch.setattr("thesis.cli.review_sign.is_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    found = acme("review", "sign")
    assert (found.code, "[y/N]" in found.err) == (130, True)
    assert not (tmp_path / "acme" / "reviews").exists()
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert "signed reviews/2026Q2.yaml" in acme("review", "sign").out


def test_words_that_a_signed_review_does_not_hold_are_not_dropped(acme: Any, tmp_path: Path) -> None:
    """The same words and none are nothing new; others are refused, with the way to a correction."""
    words = (
        "--decision",
        "hold",
        "--note",
        "Margins.",
        "--premortem",
        "Fire: 5%",
        "--premortem",
        "Flood: 2%",
    )
    acme("review", "sign", *words)
    file = tmp_path / "acme" / "reviews" / "2026Q2.yaml"
    before = file.read_bytes()
    for same in (words, (), words[:2]):
        assert "nothing to do" in acme("review", "sign", *same).out
    for other in (
        ("--decision", "exit"),
        ("--note", "Sell."),
        ("--premortem", "Fire: 5%"),
        ("--opposing", "No."),
    ):
        found = acme("review", "sign", *other)
        assert (found.code, found.out) == (3, "")
        assert "signed already" in found.err and "--supersede" in found.err
    assert acme("review", "sign", "--decision", "exit", "--dry-run").code == 3
    assert file.read_bytes() == before
    assert acme("review", "sign", "--decision", "exit", "--supersede", "A slip.").code == 0


def test_a_pre_mortem_comes_with_a_probability(acme: Any, tmp_path: Path) -> None:
    """Every one without is told, with an example, and nothing is signed."""
    wrong = ("--premortem", "The factory burns", "--premortem", "Flood: 2%", "--premortem", "400% of plan")
    found = acme("review", "sign", *wrong)
    assert found.code == 2
    assert "found `The factory burns`" in found.err and "found `400% of plan`" in found.err
    assert "25%" in found.err and "Flood" not in found.err
    assert not (tmp_path / "acme" / "reviews").exists()


def test_a_correction_can_be_compared_with_what_it_corrects(acme: Any) -> None:
    acme("review", "sign")
    acme("judge", "J1", "--level", "0", *JUDGED, day="2026-08-06")
    acme("review", "sign", "--supersede", "A lower level.", day="2026-08-06")
    found = acme("diff", "2026Q2.1", "2026Q2", day="2026-08-06").out
    assert "+ judgements" in found
    assert "from 2026Q2 (signed 2026-08-05) to 2026Q2.2 (signed 2026-08-06)" in found


def test_a_review_signed_in_hindsight_is_compared_by_the_day_it_looked_from(acme: Any) -> None:
    """Where signing and looking were on two days, both are told."""
    acme("review", "sign", "--as-of", "2026-05-01", day="2026-11-01")
    acme("review", "sign", "--as-of", "2026-08-05", day="2026-11-01")
    found = acme("diff", "2026Q1", "2026Q2", day="2026-11-01").out
    assert "2026Q1 (as of 2026-05-01, signed 2026-11-01)" in found
    assert "2026Q2 (as of 2026-08-05, signed 2026-11-01)" in found


def test_a_memo_after_signing_publishes_what_was_signed(acme: Any) -> None:
    """Days later, on the same quarter: the signed verdict, and whether signing today would say otherwise."""
    acme("review", "sign", "--decision", "hold")
    memo = acme("memo", day="2026-08-20").out
    assert "signed by R. Runner on 5 Aug 2026.**" in memo
    assert "**Decision.** Hold. R. Runner, 5 Aug 2026, on 2026Q2." in memo
    assert "once this is signed" not in memo


def test_nobody_signs_without_a_name(acme: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("THESIS_ANALYST")
    found = acme("review", "sign")
    assert found.code == 2
    assert "missing: --by" in found.err
    (tmp_path / "acme" / "config.toml").write_text('[analyst]\nname = "Jane Doe"\n', encoding="utf-8")
    assert acme("review", "sign").code == 0
    assert "by: Jane Doe" in _file(tmp_path, "reviews/2026Q2.yaml")


# comparing ---------------------------------------------------------------------------------------


def test_a_comparison_needs_something_to_compare_with(acme: Any) -> None:
    found = acme("diff")
    assert found.code == 2
    assert "no review is signed yet to compare with" in found.err
    assert acme("diff", "last spring").code == 2
    assert acme("diff", "2031Q1").code == 2
    assert acme("diff", "2026-08-05", "2026-05-01").code == 2


def test_quarters_and_days_without_a_review_are_seen_by_the_pack_as_it_is(acme: Any) -> None:
    found = acme("diff", "2026Q1", "now")
    assert found.code == 0
    assert "from 2026Q1, as filed on 2026-04-28 to today, 2026-08-05" in found.out
    assert "+ new quarters" in found.out
    assert "Rules did not change." in found.out


def test_an_edited_rule_shows_what_the_old_one_would_say(acme: Any, tmp_path: Path) -> None:
    acme("review", "sign", "--decision", "hold")
    path = tmp_path / "acme" / "thesis.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("bands: [0%, 5%, 10%, 20%, 30%]", "bands: [0%, 1%, 2%, 3%, 4%]"), encoding="utf-8"
    )
    found = acme("diff", "--rules", "--regret", day="2026-08-06")
    told = " ".join(found.out.split())
    assert "Edited rules took it from" in told or "this reads the same" in told
    assert "one band was eased" in told
    assert "conditions.repairs-growth.measures.repairs_growth.bands (threshold, eased)" in found.out
    assert "was 0%, 5%, 10%, 20%, 30%" in told
    assert "signed verdicts, on what is known now" in found.out
    memo = acme("memo", day="2026-08-06").out
    assert "| `conditions.repairs-growth.measures.repairs_growth.bands` | threshold, eased |" in memo


def test_a_grade_that_has_no_say_is_told_so(acme: Any) -> None:
    """One of an earlier quarter is not beside a newer one, and its own end is told, not another grade's."""
    words = ("--level", "1", "--evidence", "A letter.", "--source", "letter", "--by", "B. Other")
    found = acme("judge", "J1", *words, "--period", "2026Q1", "--graded", "2026-05-02")
    assert "until 2026-08-24" in found.out
    assert "it has no say: level" in found.out
    assert "make a range" not in found.out
    beside = acme("judge", "J1", "--level", "2", *words[2:], "--period", "2026Q2", day="2026-08-05")
    assert "together they make a range" in beside.out


# kill criteria -----------------------------------------------------------------------------------


def _near(when: str, facts: str = "") -> bool:
    """Whether the small pack's K1 is near, with another condition and other facts."""
    folder = read_folder(ACME, "acme")
    text = folder.texts["thesis.yaml"].replace("repairs_growth < 0 in 2 of last 3 quarters", when)
    rows = {"facts/ACME.csv": facts} if facts else folder.facts
    pack = build(folder._replace(texts={**folder.texts, "thesis.yaml": text}, facts=rows))[0]
    return assess(pack, date(2026, 10, 15)).kill[0].is_near


@pytest.mark.parametrize(
    ("when", "is_close"),
    [
        ("repairs_growth < 0", False),  # 18.4%, and it moves by 0.8 points a quarter
        ("repairs_growth < 16%", True),
        ("operating_income < 0", False),  # $26M, and it moves by $1M
        ("operating_income < 23e6", True),
    ],
)
def test_what_is_near_is_counted_in_typical_moves_whatever_the_edge(when: str, *, is_close: bool) -> None:
    """Once an edge of nothing had a scale of one: growth was always near it, and dollars never."""
    assert _near(when) == is_close


def test_a_thousand_dollars_are_near_to_nothing() -> None:
    facts = (ACME / "facts" / "ACME.csv").read_text(encoding="utf-8")
    assert _near(
        "operating_income < 0",
        facts.replace("operating_income,2026Q2,26000000", "operating_income,2026Q2,1000"),
    )


def test_a_criterion_of_which_no_move_is_known_is_to_be_looked_at() -> None:
    """One quarter of a figure says nothing of how far it goes in the next."""
    rows = (ACME / "facts" / "ACME.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("operating_income") or "2026Q2" in row]
    assert _near("operating_income < 0", "\n".join(kept))


REQUIRED = "\nreview: {requires: [decision, note]}\n\nverdict:\n"


def _requiring(pack: Path) -> None:
    """A pack whose reviews are signed with a decision and a note."""
    file = pack / "thesis.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("\nverdict:\n", REQUIRED, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "missing"),
    [((), "a decision and a note"), (("--decision", "hold"), "a note"), (("--note", "So."), "a decision"),
     (("--decision", "hold", "--note", "  "), "a note")],
)  # fmt: skip
def test_a_pack_that_asks_for_a_decision_and_a_note_is_not_signed_without(
    words: tuple[str, ...], missing: str, acme: Any, tmp_path: Path
) -> None:
    pack = next(file.parent for file in tmp_path.rglob("thesis.yaml"))
    _requiring(pack)
    for more in ((), ("--dry-run",)):
        found = acme("review", "sign", *words, *more)
        assert (found.code, f"asks for {missing} under `review`" in found.err) == (3, True), found.err
    assert not (pack / "reviews").exists()
    whole = acme("review", "sign", "--decision", "hold", "--note", "So.")
    assert (whole.code, "warning" in whole.err) == (0, False)
    assert acme("review", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "missing"),
    [((), "no decision and no note"), (("--decision", "hold"), "no note"), (("--note", "So."), "no decision"),
     (("--decision", "hold", "--note", "So."), "")],
)  # fmt: skip
def test_any_other_pack_is_signed_and_told_what_is_left_out(
    words: tuple[str, ...], missing: str, acme: Any
) -> None:
    found = acme("review", "sign", *words)
    assert found.code == 0
    assert (f"warning: the review has {missing}; " in found.err) == bool(missing)
    assert "warning" not in acme("review", "sign").err, "one that is signed already is not asked about again"
    assert acme("review", "verify").code == 0
