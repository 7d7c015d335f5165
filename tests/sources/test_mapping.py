"""Mapping: which facts are which concepts, and what is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from thesis.core.problem import Problem, SourceSpan
from thesis.facts.fact import LineItem
from thesis.sources.importing.mapping import UNREAD, MappingResult, TagQuery, measures
from thesis.sources.reported_fact import (
    INF,
    UNREADABLE,
    Decimals,
    FilingReference,
    ReportedFact,
    ReportedPeriod,
)

SEGMENTS = "us-gaap:StatementBusinessSegmentsAxis"
CONCEPTS = {
    "sales": LineItem("Sales", "USD", "flow", tag="us-gaap:Revenues | us-gaap:SalesRevenueNet"),
    "aws.sales": LineItem("AWS", "USD", "flow", tag="us-gaap:Revenues", where={SEGMENTS: "a:Aws | a:Cloud"}),
    "rpo": LineItem("Backlog", "USD", "stock", tag="us-gaap:Rpo", where={"us-gaap:StartAxis": "*"}),
    "outflow": LineItem("Outflow", "USD", "flow", tag="acme:Outflow", sign=-1),
    "eps": LineItem("Earnings per share", "USD/share", "stock", tag="us-gaap:Eps"),
    "charges": LineItem("Charges", "USD", "register", tag="acme:Charges"),
    "theirs": LineItem("Theirs", "USD", "flow", entity="THEM", tag="us-gaap:Revenues"),
    "life": LineItem("Life", "years", "stock", tag="us-gaap:Term"),
    "untagged": LineItem("Told", "USD", "flow", source="release"),
}  # fmt: skip
FILERS = {name: "99" if name == "theirs" else "12345" for name in CONCEPTS}
YEAR = ReportedPeriod(date(2023, 1, 1), date(2023, 12, 31))
FILING = FilingReference("10-K", "0000012345-24-000001", date(2024, 2, 2))


def fact(tag: str, value: str | None = "1000000", **more: Any) -> ReportedFact:
    given: dict[str, Any] = {
        "dimensions": (), "period": YEAR, "text": None, "unit": "USD", "decimals": -6, "context": "c",
        "entity": "12345", "filing": FILING, "place": SourceSpan("acme.xml", 7, 1),
    }  # fmt: skip
    given.update(more)
    return ReportedFact(tag=tag, value=None if value is None else Decimal(value), **given)


def mapped(*facts: ReportedFact) -> MappingResult:
    return TagQuery(CONCEPTS, FILERS).map(facts)


def values(found: MappingResult) -> Mapping[str, str]:
    return {m.concept: str(m.lo) if m.lo == m.hi else f"{m.lo}..{m.hi}" for m in found.matches}


def test_a_concept_is_found_under_any_of_its_tags() -> None:
    assert values(mapped(fact("us-gaap:Revenues"))) == {"sales": "1000000"}
    assert values(mapped(fact("us-gaap:SalesRevenueNet"))) == {"sales": "1000000"}


@pytest.mark.parametrize(
    ("dimensions", "concept"),
    [
        ((), "sales"),
        (((SEGMENTS, "a:Aws"),), "aws.sales"),
        (((SEGMENTS, "a:Cloud"),), "aws.sales"),
        (((SEGMENTS, "a:Shops"),), ""),
        ((("srt:ProductOrServiceAxis", "a:Aws"),), ""),
        (((SEGMENTS, "a:Aws"), ("srt:ProductOrServiceAxis", "a:X")), ""),
    ],
)
def test_exactly_the_dimensions_that_are_asked_for_and_no_other(
    dimensions: tuple[tuple[str, str], ...], concept: str
) -> None:
    """AWS by segment is not AWS by product, and neither is net sales."""
    found = mapped(fact("us-gaap:Revenues", dimensions=dimensions))
    assert list(values(found)) == ([concept] if concept else [])
    assert sum(found.unmapped.values()) == (0 if concept else 1)


def test_a_star_stands_for_any_member_and_not_for_none() -> None:
    typed = fact("us-gaap:Rpo", dimensions=(("us-gaap:StartAxis", "2024-01-01"),))
    assert values(mapped(typed)) == {"rpo": "1000000"}
    assert values(mapped(fact("us-gaap:Rpo"))) == {}


def test_a_sign_turns_a_figure_round() -> None:
    assert values(mapped(fact("acme:Outflow", "-5000000"))) == {"outflow": "5000000"}


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"unit": "EUR"}, "in EUR where USD belongs"),
        ({"value": None}, "stated as nil"),
        ({"value": None, "unit": "", "text": "many"}, "a text where a number belongs"),
        ({"value": None, "unit": "", "text": None}, "stated as nil"),
        ({"entity": "77"}, "of another company"),
        (
            {"filing": FilingReference("DEF 14A", "x", date(2024, 4, 1))},
            "in a DEF 14A, which is no report of results",
        ),
    ],
)
def test_what_cannot_be_used_is_counted_with_its_reason(wrong: dict[str, Any], reason: str) -> None:
    found = mapped(fact("us-gaap:Revenues", **wrong))
    assert (values(found), dict(found.left_out)) == ({}, {reason: 1})


ORDERED = {
    "sales": LineItem("Sales", "USD", "flow", tag="us-gaap:A > us-gaap:B | us-gaap:C > us-gaap:D"),
    "contracts": LineItem(
        "Contracts", "USD", "flow", tag="us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax"
    ),
}


@pytest.mark.parametrize(
    ("stated", "taken"),
    [
        ({"A": "1", "B": "2", "D": "4"}, "1"),
        ({"B": "2", "D": "4"}, "2"),
        ({"D": "4"}, "4"),
        ({"B": "2", "C": "2"}, "2"),
        ({"B": "2", "C": "3"}, "conflict"),
        ({"B": "2", "C": "3", "D": "4"}, "conflict"),  # what is unclear is not decided by a worse tag
        ({"A": "1", "B": "2", "C": "3"}, "1"),
        ({}, ""),
    ],
)
def test_tags_in_order_are_tried_for_each_period_of_a_filing(stated: dict[str, str], taken: str) -> None:
    """In whatever order the filing states them; and another period has its own turn."""
    other = ReportedPeriod(date(2022, 1, 1), date(2022, 12, 31))
    facts = [fact(f"us-gaap:{tag}", value, decimals=None) for tag, value in stated.items()]
    for listed in (facts, facts[::-1]):
        found = TagQuery(ORDERED, dict.fromkeys(ORDERED, "12345")).map(
            [*listed, fact("us-gaap:D", "9", period=other)]
        )
        values = [str(match.lo) for match in found.matches if match.fact.period == YEAR]
        assert (values or ["conflict" if found.clashes else ""]) == [taken]
        assert [str(match.lo) for match in found.matches if match.fact.period == other] == ["9"]


@pytest.mark.parametrize(
    ("bounds", "stated", "taken"),
    [
        ({"above": "0"}, {"A": "0", "B": "7"}, "7"),
        ({"least": "0"}, {"A": "-3", "B": "7"}, "7"),
        ({"least": "0"}, {"A": "0", "B": "7"}, "0"),
        ({}, {"A": "0", "B": "7"}, "0"),
        ({"above": "0"}, {"A": "0"}, "0"),  # and is refused as such
        ({"above": "0"}, {"A": "5", "B": "0"}, "5"),
    ],
)
def test_a_figure_that_there_cannot_be_gives_way_to_the_next_tag(
    bounds: dict[str, Any], stated: dict[str, str], taken: str
) -> None:
    item = LineItem("", "USD", "flow", tag="us-gaap:A > us-gaap:B", **bounds)
    facts = [fact(f"us-gaap:{tag}", value, decimals=None) for tag, value in stated.items()]
    for listed in (facts, facts[::-1]):
        assert values(TagQuery({"x": item}, {"x": "12345"}).map(listed)) == {"x": taken}


PART = "us-gaap:RevenueFromContractWithCustomerExcludingAssessedTax"


@pytest.mark.parametrize(
    ("whole", "value", "more", "taken"),
    [
        ("us-gaap:RevenuesNetOfInterestExpense", "1540", {}, False),
        ("us-gaap:Revenues", "1540", {}, False),
        ("us-gaap:Revenues", "940", {}, True),
        ("us-gaap:Revenues", "900", {}, True),  # less is no whole
        ("us-gaap:Revenues", "1540", {"unit": "EUR"}, True),
        ("us-gaap:Revenues", "1540", {"dimensions": ((SEGMENTS, "a:Aws"),)}, True),
        ("us-gaap:Revenues", "1540", {"period": ReportedPeriod(date(2022, 1, 1), YEAR.end)}, True),
        ("us-gaap:CostOfRevenue", "1540", {}, True),
    ],
)
def test_a_part_out_of_a_note_is_not_taken_for_the_whole(
    whole: str, value: str, more: dict[str, Any], taken: bool
) -> None:
    both = [fact(PART, "940", decimals=0), fact(whole, value, decimals=0, **more)]
    found = TagQuery(ORDERED, dict.fromkeys(ORDERED, "12345")).map(both)
    assert (values(found), len(found.parts)) == ({"contracts": "940"} if taken else {}, int(not taken))
    named = {"contracts": LineItem("", "USD", "flow", tag=f"{PART} > {whole}")}
    on_purpose = TagQuery(named, {"contracts": "12345"}).map(both)
    kept = [str(match.lo) for match in on_purpose.matches if match.fact.period == YEAR]
    assert kept == ["940"], "an author who names both means what is first"


BROKEN = Problem("bad-number", "expected a number")


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, ["sales"]),
        ({"entity": ""}, ["sales", "theirs"]),
        ({"entity": "77"}, []),
        ({"dimensions": UNREADABLE}, ["sales", "aws.sales"]),
        ({"dimensions": ((SEGMENTS, "a:Aws"),)}, ["aws.sales"]),
        ({"dimensions": ((SEGMENTS, "a:Shops"),)}, []),
        ({"tag": "us-gaap:Goodwill"}, []),
    ],
)
def test_what_cannot_be_read_matters_to_whom_asks_for_it(more: dict[str, Any], asked: list[str]) -> None:
    """Where nobody can tell whose it is, to whoever may ask; of all others it is left out and counted."""
    spoilt = fact(**{"tag": "us-gaap:Revenues", "value": None, "flaw": BROKEN, **more})
    found = mapped(spoilt, fact("us-gaap:Eps", "1.5", unit="USD/shares", decimals=2))
    assert [name for name, spoilt in found.flawed if spoilt.flaw is BROKEN] == asked
    assert dict(found.left_out) == ({} if asked else {UNREAD: 1})
    assert values(found) == {"eps": "1.5"}, "the rest goes on"


def test_each_company_has_its_own_figures() -> None:
    found = mapped(fact("us-gaap:Revenues", "1"), fact("us-gaap:Revenues", "2", entity="99"))
    assert values(found) == {"sales": "1", "theirs": "2"}


def duration(text: str | None) -> ReportedFact:
    return fact("us-gaap:Term", None, text=text, unit="", decimals=None)


def test_a_duration_is_taken_in_years_and_of_two_the_more_exact() -> None:
    assert values(mapped(duration("P3Y8M12D"))) == {"life": "3.65..3.75"}
    exact, rounded = duration("P3Y8M10D"), duration("P3Y8M12D")
    assert values(mapped(rounded, exact)) == values(mapped(exact, rounded)) == {"life": "3.694444"}
    found = mapped(rounded, duration("P4Y"))
    assert values(found) == {} and len(found.clashes) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [("many", "a text where a duration belongs"), ("", "stated as nil"), (None, "stated as nil")],
)
def test_a_text_that_is_no_duration_is_counted(text: str | None, reason: str) -> None:
    found = mapped(duration(text))
    assert (values(found), dict(found.left_out)) == ({}, {reason: 1})


def test_a_register_and_what_has_no_tag_are_not_looked_for() -> None:
    found = mapped(fact("acme:Charges"))
    assert (values(found), sum(found.unmapped.values())) == ({}, 1)


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (("16900000000", -8), ("16893000000", -6), "16893000000"),
        (("16893000000", -6), ("16900000000", -8), "16893000000"),
        (("5", INF), ("5", -6), "5"),
        (("5000000", None), ("5000000", -6), "5000000"),
    ],
)
def test_of_a_figure_and_its_rounding_the_exact_one_is_kept(
    first: tuple[str, Decimals], second: tuple[str, Decimals], kept: str
) -> None:
    facts = [fact("us-gaap:Revenues", value, decimals=decimals) for value, decimals in (first, second)]
    found = mapped(*facts)
    assert (values(found), found.clashes) == ({"sales": kept}, [])


def test_different_figures_for_the_same_days_are_a_conflict_and_neither_is_taken() -> None:
    """Also under the two tags that a concept may stand under."""
    one, other = fact("us-gaap:Revenues", "1000000"), fact("us-gaap:SalesRevenueNet", "3000000")
    found = mapped(one, other, fact("us-gaap:Eps", "1.5", unit="USD/shares", decimals=2))
    assert values(found) == {"eps": "1.5"}
    ((first, second),) = found.clashes
    assert (first.fact, second.fact) == (one, other)


def test_two_filings_may_differ() -> None:
    """A later one restates; within one it would be a conflict."""
    later = FilingReference("10-K", "0000012345-25-000001", date(2025, 2, 2))
    found = mapped(fact("us-gaap:Revenues", "1"), fact("us-gaap:Revenues", "2", filing=later))
    assert [str(match.lo) for match in found.matches] == ["1", "2"]


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("110400000000", -8, "110350000000..110450000000"),
        ("496000000000", -9, "495500000000..496500000000"),
        ("110400000000", -6, "110400000000"),
        ("110400000000", None, "110400000000"),
        ("0", -9, "0"),
    ],
)
def test_a_figure_rounded_beyond_millions_is_a_range(value: str, decimals: Decimals, shown: str) -> None:
    typed = fact("us-gaap:Rpo", value, decimals=decimals, dimensions=(("us-gaap:StartAxis", "x"),))
    assert values(mapped(typed)) == {"rpo": shown}


@pytest.mark.parametrize(
    ("unit", "measure", "same"),
    [
        ("USD", "USD", True),
        ("USD", "EUR", False),
        ("shares", "shares", True),
        ("USD/share", "USD/shares", True),
        ("USD/share", "USD", False),
        ("ratio", "pure", True),
        ("count", "pure", True),
        ("count", "amzn:employee", True),
        ("count", "Store", True),
        ("count", "USD", False),
        ("count", "shares", False),
        ("count", "USD/shares", False),
        ("years", "USD", False),
    ],
)
def test_units_of_a_pack_and_of_filings(unit: str, measure: str, same: bool) -> None:
    assert measures(unit, measure) is same
