"""What the program writes of itself on the pages is what it does now, and leaves nothing out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import thesis
from scripts.docs.glossary import words
from scripts.docs.markdown import NOTICE, fenced, prose, with_sections
from scripts.docs.problems import groups
from scripts.docs.sections import SECTIONS
from scripts.docs.shapes import undescribed
from scripts.docs.written import DOCS, sections_renewed, whole_pages, written_by_hand
from tests.docs.conftest import name
from tests.docs.conftest import words as words_of
from thesis.cli import COMMANDS
from thesis.pack.schema.shapes import FILES

REFERENCE = DOCS / "reference"
RENEW = "run: python -m scripts.docs"


@pytest.fixture(scope="module")
def written() -> dict[Path, str]:
    """The pages that nobody edits, as the program writes them now."""
    return whole_pages()


def test_the_pages_of_the_program_are_up_to_date(written: dict[Path, str]) -> None:
    old = [name(page) for page, text in written.items() if page.read_text(encoding="utf-8") != text]
    assert old == [], RENEW
    assert all(text.startswith(NOTICE) for text in written.values())


@pytest.mark.parametrize("page", list(written_by_hand()), ids=name)
def test_the_sections_of_a_page_are_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert sections_renewed(text) == text, RENEW


def test_every_section_is_on_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in written_by_hand())
    assert [section for section in SECTIONS if f"<!-- {section} -->" not in pages] == []


def test_every_key_says_what_it_means() -> None:
    """In the reference, and in an editor that reads the schema."""
    assert list(undescribed()) == []


def test_every_file_of_a_pack_has_a_page(written: dict[Path, str]) -> None:
    pages = {page.stem for page in written if page.parent.name == "pack"}
    assert {file.partition(".")[0] for file in (*FILES, "trials.yaml", "standard.yaml")} == pages


def test_every_command_has_a_section() -> None:
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ thesis (.+)$", text, re.MULTILINE)
    assert set(COMMANDS) <= set(headings)
    assert {"review sign", "facts fetch", "forecast resolve"} <= set(headings)
    assert "--fail-under VERDICT" in text


def test_every_problem_has_a_meaning_in_a_sentence() -> None:
    """A code with a case has a line in meanings.yaml, and the other way round."""
    cases = {
        folder.name.partition(".")[0]
        for folder in (DOCS.parent / "tests/problems").iterdir()
        if folder.is_dir()
    }
    meanings = {code: meaning for group in groups().values() for code, meaning in group.items()}
    assert meanings.keys() == cases
    for meaning in meanings.values():
        assert meaning.endswith(".")
        assert meaning[0].isupper() or meaning.startswith("`")


def test_the_catalogue_shows_the_mistake_and_what_is_said_of_it(written: dict[Path, str]) -> None:
    entry = written[REFERENCE / "problems.md"].split("### duplicate-key\n")[1].split("\n### ")[0]
    assert "sales: {label: Turnover" in entry
    assert "error[duplicate-key]: `sales` stands here a second time" in entry
    assert "= it is on line 5 already" in entry


def test_every_word_of_the_glossary_is_told(written: dict[Path, str]) -> None:
    text = written[REFERENCE / "glossary.md"]
    assert len(words()) > 60
    assert all(f"| {word} | {meaning} |" in text for word, meaning in words())


def test_every_environment_variable_is_told() -> None:
    """Whatever the program reads from its environment stands on the page."""
    page = words_of(REFERENCE / "environment.md")
    code = "".join(
        module.read_text(encoding="utf-8") for module in Path(thesis.__file__).parent.rglob("*.py")
    )
    read = set(re.findall(r"""(?:environ(?:\.get\(|\[)|envvar=)["'](\w+)["']""", code))
    assert {"THESIS_TODAY", "SEC_CONTACT"} <= read
    assert sorted(variable for variable in read if f"`{variable}`" not in page) == []


def test_every_extra_is_told() -> None:
    """What is installed for a purpose of its own stands on the page; tools of developers do not."""
    page = words_of(REFERENCE / "environment.md")
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].keys() - {"test", "dev"}
    assert sorted(extra for extra in extras if f"`thesis[{extra}]`" not in page) == []


def test_every_exit_code_is_told() -> None:
    page = words_of(REFERENCE / "exit-codes.md")
    source = (Path(thesis.__file__).parent / "cli" / "__init__.py").read_text(encoding="utf-8")
    for code in {"0", "1", "2", "4", *re.findall(r"sys\.exit\((\d+)\)", source)}:
        assert f"\n| {code} | " in page


def test_plain_words_stay_plain() -> None:
    """A word between angle brackets is no tag, one in backticks is code."""
    assert prose("2<=x, [default: a*b] and ``code[0]``") == r"2\<=x, \[default: a\*b\] and `code[0]`"
    assert fenced("```") == "````text\n```\n````"


def test_what_nobody_writes_anew_stays() -> None:
    text = "<!-- mine -->\nby hand\n<!-- /mine -->\n<!-- other -->\nold\n<!-- /other -->\n"
    assert with_sections(text, {"other": lambda: "new"}) == text.replace("old", "new")
