"""Writes a spreadsheet file in which text stays text and each formula has its value.

Texts never become formulas, whatever they begin with. A formula is written with the value that it has, so
that a reader that works nothing out shows the right figure; spreadsheets work it out anew when it is opened.
Needs XlsxWriter (``pip install 'thesis[xlsx]'``).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from textwrap import wrap
from typing import Any, NamedTuple

from thesis.core.controls import show_controls
from thesis.workbook.interval_formulas import number_literal

MOST_CHARACTERS = 32_767  # of a cell
MOST_OF_A_LINK = 2_000
MOST_LINES = 12  # of a cell that is wrapped
LETTERS = 26
A4 = 9
LINE = 13.5  # points
INPUT, STEP, HEADING, BAND = "#1F3FBF", "#7A7A7A", "#1F2A44", "#E8ECF4"


class CellStyle(NamedTuple):
    """How a cell looks: ``number`` is its number format, ``is_input`` marks what was put in."""

    number: str = ""
    is_input: bool = False
    bold: bool = False
    step: bool = False
    band: bool = False
    wrap: bool = False
    indent: int = 0
    size: int = 0
    right: bool = False
    top: bool = False


PLAIN, BOLD, WRAPPED, STEPPED = CellStyle(), CellStyle(bold=True), CellStyle(wrap=True), CellStyle(step=True)
BESIDE = CellStyle(indent=1)  # a text right of a number
HEAD, HEAD_RIGHT = (
    CellStyle(bold=True, band=True, wrap=True),
    CellStyle(bold=True, band=True, wrap=True, right=True),
)
HEAD_BESIDE = HEAD._replace(indent=1)
TITLE, SECTION = CellStyle(bold=True, size=16), CellStyle(bold=True, size=12)


def column_letters(column: int) -> str:
    """``A`` for column 0, ``AA`` for column 26."""
    found, column = "", column + 1
    while column:
        column, place = divmod(column - 1, LETTERS)
        found = chr(ord("A") + place) + found
    return found


class CellAddress(NamedTuple):
    """A cell's place; rows and columns count from 0."""

    sheet: str
    row: int
    column: int

    def reference(self, sheet: str) -> str:
        """Its address as a formula on a sheet writes it."""
        address = f"{column_letters(self.column)}{self.row + 1}"
        return address if sheet == self.sheet else f"{_quoted(self.sheet)}!{address}"


def _quoted(sheet: str) -> str:
    return sheet if sheet.isalnum() else f"'{sheet}'"


