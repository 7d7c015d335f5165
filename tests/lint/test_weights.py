"""Weights: whatever lint lets pass can be scaled to 1, in every part of a thesis that weighs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.aggregates import AGGREGATES
from thesis.pack.folder import read_folder
from thesis.scoring.assess import assess
from thesis.workspace.open_pack import examined_pack

TODAY, DAY = date(2026, 11, 22), date(2026, 10, 15)
ACME = (Path(__file__).parents[1] / "data" / "acme" / "thesis.yaml").read_text(encoding="utf-8")
HOWS = [each.counting(1).name + "(1)" if each.is_counted else each.name for each in AGGREGATES.values()]
WEIGHTS = [
    "0",
    "-0.0",
    "1e-9",
    "1",
    "70",
    "1e9",
    "5e-324",
    "1e-300",
    "1e-10",
    "1.1e9",
    "1e308",
    "-1",
    "-1e-9",
]

weights = st.sampled_from(WEIGHTS)
floors = st.sampled_from(["0%", "1e-300", "5%", "100%"])

# Where weights stand together: two conditions, two measures, one risk.
TOGETHER = (
    ("conditions", ("weight: 60\n    measures", "weight: 40\n    measures")),
    ("measures", ("weight: 70", "weight: 30")),
    ("risks", ("combine: max\n    measures",)),
)


def _weighed(texts: tuple[str, ...], weights: Sequence[str]) -> str:
    text = ACME
    for old, weight in zip(texts, weights, strict=False):
        new = re.sub(r"weight: \d+|combine: max", f"weight: {weight}", old, count=1)
        assert old in text
        text = text.replace(old, new, 1)
    return text


def _is_right(weights: list[float]) -> bool:
    return all(w == 0 or 1e-9 <= w <= 1e9 for w in weights) and any(weights)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Acme pack, whose thesis.yaml each example writes anew."""
    folder = tmp_path_factory.mktemp("weights") / "acme"
    shutil.copytree(Path(__file__).parents[1] / "data" / "acme", folder)
    return folder


@pytest.mark.parametrize(("kind", "texts"), TOGETHER, ids=[kind for kind, _ in TOGETHER])
@given(weights=st.tuples(weights, weights), how=st.sampled_from(HOWS), floor=floors)
@examples(60)
def test_weights_are_refused_at_their_place_or_give_a_score(
    folder: Path, kind: str, texts: tuple[str, ...], weights: tuple[str, str], how: str, floor: str
) -> None:
    """No weights that pass lint fail later, however scores are combined and whatever the least score is."""
    text = _weighed(texts, weights).replace("combine: geometric", f"combine: {how}", 1)
    combined = f"verdict:\n  combine: {{conditions: {how}, risks: {how}}}\n  floor: {floor}\n"
    (folder / "thesis.yaml").write_text(text.replace("verdict:\n", combined, 1), encoding="utf-8")
    pack, found = examined_pack(read_folder(folder, "acme"), TODAY)
    errors = [problem for problem in found if problem.level == "error"]
    if _is_right([float(w) for w in weights[: len(texts)]]):
        assert errors == []
        verdict = assess(pack, DAY).verdict
        assert 0 <= verdict.engines.lo <= verdict.engines.hi <= 1
        assert 0 <= verdict.risks.lo <= verdict.risks.hi <= 1
    else:
        assert {problem.code for problem in errors} == {"bad-weight"}
        assert all(problem.span for problem in errors)


@pytest.mark.parametrize("times", ["1e-7", "1e-3", "1000", "1e7"])
def test_only_the_proportions_of_weights_count(folder_pack: Any, times: str) -> None:
    weights = [f"{float(times) * w:g}" for w in (60, 40)]
    folder = folder_pack({"thesis.yaml": _weighed(TOGETHER[0][1], weights)})
    found = assess(examined_pack(read_folder(folder, "acme"), TODAY)[0], DAY).verdict
    whole = assess(examined_pack(read_folder(folder_pack(name="same"), "acme"), TODAY)[0], DAY).verdict
    assert found.engines.lo == pytest.approx(whole.engines.lo, rel=1e-12)
    assert (found.worst, found.best, found.confidence.grade) == (
        whole.worst,
        whole.best,
        whole.confidence.grade,
    )


@pytest.mark.parametrize(
    ("concentration", "is_right"),
    [("0.1", True), ("1e6", True), ("0.01", False), ("1e308", False), ("0", False)],
)
def test_a_concentration_draws_weights_or_is_refused(
    folder_pack: Any, concentration: str, is_right: bool
) -> None:
    text = ACME.replace("seed: 7", f"seed: 7, concentration: {concentration}")
    folder = folder_pack({"thesis.yaml": text})
    pack, found = examined_pack(read_folder(folder, "acme"), TODAY)
    assert ([problem.code for problem in found] == ["wrong-value"]) is not is_right
    if is_right:
        assert 0 <= assess(pack, DAY).verdict.confidence.steady <= 1
