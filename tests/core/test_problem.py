"""The catalogue of mistakes: each code has a folder with a mistake and what the program says of it.

A folder ``problems/<code>`` or ``problems/<code>.<variant>`` holds the files in which it differs
from the Acme pack, the command to run if it is not ``lint``, and the exact words on standard error.
One with a valuation.yaml starts from the Acme pack with a price, which is what ``data/valued`` adds.
``REWRITE_PROBLEMS=1 pytest tests/core/test_problem.py`` writes those words anew, to be read in the diff.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

import thesis
from thesis.core.problem import InvalidInput, Problem
from thesis.files.disk import LOCK
from thesis.journal.seal import seal_text
from thesis.journal.sign import AnalystWords, sign_review
from thesis.pack.folder import Folder, read_folder
from thesis.workspace.open_pack import examined_pack

pytestmark = pytest.mark.quick

HERE = Path(__file__).parents[1]
CASES = sorted(folder for folder in (HERE / "problems").iterdir() if folder.is_dir())
EXPECTED, COMMAND = "expected.txt", "command.txt"


def _without_metrics(pack: Path) -> None:
    (pack / "metrics.yaml").unlink()


def _leading_out(pack: Path) -> None:
    (pack.parent / "elsewhere.csv").write_text("a secret\n", encoding="utf-8")
    (pack / "facts" / "ELSEWHERE.csv").symlink_to(pack.parent / "elsewhere.csv")


def _huge(pack: Path) -> None:
    with (pack / "thesis.yaml").open("a", encoding="utf-8") as file:
        file.write("#" * 1_000_000)


def _many(pack: Path) -> None:
    for i in range(200):
        (pack / "facts" / f"E{i:03}.csv").write_text("concept,period,value,unit,filed,source,how\n")


def _long(pack: Path) -> None:
    with (pack / "facts" / "ACME.csv").open("a", encoding="utf-8") as file:
        file.write(",,,,,,,\n" * 200_000)


def _wrong_everywhere(pack: Path) -> None:
    """A thousand rows of which none has a source."""
    row = "sales,2026Q2,159000000,USD,2026-07-29,,reported,\n"
    with (pack / "facts" / "ACME.csv").open("a", encoding="utf-8") as file:
        file.write(row * 1_000)


_HELD: list[FileLock] = []
SIGNED = "2026-08-05"


def _sign(pack: Path, day: str = SIGNED) -> Path:
    """A review signed on a day; where it lies."""
    today = date.fromisoformat(SIGNED)
    signed = sign_review(read_folder(pack, "."), date.fromisoformat(day), today, AnalystWords(by="R. Runner"))
    return pack / "reviews" / f"{signed.review.name}.yaml"


def _signed_on_one_filing(pack: Path) -> None:
    _sign(pack)
    row = "sales,2026Q2,159000000,USD,2026-08-10,10-Q/A 0000012345-26-000110,reported,\n"
    with (pack / "facts" / "ACME.csv").open("a", encoding="utf-8") as file:
        file.write(row)


def _held(pack: Path) -> None:
    """Somebody else is writing, and goes on writing for as long as anybody waits."""
    lock = FileLock(pack / LOCK)
    lock.acquire()
    _HELD.append(lock)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is held is not waited for."""
    acquire = FileLock.acquire

    def at_once(self: Any, timeout: float | None = None, **more: Any) -> Any:
        return acquire(self, timeout=0 if timeout else timeout, **more)

    monkeypatch.setattr(FileLock, "acquire", at_once)


def _renamed_away(pack: Path) -> None:
    path = _sign(pack)
    path.rename(path.with_suffix(".yml"))


def _kept_head(pack: Path) -> None:
    """The head of a review that somebody took away since."""
    path = _sign(pack)
    head = path.read_text(encoding="utf-8").rpartition("seal: ")[2]
    (pack / "kept.txt").write_text(f"2026-08-05 {head}", encoding="utf-8")
    path.unlink()
    shutil.rmtree(pack / "reviews" / "inputs")


def _no_head(pack: Path) -> None:
    _sign(pack)
    (pack / "kept.txt").write_text("see the safe\n", encoding="utf-8")


def _flipped(pack: Path) -> None:
    path = _sign(pack)
    path.write_bytes(path.read_bytes().replace(b"by: R. Runner", b"by: R. Gunner", 1))


def _inputs(pack: Path) -> Path:
    _sign(pack)
    return next((pack / "reviews" / "inputs").iterdir())


def _flipped_input(pack: Path) -> None:
    path = _inputs(pack) / "facts" / "ACME.csv"
    path.write_bytes(path.read_bytes().replace(b"159000000", b"169000000", 1))


def _renamed(pack: Path) -> None:
    _sign(pack).rename(pack / "reviews" / "2026Q3.yaml")


def _gap(pack: Path) -> None:
    first = _sign(pack, "2026-05-01")
    _sign(pack)
    first.unlink()


def _newer(pack: Path) -> None:
    path = _sign(pack)
    path.write_bytes(path.read_bytes().replace(b"format: 1", b"format: 2", 1))


def _sealed_by_hand(pack: Path) -> None:
    """A better score, and a seal that fits it."""
    path = _sign(pack)
    text = path.read_text(encoding="utf-8").rpartition("seal: ")[0]
    better = re.sub(r"confidence: [A-D]", "confidence: A+", text)
    assert better != text
    path.write_text(seal_text(better), encoding="utf-8")


