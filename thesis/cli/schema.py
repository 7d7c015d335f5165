"""``thesis schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from thesis.cli.context import write_folder
from thesis.core.problem import InvalidInput, Problem
from thesis.export import json_answers
from thesis.pack.schema.shapes import FILES


@click.command(
    "schema",
    epilog="\b\nExamples:\n  thesis schema thesis.yaml\n  thesis schema assessment\n"
    "  thesis schema --out rules/schema\n\n"
    "An editor with a YAML language server reads the first line of the bundled pack's files and "
    "completes and checks them as you type.",
)
@click.argument(
    "file",
    required=False,
    type=click.Choice([*FILES, "trials.yaml", "standard.yaml", *json_answers.VERSIONS]),
)
@click.option("--out", metavar="FOLDER", help="Write all of them to a folder.")
@click.option("--force", is_flag=True, help="Replace what is there.")
def command(file: str | None, out: str | None, force: bool) -> None:
    """Print the JSON Schema of a pack's files, for editors, or of what `--json` prints, for programs.

    assessment is that of `check` and `memo`, the others those of the commands of their names; problems
    are what `lint` finds.
    """
    if file and file in json_answers.VERSIONS:
        click.echo(json_answers.schema_text(file), nl=False)
        return
    from thesis.pack.json_schema import json_schemas

    found = json_schemas()
    if out:
        try:
            Path(out).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"cannot make the folder `{Path(out).parent}`: {error.strerror}"
            raise InvalidInput([Problem("unwritable", message)]) from None
        schemas = {
            f"{Path(name).stem}.schema.json": json.dumps(schema, indent=2) + "\n"
            for name, schema in found.items()
        }
        schemas |= {
            json_answers.schema_file(kind): json_answers.schema_text(kind) for kind in json_answers.VERSIONS
        }
        is_new = write_folder(schemas, out, force=force)
        click.echo(
            f"wrote {len(schemas)} schemas to {out}"
            if is_new
            else f"{out} holds all of them already, byte for byte",
            err=True,
        )
        return
    click.echo(json.dumps(found[file] if file else found, indent=2))
