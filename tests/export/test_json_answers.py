"""Answers: what ``--json`` prints keeps to the published schemas, whatever the pack and the day."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scripts.answer_schemas import texts
from thesis.core.interval import Interval
from thesis.core.record import record
from thesis.export.json_answers import VERSIONS, answer_record, schema_text, schema_urn
from thesis.facts.fact import parse_value
from thesis.scoring.assessment import json_ready

ACME = str(Path(__file__).parents[1] / "data" / "acme")
# Rated, between reports, a quarter late and not rated, and a day of which little is known.
DAYS = ("2026-10-15", "2026-07-31", "2026-11-22", "2019-02-01")


def closed(schema: Any) -> Any:
    """The schema with nothing allowed in an object that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inside = {key: closed(value) for key, value in schema.items()}
    is_record = schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
    return {**inside, "additionalProperties": False} if is_record else inside


@cache
def validator(kind: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        closed(json.loads(schema_text(kind))), format_checker=jsonschema.FormatChecker()
    )


def faults(kind: str, found: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in validator(kind).iter_errors(found)]


# the schemas themselves ------------------------------------------------------------------------------


def test_the_published_schemas_are_those_of_the_records() -> None:
    """Run ``python -m scripts.answer_schemas``, and raise a version if a reader would be misled."""
    assert texts() == {f"{kind}.schema.json": schema_text(kind) for kind in VERSIONS}


@pytest.mark.parametrize("kind", VERSIONS)
def test_a_schema_is_one_and_names_its_version(kind: str, run: Any) -> None:
    printed = run("schema", kind)
    assert (printed.code, printed.out) == (0, schema_text(kind))
    schema = json.loads(printed.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == schema_urn(kind) == f"urn:thesis:{kind}:{VERSIONS[kind]}"


def test_a_reader_of_the_schema_is_told_what_the_keys_mean() -> None:
    """What the records say of themselves stands beside the keys."""
    defined = json.loads(schema_text("assessment"))["$defs"]
    assert "Five edges" in defined["Measure"]["properties"]["bands"]["description"]
    assert defined["Interval"]["required"] == ["lo", "hi"]
    assert "never" not in defined["Fact"]["required"]
    assert {"value", "period", "filed"} <= set(defined["Fact"]["required"])


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("verdict", "engines"), 0.7),
        (("verdict", "engines", "lo"), "unknown"),
        (("quarter",), "2026Q5"),
        (("as_of",), "15 Oct 2026"),
        (("schema",), "urn:thesis:assessment:0"),
        (("conditions", 0, "scores"), {"lo": 0, "hi": 1}),
    ],
    ids=str,
)
def test_what_is_no_assessment_is_refused(path: tuple[str | int, ...], wrong: Any, run: Any) -> None:
    found = json.loads(run("check", ACME, "--as-of", "2026-10-15", "--json").out)
    assert faults("assessment", found) == []
    *way, last = path
    place = found
    for step in way:
        place = place[step]
    place[last] = wrong
    assert len(faults("assessment", found)) == 1


# what is printed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("command", ["check", "memo"])
def test_an_assessment_of_amazon_keeps_to_the_schema(command: str, day: str, run: Any) -> None:
    found = json.loads(run(command, "amzn-4t", "--as-of", day, "--json").out)
    assert faults("assessment", found) == []
    assert found["schema"] == schema_urn("assessment")
    assert ("appraisal" in found) == (command == "memo")


@pytest.mark.parametrize("day", DAYS[:3])
def test_what_the_target_takes_keeps_to_the_schema(day: str, run: Any) -> None:
    found = json.loads(run("value", "amzn-4t", "--as-of", day, "--json").out)
    assert faults("value", found) == []
    assert found["appraisal"]["levers"]


def test_an_appraisal_that_cannot_be_reckoned_keeps_to_the_schema(priced: Any, run: Any) -> None:
    """Without prices there is no market value, and the answer says so in the same shape."""
    found = run("value", "--json", "--set", "sales=1e8", cwd=priced(without="price"))
    assert found.code == 4
    assert faults("value", json.loads(found.out)) == []
    assert json.loads(found.out)["appraisal"]["missing"]


@pytest.mark.parametrize("pack", ["amzn-4t", ACME], ids=["amzn-4t", "acme"])
def test_each_line_of_history_keeps_to_the_schema(pack: str, run: Any) -> None:
    found = json.loads(run("history", pack, "--json").out)
    assert faults("history", found) == []
    assert {line["schema"] for line in found} == {schema_urn("history")}


def test_a_simulation_keeps_to_the_schema_alone_and_in_a_memo(priced: Any, run: Any) -> None:
    folder = priced()
    drawn = json.loads(run("simulate", "--draws", "2000", "--json", cwd=folder).out)
    assert faults("simulation", drawn) == []
    memo = json.loads(run("memo", "--simulate", "--json", "--as-of", "2026-10-15", cwd=folder).out)
    assert faults("assessment", memo) == []
    assert memo["appraisal"]["simulation"]["dates"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("thesis.yaml", "conditions: ["),
        ("judgements.yaml", ""),
        ("metrics.yaml", None),
        ("trials.yaml", "- {}"),
    ],
)
def test_problems_keep_to_the_schema(file: str, text: str | None, folder_pack: Any, run: Any) -> None:
    found = json.loads(run("lint", "--json", cwd=folder_pack({file: text})).out)
    assert found
    assert faults("problems", found) == []


def test_a_pack_without_problems_is_an_empty_list(run: Any) -> None:
    assert json.loads(run("lint", ACME, "--format", "json").out) == []


# what may be left out --------------------------------------------------------------------------------


@record
class _Some:
    """A record with a text that must be there and one that may be left out."""

    said: str
    value: Interval
    note: str = ""


def test_only_what_has_a_default_is_left_out_where_it_is_empty() -> None:
    assert json_ready(_Some("", Interval(0.0, 0.0))) == {"said": "", "value": {"lo": 0.0, "hi": 0.0}}
    assert answer_record("problems", _Some("a", Interval(0.0, 1.0), "b")) == {
        "schema": schema_urn("problems"), "said": "a", "value": {"lo": 0.0, "hi": 1.0}, "note": "b",
    }  # fmt: skip


def test_what_has_no_bound_is_null() -> None:
    assert json_ready(parse_value(">25e9")) == {"lo": 25e9, "hi": None}
