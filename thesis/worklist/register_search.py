"""The search behind the statement that a quarter's report states no item of a register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from thesis.archive.document_text import DocumentText
from thesis.archive.documents import Document
from thesis.archive.passages import Passage, find_words
from thesis.core.formatting import clean_entry, count
from thesis.core.period import Quarter
from thesis.pack.load import Pack
from thesis.worklist.owed_inputs import REPORTS

NONE = "none"  # the item of a row that says that there is none
LONGEST = 2_000  # characters of a note


class RegisterSearch(NamedTuple):
    """What was searched for which words, and the passages that hold any of them."""

    registers: tuple[str, ...]
    document: Document
    words: tuple[str, ...]
    passages: tuple[Passage, ...]

    @property
    def words_text(self) -> str:
        """The words in quotation marks."""
        return ", ".join(f'"{word}"' for word in self.words) or "no words"

    @property
    def counted(self) -> str:
        """``3 passages``."""
        return count(len(self.passages), "passage")

    def note(self, reason: str) -> str:
        """What the row keeps of the search: document, words, what was found, and why that is no item."""
        told = f"searched {self.document.id} for {self.words_text}: {self.counted}"
        return clean_entry("; ".join(part for part in (told, reason) if part), LONGEST)


def search_registers(
    pack: Pack, registers: Sequence[str], document: Document, text: DocumentText, words: Sequence[str]
) -> RegisterSearch:
    """Search a document for the items that some registers have had, and for some words more.

    Errors: ``ValueError`` for a word that is too long, or where there is none at all to search for.
    """
    items = sorted({fact.item for name in registers for fact in pack.facts.of(name)} - {NONE, ""})
    wanted = tuple(dict.fromkeys([*(item.replace("-", " ").removesuffix("s") for item in items), *words]))
    if not wanted:
        raise ValueError("no item was ever entered in these registers: say with --word what to search for")
    found = tuple(find_words(text, wanted, every=False))
    return RegisterSearch(tuple(registers), document, wanted, found)


def report_on_file(documents: Sequence[Document], entity: str, quarter: Quarter) -> Document | None:
    """The newest quarterly or annual report of a company on a quarter; None where none is on file."""
    found = [
        each
        for each in documents
        if (each.entity, each.period) == (entity, quarter) and each.form.startswith(REPORTS) and each.filed
    ]
    return max(found, key=lambda each: (str(each.filed), each.digest), default=None)
