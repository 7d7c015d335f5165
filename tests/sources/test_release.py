"""The tables of earnings releases: small ones of an invented company, and those really published."""

from __future__ import annotations

import csv
import itertools
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from thesis.core.interval import Interval
from thesis.core.problem import FileProblems, InvalidInput
from thesis.facts.fact import parse_value
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.metrics import parse_release_lines
from thesis.sources.importing import to_rows
from thesis.sources.releases import (
    release,
    release_figures,
    tables,
)
from thesis.sources.reported_fact import FilingReference

ROOT = Path(__file__).resolve().parents[2]
RELEASES = ROOT.parent / "shared" / "data" / "raw" / "amzn_release_md"
AMAZON = ROOT / "rules" / "amzn-4t"
ACME = ROOT / "tests" / "data" / "acme"
TODAY = date(2026, 11, 22)
SAID = FilingReference("8-K", "0000012345-26-000110", date(2026, 10, 28))


# figures as they are printed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "places", "is_percent"),
    [
        ("$ 1,204", "1204", 0, False),
        ("(1,204)", "-1204", 0, False),
        ("$ (28)", "-28", 0, False),
        ("$(16,899)", "-16899", 0, False),
        ("-5", "-5", 0, False),
        ("\N{MINUS SIGN}5", "-5", 0, False),
        ("11 %", "11", 0, True),
        ("(6)%", "-6", 0, True),
        ("(0.4)%", "-0.4", 1, True),
        ("1.95", "1.95", 2, False),
        ("$ 28,929 $", "28929", 0, False),
        ("11 (1)", "11", 0, False),
        ("1532000", "1532000", 0, False),
    ],
)
def test_a_figure(text: str, value: str, places: int, is_percent: bool) -> None:
    assert release_figures.parse_printed(text) == (Decimal(value), places, is_percent)


@pytest.mark.parametrize(
    "text",
    [
        "12 34",
        "1,23",
        "NaN",
        "inf",
        "1e400",
        "1.2.3",
        "(5",
        "5)",
        "twelve",
        "10%..12%",
        "9" * 50,
        "11%%",
        "1,234,5",
    ],
)
def test_what_is_not_plainly_one_figure_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="expected one figure"):
        release_figures.parse_printed(text)


@pytest.mark.parametrize("text", ["", "—", "-", "--", "— %", "$ —", "N/A", "n/a", "NM", "$", "\N{EN DASH}%"])
def test_what_a_table_leaves_out_is_missing_and_never_zero(text: str) -> None:
    assert release_figures.is_absent(text)


@pytest.mark.parametrize("text", ["0", "0 %", "(1)", "none"])
def test_a_zero_is_a_figure(text: str) -> None:
    assert not release_figures.is_absent(text)


# heads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Q3 2025", (2025, 3)),
        ("Q3 2025 (1)", (2025, 3)),
        ("Q3'25", (2025, 3)),
        ("3Q25", (2025, 3)),
        ("Q1 FY26", (2026, 1)),
        ("FY26 Q1", (2026, 1)),
        ("Three Months Ended June 30, 2025", date(2025, 6, 30)),
        ("3 months ended Sept. 30, 2025 (unaudited)", date(2025, 9, 30)),
        ("12 Weeks Ended May 11, 2025", date(2025, 5, 11)),
        ("Quarter Ended June 30, 2025", date(2025, 6, 30)),
        ("24 Weeks Ended June 15, 2025", None),
        ("Six Months Ended June 30, 2025", None),
        ("Three Months Ended June 31, 2025", None),
        ("Three Months Ended 2025", None),
        ("FY 2025", None),
        ("Y/Y % Change", None),
        ("2025", None),
    ],
)
def test_a_head_names_a_quarter_or_none(text: str, told: Any) -> None:
    assert release_figures.parse_head(text) == told


def test_quarters_are_the_companys_own() -> None:
    """The first quarter of a year that ends in June is the third of the calendar before."""
    first = release_figures.FiscalQuarter(2026, 1)
    assert str(release_figures.quarter_of_head(first, "Q4")) == "2026Q1"
    assert str(release_figures.quarter_of_head(first, "Q2")) == "2025Q3"
    assert str(release_figures.quarter_of_head(date(2025, 10, 4), "Q4")) == "2025Q3"


