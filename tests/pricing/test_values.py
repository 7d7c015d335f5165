"""Values: what the valuation works out, in rules, as of a day, with evidence and without a circle."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.appraisal.appraise import appraise
from thesis.core.interval import Interval
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack
from thesis.pack.value_names import KINDS
from thesis.pricing import case_values
from thesis.pricing.growth_in_price import CashFlowTerms, growth_range
from thesis.pricing.priced_case import case_as_of
from thesis.workspace.open_pack import checked_pack

DAY = date(2026, 11, 22)
METHOD = ("implied:\n", "implied:\n  method: true\n")
TAXED = ("    tax: 25%\n", "    tax: 25%\n    method: true\n")
GAP = """\
metrics:
  growth_gap:
    {formula: value.implied_growth - yoy(ttm(operating_income)), unit: ratio, show: points, label: Growth gap}
"""
KILL = """\
kill:
  - {id: K9, claim: The good scenario is no better., when: value.upside.good < 0%, because: It ends there.}
"""
RISK = """\
risks:
  - id: price
    name: Price
    claim: The price asks for more growth than there is.
    clause: Fourth clause
    combine: max
    measures:
      - {metric: growth_gap, bands: [-5%, 0%, 5%, 10%, 20%], weight: 1, because: Asked for.}
      - {metric: value.odds.touch, bands: [90%, 60%, 40%, 20%, 5%], weight: 1, because: A small chance.}
