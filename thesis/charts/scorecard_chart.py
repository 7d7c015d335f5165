"""Every condition and risk by quarter, each scored as of the day when that quarter was filed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from thesis.charts.marks import (
    MARGIN,
    Label,
    Mark,
    diamond,
    fit_label,
    heading,
    line,
    rectangle,
    text_width,
)
from thesis.charts.svg import SvgChart, svg_chart
from thesis.core import formatting
from thesis.core.interval import UNKNOWN, Interval
from thesis.core.period import Quarter
from thesis.narrative import rating_text
from thesis.reports.scorecard import scorecard_groups
from thesis.scoring.assessment import Assessment, RuleResult
from thesis.scoring.bands import level_of

MOST = 10  # columns of the past
COLUMN, ROW, RUNG = 49, 24, 18
NAMES = 150  # pixels for the names on the left
APART = 8  # between the past and today
SECTION = 20


class _Column(NamedTuple):
    """An assessment and where it stands; ``x`` is its left edge."""

    a: Assessment
    x: float
    head: tuple[str, str]

    @property
    def middle(self) -> float:
        return self.x + COLUMN / 2


class SignedQuarter(NamedTuple):
    """The rating that a review published of a quarter, and whether the rules changed since the one before."""

    quarter: Quarter
    level: str
    is_changed: bool = False


class _Row(NamedTuple):
    """What stands in a row: a score of each assessment, or nothing where the rule was not there."""

    name: str
    side: str
    score: Callable[[Assessment], Interval | None]
    bold: bool = False


def scorecard_chart(
    a: Assessment, past: Sequence[Assessment] = (), signed: Sequence[SignedQuarter] = ()
) -> SvgChart:
    """Conditions, risks and the verdict of each quarter as it was filed, and of today in the last column.

    ``signed``: the ratings of reviews, which are marked among the verdicts, as are changes of the rules.
    """
    columns = _columns(a, past)
    marked = _marked(columns, signed)
    wide = columns[-1].x + COLUMN + MARGIN
    title = "Conditions and risks by quarter, scores from 0 to 1, and the verdict"
    notes = [
        rating_text.what_if_figures(a),
        _told(columns),
        f"today, seen on {formatting.day(a.as_of)}: {rating_text.verdict_headline(a)}",
    ]
    marks, top = heading(title, notes, wide)
    marks += _heads(columns, top + 14)
    grid, y = _grid(a, columns, top + 38)
    marks += [*grid, Label("faint", MARGIN, y + 12, "verdict"), *_ladder(a, columns, y + SECTION)]
    bottom = y + SECTION + RUNG * len(a.verdict.levels)
    marks += _signed(a, marked, top + 34, y + SECTION, bottom)
    legend, end = _legend(a, marked, bottom + 12)
    return svg_chart(
        "scorecard", title, _alt(a, columns, signed), (wide, end), [*marks, *legend], is_late=len(columns) > 1
    )


def _columns(a: Assessment, past: Sequence[Assessment]) -> list[_Column]:
    earlier = [each for each in past if each.as_of < a.as_of][-MOST:]
    start = MARGIN + NAMES + 6
    found = [
        _Column(each, start + COLUMN * i, (str(each.quarter.year), f"Q{each.quarter.number}"))
        for i, each in enumerate(earlier)
    ]
    today = (formatting.short_day(a.as_of), str(a.as_of.year))
    return [*found, _Column(a, start + COLUMN * len(found) + (APART if found else 0), today)]


def _told(columns: Sequence[_Column]) -> str:
    return "each quarter as it stood when it was filed" if len(columns) > 1 else ""


def _heads(columns: Sequence[_Column], y: float) -> Iterator[Label]:
    for column in columns:
        kind = "small" if column is columns[-1] else "faint"
        yield from (
            Label(kind, column.middle, y + 13 * i, text, "middle") for i, text in enumerate(column.head)
        )


def _grid(a: Assessment, columns: Sequence[_Column], y: float) -> tuple[list[Mark], float]:
    """The rows of the rules and the totals, and below them what was tripped and how much was known."""
    marks: list[Mark] = []
    for section, rows in _sections(a):
        marks.append(Label("faint", MARGIN, y + 12, section))
        y += SECTION
        for row in rows:
            marks += _cells(row, columns, y)
            y += ROW
    for name, told in (("kill criteria tripped", _tripped), ("evidence covered", _covered)):
        marks.append(Label("small", MARGIN, y + 16, name))
        marks += [Label("small", column.middle, y + 16, told(column.a), "middle") for column in columns]
        y += ROW
    return marks, y


def _sections(a: Assessment) -> Iterator[tuple[str, list[_Row]]]:
    """The conditions with their total, and the risks with theirs."""

    def of(rule: str) -> Callable[[Assessment], Interval | None]:
        return lambda seen: found.score if (found := seen.finding(rule)) else None

    sides, totals = ("good", "bad"), (_conditions_total, _risks_total)
    for group, side, total in zip(scorecard_groups(a), sides, totals, strict=False):
        lines = [_Row(f.rule.name, side, of(f.id)) for f in group.lines]
        yield group.name, [*lines, _Row(group.total_name, side, total, bold=True)]


def _conditions_total(a: Assessment) -> Interval:
    return a.verdict.engines


def _risks_total(a: Assessment) -> Interval:
    return a.verdict.risks


def _cells(row: _Row, columns: Sequence[_Column], y: float) -> Iterator[Mark]:
    yield fit_label("strong" if row.bold else "label", MARGIN, y + 16, row.name, NAMES)
    for column in columns:
        score = row.score(column.a)
        if score is not None:
            yield from _cell(row.side, score, column, y)


def _cell(side: str, score: Interval, column: _Column, y: float) -> Iterator[Mark]:
    """The score in the colour of its label, or of each label that it spans."""
    wide, high = COLUMN - 2, ROW - 2
    if score == UNKNOWN:
        yield rectangle("unknown", column.x + 1, y + 1, wide, high)
        yield Label("small", column.middle, y + 16, "?", "middle")
        return
    levels = range(level_of(score.lo), level_of(score.hi) + 1)
    for i, level in enumerate(levels):
        part = wide / len(levels)
        yield rectangle(f"{side}-{level + 1}", column.x + 1 + part * i, y + 1, part, high)
    yield Label("small", column.middle, y + 16, formatting.score(score), "middle")


def _tripped(a: Assessment) -> str:
    """``none``, the id of the criterion that has tripped or how many have; ``?`` where that is not known."""
    tripped = [k.id for k in a.kill if k.tripped.lo == 1.0]
    if tripped:
        named = ", ".join(tripped)
        return named if text_width("small", named) < COLUMN else f"{len(tripped)}"
    return "none" if all(k.tripped.is_point for k in a.kill) else "?"


def _covered(a: Assessment) -> str:
    return formatting.share(a.verdict.coverage)


# the verdict -----------------------------------------------------------------------------------------


def _ladder(a: Assessment, columns: Sequence[_Column], y: float) -> Iterator[Mark]:
    """The verdicts as rungs, the best on top; a bar from the worst to the best that an assessment allows."""
    rungs = list(reversed(a.verdict.levels))
    end = columns[-1].x + COLUMN
    for i, name in enumerate(rungs):
        now = name in (a.verdict.worst, a.verdict.best) and a.verdict.rated
        yield fit_label("strong" if now else "small", MARGIN, y + RUNG * i + 13, name, NAMES)
        yield line("grid", MARGIN + NAMES, y + RUNG * i + RUNG / 2, end, y + RUNG * i + RUNG / 2)
    for column in columns:
        v = column.a.verdict
        if v.best not in rungs or v.worst not in rungs:
            continue
        top, bottom = rungs.index(v.best), rungs.index(v.worst)
        kind = "solid" if v.rated else "hollow"
        yield rectangle(kind, column.middle - 7, y + RUNG * top + 4, 14, RUNG * (bottom - top + 1) - 8)


def _marked(
    columns: Sequence[_Column], signed: Sequence[SignedQuarter]
) -> list[tuple[_Column, SignedQuarter]]:
    """Each signed quarter with its column; of the newest quarter the one as filed goes before today's."""
    places = {column.a.quarter: column for column in reversed(columns)}
    return [(places[each.quarter], each) for each in signed if each.quarter in places]


