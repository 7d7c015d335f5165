"""What has no meaning is refused, in words: what was expected, what was found, what to do."""

from __future__ import annotations

import inspect
import math
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

import thesis.calibration as c
from thesis.calibration import ScoringError

DAY, NEXT = date(2026, 1, 1), date(2026, 1, 2)
ANY: Any = None
TEXT: Any = "0.1"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        pytest.param(
            lambda: c.brier([30.0, -0.1], [1, 2]),
            "p 1: expected at most 1, found 30 (probabilities are fractions, 30 % is 0.3); p 2: expected at"
            " least 0, found -0.1 (probabilities are fractions, 30 % is 0.3); y 2: expected 1 for yes or 0"
            " for no, found 2 (leave open and annulled forecasts out)",
            id="everything wrong is told at once",
        ),
        pytest.param(
            lambda: c.brier([2.0] * 100, [1] * 100), "; and 95 more like these", id="a hundred faults"
        ),
        pytest.param(
            lambda: c.brier([0.5], [ANY]), "y 1: expected 1 for yes or 0 for no, found None", id="open"
        ),
        pytest.param(lambda: c.brier([0.5], []), "y: expected as many as p (1), found 0", id="lengths"),
        pytest.param(
            lambda: c.brier(0.5, 1),  # type: ignore[arg-type]
            "p: expected a list, one for each forecast, found 0.5; y: expected a list",
            id="no list",
        ),
        pytest.param(lambda: c.brier("01", [0, 1]), "p: expected a list", id="text"),  # type: ignore[arg-type]
        pytest.param(
            lambda: c.log_score([0.5, 1.0], [1, 0], clip=0),
            "probability of what happened 2: expected more than 0, found 0 (its log score is infinite;",
            id="an infinite log score",
        ),
        pytest.param(lambda: c.log_score([0.5], [1], clip=0.5), "clip: expected less than 0.5", id="clip"),
        pytest.param(
            lambda: c.rps([[0.5, 0.4]], [0]),
            "p 1: expected probabilities that add up to 1, found 0.9",
            id="a distribution with a hole",
        ),
        pytest.param(
            lambda: c.rps([[1.0]], [0]), "p 1: expected at least two classes, found one", id="one class"
        ),
        pytest.param(
            lambda: c.rps([[]], [0]), "p 1: expected at least two classes, found none", id="no class"
        ),
        pytest.param(
            lambda: c.rps([[0.5, 0.5]], [2]),
            "outcomes 1: expected a whole number from 0 to 1, found 2",
            id="class",
        ),
        pytest.param(
            lambda: c.ladder_rps([[0.5, 0.6]], [1]),
            "ladder 1, rung 2: expected at most the chance of rung 1 (0.5), found 0.6 (what reaches a higher"
            " rung has reached the lower; is the order rising?)",
            id="a ladder that rises",
        ),
        pytest.param(
            lambda: c.ladder_rps([[0.5, 0.4]], [3]),
            "reached 1: expected a whole number from 0 to 2",
            id="rungs",
        ),
        pytest.param(
            lambda: c.ladder_classes([]), "ladder: expected at least one rung, found none", id="no rung"
        ),
        pytest.param(
            lambda: c.quantile_score([[1.0, 3.0, 2.0]], [1.0]),
            "quantiles 1: expected quantiles that never fall, found 1, 3, 2 (they cross)",
            id="quantiles that cross",
        ),
        pytest.param(
            lambda: c.quantile_score([[1.0, 3.0]], [1.0]),
            "quantiles 1: expected one for each of 3 levels, found 1, 3",
            id="a quantile too few",
        ),
        pytest.param(
            lambda: c.quantile_score([[1.0, 3.0]], [1.0], levels=[0.9, 0.1]),
            "levels: expected rising ones, found 0.9, 0.1",
            id="levels",
        ),
        pytest.param(
            lambda: c.pinball([1.0], [1.0], q=90), "q: expected less than 1, found 90", id="percent"
        ),
        pytest.param(
            lambda: c.interval_score([(2.0, 1.0)], [1.0]),
            "interval 1: expected low at most high, found 2..1",
            id="an interval backwards",
        ),
        pytest.param(
            lambda: c.interval_score([(1.0,)], [1.0]),  # type: ignore[list-item]
            "intervals 1: expected low and high, found 1",
            id="half an interval",
        ),
        pytest.param(
            lambda: c.crps_normal([(0.0, -1.0)], [0.0]),
            "standard deviation 1: expected at least 0",
            id="spread",
        ),
        pytest.param(
            lambda: c.pinball([1e308] * 2, [-1e308] * 2, q=0.1),
            "mean: expected what a number can hold, found more; look at the units",
            id="a score too much for a number",
        ),
        pytest.param(
            lambda: c.pinball([0.0] * 2, [1.7e308, 1.6e308], q=0.9),
            "mean: expected what a number can hold, found more; look at the units",
            id="a sum too much for a number",
        ),
        pytest.param(lambda: c.ece([0.5], [1], edges=[0.5, 0.2]), "edges: expected rising ones", id="edges"),
        pytest.param(
            lambda: c.ece([0.5], [1], edges=[0.0]), "edge 1: expected more than 0", id="an outer edge"
        ),
        pytest.param(
            lambda: c.even_bins(0), "count: expected a whole number from 1 to 1000, found 0", id="bins"
        ),
        pytest.param(
            lambda: c.wilson(hits=3, n=2), "hits: expected a whole number from 0 to 2, found 3", id="hits"
        ),
        pytest.param(
            lambda: c.wilson(hits=1.5, n=2),  # type: ignore[arg-type]
            "hits: expected a whole number from 0 to 2, found 1.5",
            id="half a hit",
        ),
        pytest.param(
            lambda: c.skill(score=-0.1, reference=0.2),
            "score: expected at least 0, found -0.1 (losses, where lower is better)",
            id="a gain",
        ),
        pytest.param(
            lambda: c.paired([0.1], [0.1, 0.2]), "theirs: expected as many as ours (1)", id="unpaired"
        ),
        pytest.param(
            lambda: c.paired([0.1], [0.1], lag=-1),
            "lag: expected a whole number from 0 to 1000, found -1",
            id="lag",
        ),
        pytest.param(
            lambda: c.time_weighted_brier([(NEXT, 0.5)], happened=True, closed=NEXT),
            "updates 1: expected before 2026-01-02, when the answer became known, found 2026-01-02",
            id="a forecast of what is known",
        ),
        pytest.param(
            lambda: c.time_weighted([(NEXT, 0.5), (DAY, 0.1)], closed=date(2026, 2, 1)),
            "scores 2: expected on or after 2026-01-02, found 2026-01-01",
            id="days out of order",
        ),
        pytest.param(
            lambda: c.time_weighted([(datetime(2026, 1, 1), 0.5)], closed=NEXT),  # noqa: DTZ001
            "scores 1: expected a date and a figure",
            id="a time of day",
        ),
        pytest.param(
            lambda: c.time_weighted_brier([(DAY, 50.0)], happened=True, closed=NEXT),
            "p 1: expected at most 1, found 50",
            id="percent by the day",
        ),
        pytest.param(lambda: c.effective_n([["a"]]), "clusters 1: expected a name", id="a list as a name"),  # type: ignore[list-item]
        pytest.param(lambda: c.effective_n([("a", [])]), "clusters 1: expected a name", id="a list inside"),
        pytest.param(lambda: c.design_effect(["a"], icc=2), "icc: expected at most 1, found 2", id="icc"),
        pytest.param(lambda: c.enough(-1), "n: expected at least 0, found -1", id="fewer than none"),
        pytest.param(lambda: c.kendall_tau([1, 2], [1]), "y: expected as many as x (2), found 1", id="order"),
        pytest.param(
            lambda: c.weighted_kappa(["a", "z"], ["a", "b"], levels=["a", "b"]),
            "a 2: expected one of a, b, found 'z'",
            id="a level outside the rubric",
        ),
        pytest.param(
            lambda: c.weighted_kappa(["a"], ["a"], levels=["a", "a"], weights="cubic"),
            "levels: expected two or more, each once, found a, a; weights: expected linear or quadr",
            id="levels twice",
        ),
    ],
)
def test_refused_in_words(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ScoringError) as refused:
        call()
    assert words in str(refused.value)


