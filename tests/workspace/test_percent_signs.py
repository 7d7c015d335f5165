"""A trial or a share without its percent sign is asked for it."""

from __future__ import annotations

from typing import Any

import pytest

from thesis.pack.scores import fraction


@pytest.mark.parametrize(("value", "asks"), [("20", True), ("20%", False), ("0.2", False), ("21", False)])
def test_a_trial_asks_for_the_sign_that_would_make_it_true(
    folder_pack: Any, run: Any, value: str, asks: bool
) -> None:
    trial = f"""\
- name: Repairs grow
  facts: {{repairs.sales: "2025Q1 100 100 100 100 120"}}
  expect:
    - {{of: repairs_growth, at: 2026Q1, value: "{value}"}}
"""
    found = run("test", cwd=folder_pack({"trials.yaml": trial}))
    assert found.code == (0 if value in ("20%", "0.2") else 1), found.err
    assert ("is a percent sign missing?" in found.out + found.err) is asks


@pytest.mark.parametrize(
    ("text", "asks"), [("60", True), ("1.5", True), ("150%", False), ("-1", False), ("600", False)]
)
def test_a_share_that_is_none_is_refused_and_asked_for_its_sign(text: str, asks: bool) -> None:
    with pytest.raises(ValueError, match=r"expected 0% to 100%, found") as refused:
        fraction(text)
    assert ("is a percent sign missing" in str(refused.value)) is asks
