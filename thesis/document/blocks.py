"""The blocks of a document: lines, paragraphs, lists, tables and sections, as data.

A block says what belongs together and what is good or bad news. How it looks is up to whoever prints it:
``plain_text`` prints a document the same everywhere, ``terminal`` paints it and fits it to the width,
``markdown`` and ``html`` write it for a memo, with a note behind each figure that has evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from thesis.document.inline import Text, plain

LEFT, RIGHT = "l", "r"

R = TypeVar("R")


class Line(NamedTuple):
    """A text that stands on a line of its own, as it is; an empty one keeps blocks apart."""

    text: Text = ""
    indent: str = ""


class TextWithEnd(NamedTuple):
    """A text with another at the end of its line; ``hanging`` begins further lines, None cuts the text."""

    left: str
    right: str
    hanging: str | None = None


class Paragraph(NamedTuple):
    """A text in as many lines as it takes; ``breaks``: a word that is too long goes on in the next line.

    ``role`` says on a page what it is: ``lead``, ``claim``, ``trip``.
    """

    text: Text
    indent: str = ""
    breaks: bool = False
    role: str = ""


class LabelledTexts(NamedTuple):
    """Labels, each with its text beside it; ``label`` is how many columns the labels take."""

    rows: tuple[tuple[str, Text], ...]
    label: int
    indent: str = "  "
    breaks: bool = True


class Facts(NamedTuple):
    """What a document is about, as figures beside one another, each under its label."""

    rows: tuple[tuple[str, Text], ...]


class TextParts(NamedTuple):
    """Short texts beside one another, in as many lines as they take.

    ``is_one_line``: in plain text on one line, closer together where they are too wide.
    """

    parts: tuple[str, ...]
    indent: str = "  "
    is_one_line: bool = False


class Bullets(NamedTuple):
    """Texts of equal rank, each with a mark before it."""

    items: tuple[Text, ...]
    indent: str = ""


class Quotation(NamedTuple):
    """What somebody wrote, paragraph by paragraph."""

    paragraphs: tuple[str, ...]


class Slots(NamedTuple):
    """Places for what a format draws: charts by their names, or the controls of a page; others leave it out.

    ``is_beside``: a page sets them beside one another.
    """

    names: tuple[str, ...]
    is_beside: bool = False


class Column(NamedTuple, Generic[R]):
    """A column of a table: its heading, the cell that it has for a record, and to which side it is set.

    ``width``: its columns in plain text, the gap behind it included; as wide as its cells where it is None.
    ``most``: whole words beyond so many characters are left out there; ``mark``: a cell begins with a mark
    that takes so many.
    ``wraps``: the last column goes on below itself there, instead of making lines longer.
    ``is_head``: where a table becomes a list of cards, this stands in a card's first line; on a page it
    stands before those that are not.
    ``is_extra``: only where there is room for it, never in plain text, and on a page behind all others.
    """

    heading: str
    cell: Callable[[R], Text] = lambda _: ""
    align: str = LEFT
    width: int | None = None
    most: int = 0
    mark: int = 0
    wraps: bool = False
    is_head: bool = False
    is_extra: bool = False


Row = Sequence[Text]


class Table(NamedTuple):
    """Rows of cells under headings, if there are any. A row with fewer cells ends in a text of its own.

    ``is_cut``: in plain text it is made to fit by cutting names; ``is_trimmed``: lines end with their text.
    ``is_wordy``: a terminal that is too narrow shows each row by itself, instead of some columns below the
    others. ``caption`` is what a page calls it, in sight or (``is_captioned`` false) only for who listens;
    ``kind`` how a page sets it: ``score``, ``measures``, ``wordy``, ``long``.
    """

    columns: tuple[Column[Any], ...]
    rows: tuple[Row, ...]
    indent: str = ""
    is_cut: bool = False
    is_trimmed: bool = True
    is_wordy: bool = False
    caption: str = ""
    is_captioned: bool = True
    kind: str = ""

    @property
    def is_headed(self) -> bool:
        return any(column.heading for column in self.columns)

    def cell(self, name: str, heading: str) -> Text:
        """The cell of the row that begins with a name, under a heading. Errors: ``KeyError``."""
        at = [column.heading for column in self.columns]
        if heading not in at:
            raise KeyError(f"no column is headed `{heading}`, but {', '.join(at)}")
        for row in self.rows:
            if plain(row[0]).strip() == name:
                return row[at.index(heading)]
        raise KeyError(f"no row begins with `{name}`, but {', '.join(plain(row[0]) for row in self.rows)}")


def table_of(
    columns: Sequence[Column[R]],
    records: Iterable[R],
    short: Callable[[R], Row | None] = lambda _: None,
    **how: Any,
) -> Table:
    """A table with a row for each record.

    ``short`` gives the row of a record that has not all cells, and None for one that has; ``how`` are the
    other fields of ``Table``.
    """
    cells = [column.cell for column in columns]
    rows = (short(each) or [cell(each) for cell in cells] for each in records)
    return Table(tuple(columns), tuple(rows), **how)


class Section(NamedTuple):
    """A heading with what it is about, and groups of blocks under it; an empty group is left out.

    ``id`` is the name of its place on a page.
    """

    name: str
    about: str
    groups: tuple[tuple[Block, ...], ...]
    id: str = ""


Block = (
    Line
    | TextWithEnd
    | Paragraph
    | LabelledTexts
    | Facts
    | TextParts
    | Bullets
    | Quotation
    | Slots
    | Table
    | Section
)


class Document(NamedTuple):
    """All blocks of a view, from the top; ``width`` is how many columns plain text may take."""

    width: int
    blocks: tuple[Block, ...]


def spaced_groups(groups: Iterable[Sequence[Block]]) -> tuple[Block, ...]:
    """Groups of blocks with an empty line between them; an empty group is left out."""
    blocks: list[Block] = []
    for group in filter(None, groups):
        blocks += [Line(), *group] if blocks else group
    return tuple(blocks)


def tables_in(blocks: Iterable[Block]) -> Iterator[Table]:
    """The tables among blocks and their sections, from the top."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Section):
            for group in block.groups:
                yield from tables_in(group)


def column_cells(rows: Sequence[Row], i: int, columns: int) -> list[Text]:
    """The cells that stand in a column; the last of a shorter row goes on beyond it."""
    return [row[i] for row in rows if i < (len(row) if len(row) == columns else len(row) - 1)]


def facts_as_pairs(block: Facts) -> LabelledTexts:
    """The same below one another, as a terminal has room for them."""
    return LabelledTexts(block.rows, max((len(label) for label, _ in block.rows), default=0) + 2, "")