LISTS: dict[str, Callable[[Any], object]] = {
    "brier": lambda bad: c.brier([0.5, bad], [0, 1]),
    "brier, outcomes": lambda bad: c.brier([0.5, 0.5], [0, bad]),
    "rps": lambda bad: c.rps([[0.5, bad]], [0]),
    "rps, outcomes": lambda bad: c.rps([[0.5, 0.5]], [bad]),
    "rps, vectors": lambda bad: c.rps([bad], [0]),
    "ladder_rps": lambda bad: c.ladder_rps([[0.5, bad]], [0]),
    "pinball": lambda bad: c.pinball([bad], [1.0], q=0.5),
    "pinball, q": lambda bad: c.pinball([1.0], [1.0], q=bad),
    "quantile_score": lambda bad: c.quantile_score([[0.0, bad, 1.0]], [1.0]),
    "interval_score": lambda bad: c.interval_score([(0.0, bad)], [1.0]),
    "interval_score, pairs": lambda bad: c.interval_score([bad], [1.0]),
    "crps_normal": lambda bad: c.crps_normal([(bad, 1.0)], [1.0]),
    "reliability_table": lambda bad: c.reliability_table([bad], [1]),
    "reliability_table, least": lambda bad: c.reliability_table([0.5], [1], least=bad),
    "murphy, edges": lambda bad: c.murphy([0.5], [1], edges=[bad]),
    "wilson": lambda bad: c.wilson(hits=1, n=bad),
    "wilson, level": lambda bad: c.wilson(hits=1, n=2, level=bad),
    "skill": lambda bad: c.skill(score=bad or TEXT, reference=0.2),
    "paired": lambda bad: c.paired([bad, 1.0], [0.0, 0.0]),
    "paired, lag": lambda bad: c.paired([1.0, 1.0], [0.0, 0.0], lag=bad),
    "time_weighted": lambda bad: c.time_weighted([(DAY, bad)], closed=NEXT),
    "time_weighted, day": lambda bad: c.time_weighted([(bad, 0.5)], closed=NEXT),
    "time_weighted, closed": lambda bad: c.time_weighted([(DAY, 0.5)], closed=bad),
    "time_weighted_brier, happened": lambda bad: c.time_weighted_brier(
        [(DAY, 0.5)], happened=bad, closed=NEXT
    ),
    "enough": c.enough,
    "cluster_means": lambda bad: c.cluster_means([bad], ["a"]),
    "kendall_tau": lambda bad: c.kendall_tau([bad, 1.0], [1.0, 2.0]),
    "level_means": lambda bad: c.level_means([1], [bad]),
    "weighted_kappa": lambda bad: c.weighted_kappa([bad], ["a"], levels=["a", "b"]),
    "weighted_kappa, weights": lambda bad: c.weighted_kappa(["a"], ["a"], levels=["a", "b"], weights=bad),
}


