"""Hostile input: time and memory stay bounded, nothing runs, no other file is read or half written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

resource = pytest.importorskip("resource", reason="limits on memory need a POSIX system")

ACME = Path(__file__).parents[1] / "data" / "acme"
THESIS, METRICS, TRIALS, FACTS = "thesis.yaml", "metrics.yaml", "trials.yaml", "facts/ACME.csv"
RATED = ("--as-of", "2026-10-15")
GIGABYTE = 1 << 30


def _edited(file: str, old: str, new: str) -> dict[str, str]:
    """One file of the Acme pack with one thing in it changed."""
    text = (ACME / file).read_text(encoding="utf-8")
    assert old in text
    return {file: text.replace(old, new, 1)}


def _bomb() -> str:
    letters = "abcdefghij"
    lines = [f"a: &a [{', '.join(['x'] * 9)}]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise(letters)]
    return "\n".join(lines)


def _metrics(lines: list[str]) -> dict[str, str]:
    return _edited(METRICS, "identities:", "\n".join([*(f"  {line}" for line in lines), "", "identities:"]))


def _formula(text: str) -> dict[str, str]:
    return _edited(METRICS, "formula: yoy(repairs.sales)", f"formula: {text}")


YAML = {
    "a bomb of aliases": ({THESIS: _bomb()}, "alias"),
    "a hundred thousand brackets": ({THESIS: "x: " + "[" * 100_000}, "too-deep"),
    "a hundred thousand dashes": ({THESIS: "- " * 100_000}, "too-deep"),
    "five megabytes": ({THESIS: "x: y\n" * 1_000_000}, "too-large"),
    "two hundred thousand values": ({THESIS: f"conditions: [{'x,' * 200_000}]"}, "too-many-values"),
    "a hundred thousand rules": (
        _edited(THESIS, "risks:\n", "risks:\n" + "  - {}\n" * 100_000),
        "too-many-values",
    ),
    "NUL": (_edited(THESIS, "title: ", "title: \0"), "yaml-syntax"),
    "an object": (_edited(THESIS, "title: ", "title: !!python/object/apply:os.system "), "tag"),
    "a name of a module": (_edited(THESIS, "title: ", "title: !!python/name:os.system "), "tag"),
    "a merge": (_edited(METRICS, "  sales: {label", "  sales: {<<: *all, label"), "alias"),
    "a list as a key": ({THESIS: "[a, b]: c\n"}, "bad-key"),
    "a list": ({THESIS: "- id: acme\n"}, "wrong-value"),
    "a word": ({METRICS: "metrics"}, "wrong-value"),
}

EXPRESSIONS = {
    "eight hundred thousand characters": (_formula("1" + "+1" * 400_000), "too-long"),
    "ten thousand parentheses": (_formula("(" * 10_000 + "1" + ")" * 10_000), "too-long"),
    "a hundred parentheses": (_formula("(" * 100 + "1" + ")" * 100), "too-deep"),
    "a hundred signs": (_formula("'" + "- " * 100 + "1'"), "too-deep"),
    "a sum of nine hundred": (_formula("margin" + "+1" * 900), "too-deep"),
    "a window of a billion quarters": (_formula("mean(margin, 1000000000)"), "arguments"),
    "a billion of last quarters": (
        _edited(THESIS, "of last 3 quarters", f"of last {10**9} quarters"),
        "syntax",
    ),
    "windows in windows": (_formula("mean(" * 5 + "margin" + ", 80)" * 5), "too-many-values"),
    "a chain of metrics": (
        _metrics([f"m{i}: {{formula: -m{i + 1}, unit: ratio, show: number, label: m}}" for i in range(300)]
                 + ["m300: {formula: margin, unit: ratio, show: number, label: m}"]),
        "too-deep",
    ),
    "metrics that double": (
        _metrics([f'm{i}: {{formula: "m{i + 1} + m{i + 1}", unit: ratio, show: number, label: m}}'
                  for i in range(40)]
                 + ["m40: {formula: margin, unit: ratio, show: number, label: m}"]),
        "too-many-values",
    ),
    "a number too large": (_formula("1e400 * yoy(repairs.sales)"), "syntax"),
    "a letter that only looks like a Latin one": (_formula("yoy(r\u0435pairs.sales)"), "syntax"),
    "code": (_formula("__import__('os').system('id')"), "syntax"),
    "an attribute": (_formula("sales.__class__"), "unknown-name"),
}  # fmt: skip

NUMBERS = {
    "a target": (_edited(THESIS, "market_cap: 2e9", "market_cap: 1e400"), "wrong-value"),
    "a weight": (_edited(THESIS, "weight: 60", "weight: .inf"), "wrong-value"),
    "a weight that is none": (_edited(THESIS, "weight: 60", "weight: nan"), "wrong-value"),
    "an edge": (_edited(THESIS, "20%, 30%]", "20%, 1e400]"), "bad-bands"),
    "a fact": (_edited(FACTS, ",28000000,", ",1e400,"), "bad-value"),
    "a fact that is none": (_edited(FACTS, ",28000000,", ",nan,"), "bad-value"),
    "a year": (_edited(FACTS, "building,2026Q2", "building,9999Q2"), "bad-period"),
    "a level": (_edited("judgements.yaml", "level: 1\n", f"level: {10**30}\n"), "bad-level"),
    "a name like another": (
        _edited(
            METRICS, "  sales: {label", "  s\u0430les: {label: S, unit: USD, kind: flow}\n  sales: {label"
        ),
        "bad-name",
    ),
}

CSV = {
    "NUL": (_edited(FACTS, "building,2026Q2", "build\0ing,2026Q2"), "unknown-concept"),
    "a quote without an end": (_edited(FACTS, "building,2026Q2", '"building,2026Q2'), "csv-syntax"),
    "a hundred thousand columns": (_edited(FACTS, "building,", "building" + "," * 100_000), "wrong-columns"),
    "a header without an end": (_edited(FACTS, "how,note", "how" + "," * 100_000), "unknown-column"),
    "a cell without an end": (_edited(FACTS, "restated", "r" * 200_000), "csv-syntax"),
    "half a million rows": ({FACTS: (ACME / FACTS).read_text() + ",,,,,,,\n" * 500_000}, "too-many-rows"),
}  # fmt: skip

CASES = [
    pytest.param(overrides, code, id=f"{kind}: {name}")
    for kind, cases in (("yaml", YAML), ("expression", EXPRESSIONS), ("number", NUMBERS), ("csv", CSV))
    for name, (overrides, code) in cases.items()
]


@pytest.mark.parametrize(("overrides", "code"), CASES)
def test_a_hostile_pack_is_refused(overrides: dict[str, str], code: str, folder_pack: Any, run: Any) -> None:
    """A file made to hurt is a problem in the user's files: told with its code, and no traceback."""
    found = run("lint", cwd=folder_pack(overrides))
    assert (found.code, found.out) == (3, "")
    assert f"[{code}]" in found.err
    assert "Traceback" not in found.err
    assert all(len(line) < 300 for line in found.err.splitlines())


