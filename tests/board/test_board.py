"""The board: where many theses stand, which of them cannot wait, and nothing that one of them hides."""

from __future__ import annotations

import importlib
import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.board.conftest import EASED, NAME, REVIEWED, TRIPS, Theses, names
from tests.export.test_json_answers import faults
from thesis.board import attention_groups
from thesis.board.board_row import BoardRow
from thesis.board.pack_selection import packs_by_name
from thesis.core.problem import InvalidInput
from thesis.export.json_answers import schema_urn

# groups and their order ------------------------------------------------------------------------------


def test_each_thesis_is_in_the_group_that_its_journal_and_its_files_put_it_in(every_kind: Theses) -> None:
    board = every_kind.board()
    assert names(board, "attention") == ["tripped", "broken", "inputs", "touched"]
    assert names(board, "active") == ["eased", "new", NAME, "held"]
    assert names(board, "closed") == ["sold"]
    assert board["counts"] == {"attention": 4, "active": 4, "closed": 1}


def test_a_reason_is_given_for_whatever_needs_attention_and_for_nothing_else(every_kind: Theses) -> None:
    reasons = {row["name"]: row.get("reasons", []) for row in every_kind.board()["packs"]}
    assert reasons["tripped"] == [
        "K1 has tripped, 14 days without a decision: Repairs shrink in two quarters of three."
    ]
    assert reasons["broken"] == ["1 problem in the pack: `thesis lint broken`"]
    assert reasons["touched"] == ["1 problem in the journal: `thesis review verify touched`"]
    assert not any(reasons[name] for name in ("eased", "held", "new", "sold", NAME))


def test_what_is_overdue_needs_attention_and_is_what_due_lists(theses: Theses) -> None:
    """Two weeks after the filing the review of a thesis that nobody reviewed is late."""
    theses.acme("new")
    assert theses.row("new", day="2026-08-12")["group"] == "active"
    row = theses.row("new", day="2026-08-13")
    assert row["group"] == "attention"
    assert row["reasons"] == ["overdue since 2026-08-13: the review of 2026Q2, filed 2026-07-29"]
    due = json.loads(theses.do("due", "new", "--json", day="2026-08-13").out)
    assert [each["what"] for each in due if each["is_overdue"]] == [each["what"] for each in row["overdue"]]


def test_many_things_overdue_of_one_kind_are_one_reason() -> None:
    from thesis.board.board_row import OverdueItem

    some = tuple(OverdueItem("judgement", f"J{i}", f"2026-08-0{i}", 10 - i) for i in range(1, 4))
    row = BoardRow("a", "a", verdict="WATCH", is_rated=True, overdue=some)
    assert [reason.text for reason in attention_groups.attention_reasons(row)] == [
        "overdue since 2026-08-01: 3 judgements"
    ]


def test_an_old_trip_is_more_urgent_than_a_new_one_and_that_than_a_problem(theses: Theses) -> None:
    theses.acme("b-new", ("when: repairs_growth < 0 in 2 of last 3 quarters", "when: repairs_growth < 19%"))
    theses.acme("a-broken")
    (theses.folder / "a-broken" / "metrics.yaml").write_text("concepts: [\n", encoding="utf-8")
    theses.acme("c-old", ("when: repairs_growth < 0 in 2 of last 3 quarters", "when: repairs_growth < 90%"))
    board = theses.board(day="2026-08-05")
    assert names(board, "attention") == ["c-old", "b-new", "a-broken"]
    days = [trip["days"] for row in board["packs"] for trip in row.get("trips", ())]
    assert days == sorted(days, reverse=True)


def test_a_thesis_that_was_left_is_closed_whatever_is_overdue_and_taken_up_again_it_is_not(
    theses: Theses,
) -> None:
    theses.acme("sold", TRIPS)
    theses.sign("sold", "--decision", "exit")
    late = theses.board(day="2026-12-24")
    assert names(late, "closed") == ["sold"]
    assert theses.do("board", ".", day="2026-12-24").code == 0
    theses.sign("sold", "--decision", "add", "--supersede", "We bought it back.", day="2026-08-06")
    assert theses.row("sold")["group"] != "closed"


