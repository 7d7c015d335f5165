"""Facts that take a judgement or a calculation: charges, labs in the backlog, growth priced in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from . import tables
from .gathered import Data, cite_supplement
from .model import DataError, Fact, Row, Value, plain

MILLION = Decimal(10**6)


def charges(data: Data) -> Iterator[Fact]:
    """Items of the registers, then a zero for each quarter whose filing states none."""
    found = _items(data)
    for item, quarters, text, filing, file, words, how in tables.CHARGES_IN_FILINGS:
        data.require(file, words)
        source, filed = data.filings[filing]
        for quarter in quarters:
            name = f"charges.{item}"
            found[name, quarter] = Fact(name, quarter, Value.parse(text), "USD", filed, source, how)
    yield from found.values()
    taken = {(name.split("/")[0], quarter) for name, quarter in found} - tables.NONE_AT_FIRST
    for quarter, (source, filed) in data.filings.items():
        for register in tables.REGISTERS if quarter >= "2021Q1" else ():
            if (register, quarter) not in taken:
                yield Fact(
                    f"{register}/none", quarter, Value.parse("0"), "USD", filed, source, "read: none stated"
                )


def _items(data: Data) -> dict[tuple[str, str], Fact]:
    """The charges that the supplement lists, one a quarter, year-to-date figures taken apart."""
    stated = {(row["concept"], row["period"]): row for row in data.supplement}
    found: dict[tuple[str, str], Fact] = {}
    for item, concept, share, spans in tables.CHARGES:
        for quarter, span in (text.split(" = ") for text in spans):
            rows = [stated[f"special_charge_{concept}", period] for period in span.split(" - ")]
            value, worked = _quarter_of(rows, span, data)
            size = "..".join(plain(end / MILLION) for end in dict.fromkeys(value.ends)) + "m"
            how = f"derived: {worked}" if worked else "reported"
            if share == tables.PRIMARILY:
                value, how = _half_to_all(value), f"judged: primarily read as half to all of {size}"
            elif share == tables.OPEN:
                value, how = (
                    Value(Decimal(0), value.ends[1]),
                    f"judged: none to all of {size} stated for {span}",
                )
            elif share == tables.REST:
                aws = found["charges.aws/severance", quarter].value
                value, how = value.less(aws), f"judged: {size} in all less the AWS part"
            if worked and share != tables.ALL:
                how += f", {worked}"
            last = cite_supplement(max(rows, key=lambda row: row["filed"]), data)
            fact = Fact(f"charges.{item}", quarter, value, "USD", last.filed, last.source, how)
            found[fact.concept, quarter] = fact
    return found


def _quarter_of(rows: list[Row], span: str, data: Data) -> tuple[Value, str]:
    """A quarter's figure; if it is a difference, of figures stated to the nearest ten million."""
    values = [Value.parse(row["value"]) for row in rows]
    if len(values) == 1:
        return values[0], ""
    whole, part = (value.widen(5 * MILLION) for value in values)
    sources = dict.fromkeys(cite_supplement(row, data).source for row in rows)
    return whole.less(part), f"{span.replace(' - ', ' less ')} ({', '.join(sources)})"


def _half_to_all(value: Value) -> Value:
    """Of a sum that is known to a rounding only, half of its end nearer to zero and all of the other."""
    low, high = value.ends
    return Value(low / 2, high) if low > 0 else Value(low, high / 2)


def labs_in_backlog(data: Data) -> Iterator[Fact]:
    for quarter, (source, filed) in data.filings.items():
        if quarter >= "2020Q4":
            text, how = tables.LABS.get(quarter, ("0", tables.LABS_BEFORE))
            note = "earlier use by Anthropic not netted" if how == tables.LABS_BEFORE else ""
            yield Fact("labs.backlog", quarter, Value.parse(text), "USD", filed, source, how, note)


def paid_for_anthropic(data: Data) -> Iterator[Fact]:
    for part in (r"we invested \$5\.3 billion in convertible notes", r"\$1\.3 billion we invested in Q2 2025",
                 r"an additional \$1\.4 billion in another convertible note"):  # fmt: skip
        data.require(tables.TEN_Q_2025Q3, part)
    for quarter, (text, how) in tables.PAID_FOR_ANTHROPIC.items():
        source, filed = data.filings[quarter]
        yield Fact("anthropic.cost", quarter, Value.parse(text), "USD", filed, source, how, "rounded")


def stopped_measure(data: Data) -> Fact:
    """Free cash flow less lease principal: gone from the 10-Q of 2025Q3, which is on file."""
    if re.search(r"(?i)free cash flow,? less", data.text(tables.TEN_Q_2025Q3)):
        raise DataError(f"{tables.TEN_Q_2025Q3} still gives a lease-adjusted free cash flow")
    source, filed = data.filings["2025Q3"]
    how, note = "read: none stated", "the filing reconciles plain free cash flow only"
    return Fact("fcf_less_leases_ttm", "2025Q3", Value(word="discontinued"), "USD", filed, source, how, note)
