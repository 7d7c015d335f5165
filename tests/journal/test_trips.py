"""Kill criteria that trip: the clock runs until somebody decides, and the scheduler knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

# Repairs grew by 20.0, 14.9 and 18.4 % in the last quarters: it holds in two running from July on.
TRIPPING = ("when: repairs_growth < 0 in 2 of last 3 quarters", "when: repairs_growth < 19%")


@pytest.fixture
def tripped(acme: Any, folder_pack: Any, tmp_path: Any) -> Any:
    """The small pack with a criterion that trips."""
    path = tmp_path / "acme" / "thesis.yaml"
    text = path.read_text(encoding="utf-8")
    assert TRIPPING[0] in text
    path.write_text(text.replace(*TRIPPING), encoding="utf-8")
    return acme


def _check(do: Any, day: str) -> Any:
    return do("check", day=day)


def _trip(do: Any, day: str) -> dict[str, Any]:
    trips = json.loads(do("check", "--json", day=day).out)["journal"]["trips"]
    assert len(trips) == 1
    found: dict[str, Any] = trips[0]
    return found


def test_the_clock_runs_from_the_filing_that_tripped_it(tripped: Any) -> None:
    found = _trip(tripped, "2026-08-05")
    assert (found["id"], found["since"]) == ("K1", "2026-07-29")
    assert found["days"] == 7
    assert found["decided"] is None
    text = _check(tripped, "2026-08-05")
    assert text.code == 1
    told = "K1 on 2026-07-29: Repairs shrink in two quarters of three. 7 days without a decision."
    assert told in " ".join(text.out.split())
    assert tripped("due", day="2026-08-05").code == 1


@pytest.mark.parametrize("decision", ["hold", "add", None])
def test_a_review_that_does_not_act_leaves_it_open(decision: str | None, tripped: Any) -> None:
    words = ("--decision", decision) if decision else ()
    signed = tripped("review", "sign", *words)
    assert signed.code == 0
    assert "K1 has tripped, and this review does not act on it: it stays open" in signed.err
    assert _check(tripped, "2026-08-06").code == 1


@pytest.mark.parametrize("decision", ["trim", "exit"])
def test_a_decision_stops_the_clock(decision: str, tripped: Any) -> None:
    """The thesis is BROKEN all the same, and below whatever verdict is asked for."""
    assert tripped("review", "sign", "--decision", decision, day="2026-08-05").code == 0
    found = _check(tripped, "2026-08-20")
    assert found.code == 0
    assert f"Decided on 2026-08-05, after 7 days: {decision}." in " ".join(found.out.split())
    assert _trip(tripped, "2026-08-20")["days"] == 7
    assert tripped("check", "--fail-under", "AT RISK", day="2026-08-20").code == 1
    due = tripped("due", day="2026-08-06")
    assert "decision" not in due.out


def _override(do: Any, *, until: str, day: str) -> Any:
    return do("override", "K1", "--answer", "no", "--reason", "A strike.", "--until", until, day=day)


def test_an_override_counts_once_it_is_signed_and_until_it_ends(tripped: Any) -> None:
    """Written alone it changes the verdict, which the memo shows beside the other; the trip stays open."""
    assert _override(tripped, until="2026-09-15", day="2026-08-05").code == 0
    written = _check(tripped, "2026-08-05")
    assert written.code == 1
    assert "overrides in force; without them: BROKEN" in " ".join(written.out.split())
    assert tripped("review", "sign", day="2026-08-05").code == 0
    assert _check(tripped, "2026-08-06").code in (0, 4)
    assert "overridden until 2026-09-15" in _check(tripped, "2026-08-06").out
    late = _check(tripped, "2026-09-16")
    assert late.code == 1
    told = " ".join(late.out.split())
    assert "1 day without a decision, after an override that ended on 2026-09-15" in told
    assert "K1 is no longer overridden" in tripped("due", day="2026-09-16").out


def test_the_memo_shows_the_verdict_with_and_without_overrides(tripped: Any) -> None:
    _override(tripped, until="2026-09-15", day="2026-08-05")
    memo = tripped("memo", day="2026-08-05").out
    assert "K1 is no by R. Runner's own word until 2026-09-15 (A strike), calculated: yes" in memo
    assert "**Without overrides: BROKEN.**" in memo
    assert "| K1 | no | yes | R. Runner | 2026-08-05 | 2026-09-15 | A strike. |" in memo


def test_an_analysts_own_yes_holds_the_clock_too(acme: Any) -> None:
    """That the figures do not say so makes the word no lighter."""
    acme("override", "K1", "--answer", "yes", "--reason", "I have seen the books.", "--until", "2026-11-01")
    acme("review", "sign", "--decision", "hold")
    found = acme("check", day="2026-08-20")
    assert found.code == 1
    assert "K1 on 2026-08-05" in found.out
    assert acme("due", day="2026-08-20").code == 1
    acme("review", "sign", "--decision", "exit", "--supersede", "Out.", day="2026-08-21")
    assert acme("check", day="2026-08-22").code == 0


def test_a_correction_does_not_mend_what_is_broken(tripped: Any) -> None:
    """Within the quarter too it takes a re-underwriting, once the trip is answered."""
    tripped("review", "sign", "--decision", "exit", day="2026-08-05")
    _override(tripped, until="2026-10-15", day="2026-08-06")
    quiet = tripped("review", "sign", "--supersede", "An override.", day="2026-08-06")
    assert "published  BROKEN" in quiet.out
    words = ("--supersede", "Taken up.", "--reunderwrite", "The strike is over.")
    loud = tripped("review", "sign", *words, day="2026-08-07")
    assert loud.code == 0, loud.err
    assert "published  WATCH" in loud.out
    assert "signing today" not in tripped("check", day="2026-08-07").out


def test_a_broken_thesis_is_taken_up_again_in_words(tripped: Any) -> None:
    """Broken in one quarter, it stays so until a review says why; the trip itself must be answered first."""
    signed = tripped("review", "sign", "--decision", "exit", day="2026-08-05")
    assert "published  BROKEN" in signed.out
    assert (
        tripped("review", "sign", "--reunderwrite", "Cheap now.", "--supersede", "x", day="2026-08-06").code
        == 3
    )


def test_a_trip_that_nobody_decided_on_stays_open_when_it_holds_no_more(tripped: Any, tmp_path: Any) -> None:
    """A criterion that is eased after the fact, or a better quarter, is no decision."""
    tripped("review", "sign", "--decision", "hold", day="2026-08-05")
    path = tmp_path / "acme" / "thesis.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(TRIPPING[1], "when: repairs_growth < 1%"), encoding="utf-8")
    found = _check(tripped, "2026-08-20")
    assert found.code == 1
    told = "K1 on 2026-07-29: Repairs shrink in two quarters of three. It holds no more. 22 days without"
    assert told in " ".join(found.out.split())
    assert tripped("due", day="2026-08-20").code == 1
    empty = tripped("review", "sign", "--supersede", "x", "--reunderwrite", " ", day="2026-08-20")
    assert (empty.code, "expected a reason, found nothing" in empty.err) == (2, True)
    junit = tripped("check", "--format", "junit", day="2026-08-20").out
    assert "K1 has tripped" in junit and "22 days without a decision" in junit
    eased = tripped("review", "sign", "--decision", "hold", "--supersede", "A slip.", day="2026-08-20")
    assert "K1 has tripped, and this review does not act on it: it stays open" in eased.err
    assert _check(tripped, "2026-08-20").code == 1
    tripped("review", "sign", "--decision", "trim", "--supersede", "Decided.", day="2026-08-21")
    assert _check(tripped, "2026-08-22").code in (0, 4)


RETIRED = """    retired: {on: 2026-08-10, because: It was too quick., replaced_by: K2}
  - id: K2
    claim: Repairs shrink for a year.
    since: 2026-08-10
    when: repairs_growth < 0 for 4 quarters