"""

Priced = Callable[..., Path]


@pytest.fixture
def reading(priced: Priced) -> Priced:
    """The priced Acme with rules that read values: in a metric, two measures, a criterion and a signpost."""

    def write(*changes: tuple[str, str], **more: Any) -> Path:
        signpost = ("score.repairs_growth >= 75%", "score.repairs_growth >= 75% and value.upside.good > 0")
        folder = priced(METHOD, TAXED, signpost, *changes, **more)
        _edit(folder / "metrics.yaml", "metrics:\n", GAP)
        _edit(folder / "thesis.yaml", "risks:\n", RISK)
        _edit(folder / "thesis.yaml", "kill:\n", KILL)
        return folder

    return write


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


def _pack(folder: Path, day: date = DAY) -> Pack:
    return checked_pack(read_folder(folder, "."), day)


def test_every_kind_of_value_is_worked_out_and_documented() -> None:
    assert set(KINDS) == set(case_values._FIGURES) == set(case_values._FORMULAS)
    documented = (Path(__file__).parents[2] / "docs/reference/language.md").read_text("utf-8")
    assert all(f"| `value.{kind}" in documented for kind in KINDS)


def test_values_are_those_of_the_valuation(priced: Priced) -> None:
    """A rule reads the figure that the memo prints."""
    case = case_as_of(_pack(priced()), DAY)
    worth = appraise(case)
    assert worth and worth.needs and worth.chances and worth.expectations

    def value(name: str) -> Interval:
        return case.value(name, case.quarter)

    assert value("value.upside.target") == worth.needs.upside
    assert value("value.enterprise") == worth.needs.enterprise
    assert value("value.multiple") == worth.needs.multiple_now
    at = next(each for each in worth.needs.dates if each.day == worth.by)
    assert value("value.required_return") == at.price_cagr
    assert (value("value.odds.end"), value("value.odds.touch")) == (
        worth.chances.by.end,
        worth.chances.by.touch,
    )
    assert value("value.growth_share") == worth.expectations.now.growth_value
    assert value("value.implied_growth").lo == worth.expectations.now.own.solved.value
    for scenario in worth.scenarios:
        name = scenario.scenario.id
        assert value(f"value.market_cap.{name}") == scenario.market_cap
        assert value(f"value.price.{name}") == scenario.price
        cap = worth.start.market_cap.value
        assert value(f"value.upside.{name}").lo == pytest.approx(scenario.market_cap.lo / cap.lo - 1)


@pytest.mark.parametrize(
    ("day", "changes", "name", "is_known"),
    [
        ("2026-11-22", (), "value.implied_growth", True),
        ("2026-09-30", (), "value.implied_growth", False),
        ("2026-09-30", (METHOD,), "value.implied_growth", False),  # the tax on the stake is not a method yet
        ("2026-09-30", (METHOD, TAXED), "value.implied_growth", True),
        ("2026-09-30", (METHOD, TAXED), "value.upside.good", False),
        ("2026-09-30", (METHOD, TAXED), "value.odds.end", False),
        ("2026-09-30", (METHOD, TAXED), "value.upside.target", True),  # it assumes nothing
        ("2026-11-22", (METHOD, TAXED), "value.upside.good", True),
    ],
)
def test_what_was_assumed_later_is_not_known_earlier(
    day: str, changes: tuple[tuple[str, str], ...], name: str, is_known: bool, priced: Priced
) -> None:
    """An assumption counts from the day it was written; only a method may look back, and says its day."""
    folder = priced(*changes)
    _edit(
        folder / "facts/ACME.csv",
        "price,2026-11-20,",
        "price,2026-09-29,12,USD/share,2026-09-29,x,reported,\nprice,2026-11-20,",
    )
    case = case_as_of(_pack(folder), date.fromisoformat(day))
    evidence = case.evidence(name, case.quarter)
    assert evidence.value.is_anything is not is_known
    if not is_known:
        assert evidence.reason == "what it assumes was written on 2026-10-01, after 2026-09-30"
    elif day < "2026-10-01" and name == "value.implied_growth":
        assert all("written on 2026-10-01" in e.reason for e in evidence.inputs if e.status == "assumed")


TERMS = CashFlowTerms(0.2, 10, 0.09, 0.25, 0.03, 0.12, mid_year=False)
ADDS_NOTHING = TERMS._replace(roic=0.08)


@pytest.mark.parametrize("terms", [TERMS, ADDS_NOTHING, TERMS._replace(roic=math.inf)])
def test_growth_never_falls_as_the_price_rises_or_profit_falls(terms: CashFlowTerms) -> None:
    """Neither end, over every side on which no growth gives the price: also of a loss, also below nothing."""
    worths = [-50.0, -1.0, 0.0, 1e-6, *(10.0 * 1.3**i for i in range(30))]
    profits = [-20.0, 0.0, 1e-9, 1.0, 5.0, 20.0, 1e9]
    found = {
        (ev, ebit): growth_range(Interval(ev, ev), Interval(ebit, ebit), terms)
        for ev in worths
        for ebit in profits
    }
    for ebit in profits:
        for a, b in itertools.pairwise(worths):
            low, high = found[a, ebit], found[b, ebit]
            assert low.lo <= high.lo and low.hi <= high.hi, (a, b, ebit)
    for ev in worths:
        for a, b in itertools.pairwise(profits):
            low, high = found[ev, b], found[ev, a]
            assert low.lo <= high.lo and low.hi <= high.hi, (ev, a, b)
    sides = {value.lo for value in found.values() if value.is_point}
    assert {math.inf, -math.inf} <= sides
    assert any(map(math.isfinite, sides)) == (terms.roic > terms.wacc)


def test_a_range_of_figures_gives_the_range_of_growth() -> None:
    wide = growth_range(Interval(1000.0, 2000.0), Interval(70.0, 80.0), TERMS)
    ends = [
        growth_range(Interval(*[ev] * 2), Interval(*[ebit] * 2), TERMS)
        for ev, ebit in ((1000.0, 80.0), (2000.0, 70.0))
    ]
    assert (wide.lo, wide.hi) == (ends[0].lo, ends[1].hi)
    assert growth_range(Interval(1000.0, math.inf), Interval(80.0, 80.0), TERMS).hi == math.inf
    assert growth_range(Interval(-math.inf, 1000.0), Interval(80.0, 80.0), TERMS).lo == -math.inf


def test_a_stake_that_is_not_known_leaves_a_side(priced: Priced) -> None:
    """Of what is owned and not known, at least nothing: the growth implied is at most so much."""
    folder = priced(without="forge")
    _edit(
        folder / "metrics.yaml",
        "forge: {label: Stake in a forge, unit: USD, kind: stock}",
        "forge: {label: Stake in a forge, unit: USD, kind: stock, least: 0}",
    )
    case = case_as_of(_pack(folder), DAY)
    found = case.value("value.implied_growth", case.quarter)
    assert found.lo == -math.inf and 0 < found.hi < 1


@pytest.mark.parametrize("price", [1, 5, 12, 30, 60, 120])
def test_what_no_growth_supports_is_said_in_words(price: int, reading: Priced, run: Any) -> None:
    """A price beyond every growth makes the risk severe and says why; never an infinity."""
    folder = reading()
    reply = run("check", str(folder), "--as-of", str(DAY), "--set", f"price={price}", "--json")
    found = json.loads(reply.out)
    risk = next(each for each in found["risks"] if each["rule"]["id"] == "price")
    memo = run("memo", str(folder), "--as-of", str(DAY), "--set", f"price={price}").out
    assert not re.search(r"\binf\b|infinity|e308|1E100|nan\b", memo, re.IGNORECASE)
    part = next(each for each in risk["parts"] if each["id"] == "growth_gap")
    assert (part["label"] == "severe") == (price >= 60)
    assert ("no growth supports the price" in memo) == (price >= 60)


def test_a_value_leads_back_to_filings_and_assumptions(reading: Priced, run: Any) -> None:
    """``explain`` and the footnotes of a memo go from the score to the filing, and to what is assumed."""
    folder = reading()
    told = run("explain", "value.implied_growth", "-p", str(folder), "--as-of", str(DAY)).out
    assert "10-Q 0000012345-26-000109" in told
    assert "price 2026-11-20" in told
    assert re.search(
        r"Cost of capital|implied.wacc 2026-10-01  9.0%  assumed: judgement, written on 2026-10-01", told
    )
    memo = run("memo", str(folder), "--as-of", str(DAY)).out
    (note,) = [line for line in memo.splitlines() if re.match(r"\[\^\d+\]: Growth gap", line)]
    for words in (
        "Share price",
        "Debt",
        "Operating income",
        "Cost of capital",
        "Return on new capital",
        "a method",
    ):
        assert words in note, words


@pytest.mark.parametrize(
    ("setting", "name", "rises"),
    [
        ("price=24", "value.implied_growth", True),
        ("debt=900000000", "value.implied_growth", True),
        ("operating_income=60000000*4", "value.implied_growth", False),
        ("price=24", "value.upside.good", False),
        ("multiple=16", "value.upside.good", True),
        ("value.implied_growth=40%", "growth_gap", True),
    ],
)
def test_a_what_if_flows_through(setting: str, name: str, rises: bool, reading: Priced, run: Any) -> None:
    """Figures, assumptions and values can be set, and what reads them follows."""
    folder = reading()

    def value(*more: str) -> float:
        out = run("check", str(folder), "--as-of", str(DAY), "--json", *more).out
        found = json.loads(out)
        if name == "value.upside.good":
            kill = next(each for each in found["kill"] if each["kill"]["id"] == "K9")
            return float(kill["distances"][0]["value"]["lo"])
        risk = next(each for each in found["risks"] if each["rule"]["id"] == "price")
        part = next(each for each in risk["parts"] if each["id"] == "growth_gap")
        return float(part["value"]["lo"])

    before, after = value(), value("--set", setting)
    assert before != after
    assert (after > before) == rises


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "metrics.yaml",
            "value.implied_growth - yoy",
            "value.implied_grwth - yoy",
            "no value is called `value.implied_grwth`",
        ),
        (
            "metrics.yaml",
            "value.implied_growth - yoy",
            "value.upside.god - yoy",
            "did you mean `value.upside.good`",
        ),
        (
            "thesis.yaml",
            "metric: value.odds.touch",
            "metric: value.odds.tuch",
            "did you mean `value.odds.touch`",
        ),
        (
            "valuation.yaml",
            "ebit: ttm(operating_income)}",
            "ebit: ttm(operating_income) * (1 + growth_gap)}",
            "`growth_gap` is made of itself: growth_gap -> value.implied_growth -> growth_gap",
        ),
        (
            "valuation.yaml",
            "value: debt",
            "value: debt * score.repairs_growth",
            "`score.repairs_growth` cannot be read here",
        ),
        (
            "metrics.yaml",
            "value.implied_growth - yoy",
            "score.margins - yoy",
            "`score.margins` cannot be read here",
        ),
        (
            "valuation.yaml",
            "market: {volatility: 35%, drift: 8%, source: judgement, because: Five years of prices.}\n",
            "",
            "`value.odds.touch` takes `market` of valuation.yaml, and it has none",
        ),
    ],
)
def test_a_wrong_name_or_a_circle_is_a_problem(
    file: str, old: str, new: str, message: str, reading: Priced, run: Any
) -> None:
    folder = reading()
    _edit(folder / file, old, new)
    told = run("lint", str(folder))
    assert told.code == 3
    assert message in told.out + told.err


def test_without_a_valuation_there_are_no_values(folder_pack: Any, run: Any) -> None:
    folder = folder_pack()
    _edit(folder / "metrics.yaml", "metrics:\n", GAP)
    told = run("lint", str(folder))
    assert told.code == 3
    assert (
        "`value.implied_growth` is worked out from valuation.yaml, and the pack has none"
        in told.out + told.err
    )


def test_a_signed_review_is_recalculated_to_the_same(reading: Priced, run: Any) -> None:
    folder = reading()
    assert (
        run(
            "review",
            "sign",
            str(folder),
            "--as-of",
            str(DAY),
            "--by",
            "A",
            "--decision",
            "hold",
            "--note",
            "n",
        ).code
        == 0
    )
    told = run("review", "verify", str(folder))
    assert told.code == 0, told.out + told.err


def test_later_rows_and_assumptions_have_no_say(reading: Priced) -> None:
    """An earlier day prints the same, whatever was filed or assumed after it."""
    day = date(2026, 9, 30)
    before = case_as_of(_pack(reading()), day)
    folder = reading(("central: 12, low: 8", "central: 14, low: 8"), name="later")
    with (folder / "facts/ACME.csv").open("a", encoding="utf-8") as file:
        file.write("operating_income,2026Q3,90000000,USD,2026-10-28,10-Q 0000012345-26-000110,reported,\n")
    after = case_as_of(_pack(folder), day)
    for name in before.pack.values:
        for back in range(6):
            at = before.quarter - back
            assert before.value(name, at) == after.value(name, at)
            assert before.evidence(name, at) == after.evidence(name, at)


def test_of_a_value_that_is_unknown_the_figures_below_are_owed(reading: Priced, run: Any) -> None:
    """Rules that read values owe the line items that these are worked out from, with the rules' names."""
    for missing in ("shares", "operating_income"):
        folder = reading(without=missing, name=missing)
        found = run("todo", "--as-of", "2026-10-15", "--json", cwd=folder)
        assert (found.code, found.err) == (1, "")
        answer = json.loads(found.out)
        owed = {
            i["name"]: i["rules"] for s in (*answer["restoring"], *answer["further"]) for i in s["inputs"]
        }
        assert not [name for name in owed if name.startswith("value.")]
        assert "price" in owed[missing]
