"""``thesis facts add`` as a person meets it."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from thesis.cli import facts_add
from thesis.core.period import Quarter, parse_day
from thesis.facts.fact import Fact, parse_value
from thesis.sources.importing import by_hand

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parents[2]
ACME = ROOT / "tests" / "data" / "acme"
SOURCE = "8-K 0000012345-26-000112 (release)"
SAID = ("--filed", "2026-10-28", "--source", SOURCE, "--quote", "anvils came to about $98 million")
MORE = """\
  guidance.sales_low: {label: Sales guided, unit: USD, kind: flow}
  run_rate: {label: Sales of bells at an annual rate, unit: USD, kind: stock}
  bell_growth: {label: Growth of bells, unit: ratio, kind: rate}
  price: {label: Share price, unit: USD/share, kind: daily}
  charges: {label: Charges, unit: USD, kind: register}
  guess: {label: A guess, unit: ratio, kind: rate, assume: 1%..2%, because: We guess.}

metrics:
"""


@pytest.fixture
def pack(folder_pack: Any) -> Path:
    """The Acme pack with concepts that stand in prose."""
    text = (ACME / "metrics.yaml").read_text(encoding="utf-8").replace("\nmetrics:\n", MORE, 1)
    folder: Path = folder_pack({"metrics.yaml": text})
    return folder


def facts(pack: Path) -> str:
    return (pack / "facts/ACME.csv").read_text(encoding="utf-8")


def added(pack: Path, before: str) -> list[list[str]]:
    """The rows that are new."""
    lines = [line for line in facts(pack).splitlines() if line not in before.splitlines()]
    return list(csv.reader(io.StringIO("\n".join(lines))))


def test_a_quarter_is_over_once_the_companys_reports_say_so(pack: Path, run: Any) -> None:
    """Fiscal quarters that end in January and April are told before the calendar's are over."""
    metrics = (pack / "metrics.yaml").read_text(encoding="utf-8")
    (pack / "metrics.yaml").write_text(
        metrics.replace("  sales: {", "  sales: {tag: us-gaap:Revenues, ", 1), encoding="utf-8"
    )
    said = ("--period", "2026Q4", "--value", "17m", *SAID[2:], "--filed", "2026-11-18", "-p", "acme")
    refused = run("facts", "add", "run_rate", *said)
    assert refused.code == 3 and "when 2026Q4 was not over" in refused.err
    early = [
        f"sales,{year}Q{i},98000000,USD,{year}-{3 * i - 1:02}-20,10-Q of {year}Q{i},reported,"
        for year in (2024, 2025)
        for i in (1, 2, 3, 4)
    ]
    (pack / "facts/ACME.csv").write_text(facts(pack) + early[0] + "\n", encoding="utf-8")
    assert "when 2026Q4 was not over" in run("facts", "add", "run_rate", *said).err  # one may be a slip
    (pack / "facts/ACME.csv").write_text(facts(pack) + "\n".join([*early[1:], ""]), encoding="utf-8")
    found = run("facts", "add", "run_rate", *said)
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n")


