"""JSON by two readers: msgspec's and Python's own give the same values, and say the same of what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.problem import FileProblems, InvalidInput
from thesis.sources import strict_json
from thesis.sources.strict_json import read_json
from thesis.sources.xbrl.companyfacts import read_companyfacts

FULL = "raw/companyfacts_full/GOOGL_CIK0001652044.json"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
NASTY = (
    *(b"NaN", b"-Infinity", b"[1,]", b'{"a": 1, "a": 2}', b"12345678901234567890123", b"1" * 5000, b"-0"),
    *(b"-0.0", b"1e400", b"1E5", b"01", b'"\x01"', b'"\\ud800"', b'"\xff"', b"\xef\xbb\xbf[1]", b"1.", b"+1"),
    *(b"[" * 900 + b"]" * 900, b"[" * 100_000, b"1e99999999999999999999", b"1e-99999999999999999999"),
    *(b"[1]x", b'{"a" 1}', b'{"a": 1', b" ", b'"\\x"', b"\x00", b'"\xed\xa0\x80"', b"tru", b"-", b"{1: 2}"),
)  # fmt: skip


def outcome(data: bytes) -> str:
    """What is read, number by number with its type, or what is said of it."""
    try:
        return repr(read_json(data, FileProblems("acme")))
    except InvalidInput as flawed:
        return repr([(problem.code, problem.message, problem.span) for problem in flawed.problems])


def plainly(data: bytes) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strict_json, "quick_reader", lambda: None)
        return outcome(data)


@pytest.fixture(autouse=True)
def _quick() -> None:
    if strict_json.quick_reader() is None:
        pytest.skip("msgspec is not installed")


@pytest.mark.parametrize("data", NASTY, ids=lambda data: repr(data[:20]))
def test_what_is_odd_is_the_same_to_both(data: bytes) -> None:
    assert outcome(data) == plainly(data)


@given(values, st.integers(0, 200), st.binary(max_size=2))
def test_any_value_and_any_damage_is_the_same_to_both(value: Any, at: int, damage: bytes) -> None:
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert outcome(data) == plainly(data)
    broken = data[:at] + damage + data[at + 1 :]
    assert outcome(broken) == plainly(broken)


def test_a_number_beyond_all_bounds_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "quick_reader", lambda: None)
    with pytest.raises(InvalidInput) as caught:
        read_json(b"[1e99999999999999999999]", FileProblems("acme"))
    assert [problem.code for problem in caught.value.problems] == ["json-syntax"]


def test_a_real_collection_of_facts_is_the_same_by_both(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (raw / FULL).read_bytes()
    quick = read_companyfacts(data, FULL)
    monkeypatch.setattr(strict_json, "quick_reader", lambda: None)
    plain = read_companyfacts(data, FULL)
    assert len(quick) == 20_329 and quick == plain
    assert [str(fact.value) for fact in quick] == [str(fact.value) for fact in plain]
