"""Spans of quarters that may be read as those of more than they belong to.

``for`` and ``in .. of last`` bind more tightly than ``and``, ``or`` and ``not``: in ``a and b for 2
quarters`` only b has to hold for two. Who writes that may mean either, and parentheses say which.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from thesis.language import nodes as n


class Ambiguity(NamedTuple):
    """A span of quarters that may be misread, what it belongs to, and how to say either."""

    node: n.Persistence
    message: str
    hint: str


def ambiguous_quarters(text: str, node: n.Node) -> Iterator[Ambiguity]:
    """Each span that stands behind an ``and``, an ``or`` or a ``not`` without parentheses."""
    for part in node.walk():
        if isinstance(part, (n.Both, n.Either)):
            held = part.right
            if isinstance(held, n.Persistence) and not _is_enclosed(text, held):
                yield _of_two(part, held)
        elif isinstance(part, n.Not):
            held = part.operand
            if isinstance(held, n.Persistence) and not _is_enclosed(text, held):
                yield _of_not(held)


def _of_two(part: n.Both | n.Either, held: n.Persistence) -> Ambiguity:
    span, joined = _span(held), part.operator
    whole: n.Binary = type(part)(part.start, part.length, joined, part.left, held.condition)
    each = str(held.condition)
    return Ambiguity(
        held,
        f"`{span}` belongs to `{each}` alone, not to what stands before `{joined}`",
        f"write `({whole}) {span}` if it is of both, else `{joined} ({each} {span})`",
    )


def _of_not(held: n.Persistence) -> Ambiguity:
    span, each = _span(held), str(held.condition)
    return Ambiguity(
        held,
        f"`not` is of `{each} {span}` as a whole",
        f"write `(not {each}) {span}` if that is how long it must not hold, else `not ({each} {span})`",
    )


def _span(held: n.Persistence) -> str:
    """``for 2 quarters``, ``in 2 of last 3 quarters``: without its condition."""
    return str(held)[len(held._inside(held.condition, held.precedence)) :].strip()


def _is_enclosed(text: str, held: n.Persistence) -> bool:
    before, after = text[: held.start].rstrip(), text[held.start + held.length :].lstrip()
    return before.endswith("(") and after.startswith(")")
