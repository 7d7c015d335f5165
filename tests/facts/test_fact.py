"""Facts: which of several rows counts on a day, and what rows of one day say together."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.period import Quarter
from thesis.core.strict_ends import less_than, more_than
from thesis.facts.fact import (
    AGREE,
    FactStore,
    Kind,
    LineItem,
    Reading,
    Vintage,
    common_value,
    parse_tags,
    parse_value,
)

pytestmark = pytest.mark.quick

CONCEPTS = {
    "sales": LineItem("Sales", "USD", "flow"),
    "charges": LineItem("Charges", "USD", "register"),
    "price": LineItem("Price", "USD/share", "daily"),
    "run_rate": LineItem("Run-rate", "USD", "stock", reach="20%"),
    "ads.margin": LineItem("Margin of ads", "ratio", "rate", assume="25%..45%"),
}
HEADER = "concept,period,value,unit,filed,source,how\n"
Q1, Q2 = Quarter.parse("2026Q1"), Quarter.parse("2026Q2")


def vintage(rows: str, as_of: str = "2026-11-22") -> Vintage:
    """``rows``: concept, period, value and day of filing, one row a line."""
    facts = FactStore()
    lines = [row.split() for row in rows.strip().splitlines()]
    text = "".join(f"{c},{p},{v.replace('_', ' ')},USD,{f},10-Q,reported\n" for c, p, v, f in lines)
    facts.add(HEADER + text, "facts/ACME.csv")
    return Vintage(facts, CONCEPTS, date.fromisoformat(as_of), "sales")


def sales(rows: str, as_of: str = "2026-11-22") -> Reading:
    return vintage(rows, as_of).reading("sales", Q1)


RESTATED = "sales 2026Q1 100 2026-04-30\nsales 2026Q1 90 2026-07-31"


@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        ("2026-04-29", EVERYTHING),
        ("2026-04-30", point(100.0)),
        ("2026-07-30", point(100.0)),
        ("2026-07-31", point(90.0)),
    ],
)
def test_a_restatement_counts_from_the_day_it_is_filed(as_of: str, value: Interval) -> None:
    assert sales(RESTATED, as_of).value == value


def test_a_restated_old_quarter_does_not_become_the_newest_one() -> None:
    """The quarter under review is the newest period, not the period of the newest row."""
    rows = "sales 2026Q1 100 2026-04-30\nsales 2026Q2 110 2026-07-31\nsales 2026Q1 90 2026-10-30"
    assert vintage(rows).quarter == Q2
    assert vintage(rows).value("sales", Q1) == point(90.0)


def test_a_quarter_without_a_row_is_missing_and_anything() -> None:
    found = sales("sales 2026Q2 1 2026-07-31")
    assert (found.value, found.status, found.facts) == (EVERYTHING, "missing", ())


@pytest.mark.parametrize("word", ["not_disclosed", "discontinued"])
def test_what_a_filing_withholds_is_unknown_for_a_reason(word: str) -> None:
    found = sales(f"sales 2026Q1 {word} 2026-04-30")
    assert (found.value, found.status) == (EVERYTHING, word.replace("_", " "))
    assert len(found.facts) == 1


@pytest.mark.parametrize(
    ("one", "other", "value", "status"),
    [
        ("100", "100", point(100.0), "known"),
        ("100", "100.4", Interval(100, 100.4), "known"),
        ("100", "101", EVERYTHING, "conflict"),
        ("99..101", "100", point(100.0), "known"),
        ("98..100", "99..103", Interval(99, 100), "known"),
        ("100", "not_disclosed", EVERYTHING, "conflict"),
        (">90", "<110", Interval(more_than(90).lo, less_than(110).hi), "known"),
    ],
)
def test_two_rows_of_one_day_agree_or_contradict_each_other(
    one: str, other: str, value: Interval, status: str
) -> None:
    """Where they overlap, what both say; half a per cent apart, either; further apart, a conflict."""
    for first, second in ((one, other), (other, one)):
        found = sales(f"sales 2026Q1 {first} 2026-04-30\nsales 2026Q1 {second} 2026-04-30")
        assert (found.value, found.status) == (value, status)


def contradict(*pair: tuple[float, float]) -> bool:
    """Whether two rows of one day contradict each other, from the definition."""
    (a, b), (c, d) = pair
    lo, hi = max(a, c), min(b, d)
    return lo > hi and lo - hi > AGREE * max(abs(lo), abs(hi))


ENDS = st.tuples(st.integers(-1050, 1050), st.integers(0, 8)).map(lambda ends: (ends[0], sum(ends)))


@given(rows=st.lists(ENDS, min_size=1, max_size=4), data=st.data())
def test_several_rows_of_one_day_are_known_where_no_two_of_them_disagree(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Whatever their order; and what they say together lies within what they say apart."""
    found = common_value(*(Interval(float(lo), float(hi)) for lo, hi in rows))
    assert (found is None) == any(contradict(*pair) for pair in combinations(rows, 2))
    shuffled = data.draw(st.permutations(rows))
    assert common_value(*(Interval(float(lo), float(hi)) for lo, hi in shuffled)) == found
    if isinstance(found, Interval):
        assert min(lo for lo, _ in rows) <= found.lo <= found.hi <= max(hi for _, hi in rows)
        with_a_word = common_value(found, "not disclosed")
        assert with_a_word is None


