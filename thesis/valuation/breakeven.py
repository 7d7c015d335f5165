"""How far each input moves a result, and the value at which it alone would reach a target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from thesis.core.argument_checks import number_text
from thesis.valuation.attribution import Pair
from thesis.valuation.domain_checks import DomainError
from thesis.valuation.solving import Solution, solve

Model = Callable[[Mapping[str, float]], float]


class Bar(NamedTuple):
    """One input's bar of a tornado: the answer at its low and high, and how far apart they are.

    ``breakeven`` is None where no target was given.
    """

    name: str
    at_low: float
    at_high: float
    swing: float
    breakeven: Solution | None


def breakeven(
    model: Model, central: Mapping[str, float], name: str, target: float, *, low: float, high: float
) -> Solution:
    """The value of one input, the others as they are, at which the model gives the target.

    Looked for between low and high; no root is an answer with the range that is reached (``Solution``).
    Errors: ``DomainError`` for an unknown name, or a model that turns between low and high.

    >>> found = breakeven(lambda x: x["a"] * x["b"], {"a": 2.0, "b": 5.0}, "b", 12.0, low=0.0, high=10.0)
    >>> round(found.value, 12)
    6.0
    """
    _known(central, name)
    return solve(lambda x: model({**central, name: x}), target, low, high)


def tornado(
    model: Model,
    central: Mapping[str, float],
    ranges: Mapping[str, Pair],
    *,
    target: float | None = None,
    search: Mapping[str, Pair] | None = None,
) -> list[Bar]:
    """Each input moved through its range alone, the widest swing first (ties by name).

    With a ``target``, the value of each input that alone reaches it, looked for in ``search`` where that
    names the input, else in its range. Errors: ``DomainError`` for unknown names.

    >>> bars = tornado(lambda x: x["a"] * x["b"], {"a": 2.0, "b": 5.0}, {"a": (1.0, 3.0), "b": (4.0, 6.0)})
    >>> [(bar.name, bar.swing) for bar in bars]
    [('a', 10.0), ('b', 4.0)]
    """
    bars = []
    for name, (low, high) in ranges.items():
        _known(central, name)
        ends = [model({**central, name: end}) for end in (low, high)]
        a, b = (search or {}).get(name, (low, high))
        root = None if target is None else breakeven(model, central, name, target, low=a, high=b)
        bars.append(Bar(name, ends[0], ends[1], abs(ends[1] - ends[0]), root))
    return sorted(bars, key=lambda bar: (-bar.swing, bar.name))


def _known(central: Mapping[str, float], name: str) -> None:
    if name not in central:
        raise DomainError(f"input: expected one of {', '.join(central)}, found {number_text(name)}")
