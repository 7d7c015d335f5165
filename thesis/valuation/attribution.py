"""Attribution of a price change to profit, multiple and share count, exact in logarithms.

Logarithms add up where percentages leave a remainder. The exponential of each figure, less one, is
what that cause alone would have done. Source of the form: O'Shaughnessy Asset Management, Factors
from Scratch, 2018, appendix; of the weights: Ang, The LMDI approach to decomposition analysis, 2005.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import NamedTuple

from thesis.core.argument_checks import number_text
from thesis.core.interval import total
from thesis.valuation.domain_checks import DomainChecks

Pair = tuple[float, float]  # at the start, at the end
MOST_INPUTS = 12  # of a Shapley value: the model runs once for each set of them


class PriceAttribution(NamedTuple):
    """Logarithms; price = ebit + multiple + shares, ebit = sales + margin, total = price + dividends.

    ``shares`` is what the share count did to the price: below 0 where it grew. ``sales`` and ``margin``
    are None where no sales were given.
    """

    price: float
    ebit: float
    multiple: float
    shares: float
    sales: float | None
    margin: float | None
    dividends: float
    total: float


class SegmentEffect(NamedTuple):
    """What a segment's sales and margin did to the logarithm of the whole EBIT; total is their sum."""

    sales: float
    margin: float
    total: float


def attribute_price(
    *, price: Pair, ebit: Pair, shares: Pair, sales: Pair | None = None, dividends: float = 0.0
) -> PriceAttribution:
    """ln(P1/P0) = ln(EBIT1/EBIT0) + ln(x1/x0) - ln(S1/S0), with x = price shares / EBIT.

    Each a pair, start and end. With ``sales``, EBIT is split: ln(sales1/sales0) + ln(m1/m0), m the margin.
    ``dividends`` per share over the span add ln(1 + dividends / P1): total = ln((P1 + dividends) / P0).
    Domain: all above 0, dividends at least 0. Errors: ``DomainError``: a loss has no multiple and no
    logarithm; where EBIT was not positive, take sales in its place.

    >>> found = attribute_price(price=(10.0, 30.0), ebit=(5.0, 10.0), shares=(100.0, 80.0))
    >>> round(math.exp(found.ebit), 6), round(math.exp(found.multiple), 6), round(math.exp(found.shares), 6)
    (2.0, 1.2, 1.25)
    """
    given = {"price": price, "ebit": ebit, "shares": shares, **({} if sales is None else {"sales": sales})}
    with DomainChecks() as check:
        _pairs(check, given)
        check.number("dividends", dividends, least=0)
    prices, profits, counts = _log(price), _log(ebit), -_log(shares)
    sold = None if sales is None else _log(sales)
    paid = math.log1p(dividends / price[1])
    return PriceAttribution(
        prices,
        profits,
        prices - profits - counts,
        counts,
        sold,
        None if sold is None else profits - sold,
        paid,
        prices + paid,
    )


def _pairs(check: DomainChecks, given: Mapping[str, Pair]) -> None:
    for name, pair in given.items():
        check.that(len(pair) == 2, f"{name}: expected two figures, start and end, found {len(pair)}")
        hint = "a loss has no logarithm; take sales in its place" if "ebit" in name else ""
        for when, value in zip(("start", "end"), pair, strict=False):
            check.number(f"{name} at the {when}", value, above=0, hint=hint)


