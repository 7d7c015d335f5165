"""Texts of function calls, made from the functions' own entries, so that a new function is tried at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hypothesis import strategies as st

from thesis.language.functions import FUNCTIONS

Texts = st.SearchStrategy[str]
MOST_QUARTERS, MOST_YEARS = 10, 2


def calls(
    x: Texts, condition: Texts, quarters: st.SearchStrategy[int], without: Collection[str] = ()
) -> st.SearchStrategy[str]:
    """Calls of every function but those left out.

    ``x`` and ``condition`` make the texts of its arguments, ``quarters`` how far it looks; a rank is at most
    that, and a function that may be given any number of arguments gets up to two more.
    """
    names = [name for name in FUNCTIONS if name not in without]
    return st.one_of([_calls_of(name, x, condition, quarters) for name in names])


def _calls_of(name: str, x: Texts, condition: Texts, quarters: st.SearchStrategy[int]) -> Texts:
    function = FUNCTIONS[name]

    def written(m: int) -> Texts:
        drawn: Mapping[str, Texts] = {
            "value": x,
            "condition": condition,
            "quarters": st.just(str(m)),
            "lag": st.integers(0, m).map(str),
            "rank": st.integers(1, m).map(str),
            "years": st.integers(1, MOST_YEARS).map(str),
        }
        more = st.lists(drawn[function.takes[-1]], max_size=2 if function.repeats else 0)
        fixed = st.tuples(*(drawn[kind] for kind in function.takes))
        return st.builds(lambda a, b: f"{name}({', '.join([*a, *b])})", fixed, more)

    return quarters.flatmap(written)


def sample_call(name: str, x: str, condition: str, quarters: int = 3) -> str:
    """One call of a function, with the same text for each of its values."""
    words = {"quarters": quarters, "lag": quarters, "rank": 2, "years": 1, "value": x, "condition": condition}
    return f"{name}({', '.join(str(words[kind]) for kind in FUNCTIONS[name].takes)})"
