"""Logarithmic mean Divisia index (LMDI): each factor's part in the change of a sum of products.

The sum is V = sum over segments of x1 x2 ... xn: energy as activity, mix and intensity, EBIT as sales,
mix and margin. Source: Ang, The LMDI approach to decomposition analysis: a practical guide, 2005 (LMDI-I).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from thesis.core.interval import total
from thesis.valuation.attribution import Pair, log_mean
from thesis.valuation.domain_checks import DomainChecks, DomainError


class Decomposition(NamedTuple):
    """What each factor did, exactly: ``additive`` adds up to ``change``, ``ratios`` multiply to ``ratio``.

    ``change`` is V1 - V0 and ``ratio`` V1 / V0; ``segments`` splits ``additive`` by segment, then factor.
    """

    additive: dict[str, float]
    ratios: dict[str, float]
    change: float
    ratio: float
    segments: dict[str, dict[str, float]]


def lmdi(segments: Mapping[str, Mapping[str, Pair]]) -> Decomposition:
    """A change by factor (LMDI-I): sum over segments of L(V1_i, V0_i) ln(x1_i / x0_i), L the log mean.

    ``segments``: by name, the factors by name, each a pair of start and end; V_i is their product, so what is
    common to all (activity) is given in each. Ratios are exp(additive / L(V1, V0)). A factor that is 0 at one
    end takes its segment's whole change, the limit of the formula. Sales and margin alone: also
    ``attribute_segments``. Domain: the same factors in every segment, at least 0, one 0 at most at an
    end, the sums above 0. Errors: ``DomainError``. Source: Ang 2005; Ang & Liu 2007 (zeros).

    >>> found = lmdi({"a": {"sales": (100.0, 200.0), "margin": (0.1, 0.1)},
    ...               "b": {"sales": (50.0, 50.0), "margin": (0.1, 0.2)}})
    >>> {name: round(effect, 9) for name, effect in found.additive.items()}, round(found.change, 9)
    ({'sales': 10.0, 'margin': 5.0}, 15.0)
    """
    names = list(next(iter(segments.values()), ()))
    with DomainChecks() as check:
        check.that(bool(names), "segments: expected at least one, with at least one factor, found none")
        for segment, factors in segments.items():
            _factors(check, segment, factors, names)
    ends = {
        segment: (math.prod(x[0] for x in factors.values()), math.prod(x[1] for x in factors.values()))
        for segment, factors in segments.items()
    }
    start, end = (total(pair[i] for pair in ends.values()) for i in (0, 1))
    with DomainChecks() as check:
        check.number("the sum at the start", start, above=0)
        check.number("the sum at the end", end, above=0)
    effects = {segment: _effects(segment, segments[segment], ends[segment]) for segment in segments}
    additive = {name: total(by_name[name] for by_name in effects.values()) for name in names}
    mean = log_mean(end, start)
    ratios = {name: math.exp(effect / mean) for name, effect in additive.items()}
    return Decomposition(additive, ratios, end - start, end / start, effects)


def _factors(check: DomainChecks, segment: str, factors: Mapping[str, Pair], names: list[str]) -> None:
    found = ", ".join(factors) or "none"
    check.that(set(factors) == set(names), f"{segment}: expected {', '.join(names)}, found {found}")
    for name, pair in factors.items():
        check.that(len(pair) == 2, f"{name} of {segment}: expected start and end, found {len(pair)} figures")
        for when, value in zip(("start", "end"), pair, strict=False):
            check.number(f"{name} of {segment} at the {when}", value, least=0)


def _effects(segment: str, factors: Mapping[str, Pair], ends: Pair) -> dict[str, float]:
    """What each factor did to one segment."""
    start, end = ends
    if start > 0 and end > 0:
        mean = log_mean(end, start)
        return {name: mean * math.log(x[1] / x[0]) for name, x in factors.items()}
    if start == end:
        return dict.fromkeys(factors, 0.0)
    empty = [name for name, x in factors.items() if min(x) == 0]
    if len(empty) != 1:
        raise DomainError(
            f"{segment}: expected one factor at 0 where the segment is, found {', '.join(empty)};"
            " give the others the values of the other end"
        )
    return {name: end - start if name in empty else 0.0 for name in factors}
