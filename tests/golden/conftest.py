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

    rewrite = bool(request.config.getoption("--rewrite-golden", default=False))
    return lambda name, text: compare(name, text, rewrite=rewrite)


def compare(name: str, text: str, *, rewrite: bool = False) -> None:
    """Hold a text against the one that was kept, or keep it."""
    kept = Path(__file__).with_name(name)
    if rewrite:
        kept.write_bytes(text.encode())
    assert kept.read_bytes().decode() == text, f"{name} differs: review it, then write it anew"
