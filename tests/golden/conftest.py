"""Texts that are compared byte for byte; `pytest tests/golden --rewrite-golden` writes them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden texts anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """``golden(name, text)``: the text is the one that was kept under the name."""

    def compare(name: str, text: str) -> None:
        kept = Path(__file__).with_name(name)
        if request.config.getoption("--rewrite-golden", default=False):
            kept.write_bytes(text.encode())
        assert kept.read_bytes().decode() == text, f"{name} differs: review it, then --rewrite-golden"

    return compare
