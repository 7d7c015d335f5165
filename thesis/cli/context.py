"""What the commands share: which pack, which day, and how errors and answers leave the program."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from thesis.cli.exit_codes import UNDETERMINED
from thesis.cli.typed_arguments import completing
from thesis.core.controls import json_escaped, show_controls
from thesis.core.period import parse_day
from thesis.core.problem import InvalidInput, Problem, did_you_mean
from thesis.files.cache import Cache
from thesis.pack.folder import Folder, has_journal, read_folder
from thesis.workspace.find_pack import DEFAULT, find_pack, pack_around, packs_below_text
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulationOptions
    from thesis.cli.what_if_options import WhatIf
    from thesis.journal.review_schema import Review
    from thesis.journal.status import JournalStatus
    from thesis.pack.load import Pack
    from thesis.scoring.assessment import Assessment

Command = TypeVar("Command", bound=Callable[..., Any])

NAMED = 3  # of many files that are in the way


class DayArgument(click.ParamType[date]):
    """A date, 2026-10-15."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return parse_day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


def as_of_option(command: Command) -> Command:
    """``--as-of``; that a day lies ahead is said beside whatever the command answers."""

    def remarked(ctx: click.Context, param: click.Parameter, day: date | None) -> date | None:
        if day is not None and day > today():
            from thesis.narrative.as_of_text import expected_next

            click.echo(f"note: {expected_next(day, today())}", err=True)
        return day

    return click.option(
        "--as-of",
        type=DayArgument(),
        callback=remarked,
        metavar="DATE",
        help="Look from this day, and use nothing filed later. Default: today.",
    )(command)


def pack_option(command: Command) -> Command:
    return click.option(
        "-p",
        "--pack",
        metavar="NAME|FOLDER",
        shell_complete=completing("packs"),
        help="Which thesis. Default: the one that this folder is or lies in.",
    )(command)


def pack_argument(command: Command) -> Command:
    """The pack as an option or as the argument, whichever comes to mind."""
    named = click.argument("name", metavar="[PACK]", required=False, shell_complete=completing("packs"))
    return named(pack_option(command))


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def format_option(*formats: str) -> Callable[[Command], Command]:
    """``--format`` as ``form``, the first by default; ``--json`` is short for ``--format json``."""

    def json_too(ctx: click.Context, param: click.Parameter, given: bool) -> bool:
        if given:
            if ctx.params.get("form", "json") not in ("json", formats[0]):
                raise click.UsageError("--json is --format json; one format at a time")
            ctx.params["form"] = "json"
        return given

    def options(command: Command) -> Command:
        short = click.option(
            "--json", is_flag=True, expose_value=False, callback=json_too, help="Short for --format json."
        )
        listed = click.option(
            "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True,
            is_eager=True, help="What to print.",
        )  # fmt: skip
        return listed(short(command))

    return options


def entry_day(counts_from: date) -> str:
    """Today, for what counts from an earlier day on; empty for what counts from today."""
    return str(today()) if counts_from < today() else ""


def today() -> date:
    """The day it is; ``THESIS_TODAY`` sets another, for rehearsals and tests."""
    rehearsed = os.environ.get("THESIS_TODAY")
    if not rehearsed:
        return date.today()
    try:
        return parse_day(rehearsed)
    except ValueError as error:
        raise click.UsageError(f"THESIS_TODAY: {error}") from None


