"""Inline XBRL: facts between the words of a page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples

DOTTED = 'format="ixt:num-dot-decimal"'


def number(shown: str, attributes: str = "", name: str = "us-gaap:Assets") -> str:
    given = f'name="{name}" contextRef="end" unitRef="usd" decimals="-6" {attributes}'
    return f"<ix:nonFraction {given}>{shown}</ix:nonFraction>"


def text(shown: str, attributes: str = "") -> str:
    return f'<ix:nonNumeric name="acme:Note" contextRef="year" {attributes}>{shown}</ix:nonNumeric>'


def test_a_number_in_a_sentence(page: Any, facts: Any) -> None:
    shown = number("16.9", DOTTED + ' scale="9" sign="-"')
    (fact,) = facts(page(f"<p>Assets were $({shown}) billion.</p>"))
    assert fact.tag == "us-gaap:Assets" and str(fact.value) == "-16900000000"
    assert (fact.unit, fact.decimals, fact.context, fact.entity) == ("USD", -6, "end", "12345")
    assert fact.place.line > 1 and fact.place.column > len("<p>Assets")


def test_markup_inside_a_number_is_only_markup(page: Any, facts: Any) -> None:
    (fact,) = facts(page(number("<span>1,2</span><b>34</b>", DOTTED)))
    assert fact.value == Decimal(1234)


def test_a_number_inside_a_number_states_both(page: Any, facts: Any) -> None:
    """The same digits, each with a tag of its own."""
    form = DOTTED + ' scale="6"'
    found = facts(page(number(number("7", form, "us-gaap:AssetsNet"), form)))
    assert {fact.tag: str(fact.value) for fact in found} == {
        "us-gaap:Assets": "7000000",
        "us-gaap:AssetsNet": "7000000",
    }


def test_a_note_holds_its_numbers_and_leaves_out_what_is_excluded(page: Any, facts: Any) -> None:
    left_out = f"<ix:exclude> page {number('12')}</ix:exclude>"
    first, excluded, note = facts(page(text(f"Assets of {number('5')}{left_out} in all.")))
    assert note.text == "Assets of 5 in all."
    assert first.value == 5
    assert excluded.value == 12, "a figure that a note leaves out is still a fact"


def test_a_text_goes_on_elsewhere(page: Any, facts: Any) -> None:
    """Also in a part that comes before it, and with facts in the parts."""
    body = (
        '<ix:continuation id="c2"> third</ix:continuation>'
        + text("first", 'continuedAt="c1"')
        + f'<ix:continuation id="c1" continuedAt="c2"> second {number("2")}</ix:continuation>'
    )
    note, figure = facts(page(body))
    assert note.text == "first second 2 third"
    assert figure.value == 2


def test_hidden_facts_count(page: Any, facts: Any) -> None:
    hidden = '<ix:nonNumeric name="dei:DocumentType" contextRef="year">10-Q</ix:nonNumeric>'
    form, figure = facts(page(number("5"), hidden=hidden))
    assert form.text == "10-Q"
    assert figure.form == "10-Q"


def test_nil_and_zero_differ(page: Any, facts: Any) -> None:
    nil = number("", 'xsi:nil="true"')
    zero = number("\u2014", 'format="ixt:fixed-zero" scale="6"')
    note = text("", 'xsi:nil="true"')
    found = facts(page(nil + zero + note))
    assert [fact.value for fact in found] == [None, 0, None]
    assert found[2].text is None


def test_older_pages_use_the_older_namespace(page: Any, facts: Any) -> None:
    old = page(number("1,234", 'format="ixt:numdotdecimal"')).replace(b"2013/inline", b"2008/inline")
    assert facts(old)[0].value == 1234


def test_texts_are_worded(page: Any, facts: Any) -> None:
    (fact,) = facts(page(text("December&#160;31, 2023", 'format="ixt:date-monthname-day-year-en"')))
    assert fact.text == "2023-12-31"


def test_entities_of_html_are_known_where_the_page_names_its_document_type(page: Any, facts: Any) -> None:
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "xhtml1-strict.dtd">'
    (fact,) = facts(page("<p>&nbsp;</p>" + number("1&nbsp;234", DOTTED), head=doctype))
    assert fact.value == 1234


def test_entities_of_html_are_known_without_a_document_type(page: Any, facts: Any, refused: Any) -> None:
    """As the SEC takes them; an entity that is nobody's is a fault."""
    note, fact = facts(
        page(f"<p title='a&nbsp;b'>&nbsp;</p>{text('5&mdash;6')}{number('1&nbsp;234', DOTTED)}")
    )
    assert note.text == "5\u20146" and fact.value == 1234
    (problem,) = refused(page(f"<p>{number('5')} &bogus;</p>"))
    assert problem.code == "xml-syntax" and "an entity" in problem.message