def test_a_figure_is_entered_with_its_words(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run(
        "facts", "add", "run_rate", "--period", "2026Q3", "--value", ">16.9m", *SAID,
        "--url", "https://acme.example/q3?a=1", "--note", "bells alone", "-p", "acme",
    )  # fmt: skip
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n")
    assert found.out == f"new: 1\n  run_rate 2026Q3  >16900000  {SOURCE}, 2026-10-28; reported\n"
    note = '"anvils came to about $98 million" <https://acme.example/q3?a=1>; bells alone'
    assert added(pack, before) == [
        ["run_rate", "2026Q3", ">16900000", "USD", "2026-10-28", SOURCE, "reported", note]
    ]
    assert run("lint", "acme").code == 0


def test_entering_it_twice_adds_nothing_and_says_where_it_stands(pack: Path, run: Any) -> None:
    words = ("facts", "add", "run_rate", "--period", "2026Q3", "--value", "5m", *SAID, "-p", "acme")
    run(*words)
    before = facts(pack)
    again = run(*words)
    assert (again.code, again.err, facts(pack)) == (0, "", before)
    assert "unchanged: 1\n" in again.out and "nothing to add: acme/facts/ACME.csv:" in again.out


def test_a_dry_run_writes_nothing(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run(
        "facts", "add", "run_rate", "--period", "2026Q3", "--value", "5m", *SAID, "-p", "acme", "--dry-run"
    )
    assert (found.code, facts(pack)) == (0, before)
    assert found.out.startswith("new: 1\n") and found.out.endswith("nothing was written: a dry run\n")


def test_a_later_figure_restates_and_the_old_one_stays(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run("facts", "add", "building", "--period", "2026Q2", "--value", "1m", *SAID, "-p", "acme")
    assert found.code == 0 and "restated: 1\n  building 2026Q2  28000000 -> 1000000 (-96.43%)" in found.out
    assert set(before.splitlines()) < set(facts(pack).splitlines())


def test_what_contradicts_a_row_of_the_day_names_both_places(pack: Path, run: Any) -> None:
    before = facts(pack)
    filed = next(line for line in before.splitlines() if line.startswith("building,2026Q2")).split(",")[4]
    found = run(
        "facts",
        "add",
        "building",
        "--period",
        "2026Q2",
        "--value",
        "1m",
        *SAID,
        "--filed",
        filed,
        "-p",
        "acme",
    )
    assert found.code == 3 and "error[contradiction]" in found.err
    assert "acme/facts/ACME.csv:" in found.err and "(entered now)" in found.err
    assert "--without" not in found.err
    assert facts(pack) == before


def test_what_breaks_an_identity_is_not_written(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run("facts", "add", "sales", "--period", "2026Q2", "--value", "1bn", *SAID, "-p", "acme")
    assert found.code == 3 and "`lines` does not tie in 2026Q2" in found.err
    assert facts(pack) == before


def test_an_item_of_a_register(pack: Path, run: Any) -> None:
    before = facts(pack)
    words = (
        "--period",
        "2026Q3",
        "--value",
        "2m..4m",
        *SAID,
        "--how",
        "judged: primarily, read as half to all",
    )
    found = run("facts", "add", "charges/severance", *words, "-p", "acme")
    assert found.code == 0, found.err
    assert [row[:3] for row in added(pack, before)] == [["charges/severance", "2026Q3", "2000000..4000000"]]
    none = run("facts", "add", "charges", *words, "-p", "acme")
    assert none.code == 2 and "needs an item" in none.err


@pytest.mark.parametrize(
    ("concept", "period", "filed", "more", "code"),
    [
        ("run_rate", "2026Q3", "2026-12-01", (), "future-date"),
        ("run_rate", "2026Q4", "2026-11-01", (), "bad-date"),
        ("run_rate", "2026Q3", "2026-09-30", (), "bad-date"),
        ("sales", "FY2026", "2026-11-01", (), "bad-date"),
        ("price", "2026-10-30", "2026-10-29", (), "bad-date"),
        ("price", "2026-10-30", "2026-10-30", (), ""),
        ("run_rate", "2026Q4", "2026-11-01", ("--ahead",), ""),
        ("guidance.sales_low", "2026Q4", "2026-11-01", (), ""),
        ("guidance.sales_low", "2026Q4", "2026-12-01", (), "future-date"),
    ],
)
def test_a_day_that_cannot_be(
    concept: str, period: str, filed: str, more: tuple[str, ...], code: str, pack: Path, run: Any
) -> None:
    """Nothing is known tomorrow; only what is told ahead is known before its period is over."""
    before = facts(pack)
    words = ("--period", period, "--value", "5", *SAID, "--filed", filed, *more)
    found = run("facts", "add", concept, *words, "-p", "acme")
    assert found.code == (3 if code else 0), found.err
    assert f"[{code}]" in found.err if code else facts(pack) != before
    assert not code or facts(pack) == before
    assert "[bad-date]" not in run("lint", "-p", "acme").out + run("lint", "acme").out


def test_all_that_is_missing_is_told_at_once(pack: Path, run: Any) -> None:
    found = run("facts", "add", "-p", "acme")
    assert (found.code, found.out) == (2, "")
    assert "missing: CONCEPT, --period, --value, --filed, --source, --quote or --url" in found.err
    assert "missing: --quote or --url" in run(
        "facts", "add", "run_rate", "--period", "2026Q3", "--value", "5", "--filed", "2026-10-28",
        "--source", "x", "-p", "acme",
    ).err  # fmt: skip


def test_all_that_is_wrong_is_told_at_once(pack: Path, run: Any) -> None:
    before = facts(pack)
    found = run(
        "facts", "add", "run_rate", "--period", "2026-10-01", "--value", "5,000", "--unit", "EUR",
        "--filed", "2026-10-28", "--source", "x", "--url", "ftp://x", "--how", "perhaps", "-p", "acme",
    )  # fmt: skip
    assert (found.code, found.out) == (2, "")
    for told in (
        "is measured in USD, found `EUR`",
        "a quarter like 2026Q2",
        "`5,000`",
        "https://",
        "`perhaps`",
    ):
        assert told in found.err
    assert facts(pack) == before
    wrong = run("facts", "add", "run_rat", "--period", "2026Q3", "--value", "5", *SAID, "-p", "acme")
    assert wrong.code == 2 and "did you mean `run_rate`?" in wrong.err
    guess = run("facts", "add", "guess", "--period", "2026Q3", "--value", "5", *SAID, "-p", "acme")
    assert guess.code == 2 and "has no facts" in guess.err


def test_a_bundled_pack_is_not_written_into(run: Any) -> None:
    words = ("--period", "2026Q3", "--value", "5bn", *SAID)
    found = run("facts", "add", "ai.run_rate", *words, "-p", "amzn-4t")
    assert found.code == 3 and "comes with the program" in found.err
    assert run("facts", "add", "ai.run_rate", *words, "-p", "amzn-4t", "--dry-run").code == 0


# several at once -----------------------------------------------------------------------------------

TABLE = """Line item,Period,Value,Quote,Page
run_rate,2026Q3,>16.9m,"more than $16.9 million, all told",4
building,2026Q3,29m,we spent $29 million on shops,
charges/severance,2026Q3,2m..4m,several million,
"""
LETTER = """Bells are at more than $16.9
million, all told.

And we spent $29 million on shops; several million went."""


@pytest.fixture
def table(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``table(text)``: figures.csv, and a letter on file that they stand in."""
    monkeypatch.setenv("THESIS_CACHE", str(pack.parent / "cache"))
    (pack.parent / "letter.txt").write_text(LETTER, encoding="utf-8")

    def write(text: str = TABLE) -> None:
        (pack.parent / "figures.csv").write_text(text, encoding="utf-8")

    write()
    return write


FROM = ("facts", "add", "--from", "figures.csv", "-p", "acme")
DATED = ("--filed", "2026-10-28", "--source", "letter")
FILED = ("--form", "letter", "--filed", "2026-10-28", "--period", "2026Q3")


def test_a_table_of_figures_is_written_at_once(pack: Path, table: Any, run: Any) -> None:
    before = facts(pack)
    dry = run(*FROM, *DATED, "--dry-run")
    assert dry.code == 0 and facts(pack) == before, dry.err
    found = run(*FROM, *DATED)
    assert (found.code, found.err) == (0, "wrote acme/facts/ACME.csv\n"), found.err
    assert [row[:3] + row[5:] for row in added(pack, before)] == [
        ["building", "2026Q3", "29000000", "letter", "reported", '"we spent $29 million on shops"'],
        ["charges/severance", "2026Q3", "2000000..4000000", "letter", "reported", '"several million"'],
        ["run_rate", "2026Q3", ">16900000", "letter", "reported",
         '"more than $16.9 million, all told"; page 4'],
    ]  # fmt: skip
    again = run(*FROM, *DATED)
    assert again.code == 0 and "unchanged: 3" in again.out


def test_a_document_on_file_gives_source_and_day_and_holds_the_words(
    pack: Path, table: Any, run: Any
) -> None:
    """Its quote may go over a line's end; words that it does not hold are told with row and column."""
    assert run("documents", "add", "letter.txt", *FILED, "-p", "acme").code == 0
    before = facts(pack)
    found = run(*FROM, "--document", "letter.txt")
    assert found.code == 0, found.err
    rows = {row[0]: row for row in added(pack, before)}
    assert rows["run_rate"][4:6] == ["2026-10-28", "letter"]
    assert '"more than $16.9 million, all told"; line 1 of document ' in rows["run_rate"][7]
    table(TABLE.replace("several million", "many millions"))
    wrong = run(*FROM, "--document", "letter.txt", "--filed", "2026-10-29")
    assert wrong.code == 3 and "figures.csv:4:33: error[bad-figure]: `quote`: these words" in wrong.err


WRONG = """Line item,Period,Value,Filed,Source,Document,Quote,Unit,How,Ahead,Basis
run_rat,2026Q3,5m,2026-10-28,x,,q,,,,
run_rate,2026-10-01,a lot,soon,x,,q,EUR,perhaps,maybe,new
run_rate,2026Q3,5m,,,gone.htm,,,,,
building,2026Q3,"1,2,3",2026-10-28,x,,"a, b",,,,
"""


def test_all_that_is_wrong_with_a_table_is_told_with_row_and_column(pack: Path, table: Any, run: Any) -> None:
    before = facts(pack)
    table(WRONG)
    found = run(*FROM)
    assert found.code == 3 and facts(pack) == before
    told = [line.partition(": error")[0] for line in found.err.splitlines() if ": error[bad-figure]" in line]
    assert told == [
        "figures.csv:2:1",
        *(f"figures.csv:3:{column}" for column in (10, 21, 27, 37, 41, 49, 55)),
        *(f"figures.csv:4:{column}" for column in (22, 31)),
        "figures.csv:5:17",
    ]
    assert "did you mean `run_rate`?" in found.err and "Traceback" not in found.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Period,Value\n2026Q3,5\n", "expected the column `line_item`"),
        ("Line item,Period,Value,Colour\n", "there is no column `colour`"),
        ("Line item,Period,Value\n\n", "holds no figure"),
        (TABLE + "building,2026Q3,30m,we spent 30,\n", "error[contradiction]"),
        (TABLE + "sales,2026Q2,1bn,a billion,\n", "`lines` does not tie in 2026Q2"),
        (TABLE.replace("2026Q3,29m", "2026Q4,29m"), "error[bad-date]"),
        (TABLE.replace("29m", "-29m"), "error[below-least]"),
    ],
)
def test_of_a_table_with_something_wrong_no_row_is_written(
    text: str, told: str, pack: Path, table: Any, run: Any
) -> None:
    before = facts(pack)
    table(text)
    found = run(*FROM, *DATED)
    assert found.code == 3 and told in found.err, found.err
    assert facts(pack) == before


def test_a_figure_of_a_table_that_stands_out_is_refused_until_it_is_accepted(
    pack: Path, table: Any, run: Any
) -> None:
    before = facts(pack)
    table(TABLE.replace("29m", "29bn"))
    found = run(*FROM, *DATED)
    assert found.code == 3 and facts(pack) == before
    assert "figures.csv:3:1: error[unaccepted]: building:2026Q3" in found.err
    wrong = run(*FROM, *DATED, "--accept-outlier", "building:2026Q3", "--accept-outlier", "sales:2026Q3")
    assert wrong.code == 3 and "no figure stands out as `sales:2026Q3`" in wrong.err
    assert run(*FROM, *DATED, "--accept-outlier", "building:2026Q3").code == 0
    assert "building,2026Q3,29000000000" in facts(pack)


def test_a_table_goes_with_no_figure_of_its_own(table: Any, run: Any) -> None:
    assert run(*FROM, "building").code == 2
    assert run(*FROM, "--value", "5").code == 2
    assert run("facts", "add", "building", "-p", "acme", "--accept-outlier", "building:2026Q3").code == 2


def test_what_a_document_may_state_is_asked_for_in_its_order(
    pack: Path, table: Any, run: Any, answer: Any
) -> None:
    """Line items that have no figure of its period, those that it names first; nothing passes one over."""
    (pack.parent / "letter.txt").write_text(f"Money spent on shops was $29 million.\n\n{LETTER}", "utf-8")
    assert run("documents", "add", "letter.txt", *FILED, "-p", "acme").code == 0
    before = facts(pack)
    answer("a lot", "29m", "not in it", "", *[""] * 40)
    found = run("facts", "add", "--document", "letter.txt", "-p", "acme")
    assert found.code == 0, found.err
    asked = [line for line in found.err.splitlines() if " 2026Q3 in " in line]
    assert "(building) 2026Q3 in USD, last 28000000 in 2026Q2" in asked[0]
    assert "line 1: Money spent on shops was $29 million." in found.err and "do not stand in" in found.err
    (row,) = added(pack, before)
    assert row[:3] == ["building", "2026Q3", "29000000"]
    assert row[7].startswith('"Money spent on shops was $29 million."; line 1 of document ')


# asked in a terminal -------------------------------------------------------------------------------


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """``answer("2026Q3", ...)``: a terminal with somebody who types these lines."""

    def sit(*lines: str) -> None:
        monkeypatch.setattr(facts_add, "is_terminal", lambda: True)
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return sit


def test_what_is_missing_is_asked_for(pack: Path, run: Any, answer: Any) -> None:
    """A wrong answer is told and asked for again; what was given is not asked for."""
    before = facts(pack)
    answer(
        "run_rat",
        "run_rate",
        "2026Q9",
        "2026Q3",
        "a lot",
        "> 5 m",
        ">5m",
        "soon",
        "2026-10-28",
        "",
        "letter",
        "",
        "",
        "https://acme.example",
        "",
        "y",
    )
    found = run("facts", "add", "-p", "acme")
    assert found.code == 0, found.err
    assert added(pack, before) == [
        [
            "run_rate",
            "2026Q3",
            ">5000000",
            "USD",
            "2026-10-28",
            "letter",
            "reported",
            "<https://acme.example>",
        ]
    ]
    for told in (
        "did you mean `run_rate`?",
        "`2026Q9`",
        "`a lot`",
        "`soon`",
        "value in USD",
        "how [reported]",
    ):
        assert told in found.err
    assert "Traceback" not in found.err


def test_only_what_is_missing_is_asked_for(pack: Path, run: Any, answer: Any) -> None:
    before = facts(pack)
    answer("7m", "derived: a twelfth of a year", "y")
    found = run(
        "facts", "add", "run_rate", "--period", "2026Q3", *SAID, "--url", "https://a.example/", "-p", "acme"
    )
    assert found.code == 0, found.err
    assert [row[2] for row in added(pack, before)] == ["7000000"]
    assert "period" not in found.err


def test_no_is_no(pack: Path, run: Any, answer: Any) -> None:
    before = facts(pack)
    answer("7m", "", "", "n")
    found = run("facts", "add", "run_rate", "--period", "2026Q3", *SAID, "-p", "acme")
    assert (found.code, facts(pack)) == (130, before)
    assert found.err.endswith("stopped\n")


def test_an_end_of_answers_stops(pack: Path, run: Any, answer: Any) -> None:
    before = facts(pack)
    answer("run_rate", "2026Q3")
    found = run("facts", "add", "-p", "acme")
    assert (found.code, facts(pack)) == (130, before)


# the parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5e9", "USD", "5000000000"),
        ("16.9bn", "USD", "16900000000"),
        ("250m", "USD", "250000000"),
        ("-7.604 bn", "USD", "-7604000000"),
        ("200e9..205e9", "USD", "200000000000..205000000000"),
        ("200bn..205bn", "USD", "200000000000..205000000000"),
        (">25e9", "USD", ">25000000000"),
        ("<1m", "count", "<1000000"),
        ("$16.9bn", "USD", "16900000000"),
        ("5 million", "USD", "5000000"),
        ("5M", "USD", "5000000"),
        ("1,234,567", "shares", "1234567"),
        ("11%", "ratio", "0.11"),
        ("10.5%..11.5%", "ratio", "0.105..0.115"),
        ("50bp", "ratio", "0.005"),
        ("4.1", "years", "4.1"),
        ("5..5", "USD", "5"),
        ("0", "USD", "0"),
        ("not disclosed", "USD", "not disclosed"),
        ("discontinued", "USD", "discontinued"),
    ],
)
def test_a_value_in_plain_digits(text: str, unit: str, value: str) -> None:
    assert by_hand.parse_entered_value(text, unit) == value
    assert parse_value(value) == parse_value(value)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "USD"), ("5,000", "USD"), ("€5", "USD"), ("5 dozen", "USD"), ("5,5", "USD"), ("5x", "USD"),
        ("nan", "USD"), ("inf", "USD"), ("1e400", "USD"), ("1e30", "USD"), ("1_00", "USD"), ("5%", "USD"),
        ("205bn..200bn", "USD"), ("1..2..3", "USD"), (">1..2", "USD"), (">", "USD"), ("..5", "USD"),
        ("5bn", "ratio"), ("3m", "years"), ("9" * 70, "USD"), ("unknown", "USD"),
    ],
)  # fmt: skip
def test_a_value_that_is_none(text: str, unit: str) -> None:
    with pytest.raises(ValueError, match=r"expected|backwards"):
        by_hand.parse_entered_value(text, unit)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("reported", "reported"),
        ("secondary", "transcribed (secondary)"),
        ("transcribed (secondary): a paper", "transcribed (secondary): a paper"),
        ("judged: several billion", "judged: several billion"),
    ],
)
def test_how_it_was_read(text: str, how: str) -> None:
    assert by_hand.parse_how(text) == how


