"""The tags that a file of facts holds, to find the one of a line item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from thesis.sources.reported_fact import Dimensions, ReportedFact, ReportedPeriod

MOST_LISTED = 3  # periods of one tag in the table; the rest are counted
WIDEST = 200  # characters of a text before it is cut; no tag in use is as long


class TagSummary(NamedTuple):
    """A tag with its dimensions, and what the file says of it.

    ``periods`` are in order, each once; ``example`` is the newest fact, of the shortest period if there
    are several.
    """

    tag: str
    dimensions: Dimensions
    unit: str
    times: int
    periods: tuple[ReportedPeriod, ...]
    example: ReportedFact


def tag_summaries(reported: Iterable[ReportedFact], like: str = "") -> list[TagSummary]:
    """Every tag with its dimensions and unit, in order of name.

    With ``like`` those that have the word in the tag, in an axis or in a member, in whatever case.
    """
    word = like.strip().casefold()
    groups: dict[tuple[str, Dimensions, str], list[ReportedFact]] = {}
    for fact in reported:
        if fact.flaw:
            continue
        if not word or word in fact.tag.casefold() or _in_dimensions(word, fact.dimensions):
            groups.setdefault((fact.tag, fact.dimensions, fact.unit), []).append(fact)
    return [
        TagSummary(tag, dimensions, unit, len(facts), _periods(facts), max(facts, key=_newest))
        for (tag, dimensions, unit), facts in sorted(groups.items(), key=lambda group: group[0])
    ]


def tag_table(held: Sequence[TagSummary]) -> str:
    """The list as text: a line for each, its dimensions on lines below, then how many there are."""
    lines = []
    for item in held:
        lines.append(f"{_cut(item.tag)}  {item.times}x  {_shown(item)}")
        lines += [f"    {_cut(axis)} = {_cut(member)}" for axis, member in item.dimensions]
        lines.append(f"    {_told(item.periods)}")
    facts = sum(item.times for item in held)
    lines.append(f"{len(held):,} tags with their dimensions, {facts:,} facts")
    return "\n".join(lines) + "\n"


def _in_dimensions(word: str, dimensions: Dimensions) -> bool:
    return any(word in axis.casefold() or word in member.casefold() for axis, member in dimensions)


def _periods(facts: Iterable[ReportedFact]) -> tuple[ReportedPeriod, ...]:
    return tuple(sorted({fact.period for fact in facts}, key=_order))


def _order(period: ReportedPeriod) -> tuple[str, int]:
    return str(period.end or ""), -(period.days or 0)


def _newest(fact: ReportedFact) -> tuple[tuple[str, int], str]:
    return _order(fact.period), str(fact.filed or "")


def _shown(item: TagSummary) -> str:
    fact = item.example
    if not fact.is_number:
        return f"as in `{_cut(' '.join((fact.text or 'nil').split()))}`"
    value = "nil" if fact.value is None else f"{fact.value:,f}"
    return f"as in {value} {item.unit}"


def _told(periods: Sequence[ReportedPeriod]) -> str:
    newest = [str(period) for period in reversed(periods)][:MOST_LISTED]
    more = len(periods) - len(newest)
    return ", ".join(newest) + (f" and {more} more" if more else "")


def _cut(text: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in text)
    return shown if len(shown) <= WIDEST else f"{shown[: WIDEST - 3]}..."
