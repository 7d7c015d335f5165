"""The workbook: its formulas, worked out by other programs, come to the assessment; its texts stay texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from tests.cli.test_value import ONE, five
from tests.properties.calls import sample_call
from tests.workbook.sheets import (
    ACME,
    Made,
    Table,
    Values,
    by_formulas,
    by_libreoffice,
    cells,
    differences,
    formulas,
    made,
    near,
)
from thesis.core.interval import Interval
from thesis.files.disk import bundled_folder
from thesis.language.functions import FUNCTIONS
from thesis.workbook.number_formats import compared_format

RATED, STALE = "2026-10-15", "2027-01-15"
LONGEST_FORMULA = 8192  # characters, in Excel
AMAZON = bundled_folder("rules") / "amzn-4t"
LANGUAGE = (
    ("mean", "mean(margin, 3)", "ratio", "percent"),
    ("max", "max(building, 4)", "USD", "billions"),
    ("nth", "nth(repairs_growth, 2, 3)", "ratio", "percent"),
    ("streak", "streak(repairs_growth > 10%, 3)", "count", "number"),
    ("run", "streak(sales > 0, 30)", "count", "number"),
    ("unlike", "latest(lag(repairs.sales, 8))", "USD", "billions"),
    ("if", "if(building > 25e6 or margin < 12%, 1 - margin, -margin)", "ratio", "percent"),
    ("least", "least(margin, building_burden, 12%..18%)", "ratio", "percent"),
    ("greatest", "greatest(margin, -building_burden)", "ratio", "percent"),
    ("abs", "abs(change(operating_income, 1))", "USD", "billions"),
    ("zero", "sales / change(building, 1)", "ratio", "number"),
    ("not", "if(not (building >= 28e6 and sales != 159e6), 1, 2)", "ratio", "multiple"),
    ("eq", "if(sales == 159e6, 1..2, 3)", "ratio", "multiple"),
    ("held", "if(repairs_growth > 12% in 2 of last 3 quarters, 1, 0)", "ratio", "number"),
    ("prod", "margin * building_burden * (0 - 2)", "ratio", "bp"),
    ("quot", "(margin - 20%) / (building_burden - 1..3)", "ratio", "points"),
    ("scale", "(10% - 5%..30%) * margin / 4", "ratio", "percent"),
    ("lost", "(operating_income - operating_income) * building / sales", "USD", "billions"),
)  # metrics with operators, and with functions in other places: name, formula, unit, how it is shown
UNITS = {"same": "USD", "sum": "USD", "annual": "USD", "ratio": "ratio", "count": "count"}
FUNCTION_METRICS = tuple(
    (f"every_{name}", sample_call(name, "sales", "repairs_growth > 10%"), UNITS[function.gives], "number")
    for name, function in FUNCTIONS.items()
)
CRITERIA = (
    "not repairs_growth >= 10%",
    "repairs_growth < 0 or building > 26e6",
    "not (repairs_growth >= 0 and building < 28e6)",
    "repairs_growth < 20% for 2 quarters",
    "(repairs_growth < 20% and margin < 18%) for 2 quarters",
    "(not repairs_growth >= 20% or building > 28e6) for 2 quarters and not (margin < 5% and sales > 0)",
    "(repairs_growth < 20% or building > 28e6) in 2 of last 3 quarters or margin < -5%",
    "(repairs_growth < 20% for 2 quarters or margin < 1%) for 2 quarters",
    "max(repairs_growth, 2) < 20% or streak(margin > 10%, 4) >= 2",
    "nth(repairs_growth, 2, 3) >= 15% and min(margin, 3) > 5%",
    "building > operating_income",
    "building <= operating_income for 2 quarters",
    "yoy(sales) - 2% < 0",
    "26e6 < building and -2% > margin",
    "building == 28e6 or sales != 159e6",
    "building / change(building, 1) > 4 or -(building / (operating_income - 26e6)) <= -7",
    "max(building / (operating_income - 25e6), 3) > 4 for 2 quarters",
)
CHARGES = "\n  charges: {label: Charges, unit: USD, kind: register}\n\nmetrics:"


def text(file: str) -> str:
    return (ACME / file).read_text(encoding="utf-8")


def spoken() -> str:
    """Acme's metrics with one for each function and operator of the language."""
    listed = "".join(
        f'  m_{name}: {{formula: "{formula}", unit: {unit}, show: {show}, label: {name}}}\n'
        for name, formula, unit, show in (*FUNCTION_METRICS, *LANGUAGE)
    )
    return text("metrics.yaml").replace("\nidentities:", f"\n{listed}\nidentities:")


