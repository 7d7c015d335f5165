"""``thesis base-rate``: how many companies grew so fast, from which table, and where that table ends."""

from __future__ import annotations

import json
from typing import Any

import pytest


def asked(run: Any, growth: str, *more: str, sales: str = "776e9", years: str = "5") -> Any:
    return run("base-rate", "--sales", sales, "--growth", growth, "--years", years, "-p", "amzn-4t", *more)


@pytest.mark.parametrize(
    ("growth", "share"),
    [
        ("8%", "25.5%"), ("10%", "18.8%"), ("11%", "15.4%"), ("12%", "12.0%"), ("13%", "9.6%"),
        ("15%", "6.8%"), ("18%", "3.1%"), ("20%", "2.2%"), ("25%", "0.7%"),
        ("36%", "Under 0.1%"), ("38%", "None"),
    ],
)  # fmt: skip
def test_the_share_is_the_method_s(run: Any, growth: str, share: str) -> None:
    found = asked(run, growth)
    assert found.code == 0
    assert found.out.startswith(f"{share} of the companies grew faster than {growth} a year for 5 years.")


def test_the_table_is_named_with_its_vintage_its_money_and_its_source(run: Any) -> None:
    told = " ".join(asked(run, "11%").out.split())
    for part in (
        "11% a year less 2.5% inflation: 8.5% in 2015 dollars",
        "companies with more than 50bn of sales, 1950-2015",
        "The Base Rate Book (Credit Suisse, 26 September 2016), exhibit 4",
        "6.1% a year, with a weight of 30% on 11%",
        "5..10% 16.9%",
    ):
        assert part in told


def test_other_years_than_a_table_s_are_answered_by_the_nearest_and_say_so(run: Any) -> None:
    found = asked(run, "11%", years="3")
    assert found.code == 4
    assert "But there is no table over 3 years; this is the nearest, over 5." in found.out


def test_a_company_smaller_than_those_counted_is_told_that_nothing_is_known(run: Any) -> None:
    found = asked(run, "11%", sales="2e9")
    assert found.code == 4
    assert "it counts companies with sales above 50,000,000,000 only" in found.out


INDEXED = "2015 dollars\n    price_index: {then: 100, now: 140, source: an index}"


@pytest.mark.parametrize(
    ("deflator", "sales", "code", "told"),
    [
        ("nominal", "1e8", 0, ""),
        ("nominal", "0.9e8", 4, "smaller ones grow faster, and of those with 90,000,000 nothing"),
        (INDEXED, "1.4e8", 0, ""),
        (INDEXED, "1.39e8", 4, "of those with 139,000,000, 99,285,714 in 2015 dollars, nothing is known"),
        ("2015 dollars", "1e8", 4, "its sizes are in 2015 dollars, and no `price_index` of the table says"),
        ("2015 dollars", "1e12", 4, "its sizes are in 2015 dollars, and no `price_index` of the table says"),
    ],
)
def test_sales_of_today_count_in_the_money_of_the_table(
    deflator: str, sales: str, code: int, told: str, priced: Any, run: Any
) -> None:
    """Companies from 100 million: by an index of prices that has risen by 40% that takes 140 of today."""
    priced(("deflator: nominal", f"deflator: {deflator}"))
    found = run("base-rate", "--sales", sales, "--growth", "4%", "--years", "3", "-p", "acme")
    assert (found.code, told in " ".join(found.out.split())) == (code, True)
    assert ("sales of today x 100 / 140" in found.out) is (deflator == INDEXED)


def test_the_table_of_the_nearest_size_and_years_is_taken(priced: Any, run: Any) -> None:
    more = "".join(
        f"  - {{id: {name}, name: {name}, years: 10, sales_from: {size}, edges: [0], shares: [50, 50], "
        "mean: 1, median: 1, sd: 1, deflator: nominal, inflation: 0%, vintage: 1990-2020, source: book}\n"
        for name, size in (("ten", "1e8"), ("giants", "1e10"))
    )
    folder = priced(("priors:", f"{more}\npriors:"))

    def table(sales: str, years: str) -> str:
        found = run("base-rate", "--sales", sales, "--growth", "5%", "--years", years, "--json", cwd=folder)
        return str(json.loads(found.out)["table"]["id"])

    assert table("1e9", "3") == "three"
    assert table("1e9", "9") == "ten"
    assert table("1e11", "10") == "giants"
    assert table("1e6", "10") == "ten"


def test_json_has_the_share_the_table_and_the_doubts(run: Any) -> None:
    told = json.loads(asked(run, "11%", "--json", years="4").out)
    assert told["asked"] == {"sales": 776e9, "growth": 0.11, "years": 4}
    assert told["share"]["lo"] == told["share"]["hi"] == pytest.approx(0.1537)
    assert told["real_growth"] == pytest.approx(0.085)
    assert told["shrunk"] == pytest.approx(0.3 * 0.11 + 0.7 * (0.015 + 0.025))
    assert told["table"]["vintage"] == "1950-2015"
    assert told["doubts"] == ["there is no table over 4 years; this is the nearest, over 5"]


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--sales", "-1", "expected sales above 0 like 776bn, found `-1`"),
        ("--sales", "0", "expected sales above 0 like 776bn, found `0`"),
        ("--sales", "much", "expected sales above 0 like 776bn, found `much`"),
        ("--growth", "11", "expected growth a year like 11%, above -100% and up to 100%, found `11`"),
        ("--growth", "-100%", "found `-100%`"),
        ("--growth", "5%..9%", "found `5%..9%`"),
        ("--years", "0", "a whole number from 1 to 50, found `0`"),
        ("--years", "five", "a whole number from 1 to 50, found `five`"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(run: Any, option: str, value: str, expected: str) -> None:
    given = {"--sales": "776e9", "--growth": "11%", "--years": "5", option: value}
    found = run("base-rate", "-p", "amzn-4t", *(word for pair in given.items() for word in pair))
    assert found.code == 2
    assert expected in " ".join(found.err.split())
