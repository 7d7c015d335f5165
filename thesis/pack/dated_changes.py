"""The changes of a pack's rules that happen on a day which the pack itself names.

A measure comes into force or leaves it, a kill criterion is written or retired. Whoever compares two days, or
reads a history, has to tell these from news of the company.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from thesis.core.period import parse_day
from thesis.pack.load import Pack
from thesis.pack.schema.thesis import Measure, Rule


class DatedChange(NamedTuple):
    """One change: the first day on which the rules are the new ones, whose they are, and what changed.

    ``measures`` are the metrics and rubrics that it is about, by their names; none of a kill criterion's.
    """

    day: date
    rule: str
    text: str
    measures: tuple[str, ...] = ()


def dated_changes(pack: Pack, after: date, until: date) -> list[DatedChange]:
    """The changes of later than one day and up to another, in the order of their days."""
    thesis = pack.thesis
    found = [
        *(change for rule in (*thesis.conditions, *thesis.risks) for change in _of_rule(pack, rule)),
        *_of_criteria(pack),
    ]
    return sorted(change for change in found if after < change.day <= until)


def _of_rule(pack: Pack, rule: Rule) -> Iterator[DatedChange]:
    days: dict[date, tuple[list[str], list[str]]] = {}
    for measure in _leaves(rule.measures):
        if measure.since:
            days.setdefault(parse_day(measure.since), ([], []))[0].append(measure.metric or measure.judgement)
        if measure.until:
            gone = parse_day(measure.until) + timedelta(days=1)
            days.setdefault(gone, ([], []))[1].append(measure.metric or measure.judgement)
    for day, (came, went) in days.items():
        told = [f"measured by {_named(pack, came)}"] if came else []
        told += [f"no longer measured by {_named(pack, went)}"] if went else []
        yield DatedChange(day, rule.id, f"{rule.name} is {', and '.join(told)}", (*came, *went))


def _leaves(measures: Sequence[Measure], since: str = "", until: str = "") -> Iterator[Measure]:
    """The metrics and rubrics of a rule; one in a group has the group's days where it has none of its own."""
    from thesis.core.record import replace_fields

    for measure in measures:
        days = {"since": measure.since or since, "until": measure.until or until}
        if measure.measures:
            yield from _leaves(measure.measures, **days)
        else:
            yield replace_fields(measure, **days)


def _named(pack: Pack, names: Sequence[str]) -> str:
    labels = [pack.metrics[name].label if name in pack.metrics else pack.rubrics[name].name for name in names]
    return " and ".join(labels)


def _of_criteria(pack: Pack) -> Iterator[DatedChange]:
    for kill in pack.thesis.kill:
        if kill.since:
            yield DatedChange(parse_day(kill.since), kill.id, f"kill criterion {kill.id} was written")
        if kill.retired:
            after = f", replaced by {kill.retired.replaced_by}" if kill.retired.replaced_by else ""
            told = f"kill criterion {kill.id} was retired{after}: {kill.retired.because}"
            yield DatedChange(parse_day(kill.retired.on), kill.id, told)
