"""The same bytes under every interpreter, as ``scripts/same_bytes.py`` compares them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts.same_bytes import digests, main, table

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
NEEDED = "import click, filelock, jinja2, numpy, pyarrow, pydantic, xlsxwriter, yaml"


def interpreters() -> list[str]:
    """This one and others that have what the program needs, each minor version once.

    Those in ``OTHER_PYTHONS``, separated as in ``PATH``, and those that ``PATH`` has by their usual names.
    """
    named = os.environ.get("OTHER_PYTHONS", "").split(os.pathsep)
    usual = [shutil.which(f"python{version}") for version in VERSIONS]
    found: dict[str, str] = {}
    for each in (sys.executable, *named, *usual):
        if each:
            version = f"{NEEDED}, sys; print(sys.version_info[:2])"
            asked = subprocess.run([each, "-c", version], capture_output=True, text=True, check=False)
            if asked.returncode == 0:
                found.setdefault(asked.stdout, each)
    return list(found.values())


@pytest.mark.slow
def test_every_interpreter_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    asked = interpreters()
    if len(asked) < 2:
        pytest.skip("no second interpreter with what the program needs; name some in OTHER_PYTHONS")
    assert main(asked) == 0, capsys.readouterr().out


def test_a_spreadsheet_is_compared_by_its_parts(tmp_path: Path) -> None:
    for name, how in (("stored", zipfile.ZIP_STORED), ("packed", zipfile.ZIP_DEFLATED)):
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(tmp_path / name / "book.xlsx", "w", how) as book:
            book.writestr("sheet1.xml", "<sheet>1</sheet>" * 100)
    stored, packed = digests(tmp_path / "stored"), digests(tmp_path / "packed")
    assert stored == packed
    assert list(stored) == ["book.xlsx!sheet1.xml"]


def test_an_answer_that_differs_or_is_missing_is_named() -> None:
    lines, differ = table({"3.11": {"a": "1", "b": "2", "c": "3"}, "3.12": {"a": "1", "b": "4"}})
    assert differ == ["b", "c"]
    assert [line.endswith("differ") for line in lines] == [False, False, True, True]
