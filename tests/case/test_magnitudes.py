"""Numbers that can be read and hardly meant: asked for wherever a number is, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.case.case import Case
from thesis.case.magnitudes import SLIPS, Magnitudes, Scale, slip_of
from thesis.case.outliers import NEAR, NEIGHBOURS, outliers
from thesis.core.period import Quarter
from thesis.facts.fact import FactStore
from thesis.language.syntax import parse
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build

ACME = build(read_folder(Path(__file__).parents[1] / "data" / "acme", "acme"))[0]
TODAY = date(2026, 11, 22)
HEAD = "concept,period,value,unit,filed,source,how\n"
QUARTERS = [Quarter.parse("2024Q1") + i for i in range(10)]


def _with(**series: list[float]) -> Pack:
    """Acme with these figures and no others, a quarter each."""
    rows = [
        f"{name.replace('_sales', '.sales')},{quarter},{value!r},USD,{quarter.end},10-Q,reported\n"
        for name, values in series.items()
        for quarter, value in zip(QUARTERS, values, strict=False)
    ]
    facts = FactStore()
    facts.add(HEAD + "".join(rows), "facts/ACME.csv")
    return ACME.with_facts(facts)


def _margins(margin: float) -> Magnitudes:
    """What Acme's numbers are held against where its margin has been so much, give or take a tenth."""
    sales = [1e8 * 1.02**i for i in range(10)]
    profit = [each * margin * (0.9 + 0.02 * i) for i, each in enumerate(sales)]
    return Magnitudes(Case(_with(sales=sales, operating_income=profit), TODAY))


margins = st.floats(0.02, 0.9)
factors = st.floats(1 / 3, 3)


@given(margin=margins, factor=factors, operator=st.sampled_from(["<", "<=", ">", ">="]))
@examples(80)
def test_a_threshold_without_its_sign_is_asked_about_and_with_it_is_not(
    margin: float, factor: float, operator: str
) -> None:
    """15 in place of 15% is doubted, on either side; 15%, 1500bp and 0.15 are not."""
    judge, percent = _margins(margin), 100 * margin * factor
    assume(percent > 1.5)
    found = list(judge.in_expression(parse(f"margin {operator} {percent:.3f}")))
    assert [each.doubt.kind for each in found] == ["percent"]
    assert (
        found[0].doubt.hint
        == f"is a percent sign missing, as in {percent:.3f}".rstrip("0").rstrip(".") + "%?"
    )
    assert len(list(judge.in_expression(parse(f"{percent:.3f} {operator} margin")))) == 1
    for fine in (f"{percent:.3f}%", f"{100 * percent:.1f}bp", f"{percent / 100:.5f}", "0", "1"):
        assert not list(judge.in_expression(parse(f"margin {operator} {fine}"))), fine


@given(scale=st.floats(1e4, 1e12), factor=st.floats(1 / 2, 2), power=st.sampled_from([3, 6, 9]))
@examples(80)
def test_an_amount_in_thousands_or_millions_is_asked_about_and_in_whole_units_is_not(
    scale: float, factor: float, power: int
) -> None:
    judge = Magnitudes(Case(_with(sales=[scale * (1 + 0.05 * i) for i in range(8)]), TODAY))
    amount = float(f"{scale * factor:.4g}")
    assert not list(judge.in_expression(parse(f"sales >= {amount!r}")))
    small = float(f"{amount / 10**power:.4g}")
    found = list(judge.in_expression(parse(f"sales >= {small!r}")))
    assert [each.doubt.kind for each in found] == ["scale"]
    assert any(each in found[0].doubt.hint for each in SLIPS.values())
    assert [each.doubt.kind for each in judge.in_expression(parse(f"{amount * 10**power!r} > sales"))] == [
        "scale"
    ]


FINE = [
    "margin + 1 > 110%",
    "1 - margin < 90%",
    "if(margin > 10%, 1, 0) > 0",
    "greatest(margin, 1) > 50%",
    "streak(margin > 10%, 4) >= 3",
    "margin * 100 >= 15",
    "change(margin, 4) > 0",
    "sales - 5e6 > 0",
    "greatest(sales, 1) > 5e7",
    "lag(sales, 4) > 1e8",
    "mean(margin, 8) > 15%",
    "sales / operating_income > 6",
]
MISSING = [
    "change(margin, 4) > 2",
    "margin > lag(margin, 4) + 2",
    "margin > 10 for 2 quarters",
    "margin >= 10..15",
    "not margin < 12 or sales > 1e8",
    "if(margin > 20, 1, 0) > 0",
    "greatest(margin, 15) > 10%",
    "yoy(sales) < -10",
    "operating_income / sales > 15",
    "mean(margin, 4) > 3 * 5",
]


