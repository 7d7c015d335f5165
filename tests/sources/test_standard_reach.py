"""What the standard line items find in real filings, where those that were gathered are at hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from scripts.standard_coverage import CORE, SHARED, UNIVERSE, coverage, identities

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared() -> Path:
    if not (SHARED / UNIVERSE).is_dir():
        pytest.skip("the gathered filings are not here")
    return SHARED


def test_what_every_thesis_needs_is_found_for_nearly_all_large_companies(shared: Path) -> None:
    companies = coverage(shared)
    counts = Counter(name for stated in companies.values() for name in stated)
    assert len(companies) == 59
    assert {name: counts[name] for name in CORE if counts[name] < 55} == {}


def test_the_identities_hold_wherever_their_items_are_stated(shared: Path) -> None:
    found = identities(shared)
    assert found.misfits == []
    least = {"balance-sheet": 100, "cash-flow": 120, "liabilities-and-owners": 90, "owners": 100}
    assert {name: found.formed[name] for name, times in least.items() if found.formed[name] < times} == {}
