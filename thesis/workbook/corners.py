"""Rows calculated at the central values of uncertain figures and at each corner of their ranges.

Figures that are ranges are not independent of each other further on (what advertising earns, the stores do
not), so everything is reckoned at each corner, and a range is that of the corners.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from thesis.pricing.model import ModelToday
from thesis.pricing.starting_values import StartingValues
from thesis.workbook import interval_formulas as e
from thesis.workbook import number_formats
from thesis.workbook.interval_formulas import EndFormulas
from thesis.workbook.spreadsheet import BOLD, CellAddress, CellStyle, WorkbookSheet

NAME = "Valuation"
UNIT, LOW, HIGH, MIDDLE, CORNERS = 1, 2, 3, 4, 5
NOT_KNOWN = e.UNBOUNDED
Formula = Callable[[int], str]  # of a column
Value = Callable[[ModelToday], float]


class CornerRows:
    """A block of rows: low, high, the middle, each corner of today. ``rows``: where they stand, by name."""

    def __init__(self, sheet: WorkbookSheet, start: StartingValues, target: float, row: int) -> None:
        self.sheet, self.start, self.target, self.row = sheet, start, target, row
        self.unit = start.market_cap.unit
        self.money = number_formats.stored_format("billions", self.unit, target)
        self.todays: list[ModelToday] = [start.central(), *start.corners()]
        self.rows: dict[str, int] = {}

    @property
    def columns(self) -> range:
        """The middle and the corners."""
        return range(MIDDLE, MIDDLE + len(self.todays))

    def at(self, name: str, column: int) -> str:
        """The cell of a row in a column, as this sheet writes it."""
        return CellAddress(NAME, self.rows[name], column).reference(self.sheet.name)

    def reference(self, name: str, column: int, sheet: str) -> str:
        """The same as another sheet writes it."""
        return CellAddress(NAME, self.rows[name], column).reference(sheet)

    def ends(self, name: str) -> EndFormulas:
        return EndFormulas(self.at(name, LOW), self.at(name, HIGH))

    def names(self) -> list[str]:
        """Which end of what is uncertain each column takes."""
        loose = [self._told(name) for name, value in self.start.inputs.items() if not value.is_point]
        told = [
            ", ".join(f"{name} {end}" for name, end in zip(loose, ends, strict=True))
            for ends in product(("low", "high"), repeat=len(loose))
        ]
        return ["Middle", *(told if loose else ["As known"])]

    def ends_by_corner(self, name: str) -> list[int]:
        """Which end of a figure each corner takes."""
        inputs = self.start.inputs
        ends = [(0,) if each.is_point else (0, 1) for each in inputs.values()]
        place = list(inputs).index(name)
        return [corner[place] for corner in product(*ends)]

    def _told(self, name: str) -> str:
        """A figure in a heading: ``Advertising profit``, ``Cash``."""
        owner, _, what = name.rpartition(" ")
        segments = {base.segment.id: base.segment.name for base in self.start.bases}
        claims = {each.claim.id: each.claim.name for each in self.start.claims}
        return claims.get(owner, name) if what == "claim" else f"{segments.get(owner, owner)} {what}".strip()

    def money_row(self, name: str, label: str, formula: Formula, value: Value) -> None:
        """A row of money."""
        self.row_of(name, label, CellStyle(number=self.money.number), self.money.unit, formula, value)

    def row_of(
        self, name: str, label: str, style: CellStyle, unit: str, formula: Formula, value: Value
    ) -> None:
        """A row worked out in each column, and the range of the corners before it."""
        self.label(name, label, unit)
        numbers = [_reckoned(value, today) for today in self.todays]
        for column, number in zip(self.columns, numbers, strict=True):
            self.sheet.formula(self.row, column, formula(column), number, style)
        first, last = (
            self.sheet.cell(self.row, column).reference(NAME) for column in (CORNERS, self.columns[-1])
        )
        texts, (low, high) = corner_range(f"{first}:{last}"), ranged_corners(numbers[1:])
        for column, text, end in ((LOW, texts.lo, low), (HIGH, texts.hi, high)):
            self.sheet.formula(self.row, column, text, end, style._replace(bold=True))
        self.row += 1

    def label(self, name: str, label: str, unit: str) -> None:
        """Give the next row its name, its title and its unit."""
        self.rows[name] = self.row
        self.sheet.texts(self.row, 0, (label, unit))

    def heading(self, text: str) -> None:
        self.sheet.text(self.row + 1, 0, text, BOLD)
        self.row += 2


def _reckoned(value: Value, today: ModelToday) -> float:
    """A figure of a corner; beyond every number where it cannot be reckoned."""
    try:
        return float(value(today))
    except (ValueError, ZeroDivisionError, OverflowError):
        return NOT_KNOWN


def corner_range(cells: str) -> EndFormulas:
    """The range of some corners; unknown where it cannot be reckoned at one of them."""
    return EndFormulas(f"IF(MAX({cells})>=1E+60,{e.LOW},MIN({cells}))", f"MAX({cells})")


def ranged_corners(numbers: Sequence[float]) -> tuple[float, float]:
    """The same of numbers."""
    high = max(numbers)
    return (-NOT_KNOWN if high >= e.BEYOND else min(numbers)), high
