"""Other weightings than a thesis's own, for the question how far a verdict depends on its weights.

Every corner of halving and doubling the weights, and draws from a Dirichlet distribution by gamma variates,
the same for the same seed. Each of the quarters that a memo or a history looks back on asks for the same
weightings, and so does the next run of the program, so they are scaled to 1 and remembered: in the process
and, where there is a cache, on disk.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, product

from thesis.core.interval import total
from thesis.files.cache import Cache

KIND = "weightings"
MOST_REMEMBERED = 8  # sets of weightings in a process
MOST_CORNERS = 8  # weights; beyond, the draws have to do
MOST_KEPT = 250_000  # numbers of a set on disk; more take longer to read than the verdict is worth

Weightings = Sequence[Sequence[float]]
"""A column for each weight and a row for each weighting, which adds up to 1; the thesis's own comes first."""
_Key = tuple[tuple[float, ...], int, float, int]


class WeightDraws:
    """Sets of weightings by what they follow from. ``cache`` keeps them between runs; first there is none."""

    def __init__(self) -> None:
        self.cache = Cache(None)
        self._remembered: dict[_Key, Weightings] = {}

    def around(self, weights: Sequence[float], count: int, concentration: float, seed: int) -> Weightings:
        """Some weights, their corners where they are not too many, and ``count`` draws around them.

        ``concentration``: how near the draws stay; their variance falls with it.
        """
        key = (tuple(weights), count, concentration, seed)
        found = self._remembered.get(key)
        if found is None:
            found = self._recalled(key)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found

    def _recalled(self, key: _Key) -> Weightings:
        weights, count, *_ = key
        rows = 1 + _corner_count(weights) + count
        is_kept = rows * len(weights) <= MOST_KEPT
        text = self.cache.recall(KIND, repr(key)) if is_kept else None
        if text is not None:
            kept = array("d")
            try:
                kept.frombytes(bytes.fromhex(text))
            except ValueError:
                pass  # not what was kept: draw again
            else:
                if weights and len(kept) == rows * len(weights):
                    return [kept[start : start + rows] for start in range(0, len(kept), rows)]
        columns = [array("d", bytes(8 * rows)) for _ in weights]
        for place, row in enumerate(_rows(*key)):
            for column, weight in zip(columns, row, strict=True):
                column[place] = weight
        if is_kept:
            self.cache.keep(KIND, b"".join(column.tobytes() for column in columns).hex(), repr(key))
        return columns


def _rows(weights: Sequence[float], count: int, concentration: float, seed: int) -> Iterator[list[float]]:
    """The weights, their corners and draws around them, each scaled to 1."""
    corners = product((0.5, 2.0), repeat=len(weights)) if _corner_count(weights) else ()
    moved = ([w * f for w, f in zip(weights, factors, strict=True)] for factors in corners)
    for row in chain([weights], moved, _drawn(weights, count, concentration, seed)):
        whole = total(row)
        yield [each / whole for each in row]


def _corner_count(weights: Sequence[float]) -> int:
    return 2 ** len(weights) if len(weights) <= MOST_CORNERS else 0


def _drawn(weights: Sequence[float], count: int, concentration: float, seed: int) -> Iterator[list[float]]:
    gamma = random.Random(seed).gammavariate
    whole = total(weights)
    shapes = [concentration * weight / whole for weight in weights]
    for _ in range(count):
        yield [gamma(shape, 1.0) if shape else 0.0 for shape in shapes]


WEIGHT_DRAWS = WeightDraws()
"""The weightings of this process."""
