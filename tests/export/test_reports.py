"""Reports of ``check`` and ``lint`` for build servers and for GitHub, as those would read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
RATED = ("--as-of", "2026-10-15")
STATES = {"failure": "failed", "skipped": "unknown"}


def cases(report: str, suite: str) -> dict[str, str]:
    """Name to state, of a suite whose counts hold."""
    found = next(each for each in ET.fromstring(report) if each.attrib["name"] == suite)
    listed = {
        case.attrib["name"]: next((STATES[child.tag] for child in case), "passed")
        for case in found.findall("testcase")
    }
    states = list(listed.values())
    counted = [int(found.attrib[name]) for name in ("tests", "failures", "skipped", "errors")]
    assert counted == [len(states), states.count("failed"), states.count("unknown"), 0]
    return listed


def written(report: str, tmp_path: Path) -> Path:
    file = tmp_path / "report.xml"
    file.write_text(report, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "command",
    [
        ("check", "amzn-4t", *RATED),
        ("check", "amzn-4t"),
        ("check", str(ACME), "--as-of", "2026-07-31", "--fail-under", "WATCH"),
        ("lint", "amzn-4t"),
        ("lint", str(ROOT / "tests/problems/no-pack")),
    ],
    ids=" ".join,
)
def test_a_report_is_valid_by_what_the_common_schemas_agree_on(
    command: tuple[str, ...], run: Any, tmp_path: Path
) -> None:
    schema = xmlschema.XMLSchema(ROOT / "tests" / "data" / "junit.xsd")
    report = run(*command, "--format", "junit")
    assert report.out.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>')
    schema.validate(written(report.out, tmp_path))


def test_each_rule_is_a_case_that_fails_where_it_is_surely_at_its_worst(run: Any) -> None:
    """Amazon on 15 October 2026: two risks are severe, no condition is broken and nothing has tripped."""
    report = run("check", "amzn-4t", *RATED, "--format", "junit")
    assert report.code == 0
    assert set(cases(report.out, "conditions").values()) == {"passed"}
    risks = cases(report.out, "risks")
    assert [name for name, state in risks.items() if state == "failed"] == [
        "capex: Capital spending",
        "regulation: Regulation",
    ]
    assert len(cases(report.out, "kill criteria")) == 8
    assert cases(report.out, "verdict") == {"Can Amazon be worth four trillion dollars?": "passed"}


def test_what_is_overridden_says_so(folder_pack: Any, run: Any) -> None:
    """By whom, until when and what was worked out; and the verdict without."""
    text = """\
overrides:
  - {rule: margins, score: "0.1", reason: One-off., by: J. Doe, since: 2026-08-20, until: 2026-10-31}
  - {rule: repairs-growth, answer: "no", reason: By area., by: J. Doe, since: 2026-08-20, until: 2026-10-31}
  - {rule: K1, answer: "no", reason: It did not., by: J. Doe, since: 2026-08-20, until: 2026-10-31}
