"""The SEC's companyfacts: rows, and everything that may be wrong with one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from thesis.core.problem import InvalidInput, Problem
from thesis.sources.read_file import read_document, read_facts
from thesis.sources.xbrl.companyfacts import read_companyfacts

YEAR = {
    "start": "2023-01-01", "end": "2023-12-31", "val": 1234, "accn": "0000012345-24-000001",
    "fy": 2023, "fp": "FY", "form": "10-K", "filed": "2024-02-01", "frame": "CY2023",
}  # fmt: skip
INSTANT = {key: value for key, value in YEAR.items() if key not in ("start", "frame")}


def document(*rows: Any, unit: str = "USD", tag: str = "Assets") -> bytes:
    facts = {"us-gaap": {tag: {"label": "x", "units": {unit: list(rows)}}}}
    return json.dumps({"cik": 12345, "entityName": "Acme", "facts": facts}, indent=1).encode()


def problems(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as caught:
        read_facts(data, "acme.json")
    return caught.value.problems


def test_a_row_carries_its_filing() -> None:
    year, instant = read_facts(document(YEAR, INSTANT), "acme.json")
    assert year.tag == "us-gaap:Assets" and year.value == Decimal(1234) and year.unit == "USD"
    assert str(year.period) == "2023-01-01..2023-12-31" and year.period.is_year
    assert (year.form, year.accession, year.filed) == ("10-K", "0000012345-24-000001", date(2024, 2, 1))
    assert year.frame == "CY2023" and year.entity == "12345" and year.dimensions == ()
    assert instant.period.is_instant and instant.frame == ""
    assert instant.filing is year.filing, "what many rows share is kept once"


def test_values_are_exact() -> None:
    text = document(YEAR | {"val": 0}).replace(b'"val": 0', b'"val": 0.1')
    assert str(read_facts(text, "x")[0].value) == "0.1"
    assert read_facts(document(YEAR | {"val": None}), "x")[0].value is None
    assert read_facts(document(YEAR | {"val": -(10**23)}), "x")[0].value == -(10**23)


def test_days_long_past_are_read() -> None:
    (fact,) = read_facts(document(YEAR | {"start": "1984-01-01"}), "x")
    assert str(fact.period) == "1984-01-01..2023-12-31"


def test_only_what_is_wanted() -> None:
    data = document(YEAR)
    assert read_companyfacts(data, "x", {"us-gaap:Liabilities"}) == []
    assert len(read_companyfacts(data, "x", {"us-gaap:Assets"})) == 1
    assert len(read_facts(data, "x", wanted={"us-gaap:Assets"})) == 1


def test_what_is_not_wanted_is_not_judged() -> None:
    assert read_companyfacts(document(YEAR | {"val": "x"}), "x", {"us-gaap:Liabilities"}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"val": "1234"}, "val: expected a number, found `1234`"),
        ({"val": True}, "val: expected a number, found `True`"),
        ({"val": [1]}, "val: expected a number"),
        ({"val": 10**24}, "val: expected a number below 1e+24"),
        ({"end": "20234-12-31"}, "end: expected a date like 2026-07-31, found `20234-12-31`"),
        ({"end": "0202-12-31"}, "end: expected a year from 1000 to 9998"),
        ({"end": 20231231}, "end: expected a date like 2026-07-31, found `20231231`"),
        ({"end": ["2023-12-31"]}, "expected texts as days"),
        ({"start": "2024-01-01"}, "start: the period 2024-01-01..2023-12-31 runs backwards"),
        ({"filed": None}, "filed: expected a date"),
        ({"filed": {}}, "expected texts as days"),
        ({"accn": "24-1"}, "accn: expected an accession number"),
        ({"form": ""}, "form: expected a form like 10-K"),
        ({"frame": 2023}, "frame: expected a text"),
    ],
)
def test_a_row_of_the_wrong_kind(change: dict[str, Any], told: str) -> None:
    """The place is that of the value, not of the file."""
    data = document(INSTANT, YEAR | change)
    (problem,) = problems(data)
    assert problem.code == "wrong-type"
    assert f"facts.us-gaap.Assets.units.USD.1.{told}" in problem.message or told in problem.message
    assert problem.span is not None
    line = data.decode().split("\n")[problem.span.line - 1]
    at = line[problem.span.column - 1 :]
    key = next(iter(change))
    assert f'"{key}": {at}' in line or at == "{", "the value, or the row where it is the row that is wrong"


def test_all_wrong_rows_are_told() -> None:
    data = document(YEAR | {"val": "a"}, YEAR, YEAR | {"val": "b"})
    assert [problem.span.line for problem in problems(data) if problem.span] == [13, 35]


@pytest.mark.parametrize("missing", ["end", "val", "accn", "form", "filed"])
def test_a_row_with_something_missing(missing: str) -> None:
    (problem,) = problems(document({key: value for key, value in YEAR.items() if key != missing}))
    assert f"expected a `{missing}`, found none" in problem.message


@pytest.mark.parametrize(
    "data",
    [
        b'{"cik": 1, "facts": []}',
        b'{"cik": 1, "facts": {"us-gaap": 5}}',
        b'{"cik": 1, "facts": {"us-gaap": {"Assets": []}}}',
        b'{"cik": 1, "facts": {"us-gaap": {"Assets": {}}}}',
        b'{"cik": 1, "facts": {"us-gaap": {"Assets": {"units": {"USD": {}}}}}}',
        b'{"cik": 1, "facts": {"us-gaap": {"Assets": {"units": {"": []}}}}}',
        b'{"cik": 1, "facts": {"us-gaap": {"Assets": {"units": {"USD": [5]}}}}}',
        b'{"cik": true, "facts": {}}',
        b'{"cik": "x", "facts": {}}',
    ],
)
def test_other_shapes(data: bytes) -> None:
    (problem,) = problems(data)
    assert problem.code == "wrong-type" and problem.span is not None and problem.span.line == 1


@pytest.mark.parametrize(
    "odd",
    [{"_stripped": True}, {"Odd": []}, {"Odd": {"units": {"USD": {}}}}, {"Odd": {"units": {"": []}}}],
    ids=str,
)
def test_one_series_of_another_shape_leaves_the_others(odd: dict[str, Any]) -> None:
    """As some mirrors cut a file down."""
    whole = json.loads(document(YEAR))
    whole["facts"]["ifrs-full"] = odd
    flawed = [fact for fact in read_document(json.dumps(whole).encode(), "x") if fact.flaw]
    assert [fact.tag for fact in flawed] == [f"ifrs-full:{next(iter(odd))}"]
    assert len(read_document(json.dumps(whole).encode(), "x")) == 2
    assert problems(json.dumps(whole).encode())[0].code == "wrong-type"


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 5000])
def test_numbers_that_are_none(number: bytes) -> None:
    """Python's JSON takes NaN and infinities by itself, and refuses only very long numbers."""
    data = document(YEAR).replace(b'"val": 1234', b'"val": ' + number)
    (problem,) = problems(data)
    assert problem.code in ("json-syntax", "wrong-type")


def test_a_company_without_facts_has_none() -> None:
    assert read_facts(b'{"cik": 1, "facts": {}}', "x") == []
