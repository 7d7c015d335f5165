"""What a rating needs: everything that it lacks is named, and nothing that it has."""

from __future__ import annotations

import json
import random
from copy import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.core.period import Quarter
from thesis.facts.fact import Fact, FactStore
from thesis.files.disk import bundled_folder
from thesis.pack.load import Pack
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.worklist.work_list import OwedInput, WorkList, WorkStep, work_list

ROOT = Path(__file__).parents[2]
PACKS = {
    "acme": ROOT / "tests" / "data" / "acme",
    "amzn-4t": bundled_folder("rules") / "amzn-4t",
    "googl-cloud": bundled_folder("rules") / "googl-cloud",
}


def _rows(pack: Pack) -> list[Fact]:
    return [
        fact for name in pack.facts.concepts for fact in (*pack.facts.of(name), *pack.facts.to_date(name))
    ]


def _with(pack: Pack, rows: list[Fact], grades: list[Any]) -> Pack:
    """The pack with these rows and grades alone."""
    other = copy(pack)
    other.facts, other.grades = FactStore.of_facts(rows), grades
    return other


def _named(steps: tuple[WorkStep, ...]) -> set[tuple[str, str]]:
    """The inputs of some steps: line items with their periods, rubrics alone."""
    return {
        (each.name, "" if each.kind == "grade" else each.period) for step in steps for each in step.inputs
    }


def _key(row: Any) -> tuple[str, str]:
    return (row.concept, str(row.period)) if isinstance(row, Fact) else (row.rubric, "")


def _scores(pack: Pack, day: date) -> list[Any]:
    a = assess(pack, day)
    return [
        a.verdict,
        *(f.score for f in a.findings),
        *(k.tripped for k in a.kill),
        *(f.lift for f in a.findings),
    ]


def _cut(pack: Pack, day: date, seed: int) -> tuple[Pack, set[tuple[str, str]]]:
    """A pack without some of the figures of its last five quarters and some of its grades."""
    chance = random.Random(seed)
    newest = case_as_of(pack, day).quarter
    last = {str(newest - back) for back in range(5)}
    periods = {(f.concept, str(f.period)) for f in _rows(pack) if str(f.period) in last}
    own = (pack.thesis.quarter, str(newest))
    share = chance.choice([0.05, 0.3, 0.9])
    gone = {key for key in sorted(periods) if chance.random() < share and key != own}
    gone |= {(rubric, "") for rubric in sorted(pack.rubrics) if chance.random() < share}
    rows = [row for row in _rows(pack) if _key(row) not in gone]
    return _with(pack, rows, [grade for grade in pack.grades if _key(grade) not in gone]), gone