def cache_folder() -> Path | None:
    """Where checked packs are remembered; nowhere, if ``THESIS_CACHE`` is empty."""
    chosen = os.environ.get("THESIS_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "thesis"


def cache() -> Cache:
    """What was remembered between runs."""
    return Cache(cache_folder())


def locate_pack(
    wanted: str | None, also: str | None = None, *, for_data: bool = False, or_bundled: bool = False
) -> Folder:
    """The files of the pack that was asked for; ``for_data`` names them from its folder, not as it was typed.

    ``or_bundled``: where none was named and the working folder lies in none, the first bundled pack is taken,
    and a warning says so. Errors: usage, if two were asked for; ``InvalidInput`` where there is no such pack.
    """
    if wanted and also and wanted != also:
        raise click.UsageError(f"two packs were named, `{also}` and `{wanted}`")
    name, here = wanted or also, Path.cwd()
    if name is None and or_bundled and pack_around(here) is None:
        name = DEFAULT
        click.echo(
            f"warning: this folder is no pack and lies in none, so {name} is shown, which comes with the "
            f"program; {packs_below_text(here)}the next release asks for a name: thesis check {name}",
            err=True,
        )
    path, shown = find_pack(name, here)
    return read_folder(path, "" if for_data else shown)


def load_pack(wanted: str | None, also: str | None = None) -> Pack:
    """The pack that was asked for, in order."""
    return open_pack(locate_pack(wanted, also), today(), cache())


def journal_of(folder: Folder) -> list[Review]:
    """The signed reviews of a pack. Errors: ``InvalidInput`` where one is not as it was signed."""
    if not has_journal(folder.path, folder.shown):
        return []
    from thesis.journal.store import cached_journal

    return cached_journal(folder.path, folder.shown.rstrip("/"), cache())


def refuse_bundled(folder: Folder, named: str | None) -> None:
    """Errors: ``InvalidInput`` for a bundled pack, into which nothing is written.

    One that is checked out and named by its path is its owner's.
    """
    from thesis.core.problem import InvalidInput, Problem
    from thesis.files.disk import HERE, bundled_folder
    from thesis.pack.folder import THESIS

    rules = bundled_folder("rules").resolve()
    if not folder.path.resolve().is_relative_to(rules):
        return
    is_by_path = (Path.cwd() / (named or ".") / THESIS).is_file()
    if is_by_path and not rules.is_relative_to(HERE.resolve()):
        return
    name = folder.path.name
    message = f"`{name}` comes with the program, which does not write into it"
    hint = f"thesis new mine --from {name}, and name the copy with -p"
    raise InvalidInput([Problem("unwritable", message, hint=hint)])


def require_entity(name: str | None, pack: Pack) -> None:
    """Errors: usage, for the name of an entity that the pack does not have; none named is none wrong."""
    if name and name not in pack.entities:
        hint = did_you_mean(name, pack.entities) or f"there are {', '.join(pack.entities)}"
        raise click.UsageError(f"there is no entity called `{name}`; {hint}")


def assess_on(
    pack: Pack,
    as_of: date | None,
    supposed: WhatIf | None = None,
    *,
    appraised: bool = False,
    draw: SimulationOptions | None = None,
) -> Assessment:
    """The assessment on a day; with the last rating before it, if there is none that day.

    ``appraised``: with what the target takes, where the pack says what is believed; ``draw``: and with
    draws from those beliefs.
    """
    from thesis.case.case import NothingKnown
    from thesis.cli.what_if_options import as_usage_error
    from thesis.scoring.assess import add_last_rating, add_latest_quarter, assess
    from thesis.scoring.weight_draws import WEIGHT_DRAWS

    WEIGHT_DRAWS.cache = cache()
    day = as_of or today()
    try:
        with as_usage_error():
            given, assumptions = (supposed.given, supposed.beliefs) if supposed else (None, None)
            found = assess(pack, day, given, assumptions)
        found = add_last_rating(pack, found)
        if not found.verdict.rated:
            from thesis.worklist.work_list import add_work_list

            found = add_work_list(pack, found)
        found = add_latest_quarter(pack, found)
        if not appraised or pack.valuation is None:
            return found
        from thesis.appraisal.appraise import add_appraisal

        return add_appraisal(pack, found, supposed.beliefs if supposed else {}, draw)
    except NothingKnown as error:
        click.echo(f"nothing to assess: {error}", err=True)
        raise SystemExit(UNDETERMINED) from None
    except ValueError as error:
        if draw is None:
            raise
        click.echo(f"nothing to simulate: {error}; leave out --simulate", err=True)
        raise SystemExit(UNDETERMINED) from None


def add_journal(found: Assessment, where: JournalStatus | None) -> Assessment:
    """An assessment with what its journal publishes."""
    from thesis.core.record import replace_fields

    return found if where is None else replace_fields(found, journal=where.publication(found.quarter))


def json_text(value: Any) -> str:
    """Any record as JSON, each key on its own line."""
    from thesis.scoring.assessment import json_ready

    return json_escaped(json.dumps(json_ready(value), indent=2, ensure_ascii=False)) + "\n"


def answer_text(kind: str, value: Any) -> str:
    """An answer, or a list of answers, as JSON under the name of its published schema."""
    from thesis.export.json_answers import answer_record

    found = (
        [answer_record(kind, each) for each in value]
        if isinstance(value, list)
        else answer_record(kind, value)
    )
    return json_escaped(json.dumps(found, indent=2, ensure_ascii=False)) + "\n"


def emit_answer(kind: str, value: Any) -> None:
    """Print an answer, or a list of answers, under the name of its published schema."""
    click.echo(answer_text(kind, value), nl=False)


def emit_json(value: Any) -> None:
    click.echo(json_text(value), nl=False)


def write_out(content: str | bytes, out: str, *, force: bool, is_remade: bool = False) -> None:
    """Write a file the user asked for; one that is there and says otherwise only if they said so.

    ``is_remade``: with a mark at its end, by which a file is known that an earlier run wrote and nobody has
    edited; such a one is written anew without being asked.
    """
    from thesis.files.disk import unwritable

    path, data = Path(out), _bytes(content)
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            path.write_bytes(
                _with_mark(out, data) if is_remade else data
            )  # a device or a pipe: nothing is lost
        elif not _write_files({path: data}, force=force, is_remade=is_remade):
            click.echo(f"{out} is there already, byte for byte", err=True)
            return
    except OSError as error:
        hint = "" if path.parent.is_dir() else f"there is no folder `{path.parent}`; make it first"
        raise unwritable(str(path), error, hint) from None
    click.echo(f"wrote {out}", err=True)


def _with_mark(name: str, data: bytes) -> bytes:
    from thesis.files.output_mark import with_mark

    return with_mark(name, data)


def _state(path: Path) -> str:
    """Whether a file is the program's own: own, edited or unmarked, as one that cannot be read is."""
    from thesis.files.output_mark import mark_state

    try:
        return mark_state(path.read_bytes()) if path.is_file() else "unmarked"
    except OSError:
        return "unmarked"


def write_folder(contents: Mapping[str, str | bytes], folder: str, *, force: bool) -> bool:
    """Write files into a folder, made if it is not there: all of them, or none where one is in the way.

    Each has a mark, and those that an earlier run wrote and nobody has edited are not in the way. Returns
    whether something was to be written: not where all are there, byte for byte. Errors: ``InvalidInput``,
    with what is there and says otherwise.
    """
    from thesis.files.disk import unwritable

    path = Path(folder)
    try:
        wanted = {path / name: _bytes(content) for name, content in contents.items()}
        return _write_files(wanted, force=force, is_remade=True, make_folders=True)
    except OSError as error:
        hint = "" if path.parent.is_dir() else f"there is no folder `{path.parent}`; make it first"
        raise unwritable(str(path), error, hint) from None


def _bytes(content: str | bytes) -> bytes:
    """The bytes of a file, of a text with its control characters shown."""
    return show_controls(content).encode("utf-8") if isinstance(content, str) else content


def _write_files(
    contents: Mapping[Path, bytes], *, force: bool, is_remade: bool, make_folders: bool = False
) -> bool:
    """Write the files that are not there yet, byte for byte; false, where all are.

    Errors: ``InvalidInput`` where one says otherwise and is not to be replaced; ``OSError``.
    """
    from thesis.files.disk import sweep_beside, write_together

    if is_remade:
        contents = {path: _with_mark(str(path), data) for path, data in contents.items()}
    missing = {path: data for path, data in contents.items() if not _holds(path, data)}
    for path in contents.keys() - missing.keys():
        sweep_beside(path)  # what is written is swept beside as it is written
    there = [path for path in missing if path.exists()]
    taken = [] if force else [path for path in there if not (is_remade and _state(path) == "own")]
    if taken:
        raise InvalidInput([_taken(*taken)])
    # What a link leads to is written, and the link stays.
    wanted = {path.resolve() if path.is_symlink() else path: data for path, data in missing.items()}
    try:
        if wanted:
            write_together(wanted, replace=force or bool(there), make_folders=make_folders)
    except FileExistsError as error:
        raise InvalidInput([_taken(Path(error.filename2 or error.filename))]) from None
    return bool(wanted)


def _holds(path: Path, data: bytes) -> bool:
    """Whether a file is there and holds these bytes."""
    try:
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _taken(*paths: Path) -> Problem:
    """What to say of files that are in the way: the first of them, and how many more there are."""
    told = [f"`{path}`" for path in paths[:NAMED]]
    more = len(paths) - len(told)
    last = [f"{more} more"] if more else [told.pop()]
    names = " and ".join([", ".join(told), *last] if told else last)
    is_one = len(paths) == 1
    message = f"{names} {'is' if is_one else 'are'} there already"
    if is_one and _state(paths[0]) == "edited":
        message = f"{names} was edited since it was written"
    return Problem("exists", message, hint=f"use --force to replace {'it' if is_one else 'them'}")
