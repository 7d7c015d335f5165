"""The memo as PDF: pages that break where they should, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kept import LAST, LATER
from thesis.memo import pdf
from thesis.memo.html import render_html_memo

pypdf = pytest.importorskip("pypdf")
RATED, UNRATED = "2026-10-15", "2026-11-22"
ACME = Path(__file__).parents[1] / "data" / "acme"


@pytest.fixture(scope="module", autouse=True)
def _pdfs_can_be_made() -> None:
    """Skip where they cannot; asked of the tests, not of the collection, which need not load the library."""
    try:
        pdf.require_pdf_tools()
    except pdf.PdfToolMissing as missing:
        pytest.skip(str(missing))


class Sheet:
    """A PDF's pages as lines of text, without the line at the foot, and the foot by itself."""

    def __init__(self, made: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(made))
        self.texts = [page.extract_text() for page in self.reader.pages]

    @property
    def whole(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.texts))


@pytest.fixture(scope="module")
def page(assessed: Any) -> str:
    return render_html_memo(assessed(RATED))


@pytest.fixture(scope="module")
def made(page: str) -> bytes:
    return pdf.pdf(page)


@pytest.fixture(scope="module")
def sheet(made: bytes) -> Sheet:
    return Sheet(made)


def test_each_page_has_the_pack_its_digest_the_day_and_its_number_at_the_foot(
    sheet: Sheet, assessed: Any
) -> None:
    digest = assessed(RATED).digest[:8]
    for number, text in enumerate(sheet.texts, 1):
        assert f"amzn-4t {digest}, seen from 15 Oct 2026" in text
        assert f"{number} / {len(sheet.texts)}" in text


@pytest.mark.parametrize("day", [RATED, UNRATED])
def test_page_one_stands_alone(assessed: Any, day: str) -> None:
    """The verdict, what would change it, every condition, risk and kill criterion, and nothing cut off."""
    found = assessed(day)
    first, second = Sheet(pdf.pdf(render_html_memo(found))).texts[:2]
    flat = re.sub(r"\s+", " ", first)
    for name in (f.rule.name for f in found.findings):
        assert name in flat
    for label in ("Bottom line.", "Next.", "Conditions score"):
        assert label in flat
    assert ("What would change the rating." in flat) == found.verdict.rated
    assert "Scorecard and kill criteria" in second


@pytest.mark.parametrize("day", [LAST, LATER])
@pytest.mark.parametrize("name", ["kept", "tripped"])
def test_it_does_so_with_a_journal_too(name: str, day: str, delivered: Any, kept: Any) -> None:
    """What is published, four overrides and a tripped criterion leave room for the whole scorecard."""
    found = delivered(day, getattr(kept, name))
    first, second = Sheet(pdf.pdf(found.html())).texts[:2]
    flat = re.sub(r"\s+", " ", first)
    assert "Published: AT RISK" in flat
    assert "Since last quarter." in flat
    assert "Conditions score" in flat
    assert "Scorecard and kill criteria" in second


def test_all_evidence_is_open(sheet: Sheet) -> None:
    assert "ttm(intl.operating_income + charges.intl) / ttm(intl.net_sales)" in sheet.whole
    assert "primarily read as half to all of 1050..1150m" in sheet.whole
    assert "Back to figure" not in sheet.whole
    assert "What if?" not in sheet.whole


class Line(NamedTuple):
    """A line of text or a drawing as it is laid out: where it ends, and the elements it stands in."""

    bottom: float
    inside: tuple[str, ...]
    text: str


def lines_of(box: Any, inside: tuple[str, ...] = ()) -> Iterator[Line]:
    """Every line and drawing in a box of WeasyPrint's, from the outermost element inwards."""
    if type(box).__name__ == "LineBox":
        text = "".join(getattr(each, "text", "") for each in box.descendants())
        if text.strip():
            yield Line(box.position_y + box.height, inside, text)
    if type(box).__name__.endswith("ReplacedBox"):
        yield Line(box.position_y + box.height, inside, "a drawing")
    within = (*inside, box.element_tag) if isinstance(box.element_tag, str) else inside
    for child in getattr(box, "children", ()):
        yield from lines_of(child, within)


