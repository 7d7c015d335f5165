"""Rebuild the fact files of the bundled packs from the gathered data.

    python -m scripts.build_facts [DATA_DIR] [--pack amzn-4t] [--out rules]

The data folder (default ../shared/data beside the repository) holds three tables and a few raw
filings. Where it is absent the script says so and changes nothing, so a bare checkout still works.
What the raw filings state is read from them, as `thesis facts import` reads it, and replaces the tables'
row for it; the two have to agree, and a difference that is not explained in a pack's recipe is an error.
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
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from thesis.core.problem import InvalidInput, render_problems

from . import alphabet, amazon, counts
from .gathered import Data
from .imported import Imported
from .model import HEADER, DataError, Fact, period_end
from .recipe import Recipe

ROOT = Path(__file__).resolve().parents[2]
RECIPES = {recipe.pack: recipe for recipe in (amazon.RECIPE, alphabet.RECIPE)}


def keep_vintages(
    candidates: Sequence[Fact], set_aside: list[str], notes: Mapping[tuple[str, str], str]
) -> list[Fact]:
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
    note = notes.get((candidates[0].concept, candidates[0].period))
    return [replace(fact, note=note) for fact in kept] if note else kept


def named(fact: Fact, recipe: Recipe) -> Fact:
    """The fact with the name of its source that is printed; what only repeats the tables' name goes."""
    name = recipe.named.get(fact.source)
    if name is None:
        return fact
    is_repeated = fact.how == f"transcribed (secondary): {fact.source.removesuffix(' (secondary)')}"
    return replace(fact, source=name, how="transcribed (secondary)" if is_repeated else fact.how)


def faults(facts: Sequence[Fact], recipe: Recipe) -> list[str]:
    """Parts that miss their total, and rows that break a rule of the file format."""
    latest = {(f.concept, f.period): f.value for f in facts}
    found = []
    for total, parts in recipe.ties:
        for period in sorted({f.period for f in facts if f.concept == total}):
            if all((part, period) in latest for part in parts):
                added = sum(latest[part, period].ends[0] for part in parts)
                stated = latest[total, period].ends[0]
                if added - stated not in (0, recipe.rounded_apart.get((total, period))):
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


def build(data: Data, recipe: Recipe, imported: Imported, set_aside: list[str]) -> dict[str, list[Fact]]:
    """Every entity's facts in file order. Errors: ``DataError`` naming all that does not tie."""
    result = {}
    for entity, facts in recipe.gather(data).items():
        groups: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        settled = [imported.settle(fact) for fact in facts]
        for fact in (*settled, *imported.more(entity, settled)):
            groups[fact.concept, fact.period].append(fact)
        result[entity] = [
            fact for key in sorted(groups) for fact in keep_vintages(groups[key], set_aside, recipe.notes)
        ]
    imported.check(result)
    found = [fault for facts in result.values() for fault in faults(facts, recipe)]
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


def rebuild(data: Data, recipe: Recipe, out: Path) -> None:
    """One pack's fact files, and an account of them.

    Errors: ``DataError`` or ``InvalidInput``, nothing written.
    """
    set_aside: list[str] = []
    imported = Imported(data, recipe, ROOT / "rules" / recipe.pack, date.today())
    result = build(data, recipe, imported, set_aside)
    for entity, facts in result.items():
        write(out / recipe.pack / "facts" / f"{entity}.csv", [named(fact, recipe) for fact in facts])
    for line in counts.summary(result, imported):
        print(f"{recipe.pack} {line}")
    for difference in imported.differences:
        print(f"explained: {difference.told}: {difference.why}")
    for line in set_aside:
        print(f"set aside: {line}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="build_facts", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--pack", choices=sorted(RECIPES), help="this one only")
    parser.add_argument("--out", type=Path, default=ROOT / "rules")
    options = parser.parse_args(arguments)
    if not (options.data / "amzn_quarterly.csv").is_file():
        print(f"build_facts: no gathered data in {options.data}; nothing changed", file=sys.stderr)
        return 0
    data = Data(options.data)
    for name in [options.pack] if options.pack else RECIPES:
        try:
            rebuild(data, RECIPES[name], options.out)
        except DataError as error:
            print(f"build_facts: nothing changed in {name}\n{error}", file=sys.stderr)
            return 1
        except InvalidInput as flawed:
            told = render_problems(flawed.problems, flawed.sources)
            print(f"build_facts: nothing changed in {name}\n{told}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
