"""The statements of a thesis' source: each has one test, is printed once, and says what its test says."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pytest

from tests.conftest import ACME
from tests.tieout.reading import Read, read_html, read_markdown
from thesis.core import formatting
from thesis.files.disk import bundled_folder
from thesis.lint.statement_checks import TESTS
from thesis.memo import html, markdown
from thesis.memo.memo_section import MemoSubject
from thesis.memo.statement_section import section_titles
from thesis.pack.load import Pack
from thesis.pack.memo_sections import MEMO_SECTIONS
from thesis.reports.page_one import page_one_of
from thesis.scoring.assessment import Assessment

AMZN = bundled_folder("rules") / "amzn-4t"
DAY = "2026-10-15"
FORMS: dict[str, tuple[Callable[..., str], Callable[[str], Read]]] = {
    "markdown": (markdown.render_memo, read_markdown),
    "html": (html.render_html_memo, read_html),
}
MOST_UNTESTED = 5


def _read_memo(pack: Pack, found: Assessment, form: str) -> Read:
    """The memo of an assessment, read back into tables."""
    render, read = FORMS[form]
    return read(render(found, front=cache(partial(page_one_of, pack, found))))


@pytest.mark.parametrize("form", FORMS)
def test_every_statement_of_the_article_is_printed_once_with_the_answer_of_its_test(
    form: str, assessed: Any
) -> None:
    pack, found = assessed.pack(AMZN), assessed(DAY)
    (table,) = _read_memo(pack, found, form).table("statement", "tested by")
    number, answer = table.columns.index("no."), table.columns.index("answer")
    printed = {row[number].text: row[answer].text for row in table.rows}
    statements = pack.thesis.statements
    assert sorted(printed) == sorted(each.id for each in statements)
    assert len(table.rows) == len(statements)
    rules = {each.id: each for each in found.findings}
    for each in statements:
        told = printed[each.id]
        if each.rule:
            assert formatting.score(rules[each.rule].score) in told
        elif each.untested:
            assert told == " ".join(each.untested.split())
        else:
            assert told
            assert (told == "see there") == bool(each.page)


def test_each_statement_has_one_test_and_few_have_none(assessed: Any) -> None:
    statements = assessed.pack(AMZN).thesis.statements
    for each in statements:
        assert sum(bool(getattr(each, test)) for test in TESTS) == 1, each.id
    assert sum(bool(each.untested) for each in statements) <= MOST_UNTESTED


def test_a_statement_may_name_every_section_that_a_memo_always_has(assessed: Any) -> None:
    assert set(section_titles(MemoSubject(assessed(DAY)))) == set(MEMO_SECTIONS)


@pytest.mark.parametrize("form", FORMS)
def test_a_thesis_without_statements_has_no_such_section(form: str, assessed: Any) -> None:
    pack, found = assessed.pack(ACME), assessed(DAY, ACME)
    assert _read_memo(pack, found, form).table("statement", "tested by") == []
