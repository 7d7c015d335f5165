"""Assessments to draw: Amazon on two days, the two small packs, and one whose names are hostile."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.charts.drawn import DATA, EDITS, RATED, STALE, Drawn, alphabet, amazon, drawn, overridden
from tests.kept import Journals
from thesis.pack.folder import read_folder
from thesis.pack.load import build

Draw = Callable[..., Drawn]


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    """``draw("valued", (file, old, new), day=...)``: the charts of a small pack, some words of it changed.

    ``acme`` has no valuation, ``valued`` has; of ``without``, a concept, no facts are left.
    """

    def make(
        name: str, *edits: tuple[str, str, str], day: date = RATED, without: str = "-", simulated: bool = True
    ) -> Drawn:
        folder = tmp_path / name
        shutil.copytree(DATA / "acme", folder, dirs_exist_ok=True)
        rows = (DATA / "acme/facts/ACME.csv").read_text("utf-8")
        if name == "valued":
            for file in ("thesis.yaml", "metrics.yaml", "valuation.yaml"):
                shutil.copy(DATA / "valued" / file, folder / file)
            rows += (DATA / "valued/prices.csv").read_text("utf-8")
        kept = [row for row in rows.splitlines(keepends=True) if not row.startswith(f"{without},")]
        (folder / "facts/ACME.csv").write_text("".join(kept), encoding="utf-8")
        for file, old, new in edits:
            text = (folder / file).read_text("utf-8")
            assert old in text, old
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return drawn(build(read_folder(folder, name))[0], day, simulated=simulated)

    return make


CASES = ("amazon rated", "amazon stale", "acme", "valued", "hostile", "alphabet", "overridden")


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, draw: Draw, kept: Journals) -> Drawn:
    """Each of the assessments in turn."""
    made: dict[str, Callable[[], Drawn]] = {
        "amazon rated": lambda: amazon(RATED),
        "amazon stale": lambda: amazon(STALE),
        "acme": lambda: draw("acme"),
        "valued": lambda: draw("valued"),
        "hostile": lambda: draw("valued", *EDITS),
        "alphabet": alphabet,
        "overridden": lambda: overridden(kept.kept),
    }
    return made[request.param]()