# tables --------------------------------------------------------------------------------------------

MARKDOWN = """\
Acme Anvils, supplemental figures
(in millions, except employee data)

| | Q2 2026 | Q3 2026 | Y/Y % Change |
|---|---|---|---|
| **Shops and anvils** | | | |
| Anvils:&nbsp; | | | |
| Net sales (1) | $ 97 | $98 | 3 % |
| Net sales -- Y/Y growth | 4 % | 6 % | N/A |
| Repairs: | | | |
| Net sales | $ 54 | $ 62 | 11 % |
| Operating loss | (12) | — | N/A |

| **Other** | | | |
| Smiths | 1,204 | 1,310 | 9 % |

(1) without tongs
"""
PAGE = """\
<HTML><BODY><p>Acme Anvils</p><div>(in millions, except employee data)<br></div>
<table><tr><td><table>
<tr><td colspan="3"></td><td colspan=3>Q2 2026</td><td>&nbsp;</td><td colspan="3">Q3 2026</td><td>
<td colspan="3">Y/Y %<br>Change</td></tr>
<tr><td colspan="3">Anvils:</td><td colspan="3"></td></tr>
<tr><td colspan="3">Net sales <sup>(1)</sup></td><td>$</td><td>97</td><td></td><td></td><td>$</td><td>98</td>
<td></td><td></td><td colspan="2">3</td><td>%</td></tr>
<tr><td colspan="3">Net sales&#8212;Y/Y growth</td><td colspan="2">4</td><td>%</td><td></td>
<td colspan="2">6</td><td>%</td><td></td><td colspan="3">N/A</td></tr>
<tr><td colspan=3>Repairs:<tr><td colspan=3>Net sales<td>$<td>54<td><td><td>$<td>62<td>
<tr><td colspan=3>Operating loss<td colspan=2>(12<td>)<td><td colspan=2>&#8212;<td>
<tr><td colspan=3>Smiths<td colspan=2>1,204<td><td><td colspan=2>1,310<td>
</table></td></tr></table><script>if (a < b) { "<table>" }</script></BODY></HTML>
"""
RUN_ON = """\
Acme Anvils
(in millions, except per share data)
(unaudited)
Q2 2026Q3 2026Y/Y % ChangeAnvilsNet sales$1,097$1,1983%Smiths in all12131%\
Operating income -- TTM (1)$(12)$98N/A\
Operating income -- TTM Y/Y growth(1)%6%N/AEarnings per share$1.43$1.8637%
"""


def read(text: str) -> list[release_figures.ReleaseFigure]:
    return release.read_release(text.encode(), "release")


def told(found: list[release_figures.ReleaseFigure]) -> list[tuple[str, str, str, str]]:
    return [
        (
            " > ".join((*each.headings, each.label)),
            f"{each.period[0]}Q{each.period[1]}",
            each.text,
            f"{each.line}",
        )
        for each in found
        if isinstance(each.period, release_figures.FiscalQuarter)
    ]


def test_a_table_in_markdown() -> None:
    """Headings hold for what is below them; a blank line does not end a table, a text does."""
    assert told(read(MARKDOWN)) == [
        ("Shops and anvils > Anvils: > Net sales (1)", "2026Q2", "$ 97", "8"),
        ("Shops and anvils > Anvils: > Net sales (1)", "2026Q3", "$98", "8"),
        ("Shops and anvils > Anvils: > Net sales -- Y/Y growth", "2026Q2", "4 %", "9"),
        ("Shops and anvils > Anvils: > Net sales -- Y/Y growth", "2026Q3", "6 %", "9"),
        ("Repairs: > Net sales", "2026Q2", "$ 54", "11"),
        ("Repairs: > Net sales", "2026Q3", "$ 62", "11"),
        ("Repairs: > Operating loss", "2026Q2", "(12)", "12"),
        ("Other > Smiths", "2026Q2", "1,204", "15"),
        ("Other > Smiths", "2026Q3", "1,310", "15"),
    ]


