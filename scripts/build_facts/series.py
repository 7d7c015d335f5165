"""Reported series: the tables' rows, every filing's own statement, and the texts on file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .gathered import Data, cite_supplement, cite_table
from .model import BILLION, DataError, Fact, Row, Target, Value, quarter_of
from .tables import IN_VINTAGES, RELEASE_LINES, RELEASES, SUPPLEMENT, TEN_K, TEN_K_LINES

MULTI_BILLION = Value(2 * BILLION, 10 * BILLION)


def reading(target: Target, text: str, how: str = "") -> Value:
    """The figure in our unit, widened to what its rounding allows."""
    value, half = Value.parse(text), target.half
    if target.concept in ("rpo", "googl.rpo") and not value.width:  # printed in whole or tenth billions
        half = BILLION / 2 if value.ends[0] % BILLION == 0 else BILLION / 20
    elif "three quarters (each rounded" in how:
        half = BILLION / 5
    elif "rounded to $0.1B" in how:
        half = BILLION / 20
    if target.concept in ("capex", "capex_proceeds"):  # cash flow statements print the outflow negative
        value = Value(abs(value.ends[0]), abs(value.ends[1]))
    return value.widen(half).scale(target.scale)


def first_reported(entity: str, data: Data, wanted: Mapping[str, Target]) -> Iterator[Fact]:
    """The first-reported series of amzn_quarterly.csv, fourth quarters included."""
    for row in data.quarterly:
        target = wanted.get(row["concept"])
        if row["entity"] != entity or target is None:
            continue
        source, how, filed, note = cite_table(row, data)
        value = reading(target, row["value"], row["how"])
        period = row["period_end"] if target.concept == "price" else row["fiscal_period"]
        if target.concept == "shares":
            note = f"cover page of {row['period_end']}"
        note = note or "rounded" * bool(value.width)
        yield Fact(target.concept, period, value, target.unit, filed, source, how, note)


def _span(row: Row) -> str:
    """What a figure covers: Q, 9M or FY, `at` for an instant, nothing for spans of no use here."""
    if not row["period_start"]:
        return "at"
    days = (date.fromisoformat(row["period_end"]) - date.fromisoformat(row["period_start"])).days
    if 80 < days < 100:
        return "Q"
    if row["period_start"][5:] != "01-01":
        return ""  # trailing twelve months
    return "9M" if 260 < days < 280 else "FY" if 350 < days < 370 else ""


def every_statement(data: Data) -> Iterator[Fact]:
    """Each quarter as each filing states it, and the fourth quarters that restated years imply."""
    stated: dict[tuple[str, str, str, str], Fact] = {}
    for row in data.table("amzn_all_vintages.csv"):
        target, span = IN_VINTAGES.get(row["concept"]), _span(row)
        filing = row["form"] in ("10-K", "10-Q", "8-K") and row["how"].startswith("reported")
        if target is None or not span or not filing or row["period_end"] < "2015":
            continue
        source, how, filed, _ = cite_table(row, data)
        value, quarter = reading(target, row["value"], row["how"]), quarter_of(row["period_end"])
        fact = Fact(
            target.concept, quarter, value, target.unit, filed, source, how, "rounded" * bool(value.width)
        )
        key = (target.concept, span, quarter, filed)
        # Products and services share the tag of the total, which is the largest of the three.
        if key not in stated or abs(stated[key].value.ends[1]) < abs(value.ends[1]):
            stated[key] = fact
    yield from (fact for (_, span, _, _), fact in stated.items() if span in ("Q", "at"))
    yield from _restated_fourth_quarters(stated)


def _restated_fourth_quarters(stated: dict[tuple[str, str, str, str], Fact]) -> Iterator[Fact]:
    """FY less nine months where both were stated anew: the nine months first, then an annual report."""
    years: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for (concept, span, quarter, _), fact in sorted(stated.items()):
        years[concept, span, quarter[:4]].append(fact)
    for (concept, span, year), nine in years.items():
        changed = [fact for fact in nine if fact.value != nine[0].value] if span == "9M" else []
        full = [
            fact for fact in years.get((concept, "FY", year), ()) if changed and fact.filed > changed[0].filed
        ]
        if full:
            how = f"derived: FY less nine months, both as restated ({full[0].source}, {changed[0].source})"
            yield replace(full[0], value=full[0].value.less(changed[0].value), how=how)


def supplement(entity: str, data: Data) -> Iterator[Fact]:
    """Quarters and days of amzn_supplemental.csv; longer spans have no place in a quarterly series."""
    for row in data.supplement:
        target, period = SUPPLEMENT[entity].get(row["concept"]), row["period"]
        if row["entity"] != entity or target is None or not re.fullmatch(r"\d{4}(Q\d|-\d\d-\d\d)", period):
            continue
        if period < "2015":
            continue
        source, how, filed, note = cite_supplement(row, data)
        value = reading(target, row["value"])
        if how.startswith("judged") and "billion" in how:
            # a floor of 2bn would be read a fifth further, to 2.4bn; the words say far less than that
            value, how = MULTI_BILLION, "judged: several billion, read as 2bn to 10bn"
        if (
            how == "reported"
            and value.width.is_finite()
            and value.width
            and not target.concept.startswith("guidance.")
        ):
            note = note or "rounded"
        fact = Fact(target.concept, period, value, target.unit, filed, source, how, note)
        if target.concept.startswith("guidance."):
            low, high = fact.value.ends
            yield replace(fact, concept=f"{target.concept}_low", value=Value(low, low))
            yield replace(fact, concept=f"{target.concept}_high", value=Value(high, high))
            continue
        yield fact
        if target.concept == "ai.run_rate" and "triple-digit" in row["quote"]:
            how = "judged: triple-digit growth read as more than doubling in a year"
            yield replace(
                fact, concept="ai.run_rate_growth", value=Value(lo=Decimal(1)), unit="ratio", how=how
            )


def release_tables(data: Data) -> Iterator[Fact]:
    """Lines of the releases' six-quarter tables, filed earlier than any table that repeats them."""
    for day, name in RELEASES.items():
        text = data.text(name)
        for label, target in RELEASE_LINES.items():
            line = re.search(label + r" *\|((?:[ $]*[\d,]+ ?%? *\|){6})", text)
            if line is None:
                raise DataError(f"{name}: no line {label!r}")
            heads = re.findall(r"Q([1-4]) (\d{4})", text[: line.start()])[-6:]
            for (number, year), cell in zip(heads, line[1].split("|")[:6], strict=True):
                value = reading(target, cell.strip(" $%").replace(",", ""))
                note, quarter = "printed in whole percents" if value.width else "", f"{year}Q{number}"
                yield Fact(
                    target.concept, quarter, value, target.unit, day, data.release(day), "reported", note
                )


def annual_reports(data: Data) -> Iterator[Fact]:
    """Segment assets and AWS property of the annual reports on file, with the day they first stood there."""
    for quarter, name in TEN_K.items():
        text, (source, filed) = data.text(name), data.filings[quarter]
        for heading, label, concept in TEN_K_LINES:
            part = text[text.index(heading) :][:600]
            years = re.findall(r"\d{4}", part[part.index("December 31, ") :])[:3]
            line = re.search(label + r"(?: \(\d\))?((?: \$? ?[\d,]+){3})", part)
            if line is None:
                raise DataError(f"{name}: no {label} line under {heading!r}")
            for year, figure in zip(years, re.findall(r"[\d,]+", line[1]), strict=True):
                value = Value.parse(figure.replace(",", "")).scale(Decimal(10**6))
                yield Fact(concept, f"{year}Q4", value, "USD", filed, source, "reported")
