"""``thesis new``: a copy or a skeleton, whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from thesis.core.problem import InvalidInput
from thesis.files.disk import bundled_folder
from thesis.workspace import scaffold

NVDA = ("--entity", "NVDA", "--target", "6e12", "--by", "2030")
HIDDEN = ".schema"


def _listed(folder: Path) -> dict[str, bytes]:
    """Every file of a pack but the schemas for editors, and what git is to leave alone."""
    found = {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}
    return {name: data for name, data in found.items() if not name.startswith((HIDDEN, ".gitignore"))}


def test_git_is_told_what_is_no_part_of_a_pack(run: Any, tmp_path: Path) -> None:
    """The lock of who is writing, and what a run that was cut off leaves."""
    assert run("new", "mine", "--from", "amzn-4t").code == 0
    assert (tmp_path / "mine" / ".gitignore").read_text(encoding="utf-8") == ".thesis.lock\n.*.tmp\n"


def _uncommented(text: str) -> str:
    """A skeleton's file with its examples in force."""
    text = re.sub(r"^(\w+): \[\]$", r"\1:", text, flags=re.MULTILINE)
    text = re.sub(r"^\[\]$", "", text, flags=re.MULTILINE)
    return re.sub(r"^# (- \w|  )", r"\1", text, flags=re.MULTILINE)


