"""A pytest plugin: each expectation in a pack's trials.yaml is a test.

It is found by itself once thesis is installed: ``pytest rules/mine`` is enough.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from thesis.workspace.trial_runs import TrialOutcome

# Nothing of the program is imported before a pack is met: pytest loads this in every run.


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A trials.yaml that has a thesis.yaml beside it."""
    from thesis.pack.folder import THESIS

    if file_path.name == "trials.yaml" and os.path.lexists(file_path.parent / THESIS):
        return TrialsFile.from_parent(parent, path=file_path)
    return None


class TrialsFile(pytest.File):
    """The trials of one pack."""

    def collect(self) -> Iterator[pytest.Item]:
        from thesis.files.cache import Cache
        from thesis.files.disk import MOST_YAML_BYTES
        from thesis.files.own_folder import own_text
        from thesis.pack.folder import read_folder
        from thesis.workspace.open_pack import open_pack
        from thesis.workspace.trial_runs import read_trials, run_trials

        folder = read_folder(self.path.parent, str(self.path.parent))
        pack = open_pack(folder, date.today(), Cache(None))
        text = own_text(self.path.parent, self.path.name, str(self.path), MOST_YAML_BYTES)
        trials, document = read_trials(text, str(self.path), pack)
        for outcome in run_trials(pack, trials, document):
            name = f"{outcome.trial}: {outcome.of} {outcome.at}"
            yield TrialItem.from_parent(self, name=name, outcome=outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        from thesis.core.problem import InvalidInput, render_problems

        if isinstance(excinfo.value, InvalidInput):
            return render_problems(excinfo.value.problems, excinfo.value.sources)
        return super().repr_failure(excinfo)


class TrialItem(pytest.Item):
    """One expectation."""

    def __init__(self, *, outcome: TrialOutcome, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome = outcome

    def runtest(self) -> None:
        if not self.outcome.passed:
            raise AssertionError(self._told())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return (
            self._told()
            if isinstance(excinfo.value, AssertionError)
            else super().repr_failure(excinfo, style)
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.outcome.line - 1, self.name

    def _told(self) -> str:
        o = self.outcome
        return f"{o.of} at {o.at}: expected {o.wanted}, found {o.found}"
