#!/usr/bin/env python3
"""Compare the figures that the program gave before a change with those it gives after it.

    scripts/figures before.json after.json
    scripts/figures BEFORE AFTER --reasons reasons.yaml
    scripts/figures --make FOLDER [--program CHECKOUT]

BEFORE and AFTER are JSON files, folders of JSON files, or checkouts of this repository whose program is run.
Every difference is printed as a row of a Markdown table: figure, before, after, reason. A figure is named by
the way to it, as ``amzn-4t@2026-10-15/check/conditions/aws-growth/score/lo``: the items of a list go by their
id or name where each has one of its own, and otherwise by their place. What is on one side only is ``absent``
on the other. Nothing is left out, texts included; with ``--figures`` texts count by the numbers that stand in
them, and those that differ in their wording alone are counted below the table.

The reasons are a YAML file of pattern to reason, where ``*`` stands for anything; the first pattern that fits
counts. ``--make`` asks the program for everything that it says of both bundled theses, on fixed days and with
a fixed seed, and writes it to FOLDER: check, value, history, simulate and memo as JSON, the memos' text, the
metrics, the cells of the workbook and the texts and shapes of the charts.

Exit codes: 0 every difference has a reason, or there is none; 1 one has none; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-22"  # on which the bundled facts hold nothing later
LOOKS = (("amzn-4t", "2026-10-15"), ("amzn-4t", "2026-11-22"), ("googl-cloud", "2026-08-15"))
DRAWS = ("--draws", "20000", "--seed", "20261122", "--threads", "1")
ANSWERS: dict[str, tuple[str, ...]] = {
    "check": ("check", "--json"),
    "memo": ("memo", "--format", "json"),
    "value": ("value", "--json"),
    "history": ("history", "--quarters", "20", "--json"),
    "simulate": ("simulate", *DRAWS, "--json"),
}
KEYS = ("id", "name", "quarter", "path", "scenario", "driver", "since", "cause", "concept", "metric", "label")
NUMBER = re.compile(
    r"(?<![A-Za-z_])(?:\d{4}Q[1-4]|[+-]?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<!\.)\.\d+)"
    r"(?:e[+-]?\d+)?(?:%|[A-Za-z]{1,2}\b)?)"
)
FOOTNOTE = re.compile(r"\[\^\d+\]:?")
BLOCKS = re.compile(
    "article|aside|blockquote|caption|d[dlt]|details|div|fig(ure|caption)|footer|form|h[1-6r]|header|li|main|nav|"
    "[ou]l|option|p|pre|section|summary|t(able|body|foot|head|r)"
)
GEOMETRY = frozenset("d points x y x1 x2 y1 y2 cx cy r rx ry width height transform viewBox".split())  # noqa: SIM905
UNSEEN = frozenset(["script", "style", "svg", "template", "title"])


class Absent:
    """What one of the two sides does not have."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


class Difference(NamedTuple):
    """A figure that is not the same before and after."""

    figure: str
    before: Any
    after: Any
    reason: str = ""


# --- Comparing ----------------------------------------------------------------------------------