"""


def test_retiring_a_criterion_decides_nothing_and_keeps_its_id(tripped: Any, tmp_path: Any) -> None:
    """It has no say in the verdict any more; what it did before stays open, and is shown beside the rest."""
    tripped("review", "sign", "--decision", "hold", day="2026-08-05")
    path = tmp_path / "acme" / "thesis.yaml"
    text = path.read_text(encoding="utf-8")
    because = "    because: The first clause is then false as it stands.\n"
    path.write_text(text.replace(because, f"{because}{RETIRED}{because}"), encoding="utf-8")
    found = _check(tripped, "2026-08-20")
    told = " ".join(found.out.split())
    assert found.code == 1
    assert "K1, retired on 2026-08-10, would have tripped" in told
    assert "K1 on 2026-07-29: Repairs shrink in two quarters of three. It was retired on 2026-08-10." in told
    assert "K1 has tripped" in tripped("due", day="2026-08-20").out
    data = json.loads(tripped("check", "--json", day="2026-08-20").out)
    assert "K1" not in [kill["kill"]["id"] for kill in data["kill"]]
    assert [kill["kill"]["id"] for kill in data["retired"]] == ["K1"]
    assert tripped("review", "verify", day="2026-08-20").code == 0
    tripped("review", "sign", "--decision", "trim", "--supersede", "Decided.", day="2026-08-21")
    assert "K1 has tripped" not in tripped("due", day="2026-08-22").out
    again = (
        path.read_text(encoding="utf-8").replace("- id: K2\n", "- id: K1\n").replace(", replaced_by: K2", "")
    )
    path.write_text(again, encoding="utf-8")
    assert "the id `K1` is used twice" in tripped("lint", day="2026-08-22").err


def test_a_correction_of_a_thesis_that_was_taken_up_again_leaves_it_so(tripped: Any) -> None:
    tripped("review", "sign", "--decision", "exit", day="2026-08-05")
    _override(tripped, until="2026-10-15", day="2026-08-06")
    words = ("--supersede", "Taken up.", "--reunderwrite", "The strike is over.")
    tripped("review", "sign", *words, day="2026-08-07")
    again = tripped("review", "sign", "--supersede", "A slip of the pen.", day="2026-08-08")
    assert "published  WATCH" in again.out
    assert tripped("review", "verify", day="2026-08-08").code == 0


def test_what_is_published_is_what_a_scheduler_asks_for(tripped: Any) -> None:
    """A day's better verdict lifts no thesis that is published as broken."""
    tripped("review", "sign", "--decision", "exit", day="2026-08-05")
    _override(tripped, until="2026-10-15", day="2026-08-06")
    assert tripped("check", "--fail-under", "AT RISK", day="2026-08-06").code == 1
    assert tripped("check", "--fail-under", "BROKEN", day="2026-08-06").code == 0