def test_the_decision_is_the_last_one_that_was_made(theses: Theses) -> None:
    """A review that decides nothing leaves a thesis closed that was left."""
    source = theses.acme("acme")
    theses.copy("mine", "2026-05-05", source)
    theses.sign("mine", "--note", "As agreed.", "--decision", "exit", day="2026-05-05")
    theses.copy("mine", "2026-08-05", source)
    theses.sign("mine", "--note", "As agreed.", day="2026-08-05")
    row = theses.row("mine")
    assert (row["published"]["review"], row["published"]["decision"]) == ("2026Q2", "exit")
    assert row["published"]["decided"] == "2026-05-05"
    assert row["group"] == "closed"


def test_packs_that_came_with_the_program_ask_for_nothing(theses: Theses) -> None:
    """Nothing can be signed in them, so that nothing is due; a copy in their place is watched."""
    board = json.loads(theses.do("board", "--json", day="2026-11-22").out)
    assert {row["name"]: row["group"] for row in board["packs"]} == {
        "amzn-4t": "active", "googl-cloud": "active",
    }  # fmt: skip
    found = theses.do("board", day="2026-11-22")
    assert found.code == 0
    assert "NOT RATED" in found.out
    assert "`thesis new DIR --from amzn-4t`" in found.out
    theses.copy("googl-cloud", "2026-11-22")
    board = json.loads(theses.do("board", "--json", day="2026-11-22").out)
    assert {row["where"]: row["group"] for row in board["packs"]} == {
        "bundled": "active", "googl-cloud": "attention",
    }  # fmt: skip


# what a row says -------------------------------------------------------------------------------------


def test_what_is_published_stands_beside_the_verdict_of_the_day(every_kind: Theses) -> None:
    """The analyst eased a rule since: the day's verdict rose, the published one did not."""
    row = every_kind.row("eased")
    assert (row["published"]["verdict"], row["verdict"]) == ("WATCH", "ON TRACK")
    assert row["change"] == {
        "since": "2026Q2", "word": "better", "text": "edited rules (ours): WATCH to ON TRACK",
    }  # fmt: skip
    assert every_kind.row("held")["change"] == {"since": "2026Q2", "word": "same"}
    assert "change" not in every_kind.row("new")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [("amzn-4t", "2026-05-07", "2026-08-10"), ("googl-cloud", "2026-05-05", "2026-08-10")],
)
def test_a_copy_of_a_bundled_pack_moves_by_the_causes_that_diff_finds(
    name: str, before: str, after: str, theses: Theses
) -> None:
    """Reviewed in spring on what was known then, and looked at in summer with the next quarter's figures."""
    theses.copy(name, before)
    theses.sign(name, "--note", "As agreed.", "--decision", "hold", day=before)
    theses.copy(name, after)
    row = theses.row(name, day=after)
    diff = json.loads(theses.do("diff", "-p", name, "--json", day=after).out)
    moved = [step for step in diff["steps"] if step["before"] != step["after"]]
    told = re.findall(r"(?:^|; )[a-z ]+(?: \(ours\))?: (\S.*?) to (\S[^;]*)", row["change"].get("text", ""))
    assert told == [(step["before"], step["after"]) for step in moved]
    verdict = diff["verdict"]
    assert (verdict["before"] == verdict["after"]) == (row["change"]["word"] == "same")
    assert row["change"]["since"] == row["published"]["review"] == "2026Q1"
    due = json.loads(theses.do("due", name, "--json", day=after).out)
    review = next(each for each in due if each["kind"] == "review")
    by = str(date.fromisoformat(review["day"]) - timedelta(days=review["is_overdue"]))
    assert row["next_review"] == {
        "quarter": "2026Q2", "by": by, "is_filed": True, "is_overdue": review["is_overdue"],
    }  # fmt: skip
    check = json.loads(theses.do("check", name, "--json", day=after).out)
    assert (row["worst"], row["best"]) == (check["verdict"]["worst"], check["verdict"]["best"])
    nearest = min(
        (f for f in check["flips"] if not f.get("better") and f.get("part") and "moves" in f),
        key=lambda flip: flip["moves"],
    )
    assert row["worse"]["moves"] == nearest["moves"]
    assert row["worse"]["to"] == nearest["to"]
    text = " ".join(theses.do("check", name, "--plain", day=after).out.split())
    assert row["worse"]["text"] in text
    assert f"nearest {row['kill']['id']}: {row['kill']['text']}" in text


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("WATCH WATCH", "ON TRACK ON TRACK", "better"),
        ("AT RISK WATCH", "WATCH WATCH", "better"),
        ("WATCH ON TRACK", "AT RISK WATCH", "worse"),
        ("AT RISK ON TRACK", "WATCH WATCH", "clearer"),
        ("WATCH WATCH", "AT RISK ON TRACK", "less clear"),
        ("WATCH WATCH", "WATCH WATCH", "same"),
        ("WATCH WATCH", "", "not rated"),
        ("", "WATCH WATCH", "rated"),
        ("", "", "same"),
    ],
)
def test_a_change_is_told_in_a_word(before: str, after: str, word: str) -> None:
    from types import SimpleNamespace

    from thesis.board.verdict_moves import _word

    levels = ("BROKEN", "AT RISK", "WATCH", "ON TRACK")

    def verdict(said: str) -> Any:
        found = re.findall("|".join(levels), said) or ["BROKEN", "BROKEN"]
        return SimpleNamespace(levels=levels, worst=found[0], best=found[1], rated=bool(said))

    assert _word(verdict(before), verdict(after)) == word
    other = verdict(after)
    other.levels = ("LOW", *levels[1:])
    if before and after:
        assert _word(verdict(before), other) == "other levels"


