"""Reading CSV with the line of every row; every cell is its text.

A text that a spreadsheet would take for a formula is written behind a mark, an apostrophe, which is taken off
again when it is read: https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from thesis.core.problem import InvalidInput, Problem, SourceSpan, did_you_mean

MOST_ROWS = 200_000  # of one file


FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a cell begins with that spreadsheets take for a formula; the last four are wide forms of = + - @."""
_MARKED = re.compile(f"'+[{re.escape(FORMULA_STARTS)}]")


def marked_text(text: str) -> str:
    """A text for a cell of a CSV file, behind a mark where a spreadsheet would take it for a formula.

    >>> marked_text("=1+1"), marked_text("1+1"), marked_text("'=1+1")
    ("'=1+1", '1+1', "''=1+1")
    """
    return f"'{text}" if (text and text[0] in FORMULA_STARTS) or _MARKED.match(text) else text


def unmarked_text(text: str) -> str:
    """The text that ``marked_text`` made a cell of."""
    return text[1:] if _MARKED.match(text) else text


def read_csv(
    text: str,
    shown: str,
    columns: tuple[str, ...],
    optional: tuple[str, ...],
    texts: tuple[str, ...] = (),
) -> list[tuple[int, tuple[str, ...]]]:
    """Every row with its line, its cells in the order of ``columns`` and then ``optional``.

    ``texts`` are the columns of which marks are taken off; of a number a mark is a mistake.
    Errors: ``InvalidInput`` with every row that does not fit the header, or the header's own mistakes.
    """
    reader = csv.reader(_lines(text), strict=True)
    known: dict[str, str] = {}  # most cells are those of other rows again, and stand in memory once
    begun = 1  # the line that a row begins on: with quotes it may end on another
    rows: list[tuple[int, tuple[str, ...]]] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _header_problems(header, shown, columns, optional)
        if problems:
            raise InvalidInput(problems, {shown: text})
        order = [header.index(name) if name in header else -1 for name in columns + optional]
        in_order = order == list(range(len(header)))
        marked = [i for i, name in enumerate(columns + optional) if name in texts] if "'" in text else []
        begun = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                cells = cells if in_order else [cells[i] if i >= 0 else "" for i in order]
                for i in marked:
                    if i < len(cells) and cells[i][:1] == "'":
                        cells[i] = unmarked_text(cells[i])
                rows.append((begun, tuple([known.setdefault(cell, cell) for cell in cells])))
            elif cells:
                found = f"expected {len(header)} columns, found {len(cells)}"
                hint = _MANY if len(cells) > len(header) else _FEW
                problems.append(Problem("wrong-columns", found, SourceSpan(shown, begun, 1), hint))
            begun = reader.line_num + 1
            if len(rows) + len(problems) >= MOST_ROWS:
                message = f"a file may hold {MOST_ROWS:,} rows, this one holds more"
                problems.append(Problem("too-many-rows", message, SourceSpan(shown, begun, 1)))
                break
    except csv.Error as error:
        problems.append(_csv_problem(str(error), text, SourceSpan(shown, begun, 1)))
    if problems:
        raise InvalidInput(problems, {shown: text})
    return rows


def cell_span(text: str, shown: str, line: int, number: int) -> SourceSpan:
    """Where a cell stands that is the ``number``-th, from 0, of the row that begins on a line."""
    rows = text.split("\n")
    column, start, is_quoted = 0, 0, False
    while line <= len(rows):
        row = rows[line - 1]
        for i, c in enumerate(row):
            is_quoted ^= c == '"'
            if c != "," or is_quoted:
                continue
            if column == number:
                return SourceSpan(shown, line, start + 1, max(1, i - start))
            column, start = column + 1, i + 1
        if not is_quoted or column == number:
            return SourceSpan(shown, line, start + 1, max(1, len(row.rstrip("\r")) - start))
        line, start = line + 1, 0
    return SourceSpan(shown, line, 1)


_MANY = "a text with a comma in it needs double quotes; a number has no commas"
_FEW = "a cell that is empty keeps its comma"


def _csv_problem(found: str, text: str, row: SourceSpan) -> Problem:
    """Why a row cannot be read: at its first double quote, which is what there is to get wrong."""
    lines = text.split("\n")
    line = lines[row.line - 1] if row.line <= len(lines) else ""
    quote = row._replace(column=line.find('"') + 1)
    if found == "unexpected end of data" and quote.column:
        return Problem("csv-syntax", "this double quote is never closed", quote, "close it, or leave it out")
    if found.startswith("',' expected") and quote.column:
        hint = "a double quote inside a quoted text is written twice"
        return Problem("csv-syntax", "a quoted text in this row goes on after its end", quote, hint)
    return Problem("csv-syntax", f"this row is not CSV: {found}", row)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one at a time: a copy of it would take four times its room."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def _header_problems(
    header: list[str], shown: str, columns: tuple[str, ...], optional: tuple[str, ...]
) -> list[Problem]:
    place = SourceSpan(shown, 1, 1)
    problems = [
        Problem(
            "missing-column", f"expected the column `{name}`", place, f"the header is {','.join(columns)}"
        )
        for name in columns
        if name not in header
    ]
    for name in header:
        if name not in columns + optional:
            hint = did_you_mean(name, columns + optional)
            problems.append(Problem("unknown-column", f"there is no column `{name}`", place, hint))
        elif header.count(name) > 1:
            problems.append(Problem("duplicate-column", f"the column `{name}` stands here twice", place))
    return problems
