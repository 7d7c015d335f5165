"""Lint of valuation.yaml: one mistake in what is otherwise in order, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thesis.pack.folder import read_folder
from thesis.pack.load import freeze_pack, thaw_pack
from thesis.pack.schema.shapes import freeze
from thesis.pack.schema.valuation import ValuationInputs
from thesis.workspace.open_pack import checked_pack

VALUED = Path(__file__).parents[1] / "data" / "valued"
FILES = ("thesis.yaml", "metrics.yaml", "valuation.yaml")

ValuedPack = Callable[..., Path]


@pytest.fixture
def valued(folder_pack: Any) -> ValuedPack:
    """``valued(("sd: 5%", "sd: -5%"))``: Acme with a valuation, in which some words stand for others."""

    def write(*changes: tuple[str, str], file: str = "valuation.yaml") -> Path:
        texts = {name: (VALUED / name).read_text(encoding="utf-8") for name in FILES}
        for old, new in changes:
            assert old in texts[file], old
            texts[file] = texts[file].replace(old, new, 1)
        folder: Path = folder_pack(texts)
        return folder

    return write


def test_a_valuation_in_order_has_no_problems(valued: ValuedPack, run: Any) -> None:
    found = run("lint", cwd=valued())
    assert (found.code, found.err) == (0, "")


REPAIRS = "central: 12%, low: 5%, high: 20%, sd: 5%"
DEBT = "{id: debt, name: Debt, value: debt, kind: owed}"
GOOD, POOR = "probability: 40%", "probability: 60%"
SIGNPOST = "score.repairs_growth >= 75%"
ROUTE = "log.ebit >= 70% * log.moved"
FIRST = "between: [repairs.growth, repairs.margin], rho: 0.3"

STANDS = "sales: ttm(repairs.sales)\n    margin_now: 20%..30%"

MISTAKES = [
    # what it starts from
    ("written: 2026-10-01", "written: 2027-01-01", "written on 2027-01-01, which is after today"),
    ("written: 2026-10-01", "written: yesterday", "expected a date like 2026-07-31, found `yesterday`"),
    ("shares: shares", "shares: shairs", "did you mean `shares`?"),
    ("shares: shares", "shares: debt", "expected shares, the formula gives USD"),
    ("sales: ttm(sales)", "sales: ttm(sales", "expected `,` or `)`"),
    ("sales: ttm(sales)", "sales: sales", "expected four quarters added up, found one quarter"),
    ("sales: ttm(sales)", "sales: shares", "expected USD, the formula gives shares"),
    ("ebit: ttm(operating_income)", "ebit: debt", "found what stands at a quarter's end"),
    ("ebit: ttm(operating_income)", "ebit: sales > 1", "expected a number, found a condition"),
    # segments
    ("id: anvils", "id: repairs", "the id `repairs` is used twice"),
    ("id: anvils", "id: debt", "the id `debt` is used twice"),
    ("id: anvils", "id: cash_flow", "`cash_flow` is a driver already"),
    ("id: anvils", "id: an.vils", "expected an id without dots, found `an.vils`"),
    ("id: anvils", "id: <b>anvils", "expected an id such as aws-growth, found `<b>anvils`"),
    ("    rest: true\n", "", "`rest: true`, found none of them"),
    ("rest: true", "sales: ttm(anvils.sales)", "found `sales`"),
    ("margin_now: 20%..30%", "rest: true", "found `sales` and `rest`"),
    (f"    {STANDS}", "    rest: true", "a second segment that is the rest"),
    ("margin_now: 20%..30%", "margin_now: ttm(sales)", "expected ratio, the formula gives USD"),
    ("multiple: 12..16", "multiple: 16..12", "runs backwards"),
    ("multiple: 12..16", "multiple: 0..16", "expected a multiple above 0"),
    ("multiple: 12..16", "multiple: '>12'", "expected a number or a range such as 22..30, found `>12`"),
    ("multiple: 12..16", "multiple: 12..16\n    sales_multiple: 2", "found both"),
    ("multiple_because: Judgement.", "multiple_because: ''", "a multiple without a reason"),
    # drivers
    (REPAIRS, "central: a bit, low: 5%, high: 20%, sd: 5%", "expected one number such as 18% or 50e9"),
    (REPAIRS, "central: 5%..9%, low: 5%, high: 20%, sd: 5%", "expected one number such as 18% or 50e9"),
    (REPAIRS, "central: 1e400, low: 5%, high: 20%, sd: 5%", "found `1e400`"),
    (REPAIRS, "central: nan, low: 5%, high: 20%, sd: 5%", "found `nan`"),
    (REPAIRS, "central: 4%, low: 5%, high: 20%, sd: 5%", "low <= central <= high, found 5%, 4%, 20%"),
    (REPAIRS, "central: 12%, low: -100%, high: 20%, sd: 5%", "growth above -100% a year, found -100%"),
    (REPAIRS, "central: 12%, low: 5%, high: 20, sd: 5%", "is a percent sign missing?"),
    (REPAIRS, "central: 12%, low: 5%, high: 20%, sd: -5%", "expected an sd of 0 or more, found -5%"),
    (REPAIRS, "central: 12%, low: 5%, high: 20%, sd: 5", "is a percent sign missing?"),
    (REPAIRS, "central: 12%, low: 5%, high: 20%", "or `distribution: fixed`, found none"),
    ("high: 35%", "high: 135%", "expected a margin of 100% at most, found 135%"),
    ("central: 12, low: 8", "central: 12, low: 0", "expected a multiple above 0, found 0"),
    ("sd: 0.2", "sd: 25", "expected an sd of the logarithm of 3 at most"),
    ("central: 40e6", "central: 0", "expected a middle above 0 of a lognormal driver, found 0"),
    ("sd: 30%", "sd: 300%", "found 300% a year, which comes to"),
    ("source: letter to owners of July 2026", "source: ''", "an assumption without a source"),
    ("because: Twelve in the last year.", "because: ''", "a judgement without a reason"),
    ("because: Twelve in the last year.", "because: ' '", "a judgement without a reason"),
    ("distribution: lognormal", "distribution: lognormel", "expected `normal`, `lognormal` or `fixed`"),
    # claims
    (DEBT, DEBT.replace("value: debt", "value: shares"), "expected USD, the formula gives shares"),
    (DEBT, DEBT.replace("id: debt", "id: multiple"), "`multiple` is a driver already"),
    (DEBT, DEBT.replace("owed", "lent"), "expected `owed` or `owned`"),
    (DEBT, DEBT.replace("owed", "owed, counted: false"), "a claim that is left out without a reason"),
    ("tax: 25%\n    horizon", "tax: 125%\n    horizon", "expected 0% to 100%, found `125%`"),
    ("because: It would be sold.", "because: ''", "a tax that is assumed without a reason"),
    # needs
    ("dates: [2028-12-31", "dates: [2028-13-31", "expected a date like 2026-07-31, found `2028-13-31`"),
    ("dates: [2028-12-31", "dates: [2026-10-01", "expected a day after the assumptions were written"),
    ("multiples: [10, 12]", "multiples: [10, -1]", "expected a multiple above 0"),
    ("horizons: [2.5", "horizons: [0", "expected more than 0 years"),
    ("horizons: [2.5", "horizons: [.inf", "expected a number, found `.inf`"),
    ("margin_years: 4.5", "margin_years: -1", "expected more than 0 years"),
    ("sales_growth: [5%", "sales_growth: [-100%", "expected growth above -100% a year"),
    ("cost_of_equity: [8%", "cost_of_equity: [8", "is a percent sign missing?"),
    ("lead: repairs.growth", "lead: repair.growth", "did you mean `repairs.growth`?"),
    ("lead: repairs.growth", "lead: multiple", "the multiple is what is solved for"),
    ("  lead: repairs.growth\n", "", "the key `lead` is missing"),
    ("lead_values: [5%", "lead_values: [-200%", "expected growth above -100% a year, found -200%"),
    ("share_drift: -1%", "share_drift: -100%", "expected a rate above -100%"),
    # implied
    ("wacc: [8%, 9%]", "wacc: []", "expected at least one rate, found none"),
    ("wacc: [8%", "wacc: [0%", "expected a rate above 0%"),
    ("roic: [20%", "roic: [0%", "expected a return above 0%"),
    ("roic: [20%", "roic: [nothing", "expected one number such as 18% or 50e9, found `nothing`"),
    ("terminal_growth: 2%", "terminal_growth: 8%", "needs a cost of capital above it, found 8%"),
    ("terminal_return: 12%", "terminal_return: 2%", "growth for ever needs a return above it, found 2%"),
    ("implied:\n  tax: 25%", "implied:\n  tax: 101%", "expected 0% to 100%, found `101%`"),
    ("terminal_return: 12%", "terminal_return: 12%\n  years: 51", "expected 1 to 50 years, found `51`"),
    ("terminal_return: 12%", "terminal_return: 12%\n  years: ten", "expected a whole number, found `ten`"),
    ("because: What small companies pay.", "because: ''", "a judgement without a reason"),
    # paths
    ("since: [2024-12-31]", "since: []", "expected at least one day, found none"),
    ("since: [2024-12-31]", "since: [2027-12-31]", "measured from 2027-12-31, which is after today"),
    ("{id: hope", "{id: earnings", "the id `earnings` is used twice"),
    (ROUTE, "log.ebitt >= 1", "did you mean `log.ebit`?"),
    (ROUTE, "log.ebit", "expected a condition, found a number (ratio)"),
    (ROUTE, "log.ebit > sales", "compares a ratio with USD"),
    (ROUTE, "'change(log.ebit, 4) > 0'", "`log.ebit` is known of the day alone"),
    (ROUTE, "log.ebit > 0 for 2 quarters", "`log.ebit` is known of the day alone"),
    # scenarios
    ("repairs.growth: 20%, multiple: 14", "repair.growth: 20%", "did you mean `repairs.growth`?"),
    ("repairs.growth: 20%, multiple: 14", "multiple: -14", "expected a multiple above 0, found -14"),
    ("repairs.growth: 20%, multiple: 14", "repairs.margin: 120%", "expected a margin of 100% at most"),
    ("id: poor", "id: good", "the id `good` is used twice"),
    (POOR, "probability: 50%", "expected probabilities that add up to 100%, found 90%"),
    (GOOD, "probability: 140%", "expected a probability from 0% to 100%, found `140%`"),
    (f"{POOR}, ", "", "scenario `poor` has no probability, others have"),
    ("because: It was so twice in five years.", "because: ''", "a probability without a reason"),
    (GOOD, f"{GOOD}\n    at_least: 2", "expected 1, for there is one signpost, found `2`"),
    (GOOD, f"{GOOD}\n    at_least: 0", "expected 1, for there is one signpost, found `0`"),
    (SIGNPOST, "score.repair_growth >= 75%", "did you mean `score.repairs_growth`?"),
    (SIGNPOST, "log.price > 0", "no concept or metric is called `log.price`"),
    # correlations
    (FIRST, "between: [repairs.growth, repairs.grwth], rho: 0.3", "did you mean `repairs.growth`?"),
    (FIRST, "between: [repairs.growth], rho: 0.3", "expected two different drivers, found repairs.growth"),
    (FIRST, "between: [multiple, multiple], rho: 0.3", "expected two different drivers"),
    (FIRST, "between: [multiple, repairs.growth], rho: 0.3", "is given twice"),
    (FIRST, "between: [repairs.growth, repairs.margin], rho: 1", "correlation between -1 and 1, found 1"),
    (FIRST, "between: [repairs.growth, repairs.margin], rho: .inf", "expected a number, found `.inf`"),
    (FIRST, "between: [repairs.growth, repairs.margin], rho: 1e400", "expected a number, found `1e400`"),
    ("because: full shops", "because: ''", "a correlation without a reason"),
    # chances and base rates
    ("volatility: 35%", "volatility: -35%", "expected a volatility of 0% to 1000%"),
    ("drift: 8%", "drift: -100%", "expected a rate above -100%"),
    ("shares: [10, 20, 40, 20, 10]", "shares: [10, 20, 40, 20]", "one more than there are edges, found 4"),
    ("shares: [10, 20, 40, 20, 10]", "shares: [10, 20, 40, 20, 30]", "that add up to 100, found 120"),
    ("edges: [-5, 0, 5, 10]", "edges: [0, -5, 5, 10]", "expected edges that rise, found 0, -5, 5, 10"),
    ("shares: [10, 20, 40, 20, 10]", "shares: [-10, 40, 40, 20, 10]", "a share in percent, 0 to 100"),
    ("edges: [-5", "edges: [-100", "above -100 and up to 1000, found `-100`"),
    ("years: 3", "years: 0", "expected 1 year or more, found 0"),
    ("inflation: 0%", "inflation: 2.5", "is a percent sign missing?"),
    ("sales_from: 1e8", "sales_from: -1", "expected sales of 0 or more"),
    ("vintage: 1990-2020", "vintage: ''", "a table of base rates without a vintage"),
    ("table: three", "table: tree", "did you mean `three`?"),
    ("weight: 40%", "weight: 140%", "expected 0% to 100%, found `140%`"),
    ("[repairs.growth, anvils.growth]", "[repairs.margin]", "`repairs.margin` is not a rate of growth"),
    ("because: Growth hardly lasts.", "because: ''", "a weight without a reason"),
    ("touch: 5", "touch: 0", "expected 1 to 250 sessions, found `0`"),
    ("end: 20", "end: 2000", "expected 1 to 250 sessions, found `2000`"),
    # form
    ("share_drift: -1%", "share_drfit: -1%", "did you mean `share_drift`?"),
    ("shares: shares\n", "", "the key `shares` is missing"),
    ("{central: 1%, low", "{centrl: 1%, low", "did you mean `central`?"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_is_told_where_it_stands(
    old: str, new: str, said: str, valued: ValuedPack, run: Any
) -> None:
    """Whatever is wrong is an error with a line of valuation.yaml, and nothing falls over it."""
    found = run("lint", cwd=valued((old, new)))
    assert found.code == 3
    assert said in found.err
    assert "valuation.yaml:" in found.err.splitlines()[0]


DOUBTS = [
    ("rest: true", "sales: ttm(sales)\n    margin_now: 15%", "the segments' sales add up to"),
    ("sd: 5%, source: judgement", "sd: 5%, centre: mean, source: judgement", "`centre` has no effect"),
    ("distribution: fixed", "distribution: fixed, sd: 5e6", "`sd` has no effect"),
    ("distribution: lognormal, sd: 0.2", "distribution: fixed", "`multiple` is fixed"),
    ("tax: 25%\n    horizon", "counted: false\n    horizon", "the claim is not counted"),
    ("    multiple: 8\n    multiple_because: Judgement.\n", "", "without a multiple of `anvils`"),
    ("growth: [5%, 10%]\n  terminal", "growth: [5%, 30%]\n  terminal", "its years have no answer"),
    (", because: The rest.}\n\nscen", "}\n\nscen", "a route without `because`"),
    (", because: strong", "", "a signpost without `because`"),
    (", because: A close may be a slip of the pen.", "", "an event without `because`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), DOUBTS, ids=lambda value: str(value)[:40])
def test_what_is_likely_not_meant_is_a_warning(
    old: str, new: str, said: str, valued: ValuedPack, run: Any
) -> None:
    found = run("lint", cwd=valued((old, new)))
    assert found.code == 0
    assert said in found.err
    assert "warning[" in found.err
    assert "error[" not in found.err


def test_segments_that_are_the_company_need_no_rest(valued: ValuedPack, run: Any) -> None:
    """Where the segments' sum is the total, nothing is left for a rest."""
    whole = ("    rest: true", "    sales: ttm(anvils.sales)\n    ebit: ttm(operating_income) * 40%")
    first = ("margin_now: 20%..30%", "ebit: ttm(operating_income) * 60%")
    assert run("lint", cwd=valued(whole, first)).err == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("thesis.yaml", "target: {market_cap: 2e9, by: 2030-12-31}\n", "", "the key `target` is missing"),
        ("thesis.yaml", "market_cap: 2e9", "market_cap: -2e9", "expected a market value above 0"),
        ("thesis.yaml", "price: price\n", "", "the key `price` is missing"),
        ("thesis.yaml", "by: 2030-12-31", "unit: EUR, by: 2030-12-31", "in EUR, the price in USD"),
        ("thesis.yaml", "by: 2030-12-31", "unit: EUR, by: 2030-12-31", "= say `unit: USD` in the target"),
        ("metrics.yaml", "unit: USD/share", "unit: USD", "expected a share price such as USD/share"),
        ("metrics.yaml", "unit: USD/share", "unit: EUR/share", "expected EUR, the formula gives USD"),
        ("metrics.yaml", "unit: shares, kind: stock", "unit: count, kind: stock", "expected shares"),
    ],
)  # fmt: skip
def test_a_valuation_needs_a_target_and_a_price(
    file: str, old: str, new: str, said: str, valued: ValuedPack, run: Any
) -> None:
    found = run("lint", cwd=valued((old, new), file=file))
    assert found.code == 3
    assert said in found.err


