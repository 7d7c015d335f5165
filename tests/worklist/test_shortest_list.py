"""The shortest list against every list there is."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from thesis.worklist.shortest_list import Gain, shortest_list

GAINS = st.lists(
    st.builds(
        Gain,
        st.sampled_from([0.05, 0.1, 0.15, 0.2, 0.25]),
        st.frozensets(st.integers(0, 6), min_size=1, max_size=4),
        st.integers(0, 1),
    ),
    max_size=8,
)


def _covers(gains: list[Gain], tasks: frozenset[int], covered: list[float], required: float) -> bool:
    """Whether each side is covered: the conditions, and the risks where they count."""
    done = [gain for gain in gains if gain.tasks <= tasks]
    return all(
        before + sum(gain.share for gain in done if gain.side == side) >= required - 1e-9
        for side, before in enumerate(covered)
    )


@given(
    GAINS,
    st.lists(st.sampled_from([0.0, 0.1, 0.4]), min_size=1, max_size=2),
    st.sampled_from([0.3, 0.6, 0.9]),
    st.frozensets(st.integers(0, 2)),
)
def test_no_list_is_shorter(
    gains: list[Gain], covered: list[float], required: float, always: frozenset[int]
) -> None:
    """The list found is enough, holds what must be done, and no list with fewer tasks is enough."""
    tasks = sorted(always.union(*(gain.tasks for gain in gains)))
    enough = [
        wanted | always
        for size in range(len(tasks) + 1)
        for wanted in map(frozenset, combinations(tasks, size))
        if _covers(gains, wanted | always, covered, required)
    ]
    found = shortest_list(gains, covered, required, always)
    if found is None:
        assert not enough
    else:
        assert always <= found.tasks
        assert found.is_shortest
        assert _covers(gains, found.tasks, covered, required)
        assert len(found.tasks) == min(map(len, enough))


def test_a_search_that_is_cut_off_says_so() -> None:
    """Of very many measures a list is found all the same, and it is not called the shortest."""
    gains = [Gain(0.01, frozenset({i, (i * 7 + 3) % 60, (i * 11 + 5) % 60})) for i in range(60)]
    found = shortest_list(gains, [0.0], 0.3)
    assert found is not None
    assert found.coverage >= 0.3 - 1e-9
    assert not found.is_shortest