HEAVY = ["a bomb of aliases", "a hundred thousand rules", "windows in windows", "half a million rows"]


@pytest.mark.parametrize("name", HEAVY)
def test_a_hostile_pack_takes_less_than_a_gigabyte(name: str, folder_pack: Any) -> None:
    """What is refused is refused before it has taken the machine's memory."""
    overrides, code = {**YAML, **EXPRESSIONS, **CSV}[name]
    found = subprocess.run(
        [sys.executable, "-m", "thesis", "check", *RATED],
        cwd=folder_pack(overrides),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (GIGABYTE, GIGABYTE)),
    )
    assert found.returncode == 3
    assert f"[{code}]" in found.stderr


def test_what_is_just_within_the_limits_is_evaluated(folder_pack: Any, run: Any) -> None:
    """The limits refuse nothing that would not have worked: ninety levels of metrics make a memo."""
    lines = [f"m{i}: {{formula: m{i + 1}, unit: ratio, show: percent, label: m}}" for i in range(90)]
    lines.append("m90: {formula: margin, unit: ratio, show: percent, label: m}")
    thesis = _edited(THESIS, "metric: margin\n", "metric: m0\n")
    pack = folder_pack({**_metrics(lines), **thesis})
    plain = folder_pack({}, "plain")
    deep = run("memo", "--json", *RATED, cwd=pack)
    assert deep.code == 0
    assert run("explain", "margins", *RATED, cwd=pack).code == 0
    score = '"engines": {'
    assert score in deep.out
    assert (
        deep.out.partition(score)[2][:60]
        == run("memo", "--json", *RATED, cwd=plain).out.partition(score)[2][:60]
    )