def test_another_money_than_dollars_will_do(valued: ValuedPack, run: Any) -> None:
    """Whatever the price is in, everything else has to be in."""
    folder = valued(("by: 2030-12-31", "unit: EUR, by: 2030-12-31"), file="thesis.yaml")
    for file in ("metrics.yaml", "facts/ACME.csv"):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("USD", "EUR"), encoding="utf-8")
    assert run("lint", cwd=folder).err == ""


def test_a_pack_remembered_is_the_pack_that_was_read(valued: ValuedPack) -> None:
    """What the cache keeps of a checked pack has every assumption in it, to the last key."""
    folder = read_folder(valued(), ".")
    pack = checked_pack(folder, date(2026, 11, 22))
    thawed = thaw_pack(freeze_pack(pack), folder)
    assert isinstance(thawed.valuation, ValuationInputs)
    assert freeze(thawed.valuation) == freeze(pack.valuation)
    assert thawed.valuation.segments == pack.valuation.segments  # type: ignore[union-attr]
    assert freeze_pack(thawed) == freeze_pack(pack)


def test_correlations_that_cannot_all_hold_are_refused_by_name(valued: ValuedPack, run: Any) -> None:
    found = run(
        "lint", cwd=valued(("rho: 0.3", "rho: -0.9"), ("rho: 0.5", "rho: 0.9"), ("rho: 0.2", "rho: 0.9"))
    )
    assert found.code == 3
    assert "[not-positive-definite]" in found.err
    for name in ("repairs.growth", "repairs.margin", "multiple"):
        assert f"`{name}`" in found.err


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (7, ""),
        (8, "expected at most 8 figures that may be ranges, found repairs margin_now, c0, c1"),
    ],
)
def test_more_ranges_than_can_be_reckoned_at_all_corners_are_refused(
    number: int, said: str, valued: ValuedPack, run: Any
) -> None:
    """Whatever follows is reckoned at each corner of what is uncertain: there may be 256 of them."""
    claims = [f"  - {{id: c{i}, name: C, value: debt * (1..2), kind: owed}}" for i in range(number)]
    found = run("lint", cwd=valued(("claims:\n", "\n".join(["claims:", *claims, ""]))))
    assert found.code == (3 if said else 0)
    assert said in found.err


