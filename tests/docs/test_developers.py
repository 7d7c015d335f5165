"""The pages for developers name files, names and tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.conftest import DOCS

ROOT = DOCS.parent
PROGRAM = ROOT / "thesis"
ARCHITECTURE = (DOCS / "architecture.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LOOKED_FOR = re.findall(r"^\| ([^|]+) \| \[([^\]]+)\]\(([^)]+)\) \| ([^|]+) \|$", ARCHITECTURE, re.MULTILINE)
TESTS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY)
FOLDERS = ("thesis", "tests", "templates", "scripts", "docs", "rules", ".ci")


def test_the_architecture_names_every_package_and_no_other() -> None:
    table = ARCHITECTURE.split("<!-- packages -->")[1].split("<!-- /packages -->")[0]
    named = re.findall(r"^\| \d+ \| `([\w.]+)` \|", table, re.MULTILINE)
    there = {".".join(file.parent.relative_to(PROGRAM).parts) for file in PROGRAM.rglob("__init__.py")}
    assert sorted(named) == sorted(there - {""})


@pytest.mark.parametrize(("what", "shown", "link", "names"), LOOKED_FOR, ids=lambda text: str(text)[:40])
def test_what_is_looked_for_is_where_the_architecture_says(
    what: str, shown: str, link: str, names: str
) -> None:
    """The file holds each name, as a function, a class, a constant, or a property of a style sheet."""
    assert (DOCS / link).resolve() == ROOT / shown
    text = (ROOT / shown).read_text(encoding="utf-8")
    for name in re.findall(r"`([^`]+)`", names):
        for part in name.split("."):
            is_there = re.search(
                rf"^\s*(?:(?:def|class) {part}\b|(?:\w+, )*{part}\b[^()\n]*[=:])", text, re.MULTILINE
            )
            assert is_there, f"{what}: {name}"


def test_the_architecture_leads_to_enough() -> None:
    assert len(LOOKED_FOR) >= 60


def test_every_path_that_contributing_names_is_there() -> None:
    paths = [
        path
        for path in re.findall(r"`([\w./-]+)`", CONTRIBUTING)
        if path.partition("/")[0] in FOLDERS and "/" in path
    ]
    assert len(paths) > 60
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_target_that_contributing_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", CONTRIBUTING, re.MULTILINE))
    assert named
    assert named <= targets


def test_every_promise_has_a_test() -> None:
    """Each row of a table of promises names tests, and each of them is there."""
    rows = re.findall(
        r"^\| (?!promise |---)(.+) \|$", SECURITY.split("## What is not promised")[0], re.MULTILINE
    )
    assert len(rows) > 25
    assert [row for row in rows if "::test_" not in row] == []
    lost = [
        f"{file}::{name}"
        for file, name in TESTS
        if not Path(ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert lost == []