def backwards() -> str:
    """The same with the metrics last to first, so that formulas read metrics that are defined below them."""
    file = yaml.safe_load(spoken())
    file["metrics"] = dict(reversed(file["metrics"].items()))
    return str(yaml.safe_dump(file, sort_keys=False))


def holed() -> str:
    """Acme's facts with one missing, withheld, one-sided, a range around zero, and two that contradict."""
    changes = {
        "building,2026Q2": ">28e6", "operating_income,2026Q2": "20e6..30e6", "repairs.sales,2025Q4": "<54e6",
        "operating_income,2025Q3": "-5e6..5e6", "cash_from_operations,2026Q2": "not disclosed",
    }  # fmt: skip
    lines = []
    for line in text("facts/ACME.csv").splitlines(keepends=True):
        found = line.split(",")
        value = changes.get(",".join(found[:2]), found[2])
        if found[:2] != ["building", "2026Q1"]:
            lines.append(",".join([*found[:2], value, *found[3:]]))
    tail = "USD,2026-07-01,10-Q/A,reported,\n"
    unlike = [f"repairs.sales,2024Q2,{value},{tail}" for value in ("44e6", "49e6")]
    alike = [f"sales,2024Q1,{value},{tail}" for value in ("140e6", "140.3e6", "140.6e6")]
    return "".join([*lines, *unlike, *alike])


def charged() -> dict[str, str]:
    """Acme with a register of charges that its margin is adjusted for, and that decides a label."""
    metrics = text("metrics.yaml").replace("\n\nmetrics:", CHARGES, 1)
    metrics = metrics.replace("ttm(operating_income) /", "ttm(operating_income + charges) /")
    rows = "".join(
        f"charges/none,{quarter},0,USD,2026-08-01,10-Q,reported,\n"
        for quarter in (
            "2023Q3",
            "2023Q4",
            "2024Q1",
            "2024Q2",
            "2024Q3",
            "2024Q4",
            "2025Q1",
            "2025Q2",
            "2025Q3",
        )
    )
    charges = {"press,2025Q4": "8e6..9e6", "forge,2025Q4": "1e6", "press,2026Q1": "0", "court,2026Q2": "4e6"}
    for place, value in charges.items():
        rows += f"charges/{place},{value},USD,2026-08-01,10-Q,reported,\n"
    return {"metrics.yaml": metrics, "facts/ACME.csv": text("facts/ACME.csv") + rows}


OVERRIDES = """\
overrides:
  - {rule: margins, score: 0.5..0.6, reason: One-off., by: J. Doe, since: 2026-08-20, until: 2026-12-31}
  - {rule: building, score: 0.9, reason: "=1+1", by: J. Doe, since: 2026-08-20, until: 2026-12-31}
  - {rule: repairs-growth, answer: "no", reason: By area., by: J. Doe, since: 2026-08-20, until: 2026-12-31}
  - {rule: K1, answer: "yes", reason: It shrank., by: J. Doe, since: 2026-08-20, until: 2026-12-31}
"""


def killed() -> dict[str, str]:
    """Acme with a kill criterion for each form of a condition."""
    head, kill, rest = text("thesis.yaml").partition("kill:\n")
    listed = "".join(
        f'  - {{id: C{i}, claim: It ends., when: "{when}", because: It does.}}\n'
        for i, when in enumerate(CRITERIA)
    )
    return {"thesis.yaml": f"{head}{kill}{listed}{rest}"}


Folders = Callable[[str], Path]


