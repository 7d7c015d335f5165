"""Closes: files of daily prices into a pack, adjusted for splits or not, and two sources of one day."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_import import TODAY, copied, imported, kinds, planned, table, write_pack
from tests.tiers import examples
from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput
from thesis.facts.fact_file import FactRow, plain_digits, read_rows
from thesis.sources.importing.plan import ImportPlan

PRICE = "  price: {label: Price, unit: USD/share, kind: daily}\n"
SPLIT = "splits:\n  - {entity: ACME, day: 2025-06-02, ratio: 4, source: 8-K of 2025-05-20}\n"
FROM = "closes, Exchange Daily"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return priced(tmp_path)


def priced(folder: Path, more: str = "", price: str = PRICE) -> Path:
    """The Acme pack with a price."""
    made = write_pack(folder / "acme", more=more)
    metrics = made / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8").replace("concepts:\n", f"concepts:\n{price}")
    metrics.write_text(text, encoding="utf-8")
    return made


def days(first: str, last: str) -> list[str]:
    """Every weekday from one to another."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    listed = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    return [str(day) for day in listed if day.weekday() < 5]


def series(pack: Path, closes: dict[str, str], name: str = "prices.csv") -> Path:
    path = pack.parent / name
    path.write_text("Date,Close\n" + "".join(f"{day},{close}\n" for day, close in closes.items()))
    return path


def traded(
    split: str, before: str, after: str, first: str = "2025-03-03", last: str = "2025-08-15"
) -> dict[str, str]:
    """A price that stays as it is, but for the day of a split."""
    return {day: after if day >= split else before for day in days(first, last)}


def take(pack: Path, *files: Path, **more: Any) -> ImportPlan:
    return planned(pack, *files, **{"entity": "ACME", "source": FROM, **more})


def kept(pack: Path) -> dict[str, FactRow]:
    text = (pack / "facts" / "ACME.csv").read_text(encoding="utf-8")
    return {row.period: row for row in read_rows(text, "f")}