def leaves(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    """Every number, text, truth and null of a JSON value, with the way to it; an empty list or object too."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from leaves(each, _below(way, key))
    elif isinstance(value, list) and value:
        for name, each in zip(_names(value), value, strict=True):
            yield from leaves(each, _below(way, name))
    else:
        yield way, value


def _below(way: str, key: object) -> str:
    return f"{way}/{key}" if way else str(key)


def _names(items: Sequence[Any]) -> list[str]:
    """What the items of a list go by: the first key that each has and no two share, or else their places."""
    if all(isinstance(each, Mapping) for each in items):
        for key in KEYS:
            named = [each.get(key) for each in items]
            if all(isinstance(name, str) and name for name in named) and len(set(named)) == len(named):
                return [str(name) for name in named]
    return [str(place) for place, _ in enumerate(items)]


def differences(before: Any, after: Any, reasons: Mapping[str, str] | None = None) -> list[Difference]:
    """Every leaf that is on one side only, or not the same on both; numbers are the same to the last bit."""
    old, new = dict(leaves(before)), dict(leaves(after))
    found = []
    for figure in [*old, *(figure for figure in new if figure not in old)]:
        was, now = old.get(figure, ABSENT), new.get(figure, ABSENT)
        if not _is_same(was, now):
            found.append(Difference(figure, was, now, reason_of(figure, reasons or {})))
    return found


def _is_same(was: Any, now: Any) -> bool:
    """Whether two leaves are the same; a truth is no number, while 1 and 1.0 are one number."""
    return bool(was == now) and isinstance(was, bool) == isinstance(now, bool)


def reason_of(figure: str, reasons: Mapping[str, str]) -> str:
    """The reason of the first pattern that fits, or an empty text."""
    return next((reason for pattern, reason in reasons.items() if fnmatchcase(figure, pattern)), "")


def numbers(text: str) -> tuple[str, ...]:
    """The numbers in a text, as written with their units, and quarters; footnotes are left out.

    >>> numbers("Margin over a year: -1..+33bp[^4] in 2026Q2, of $2.66T (K5)")
    ('-1', '+33bp', '2026Q2', '2.66T')
    """
    return tuple(NUMBER.findall(FOOTNOTE.sub("", text)))


def is_wording(each: Difference) -> bool:
    """Whether both sides are texts with the same numbers."""
    both = isinstance(each.before, str) and isinstance(each.after, str)
    return both and numbers(each.before) == numbers(each.after)


def table(found: Sequence[Difference]) -> str:
    """The differences as a Markdown table."""
    rows = [
        (each.figure, *map(_cell, (each.before, each.after)), each.reason or "**none given**")
        for each in found
    ]
    lines = ["| figure | before | after | reason |", "|---|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)]
    )


def _cell(value: Any) -> str:
    """A leaf as it is printed."""
    return repr(value) if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)


# --- Reading and making -------------------------------------------------------------------------


def read(place: Path) -> Any:
    """A JSON file; a folder of them, by their names; or a checkout, whose program is asked."""
    if (place / "thesis" / "__init__.py").is_file():
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder), partial(said, place))
            return read(Path(folder))
    if place.is_dir():
        files = sorted(place.rglob("*.json"))
        return {
            str(file.relative_to(place).with_suffix("")): json.loads(file.read_text("utf-8"))
            for file in files
        }
    return json.loads(place.read_text("utf-8"))


def make(folder: Path, ask: Callable[..., str]) -> None:
    """Write what a program says of the bundled theses, a folder for each day; ``ask`` runs a command."""
    for pack, day in LOOKS:
        place = folder / f"{Path(pack).name}@{day}"
        place.mkdir(parents=True, exist_ok=True)
        for name, (command, *more) in ANSWERS.items():
            _write(place / f"{name}.json", json.loads(ask(command, pack, "--as-of", day, *more)))
        metrics = ask("export", "metrics", pack, "--as-of", day, "--quarters", "20")
        _write(place / "metrics.json", _rows(metrics, ("metric", "quarter")))
        for ending, form in (("md", "markdown"), ("html", "html")):
            text = ask("memo", pack, "--as-of", day, "--format", form)
            _write(
                place / f"memo-{ending}.json",
                _paged(html_lines(text) if ending == "html" else text.splitlines()),
            )
        with tempfile.TemporaryDirectory() as kept:
            book, charts = Path(kept, "book.xlsx"), Path(kept, "charts")
            ask("export", "workbook", pack, "--as-of", day, "--out", str(book))
            _write(place / "workbook.json", workbook(book))
            ask("charts", pack, "--as-of", day, "--out", str(charts))
            drawn = {file.stem: chart(file.read_text("utf-8")) for file in sorted(charts.glob("*.svg"))}
            _write(place / "charts.json", drawn)


def said(program: Path, *arguments: str) -> str:
    """What a checkout's program prints. Errors: ``SystemExit`` with its complaint, where it fails."""
    given = {**os.environ, "PYTHONPATH": str(program.resolve()), "THESIS_TODAY": TODAY, "THESIS_CACHE": ""}
    given.update({"THESIS_CONFIG": "none.toml", "PYTHONIOENCODING": "utf-8"})
    command = [sys.executable, "-P", "-m", "thesis", *arguments]
    with tempfile.TemporaryDirectory() as elsewhere:
        ran = subprocess.run(command, env=given, cwd=elsewhere, capture_output=True, check=False)
    if ran.returncode not in (0, 1, 4):  # 1 and 4 tell of the thesis, not of a failure
        raise SystemExit(f"{' '.join(command)}\n{ran.stderr.decode()}")
    return ran.stdout.decode()


def _write(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _rows(text: str, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    """A CSV's rows by what identifies them."""
    return {" ".join(row[key] for key in keys): row for row in csv.DictReader(text.splitlines())}


def _paged(lines: Sequence[str]) -> dict[str, str]:
    """The lines of a page, each under the heading above it and the words that it begins with."""
    found: dict[str, str] = {}
    seen: Counter[str] = Counter()
    heading = ""
    for line in filter(None, (FOOTNOTE.sub("", line).strip() for line in lines)):
        if line.startswith("#"):
            heading = label(line)
        name = f"{heading} > {label(line)}"
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = line
    return found


def label(line: str) -> str:
    """What a line goes by: its first words without the numbers, the first cell of a table's row.

    >>> label("| Capital spending | 109.7% | 80% |"), label("## Margins: weak .42-.51")
    ('Capital spending', 'Margins: weak')
    """
    first = next((cell for cell in line.split("|") if cell.strip()), "")
    words = re.sub(r"[^\w ,:;'&()-]", " ", NUMBER.sub(" ", FOOTNOTE.sub("", first))).split()
    return " ".join(words[:10]).replace("/", " ")


class _Lines(HTMLParser):
    """The text of a page, a line for each block and each row of a table."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if BLOCKS.fullmatch(tag):
            self.lines.append("# " if re.fullmatch("h[1-6]", tag) else "")
        elif tag in ("td", "th"):
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        if BLOCKS.fullmatch(tag):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.lines[-1] += data


def html_lines(text: str) -> list[str]:
    """What a reader sees of an HTML page, line by line; headings begin with ``#``, cells with a bar."""
    page = _Lines()
    page.feed(re.sub(r"<sup\b.*?</sup>", "", text, flags=re.DOTALL))
    return [" ".join(line.split()) for line in page.lines if line.strip()]


def workbook(file: Path) -> dict[str, Any]:
    """The cells of a workbook, by sheet, by the texts that the row begins with, and by column."""
    from openpyxl import load_workbook

    found: dict[str, Any] = {}
    for sheet in load_workbook(file, data_only=True).worksheets:
        seen: Counter[str] = Counter()
        rows = found.setdefault(sheet.title, {})
        for row in sheet.iter_rows():
            cells = {cell.column_letter: cell.value for cell in row if cell.value is not None}
            if not cells:
                continue
            first = " ".join(str(value) for value in list(cells.values())[:2] if isinstance(value, str))[:80]
            seen[first] += 1
            name = first if seen[first] == 1 else f"{first} ({seen[first]})"
            plain = (bool, int, float, str)
            rows[name] = {
                at: value if isinstance(value, plain) else str(value) for at, value in cells.items()
            }
    return found


def chart(svg: str) -> dict[str, Any]:
    """A drawing's texts in their order, and where each shape of it lies."""
    texts, shapes = [], []
    for element in ET.fromstring(svg).iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("title", "desc", "text"):
            texts.append(" ".join("".join(element.itertext()).split()))
        shape = {key: value for key, value in element.attrib.items() if key in GEOMETRY}
        if shape:
            shapes.append({"shape": tag, **shape})
    return {"texts": texts, "shapes": shapes}


# --- The command --------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; see the module."""
    about, _, rest = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "figures", description=about, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", nargs="?", type=Path, help="a JSON file, a folder of them, or a checkout")
    parser.add_argument("after", nargs="?", type=Path, help="likewise")
    parser.add_argument("--reasons", type=Path, metavar="FILE", help="a YAML file of pattern to reason")
    parser.add_argument("--figures", action="store_true", help="of texts compare the numbers in them")
    parser.add_argument("--make", type=Path, metavar="FOLDER", help="write the answers of a program")
    parser.add_argument("--program", type=Path, default=ROOT, metavar="CHECKOUT", help="default: this one")
    given = parser.parse_args(arguments)
    if given.make:
        if given.before:
            parser.error("--make takes no files to compare")
        make(given.make, partial(said, given.program))
        return 0
    if not (given.before and given.after):
        parser.error("two files, folders or checkouts are compared")
    for place in filter(None, (given.before, given.after, given.reasons)):
        if not place.exists():
            parser.error(f"there is no {place}")
    return _compare(given.before, given.after, _reasons(given.reasons), figures=given.figures)


def _reasons(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    import yaml

    return {
        str(pattern): str(reason)
        for pattern, reason in (yaml.safe_load(file.read_text("utf-8")) or {}).items()
    }


def _compare(before: Path, after: Path, reasons: Mapping[str, str], *, figures: bool) -> int:
    every = differences(read(before), read(after), reasons)
    found = [each for each in every if not (figures and is_wording(each))]
    if found:
        print(table(found))
    unexplained = sum(not each.reason for each in found)
    print(f"{len(found)} differ, {unexplained} of them without a reason")
    if figures:
        print(f"{len(every) - len(found)} texts differ in their wording alone")
    for pattern in reasons:
        if not any(fnmatchcase(each.figure, pattern) for each in every):
            print(f"no difference is one of `{pattern}`", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    raise SystemExit(main())