@pytest.mark.parametrize("text", FINE)
def test_nothing_is_asked_where_a_number_may_be_meant(text: str) -> None:
    assert not list(_margins(0.15).in_expression(parse(text)))


@pytest.mark.parametrize("text", MISSING)
def test_the_sign_is_asked_for_in_every_form_of_expression(text: str) -> None:
    assert [each.doubt.kind for each in _margins(0.15).in_expression(parse(text))] == ["percent"]


def test_of_a_ratio_of_which_nothing_is_known_hundreds_of_percent_are_doubted() -> None:
    judge = Magnitudes(Case(_with(sales=[1e8]), TODAY))
    assert list(judge.in_expression(parse("margin > 15")))
    assert not list(judge.in_expression(parse("margin > 2")))
    assert list(Magnitudes(Case(_with(), TODAY)).in_expression(parse("margin > 15")))


# wherever a number is read ---------------------------------------------------------------------------

ASKED = "by: A, made: 2026-08-05, period: 2026Q3, metric: margin"
FORECASTS = f"""\
forecasts:
  - {{id: F1, text: So., kind: binary, {ASKED}, when: repairs_growth >= 10%, p: [0.6]}}
  - {{id: F2, text: So., kind: ladder, {ASKED}, levels: [10%, 20%], p: [0.6, 0.2]}}
  - {{id: F3, text: So., kind: quantiles, {ASKED}, values: [10%, 12%, 14%]}}
"""
PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "holds": ("thesis.yaml", lambda text: text.replace("repairs_growth >= 10%", "repairs_growth >= 10")),
    "bands": ("thesis.yaml", lambda text: text.replace("[0%, 5%, 10%, 20%, 30%]", "[0, 5, 10, 20, 30]")),
    "falling bands": (
        "thesis.yaml",
        lambda text: text.replace("[50%, 75%, 100%, 125%, 150%]", "[50, 75, 100, 125, 150]"),
    ),
    "kill": ("thesis.yaml", lambda text: text.replace("repairs_growth < 0", "repairs_growth < -5")),
    "lift": (
        "thesis.yaml",
        lambda text: text.replace(
            "combine: max", "combine: max\n    lift: {when: margin < 10, because: So.}"
        ),
    ),
    "formula": (
        "metrics.yaml",
        lambda text: text.replace(
            "formula: yoy(repairs.sales)", "formula: greatest(yoy(repairs.sales), -50)"
        ),
    ),
}


def _asked(run: Any, folder: Path) -> list[str]:
    """The lines of lint that ask for a sign or a scale."""
    found = run("lint", cwd=folder)
    assert found.code == 0, found.err
    return [line for line in found.err.splitlines() if "warning[percent-sign]" in line]


@pytest.mark.parametrize("place", PLACES)
def test_lint_asks_for_the_sign_at_its_place(folder_pack: Any, run: Any, place: str) -> None:
    file, edit = PLACES[place]
    before = folder_pack(name="before")
    text = (before / file).read_text("utf-8")
    assert edit(text) != text
    assert not _asked(run, before)
    found = _asked(run, folder_pack({file: edit(text)}))
    assert len(found) == 1
    assert found[0].startswith(file)


def test_lint_asks_for_the_sign_in_forecasts(folder_pack: Any, run: Any) -> None:
    assert not _asked(run, folder_pack({"forecasts.yaml": FORECASTS}, name="before"))
    found = _asked(run, folder_pack({"forecasts.yaml": FORECASTS.replace("%", "")}))
    assert [line.split(":")[1] for line in found] == ["2", "3", "4"]


# figures that stand out ------------------------------------------------------------------------------

growths = st.lists(st.floats(0.7, 1.4), min_size=9, max_size=9)


def _grown(first: float, growths: list[float]) -> list[float]:
    values = [first]
    for growth in growths:
        values.append(values[-1] * growth)
    return [float(f"{value:.6g}") for value in values]


@given(
    first=st.floats(1e5, 1e11), growths=growths, at=st.integers(0, 9), power=st.sampled_from([-6, -3, 3, 6])
)
@examples(60)
def test_the_one_figure_in_another_unit_stands_out(
    first: float, growths: list[float], at: int, power: int
) -> None:
    """A company that grows or shrinks by a third a quarter has no outlier; one figure in millions is one."""
    values = _grown(first, growths)
    assert outliers(Case(_with(sales=values), TODAY)) == []
    values[at] = float(f"{values[at] * 10.0**power:.6g}")
    found = outliers(Case(_with(sales=values), TODAY))
    assert [each.id for each in found] == [f"sales:{QUARTERS[at]}"]