def _edited_forecast(pack: Path) -> None:
    _sign(pack)
    path = pack / "forecasts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("60%", "80%"), encoding="utf-8")


def _edited_outcome(pack: Path) -> None:
    _sign(pack, "2026-05-01")
    _sign(pack)
    path = pack / "forecasts.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("outcome: yes", "outcome: no"), encoding="utf-8")


def _later_signed(pack: Path) -> None:
    _sign(pack)


def _without_inputs(pack: Path) -> None:
    shutil.rmtree(_inputs(pack))


# What a folder in a repository cannot hold, or should not.
PREPARED: dict[str, Callable[[Path], None]] = {
    "edited-forecast": _edited_forecast,
    "edited-outcome": _edited_outcome,
    "gap": _gap,
    "locked": _held,
    "newer-format": _newer,
    "not-reproduced": _sealed_by_hand,
    "signed-already": _signed_on_one_filing,
    "signed-already.words": _later_signed,
    "too-late": _later_signed,
    "no-head": _no_head,
    "other-head": _kept_head,
    "touched": _flipped,
    "touched.foreign": _renamed_away,
    "touched.inputs": _flipped_input,
    "touched.missing-inputs": _without_inputs,
    "touched.name": _renamed,
    "missing-file": _without_metrics,
    "outside": _leading_out,
    "too-large": _huge,
    "too-many-files": _many,
    "too-many-problems": _wrong_everywhere,
    "too-many-rows": _long,
}


def _pack_with_the_mistake(case: Path, folder: Path) -> Path:
    shutil.copytree(HERE / "data" / "acme", folder)
    if (case / "valuation.yaml").exists():
        shutil.copytree(HERE / "data" / "valued", folder, dirs_exist_ok=True)
    for source in sorted(case.rglob("*")):
        target = folder / source.relative_to(case)
        if source.is_dir():
            target.unlink(missing_ok=True) if target.is_file() else None
            target.mkdir(exist_ok=True)
        elif source.name not in (EXPECTED, COMMAND):
            shutil.copyfile(source, target)
    if case.name in PREPARED:
        PREPARED[case.name](folder)
    return folder


def _code(case: Path) -> str:
    return case.name.partition(".")[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_told_with_its_place_and_a_remedy(case: Path, tmp_path: Path, run: Any) -> None:
    """Each mistake is told in the words of its golden file, and the exit code says whose mistake it is."""
    pack = _pack_with_the_mistake(case, tmp_path / "acme")
    command = (case / COMMAND).read_text(encoding="utf-8").split() if (case / COMMAND).exists() else ["lint"]
    found = run(*command, cwd=pack)
    if os.environ.get("REWRITE_PROBLEMS"):
        (case / EXPECTED).write_text(found.err, encoding="utf-8")
    assert found.err == (case / EXPECTED).read_text(encoding="utf-8")
    assert f"[{_code(case)}]" in found.err
    assert found.code == (3 if "error[" in found.err else 0)
    assert "Traceback" not in found.err


def test_every_kind_of_problem_has_a_case() -> None:
    """A code that the program can emit is in the catalogue, and the catalogue holds no other."""
    assert sorted({_code(case) for case in CASES}) == sorted(set(_codes()))


def _codes() -> Iterator[str]:
    """Every code in the program's source: the first argument of whatever makes a problem."""
    makers = {"Problem", "problem", "warning", "unknown", "refuse", "attempt", "wrong", "TextType"}
    for module in Path(thesis.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0] if node.args else None
            if called in makers and isinstance(first, ast.Constant):
                yield str(first.value)
            yield from _codes_beside(node, called)


def _codes_beside(call: ast.Call, called: str) -> Iterator[str]:
    """Codes of the rule language, which come after the message: by name, or in the place kept for them."""
    place = {"SyntaxProblem": 4, "clash": 3, "NumberType": 5}.get(called)
    if place is not None:
        given = [word.value for word in call.keywords if word.arg == "code"] + call.args[place : place + 1]
        default = {"SyntaxProblem": "syntax", "clash": "unit-clash", "NumberType": "bad-value"}[called]
        yield from (str(node.value) for node in given if isinstance(node, ast.Constant))
        if not given:
            yield default


@pytest.mark.parametrize(
    "case", [case for case in CASES if not (case / COMMAND).exists()], ids=lambda c: c.name
)
def test_a_pack_is_opened_if_and_only_if_lint_finds_no_error(case: Path, tmp_path: Path) -> None:
    """Opening leaves out the checks that only warn, and never one that finds an error."""
    folder = read_pack_or_none(_pack_with_the_mistake(case, tmp_path / "acme"))
    if folder is None:
        return
    today = date(2026, 11, 22)
    outcomes = [_errors(folder, today, warnings=warnings) for warnings in (True, False)]
    assert outcomes[0] == outcomes[1]


def read_pack_or_none(path: Path) -> Folder | None:
    try:
        return read_folder(path, ".")
    except InvalidInput:
        return None


def _errors(folder: Folder, today: date, *, warnings: bool) -> list[Problem]:
    try:
        found = examined_pack(folder, today, warnings=warnings)[1]
    except InvalidInput as flawed:
        found = list(flawed.problems)
    return [problem for problem in found if problem.level == "error"]