@pytest.mark.parametrize("text", ["guessed", "judged", "derived:", "reportedly", " ", "reported\x07"])
def test_how_it_cannot_have_been_read(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        by_hand.parse_how(text)


@pytest.mark.parametrize(
    "text",
    [
        "acme.example", "ftp://acme.example", "https://", "https:///x", "javascript:alert(1)", "https://a b",
        "https://a.example/)](x", "https://a.example/>",
    ],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="expected an address"):
        by_hand.parse_address(text)


@pytest.mark.parametrize(
    ("note", "url"),
    [
        ('"more than $25 billion" <https://acme.example/letter>; bells', "https://acme.example/letter"),
        ("<http://acme.example>", "http://acme.example"),
        ("see https://acme.example", ""),
        ("<https://acme.example", ""),
        ("<https://a.example/)](javascript:x)>", ""),
        ("<https://a.example/ x>", ""),
        ("<httpx://a.example>", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_note_is_found_again(note: str, url: str) -> None:
    """And nothing that would break out of a link in a memo."""
    fact = Fact(
        "a",
        "",
        Quarter.parse("2026Q2"),
        "discontinued",
        "USD",
        parse_day("2026-10-01"),
        "x",
        "reported",
        note,
        "f",
        1,
    )
    assert fact.provenance.address == url


def test_a_memo_links_the_address(pack: Path, run: Any) -> None:
    """Where the source names no filing; a filing is linked as ever."""
    run(
        "facts", "add", "building", "--period", "2026Q2", "--value", "29m", "--filed", "2026-08-30",
        "--source", "letter to the owners", "--url", "https://acme.example/letter", "-p", "acme",
    )  # fmt: skip
    memo = run("memo", "acme")
    assert "[letter to the owners](https://acme.example/letter)" in memo.out, memo.err


# figures from before a split -----------------------------------------------------------------------

SPLIT = """
splits:
  - {entity: ACME, day: 2026-11-02, ratio: 1/30, source: 8-K of 2026-10-30}
"""


@pytest.mark.parametrize(
    ("concept", "value", "basis", "row"),
    [
        ("eps", "-0.09", "filed", ("-2.7", "derived: as filed x 30 for the split of 2026-11-02")),
        ("eps", "-0.10..-0.08", "filed", ("-3..-2.4", "derived: as filed x 30 for the split of 2026-11-02")),
        ("count", ">450e6", "filed", (">15000000", "derived: as filed / 30 for the split of 2026-11-02")),
        ("eps", "-2.70", "adjusted", ("-2.7", "reported (split-adjusted)")),
        ("eps", "not disclosed", "", ("not disclosed", "reported")),
        ("sales", "250m", "", ("250000000", "reported")),
        ("eps", "-0.09", "", None),
        ("count", "450e6", "", None),
    ],
)
def test_a_figure_from_before_a_split_says_which_shares_it_counts(
    concept: str, value: str, basis: str, row: tuple[str, str] | None, pack: Path, run: Any
) -> None:
    """It is asked, and nothing is changed that nobody said."""
    metrics = pack / "metrics.yaml"
    more = "\n  eps: {label: Earnings, unit: USD/share, kind: flow}\n"
    more += "  count: {label: Shares, unit: shares, kind: stock}\n"
    text = metrics.read_text(encoding="utf-8").replace("\nmetrics:\n", f"{more}\nmetrics:\n", 1)
    metrics.write_text(text + SPLIT, encoding="utf-8")
    before = facts(pack)
    said = ("--period", "2026Q3", f"--value={value}", *SAID, "-p", "acme")
    found = run("facts", "add", concept, *said, *(("--basis", basis) if basis else ()))
    if row is None:
        assert found.code == 3 and "old-shares" in found.err and "--basis filed" in found.err
        assert facts(pack) == before
        return
    (new,) = added(pack, before)
    assert (new[2], new[6]) == row
    assert ("as filed" in new[7]) is (basis == "filed")


def test_a_pack_that_is_still_to_be_written_can_be_checked(run: Any) -> None:
    assert run("new", "bones", "--entity", "NVDA", "--target", "6e12", "--by", "2030").code == 0
    found = run("facts", "check", "bones")
    assert (found.code, found.err) == (1, "") and "nothing known" in found.out
