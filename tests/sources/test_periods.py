"""Quarters: where periods belong, and what follows from longer ones."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.period import Quarter
from thesis.core.problem import SourceSpan
from thesis.facts.fact import Kind, YearToDate
from thesis.facts.fact_file import FactRow
from thesis.sources.importing.periods import (
    ODD,
    UnplacedPeriod,
    derived_quarters,
    place_period,
    stated_year_ends,
    unsplit_years,
    year_mismatches,
    year_seams,
)
from thesis.sources.reported_fact import FilingReference, ReportedFact, ReportedPeriod

FILED = date(2026, 11, 1)


def fact(start: str, end: str, tag: str = "us-gaap:Sales", filed: date | None = FILED) -> ReportedFact:
    period = ReportedPeriod(date.fromisoformat(start) if start else None, date.fromisoformat(end))
    filing = FilingReference("10-Q", "0000012345-26-000001", filed)
    return ReportedFact(
        tag, (), period, Decimal(1), None, "USD", -6, "c", "12345", filing, SourceSpan("f", 1, 1)
    )


def placed(one: ReportedFact, kind: Kind, year_ends: str, *others: ReportedFact) -> str:
    try:
        return str(place_period(one, kind, year_ends, year_seams([one, *others])))
    except UnplacedPeriod as reason:
        return str(reason)


# places ------------------------------------------------------------------------------------------

NO_YEAR = "over twelve months that are no fiscal year"
NO_SPAN = "over a time that is no quarter and no year to date"


@pytest.mark.parametrize(
    ("start", "end", "year_ends", "where"),
    [
        ("2025-01-01", "2025-03-31", "Q4", "2025Q1"),
        ("2025-01-01", "2025-06-30", "Q4", "6M2025"),
        ("2025-01-01", "2025-09-30", "Q4", "9M2025"),
        ("2025-01-01", "2025-12-31", "Q4", "FY2025"),
        # the trailing twelve months that Amazon adds, and half years that do not start the year
        ("2024-10-01", "2025-09-30", "Q4", NO_YEAR),
        ("2025-04-01", "2025-09-30", "Q4", NO_SPAN),
        ("2025-04-01", "2025-12-31", "Q4", NO_SPAN),
        ("2025-01-01", "2025-01-31", "Q4", NO_SPAN),
        # a year that ends in June is known by the year it ends in, all of it
        ("2025-07-01", "2025-09-30", "Q2", "2025Q3"),
        ("2025-07-01", "2025-12-31", "Q2", "6M2026"),
        ("2025-07-01", "2026-03-31", "Q2", "9M2026"),
        ("2025-07-01", "2026-06-30", "Q2", "FY2026"),
        ("2025-01-01", "2025-12-31", "Q2", NO_YEAR),
        # 52 and 53 weeks: what ends in the first three weeks of a quarter belongs to the one before
        ("2022-09-25", "2022-12-31", "Q3", "2022Q4"),
        ("2022-09-25", "2023-07-01", "Q3", "9M2023"),
        ("2023-10-02", "2024-09-29", "Q3", "FY2024"),
        ("2022-01-03", "2023-01-01", "Q4", "FY2022"),
        ("2025-10-22", "2026-01-21", "Q4", "2025Q4"),
        ("2025-10-24", "2026-01-22", "Q4", "2026Q1"),
        # quarters of 12 weeks and one of 16 or 17, as wholesalers and grocers have them
        ("2023-09-04", "2024-02-18", "Q3", "6M2024"),
        ("2023-09-04", "2024-05-12", "Q3", "9M2024"),
        ("2023-05-08", "2023-09-03", "Q3", "2023Q3"),
        ("2024-02-04", "2024-05-25", "Q1", "2024Q2"),
        ("2024-02-04", "2024-08-17", "Q1", "6M2025"),
        ("2025-01-01", "2025-04-30", "Q4", NO_SPAN),
        # long before anything that a pack keeps
        ("1984-10-01", "1984-12-31", "Q4", "in a year before 1990 or after 2100"),
        # a year that ends on a Saturday around the end of January
        ("2023-01-29", "2024-02-03", "Q1", "FY2024"),
        ("2023-01-29", "2023-07-29", "Q1", "6M2024"),
        ("2023-01-29", "2023-04-29", "Q1", "2023Q2"),
        ("", "2025-12-31", "Q4", "at a day where a time belongs"),
    ],
)
def test_where_a_flow_belongs(start: str, end: str, year_ends: str, where: str) -> None:
    assert placed(fact(start, end), "flow", year_ends) == where


def test_a_balance_stands_where_periods_meet() -> None:
    """At the end of one that the filing reports on, or before the start of one; not at a day between."""
    year = fact("2025-01-01", "2025-12-31")
    found = {
        day: placed(fact("", day), "stock", "Q4", year) for day in ("2025-12-31", "2024-12-31", "2025-07-14")
    }
    assert found == {
        "2025-12-31": "2025Q4",
        "2024-12-31": "2024Q4",
        "2025-07-14": "at a day between reporting dates",
    }


def test_the_cover_page_belongs_to_the_period_of_its_report() -> None:
    """Shares are counted some weeks after the quarter's end."""
    cover = fact("", "2026-01-23", "dei:EntityCommonStockSharesOutstanding")
    assert placed(cover, "stock", "Q4", fact("2025-01-01", "2025-12-31")) == "2025Q4"
    told = fact("2025-01-01", "2025-09-30", "dei:DocumentPeriodEndDate")._replace(text="2025-09-30", unit="")
    assert placed(cover, "stock", "Q4", told) == "2025Q3"