@pytest.fixture
def folder_of(folder_pack: Any, priced: Any) -> Folders:
    """``folder_of("five segments")``: a small pack of its kind."""
    flow = "building: {label: Money spent on shops, unit: USD, kind: flow"
    reach = f"{flow}, reach: 20%, because: As ever."
    kinds: dict[str, Callable[[], Path]] = {
        "plain": folder_pack,
        "language": lambda: folder_pack({"metrics.yaml": spoken()}),
        "backwards": lambda: folder_pack({"metrics.yaml": backwards()}),
        "holes": lambda: folder_pack(
            {"metrics.yaml": spoken().replace(flow, reach), "facts/ACME.csv": holed()}
        ),
        "criteria": lambda: folder_pack(killed()),
        "criteria with holes": lambda: folder_pack({**killed(), "facts/ACME.csv": holed()}),
        "valued": priced,
        "one segment": lambda: priced(valuation=ONE),
        "five segments": lambda: priced(valuation=five()),
        "charges": lambda: folder_pack(charged()),
        "overridden": lambda: folder_pack({"overrides.yaml": OVERRIDES}),
        "one overridden": lambda: folder_pack({"overrides.yaml": OVERRIDES.partition("  - {rule: K1")[0]}),
    }
    return lambda kind: kinds[kind]()


@cache
def amazon(day: str) -> Made:
    return made(AMAZON, day)


@pytest.mark.parametrize(
    ("show", "unit", "value", "at", "told"),
    [
        ("percent", "ratio", 0.1998, 0.2, "0.00%"),
        ("percent", "ratio", 0.28, 0.2, "0.0%"),
        ("bp", "ratio", -0.00003, 0.0, "0.0"),
        ("billions", "USD", 99.99e9, 100e9, "#,##0.00,,,"),
        ("multiple", "ratio", 24.999, 25.0, '0.000"x"'),
        ("number", "count", 99_999.6, 1e5, "#,##0.0"),
    ],
)
def test_a_cell_has_as_many_digits_as_tell_it_from_its_edge(
    show: str, unit: str, value: float, at: float, told: str
) -> None:
    look = compared_format(show, unit, abs(at))
    assert look.beside(Interval(value, value), [at]).number == told


# worked out anew -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("plain", RATED), ("plain", STALE), ("language", RATED), ("backwards", RATED), ("holes", RATED),
        ("criteria", RATED), ("criteria", STALE), ("criteria with holes", RATED),
        ("valued", RATED),
        ("one segment", RATED), ("five segments", RATED), ("charges", RATED), ("overridden", RATED),
        ("one overridden", RATED),
    ],
)  # fmt: skip
def test_worked_out_anew_every_formula_has_the_value_it_was_written_with(
    kind: str, day: str, folder_of: Folders, tmp_path: Path
) -> None:
    book = made(folder_of(kind), day)
    found = by_formulas(book.data, tmp_path / "out")
    written = formulas(book.data)
    assert len(written) > 300
    assert max(map(len, written.values())) <= LONGEST_FORMULA
    assert differences(cells(book.data, values=True), found, list(written)) == []


def test_amazon_s_formulas_too(tmp_path: Path) -> None:
    """Some five thousand of them, with the valuation."""
    book = amazon(RATED)
    found, written = by_formulas(book.data, tmp_path), formulas(book.data)
    assert len(written) > 5000
    assert differences(cells(book.data, values=True), found, list(written)) == []


@pytest.mark.parametrize("day", [RATED, "2026-11-22", "2024-05-31", "2019-02-01"])
def test_libreoffice_comes_to_the_same(day: str, tmp_path: Path) -> None:
    """From the formulas alone, fresh, late, with a criterion tripped, and where next to nothing is known."""
    book = amazon(day)
    found = by_libreoffice(book.data, tmp_path)
    assert differences(cells(book.data, values=True), found, list(formulas(book.data))) == []


@pytest.mark.parametrize("name", ["kept", "tripped"])
def test_libreoffice_comes_to_the_same_with_overrides(name: str, kept: Any, tmp_path: Path) -> None:
    """Of a condition, a risk, a literal claim and a criterion, with a criterion that has tripped or not."""
    book = made(getattr(kept, name), RATED)
    assert len(book.assessment.overridden) == 4
    found = by_libreoffice(book.data, tmp_path)
    assert differences(cells(book.data, values=True), found, list(formulas(book.data))) == []
    verdict = Table(found, "Verdict")
    assert verdict.at("B", 6) == book.assessment.headline
    without = book.assessment.without_overrides
    assert without
    assert verdict.at("B", *verdict.rows("Verdict without overrides")) == without.worst


