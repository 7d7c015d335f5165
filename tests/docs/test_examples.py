"""The commands on the pages print what the pages show; and what does not is found out."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from scripts.docs.examples import agrees, commands, has_examples, performed
from scripts.docs.written import FILES, examples_renewed, written_by_hand
from tests.docs.conftest import name

MISSING = [program for program in ("bash", "git") if shutil.which(program) is None]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"there is no {' and no '.join(MISSING)} to run them with"
)
SLOW = pytest.mark.slow
LONG = ("how-to/calibration.md", "how-to/quarterly-review.md", "tutorial/first-thesis.md")
SHOWN = [page for page in written_by_hand() if has_examples(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    "page", [pytest.param(page, id=name(page), marks=SLOW if name(page) in LONG else ()) for page in SHOWN]
)
def test_a_page_shows_what_is_printed(page: Path, tmp_path: Path) -> None:
    """Every command of the page is run, from top to bottom, and prints what stands under it."""
    text = page.read_text(encoding="utf-8")
    assert examples_renewed(page, text, tmp_path / "work") == text, "run: python -m scripts.docs"


def test_the_tutorial_and_the_review_are_run() -> None:
    """The pages that a newcomer follows are among those that are run, with a good many commands."""
    for page in ("tutorial/first-thesis.md", "how-to/quarterly-review.md", "how-to/figures.md"):
        text = next(each for each in SHOWN if name(each) == page).read_text(encoding="utf-8")
        assert text.count("\n$ ") > 10


def _done(text: str, folder: Path) -> str:
    return performed(folder / "page.md", text, folder / "work")


def test_another_output_is_found_out(tmp_path: Path) -> None:
    text = "```console\n$ echo one\ntwo\n```\n"
    assert _done(text, tmp_path) == "```console\n$ echo one\none\n```\n"


def test_dots_stand_for_any_lines(tmp_path: Path) -> None:
    text = "```console\n$ seq 5\n1\n...\n5\n```\n"
    assert _done(text, tmp_path) == text
    assert agrees(["..."], [])
    assert not agrees(["1", "..."], ["2"])


def test_both_streams_are_shown_and_the_exit_code_is_kept(tmp_path: Path) -> None:
    text = "```console\n$ echo out; echo err >&2; (exit 3)\nout\nerr\n$ echo $?\n3\n```\n"
    assert _done(text, tmp_path) == text


def test_a_session_goes_on_from_block_to_block(tmp_path: Path) -> None:
    """What is exported and the folder that was changed to hold for the rest of the page."""
    text = (
        "```console\n$ export WHO=me && mkdir inner && cd inner\n```\n\nwords\n\n"
        "<!-- write note.txt -->\n```text\nfirst\nsecond\n```\n\n"
        "<!-- replace note.txt: second -->\n```text\nlast\n```\n\n"
        "<!-- append note.txt -->\n```text\nmore\n```\n\n"
        "```console\n$ cat note.txt; echo $WHO; pwd | sed 's|.*/||'\nfirst\nlast\nmore\nme\ninner\n```\n"
    )
    assert _done(text, tmp_path) == text


def test_a_line_to_replace_must_be_there_once(tmp_path: Path) -> None:
    text = "<!-- write a.txt -->\n```text\nx\nx\n```\n\n<!-- replace a.txt: x -->\n```text\ny\n```\n"
    with pytest.raises(ValueError, match=r"a\.txt has the line `x` 2 times"):
        _done(text, tmp_path)


def test_a_page_goes_on_where_another_ended(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text("```console\n$ export A=1\n```\n", encoding="utf-8")
    text = "<!-- after first.md -->\n\n```console\n$ echo $A\n1\n```\n"
    assert _done(text, tmp_path) == text


def test_a_session_that_ends_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the session ended with `exit 0`"):
        _done("```console\n$ exit 0\n```\n", tmp_path)


def test_a_command_may_go_on_in_the_next_line() -> None:
    found = list(commands("$ thesis check \\\n    --json\n{}\n$ true\n"))
    assert [(each.typed, each.printed) for each in found] == [
        ("thesis check \\\n    --json", ["{}"]),
        ("true", []),
    ]


def test_no_files_lie_about_that_no_page_reads() -> None:
    assert {folder.name for folder in FILES.iterdir()} <= {page.stem for page in SHOWN}


EXPORTED = re.compile(r"(THESIS_\w+)=")


@pytest.mark.parametrize("page", SHOWN, ids=name)
def test_a_page_that_sets_a_day_takes_it_back(page: Path) -> None:
    """A reader who types what a page shows must not go on in its past."""
    lines = page.read_text(encoding="utf-8").splitlines()
    exported = {name for line in lines if line.startswith("$ export ") for name in EXPORTED.findall(line)}
    last = max((i for i, line in enumerate(lines) if line.startswith("$ export THESIS_")), default=0)
    unset = {name for line in lines[last:] if line.startswith("$ unset ") for name in line.split()[2:]}
    assert exported <= unset
