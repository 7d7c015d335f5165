"""Tie-out over all formats: what Amazon's assessment of 15 October 2026 says, each of them says, and no more.

The workbook's figures are found again in ``tests/workbook``, those of the memo in ``test_golden``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet as pq
import pytest
from icalendar import Calendar

from thesis.appraisal.appraise import add_appraisal
from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.core.strict_ends import as_stated
from thesis.export.json_answers import answer_record
from thesis.files.disk import bundled_folder
from thesis.narrative import rating_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment

DAY = date(2026, 10, 15)
ASKED = ("amzn-4t", "--as-of", str(DAY))
NUMBER = re.compile(r"[+-]?\$?\d+(?:,\d{3})*(?:\.\d+)?(?:%|bp|pp|x|T|bn|M)?|(?<![\d.])\.\d+")


@cache
def pack() -> Pack:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0]


@cache
def found() -> Assessment:
    return add_appraisal(pack(), assess(pack(), DAY), {})


def figures(text: str) -> set[str]:
    return set(NUMBER.findall(text))


@cache
def told() -> frozenset[str]:
    """Every figure that a report may tell: of each rule score, measure and edge; of each criterion too."""
    a, v = found(), found().verdict
    texts = [formatting.score(v.engines), formatting.score(v.risks), formatting.share(v.coverage), a.title]
    for f in a.findings:
        texts += [
            f.id,
            f.rule.name,
            formatting.score(f.score),
            rating_text.measure_figure(f.headline),
            rating_text.threshold_text(f.headline),
        ]
    for k in a.kill:
        texts += [k.id, k.kill.claim, str(k.kill.at_least), *(grade.level for grade in k.grades)]
        texts += [
            f"{formatting.value(d.value, d.show, d.unit)} {rating_text.sustained_over(d)} {d.edge}"
            for d in k.distances
        ]
    return frozenset().union(*map(figures, texts))


def test_the_json_is_the_assessment(run: Any) -> None:
    """To the last digit, in ``memo`` with the valuation and in ``check`` without it."""
    memo = json.loads(run("memo", *ASKED, "--json").out)
    assert memo == json.loads(json.dumps(answer_record("assessment", found())))
    check = json.loads(run("check", *ASKED, "--json").out)
    assert check == {name: value for name, value in memo.items() if name != "appraisal"}


def test_every_figure_of_the_junit_report_is_the_assessment_s(run: Any) -> None:
    report = ET.fromstring(run("check", *ASKED, "--format", "junit").out)
    texts = [element.text or "" for element in report.iter()]
    texts += [value for case in report.iter("testcase") for value in case.attrib.values() if value != "0"]
    seen = figures(" ".join(texts).replace("amzn-4t", ""))
    assert len(seen) > 30
    assert seen <= told()
    cases = {case.attrib["name"] for case in report.iter("testcase")}
    assert cases == {
        found().title,
        *(f"{f.id}: {f.rule.name}" for f in found().findings),
        *(f"{k.id}: {k.kill.claim}" for k in found().kill),
    }


def test_every_figure_of_the_annotations_is_the_assessment_s(run: Any) -> None:
    out = run("check", *ASKED, "--format", "github").out
    messages = [re.sub(r"^::\w+ .*?::", "", line).replace("%25", "%") for line in out.splitlines()]
    assert len(messages) == 3
    seen = figures(" ".join(messages))
    assert len(seen) > 6
    assert seen <= told()


def _evidence() -> dict[tuple[str, str], EvidenceItem]:
    """Every value below the assessment, by its name and quarter."""
    a = found()
    roots = [evidence for f in a.findings for leaf in f.leaves() for evidence in leaf.window]
    roots += [evidence for f in a.findings for evidence in (*f.answer_evidence, *f.lift_evidence)]
    roots += [e for k in a.kill for e in (*k.evidence, *(w for d in k.distances for w in d.window))]
    roots += [e for e in (a.header.price, a.header.market_cap) if e]
    return {(e.name, e.period): e for root in roots for e in root.walk()}


def rows(run: Any, tmp_path: Any, name: str, form: str) -> list[dict[str, Any]]:
    """The rows of a table, all cells as texts, from either file."""
    file = tmp_path / f"rows.{form}"
    asked = run("export", name, *ASKED, "--format", form, "--out", str(file))
    assert asked.code == 0
    if form == "csv":
        return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    listed = pq.read_table(file).to_pylist()
    return [{key: "" if value is None else str(value) for key, value in row.items()} for row in listed]


FORMS = pytest.mark.parametrize("form", ["csv", "parquet"])


@FORMS
def test_the_facts_are_those_that_the_assessment_rests_on(form: str, run: Any, tmp_path: Any) -> None:
    """Each row that is cited below a score stands in the table, with the same ends and the same document."""
    listed = {(row["file"], int(row["line"])): row for row in rows(run, tmp_path, "facts", form)}
    cited = {(fact.file, fact.line): fact for e in _evidence().values() for fact in e.facts}
    assert len(cited) > 150
    for place, fact in cited.items():
        row = listed[place]
        ends = (row["lo"], row["hi"])
        if not isinstance(fact.value, str):
            stated = as_stated(fact.value)
            wanted = [repr(float(end)) if abs(end) < 1e30 else "" for end in (stated.lo, stated.hi)]
            assert ends == tuple(wanted)
        assert (row["source"], row["filed"], row["period"]) == (
            fact.source,
            str(fact.filed),
            str(fact.period),
        )


@FORMS
def test_the_metrics_are_those_of_the_assessment(form: str, run: Any, tmp_path: Any) -> None:
    listed = {(row["metric"], row["quarter"]): row for row in rows(run, tmp_path, "metrics", form)}
    used = {key: e for key, e in _evidence().items() if e.name in pack().metrics}
    assert len(used) > 40
    for key, evidence in used.items():
        wanted = [
            repr(float(end)) if abs(end) < 1e30 else "" for end in (evidence.value.lo, evidence.value.hi)
        ]
        assert [listed[key]["lo"], listed[key]["hi"]] == wanted


@FORMS
def test_the_last_quarter_of_history_is_that_of_the_day_it_was_filed(
    form: str, run: Any, tmp_path: Any
) -> None:
    then = assess(pack(), found().filed)
    listed = {row["id"]: row for row in rows(run, tmp_path, "history", form) if row["quarter"] == "2026Q2"}
    assert {row["as_of"] for row in listed.values()} == {str(found().filed)}
    for f in then.findings:
        is_open = (f.score.lo, f.score.hi) == (0.0, 1.0)
        wanted = ("", "") if is_open else (repr(float(f.score.lo)), repr(float(f.score.hi)))
        assert (listed[f.id]["lo"], listed[f.id]["hi"]) == wanted
        assert listed[f.id]["label"] == f.label


def test_every_day_of_the_calendar_is_the_assessment_s(run: Any) -> None:
    a = found()
    events: list[Any] = Calendar.from_ical(run("export", "calendar", *ASKED).out).walk("VEVENT")
    days = {str(event["UID"]).partition("@")[0]: event["DTSTART"].dt for event in events}
    assert days[f"figures-AMZN-{a.next_due}"] == a.fresh_until
    assert days[f"review-{a.next_due}"] == a.fresh_until + timedelta(days=pack().calendar.review_days)
    assert a.target
    assert str(days["target"]) == a.target["by"]
    graded = {leaf.id: leaf.grades for f in a.findings for leaf in f.leaves() if leaf.kind == "judgement"}
    graded |= {k.rubric.id: k.grades for k in a.kill if k.rubric}
    for rubric, grades in graded.items():
        assert days[f"judgement-{rubric}-{grades[0].graded}"] > DAY
