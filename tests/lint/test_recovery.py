"""Mistakes of form hide no others, and nothing is said on the strength of what stands in for them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.core.problem import InvalidInput
from thesis.files.disk import bundled_folder
from thesis.files.yaml import Path_, read_yaml, yaml_text
from thesis.lint.recovery import other_problems
from thesis.pack.folder import Folder, read_folder
from thesis.pack.load import build
from thesis.workspace.open_pack import checked_pack

TODAY = date(2026, 11, 22)
OVERRIDES = """overrides:
  - {rule: margins, score: 0.9, reason: A fire., by: R., since: 2026-08-01, until: 2026-12-31}
  - {rule: K1, answer: no, reason: A fire., by: R., since: 2026-08-01, until: 2026-12-31}
"""
FORECASTS = """forecasts:
  - {id: F1, text: t, kind: binary, by: R, made: 2026-08-01, period: 2026Q3, when: margin > 1%, p: [60%]}
  - {id: F2, text: t, kind: ladder, by: R, made: 2026-08-01, period: 2026Q3, metric: margin, p: [60%, 20%],
     levels: [1%, 2%]}
  - {id: F3, text: t, kind: binary, by: R, made: 2026-08-01, period: 2026Q3, p: [60%]}
  - {id: F4, text: t, kind: binary, by: R, made: 2026-08-01, period: 2026Q3, p: [60%], supersedes: F3}
resolutions:
  - {forecast: F3, outcome: yes, resolved: 2026-09-01, by: R, evidence: x, source: y}
"""
WRONG = """overrides:
  - {rule: margns, score: "1.4", reason: A fire., by: R. Runner, since: 2026-13-05, untill: 2026-10-31}
  - {rule: building, score: 0.9, reason: A fire., since: 2026-08-05}
  - {rule: K1, answer: yes, reason: A fire., by: R. Runner, since: 2026-08-05, until: 2020-10-31}
"""


@pytest.mark.parametrize("command", ["lint", "check"])
def test_a_row_that_lacks_a_key_hides_no_wrong_value(folder_pack: Any, run: Any, command: str) -> None:
    """Not its own, not those of the other rows, and not those of other files; each is told once."""
    thesis = (Path(__file__).parents[1] / "data" / "acme" / "thesis.yaml").read_text(encoding="utf-8")
    changed = thesis.replace("metric: margin\n", "metric: margn\n", 1)
    found = run(command, cwd=folder_pack({"overrides.yaml": WRONG, "thesis.yaml": changed}))
    assert found.code == 3
    told = [line.split(": ", 1)[1] for line in found.err.splitlines() if ": error[" in line]
    assert told == [
        "error[unknown-rule]: no rule is called `margns`",
        (
            "error[bad-value]: expected 0 to 1, or 0% to 100%, found `1.4`: is a percent sign missing, "
            "as in 1.4%?"
        ),
        "error[bad-date]: expected a date like 2026-07-31, found `2026-13-05`",
        "error[unknown-key]: there is no key `untill` here",
        "error[missing-key]: the key `by` is missing",
        "error[missing-key]: the key `until` is missing",
        "error[bad-date]: expected an end on or after 2026-08-05, found 2020-10-31",
        "error[unknown-name]: no metric is called `margn`",
    ]


def test_a_file_that_cannot_be_read_hides_no_other(folder_pack: Any, run: Any) -> None:
    thesis = (Path(__file__).parents[1] / "data" / "acme" / "thesis.yaml").read_text(encoding="utf-8")
    changed = thesis.replace("metric: margin\n", "metric: margn\n", 1)
    found = run("lint", cwd=folder_pack({"overrides.yaml": "overrides: [\n", "thesis.yaml": changed}))
    assert "error[yaml-syntax]" in found.err and "no metric is called `margn`" in found.err
    assert found.err.endswith("2 problems in 2 files\n")


@pytest.fixture
def acme(folder_pack: Any) -> Folder:
    return read_folder(folder_pack({"overrides.yaml": OVERRIDES, "forecasts.yaml": FORECASTS}), ".")


@pytest.fixture
def valued(priced: Any) -> Folder:
    return read_folder(priced(), ".")


@pytest.mark.slow
@pytest.mark.parametrize("which", ["acme", "valued"])
def test_a_single_mistake_of_form_is_all_that_is_told_of_a_pack_in_order(
    which: str, request: pytest.FixtureRequest
) -> None:
    """Whatever key is left out, misspelt or added, and whatever value is of another kind."""
    folder: Folder = request.getfixturevalue(which)
    checked_pack(folder, TODAY)
    tried = 0
    for name in folder.texts if which == "acme" else ("valuation.yaml",):
        for path, changed in _mistakes(read_yaml(folder.texts[name], name).value):
            wrong = folder._replace(texts={**folder.texts, name: yaml_text(changed)})
            try:
                build(wrong)
            except InvalidInput:
                tried += 1
                assert other_problems(wrong, TODAY) == [], (name, path, changed)
    assert tried > 300


def _mistakes(value: Any) -> Iterator[tuple[Path_, Any]]:
    """A value with one mistake of form at each place, of each sort."""
    for path in _paths(value, ()):
        *above, last = path
        for sort in ("dropped", "misspelt", "of another kind", "with a key more"):
            changed = deepcopy(value)
            owner = _at(changed, tuple(above))
            if sort == "of another kind":
                owner[last] = "zork" if isinstance(owner[last], (list, dict)) else ["zork"]
            elif sort == "with a key more" and isinstance(owner[last], dict):
                owner[last]["zork"] = "zork"
            elif sort == "dropped" and isinstance(owner, dict):
                del owner[last]
            elif sort == "misspelt" and isinstance(owner, dict):
                owner[f"{last}x"] = owner.pop(last)
            else:
                continue
            yield path, changed


def _paths(value: Any, path: Path_) -> Iterator[Path_]:
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inside:
        yield from _paths(item, (*path, step))


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


@pytest.mark.parametrize("which", ["acme", "valued"])
def test_facts_that_cannot_be_read_are_missed_by_nobody(which: str, request: pytest.FixtureRequest) -> None:
    """Nothing is said to be unknown, untied or late for want of the rows; what else is wrong is told."""
    folder: Folder = request.getfixturevalue(which)
    broken = folder._replace(facts={name: f'{text}"\n' for name, text in folder.facts.items()})
    assert other_problems(broken, TODAY) == []
    thesis = folder.texts["thesis.yaml"].replace("metric: margin\n", "metric: margn\n", 1)
    wrong = broken._replace(texts={**folder.texts, "thesis.yaml": thesis})
    assert [problem.code for problem in other_problems(wrong, TODAY)] == ["unknown-name"]


def test_what_a_figure_is_measured_in_is_not_guessed() -> None:
    """Formulas are not judged by the unit that a concept does not have."""
    folder = read_folder(bundled_folder("rules") / "amzn-4t", ".")
    metrics = read_yaml(folder.texts["metrics.yaml"], "metrics.yaml").value
    del metrics["concepts"]["operating_income"]["unit"]
    assert (
        other_problems(folder._replace(texts={**folder.texts, "metrics.yaml": yaml_text(metrics)}), TODAY)
        == []
    )
