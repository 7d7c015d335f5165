"""Standard definitions: what a pack that uses them has, where each is from, what a review keeps of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, FolderPack
from thesis.files.disk import bundled_folder
from thesis.files.yaml import read_yaml
from thesis.pack import folder as pack_folder
from thesis.pack.folder import read_folder, standard_file
from thesis.pack.standard import bundled_standard, standard_sets
from thesis.workspace.open_pack import examined_pack

ROOT = Path(__file__).parents[2]
ACME = (ROOT / "tests" / "data" / "acme" / "metrics.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)
SETS = standard_sets()
COMPANY = "standard/us-gaap/company.yaml"


def using(name: str, more: str = "", text: str = ACME) -> dict[str, str]:
    """Acme's metrics.yaml with a line that names standard definitions, and more line items."""
    return {"metrics.yaml": f"uses: {name}\n{text}".replace("\nconcepts:\n", f"\nconcepts:\n{more}")}


def test_the_sets_of_both_standards_come_with_the_program() -> None:
    named = {
        f"standard/{of}{part}" for of in ("us-gaap", "ifrs") for part in ("", "/bank", "/insurer", "/reit")
    }
    assert named | {"standard/metrics"} == set(SETS)


@pytest.mark.parametrize("name", [name for name in SETS if name != "standard/metrics"])
def test_a_pack_may_use_each_of_them_and_lint_finds_no_fault_in_it(
    folder_pack: FolderPack, name: str
) -> None:
    pack, found = examined_pack(read_folder(folder_pack(using(name)), "acme"), TODAY)
    assert [problem for problem in found if "standard" in (problem.span.file if problem.span else "")] == []
    assert {
        "revenue",
        "net_income",
        "assets",
        "operating_cash_flow",
        "shares_diluted",
    } <= pack.concepts.keys()
    assert {"revenue_growth", "net_margin", "roe", "market_cap"} <= pack.metrics.keys()
    rates = {
        n
        for n, item in pack.concepts.items()
        if n.startswith("eps_") or n in ("shares_basic", "shares_diluted")
    }
    assert {pack.concepts[n].kind for n in rates} == {"rate"}  # never summed
    assert not any(pack.concepts[n].adds_up for n in rates)


@pytest.mark.parametrize("name", SETS)
def test_every_definition_says_what_it_is_and_tries_its_tags_in_an_order(name: str) -> None:
    """Two tags of one place in the order, `a | b`, would stop an import where a filing states both."""
    value = read_yaml(bundled_standard(name), standard_file(name)).value
    for metric in (value.get("metrics") or {}).values():
        assert all(metric.get(key) for key in ("because", "misleads_when", "source"))
    for item in (value.get("concepts") or {}).values():
        assert "|" not in item.get("tag", "")
        assert item["unit"] in ("currency", "currency/share", "shares", "ratio", "count")
        assert item.get("tag") or item.get("source")


def test_what_a_pack_defines_itself_stands_in_place_of_the_standard(
    folder_pack: FolderPack, run: Command
) -> None:
    """A metric of the pack's own may stand in for a line item, and explain says where each is from."""
    text = ACME.replace(
        "\nmetrics:\n", "\nmetrics:\n  gross_profit: {formula: sales, unit: USD, show: usd, label: G}\n"
    )
    folder = folder_pack(using("standard/us-gaap", text=text))
    pack, _ = examined_pack(read_folder(folder, "acme"), TODAY)
    assert pack.concepts["operating_income"].tag == ""  # Acme's, not that of the standard
    assert pack.metrics["gross_profit"].formula == "sales"
    assert "gross_profit" not in pack.concepts
    for name, told in [
        ("operating_income", "defined in metrics.yaml, in place of standard/us-gaap, version 1"),
        ("margin", "defined in metrics.yaml"),
        ("roe", "defined in standard/metrics, version 1"),
        ("capex", "defined in standard/us-gaap, version 1"),
    ]:
        assert told in run("explain", name, "acme").out


def test_amounts_are_in_the_currency_of_the_accounts(folder_pack: FolderPack) -> None:
    text = "currency: EUR\n" + ACME.replace("USD", "EUR")
    pack, _ = examined_pack(read_folder(folder_pack(using("standard/ifrs", text=text)), "acme"), TODAY)
    assert [pack.concepts[name].unit for name in ("revenue", "eps_diluted", "shares_diluted")] == [
        "EUR", "EUR/share", "shares",
    ]  # fmt: skip
    assert pack.metrics["fcf"].unit == "EUR"