LOAN = "loan: {formula: debt * 1..2, unit: USD, show: billions, label: Loan}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: stock}\n  forge", "kind: stock, assume: 1e6..2e6, because: Guessed.}\n  forge", "debt"),
        ("kind: stock}\n  forge", "kind: stock, reach: 20%, because: Guessed.}\n  forge", "debt"),
        ("  margin:\n", f"  {LOAN}\n  margin:\n", "loan"),
    ],
)  # fmt: skip
def test_ranges_are_found_through_concepts_and_metrics(
    old: str, new: str, said: str, valued: ValuedPack, run: Any
) -> None:
    """A claim's formula may be a range because of what it is made of."""
    claims = [f"  - {{id: c{i}, name: C, value: {said}, kind: owed}}" for i in range(8)]
    folder = valued(("claims:\n", "\n".join(["claims:", *claims, ""])))
    metrics = (folder / "metrics.yaml").read_text(encoding="utf-8")
    assert "figures that may be ranges" not in run("lint", cwd=folder).err
    assert old in metrics
    (folder / "metrics.yaml").write_text(metrics.replace(old, new, 1), encoding="utf-8")
    found = run("lint", cwd=folder)
    assert "expected at most 8 figures that may be ranges" in found.err


def _segment(i: int) -> str:
    return (
        f"  - {{id: s{i}, name: S, sales: ttm(sales), margin_now: 10%, "
        "growth: {central: 1%, low: 0%, high: 2%, sd: 1%, source: x}, "
        "margin: {central: 1%, low: 0%, high: 2%, sd: 1%, source: x}}\n"
    )


