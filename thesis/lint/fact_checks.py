"""Checks of the rows of fact files, each mistake reported at its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from thesis.case.reporting_days import days_of, is_told_ahead, reports_early
from thesis.core import formatting
from thesis.core.currency import PARTS, currency_of, minor_unit
from thesis.core.interval import Interval
from thesis.core.period import Quarter, parse_day
from thesis.core.problem import Problem, SourceSpan, did_you_mean
from thesis.facts.fact import (
    COLUMNS,
    OPTIONAL,
    WITHHELD,
    FactStore,
    Kind,
    LineItem,
    YearToDate,
    least_value,
    parse_period,
    parse_value,
)
from thesis.facts.provenance import ADJUSTED, TOLD_AHEAD, Provenance, provenance
from thesis.pack.share_basis import (
    counts_shares,
    day_told,
    ratio_text,
    rebasing,
    split_ratio,
)

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.pack.schema.metrics import ShareSplit


def unusable_rows(
    facts: FactStore, concepts: Mapping[str, LineItem], owners: Mapping[str, str], today: date
) -> Iterator[Problem]:
    """Every row that cannot be used; ``owners`` gives the entity whose file a concept is in."""
    for name, file, line, cells in facts.each():
        yield from _RowCheck(facts.shown + file, line, cells).all(name, concepts, owners, today)


BELOW_LEAST = "correct the figure, or the least value in metrics.yaml if there can be such a figure"


def too_low(name: str, concept: LineItem, value: Interval | str) -> str:
    """Why a figure cannot be, by the least value that its concept declares; empty where it can."""
    try:
        least = least_value(concept.above, concept.least)
    except ValueError:
        return ""  # told where it is declared
    if least is None or isinstance(value, str) or least.allows(value):
        return ""
    return f"`{name}` is {least}, found {formatting.exact(value)}"


def old_share_figures(pack: Pack) -> Iterator[Problem]:
    """Each line item with figures from before a split that do not say which shares they count.

    Somebody who types a figure may have adjusted it already, so the program asks and changes nothing.
    """
    for split in pack.splits:
        held: dict[str, list[_Place]] = {}
        for name, file, line, cells in pack.facts.each() if _is_sound(split) else ():
            if _is_open(split, name, cells, pack):
                held.setdefault(name, []).append(_Place(file, line, cells))
        for name, rows in held.items():
            yield _which_shares(split, pack, name, rows)


def early_figures(pack: Pack) -> Iterator[Problem]:
    """Each figure that was filed before its period was over: a problem before it began, else a warning.

    What is told ahead, as guidance is, says so by its name or in how it was read.
    """
    habits: dict[str, bool] = {}
    for name, file, line, cells in pack.facts.each():
        row, entity = (
            dict(zip(COLUMNS, cells, strict=False)),
            pack.owner(name) if name in pack.concepts else "",
        )
        if entity not in pack.entities or is_told_ahead(name, _origin(row), row["value"]):
            continue
        try:
            filed, period = parse_day(row["filed"]), parse_period(row["period"])
        except ValueError:
            continue  # told at its cell
        year_ends = pack.entities[entity].year_ends
        if filed > days_of(period, year_ends, is_early=False).last_open:
            continue
        if entity not in habits:
            habits[entity] = reports_early(pack, entity)
        days = days_of(period, year_ends, is_early=habits[entity])
        has_begun = filed >= days.first
        if filed <= days.last_open or not has_begun:
            told = "was not over" if has_begun else "had not begun"
            message = (
                f"`{row['concept']}` is said to be public since {row['filed']}, when {row['period']} {told}"
            )
            span = cell_span(pack.facts.shown + file, line, cells, "filed")
            yield Problem("bad-date", message, span, EARLY, "warning" if has_begun else "error")


EARLY = (
    "correct the day or the period; what was told ahead of its period is guidance by its name, or says "
    f"`reported ({TOLD_AHEAD})` in `how`"
)


class _Place(NamedTuple):
    """A row, and where it stands."""

    file: str
    line: int
    cells: Sequence[str]


def _is_sound(split: ShareSplit) -> bool:
    try:
        return bool(parse_day(split.day) and split_ratio(split.ratio))
    except ValueError:
        return False  # told where it is declared


def _is_open(split: ShareSplit, name: str, cells: Sequence[str], pack: Pack) -> bool:
    """Whether a row was told before a split and does not say whether it is adjusted for it."""
    concept, row = pack.concepts.get(name), dict(zip(COLUMNS + OPTIONAL, cells, strict=False))
    if concept is None or not counts_shares(concept) or pack.owner(name) != split.entity:
        return False
    origin = _origin(row)
    is_old = str(day_told(parse_day(row["filed"]), origin)) < split.day
    return is_old and row["value"].strip() not in WITHHELD and not origin.is_settled_for(split.day)


def _origin(row: Mapping[str, str]) -> Provenance:
    """What the cells of a row say of where it comes from."""
    return provenance(row["source"], row["how"], row.get("note", ""))


def _which_shares(split: ShareSplit, pack: Pack, name: str, rows: list[_Place]) -> Problem:
    first, change = rows[0], rebasing(pack.concepts[name], [split])
    told = "does not say which shares it counts" if len(rows) == 1 else "do not say which shares they count"
    message = (
        f"`{name}` has {formatting.count(len(rows), 'figure')} from before the split of {split.day} "
        f"({ratio_text(split_ratio(split.ratio))} for 1) that {told}"
    )
    hint = (
        f"where a figure is as filed, take it {change.step} and say in `how`: `{change.how}`; where it is "
        f"adjusted already, say `reported ({ADJUSTED})`"
    )
    span = cell_span(pack.facts.shown + first.file, first.line, first.cells, "how")
    return Problem("old-shares", message, span, hint, "warning")


class _RowCheck:
    """What is wrong with one row, each thing at its own cell."""

    def __init__(self, shown: str, line: int, cells: Sequence[str]) -> None:
        self.shown = shown
        self.line = line
        self.cells = dict(zip(COLUMNS + OPTIONAL, cells, strict=False))
        self.problems: list[Problem] = []

    def wrong(self, code: str, message: str, column: str, hint: str = "") -> None:
        span = cell_span(self.shown, self.line, list(self.cells.values()), column)
        self.problems.append(Problem(code, message, span, hint))

    def all(
        self, name: str, concepts: Mapping[str, LineItem], owners: Mapping[str, str], today: date
    ) -> list[Problem]:
        concept = concepts.get(name)
        if concept is None:
            hint = did_you_mean(name, concepts) or "declare it in metrics.yaml"
            self.wrong("unknown-concept", f"no concept is called `{name}`", "concept", hint)
        else:
            self._fits(name, concept, owners.get(name))
        self._values(concept, today)
        if not self.cells["source"].strip():
            hint = "name the filing, or who stated it, where and when"
            self.wrong("no-source", "a value without a source", "value", hint)
        if not self.cells["how"].strip():
            hint = "reported, derived: ..., transcribed: ... or judged: ..."
            self.wrong("no-source", "a value that does not say how it was read", "value", hint)
        return self.problems

    def _fits(self, name: str, concept: LineItem, owner: str | None) -> None:
        file = f"{owner}.csv"
        if owner and not self.shown.endswith(f"/{file}") and self.shown != f"facts/{file}":
            self.wrong(
                "wrong-file", f"`{name}` is a concept of {owner}", "concept", f"it belongs in facts/{file}"
            )
        if self.cells["unit"] != concept.unit:
            message = f"`{name}` is measured in {concept.unit}, found `{self.cells['unit']}`"
            self.wrong("wrong-unit", message, "unit", _from_hundredths(self.cells["unit"], concept.unit))
        if (concept.kind == "register") != ("/" in self.cells["concept"]):
            register = concept.kind == "register"
            expects = (
                "is a register and needs an item, as in `charges/settlement`"
                if register
                else "is no register and has no items"
            )
            self.wrong("bad-item", f"`{name}` {expects}", "concept")

    def _values(self, concept: LineItem | None, today: date) -> None:
        try:
            value = parse_value(self.cells["value"])
        except ValueError as error:
            self.wrong("bad-value", str(error), "value")
        else:
            told = too_low(self.cells["concept"], concept, value) if concept else ""
            if told:
                self.wrong("below-least", told, "value", BELOW_LEAST)
        if concept and concept.unit != "ratio" and self.cells["value"].strip().endswith(("%", "bp")):
            self.wrong(
                "bad-value", f"expected {concept.unit}, found a ratio, `{self.cells['value']}`", "value"
            )
        try:
            if parse_day(self.cells["filed"]) > today:
                self.wrong(
                    "future-date", f"filed on {self.cells['filed']}, which is after today ({today})", "filed"
                )
        except ValueError as error:
            self.wrong("bad-date", str(error), "filed")
        try:
            if concept is not None:
                self._period(concept.kind, parse_period(self.cells["period"]))
        except ValueError as error:
            self.wrong("bad-period", str(error), "period")

    def _period(self, kind: Kind, period: Quarter | date | YearToDate) -> None:
        fits = YearToDate if isinstance(period, YearToDate) and kind == "flow" else Quarter
        if not isinstance(period, date if kind == "daily" else fits):
            expected = "a date like 2026-07-31" if kind == "daily" else "a quarter like 2026Q2"
            hint = "only a flow is told for a year, nine or six months" * isinstance(period, YearToDate)
            self.wrong("bad-period", f"expected {expected}, found `{self.cells['period']}`", "period", hint)


def _from_hundredths(found: str, unit: str) -> str:
    """What to do with a row in pence where pounds belong; nothing in any other case."""
    minor = minor_unit(found)
    if minor is None or minor.currency != currency_of(unit):
        return ""
    of_one = f"{PARTS} {found.partition('/')[0]} make one {minor.currency}"
    return f"{of_one}: divide the value by {PARTS}, and say {unit}"


def cell_span(shown: str, line: int, cells: Sequence[str], column: str) -> SourceSpan:
    """Where a cell stands in its line, as long as no earlier cell is quoted."""
    index = (COLUMNS + OPTIONAL).index(column)
    before = sum(len(cell) + 1 for cell in cells[:index])
    return SourceSpan(shown, line, before + 1, max(1, len(cells[index])))
