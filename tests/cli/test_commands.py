"""The commands as a person meets them: what they print, what they return and what they leave alone."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from thesis import __version__
from thesis.cli import COMMANDS, GROUPS, cli
from thesis.cli.exit_codes import PROBLEM
from thesis.cli.typed_arguments import CountArgument, QuarterArgument
from thesis.core.semantics import SEMANTICS
from thesis.files.disk import bundled_folder

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RATED = ("--as-of", "2026-10-15")
LEVELS = ("BROKEN", "AT RISK", "WATCH", "ON TRACK")


def _edited(file: str, old: str, new: str) -> dict[str, str]:
    """One file of the Acme pack with one thing in it changed."""
    text = (ACME / file).read_text(encoding="utf-8")
    assert old in text
    return {file: text.replace(old, new, 1)}


def _shrinking() -> dict[str, str]:
    """Acme, had its repairs shrunk in the last three quarters."""
    text = (ACME / "facts/ACME.csv").read_text(encoding="utf-8")
    for quarter, anvils, was, repairs in (
        ("2025Q4", 104, 54, 44), ("2026Q1", 102, 54, 44), ("2026Q2", 101, 58, 44),
    ):  # fmt: skip
        text = text.replace(
            f"repairs.sales,{quarter},{was}000000", f"repairs.sales,{quarter},{repairs}000000"
        )
        whole = f"sales,{quarter},{anvils + was}000000"
        assert f"\n{whole}" in text
        text = text.replace(f"\n{whole}", f"\nsales,{quarter},{anvils + repairs}000000")
    return {"facts/ACME.csv": text}


# the day that is looked from ---------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "memo", "value", "history"])
def test_a_day_that_is_still_to_come_is_remarked(command: str, run: Any) -> None:
    """Once a day years ahead was taken like any other."""
    ahead = run(command, "amzn-4t", "--as-of", "2029-01-01")
    assert "note: 2029-01-01 is still to come: today is " in ahead.err
    assert "still to come" not in run(command, "amzn-4t", *RATED).err


def test_past_the_target_s_day_it_is_said(run: Any) -> None:
    late = ("amzn-4t", "--as-of", "2031-01-01")
    assert "\nthe target's day, 2030-12-31, has passed\n" in run("check", *late).out
    assert "| Target by 31 Dec 2030 (passed) |" in run("memo", *late).out
    assert "<dt>Target by 31 Dec 2030 (passed)</dt>" in run("memo", *late, "--format", "html").out
    assert "passed" not in run("check", "amzn-4t", *RATED).out


def test_with_nothing_that_counts_nothing_is_said_of_agreement(run: Any) -> None:
    """Once 0% was "only 0%", and all of other weightings agreed on a verdict that there was not."""
    memo = run("memo", "amzn-4t", "--as-of", "2031-01-01").out
    assert "by 9 Nov 2026. None of the evidence counts. To restore a rating: 1." in memo
    assert "confidence D (held down by coverage)." in memo
    assert "of other weightings agree" in run("memo", "amzn-4t", *RATED).out


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_memo_of_an_earlier_day_says_that_its_rules_are_of_a_later_one(form: str, run: Any) -> None:
    """A reason may name a quarter that nobody knew then; no figure does."""
    back = run("memo", "amzn-4t", "--as-of", "2026-05-08", "--format", form).out
    assert "Figures and grades are those known on 8 May 2026. The rules and their reasons are as " in back
    assert "up to 30 Sep 2026: they may speak of what nobody knew on that day." in back
    assert "those known on" not in run("memo", "amzn-4t", *RATED, "--format", form).out


# memo --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [str(ACME), "amzn-4t"])
def test_a_memo_is_the_same_bytes_each_time(pack: str, run: Any) -> None:
    """The same pack seen from the same day makes the same memo."""
    first, second = run("memo", pack, *RATED), run("memo", pack, *RATED)
    assert first == second
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("# ")
    assert "\n**WATCH**, second best of" in first.out


def test_a_memo_from_memory_is_the_memo(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered between runs changes how long a memo takes, and nothing else."""
    without = run("memo", str(ACME), *RATED)
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    assert run("memo", str(ACME), *RATED) == without
    assert run("memo", str(ACME), *RATED) == without


