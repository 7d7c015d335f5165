"""A new rules version breaks no journal: seals hold, figures stay as sealed, a diff names the program."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import thesis.lint
from tests.core.test_problem import CASES, _pack_with_the_mistake
from thesis.core import semantics
from thesis.core.aggregates import PowerMean
from thesis.core.problem import InvalidInput, Problem
from thesis.files.cache import Cache
from thesis.journal import forecast_outcomes
from thesis.journal.causes import PROGRAM, ComparisonSide, review_side
from thesis.journal.difference import Difference, difference, rating_text
from thesis.journal.hindsight import hindsight_ratings
from thesis.journal.review_schema import number_from
from thesis.journal.sign import AnalystWords, sign_review
from thesis.journal.store import read_journal
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.reports import difference_report
from thesis.scoring.assess import assess

PROBLEMS = Path(__file__).parents[1] / "problems"
MAY, AUGUST = date(2026, 5, 1), date(2026, 8, 5)


@pytest.fixture
def raised(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """``raised()``: from here on the program has the next rules version, and scores rules at half."""
    average = PowerMean.over
    number = semantics.SEMANTICS + 1
    version = semantics.RulesVersion(number, "2099-01-01", "Rules are scored at half.")

    def call() -> None:
        monkeypatch.setattr(PowerMean, "over", lambda *given: average(*given) / 2)
        monkeypatch.setattr(semantics, "SEMANTICS", number)
        monkeypatch.setattr(semantics, "VERSIONS", (*semantics.VERSIONS, version))

    return call


@pytest.fixture
def folder(folder_pack: Any) -> Path:
    """Acme with a review of 2026Q1 and one of 2026Q2, both under today's rules version."""
    found: Path = folder_pack()
    _sign(found, MAY)
    _sign(found, AUGUST)
    return found


def _sign(folder: Path, day: date) -> None:
    sign_review(read_folder(folder, "."), day, AUGUST, AnalystWords(by="R. Runner", decision="hold"))


def _text(folder: Path, name: str) -> str:
    return (folder / "reviews" / f"{name}.yaml").read_text(encoding="utf-8")


# verify ------------------------------------------------------------------------------------------


def test_a_journal_outlives_a_formula_that_was_changed(
    folder: Path, raised: Callable[[], None], run: Any
) -> None:
    number = semantics.SEMANTICS
    raised()
    found = run("review", "verify", cwd=folder)
    assert found.code == 0
    assert found.err.splitlines() == [
        f"{name}: sealed under rules version {number} (this program: {number + 1}); "
        "its seal holds; not recomputed"
        for name in ("2026Q1", "2026Q2")
    ]
    assert found.out.startswith("2 reviews in order: sealed and unbroken; 0 recomputed, 2 not\n")
    assert run("review", "verify", "--strict", cwd=folder).code == 4
    told = json.loads(run("review", "verify", "--json", cwd=folder).out)
    assert (told["rules_version"], len(told["unproved"])) == (number + 1, 2)