# what is changed follows -----------------------------------------------------------------------------


def row_of(values: Values, name: str, period: str) -> int:
    table = Table(values, "Facts")
    (row,) = [row for row in table.rows(name, "B") if table.at("D", row) == period]
    return row


def test_a_cleared_fact_is_unknown_and_the_verdict_follows(folder_of: Folders, tmp_path: Path) -> None:
    """As if the row had never been filed: the scores are those of the pack without it."""
    folder = folder_of("plain")
    book = made(folder, RATED)
    row = row_of(cells(book.data, values=True), "operating_income", "2026Q2")
    changed = by_formulas(book.data, tmp_path / "out", {("Facts", f"E{row}"): "", ("Facts", f"F{row}"): ""})
    kept = [line for line in text("facts/ACME.csv").splitlines(keepends=True)
            if not line.startswith("operating_income,2026Q2")]  # fmt: skip
    (folder / "facts/ACME.csv").write_text("".join(kept), encoding="utf-8")
    without = made(folder, RATED).assessment
    verdict = Table(changed, "Verdict")
    texts = Table(cells(book.data, values=True), "Verdict")
    for found in (*without.conditions, *without.risks):
        (row,) = texts.rows(found.rule.name)
        assert near(verdict.ends("CD", row), found.score)
    assert verdict.at("B", 6) == without.headline


def test_with_the_switch_at_0_everything_is_as_reported(folder_of: Folders, tmp_path: Path) -> None:
    book = made(folder_of("charges"), RATED)
    bare = Table(by_formulas(book.data, tmp_path / "out", {("Verdict", "B4"): 0}), "Verdict")
    texts = Table(cells(book.data, values=True), "Verdict")
    moved = 0
    for found in (*book.assessment.conditions, *book.assessment.risks):
        (row,) = texts.rows(found.rule.name)
        assert found.reported_score is not None
        assert near(bare.ends("CD", row), found.reported_score)
        moved += found.reported_score != found.score
    assert moved


def test_an_override_that_is_cleared_counts_no_more(folder_of: Folders, tmp_path: Path) -> None:
    """One cell after the other: in the end the verdict is the one without overrides."""
    book = made(folder_of("overridden"), RATED)
    values = cells(book.data, values=True)
    rules, kills = Table(values, "Rules"), Table(values, "Kill criteria")
    given = [int(at[1:]) for (sheet, at), text in values.items()
             if sheet == "Rules" and at[0] == "A" and str(text).startswith("Given by")]  # fmt: skip
    assert len(given) == 2
    cleared: dict[Any, Any] = {("Rules", f"{c}{row}"): "" for row in given for c in "CD"}
    (criterion,) = kills.rows("K1")[:1]
    cleared |= {("Kill criteria", f"{c}{criterion}"): "" for c in "OP"}
    assert [rules.at("C", row) for row in given] == [0.5, 0.9]
    assert (kills.at("O", criterion), kills.at("P", criterion)) == (1, 1)
    found = Table(by_formulas(book.data, tmp_path / "out", cleared), "Verdict")
    texts = Table(values, "Verdict")
    (same,) = texts.rows("Verdict without overrides")
    assert found.at("B", 6) == texts.at("B", same) != book.assessment.headline
    assert book.assessment.headline == "BROKEN"
    for f in book.assessment.findings:
        (row,) = texts.rows(f.rule.name)
        assert near(found.ends("CD", row), f.score if f.own_score is None else f.own_score)
        assert near(found.ends("IJ", row), f.score if f.own_score is None else f.own_score)


def test_a_workbook_without_overrides_has_no_place_for_them(folder_of: Folders) -> None:
    values = cells(made(folder_of("plain"), RATED).data, values=True)
    told = " ".join(str(text) for text in values.values())
    assert "overrides" not in told.lower()
    assert "Worked out" not in told