def test_a_page_says_the_same() -> None:
    """Columns that span others, signs in cells of their own, tags that nobody closed, a table in a table."""
    found = read(PAGE)
    assert [(each.label, each.text.replace(" ", "")) for each in found] == [
        ("Net sales (1)", "$97"), ("Net sales (1)", "$98"),
        ("Net sales—Y/Y growth", "4%"), ("Net sales—Y/Y growth", "6%"),
        ("Net sales", "$54"), ("Net sales", "$62"),
        ("Operating loss", "(12)"),
        ("Smiths", "1,204"), ("Smiths", "1,310"),
    ]  # fmt: skip
    assert [each.headings for each in found[:5:4]] == [("Anvils:",), ("Repairs:",)]
    assert {each.caption for each in found} == {
        release_figures.TableCaption(Decimal(10**6), ", except employee data")
    }


def test_what_a_terminal_would_act_on_is_not_in_a_label() -> None:
    assert read(MARKDOWN.replace("Smiths", "\x1b[31mSmi&#27;ths"))[-1].label == "[31mSmiths"
    assert read(PAGE.replace("Smiths", "Smi&#27;[1mths"))[-1].label == "Smi[1mths"


def test_a_table_run_together_is_cut_only_where_it_can_be_cut_in_one_way() -> None:
    """``12131%`` may be 12, 13, 1% or 1, 213, 1%: nothing is made of it, nor of what it runs into."""
    found = [(label, text) for label, _, text, _ in told(read(RUN_ON))]
    assert found == [
        ("Anvils > Net sales", "$1,097"),
        ("Anvils > Net sales", "$1,198"),
        ("Anvils > Smiths in all12131%Operating income -- TTM (1)", "$(12)"),
        ("Anvils > Smiths in all12131%Operating income -- TTM (1)", "$98"),
        ("Anvils > Operating income -- TTM Y/Y growth", "(1)%"),
        ("Anvils > Operating income -- TTM Y/Y growth", "6%"),
        ("Anvils > Earnings per share", "$1.43"),
        ("Anvils > Earnings per share", "$1.86"),
    ]


def test_heads_on_two_lines() -> None:
    """Months above, years below; a blank beside a span belongs to it, and half a year is passed over."""
    rows = (
        "| | Three Months Ended June 30, | | Six Months Ended June 30, | |\n| | 2025 | 2026 | 2025 | 2026 |\n"
    )
    found = read(f"(in millions)\n\n{rows}|-|-|-|-|-|\n| Sales | 10 | 11 | 19 | 22 |\n")
    assert [(each.period, each.text) for each in found] == [
        (date(2025, 6, 30), "10"),
        (date(2026, 6, 30), "11"),
    ]
    page = (
        "<table><tr><td rowspan=2><td colspan=2>Three Months Ended June 30,"
        "<td colspan=2>Six Months Ended June 30,"
        "<tr><td>2025<td>2026<td>2025<td>2026<tr><td>Sales<td>10<td>11<td>19<td>22</table>"
    )
    assert [(each.period, each.text) for each in read(page)] == [
        (date(2025, 6, 30), "10"),
        (date(2026, 6, 30), "11"),
    ]


SPANS = {
    "Three Months Ended September 30,": ("10", "11"),
    "Six Months Ended September 30,": ("19", "22"),
    "Nine Months Ended September 30,": ("28", "32"),
}