BAD = [
    pytest.param(bad, id=name)
    for name, bad in {
        "nan": math.nan,
        "inf": math.inf,
        "-inf": -math.inf,
        "nothing": None,
        "text": "0.5",
        "list": [0.5],
        "complex": 1j,
        "beyond floats": 10**400,
    }.items()
]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("bad", BAD)
def test_what_is_no_number_is_refused_wherever_it_stands(name: str, bad: Any) -> None:
    with pytest.raises(ScoringError, match="expected"):
        LISTS[name](bad)


def test_numbers_of_other_makes_are_numbers() -> None:
    p, y = np.array([0.25, 0.75]), np.array([0, 1])
    assert c.brier(p, y).value == 0.0625  # type: ignore[arg-type]
    assert c.brier((0.25, 0.75), (False, True)).value == 0.0625
    assert c.rps(np.array([[0.25, 0.5, 0.25]]), np.array([1])).value == 0.0625  # type: ignore[arg-type]


@pytest.mark.parametrize("name", c.__all__)
def test_every_function_is_explained(name: str) -> None:
    """A stranger has the docstrings alone: formula or meaning, errors, and an example."""
    text = inspect.getdoc(getattr(c, name)) or ""
    assert name in (c.__doc__ or ""), "the map names everything"
    assert len(text) > 60
    if inspect.isfunction(getattr(c, name)):
        assert ">>> " in text
        assert re.search(r"[Ee]rrors(:| \(|, among them)", text)


def test_every_result_is_explained_and_named_on_the_map() -> None:
    results = [x for x in vars(c).values() if isinstance(x, type) and issubclass(x, tuple)]
    assert len(results) > 10
    for result in results:
        assert len(inspect.getdoc(result) or "") > 60
        assert result.__name__ in (c.__doc__ or "")


def test_importing_it_needs_nothing_heavy() -> None:
    code = "import sys, thesis.calibration; print([m for m in sys.modules if m.split('.')[0] in %r])"
    heavy = ("numpy", "pydantic", "yaml", "click", "dataclasses", "decimal", "statistics", "jinja2")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