# other files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [THESIS, METRICS, "judgements.yaml", FACTS, "facts/US.csv"])
def test_a_pack_reads_nothing_outside_its_folder(
    name: str, folder_pack: Any, tmp_path: Path, run: Any
) -> None:
    """A link that leads out of the pack is refused, and nothing of what it leads to is shown."""
    pack = folder_pack()
    (tmp_path / "secret").write_text("hunter2: [", encoding="utf-8")
    (pack / name).unlink(missing_ok=True)
    (pack / name).symlink_to(tmp_path / "secret")
    found = run("lint", str(pack))
    assert found.code == 3
    assert "leads out of the pack" in found.err
    assert "hunter2" not in found.err + found.out


def test_a_folder_of_facts_that_leads_out_is_refused(folder_pack: Any, tmp_path: Path, run: Any) -> None:
    """The whole folder of facts cannot be another's either."""
    pack = folder_pack()
    (pack / "facts").rename(tmp_path / "elsewhere")
    (pack / "facts").symlink_to(tmp_path / "elsewhere")
    found = run("lint", cwd=pack)
    assert found.code == 3
    assert "[outside]" in found.err


def test_a_pipe_in_a_pack_is_not_waited_for(folder_pack: Any, run: Any) -> None:
    """A file that never ends, or never begins, is no file of a pack."""
    pack = folder_pack({"judgements.yaml": None})
    os.mkfifo(pack / "judgements.yaml")
    found = run("lint", cwd=pack)
    assert found.code == 3
    assert "[unreadable-file]" in found.err


# templates ---------------------------------------------------------------------------------------

TEMPLATES = {
    "a class": "{{ ''.__class__.__mro__ }}",
    "globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "a class through a filter": "{{ a | attr('__class__') }}",
    "a method's owner": "{{ note.__self__ }}",
    "code of a function": "{{ tell.headline.__globals__ }}",
    "a change": "{{ a.given.update({'x': 1}) }}",
    "a range too long": "{% for i in range(1000000000) %}x{% endfor %}",
    "text repeated": "{{ 'x' * 1000000000 }}",
    "a list repeated": "{{ [1] * 1000000000 }}",
    "a power": "{{ 10 ** 10 ** 10 }}",
    "a file": "{% include '/etc/passwd' %}",
    "a file above": "{% include '../../../../../../../../etc/passwd' %}",
    "the pack's own files": "{% include '../thesis.yaml' %}",
    "a module": "{% import 'os' as os %}",
    "itself": "{% include 'mine.md.j2' %}",
    "endless calls": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "a division": "{{ 1 // 0 }}",
    "no template": "{% for",
}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_a_template_reaches_nothing(template: str, folder_pack: Any, run: Any) -> None:
    """A template arranges what it is given: it gets at no code, no file and no more memory than is sane."""
    pack = folder_pack({"mine/mine.md.j2": template})
    found = run("memo", *RATED, "--template", "mine/mine.md.j2", cwd=pack)
    assert (found.code, found.out) == (3, "")
    assert "Traceback" not in found.err
    assert "root:" not in found.err


# trials ------------------------------------------------------------------------------------------

WRONG_TRIALS = {
    "a level beyond the rubric": (
        "  expect:\n    - {of: K1",
        "  judgements: {J1: 99}\n  expect:\n    - {of: K1",
    ),
    "a day that is none": ("  expect:\n    - {of: K1", "  as_of: soon\n  expect:\n    - {of: K1"),
    "a value that is none": ("value: 20%", "value: not disclosed"),
    "a series beyond the calendar": ("2023Q1 100+0x8", "2100Q4 100+0x8"),
    "a step without a number": ("100+0x8", "a+bx8"),
}


@pytest.mark.parametrize("name", ["a series without an end", "a series that is none"])
def test_a_hostile_trial_is_refused(name: str, folder_pack: Any, run: Any) -> None:
    """A trial that would take the machine's memory is a problem in the user's file."""
    new = {"a series without an end": "100+0x999999999", "a series that is none": "[]"}[name]
    found = run("test", cwd=folder_pack(_edited(TRIALS, "100+0x8", new)))
    assert found.code == 3
    assert "Traceback" not in found.err


