"""``thesis new --facts`` and ``--ticker``: a whole draft on a company in one command, or nothing at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, Loopback

TODAY = "2026-05-20"
QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))
FLOWS = {
    "Revenues": 1000, "OperatingIncomeLoss": 200, "NetIncomeLoss": 150,
    "NetCashProvidedByUsedInOperatingActivities": 220, "PaymentsToAcquirePropertyPlantAndEquipment": 60,
}  # fmt: skip
STOCKS = {"Assets": 4000, "AssetsCurrent": 1500, "StockholdersEquity": 2500}
BANK = {"InterestIncomeExpenseNet": 600, "NoninterestIncome": 400, "NoninterestExpense": 620}
MILLION = 1_000_000


def companyfacts(
    flows: dict[str, int] = FLOWS,
    stocks: dict[str, int] = STOCKS,
    *,
    currency: str = "USD",
    then: str = "USD",
    form: str = "10-Q",
    years: int = 5,
    shift: bool = False,
    name: str = "INVENTED CORP /DE/",
) -> dict[str, Any]:
    """Quarters from 2021 on of an invented company, each 2% larger than the one before.

    ``then``: the currency before 2024; ``shift``: its year ends in June since 2025, and in December before.
    """
    facts: dict[str, Any] = {}
    for i in range(years * 4 + 1):
        year, number = 2021 + i // 4, i % 4
        start, end = (f"{year}-{day}" for day in QUARTERS[number])
        filed = f"{year + (number == 3)}-{(number * 3 + 4) % 12 or 12:02}-28"
        last = 1 if shift and year >= 2025 else 3
        what = "10-K" if number == last and form == "10-Q" else form
        about = {
            "accn": f"0000012345-{int(filed[2:4])}-{i:06}",
            "fy": year,
            "fp": f"Q{number + 1}",
            "form": what,
            "filed": filed,
        }
        unit = currency if year >= 2024 else then
        for tag, first in flows.items():
            value = int(first * MILLION * 1.02**i)
            rows = facts.setdefault(tag, {}).setdefault(unit, [])
            rows.append({"start": start, "end": end, "val": value, **about})
            if number == last:
                begun = f"{year - (last == 1)}-{'07-01' if last == 1 else '01-01'}"
                rows.append({"start": begun, "end": end, "val": 4 * value, **about})
        for tag, first in stocks.items():
            rows = facts.setdefault(tag, {}).setdefault(unit, [])
            rows.append({"end": end, "val": int(first * MILLION * 1.02**i), **about})
    tagged = {tag: {"label": tag, "units": units} for tag, units in facts.items()}
    return {"cik": 12345, "entityName": name, "facts": {"us-gaap": tagged}}


def with_shares(value: dict[str, Any]) -> dict[str, Any]:
    """The same with diluted shares, which do not grow."""
    rows = [
        {**row, "val": 500 * MILLION} for row in value["facts"]["us-gaap"]["NetIncomeLoss"]["units"]["USD"]
    ]
    value["facts"]["us-gaap"]["WeightedAverageNumberOfDilutedSharesOutstanding"] = {
        "label": "Shares", "units": {"shares": rows},
    }  # fmt: skip
    return value


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THESIS_TODAY", TODAY)
    monkeypatch.setenv("THESIS_ANALYST", "J. Doe")


def write(folder: Path, value: Any) -> None:
    (folder / "facts.json").write_text(json.dumps(value), encoding="utf-8")


def test_one_command_makes_a_thesis_that_lints_passes_its_trials_and_is_rated(
    run: Command, tmp_path: Path
) -> None:
    """The price is a second one. What was drafted is marked, and is not signed before it is decided."""
    write(tmp_path, with_shares(companyfacts()))
    made = run("new", "inv", "--facts", "facts.json")
    assert made.code == 0, made.err
    assert "a draft of inv-" in made.out
    assert "not in the file: " in made.out
    lint = run("lint", "inv")
    assert "error[" not in lint.err
    assert "warning[draft]: 12 drafts to be decided: growth, profit, cash, return, debt" in lint.err
    tested = run("test", "inv")
    assert tested.code == 0, tested.out
    assert " 0 failed" in tested.out
    memo = run("memo", "inv").out
    assert "Invented Corp" in memo
    assert "Drafted by the program; the author has not decided it yet." in memo
    assert "it was 8.2% to 8.2% here" in (tmp_path / "inv" / "thesis.yaml").read_text("utf-8")
    assert "NOT RATED" not in run("check", "inv").out
    (tmp_path / "closes.csv").write_text("Date,Close\n2026-05-19,100\n", encoding="utf-8")
    priced = run("facts", "import", "closes.csv", "--entity", "INV", "--source", "invented", "-p", "inv")
    assert priced.code == 0, priced.err
    assert "$50.0bn" in run("explain", "market_cap", "inv").out
    refused = run("review", "sign", "inv", "--decision", "hold", "--note", "Too early.")
    assert refused.code == 3
    assert "error[draft]" in refused.err
    thesis = tmp_path / "inv" / "thesis.yaml"
    text = thesis.read_text("utf-8")
    start = text.index("drafts: [")
    thesis.write_text(text[:start] + "drafts: []" + text[text.index("]", start) + 1 :], "utf-8")
    assert run("review", "sign", "inv", "--decision", "hold", "--note", "All decided.").code == 0


def test_a_draft_made_again_is_the_same_to_the_byte(run: Command, tmp_path: Path) -> None:
    write(tmp_path, companyfacts())
    assert run("new", "inv", "--facts", "facts.json").code == 0
    assert "nothing to do" in run("new", "inv", "--facts", "facts.json").out


def test_a_bank_has_a_banks_line_items_and_rules(run: Command, tmp_path: Path) -> None:
    stocks = {"Assets": 40_000, "StockholdersEquity": 4000, "Deposits": 30_000}
    flows = {"RevenuesNetOfInterestExpense": 1000, "NetIncomeLoss": 150, **BANK}
    write(tmp_path, companyfacts(flows, stocks))
    assert "on standard/us-gaap/bank" in run("new", "inv", "--facts", "facts.json").out
    assert "error[" not in run("lint", "inv").err
    assert " 0 failed" in run("test", "inv").out
    assert "efficiency_ratio" in (tmp_path / "inv" / "thesis.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"cik": 1}, "error[unknown-filer]: `facts.json` is no companyfacts file"),
        (
            companyfacts({}, STOCKS),
            "error[no-figures]: `facts.json` holds no figures over a quarter or a year",
        ),
        (companyfacts({"Revenues": 10}, {}), "error[no-figures]: `facts.json` gives too little for a draft"),
        (
            companyfacts({"NetIncomeLoss": 10, "OperatingIncomeLoss": 12}, STOCKS),
            "gives no quarter of revenue",
        ),
        (companyfacts(form="20-F"), None),
        (
            companyfacts(currency="EUR"),
            "error[other-currency]: `facts.json`: the currency is USD before, and EUR",
        ),
        (
            companyfacts(shift=True),
            "error[year-end]: `facts.json`: the end of the fiscal year is Q4 before, and Q2",
        ),
    ],
)
def test_of_what_cannot_be_scored_the_reason_is_told_and_nothing_is_written(
    run: Command, tmp_path: Path, value: Any, told: str | None
) -> None:
    if told is None:  # years alone
        for tag in value["facts"]["us-gaap"].values():
            rows = tag["units"]["USD"]
            tag["units"]["USD"] = [
                {**row, "start": f"{row['end'][:4]}-01-01"} if "start" in row else row
                for row in rows
                if row["end"].endswith("12-31")
            ]
        told = "error[no-figures]: `facts.json` states 0 quarters of the last two years"
    write(tmp_path, value)
    found = run("new", "inv", "--facts", "facts.json")
    assert (found.code, told in found.err) == (3, True), found.err
    assert not (tmp_path / "inv").exists()


@pytest.mark.parametrize("ticker", ["../../evil", "BRK B: x", None, 5, "INV"])
def test_a_ticker_in_a_file_is_a_name_or_nothing(run: Command, tmp_path: Path, ticker: Any) -> None:
    """Else the entity is called as the folder is, and nothing is written beside it."""
    write(tmp_path, {**companyfacts(), "ticker": ticker})
    made = run("new", "it", "--facts", "facts.json")
    assert made.code == 0, made.err
    called = "INV" if ticker == "INV" else "IT"
    assert [file.name for file in (tmp_path / "it" / "facts").iterdir()] == [f"{called}.csv"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["facts.json", "it"]


TICKERS = {
    "0": {"cik_str": 12345, "ticker": "INV", "title": "Invented Corp"},
    "1": {"cik_str": 7, "ticker": "TWO", "title": "One of Two"},
    "2": {"cik_str": 8, "ticker": "TWO", "title": "Two of Two"},
    "3": {"cik_str": 9, "ticker": "NONE", "title": "Without Facts"},
}
SUBMISSIONS = {
    "cik": "0000012345", "sic": "6798", "name": "INVENTED CORP", "tickers": ["INV"],
    "filings": {"recent": {name: [] for name in (
        "accessionNumber", "form", "filingDate", "primaryDocument", "isInlineXBRL")}, "files": []},
}  # fmt: skip


@pytest.fixture
def edgar(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Loopback:
    """EDGAR with one company, two of one ticker, and one without facts."""
    monkeypatch.setenv("SEC_CONTACT", "Jane Doe jane@example.com")
    loopback.say("/files/company_tickers.json", json.dumps(TICKERS).encode())
    loopback.say("/submissions/CIK0000012345.json", json.dumps(SUBMISSIONS).encode())
    loopback.say("/submissions/CIK0000000009.json", json.dumps({**SUBMISSIONS, "cik": "9"}).encode())
    facts = json.dumps(companyfacts()).encode()
    loopback.say("/api/xbrl/companyfacts/CIK0000012345.json", facts)
    return loopback


@pytest.mark.parametrize("named", [("--ticker", "inv"), ("--cik", "12345")])
def test_a_company_is_found_by_its_ticker_or_its_number(
    run: Command, edgar: Loopback, tmp_path: Path, named: tuple[str, str]
) -> None:
    """Its industry code says that it is a property company; its tags do not, which is told."""
    made = run("new", "it", *named, "--base-url", edgar.url)
    assert made.code == 0, made.err
    assert "on standard/us-gaap/reit" in made.out
    assert "its industry code 6798 says reit, its tags say company" in made.err
    assert (tmp_path / "it" / "facts" / "INV.csv").exists()
    assert "error[" not in run("lint", "it").err


@pytest.mark.parametrize(("tickers", "called"), [([None], "IT"), (["../x", "INV-A"], "INV-A"), ("X", "IT")])
def test_a_ticker_that_edgar_lists_is_a_name_or_nothing(
    run: Command, edgar: Loopback, tmp_path: Path, tickers: Any, called: str
) -> None:
    edgar.say("/submissions/CIK0000012345.json", json.dumps({**SUBMISSIONS, "tickers": tickers}).encode())
    made = run("new", "it", "--cik", "12345", "--base-url", edgar.url)
    assert made.code == 0, made.err
    assert (tmp_path / "it" / "facts" / f"{called}.csv").exists()


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (("--ticker", "INW"), "the SEC lists no company with the ticker `INW`"),
        (("--ticker", "TWO"), "the SEC lists 2 companies with the ticker `TWO`"),
        (("--ticker", "NONE"), "EDGAR has no companyfacts of the CIK 9"),
        (("--cik", "99"), "EDGAR knows no company with the CIK 99"),
    ],
)
def test_a_company_that_is_not_found_is_told_and_nothing_is_written(
    run: Command, edgar: Loopback, tmp_path: Path, named: tuple[str, str], told: str
) -> None:
    found = run("new", "it", *named, "--base-url", edgar.url)
    assert (found.code, told in found.err) == (3, True), found.err
    assert not (tmp_path / "it").exists()