def test_a_series_in_millions_beside_whole_dollars_stands_out_as_a_whole() -> None:
    whole = {"anvils_sales": [1e8] * 6, "repairs_sales": [2e8] * 6, "operating_income": [3e7] * 6}
    assert outliers(Case(_with(sales=[3e8] * 6, **whole), TODAY)) == []
    found = outliers(Case(_with(sales=[300.0] * 6, **whole), TODAY))
    assert [each.id for each in found] == ["sales"]
    assert found[0].hint == "is it in millions? figures are in whole USD"


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["0.4", "0.41", "42", "0.43"], ["churn:2024Q3"]),
        (["40", "41", "42"], ["churn"]),
        (["0.4", "41"], ["churn:2024Q2"]),
        (["40%", "41%", "42%"], []),
        (["0.002", "0.3", "0.004"], []),
        (["1.1", "1.2", "1.3"], []),
    ],
)
def test_a_rate_without_its_sign_stands_out(folder_pack: Any, values: list[str], ids: list[str]) -> None:
    metrics = (folder_pack(name="before") / "metrics.yaml").read_text("utf-8")
    churn = "metrics:\n"
    text = metrics.replace(churn, "  churn: {label: Churn, unit: ratio, kind: rate}\n\n" + churn, 1)
    facts = (Path(__file__).parents[1] / "data" / "acme" / "facts" / "ACME.csv").read_text("utf-8")
    rows = "".join(
        f"churn,{quarter},{value},ratio,{quarter.end},letter,reported,\n"
        for quarter, value in zip(QUARTERS, values, strict=False)
    )
    pack = build(read_folder(folder_pack({"metrics.yaml": text, "facts/ACME.csv": facts + rows}), "acme"))[0]
    assert [each.id for each in outliers(Case(pack, TODAY))] == ids


@pytest.mark.parametrize(
    ("closes", "ids"),
    [
        ((19.8, 20.1, 2040.0), ["price:2024-12-31"]),
        ((1980.0, 20.1, 20.4, 21.0), ["price:2024-06-30"]),
        ((2010.0, 2040.0, 21.0, 2000.0), ["price:2024-12-31"]),
        ((10.0, 5.0, 30.0, 12.0), []),
        ((20.0, 2000.0), []),
    ],
    ids=["pence", "oldest", "pounds", "moves", "too few"],
)
def test_a_price_in_pence_among_pounds_stands_out(
    folder_pack: Any, closes: tuple[float, ...], ids: list[str]
) -> None:
    """Closes on the last days of quarters; one that is a hundred times the others is told by its day."""
    metrics = (folder_pack(name="before") / "metrics.yaml").read_text("utf-8")
    price = "  price: {label: Price, unit: GBP/share, kind: daily, source: exchange}\n\nmetrics:\n"
    days = ("2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31")
    rows = "".join(
        f"price,{day},{close},GBP/share,{day},exchange,reported,\n"
        for day, close in zip(days, closes, strict=False)
    )
    facts = (Path(__file__).parents[1] / "data" / "acme" / "facts" / "ACME.csv").read_text("utf-8")
    files = {"metrics.yaml": metrics.replace("metrics:\n", price, 1), "facts/ACME.csv": facts + rows}
    pack = build(read_folder(folder_pack(files), "acme"))[0]
    assert [each.id for each in outliers(Case(pack, TODAY))] == ids


@given(values=st.lists(st.sampled_from([0.0, 1e6, 2e6, -3e6, 1e9, 2e12]), min_size=3, max_size=10))
@examples(80)
def test_a_figure_is_held_against_the_nearest_that_are_not_zero(values: list[float]) -> None:
    """As the definition has it, figure by figure, over the whole series."""
    expected = set()
    for i, value in enumerate(values):
        others = [(abs(i - j), abs(each)) for j, each in enumerate(values) if j != i and each]
        sizes = sorted(size for _, size in sorted(others)[:NEIGHBOURS])
        if sizes and value:
            low, high = sizes[(len(sizes) - 1) // 2], sizes[len(sizes) // 2]
            if slip_of(value, Scale(low, high, low, high), NEAR):
                expected.add(str(QUARTERS[i]))
    found = outliers(Case(_with(sales=values), TODAY))
    assert {each.period for each in found} == expected
