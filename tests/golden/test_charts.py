"""Two small charts as they were reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from thesis.charts import charts
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.scoring.assess import assess

pytestmark = pytest.mark.quick

Golden = Callable[[str, str], None]
ACME = Path(__file__).parents[1] / "data" / "acme"


@pytest.mark.parametrize("name", ["matrix", "history-margin"])
def test_a_chart_is_the_one_reviewed(name: str, golden: Golden) -> None:
    a = assess(build(read_folder(ACME, "acme"))[0], date(2026, 10, 15))
    (svg,) = [each.svg for each in charts(a) if each.id == name]
    golden(f"acme-2026-10-15.{name}.svg", svg + "\n")
