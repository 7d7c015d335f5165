"""``thesis facts tags``."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    "tags",
    epilog="\b\nExamples:\n"
    "  thesis facts tags amzn-20231231.htm --like backlog\n"
    "  thesis facts tags CIK0001018724.json --like PaymentsToAcquire\n\n"
    "What is printed goes into metrics.yaml: the tag under `tag`, each axis with its member under `where`.",
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--like", default="", metavar="WORD", help="Only those with the word in a tag, axis or member.")
def command(file: Path, like: str) -> None:
    """What a filing holds: each tag with its dimensions, how often, and an example."""
    from thesis.sources.importing.tag_list import tag_summaries, tag_table
    from thesis.sources.read_file import read_document

    facts = read_document(file, str(file))
    click.echo(tag_table(tag_summaries(facts, like)), nl=False)
    flaws = [fact.flaw for fact in facts if fact.flaw]
    if flaws:
        place = f"{flaws[0].span.file}:{flaws[0].span.line}: " if flaws[0].span else ""
        told = f"{len(flaws):,} that cannot be read, the first at {place}{flaws[0].message}"
        click.echo(told, err=True)