def refused(pack: Path, *files: Path, **more: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        take(pack, *files, **more)
    return [problem.code for problem in caught.value.problems]


# what is taken -------------------------------------------------------------------------------------


def test_the_last_day_of_each_quarter_and_the_newest_are_kept(pack: Path) -> None:
    closes = {day: f"{100 + i / 100:.2f}" for i, day in enumerate(days("2025-02-03", "2025-11-05"))}
    imported(pack, series(pack, closes), entity="ACME", source=FROM)
    told = {period: (row.value, row.filed, row.source, row.how) for period, row in kept(pack).items()}
    assert told == {
        day: (
            closes[day].rstrip("0"),
            date.fromisoformat(day),
            FROM,
            "reported (daily close, split-adjusted)",
        )
        for day in ("2025-03-31", "2025-06-30", "2025-09-30", "2025-11-05")
    }


@pytest.mark.parametrize(
    ("day", "more", "is_asked"),
    [
        ("2025-05-14", {}, False),
        ("2025-05-14", {"every_day": True}, True),
        ("2025-05-14", {"every_day": True, "since": date(2025, 6, 2)}, False),
        ("2025-06-30", {}, True),  # the last of its quarter: the day before is not taken in its place
        ("2025-11-05", {}, True),
    ],
)
def test_a_day_that_cannot_be_read_matters_if_it_is_asked_for(
    pack: Path, day: str, more: dict[str, Any], is_asked: bool
) -> None:
    """Else it is counted. The other days are taken, but not a day before the last one in its place."""
    closes = dict.fromkeys(days("2025-02-03", "2025-11-05"), "100")
    found = take(pack, series(pack, {**closes, day: "five"}), **more)
    sound = take(pack, series(pack, {k: v for k, v in closes.items() if k != day}), **more)
    lost = Quarter.parse(str(found.withheld[0].source)) if found.withheld and not more else None
    assert [change.row.period for _, change in found.changes] == [
        change.row.period
        for _, change in sound.changes
        if Quarter.of(date.fromisoformat(change.row.period)) != lost
    ]
    assert bool(lost) == (is_asked and not more)
    assert [problem.code for problem in found.problems] == (["bad-value"] if is_asked else [])
    assert found.files[0].left_out["malformed, and not asked for"] == (0 if is_asked else 1)


def test_dollars_are_not_taken_for_another_money(tmp_path: Path) -> None:
    (tmp_path / "us").mkdir()
    made = priced(tmp_path, price=PRICE.replace("USD", "EUR"))
    file = series(made, {"2025-06-30": "$100.50"})
    file.write_text(file.read_text().replace("Close", "Close/Last").replace("2025-06-30", "06/30/2025"))
    assert refused(made, file) == ["wrong-unit"]
    imported(priced(tmp_path / "us"), file, entity="ACME", source=FROM)


def test_closes_adjusted_for_dividends_are_put_back_with_a_warning(pack: Path) -> None:
    """By the dividends in the file; where another column has the close, that is the one that counts."""
    file = pack.parent / "adjusted.csv"
    rows = [("2025-06-27", "98.0", "0"), ("2025-06-30", "98.0", "0"), ("2025-07-01", "99", "2.0")]
    file.write_text("Date,Close,Dividends\n" + "".join(f"{','.join(row)}\n" for row in rows))
    found = take(pack, file)
    assert [(change.row.period, change.row.value) for _, change in found.changes] == [
        ("2025-06-30", "100"),
        ("2025-07-01", "99"),
    ]
    assert [problem.code for problem in found.warnings] == ["dividend-adjusted"]
    first = found.changes[0][1].row
    assert first.how.startswith("derived: close adjusted for dividends") and "98" in first.note
    file.write_text("Date,Close,Dividends,Adj Close\n" + "".join(f"{','.join(row)},1\n" for row in rows))
    again = take(pack, file)
    assert [change.row.value for _, change in again.changes] == ["98", "99"]
    assert list(again.warnings) == []


def test_every_day_or_only_those_since(pack: Path) -> None:
    closes = dict.fromkeys(days("2025-02-03", "2025-11-05"), "100")
    file = series(pack, closes)
    assert kinds(take(pack, file, every_day=True)) == {"new": len(closes)}
    since = take(pack, file, since=date(2025, 9, 1))
    assert [change.row.period for _, change in since.changes] == ["2025-09-30", "2025-11-05"]
    assert since.files[0].left_out["earlier than asked for"] == len(days("2025-02-03", "2025-08-31"))


def test_importing_again_and_newer_adds_only_what_is_new(pack: Path) -> None:
    first = series(pack, dict.fromkeys(days("2025-02-03", "2025-11-05"), "100"), "first.csv")
    later = series(pack, dict.fromkeys(days("2025-02-03", "2025-12-10"), "100"), "later.csv")
    imported(pack, first, entity="ACME", source=FROM)
    assert take(pack, first).data == {}
    imported(pack, later, entity="ACME", source=FROM)
    assert sorted(kept(pack)) == ["2025-03-31", "2025-06-30", "2025-09-30", "2025-11-05", "2025-12-10"]


def test_a_file_that_says_whose_it_is_needs_no_name(pack: Path) -> None:
    path = pack.parent / "p.json"
    path.write_text(json.dumps({"ticker": "acme", "dates": ["2025-03-31"], "closes": [10.5]}))
    assert kinds(take(pack, path, entity="")) == {"new": 1}


IN_POUNDS = "  price: {label: Price, unit: GBP/share, kind: daily}\n"


@pytest.mark.parametrize(
    ("price", "currency", "value", "note"),
    [
        (IN_POUNDS, "GBX", "12.34", "as traded 1234 GBX"),
        (IN_POUNDS, "GBp", "12.34", "as traded 1234 GBp"),
        (IN_POUNDS, "GBP", "1234", ""),
        (IN_POUNDS, "", "1234", ""),
        (IN_POUNDS.replace("GBP", "GBX"), "GBX", "1234", ""),
        (PRICE, "USD", "1234", ""),
    ],
)
def test_closes_in_pence_become_pounds_where_the_pack_counts_in_pounds(
    price: str, currency: str, value: str, note: str, tmp_path: Path
) -> None:
    pack = priced(tmp_path, price=price)
    imported(pack, series(pack, {"2025-06-30": "1234"}), entity="ACME", source=FROM, currency=currency)
    (row,) = kept(pack).values()
    assert (row.value, row.note) == (value, note)
    assert row.how.startswith("derived: as quoted / 100" if note else "reported")


@pytest.mark.parametrize(("price", "currency"), [(PRICE, "GBX"), (PRICE, "EUR"), (IN_POUNDS, "USD")])
def test_closes_in_another_currency_are_refused(price: str, currency: str, tmp_path: Path) -> None:
    pack = priced(tmp_path, price=price)
    assert refused(pack, series(pack, {"2025-06-30": "12"}), currency=currency) == ["wrong-unit"]


def test_a_binary_fraction_is_read_as_the_quote_it_was(pack: Path) -> None:
    closes = {
        "2024-12-31": "21.704500198364258",
        "2025-03-31": "221.13999938964844",
        "2025-06-30": "184440.01",
    }
    imported(pack, series(pack, closes), entity="ACME", source=FROM)
    assert [row.value for row in kept(pack).values()] == ["21.7045", "221.14", "184440.01"]


# jumps ---------------------------------------------------------------------------------------------


def test_a_true_jump_is_taken_once_the_pack_says_what_moved_the_price(tmp_path: Path) -> None:
    """Prices stay as they were on either side: a jump is no split."""
    closes = {day: "31" if day >= "2025-06-02" else "10" for day in days("2025-05-02", "2025-07-31")}
    jump = "jumps:\n  - {entity: ACME, day: 2025-06-02, because: The drug was approved.}\n"
    plain, said = priced(tmp_path / "a"), priced(tmp_path / "b", more=jump)
    assert refused(plain, series(plain, closes)) == ["unadjusted"]
    imported(said, series(said, closes), entity="ACME", source=FROM)
    assert {row.value for row in kept(said).values()} == {"31"}
    earlier = {**closes, "2025-03-31": "10"}
    assert refused(said, series(said, {**earlier, "2025-06-20": "3"})) == ["unadjusted", "unadjusted"]


# splits --------------------------------------------------------------------------------------------


def test_closes_on_the_old_basis_are_divided(tmp_path: Path) -> None:
    pack = priced(tmp_path, SPLIT)
    imported(pack, series(pack, traded("2025-06-02", "410.00", "101.00")), entity="ACME", source=FROM)
    rows = kept(pack)
    assert {day: row.value for day, row in rows.items()} == {
        "2025-03-31": "102.5", "2025-06-30": "101", "2025-08-15": "101",
    }  # fmt: skip
    assert rows["2025-03-31"].how == "derived: as traded / 4 for the split of 2025-06-02"
    assert rows["2025-03-31"].note == "as traded 410"
    assert rows["2025-06-30"].note == ""


def test_closes_on_the_new_basis_stay(tmp_path: Path) -> None:
    pack = priced(tmp_path, SPLIT)
    imported(pack, series(pack, traded("2025-06-02", "102.00", "101.00")), entity="ACME", source=FROM)
    assert {row.value for row in kept(pack).values()} == {"102", "101"}


def test_both_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    """Two sources that know nothing of each other, one of them as traded."""
    pack = priced(tmp_path, SPLIT)
    imported(pack, series(pack, traded("2025-06-02", "102.50", "101"), "a.csv"), entity="ACME", source="A")
    other = series(pack, traded("2025-06-02", "410", "101"), "b.csv")
    assert kinds(take(pack, other, source="B")) == {"unchanged": 3}


@pytest.mark.parametrize(
    ("closes", "why"),
    [
        (traded("2025-06-02", "202", "101"), "half a split"),
        (traded("2025-06-02", "410", "101", last="2025-05-30"), "it ends before"),
        ({"2025-05-01": "410", "2025-06-30": "101"}, "a month without a price"),
    ],
)
def test_what_may_be_adjusted_or_not_is_refused(tmp_path: Path, closes: dict[str, str], why: str) -> None:
    pack = priced(tmp_path, SPLIT)
    assert refused(pack, series(pack, closes)) == ["unadjusted"], why
    if max(closes) > "2025-06-02":
        later = take(pack, series(pack, closes), since=date(2025, 6, 2))
        assert {change.row.value for _, change in later.changes} == {"101"}


def test_a_split_that_nobody_declared_is_refused(pack: Path) -> None:
    assert refused(pack, series(pack, traded("2025-06-02", "410", "101"))) == ["unadjusted"]


@pytest.mark.parametrize(
    ("before", "after", "kept_as"),
    [("164.40", "41.30", "41.1"), ("41.10", "41.30", "41.1")],  # as traded, and on the new basis
)
def test_a_split_that_the_file_alone_states_is_taken_with_a_word(
    pack: Path, before: str, after: str, kept_as: str
) -> None:
    file = pack.parent / "stated.csv"
    file.write_text(f"date,close,adjClose,splitFactor\n2025-03-31,{before},1,1\n2025-04-01,{after},1,4.0\n")
    found = take(pack, file)
    assert [Decimal(change.row.value) for _, change in found.changes] == [Decimal(kept_as), Decimal(after)]
    (told,) = found.warnings
    assert told.code == "undeclared-split" and "ratio: 4" in told.hint


def test_a_split_that_is_declared_otherwise_is_refused(tmp_path: Path) -> None:
    made = priced(tmp_path, more=SPLIT)
    file = made.parent / "stated.csv"
    rows = {"2025-05-30": ("410", 1), "2025-06-02": ("205", 2)}
    file.write_text("Date,Close,Splits\n" + "".join(f"{d},{c},{r}\n" for d, (c, r) in rows.items()))
    assert refused(made, file) == ["conflicting-split"]
    file.write_text(file.read_text().replace("205,2", "102,4"))
    assert list(take(made, file).warnings) == []


@pytest.mark.parametrize(
    ("closes", "is_told"),
    [
        (("254.5292510986328", "255.0178222656250"), True),
        (("254.529999", "255.010010"), False),  # printed out of single precision
        (("17.1408", "18.8761", "18.1107"), True),
        (("99.0625", "98.96875"), False),  # sixteenths and thirty-seconds, as until 2001
        (("0.8299", "0.8387"), False),
        (("40.125", "40.1234", "40.13"), False),
    ],
)
def test_closes_at_which_no_share_is_quoted_are_told(
    pack: Path, closes: tuple[str, ...], is_told: bool
) -> None:
    """Without a column that says so, only the figures show that dividends were taken off."""
    file = series(pack, dict(zip(days("2025-06-23", "2025-06-30"), closes, strict=False)))
    assert [problem.code for problem in take(pack, file).warnings] == ["dividend-adjusted"] * is_told


REAL = {
    "yahoo_ezj_pence_to_pounds_2020.csv": "unadjusted",
    "yf_4063-T-1d-bad-stock-split.csv": "unadjusted",
    "yf_ALPHA-PA-1d-bad-stock-split.csv": "unadjusted",
    "yf_AET-L-1d-100x-error.csv": "unadjusted",
    "yf_ASAI-L-1h-bad-unit.csv": "bad-date",
    "yf_AV-L-1wk-bad-stock-split.csv": "not-daily",
}
ADJUSTED = {"stooq_en.csv", "yfinance_msft_2023_flat_autoadjusted.csv"}
ADJUSTED |= {"yfinance_download_to_csv_multiheader.csv", "yfinance_download_msft_2023_autoadjusted.csv"}


def test_real_files_of_many_sites(pack: Path, raw: Path) -> None:
    """Each is read, with a warning where dividends were taken off, or refused for what is wrong in it."""
    folder = raw.parent / "ifrs" / "prices"
    if not folder.is_dir():
        pytest.skip(f"the gathered price files are not there: {folder}")
    told: dict[str, str] = {}
    adjusted: set[str] = set()
    for file in sorted(folder.iterdir()):
        try:
            warnings = take(pack, file).warnings
        except InvalidInput as refused_with:
            told[file.name] = refused_with.problems[0].code
            continue
        adjusted |= {file.name for problem in warnings if problem.code == "dividend-adjusted"}
    assert told == REAL
    assert adjusted == ADJUSTED


# two sources ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second"), [("21.7045", "21.70"), ("21.70", "21.7045"), ("84", "84.004")])
def test_a_second_source_that_agrees_within_rounding_adds_nothing(
    pack: Path, first: str, second: str
) -> None:
    imported(pack, series(pack, {"2025-03-31": first}, "a.csv"), entity="ACME", source="A")
    assert kinds(take(pack, series(pack, {"2025-03-31": second}, "b.csv"), source="B")) == {"unchanged": 1}


def test_two_prices_of_a_day_are_a_conflict_that_names_both(pack: Path) -> None:
    """Also of a day that the second file would not have kept: a last day is often told before its close."""
    imported(pack, series(pack, {"2025-10-07": "221.14"}, "a.csv"), entity="ACME", source="A")
    longer = series(pack, {"2025-10-07": "221.78", "2025-10-08": "222"}, "b.csv")
    (problem,) = take(pack, longer, source="B").problems
    assert problem.code == "contradiction"
    assert "221.14 in A" in problem.message and "221.78 in B (b.csv)" in problem.message
    assert problem.span and problem.span.line == 2
    together = [pack.parent / "a.csv", longer]
    (pack / "facts" / "ACME.csv").unlink()
    assert [p.code for p in take(pack, *together).problems] == ["contradiction"]
    assert [p.code for p in take(pack, *reversed(together)).problems] == ["contradiction"]


def test_a_price_read_in_a_copy_is_confirmed(pack: Path) -> None:
    facts = pack / "facts" / "ACME.csv"
    facts.parent.mkdir()
    row = "price,2025-03-31,100,USD/share,2025-03-31,some page (secondary),transcribed (secondary): some page"
    facts.write_text(f"concept,period,value,unit,filed,source,how\n{row}\n", encoding="utf-8")
    closes = dict.fromkeys(days("2025-03-03", "2025-04-04"), "100.00")
    assert kinds(take(pack, series(pack, closes))) == {"confirmed": 1, "new": 1}


# whatever the order --------------------------------------------------------------------------------


class Walk(NamedTuple):
    """A price over a year in hundredths, and files that each hold some weeks of it."""

    cents: dict[str, int]
    files: list[tuple[str, str, bool]]  # from, to, and whether it is on the old basis before the split


@st.composite
def walks(draw: st.DrawFn) -> Walk:
    listed = days("2025-01-06", "2025-12-19")
    steps = draw(st.lists(st.integers(-30, 30), min_size=len(listed), max_size=len(listed)))
    cents, at = {}, 10_000
    for day, step in zip(listed, steps, strict=True):
        at = max(at + step, 5_000)
        cents[day] = at
    spans = st.tuples(st.integers(0, 60), st.integers(140, len(listed) - 1), st.booleans())
    drawn = draw(st.lists(spans, min_size=1, max_size=4))
    return Walk(cents, [(listed[first], listed[last], is_old) for first, last, is_old in drawn])


@contextmanager
def walked(walk: Walk) -> Iterator[tuple[Path, list[Path]]]:
    with tempfile.TemporaryDirectory() as folder:
        pack = priced(Path(folder), SPLIT)
        files = []
        for i, (first, last, is_old) in enumerate(walk.files):
            held = {day: cents for day, cents in walk.cents.items() if first <= day <= last}
            times = {day: 4 if is_old and day < "2025-06-02" else 1 for day in held}
            closes = {day: f"{Decimal(cents * times[day]) / 100:.2f}" for day, cents in held.items()}
            files.append(series(pack, closes, f"{i}.csv"))
        yield pack, files


def viewed(pack: Path) -> dict[str, set[str]]:
    """Every price of a day; a day that is there twice has to say the same."""
    found: dict[str, set[str]] = {}
    for row in read_rows((pack / "facts" / "ACME.csv").read_text(encoding="utf-8"), "f"):
        found.setdefault(row.period, set()).add(row.value)
    return found


@examples(12)
@given(walks(), st.randoms(use_true_random=False))
def test_any_order_of_files_gives_the_same_prices(walk: Walk, order: random.Random) -> None:
    """Together or one by one, adjusted or as traded; and importing them again adds nothing."""
    with walked(walk) as (pack, files):
        imported(pack, *files, entity="ACME", source=FROM)
        straight = (pack / "facts" / "ACME.csv").read_bytes()
        view = viewed(pack)
        assert view == {day: {plain_digits(Decimal(walk.cents[day]) / 100)} for day in view}
        order.shuffle(files)
        assert take(pack, *files).data == {}
        (pack / "facts" / "ACME.csv").unlink()
        imported(pack, *files, entity="ACME", source=FROM)
        assert (pack / "facts" / "ACME.csv").read_bytes() == straight
        (pack / "facts" / "ACME.csv").unlink()
        for file in files:
            imported(pack, file, entity="ACME", source=FROM)
            assert take(pack, file).data == {}
        assert viewed(pack) == view


# what is refused -----------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_file_is_told_at_once(pack: Path) -> None:
    ahead = series(pack, {str(TODAY + timedelta(days=1)): "5"})
    assert refused(pack, ahead, entity="", source=" ") == ["no-source", "future-date", "unknown-filer"]


@pytest.mark.parametrize(
    ("price", "more", "code"),
    [
        ("", {}, "unknown-concept"),
        (PRICE + PRICE.replace("price", "price.b"), {}, "unknown-concept"),
        (PRICE, {"only": ["sales"]}, "unknown-concept"),
        (PRICE, {"without": ["price"]}, "unknown-concept"),
        (PRICE, {"entity": ""}, "unknown-filer"),
    ],
)
def test_whose_price_it_is_has_to_be_plain(
    tmp_path: Path, price: str, more: dict[str, Any], code: str
) -> None:
    pack = priced(tmp_path, price=price)
    assert refused(pack, series(pack, {"2025-03-31": "5"}), **more) == [code]


def test_one_of_two_daily_concepts_is_named(tmp_path: Path) -> None:
    pack = priced(tmp_path, price=PRICE + PRICE.replace("price", "price.b"))
    found = take(pack, series(pack, {"2025-03-31": "5"}), only=["price.b"])
    assert [change.row.concept for _, change in found.changes] == ["price.b"]


def test_prices_of_another_share_are_refused(tmp_path: Path) -> None:
    pack = priced(tmp_path)
    metrics = pack / "metrics.yaml"
    text = metrics.read_text(encoding="utf-8").replace("concepts:\n", "  PEER: {name: Peer}\nconcepts:\n", 1)
    metrics.write_text(text, encoding="utf-8")
    path = pack.parent / "p.json"
    path.write_text('{"ticker": "PEER", "dates": ["2025-03-31"], "closes": [10.5]}')
    assert refused(pack, path) == ["unknown-filer"]


# the real ones -------------------------------------------------------------------------------------


def test_two_real_series_over_the_amazon_pack(raw: Path, tmp_path: Path) -> None:
    """Every day that pack and file share says the same, but the one that was taken before its close."""
    pack = copied(tmp_path)
    long = raw / "raw/prices/AMZN_daily_2000_20251007_JJong-03.csv"
    short = raw / "raw/prices/AMZN_quotes_btruempi_GMR.json"
    since = date(2015, 1, 1)
    found = planned(pack, long, entity="AMZN", source="A", since=since)
    (problem,) = found.problems
    assert "2025-10-07 is 221.78" in problem.message and "221.14" in problem.message
    assert kinds(found) == {"unchanged": 274, "conflicting": 1}
    alone = planned(pack, short, source="B")
    assert alone.problems == [] and "new" not in kinds(alone)
    both = planned(pack, long, short, entity="AMZN", source="both", since=since)
    (problem,) = both.problems
    assert "2025-10-07 is 221.78" in problem.message and "221.14" in problem.message
    ours = {row["period"] for row in table(pack / "facts" / "AMZN.csv") if row["concept"] == "price"}
    taken = {row.period: Decimal(row.value) for each in both.files for row in each.rows}
    assert len(ours & set(taken)) == 495
