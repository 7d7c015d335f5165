"""What options and arguments take that people type: quarters, numbers and counts, each read in one way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from thesis.core.number_text import advice, read_number
from thesis.core.period import Quarter, read_quarter

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def completing(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """What a shell completes an argument to, by a kind of ``completion.COMPLETERS``, loaded when it asks."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from thesis.cli.completion import COMPLETERS

        return COMPLETERS[kind](ctx, param, incomplete)

    return complete


class QuarterArgument(click.ParamType[Quarter]):
    """A quarter: 2026Q2, Q2 2026, 2Q26."""

    name = "quarter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quarter:
        if isinstance(value, Quarter):
            return value
        try:
            return read_quarter(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return completing("quarters")(ctx, param, incomplete)


class NumberArgument(click.ParamType[float]):
    """A number, 776bn or 11%, that ``allowed`` allows; ``unit`` is as of ``read_number``."""

    def __init__(self, name: str, allowed: Callable[[float], bool], expected: str, unit: str = "") -> None:
        self.name = name
        self.allowed = allowed
        self.expected = expected
        self.unit = unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            found = read_number(str(value), self.unit).value
        except ValueError as error:
            self.fail(f"expected {self.expected}, found `{value}`{advice(error, str(value))}", param, ctx)
        if not self.allowed(found):
            self.fail(f"expected {self.expected}, found `{value}`", param, ctx)
        return found


class CountArgument(click.IntRange):
    """A whole number from ``least`` to ``most``: 12, 100,000,000, 100k."""

    name = "count"

    def __init__(self, least: int, most: int | None = None) -> None:
        super().__init__(least, most)
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        upper = "" if self.most is None else f" to {self.most:,}"
        expected = f"a whole number from {self.least:,}{upper or ' up'}"
        try:
            found = read_number(str(value), "count").exact
        except ValueError as error:
            self.fail(f"expected {expected}, found `{value}`{advice(error, str(value))}", param, ctx)
        if found != int(found) or found < self.least or (self.most is not None and found > self.most):
            self.fail(f"expected {expected}, found `{value}`", param, ctx)
        return int(found)