@pytest.mark.parametrize(
    "order", list(itertools.permutations(SPANS)), ids=lambda o: "-".join(n[:3] for n in o)
)
def test_the_order_of_the_columns_does_not_matter(order: tuple[str, ...]) -> None:
    """What runs for longer may stand to the left of the quarter: in no case is a figure part of a label."""
    heads = "".join(f"<td colspan=4>{span}" for span in order)
    years = "<td colspan=2>2025<td colspan=2>2024" * len(order)
    cells = "".join(f"<td>$<td>{figure}" for span in order for figure in SPANS[span])
    page = f"(in millions)<table><tr><td>{heads}<tr><td>{years}<tr><td>Net sales{cells}</table>"
    drawn = (
        f"(in millions)\n\n| | {' | | '.join(order)} | |\n| {' | 2025 | 2024' * len(order)} |\n"
        f"| Net sales | {' | '.join(figure for span in order for figure in SPANS[span])} |\n"
    )
    flat = (
        f"(in millions)\n\n| | {' | '.join(f'{span} {year}' for span in order for year in (2025, 2024))} |\n"
        f"| Net sales | {' | '.join(figure for span in order for figure in SPANS[span])} |\n"
    )
    for text in (page, drawn, flat):
        found = [(each.label, each.period, each.text.strip("$ ")) for each in read(text)]
        assert found == [("Net sales", date(2025, 9, 30), "10"), ("Net sales", date(2024, 9, 30), "11")]


def test_heads_that_count_weeks() -> None:
    page = (
        "(in millions)<table><tr><td><td colspan=2>12 Weeks Ended<td colspan=2>36 Weeks Ended"
        "<tr><td><td>May 11, 2025<td>May 12, 2024<td>May 11, 2025<td>May 12, 2024"
        "<tr><td>Sales<td>10<td>11<td>19<td>22</table>"
    )
    assert [(each.period, each.text) for each in read(page)] == [
        (date(2025, 5, 11), "10"),
        (date(2024, 5, 12), "11"),
    ]


def test_a_table_of_something_else_does_not_lend_its_columns() -> None:
    text = MARKDOWN.replace("| **Other** | | | |", "| | 2024 | 2025 | 2026 |")
    assert [label for label, *_ in told(read(text)) if "Smiths" in label] == []


@pytest.mark.parametrize(
    ("unit", "caption", "scale"),
    [
        ("USD", "(in millions)", 10**6),
        ("USD", "(In thousands, except per share data)", 10**3),
        ("USD", "(in millions) (in billions)", 10**9),
        ("USD/share", "(in millions, except per share data)", 1),
        ("shares", "(in millions, except per share data)", 10**6),
        ("shares", "(in millions, except share and per share data)", 1),
        (
            "shares",
            "(in millions, except number of shares, which are in thousands, and per share data)",
            10**3,
        ),
        ("count", "(in millions, except employee data)", 1),
        ("count", "", 1),
        ("USD", "", None),
        ("count", "(in millions, except per share data)", None),
        ("count", "(in millions)", None),
    ],
)
def test_what_a_table_counts_in(unit: str, caption: str, scale: int | None) -> None:
    text = MARKDOWN.replace("(in millions, except employee data)", caption)
    found = read(text)[0].caption
    if scale is None:
        with pytest.raises(ValueError, match="the table does not say"):
            release_figures.scale_of(unit, found)
    else:
        assert release_figures.scale_of(unit, found) == scale


@pytest.mark.parametrize("text", ["A > B > C", "", " | A", "A > ", "> A", "--", "x" * 400])
def test_a_line_that_names_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="expected a line of a release"):
        parse_release_lines(text)


# what is no release --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b"   \n", "empty-file"),
        (b"\x00\x01\x02", "not-a-release"),
        (b"%PDF-1.7 ...", "not-a-release"),
        (b"PK\x03\x04...", "not-a-release"),
        (b"Net sales rose.", "not-a-release"),
        (b"| a | b |\n|---|---|\n| c | 1 |", "not-a-release"),
        (b"<html><table></table>", "not-a-release"),
        (b"<table><tr><td>Q3 2026", "not-a-release"),
        (b"<table>" * 100, "too-deep"),
        (b"<table><tr>" + b"<td>1" * 2000 + b"<tr><td>1" * 2000, "too-large"),
        (b"|a|1|\n" * 2000, "too-large"),
        (b"Q1 2026" * tables.LONGEST_RUN_ON, "too-large"),
    ],
)
def test_what_is_no_release_is_refused(data: bytes, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 2000)
    with pytest.raises(InvalidInput) as refused:
        release.read_release(data, "release")
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "MOST_BYTES", 1000)
    with pytest.raises(InvalidInput) as refused:
        release.read_release(b"<td>" * 1000, "release")
    assert refused.value.problems[0].code == "too-large"
    with pytest.raises(InvalidInput) as refused:
        release.read_release(tmp_path, "release")
    assert refused.value.problems[0].code == "unreadable-file"


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<!--" * 50_000,
        "<style>x" * 30_000,
        "|" * 200_000,
        "| " + "- :" * 70_000 + "x |",
        "*" * 99_999,
    ],
)
def test_what_is_never_closed_comes_to_an_end(text: str) -> None:
    """Read in one pass: a reader that looks again from every sign would not be done with this today."""
    assert list(tables.html_tables(f"<table>{text}", FileProblems("x"))) is not None
    assert list(tables.markdown_tables(text, FileProblems("x"))) is not None


