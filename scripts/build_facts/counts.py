"""Where the rows of the fact files come from, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from .imported import Imported
from .model import Fact
from .tables import MATCHED_HOW

READ, WORKED_OUT = "read in a filing on file", "worked out of filings on file"
CLOSES, RELEASES = "closes on file", "read in a release on file"
TRANSCRIBED, DERIVED = "transcribed", "derived from what was transcribed"
MATCHED, JUDGED = "matched to the filing's text", "judged, or read that there is none"
SECONDARY = "secondary"
KINDS = (READ, WORKED_OUT, RELEASES, CLOSES, TRANSCRIBED, DERIVED, MATCHED, JUDGED, SECONDARY)
PRIMARY = (READ, WORKED_OUT, RELEASES, CLOSES)  # read or worked out by this script from a file that is there


def kind(fact: Fact, imported: Imported) -> str:
    """Where a row comes from."""
    row = imported.replaced.get((fact.concept, fact.period, fact.source))
    if row is not None and row.is_daily:
        return CLOSES
    if row is not None and row.provenance.document != row.source:
        return RELEASES
    if row is not None:
        return WORKED_OUT if row.provenance.is_difference else READ
    if fact.is_copy:
        return SECONDARY
    if fact.how == MATCHED_HOW:
        return MATCHED
    return {"judged": JUDGED, "read": JUDGED, "derived": DERIVED}.get(fact.how.partition(":")[0], TRANSCRIBED)


def summary(result: Mapping[str, Sequence[Fact]], imported: Imported) -> Iterator[str]:
    """The rows of each entity by where they come from, then of all together."""
    total: Counter[str] = Counter()
    for entity, facts in result.items():
        found = Counter(kind(fact, imported) for fact in facts)
        total += found
        yield f"{entity}: {_told(found)}"
    yield f"all: {_told(total)}"


def _told(found: Counter[str]) -> str:
    primary = sum(found[each] for each in PRIMARY)
    listed = ", ".join(f"{found[each]} {each}" for each in KINDS if found[each])
    return f"{found.total()} rows, {primary} of them primary: {listed}"