def test_a_quarter_reported_twice_unlike_is_the_one_under_review() -> None:
    rows = "sales 2026Q1 100 2026-04-30\nsales 2026Q2 110 2026-07-31\nsales 2026Q2 150 2026-07-31"
    found = vintage(rows)
    assert (found.quarter, found.reading("sales", Q2).status) == (Q2, "conflict")


def test_a_conflict_ends_with_a_later_row() -> None:
    rows = "sales 2026Q1 100 2026-04-30\nsales 2026Q1 120 2026-04-30\nsales 2026Q1 120 2026-07-31"
    assert sales(rows).value == point(120.0)


def test_a_register_adds_up_its_items_each_in_its_latest_vintage() -> None:
    rows = """
    charges/fine 2026Q1 10 2026-04-30
    charges/layoffs 2026Q1 2..3 2026-04-30
    charges/fine 2026Q1 8 2026-07-31
    """
    assert vintage(rows).value("charges", Q1) == Interval(10, 11)
    assert vintage(rows, "2026-05-01").value("charges", Q1) == Interval(12, 13)


def test_a_register_that_nobody_read_is_unknown_and_one_read_empty_is_zero() -> None:
    found = vintage("charges/none 2026Q1 0 2026-04-30")
    assert found.value("charges", Q1) == point(0.0)
    assert found.reading("charges", Q2).status == "missing"


def test_one_unknown_item_leaves_the_sum_unknown() -> None:
    rows = "charges/fine 2026Q1 10 2026-04-30\ncharges/layoffs 2026Q1 not_disclosed 2026-04-30"
    assert vintage(rows).value("charges", Q1) == EVERYTHING


def test_a_floor_is_read_as_far_as_its_pack_says() -> None:
    found = vintage("run_rate 2026Q1 >25 2026-04-30\nrun_rate 2026Q2 <10 2026-07-31")
    assert found.value("run_rate", Q1) == Interval(more_than(25).lo, 30)
    assert found.value("run_rate", Q2) == Interval(8, less_than(10).hi)


def test_without_a_reach_a_floor_has_no_end() -> None:
    assert sales("sales 2026Q1 >25 2026-04-30").value == more_than(25)


def test_an_assumption_holds_in_every_quarter_and_says_that_it_is_one() -> None:
    found = vintage("sales 2026Q1 1 2026-04-30").reading("ads.margin", Q2)
    assert (found.value, found.status) == (Interval(0.25, 0.45), "assumed")


@pytest.mark.parametrize("word", ["not_disclosed", "discontinued"])
def test_an_assumption_holds_where_a_filing_withholds_the_figure(word: str) -> None:
    rows = f"ads.margin 2026Q1 {word} 2026-04-30\nads.margin 2026Q2 30% 2026-07-31"
    assumed, stated = (vintage(rows).reading("ads.margin", quarter) for quarter in (Q1, Q2))
    assert (assumed.value, assumed.status, len(assumed.facts)) == (Interval(0.25, 0.45), "assumed", 1)
    assert (stated.value, stated.status) == (point(0.30), "known")


PRICES = """
sales 2026Q1 1 2026-04-30
price 2026-03-30 90 2026-03-30
price 2026-03-31 91 2026-03-31
price 2026-10-14 99 2026-10-14
price 2026-10-15 100 2026-10-15
"""


def test_of_a_daily_series_the_last_day_counts_of_the_reviewed_quarter_the_last_until_now() -> None:
    then, now = vintage(PRICES, "2026-10-14"), vintage(PRICES, "2026-10-15")
    assert (then.value("price", Q1), now.value("price", Q1)) == (point(99.0), point(100.0))
    later = PRICES + "sales 2026Q2 1 2026-07-31"
    assert vintage(later, "2026-10-15").value("price", Q1) == point(91.0)


@pytest.mark.parametrize(
    ("day", "quarter", "value"),
    [
        ("2026-03-31", Q1, point(7.0)),
        ("2026-01-01", Q1, point(7.0)),
        ("2025-12-31", Q1, EVERYTHING),
        ("2022-08-15", Q1, EVERYTHING),
        ("2026-07-01", Q2, point(7.0)),
        ("2026-03-31", Q2, EVERYTHING),
    ],
)
def test_a_price_stands_for_its_own_quarter_and_is_carried_into_no_later_one(
    day: str, quarter: Quarter, value: Interval
) -> None:
    """Of the quarter under review, Q2, every day since it began is its own."""
    found = vintage(f"sales 2026Q2 1 2026-07-31\nprice {day} 7 {day}")
    assert found.value("price", quarter) == value


