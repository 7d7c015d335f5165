"""The journal: appended to, never edited, and found out where somebody did."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.problem import InvalidInput
from thesis.journal.review_schema import number_text
from thesis.journal.seal import seal_text
from thesis.journal.sign import AnalystWords, sign_review
from thesis.journal.store import read_journal, reviews_in_force
from thesis.journal.verify import replay_review, verify_journal
from thesis.pack.folder import read_folder

HERE = Path(__file__).parent
TODAY = date(2026, 8, 5)
HAND = AnalystWords(by="R. Runner", decision="hold", note="seal: is a word too.\nOn two lines.")


def signed(folder: Path, day: str = "2026-08-05", words: AnalystWords = HAND, today: date = TODAY) -> Any:
    return sign_review(read_folder(folder, "."), date.fromisoformat(day), today, words)


@pytest.fixture
def folder(folder_pack: Any) -> Path:
    """Acme with two reviews, of 2026Q1 and 2026Q2."""
    found: Path = folder_pack()
    signed(found, "2026-05-01")
    signed(found)
    return found


def test_what_was_said_is_kept_to_the_letter(folder: Path) -> None:
    review = read_journal(folder, ".")[-1]
    assert (review.note, review.by, review.decision) == (HAND.note, HAND.by, "hold")


def test_a_review_comes_out_of_its_inputs_to_the_byte(folder: Path) -> None:
    """Whatever happens to the pack afterwards."""
    (folder / "thesis.yaml").unlink()
    (folder / "facts" / "ACME.csv").write_text("gone")
    chain = read_journal(folder, ".")
    for i, review in enumerate(chain):
        inputs = read_folder(folder / "reviews" / "inputs" / review.inputs, "")
        text = (folder / "reviews" / f"{review.name}.yaml").read_text(encoding="utf-8")
        assert text.startswith(replay_review(inputs, review, chain[:i]))
    assert len(verify_journal(folder, ".").chain) == 2


@pytest.mark.parametrize("part", range(40))
def test_a_flipped_byte_anywhere_is_found(part: int, folder: Path) -> None:
    """In a review or in the files it rests on: forty places, spread over all of them."""
    files = sorted(path for path in (folder / "reviews").rglob("*") if path.is_file())
    data = {path: path.read_bytes() for path in files}
    whole = sum(map(len, data.values()))
    at = part * whole // 40 + part % 7
    for path, before in data.items():
        if at < len(before):
            path.write_bytes(before[:at] + bytes([before[at] ^ 1]) + before[at + 1 :])
            break
        at -= len(before)
    with pytest.raises(InvalidInput) as found:
        verify_journal(folder, ".")
    assert any(path.name.partition(".")[0] in str(p.message) + str(p.span) for p in found.value.problems)


def test_a_day_that_is_not_rated_can_be_signed_and_read(folder: Path) -> None:
    """What is false where true is read in its absence stands in the file."""
    found = signed(folder, "2027-06-01", HAND._replace(supersedes="Still here."), date(2027, 6, 1))
    review = read_journal(folder, ".")[-1]
    assert (found.is_new, review.found.rated, review.state.rated) == (True, False, False)
    assert len(verify_journal(folder, ".").chain) == 3


def test_a_line_end_is_a_byte_too(folder: Path) -> None:
    path = folder / "reviews" / "2026Q1.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(InvalidInput):
        verify_journal(folder, ".")


def test_a_file_that_was_added_to_the_inputs_is_found(folder: Path) -> None:
    place = next((folder / "reviews" / "inputs").iterdir())
    (place / "overrides.yaml").write_text("overrides: []\n")
    with pytest.raises(InvalidInput) as found:
        verify_journal(folder, ".")
    assert "was not there" in found.value.problems[0].message


def test_a_newest_review_that_was_taken_away_leaves_a_trace(folder: Path) -> None:
    """No gap shows; what it rested on does, and the head is not the one that was kept."""
    head = verify_journal(folder, ".").head
    (folder / "reviews" / "2026Q2.yaml").unlink()
    found = verify_journal(folder, ".")
    assert found.head != head
    assert "belongs to no review" in found.left_over[0]
    assert not found.is_proved


def _resealed(path: Path, *changes: tuple[str, str]) -> None:
    """A review with some lines replaced, and with a seal that fits."""
    text = path.read_text(encoding="utf-8")
    for pattern, line in changes:
        assert re.search(pattern, text, re.MULTILINE), pattern
        text = re.sub(pattern, line, text, flags=re.MULTILINE)
    path.write_text(seal_text(text[: text.rindex("seal: ")]), encoding="utf-8")


RAISED = (r"^  level: .*$", "  level: ON TRACK")


def test_another_release_that_signed_a_review_proves_nothing_and_disproves_nothing(folder: Path) -> None:
    """The figures are recomputed whatever release is named: alike they are in order, and otherwise forged."""
    path = folder / "reviews" / "2026Q2.yaml"
    release = (r"^program: .*$", "program: 0.0.9")
    _resealed(path, release)
    found = verify_journal(folder, ".")
    assert found.is_proved
    assert found.notes == ("2026Q2: every number comes out again, in a record of another form",)
    _resealed(path, RAISED)
    with pytest.raises(InvalidInput) as refused:
        verify_journal(folder, ".")
    assert refused.value.problems[0].code == "not-reproduced"


def test_a_review_that_names_another_rules_version_is_not_called_proved(folder: Path) -> None:
    """A level that was raised and sealed anew, under other rules, is not vouched for."""
    path = folder / "reviews" / "2026Q2.yaml"
    _resealed(path, RAISED, (r"^rules_version: \d+$", "rules_version: 7"))
    found = verify_journal(folder, ".")
    assert not found.is_proved
    assert "2026Q2: sealed under rules version 7" in found.unproved[0]


def test_a_correction_is_a_review_of_its_own(folder: Path) -> None:
    """It takes the place of the one before, which stays; both are carried from the quarter before."""
    again = signed(folder, words=HAND._replace(supersedes="The decision was another.", decision="trim"))
    assert (again.review.name, again.review.supersedes) == ("2026Q2.2", "The decision was another.")
    chain = read_journal(folder, ".")
    assert [review.name for review in chain] == ["2026Q1", "2026Q2", "2026Q2.2"]
    assert [review.name for review in reviews_in_force(chain)] == ["2026Q1", "2026Q2.2"]
    assert chain[2].state == chain[1].state
    assert len(verify_journal(folder, ".").chain) == 3
    assert signed(folder).is_new is False


@pytest.mark.parametrize(("days", "is_backtest"), [(0, False), (14, False), (15, True)])
def test_a_review_signed_long_after_its_day_is_a_back_test(
    days: int, is_backtest: bool, folder_pack: Any
) -> None:
    """A fortnight is time to write it; what is later was written in hindsight."""
    found = signed(folder_pack(), today=TODAY + timedelta(days=days))
    assert found.review.backtest == is_backtest


def test_each_review_has_a_copy_of_its_own(folder: Path) -> None:
    """Of two that rest on the same files, the later one leaves a trace too when it is taken away."""
    signed(folder, words=HAND._replace(supersedes="A word was missing."))
    assert len(list((folder / "reviews" / "inputs").iterdir())) == 3


def test_nothing_filed_later_has_a_say(folder_pack: Any) -> None:
    """Signed in hindsight, a review is the one that would have been signed then."""
    then, later = folder_pack(name="then"), folder_pack(name="later")
    facts = then / "facts" / "ACME.csv"
    rows = facts.read_text(encoding="utf-8").splitlines(keepends=True)
    facts.write_text(
        "".join(row for i, row in enumerate(rows) if i == 0 or row.split(",")[4] <= "2026-05-01")
    )
    rubrics = (then / "judgements.yaml").read_text(encoding="utf-8").partition("grades:")[0]
    (then / "judgements.yaml").write_text(f"{rubrics}grades: []\n")
    early = signed(then, "2026-05-01", today=date(2026, 5, 1)).review
    late = signed(later, "2026-05-01", today=date(2026, 11, 1)).review
    assert early.found == late.found
    assert early.state == late.state


def test_a_golden_journal_of_this_version_is_read(tmp_path: Path) -> None:
    """Reviews signed by format 1 are read, verified and built on by whatever comes later."""
    shutil.copytree(HERE / "golden", tmp_path / "mine")
    found = verify_journal(tmp_path / "mine", ".")
    assert [review.name for review in found.chain] == ["2026Q1", "2026Q2", "2026Q2.2"]
    assert found.head == (HERE / "golden" / "head.txt").read_text().strip()
    assert all("every number comes out again" in note for note in found.notes)
    assert [f.id for review in found.chain for f in review.forecasts] == ["F1", "F2"]
    assert found.chain[1].overrides[0].rule == "margins"


VALUES = [point(0.1), Interval(-1.5, 2e12), EVERYTHING, point(-0.0), Interval(0.25, float("inf"))]


@pytest.mark.parametrize("value", VALUES)
def test_numbers_are_read_back_as_written(value: Interval) -> None:
    low, _, high = number_text(value).replace("unknown", "-inf..inf").partition("..")
    assert Interval(float(low), float(high or low)) == value
