"""The HTML memo: one file, whole by itself, in which whatever somebody wrote is text."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kept import LATER
from thesis.files.disk import bundled_folder
from thesis.memo.html import render_html_memo

RATED, UNRATED = "2026-10-15", "2026-11-22"
ACME = Path(__file__).parents[1] / "data" / "acme"
VOID = {"meta", "input"}  # elements of ours that have nothing inside
APART = {"td", "th", "li", "dt", "dd", "p"}  # elements whose texts do not run on


class Drawn(NamedTuple):
    """A chart, as the charts' own package makes them."""

    id: str
    title: str
    alt: str
    svg: str
    is_late: bool = False


class Parsed(HTMLParser):
    """Every element with its attributes, every text, and the elements that were never closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag in APART:
            self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return "".join(self.texts)


def words_of(text: str) -> str:
    """A text with every run of spaces as one."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def page(assessed: Any) -> str:
    return render_html_memo(assessed(RATED))


# one file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [RATED, UNRATED])
def test_it_needs_nothing_beside_it(assessed: Any, day: str) -> None:
    """No address but those a reader may follow; no image, font or sheet is loaded from anywhere."""
    found = Parsed(render_html_memo(assessed(day)))
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"img", "link", "iframe", "object", "embed", "base", "form", "video", "audio"}
    for tag, attributes in found.elements:
        assert not {"src", "srcset", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        if "href" in attributes:
            assert tag == "a"
            assert re.match(
                r"#|https://www\.(sec\.gov/Archives|ftc\.gov/news-events)/", attributes["href"] or ""
            )
    assert found.open == []


@pytest.mark.parametrize("draw", [True, False], ids=["simulated", "not simulated"])
@pytest.mark.parametrize("name", ["amzn-4t", "googl-cloud", "kept"])
def test_it_is_small_enough_to_send(name: str, draw: bool, delivered: Any, kept: Any) -> None:
    """With all its charts, and with a journal."""
    day, folder = {
        "amzn-4t": (RATED, bundled_folder("rules") / "amzn-4t"),
        "googl-cloud": ("2026-08-15", bundled_folder("rules") / "googl-cloud"),
        "kept": (LATER, kept.kept),
    }[name]
    found = delivered(day, folder, draw=draw)
    page = found.html()
    assert len(page.encode()) < 500_000
    assert page.count("<figure") == len(found.charts) >= 20


def test_the_charts_in_it_are_those_of_the_assessment(delivered: Any, kept: Any) -> None:
    """Each once, letter by letter, the reliability of past forecasts among them."""
    found = delivered(LATER, kept.kept, draw=True)
    page = found.html()
    drawn = {
        re.findall(r'id="(chart-[\w-]+)"', svg)[0]: svg
        for svg in re.findall(r"<svg width.*?</svg>", page, re.DOTALL)
    }
    assert {f"chart-{chart.id}" for chart in found.charts} == set(drawn)
    assert "chart-reliability" in drawn
    for chart in found.charts:
        assert Parsed(drawn[f"chart-{chart.id}"]).text.split() == Parsed(chart.svg).text.split()
        paths = [re.findall(r' d="([^"]*)"', svg) for svg in (drawn[f"chart-{chart.id}"], chart.svg)]
        assert paths[0] == paths[1]


@pytest.mark.parametrize("name", ["rated", "not rated", "what if", "another thesis", "kept", "tripped"])
def test_page_one_says_the_same_in_both_formats(name: str, delivered: Any, kept: Any) -> None:
    """Sentence by sentence: what one of them says the other says too."""
    day, folder, more = {
        "rated": (RATED, None, {}),
        "not rated": (UNRATED, None, {}),
        "what if": (
            RATED,
            None,
            {"given": {"price": 300.0}, "beliefs": {"aws.growth": 0.3, "multiple": 11.0}},
        ),
        "another thesis": ("2026-08-15", bundled_folder("rules") / "googl-cloud", {}),
        "kept": (LATER, kept.kept, {}),
        "tripped": (LATER, kept.tripped, {}),
    }[name]
    found = delivered(day, folder, **more)
    html = re.search(r'<section id="verdict".*?</h2>(.*?)</section>', found.html(), re.DOTALL)
    table = re.search(r"\n\|---.*?\n\n(.*?)\n\n\|", found.markdown(), re.DOTALL)
    assert html and table
    assert _sentences(Parsed(re.sub(r"<sup>.*?</sup>", "", html[1])).text) == _sentences(
        re.sub(r"\\(.)", r"\1", table[1])
    )


def _sentences(text: str) -> list[str]:
    """The sentences of a text without the marks of its format, and without where they are broken."""
    plain = " ".join(re.sub(r"[*`_]|\[\^\d+\]", "", text.replace("\u2019", "'")).split())
    return re.split(r"(?<=\.) (?=[A-Z])", plain)


def test_a_belief_that_is_supposed_is_marked_on_page_one(delivered: Any) -> None:
    """In every format, in its own unit; and nothing is said to be at its middle that is not."""
    found = delivered(RATED, beliefs={"aws.growth": 0.3, "multiple": 11.0})
    html, markdown = found.html(), found.markdown()
    assert "**What if** `aws.growth` = 30.0%, `multiple` = 11.0x. Nothing was written." in markdown
    assert "<code>aws.growth</code> = 30.0%, <code>multiple</code> = 11.0x. Nothing was written." in html
    bar = re.search(r'<div class="sticky".*?</p>', html, re.DOTALL)
    assert bar and "<span>what if</span>" in bar[0]
    for text in (html, markdown):
        assert "With every belief at its middle" not in text
        assert (
            "With AWS growth at 30.0%, operating EV/EBIT at 11.0x and every other belief at its middle"
            in text
        )


def test_it_is_the_same_bytes_each_time(assessed: Any, page: str) -> None:
    assert render_html_memo(assessed(RATED)) == page


def test_every_link_inside_it_has_a_place_to_go(page: str) -> None:
    found = Parsed(page)
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {(attributes["href"] or "")[1:] for attributes in found.all("a")}
    assert {link for link in links if not link.startswith("ttps:")} <= set(ids)


def test_only_its_own_style_and_script_may_act(page: str) -> None:
    """The policy names both by digest, and allows nothing else."""
    policy = next(
        attributes["content"] or ""
        for attributes in Parsed(page).all("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    (style,), (script,) = (
        re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script")
    )
    digests = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digests[0]}'",
        f"script-src 'sha256-{digests[1]}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_headings_are_in_order_and_tables_say_what_their_cells_are(page: str) -> None:
    found = Parsed(page)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(attributes.get("scope") in ("row", "col") for attributes in found.all("th"))
    assert len(found.all("caption")) == len(found.all("table")) > 20
    assert found.all("html") == [{"lang": "en"}]


# what somebody wrote ---------------------------------------------------------------------------------


def test_whatever_somebody_wrote_is_text(assessed: Any, hostile: Path, priced: Any) -> None:
    """Tags, quotes, templates and scripts in a pack add no element and no attribute, and can be read."""
    spoilt = Parsed(render_html_memo(assessed(UNRATED, hostile)))
    clean = Parsed(render_html_memo(assessed(UNRATED, priced(name="clean"))))

    def shape(found: Parsed) -> set[tuple[str, frozenset[str]]]:
        return {(tag, frozenset(attributes)) for tag, attributes in found.elements if tag != "code"}

    assert shape(spoilt) <= shape(clean)
    assert [len(spoilt.all(tag)) for tag in ("script", "style", "svg")] == [
        len(clean.all(tag)) for tag in ("script", "style", "svg")
    ]
    hurt = (
        "<script>alert(1)</script>\"><img src=x onerror=alert(1)>' onclick='alert(1) {{ 7 * 191 }}{% if x %}"
    )
    assert spoilt.text.count(hurt) > 100
    assert "1337" not in spoilt.text
    assert spoilt.text.count("&lt;i&gt;") > 100


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "https://x.org/\"onclick='alert(1)'", "//x.org", "x"],
)
def test_an_address_that_is_not_on_the_web_is_no_link(assessed: Any, folder_pack: Any, address: str) -> None:
    judgements = (ACME / "judgements.yaml").read_text("utf-8")
    quoted = address.replace("'", "''")
    written = judgements.replace("    by: R. Runner\n", f"    by: R. Runner\n    url: '{quoted}'\n")
    assert written != judgements
    found = Parsed(render_html_memo(assessed(RATED, folder_pack({"judgements.yaml": written}))))
    assert not [link for link in found.all("a") if not (link["href"] or "").startswith("#")]