def test_a_day_before_the_review_shows_what_was_published_by_then(theses: Theses) -> None:
    source = theses.acme("acme")
    theses.copy("mine", "2026-05-05", source)
    theses.sign("mine", "--note", "As agreed.", "--decision", "hold", day="2026-05-05")
    theses.copy("mine", "2026-08-05", source)
    theses.sign("mine", "--note", "As agreed.", "--decision", "add", day="2026-08-05")
    now, then = (
        theses.row("mine"),
        next(row for row in theses.board("--as-of", "2026-06-01")["packs"] if row["name"] == "mine"),
    )
    assert (now["published"]["review"], now["published"]["decision"]) == ("2026Q2", "add")
    assert (then["published"]["review"], then["published"]["decision"]) == ("2026Q1", "hold")
    assert then["quarter"] == "2026Q1"


# nothing hides another -------------------------------------------------------------------------------


def test_a_broken_pack_still_says_what_was_published_and_what_to_do(every_kind: Theses) -> None:
    row = every_kind.row("broken")
    assert ("verdict" in row, row["why"]) == (False, "1 problem")
    assert (row["published"]["verdict"], row["published"]["decision"]) == ("WATCH", "hold")
    (problem,) = row["problems"]
    assert problem["place"].startswith("broken/metrics.yaml:2:")
    assert every_kind.do("lint", "broken").code == 3


def test_a_journal_that_was_touched_is_a_problem_and_nothing_is_said_that_depends_on_it(
    every_kind: Theses,
) -> None:
    row = every_kind.row("touched")
    assert row["verdict"] == "WATCH"
    assert row.keys().isdisjoint({"published", "change", "next_review", "trips"})
    (problem,) = row["problems"]
    assert (problem["code"], problem["in_journal"]) == ("touched", True)
    inputs = every_kind.row("inputs")
    assert inputs["published"]["verdict"] == "WATCH"
    assert "change" not in inputs
    for name in ("touched", "inputs"):
        assert every_kind.do("review", "verify", name).code == 3