@pytest.fixture(scope="module", params=["with charts", "without charts", "with a journal"])
def laid_out(request: pytest.FixtureRequest, assessed: Any, delivered: Any, kept: Any) -> list[Any]:
    """The pages as boxes, the first of each being what flows."""
    import weasyprint

    pages: dict[str, Callable[[], str]] = {
        "with charts": lambda: delivered(RATED, draw=True).html(),
        "without charts": lambda: render_html_memo(assessed(RATED)),
        "with a journal": lambda: delivered(LATER, kept.tripped).html(),
    }
    document = weasyprint.HTML(string=pages[request.param]()).render()
    return [page._page_box.children[0] for page in document.pages]


class Chart:
    """A chart with a word in it."""

    def __init__(self, name: str) -> None:
        self.id = self.title = self.alt = name
        self.is_late = False
        self.svg = (
            '<svg viewBox="0 0 360 290"><text x="9" y="99" fill="var(--ink, #222)">drawn here</text></svg>'
        )


def test_no_heading_is_left_alone_at_the_foot_of_a_page(laid_out: list[Any]) -> None:
    """Whatever a page ends with, it is no heading, no head of a table and no title of evidence."""
    heads = {"h2", "h3", "caption", "thead", "summary"}
    for page in laid_out[:-1]:
        last = max(lines_of(page), key=lambda line: line.bottom)
        assert not heads & set(last.inside), last.text


def test_no_row_of_a_table_is_cut_in_two(laid_out: list[Any]) -> None:
    """Each row stands on one page, but for the heads that stand on every page of their table."""
    pages: dict[int, set[int]] = {}
    for number, page in enumerate(laid_out):
        heads = {id(row.element) for group in page.descendants() if group.element_tag == "thead"
                 for row in group.descendants()}  # fmt: skip
        for box in page.descendants():
            if box.element_tag == "tr" and id(box.element) not in heads:
                pages.setdefault(id(box.element), set()).add(number)
    assert len(pages) > 100
    assert [found for found in pages.values() if len(found) > 1] == []


def test_it_says_what_it_is(sheet: Sheet) -> None:
    assert sheet.reader.metadata.title == "Can Amazon be worth four trillion dollars? Memo on 2026Q2"
    assert sheet.reader.trailer["/Root"]["/Lang"] == "en"
    assert sheet.reader.outline


def test_other_processes_and_other_days_make_the_same_bytes(page: str, made: bytes, tmp_path: Path) -> None:
    (tmp_path / "memo.html").write_text(page, encoding="utf-8")
    program = (
        "import sys, time, hashlib, pathlib; from thesis.memo.pdf import pdf\n"
        "now = time.time\n"
        "time.time = lambda: now() + 1e7\n"
        "print(hashlib.sha256(pdf(pathlib.Path(sys.argv[1]).read_text('utf-8'))).hexdigest())"
    )
    again = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "memo.html")],
        env={**os.environ, "PYTHONHASHSEED": "4"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert again.stdout.strip() == hashlib.sha256(made).hexdigest()
    assert again.stderr == ""


def test_charts_are_drawn_in_it(assessed: Any) -> None:
    assert (
        "drawn here"
        in Sheet(pdf.pdf(render_html_memo(assessed(RATED, ACME), charts=[Chart("scorecard")]))).whole
    )


@pytest.mark.parametrize("address", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:9/x.png"])
def test_a_page_of_ones_own_loads_nothing(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a file beside it nor anything of the network gets into a PDF, and nobody is warned of it."""
    plain = pdf.pdf("<p>words</p>")
    found = pdf.pdf(f'<p>words</p><img src="{address}"><style>@import "{address}";</style>')
    assert abs(len(found) - len(plain)) < 500
    assert capfd.readouterr() == ("", "")