def test_an_average_over_a_quarter_is_the_quarters() -> None:
    """Diluted shares are stated as of a quarter, or as of a year, which is no quarter's."""
    assert placed(fact("2025-10-01", "2025-12-31"), "stock", "Q4") == "2025Q4"
    assert placed(fact("2025-01-01", "2025-12-31"), "stock", "Q4").startswith("over more than a quarter")


def test_a_daily_concept_keeps_its_day() -> None:
    assert placed(fact("", "2025-12-30"), "daily", "Q4") == "2025-12-30"
    assert placed(fact("2025-10-01", "2025-12-31"), "daily", "Q4") == "over a time where a day belongs"


def test_what_was_still_to_come_is_no_report() -> None:
    ahead = fact("2026-01-01", "2026-12-31", filed=date(2026, 2, 2))
    assert placed(ahead, "flow", "Q4") == "over a time that was not over when it was filed"


@pytest.mark.parametrize(("year_ends", "quarters"), [("Q4", "2026Q1 2026Q2"), ("Q2", "2025Q3 2025Q4")])
def test_the_quarters_of_six_months(year_ends: str, quarters: str) -> None:
    assert YearToDate.parse("6M2026").quarters(year_ends) == tuple(
        YearToDate.parse("FY2026").quarters(year_ends)[:2]
    )
    assert " ".join(map(str, YearToDate.parse("6M2026").quarters(year_ends))) == quarters


@pytest.mark.parametrize("text", ["FY", "FY26", "FY20266", "9M1899", "3M2026"])
def test_a_year_to_date_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        YearToDate.parse(text)


# differences -------------------------------------------------------------------------------------

OWN = {"2025Q1": "2025-04-30", "6M2025": "2025-07-30", "9M2025": "2025-10-30", "FY2025": "2026-02-05"}
NEXT = {"2025Q1": "2026-04-30", "6M2025": "2026-07-30", "9M2025": "2026-10-30", "FY2025": "2027-02-05"}


def row(period: str, value: str, filed: str, how: str = "reported", form: str = "") -> FactRow:
    form = form or ("10-K" if period.startswith("FY") else "10-Q")
    return FactRow("capex", period, value, "USD", date.fromisoformat(filed), f"{form} {filed}", how)


