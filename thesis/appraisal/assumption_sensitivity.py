"""Sensitivity to assumptions: each moved alone, two together, and the value at which one reaches the target.

Everything else stays at its middle. A breakeven is searched beyond the pack's own range, over every
value that the driver could have at all, and is said to lie inside that range or outside it; that none
is found is an answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from thesis.core.record import record
from thesis.pack.assumptions import Assumption
from thesis.pricing.model import ModelToday, model_outcome
from thesis.valuation import DomainError, solve

GRID = 5  # values of each driver in the two-way table
SAMPLES = 9  # places at which market value is looked at before a breakeven is searched
PAIRED = 5  # of the drivers with the widest swing, those tried in pairs
DIRECTIONS = 8  # first looks along the quarter circle; golden section goes on from the best
FINE = 0.01  # radians: at the bottom of a valley the distance hardly moves
_GOLDEN = (math.sqrt(5) - 1) / 2
_REACH = 12.0  # of a driver's own half range, the farthest that a joint move is looked for


@record
class AssumptionSwing:
    """One driver moved from its low to its high value: market value at the horizon, and its breakeven."""

    name: str
    label: str
    show: str
    low: float
    central: float
    high: float
    at_low: float
    at_high: float
    breakeven: float | None
    inside: bool
    """Whether the breakeven lies in the pack's own range."""

    @property
    def swing(self) -> float:
        return abs(self.at_high - self.at_low)

    @property
    def stretch(self) -> float:
        """How far the breakeven is from the middle, in units of the range on that side; infinite if none."""
        return math.inf if self.breakeven is None else abs(_moved(self, self.breakeven))


@record
class JointMove:
    """The two drivers that reach the target with the smallest joint move, and how far each has to go.

    ``move`` is the root of the sum of squares, each in units of its own range on that side.
    """

    first: str
    second: str
    values: tuple[float, float]
    move: float


@record
class SensitivityGrid:
    """Market value at the horizon over two drivers: a row for each value of the first."""

    first: str
    second: str
    rows: tuple[float, ...]
    columns: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]


class SensitivityQuestion(NamedTuple):
    """What is asked: from today, with these beliefs, is the target reached at the horizon?"""

    today: ModelToday
    assumptions: Mapping[str, Assumption]
    beliefs: Mapping[str, float]
    target: float
    horizon: float

    def market_cap_with(self, changed: Mapping[str, float]) -> float:
        """Market value at the horizon with some beliefs changed."""
        reached = model_outcome(self.today, {**self.beliefs, **changed}, self.horizon, self.horizon)
        return float(reached.market_cap)


def assumption_swings(question: SensitivityQuestion) -> tuple[AssumptionSwing, ...]:
    """Every driver by its swing, the widest first."""
    found = [_lever(question, belief) for belief in question.assumptions.values()]
    return tuple(sorted(found, key=lambda lever: -lever.swing))


def _lever(question: SensitivityQuestion, belief: Assumption) -> AssumptionSwing:
    breakeven = assumption_breakeven(question, belief)
    return AssumptionSwing(
        name=belief.name,
        label=belief.label,
        show=belief.show,
        low=belief.low,
        central=question.beliefs[belief.name],
        high=belief.high,
        at_low=question.market_cap_with({belief.name: belief.low}),
        at_high=question.market_cap_with({belief.name: belief.high}),
        breakeven=breakeven,
        inside=breakeven is not None and belief.low <= breakeven <= belief.high,
    )


def assumption_breakeven(question: SensitivityQuestion, belief: Assumption) -> float | None:
    """The value that alone gives the target; None where no value does."""
    low, high = assumption_domain(belief, question.target)
    try:
        return solve(
            lambda value: question.market_cap_with({belief.name: value}),
            question.target,
            low,
            high,
            samples=SAMPLES,
        ).value
    except DomainError:
        return None