@pytest.mark.parametrize("edit", WRONG_TRIALS.values(), ids=WRONG_TRIALS.keys())
def test_a_trial_that_cannot_be_run_is_a_problem(edit: tuple[str, str], folder_pack: Any, run: Any) -> None:
    """What a trial gets wrong is told with its line, in words that are ours."""
    found = run("test", cwd=folder_pack(_edited(TRIALS, *edit)))
    assert found.code == 3
    assert "trials.yaml:" in found.err
    assert "Traceback" not in found.err
    assert "convert string" not in found.err


# what is kept and what is written ----------------------------------------------------------------


def _kept(cache: Path) -> list[Path]:
    return [file for file in cache.rglob("*") if file.is_file()]


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b"[1, 2, 3]", b'{"": "Thesis"}', b"\xff\x00", b"null"])
def test_what_was_kept_and_tampered_with_is_not_used(
    junk: bytes, folder_pack: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache with other things in it changes no answer."""
    pack, cache = folder_pack(), tmp_path / "cache"
    monkeypatch.setenv("THESIS_CACHE", str(cache))
    first = run("check", *RATED, cwd=pack)
    assert _kept(cache)
    for file in _kept(cache):
        file.write_bytes(junk)
    again = run("check", *RATED, cwd=pack)
    assert again == first


def test_a_kept_memo_that_was_damaged_is_not_printed(
    folder_pack: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a memo left by a full disk is not taken for the memo."""
    pack, cache = folder_pack(), tmp_path / "cache"
    monkeypatch.setenv("THESIS_CACHE", str(cache))
    first = run("memo", *RATED, cwd=pack)
    for file in (cache / "memos").iterdir():
        file.write_bytes(file.read_bytes()[:500])
    assert run("memo", *RATED, cwd=pack) == first


@pytest.mark.parametrize("command", ["check", "memo"])
def test_a_cache_that_cannot_be_written_is_done_without(
    command: str, folder_pack: Any, tmp_path: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the cache's folder should be costs time, not the answer."""
    pack = folder_pack()
    wanted = run(command, *RATED, cwd=pack)
    (tmp_path / "taken").write_text("", encoding="utf-8")
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "taken"))
    assert run(command, *RATED, cwd=pack) == wanted


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write_stays_as_it_is(folder_pack: Any, tmp_path: Path, run: Any) -> None:
    """A memo that cannot be written leaves nothing behind, and says so."""
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    found = run("memo", *RATED, "--out", str(folder / "memo.md"), cwd=folder_pack())
    assert found.code == 3
    assert "[unwritable]" in found.err
    assert not list(folder.iterdir())


@pytest.mark.parametrize("out", ["nowhere/memo.md", "thesis.yaml/memo.md", "thesis.yaml/", "nowhere/at/all/"])
def test_a_memo_that_cannot_be_written_leaves_nothing_behind(out: str, folder_pack: Any, run: Any) -> None:
    """A place that is no place for a file is told, and the folder is as it was."""
    pack = folder_pack()
    before = sorted(pack.rglob("*"))
    found = run("memo", *RATED, "--out", out, cwd=pack)
    assert (found.code, found.out) == (3, "")
    assert "[unwritable]" in found.err or "[exists]" in found.err
    assert sorted(pack.rglob("*")) == before


def test_a_file_that_is_there_is_replaced_only_when_asked_for(folder_pack: Any, run: Any) -> None:
    """``--out`` onto a file that is there changes nothing without ``--force``."""
    pack = folder_pack({"memo.md": "mine\n"})
    refused = run("memo", *RATED, "--out", "memo.md", cwd=pack)
    assert (refused.code, refused.out) == (3, "")
    assert (pack / "memo.md").read_text(encoding="utf-8") == "mine\n"
    forced = run("memo", *RATED, "--out", "memo.md", "--force", cwd=pack)
    assert forced.code == 0
    assert (pack / "memo.md").read_text(encoding="utf-8").startswith("# Will Acme")
    assert not list(pack.glob(".*"))