def test_rows_are_listed_by_period_with_their_vintages_in_order() -> None:
    listed = vintage(RESTATED + "\nsales 2025Q4 80 2026-02-05").rows("sales")
    assert [(str(fact.period), fact.value) for fact in listed] == [
        ("2025Q4", point(80.0)),
        ("2026Q1", point(100.0)),
        ("2026Q1", point(90.0)),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", point(5.0)),
        ("-5", point(-5.0)),
        ("1e9", point(1e9)),
        ("17%", point(0.17)),
        ("25bp", point(0.0025)),
        ("4..6", Interval(4, 6)),
        ("-6..-4", Interval(-6, -4)),
        ("5..5", point(5.0)),
        (">4", more_than(4)),
        ("<6", less_than(6)),
        ("16.5%..17.5%", Interval(0.165, 0.175)),
        (" not disclosed ", "not disclosed"),
    ],
)
def test_values_are_read_as_they_are_written(text: str, value: Interval | str) -> None:
    assert parse_value(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "inf", "1e400", "1e25", "5 dollars", "1,000", "1_000", ">", "1..", "..2"]
)
def test_what_is_no_value_is_quoted_back(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a number, a range a\.\.b, >a or <a, found"):
        parse_value(text)


def test_a_range_that_runs_backwards_is_a_slip() -> None:
    with pytest.raises(ValueError, match="runs backwards"):
        parse_value("6..4")


@pytest.mark.parametrize(
    ("unit", "kind", "tag", "adds_up"),
    [
        ("USD", "flow", "us-gaap:Revenues", True),
        ("EUR", "flow", "", True),
        ("count", "flow", "acme:StoresOpened", True),
        ("USD", "stock", "us-gaap:Assets", False),
        ("USD/share", "flow", "us-gaap:EarningsPerShareDiluted", False),
        ("USD/share", "flow", "us-gaap:CommonStockDividendsPerShareDeclared", False),
        ("ratio", "flow", "us-gaap:EffectiveIncomeTaxRateContinuingOperations", False),
        ("years", "flow", "us-gaap:Term", False),
        ("USD", "flow", "acme:AverageLoans", False),
        ("count", "flow", "acme:AverageSubscribers", False),
        ("shares", "flow", "us-gaap:WeightedAverageNumberOfDilutedSharesOutstanding", False),
        ("shares", "flow", "us-gaap:Shares > us-gaap:WeightedAverageNumberOfSharesOutstandingBasic", False),
        ("shares", "flow", "us-gaap:IncrementalCommonSharesAttributableToDilutiveEffect", False),
        ("shares", "flow", "", False),
        (
            "shares",
            "flow",
            "us-gaap:StockRepurchasedDuringPeriodShares | us-gaap:TreasuryStockSharesAcquired",
            True,
        ),
    ],
)
def test_what_adds_up_over_time(unit: str, kind: Kind, tag: str, adds_up: bool) -> None:
    """Money and things counted do; what is per share, in percent or an average does not."""
    assert LineItem("X", unit, kind, tag=tag).adds_up is adds_up


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("", ()),
        ("a:B", (("a:B",),)),
        ("a:B | a:C", (("a:B", "a:C"),)),
        ("a:B>a:C", (("a:B",), ("a:C",))),
        ("a:B | a:C > a:D", (("a:B", "a:C"), ("a:D",))),
        (" > a:B |", (("a:B",),)),
    ],
)
def test_tags_in_order_and_side_by_side(text: str, tiers: tuple[tuple[str, ...], ...]) -> None:
    assert parse_tags(text) == tiers


@pytest.mark.parametrize(
    ("stated", "agree"),
    [
        (("<80e6", "80e6"), False),
        ((">80e6", "80e6"), False),
        (("<80e6", "79e6"), True),
        (("<80e6", ">81e6"), False),
        (("80e6", "80.2e6"), True),
        (("80e6", "81e6"), False),
    ],
)
def test_a_bound_and_the_number_itself_contradict_each_other(stated: tuple[str, ...], agree: bool) -> None:
    """How far rounding may set two figures apart has no say where one of them is a bound."""
    for rows in (stated, stated[::-1]):
        assert (common_value(*map(parse_value, rows)) is not None) == agree


def test_rows_that_are_much_alike_take_little_memory() -> None:
    """A day, a unit or a source that thousands of rows repeat is held once.

    Held row by row they take eleven times the text of their file, and fourteen times at the peak.
    """
    import tracemalloc
    from datetime import timedelta

    first = date(2001, 1, 1)
    rows = [
        f"price,{first + timedelta(days=n % 2000)},{100 + n % 50}.{n % 90},USD/share,"
        f"{first + timedelta(days=n % 2000 + n // 2000)},exchange closes of a vendor,reported,\n"
        for n in range(20_000)
    ]
    text = "concept,period,value,unit,filed,source,how,note\n" + "".join(rows)
    tracemalloc.start()
    store = FactStore()
    store.add(text, "facts/ACME.csv")
    found = store.of("price")
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 20_000
    assert held < 8 * len(text)
    assert most < 10 * len(text)