def _signed(
    a: Assessment, marked: Sequence[tuple[_Column, SignedQuarter]], top: float, y: float, bottom: float
) -> Iterator[Mark]:
    """A diamond on the rung of each rating that was signed, a line before a change of the rules."""
    rungs = list(reversed(a.verdict.levels))
    for column, each in marked:
        if each.level in rungs:
            at = y + RUNG * rungs.index(each.level) + RUNG / 2
            yield diamond("hollow", column.middle, at, 6, f"{each.quarter}: signed {each.level}")
        if each.is_changed:
            yield line("now", column.x, top, column.x, bottom)


def _legend(
    a: Assessment, marked: Sequence[tuple[_Column, SignedQuarter]], y: float
) -> tuple[list[Mark], float]:
    """What the colours stand for, and a mark of each kind."""
    marks: list[Mark] = []
    labels = a.verdict.labels
    listed = [("conditions", "good", labels.conditions)]
    if a.risks:
        listed.append(("risks", "bad", labels.risks))
    for name, side, names in listed:
        marks.append(Label("faint", MARGIN, y + 11, name))
        x = MARGIN + 76.0
        for i, text in enumerate(names):
            label = fit_label("faint", x + 18, y + 11, text, 110)
            marks += [rectangle(f"{side}-{i + 1}", x, y, 14, 14), label]
            x = label.right + 14
        y += 20
    marks += [
        Label("faint", MARGIN, y + 11, "verdict"),
        rectangle("solid", MARGIN + 76, y + 2, 14, 10),
        (rated := Label("faint", MARGIN + 94, y + 11, "rated")),
        rectangle("hollow", rated.right + 14, y + 2, 14, 10),
        (last := Label("faint", rated.right + 32, y + 11, "not rated")),
    ]
    if marked:
        x = last.right + 20
        marks += [diamond("hollow", x, y + 7, 6), (last := Label("faint", x + 12, y + 11, "signed"))]
    if any(each.is_changed for _, each in marked):
        x = last.right + 18
        marks += [line("now", x, y, x, y + 14), Label("faint", x + 8, y + 11, "rules changed")]
    return marks, y + 24