def _companyfacts(tags: dict[str, int]) -> str:
    """Ten quarters of each tag, each a tenth of the first larger, as the SEC gives them."""
    quarters = [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")]
    facts: dict[str, Any] = {}
    for tag, first in tags.items():
        rows = []
        for i in range(10):
            year, (start, end) = 2024 + i // 4, quarters[i % 4]
            rows.append({
                "start": f"{year}-{start}", "end": f"{year}-{end}", "val": first + i * first // 10,
                "accn": f"0001045810-{year - 2000}-{i:06}", "fy": year, "fp": f"Q{i % 4 + 1}", "form": "10-Q",
                "filed": f"{year + (i % 4 == 3)}-{(i % 4 * 3 + 4) % 12 or 12:02}-28",
            })  # fmt: skip
        facts[tag] = {"label": tag, "units": {"USD": rows}}
    return json.dumps({"cik": 1045810, "entityName": "NVIDIA", "facts": {"us-gaap": facts}})


# a copy ------------------------------------------------------------------------------------------


def test_a_copy_is_the_packs_own_files_and_works(run: Any, tmp_path: Path) -> None:
    """The bundled pack, file by file, says in its new place what it said in the old one."""
    assert run("new", "mine", "--from", "amzn-4t", "--id", "amzn-4t").code == 0
    source, copy = _listed(bundled_folder("rules") / "amzn-4t"), _listed(tmp_path / "mine")
    assert set(copy) == set(source)
    assert {name for name in copy if copy[name] != source[name]} <= {
        "thesis.yaml", "metrics.yaml", "judgements.yaml", "valuation.yaml", "trials.yaml",
    }  # fmt: skip
    assert run("lint", "mine") == (0, "mine: no problems\n", "")
    there = run("check", "mine", "--as-of", "2026-10-15").out
    assert there == run("check", "amzn-4t", "--as-of", "2026-10-15").out


def test_a_copy_is_told_from_what_it_was_copied_from(run: Any, tmp_path: Path) -> None:
    """It has an id of its own, after its folder, and nothing else of the file is another."""
    found = run("new", "mine", "--from", "amzn-4t")
    assert found.out.startswith("made mine: a copy of the 10 files of rules/amzn-4t, with the id mine\n")
    text = (tmp_path / "mine" / "thesis.yaml").read_text(encoding="utf-8")
    assert "\nid: mine\n" in text
    was = (bundled_folder("rules") / "amzn-4t" / "thesis.yaml").read_text(encoding="utf-8")
    assert text.partition("\n")[2] == was.replace("id: amzn-4t\n", "id: mine\n", 1).partition("\n")[2]
    listed = [line.split()[0] for line in run("list").out.splitlines()[1:]]
    assert sorted(listed) == ["amzn-4t", "googl-cloud", "mine"]


@pytest.mark.parametrize("name", ["my pack", "null", "größe"])
def test_a_folders_name_that_is_no_id_is_not_made_one(
    folder_pack: Any, run: Any, tmp_path: Path, name: str
) -> None:
    folder_pack()
    found = run("new", name, "--from", "acme")
    assert (found.code, found.err) == (
        0,
        f"it keeps its id: `{name}` cannot be one; write another into thesis.yaml\n",
    )
    assert run("lint", name).code == 0
    assert (tmp_path / name / "thesis.yaml").read_bytes() == (tmp_path / "acme/thesis.yaml").read_bytes()


def test_a_copys_editor_finds_the_schemas(run: Any, tmp_path: Path) -> None:
    """The first line of each file leads to a schema that is there, and nothing else changed in it."""
    run("new", "mine", "--from", "amzn-4t", "--id", "amzn-4t")
    source = bundled_folder("rules") / "amzn-4t"
    for file in (tmp_path / "mine").glob("*.yaml"):
        first, _, rest = file.read_text(encoding="utf-8").partition("\n")
        schema = first.partition("$schema=")[2]
        assert json.loads((file.parent / schema).read_text(encoding="utf-8"))["$schema"]
        assert rest == (source / file.name).read_text(encoding="utf-8").partition("\n")[2]


def test_a_copy_is_made_of_a_folder_too(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """A pack that names no schema, or one by its address, is copied to the byte, and gets no schemas."""
    address = "# yaml-language-server: $schema=https://schemas.example/trials.json\n- name: x\n  expect: []\n"
    pack = folder_pack({"trials.yaml": address})
    assert run("new", "mine", "--from", "acme", "--id", "acme").code == 0
    assert _listed(tmp_path / "mine") == _listed(pack)
    assert not (tmp_path / "mine" / HIDDEN).exists()


def test_what_is_not_the_packs_stays_behind(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """Reviews, hidden and other files are not copied, nor is what a link leads to outside of the pack."""
    (tmp_path / "secret.csv").write_text("a secret", encoding="utf-8")
    pack = folder_pack({
        "reviews/2026.yaml": "x", ".git/config": "x", "notes.txt": "x", "facts/.old.csv": "x",
        "facts/x.txt": "x",
    })  # fmt: skip
    (pack / "facts" / "LINKED.csv").symlink_to(tmp_path / "secret.csv")
    (pack / "trials.yaml").unlink()
    (pack / "trials.yaml").symlink_to(tmp_path / "secret.csv")
    (pack / "facts" / "AGAIN.csv").symlink_to(pack / "facts" / "ACME.csv")
    found = run("new", "mine", "--from", "acme")
    assert found.code == 0
    assert set(_listed(tmp_path / "mine")) == {
        "thesis.yaml", "metrics.yaml", "judgements.yaml", "facts/ACME.csv", "facts/AGAIN.csv",
    }  # fmt: skip
    assert "trials.yaml" in found.err and "facts/LINKED.csv" in found.err
    assert not (tmp_path / "mine/facts/AGAIN.csv").is_symlink()
    assert "problem" in found.err, "AGAIN.csv has the rows of another company"


def test_facts_behind_a_link_stay_behind(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """The same where the whole folder of facts is elsewhere."""
    pack = folder_pack()
    (pack / "facts").rename(tmp_path / "elsewhere")
    (pack / "facts").symlink_to(tmp_path / "elsewhere")
    assert "left out facts:" in run("new", "mine", "--from", "acme").err
    assert not (tmp_path / "mine" / "facts").exists()


def test_another_id_changes_one_word(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """``--id`` replaces the id and leaves its comment and everything else as it was."""
    pack = folder_pack()
    text = (pack / "thesis.yaml").read_text(encoding="utf-8")
    for written in ("id: acme", "id: 'acme'  # mine", 'id: "acme"\r', "id:   acme # x"):
        (pack / "thesis.yaml").write_bytes(text.replace("id: acme", written, 1).encode())
        name = f"copy-{len(list(tmp_path.iterdir()))}"
        assert "with the id anvils" in run("new", name, "--from", "acme", "--id", "anvils").out
        expected = text.replace("id: acme", re.sub(r"['\"]?acme['\"]?", "anvils", written), 1)
        assert (tmp_path / name / "thesis.yaml").read_bytes() == expected.encode()


def test_a_pack_whose_id_is_not_to_be_found_keeps_it(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """There is nothing to put the new id in the place of: a problem, and no folder."""
    folder_pack({"thesis.yaml": "{title: x}\n"})
    found = run("new", "mine", "--from", "acme", "--id", "anvils")
    assert (found.code, found.out) == (3, "")
    assert "error[missing-key]" in found.err
    assert not (tmp_path / "mine").exists()


def test_a_pack_with_mistakes_is_copied_and_that_is_said(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """It is the user's own; what is wrong with it stays wrong and is told."""
    pack = folder_pack({"thesis.yaml": "id: [\n", "judgements.yaml": b"\xff"})
    found = run("new", "mine", "--from", "acme")
    assert found.code == 0
    assert found.err == "it was copied as it is, and is not in order: 1 problem\n"
    assert run("lint", "mine").err.endswith("1 problem in 1 file\n")
    assert _listed(tmp_path / "mine") == _listed(pack)


def test_a_file_that_cannot_be_read_leaves_nothing(folder_pack: Any, run: Any, tmp_path: Path) -> None:
    """A folder where a file belongs, or one too large: all or nothing."""
    folder_pack({"trials.yaml": None, "trials.yaml/x": "x", "metrics.yaml": "#" * 1_000_001})
    found = run("new", "mine", "--from", "acme")
    assert found.code == 3
    assert "unreadable-file" in found.err and "too-large" in found.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["acme"]


def test_what_is_not_a_pack_is_not_copied(run: Any, tmp_path: Path) -> None:
    """A misspelt name is told with the nearest one."""
    found = run("new", "mine", "--from", "amzn-4")
    assert found.code == 3
    assert "did you mean `amzn-4t`?" in found.err
    assert list(tmp_path.iterdir()) == []


# a skeleton --------------------------------------------------------------------------------------


def test_a_skeleton_lacks_what_its_author_must_supply_and_nothing_else(run: Any) -> None:
    """Conditions, kill criteria and a source, each with a remedy; besides, figures."""
    assert run("new", "nvda", *NVDA).code == 0
    found = run("lint", "nvda", "--json")
    assert found.code == 3
    problems = json.loads(found.out)
    errors = [problem for problem in problems if problem["level"] == "error"]
    assert sorted(problem["code"] for problem in errors) == [
        "few-kill-criteria",
        "no-conditions",
        "unwritten",
    ]
    assert all(problem["hint"] and problem["span"] for problem in problems)
    assert {problem["code"] for problem in problems if problem["level"] == "warning"} == {"no-facts"}
    assert run("memo", "nvda").code == 3


def test_kill_criteria_are_asked_for_until_there_are_enough(run: Any, tmp_path: Path) -> None:
    """Three, of which two with a condition on figures: fewer of either is a problem."""
    run("new", "nvda", *NVDA)
    file = tmp_path / "nvda" / "thesis.yaml"
    (tmp_path / "nvda/judgements.yaml").write_text(
        "rubrics: [{id: J1, name: x, asks: x, levels: [a, b]}]\ngrades: []\n", encoding="utf-8"
    )
    text = file.read_text(encoding="utf-8")
    measured = "{{id: K{}, claim: x, because: x, when: sales_growth < 0}}"
    judged = "{{id: K{}, claim: x, because: x, judgement: J1, immediate: true}}"

    def reported(*kinds: str) -> bool:
        listed = ", ".join(kind.format(i) for i, kind in enumerate(kinds))
        file.write_text(text.replace("kill: []", f"kill: [{listed}]"), encoding="utf-8")
        found = run("lint", "nvda").err
        assert "[no-conditions]" in found
        return "[few-kill-criteria]" in found

    assert reported(measured)
    assert reported(measured, measured)
    assert reported(judged, judged, measured)
    assert not reported(judged, measured, measured)
    assert not reported(measured, measured, measured)


def test_figures_can_be_imported_before_a_rule_is_written(run: Any, tmp_path: Path) -> None:
    """Of the company's companyfacts; then the examples, taken out of their comments, make a memo."""
    run("new", "nvda", *NVDA, "--name", "NVIDIA", "--cik", "0001045810")
    (tmp_path / "facts.json").write_text(
        _companyfacts({
            "Revenues": 40_000_000_000, "OperatingIncomeLoss": 20_000_000_000,
            "NetCashProvidedByUsedInOperatingActivities": 20_000_000_000,
            "PaymentsToAcquirePropertyPlantAndEquipment": 1_000_000_000,
        }), encoding="utf-8",
    )  # fmt: skip
    imported = run("facts", "import", "facts.json", "-p", "nvda")
    assert (imported.code, "new: 40" in imported.out) == (0, True), imported
    assert "2026Q2" in run("facts", "-p", "nvda").out

    pack = tmp_path / "nvda"
    for name in ("thesis.yaml", "judgements.yaml", "trials.yaml"):
        text = _uncommented((pack / name).read_text(encoding="utf-8"))
        (pack / name).write_text(text, encoding="utf-8")
    metrics = (pack / "metrics.yaml").read_text(encoding="utf-8")
    (pack / "metrics.yaml").write_text(metrics.replace('source: ""', "source: exchange close"), "utf-8")
    assert run("lint", "nvda").code == 0
    tried = run("test", "nvda")
    assert tried.code == 0 and "2 expectations, 0 failed" in tried.out
    checked = run("check", "nvda", "--as-of", "2026-08-01")
    assert "Sales growth" in checked.out and "NOT RATED" not in checked.out, checked
    assert run("memo", "nvda", "--as-of", "2026-08-01").code == 0


def test_the_example_of_a_valuation_is_one_once_it_is_filled_in(run: Any, tmp_path: Path) -> None:
    """Each blank of it is told by lint, and with all of them filled in nothing is left to say."""
    run("new", "nvda", *NVDA)
    pack = tmp_path / "nvda"
    for name in ("thesis.yaml", "judgements.yaml"):
        text = _uncommented((pack / name).read_text(encoding="utf-8"))
        (pack / name).write_text(text, encoding="utf-8")
    metrics = (pack / "metrics.yaml").read_text(encoding="utf-8")
    (pack / "metrics.yaml").write_text(metrics.replace('source: ""', "source: exchange close"), "utf-8")
    example = (pack / "valuation.example.yaml").read_text(encoding="utf-8")
    (pack / "valuation.yaml").write_text(example, encoding="utf-8")
    assert "valuation.yaml:" in run("lint", "nvda").err
    for key, value in (("central", "20%"), ("low", "10%"), ("high", "30%"), ("sd", "5%"),
                       ("source", "judgement"), ("because", "As said.")):  # fmt: skip
        example = example.replace(f" {key}: ___", f" {key}: {value}")
    example = re.sub(r"(multiple:.*?)20%(.*?)10%(.*?)30%", r"\g<1>20\g<2>10\g<3>30", example, flags=re.DOTALL)
    (pack / "valuation.yaml").write_text(example, encoding="utf-8")
    found = run("lint", "nvda")
    assert (found.code, "valuation.yaml" in found.err) == (0, False), found.err


@pytest.mark.parametrize("file", ["thesis.yaml", "metrics.yaml", "judgements.yaml", "trials.yaml"])
def test_an_editor_finds_the_skeleton_valid(file: str, run: Any, tmp_path: Path) -> None:
    """By the schema that its first line names."""
    import jsonschema
    import yaml

    run("new", "nvda", *NVDA, "--name", 'The "N" Company: #1', "--title", "Is it: a question?")
    text = (tmp_path / "nvda" / file).read_text(encoding="utf-8")
    schema = json.loads((tmp_path / "nvda" / text.partition("$schema=")[2].split()[0]).read_text("utf-8"))
    found = yaml.load(text, Loader=yaml.BaseLoader)
    found = json.loads(json.dumps(found).replace('"6e12"', "6e12"))
    if file == "thesis.yaml":
        assert found["title"] == "Is it: a question?"
        found["requires"] = {"kill": 3, "measured": 2}
        found["verdict"]["caps"][0]["conditions"] = 1
    if file == "metrics.yaml":
        assert found["entities"]["NVDA"]["name"] == 'The "N" Company: #1'
    jsonschema.validate(found, schema)


@pytest.mark.parametrize(
    ("target", "by", "written", "until", "identity"),
    [
        ("6e12", "2030", "6e12", "2030-12-31", "nvda-6t"),
        ("6T", "2030-06-30", "6e12", "2030-06-30", "nvda-6t"),
        ("$2.5 tn", "2027", "2.5e12", "2027-12-31", "nvda-2.5t"),
        ("900bn", "2027", "900e9", "2027-12-31", "nvda-900b"),
        ("750000000", "2027", "750e6", "2027-12-31", "nvda-750m"),
    ],
)
def test_a_target_is_read_as_it_was_meant(
    target: str, by: str, written: str, until: str, identity: str, run: Any, tmp_path: Path
) -> None:
    """Dollars in any of the ways that people write them, and a year as its last day."""
    assert run("new", "nvda", "--entity", "NVDA", "--target", target, "--by", by).code == 0
    text = (tmp_path / "nvda/thesis.yaml").read_text(encoding="utf-8")
    assert f"target: {{market_cap: {written}, unit: USD, by: {until}," in text
    assert f"\nid: {identity}\n" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--entity", "NV/DA", "--target", "6T", "--by", "2030"), "NV/DA"),
        (("--entity", "..", "--target", "6T", "--by", "2030"), "a letter first"),
        (("--entity", "NVDÄ", "--target", "6T", "--by", "2030"), "letters, digits"),
        (("--entity", "NVDA\n", "--target", "6T", "--by", "2030"), "letters, digits"),
        (("--entity", "NVDA", "--target", "0", "--by", "2030"), "6e12 or 6T"),
        (("--entity", "NVDA", "--target", "6", "--by", "2030"), "6e12 or 6T"),
        (("--entity", "NVDA", "--target", "-6e12", "--by", "2030"), "6e12 or 6T"),
        (("--entity", "NVDA", "--target", "nan", "--by", "2030"), "6e12 or 6T"),
        (("--entity", "NVDA", "--target", "1e99", "--by", "2030"), "6e12 or 6T"),
        (("--entity", "NVDA", "--target", "6T", "--by", "2025"), "a day to come"),
        (("--entity", "NVDA", "--target", "6T", "--by", "2026-11-22"), "a day to come"),
        (("--entity", "NVDA", "--target", "6T", "--by", "soon"), "2030-06-30"),
        (("--entity", "NVDA", "--target", "6T", "--by", "9999"), "2030-06-30"),
        (("--entity", "NVDA", "--target", "6T"), "--by"),
        (("--entity", "NVDA"), "--target and --by"),
        ((), "--from"),
        ((*NVDA, "--cik", "12x"), "ten digits"),
        ((*NVDA, "--cik", "0"), "ten digits"),
        ((*NVDA, "--name", " "), "one line"),
        ((*NVDA, "--title", "a\nb"), "one line"),
        ((*NVDA, "--id", "a b"), "letters, digits"),
        (("--from", "amzn-4t", "--entity", "NVDA"), "--entity"),
        (("--from", "amzn-4t", "--by", "2030", "--title", "x"), "--by and --title"),
        (("--from", "amzn-4t", "--id", "../x"), "letters, digits"),
    ],
)
def test_wrong_usage_makes_nothing(arguments: tuple[str, ...], told: str, run: Any, tmp_path: Path) -> None:
    """Exit code 2, what was expected, and no folder."""
    found = run("new", "nvda", *arguments)
    assert (found.code, found.out) == (2, "")
    assert told in found.err
    assert list(tmp_path.iterdir()) == []


def test_the_folder_one_stands_in_is_not_replaced(run: Any, tmp_path: Path) -> None:
    """An empty one could be, but would be gone from under one's feet."""
    for name in (".", str(tmp_path), ""):
        assert run("new", name, *NVDA).code == 2
    assert list(tmp_path.iterdir()) == []


# all or nothing ----------------------------------------------------------------------------------

WAYS = {"copy": ("--from", "amzn-4t"), "skeleton": NVDA}


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Both ways to start a pack."""
    return WAYS[request.param]


def test_an_empty_folder_is_taken_and_any_other_is_not(way: Any, run: Any, tmp_path: Path) -> None:
    """What is there already stays as it is."""
    (tmp_path / "empty").mkdir()
    assert run("new", "empty", *way).code == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".keep").write_text("x", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "empty" / "mine.txt").write_text("x", encoding="utf-8")
    for name in ("empty", "full", "file", "full/.keep"):
        before = _listed(tmp_path)
        found = run("new", name, *way)
        assert (found.code, found.out) == (3, "")
        assert "error[exists]" in found.err and "nothing was changed" in found.err
        assert _listed(tmp_path) == before


def test_a_link_to_an_empty_folder_stays_a_link(run: Any, tmp_path: Path) -> None:
    """The pack comes to be where the link leads."""
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to("there")
    assert run("new", "here", *NVDA).code == 0
    assert (tmp_path / "here").is_symlink()
    assert (tmp_path / "there" / "thesis.yaml").is_file()


def test_a_new_pack_has_the_rights_of_any_new_folder(way: Any, run: Any, tmp_path: Path) -> None:
    """Not those of a temporary one."""
    (tmp_path / "other").mkdir()
    run("new", "mine", *way)
    rights = [stat.S_IMODE(os.stat(tmp_path / name).st_mode) for name in ("other", "mine")]
    assert rights[0] == rights[1]


def test_without_the_folder_above_there_is_nothing_to_put_it_in(way: Any, run: Any, tmp_path: Path) -> None:
    """It is not made: a slip of the keyboard would be, too."""
    found = run("new", "rules/mine", *way)
    assert found.code == 3
    assert "error[unwritable]" in found.err and "there is no folder `rules`; make it first" in found.err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_wherever_it_strikes(
    way: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever write fails, the folder is not there and neither is any part of it."""
    real, strikes = os.replace, 0
    for strikes in range(50):
        left = iter(range(strikes))

        def full(source: Any, target: Any, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(source, target)

        monkeypatch.setattr(os, "replace", full)
        found = run("new", "mine", *way)
        monkeypatch.setattr(os, "replace", real)
        if found.code == 0:
            break
        assert (found.code, found.out) == (3, "")
        assert "no space left on device; nothing was changed" in found.err
        assert list(tmp_path.iterdir()) == []
    assert strikes == sum(1 for file in (tmp_path / "mine").rglob("*") if file.is_file())


@pytest.mark.parametrize("step", ["mkdtemp", "rename"])
def test_a_folder_that_cannot_be_written_to_stays_as_it_is(
    step: str, way: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first step and the last."""

    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(*((tempfile, step) if step == "mkdtemp" else (os, step)), refused)
    found = run("new", "mine", *way)
    assert found.code == 3
    assert "permission denied; nothing was changed" in found.err
    assert list(tmp_path.iterdir()) == []


def test_stopping_it_leaves_nothing(
    way: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C between two writes."""
    real, written = os.fsync, []

    def stopped(number: int) -> None:
        written.append(number)
        if len(written) == 3:
            raise KeyboardInterrupt
        real(number)

    monkeypatch.setattr(os, "fsync", stopped)
    found = run("new", "mine", *way)
    assert (found.code, found.out, found.err.strip()) == (130, "", "stopped")
    assert list(tmp_path.iterdir()) == []


def test_of_two_at_once_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have written all their files when the first of them is renamed; the pack is one of theirs."""
    both, real = threading.Barrier(2), os.rename
    outcomes: list[str] = []

    def together(source: Any, target: Any) -> None:
        both.wait(timeout=10)
        real(source, target)

    monkeypatch.setattr(os, "rename", together)

    def start(who: str) -> None:
        try:
            scaffold.place_folder({"thesis.yaml": who.encode(), f"{who}.csv": b""}, tmp_path / "mine", "mine")
            outcomes.append(who)
        except InvalidInput as flawed:
            outcomes.append(flawed.problems[0].code)

    threads = [threading.Thread(target=start, args=(who,)) for who in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = {"one", "other"} & set(outcomes)
    assert set(outcomes) == {winner, "exists"}
    assert set(_listed(tmp_path)) == {"mine/thesis.yaml", f"mine/{winner}.csv"}
