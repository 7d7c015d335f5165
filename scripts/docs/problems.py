"""The catalogue of problems: what each code means, a file with the mistake, and what the program says of it.

The mistakes and the words are those that tests/core/test_problem.py runs.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml

from scripts.docs.markdown import fenced, page, prose

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "problems"
MEANINGS = CASES / "meanings.yaml"
ACME, VALUED = ROOT / "tests" / "data" / "acme", ROOT / "tests" / "data" / "valued"
EXPECTED, COMMAND = "expected.txt", "command.txt"
MOST_LINES = 14  # of an excerpt
MOST_BLOCKS = 4  # of an output

INTRO = """\
A mistake in your files is told with its place, in the form `file:line:column: error[code]: what is wrong`,
with the line, a mark under the place and a remedy; all at once, and nothing is worked out until they are
mended (exit code 3). A *warning* says that something is likely not what was meant; the answer is given all
the same. A code never changes its name.

Each of these was made on purpose in a small pack of an invented company, and what is shown is what the
program prints of it."""


class Case(NamedTuple):
    """A mistake: the folder that holds the files in which it differs from the invented company's pack."""

    folder: Path

    @property
    def code(self) -> str:
        return self.folder.name.partition(".")[0]

    @property
    def command(self) -> str:
        path = self.folder / COMMAND
        return path.read_text(encoding="utf-8").strip() if path.exists() else "lint"

    @property
    def said(self) -> str:
        return (self.folder / EXPECTED).read_text(encoding="utf-8")


def problems() -> str:
    """The page."""
    cases: dict[str, list[Case]] = {}
    for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
        cases.setdefault(Case(folder).code, []).append(Case(folder))
    parts = [INTRO]
    for group, meanings in groups().items():
        parts.append(f"## {group}")
        parts += [_entry(code, meaning, cases[code]) for code, meaning in meanings.items()]
    return page("Problems", "tests/problems", *parts)


def groups() -> Mapping[str, Mapping[str, str]]:
    """Heading to code to meaning."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    return found


def _entry(code: str, meaning: str, cases: list[Case]) -> str:
    told = [f"### {code}", prose(meaning)]
    for i, case in enumerate(sorted(cases, key=lambda case: len(case.folder.name))):
        if i:
            told.append("The same in another place:")
        told += _excerpts(case.folder)
        told.append(fenced(f"$ thesis {case.command}\n{_shortened(case.said)}", "console"))
    return "\n\n".join(told)


def _excerpts(folder: Path) -> Iterator[str]:
    """What of each file differs from the pack without the mistake."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in (EXPECTED, COMMAND):
            excerpt = _excerpt(path, _before(folder, path.relative_to(folder)))
            if excerpt:
                yield f"In `{path.relative_to(folder)}`:"
                yield fenced(excerpt)


def _before(folder: Path, name: Path) -> list[str] | None:
    """The lines of a file without the mistake; None where the pack has no such file."""
    bases = [VALUED, ACME] if (folder / "valuation.yaml").exists() else [ACME]
    found = next((base / name for base in bases if (base / name).exists()), None)
    return found.read_text(encoding="utf-8").splitlines() if found else None


def _excerpt(path: Path, before: list[str] | None) -> str:
    """The changed lines with one before and after each; of a new file its beginning."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    kept: list[str] = []
    if before is None:
        kept = lines
    else:
        end = 0
        for tag, _, _, low, high in difflib.SequenceMatcher(None, before, lines).get_opcodes():
            if tag == "equal":
                continue
            start = max(low - 1, end)
            kept += ["..."] * (start > end > 0) + lines[start : high + 1]
            end = high + 1
    cut = [line if len(line) <= 120 else f"{line[:117]}..." for line in kept[:MOST_LINES]]
    return "\n".join([*cut, *(["..."] if len(kept) > MOST_LINES else [])]).strip("\n")


def _shortened(said: str) -> str:
    """What is printed; of many problems the first few, with `...` for the others, and the sum."""
    *lines, last = said.rstrip("\n").split("\n")
    blocks = re.split(r"\n(?=\S)", "\n".join(lines))
    if len(blocks) <= MOST_BLOCKS + 1:
        return said.rstrip("\n")
    return "\n".join([*blocks[:MOST_BLOCKS], "...", last])
