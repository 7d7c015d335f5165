"""Pytest plugin: each expectation in a pack's trials.yaml is a test, wherever pytest is run.

It is found by itself once thesis is installed: ``pytest rules/mine`` is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.cache import Cache
from thesis.folder import THESIS, read_folder
from thesis.problems import Flawed, render
from thesis.trials import FILE, Outcome


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A trials.yaml that has a thesis.yaml beside it."""
    if file_path.name == FILE and (file_path.parent / THESIS).is_file():
        return TrialsFile.from_parent(parent, path=file_path)
    return None


class TrialsFile(pytest.File):
    """The trials of one pack."""

    def collect(self) -> Iterator[pytest.Item]:
        from thesis.shelf import open_pack
        from thesis.trials import read, run

        folder = read_folder(self.path.parent, str(self.path.parent))
        pack = open_pack(folder, date.today(), Cache(None))
        trials, document = read(self.path.read_text(encoding="utf-8"), str(self.path), pack)
        for outcome in run(pack, trials, document):
            name = f"{outcome.trial}: {outcome.of} {outcome.at}"
            yield TrialItem.from_parent(self, name=name, outcome=outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, Flawed):
            return render(excinfo.value.problems, excinfo.value.sources)
        return super().repr_failure(excinfo, style)


class TrialItem(pytest.Item):
    """One expectation."""

    def __init__(self, *, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome = outcome

    def runtest(self) -> None:
        if not self.outcome.passed:
            raise AssertionError(self._told())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return self._told() if isinstance(excinfo.value, AssertionError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.outcome.line - 1, self.name

    def _told(self) -> str:
        return f"{self.outcome.of} at {self.outcome.at}: expected {self.outcome.wanted}, found {self.outcome.found}"