# rows ----------------------------------------------------------------------------------------------


def acme(folder_pack: Any, unit: str = "USD", **lines: str) -> Pack:
    """The Acme pack with its number and lines of a release, in a currency."""
    text = (
        (ACME / "metrics.yaml")
        .read_text(encoding="utf-8")
        .replace("Acme Anvils}", "Acme Anvils, cik: 12345}")
    )
    for name, line in lines.items():
        start = text.index(f"  {name.replace('__', '.')}: {{") + len(name.replace("__", ".")) + 5
        text = f'{text[:start]}release: "{line}", {text[start:]}'
    folder = folder_pack({"metrics.yaml": text.replace("unit: USD", f"unit: {unit}")})
    return build(read_folder(folder, ""))[0]


def take(
    tmp_path: Path, pack: Pack, text: str = MARKDOWN, said: FilingReference = SAID
) -> release.ReleaseResult:
    path = tmp_path / "release.md"
    path.write_text(text, encoding="utf-8")
    return release.release_rows(path, "release.md", pack, to_rows.ImportOptions(said), TODAY)


def test_lines_become_rows(folder_pack: Any, tmp_path: Path) -> None:
    """Under its heading the line is that of the anvils; what the release does not have is told."""
    pack = acme(
        folder_pack, anvils__sales="Anvils > Net sales", building="Money on shops | Money spent on shops"
    )
    found = take(tmp_path, pack)
    assert [(row.concept, row.period, row.value) for row in found.contents.rows] == [
        ("anvils.sales", "2026Q2", "97000000"),
        ("anvils.sales", "2026Q3", "98000000"),
    ]
    row = found.contents.rows[0]
    assert (row.source, row.how, row.unit) == ("8-K 0000012345-26-000110 (release)", "reported", "USD")
    assert (row.filed, row.place, int(row.slack)) == (date(2026, 10, 28), "release.md:8", 500_000)
    assert found.missing == ["building"]
    assert "Repairs: > Net sales" in {line for line, _ in found.contents.unmapped}


def test_a_line_that_stands_twice_with_different_figures_is_a_problem(
    folder_pack: Any, tmp_path: Path
) -> None:
    pack = acme(folder_pack, sales="Net sales")
    taken = take(tmp_path, pack).contents
    assert [each.concept for each in taken.withheld] == ["sales"] and not taken.rows
    problem = taken.problems[0]
    assert problem.code == "stated-twice"
    assert "`Anvils: > Net sales (1)` on line 8" in problem.message and "$ 54" in problem.message
    assert problem.span is not None and problem.span.line == 11
    assert "release: heading > line" in problem.hint


