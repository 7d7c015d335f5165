"""One currency throughout: what is printed of a thesis in another currency than dollars names no dollar."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[1] / "data"
DAY = ("--as-of", "2026-11-22")
DOLLARS = re.compile(r"\$(?=[\s\d(])|USD|dollar", re.IGNORECASE)
PRINTED = (
    "check", "check --json", "check --set sales=150e6", "check --set price=12", "value", "value --json",
    "value --set multiple=14", "simulate --draws 500", "simulate --draws 500 --json", "memo",
    "memo --format html", "memo --simulate", "memo --format json", "memo --set price=12", "history",
    "board .", "board . --json", "explain margins", "explain sales", "explain price", "explain verdict",
    "facts",
)  # fmt: skip


def in_currency(folder: Path, currency: str) -> Path:
    """Acme with a valuation, all of it in a currency."""
    shutil.copytree(DATA / "acme", folder)
    shutil.copytree(DATA / "valued", folder, dirs_exist_ok=True)
    facts, prices = folder / "facts" / "ACME.csv", folder / "prices.csv"
    facts.write_text(facts.read_text("utf-8") + prices.read_text("utf-8"), encoding="utf-8")
    prices.unlink()
    for path in (*folder.glob("*.yaml"), facts):
        text = path.read_text("utf-8").replace("each dollar", "each sale")
        text = text.replace("by: 2030-12-31}", f"by: 2030-12-31, unit: {currency}}}")
        path.write_text(text.replace("USD", currency), encoding="utf-8")
    return folder


def words(text: str) -> list[str]:
    """Where dollars are named, without a page's script and style, and the name of the format `show: usd`."""
    shown = re.sub(r"<(script|style)\b.*?</\1>|\"show\": \"usd\"", "", text, flags=re.DOTALL)
    return [shown[max(0, at.start() - 40) : at.end() + 20] for at in DOLLARS.finditer(shown)]


@pytest.mark.parametrize("currency", ["EUR", "CHF"])
def test_nothing_printed_of_a_thesis_in_another_currency_names_a_dollar(
    currency: str, run: Any, tmp_path: Path
) -> None:
    pack = in_currency(tmp_path / "acme", currency)
    sign = {"EUR": "\N{EURO SIGN}"}.get(currency, currency)
    for command in PRINTED:
        day = () if command.split()[0] in ("board", "facts", "history") else DAY
        found = run(*command.split(), *day, cwd=pack)
        assert found.code in (0, 1, 4), (command, found.err)
        assert words(found.out) == [], command
        if command in ("memo", "value", "memo --format html"):
            assert len(re.findall(rf"{re.escape(sign)} ?[0-9]", found.out)) > 15, command


@pytest.mark.parametrize("currency", ["EUR", "CHF"])
def test_no_chart_and_no_cell_names_a_dollar(currency: str, run: Any, tmp_path: Path) -> None:
    pack = in_currency(tmp_path / "acme", currency)
    assert run("charts", "--out", str(tmp_path / "charts"), *DAY, cwd=pack).code == 0
    drawn = {path.name: path.read_text("utf-8") for path in (tmp_path / "charts").glob("*.svg")}
    assert len(drawn) > 5
    assert {name: words(text) for name, text in drawn.items() if words(text)} == {}
    assert run("export", "workbook", "--out", str(tmp_path / "a.xlsx"), *DAY, cwd=pack).code == 0
    with zipfile.ZipFile(io.BytesIO((tmp_path / "a.xlsx").read_bytes())) as book:
        told = book.read("xl/sharedStrings.xml").decode() + book.read("xl/styles.xml").decode()
    assert words(told) == []
    for table in ("facts", "metrics", "history"):
        assert words(run("export", table, *DAY, cwd=pack).out) == [], table
