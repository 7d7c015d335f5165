"""Draws of weights are the same whether they are drawn, remembered or recalled from disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from thesis.files.cache import Cache
from thesis.scoring.weight_draws import WeightDraws

ASKED = ((1.0, 2.0, 0.0), 50, 20.0, 7)


def _tuples(draws: WeightDraws) -> list[tuple[float, ...]]:
    return [tuple(each) for each in draws.around(*ASKED)]


def _with(cache: Cache) -> WeightDraws:
    draws = WeightDraws()
    draws.cache = cache
    return draws


def test_recalled_draws_are_those_that_were_drawn(tmp_path: Path) -> None:
    drawn = _tuples(WeightDraws())
    assert len(drawn) == 50
    assert {len(each) for each in drawn} == {3}
    assert {each[2] for each in drawn} == {0.0}
    kept = Cache(tmp_path)
    assert _tuples(_with(kept)) == drawn
    assert _tuples(_with(kept)) == drawn
    assert [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("damage", [b"", b"not what it was", b"\x00" * 100])
def test_a_damaged_file_is_drawn_anew(damage: bytes, tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    drawn = _tuples(_with(kept))
    for path in tmp_path.rglob("*"):
        if path.is_file():
            path.write_bytes(damage)
    assert _tuples(_with(kept)) == drawn
