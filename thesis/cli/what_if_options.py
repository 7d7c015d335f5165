"""The option ``--set``: values set for one answer, stated in it and written nowhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from thesis.cli.typed_arguments import completing

if TYPE_CHECKING:
    from thesis.language.evaluate import Supposition
    from thesis.pack.load import Pack

Command = TypeVar("Command", bound=Callable[..., Any])


class WhatIf(NamedTuple):
    """``given``: concepts and metrics, each with its quarters. ``beliefs``: drivers of the valuation."""

    given: dict[str, Supposition]
    beliefs: dict[str, float]


def set_option(command: Command) -> Command:
    return click.option(
        "--set",
        "changes",
        multiple=True,
        metavar="NAME=VALUE",
        shell_complete=completing("settable"),
        help="What if a driver, a metric or a figure were this: aws.growth=22%. The last two are set in the "
        "quarter under review, by VALUE*4 in the last four, by VALUE*all in every one. May be repeated.",
    )(command)


def what_if(pack: Pack, changes: Sequence[str], day: date) -> WhatIf:
    """The changes that were asked for; of numbers that are hardly meant, as ``day`` knows them, it warns.

    Errors: usage, with all names and values that are none.
    """
    found = WhatIf({}, {})
    if not changes:
        return found
    from thesis.core.problem import did_you_mean

    drivers = _drivers(pack)
    wrong: list[str] = []
    for change in changes:
        name, mark, text = (part.strip() for part in change.partition("="))
        if not mark:
            wrong.append(f"expected NAME=VALUE, found `{change}`")
        elif name in drivers:
            _into(found.beliefs, name, text, drivers[name], wrong)
        elif pack.shape(name):
            _into(found.given, name, text, partial(_supposition, pack, name), wrong)
        else:
            known = [*drivers, *pack.metrics, *pack.values, *pack.concepts]
            hint = did_you_mean(name, known) or _names_that_can_be_set(pack, drivers)
            wrong.append(f"no driver, metric or concept is called `{name}`; {hint}")
    if wrong:
        raise click.UsageError("--set: " + "\n       ".join(wrong))
    if found.given:
        _doubt(pack, found, changes, day)
        _doubt_of_the_rest(pack, found, day)
    return found


def _names_that_can_be_set(pack: Pack, drivers: Iterable[str]) -> str:
    kinds = {"drivers": drivers, "metrics": pack.metrics, "values": pack.values, "concepts": pack.concepts}
    told = [f"{kind} are {', '.join(names)}" for kind, names in kinds.items() if names]
    return "\n       ".join(told)


def _doubt(pack: Pack, found: WhatIf, changes: Sequence[str], day: date) -> None:
    """Tell what is hardly meant of the figures that are set."""
    from thesis.case.magnitudes import Magnitudes
    from thesis.cli.number_doubts import print_doubts
    from thesis.pricing.priced_case import case_as_of

    judge = Magnitudes(case_as_of(pack, day))
    for change in changes:
        name, _, text = (part.strip() for part in change.partition("="))
        if name in found.given:
            value = found.given[name].value
            number = max((end for end in (value.lo, value.hi) if math.isfinite(end)), key=abs, default=0.0)
            doubt = judge.of_name(name, number, is_marked=_is_marked(text))
            print_doubts([(f"--set {change}", doubt)])


def _is_marked(text: str) -> bool:
    """Whether a typed number, or the first of a range, says that it is a share of one."""
    from thesis.core.number_text import MARKS

    first = text.partition("*")[0].partition("..")[0]
    return first.strip().lower().endswith(MARKS)


def _doubt_of_the_rest(pack: Pack, found: WhatIf, day: date) -> None:
    """Tell of a valuation's segment of the rest that a what-if leaves with a loss that it did not have."""
    from thesis.case.case import NothingKnown
    from thesis.core import formatting
    from thesis.facts.fact import Impossible
    from thesis.pricing.priced_case import case_as_of
    from thesis.pricing.starting_values import starting_values

    valuation = pack.valuation
    rest = next((segment.name for segment in valuation.segments if segment.rest), "") if valuation else ""
    if valuation is None or not rest:
        return
    try:
        before, after = (
            starting_values(case_as_of(pack, day, given), valuation).rest_profit()
            for given in ({}, found.given)
        )
    except (NothingKnown, Impossible):  # told where the answer is worked out
        return
    if after.hi < 0 <= before.hi:
        currency = pack.thesis.target.unit if pack.thesis.target else ""
        left = formatting.value(after, "billions", currency)
        total = valuation.total.ebit
        click.echo(
            f"warning: --set: what is left of `{total}` for {rest} is {left}; where a segment earns more or "
            "the total less, set the other as well",
            err=True,
        )


@contextmanager
def as_usage_error() -> Iterator[None]:
    """Errors: usage, where a figure that is set cannot be, or leaves one that cannot be."""
    from thesis.facts.fact import Impossible

    try:
        yield
    except Impossible as error:
        raise click.UsageError(f"--set: {error}") from None


def _drivers(pack: Pack) -> dict[str, Callable[[str], float]]:
    if pack.valuation is None:
        return {}
    from thesis.pack.assumptions import assumptions_of

    money = pack.unit_of(pack.thesis.market_cap)
    return {
        name: partial(_belief, name, money if each.show == "billions" else "ratio")
        for name, each in assumptions_of(pack.valuation).items()
    }


def _belief(name: str, unit: str, text: str) -> float:
    """A value that a driver can have. Errors: ``ValueError`` in words."""
    from thesis.core.number_text import read_number
    from thesis.pack.assumptions import unsound_value

    if "*" in text:
        raise ValueError(f"expected a value, found `{text}`; a driver is of the horizon, and of no quarter")
    value = read_number(text, unit).value
    for why in unsound_value(name, value):
        is_bare = not _is_marked(text)
        is_meant = is_bare and value > 1 and not any(unsound_value(name, value / 100))
        raise ValueError(f"{why}; is a percent sign missing?" if is_meant else why)
    return value


def _supposition(pack: Pack, name: str, text: str) -> Supposition:
    """A value, and the quarters that it is set in. Errors: ``ValueError`` in words."""
    from thesis.core.interval import Interval
    from thesis.facts.fact import least_value, parse_value, value_as_typed
    from thesis.language.evaluate import Supposition
    from thesis.language.syntax import WIDEST
    from thesis.scoring.what_if import EVERY

    written, star, count = (part.strip() for part in text.partition("*"))
    shape = pack.declared(name)
    value = parse_value(value_as_typed(written, pack.unit_of(name)))
    if not isinstance(value, Interval):
        raise ValueError(f"expected a number or a range, found `{text}`")  # noqa: TRY004 - a text, not a type
    least = least_value(shape.above, shape.least) if shape else None
    if least and not least.allows(value):
        raise ValueError(f"it is {least}, found `{text}`")
    if not star:
        return Supposition(value)
    if count == EVERY:
        return Supposition(value, None)
    if not (count.isascii() and count.isdigit() and len(count) < 4 and 1 <= int(count) <= WIDEST):
        expected = f"a number of quarters from 1 to {WIDEST}, or `{EVERY}` for every quarter"
        raise ValueError(f"expected {expected} behind `*`, found `{count[:20]}`")
    return Supposition(value, int(count))


def _into(into: dict[str, Any], name: str, text: str, read: Callable[[str], Any], wrong: list[str]) -> None:
    if name in into:
        wrong.append(f"`{name}` is set twice")
        return
    try:
        value = read(text)
    except ValueError as error:
        wrong.append(f"`{name}`: {error}")
        return
    into[name] = value