def test_amazon_s_switch_gives_the_reported_scores(tmp_path: Path) -> None:
    book = amazon(RATED)
    bare = Table(by_libreoffice(book.data, tmp_path, {("Verdict", "B4"): 0}), "Verdict")
    for found in (*book.assessment.conditions, *book.assessment.risks):
        (row,) = bare.rows(found.rule.name)
        assert found.reported_score is not None
        assert near(bare.ends("CD", row), found.reported_score)


# what stands in it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plain", "holes", "valued", "charges", "overridden"])
def test_every_number_is_blue_or_worked_out(kind: str, folder_of: Folders) -> None:
    """What was put in shows it; no number that follows from others is typed in."""
    book = load_workbook(io.BytesIO(made(folder_of(kind), RATED).data))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                    place = f"{sheet.title} {cell.coordinate}: {cell.value}"
                    assert cell.font.color.type == "rgb" and cell.font.color.rgb == "FF1F3FBF", place


def test_each_fact_has_its_document_and_leads_to_it() -> None:
    book = load_workbook(io.BytesIO(amazon(RATED).data))
    sheet = book["Facts"]
    (row,) = [row for row in sheet.iter_rows(min_row=4)
              if (row[1].value, row[3].value) == ("aws.net_sales", "2026Q2")]  # fmt: skip
    assert (row[4].value, row[5].value, row[7].value) == (42232000000, 42232000000, "known")
    assert row[9].value == "10-Q 0001018724-26-000026"
    assert row[9].hyperlink.target == "https://www.sec.gov/Archives/edgar/data/1018724/000101872426000026/"
    assert str(row[8].value.date()) == "2026-07-31"
    statuses = {cells[7].value for cells in sheet.iter_rows(min_row=4)}
    assert {"known", "assumed", "missing"} <= statuses
    for cells_of_row in sheet.iter_rows(min_row=4):
        assert cells_of_row[9].value or cells_of_row[7].value == "missing"


def test_nothing_unknown_is_a_number(folder_of: Folders) -> None:
    """A missing, withheld or unbounded fact is a word; what rests on it has no bound and is never zero."""
    values = cells(made(folder_of("holes"), RATED).data, values=True)
    facts = Table(values, "Facts")
    missing = row_of(values, "building", "2026Q1")
    assert (facts.at("E", missing), facts.at("F", missing), facts.at("H", missing)) == ("missing",) * 3
    withheld = row_of(values, "cash_from_operations", "2026Q2")
    assert (facts.at("E", withheld), facts.at("H", withheld)) == ("not disclosed", "not disclosed")
    open_ended = row_of(values, "building", "2026Q2")
    assert (facts.at("E", open_ended), facts.at("F", open_ended)) == (28e6, "no bound")
    metrics = Table(values, "Metrics")
    (row,) = metrics.rows("building_burden", "B")
    last = [at for sheet, at in values if sheet == "Metrics" and re.fullmatch(rf"[A-Z]+{row}", at)]
    numbers = [values["Metrics", at] for at in last if isinstance(values["Metrics", at], (int, float))]
    assert max(map(abs, numbers)) >= 1e60
    assert 0 not in numbers


HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    '=HYPERLINK("http://127.0.0.1","x")',
    "=cmd|' /C calc'!A0",
    "{=1}",
    "\t=1",
)