def test_a_pack_that_breaks_after_it_was_looked_at_is_seen_to(
    theses: Theses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was remembered is used only as long as no byte of the pack, its journal or its inputs changed."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    theses.acme("mine")
    theses.sign("mine", "--note", "As agreed.", "--decision", "hold")
    first = theses.do("board", ".").out
    assert theses.do("board", ".").out == first
    (kept,) = (theses.folder / "mine" / "reviews" / "inputs").iterdir()
    text = (kept / "thesis.yaml").read_text(encoding="utf-8")
    (kept / "thesis.yaml").write_text(f"{text}#\n", encoding="utf-8")
    assert theses.row("mine")["group"] == "attention"
    (kept / "thesis.yaml").write_text(text, encoding="utf-8")
    assert theses.do("board", ".").out == first
    theses.edit("mine", EASED)
    assert theses.row("mine")["change"]["word"] == "better"
    theses.edit("mine", ("R. Runner", "R. Gunner"), file="reviews/2026Q2.yaml")
    assert theses.row("mine")["group"] == "attention"


def test_thirty_packs_have_thirty_rows(
    theses: Theses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    theses.acme("p00")
    theses.sign("p00", "--note", "As agreed.", "--decision", "hold")
    for i in range(1, 30):
        shutil.copytree(theses.folder / "p00", theses.folder / f"p{i:02}")
    (theses.folder / "p17" / "metrics.yaml").unlink()
    theses.edit("p23", TRIPS)
    board = theses.board()
    assert board["counts"] == {"attention": 2, "active": 28, "closed": 0}
    assert names(board, "attention") == ["p23", "p17"]
    found = theses.do("board", ".")
    assert found.code == 1
    assert len(re.findall(r"^p\d\d \(acme\) ", found.out, re.MULTILINE)) == 29
    assert re.search(r"^p17 +WATCH +1 problem", found.out, re.MULTILINE)


# which packs -----------------------------------------------------------------------------------------


def test_a_dir_is_a_pack_a_name_or_a_folder_of_packs(theses: Theses, tmp_path: Path) -> None:
    theses.acme("one")
    theses.acme("rules/two")
    (theses.folder / "empty").mkdir()

    def found(*wanted: str, here: Path = tmp_path) -> list[str]:
        return [pack.name for pack in packs_by_name(wanted, here)[0]]

    assert found("theses") == ["theses/rules/two", "theses/one"]
    assert found("theses/one/", "theses") == ["theses/one", "theses/rules/two"]
    assert found(".", here=theses.folder) == ["rules/two", "one"]
    assert found("amzn-4t", str(theses.folder / "one")) == ["amzn-4t", "theses/one"]
    assert packs_by_name(["amzn-4t"], tmp_path)[0][0].is_bundled
    assert found("two", here=theses.folder) == ["two"]
    for name in found("theses"):
        assert theses.do("check", name, cwd=tmp_path).code == 0


def test_every_dir_that_is_none_is_told_at_once_and_no_board_is_shown(theses: Theses) -> None:
    theses.acme("one")
    (theses.folder / "empty").mkdir()
    with pytest.raises(InvalidInput) as flawed:
        packs_by_name(["empty", "amzn-4", "one"], theses.folder)
    assert [problem.code for problem in flawed.value.problems] == ["no-pack", "no-pack"]
    found = theses.do("board", "one", "nowhere")
    assert (found.code, found.out) == (3, "")
    assert "no pack is called `nowhere`" in found.err


def test_a_pack_whose_thesis_leads_nowhere_is_on_the_board(theses: Theses) -> None:
    """A link to a file that is gone: the pack does not vanish with it."""
    pack = theses.acme("mine")
    (pack / "thesis.yaml").unlink()
    (pack / "thesis.yaml").symlink_to(pack / "gone.yaml")
    row = theses.row("mine")
    assert row["group"] == "attention"
    assert "there is no file" in row["problems"][0]["message"]


def test_more_packs_than_are_listed_are_said_to_be_there(
    theses: Theses, monkeypatch: pytest.MonkeyPatch
) -> None:
    from thesis.board import pack_selection

    monkeypatch.setattr(pack_selection, "MOST_PACKS", 2)
    for name in ("one", "two", "three"):
        theses.acme(name)
        theses.sign(name, "--note", "As agreed.", "--decision", "hold")
    found = theses.do("board", ".")
    assert (found.code, found.out.splitlines()[-1]) == (1, pack_selection.MORE)
    assert theses.board()["is_cut"]


def test_a_name_with_line_breaks_and_codes_is_one_line(theses: Theses) -> None:
    theses.acme("a\nb\x1b[31m")
    (theses.folder / "a\nb\x1b[31m" / "metrics.yaml").write_text("concepts: [\n", encoding="utf-8")
    theses.acme("c")
    for command in (("board", "."), ("list",)):
        lines = theses.do(*command).out.splitlines()
        assert len([line for line in lines if "a b" in line and "1 problem" in line]) >= 1
        assert not any(re.match(r"b(\x1b|\[| |$)", line) for line in lines)
    html = theses.do("board", ".", "--format", "html").out
    assert "\x1b" not in html
    assert "\x1b" not in theses.do("board", ".", "--format", "markdown").out


# formats and exit codes ------------------------------------------------------------------------------


def test_a_scheduler_can_tell_somebody(every_kind: Theses) -> None:
    """1 as long as something needs attention, whatever the format; 0 where nothing does."""
    for form in ("terminal", "markdown", "html", "json"):
        assert every_kind.do("board", ".", "--format", form).code == 1
        assert every_kind.do("board", "held", "sold", "--format", form).code == 0


def test_the_text_has_a_line_for_each_thesis_and_its_reasons_below(every_kind: Theses) -> None:
    text = every_kind.do("board", ".").out
    assert text.splitlines()[0].startswith("9 theses: 4 need attention, 4 active, 1 closed")
    heads = [line.split(" (acme)")[0] for line in text.splitlines() if " (acme) " in line]
    assert heads == ["tripped", "inputs", "touched", "eased", "new", NAME, "held", "sold"]
    lines = text.splitlines()
    after = lines[next(i for i, line in enumerate(lines) if line.startswith("tripped ")) + 1]
    assert after.strip().startswith("K1 has tripped, 14 days without a decision")
    assert (
        every_kind.do("board", "held")
        .out.splitlines()[0]
        .startswith("1 thesis: 0 need attention, 1 active, 0 closed")
    )
    assert "1 needs attention" in every_kind.do("board", "tripped").out


def test_overrides_in_force_are_marked_and_what_is_near_says_so(every_kind: Theses) -> None:
    """In the row a mark and a word, both explained below; beside it whose rules, until when, and without."""
    text = """\
overrides:
  - {rule: margins, score: "0.1", reason: One-off., by: J. Doe, since: 2026-08-07, until: 2026-10-31}
"""
    (every_kind.folder / "held" / "overrides.yaml").write_text(text, "utf-8")
    board = every_kind.do("board", "held").out
    row = next(line for line in board.splitlines() if line.startswith("held (acme)"))
    assert re.search(r" [A-Z][A-Z. ]*\* ", row)
    assert "overridden: margins until 2026-10-31; without: " in board
    assert "*: overrides are in force" in " ".join(board.split())
    (told,) = every_kind.board()["packs"][[p["name"] for p in every_kind.board()["packs"]].index("held")][
        "overridden"
    ]
    assert told == "margins until 2026-10-31"
    for found in every_kind.board()["packs"]:
        line = next(
            each
            for each in every_kind.do("board", ".").out.splitlines()
            if each.startswith(f"{found['name']} ")
        )
        if found.get("kill", {}).get("is_near") and not found.get("tripped"):
            assert f"{found['kill']['gap']}, near" in line


def test_json_keeps_to_its_published_schema(every_kind: Theses) -> None:
    board = every_kind.board()
    assert faults("board", board) == []
    assert board["schema"] == schema_urn("board")
    assert faults("board", json.loads(every_kind.do("board", "--json", day="2026-11-22").out)) == []


def test_the_help_says_what_puts_a_thesis_into_each_group(every_kind: Theses) -> None:
    help_text = " ".join(every_kind.do("board", "--help").out.split())
    for name, meaning in attention_groups.MEANINGS.items():
        assert meaning in help_text
        assert name in attention_groups.HEADINGS
    assert "1 something does" in help_text


def test_a_file_is_written_as_its_name_says_and_never_over_another(
    every_kind: Theses, tmp_path: Path
) -> None:
    begins = {"b.html": "<!doctype html>", "b.md": "# Board", "b.json": "{", "b.txt": "9 theses"}
    for name, start in begins.items():
        out = tmp_path / name
        found = every_kind.do("board", ".", "--out", str(out))
        assert (found.code, found.out) == (1, "")
        assert out.read_text(encoding="utf-8").startswith(start)
        again = every_kind.do("board", ".", "--out", str(out))
        assert again.code == 1, "the same board is there already"
        out.write_text("mine", encoding="utf-8")
        again = every_kind.do("board", ".", "--out", str(out))
        assert again.code == 3
        assert "is there already" in again.err
        assert every_kind.do("board", ".", "--out", str(out), "--force").code == 1
    assert every_kind.do("board", "--json", "--format", "html").code == 2


def test_the_same_board_is_the_same_bytes(every_kind: Theses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remembered or worked out anew, in every format."""
    for form in ("terminal", "markdown", "html", "json"):
        kept = every_kind.do("board", ".", "--format", form).out
        with monkeypatch.context() as patch:
            patch.setenv("THESIS_CACHE", "")
            assert every_kind.do("board", ".", "--format", form).out == kept


# the list --------------------------------------------------------------------------------------------


def test_the_list_has_the_published_verdict_where_one_was_published(every_kind: Theses) -> None:
    rows = {row["name"]: row for row in json.loads(every_kind.do("list", "--json").out)}
    assert (rows["eased"]["published"], rows["eased"]["verdict"]) == ("WATCH", "ON TRACK")
    assert (rows["new"]["published"], rows["broken"]["problems"]) == ("", 1)
    text = every_kind.do("list").out
    assert re.search(r"^acme +eased +ON TRACK +WATCH +2026Q2", text, re.MULTILINE)
    assert "touched; thesis review verify touched" in text
    assert every_kind.do("list").code == 0


def test_a_list_without_a_journal_has_no_column_for_it(theses: Theses) -> None:
    theses.acme("mine")
    head = theses.do("list", day=REVIEWED).out.splitlines()[0]
    assert re.split(r" {2,}", head) == [
        "pack", "where", "verdict", "figures to", "filed", "next figures", "next review", "title",
    ]  # fmt: skip


# a mistake of the program's own -----------------------------------------------------------------------

ASSESSING, READING = "thesis.scoring.assess.assess", "thesis.board.row_builder.read_folder"
FAULTS = [
    (ASSESSING, ValueError("no weight")),
    (ASSESSING, OverflowError(34, "too large")),
    (READING, RecursionError()),
    (READING, UnicodeDecodeError("utf-8", b"", 0, 1, "odd")),
    ("thesis.journal.status.journal_status", ZeroDivisionError()),
]


@pytest.mark.parametrize(("step", "fault"), FAULTS, ids=lambda each: type(each).__name__)
def test_what_the_program_fails_on_takes_down_its_own_row_alone(
    theses: Theses, monkeypatch: pytest.MonkeyPatch, fault: Exception, step: str
) -> None:
    """Whatever goes wrong with one thesis, and wherever, the others are told as if it were not there."""
    for name in ("good", "odd", "sound"):
        theses.acme(name, ("id: acme", f"id: {name}"))
    before = {row["name"]: row for row in theses.board()["packs"]}
    module, _, name = step.rpartition(".")
    original = getattr(importlib.import_module(module), name)

    def failing(*given: Any, **more: Any) -> Any:
        if any(
            getattr(getattr(each, "thesis", None), "id", getattr(each, "name", "")) == "odd" for each in given
        ):
            raise fault
        return original(*given, **more)

    monkeypatch.setattr(step, failing)
    after = {row["name"]: row for row in theses.board()["packs"]}
    assert {name: row for name, row in after.items() if name != "odd"} == {
        name: row for name, row in before.items() if name != "odd"
    }
    assert after["odd"]["reasons"] == ["1 problem in the pack: `thesis check odd`"]
    assert [trouble["code"] for trouble in after["odd"]["problems"]] == ["program-fault"]
    assert type(fault).__name__ in after["odd"]["problems"][0]["message"]
    listed = theses.do("list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines() if "acme" in line or "anvils" in line] != []
    assert "a mistake of the program, not of the pack; thesis check odd" in listed.out
