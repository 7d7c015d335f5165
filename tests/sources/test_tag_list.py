"""What a file holds, as a list."""

from __future__ import annotations

from typing import Any

from thesis.sources.importing.tag_list import tag_summaries, tag_table

CLOUD = """<xbrli:context id="cloud"><xbrli:entity>
<xbrli:identifier scheme="http://www.sec.gov/CIK">1</xbrli:identifier><xbrli:segment>
<xbrldi:explicitMember dimension="us-gaap:StatementBusinessSegmentsAxis">acme:CloudMember
</xbrldi:explicitMember>
</xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2022-01-01</xbrli:startDate>
<xbrli:endDate>2022-12-31</xbrli:endDate></xbrli:period></xbrli:context>"""
BODY = """<us-gaap:Revenues contextRef="year" unitRef="usd">2000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="year" unitRef="usd">2000</us-gaap:Revenues>
<us-gaap:Revenues contextRef="cloud" unitRef="usd">500</us-gaap:Revenues>
<us-gaap:Assets contextRef="end" unitRef="usd" xsi:nil="true"/>
<dei:DocumentType contextRef="year">10-K\n405</dei:DocumentType>"""


def test_every_tag_with_its_dimensions_once(instance: Any, facts: Any) -> None:
    held = tag_summaries(facts(instance(CLOUD + BODY)))
    assert [(item.tag, item.times, len(item.dimensions)) for item in held] == [
        ("dei:DocumentType", 1, 0),
        ("us-gaap:Assets", 1, 0),
        ("us-gaap:Revenues", 2, 0),
        ("us-gaap:Revenues", 1, 1),
    ]
    assert [str(period) for period in held[2].periods] == ["2023-01-01..2023-12-31"]


def test_a_word_is_looked_for_in_tags_and_dimensions(instance: Any, facts: Any) -> None:
    found = facts(instance(CLOUD + BODY))
    assert [item.tag for item in tag_summaries(found, "REVENUE")] == ["us-gaap:Revenues"] * 2
    assert [item.dimensions[0][1] for item in tag_summaries(found, "cloud")] == ["acme:CloudMember"]
    assert tag_summaries(found, "nothing like it") == []


def test_the_table(instance: Any, facts: Any) -> None:
    assert tag_table(tag_summaries(facts(instance(CLOUD + BODY)))) == (
        "dei:DocumentType  1x  as in `10-K 405`\n"
        "    2023-01-01..2023-12-31\n"
        "us-gaap:Assets  1x  as in nil USD\n"
        "    2023-12-31\n"
        "us-gaap:Revenues  2x  as in 2,000 USD\n"
        "    2023-01-01..2023-12-31\n"
        "us-gaap:Revenues  1x  as in 500 USD\n"
        "    us-gaap:StatementBusinessSegmentsAxis = acme:CloudMember\n"
        "    2022-01-01..2022-12-31\n"
        "4 tags with their dimensions, 5 facts\n"
    )


def test_many_periods_are_counted_and_long_texts_cut(instance: Any, facts: Any) -> None:
    contexts = "".join(
        CLOUD.replace('id="cloud"', f'id="c{year}"').replace("2022-", f"{year}-")
        for year in range(2018, 2023)
    )
    body = "".join(
        f'<acme:Note contextRef="c{year}">{"long " * 99}</acme:Note>' for year in range(2018, 2023)
    )
    text = tag_table(tag_summaries(facts(instance(contexts + body))))
    assert "2022-01-01..2022-12-31, 2021-01-01..2021-12-31, 2020-01-01..2020-12-31 and 2 more" in text
    assert "...`" in text