def test_an_address_on_the_web_is_one(assessed: Any, folder_pack: Any) -> None:
    judgements = (ACME / "judgements.yaml").read_text("utf-8")
    written = judgements.replace(
        "    by: R. Runner\n", "    by: R. Runner\n    url: https://acme.example/letter\n"
    )
    found = Parsed(render_html_memo(assessed(RATED, folder_pack({"judgements.yaml": written}))))
    assert "https://acme.example/letter" in [link["href"] for link in found.all("a")]


# what it says ----------------------------------------------------------------------------------------


def note_of(page: str, number: int) -> str:
    """A note of a page, with its formula, its figures and its documents."""
    return page.partition(f'<div id="n{number}">')[2].partition("</details>")[0]


def test_a_note_opens_with_formula_inputs_filings_and_how_they_were_read(page: str) -> None:
    at = next(n for n in range(1, 40) if ">change(intl_margin, 4)<" in note_of(page, n))
    part = note_of(page, at)
    text = words_of(Parsed(part.rpartition("</div>")[0]).text)
    assert text.startswith("change(intl_margin, 4)")
    assert "2024Q4 $1.3bn d7 derived" in text
    assert "Charges in International 2025Q4: judged, primarily read as half to all of 1050..1150m." in text
    assert "d7 10-K 0001018724-25-000004, filed 2025-02-07" in text
    assert 'href="https://www.sec.gov/Archives/edgar/data/1018724/000101872425000004/"' in part


