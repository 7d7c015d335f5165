"""Templates of one's own: which names they are given, and how they get another number of names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from thesis.core.problem import InvalidInput
from thesis.memo.html import render_html_memo
from thesis.memo.markdown import render_memo

RATED = "2026-10-15"


def written(folder: Path, text: str, name: str = "mine.md.j2") -> str:
    """A template in a file, by its path."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_marked_template_arranges_sections(assessed: Any, tmp_path: Path) -> None:
    """In its own order and under its own headings; notes are numbered as they are printed."""
    template = written(
        tmp_path,
        "{# thesis: 2 #}\n# {{ title }}\n"
        '{% for section in sections if section.id in ("unknowns", "scorecard") %}\n'
        "### {{ section.title }} ({{ section.name }})\n\n{{ section.body }}\n\n{% endfor %}\n"
        "{{ facts.body }}\n\n{% for line in footnotes() %}\n{{ line }}\n{% endfor %}\n",
    )
    made = render_memo(assessed(RATED), template)
    assert made.startswith("# Can Amazon be worth four trillion dollars? Memo on 2026Q2\n")
    assert "\n### Scorecard and kill criteria (Scorecard)\n\n| condition |" in made
    assert made.index("### Scorecard") < made.index("### What we do not know") < made.index("| Market cap |")
    first = made.partition("[^1]: ")[2].splitlines()[0]
    assert first.startswith("AWS sales growth, quarter by quarter: 2026Q2 36.8%")


def test_a_section_that_is_not_printed_leaves_no_note(assessed: Any, tmp_path: Path) -> None:
    template = written(tmp_path, "{# thesis: 2 #}\n{{ sections | length > 5 }} {{ footnotes() | length }}\n")
    assert render_memo(assessed(RATED), template) == "True 0\n"


def test_a_marked_page_gets_the_same_sections(assessed: Any, tmp_path: Path) -> None:
    template = written(
        tmp_path,
        "{# thesis: 2 #}\n"
        "{% for section in sections %}<h2>{{ section.title }}</h2>{{ section.body }}{% endfor %}",
        "mine.html.j2",
    )
    made = render_html_memo(assessed(RATED), template)
    assert '<th scope="row"><a href="#rule-margins">Margins in all segments</a></th>' in made


@pytest.mark.parametrize("mark", ["", "{# thesis: 1 #}\n"])
def test_a_template_without_a_mark_has_the_first_names(mark: str, assessed: Any, tmp_path: Path) -> None:
    template = written(tmp_path, f"{mark}{{{{ tell.headline(a) }}}}\n")
    assert render_memo(assessed(RATED), template) == "WATCH\n"


def test_a_marked_template_has_none_of_the_first_names(assessed: Any, tmp_path: Path) -> None:
    template = written(tmp_path, "{# thesis: 2 #}\n{{ tell.headline(a) }}\n")
    with pytest.raises(InvalidInput) as found:
        render_memo(assessed(RATED), template)
    assert found.value.problems[0].message == "the template failed: nothing is called `tell`"


def test_a_number_that_there_is_not_is_a_problem_at_the_mark(assessed: Any, tmp_path: Path) -> None:
    template = written(tmp_path, "{# mine #}\n{# thesis: 3 #}\n")
    with pytest.raises(InvalidInput) as found:
        render_memo(assessed(RATED), template)
    (problem,) = found.value.problems
    assert (problem.span and problem.span.line, problem.message) == (
        2,
        "expected `thesis: 2`, found `thesis: 3`",
    )