class WorkbookSheet:
    """One sheet of a book."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.name = name
        self.book = book
        self.sheet = book.file.add_worksheet(name)
        self._widths: dict[int, float] = {}
        self._heights: dict[int, float] = {}
        self._wrapped: list[tuple[int, int, str, bool]] = []
        self._last = [0, 0]
        self._told_unknown = False
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)  # as wide as a page, as long as it takes
        self.sheet.set_footer("&L&A&C&F&R&P of &N")

    def cell(self, row: int, column: int) -> CellAddress:
        return CellAddress(self.name, row, column)

    def text(self, row: int, column: int, text: str, style: CellStyle = PLAIN) -> None:
        """Write a text as a text."""
        text = show_controls(text)
        self.sheet.write_string(row, column, text[:MOST_CHARACTERS], self.book.format(style))
        if style.wrap:
            self._wrapped.append((row, column, text, style.bold))
        if style.size:
            self._heights[row] = style.size * 1.6

    def texts(self, row: int, column: int, texts: Sequence[str], style: CellStyle = PLAIN) -> None:
        for i, text in enumerate(texts):
            self.text(row, column + i, text, style)

    def texts_down(self, row: int, column: int, texts: Sequence[str], style: CellStyle = PLAIN) -> None:
        for i, text in enumerate(texts):
            self.text(row + i, column, text, style)

    def number(self, row: int, column: int, value: float, style: CellStyle) -> CellAddress:
        """Write a number that was put in; one without bound as the largest there is."""
        self.sheet.write_number(row, column, number_literal(value), self.book.format(style))
        self._reach(row, column)
        return self.cell(row, column)

    def formula(
        self, row: int, column: int, formula: str, value: float | str, style: CellStyle
    ) -> CellAddress:
        """Write a formula and the value that it has."""
        shown = value if isinstance(value, str) else number_literal(value)
        self.sheet.write_formula(row, column, f"={formula}", self.book.format(style), shown)
        self._reach(row, column)
        return self.cell(row, column)

    def link(self, row: int, column: int, address: str, text: str, style: CellStyle = PLAIN) -> None:
        """Write a text that leads to an address on the web; the text alone where it cannot be a link."""
        is_link = address.startswith(("http://", "https://")) and address.isprintable()
        if not is_link or len(address) > MOST_OF_A_LINK:
            self.text(row, column, text, style)
            return
        look = self.book.format(style._replace(is_input=True))
        self.sheet.write_url(row, column, address, look, show_controls(text)[:MOST_CHARACTERS])

    def day(self, row: int, column: int, day: date, style: CellStyle) -> CellAddress:
        shown = self.book.format(style._replace(number="yyyy-mm-dd"))
        self.sheet.write_datetime(row, column, datetime.combine(day, time()), shown)
        return self.cell(row, column)

    def widths(self, widths: Sequence[float], first: int = 0) -> None:
        """Set the widths of columns, in characters."""
        for i, width in enumerate(widths):
            self.sheet.set_column(first + i, first + i, width)
            self._widths[first + i] = width

    def freeze(self, row: int, column: int, shown_from: int | None = None) -> None:
        """Keep the rows above and the columns left of a cell in sight; ``shown_from``: the first column."""
        self.sheet.repeat_rows(max(0, row - 1), max(0, row - 1))
        self.sheet.freeze_panes(row, column, row, shown_from if shown_from is not None else column)

    def _reach(self, row: int, column: int) -> None:
        self._last = [max(self._last[0], row), max(self._last[1], column)]

    def tell_unknown(self, row: int, column: int, last_row: int, last_column: int) -> None:
        """Let what has no bound show as unknown, ahead of other rules for these cells.

        It is a rule for cells, because a number format with conditions loses the minus sign of what is left
        over, in some programs.
        """
        first = f"{column_letters(column)}{row + 1}"
        unknown = self.book.file.add_format({"num_format": '"unknown";"unknown"'})
        test = f"=IF(ISNUMBER({first}),ABS({first})>=1E+60,FALSE)"
        rule = {"type": "formula", "criteria": test, "format": unknown, "stop_if_true": True}
        self.sheet.conditional_format(row, column, last_row, last_column, rule)
        self._told_unknown = True

    def finish(self) -> None:
        """Give rows the height that their texts take, and see to it that what is unknown says so."""
        for row, column, text, is_bold in self._wrapped:
            room = self._widths.get(column, 8) * (1.0 if is_bold else 1.15)  # a width is in digits
            lines = min(MOST_LINES, len(wrap(text, max(1, int(room)))))
            self._heights[row] = max(self._heights.get(row, LINE), lines * LINE)
        for row, height in self._heights.items():
            self.sheet.set_row(row, height)
        if not self._told_unknown:
            self.tell_unknown(0, 0, *self._last)


class Workbook:
    """A spreadsheet file in memory. The same sheets give the same bytes."""

    def __init__(self, title: str, day: date, sheets: Sequence[str]) -> None:
        from xlsxwriter import Workbook

        self._out = io.BytesIO()
        self.file = Workbook(self._out, {"in_memory": True})
        self.file.set_properties(
            {
                "title": show_controls(title),
                "created": datetime.combine(day, time(), UTC),
            }
        )
        self.file.set_calc_mode("auto")
        self._formats: dict[CellStyle, Any] = {}
        self.sheets: Mapping[str, WorkbookSheet] = {name: WorkbookSheet(self, name) for name in sheets}

    def format(self, style: CellStyle) -> Any:
        """The file's own format for a style."""
        if style not in self._formats:
            self._formats[style] = self.file.add_format(_properties(style))
        return self._formats[style]

    def bytes(self) -> bytes:
        """The file, after which nothing more can be written."""
        for sheet in self.sheets.values():
            sheet.finish()
        self.file.close()
        return self._out.getvalue()


def _properties(style: CellStyle) -> dict[str, Any]:
    found: dict[str, Any] = {"font_name": "Calibri", "font_size": style.size or 10, "valign": "top"}
    if style.number:
        found["num_format"] = style.number
    if style.bold:
        found["bold"] = True
    if style.band:
        found |= {"bg_color": BAND, "bottom": 1, "valign": "vcenter"}
    if style.is_input or style.step or style.size:
        found["font_color"] = INPUT if style.is_input else STEP if style.step else HEADING
    if style.wrap:
        found["text_wrap"] = True
    if style.indent:
        found |= {"indent": style.indent, "align": "left"}
    if style.right:
        found["align"] = "right"
    if style.top:
        found["top"] = 1
    return found
