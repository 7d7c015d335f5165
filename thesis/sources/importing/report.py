"""The plan of an import as JSON.

``files``: each file by ``file``, its ``filings`` (form, accession, filed; of prices none), how many
``facts`` it holds, how many are ``asked_for``, what was ``left_out`` by reason, the line items that are
``missing`` (those without a figure in the report of an ``accession``, or in any), and the tags that no
concept asks for, ``unmapped``, with their dimensions and how often.
``counts``: how many rows are new, restated, sharper, confirmed (second-hand until now), unchanged and
conflicting; ``worked_out`` of the new ones are differences of longer spans.
``changes``: each row but the unchanged: its kind, entity and cells, the ``place`` where it stands in the
file, the value before in ``was`` with its source in ``was_source``, and ``change``, the relative one.
``import_again``: filings that were imported before a restatement which this import brings.
``uneven``: years that their quarters do not add up to, and by how much.
``problems``: level, code, message, place and hint; what is no warning keeps what it is about from being
written. ``withheld``: that, by line item (``concept``; empty: all of a source) and ``source``, a filing, a
quarter or a file (empty: all of them).
``written``: the fact files that it changed; none in a dry run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from thesis.core.problem import Problem
from thesis.facts.fact_file import KINDS, FactRow, RowChange, plain_digits
from thesis.sources.importing.periods import YearMismatch
from thesis.sources.importing.plan import ImportPlan
from thesis.sources.importing.to_rows import ImportedRows

FIELDS = (
    "files", "counts", "worked_out", "changes", "import_again", "uneven", "problems", "withheld", "written",
)  # fmt: skip


def import_report(planned: ImportPlan, written: Iterable[str]) -> dict[str, Any]:
    """The account of a plan that was made, and of the files that were written."""
    counts = Counter(change.kind for _, change in planned.changes)
    worked_out = sum(
        change.row.provenance.is_difference and change.kind == "new" for _, change in planned.changes
    )
    changes = [_change(entity, change) for entity, change in planned.changes if change.kind != "unchanged"]
    parts: tuple[Any, ...] = (
        [_file(taken) for taken in planned.files],
        {kind: counts[kind] for kind in KINDS},
        worked_out,
        changes,
        planned.later,
        [_uneven(each) for each in planned.uneven],
        problem_report([*planned.problems, *planned.warnings]),
        [each._asdict() for each in planned.withheld],
        list(written),
    )
    return dict(zip(FIELDS, parts, strict=True))


def problem_report(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Problems with their places."""
    return [
        {**problem._asdict(), "span": problem.span._asdict() if problem.span else None}
        for problem in problems
    ]


def relative_change(old: FactRow | None, row: FactRow) -> float | None:
    """By how much a value changed, as a part of the old one; none where a sign did, or one is no number."""
    if not old or not old.ends or not row.ends or not old.ends[0] or old.value == row.value:
        return None
    return float(row.ends[0] / old.ends[0] - 1) if row.ends[0] * old.ends[0] > 0 else None


def _file(taken: ImportedRows) -> dict[str, Any]:
    return {
        "file": taken.shown,
        "filings": [
            {"form": filing.form, "accession": filing.accession, "filed": str(filing.filed)}
            for filing in taken.filings
        ],
        "facts": taken.facts,
        "asked_for": len(taken.rows),
        "left_out": dict(sorted(taken.left_out.items())),
        "missing": [
            {"accession": each.filing.accession if each.filing else None, "concepts": list(each.names)}
            for each in taken.missing
        ],
        "unmapped": [
            {"tag": tag, "dimensions": dict(dimensions), "times": times}
            for (tag, dimensions), times in sorted(taken.unmapped.items())
        ],
    }


def _change(entity: str, change: RowChange) -> dict[str, Any]:
    row, old = change.row, change.old
    return {
        "kind": change.kind,
        "entity": entity,
        **_cells(row),
        "place": row.place,
        "was": old.value if old else None,
        "was_source": old.source if old else None,
        "change": relative_change(old, row),
    }


def _cells(row: FactRow) -> dict[str, str]:
    return {
        "concept": row.concept,
        "period": row.period,
        "value": row.value,
        "unit": row.unit,
        "filed": str(row.filed),
        "source": row.source,
        "how": row.how,
        "note": row.note,
    }


def _uneven(found: YearMismatch) -> dict[str, Any]:
    return {
        "year": _cells(found.year),
        "quarters": [_cells(row) for row in found.quarters],
        "apart": plain_digits(found.apart),
    }
