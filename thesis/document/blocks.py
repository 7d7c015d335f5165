"""The blocks of a document: lines, paragraphs, labelled texts, tables and sections.

A block says what belongs together and what is good or bad news; how wide the terminal is and what colour
a tone has is for whoever prints it. ``plain_text`` prints a layout the same everywhere;
``terminal`` paints it and fits it to the width.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

GOOD, FAIR, BAD, STRONG, MUTED = "good", "fair", "bad", "strong", "muted"


class TonedText(str):
    """A text with a tone. The words say the same without it: a tone adds nothing but colour."""

    __slots__ = ("tone",)
    tone: str

    def __new__(cls, text: str, tone: str) -> Self:
        made = super().__new__(cls, text)
        made.tone = tone
        return made


def tone_of(text: str) -> str:
    """The tone of a text; none for a plain one."""
    return getattr(text, "tone", "")


def one_line_text(text: str) -> str:
    """A text on one line, and its tone: a cell whose text has line breaks would be no cell."""
    flat = " ".join(text.split()) if not text.replace(" ", "").isprintable() else text
    return TonedText(flat, tone_of(text)) if tone_of(text) else flat


class TextLine(NamedTuple):
    """A text that stands on a line of its own, as it is; an empty one keeps blocks apart."""

    text: str = ""
    indent: str = ""


class TextWithEnd(NamedTuple):
    """A text with another at the end of its line; ``hanging`` begins further lines, None cuts the text."""

    left: str
    right: str
    hanging: str | None = None


class Paragraph(NamedTuple):
    """A text in as many lines as it takes; ``breaks``: a word that is too long goes on in the next line."""

    text: str
    indent: str = ""
    breaks: bool = False


class LabelledTexts(NamedTuple):
    """Labels, each with its text beside it; ``label`` is how many columns the labels take."""

    rows: tuple[tuple[str, str], ...]
    label: int
    indent: str = "  "
    breaks: bool = True


class TextParts(NamedTuple):
    """Short texts beside one another, in as many lines as they take.

    ``is_one_line``: in plain text on one line, closer together where they are too wide.
    """

    parts: tuple[str, ...]
    indent: str = "  "
    is_one_line: bool = False


class TableColumn(NamedTuple):
    """A column of a table, to the left (``l``) or the right (``r``).

    ``width``: its columns in plain text, the gap behind it included; as wide as its cells where it is None.
    ``most``: whole words beyond so many characters are left out there; ``mark``: a cell begins with a mark
    that takes so many.
    ``is_head``: where a table becomes a list of cards, this stands in a card's first line.
    ``is_extra``: only where there is room for it, and never in plain text.
    """

    heading: str
    align: str = "l"
    width: int | None = None
    most: int = 0
    mark: int = 0
    is_head: bool = False
    is_extra: bool = False


Row = Sequence[str]


class TextTable(NamedTuple):
    """Rows of cells under headings, if there are any. A row with fewer cells ends in a text of its own.

    ``is_cut``: in plain text it is made to fit by cutting names; ``is_trimmed``: lines end with their text.
    ``is_wordy``: a terminal that is too narrow shows each row by itself, instead of some columns below the
    others.
    """

    columns: tuple[TableColumn, ...]
    rows: tuple[Row, ...]
    indent: str = ""
    is_cut: bool = False
    is_trimmed: bool = True
    is_wordy: bool = False

    @property
    def is_headed(self) -> bool:
        return any(column.heading for column in self.columns)


class TextSection(NamedTuple):
    """A heading with what it is about, and groups of blocks under it; an empty group is left out."""

    name: str
    about: str
    groups: tuple[tuple[Block, ...], ...]


Block = TextLine | TextWithEnd | Paragraph | LabelledTexts | TextParts | TextTable | TextSection


class Layout(NamedTuple):
    """All blocks of a view, from the top; ``width`` is how many columns plain text may take."""

    width: int
    blocks: tuple[Block, ...]


def spaced_groups(groups: Iterable[Sequence[Block]]) -> tuple[Block, ...]:
    """Groups of blocks with an empty line between them; an empty group is left out."""
    blocks: list[Block] = []
    for group in filter(None, groups):
        blocks += [TextLine(), *group] if blocks else group
    return tuple(blocks)


def column_cells(rows: Sequence[Row], i: int, columns: int) -> list[str]:
    """The cells that stand in a column; the last of a shorter row goes on beyond it."""
    return [row[i] for row in rows if i < (len(row) if len(row) == columns else len(row) - 1)]