@pytest.mark.parametrize(
    ("caption", "unit", "is_taken"),
    [
        ("(in millions)", "USD", True),
        ("(in millions of U.S. dollars)", "USD", True),
        ("(in millions of dollars, except per share data)", "USD", True),
        ("(in millions of euros)", "USD", False),
        ("(in millions of euros)", "EUR", True),
        ("(in EUR millions)", "USD", False),
        ("(EUR million)", "EUR", True),
        ("(\N{EURO SIGN} in millions)", "USD", False),
        ("(in \N{EURO SIGN} millions)", "EUR", True),
        ("(in thousands of pounds sterling)", "USD", False),
        ("(in thousands of pounds sterling)", "GBP", True),
        ("(in millions of Canadian dollars)", "USD", False),
        ("(in millions of Swiss francs)", "CHF", True),
        ("(in millions of yen)", "USD", False),
        ("(in RMB millions)", "CNY", True),
        ("Sales in euros rose. (in millions)", "USD", True),
    ],
)
def test_a_table_in_another_currency_is_not_taken(
    caption: str, unit: str, is_taken: bool, folder_pack: Any, tmp_path: Path
) -> None:
    """What the caption names decides; a table that names no currency is in that of the line item."""
    text = MARKDOWN.replace("(in millions, except employee data)", caption).replace("$", "")
    _check_currency(text, unit, is_taken, folder_pack, tmp_path)


@pytest.mark.parametrize(
    ("sign", "unit", "is_taken"),
    [
        ("$", "USD", True),
        ("$", "CAD", True),
        ("$", "EUR", False),
        ("\N{EURO SIGN}", "EUR", True),
        ("\N{EURO SIGN}", "USD", False),
        ("\N{POUND SIGN}", "GBP", True),
        ("C$", "USD", False),
    ],
)
def test_the_sign_before_a_figure_names_its_currency(
    sign: str, unit: str, is_taken: bool, folder_pack: Any, tmp_path: Path
) -> None:
    _check_currency(MARKDOWN.replace("$", sign), unit, is_taken, folder_pack, tmp_path)


def _check_currency(text: str, unit: str, is_taken: bool, folder_pack: Any, tmp_path: Path) -> None:
    """Both figures of a line are taken, or none for the currency of its table."""
    pack = acme(folder_pack, unit=unit, anvils__sales="Anvils > Net sales")
    if is_taken:
        assert len(take(tmp_path, pack, text).contents.rows) == 2
        return
    taken = take(tmp_path, pack, text).contents
    assert not taken.rows
    (problem,) = taken.problems
    assert problem.code == "wrong-unit"
    assert f"measured in {unit}, and the table is in" in problem.message


def test_a_line_that_stands_twice_with_one_figure_is_none(folder_pack: Any, tmp_path: Path) -> None:
    pack = acme(folder_pack, sales="Net sales | Turnover")
    text = MARKDOWN.replace("| Net sales | $ 54 | $ 62 |", "| Turnover | 97 | 98 |")
    assert len(take(tmp_path, pack, text).contents.rows) == 2


def test_a_quarter_that_was_not_over_is_a_problem(folder_pack: Any, tmp_path: Path) -> None:
    pack = acme(folder_pack, sales="Anvils > Net sales")
    with pytest.raises(InvalidInput) as refused:
        take(tmp_path, pack, MARKDOWN.replace("Q3 2026", "Q4 2026"))
    assert [problem.code for problem in refused.value.problems] == ["bad-date"]
    with pytest.raises(InvalidInput) as refused:
        take(tmp_path, pack, said=SAID._replace(filed=date(2027, 1, 1)))
    assert [problem.code for problem in refused.value.problems] == ["future-date"]


def test_a_quarter_that_ends_before_the_calendars(folder_pack: Any, tmp_path: Path) -> None:
    """What ends in October is kept as the fourth quarter, and told in November."""
    pack = acme(folder_pack, sales="Anvils > Net sales")
    text = MARKDOWN.replace("Q2 2026", "Three Months Ended July 26, 2026")
    text = text.replace("Q3 2026", "Three Months Ended October 25, 2026")
    said = SAID._replace(filed=date(2026, 11, 18))
    assert [row.period for row in take(tmp_path, pack, text, said).contents.rows] == ["2026Q3", "2026Q4"]
    with pytest.raises(InvalidInput) as refused:
        take(tmp_path, pack, text, said._replace(filed=date(2026, 10, 24)))
    assert [problem.code for problem in refused.value.problems] == ["bad-date"]


