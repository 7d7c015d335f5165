"""Start: today's figures, as the formulas of valuation.yaml have them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.pack.folder import read_folder
from thesis.pricing.priced_case import case_as_of
from thesis.pricing.starting_values import starting_values
from thesis.workspace.open_pack import checked_pack

DATA = Path(__file__).parents[1] / "data"
ROWS = """\
shares,2026Q2,100000000,shares,2026-07-29,10-Q 0000012345-26-000109,reported,
price,2026-11-20,12,USD/share,2026-11-20,exchange,reported,
"""


@pytest.mark.parametrize(
    ("shares", "expected"),
    [("shares", 1.2e9), ("shares + shares", 2.4e9), ("shares - shares * 10%", 1.08e9)],
)
def test_the_market_value_is_the_price_times_all_of_the_formula(
    shares: str, expected: float, folder_pack: Any
) -> None:
    """A formula for the number of shares may be a sum; the price is paid for each of them."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (DATA / "valued").iterdir()}
    texts["valuation.yaml"] = texts["valuation.yaml"].replace("shares: shares\n", f"shares: {shares}\n")
    texts["facts/ACME.csv"] = (DATA / "acme/facts/ACME.csv").read_text(encoding="utf-8") + ROWS
    day = date(2026, 11, 22)
    pack = checked_pack(read_folder(folder_pack(texts), "."), day)
    assert pack.valuation is not None
    found = starting_values(case_as_of(pack, day), pack.valuation)
    assert found.market_cap.value.lo == pytest.approx(expected)
    assert found.market_cap.value.is_point