def test_a_formula_that_was_changed_without_a_new_number_is_found(
    folder: Path, raised: Callable[[], None], run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = semantics.SEMANTICS
    raised()
    monkeypatch.setattr(semantics, "SEMANTICS", number)
    found = run("review", "verify", cwd=folder)
    assert found.code == 3
    assert "error[not-reproduced]" in found.err


@pytest.mark.parametrize("target", ["reviews/2026Q1.yaml", "thesis.yaml", "facts/ACME.csv"])
@pytest.mark.parametrize("is_raised", [False, True], ids=["same number", "raised number"])
def test_tampering_is_found_under_any_number(
    folder: Path, raised: Callable[[], None], run: Any, target: str, *, is_raised: bool
) -> None:
    inputs = folder / "reviews" / "inputs" / read_journal(folder, ".")[0].inputs
    path = folder / target if target.startswith("reviews") else inputs / target
    data = path.read_bytes()
    path.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    if is_raised:
        raised()
    found = run("review", "verify", cwd=folder)
    assert found.code == 3
    assert "error[touched]" in found.err


def test_a_review_of_a_newer_program_says_so(
    folder_pack: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, number = folder_pack(), semantics.SEMANTICS
    monkeypatch.setattr(semantics, "SEMANTICS", number + 5)
    _sign(folder, AUGUST)
    monkeypatch.setattr(semantics, "SEMANTICS", number)
    found = run("review", "verify", cwd=folder)
    assert found.code == 0
    assert f"rules version {number + 5} (this program: {number})" in found.err
    assert "A newer version of thesis signed it: install that one to recompute it" in found.err
    assert run("review", "verify", "--strict", cwd=folder).code == 4


def test_a_journal_goes_on_under_a_new_number(folder: Path, raised: Callable[[], None], run: Any) -> None:
    """The old reviews keep their bytes, the new one names its number, and only that one is recomputed."""
    before = {name: _text(folder, name) for name in ("2026Q1", "2026Q2")}
    raised()
    words = AnalystWords(by="R. Runner", decision="hold", supersedes="The rules are others.")
    sign_review(read_folder(folder, "."), AUGUST, AUGUST, words)
    assert {name: _text(folder, name) for name in before} == before
    assert f"\nrules_version: {semantics.SEMANTICS}\n" in _text(folder, "2026Q2.2")
    found = run("review", "verify", cwd=folder)
    assert found.code == 0
    assert "1 recomputed, 2 not" in found.out
    listed = run("review", "list", cwd=folder).out.splitlines()
    old = f"rules version {semantics.SEMANTICS - 1}"
    assert [old in line for line in listed if line.startswith("2026")] == [True, True, False]


def test_number_one_is_what_a_review_without_a_number_has(folder: Path) -> None:
    assert semantics.VERSIONS[0].number == 1
    if semantics.SEMANTICS == 1:
        assert "rules_version" not in _text(folder, "2026Q1")
    golden = read_journal(Path(__file__).parent / "golden", ".")
    assert {review.rules_version for review in golden} == {1}


def test_an_outcome_in_other_words_is_no_edit(
    folder_pack: Any, raised: Callable[[], None], run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody settled by hand is held against the sealed value, not against how it was worded."""
    text = (PROBLEMS / "edited-outcome" / "forecasts.yaml").read_text(encoding="utf-8")
    folder = folder_pack({"forecasts.yaml": text})
    _sign(folder, MAY)
    _sign(folder, AUGUST)
    assert [each.by for each in read_journal(folder, ".")[-1].settled]
    monkeypatch.setattr(forecast_outcomes, "outcome_text", lambda *_: "it came true")
    raised()
    assert run("review", "verify", cwd=folder).code == 0
    path = folder / "forecasts.yaml"
    path.write_text(text.replace("outcome: yes", "outcome: no"), encoding="utf-8")
    assert "error[edited-outcome]" in run("review", "verify", cwd=folder).err


# diff --------------------------------------------------------------------------------------------


def _scores(found: Difference, end: int) -> dict[str, str]:
    return {rule.id: str(rule.scores[end]) for rule in found.rules}


def _sealed_scores(review: Any) -> dict[str, str]:
    rules = (*review.found.conditions, *review.found.risk_rules)
    return {rule.id: str(number_from(rule.score)) for rule in rules}


def _parts_add_up(found: Difference) -> None:
    """Of every rule the steps' parts are what lies between its two scores, exactly and as printed."""
    for rule in found.rules:
        ends = [Fraction(score.lo) for score in rule.scores if score is not None]
        assert len(ends) == len(found.steps) + 1
        assert sum((y - x for x, y in pairwise(ends)), Fraction(0)) == ends[-1] - ends[0]
        printed = [
            difference_report.score_change_text(rule, i).partition("/")[0] for i in range(len(found.steps))
        ]
        first, last = (round(100 * float(f"{s.lo:.2f}")) for s in (rule.scores[0], rule.scores[-1]) if s)
        assert sum(int(part or 0) for part in printed) == last - first
    assert all(x.after is y.before for x, y in pairwise(found.steps))


@pytest.fixture
def sides(folder: Path) -> Callable[[], tuple[ComparisonSide, ComparisonSide, ComparisonSide]]:
    """Both reviews and today, as the program that runs now sees them."""

    def call() -> tuple[ComparisonSide, ComparisonSide, ComparisonSide]:
        here = read_folder(folder, "")
        first, second = (review_side(here, review, Cache(None)) for review in read_journal(folder, "."))
        return first, second, ComparisonSide("now", build(here)[0], AUGUST)

    return call


def test_the_program_is_the_first_cause_and_the_parts_add_up(
    folder: Path, sides: Any, raised: Callable[[], None]
) -> None:
    raised()
    first, _, now = sides()
    found = difference(first, now)
    assert [step.cause for step in found.steps][:2] == [PROGRAM, "quarters"]
    assert _scores(found, 0) == _sealed_scores(first.review)
    assert rating_text(found.before) == "AT RISK..WATCH"
    alone = assess(now.pack, now.day)
    assert found.after.verdict == alone.verdict
    assert _scores(found, -1) == {f.id: str(f.score) for f in alone.findings}
    moved = [rule for rule in found.rules if rule.scores[0] != rule.scores[1]]
    assert moved
    _parts_add_up(found)


def test_between_two_reviews_both_ends_are_as_sealed(sides: Any, raised: Callable[[], None]) -> None:
    raised()
    first, second, _ = sides()
    found = difference(first, second)
    causes = [step.cause for step in found.steps]
    assert (causes[0], causes[-1], causes.count(PROGRAM)) == (PROGRAM, PROGRAM, 2)
    for end, side in ((0, first), (-1, second)):
        assert _scores(found, end) == _sealed_scores(side.review)
    _parts_add_up(found)


def test_under_one_number_there_is_no_such_cause(sides: Any) -> None:
    first, second, _ = sides()
    assert PROGRAM not in [step.cause for step in difference(first, second).steps]


def test_a_reader_is_told_of_the_program_and_why(folder: Path, raised: Callable[[], None], run: Any) -> None:
    number = semantics.SEMANTICS
    raised()
    name = f"program (rules version {number} to {number + 1})"
    found = run("diff", "2026Q1", "now", cwd=folder)
    assert found.code == 0
    assert f"+ {name} " in found.out
    told = " ".join(found.out.split())
    assert f"Rules version {number + 1} (2099-01-01): Rules are scored at half." in told
    data = json.loads(run("diff", "2026Q1", "now", "--json", cwd=folder).out)
    assert (data["from"]["rules_version"], data["to"]["rules_version"]) == (number, number + 1)
    assert data["order"][0] == data["steps"][0]["cause"] == "program"
    memo = run("memo", cwd=folder)
    assert memo.code == 0
    assert name in memo.out


def test_what_the_program_changed_is_no_regret(sides: Any, raised: Callable[[], None]) -> None:
    before = sides()[0]
    raised()
    side, _, now = sides()
    (found,) = hindsight_ratings([(side.review, side)], now)
    assert found.then == rating_text(difference(before, before).before)
    assert found.then != found.recalculated == found.now
    assert not found.differs
    assert f"{found.then} under rules version" in difference_report.hindsight_text(found)


# sealed copies of packs --------------------------------------------------------------------------


def test_no_demand_of_lint_stops_a_sealed_copy(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However strict lint becomes, what was in order on signing is read, verified and compared."""
    here = read_folder(folder, "")
    now = ComparisonSide("now", build(here)[0], AUGUST)
    refuse = Problem("syntax", "nothing is good enough any more")
    monkeypatch.setattr(thesis.lint, "lint_pack", lambda *_, **__: [refuse])
    assert run("lint", cwd=folder).code == 3
    assert run("review", "verify", cwd=folder).code == 0
    for review in read_journal(folder, "."):
        found = difference(review_side(here, review, Cache(None)), now)
        assert _scores(found, 0) == _sealed_scores(review)


DEMANDS = """
alias bad-key csv-syntax duplicate-column duplicate-key empty-file missing-column missing-file missing-key
not-utf-8 outside second-document tag too-deep too-large too-many-files too-many-rows unknown-column
unknown-key unknown-standard unreadable-file wrong-columns wrong-value yaml-syntax
"""


def _refusals(case: Path, folder: Path) -> set[str]:
    """The codes with which the loader, without lint, refuses a pack."""
    try:
        build(read_folder(_pack_with_the_mistake(case, folder), ""))
    except InvalidInput as flawed:
        return {problem.code for problem in flawed.problems}
    return set()


def test_the_loader_makes_no_new_demand(tmp_path: Path) -> None:
    """Whatever a sealed copy may hold is read for ever: a new demand on a pack is lint's.

    These kinds of mistakes stop a pack from being read; the set may shrink and must never grow.
    """
    found = {
        code
        for case in CASES
        if not (case / "command.txt").exists()
        for code in _refusals(case, tmp_path / case.name)
    }
    assert found <= set(DEMANDS.split())
