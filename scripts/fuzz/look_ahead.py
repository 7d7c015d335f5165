"""Attempts at looking ahead: what is filed or graded later must not change an answer of an earlier day."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random

from scripts.fuzz.attempt import Attempt, Edit, Files, Step
from scripts.fuzz.packs import packs

ANSWERS: Sequence[tuple[str, ...]] = (
    ("check",), ("check", "--json"), ("memo",), ("memo", "--json"), ("memo", "--format", "html"),
    ("value",), ("value", "--json"), ("history",),
    ("history", "--json"), ("explain", "verdict"), ("export", "metrics"), ("export", "history"),
    ("export", "facts"),
    ("facts",), ("facts", "--vintages"), ("due",), ("simulate", "--draws", "500", "--json"),
    ("facts", "check"), ("review", "start"),
)  # fmt: skip
FACTORS = (0.5, 0.99, 1, 1.001, 1.0001, 1.1)
LAST = date(2026, 11, 22)
FIELDS = ("concept", "period", "value", "unit", "filed", "source", "how", "note")


def look_ahead_attempt(draw: Random) -> Attempt:
    """A pack without and with what came later, and the same commands as of a day before.

    Both have a row of the last day, since answers say up to which day the pack's figures and grades go.
    """
    name = draw.choice(list(packs()))
    files = {path: data for path, data in packs()[name].items() if not path.startswith("reviews/")}
    days = sorted({row["filed"] for _, row in _rows(files)})
    first = date.fromisoformat(days[len(days) // 2])
    day = first + timedelta(days=draw.randint(0, (LAST - first).days - 1))
    files = Attempt(files, (_later_row(draw, files, str(LAST), (1,)),), ()).edited()
    before, after = (
        {f"{place}/{path}": data for path, data in files.items()} for place in ("before", "after")
    )
    edits = [_later_row(draw, files, _later(draw, day)) for _ in range(draw.randint(1, 4))]
    if draw.random() < 0.5:
        edits.append(_later_grade(draw, files, day))
    if draw.random() < 0.3:
        edits.append(_later_override(draw, files, day))
    asked = [(*command, "--as-of", str(day)) for command in draw.sample(ANSWERS, 3)]
    steps = [Step(command, folder) for folder in ("before", "after") for command in asked]
    edits = [edit._replace(file=f"after/{edit.file}") for edit in edits]
    return Attempt({**before, **after}, tuple(edits), tuple(steps), "same", is_free=False)


def _rows(files: Files) -> list[tuple[str, dict[str, str]]]:
    """Every row of facts, with its file."""
    return [
        (path, row)
        for path, data in sorted(files.items())
        if path.startswith("facts/")
        for row in csv.DictReader(io.StringIO(data.decode("utf-8")))
    ]


def _later(draw: Random, day: date) -> str:
    return str(min(LAST, day + timedelta(days=draw.choice((1, 1, 2, 30, draw.randint(1, 200))))))


def _later_row(draw: Random, files: Files, filed: str, factors: Sequence[float] = FACTORS) -> Edit:
    """A row like one that is there, times a factor, of another document and another filing day."""
    rows = [each for each in _rows(files) if each[1]["filed"] <= filed]
    path, row = draw.choice(rows)
    mine = [each for _, each in rows if each["concept"] == row["concept"]]
    row = dict(draw.choice((row, max(mine, key=lambda each: each["filed"]))))
    row["filed"] = filed
    if "-" in row["period"]:  # a daily figure
        row["period"] = row["filed"]
    with suppress(ValueError):  # a range, or what was not disclosed
        row["value"] = f"{float(row['value']) * draw.choice(factors):.15g}"
    row["source"] = f"10-K/A 0009999999-27-{draw.randrange(10**6):06}"
    out = io.StringIO()
    csv.DictWriter(out, FIELDS, lineterminator="\n", extrasaction="ignore").writerow(row)
    data = files[path]
    return Edit(path, len(data), 0, (b"" if data.endswith(b"\n") else b"\n") + out.getvalue().encode())


def _into_list(files: Files, name: str, key: str, item: str) -> Edit:
    """An item at the head of a list of a YAML file; the list is begun if it is not there."""
    data = files.get(name, b"")
    head = f"\n{key}:\n".encode()
    at = (b"\n" + data).find(head)
    if at < 0:
        return Edit(name, len(data), 0, head + item.encode())
    return Edit(name, at + len(head) - 1, 0, item.encode())


def _later_grade(draw: Random, files: Files, day: date) -> Edit:
    """A grade, or an event that ends grades, of a later day."""
    import yaml

    rubrics = yaml.safe_load(files["judgements.yaml"])["rubrics"]
    rubric = draw.choice(rubrics)
    if draw.random() < 0.3:
        item = f"  - {{rubric: {rubric['id']}, day: {_later(draw, day)}, what: A suit., source: invented}}\n"
        return _into_list(files, "judgements.yaml", "events", item)
    level = draw.randrange(len(rubric["levels"]))
    item = (
        f"  - {{rubric: {rubric['id']}, level: {level}, graded: {_later(draw, day)}, by: L. Ater, "
        f"evidence: Said later., source: invented, period: {draw.choice(('2026Q1', '2026Q2'))}}}\n"
    )
    return _into_list(files, "judgements.yaml", "grades", item)


def _later_override(draw: Random, files: Files, day: date) -> Edit:
    import yaml

    rule = draw.choice(yaml.safe_load(files["thesis.yaml"])["conditions"])
    since = _later(draw, day)
    until = date.fromisoformat(since) + timedelta(days=90)
    words = f"score: '0.1', reason: Later., by: L. Ater, since: {since}, until: {until}"
    item = f"  - {{rule: {rule['id']}, {words}}}\n"
    return _into_list(files, "overrides.yaml", "overrides", item)