def test_nothing_has_tripped_and_nothing_is_said(acme: Any) -> None:
    assert "TRIPPED" not in acme("check").out
    assert "journal" not in json.loads(acme("check", "--json").out)


def test_what_an_override_denies_is_told_alike_everywhere(tripped: Any, tmp_path: Path) -> None:
    """Once the checklist waited for another quarter, and page one did not say that anything had tripped."""
    _override(tripped, until="2026-09-15", day="2026-08-05")
    check = " ".join(tripped("check", day="2026-08-05").out.split())
    assert "kill K1 TRIPPED as worked out, an override says otherwise" in check
    assert "next quarter too" not in check
    assert "nearest" not in check
    explained = tripped("explain", "K1", day="2026-08-05").out
    assert "  TRIPPED as worked out; now true; must hold in two quarters running\n" in explained
    assert "  not tripped by R. Runner's own word until 2026-09-15; worked out: yes\n" in explained
    told = "K1 on 2026-07-29: Repairs shrink in two quarters of three."
    assert f"**Triggered: {told}" in tripped("memo", day="2026-08-05").out
    assert f"<b>Triggered: {told}" in tripped("memo", "--format", "html", day="2026-08-05").out
    tripped("review", "start", "--form", "form.md", day="2026-08-05")
    assert f"**Tripped: {told}" in (tmp_path / "acme" / "form.md").read_text(encoding="utf-8")
