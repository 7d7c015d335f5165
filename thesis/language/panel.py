"""Evaluates the rule language for many companies at once, with numpy arrays as endpoints.

A panel holds one series for all companies: rows are quarters, oldest first, columns are entities,
so that "four quarters ago" is the same memory read four rows higher. An expression is worked out
for a few entities at a time, in arrays small enough to stay in the processor's cache, and each of
its parts once, however many quarters back it is asked for.

Of a point both endpoints are one array, with NaN where nothing is known; of anything else they are
two arrays without NaN. Truth is boolean. This is the only module here that needs numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from thesis.core.interval import EVERYTHING, Endpoint, Interval
from thesis.core.period import Quarter
from thesis.language import nodes as n
from thesis.language.evaluate import Evaluator
from thesis.language.functions import LOOKBACK

Array = npt.NDArray[Any]
Series = Array | tuple[Array, Array]  # quarters x entities; NaN where missing, or where an end is open
Finish = Callable[[dict[str, Interval]], Mapping[str, Interval]]

# Values of one series in a block: 256 KiB. Half as many took a quarter longer, for want of work between
# two steps of Python; more gained nothing and took more memory (measured with benchmarks/panel.py).
CELLS = 32_768


class Arrays:
    """The primitives on arrays, as ``Floats`` has them on single numbers.

    Either side may be a single number. NaN passes through ``least`` and ``greatest``.
    """

    least = staticmethod(np.minimum)
    greatest = staticmethod(np.maximum)
    exp = staticmethod(np.exp)
    log = staticmethod(np.log)
    power = staticmethod(np.power)

    @staticmethod
    def ascending(values: Iterable[Endpoint]) -> list[Array]:
        """Some arrays, or numbers beside them, put in order cell by cell, the smallest first."""
        return list(np.sort(np.stack(np.broadcast_arrays(*values)), axis=0))

    @staticmethod
    def choose(condition: Endpoint, yes: Endpoint, no: Endpoint) -> Array:
        # Most conditions are about what seldom is the case: a base that is not positive, a divisor of zero.
        if isinstance(no, np.ndarray) and not np.any(condition):
            return no
        return np.where(condition, yes, no)  # type: ignore[return-value]  # its stubs misread Any

    @staticmethod
    def settle(a: Array, otherwise: float) -> Array:
        return np.fmin(a, otherwise) if otherwise > 0 else np.fmax(a, otherwise)

    @staticmethod
    def divide(a: Endpoint, b: Endpoint) -> Array:
        return Arrays.choose(b == 0, np.nan, np.divide(a, b))

    @staticmethod
    def truth(a: Array) -> Array:
        return a

    @staticmethod
    def contrary(a: Array) -> Array:
        return ~a if a.dtype == bool else 1.0 - a


class Panel(Interval):
    """An interval for each quarter and entity: endpoints of shape (quarters, entities).

    What asks an interval for a single answer (``==``, ``holds``, ``middle``, ``is_anything``) is
    asked of a ``cell``. Arithmetic outside of ``evaluate`` is best done under
    ``numpy.errstate(all="ignore")``: what is not known meets what is not a number as a matter of course.
    """

    __slots__ = ()
    ops: ClassVar[Any] = Arrays

    @classmethod
    def exactly(cls, value: Array) -> Panel:
        return cls(value, value)

    @classmethod
    def answer(cls, a: Endpoint, b: Endpoint) -> Panel:
        return cls(a >= b, ~(a < b))  # neither holds of NaN: not certain, and possible

    @property
    def ends(self) -> tuple[Array, Array]:
        if self.lo is self.hi:
            return np.fmax(self.lo, -np.inf), np.fmin(self.lo, np.inf)
        return self.lo, self.hi

    @property
    def is_point(self) -> bool:
        """Whether every value is known exactly or not at all."""
        return self.lo is self.hi

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.lo.shape)

    def cell(self, quarter: int, entity: int) -> Interval:
        """The value of one entity in one quarter, by row and column."""
        lo, hi = float(self.lo[quarter, entity]), float(self.hi[quarter, entity])
        return Interval.exactly(lo) if self.lo is self.hi else Interval(lo, hi)

    def __repr__(self) -> str:
        what = "points" if self.is_point else "ranges"
        return f"{what} of {self.shape[0]} quarters x {self.shape[1]} entities"


class _Past(NamedTuple):
    """A panel with ``room`` rows above the first quarter, so that an earlier one is only a view."""

    lo: Array
    hi: Array
    room: int

    @classmethod
    def of(cls, panel: Panel, before: Interval, room: int) -> _Past:
        """``before`` is the value in each of the quarters above."""
        if panel.lo is panel.hi and before.is_anything:
            points = _extended(panel.lo, np.nan, room)
            return cls(points, points, room)
        lo, hi = panel.ends
        return cls(_extended(lo, before.lo, room), _extended(hi, before.hi, room), room)

    def back(self, quarters: int) -> Panel:
        start, end = self.room - quarters, len(self.lo) - quarters
        lo = self.lo[start:end]
        return Panel(lo, lo if self.lo is self.hi else self.hi[start:end])


def _extended(rows: Array, above: float, room: int) -> Array:
    kind = rows.dtype if rows.dtype == bool else np.float64
    result = np.empty((room + len(rows), *rows.shape[1:]), kind)
    result[:room] = above
    result[room:] = rows
    return result


def _missing(name: str, quarter: Quarter) -> Interval:
    """A fact before the first quarter."""
    return EVERYTHING


class PanelEvaluator(Evaluator):
    """Values of expressions for a block of entities, all quarters at once.

    A position in time is here how far back a whole series is shifted: 0, -1, -2 ... Before the
    first quarter no fact is known, and an expression has the value that it has of that.
    Errors: ``KeyError`` for a name that is neither a metric nor among the facts.
    """

    def __init__(
        self,
        facts: Mapping[str, Series],
        metrics: Mapping[str, n.Node],
        given: Mapping[str, Interval] | None = None,
        before: Evaluator | None = None,
        alike: Mapping[int, n.Node] | None = None,
    ) -> None:
        """``before`` and ``alike`` are shared by blocks: the past, one node for all that say the same."""
        # Not a method: an evaluator that held itself would keep its block until the collector comes.
        super().__init__(_missing, metrics, given)
        self.facts = facts
        self._before = before or Evaluator(_missing, metrics, given)
        self._alike = alike or {}
        self._pasts: dict[object, _Past] = {}

    def panel(self, node: n.Node) -> Interval:
        """The values of an expression in all quarters; an ``Interval`` where they are all the same."""
        self._kept[id(node)] = node
        return self.value(node, 0)

    def value(self, node: n.Node, at: int) -> Interval:
        if type(node) is n.Name:  # a name has no values of its own to remember
            return self._named(node.name, at)
        node = self._alike.get(id(node), node)
        now = super().value(node, 0)
        if at == 0 or not isinstance(now, Panel):
            return now
        past = self._pasts.get(id(node))
        if past is None or past.room < -at:
            past = _Past.of(now, self._before.value(node, 0), max(-at, LOOKBACK))
            self._pasts[id(node)] = past
            self._known[id(node), 0] = past.back(0)  # lets go of the copy without the room
        return past.back(-at)

    def _named(self, name: str, at: int) -> Interval:
        if name in self.given or name in self.metrics:
            return super()._named(name, at)
        past = self._pasts.get(name)
        if past is None or past.room < -at:
            past = self._pasts[name] = _Past.of(self._fact(name), EVERYTHING, max(-at, LOOKBACK))
        return past.back(-at)

    def _fact(self, name: str) -> Panel:
        series = self.facts[name]
        if isinstance(series, tuple):
            return Panel(np.fmax(series[0], -np.inf), np.fmin(series[1], np.inf))
        return Panel.exactly(series)


class _Job(NamedTuple):
    """What all blocks of an evaluation have in common."""

    expressions: Mapping[str, n.Node]
    facts: Mapping[str, Series]
    metrics: Mapping[str, n.Node]
    given: Mapping[str, Interval]
    finish: Finish | None
    before: Evaluator
    alike: Mapping[int, n.Node]
    shape: tuple[int, int]

    @classmethod
    def of(
        cls,
        expressions: Mapping[str, n.Node],
        facts: Mapping[str, Series],
        metrics: Mapping[str, n.Node] | None,
        given: Mapping[str, Interval] | None,
        finish: Finish | None,
    ) -> _Job:
        metrics, given = metrics or {}, given or {}
        before = Evaluator(_missing, metrics, given)
        first: dict[tuple[type[n.Node], str], n.Node] = {}
        roots = [*metrics.values(), *expressions.values()]
        alike = {
            id(node): first.setdefault((type(node), str(node)), node)
            for root in roots
            for node in root.walk()
        }
        return cls(expressions, facts, metrics, given, finish, before, alike, _shape(facts))

    def block(self, part: slice) -> dict[str, Interval]:
        """The values for the entities of one slice."""
        facts = {
            name: tuple(end[:, part] for end in series) if isinstance(series, tuple) else series[:, part]
            for name, series in self.facts.items()
        }
        evaluator = PanelEvaluator(facts, self.metrics, self.given, self.before, self.alike)  # type: ignore[arg-type]
        with np.errstate(all="ignore"):  # a setting of the thread it is made in
            found = {name: evaluator.panel(node) for name, node in self.expressions.items()}
            return {**found, **self.finish(found)} if self.finish else found

    def parts(self, width: int | None) -> list[slice]:
        """The entities, so many at a time."""
        width = width or max(1, CELLS // max(1, self.shape[0]))
        return [slice(start, min(start + width, self.shape[1])) for start in range(0, self.shape[1], width)]


def _shape(facts: Mapping[str, Series]) -> tuple[int, int]:
    ends = [end for series in facts.values() for end in (series if isinstance(series, tuple) else (series,))]
    shapes = {end.shape for end in ends}
    if len(shapes) != 1 or ends[0].ndim != 2:
        raise ValueError(f"expected series of quarters x entities, all of one shape, found {sorted(shapes)}")
    rows, columns = shapes.pop()
    return rows, columns


def blocks(
    expressions: Mapping[str, n.Node],
    facts: Mapping[str, Series],
    metrics: Mapping[str, n.Node] | None = None,
    given: Mapping[str, Interval] | None = None,
    *,
    finish: Finish | None = None,
    block: int | None = None,
) -> Iterator[tuple[slice, dict[str, Interval]]]:
    """Block after block: which entities, and the values for them. Only one block is in memory.

    Arguments and errors are those of ``evaluate``.
    """
    job = _Job.of(expressions, facts, metrics, given, finish)
    for part in job.parts(block):
        yield part, job.block(part)


def evaluate(
    expressions: Mapping[str, n.Node],
    facts: Mapping[str, Series],
    metrics: Mapping[str, n.Node] | None = None,
    given: Mapping[str, Interval] | None = None,
    *,
    finish: Finish | None = None,
    block: int | None = None,
    threads: int = 1,
    into: Mapping[str, Panel] | None = None,
) -> dict[str, Panel]:
    """The values of each expression for all entities, in all quarters.

    ``facts`` are arrays of shape (quarters, entities), oldest quarter first, NaN where missing, or
    pairs of them for the low and the high ends. ``metrics`` are the formulas that names stand for,
    ``given`` what names are set to in every quarter. ``finish`` works out more from the values of a
    block, such as scores. ``into`` are panels of an earlier call to write over. ``block`` is how many
    entities are worked out together, on each of ``threads``.
    Errors: ``ValueError`` where series differ in shape, ``KeyError`` for a name without a series.
    """
    job = _Job.of(expressions, facts, metrics, given, finish)
    results: dict[str, Panel] = dict(into or {})
    first, *rest = job.parts(block) or [slice(0, 0)]

    def work(part: slice) -> None:
        for name, value in job.block(part).items():
            if name not in results:
                results[name] = _blank(value, job.shape)
            whole = results[name]
            whole.lo[:, part] = value.lo
            if whole.lo is not whole.hi:
                whole.hi[:, part] = value.hi

    work(first)  # alone, for it makes the room that the others write to
    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, rest))
    else:
        for part in rest:
            work(part)
    return results


def _blank(like: Interval, shape: tuple[int, int]) -> Panel:
    """Room for all entities, of the make of one block: a point or a range, truth or numbers."""
    lo = np.empty(shape, getattr(like.lo, "dtype", np.float64))
    return Panel(lo, lo if like.lo is like.hi else np.empty_like(lo))