def found(*rows: FactRow, year_ends: str = "Q4") -> list[str]:
    by_period: dict[str, list[FactRow]] = {}
    for each in rows:
        by_period.setdefault(each.period, []).append(each)
    return [f"{each.period} {each.value} {each.filed}" for each in derived_quarters(by_period, year_ends)]


def own(**values: str) -> list[FactRow]:
    """``own(Q1="1", M6="3")``: as each period's own report states it."""
    names = {"Q1": "2025Q1", "M6": "6M2025", "M9": "9M2025", "FY": "FY2025"}
    return [row(names[name], value, OWN[names[name]]) for name, value in values.items()]


def test_quarters_that_no_filing_states() -> None:
    assert found(*own(Q1="1", M6="3", M9="6", FY="10")) == [
        "2025Q2 2 2025-07-30",
        "2025Q3 3 2025-10-30",
        "2025Q4 4 2026-02-05",
    ]


def test_a_difference_names_the_filings_it_came_from() -> None:
    (last,) = derived_quarters({r.period: [r] for r in own(M9="6", FY="10")}, "Q4")
    assert last.how == "derived: FY less nine months (10-K 2026-02-05, 10-Q 2025-10-30)"
    assert last.source == "10-K 2026-02-05"


def test_a_year_less_three_quarters_where_no_nine_months_are_known() -> None:
    quarters = [row(f"2025Q{q}", str(q), filed) for q, filed in zip((1, 2, 3), OWN.values(), strict=False)]
    assert found(*quarters, *own(FY="10")) == ["2025Q4 4 2026-02-05"]
    assert found(*quarters[:2], *own(M9="6", FY="10")) == ["2025Q3 3 2025-10-30", "2025Q4 4 2026-02-05"]


def test_what_is_stated_by_then_is_not_worked_out() -> None:
    stated = row("2025Q4", "4", "2026-02-05", form="10-K")
    assert found(*own(M9="6", FY="10"), stated) == []
    later = row("2025Q4", "4", "2026-02-06", form="8-K")
    assert found(*own(M9="6", FY="10"), later) == ["2025Q4 4 2026-02-05"]


def test_a_restated_year_with_nine_months_as_they_were_gives_nothing() -> None:
    restated = row("FY2025", "12", NEXT["FY2025"])
    assert found(*own(M9="6", FY="10"), restated) == ["2025Q4 4 2026-02-05"]


def test_both_as_restated_give_a_restated_quarter() -> None:
    again = [row("9M2025", "7", NEXT["9M2025"]), row("FY2025", "12", NEXT["FY2025"])]
    assert found(*own(M9="6", FY="10"), *again) == ["2025Q4 4 2026-02-05", "2025Q4 5 2027-02-05"]


def test_a_year_that_only_a_later_report_tells_gives_nothing() -> None:
    """The annual report of the year after compares with a year whose own report is not there."""
    assert found(*own(M9="6"), row("FY2025", "10", NEXT["FY2025"])) == []
    assert found(*own(M9="6"), row("FY2025", "10", "2026-03-05", form="10-K/A")) == []


def test_nine_months_as_amended_before_the_year_was_reported_are_those_that_count() -> None:
    amended = row("9M2025", "7", "2025-12-01", form="10-Q/A")
    assert found(*own(M9="6", FY="10"), amended) == ["2025Q4 3 2026-02-05"]


def test_filings_that_differ_on_one_day_give_nothing() -> None:
    assert found(*own(M9="6", FY="10"), row("9M2025", "7", OWN["9M2025"], form="8-K")) == []


def test_what_is_no_number_gives_nothing() -> None:
    assert found(*own(M9=">6", FY="10")) == []


def test_rounded_figures_give_a_range() -> None:
    assert found(*own(M9="5.5..6.5", FY="10")) == ["2025Q4 3.5..4.5 2026-02-05"]


