"""Prices of earlier quarters: what a look-back over them reads, and how far it can be relied on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from thesis.case.case import Case
from thesis.pack.folder import read_folder
from thesis.workspace.open_pack import checked_pack

pytestmark = pytest.mark.quick

DATA = Path(__file__).parents[1] / "data"
DAY, TODAY = date(2026, 8, 20), date(2026, 11, 22)  # 2026Q2 is under review
ENDS = ("2026-08-19", "2026-03-31", "2025-12-31", "2025-09-30", "2025-06-30")
LOOK_BACKS = (
    "yoy(price)",
    "lag(price, 4)",
    "change(price, 4)",
    "cagr(price, 1)",
    "mean(price, 5)",
    "max(price, 5) - min(price, 5)",
    "nth(price, 5, 5)",
    "price / lag(price, 4)",
)
FolderPack = Callable[[Mapping[str, str]], Path]


def case(folder_pack: FolderPack, days: tuple[str, ...]) -> Case:
    """Acme with a close of 10 on each of some days."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in (DATA / "valued").iterdir()}
    rows = "".join(f"price,{day},10,USD/share,{day},exchange,reported,\n" for day in days)
    texts["facts/ACME.csv"] = (DATA / "acme/facts/ACME.csv").read_text(encoding="utf-8") + rows
    return Case(checked_pack(read_folder(folder_pack(texts), "."), TODAY), DAY)


@pytest.mark.parametrize("text", LOOK_BACKS)
@pytest.mark.parametrize(
    ("a_year_ago", "known", "status"),
    [
        ("2025-06-30", True, "fresh"),
        ("2025-06-24", True, "fresh"),  # four trading days before the quarter's end
        ("2025-06-20", True, "stale"),  # six
        ("2025-04-01", True, "stale"),
        ("2025-03-31", False, "missing"),
        ("2022-08-15", False, "missing"),
    ],
)
def test_a_look_back_needs_a_close_of_each_quarter_and_tells_how_old_it_is(
    text: str, a_year_ago: str, known: bool, status: str, folder_pack: FolderPack
) -> None:
    found = case(folder_pack, (*ENDS[:-1], a_year_ago))
    value = found.answer(text, found.quarter)
    assert (value.lo > -math.inf and value.hi < math.inf) is known
    assert found.standing(text, found.quarter).status == status


@pytest.mark.parametrize(
    ("newest", "known", "status"),
    [
        ("2026-08-19", True, "fresh"),
        ("2026-06-30", True, "stale"),
        ("2026-04-01", True, "expired"),
        ("2026-03-31", False, "missing"),
    ],
)
def test_of_the_quarter_under_review_every_day_since_it_began_counts(
    newest: str, known: bool, status: str, folder_pack: FolderPack
) -> None:
    found = case(folder_pack, (newest,))
    assert (not found.value("price", found.quarter).is_anything) is known
    assert found.standing("price", found.quarter).status == status
    reason = found.evidence("price", found.quarter).reason
    assert reason == ("" if known else f"no day of 2026Q2 in the facts; the last before is of {newest}")
