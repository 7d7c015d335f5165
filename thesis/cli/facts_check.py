"""``thesis facts check``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from thesis.cli.context import as_of_option, cache, emit_json, json_option, locate_pack, pack_argument, today
from thesis.cli.exit_codes import BELOW

if TYPE_CHECKING:
    from thesis.sources.quality import QualityFinding

WORDS = {
    "missing": "nothing known",
    "stale": "late",
    "expired": "late for so long that it says nothing",
    "gap": "quarters left out",
    "conflict": "filings of one day that contradict each other",
    "size": "perhaps in the wrong unit, or without a percent sign",
    "repeat": "the figure of an earlier quarter",
    "year": "quarters that do not add up to their year",
}
TOGETHER = ("missing", "stale", "expired")
MOST_PERIODS = 8


@click.command(
    "check",
    epilog="\b\nExamples:\n  thesis facts check\n  thesis facts check rules/mine --as-of 2026-10-15\n\n"
    "A pack that is still to be written is checked as well. Exit codes: 0 fine; 1 something to look at; 2 "
    "wrong usage; 3 a problem in the files, identities that do not tie among them.",
)
@pack_argument
@as_of_option
@json_option
def command(name: str | None, pack: str | None, as_of: date | None, as_json: bool) -> None:
    """What to look at: late figures, gaps, conflicts, slips of unit, repeats, years that do not add up."""
    from thesis.sources.quality import quality_findings
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack, name)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    found = quality_findings(opened, as_of or today())
    if as_json:
        emit_json([finding._asdict() for finding in found])
    else:
        for line in _told(found):
            click.echo(line)
    if found:
        raise SystemExit(BELOW)


def _told(found: Sequence[QualityFinding]) -> Iterator[str]:
    for kind, words in WORDS.items():
        listed = [finding for finding in found if finding.kind == kind]
        if not listed:
            continue
        yield f"{words}: {len(listed)}"
        if kind in TOGETHER:
            yield from _together(listed)
            continue
        width = max(len(finding.concept) for finding in listed)
        for finding in listed:
            yield f"  {finding.concept:<{width}}  {_periods(finding.periods)}{finding.told}"
    count = len(found)
    yield f"{count} {'thing' if count == 1 else 'things'} to look at" if found else "nothing to look at"


def _together(listed: Sequence[QualityFinding]) -> Iterator[str]:
    """Concepts of which the same is to be said, which is so of all that one report holds."""
    groups: dict[str, list[str]] = {}
    for finding in listed:
        groups.setdefault(f"{_periods(finding.periods)}{finding.told}", []).append(finding.concept)
    for told, concepts in groups.items():
        yield f"  {told}"
        yield from wrap(", ".join(concepts), 100, initial_indent="    ", subsequent_indent="    ")


def _periods(periods: Sequence[str]) -> str:
    if not periods:
        return ""
    more = f" and {len(periods) - MOST_PERIODS} more" if len(periods) > MOST_PERIODS else ""
    return f"{', '.join(periods[:MOST_PERIODS])}{more}: "
