"""``thesis memo`` in its formats: where each goes, what is refused, and how a missing extra is told."""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from thesis.cli import memo

ACME = str(Path(__file__).parents[1] / "data" / "acme")
RATED = (ACME, "--as-of", "2026-10-15")
HAS_PDF = pytest.mark.skipif(util.find_spec("weasyprint") is None, reason="weasyprint is not installed")


class Drawn(NamedTuple):
    id: str
    title: str
    alt: str
    svg: str
    is_late: bool = False


DRAWN = [
    Drawn("scorecard", "Scores", "Scores by quarter, [all] of them", '<svg viewBox="0 0 9 9"></svg>'),
    Drawn("history-margin", "Margin", "Margin by quarter", '<svg viewBox="0 0 9 9"></svg>'),
]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two charts, as the charts' own package will make them."""
    monkeypatch.setattr(memo, "memo_charts", lambda *_: DRAWN)


# where it goes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        ((), "# Will Acme"),
        (("--format", "markdown"), "# Will Acme"),
        (("--format", "html"), "<!doctype html>"),
        (("--format", "json"), "{\n"),
        (("--json",), "{\n"),
        (("--json", "--format", "json"), "{\n"),
    ],
)
def test_a_format_is_what_is_asked_for(arguments: tuple[str, ...], starts: str, run: Any) -> None:
    found = run("memo", *RATED, *arguments)
    assert (found.code, found.err) == (0, "")
    assert found.out.startswith(starts)


@pytest.mark.parametrize(
    ("file", "starts"),
    [
        ("memo.md", b"# Will Acme"),
        ("memo", b"# Will Acme"),
        ("memo.html", b"<!doctype html>"),
        ("MEMO.HTM", b"<!doctype html>"),
        ("memo.json", b"{\n"),
        pytest.param("memo.pdf", b"%PDF-", marks=HAS_PDF),
    ],
)
def test_the_name_of_a_file_says_the_format(file: str, starts: bytes, run: Any, tmp_path: Path) -> None:
    found = run("memo", *RATED, "--out", file)
    assert (found.code, found.out, found.err) == (0, "", f"wrote {file}\n")
    assert (tmp_path / file).read_bytes().startswith(starts)


def test_what_is_written_is_what_is_printed(run: Any, tmp_path: Path) -> None:
    for form, file in (("html", "memo.html"), ("json", "memo.json")):
        printed = run("memo", *RATED, "--format", form).out
        run("memo", *RATED, "--out", file)
        written = (tmp_path / file).read_text(encoding="utf-8")
        mark = written.removeprefix(printed)
        assert written.startswith(printed)
        assert bool(re.fullmatch(r"<!-- written by thesis, .* -->\n", mark)) == (form == "html")


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("out", ["memo.md", "memo.html", "review/", pytest.param("memo.pdf", marks=HAS_PDF)])
def test_a_memo_replaces_the_one_that_it_wrote_and_nobody_edited(out: str, run: Any, tmp_path: Path) -> None:
    """Seen from another day the file is another; the same day gives the same bytes again."""
    written = tmp_path / (f"{out}memo.md" if out.endswith("/") else out)
    assert run("memo", *RATED, "--out", out).code == 0
    first = written.read_bytes()
    assert run("memo", *RATED[:-1], "2026-10-16", "--out", out).code == 0
    second = written.read_bytes()
    assert run("memo", *RATED, "--out", out).code == 0
    assert written.read_bytes() == first != second
    written.write_bytes(
        first.replace(b"Acme", b"ACME", 1) if b"Acme" in first else first[:-9] + b"x" + first[-9:]
    )
    edited = written.read_bytes()
    found = run("memo", *RATED, "--out", out)
    assert (found.code, written.read_bytes()) == (3, edited)
    assert "was edited since it was written\n  = use --force to replace it" in found.err
    assert run("memo", *RATED, "--out", out, "--force").code == 0
    assert written.read_bytes() == first


def test_what_another_template_writes_is_remade_too(run: Any, tmp_path: Path) -> None:
    """A template knows nothing of the mark, and a file of another ending has none and stays."""
    (tmp_path / "mine.md.j2").write_text("# Mine", encoding="utf-8")
    for _ in range(2):
        assert run("memo", *RATED, "--template", "mine.md.j2", "--out", "mine.md").code == 0
    text = (tmp_path / "mine.md").read_text(encoding="utf-8")
    assert text.count("<!-- written by thesis") == 1
    plain = ("memo", *RATED, "--template", "mine.md.j2", "--format", "markdown", "--out", "mine.txt")
    assert run(*plain).code == 0
    assert "<!--" not in (tmp_path / "mine.txt").read_text(encoding="utf-8")
    assert run(*plain).code == 0  # the same text is there already
    (tmp_path / "mine.txt").write_text("of my own", encoding="utf-8")
    assert run(*plain).code == 3


