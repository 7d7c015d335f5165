"""Random weights around a thesis's own, for the question how far a verdict depends on them.

Draws are from a Dirichlet distribution by gamma variates, the same for the same seed. Each of the quarters
that a memo or a history looks back on asks for the same draws, and so does the next run of the program, so
they are remembered in the process and, where there is a cache, on disk.
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Sequence

from thesis.core.interval import total
from thesis.files.cache import Cache

KIND = "draws"
MOST_REMEMBERED = 8  # sets of draws in a process

Draws = Sequence[Sequence[float]]
_Key = tuple[tuple[float, ...], int, float, int]


class WeightDraws:
    """Sets of draws by what they follow from. ``cache`` keeps them between runs; at first there is none."""

    def __init__(self) -> None:
        self.cache = Cache(None)
        self._remembered: dict[_Key, Draws] = {}

    def around(self, weights: Sequence[float], count: int, concentration: float, seed: int) -> Draws:
        """``count`` draws around some weights, one number for each weight, not scaled to add up to one.

        ``concentration``: how near they stay; the variance falls with it.
        """
        key = (tuple(weights), count, concentration, seed)
        found = self._remembered.get(key)
        if found is None:
            found = self._recalled(key)
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = found
        return found

    def _recalled(self, key: _Key) -> Draws:
        weights, count, *_ = key
        text = self.cache.recall(KIND, repr(key))
        if text is not None:
            kept = array("d")
            try:
                kept.frombytes(bytes.fromhex(text))
            except ValueError:
                pass  # not what was kept: draw again
            else:
                if weights and len(kept) == count * len(weights):
                    return list(zip(*[iter(kept)] * len(weights), strict=True))
        found = _drawn(*key)
        self.cache.keep(
            KIND, array("d", [each for draw in found for each in draw]).tobytes().hex(), repr(key)
        )
        return found


def _drawn(weights: Sequence[float], count: int, concentration: float, seed: int) -> Draws:
    gamma = random.Random(seed).gammavariate
    whole = total(weights)
    shapes = [concentration * weight / whole for weight in weights]
    return [[gamma(shape, 1.0) if shape else 0.0 for shape in shapes] for _ in range(count)]


WEIGHT_DRAWS = WeightDraws()
"""The draws of this process."""
