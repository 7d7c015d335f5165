"""Files of the user's are read by ``thesis.files``, which names the one that the system refuses."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from thesis.core.problem import InvalidInput
from thesis.files.disk import named, read_bytes, unreadable

PROGRAM = Path(__file__).parents[2] / "thesis"
READING = {
    "open", "read_bytes", "read_text", "iterdir", "glob", "rglob", "scandir", "listdir",
}  # fmt: skip
ELSEWHERE = {
    "cli/__init__.py": "the device that takes what is left of an answer",
    "cli/completion.py": "a shell's completion, which is silent about whatever fails",
    "cli/context.py": "a file that stands where an answer is written; what cannot be read is another's",
    "document/child_process.py": "what the system says of its own process",
    "document/html_page.py": "templates that come with the program",
    "memo/template_context.py": "the head of a template; whoever reads the whole of it says what is wrong",
    "pack/standard.py": "standards that come with the program",
    "sources/edgar/download_store.py": "downloads; what cannot be read is fetched anew",
    "sources/read_file.py": "filings, read piece by piece; `open_file` gives errors the file's name",
    "workspace/find_pack.py": "a folder of packs, of which so many names are taken; errors get its name",
    "workspace/scaffold.py": "a folder where a new pack is to stand; what cannot be read is another's",
}
"""Modules that read by themselves, and what: errors are told there, or are no reason to say anything."""


def reading_calls(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name("open") | ast.Attribute(ast.Name("os"), "walk"):
                    yield "open"
                case ast.Attribute(_, name) if name in READING:
                    yield name


def test_every_file_is_read_through_the_functions_that_name_it() -> None:
    """Whatever is new calls ``read_bytes``, ``read_text``, ``entries_in`` or ``names_in``."""
    found = {
        path.relative_to(PROGRAM).as_posix()
        for path in PROGRAM.rglob("*.py")
        if path.parent.name != "files" and any(reading_calls(path.read_text("utf-8")))
    }
    assert found == set(ELSEWHERE)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ESTALE, errno.EINTR, errno.EMFILE, 999])
def test_every_refusal_has_a_name_a_reason_and_a_remedy(number: int) -> None:
    [problem] = unreadable("facts/ACME.csv", OSError(number, os.strerror(number))).problems
    assert problem.message == f"cannot read `facts/ACME.csv`: {os.strerror(number).lower()}"
    assert problem.hint


def test_a_call_on_an_open_file_gets_its_name_and_any_other_keeps_its_own() -> None:
    with pytest.raises(OSError, match=r"facts/ACME\.csv"), named("facts/ACME.csv"):
        raise OSError(errno.EIO, "Input/output error")
    with pytest.raises(OSError, match=r"other\.csv"), named("facts/ACME.csv"):
        raise OSError(errno.EIO, "Input/output error", "other.csv")


def test_a_file_that_need_not_be_there_is_empty_and_one_that_cannot_be_looked_at_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_bytes(tmp_path / "forecasts.yaml", "forecasts.yaml", is_needed=False) == b""

    def refuse(*_: object, **__: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "stat", refuse)
    with pytest.raises(InvalidInput):
        read_bytes(tmp_path / "forecasts.yaml", "forecasts.yaml", is_needed=False)