def test_a_format_that_is_named_beats_the_name_of_the_file(run: Any, tmp_path: Path) -> None:
    assert run("memo", *RATED, "--format", "html", "--out", "memo.txt").code == 0
    assert (tmp_path / "memo.txt").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.usefixtures("drawn")
def test_a_folder_gets_the_memo_and_its_charts(run: Any, tmp_path: Path) -> None:
    """Charts by relative path, each with what it shows in words; the folder is made."""
    found = run("memo", *RATED, "--out", "review/")
    assert (found.code, found.out, found.err) == (0, "", "wrote review/memo.md and 2 charts\n")
    text = (tmp_path / "review" / "memo.md").read_text(encoding="utf-8")
    assert "\n\n![Scores by quarter, \\[all\\] of them](charts/scorecard.svg)\n\n" in text
    assert "\n\n![Margin by quarter](charts/history-margin.svg)\n\n" in text
    charts = {
        file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "review" / "charts").iterdir()
    }
    plain = {name: text.partition("\n<!-- written by thesis")[0] for name, text in charts.items()}
    assert plain == {f"{chart.id}.svg": chart.svg for chart in DRAWN}


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(
    ("form", "file"),
    [("html", "memo.html"), ("json", "memo.json"), pytest.param("pdf", "memo.pdf", marks=HAS_PDF)],
)
def test_a_folder_that_is_there_gets_any_format_under_its_name(
    form: str, file: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "review").mkdir()
    assert run("memo", *RATED, "--format", form, "--out", "review").code == 0
    assert [each.name for each in (tmp_path / "review").iterdir()] == [file]


