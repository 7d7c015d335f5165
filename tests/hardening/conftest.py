"""Packs for attacks on writing commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hardening.commands import Row
from tests.hardening.trials import KEEPING, Trial, play_edgar


@pytest.fixture
def trial(tmp_path: Path, loopback: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Row], Trial]:
    """``trial(row)``: a writing command, ready to be disturbed."""

    def make(row: Row) -> Trial:
        environment = {"THESIS_ANALYST": "R. Runner", "THESIS_CACHE": ""}
        if any("documents" in words for words in (row.arguments, *row.before)):
            environment |= KEEPING
        if "fetch" in row.arguments:
            environment |= play_edgar(loopback)
        return Trial(row, tmp_path, environment)

    return make
