"""Whether a number can be meant: how it compares with what a series has been, in the unit it is shown in.

A margin of 15% is written ``15%`` and a limit on it ``15`` by mistake, which is 1,500%; sales in whole
dollars are compared with ``100`` for a hundred million. Both can be read, and neither can be meant. Whatever
takes a number from somebody asks here: lint of every file, forecasts, what-ifs and figures entered by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.case.case import Case, NothingKnown
from thesis.core.interval import EVERYTHING, Interval
from thesis.core.period import Quarter
from thesis.core.strict_ends import as_stated
from thesis.language import nodes as n
from thesis.language.evaluate import Evaluator
from thesis.language.functions import FUNCTIONS
from thesis.language.units import RATIO, ValueType, infer, read_unit
from thesis.pack.load import Pack
from thesis.pack.scores import SCORE, score_name

LOOKED_BACK = 20  # quarters of a series that are looked at
PERCENT = "is a percent sign missing, as in {}?"
AMOUNT = "figures are in whole {}: for {} write {}"
BEYOND = 10.0
"""So many times the largest that a ratio has been, a number above 1 is nearer to it as a percentage."""
FAR_BEYOND = 50.0  # the same of a number up to 1, which may well be meant as it stands
UNTRIED = 5.0  # of a ratio shown in percent of which nothing is known yet: 500%
SLIP = 10**2.5  # times; half way to a thousand on a logarithmic scale
SLIPS = {3: "thousands", 6: "millions", 9: "billions", 12: "trillions"}
THRESHOLD_REACH = 30.0
"""So many times what a series has been, or as small a part of it, a threshold or a target may be."""
_IN_PERCENT = ("percent", "bp", "points")
_ANY = Quarter(8000)
_CONSTANT = Evaluator(lambda _name, _quarter: EVERYTHING, {})


class Scale(NamedTuple):
    """What a series has been: its least and its largest known value, and the same of sizes above zero."""

    low: float
    high: float
    smallest: float
    largest: float


class NumberDoubt(NamedTuple):
    """Why a number is hardly meant, and what to write if it is not. ``kind``: ``percent`` or ``scale``."""

    kind: str
    message: str
    hint: str


class ExpressionDoubt(NamedTuple):
    """A number in an expression that is hardly meant."""

    node: n.Node
    doubt: NumberDoubt


def scale_of(values: Sequence[Interval]) -> Scale | None:
    """The scale of some values; None where none of them is known, or all are zero."""
    ends = [end for value in map(as_stated, values) for end in (value.lo, value.hi) if math.isfinite(end)]
    sizes = [abs(end) for end in ends if end]
    return Scale(min(ends), max(ends), min(sizes), max(sizes)) if sizes else None


class Magnitudes:
    """Judges numbers by what the series of a pack have been up to the day of a case."""

    def __init__(self, case: Case) -> None:
        self.pack = case.pack
        self.types = _types(case.pack)
        self.case: Case | None = case
        self._scales: dict[str, Scale | None] = {}
        try:
            self._quarters = [case.quarter - back for back in range(LOOKED_BACK)]
        except NothingKnown:  # nothing was filed
            self.case, self._quarters = None, []

    def of_name(self, name: str, number: float, *, is_marked: bool = False) -> NumberDoubt | None:
        """The doubt about a number that is set beside a metric or a line item; None where there is none.

        ``is_marked``: it was written with ``%`` or ``bp``.
        """
        return self.of_value(n.Name(0, len(name), name), number, is_marked=is_marked)

    def of_numbers(self, name: str, texts: Sequence[n.Number]) -> NumberDoubt | None:
        """The doubt about numbers that belong together, as thresholds do: that of the one in their middle.

        Where some are written with a sign, each of the others is on its own.
        """
        numbers = [each for each in texts if each.value]
        bare = sorted((abs(each.value), each.value) for each in numbers if not each.mark)
        if len(bare) < len(numbers):  # some have a sign: each bare one is on its own
            found = (self.of_name(name, value) for _, value in reversed(bare))
            return next((doubt for doubt in found if doubt), None)
        return self.of_name(name, bare[len(bare) // 2][1]) if bare else None

    def in_expression(self, node: n.Node) -> Iterator[ExpressionDoubt]:
        """Every number in an expression that is hardly meant beside what it is compared with or added to."""
        for part in node.walk():
            together = _together(part)
            others = [each for each in together if not each.is_constant]
            for constant in together if others else ():
                if constant.is_constant:
                    doubt = self._beside(constant, others[0], is_compared=isinstance(part, n.Comparison))
                    if doubt:
                        yield ExpressionDoubt(constant, doubt)

    def of_value(
        self, node: n.Node, number: float, *, is_marked: bool = False, is_compared: bool = True
    ) -> NumberDoubt | None:
        """The doubt about a number beside an expression; ``is_compared``: and not added to it."""
        found = infer(node, self.types, lambda _clash: None)
        if not number or is_marked or found.powers is None or found.kind == "truth":
            return None
        if found.powers != RATIO:
            return self._of_amount(node, number, found) if is_compared else None
        return self._of_ratio(node, number) if is_compared or abs(number) > 1 else None

    def scale(self, node: n.Node) -> Scale | None:
        """What an expression has been in the last quarters; None where nothing is known of it."""
        key = str(node)
        if key not in self._scales:
            case = self.case
            self._scales[key] = (
                scale_of([case.evaluator.ask(node, quarter) for quarter in self._quarters]) if case else None
            )
        return self._scales[key]

    def _beside(self, constant: n.Node, other: n.Node, *, is_compared: bool) -> NumberDoubt | None:
        value = _CONSTANT.ask(constant, _ANY)
        number = max(value.lo, value.hi, key=abs)
        is_marked = any(isinstance(part, n.Number) and part.mark for part in constant.walk())
        return self.of_value(other, number, is_marked=is_marked, is_compared=is_compared)

    def _of_ratio(self, node: n.Node, number: float) -> NumberDoubt | None:
        names = [part.name for part in node.walk() if isinstance(part, n.Name)]
        if any(name.startswith(SCORE) for name in names):
            if abs(number) <= 1:
                return None
            return _percent_doubt(node, number, "and a score lies between 0 and 1")
        is_in_percent = self._is_in_percent(names)
        if is_in_percent is False:  # a multiple, or a number of its own kind
            return None
        scale = self.scale(node)
        if scale is None:
            has_doubt = is_in_percent and abs(number) >= UNTRIED
            return _percent_doubt(node, number, "of which no value is known") if has_doubt else None
        times = abs(number) / scale.largest
        if times <= (BEYOND if is_in_percent and abs(number) > 1 else FAR_BEYOND):
            return None
        been = f"and `{node}` has been {_percent(scale.low)} to {_percent(scale.high)}"
        return _percent_doubt(node, number, been)

    def _is_in_percent(self, names: Sequence[str]) -> bool | None:
        """Whether what these names make is shown in percent; None where none of them says how it is shown."""
        shows = [
            shape.show in _IN_PERCENT
            for name in names
            if (shape := self.pack.metrics.get(name) or self.pack.values.get(name))
            and self.types[name].powers == RATIO
        ]
        shows += [True for name in names if name in self.pack.concepts and self.types[name].powers == RATIO]
        return any(shows) if shows else None

    def _of_amount(self, node: n.Node, number: float, found: ValueType) -> NumberDoubt | None:
        scale = self.scale(node)
        slip = slip_of(number, scale, THRESHOLD_REACH) if scale else 0
        if scale is None or not slip:
            return None
        unit = found.unit
        been = f"`{node}` has been {_amount(scale.low)} to {_amount(scale.high)} {unit}"
        message = f"{_amount(number)} {unit} is hardly meant: {been}"
        if slip < 0:
            return NumberDoubt(
                "scale", message, f"in whole {unit} it would be {_amount(number / 10.0**-slip)}"
            )
        hint = AMOUNT.format(unit, SLIPS[slip], f"{number:.12g}e{slip}")
        return NumberDoubt("scale", message, hint)


def slip_of(number: float, scale: Scale, reach: float) -> int:
    """By which power of ten a number is too small for a series, below zero if it is too large; 0 if neither.

    Only thousands, millions, billions and trillions are slips, and only where they bring the number within
    ``reach`` times of what the series has been.
    """
    size = abs(number)
    if scale.smallest / SLIP <= size <= scale.largest * SLIP:
        return 0
    sign = 1 if size < scale.smallest else -1
    for power in SLIPS:
        put_right = size * 10.0 ** (sign * power)
        if scale.smallest / reach <= put_right <= scale.largest * reach:
            return sign * power
    return 0


def _together(node: n.Node) -> list[n.Node]:
    """The parts of a node that have one unit and are compared, added up or chosen between."""
    if isinstance(node, (n.Comparison, n.Sum)):
        return [node.left, node.right]
    if isinstance(node, n.Call) and node.function in FUNCTIONS:
        function = FUNCTIONS[node.function]
        values = [each for i, each in enumerate(node.arguments) if function.kind(i) == "value"]
        return values if len(values) > 1 else []
    return []


def _types(pack: Pack) -> dict[str, ValueType]:
    """The type of each name, by what the pack declares."""
    found: dict[str, ValueType] = {}
    for name, concept in pack.concepts.items():
        kind = concept.kind if concept.kind in ("flow", "stock") else "rate"
        found[name] = _typed(concept.unit, kind)
    for name, metric in pack.metrics.items():
        found[name] = _typed(metric.unit, "rate")
    found |= {name: each.type for name, each in pack.values.items()}
    for rule in (*pack.thesis.conditions, *pack.thesis.risks):
        found[score_name(rule.id)] = ValueType(RATIO)
    return found


def _typed(unit: str, kind: str) -> ValueType:
    try:
        return ValueType(read_unit(unit), kind)
    except ValueError:  # told where it is declared
        return ValueType(None, "any")


def _percent_doubt(node: n.Node, number: float, why: str) -> NumberDoubt:
    message = f"{number:.12g} is {_percent(number)}, {why}"
    return NumberDoubt("percent", message, PERCENT.format(f"{number:.12g}%"))


def _percent(value: float) -> str:
    return f"{100 * value:,.4g}%" if abs(value) < 100 else f"{100 * value:,.0f}%"


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
