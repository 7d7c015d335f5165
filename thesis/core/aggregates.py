"""The ways in which several scores make one, with everything about each in one entry.

An aggregate never falls when one of its scores rises, so the range of its result is calculated exactly from
the low ends and from the high ends of the scores, by the same formula, on every carrier. A further one is an
entry of ``AGGREGATES``: schema, lint, documentation, workbook, confidence, the changes of a rating and the
tests take it from there. Formulas: OECD/JRC Handbook on Constructing Composite Indicators (2008), section 6;
the cube that risks are combined with leans to the worst.
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from itertools import accumulate, repeat
from operator import add, mul
from typing import Any

from thesis.core.interval import Endpoint, Floats, total

Effect = Callable[[float], float]
"""An aggregate as a function of one of its scores, the others staying as they are."""


class Aggregate:
    """One way to combine scores. Scores are 0..1; a score whose weight is 0 is left out of every aggregate.

    ``formula`` and ``says`` stand in the documentation, ``caption`` heads the scores in the workbook, and
    ``told`` is how an explanation names it, of ``{n}`` scores. Subclasses must define ``over`` and the three
    methods of the spreadsheet; all else follows from ``over``, and is redefined only to be faster.
    """

    weighs = True
    """Whether other weights than 0 have a say."""
    is_counted = False
    """Whether it is written with a number, as in ``lowest(2)``."""
    power: float | None = None
    """Of a power mean its power; of these a larger one never gives less."""
    count = 1
    """How many of the scores an aggregate that is written with a number takes."""

    def __init__(self, name: str, *, formula: str, says: str, caption: str, told: str) -> None:
        self.name, self.formula, self.says, self.caption, self._told = name, formula, says, caption, told

    @property
    def example(self) -> str:
        """How it is written in a pack; one that takes a number, with 2."""
        return f"{self.name}(2)" if self.is_counted else self.name

    @property
    def written(self) -> str:
        """How it is written, with k for the number that it takes."""
        return f"{self.name}(k)" if self.is_counted else self.name

    def counting(self, count: int) -> Aggregate:
        """The same of so many scores."""
        found = copy(self)
        found.count = count
        found.caption = self.caption.format(k=count)
        return found

    def over(self, ops: Any, scores: Sequence[Endpoint], weights: Sequence[float], floor: float) -> Endpoint:
        """The one score of several, on a carrier with the primitives ``ops``.

        A score counts ``floor`` at least where a dead part would cost everything. The order of the scores has
        no say. Errors: ``ValueError`` if no weight is above zero.
        """
        raise NotImplementedError

    def effects(self, scores: Sequence[float], weights: Sequence[float], floor: float) -> list[Effect]:
        """For each score what the whole is as a function of it, the others staying as they are."""

        def effect(place: int) -> Effect:
            return lambda score: float(
                self.over(Floats, [*scores[:place], score, *scores[place + 1 :]], weights, floor)
            )

        return [effect(place) for place in range(len(scores))]

    def under(
        self, weightings: Sequence[Sequence[float]], scores: Sequence[float], floor: float
    ) -> Sequence[float]:
        """The whole under many weightings: ``weightings`` has a column for each score, each row adds up to 1.

        What is given rises with the whole; ``mark`` says which number stands for a score.
        """
        return [self.over(Floats, scores, row, floor) for row in zip(*weightings, strict=True)]

    def mark(self, score: float, floor: float) -> float:
        """What a whole of this score is in ``under``."""
        return score

    def deciding(self, scores: Sequence[float]) -> Sequence[int]:
        """The places of the scores that alone make the whole; none where all do, by weight."""
        return ()

    def told(self, names: Sequence[str], scores: Sequence[float]) -> str:
        """The aggregate of some named scores, in words."""
        chosen = " and ".join(names[place] for place in self.deciding(scores))
        return self._told.format(n=len(names), k=min(self.count, len(names)), names=chosen)

    # as spreadsheet formulas --------------------------------------------------------------------

    def term_formula(self, score: str, weight: str, floor: str) -> str:
        """A score as it is averaged, from the cells of score, weight and floor."""
        raise NotImplementedError

    def term(self, score: float, weight: float, floor: float) -> float:
        """The same of numbers."""
        raise NotImplementedError

    def whole_formula(self, weights: str, terms: str) -> str:
        """The aggregate, from the ranges of the weights and of what ``term_formula`` gives."""
        raise NotImplementedError


class PowerMean(Aggregate):
    """(sum w s^p)^(1/p), the weights scaled to 1; p = 0 is the geometric mean.

    Where p <= 0 a score counts ``floor`` at least: a dead part costs a fixed factor and not everything.
    ``term`` and ``whole`` are formulas of a spreadsheet, of ``{x}``.
    """

    def __init__(
        self, name: str, power: float, *, term: str = "{x}", whole: str = "{x}", **texts: str
    ) -> None:
        super().__init__(name, formula=f"power mean, p = {power:g}", **texts)
        self.power: float = power
        self._term_formula, self._whole_formula = term, whole

    def _into(self, ops: Any, score: Endpoint, floor: float) -> Endpoint:
        """A score as it is averaged; rises with it, as ``_back`` does."""
        if self.power <= 0:
            score = ops.greatest(score, floor)
        if self.power == 0:
            return ops.log(score)
        return -ops.power(score, self.power) if self.power < 0 else ops.power(score, self.power)

    def _back(self, ops: Any, average: Endpoint) -> Endpoint:
        return ops.exp(average) if self.power == 0 else ops.power(abs(average), 1 / self.power)

    def over(self, ops: Any, scores: Sequence[Endpoint], weights: Sequence[float], floor: float) -> Endpoint:
        whole = _weight(tuple(weights))
        terms = [w * self._into(ops, s, floor) for w, s in zip(weights, scores, strict=True) if w > 0]
        # From the smallest up: the order of the scores has no say, and the sum rises in each of them.
        return self._back(ops, total(ops.ascending(terms)) / whole)

    def effects(self, scores: Sequence[float], weights: Sequence[float], floor: float) -> list[Effect]:
        whole = _weight(tuple(weights))
        terms = [w * self._into(Floats, s, floor) for w, s in zip(weights, scores, strict=True)]
        order = sorted(range(len(terms)), key=terms.__getitem__)
        rising = [terms[place] for place in order]
        below = [0.0, *accumulate(rising)]
        above = [*reversed([0.0, *accumulate(reversed(rising))])]
        rests = {place: below[i] + above[i + 1] for i, place in enumerate(order)}

        def effect(rest: float, weight: float) -> Effect:
            return lambda score: float(
                self._back(Floats, (rest + weight * self._into(Floats, score, floor)) / whole)
            )

        return [effect(rests[place], weight) for place, weight in enumerate(weights)]

    def under(
        self, weightings: Sequence[Sequence[float]], scores: Sequence[float], floor: float
    ) -> Sequence[float]:
        return weighted_sums(weightings, [self._into(Floats, score, floor) for score in scores])

    def mark(self, score: float, floor: float) -> float:
        return float(self._into(Floats, score, floor))

    def term_formula(self, score: str, weight: str, floor: str) -> str:
        return self._term_formula.format(x=f"MAX({score},{floor})" if self.power <= 0 else score)

    def term(self, score: float, weight: float, floor: float) -> float:
        return self.mark(score, floor)

    def whole_formula(self, weights: str, terms: str) -> str:
        average = f"SUMPRODUCT({weights},{terms})/SUM({weights})"
        return self._whole_formula.format(x=average if self._whole_formula == "{x}" else f"({average})")


class Extremes(Aggregate):
    """The mean of the ``count`` lowest or highest scores, of all of them where there are fewer.

    Each counts alike. By their weights a better score could make the whole worse: one that rises out of the
    lowest would take its weight along, and the mean of those that are left may be less than before.
    """

    weighs = False

    def __init__(self, name: str, *, is_lowest: bool, is_counted: bool = False, **texts: str) -> None:
        super().__init__(name, **texts)
        self.is_lowest, self.is_counted = is_lowest, is_counted
        if not is_counted:
            self.power = -math.inf if is_lowest else math.inf

    def _outermost_first(self, ops: Any, scores: Sequence[Endpoint]) -> list[Endpoint]:
        rising: list[Endpoint] = ops.ascending(scores)
        return rising if self.is_lowest else rising[::-1]

    def over(self, ops: Any, scores: Sequence[Endpoint], weights: Sequence[float], floor: float) -> Endpoint:
        used = [s for w, s in zip(weights, scores, strict=True) if w > 0]
        if not used:
            raise ValueError(NO_WEIGHT)
        chosen = self._outermost_first(ops, used)[: self.count]
        return total(chosen) / len(chosen) if len(chosen) > 1 else chosen[0]

    def effects(self, scores: Sequence[float], weights: Sequence[float], floor: float) -> list[Effect]:
        whole = float(self.over(Floats, scores, weights, floor))
        used = [place for place, weight in enumerate(weights) if weight > 0]
        order = sorted(used, key=scores.__getitem__, reverse=not self.is_lowest)
        count = min(self.count, len(used))
        ranks = {place: rank for rank, place in enumerate(order)}
        outermost = order[: count + 1]  # of the others no more than these can be among the chosen
        nearer = min if self.is_lowest else max

        def effect(place: int) -> Effect:
            if place not in ranks:
                return lambda _: whole
            others = [scores[each] for each in outermost if each != place][:count]
            fixed, last = total(others[: count - 1]), others[count - 1 : count]
            return lambda score: (fixed + nearer([score, *last])) / count

        return [effect(place) for place in range(len(scores))]

    def deciding(self, scores: Sequence[float]) -> Sequence[int]:
        order = sorted(
            range(len(scores)), key=lambda place: scores[place] if self.is_lowest else -scores[place]
        )
        return order[: self.count]

    def term_formula(self, score: str, weight: str, floor: str) -> str:
        """A score without weight stands at the other end, where it decides nothing."""
        return f"IF({weight}>0,{score},{int(self.is_lowest)})"

    def term(self, score: float, weight: float, floor: float) -> float:
        return score if weight > 0 else float(self.is_lowest)

    def whole_formula(self, weights: str, terms: str) -> str:
        if not self.is_counted:
            return f"{'MIN' if self.is_lowest else 'MAX'}({terms})"
        used, nth = f'COUNTIF({weights},">0")', "SMALL" if self.is_lowest else "LARGE"
        first = f"{nth}({terms},1)"
        added = [f"IF({used}>={place},{nth}({terms},{place}),0)" for place in range(2, self.count + 1)]
        return f"({'+'.join([first, *added])})/MIN({self.count},{used})"


NO_WEIGHT = "at least one weight above zero is needed"

AGGREGATES: Mapping[str, Aggregate] = {
    each.name: each
    for each in (
        Extremes(
            "min",
            is_lowest=True,
            formula="the lowest",
            says="every one of them",
            caption="the weakest decides",
            told="the weakest of {n}: {names}",
        ),
        Extremes(
            "lowest",
            is_lowest=True,
            is_counted=True,
            formula="mean of the k lowest, weights aside",
            says="of conditions the worst count: one weak spot is forgiven in part, and k weak ones are not",
            caption="mean of the {k} lowest",
            told="mean of the {k} lowest of {n}: {names}",
        ),
        PowerMean(
            "harmonic",
            -1.0,
            says="nearly every one",
            caption="harmonic mean",
            told="harmonic mean of {n}",
            term="-1/{x}",
            whole="-1/{x}",
        ),
        PowerMean(
            "geometric",
            0.0,
            says="each is needed, none makes up for another",
            caption="geometric mean",
            told="geometric mean of {n}",
            term="LN({x})",
            whole="EXP{x}",
        ),
        PowerMean("mean", 1.0, says="on the whole", caption="mean", told="mean of {n}"),
        PowerMean(
            "cubic",
            3.0,
            says="the worst counts most, for risks",
            caption="cubic mean, which leans to the worst",
            told="cubic mean of {n}",
            term="{x}^3",
            whole="{x}^(1/3)",
        ),
        Extremes(
            "highest",
            is_lowest=False,
            is_counted=True,
            formula="mean of the k highest, weights aside",
            says="of risks the worst count: a single alarm weighs in part, and k of them in full",
            caption="mean of the {k} highest",
            told="mean of the {k} highest of {n}: {names}",
        ),
        Extremes(
            "max",
            is_lowest=False,
            formula="the highest",
            says="any one of them",
            caption="the worst decides",
            told="the highest of {n}: {names}",
        ),
    )
}
"""Every aggregate by its name, in the order of the documentation."""

EXAMPLES = tuple(each.example for each in AGGREGATES.values())
"""Each as it is written in a pack."""

PATTERN = (
    f"^({'|'.join(each.name for each in AGGREGATES.values() if not each.is_counted)}"
    f"|({'|'.join(each.name for each in AGGREGATES.values() if each.is_counted)})"
    r"\(([1-9][0-9]{0,3})\))$"
)
"""What a text has to be to name an aggregate."""

_WRITTEN = re.compile(PATTERN)


@lru_cache(maxsize=256)
def aggregate_of(text: str) -> Aggregate:
    """The aggregate that a pack names, as in ``mean`` or ``lowest(2)``. Errors: ``KeyError`` for any other.

    >>> aggregate_of("lowest(2)").over(Floats, [0.5, 0.75, 1.0], [1, 1, 1], 0.05)
    0.625
    """
    found = _WRITTEN.match(text)
    if found is None:
        raise KeyError(text)
    return AGGREGATES[found[2]].counting(int(found[3])) if found[2] else AGGREGATES[text]


def weighted_sums(columns: Sequence[Sequence[float]], factors: Sequence[float]) -> Sequence[float]:
    """For each row the sum of its numbers times the ``factors``, column by column from the left.

    By numpy where the program has loaded it already. Either way each sum is added up in the same order, so
    that it is the same to the last bit.
    """
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None:
        found: Any = 0.0
        for column, factor in zip(columns, factors, strict=True):
            found = found + numpy.asarray(column) * factor
        return array("d", numpy.asarray(found, float).tobytes()) if columns else ()
    added: list[float] = []
    for column, factor in zip(columns, factors, strict=True):
        each = map(mul, column, repeat(factor))
        added = list(map(add, added, each)) if added else list(each)
    return added


@lru_cache(maxsize=256)
def _weight(weights: tuple[float, ...]) -> float:
    """The sum of the weights above zero; the same few are asked for thousands of times."""
    whole = total(sorted(w for w in weights if w > 0))
    if not whole > 0:
        raise ValueError(NO_WEIGHT)
    return whole
