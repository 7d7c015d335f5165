"""XBRL instances: contexts, units, facts and their places."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from thesis.sources.read_file import read_facts
from thesis.sources.reported_fact import FilingReference, ReportedPeriod

ENTITY = '<xbrli:identifier scheme="http://www.sec.gov/CIK">0000012345</xbrli:identifier>'
INSTANT = "<xbrli:period><xbrli:instant>2023-12-31</xbrli:instant></xbrli:period>"
USD = '<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>'
ASSETS = '<us-gaap:Assets contextRef="end" unitRef="usd" decimals="-6">5000000</us-gaap:Assets>'


def context(period: str = INSTANT, segment: str = "", scenario: str = "", entity: str = ENTITY) -> str:
    within = f"<xbrli:segment>{segment}</xbrli:segment>" if segment else ""
    beside = f"<xbrli:scenario>{scenario}</xbrli:scenario>" if scenario else ""
    about = f"<xbrli:entity>{entity}{within}</xbrli:entity>{period}{beside}"
    return f'<xbrli:context id="end">{about}</xbrli:context>{USD}'


def member(axis: str, name: str) -> str:
    return f'<xbrldi:explicitMember dimension="{axis}">{name}</xbrldi:explicitMember>'


def test_a_number_with_everything_that_is_stated_of_it(instance: Any, facts: Any) -> None:
    (fact,) = facts(instance(ASSETS))
    assert fact.tag == "us-gaap:Assets"
    assert fact.value == Decimal(5000000) and fact.unit == "USD" and fact.decimals == -6
    assert fact.period == ReportedPeriod(None, date(2023, 12, 31)) and fact.period.is_instant
    assert fact.context == "end" and fact.entity == "12345" and fact.dimensions == ()
    assert fact.text is None and fact.is_number
    assert (fact.place.file, fact.place.line, fact.place.column) == ("acme.xml", 15, 1)


def test_a_place_counts_characters(instance: Any, facts: Any) -> None:
    """Letters of two bytes count once."""
    data = instance(f'<acme:Note contextRef="end">\u00e9\u00e9</acme:Note>{ASSETS}')
    note, assets = facts(data)
    assert note.text == "\u00e9\u00e9"
    line = data.decode().split("\n")[assets.place.line - 1]
    assert line[assets.place.column - 1 :].startswith("<us-gaap:Assets")


def test_dimensions_explicit_and_typed_in_segment_and_scenario(instance: Any, facts: Any) -> None:
    """They come sorted by axis, wherever they stand."""
    typed = (
        '<xbrldi:typedMember dimension="acme:StartAxis"><acme:start.domain>2024-01-01</acme:start.domain>'
        "</xbrldi:typedMember>"
    )
    segment = member("us-gaap:StatementBusinessSegmentsAxis", "acme:CloudMember") + typed
    resources = context(
        segment=segment, scenario=member("srt:ProductOrServiceAxis", " us-gaap:ServiceMember ")
    )
    (fact,) = facts(instance(ASSETS, resources))
    assert fact.dimensions == (
        ("acme:StartAxis", "2024-01-01"),
        ("srt:ProductOrServiceAxis", "us-gaap:ServiceMember"),
        ("us-gaap:StatementBusinessSegmentsAxis", "acme:CloudMember"),
    )


def test_a_typed_member_without_a_value_is_nil(instance: Any, facts: Any) -> None:
    typed = '<xbrldi:typedMember dimension="acme:StartAxis"><acme:s xsi:nil="true"/></xbrldi:typedMember>'
    (fact,) = facts(instance(ASSETS, context(segment=typed)))
    assert fact.dimensions == (("acme:StartAxis", "nil"),)


def test_units_divide_multiply_and_may_be_the_companys_own(instance: Any, facts: Any) -> None:
    per_share = (
        "<xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unitNumerator>"
        "<xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide>"
    )
    measures = {
        "a": per_share,
        "b": "<xbrli:measure>xbrli:shares</xbrli:measure>",
        "c": "<xbrli:measure>acme:segment</xbrli:measure>",
        "d": "<xbrli:measure>iso4217:USD</xbrli:measure><xbrli:measure>acme:day</xbrli:measure>",
    }
    units = "".join(f'<xbrli:unit id="{name}">{text}</xbrli:unit>' for name, text in measures.items())
    body = "".join(f'<acme:X contextRef="end" unitRef="{name}">1</acme:X>' for name in measures)
    assert [fact.unit for fact in facts(instance(body, context() + units))] == [
        "USD/shares",
        "shares",
        "acme:segment",
        "USD*acme:day",
    ]


def test_periods(instance: Any, facts: Any) -> None:
    """Midnight ends the day before it; for ever has no days at all."""
    duration = "<xbrli:startDate>{}</xbrli:startDate><xbrli:endDate>{}</xbrli:endDate>"
    texts = {
        duration.format("2023-01-01", "2023-03-31"): "2023-01-01..2023-03-31",
        duration.format("2023-01-01T00:00:00", "2023-04-01T00:00:00"): "2023-01-01..2023-03-31",
        "<xbrli:instant>2023-12-31T24:00:00</xbrli:instant>": "2023-12-31",
        "<xbrli:forever/>": "forever",
    }
    for text, period in texts.items():
        (fact,) = facts(instance(ASSETS, context(f"<xbrli:period>{text}</xbrli:period>")))
        assert str(fact.period) == period


def test_nil_is_no_number_and_not_zero(instance: Any, facts: Any) -> None:
    body = (
        '<acme:X contextRef="end" unitRef="usd" xsi:nil="true"/>'
        '<acme:X contextRef="end" unitRef="usd">0</acme:X>'
        '<acme:Note contextRef="end" xsi:nil="1"/>'
    )
    nil, zero, note = facts(instance(body))
    assert nil.value is None and nil.is_number
    assert zero.value == 0
    assert note.text is None and not note.is_number


def test_texts_and_decimals(instance: Any, facts: Any) -> None:
    body = (
        '<dei:DocumentType contextRef="year">10-K</dei:DocumentType>'
        '<acme:Note contextRef="year">&lt;p&gt;A &amp;amp; B&lt;/p&gt;</acme:Note>'
        '<acme:X contextRef="end" unitRef="pure" decimals="INF">0.10</acme:X>'
    )
    form, note, number = facts(instance(body))
    assert form.text == "10-K" and form.unit == "" and form.value is None
    assert note.text == "<p>A &amp; B</p>"
    assert number.decimals == "INF" and str(number.value) == "0.10"


def test_the_form_comes_from_the_cover_unless_the_caller_knows(instance: Any) -> None:
    data = instance(f'<dei:DocumentType contextRef="year">10-K/A</dei:DocumentType>{ASSETS}')
    assert {fact.form for fact in read_facts(data, "x")} == {"10-K/A"}
    filing = FilingReference("10-K", "0000012345-24-000001", date(2024, 2, 1))
    fact = read_facts(data, "x", filing)[1]
    assert (fact.form, fact.accession, fact.filed) == filing
    assert read_facts(data, "x")[1].accession == "" and read_facts(data, "x")[1].filed is None


def test_prefixes_are_the_taxonomys_own_whatever_the_document_calls_them(facts: Any) -> None:
    """A document may bind other prefixes, or the default namespace, to the same names."""
    data = b"""<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:g="http://fasb.org/us-gaap/2021-01-31"
      xmlns:d="http://xbrl.org/2006/xbrldi" xmlns:c="http://www.xbrl.org/2003/iso4217">
      <context id="a"><entity><identifier scheme="http://www.sec.gov/CIK">1</identifier><segment>
      <d:explicitMember dimension="s:ConsolidationItemsAxis" xmlns:s="http://fasb.org/srt/2021-01-31"
        >g:OperatingSegmentsMember</d:explicitMember></segment></entity>
      <period><instant>2023-12-31</instant></period></context>
      <unit id="u"><measure>c:USD</measure></unit><unit id="s"><measure>shares</measure></unit>
      <g:Assets contextRef="a" unitRef="u">1</g:Assets>
      <Shares xmlns="http://acme.example/x" contextRef="a" unitRef="s">1</Shares></xbrl>"""
    assets, shares = facts(data)
    assert assets.tag == "us-gaap:Assets" and assets.unit == "USD"
    assert assets.dimensions == (("srt:ConsolidationItemsAxis", "us-gaap:OperatingSegmentsMember"),)
    assert shares.tag == "Shares" and shares.unit == "shares"


def test_links_and_footnotes_are_no_facts(instance: Any, facts: Any) -> None:
    note = "<link:footnoteLink><link:footnote>A <b>note</b></link:footnote></link:footnoteLink>"
    assert len(facts(instance(f"<link:schemaRef/>{note}{ASSETS}"))) == 1


def test_another_entity_than_one_with_a_cik_keeps_its_name(instance: Any, facts: Any) -> None:
    lei = '<xbrli:identifier scheme="http://standards.iso.org/iso/17442">529900</xbrli:identifier>'
    assert facts(instance(ASSETS, context(entity=lei)))[0].entity == "529900"


@pytest.mark.parametrize(
    ("start", "end"),
    [("1984-01-01", "2023-12-31"), ("1837-10-31", "1850-12-31"), ("2023-01-01", "2122-06-30")],
)
def test_days_long_past_and_far_ahead_are_read(instance: Any, facts: Any, start: str, end: str) -> None:
    """A program of buying back shares since 1984, a lease to 2122: one such context spoils no filing."""
    span = f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"
    (fact,) = facts(instance(ASSETS, context(f"<xbrli:period>{span}</xbrli:period>")))
    assert fact.period == ReportedPeriod(date.fromisoformat(start), date.fromisoformat(end))


def test_the_taxonomy_of_ifrs_has_its_usual_prefix(instance: Any, facts: Any) -> None:
    uri = "https://xbrl.ifrs.org/taxonomy/2023-03-23/ifrs-full"
    (fact,) = facts(instance(f'<i:Assets xmlns:i="{uri}" contextRef="end" unitRef="usd">5</i:Assets>'))
    assert fact.tag == "ifrs-full:Assets"


def test_every_fault_is_told_at_once_with_its_line(instance: Any, refused: Any) -> None:
    """One broken context is told once, not once for every fact that refers to it."""
    resources = context("<xbrli:period><xbrli:instant>20234-12-31</xbrli:instant></xbrli:period>")
    body = (
        f'{ASSETS}\n{ASSETS}\n<acme:X contextRef="nowhere" unitRef="usd">1</acme:X>\n'
        '<acme:X contextRef="end" unitRef="usd">NaN</acme:X>'
    )
    problems = refused(instance(body, resources))
    assert [(problem.code, problem.span.line) for problem in problems] == [
        ("bad-context", 11),
        ("unknown-context", 13),
        ("bad-number", 14),
    ]


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        (
            context("<xbrli:period><xbrli:instant>2023-02-30</xbrli:instant></xbrli:period>"),
            "expected a date",
        ),
        (context("<xbrli:period><xbrli:instant>20234-12-31</xbrli:instant></xbrli:period>"), "`20234-12-31`"),
        (context("<xbrli:period><xbrli:instant>0203-12-31</xbrli:instant></xbrli:period>"), "1000 to 9998"),
        (context("<xbrli:period><xbrli:instant>2023-12-31T12:00:00</xbrli:instant></xbrli:period>"), "T12"),
        (
            context("<xbrli:period><xbrli:startDate>2023-01-01</xbrli:startDate></xbrli:period>"),
            "an instant, or",
        ),
        (context(""), "expected one period"),
        (context(INSTANT * 2), "expected one period"),
        (context(entity=""), "expected one identifier"),
        (context(entity=ENTITY.replace("0000012345", "ACME")), "a CIK of up to ten digits"),
        (context(entity=ENTITY.replace("0000012345", "0000")), "a CIK of up to ten digits"),
        (context(segment=member("acme:A", "acme:M") * 2), "the axis `acme:A` is given twice"),
        (context(segment=member("acme:A", "nowhere:M")), "a prefix that is declared"),
        (context(segment="<acme:Old>x</acme:Old>"), "found `acme:Old`"),
        (context(segment='<xbrldi:typedMember dimension="acme:A"/>'), "one value of the typed axis"),
        (
            context(segment='<xbrldi:typedMember dimension="acme:A"><a><b/></a></xbrldi:typedMember>'),
            "a plain value of the typed axis",
        ),
        (
            context(
                "<xbrli:period><xbrli:startDate>2023-12-31</xbrli:startDate>"
                "<xbrli:endDate>2023-01-01</xbrli:endDate></xbrli:period>"
            ),
            "runs backwards",
        ),
    ],
)
def test_contexts_that_make_no_sense(instance: Any, refused: Any, resources: str, told: str) -> None:
    (problem,) = refused(instance(ASSETS, resources))
    assert problem.code == "bad-context" and told in problem.message
    assert problem.span.line == 11


@pytest.mark.parametrize(
    "unit",
    [
        "",
        "<xbrli:measure>USD</xbrli:measure>".replace("USD", "nowhere:USD"),
        "<xbrli:divide><xbrli:unitNumerator/></xbrli:divide>",
    ],
)
def test_units_that_make_no_sense(instance: Any, refused: Any, unit: str) -> None:
    resources = context().replace("<xbrli:measure>iso4217:USD</xbrli:measure>", unit)
    (problem,) = refused(instance(ASSETS, resources))
    assert problem.code == "bad-measure"


def test_what_refers_to_nothing(instance: Any, facts: Any, refused: Any) -> None:
    (problem,) = refused(instance('<acme:X unitRef="usd">5</acme:X>'))
    assert problem.code == "unknown-context" and "`acme:X` has no context" in problem.message
    nameless = "<xbrli:unit><xbrli:measure>acme:x</xbrli:measure></xbrli:unit>"
    assert len(facts(instance(ASSETS, context() + nameless))) == 1, "nothing can refer to it"


def test_facts_inside_facts_are_not_passed_over(instance: Any, refused: Any) -> None:
    body = f'<acme:Both contextRef="end">{ASSETS}</acme:Both>'
    assert "not-read" in [problem.code for problem in refused(instance(body))]
    (problem,) = refused(instance(f'<acme:Both contextRef="end">{context()}</acme:Both>'))
    assert problem.code == "not-read"


def test_a_thousand_faults_are_enough(instance: Any, refused: Any) -> None:
    body = '<acme:X contextRef="end" unitRef="usd">x</acme:X>' * 1200
    assert len(refused(instance(body))) == 1000