HOSTILE = [
    ("segments:\n", "segments:\n" + "".join(map(_segment, range(100_000))), "[too-large]"),
    ("segments:\n", "segments:\n" + "  - {}\n" * 100_000, "[too-many-values]"),
    ("segments:\n", "segments:\n" + "".join(map(_segment, range(1_000))), "at most 20 segments, found 1,002"),
    ("scenarios:\n", "scenarios:\n" + "  - {id: s, name: S, claim: C}\n" * 30, "at most 20 scenarios"),
    ("dates: [", "dates: [" + "2029-12-31, " * 60, "expected at most 50 dates"),
    ("wacc: [", "wacc: [" + "8%, " * 60, "expected at most 20 wacc"),
    ("multiple: 14", ", ".join(f"growth{i}: 1%" for i in range(5_000)), "[too-many-problems]"),
    ("dates: [", "dates: [" + "[" * 1_000, "[too-deep]"),
    (SIGNPOST, "(" * 1_000 + "1 > 0" + ")" * 1_000, "[too-"),
    ("rho: 0.3", "rho: " + "9" * 5_000, "expected a"),
    ("touch: 5", "touch: " + "9" * 5_000, "expected a"),
    (REPAIRS, f"central: {'9' * 5_000}, low: 0%, high: 1%, sd: 1%", "expected one number"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), HOSTILE, ids=lambda value: str(value)[:40])
def test_a_hostile_valuation_is_refused(old: str, new: str, said: str, valued: ValuedPack, run: Any) -> None:
    found = run("lint", cwd=valued((old, new)))
    assert said in found.err
    assert found.code in (0, 3)
    assert len(found.err) < 2_000_000