def test_figures_that_do_not_fit_are_left_out(folder_pack: Any, tmp_path: Path) -> None:
    """A percentage is no money, and a jumble is no figure."""
    pack = acme(folder_pack, sales="Anvils > Net sales -- Y/Y growth", building="Smiths")
    text = MARKDOWN.replace("| 1,204 | 1,310 |", "| 1,204 7 | NaN |").replace(
        "except employee data", "except care"
    )
    found = take(tmp_path, pack, text)
    assert found.contents.rows == ()
    assert found.contents.left_out == Counter({"a percentage where USD belongs": 2, "no plain figure": 2})


def test_money_in_tenths_of_billions_is_a_range(folder_pack: Any, tmp_path: Path) -> None:
    pack = acme(folder_pack, sales="Anvils > Net sales")
    text = MARKDOWN.replace("in millions", "in billions").replace("$98", "$98.4")
    assert [row.value for row in take(tmp_path, pack, text).contents.rows] == [
        "96500000000..97500000000",
        "98350000000..98450000000",
    ]


# what was really published -------------------------------------------------------------------------

PUBLISHED = [
    ("amazon-2025-08-8k-excerpts-parsed-text.md", "0001018724-25-000084", date(2025, 7, 31), 128),
    ("AMZN-Q3-2025-Earnings-Release.md", "0001018724-25-000121", date(2025, 10, 30), 128),
    ("amzn_Q4_2025_release_apresai_amzn.md", "0001018724-26-000002", date(2026, 2, 5), 24),
]
NOT_GATHERED = {"aws.growth_without_fx"}  # read by no rule, so the bundled facts have none of it


@cache
def bundled() -> dict[tuple[str, str], list[Interval]]:
    """What the bundled pack has for each concept's quarter, vintage by vintage."""
    found: dict[tuple[str, str], list[Interval]] = defaultdict(list)
    with (AMAZON / "facts" / "AMZN.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            value = parse_value(row["value"])
            if isinstance(value, Interval):
                found[row["concept"], row["period"]].append(value)
    return found


@pytest.mark.parametrize(("name", "accession", "filed", "count"), PUBLISHED)
def test_every_figure_of_a_real_release_is_the_bundled_one(
    name: str, accession: str, filed: date, count: int
) -> None:
    """Rounded figures of the quarterly reports (25.3bn of shipping) hold the exact one of the release."""
    path = RELEASES / name
    if not path.exists():
        pytest.skip("the releases are not here")
    pack = build(read_folder(AMAZON, ""))[0]
    found = release.release_rows(
        path, name, pack, to_rows.ImportOptions(FilingReference("8-K", accession, filed)), TODAY
    )
    assert len(found.contents.rows) == count
    assert found.contents.left_out == Counter()
    assert found.figures == sum(found.contents.unmapped.values()) + count
    for row in found.contents.rows:
        if row.concept in NOT_GATHERED:
            continue
        value = parse_value(row.value)
        assert isinstance(value, Interval)
        told = bundled()[row.concept, row.period]
        assert value in told, f"{row.concept} {row.period}: {row.value}, and bundled {told}"


def test_a_real_release_says_what_the_summary_of_it_says() -> None:
    """Figures as the text of the release has them, read by eye: of the table's ends and middle."""
    path = RELEASES / "AMZN-Q3-2025-Earnings-Release.md"
    if not path.exists():
        pytest.skip("the releases are not here")
    pack = build(read_folder(AMAZON, ""))[0]
    found = release.release_rows(
        path,
        path.name,
        pack,
        to_rows.ImportOptions(FilingReference("8-K", PUBLISHED[1][1], PUBLISHED[1][2])),
        TODAY,
    )
    rows = {(row.concept, row.period): row.value for row in found.contents.rows}
    assert rows["shipping_costs", "2025Q3"] == "25384000000"
    assert rows["units_growth", "2025Q1"] == "0.075..0.085"
    assert rows["aws.growth_without_fx", "2025Q3"] == "0.195..0.205"
    assert rows["fcf_ttm", "2024Q4"] == "38219000000"
    assert rows["employees", "2024Q2"] == "1532000"
    assert rows["shares_diluted", "2025Q3"] == "10845000000"
    assert rows["intl.operating_income", "2024Q2"] == "273000000"
    assert found.missing == ["fcf_less_leases_ttm"]
