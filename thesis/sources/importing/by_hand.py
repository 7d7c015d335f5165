"""One figure entered by hand, checked and turned into a row of a fact file.

A row rests on its source and on what was read there: the words themselves, the address, or both. They go
into the note, as ``"the words" <https://...>; what else there is to say``. Every pack has that column, and
nothing that reads a fact has to know of another; a memo links the address where no filing is named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from thesis.case.reporting_days import is_told_ahead, period_days
from thesis.core.formatting import clean_entry
from thesis.core.period import Quarter
from thesis.core.problem import Problem, SourceSpan, did_you_mean
from thesis.facts.fact import WITHHELD, YearToDate, parse_period, value_as_typed
from thesis.facts.fact_file import FactRow, plain_digits
from thesis.facts.provenance import ADJUSTED, TOLD_AHEAD, Provenance, provenance
from thesis.pack.share_basis import Rebasing, rebasing, splits_after
from thesis.sources.importing.plan import ImportPlan, plan_rows
from thesis.sources.importing.to_rows import ImportedRows, scale_figure

if TYPE_CHECKING:
    from thesis.facts.fact import LineItem
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.pack.schema.metrics import ShareSplit

HERE = "entered now"  # what to call the place of the row
LONGEST = 2_000  # characters of a quote, an address, a source or a note

_ADDRESS = re.compile(r"https?://[^\s<>()\[\]|`\"'\\^{}/?#]+(?:[/?#][^\s<>()\[\]|`\"'\\^{}]*)?")
_HOW = re.compile(r"(reported|read|transcribed|derived|judged)\b")
_CORRECT = "one of the two is wrong; a row that is wrong is corrected or deleted in the file"
_NEEDS_REASON = ("read", "derived", "judged")


class HandEntry(NamedTuple):
    """What somebody says of a figure, each part as it was checked."""

    concept: str
    period: str
    value: str
    filed: date
    source: str
    how: str
    note: str
    basis: str = ""
    """Of a figure from before a split: `filed`, or `adjusted`; else empty."""

    @property
    def provenance(self) -> Provenance:
        """The document that the figure stands in, and how it was read."""
        return provenance(self.source, self.how, self.note)


def parse_concept(text: str, pack: Pack) -> str:
    """A concept, of a register with its item. Errors: ``ValueError`` that says what was expected."""
    name, slash, item = text.strip().partition("/")
    concept = pack.concepts.get(name)
    if concept is None:
        hint = did_you_mean(name, pack.concepts)
        raise ValueError(f"there is no concept called `{name[:80]}`{f'; {hint}' if hint else ''}")
    if concept.kind == "register" and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", item):
        raise ValueError(f"`{name}` is a register and needs an item, as in `{name}/settlement`")
    if concept.kind != "register" and slash:
        raise ValueError(f"`{name}` is no register and has no items")
    if concept.assume:
        raise ValueError(f"`{name}` is assumed in metrics.yaml, and has no facts")
    return f"{name}/{item}" if slash else name


def parse_entered_period(text: str, concept: LineItem) -> str:
    """A period that the concept is told for. Errors: ``ValueError`` that says what was expected."""
    period = parse_period(text.strip())
    is_day = concept.kind == "daily"
    fits = date if is_day else (Quarter, YearToDate) if concept.kind == "flow" else Quarter
    if not isinstance(period, fits):
        expected = "a date like 2026-07-31" if is_day else "a quarter like 2026Q2"
        raise ValueError(f"expected {expected}, found `{text.strip()}`")  # noqa: TRY004 - a text, not a type
    return str(period)


def parse_entered_value(text: str, unit: str) -> str:
    """A value as a fact file has it, in plain digits. Errors: ``ValueError`` that says what was expected.

    >>> parse_entered_value("16.9bn", "USD"), parse_entered_value("200e9..205e9", "USD")
    ('16900000000', '200000000000..205000000000')
    >>> parse_entered_value(">25bn", "USD"), parse_entered_value("10.5%..11.5%", "ratio")
    ('>25000000000', '0.105..0.115')
    """
    return value_as_typed(text, unit, lambda number: plain_digits(number.exact))


def parse_how(text: str) -> str:
    """How the figure was read. Errors: ``ValueError`` that says what was expected."""
    body = parse_words(text)
    if body == "secondary":
        return "transcribed (secondary)"
    found = _HOW.match(body)
    if found is None:
        raise ValueError(
            "expected reported, secondary, transcribed, read: ..., derived: ... or judged: ..., found "
            f"`{body[:80]}`"
        )
    if found[1] in _NEEDS_REASON and not body.partition(":")[2].strip():
        raise ValueError(f"expected a reason, as in `{found[1]}: from the words ...`, found `{body[:80]}`")
    return body


def parse_words(text: str) -> str:
    """A text for one cell, on one line. Errors: ``ValueError`` where there is none, or no end of it."""
    return clean_entry(text, LONGEST)


def parse_address(text: str) -> str:
    """An address on the web. Errors: ``ValueError`` that says what was expected."""
    body = text.strip()
    if len(body) > LONGEST or not _ADDRESS.fullmatch(body):
        raise ValueError(f"expected an address like https://www.sec.gov/..., found `{body[:80]}`")
    return body


def evidence(quote: str, address: str, note: str) -> str:
    """The note of a row: the words quoted, where they stand, and what else there is to say."""
    told = " ".join(
        part for part in (f'"{quote}"' if quote else "", f"<{address}>" if address else "") if part
    )
    return "; ".join(part for part in (told, note) if part)


class EnteredFigure(NamedTuple):
    """A figure that somebody entered, and where they did.

    ``is_ahead`` says that it was told before its period was over, and its row then says so.
    """

    entry: HandEntry
    is_ahead: bool = False
    place: str = HERE
    span: SourceSpan | None = None


def plan_entries(entered: Sequence[EnteredFigure], pack: Pack, folder: Folder, today: date) -> ImportPlan:
    """What entering figures would do to a pack that is in order: all of them or none."""
    rows: list[FactRow] = []
    found: list[Problem] = []
    for figure in entered:
        row = _row(figure, pack)
        told = [row] if isinstance(row, Problem) else list(_untimely(row, pack, today))
        found += [problem._replace(span=figure.span) for problem in told]
        rows += [] if isinstance(row, Problem) else [row]
    if len(rows) < len(entered):
        return ImportPlan([], [], found, [], [], {}, folder.sources)
    plan = plan_rows([ImportedRows(HERE, len(rows), (), tuple(rows), Counter(), Counter())], pack, folder)
    problems = [p._replace(hint=_CORRECT) if p.code == "contradiction" else p for p in plan.problems]
    plan = plan._replace(problems=problems).refused(found)
    return plan._replace(data={}, before={}, withheld=()) if plan.problems else plan


def _row(figure: EnteredFigure, pack: Pack) -> FactRow | Problem:
    """A figure as a row; a problem where it is from before a split and nobody says which shares it counts."""
    entry = figure.entry
    name = entry.concept.partition("/")[0]
    if figure.is_ahead and not is_told_ahead(name, entry.provenance, entry.value):
        entry = entry._replace(how=f"{entry.how} ({TOLD_AHEAD})")
    later = splits_after(pack, name, entry.filed) if entry.value not in WITHHELD else []
    if later and not entry.provenance.is_settled_for(later[-1].day):
        if not entry.basis:
            return _which_shares(entry, pack, later)
        entry = _on_todays_shares(entry, rebasing(pack.concepts[name], later))
    return FactRow(
        entry.concept,
        entry.period,
        entry.value,
        pack.concepts[name].unit,
        entry.filed,
        entry.source,
        entry.how,
        entry.note,
        figure.place,
    )


def _which_shares(entry: HandEntry, pack: Pack, later: Sequence[ShareSplit]) -> Problem:
    """A figure from before a split of which nobody says which shares it counts."""
    days = " and ".join(split.day for split in later)
    message = f"`{entry.concept}` was public on {entry.filed}, before the split of {days}"
    step = rebasing(pack.concepts[entry.concept.partition("/")[0]], later).step
    hint = f"say --basis filed, to have it taken {step}, or --basis adjusted where that is done already"
    return Problem("old-shares", message, hint=hint)


def _on_todays_shares(entry: HandEntry, change: Rebasing) -> HandEntry:
    """A figure from before a split as one of today's shares, by what the user says of it."""
    if entry.basis == "adjusted":
        return entry._replace(how=f"{entry.how} ({ADJUSTED})")
    mark = entry.value[:1] if entry.value[:1] in ("<", ">") else ""
    ends = [scale_figure(Decimal(end), change.factor) for end in entry.value[len(mark) :].split("..")]
    noted = "; ".join(part for part in (entry.note, f"as filed {entry.value}") if part)
    value = mark + "..".join(plain_digits(end) for end in ends)
    return entry._replace(value=value, how=change.how, note=noted)


def _untimely(row: FactRow, pack: Pack, today: date) -> Iterator[Problem]:
    """A figure that is said to be public on a day still to come, or before its period was over."""
    name = row.concept.partition("/")[0]
    if row.filed > today:
        message = f"`{row.concept}` is said to be public since {row.filed}, which is after today ({today})"
        yield Problem("future-date", message)
    elif not is_told_ahead(name, row.provenance, row.value) and row.filed <= _last_open_day(row, pack):
        message = f"`{row.concept}` is said to be public since {row.filed}, when {row.period} was not over"
        hint = "what is told ahead of its period, as guidance is, is entered with --ahead"
        yield Problem("bad-date", message, hint=hint)


def _last_open_day(row: FactRow, pack: Pack) -> date:
    return period_days(pack, pack.owner(row.concept.partition("/")[0]), parse_period(row.period)).last_open
