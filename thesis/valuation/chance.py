"""The probability of reaching a level under a random walk of the logarithm.

Geometric Brownian motion dS/S = drift dt + volatility dW: ``drift`` is the expected yearly growth rate,
continuously compounded, ``volatility`` the standard deviation of the logarithm over a year, both
fractions; years may be fractions. Source: Karatzas & Shreve, Brownian Motion and Stochastic Calculus,
2nd ed. 1991, sections 2.8 and 3.5.
"""

from __future__ import annotations

import math

from thesis.valuation.domain_checks import DomainChecks

FAR_TAIL = 25.0  # of erfc, beyond which five terms of its asymptotic series are exact to the last digits


def normal_cdf(x: float) -> float:
    """The chance of a standard normal at or below x: erfc(-x / sqrt 2) / 2. Infinite x are 0 or 1.

    Errors: ``DomainError`` for what is no number.

    >>> normal_cdf(0.0), round(normal_cdf(1.96), 6)
    (0.5, 0.975002)
    """
    with DomainChecks() as check:
        check.number("x", -x if isinstance(x, float) and x < 0 else x, infinite=True)
    return math.erfc(-x / math.sqrt(2)) / 2


def normal_quantile(p: float) -> float:
    """The x below which a standard normal lies with chance p; undoes ``normal_cdf``. Domain: 0 < p < 1.

    A first guess for the tail, then Newton's steps on the logarithm of the chance. Errors: ``DomainError``.

    >>> normal_quantile(0.5), round(normal_quantile(0.975), 6)
    (0.0, 1.959964)
    """
    with DomainChecks() as check:
        check.number("p", p, above=0, below=1)
    if p == 0.5:
        return 0.0
    if p > 0.5:
        return -normal_quantile(1 - p)
    x = -math.sqrt(-2 * math.log(2 * p)) if p < 0.4 else (p - 0.5) * math.sqrt(2 * math.pi)
    for _ in range(60):
        below = math.erfc(-x / math.sqrt(2)) / 2
        density = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        step = (math.log(below) - math.log(p)) * below / density
        x -= step
        if abs(step) <= 1e-15 * abs(x):
            break
    return x


def p_end(*, start: float, target: float, years: float, drift: float, volatility: float) -> float:
    """The chance to stand at or above the target at the end: Phi((m years - b) / (volatility sqrt years)).

    m = drift - volatility^2 / 2, b = ln(target / start). ``drift``: expected growth a year, compounded
    continuously: ln(1 + a yearly rate); for risk-neutral chances risk_free - dividend_yield, both so
    compounded. ``volatility``: standard deviation of the logarithm over a year. With no volatility it is
    1 if the value grown at drift reaches the target, else 0. Domain: start, target, years above 0;
    volatility at least 0. Errors: ``DomainError``.

    >>> round(p_end(start=100.0, target=100.0, years=1.0, drift=0.02, volatility=0.2), 6)
    0.5
    """
    b, m = _walk(start, target, years, drift, volatility)
    if volatility == 0:
        return float(m * years >= b)
    return normal_cdf((m * years - b) / (volatility * math.sqrt(years)))


def p_touch(*, start: float, target: float, years: float, drift: float, volatility: float) -> float:
    """The chance to reach the target at any time up to the end (first passage from below).

    p_end + exp(2 m b / volatility^2) Phi((-b - m years) / (volatility sqrt years)), m and b as in
    ``p_end``; 1 where the start is at the target or above: of a fall, ask ``p_touch_below``. Watched without
    a break: a test of closes finds a little less. Units, domain and errors: as ``p_end``.

    >>> walk = dict(start=100.0, target=110.0, years=1.0, drift=0.02, volatility=0.2)  # m = 0
    >>> round(p_touch(**walk) / p_end(**walk), 9)  # without drift, half of those who touch end above
    2.0
    """
    b, m = _walk(start, target, years, drift, volatility)
    return _passage(b, m, years, volatility)


def p_touch_below(*, start: float, target: float, years: float, drift: float, volatility: float) -> float:
    """The chance to fall to the target at any time up to the end (first passage from above).

    ``p_touch`` of the mirrored walk: b = ln(start / target), drift of the logarithm -m. 1 where the start is
    at the target or below. Units, domain and errors: as ``p_end``.

    >>> walk = dict(start=100.0, target=90.0, years=1.0, drift=0.02, volatility=0.2)  # m = 0
    >>> round(p_touch_below(**walk) / (1 - p_end(**walk)), 9)
    2.0
    """
    b, m = _walk(start, target, years, drift, volatility)
    return _passage(-b, -m, years, volatility)


def _passage(b: float, m: float, years: float, volatility: float) -> float:
    """The chance that a walk of drift m gets b above where it started, at any time."""
    if b <= 0:
        return 1.0
    if volatility == 0:
        return float(m * years >= b)
    at_end = normal_cdf((m * years - b) / (volatility * math.sqrt(years)))
    spread = volatility * math.sqrt(years)
    z = (b + m * years) / spread / math.sqrt(2)
    if z < FAR_TAIL:
        return min(1.0, at_end + math.exp(2 * m / volatility * b / volatility) * math.erfc(z) / 2)
    # there the first factor overflows while the second vanishes; their exponents together are this one
    gap = (b - m * years) / spread
    u = 1 / (2 * z * z)
    series = 1 - u * (1 - 3 * u * (1 - 5 * u * (1 - 7 * u)))
    return min(1.0, at_end + math.exp(-gap * gap / 2) * series / (2 * z * math.sqrt(math.pi)))


def p_touch_given_end(*, start: float, target: float, end: float, years: float, volatility: float) -> float:
    """The chance to have reached the target, knowing where the value stands at the end (Brownian bridge).

    1 if start or end is at or above the target, else exp(-2 ln(target/start) ln(target/end) /
    (volatility^2 years)). It does not depend on the drift. Of a fall, give the reciprocals of the three.
    Domain: start, target, end, years above 0; volatility at least 0. Errors: ``DomainError``.

    >>> round(p_touch_given_end(start=100.0, target=math.e * 100, end=100.0, years=2.0, volatility=1.0), 6)
    0.367879
    """
    with DomainChecks() as check:
        check.positive(start=start, target=target, end=end, years=years)
        check.number("volatility", volatility, least=0, rate=True)
    if max(start, end) >= target:
        return 1.0
    if volatility == 0:
        return 0.0
    gap = math.log(target / start) / volatility * (math.log(target / end) / volatility)
    return math.exp(-2 * gap / years)


def p_lognormal(*, median: float, log_sd: float, threshold: float) -> float:
    """The chance of a lognormal at or above the threshold: Phi(ln(median / threshold) / log_sd).

    ``log_sd``: standard deviation of the logarithm; with 0 the median decides. Domain: median, threshold
    above 0, log_sd at least 0. Errors: ``DomainError``.

    >>> p_lognormal(median=20.0, log_sd=0.25, threshold=20.0)
    0.5
    """
    with DomainChecks() as check:
        check.positive(median=median, threshold=threshold)
        check.number("log_sd", log_sd, least=0)
    if log_sd == 0:
        return float(median >= threshold)
    return normal_cdf(math.log(median / threshold) / log_sd)


def _walk(start: float, target: float, years: float, drift: float, volatility: float) -> tuple[float, float]:
    """The distance to go and the drift of the logarithm."""
    with DomainChecks() as check:
        check.positive(start=start, target=target, years=years)
        check.number("drift", drift, rate=True)
        check.number("volatility", volatility, least=0, rate=True)
    return math.log(target / start), drift - volatility**2 / 2
