"""What can be taken out of a journal or put into it: what is found alone, and what with a kept head."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.journal.begun_mark import begun_name, begun_text
from thesis.journal.sign import AnalystWords, sign_review
from thesis.journal.store import read_journal
from thesis.pack.folder import read_folder

TODAY = date(2026, 8, 5)
HAND = AnalystWords(by="R. Runner", decision="hold", note="So far.")
LAST, FIRST = "2026Q2.2", "2026Q1"


@pytest.fixture
def pack(folder_pack: Any) -> Path:
    """Acme with a review of 2026Q1, one of 2026Q2, and a correction of that on the same files."""
    found: Path = folder_pack()
    for day, why in (("2026-05-01", ""), ("2026-08-05", ""), ("2026-08-05", "A word was missing.")):
        words = HAND._replace(supersedes=why)
        sign_review(read_folder(found, "."), date.fromisoformat(day), TODAY, words)
    (found.parent / "heads.txt").write_text(read_journal(found, ".")[-1].seal, encoding="utf-8")
    return found


def _review(pack: Path, name: str = LAST) -> Path:
    return pack / "reviews" / f"{name}.yaml"


def _inputs(pack: Path, name: str = LAST) -> Path:
    return next((pack / "reviews" / "inputs").glob(f"{name}-*"))


def _removed(pack: Path) -> None:
    _review(pack).unlink()


def _removed_with_its_inputs(pack: Path) -> None:
    _removed(pack)
    shutil.rmtree(_inputs(pack))


def _touched_mark(pack: Path) -> None:
    _removed(pack)
    (pack / "reviews" / "inputs" / begun_name(_inputs(pack).name)).touch()


def _sealed_mark(pack: Path) -> None:
    review = read_journal(pack, ".")[-1]
    _removed(pack)
    mark = pack / "reviews" / "inputs" / begun_name(review.inputs)
    mark.write_text(begun_text(review, review.inputs), encoding="utf-8")


def _mark_of_another(pack: Path) -> None:
    """A mark that holds, beside the inputs of another review."""
    first = read_journal(pack, ".")[0]
    _removed(pack)
    mark = pack / "reviews" / "inputs" / begun_name(_inputs(pack).name)
    mark.write_text(begun_text(first, first.inputs), encoding="utf-8")


def _renamed(to: str) -> Callable[[Path], None]:
    def rename(pack: Path) -> None:
        _review(pack).rename(pack / "reviews" / to)

    return rename


def _put(name: str, text: str = "x") -> Callable[[Path], None]:
    def put(pack: Path) -> None:
        path = pack / "reviews" / name.replace("INPUTS", _inputs(pack).name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return put


def _linked(name: str) -> Callable[[Path], None]:
    """A file or folder moved out of the pack, with a link in its place."""

    def link(pack: Path) -> None:
        path = pack / "reviews" / name.replace("INPUTS", _inputs(pack).name)
        path.rename(pack.parent / "elsewhere")
        path.symlink_to(pack.parent / "elsewhere")

    return link


def _all_removed(pack: Path) -> None:
    shutil.rmtree(pack / "reviews")


def _nothing(_: Path) -> None:
    pass


# What was done, the exit code of `review verify`, and that with the head kept before.
CASES: dict[str, tuple[Callable[[Path], Any], int, int]] = {
    "nothing": (_nothing, 0, 0),
    "what file managers leave": (_put(".DS_Store"), 0, 0),
    "the newest taken away": (_removed, 4, 3),
    "the newest, with a touched mark": (_touched_mark, 4, 3),
    "the newest, with a mark that is sealed": (_sealed_mark, 4, 3),
    "the newest, with a mark of another": (_mark_of_another, 4, 3),
    "the newest and its inputs": (_removed_with_its_inputs, 0, 3),  # only a head kept outside tells
    "the whole journal": (_all_removed, 0, 3),  # only a head kept outside tells
    "one in the middle": (lambda pack: _review(pack, "2026Q2").unlink(), 3, 3),
    "the first": (lambda pack: _review(pack, FIRST).unlink(), 3, 3),
    "the inputs of the first": (lambda pack: shutil.rmtree(_inputs(pack, FIRST)), 3, 3),
    "the newest as .yml": (_renamed("2026Q2.2.yml"), 3, 3),
    "the newest as .YAML": (_renamed("2026Q2.2.YAML"), 3, 3),
    "the newest hidden": (_renamed(".2026Q2.2.yaml"), 3, 3),
    "the newest as a backup": (_renamed("2026Q2.2.yaml.bak"), 3, 3),
    "the newest under another quarter": (_renamed("2026Q3.yaml"), 3, 3),
    "the newest in a folder": (_put("old/2026Q2.yaml"), 3, 3),
    "a foreign file": (_put("notes.txt"), 3, 3),
    "a foreign file among the inputs": (_put("inputs/notes.txt"), 3, 3),
    "a foreign folder among the inputs": (_put("inputs/2026Q4-00000000/thesis.yaml"), 4, 4),
    "a file beside those signed on": (_put("inputs/INPUTS/notes.txt"), 3, 3),
    "a file of facts beside those signed on": (_put("inputs/INPUTS/facts/notes.txt"), 3, 3),
    "a hidden file beside those signed on": (_put("inputs/INPUTS/.hidden"), 3, 3),
    "a review that is a link": (_linked("2026Q2.yaml"), 3, 3),
    "inputs that are a link": (_linked("inputs/INPUTS"), 3, 3),
    "a file signed on that is a link": (_linked("inputs/INPUTS/thesis.yaml"), 3, 3),
    "all inputs behind a link": (_linked("inputs"), 3, 3),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_to_a_journal_is_found(case: str, pack: Path, run: Any) -> None:
    done, alone, with_head = CASES[case]
    done(pack)
    told = run("review", "verify", cwd=pack)
    assert told.code == alone, (told.out, told.err)
    kept = run("review", "verify", "--head", "../heads.txt", cwd=pack)
    assert kept.code == with_head, (kept.out, kept.err)
    assert "Traceback" not in told.err + kept.err


def test_a_review_that_was_taken_away_leaves_its_trace_through_the_next_signing(pack: Path, run: Any) -> None:
    """A mark without a seal of its own clears nothing away; one that holds is told of."""
    _touched_mark(pack)
    run("review", "sign", "--by", "R", "--as-of", "2026-08-05", cwd=pack)
    told = run("review", "verify", cwd=pack)
    assert told.code == 4
    assert "belongs to no review: one was taken away" in told.err


def test_a_signing_that_was_cut_off_is_cleared_away_and_told_of(pack: Path, run: Any) -> None:
    _sealed_mark(pack)
    assert (
        "the signing of 2026Q2.2 was cut off, or the review was taken away"
        in run("review", "verify", cwd=pack).err
    )
    again = run("review", "sign", "--by", "R", "--as-of", "2026-08-05", cwd=pack)
    assert "the signing of 2026Q2.2 had been cut off and was cleared away" in again.err
    assert run("review", "verify", cwd=pack).code == 0


@pytest.mark.parametrize("form", ["{}", "review-2026Q2 {}\n", "on 2026-08-05:\n\t{} (head)\n", "{0}\n{0}\n"])
def test_a_head_is_found_in_whatever_it_was_kept_in(form: str, pack: Path, run: Any) -> None:
    heads = [review.seal for review in read_journal(pack, ".")]
    (pack / "kept.txt").write_text(form.format(heads[1].upper()), encoding="utf-8")
    found = run("review", "verify", "--head", "kept.txt", cwd=pack)
    assert found.code == 0
    assert "the head of 2026Q2 was kept" in found.out and "1 review signed since" in found.out
    (pack / "kept.txt").write_text("\n".join([*heads, "0" * 32]), encoding="utf-8")
    lost = run("review", "verify", "--head", "kept.txt", cwd=pack)
    assert (lost.code, "error[other-head]" in lost.err) == (3, True)


def test_an_earlier_correction_on_shared_inputs_verifies(pack: Path, run: Any) -> None:
    """Until 0.1.0 a correction rested on the copy of what it corrects."""
    shutil.rmtree(_inputs(pack))
    assert run("review", "verify", cwd=pack).code == 0
