"""Vintages: what a row adds to those that are there, and where it goes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from thesis.facts.fact_file import HEADER, FactFile, FactRow, add_rows, read_rows

pytestmark = pytest.mark.quick


def row(value: str, filed: str = "2026-01-31", **more: Any) -> FactRow:
    given: dict[str, Any] = {"source": f"10-Q {filed}", "how": "reported", **more}
    concept, period = given.pop("concept", "sales"), given.pop("period", "2025Q4")
    return FactRow(concept, period, value, "USD", date.fromisoformat(filed), **given)


SECOND_HAND = {"how": "transcribed (secondary): a page", "source": "10-Q x (secondary)"}


@pytest.mark.parametrize(
    ("was", "new", "kind"),
    [
        (None, row("5"), "new"),
        (row("5", "2025-01-01"), row("5"), "unchanged"),
        (row("5", "2025-01-01"), row("5.0"), "unchanged"),
        (row("5", "2025-01-01"), row("4..6"), "unchanged"),
        (row("4..6", "2025-01-01"), row("5"), "sharper"),
        (row(">4", "2025-01-01"), row("5"), "sharper"),
        (row("5", "2025-01-01"), row("6"), "restated"),
        (row("not disclosed", "2025-01-01"), row("6"), "restated"),
        (row("5.3", "2025-01-01"), row("5", slack=Decimal("0.5")), "unchanged"),
        (row("5.6", "2025-01-01"), row("5", slack=Decimal("0.5")), "restated"),
        (row("5", "2027-01-01"), row("5"), "new"),  # known earlier than was thought
        (row("5"), row("6"), "conflicting"),
        (row("5", source="8-K a"), row("5", source="10-Q b"), "unchanged"),
        (row("5", "2025-01-01", **SECOND_HAND), row("5"), "confirmed"),
        (row("5..6", source="10-Q x"), row("6..7", source="10-Q x"), "unchanged"),  # one document, one day
        (row("1000"), row("1001", how="derived: FY less three quarters (a)"), "unchanged"),
        (row("1000", how="derived: x"), row("1001", how="derived: y"), "unchanged"),
        (row("1000", how="derived: x"), row("1001"), "unchanged"),
        (row("1000"), row("1001"), "conflicting"),
        (row("1000", how="derived: x"), row("1100", how="derived: y"), "conflicting"),
        (row("7", "2025-01-01"), row("5", how="derived: FY less nine months (a)"), "unchanged"),
    ],
)
def test_what_a_row_does(was: FactRow | None, new: FactRow, kind: str) -> None:
    book = FactFile([was] if was else [])
    assert [change.kind for change in book.take([new])] == [kind]


def test_rows_are_held_against_each_other_in_order_of_filing() -> None:
    """Whatever order they come in: said again is left out, said anew is kept, also back to what it was."""
    rows = [row("6", "2026-03-01"), row("5", "2026-01-01"), row("6", "2026-04-01"), row("5", "2026-05-01")]
    book = FactFile([])
    kinds = {str(change.row.filed): change.kind for change in book.take(rows)}
    assert kinds == {
        "2026-01-01": "new",
        "2026-03-01": "restated",
        "2026-04-01": "unchanged",
        "2026-05-01": "restated",
    }


# the file ------------------------------------------------------------------------------------------

FILE = f"""{HEADER}
capex,2025Q4,9,USD,2026-02-01,10-K a,reported,
sales,2025Q3,4,USD,2025-11-01,10-Q b,"reported, with
a second line",
sales,2025Q4,5,USD,2026-02-01,10-K a,reported,odd  spacing
"""


def lines(data: bytes) -> list[str]:
    return data.decode().splitlines()


def test_lines_that_are_there_stay_as_they_are_and_new_ones_find_their_place() -> None:
    added = [
        row("1", "2026-05-01", period="2025Q3"),
        row("2", "2026-05-01", concept="aws"),
        row("3", "2026-05-01", concept="zeta"),
        row("4", "2026-01-01"),
        row("5", "2026-05-01", period="FY2025"),
    ]
    after = lines(add_rows(FILE.encode(), "facts/ACME.csv", added))
    assert [line for line in after if line in FILE.splitlines()] == FILE.splitlines()
    assert [line.split(",")[:3] for line in after[1:] if not line.startswith("a second")] == [
        ["aws", "2025Q4", "2"],
        ["capex", "2025Q4", "9"],
        ["sales", "2025Q3", "4"],
        ["sales", "2025Q3", "1"],
        ["sales", "2025Q4", "4"],
        ["sales", "2025Q4", "5"],
        ["sales", "FY2025", "5"],
        ["zeta", "2025Q4", "3"],
    ]


@pytest.mark.parametrize("ended", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_keeps_its_line_ends_and_its_mark(ended: str, mark: str) -> None:
    data = (mark + FILE.replace("\n", ended)).encode()
    after = add_rows(data, "facts/ACME.csv", [row("3", concept="zeta")])
    assert after == data + f"zeta,2025Q4,3,USD,2026-01-31,10-Q 2026-01-31,reported,{ended}".encode()


def test_a_last_line_without_an_end_gets_one() -> None:
    after = add_rows(FILE.rstrip("\n").encode(), "f", [row("3", concept="zeta")])
    assert lines(after)[:-1] == FILE.splitlines()


def test_columns_in_an_order_of_their_own_and_none_for_notes() -> None:
    data = b"value,concept,period,how,unit,filed,source\n5,sales,2025Q4,reported,USD,2026-02-01,10-K a\n"
    after = add_rows(data, "f", [row("6", "2026-05-01", note="as filed 3")])
    assert lines(after)[-1] == "6,sales,2025Q4,reported; as filed 3,USD,2026-05-01,10-Q 2026-05-01"
    assert [each.value for each in read_rows(after.decode(), "f")] == ["5", "6"]


def test_a_file_that_is_not_there_yet_gets_a_header() -> None:
    after = lines(add_rows(b"", "f", [row("6"), row("5", period="2025Q3")]))
    assert after[0] == HEADER
    assert [line.split(",")[1] for line in after[1:]] == ["2025Q3", "2025Q4"]


def test_nothing_to_add_changes_nothing() -> None:
    assert add_rows(b"anything", "f", []) == b"anything"