# in words --------------------------------------------------------------------------------------------


def _alt(a: Assessment, columns: Sequence[_Column], signed: Sequence[SignedQuarter]) -> str:
    """Where each rule stands, and the verdicts that led here."""
    told = [f"Seen on {formatting.day(a.as_of)}: {rating_text.verdict_headline(a)}."]
    told += [f"{formatting.capitalise(name)}: {'; '.join(map(_stands, found))}." for name, found in (
        ("conditions", a.conditions), ("risks", a.risks)) if found]  # fmt: skip
    told.append(
        f"Engines {rating_text.engines_text(a.verdict)}, risks {rating_text.risks_text(a.verdict)}, "
        f"{_covered(a)} of the evidence covered."
    )
    if len(columns) > 1:
        verdicts = "; ".join(f"{each.a.quarter} {_verdict(each.a)}" for each in columns[:-1])
        told.append(f"As filed: {verdicts}.")
    if signed:
        listed = (f"{e.quarter} {e.level}{' (rules changed)' if e.is_changed else ''}" for e in signed)
        told.append(f"Signed: {'; '.join(listed)}.")
    return " ".join(told)


def _stands(found: RuleResult) -> str:
    return f"{found.rule.name} {found.label} {formatting.score(found.score)}"


def _verdict(a: Assessment) -> str:
    v = a.verdict
    span = v.worst if v.is_determined else f"{v.worst} to {v.best}"
    return span if v.rated else f"not rated ({span})"
