"""What coverage counts: the conditions' evidence, or the lesser of theirs and the risks'."""

from __future__ import annotations

from copy import copy
from datetime import date

import pytest

from thesis.core.record import replace_fields
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.scoring.assess import assess
from thesis.scoring.verdict import total_coverage


def _pack(name: str, counted: str) -> Pack:
    pack = copy(build(read_folder(bundled_folder("rules") / name, name))[0])
    verdict = replace_fields(pack.thesis.verdict, coverage=counted)
    pack.thesis = replace_fields(pack.thesis, verdict=verdict)
    return pack


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("amzn-4t", "2024-11-15"),  # no grade for the courts yet: a risk is unknown and so are conditions
        ("amzn-4t", "2026-10-15"),
        ("googl-cloud", "2024-11-15"),
        ("googl-cloud", "2026-05-15"),  # the conditions are known, one risk of five is not
    ],
)
def test_coverage_counts_what_the_pack_says(name: str, day: str) -> None:
    plain, whole = (assess(_pack(name, each), date.fromisoformat(day)) for each in ("conditions", "all"))
    conditions, risks = total_coverage(whole.conditions), total_coverage(whole.risks)
    assert plain.verdict.coverage == conditions
    assert whole.verdict.coverage == min(conditions, risks)
    assert (plain.verdict.engines, plain.verdict.risks) == (whole.verdict.engines, whole.verdict.risks)


@pytest.mark.parametrize("name", ["amzn-4t", "googl-cloud"])
def test_the_bundled_packs_count_their_risks(name: str) -> None:
    pack = build(read_folder(bundled_folder("rules") / name, name))[0]
    assert pack.thesis.verdict.coverage == "all"