def _log(pair: Pair) -> float:
    return math.log(pair[1] / pair[0])


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean: (a - b) / ln(a / b), and a where they are equal. Domain: both above 0.

    Errors: ``DomainError``. Source: Carlson, The Logarithmic Mean, 1972.

    >>> round(log_mean(1.0, math.e), 6)
    1.718282
    """
    with DomainChecks() as check:
        check.positive(a=a, b=b)
    apart = (a - b) / b
    # near equality both halves lose their digits; log1p of the same distance keeps them
    return a if apart == 0 else (a - b) / (math.log1p(apart) if abs(apart) < 0.5 else math.log(a / b))


def attribute_segments(
    *, sales: Mapping[str, Pair], ebit: Mapping[str, Pair], method: str = "lmdi"
) -> dict[str, SegmentEffect]:
    """ln(EBIT1/EBIT0) of the whole by segment, and within each by sales and margin. Both ways are exact.

    ``lmdi``: segment i has the weight L(e1_i, e0_i) / L(E1, E0), L the logarithmic mean, on its own
    ln(sales1/sales0) and ln(margin1/margin0). Every segment's EBIT must be above 0 at both ends.
    ``shapley``: in money, sales (s1 - s0)(m0 + m1) / 2 and margin (m1 - m0)(s0 + s1) / 2, over L(E1, E0).
    Works with losses and margins of either sign; only sales and the whole EBIT must be above 0.
    Domain: the same segments in both mappings, pairs of start and end in one unit.
    Errors: ``DomainError``, naming the segment. Source: Ang 2005; Shapley, A Value for n-Person Games, 1953.

    >>> effects = attribute_segments(
    ...     sales={"a": (100.0, 200.0), "b": (50.0, 50.0)}, ebit={"a": (10.0, 20.0), "b": (-2.0, 4.0)},
    ...     method="shapley")
    >>> round(sum(e.total for e in effects.values()) - math.log(24.0 / 8.0), 12), effects["a"].margin
    (0.0, 0.0)
    """
    with DomainChecks() as check:
        check.that(
            method in ("lmdi", "shapley"), f"method: expected lmdi or shapley, found {number_text(method)}"
        )
        check.that(
            bool(sales) and set(sales) == set(ebit),
            f"segments: expected the same in sales and ebit, found {_names(sales)} and {_names(ebit)}",
        )
        _pairs(check, {f"sales of {name}": pair for name, pair in sales.items()})
        for name, pair in ebit.items():
            check.that(len(pair) == 2, f"EBIT of {name}: expected start and end, found {len(pair)} figures")
            for when, value in zip(("start", "end"), pair, strict=False):
                if check.number(f"EBIT of {name} at the {when}", value) and method == "lmdi":
                    remedy = "logarithmic weights need a profit; use method='shapley'"
                    check.number(f"EBIT of {name} at the {when}", value, above=0, hint=remedy)
    whole = total(e[0] for e in ebit.values()), total(e[1] for e in ebit.values())
    with DomainChecks() as check:
        _pairs(check, {"ebit of the whole": whole})
    mean = log_mean(whole[1], whole[0])
    effect = _lmdi if method == "lmdi" else _shapley
    return {name: effect(sales[name], ebit[name], mean) for name in sales}


def _names(given: Mapping[str, object]) -> str:
    return ", ".join(given) or "none"


def _lmdi(sales: Pair, ebit: Pair, mean: float) -> SegmentEffect:
    weight = log_mean(ebit[1], ebit[0]) / mean
    sold, earned = _log(sales), _log(ebit)
    return SegmentEffect(weight * sold, weight * (earned - sold), weight * earned)


def _shapley(sales: Pair, ebit: Pair, mean: float) -> SegmentEffect:
    before, after = ebit[0] / sales[0], ebit[1] / sales[1]
    sold = (sales[1] - sales[0]) * (before + after) / 2 / mean
    margin = (after - before) * (sales[0] + sales[1]) / 2 / mean
    return SegmentEffect(sold, margin, sold + margin)


def shapley(
    model: Callable[[Mapping[str, float]], float], start: Mapping[str, float], end: Mapping[str, float]
) -> dict[str, float]:
    """What each input's change did to a model's answer: its mean effect over every order of changing them.

    The effects add up to model(end) - model(start), whatever the model. It runs 2^n times, n up to 12.
    Domain: the same inputs in start and end. Errors: ``DomainError``. Source: Shapley 1953.

    >>> shapley(lambda x: x["p"] * x["q"], {"p": 1.0, "q": 10.0}, {"p": 3.0, "q": 20.0})
    {'p': 30.0, 'q': 20.0}
    """
    names, n = list(start), len(start)
    with DomainChecks() as check:
        check.that(
            set(start) == set(end) and 0 < n <= MOST_INPUTS,
            f"inputs: expected the same in start and end, 1 to {MOST_INPUTS}, found {_names(start)}"
            f" and {_names(end)}",
        )
    sets = [frozenset(chosen) for k in range(n + 1) for chosen in combinations(names, k)]
    values = {chosen: model({x: (end if x in chosen else start)[x] for x in names}) for chosen in sets}
    orders = [math.factorial(k) * math.factorial(n - 1 - k) / math.factorial(n) for k in range(n)]
    return {
        name: total(
            orders[len(chosen)] * (values[chosen | {name}] - values[chosen])
            for chosen in sets
            if name not in chosen
        )
        for name in names
    }
