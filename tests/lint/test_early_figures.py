"""Figures filed before their period was over: a problem before it began, a warning before it ended."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.period import Quarter
from thesis.core.problem import Problem
from thesis.lint.fact_checks import early_figures
from thesis.pack.folder import Folder, read_folder
from thesis.pack.load import build

pytestmark = pytest.mark.quick

ACME = Path(__file__).parents[1] / "data" / "acme"
HEAD = "concept,period,value,unit,filed,source,how,note"


def told(*rows: str, tagged: bool = False) -> list[Problem]:
    """What lint says of rows beside those of the pack."""
    folder = read_folder(ACME, "acme")
    text = folder.facts["facts/ACME.csv"].rstrip("\n")
    folder = folder._replace(facts={"facts/ACME.csv": "\n".join([text, *rows]) + "\n"})
    return list(early_figures(build(_tagged(folder) if tagged else folder)[0]))


def _tagged(folder: Folder) -> Folder:
    metrics = folder.texts["metrics.yaml"].replace("  sales: {", "  sales: {tag: 'us-gaap:Revenues', ")
    assert metrics != folder.texts["metrics.yaml"]
    return folder._replace(texts={**folder.texts, "metrics.yaml": metrics})


def row(period: object, filed: object, how: str = "reported", value: str = "1e6") -> str:
    return f"sales,{period},{value},USD,{filed},10-Q,{how},"


QUARTERS = st.integers(2020 * 4, 2027 * 4).map(Quarter)


@given(QUARTERS, st.integers(-200, 200))
def test_the_day_decides_between_a_problem_a_warning_and_nothing(quarter: Quarter, days: int) -> None:
    """Of any quarter and any day; the place is the cell of the day."""
    filed = quarter.end + timedelta(days=days)
    levels = [problem.level for problem in told(row(quarter, filed))]
    if filed > quarter.end:
        assert levels == []
    elif filed > (quarter - 1).end:
        assert levels == ["warning"]
    else:
        assert levels == ["error"]


@given(QUARTERS, st.integers(-200, 0))
def test_what_is_told_ahead_is_in_time(quarter: Quarter, days: int) -> None:
    filed = quarter.end + timedelta(days=days)
    assert told(row(quarter, filed, "reported (told ahead)")) == []
    assert told(row(quarter, filed, value="discontinued")) == []


def test_the_problem_stands_at_the_day() -> None:
    (found,) = told(row("2025Q3", "2025-03-11"))
    assert found.span is not None
    assert (found.span.column, found.span.length) == (len("sales,2025Q3,1e6,USD,") + 1, 10)
    assert "2025Q3 had not begun" in found.message


@pytest.mark.parametrize(
    ("period", "filed", "level"),
    [
        ("FY2027", "2026-12-31", "error"),
        ("FY2027", "2027-12-31", "warning"),
        ("9M2027", "2027-09-30", "warning"),
        ("9M2027", "2027-10-01", ""),
    ],
)
def test_months_from_the_start_of_a_year_are_over_with_their_last_quarter(
    period: str, filed: str, level: str
) -> None:
    assert "".join(problem.level for problem in told(row(period, filed))) == level


def test_a_company_that_always_reports_early_is_not_asked() -> None:
    """Quarters that end in April, July ..., kept as those of the calendar: filed before these are over."""
    quarters = [Quarter.parse("2020Q1") + i for i in range(12)]
    usual = [row(quarter, quarter.end - timedelta(days=20)) for quarter in quarters]
    assert [problem.level for problem in told(*usual, tagged=True)] == []
    levels = [problem.level for problem in told(*usual, row("2027Q1", "2026-12-31"), tagged=True)]
    assert levels == ["error"]
    one = told(row("2026Q3", date(2026, 7, 31)), tagged=True)
    assert [problem.level for problem in one] == ["warning"]