def test_without_a_rating_it_says_so_and_since_when(assessed: Any) -> None:
    text = words_of(Parsed(render_html_memo(assessed(UNRATED))).text)
    assert "NOT RATED today; last rated WATCH on 9 Nov 2026, on 2026Q2." in text


def test_a_what_if_is_said_and_its_figures_cite_no_filing(assessed: Any) -> None:
    text = words_of(
        Parsed(render_html_memo(assessed(RATED, given={"price": 300.0}, beliefs={"aws.growth": 0.22}))).text
    )
    assert "What if price = $300.00, aws.growth = 22.0%. Nothing was written." in text
    assert "What if aws.growth = 22.0%: in no file." in text
    assert "Price, supposed $300.00" in text
    assert "Share price: assumed, in this what-if, and in no file." in text


@pytest.mark.parametrize("day", [RATED, UNRATED])
def test_each_measure_either_flips_the_verdict_or_is_said_not_to(assessed: Any, day: str) -> None:
    found = assessed(day)
    section = Parsed(render_html_memo(found).partition('<section id="flips"')[2].partition("</section>")[0])
    table, _, rest = section.text.partition("Whatever its value, none of these changes it alone:")
    for leaf in (leaf for f in found.findings for leaf in f.leaves()):
        flips = any(x.to for x in found.flips if x.part == leaf.id)
        assert leaf.name in (table if flips else rest)


def test_a_pack_without_valuation_has_no_sliders(assessed: Any) -> None:
    found = Parsed(render_html_memo(assessed(RATED, ACME)))
    assert found.all("input") == []
    assert "What the target takes" not in found.text


# charts ----------------------------------------------------------------------------------------------


def drawn(name: str, style: str = "", inside: str = "") -> Drawn:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120" role="img"{style}>{inside}</svg>'
    return Drawn(name, f"Title of {name}", f"{name} in <words>", svg)


def test_charts_stand_where_they_belong(assessed: Any) -> None:
    """Each in a figure, with what it shows in words; one that no section asks for is not lost."""
    names = [
        "history-aws_growth",
        "scorecard",
        "football",
        "tornado",
        "fan",
        "attribution",
        "matrix",
        "other",
    ]
    page = render_html_memo(assessed(RATED), charts=[drawn(name) for name in names])
    places = {name: page.index(f"{name} in &lt;words&gt;") for name in names}
    sections = {name: page.rindex("<section", 0, place) for name, place in places.items()}
    held = {name: re.findall(r'id="([\w-]+)"', page[start:])[0] for name, start in sections.items()}
    assert held == {
        "history-aws_growth": "rule-aws-growth", "scorecard": "conditions", "matrix": "risks",
        "football": "target", "tornado": "target", "fan": "target", "attribution": "target",
        "other": "charts",
    }  # fmt: skip
    assert page.count("<figure>") == page.count("<figcaption>") == len(names)
    assert '<svg width="360" height="120"' in page


def test_the_styles_of_a_chart_are_let_in_by_digest(assessed: Any) -> None:
    chart = drawn("scorecard", ' style="color:red"', "<style>#a{\n  fill:red\n}</style>")
    page = render_html_memo(assessed(RATED), charts=[chart])
    policy = next(a["content"] or "" for a in Parsed(page).all("meta") if "http-equiv" in a)
    for text in ("#a{\nfill:red\n}", "color:red"):
        assert b64encode(sha256(text.encode()).digest()).decode() in policy
    assert "#a{\nfill:red\n}" in page


# templates of one's own ------------------------------------------------------------------------------


def test_a_template_of_ones_own_escapes_as_well(assessed: Any, hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.html.j2").write_text("<h1>{{ a.title }}</h1><p>{{ note(a.header.price) }}</p>")
    made = render_html_memo(assessed(UNRATED, hostile), str(tmp_path / "mine.html.j2"))
    assert [tag for tag, _ in Parsed(made).elements] == ["h1", "p", "sup", "a"]


def test_a_template_of_ones_own_can_build_on_the_bundled_parts(assessed: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.html.j2").write_text(
        '{% import "macros.html.j2" as m with context %}{{ m.scorecard() }}{{ m.evidence() }}'
    )
    made = render_html_memo(assessed(RATED), str(tmp_path / "mine.html.j2"))
    assert made.count('<details class="evidence">') == 5