def test_a_fiscal_year_to_june() -> None:
    rows = [
        row("2025Q3", "1", "2025-10-28"),
        row("6M2026", "3", "2026-01-28"),
        row("9M2026", "6", "2026-04-28"),
    ]
    assert found(*rows, row("FY2026", "10", "2026-07-29"), year_ends="Q2") == [
        "2025Q4 2 2026-01-28",
        "2026Q1 3 2026-04-28",
        "2026Q2 4 2026-07-29",
    ]


def months(year: int, value: str, filed: str, document: str) -> FactRow:
    return FactRow(
        "capex", f"9M{year}", value, "USD", date.fromisoformat(filed), f"10-Q {document}", "reported"
    )


def whole(year: int, value: str, filed: str, document: str, form: str = "10-K") -> FactRow:
    return FactRow(
        "capex", f"FY{year}", value, "USD", date.fromisoformat(filed), f"{form} {document}", "reported"
    )


FIRST = [whole(2024, "2000", "2025-02-05", "a"), months(2025, "600", "2025-10-30", "c")]


@pytest.mark.parametrize(
    ("filings", "quarters", "unsplit"),
    [
        # the report of the year restates the year before, and the months are as they were told: a spin-off
        ([whole(2024, "1500", "2026-02-05", "d"), whole(2025, "1000", "2026-02-05", "d")], [], ["2025Q4"]),
        # the report of the months did so too, of its own year before
        (
            [
                months(2024, "1500", "2024-10-30", "z"),
                months(2024, "1100", "2025-10-30", "c"),
                whole(2024, "1500", "2026-02-05", "d"),
                whole(2025, "1000", "2026-02-05", "d"),
            ],
            ["2025Q4 400 2026-02-05"],
            [],
        ),
        # what was reclassified within half a percent, and what is only rounded, is on the same basis
        (
            [whole(2024, "2009", "2026-02-05", "d"), whole(2025, "1000", "2026-02-05", "d")],
            ["2025Q4 400 2026-02-05"],
            [],
        ),
        # the year restated later, its months not: the quarter stays as it was, and that is told
        (
            [whole(2025, "1000", "2026-02-05", "d"), whole(2025, "900", "2026-04-01", "e", "10-K/A")],
            ["2025Q4 400 2026-02-05"],
            ["2025Q4 stale"],
        ),
    ],
)
def test_a_year_on_another_basis_than_its_months_gives_no_quarter(
    filings: list[FactRow], quarters: list[str], unsplit: list[str]
) -> None:
    listed = [*FIRST, *filings]
    assert [each for each in found(*listed) if each.startswith("2025")] == quarters
    by_period: dict[str, list[FactRow]] = {}
    for each in listed:
        by_period.setdefault(each.period, []).append(each)
    told = [f"{each.quarter}{' stale' * each.is_stale}" for each in unsplit_years(by_period, "Q4")]
    assert told == unsplit


def test_figures_under_two_tags_have_no_difference() -> None:
    """Of tags in order a year may be under the first, and its months under the second."""
    other = [row("9M2025", "6", OWN["9M2025"])._replace(note="tagged us-gaap:Part")]
    assert found(*own(FY="10"), *other) == []
    (last,) = derived_quarters(
        {"9M2025": other, "FY2025": [own(FY="10")[0]._replace(note="tagged us-gaap:Part")]}, "Q4"
    )
    assert (last.value, last.note) == ("4", "tagged us-gaap:Part")


# calendars ---------------------------------------------------------------------------------------


