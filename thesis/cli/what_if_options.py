"""Names set to values for one answer, said in it, and never written anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

if TYPE_CHECKING:
    from thesis.core.interval import Interval
    from thesis.pack.load import Pack

Command = TypeVar("Command", bound=Callable[..., Any])


class WhatIf(NamedTuple):
    """``given``: concepts and metrics, in every quarter. ``beliefs``: drivers of the valuation."""

    given: dict[str, Interval]
    beliefs: dict[str, float]


def set_option(command: Command) -> Command:
    return click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="NAME=VALUE",
        help="What if a driver, a metric or a figure were this: aws.growth=22%. May be repeated.",
    )(command)


def what_if(pack: Pack, changes: Sequence[str]) -> WhatIf:
    """The changes that were asked for. Errors: usage, for all names and values that are none."""
    found = WhatIf({}, {})
    if not changes:
        return found
    from thesis.core.problem import did_you_mean
    from thesis.facts.fact import parse_value

    drivers = _drivers(pack)
    wrong: list[str] = []
    for change in changes:
        name, mark, text = (part.strip() for part in change.partition("="))
        if not mark:
            wrong.append(f"expected NAME=VALUE, found `{change}`")
        elif name in drivers:
            _into(found.beliefs, name, text, drivers[name], wrong)
        elif name in pack.concepts or name in pack.metrics:
            _into(found.given, name, text, parse_value, wrong)
        else:
            known = [*drivers, *pack.metrics, *pack.concepts]
            hint = did_you_mean(name, known) or (f"drivers are {', '.join(drivers)}" if drivers else "")
            wrong.append(f"no driver, metric or concept is called `{name}`{f'; {hint}' if hint else ''}")
    if wrong:
        raise click.UsageError("--set: " + "\n       ".join(wrong))
    return found


def _drivers(pack: Pack) -> dict[str, Callable[[str], float]]:
    if pack.valuation is None:
        return {}
    from thesis.pack.assumptions import assumptions_of

    return {name: partial(_belief, name) for name in assumptions_of(pack.valuation)}


def _belief(name: str, text: str) -> float:
    """A value that a driver can have. Errors: ``ValueError`` in words."""
    from thesis.pack.assumptions import single_number, unsound_value

    value = single_number(text)
    for why in unsound_value(name, value):
        raise ValueError(why)
    return value


def _into(into: dict[str, Any], name: str, text: str, read: Callable[[str], Any], wrong: list[str]) -> None:
    if name in into:
        wrong.append(f"`{name}` is set twice")
        return
    try:
        value = read(text)
    except ValueError as error:
        wrong.append(f"`{name}`: {error}")
        return
    if isinstance(value, str):
        wrong.append(f"`{name}`: expected a number or a range, found `{text}`")
        return
    into[name] = value
