"""Which line items and metrics the files of a pack read, itself or through what it reads.

A pack that uses standard definitions has a hundred of each and reads a few; warnings and tables are about
those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from thesis.core.record import field_names
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem, parse
from thesis.pack.load import Pack

_LONGEST = 2000  # characters of an expression; what is longer is prose


def used_names(pack: Pack) -> frozenset[str]:
    """The names that a pack's own files read, and those that these are made of."""
    own = [metric for name, metric in pack.metrics.items() if not pack.is_standard(name)]
    parts = (pack.thesis, pack.valuation, pack.forecasts, *own)
    below = [name for part in parts for text in _texts(part) for name in _names(text)]
    below += [name for name in (*pack.concepts, *pack.metrics) if not pack.is_standard(name)]
    found: set[str] = set()
    while below:
        name = below.pop()
        if name in found or not (name in pack.concepts or name in pack.metrics):
            continue
        found.add(name)
        if name in pack.metrics:
            below += _names(pack.metrics[name].formula)
    return frozenset(found)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif field_names(value):
        for name in field_names(value):
            yield from _texts(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)


def _names(text: str) -> Iterator[str]:
    """The names in an expression; none in what is no expression."""
    if not text or len(text) > _LONGEST:
        return
    try:
        nodes = list(parse(text).walk())
    except SyntaxProblem:
        return
    yield from (node.name for node in nodes if isinstance(node, n.Name))
