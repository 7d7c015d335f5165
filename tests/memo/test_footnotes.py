"""Footnotes: every figure leads to its formula, its quarters and its filings."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from thesis.case.case import EvidenceItem
from thesis.core.interval import point
from thesis.files.disk import bundled_folder
from thesis.memo.footnotes import Footnote, FootnoteFigure, FootnoteSeries, web_address
from thesis.memo.html import render_html_memo as page
from thesis.memo.markdown import render_memo
from thesis.memo.markdown_footnotes import Footnotes
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, MeasureResult

pytestmark = pytest.mark.quick

DAY = date(2026, 10, 15)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]


@pytest.fixture(scope="module")
def seen(pack: Pack) -> Assessment:
    return assess(pack, DAY)


def leaf(seen: Assessment, name: str) -> MeasureResult:
    return next(part for f in seen.findings for part in f.leaves() if part.id == name)


def evidence(pack: Pack, name: str, day: date = DAY) -> EvidenceItem:
    case = case_as_of(pack, day)
    return case.evidence(name, case.quarter)


def test_the_same_figure_has_the_same_number_and_another_the_next(seen: Assessment) -> None:
    notes = Footnotes(seen.filers)
    growth, ads = leaf(seen, "aws_growth"), leaf(seen, "ads_growth")
    assert [notes.mark(growth), notes.mark(ads), notes.mark(growth)] == ["[^1]", "[^2]", "[^1]"]
    assert len(notes.listed()) == 2


def test_a_note_gives_the_formula_the_quarters_and_the_documents(seen: Assessment) -> None:
    notes = Footnotes(seen.filers)
    notes.mark(leaf(seen, "aws_growth").evidence)
    (note,) = notes.listed()
    formula, _, figures = note.partition(". ")
    assert formula == "[^1]: AWS sales growth 2026Q2 = `yoy(aws.net_sales)`"
    assert figures == "AWS net sales: 2026Q2 $42.2bn d1, 2025Q2 $30.9bn d2."
    first, second = notes.sources()
    assert (first.mark, first.name, first.filed) == ("d1", "10-Q 0001018724-26-000026", "2026-07-31")
    assert first.link == "https://www.sec.gov/Archives/edgar/data/1018724/000101872426000026/"
    assert second.filed == "2025-08-01"


def test_a_sustained_measure_tells_each_quarter_it_is_scored_on(seen: Assessment) -> None:
    """28.4 % is scored, 36.8 % is the newest: the note has both, and the sales behind all three quarters."""
    notes = Footnotes(seen.filers)
    notes.mark(leaf(seen, "aws_growth"))
    (note,) = notes.listed()
    assert "quarter by quarter: 2026Q2 36.8%, 2026Q1 28.4%, 2025Q4 23.6%." in note
    assert "2026Q2 $42.2bn d1, 2026Q1 $37.6bn d2, 2025Q4 $35.6bn d3, 2025Q2 $30.9bn d4" in note


def test_what_is_not_known_says_why(pack: Pack) -> None:
    """A missing figure stands in its note with the reason, never as a blank."""
    notes = Footnotes({})
    notes.mark(evidence(pack, "us.real_goods_spending_growth"))
    notes.mark(evidence(pack, "ads_contribution"))
    missing, assumed = notes.listed()
    assert "2026Q2 unknown (missing, not in the facts)" in missing
    assert "25.0..45.0% *assumed*" in assumed


def test_a_figure_is_marked_by_how_it_was_read(pack: Pack) -> None:
    notes = Footnotes({})
    notes.mark(evidence(pack, "charges.na"))
    notes.mark(evidence(pack, "azure.net_sales"))
    judged, secondary = notes.listed()
    assert "*judged*" in judged
    assert "*secondary*" in secondary


def test_behind_a_value_after_tax_stand_the_value_before_it_and_the_rate(assessed: Any) -> None:
    """In the table, in the note and in the evidence of the page it is one value."""
    found = assessed("2026-10-15")
    markdown, html = render_memo(found), page(found)
    (number,) = re.findall(r"after 21% tax on the gain \| \$182\.7\.\.\$183\.0bn\[\^(\d+)\]", markdown)
    note = next(line for line in markdown.splitlines() if line.startswith(f"[^{number}]: "))
    assert (
        "(1 - 21%) + (anthropic.cost + openai.investment) * 21%)`. Anthropic preferred stock: 2026Q2" in note
    )
    assert "Paid for the stake in Anthropic: 2026Q2 $17.9..$18.1bn d2 *derived*" in note
    behind = re.search(
        rf'<summary><span class="mark">{number}</span>(.*?)</summary>.*?</details>', html, re.DOTALL
    )
    assert behind
    assert "Stakes in Anthropic and OpenAI after 21% tax on the gain <b>$182.7..$183.0bn</b>" in behind[1]
    assert "* (1 - 21%)" in behind[0]


def test_what_a_what_if_supposes_cites_no_filing(pack: Pack) -> None:
    """A figure that somebody typed is in no filing, and no formula gave it."""
    case = case_as_of(pack, DAY, {"price": point(300.0), "aws_growth": point(0.2)})
    notes = Footnotes({})
    notes.mark(case.evidence("price", case.quarter))
    notes.mark(case.evidence("aws_growth", case.quarter))
    price, growth = notes.listed()
    assert price == "[^1]: Share price: $300.00 *assumed*, in this what-if, and in no file."
    assert growth == "[^2]: AWS sales growth: 20.0% *assumed*, in this what-if, and in no file."
    assert notes.sources() == []


def test_a_grade_cites_who_when_and_on_what(seen: Assessment) -> None:
    notes = Footnotes({})
    notes.mark(leaf(seen, "J4"))
    assert notes.listed()[0].startswith("[^1]: J4 level 3, founders, 2026-08-15")
    assert notes.sources() == []


def test_a_document_without_a_number_at_the_sec_has_no_link(pack: Pack) -> None:
    notes = Footnotes({"AMZN": "1018724"})
    notes.mark(evidence(pack, "price"))
    assert notes.sources()[0].link == ""


def test_where_there_is_nothing_to_cite_there_is_no_mark() -> None:
    notes = Footnotes({})
    assert (notes.mark(None), notes.mark(()), notes.listed()) == ("", "", [])


def test_figures_of_a_note_make_a_table_with_the_longer_side_down() -> None:
    """Two concepts of one name stay two; what is assumed for every quarter has a line of its own."""
    two = FootnoteSeries("Sales", (FootnoteFigure("2026Q2", "$2M"), FootnoteFigure("2026Q1", "$1M")))
    other = FootnoteSeries("Sales", (FootnoteFigure("2026Q2", "$9M"),))
    assumed = FootnoteSeries("Margin", (FootnoteFigure("", "5.0%", (), "assumed", "a guess"),))
    down = Footnote(series=(two, other)).grid
    assert (down.corner, down.columns) == ("quarter", ["Sales", "Sales"])
    assert [(name, [f and f.value for f in row]) for name, row in down.rows] == [
        ("2026Q2", ["$2M", "$9M"]),
        ("2026Q1", ["$1M", None]),
    ]
    across = Footnote(series=(other, other, other, assumed)).grid
    assert (across.corner, across.columns) == ("input", ["2026Q2", "any quarter"])
    assert [f and f.value for f in across.rows[-1][1]] == [None, "5.0%"]
    assert [tuple(each) for each in Footnote(series=(assumed,)).remarks] == [
        ("Margin", "", "assumed", "a guess")
    ]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://acme.example/a?b=c#d", "https://acme.example/a?b=c#d"),
        ("http://acme.example", "http://acme.example"),
        ("HTTPS://acme.example", ""),
        ("javascript:alert(1)", ""),
        ("https://acme.example/\u202egnp.exe", ""),
        ("https://acme.example/a b", ""),
        ('https://acme.example/"x', ""),
        ("", ""),
    ],
)
def test_an_address_is_a_link_only_in_one_plain_piece_of_the_web(address: str, link: str) -> None:
    assert web_address(address) == link