def assumption_domain(belief: Assumption, target: float) -> tuple[float, float]:
    """Every value that a driver could have: a rate of growth, a margin, a multiple or money."""
    if belief.show == "multiple":
        return 0.0, 200.0
    if belief.show == "billions":
        return -target, target
    return (-0.5, 1.0) if belief.name.endswith(".growth") else (-1.0, 1.0)


def smallest_joint_move(question: SensitivityQuestion, found: Sequence[AssumptionSwing]) -> JointMove | None:
    """The smallest joint move of two drivers that gives the target; None where no two of them do."""
    widest = [lever for lever in found if lever.low < lever.high][:PAIRED]
    moves = [_joint(question, first, second) for first, second in combinations(widest, 2)]
    return min((move for move in moves if move), key=lambda move: move.move, default=None)


def _joint(
    question: SensitivityQuestion, first: AssumptionSwing, second: AssumptionSwing
) -> JointMove | None:
    """Along each direction of the quarter circle the distance to the target; of them the shortest."""
    upward = question.market_cap_with({}) < question.target

    def at(angle: float, distance: float) -> dict[str, float]:
        return {
            first.name: _stands(question, first, distance * math.cos(angle), upward=upward),
            second.name: _stands(question, second, distance * math.sin(angle), upward=upward),
        }

    def needed(angle: float) -> float:
        try:
            found = solve(
                lambda d: question.market_cap_with(at(angle, d)), question.target, 0.0, _REACH, samples=5
            )
        except DomainError:
            return math.inf
        return math.inf if found.value is None else found.value

    best = _lowest(needed, 0.0, math.pi / 2)
    distance = needed(best)
    if not math.isfinite(distance):
        return None
    values = at(best, distance)
    return JointMove(first.name, second.name, (values[first.name], values[second.name]), distance)


def _stands(question: SensitivityQuestion, lever: AssumptionSwing, move: float, *, upward: bool) -> float:
    """The value of a driver that moved so many of its ranges towards a higher market value, or a lower.

    It stops where no value is one: sales do not shrink by more than all of them.
    """
    helps_high = (lever.at_high >= lever.at_low) == upward
    span = (lever.high - lever.central) if helps_high else (lever.low - lever.central)
    least, most = assumption_domain(question.assumptions[lever.name], question.target)
    return min(max(lever.central + move * span, min(least, lever.low)), max(most, lever.high))


def _moved(lever: AssumptionSwing, value: float) -> float:
    span = (lever.high if value > lever.central else lever.low) - lever.central
    return (value - lever.central) / span if span else math.inf


def _lowest(f: Callable[[float], float], low: float, high: float) -> float:
    """Where a function of one valley is lowest: a coarse look, then golden section."""
    step = (high - low) / DIRECTIONS
    places = [low + step * i for i in range(DIRECTIONS + 1)]
    best = min(places, key=f)
    a, b = max(low, best - step), min(high, best + step)
    while b - a > FINE:
        c, d = b - _GOLDEN * (b - a), a + _GOLDEN * (b - a)
        if f(c) < f(d):
            b = d
        else:
            a = c
    return (a + b) / 2


def sensitivity_grid(
    question: SensitivityQuestion, found: Sequence[AssumptionSwing]
) -> SensitivityGrid | None:
    """The two drivers with the widest swing against each other."""
    if len(found) < 2:
        return None
    first, second = found[:2]
    rows, columns = _steps(first), _steps(second)
    values = tuple(
        tuple(question.market_cap_with({first.name: row, second.name: column}) for column in columns)
        for row in rows
    )
    return SensitivityGrid(first.name, second.name, rows, columns, values)


def _steps(lever: AssumptionSwing) -> tuple[float, ...]:
    """From low over the middle to high, as many on each side."""
    half = GRID // 2
    below = [lever.low + (lever.central - lever.low) * i / half for i in range(half)]
    above = [lever.central + (lever.high - lever.central) * i / half for i in range(half + 1)]
    return tuple(below + above)