def test_a_changed_fact_changes_a_remembered_memo(
    run: Any, folder_pack: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is added counts at once, whatever was remembered before."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    pack = folder_pack()
    before = run("memo", *RATED, cwd=pack).out
    with (pack / "facts/ACME.csv").open("a", encoding="utf-8") as file:
        file.write("building,2026Q2,29000000,USD,2026-09-01,10-Q/A 0000012345-26-000110,reported,restated\n")
    after = run("memo", *RATED, cwd=pack).out
    assert "0000012345-26-000110" in after
    assert "0000012345-26-000110" not in before


@pytest.mark.parametrize("command", ["check", "memo", "lint", "list"])
def test_a_day_before_its_newest_row_says_the_same_whatever_is_remembered(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Figures filed after the day it is are a problem, also of a pack that was in order on a later day."""
    words = [command, *(() if command == "list" else (str(ACME),))]
    words += RATED if command in ("check", "memo") else ()
    monkeypatch.setenv("THESIS_TODAY", "2026-05-01")
    without = run(*words, cwd=ACME)
    assert "future-date" in without.err or "  7 problems" in without.out
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("THESIS_TODAY", "2026-11-22")
    assert "future-date" not in run(*words, cwd=ACME).err
    monkeypatch.setenv("THESIS_TODAY", "2026-05-01")
    assert run(*words, cwd=ACME) == without


def test_a_memo_goes_to_a_file(run: Any, tmp_path: Path) -> None:
    """``--out`` writes what would have been printed, with a mark at its end, and prints where it went."""
    printed = run("memo", str(ACME), *RATED)
    written = run("memo", str(ACME), *RATED, "--out", "memo.md")
    assert (written.code, written.out, written.err) == (0, "", "wrote memo.md\n")
    text, _, mark = (tmp_path / "memo.md").read_text(encoding="utf-8").partition("<!-- written by thesis")
    assert text == printed.out
    assert mark.rstrip().endswith("-->")


def test_a_memo_as_json_holds_the_verdict(run: Any) -> None:
    """``--json`` gives the whole assessment, the verdict and the evidence in it."""
    found = json.loads(run("memo", str(ACME), *RATED, "--json").out)
    assert (found["verdict"]["worst"], found["verdict"]["best"]) == ("WATCH", "WATCH")
    assert found["as_of"] == "2026-10-15"
    assert [condition["rule"]["id"] for condition in found["conditions"]] == ["repairs-growth", "margins"]


def test_a_template_of_ones_own_arranges_the_memo(run: Any, tmp_path: Path) -> None:
    """``--template`` prints an assessment as its author likes it."""
    (tmp_path / "mine.md.j2").write_text("{{ a.title }}: {{ a.headline }}\n", encoding="utf-8")
    found = run("memo", str(ACME), *RATED, "--template", "mine.md.j2")
    assert (found.code, found.out) == (0, "Will Acme's repair shops outgrow its anvils?: WATCH\n")


# check -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "code"), [(None, 0), ("AT RISK", 0), ("watch", 0), ("ON TRACK", 1), ("BROKEN", 0)]
)
def test_check_answers_in_its_exit_code(wanted: str | None, code: int, run: Any) -> None:
    """A verdict of WATCH is enough for WATCH and what is below it, and not for ON TRACK."""
    asked = ("--fail-under", wanted) if wanted else ()
    found = run("check", str(ACME), *RATED, *asked)
    assert found.code == code
    assert "WATCH" in found.out


@pytest.mark.parametrize(("wanted", "code"), [(None, 4), ("AT RISK", 0), ("WATCH", 4), ("ON TRACK", 1)])
def test_an_undetermined_verdict_fails_only_where_it_must(wanted: str | None, code: int, run: Any) -> None:
    """Somewhere from AT RISK to WATCH: at least AT RISK, surely below ON TRACK, and WATCH nobody knows."""
    asked = ("--fail-under", wanted) if wanted else ()
    found = run("check", str(ACME), "--as-of", "2026-07-31", *asked)
    assert found.code == code
    for level in ("AT RISK", "WATCH"):
        assert level in found.out


def test_a_kill_criterion_that_tripped_is_told_with_exit_code_1(folder_pack: Any, run: Any) -> None:
    """Two shrinking quarters of three end the thesis whatever was asked for."""
    found = run("check", *RATED, "--fail-under", "BROKEN", cwd=folder_pack(_shrinking()))
    assert found.code == 1
    assert "BROKEN" in found.out
    assert "K1" in found.out


def test_stale_figures_are_not_rated_and_say_what_to_load(run: Any) -> None:
    """Past the day of the next filing there is no rating, but when there was one and what is missing."""
    found = run("check", str(ACME))
    assert found.code == 4
    said = " ".join(found.out.split())
    assert "NOT RATED" in said
    assert "last rated WATCH" in said
    assert "2026Q3 was due by 2026-11-09" in said
    assert "To restore a rating: 1. 10-Q of Acme Anvils for 2026Q3, due 9 Nov 2026: `thesis facts add" in said
    assert "with 2 figures (sales and repairs.sales)" in said


def test_before_the_first_filing_there_is_nothing_to_assess(run: Any) -> None:
    """A day before any fact is no error of the program, and no verdict."""
    found = run("check", str(ACME), "--as-of", "2020-01-01")
    assert (found.code, found.out) == (4, "")
    assert "2020-01-01" in found.err


def test_plain_words_stand_for_symbols(run: Any) -> None:
    """``--plain`` shows no symbol that a screen reader would stumble over."""
    plain = run("check", str(ACME), *RATED, "--plain").out
    assert not set(plain) & set("●◐○")
    assert re.search(r"^ +met +Repairs grow", plain, re.MULTILINE)


@pytest.mark.parametrize("wanted", ["FINE", ""])
def test_a_verdict_that_the_pack_does_not_have_is_wrong_usage(wanted: str, run: Any) -> None:
    """An unknown level names those there are."""
    found = run("check", str(ACME), "--fail-under", wanted)
    assert found.code == 2
    assert all(level in found.err for level in LEVELS)


# explain -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("margins", ("geometric mean of 2", "15.5%", "level 1 of 2", "R. Runner")),
        ("repairs_growth", ("18.4%", "= yoy(repairs.sales)", "facts/ACME.csv:53")),
        ("repairs.sales", ("$58M", "10-Q 0000012345-26-000109, filed 2026-07-29")),
        ("building", ("Building over operating cash flow", "87.4%")),
        ("K1", ("not tripped", "repairs_growth < 0 in 2 of last 3 quarters", "2025Q4")),
    ],
)
def test_explain_leads_down_to_the_filings(what: str, shown: tuple[str, ...], run: Any) -> None:
    """A rule, a metric, a concept and a kill criterion can each be taken apart."""
    found = run("explain", what, "-p", str(ACME), *RATED)
    assert found.code == 0
    assert [text for text in shown if text not in found.out] == []
    assert json.loads(run("explain", what, "-p", str(ACME), *RATED, "--json").out)


def test_explain_shows_another_quarter(run: Any) -> None:
    """``--quarter`` looks further back, at the figure as restated since."""
    found = run("explain", "repairs.sales", "-p", str(ACME), *RATED, "--quarter", "2025Q1")
    assert "$47M" in found.out
    before = run("explain", "repairs.sales", "-p", str(ACME), "--as-of", "2026-01-01", "--quarter", "2025Q1")
    assert "$46M" in before.out


def test_explain_knows_a_name_that_was_misspelt(run: Any) -> None:
    """An unknown name is wrong usage, with the nearest one."""
    found = run("explain", "repairs-grwth", "-p", str(ACME))
    assert (found.code, found.out) == (2, "")
    assert "did you mean `repairs-growth`?" in found.err
    assert run("explain", "margin", "-p", str(ACME), "--quarter", "2025Q5").code == 2


def test_a_long_title_is_told_whole_on_as_many_lines_as_it_takes(folder_pack: Any, run: Any) -> None:
    title = "Will Acme's repair shops outgrow its anvils before the anvils outgrow their market in 2030?"
    pack = folder_pack(_edited("thesis.yaml", "Will Acme's repair shops outgrow its anvils?", title))
    head = run("check", *RATED, cwd=pack).out.partition("figures to")[0]
    assert head.split() == ["acme", *title.split()[:9], "as", "of", "2026-10-15", *title.split()[9:]]
    assert max(map(len, head.splitlines())) <= 80


# history -----------------------------------------------------------------------------------------


def test_a_name_without_a_space_is_cut_and_never_lost(folder_pack: Any, run: Any) -> None:
    """A condition is told apart by as much of its name as there is room for."""
    name = f"Werkstatt{'reparatur' * 12}wachstum"
    text = (ACME / "thesis.yaml").read_text("utf-8").replace("name: Repairs grow", f"name: {name}")
    out = run("check", *RATED, "--plain", cwd=folder_pack({"thesis.yaml": text})).out
    (line,) = (each for each in out.splitlines() if "Werkstattrep" in each)
    assert re.search(r"Werkstattreparatur\w*… ", line)


def test_history_tells_each_quarter_from_the_day_it_was_filed(run: Any) -> None:
    """Ten quarters, each seen from its own filing."""
    lines = _lines(run("history", str(ACME)).out)
    assert len(lines) == 11
    assert lines[1].startswith("2024Q1   2024-04-28")
    assert lines[-1].startswith("2026Q2   2026-07-29")
    assert len(_lines(run("history", str(ACME), "--quarters", "3").out)) == 4


def _lines(out: str) -> list[str]:
    """The table of a history, without what is said below it."""
    return out.partition("\n\n")[0].splitlines()


def test_history_does_not_look_ahead(folder_pack: Any, run: Any) -> None:
    """A row that is filed later changes no line before it."""
    pack = folder_pack()
    before = _lines(run("history", cwd=pack).out)
    with (pack / "facts/ACME.csv").open("a", encoding="utf-8") as file:
        file.write(
            "operating_income,2025Q2,1000000,USD,2026-04-28,10-Q 0000012345-26-000108,reported,restated\n"
        )
    after = _lines(run("history", cwd=pack).out)
    assert after[:-2] == before[:-2]
    assert after[-2] != before[-2]


def test_history_as_json_has_a_line_a_quarter(run: Any) -> None:
    """``--json`` gives the same lines as data."""
    found = json.loads(run("history", str(ACME), "--json").out)
    assert [line["quarter"] for line in found[-2:]] == ["2026Q1", "2026Q2"]
    assert set(found[-1]["conditions"]) == {"repairs-growth", "margins"}


# facts -------------------------------------------------------------------------------------------


def test_facts_lists_every_concept(run: Any) -> None:
    """The overview says from when to when each concept is known."""
    found = run("facts", "-p", str(ACME)).out
    rows = {line.split()[0]: line.split() for line in found.splitlines()[1:]}
    assert rows["building"][3:6] == ["2024Q1", "2026Q2", "10"]
    assert set(json.loads(run("facts", "-p", str(ACME), "--json").out)[0]) >= {"concept", "first", "last"}


def test_vintages_show_a_restatement_beside_what_it_replaced(run: Any) -> None:
    """Without ``--vintages`` there is the latest figure of a quarter, with it every one ever filed."""
    latest = run("facts", "-p", str(ACME), "--concept", "repairs.sales").out
    every = run("facts", "-p", str(ACME), "--concept", "repairs.sales", "--vintages").out
    assert [line.split()[1] for line in latest.splitlines() if "2025Q1" in line] == ["47000000"]
    assert [line.split()[1] for line in every.splitlines() if "2025Q1" in line] == ["46000000", "47000000"]
    then = run("facts", "-p", str(ACME), "--concept", "repairs.sales", "--as-of", "2026-04-27").out
    assert [line.split()[1] for line in then.splitlines() if "2025Q1" in line] == ["46000000"]


def test_facts_knows_a_concept_that_was_misspelt(run: Any) -> None:
    """An unknown concept is wrong usage, with the nearest one."""
    found = run("facts", "-p", str(ACME), "--concept", "repair.sales")
    assert found.code == 2
    assert "did you mean `repairs.sales`?" in found.err


# lint and test -----------------------------------------------------------------------------------


def test_lint_finds_nothing_wrong_with_the_packs(run: Any) -> None:
    """The bundled pack and the tests' own are in order, without a warning."""
    for pack in ("amzn-4t", str(ACME)):
        found = run("lint", pack)
        assert (found.code, found.err) == (0, "")
        assert "no problems" in found.out


def test_lint_as_json_has_every_problem_with_its_place(folder_pack: Any, run: Any) -> None:
    """``--json`` gives code, place, message and hint, and the exit code stays 3."""
    found = run(
        "lint", "--json", cwd=folder_pack(_edited("thesis.yaml", "metric: margin", "metric: margins"))
    )
    assert found.code == 3
    (problem,) = json.loads(found.out)
    assert problem["code"] == "unknown-name"
    assert problem["span"]["line"] == 30
    assert problem["hint"] == "did you mean `margin`?"


def test_a_pack_with_a_mistake_is_not_evaluated(folder_pack: Any, run: Any) -> None:
    """Every command refuses it in the words of ``lint``."""
    pack = folder_pack(_edited("thesis.yaml", "metric: margin", "metric: margins"))
    wanted = run("lint", cwd=pack).err
    for command in ("memo", "check", "history", "facts", "test"):
        assert run(command, cwd=pack) == (3, "", wanted)
    assert run("explain", "margins", cwd=pack) == (3, "", wanted)


def test_mistakes_in_several_files_are_told_at_once(folder_pack: Any, run: Any) -> None:
    """One run names every file that has a mistake."""
    pack = folder_pack(
        {
            **_edited("thesis.yaml", "metric: margin", "metric: margins"),
            **_edited("metrics.yaml", "yoy(repairs.sales)", "yoyo(repairs.sales)"),
            **_edited("judgements.yaml", "level: 1\n", "level: 9\n"),
            **_edited("facts/ACME.csv", ",28000000,USD", ",28000000,EUR"),
        }
    )
    found = run("lint", cwd=pack)
    assert found.code == 3
    for file in ("thesis.yaml:30", "metrics.yaml:14", "judgements.yaml:13", "facts/ACME.csv:22"):
        assert file in found.err
    assert found.err.endswith("4 problems in 4 files\n")


def test_mistakes_of_form_in_several_files_are_told_at_once(folder_pack: Any, run: Any) -> None:
    """The same where the files are not even of the right form."""
    pack = folder_pack(
        {
            **_edited("thesis.yaml", "weight: 60", "weight: [60"),
            **_edited("metrics.yaml", "    label: Operating margin\n", ""),
            "judgements.yaml": "",
            **_edited("facts/ACME.csv", "how,note", "how,notes"),
        }
    )
    found = run("lint", cwd=pack)
    assert found.code == 3
    assert found.err.endswith("4 problems in 4 files\n")


def test_trials_that_hold_pass(run: Any) -> None:
    """``test`` counts what it tried."""
    assert run("test", str(ACME)) == (0, "2 trials, 4 expectations, 0 failed\n", "")
    found = run("test", "amzn-4t")
    assert found.code == 0
    assert " 0 failed" in found.out


def test_a_trial_that_fails_shows_what_came_out(folder_pack: Any, run: Any) -> None:
    """A failing trial gives exit code 1, its line, what was expected and what was found."""
    found = run("test", cwd=folder_pack(_edited("trials.yaml", "value: 20%", "value: 25%")))
    assert found.code == 1
    assert "trials.yaml:4: Growth is measured against the same quarter" in found.out
    assert "repairs_growth at 2025Q1: expected 25%, found 0.2" in found.out
    assert found.out.endswith("1 failed\n")


# schema ------------------------------------------------------------------------------------------

SCHEMAS = ROOT / "rules" / "schema"
VALUED = ACME.parent / "valued"
FILES = ("thesis.yaml", "metrics.yaml", "judgements.yaml", "trials.yaml", "valuation.yaml")
OPINIONS = ("overrides.yaml", "forecasts.yaml")  # which the bundled packs do not have


@pytest.mark.parametrize("file", [*FILES, *OPINIONS])
def test_the_schemas_beside_the_rules_are_those_of_the_program(file: str, run: Any, tmp_path: Path) -> None:
    """What an editor reads is what the program accepts: ``thesis schema --out rules/schema --force``."""
    kept = SCHEMAS / file.replace(".yaml", ".schema.json")
    assert run("schema", file).out == kept.read_text(encoding="utf-8")
    (tmp_path / "schema").mkdir()
    assert run("schema", "--out", "schema").code == 0
    assert (tmp_path / "schema" / kept.name).read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("pack", [ACME, ROOT / "rules" / "amzn-4t"], ids=lambda pack: pack.name)
@pytest.mark.parametrize("file", FILES)
def test_an_editor_finds_the_packs_valid(file: str, pack: Path) -> None:
    """The schema is one, and a pack's files keep to it as an editor reads them."""
    import jsonschema

    from thesis.files.yaml import read_yaml

    schema = json.loads((SCHEMAS / file.replace(".yaml", ".schema.json")).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    path = pack / file if (pack / file).is_file() else VALUED / file
    document = read_yaml(path.read_text(encoding="utf-8"), file)
    found = jsonschema.Draft202012Validator(schema).iter_errors(_as_an_editor_reads(document.value))
    assert [f"{error.json_path}: {error.message}" for error in found] == []


def test_the_schemas_go_to_a_new_folder(run: Any, tmp_path: Path) -> None:
    """The example in the help works in an empty folder."""
    assert run("schema", "--out", "rules/schema").code == 0
    written = {path.name for path in (tmp_path / "rules/schema").iterdir()}
    assert written == {path.name for path in SCHEMAS.iterdir()}


def test_an_editor_marks_what_the_program_refuses() -> None:
    """A misspelt key and a word that is none of those allowed are against the schema."""
    import jsonschema

    schema = json.loads((SCHEMAS / "metrics.schema.json").read_text(encoding="utf-8"))
    valid: dict[str, Any] = {
        "entities": {"ACME": {"name": "Acme"}},
        "concepts": {"sales": {"label": "Sales", "unit": "USD", "kind": "flow"}},
        "metrics": {},
    }
    jsonschema.validate(valid, schema)
    for concept in ({"kind": "flows"}, {"kind": "flow", "lable": "Sales"}):
        wrong = {**valid, "concepts": {"sales": {"label": "Sales", "unit": "USD", **concept}}}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def _as_an_editor_reads(value: Any) -> Any:
    """Texts as YAML 1.2 reads them: numbers, true and false are not texts there."""
    if isinstance(value, dict):
        return {key: _as_an_editor_reads(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_an_editor_reads(item) for item in value]
    if isinstance(value, str) and re.fullmatch(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", value):
        number = float(value)
        return int(number) if number.is_integer() else number
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


# which pack --------------------------------------------------------------------------------------


def test_a_pack_is_found_where_it_is_looked_for(folder_pack: Any, tmp_path: Path, run: Any) -> None:
    """By folder, by name under ``rules``, as the folder one stands in, and else the bundled one."""
    pack = folder_pack()
    folder_pack({}, "rules/mine")
    for arguments, folder in (
        (("acme",), tmp_path), (("-p", "acme"), tmp_path), ((str(pack),), tmp_path / "rules"),
        (("mine",), tmp_path), ((), pack), ((".",), pack),
    ):  # fmt: skip
        assert run("check", *arguments, *RATED, cwd=folder).out.startswith("acme Will Acme"), arguments
    assert run("check", *RATED, cwd=tmp_path / "rules").out.startswith("amzn-4t ")
    assert run("check", "amzn-4t", *RATED, cwd=pack).out.startswith("amzn-4t ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("chek",),
        ("check", "one", "-p", "two"),
        ("check", "--as-of", "yesterday"),
        ("check", "--as-of", "2026-02-30"),
        ("check", "--as-of", "1026-10-15"),
        ("history", "--quarters", "0"),
        ("schema", "facts.yaml"),
        ("memo", "--fast"),
        ("explain",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_from_a_mistake_in_a_file(arguments: tuple[str, ...], run: Any) -> None:
    """A command line that cannot be meant gives exit code 2 and says what was expected."""
    found = run(*arguments)
    assert (found.code, found.out) == (2, "")
    assert "Error: " in found.err


def test_a_rehearsed_day_that_is_none_is_wrong_usage(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """``THESIS_TODAY`` is the user's, so a mistake in it is the user's too."""
    monkeypatch.setenv("THESIS_TODAY", "tomorrow")
    found = run("check", str(ACME))
    assert found.code == 2
    assert "tomorrow" in found.err
    assert "Traceback" not in found.err


def test_a_command_that_was_misspelt_is_known(run: Any) -> None:
    """The nearest command is named."""
    assert "did you mean `check`?" in run("chek").err


# help --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps_with_an_example(name: str, run: Any) -> None:
    """``--help`` says what a command answers and shows how it is called, and the example is no invention."""
    found = run(name, "--help")
    assert found.code == 0
    examples = [line.split() for line in found.out.splitlines() if re.match(f" +thesis {name}", line)]
    assert examples
    for _, *words in examples:
        used = {word for word in words if re.fullmatch("-{1,2}[a-z-]+", word)}
        assert used <= _options(cli, words), words


def _options(command: click.Command, words: list[str]) -> set[str]:
    """The options of the command that some words call, through its groups."""
    while (
        isinstance(command, click.Group)
        and words
        and words[0] in command.list_commands(click.Context(command))
    ):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None
        command, words = found, words[1:]
    return {option for parameter in command.params for option in (*parameter.opts, "--help")}


STEPS = {
    "review": ("start", "sign", "list", "verify"),
    "forecast": ("resolve", "list"),
    "facts": ("import", "fetch", "add", "none-stated", "release", "tags", "check"),
    "documents": ("list", "add", "text", "search"),
    "export": ("facts", "metrics", "history", "workbook", "calendar"),
}


@pytest.mark.parametrize(("group", "name"), [(group, name) for group in STEPS for name in STEPS[group]])
def test_every_step_of_a_group_helps_with_an_example(group: str, name: str, run: Any) -> None:
    """So does each command of a group."""
    found = run(group, name, "--help")
    assert found.code == 0
    examples = [line.split() for line in found.out.splitlines() if re.match(f" +thesis {group} {name}", line)]
    assert examples
    for _, *words in examples:
        used = {word for word in words if re.fullmatch("-{1,2}[a-z-]+", word)}
        assert used <= _options(cli, words), words


def test_the_program_lists_its_commands_and_exit_codes(run: Any) -> None:
    """``thesis --help`` is enough to start from."""
    found = run("--help")
    assert found.code == 0
    assert all(re.search(rf"^  {name} ", found.out, re.MULTILINE) for name in COMMANDS)
    assert "Exit codes: 0 fine" in found.out
    told = f"thesis, version {__version__}, rules version {SEMANTICS}\n"
    assert run("--version").out == told


def test_every_command_that_the_readme_names_exists() -> None:
    """README calls no command that is not there, and names each one that is."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|\$ |bin/)thesis ([a-z-]+)", readme))
    assert named == set(COMMANDS)


# the way in --------------------------------------------------------------------------------------


def _python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_package_runs_as_a_module(tmp_path: Path) -> None:
    """``python -m thesis`` is the program."""
    found = _python("-m", "thesis", "check", str(ACME), *RATED, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "")
    assert "WATCH" in found.stdout


NOWHERE = Path("/dev/full")
full = pytest.mark.skipif(not NOWHERE.exists(), reason="a device that is always full")


@full
@pytest.mark.parametrize(
    ("arguments", "stream"),
    [
        (("check", str(ACME), *RATED), "stdout"),
        (("memo", str(ACME), *RATED, "--json"), "stdout"),
        (("--help",), "stdout"),
        (("check", "--nonsense"), "stderr"),
        (("lint", "no-such-pack"), "stderr"),
    ],
)
def test_a_full_disk_is_no_bug(arguments: tuple[str, ...], stream: str, tmp_path: Path) -> None:
    """An answer that cannot be written is told in one line, if anything can, with an exit code of its own."""
    with NOWHERE.open("w") as nowhere:
        out, err = (nowhere, subprocess.PIPE) if stream == "stdout" else (subprocess.PIPE, nowhere)
        found = subprocess.run(
            [sys.executable, "-m", "thesis", *arguments],
            cwd=tmp_path, stdout=out, stderr=err, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert found.returncode == 74
    assert not found.stdout
    told = "cannot write the answer: no space left on device\n"
    assert found.stderr == (told if stream == "stdout" else None)


@pytest.mark.parametrize("arguments", [("check", str(ACME), *RATED), ("--help",)])
def test_a_reader_who_left_is_no_bad_verdict(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """Of `thesis ... | head` nothing is complained, and the exit code 1 stays what it means."""
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [sys.executable, "-m", "thesis", *arguments],
        cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (found.returncode, found.stderr) == (0, "")


LOADED = """
import sys
from thesis.cli import main
try:
    main()
except SystemExit as stopped:
    assert not stopped.code, stopped.code
heavy = {"pydantic", "yaml", "numpy", "jinja2"} & set(sys.modules)
print("loaded:", *sorted(heavy))
"""


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (("--help",), {"pydantic", "yaml", "numpy", "jinja2"}),
        (("memo", str(ACME), *RATED), {"pydantic", "yaml", "numpy"}),
        (("check", str(ACME), *RATED), {"pydantic", "yaml", "numpy", "jinja2"}),
    ],
    ids=["help", "memo", "check"],
)
def test_a_second_run_loads_no_more_than_it_needs(
    arguments: tuple[str, ...], heavy: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Help, and a memo or a check of a pack that was seen before, load no reader of YAML and no arrays."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    first = _python("-c", LOADED, *arguments, cwd=tmp_path)
    again = _python("-c", LOADED, *arguments, cwd=tmp_path)
    assert (first.returncode, again.returncode) == (0, 0)
    assert "numpy" not in first.stdout.splitlines()[-1]
    loaded = set(again.stdout.splitlines()[-1].split()[1:])
    assert not loaded & heavy


def test_facts_that_do_not_tie_can_still_be_listed(run: Any, tmp_path: Path) -> None:
    """Lint refuses figures that do not add up; the list of them, which shows the wrong row, does not."""
    folder = tmp_path / "pack"
    shutil.copytree(bundled_folder("rules") / "amzn-4t", folder)
    facts = folder / "facts" / "AMZN.csv"
    row = "aws.net_sales,2026Q2,38000000000,USD,2026-10-10,10-Q/A 0001018724-26-000099,reported,\n"
    facts.write_text(facts.read_text(encoding="utf-8") + row, encoding="utf-8")
    assert run("lint", str(folder)).code == 3
    listed = run("facts", "-p", str(folder), "--concept", "aws.net_sales", "--vintages")
    assert listed.code == 0
    assert "38000000000  filed 2026-10-10" in listed.out
    assert "error[untied]" in listed.err


def _all_options(group: click.Group, name: str = "thesis") -> Iterator[tuple[str, click.Parameter]]:
    """Every option and argument of every command, with the command's name."""
    context = click.Context(group)
    for each in group.list_commands(context):
        command = group.get_command(context, each)
        assert command is not None
        yield from ((f"{name} {each}", parameter) for parameter in command.params)
        if isinstance(command, click.Group):
            yield from _all_options(command, f"{name} {each}")


def test_every_number_and_quarter_that_is_typed_is_read_in_one_way() -> None:
    """No option reads numbers by types of click; each that takes a quarter reads it as people write it."""
    listed = list(_all_options(cli))
    others = (click.types.IntParamType, click.types.FloatParamType)
    read_by_click = [each for each in listed if isinstance(each[1].type, others)]
    assert all(isinstance(each.type, CountArgument) for _, each in read_by_click)
    quarters = [(name, each) for name, each in listed if each.metavar == "QUARTER"]
    expected = {
        "thesis explain",
        "thesis judge",
        "thesis forecast",
        "thesis documents add",
        "thesis facts none-stated",
    }
    assert {name for name, _ in quarters} == expected
    assert all(isinstance(each.type, QuarterArgument) for _, each in quarters)


@pytest.mark.parametrize("text", ["2026Q2", "Q2 2026", "2Q26", "2026-Q2", "q2 2026"])
def test_a_quarter_is_typed_as_people_write_it(text: str, folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    explained = run("explain", "sales", "--quarter", text, cwd=pack)
    assert (explained.code, "2026Q2" in explained.out) == (0, True)
    said = ("--level", "2", "--evidence", "e", "--source", "s", "--by", "J", "--graded", "2026-10-01")
    assert run("judge", "J1", "--period", text, *said, cwd=pack).code == 0
    assert "period: 2026Q2" in (pack / "judgements.yaml").read_text(encoding="utf-8")
    assert run("diff", text, "now", cwd=pack).code == run("diff", "2026Q2", "now", cwd=pack).code == 0
    rows = (pack / "facts/ACME.csv").read_text(encoding="utf-8")
    (pack / "facts/ACME.csv").write_text(rows.replace(",2026Q2,", f",{text},"), encoding="utf-8")
    assert run("explain", "sales", "--quarter", text, cwd=pack).out == explained.out
    fiscal = run("explain", "sales", "--quarter", "FY2026", cwd=pack)
    assert (fiscal.code, "that is no quarter" in fiscal.err) == (2, True)


def test_numbers_of_a_forecast_are_typed_as_people_write_them(folder_pack: Any, run: Any) -> None:
    pack = folder_pack()
    said = ("--id", "F9", "--metric", "sales", "--level", "$1,000,000", "--level", "99M", "--by", "J")
    found = run("forecast", *said, "--p", "90%", "--p", "0.6", "--period", "Q4 2027", cwd=pack)
    assert found.code == 0, found.err
    text = (pack / "forecasts.yaml").read_text(encoding="utf-8")
    assert '"1000000"' in text or "1000000" in text
    assert "99e6" in text and "2027Q4" in text
    wrong = run("forecast", *said, "--p", "1,234", "--p", "$5", "--period", "2027Q4", cwd=pack)
    assert wrong.code == 2
    assert "--p: expected one reading, found `1,234`: write 1234 or 1.234" in wrong.err
    assert "--p: expected ratio, found an amount of money, `$5`" in wrong.err


@pytest.mark.parametrize("arguments", [(), ("help",), ("--help",)])
def test_the_program_says_where_to_start_and_lists_its_commands_in_groups(
    arguments: tuple[str, ...], run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command has a line of its own, also in a terminal of eighty columns."""
    monkeypatch.setenv("COLUMNS", "80")
    found = run(*arguments)
    told = found.out or found.err
    groups = told[told.index(f"{next(iter(GROUPS))}:") : told.index("  Exit codes")]
    assert dict(re.findall(r"^  ([a-z-]+) +(.*\.)$", groups, re.MULTILINE)) == COMMANDS
    for heading, known in GROUPS.items():
        part = told.split(f"{heading}:\n")[1].split("\n\n")[0]
        assert [line.split()[0] for line in part.splitlines()] == list(known)
    starts = re.findall(r"^  thesis (.*)$", told.split("Options:")[0], re.MULTILINE)
    assert [start.split()[0] for start in starts] == ["check", "memo", "new"]


@pytest.mark.parametrize("words", [("memo",), ("review", "sign"), ("facts",)])
def test_help_of_a_command_is_what_the_command_says_of_itself(words: tuple[str, ...], run: Any) -> None:
    asked, own = run("help", *words), run(*words, "--help")
    assert (asked.code, asked.out) == (0, own.out)
    assert f"Usage: thesis {' '.join(words)} [OPTIONS]" in asked.out


@pytest.mark.parametrize(
    ("words", "told"),
    [(("memmo",), "did you mean `memo`?"), (("memo", "sign"), "has no commands of its own"),
     (("review", "sgn"), "did you mean `sign`?")],
)  # fmt: skip
def test_help_of_what_is_no_command_is_wrong_usage(words: tuple[str, ...], told: str, run: Any) -> None:
    found = run("help", *words)
    assert (found.code, told in found.err) == (2, True)


def test_a_file_that_the_system_refuses_is_a_problem_and_no_bug(
    run: Any, folder_pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that names a file is that file's: neither a traceback nor an answer that was not written."""
    folder = folder_pack()
    for number in (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EINTR):

        def refuse(*_: object, number: int = number, **__: object) -> object:
            raise OSError(number, os.strerror(number), "facts/ACME.csv")

        with monkeypatch.context() as patch:
            patch.setattr("thesis.scoring.assess.assess", refuse)
            patch.setattr("thesis.cli.context.assess_on", refuse)
            patch.setattr("thesis.cli.check.assess_on", refuse)
            found = run("check", str(folder))
        assert found.code == PROBLEM
        assert "cannot read or write `facts/ACME.csv`" in found.err
        assert "Traceback" not in found.err
