"""Several figures entered by hand, in a table: a row for each, all of them checked before any is written.

The first line names the columns, in any order. What a row leaves empty is what was said of all of them; a
document on file gives its source and its day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from thesis.archive.documents import Document, find_documents
from thesis.archive.passages import Passage, find_quote, find_words
from thesis.core.period import Quarter, parse_day
from thesis.core.problem import InvalidInput, Problem, SourceSpan
from thesis.files.csv import cell_span, read_csv
from thesis.pack.schema.metrics import parse_release_lines
from thesis.sources.importing import by_hand

if TYPE_CHECKING:
    from thesis.archive.document_store import DocumentStore
    from thesis.archive.document_text import DocumentText
    from thesis.pack.load import Pack

REQUIRED = ("line_item", "period", "value")
OPTIONAL = (
    "unit", "filed", "source", "document", "page", "quote", "url", "how", "note", "ahead", "basis",
)  # fmt: skip
COLUMNS = (*REQUIRED, *OPTIONAL)
SHARED = ("filed", "source", "document", "url", "how", "basis")
"""What may be said once for all rows."""
MOST_FIGURES = 2_000
MOST_BYTES = 2_000_000
_ALIASES = {"concept": "line_item", "item": "line_item", "address": "url", "doc": "document"}
_YES, _NO = ("yes", "y", "true", "1", "x"), ("", "no", "n", "false", "0")
_BASES = ("", "filed", "adjusted")

T = TypeVar("T")


class DocumentsAtHand:
    """The documents on file, each read once at most."""

    def __init__(self, documents: Sequence[Document], store: DocumentStore) -> None:
        self.documents = documents
        self._store = store
        self._texts: dict[str, DocumentText] = {}

    def named(self, text: str) -> Document:
        """The document that a text means. Errors: ``ValueError`` where it means none, or several."""
        found = find_documents(self.documents, text)
        if len(found) != 1:
            told = f"{len(found)} documents on file are" if found else "no document on file is"
            raise ValueError(
                f"{told} called `{text.strip()[:80]}`; thesis documents list shows what is there"
            )
        return found[0]

    def text(self, document: Document) -> DocumentText:
        """The text of a document. Errors: ``InvalidInput``."""
        if document.digest not in self._texts:
            self._texts[document.digest] = self._store.text(document)
        return self._texts[document.digest]

    def place_of(self, quote: str, document: Document) -> str:
        """Where a quote stands in a document. Errors: ``ValueError`` where it does not; ``InvalidInput``."""
        found = find_quote(self.text(document), quote)
        if not found:
            raise ValueError(f"these words do not stand in {document.name} ({document.id})")
        return found[0].place


def read_figures(
    text: str, shown: str, pack: Pack, shared: Mapping[str, str], at_hand: DocumentsAtHand
) -> list[by_hand.EnteredFigure]:
    """The figures of a table, checked one by one.

    ``shared`` holds what is said of all rows, by the names of columns. Errors: ``InvalidInput`` with
    everything that is wrong, each with its row and column.
    """
    text = _with_plain_heads(text)
    header = text.partition("\n")[0].rstrip("\r").split(",")
    problems: list[Problem] = []
    figures: list[by_hand.EnteredFigure] = []
    rows = read_csv(text, shown, REQUIRED, OPTIONAL, COLUMNS)
    if len(rows) > MOST_FIGURES:
        told = f"a table may hold {MOST_FIGURES:,} figures, this one holds more"
        raise InvalidInput([Problem("too-many-rows", told, SourceSpan(shown, rows[MOST_FIGURES][0], 1))])
    for line, cells in rows:
        parts = {name: cell.strip() for name, cell in zip(COLUMNS, cells, strict=True)}
        if not any(parts.values()):
            continue
        row = _Row({name: parts[name] or shared.get(name, "") for name in COLUMNS}, pack, at_hand)
        entry = row.entry()
        for name, message in row.wrong:
            span = cell_span(text, shown, line, header.index(name) if name in header else 0)
            problems.append(Problem("bad-figure", f"`{name}`: {message}", span))
        problems += row.problems
        if entry:
            is_ahead = row.parts["ahead"].lower() in _YES
            place = f"{shown}:{line}"
            figures.append(by_hand.EnteredFigure(entry, is_ahead, place, SourceSpan(shown, line, 1)))
    if problems:
        raise InvalidInput(list(dict.fromkeys(problems)), {shown: text})
    if not figures:
        raise InvalidInput([Problem("empty-file", f"`{shown}` holds no figure")])
    return figures


class AskedLine(NamedTuple):
    """A line item to ask for, with the passage of the document that names it and the last figure known."""

    name: str
    passage: Passage | None
    last: str


def lines_to_ask(document: Document, pack: Pack, at_hand: DocumentsAtHand) -> list[AskedLine]:
    """The line items that a document may state and that have no figure of its period.

    They are those of the document's company, in the order in which the document first names them; those that
    it does not name come last. Errors: ``InvalidInput`` where its text cannot be read.
    """
    text = at_hand.text(document)
    listed = []
    for name, item in pack.concepts.items():
        rows = pack.facts.of(name)
        is_asked = pack.owner(name) == document.entity and item.kind not in ("daily", "register")
        if not is_asked or item.assume or any(fact.period == document.period for fact in rows):
            continue
        names = [line.words for line in parse_release_lines(item.release)] if item.release else []
        found = [next(find_words(text, [words]), None) for words in (*names, item.label)]
        passage = min((each for each in found if each), key=lambda each: each.offset, default=None)
        quarters = [fact for fact in rows if isinstance(fact.period, Quarter)]
        newest = max(quarters, key=lambda fact: (str(fact.period), fact.filed), default=None)
        listed.append(AskedLine(name, passage, f"{newest.value} in {newest.period}" if newest else ""))
    end = len(text.text)
    return sorted(listed, key=lambda line: line.passage.offset if line.passage else end)


def _with_plain_heads(text: str) -> str:
    """A table whose columns are called as here: ``Line item`` is ``line_item``."""
    first, mark, rest = text.partition("\n")
    heads = ["_".join(head.strip().strip('"').lower().split()) for head in first.split(",")]
    return ",".join(_ALIASES.get(head, head) for head in heads) + mark + rest


class _Row:
    """The cells of a row being read; ``wrong`` are the columns that cannot be, each with the reason."""

    def __init__(self, parts: Mapping[str, str], pack: Pack, at_hand: DocumentsAtHand) -> None:
        self.parts = parts
        self.wrong: list[tuple[str, str]] = []
        self.problems: list[Problem] = []
        self._pack = pack
        self._at_hand = at_hand

    def entry(self) -> by_hand.HandEntry | None:
        """The figure that the row states; none where something is wrong with it."""
        concept = self._read("line_item", lambda text: by_hand.parse_concept(text, self._pack))
        item = self._pack.concepts.get((concept or "").partition("/")[0])
        period = item and self._read("period", lambda text: by_hand.parse_entered_period(text, item))
        value = item and self._read("value", lambda text: by_hand.parse_entered_value(text, item.unit))
        if item and self.parts["unit"] not in ("", item.unit):
            self.wrong.append(("unit", f"`{concept}` is measured in {item.unit}"))
        document = self._read("document", self._at_hand.named, needed=False)
        is_bare = document is None and not self.parts["document"]
        filed = self._read(
            "filed", parse_day, document and document.filed, needed=is_bare or document is not None
        )
        source = self._read("source", by_hand.parse_words, document and document.citation, needed=is_bare)
        quote = self._read("quote", by_hand.parse_words, needed=False)
        address = self._read("url", by_hand.parse_address, needed=False)
        if not (quote or address) and not any(name in ("quote", "url") for name, _ in self.wrong):
            self.wrong.append(("quote", "expected the words it was read from, or their address in `url`"))
        how = self._read("how", by_hand.parse_how, "reported")
        note = self._read("note", by_hand.parse_words, needed=False)
        page = self._read("page", by_hand.parse_words, needed=False)
        self._choose("ahead", (*_YES, *_NO), "yes or nothing")
        self._choose("basis", _BASES, "filed, adjusted or nothing")
        place = self._place(quote, document) or (f"page {page}" if page else "")
        if self.wrong or self.problems or not (concept and period and value and filed and source and how):
            return None
        told = "; ".join(part for part in (place, note) if part)
        evidence = by_hand.evidence(quote or "", address or "", told)
        basis = self.parts["basis"].lower()
        return by_hand.HandEntry(concept, period, value, filed, source, how, evidence, basis)

    def _read(
        self, name: str, parse: Callable[[str], T], otherwise: T | None = None, *, needed: bool = True
    ) -> T | None:
        text = self.parts[name]
        if not text:
            if needed and otherwise is None:
                self.wrong.append((name, "expected something, found nothing"))
            return otherwise
        try:
            return parse(text)
        except ValueError as error:
            self.wrong.append((name, str(error)))
            return None

    def _choose(self, name: str, known: Sequence[str], expected: str) -> None:
        if self.parts[name].lower() not in known:
            self.wrong.append((name, f"expected {expected}, found `{self.parts[name][:80]}`"))

    def _place(self, quote: str | None, document: Document | None) -> str:
        """Where the words stand in the document, for the note; nothing without a quote and a document."""
        if not (quote and document):
            return ""
        try:
            return f"{self._at_hand.place_of(quote, document)} of document {document.id}"
        except ValueError as error:
            self.wrong.append(("quote", str(error)))
        except InvalidInput as flawed:
            self.problems += flawed.problems
        return ""