@pytest.mark.parametrize("name", ["acme", pytest.param("amzn-4t", marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", range(8))
def test_everything_that_is_lacking_is_named_and_nothing_else(name: str, seed: int, assessed: Any) -> None:
    """What is named was not there, and brings back every score; the first part of it brings back a rating."""
    whole: Pack = assessed.pack(PACKS[name])
    day = date(2026, 10, 15)
    cut, gone = _cut(whole, day, seed)
    a = assess(cut, day)
    work = work_list(cut, a)
    named = _named(work.steps)
    before = _named(work_list(whole, assess(whole, day)).steps)
    assert named - before <= gone
    back = _put_back(whole, cut, named)
    assert _scores(back, day) == _scores(whole, day)
    if not work.is_rated and work.restoring:
        restored = assess(_put_back(whole, cut, _named(work.restoring)), day)
        assert restored.verdict.rated
        assert restored.verdict.coverage == pytest.approx(work.restored)


def _put_back(whole: Pack, cut: Pack, named: set[tuple[str, str]]) -> Pack:
    """A cut pack with some of the rows and grades that the whole one has."""
    rows = {id(row): row for row in _rows(cut)}
    rows |= {id(row): row for row in _rows(whole) if _key(row) in named}
    grades = [grade for grade in whole.grades if grade in cut.grades or _key(grade) in named]
    return _with(whole, list(rows.values()), grades)


def test_a_day_without_a_rating_names_the_quarter_that_is_due(assessed: Any) -> None:
    """The Amazon pack in December: the report and the grade of the heaviest risk restore a rating.

    The pack has coverage count the risks, of which J-R4 is the most; the other grades determine it further.
    """
    pack = assessed.pack(PACKS["amzn-4t"])
    work = work_list(pack, assess(pack, date(2026, 12, 1)), named="mine")
    assert (work.quarter, work.is_rated, work.is_owed) == (Quarter.parse("2026Q3"), False, True)
    first = work.restoring[0]
    assert first.document == "10-Q of Amazon for 2026Q3"
    assert first.commands == (
        "thesis facts fetch --entity AMZN -p mine",
        "thesis facts none-stated --period 2026Q3 -p mine",
    )
    assert work.restored is not None
    assert work.coverage < work.required <= work.restored
    first_grades, *_ = (step.inputs for step in work.restoring if step.kind == "grades")
    later_grades, *_ = (step.inputs for step in work.further if step.kind == "grades")
    assert [each.name for each in first_grades] == ["J-R4"]
    assert {each.name for each in later_grades} >= {"J4", "J5", "J-K6", "J-K7", "J-K8"}
    for each in (*first_grades, *later_grades):
        assert each.status == "expired" and each.last and each.evidence
        assert each.command.startswith(f"thesis judge {each.name} --period 2026Q3")


def test_a_figure_that_is_not_disclosed_is_not_owed(folder_pack: Any, run: Any) -> None:
    """Nobody is asked for what the company says that it does not disclose; what is missing is owed."""
    facts = (PACKS["acme"] / "facts" / "ACME.csv").read_text("utf-8")
    line = next(each for each in facts.splitlines() if each.startswith("building,2026Q2,"))
    value = line.split(",")[2]
    for word, status in (("not disclosed", None), ("", "missing")):
        told = facts.replace(line, line.replace(value, word) if word else "").replace("\n\n", "\n")
        folder = folder_pack({"facts/ACME.csv": told}, f"acme-{status}")
        found = run("todo", "--as-of", "2026-10-15", "--json", cwd=folder)
        listed = {i["name"]: i["status"] for s in _steps(json.loads(found.out)) for i in s["inputs"]}
        assert listed.get("building") == status
        assert found.code == (1 if listed else 0)


CRITERION = """\
kill:
  - id: K2
    claim: Nearly nothing is spent on shops.
    when: building < 1e6
    immediate: true
    because: No shop is opened any more.
"""
RETIRED = "    retired: {on: 2026-08-01, because: It read one year alone.}\n"


def test_a_criterion_that_is_retired_owes_nothing(folder_pack: Any, run: Any) -> None:
    """What only a kill criterion reads is owed while it is in force, and not once it is retired."""
    facts = (PACKS["acme"] / "facts" / "ACME.csv").read_text("utf-8")
    line = next(each for each in facts.splitlines(keepends=True) if each.startswith("building,2026Q2,"))
    thesis = (PACKS["acme"] / "thesis.yaml").read_text("utf-8")
    owed = []
    for i, criterion in enumerate(("kill:\n", CRITERION, CRITERION + RETIRED)):
        changed = {
            "facts/ACME.csv": facts.replace(line, ""),
            "thesis.yaml": thesis.replace("kill:\n", criterion),
        }
        found = run("todo", "--as-of", "2026-10-15", "--json", cwd=folder_pack(changed, f"acme-{i}"))
        assert found.err == ""
        owed.append({rule for s in _steps(json.loads(found.out)) for i in s["inputs"] for rule in i["rules"]})
    assert owed[1] - owed[0] == {"K2"}
    assert owed[2] == owed[0]


def _steps(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [*answer["restoring"], *answer["further"]]


def test_nothing_is_owed_where_everything_is_there(run: Any) -> None:
    """Exit code 0, and a sentence that says so."""
    found = run("todo", str(PACKS["acme"]), "--as-of", "2026-10-15")
    assert (found.code, found.err) == (0, "")
    assert "Nothing is owed." in found.out


def test_whatever_is_not_rated_begins_with_the_first_steps(run: Any) -> None:
    """Check, memo and board name the same first step as the list."""
    step = "To restore a rating: 1. 10-Q of Amazon for 2026Q3, due 9 Nov 2026: `thesis facts fetch"
    for command in (["check", "amzn-4t"], ["memo", "amzn-4t"], ["board", "amzn-4t"]):
        found = run(*command, "--as-of", "2026-12-01")
        assert step in " ".join(found.out.split()), command


REPORT = (
    "Acme Anvils, quarter ended June 2026. Special charges\n\nSeverance costs of $3 million were booked.\n"
)
REGISTER = "  charges: {label: Charges, unit: USD, kind: register}\n\nmetrics:"


@pytest.fixture
def registered(folder_pack: Any) -> Path:
    """Acme with a register that once had a severance, and its report on 2026Q2 beside it."""
    acme = PACKS["acme"]
    metrics = (acme / "metrics.yaml").read_text("utf-8").replace("\nmetrics:", REGISTER, 1)
    row = "charges/severance,2024Q1,5000000,USD,2024-04-28,10-Q 0000012345-24-000100,reported,\n"
    facts = (acme / "facts" / "ACME.csv").read_text("utf-8") + row
    return Path(folder_pack({"metrics.yaml": metrics, "facts/ACME.csv": facts, "report.txt": REPORT}))


def test_a_register_is_confirmed_after_a_search_that_is_kept(
    registered: Path, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the report nothing is confirmed; what it says has to be answered; the row keeps the search."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    confirm = ("facts", "none-stated", "--period", "2026Q2")
    assert run(*confirm, cwd=registered).code == 3
    said = (
        "--form",
        "10-Q",
        "--filed",
        "2026-07-29",
        "--period",
        "2026Q2",
        "--accession",
        "0000012345-26-000109",
    )
    assert run("documents", "add", "report.txt", *said, cwd=registered).code == 0
    found = run(*confirm, cwd=registered)
    assert found.code == 1
    assert "Severance costs of $3 million" in found.out
    facts = registered / "facts" / "ACME.csv"
    assert "charges/none" not in facts.read_text("utf-8")
    assert run(*confirm, "--because", "It was booked in 2025.", cwd=registered).code == 0
    (row,) = [each for each in facts.read_text("utf-8").splitlines() if each.startswith("charges/none")]
    assert "charges/none,2026Q2,0,USD,2026-07-29,10-Q 0000012345-26-000109,read: none stated" in row
    assert 'for ""severance"": 1 passage; It was booked in 2025.' in row
    again = run(*confirm, cwd=registered)
    assert (again.code, again.out) == (0, "nothing to add: every register has a row for 2026Q2\n")


def test_a_list_in_words_has_one_line_for_each_input(assessed: Any) -> None:
    """Each input has its period and its last value; what is entered by hand has its own command."""
    pack = assessed.pack(PACKS["acme"])
    work: WorkList = work_list(pack, assess(pack, date(2026, 12, 1)))
    by_hand: list[OwedInput] = [each for step in work.restoring for each in step.inputs]
    assert [each.name for each in by_hand] == ["sales", "repairs.sales"]
    assert work.restoring[0].commands == ("thesis facts add --from FILE --filed DATE --source SOURCE",)
    assert by_hand[0].command.startswith("thesis facts add sales --period 2026Q3 --value VALUE --filed DATE")
    assert (by_hand[0].last, by_hand[0].last_period) == ("$159M", "2026Q2")
