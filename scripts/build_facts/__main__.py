"""Rebuild the fact files of the Amazon pack from the gathered data.

    python -m scripts.build_facts [DATA_DIR] [--out rules/amzn-4t/facts]

The data folder (default ../shared/data beside the repository) holds three tables and a few raw
filings. Where it is absent the script says so and changes nothing, so a bare checkout still works.
What the raw filings state is read from them, as `thesis facts import` reads it, and replaces the tables'
row for it; the two have to agree, and a difference that is not explained in tables.py is an error.
A fact row is one figure as one document stated it on one day. A later document adds a row only if
it changes or sharpens the figure: a copy, a rounding or a wider range is no restatement.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from thesis.problems import Flawed, render

from . import counts, readings, series
from .gathered import Data
from .imported import Imported
from .model import HEADER, DataError, Fact, period_end
from .tables import NOTES, PRODUCTS, ROUNDED_APART, SEGMENTS

ROOT = Path(__file__).resolve().parents[2]


def keep_vintages(candidates: Sequence[Fact], set_aside: list[str]) -> list[Fact]:
    """One concept and period: the first statement, then only those that change or sharpen it."""
    kept: list[Fact] = []
    for fact in sorted(candidates, key=lambda f: (f.filed, f.second_hand, f.value.width, f.source)):
        last = kept[-1] if kept else None
        if last is None:
            kept.append(fact)
        elif fact.value == last.value:
            if last.second_hand and not (fact.second_hand or last.note) and fact.filed > last.filed:
                kept[-1] = replace(last, note=f"same figure in {fact.source} of {fact.filed}")
        elif fact.value.covers(last.value):
            continue
        elif fact.filed == last.filed or fact.second_hand or (fact.value.width and not last.value.width):
            set_aside.append(
                f"{fact.concept} {fact.period}: {fact.value} ({fact.source}, {fact.filed}) "
                f"against {last.value} ({last.source}, {last.filed})"
            )
        else:
            kept.append(fact)
    note = NOTES.get((candidates[0].concept, candidates[0].period))
    return [replace(fact, note=note) for fact in kept] if note else kept


def faults(facts: Sequence[Fact]) -> list[str]:
    """Parts that miss their total, and rows that break a rule of the file format."""
    latest = {(f.concept, f.period): f.value for f in facts}
    products = [target.concept for target in PRODUCTS.values()]
    ties = (
        ("net_sales", [f"{ours}.net_sales" for ours in SEGMENTS.values()]),
        ("net_sales", [*products, "aws.net_sales"]),
        ("operating_income", [f"{ours}.operating_income" for ours in SEGMENTS.values()]),
    )
    found = []
    for total, parts in ties:
        for period in sorted({f.period for f in facts if f.concept == total}):
            if all((part, period) in latest for part in parts):
                added = sum(latest[part, period].ends[0] for part in parts)
                stated = latest[total, period].ends[0]
                if added - stated not in (0, ROUNDED_APART.get((total, period))):
                    found.append(f"{period}: {' + '.join(parts)} = {added}, {total} = {stated}")
    for key, count in Counter((f.concept, f.period, f.filed) for f in facts).items():
        if count > 1:
            found.append(f"{' '.join(key)}: {count} rows")
    for f in facts:
        if not (f.source and f.how):
            found.append(f"{f.concept} {f.period}: no source, or not said how it was read")
        if not f.concept.startswith("guidance.") and f.filed < period_end(f.period):
            found.append(f"{f.concept} {f.period}: filed {f.filed}, before the period ends")
    return found


def build(data: Data, imported: Imported, set_aside: list[str]) -> dict[str, list[Fact]]:
    """Every entity's facts in file order. Errors: ``DataError`` naming all that does not tie."""
    gathered = {
        "AMZN": [
            *series.first_reported("AMZN", data),
            *series.every_statement(data),
            *series.release_tables(data),
            *series.annual_reports(data),
            *series.supplement("AMZN", data),
            *readings.charges(data),
            *readings.labs_in_backlog(data),
            readings.stopped_measure(data),
            readings.growth_priced_in(data),
        ],
        "GOOGL": [*series.first_reported("GOOGL", data)],
        "META": [*series.first_reported("META", data)],
        "MSFT": [*series.first_reported("MSFT", data), *series.supplement("MSFT", data)],
        "US": [*series.supplement("US", data)],
    }
    result = {}
    for entity, facts in gathered.items():
        groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        settled = [imported.settle(fact) for fact in facts]
        for fact in (*settled, *imported.more(entity, settled)):
            groups[fact.concept, fact.period].append(fact)
        result[entity] = [fact for key in sorted(groups) for fact in keep_vintages(groups[key], set_aside)]
    imported.check(result)
    found = [fault for facts in result.values() for fault in faults(facts)]
    found += [f"not explained: {told}" for told in imported.unexplained()]
    if found:
        raise DataError("\n".join(found))
    return result


def write(path: Path, facts: Sequence[Fact]) -> None:
    """Through a temporary file, so that a reader never meets half a file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(fact.cells() for fact in facts)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(text.getvalue().encode())
    os.replace(temporary, path)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build_facts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "rules" / "amzn-4t" / "facts")
    options = parser.parse_args(arguments)
    if not (options.data / "amzn_quarterly.csv").is_file():
        print(f"build_facts: no gathered data in {options.data}; nothing changed", file=sys.stderr)
        return 0
    set_aside: list[str] = []
    try:
        data = Data(options.data)
        imported = Imported(data, ROOT / "rules" / "amzn-4t", date.today())
        result = build(data, imported, set_aside)
    except DataError as error:
        print(f"build_facts: nothing changed\n{error}", file=sys.stderr)
        return 1
    except Flawed as flawed:
        print(f"build_facts: nothing changed\n{render(flawed.problems, flawed.sources)}", file=sys.stderr)
        return 1
    for entity, facts in result.items():
        write(options.out / f"{entity}.csv", facts)
    for line in counts.summary(result, imported):
        print(line)
    for difference in imported.differences:
        print(f"explained: {difference.told}: {difference.why}")
    for line in set_aside:
        print(f"set aside: {line}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