@pytest.mark.usefixtures("drawn")
def test_one_file_of_markdown_points_to_no_charts(run: Any, tmp_path: Path) -> None:
    run("memo", *RATED, "--out", "memo.md")
    assert "![" not in (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert [each.name for each in tmp_path.iterdir()] == ["memo.md"]


@HAS_PDF
def test_a_pdf_can_be_sent_on() -> None:
    sent = subprocess.run(
        [sys.executable, "-m", "thesis", "memo", *RATED, "--format", "pdf"], capture_output=True, check=True
    )
    assert sent.stdout.startswith(b"%PDF-")
    assert sent.stderr == b""


# what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--json", "--format", "html"), "--json and --format html were both given"),
        (
            ("--template", "mine.html.j2", "--format", "markdown"),
            "`mine.html.j2` makes html, and --format markdown",
        ),
        (
            ("--template", "mine.md.j2", "--out", "memo.html"),
            "`mine.md.j2` makes markdown, and --out memo.html",
        ),
        (("--template", "mine.md.j2", "--format", "pdf"), "`mine.md.j2` makes markdown, and --format pdf"),
        (("--template", "mine.md.j2", "--format", "json"), "JSON has no template"),
        (("--format", "docx"), "'docx' is not one of"),
        (("--out", "audit.xlsx"), "`thesis export workbook --out audit.xlsx`"),
    ],
)
def test_what_does_not_go_together_is_told(arguments: tuple[str, ...], said: str, run: Any) -> None:
    found = run("memo", *RATED, *arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_pdf_is_not_poured_into_a_terminal(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    found = run("memo", *RATED, "--format", "pdf")
    assert found.code == 2
    assert "add `--out memo.pdf`" in found.err


def test_without_weasyprint_it_says_how_to_get_it(
    run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One line, before anything is worked out, and nothing is written."""
    monkeypatch.setattr("thesis.memo.pdf.find_spec", lambda _: None)
    found = run("memo", *RATED, "--out", "memo.pdf")
    assert (found.code, found.out) == (2, "")
    assert found.err == "Error: a PDF needs weasyprint: pip install 'thesis[pdf]'\n"
    assert list(tmp_path.iterdir()) == []


def test_without_its_system_library_it_says_how_to_get_that(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = builtins.__import__

    def broken(name: str, *rest: Any, **more: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return import_(name, *rest, **more)

    monkeypatch.setattr("thesis.memo.pdf.find_spec", lambda _: object())
    monkeypatch.setattr(builtins, "__import__", broken)
    found = run("memo", *RATED, "--out", "memo.pdf")
    assert found.code == 2
    assert "a PDF needs Pango" in found.err
    assert "apt install libpango" in found.err


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("there", ["memo.md", "charts/scorecard.svg"])
def test_nothing_is_written_to_a_folder_where_one_file_is_in_the_way(
    there: str, run: Any, tmp_path: Path
) -> None:
    taken = tmp_path / "review" / there
    taken.parent.mkdir(parents=True)
    taken.write_text("mine", encoding="utf-8")
    found = run("memo", *RATED, "--out", "review")
    assert (found.code, found.out) == (3, "")
    assert f"error[exists]: `review/{there}` is there already" in found.err
    assert [each for each in (tmp_path / "review").rglob("*") if each.is_file()] == [taken]
    assert taken.read_text(encoding="utf-8") == "mine"
    assert run("memo", *RATED, "--out", "review", "--force").code == 0
    assert len([each for each in (tmp_path / "review").rglob("*") if each.is_file()]) == 3


@pytest.mark.usefixtures("drawn")
def test_a_folder_that_cannot_be_made_is_told(run: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    for out in ("taken/", "no/where/"):
        found = run("memo", *RATED, "--out", out)
        assert (found.code, found.out) == (3, "")
        assert "[unwritable]" in found.err
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]


# templates of one's own ------------------------------------------------------------------------------

MISTAKES = {
    "a name that is none": ("{{ asessment }}", "nothing is called `asessment`"),
    "a name that a record does not have": ("{{ a.verdict.rating }}", "Verdict has no `rating`"),
    "a block without an end": ("{% if a %}", "Unexpected end of template"),
}


@pytest.mark.parametrize(("written", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_in_a_template_for_html_has_file_and_line(
    written: str, said: str, run: Any, tmp_path: Path
) -> None:
    (tmp_path / "mine.html.j2").write_text(
        f"<h1>{{{{ a.title }}}}</h1>\n<p>{written}</p>\n", encoding="utf-8"
    )
    found = run("memo", *RATED, "--template", "mine.html.j2")
    assert (found.code, found.out) == (3, "")
    assert found.err.startswith(f"mine.html.j2:2:1: error[template]: the template failed: {said}")


def test_a_template_for_html_makes_html(run: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.html.j2").write_text("<p>{{ a.title ~ '<b>' }}</p>", encoding="utf-8")
    assert (
        run("memo", *RATED, "--template", "mine.html.j2").out
        == "<p>Will Acme&#39;s repair shops outgrow its anvils?&lt;b&gt;</p>\n"
    )


def test_a_template_compiled_for_markdown_is_not_used_for_html(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept of a compiled template does not escape; the same file for HTML must."""
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    (tmp_path / "mine.j2").write_text("{{ a.title }}", encoding="utf-8")
    plain = run("memo", *RATED, "--template", "mine.j2").out
    page = run("memo", *RATED, "--template", "mine.j2", "--format", "html").out
    assert (plain, page) == (
        "Will Acme's repair shops outgrow its anvils?\n",
        "Will Acme&#39;s repair shops outgrow its anvils?\n",
    )


# remembered ------------------------------------------------------------------------------------------


def test_each_format_is_remembered_by_itself(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THESIS_CACHE", str(tmp_path / "cache"))
    for form in ("markdown", "html", "json"):
        first = run("memo", *RATED, "--format", form)
        assert run("memo", *RATED, "--format", form) == first
    assert len(list((tmp_path / "cache" / "memos").iterdir())) == 2
    assert json.loads(run("memo", *RATED, "--json").out)["pack"] == "acme"


@pytest.mark.parametrize("ending", [".docx", ".txt", ".PNG"])
def test_a_memo_is_no_file_of_another_kind(run: Any, tmp_path: Path, ending: str) -> None:
    """An ending that no memo has is refused before any work, unless it is said what the file is to hold."""
    found = run("memo", *RATED, "--out", f"memo{ending}")
    assert (found.code, found.out) == (2, "")
    assert all(known in found.err for known in (".md", ".html", ".pdf", "folder", "--format", ending))
    assert not list(tmp_path.iterdir())
    assert run("memo", *RATED, "--out", f"memo{ending}", "--format", "html").code == 0
    assert (tmp_path / f"memo{ending}").read_text(encoding="utf-8").startswith("<!")
    assert run("memo", *RATED, "--out", "memo").code == 0
    assert (tmp_path / "memo").read_text(encoding="utf-8").startswith("# ")