def test_space_around_a_reference_says_nothing(page: Any, facts: Any) -> None:
    shown = number("5").replace('"end"', '" end"').replace('"usd"', '"usd "')
    assert [(fact.context, fact.unit) for fact in facts(page(shown))] == [("end", "USD")]


def test_a_page_whose_contexts_stand_in_another_is_refused_once(page: Any, refused: Any) -> None:
    """Of a report in several pages one may state the contexts for all, as banks' annual reports do."""
    (problem,) = refused(page(number("5") + number("6"), resources=""))
    assert problem.code == "unknown-context" and "another page of the filing" in problem.message
    assert "`_htm.xml`" in problem.hint


@examples(60)
@given(
    amount=st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False),
    scale=st.integers(0, 9),
    tag=st.sampled_from(["acme:X", "us-gaap:Assets"]),
)
def test_a_page_and_its_instance_state_the_same(
    instance: Any, page: Any, facts: Any, amount: Decimal, scale: int, tag: str
) -> None:
    """EDGAR extracts an instance from every page it takes in: both readers must agree on every fact."""
    value = amount * 10**scale
    plain = f'<{tag} contextRef="end" unitRef="usd" decimals="-6">{value:f}</{tag}>'
    sign = 'sign="-"' if amount < 0 else ""
    shown = number(f"{abs(amount):,}", f'{DOTTED} scale="{scale}" {sign}', tag)
    (stated,) = facts(instance(plain))
    (tagged,) = facts(page(shown))
    assert stated._replace(place=tagged.place) == tagged


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        (number("V", 'format="ixt:num-roman"'), "unknown-format", "`ixt:num-roman`"),
        (number("5", 'format="acme:made-up"'), "unknown-format", "made-up"),
        (number("-", 'format="nowhere:zerodash"'), "bad-namespace", "nowhere:zerodash"),
        (number("1,000"), "bad-number", "found `1,000`"),
        (number("(5)", DOTTED), "bad-number", "found `(5)`"),
        (number("5", DOTTED + ' scale="six"'), "bad-number", "scale"),
        (number("5", DOTTED + ' scale="30"'), "bad-number", "below 1e+24"),
        (number("5", DOTTED + ' sign="+"'), "bad-number", "sign"),
        (number("5").replace('decimals="-6"', 'decimals="x"'), "bad-number", "decimal places"),
        (number("5").replace('unitRef="usd"', ""), "unknown-measure", "without a unit"),
        (number("5").replace('"usd"', '"yen"'), "unknown-measure", "`yen`"),
        (number("5").replace('"end"', '"start"'), "unknown-context", "`start`"),
        (number("5").replace('contextRef="end"', ""), "unknown-context", "no context"),
        (number("5", name="nowhere:Assets"), "bad-namespace", "nowhere"),
        (number("5", 'target="other"'), "not-read", "another report"),
        ("<ix:fraction/>", "not-read", "`ix:fraction`"),
        (text("a", 'continuedAt="gone"'), "bad-continuation", "not there"),
        (
            text("a", 'continuedAt="c"') + '<ix:continuation id="c" continuedAt="c">b</ix:continuation>',
            "bad-continuation",
            "in a circle",
        ),
        ('<ix:continuation id="c"/>' * 2 + text("a", 'continuedAt="c"'), "duplicate-id", "`c`"),
        (
            text("a", 'continuedAt="gone"').replace('contextRef="year"', ""),
            "unknown-context",
            "no context",
        ),
    ],
)
def test_what_a_page_gets_wrong(page: Any, refused: Any, body: str, code: str, told: str) -> None:
    """Nothing is guessed: each fault is told at its place."""
    (problem,) = refused(page(body))
    assert problem.code == code and told in problem.message
    assert problem.span.line > 1
