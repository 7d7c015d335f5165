"""The catalogue: every kind of problem that the readers can tell of, with a file that has it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from thesis.core import problem
from thesis.core.problem import InvalidInput, render_problems
from thesis.sources import read_file, strict_json
from thesis.sources.prices import price_file, price_table
from thesis.sources.prices.price_file import read_prices
from thesis.sources.read_file import read_facts
from thesis.sources.xbrl import companyfacts, contexts, inline, instance, markup, statements

READERS = (
    *(problem, markup, contexts, statements, instance, inline),
    *(strict_json, companyfacts, price_file, price_table, read_file),
)
ROW = b'"end": "2023-12-31", "val": "1", "accn": "0000012345-24-000001", "form": "10-K"'
CASES: dict[str, bytes] = {
    "bad-context": b"<xbrli:context id='a'/><ix:nonNumeric name='acme:N' contextRef='a'>a</ix:nonNumeric>",
    "bad-continuation": b"<ix:nonNumeric name='acme:N' contextRef='end' continuedAt='x'>a</ix:nonNumeric>",
    "bad-date": b"date,close\n2024-13-01,10\n",
    "bad-measure": b"<xbrli:unit id='a'/><ix:nonFraction name='acme:N' contextRef='end' unitRef='a'"
    b">5</ix:nonFraction>",
    "bad-namespace": b"<ix:nonNumeric name='nowhere:N' contextRef='end'>a</ix:nonNumeric>",
    "bad-number": b"<ix:nonFraction name='acme:N' contextRef='end' unitRef='usd'>five</ix:nonFraction>",
    "bad-value": b"date,close\n2024-01-01,five\n",
    "compressed": b"PK\x03\x04",
    "csv-syntax": b'date,close\n2024-01-01,"10\n',
    "document-type": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>",
    "duplicate-column": b"date,close,close\n",
    "duplicate-day": b"date,close\n2024-01-02,10\n2024-01-02,10\n",
    "duplicate-id": b"<xbrli:unit id='usd'><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>"
    b"<ix:nonFraction name='acme:N' contextRef='end' unitRef='usd'>5</ix:nonFraction>",
    "empty-file": b"",
    "json-syntax": b'{"cik": 1,\n "facts": {"us-gaap" 5}}',
    "missing-column": b"date,adjusted\n",
    "missing-file": b"",
    "missing-key": b'{"dates": []}',
    "no-inline-xbrl": b"<html><body>Annual report</body></html>",
    "not-a-filing": b"<SEC-DOCUMENT>",
    "not-daily": b"date,close\n2024-01-01,10\n2024-02-01,11\n2024-03-01,10\n",
    "not-read": b"<ix:fraction/>",
    "not-utf-8": b"date,close\n2024-01-01,\xff\n",
    "several-shares": b"ticker,A,B\nprice,close,close\ndate,,\n",
    "too-deep": b"<ix:exclude>" * 300,
    "too-large": b"<ix:exclude/>" + b" " * 100_000,
    "two-readings": b'date,close\n2024-01-02,"1,234"\n',
    "unadjusted": b"date,close\n2022-06-03,2447\n2022-06-06,124.79\n",
    "unknown-context": b"<ix:nonNumeric name='acme:N' contextRef='x'>a</ix:nonNumeric>",
    "unknown-format": b"<ix:nonFraction name='acme:N' contextRef='end' unitRef='usd' format='ixt:x'"
    b">5</ix:nonFraction>",
    "unknown-measure": b"<ix:nonFraction name='acme:N' contextRef='end' unitRef='x'>5</ix:nonFraction>",
    "unreadable-file": b"",
    "wrong-columns": b"date,close\n2024-01-02\n",
    "wrong-type": b'{"cik": 1, "facts": {"us-gaap": {"Assets": {"units": {"USD": [{%s}]}}}}}' % ROW,
    "xml-syntax": b"<?xml version='1.0'?><a b",
}


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_kind_of_problem_is_told_with_its_place(code: str, page: Any, tmp_path: Path) -> None:
    """Where a file has lines, a problem in it has one; what is said fits into a line."""
    data = CASES[code]
    if data.startswith((b"<ix:", b"<xbrli:")):
        data = page(data.decode() + "<ix:nonNumeric name='acme:N' contextRef='end'>a</ix:nonNumeric>")
    path = {"missing-file": tmp_path / "none", "unreadable-file": tmp_path}.get(code)
    is_prices = data.startswith((b"date", b"ticker", b'{"dates'))
    with pytest.raises(InvalidInput) as caught:
        read_prices(data, "acme") if is_prices else read_facts(path or data, "acme", most=50_000)
    problem = caught.value.problems[-1]
    assert problem.code == code
    assert problem.span or "`acme`" in problem.message
    told = render_problems([problem], caught.value.sources).split("\n")[0]
    assert "acme" in told and len(told) < 200


def test_the_catalogue_is_complete() -> None:
    assert sorted(set(_codes())) == sorted(CASES)


def _codes() -> Iterator[str]:
    """The first argument of whatever makes a problem in the readers."""
    for module in READERS:
        text = Path(str(module.__file__)).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            makers = ("flaw", "refuse_with", "figure_flaw")
            is_maker = isinstance(node, ast.Call) and getattr(node.func, "attr", "") in makers
            first = node.args[0] if is_maker and isinstance(node, ast.Call) else None
            if isinstance(first, ast.Constant):
                yield str(first.value)