@pytest.mark.parametrize(
    ("metrics", "told"),
    [
        (using("standard/us-gap"), "metrics.yaml:1:7: error[unknown-standard]: no standard is called"),
        (using("../secrets"), "error[unknown-standard]: no standard is called `../secrets`"),
        (using("standard/us-gaap", "  assets: {label: Assets, unit: shares, kind: stock}\n"),
         "standard/us-gaap/company.yaml"),  # the identity that no longer fits, at its place in the standard
        ({**using("standard/us-gaap"), COMPANY: "version: 1\ntitle: Mine\nuses: standard/us-gaap\n"},
         "standard/us-gaap/company.yaml:3:7: error[unknown-standard]"),  # a circle
        ({**using("standard/us-gaap"), COMPANY: "version: x\n"}, "standard/us-gaap/company.yaml:1:10"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_the_file_where_it_stands(
    folder_pack: FolderPack, run: Command, metrics: dict[str, str], told: str
) -> None:
    folder_pack(metrics)
    found = run("lint", "acme")
    assert found.code == 3
    assert told in found.err


def test_a_signed_review_follows_from_the_definitions_that_it_was_signed_on(
    folder_pack: FolderPack, run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A later program has another version: the review verifies, and the next one says what changed."""
    monkeypatch.setenv("THESIS_ANALYST", "J. Doe")
    folder = folder_pack(using("standard/us-gaap"))
    thesis = folder / "thesis.yaml"
    thesis.write_text(
        thesis.read_text("utf-8").replace("metric: margin", "metric: operating_margin_own", 1), "utf-8"
    )
    own = "\nmetrics:\n  operating_margin_own: {formula: roa, unit: ratio, show: percent, label: M}\n"
    metrics = folder / "metrics.yaml"
    metrics.write_text(metrics.read_text("utf-8").replace("\nmetrics:\n", own), "utf-8")
    signed = run("review", "sign", "acme", "--decision", "hold", "--note", "Signed once.")
    assert signed.code == 0, signed.err
    later = tmp_path / "later"
    shutil.copytree(bundled_folder("rules") / "standard", later / "standard")
    changed = later / "standard" / "metrics" / "company.yaml"
    text = changed.read_text("utf-8").replace("version: 1", "version: 2", 1)
    changed.write_text(
        text.replace("formula: ttm(net_income) / ((assets", "formula: ttm(net_income) / ((2 * assets"),
        "utf-8",
    )
    monkeypatch.setattr(pack_folder, "bundled_folder", lambda _: later)
    assert "standard/metrics, version 2" in run("explain", "roa", "acme").out
    assert run("review", "verify", "acme").code == 0
    sealed = next((folder / "reviews" / "inputs").glob(f"*/{COMPANY}"))
    sealed.write_text(sealed.read_text("utf-8") + "# touched\n", "utf-8")
    assert run("review", "verify", "acme").code == 3


def test_a_copy_of_a_pack_takes_its_own_standard_along(
    folder_pack: FolderPack, run: Command, tmp_path: Path
) -> None:
    own = bundled_standard("standard/us-gaap").replace("version: 1", "version: 9", 1)
    folder_pack({**using("standard/us-gaap"), COMPANY: own})
    assert run("new", "mine", "--from", "acme").code == 0
    assert (tmp_path / "mine" / COMPANY).read_text("utf-8") == own
    assert "standard/us-gaap, version 9" in run("explain", "assets", "mine").out


FACT = "{},{},{},USD,2025-02-01,10-K 0000012345-25-000001,reported,\n"


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([("assets", "2024Q4", "100")], 0.0),
        ([], None),  # no balance sheet
        ([("assets", "2024Q3", "100")], None),  # that of another quarter
        ([("assets", "2024Q4", "100"), ("debt_short", "2024Q4", "7")], 7.0),
        ([("assets", "2024Q4", "100"), ("debt_current", "2024Q4", "7")], None),  # it may be in there
        ([("assets", "2024Q4", "100"), ("debt_current", "2024Q1", "7")], None),  # or have been
        ([("assets", "2024Q4", "100"), ("debt_current", "2023Q4", "7")], 0.0),  # not in a year
    ],
)
def test_debt_is_zero_where_a_balance_sheet_states_none_and_unknown_where_there_is_none(
    folder_pack: FolderPack,
    assessed: Callable[..., Any],
    rows: list[tuple[str, str, str]],
    value: float | None,
) -> None:
    from thesis.facts.fact import Vintage
    from thesis.pack.load import build

    text = "concept,period,value,unit,filed,source,how,note\n" + "".join(FACT.format(*row) for row in rows)
    pack = build(read_folder(folder_pack({**using("standard/us-gaap"), "facts/ACME.csv": text}), "acme"))[0]
    from thesis.core.period import Quarter

    reading = Vintage(pack.facts, pack.concepts, TODAY, "sales").reading(
        "debt_short", Quarter.parse("2024Q4")
    )
    assert (reading.value.lo if reading.value.is_point else None) == value
    assert (reading.status == "assumed") == (value == 0.0)