def test_texts_never_become_formulas(folder_pack: Any) -> None:
    """Whatever a title, a name, a claim, a label, a source or a note begins with, it is a text."""
    texts = iter(HOSTILE * 3)

    def quoted() -> str:
        return '"' + next(texts).replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'

    thesis = text("thesis.yaml").replace("Will Acme's repair shops outgrow its anvils?", quoted())
    for old in (
        "name: Repairs grow",
        "claim: Repairs grow by a tenth or more each year.",
        "clause: First clause",
        "because: Below 10% anvils stay the larger part until 2040.",
        "claim: Repairs shrink in two quarters of three.",
    ):
        assert old in thesis
        thesis = thesis.replace(old, f"{old.partition(':')[0]}: {quoted()}")
    thesis = thesis.replace("because: One of two has stopped.", f"because: {quoted()}")
    metrics = text("metrics.yaml").replace("label: Operating margin", f"label: {quoted()}")
    metrics = metrics.replace("{label: Sales,", f"{{label: {quoted()},")
    judgements = (
        text("judgements.yaml")
        .replace("name: Tools", f"name: {quoted()}")
        .replace("by: R. Runner", f"by: {quoted()}")
    )
    facts = text("facts/ACME.csv").replace("10-Q 0000012345-26-000109,reported,", "=1+1,reported,@SUM(1)")
    overrides = {
        "thesis.yaml": thesis,
        "metrics.yaml": metrics,
        "judgements.yaml": judgements,
        "facts/ACME.csv": facts,
    }
    data = made(folder_pack(overrides), RATED).data
    book = load_workbook(io.BytesIO(data))
    seen = set()
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in HOSTILE:
                    assert cell.data_type == "s"
                    seen.add(cell.value)
    assert seen >= set(HOSTILE[:7])
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        written = "".join(
            parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name
        )
    assert not re.search(r"<f>(1\+1|SUM\(1\)|HYPERLINK|cmd)", written)


def test_a_link_leads_to_the_web_and_nowhere_else(folder_pack: Any) -> None:
    """An address that is too long or no address of the web is a text; no link leads into a file."""
    long = f"<https://example.com/{'x' * 3000}>"
    facts = text("facts/ACME.csv").replace("10-Q 0000012345-26-000109,reported,", f"letter,reported,{long}")
    facts = facts.replace("10-Q 0000012345-26-000108,reported,", "memo,reported,<https://example.com/memo>")
    book = load_workbook(io.BytesIO(made(folder_pack({"facts/ACME.csv": facts}), RATED).data))
    links = [cell.hyperlink.target for row in book["Facts"].iter_rows() for cell in row if cell.hyperlink]
    assert set(links) == {"https://example.com/memo"}


def test_a_breakeven_near_the_end_of_a_range_never_looks_like_it() -> None:
    """The stores' margin: 3.98% against a range that ends at 4.0%; as it is shown, not as it is held."""
    sheet = load_workbook(io.BytesIO(amazon(RATED).data), data_only=True)["Valuation"]
    row = next(
        r for r in sheet.iter_rows() if r[0].value == "Stores and everything else: margin at the horizon"
    )
    shown = {i: f"{row[i].value:.{row[i].number_format.count('0') - 1}%}" for i in (3, 7)}
    assert shown == {3: "4.0%", 7: "3.98%"}
    assert row[9].value == "inside the range"


def test_no_two_columns_of_a_table_have_the_same_name(kept: Any) -> None:
    """With overrides in force, what is averaged stands there twice, with them and without."""
    sheet = load_workbook(io.BytesIO(made(kept.tripped, RATED).data))["Verdict"]
    heads = [
        [cell.value for cell in row if cell.value] for row in sheet.iter_rows() if row[1].value == "Weight"
    ]
    assert len(heads) == 2
    assert all(len(set(names)) == len(names) == 11 for names in heads)


def test_a_heading_has_the_lines_that_it_takes() -> None:
    """Each word whole, in bold letters: five lines for the corners of what is uncertain of today."""
    sheet = load_workbook(io.BytesIO(amazon(RATED).data))["Valuation"]
    row = next(r for r in sheet.iter_rows() if r[2].value == "Low")
    longest = max((str(cell.value) for cell in row if cell.value), key=len)
    lines = len(wrap(longest, int(sheet.column_dimensions["F"].width)))
    assert lines >= 5
    assert sheet.row_dimensions[row[0].row].height >= lines * 13


def test_the_same_pack_gives_the_same_bytes(folder_of: Folders) -> None:
    folder = folder_of("valued")
    assert made(folder, RATED).data == made(folder, RATED).data


