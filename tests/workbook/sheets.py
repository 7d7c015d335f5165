"""A workbook as a reader meets it: its texts, its formulas, and the values that other programs work out."""

from __future__ import annotations

import io
import math
import shutil
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from thesis.appraisal.appraise import Appraisal, appraise
from thesis.core.interval import Interval
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment
from thesis.workbook import workbook

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RECALCULATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
Place = tuple[str, str]  # a sheet and an address
Values = Mapping[Place, Any]


class Made(NamedTuple):
    """A workbook with what it is of."""

    data: bytes
    assessment: Assessment
    appraisal: Appraisal | None


def made(folder: Path, day: str) -> Made:
    """The workbook of a pack's folder, seen from a day."""
    pack = build(read_folder(folder, folder.name))[0]
    return of_pack(pack, date.fromisoformat(day))


def of_pack(pack: Pack, day: date) -> Made:
    case = case_as_of(pack, day)
    found, reckoned = assess(pack, day), appraise(case)
    return Made(workbook(case, found, reckoned), found, reckoned)


def cells(data: bytes, *, values: bool) -> dict[Place, Any]:
    """What stands in each cell: the values, or the formulas where there are some."""
    book = load_workbook(io.BytesIO(data), data_only=values)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


def formulas(data: bytes) -> dict[Place, str]:
    listed = cells(data, values=False).items()
    return {place: text for place, text in listed if isinstance(text, str) and text.startswith("=")}


# worked out by other programs ------------------------------------------------------------------------


def by_formulas(data: bytes, folder: Path, changed: Mapping[Place, Any] | None = None) -> Values:
    """Worked out by the package ``formulas``, with some cells changed."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "book.xlsx"
    file.write_bytes(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of that package, not of ours
        import formulas as excel

        model = excel.ExcelModel().loads(str(file)).finish()
        inputs = {
            f"'[book.xlsx]{sheet.upper()}'!{at}": value for (sheet, at), value in (changed or {}).items()
        }
        solved = model.calculate(inputs=inputs) if inputs else model.calculate()
    names = {sheet.upper(): sheet for sheet, _ in cells(data, values=True)}
    found = {}
    for key, ranges in solved.items():
        file_and_sheet, _, at = str(key).rpartition("!")
        sheet = names.get(file_and_sheet.rpartition("]")[2].rstrip("'"))
        if sheet and ":" not in at and hasattr(ranges, "value"):
            found[sheet, at] = ranges.value[0, 0]
    return found


def by_libreoffice(data: bytes, folder: Path, changed: Mapping[Place, Any] | None = None) -> Values:
    """Worked out by LibreOffice from the formulas alone: no value that was written with them is left."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    settings = folder / "profile" / "user"
    settings.mkdir(parents=True)
    (settings / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    book = load_workbook(io.BytesIO(data))  # which reads formulas and leaves their values behind
    for (sheet, at), value in (changed or {}).items():
        book[sheet][at] = value
    book.save(folder / "book.xlsx")
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx", "--outdir", str(folder / "out"), str(folder / "book.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return cells((folder / "out" / "book.xlsx").read_bytes(), values=True)


def differences(expected: Values, found: Values, places: Iterator[Place] | list[Place]) -> list[str]:
    """Where two sets of values differ by more than rounding; what has no bound is alike however large."""
    return [
        f"{place}: written {expected.get(place)!r}, worked out {found.get(place)!r}"
        for place in places
        if not alike(expected.get(place), found.get(place))
    ]


def alike(a: Any, b: Any) -> bool:
    if isinstance(a, str) or isinstance(b, str) or a is None or b is None:
        return bool(a == b)
    x, y = float(a), float(b)
    if abs(x) >= 1e60 or abs(y) >= 1e60:
        return x * y > 0 and min(abs(x), abs(y)) >= 1e60
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12)


# finding one's way -----------------------------------------------------------------------------------


class Table:
    """The rows of a sheet by what stands in their first column, with the columns by letter."""

    def __init__(self, values: Values, sheet: str) -> None:
        self.values, self.sheet = values, sheet

    def rows(self, text: str, column: str = "A") -> list[int]:
        """The numbers of the rows that begin with a text."""
        listed = [int(at[len(column) :]) for sheet, at in self.values if sheet == self.sheet
                  and at.startswith(column) and at[len(column) :].isdigit()
                  and self.values[sheet, at] == text]  # fmt: skip
        return sorted(listed)

    def at(self, column: str, row: int) -> Any:
        return self.values.get((self.sheet, f"{column}{row}"))

    def ends(self, columns: str, row: int, factor: float = 1.0) -> Interval:
        """Two cells as a range."""
        lo, hi = (float(self.at(column, row)) for column in columns)
        return Interval(-math.inf if lo <= -1e60 else lo / factor, math.inf if hi >= 1e60 else hi / factor)


def near(a: Interval, b: Interval) -> bool:
    return all(
        x == y or math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in ((a.lo, b.lo), (a.hi, b.hi))
    )