@examples(300)
@given(
    start=st.dates(date(2010, 1, 1), date(2020, 12, 31)),
    weeks=st.sampled_from(
        [(13, 13, 13, 13), (16, 12, 12, 12), (12, 12, 12, 16), (12, 12, 12, 17), (12, 12, 16, 12)]
    ),
)
def test_no_two_quarters_of_a_company_become_one(start: date, weeks: tuple[int, ...]) -> None:
    """Whatever its calendar: a quarter is placed in one of its own, or left out with the reason."""
    places: list[str] = []
    for number in [*weeks, *weeks]:
        end = start + timedelta(weeks=number, days=-1)
        places.append(placed(fact(str(start), str(end)), "flow", "Q4"))
        start = end + timedelta(days=1)
    kept = [place for place in places if place != ODD]
    assert len(set(kept)) == len(kept)
    assert all(Quarter.parse(place) for place in kept)


@pytest.mark.parametrize(
    ("start", "end", "day"),
    [("2018-01-01", "2018-04-22", "2018-04-22"), ("2018-04-23", "2018-07-15", "2018-07-15")],
)
def test_a_balance_at_the_end_of_such_a_quarter_is_left_out_with_it(start: str, end: str, day: str) -> None:
    quarter = fact(start, end)
    assert placed(fact("", day), "stock", "Q4", quarter) == ODD
    cover = fact("", "2018-08-01", "dei:EntityCommonStockSharesOutstanding")
    assert placed(cover, "stock", "Q4", quarter) == ODD


# years -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quarters", "year", "apart"),
    [
        (("1000000", "2000000", "3000000", "4000000"), "10000000", None),
        (("1000000", "2000000", "3000000", "4000000"), "12000000", None),  # each may be half a million off
        (("1000000", "2000000", "3000000", "4000000"), "13000000", "3000000"),
        (("1000001", "2000000", "3000000", "4000000"), "10000009", "8"),
        (("1", "2", "3", "4..6"), "11", None),
        (("1", "2", "3", ">4"), "99", None),
    ],
)
def test_a_years_quarters_add_up_to_it(quarters: tuple[str, ...], year: str, apart: str | None) -> None:
    days = ("2025-04-30", "2025-07-30", "2025-10-30", "2026-02-05")
    rows = {
        f"2025Q{i}": [row(f"2025Q{i}", v, d)] for i, (v, d) in enumerate(zip(quarters, days, strict=True), 1)
    }
    told = list(year_mismatches({**rows, "FY2025": own(FY=year)}, "Q4"))
    assert [str(each.apart) for each in told] == ([apart] if apart else [])


def test_each_figures_own_rounding_counts() -> None:
    """A year in tenths of a million, and quarters in millions, of which four may be two million apart."""
    days = ("2025-04-30", "2025-07-30", "2025-10-30", "2026-02-05")
    for year, apart in (("1002000000", 0), ("1002050000", 0), ("1002100000", 1)):
        rows = {
            f"2025Q{i}": [row(f"2025Q{i}", "250000000", day)._replace(slack=Decimal(500_000))]
            for i, day in enumerate(days, 1)
        }
        stated = own(FY=year)[0]._replace(slack=Decimal(50_000))
        assert len(list(year_mismatches({**rows, "FY2025": [stated]}, "Q4"))) == apart


@pytest.mark.parametrize(
    ("form", "end", "filed", "quarter"),
    [
        ("10-K", "2025-12-31", "2026-02-05", "Q4"),
        ("10-K", "2026-06-30", "2026-08-01", "Q2"),
        ("20-F", "2026-01-31", "2026-04-01", "Q1"),
        ("10-K/A", "2026-01-03", "2026-04-01", "Q4"),
        ("10-Q", "2025-09-30", "2025-10-30", ""),  # twelve months to date
        ("10-K", "2024-06-30", "2025-08-01", ""),  # the year before
    ],
)
def test_an_annual_report_says_when_the_year_ends(form: str, end: str, filed: str, quarter: str) -> None:
    start = date.fromisoformat(end) - timedelta(days=364)
    one = fact(str(start), end)
    one = one._replace(filing=FilingReference(form, "x", date.fromisoformat(filed)))
    assert [each.quarter for each in stated_year_ends([one]).values()] == ([quarter] if quarter else [])