def test_the_first_sheet_is_the_verdict_and_headings_stay_in_sight() -> None:
    book = load_workbook(io.BytesIO(amazon(RATED).data))
    assert book.sheetnames == [
        "Verdict", "Rules", "Measures", "Judgements", "Kill criteria", "Valuation", "Drivers", "Cases",
        "Metrics", "Figures", "Facts", "Notes",
    ]  # fmt: skip
    for name in ("Measures", "Kill criteria", "Metrics", "Figures", "Facts", "Drivers", "Cases"):
        assert book[name].freeze_panes, name
    assert len(amazon(RATED).data) < 400_000


def test_a_pack_with_next_to_nothing_has_a_workbook(folder_pack: Any, tmp_path: Path) -> None:
    """Without risks, kill criteria, judgements, caps, confidence, target and valuation."""
    thesis = text("thesis.yaml")
    start, end = thesis.index("risks:"), thesis.index("verdict:")
    thesis = thesis[:start] + thesis[end : thesis.index("  caps:")] + "  killed: BROKEN\n"
    thesis = thesis.replace("target: {market_cap: 2e9, by: 2030-12-31}\n", "")
    start = thesis.index("      - judgement: J1")
    thesis = thesis[:start] + thesis[thesis.index("verdict:") :]
    folder = folder_pack({"thesis.yaml": thesis, "judgements.yaml": None})
    book = made(folder, RATED)
    assert load_workbook(io.BytesIO(book.data)).sheetnames == [
        "Verdict", "Rules", "Measures", "Kill criteria", "Metrics", "Figures", "Facts", "Notes",
    ]  # fmt: skip
    found = by_formulas(book.data, tmp_path / "out")
    assert differences(cells(book.data, values=True), found, list(formulas(book.data))) == []


def test_a_valuation_that_cannot_be_reckoned_is_left_out_and_said(priced: Any) -> None:
    book = made(priced(without="price"), RATED)
    values = cells(book.data, values=True)
    assert not {sheet for sheet, _ in values} & {"Valuation", "Drivers", "Cases"}
    notes = Table(values, "Notes")
    (row,) = notes.rows("Valuation")
    assert notes.at("B", row) == "left out: Share price not known"


# on the command line ---------------------------------------------------------------------------------


def test_it_is_written_to_a_file_and_replaces_none(run: Any, tmp_path: Path) -> None:
    asked = ("export", "workbook", str(ACME), "--as-of", RATED, "--out", "acme.xlsx")
    found = run(*asked)
    assert (found.code, found.out, found.err) == (0, "", "wrote acme.xlsx\n")
    assert load_workbook(tmp_path / "acme.xlsx").sheetnames[0] == "Verdict"
    before = (tmp_path / "acme.xlsx").read_bytes()
    again = run(*asked)
    assert (again.code, again.err) == (0, "acme.xlsx is there already, byte for byte\n")
    (tmp_path / "acme.xlsx").write_bytes(b"mine")
    refused = run(*asked)
    assert refused.code == 3
    assert "error[exists]: `acme.xlsx` is there already" in refused.err
    assert run(*asked, "--force").code == 0
    assert (tmp_path / "acme.xlsx").read_bytes() == before


def test_what_is_missing_for_it_is_told_in_a_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("export", "workbook", str(ACME))
    assert run(*asked).err.endswith("a spreadsheet is not text: name a file with --out\n")
    monkeypatch.setattr("thesis.cli.extras.find_spec", lambda _: None)
    found = run(*asked, "--out", "acme.xlsx")
    assert (found.code, found.out) == (2, "")
    assert found.err == "Error: a workbook needs XlsxWriter: pip install 'thesis[xlsx]'\n"


def test_before_the_first_filing_there_is_none(run: Any, tmp_path: Path) -> None:
    found = run("export", "workbook", str(ACME), "--as-of", "2001-01-01", "--out", "acme.xlsx")
    assert found.code == 4
    assert "nothing to assess" in found.err
    assert not (tmp_path / "acme.xlsx").exists()


def test_where_it_cannot_be_written_nothing_is_left(run: Any, tmp_path: Path) -> None:
    found = run("export", "workbook", str(ACME), "--as-of", RATED, "--out", "no/such/acme.xlsx")
    assert found.code == 3
    assert "there is no folder `no/such`; make it first" in found.err
    assert list(tmp_path.iterdir()) == []
