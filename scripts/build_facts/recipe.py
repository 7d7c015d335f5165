"""How the facts of one pack come about: what is gathered, which files are read, what is known to differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from .gathered import Data
from .model import Fact


class Recipe(NamedTuple):
    """A pack's facts. Paths are below ``raw`` of the gathered folder.

    ``ties`` are totals with the parts that make them. ``explained`` says why a row of the tables and a
    file on file part, by concept, period and document; ``uneven`` why a year and its quarters do, by
    concept and year; ``rounded_apart`` by how much parts miss their total where the filings round.
    ``named`` gives a source the name that is printed, for those that no reader could look up by the tables'
    own name. From ``every_close`` on, each daily close on file is a fact, not only those of the tables;
    before it those of the days in ``closes_of``.
    """

    pack: str
    gather: Callable[[Data], dict[str, list[Fact]]]
    filings: Sequence[str]
    indexes: Sequence[str]
    ties: Sequence[tuple[str, Sequence[str]]]
    notes: Mapping[tuple[str, str], str]
    explained: Mapping[tuple[str, str, str], str]
    uneven: Mapping[tuple[str, str], str]
    rounded_apart: Mapping[tuple[str, str], Decimal]
    unusable: tuple[str, ...] = ()
    release_files: Sequence[str] = ()
    prices: Mapping[str, str] = {}
    named: Mapping[str, str] = {}
    every_close: str = ""
    closes_of: frozenset[str] = frozenset()