"""
    folder = folder_pack({"overrides.yaml": text})
    out = run("check", *RATED, "--format", "junit", cwd=folder).out
    told = " ".join(each.text or "" for each in ET.fromstring(out).iter("system-out"))
    whose = "by J. Doe's own word until 2026-10-31; worked out: "
    assert re.search(rf"margins: Margins: broken \.10; .*overridden {whose}\w+ \.\d\d", told)
    assert re.search(rf"taken literally false; overridden {whose}true", told)
    assert re.search(rf"K1: .*not tripped; overridden {whose}no", told)
    assert "; without overrides: " in told
    notice = run("check", *RATED, "--format", "github", cwd=folder).out
    assert "; without overrides: " in notice
    late = run("check", "--as-of", "2027-03-20", "--format", "github", cwd=folder).out
    assert ".; " not in late


def test_a_grade_that_has_expired_says_so(folder_pack: Any, run: Any) -> None:
    kill = (
        "  - {id: K2, claim: The tools save nothing., judgement: J1, at_least: 1, immediate: true,"
        " because: Then it is no reason.}\n\nverdict:\n"
    )
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8").replace("verdict:\n", kill, 1)
    folder = folder_pack({"thesis.yaml": text})
    for day, state in (("2026-10-15", ""), ("2026-11-30", r" \(expired\)")):
        report = run("check", "--as-of", day, "--format", "junit", cwd=folder).out
        told = " ".join(each.text or "" for each in ET.fromstring(report).iter("system-out"))
        assert re.search(rf"Tools: level \d{state}, trips at level 1", told)


def test_what_nobody_can_tell_is_skipped_and_says_what_it_waits_for(run: Any) -> None:
    """Two quarters late nothing is known: every rule may be at its worst, and the verdict is not rated."""
    found = run("check", str(ACME), "--as-of", "2027-03-20", "--format", "junit")
    assert found.code == 4
    assert set(cases(found.out, "conditions").values()) == {"unknown"}
    assert set(cases(found.out, "verdict").values()) == {"unknown"}
    assert "NOT RATED" in found.out


@pytest.mark.parametrize(
    ("wanted", "state", "code"),
    [("AT RISK", "passed", 0), ("WATCH", "unknown", 4), ("ON TRACK", "failed", 1)],
)
def test_the_verdict_s_case_says_what_the_exit_code_says(
    wanted: str, state: str, code: int, run: Any
) -> None:
    asked = ("check", str(ACME), "--as-of", "2026-07-31", "--fail-under", wanted)
    for form in ("text", "json", "junit", "github"):
        assert run(*asked, "--format", form).code == code
    assert set(cases(run(*asked, "--format", "junit").out, "verdict").values()) == {state}


def test_a_broken_condition_and_a_tripped_criterion_fail(folder_pack: Any, run: Any) -> None:
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8")
    stricter = text.replace("[0%, 5%, 10%, 20%, 30%]", "[80%, 85%, 90%, 95%, 99%]")
    stricter = stricter.replace("repairs_growth < 0 in 2", "repairs_growth < 90% in 2")
    folder = folder_pack({"thesis.yaml": stricter})
    report = run("check", *RATED, "--format", "junit", cwd=folder)
    assert report.code == 1
    assert cases(report.out, "conditions")["repairs-growth: Repairs grow"] == "failed"
    assert set(cases(report.out, "kill criteria").values()) == {"failed"}
    assert set(cases(report.out, "verdict").values()) == {"failed"}
    told = run("check", *RATED, "--format", "github", cwd=folder).out
    (broken,) = re.findall(
        r"::error file=thesis.yaml,line=(\d+),col=5,title=repairs-growth%3A Repairs grow::(.*)", told
    )
    assert stricter.splitlines()[int(broken[0]) - 1] == "  - id: repairs-growth"
    assert broken[1].startswith("broken .00; Growth of repairs: ")


def test_a_report_is_the_same_bytes_each_time(run: Any) -> None:
    for form in ("junit", "github", "json"):
        asked = ("check", "amzn-4t", *RATED, "--format", form)
        assert run(*asked) == run(*asked)


# lint ------------------------------------------------------------------------------------------------


def test_each_file_is_a_suite_with_a_case_for_each_problem(folder_pack: Any, run: Any) -> None:
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8").replace("metric: margin", "metric: margins")
    report = run("lint", "--format", "junit", cwd=folder_pack({"thesis.yaml": text}))
    assert (report.code, report.err) == (3, "")
    assert cases(report.out, "thesis.yaml") == {"unknown-name at 30:17": "failed"}
    assert cases(report.out, "metrics.yaml") == {"no problems": "passed"}
    assert "did you mean `margin`?" in report.out


def test_a_warning_is_skipped_and_fails_nothing(folder_pack: Any, run: Any) -> None:
    """It can be evaluated: exit code 0, and a build that reads the report stays green."""
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8")
    text = text.replace("        because: Below 10% anvils stay the larger part until 2040.\n", "")
    folder = folder_pack({"thesis.yaml": text})
    report = run("lint", "--format", "junit", cwd=folder)
    assert report.code == 0
    assert list(cases(report.out, "thesis.yaml").values()) == ["unknown"]
    assert run("lint", "--format", "github", cwd=folder).out.startswith("::warning file=thesis.yaml,line=")


def test_an_annotation_stands_at_the_line_from_the_top_of_the_repository(
    folder_pack: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GitHub counts paths from the top, wherever the job's step was run."""
    text = (ACME / "thesis.yaml").read_text(encoding="utf-8").replace("metric: margin", "metric: margins")
    folder = folder_pack({"thesis.yaml": text})
    told = "title=unknown-name at 30%3A17::no metric is called `margins`%0Adid you mean `margin`?\n"
    assert (
        run("lint", "--format", "github", cwd=folder).out == f"::error file=thesis.yaml,line=30,col=17,{told}"
    )
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    found = run("lint", "--format", "github", cwd=folder)
    assert (found.code, found.out) == (3, f"::error file=acme/thesis.yaml,line=30,col=17,{told}")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert (
        run("lint", "--format", "github", cwd=folder).out == f"::error file=thesis.yaml,line=30,col=17,{told}"
    )


def test_a_pack_that_is_not_there_is_an_annotation_without_a_place(run: Any) -> None:
    found = run("lint", "nowhere", "--format", "github")
    assert found.code == 3
    assert found.out.startswith("::error title=no-pack::no pack is called `nowhere`%0A")


# which format ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "lint"])
def test_json_is_short_for_its_format(command: str, run: Any) -> None:
    short, long = run(command, str(ACME), "--json"), run(command, str(ACME), "--format", "json")
    assert short == long
    json.loads(short.out)


@pytest.mark.parametrize("command", ["check", "lint"])
def test_two_formats_at_once_are_wrong_usage(command: str, run: Any) -> None:
    for order in (("--json", "--format", "junit"), ("--format", "junit", "--json")):
        found = run(command, str(ACME), *order)
        assert (found.code, found.out) == (2, "")
        assert "--json is --format json; one format at a time" in found.err
