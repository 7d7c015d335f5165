"""``thesis facts prices fetch``."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import (
    DayArgument,
    cache,
    cache_folder,
    locate_pack,
    pack_option,
    refuse_bundled,
    today,
)
from thesis.cli.exit_codes import PROBLEM
from thesis.cli.extras import require_modules
from thesis.cli.facts_fetch import NEEDED
from thesis.core.period import FIRST_YEAR
from thesis.core.problem import InvalidInput, Problem, did_you_mean, render_problems
from thesis.files.disk import make_private_folder, unwritable, write_bytes_atomically

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.sources.download_session import DownloadSession
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.sources.prices.price_site import PriceSite

OK = 200


@click.command(
    "fetch",
    epilog="\b\nExamples:\n"
    "  thesis facts prices fetch -p rules/mine\n"
    "  thesis facts prices fetch -p rules/mine --entity AMZN --since 2020-01-01 --dry-run\n\n"
    "The address stands in THESIS_PRICES_URL, or as `url` under [prices] in "
    "~/.config/thesis/config.toml: https://prices.example/{symbol}.csv, with {since}, {today} and {key} "
    "(THESIS_PRICES_KEY) where the site wants them. What comes is read like a file of `facts import`: the "
    "last close of each quarter is kept, and the newest. Closes adjusted for dividends are refused. Exit "
    "codes: 0 fine; 2 wrong usage; 3 a problem, and then nothing of that share was written.",
)
@pack_option
@click.option("--entity", "entities", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option(
    "--since", type=DayArgument(), metavar="DATE", help="Default: the newest close that the pack has."
)
@click.option("--every-day", is_flag=True, help="Not only the last of each quarter, and the newest.")
@click.option("--currency", default="", metavar="CODE", help="Where the site does not say; GBX for pence.")
@click.option("--dry-run", is_flag=True, help="Download, show what would happen, and change no facts.")
@click.option("--verbose", is_flag=True, help="List every row.")
def command(
    pack: str | None,
    entities: tuple[str, ...],
    since: date | None,
    every_day: bool,
    currency: str,
    dry_run: bool,
    verbose: bool,
) -> None:
    """Download the closes of each share since the newest that the pack has, and take them over."""
    from thesis import __version__
    from thesis.cli.config import price_site
    from thesis.sources.download_session import DownloadSession, RequestLimits
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.sources.prices.price_file import MOST_BYTES
    from thesis.sources.throttle import RequestClock
    from thesis.workspace.open_pack import open_pack

    require_modules("fetching", "fetch", *NEEDED)
    site = price_site()
    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    shares = _shares(opened, entities)
    clock = RequestClock(time.monotonic, time.time, time.sleep)
    agent, limits = f"thesis/{__version__}", RequestLimits(most_bytes=MOST_BYTES)
    failed = False
    kept = cache_folder()
    with ExitStack() as stack:
        session = stack.enter_context(DownloadSession(agent, [site.base], clock, limits, secret=site.key))
        place = kept / "prices" if kept else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for entity, line_item in shares:
            start = since or _newest(opened, line_item)
            source = site.told_source(entity)
            given = ImportOptions(
                entity=entity, only=(line_item,), source=source, every_day=every_day, currency=currency
            )
            try:
                file = _downloaded(session, site, entity, start, place)
                _take_over(file, pack, given, dry_run=dry_run, verbose=verbose)
            except InvalidInput as flawed:
                click.echo(render_problems(flawed.problems, flawed.sources), err=True)
                failed = True
            except SystemExit:  # some of its days cannot be used, which is told by now
                failed = True
    if failed:
        raise SystemExit(PROBLEM)


def _shares(pack: Pack, entities: Sequence[str]) -> list[tuple[str, str]]:
    """The entities to fetch for, each with its line item of prices.

    Errors: usage for an entity that is none; ``InvalidInput`` for one whose price the pack does not read.
    """
    for name in entities:
        if name not in pack.entities:
            hint = did_you_mean(name, pack.entities) or f"there are {', '.join(pack.entities)}"
            raise click.UsageError(f"there is no entity called `{name}`; {hint}")
    priced = [(pack.owner(name), name) for name, item in pack.concepts.items() if item.kind == "daily"]
    found = [pair for pair in priced if not entities or pair[0] in entities]
    missing = [name for name in entities or pack.entities if name not in dict(priced)]
    if not found or (entities and missing):
        message = f"the pack reads no price of {', '.join(missing)}"
        hint = "declare one in metrics.yaml, with `kind: daily` and the unit USD/share"
        raise InvalidInput([Problem("unknown-concept", message, hint=hint)])
    return found


def _newest(pack: Pack, line_item: str) -> date:
    """The newest day that the pack has a close of, else the first that there can be."""
    days = [row.period for row in pack.facts.of(line_item) if isinstance(row.period, date)]
    return max(days, default=date(FIRST_YEAR, 1, 1))


def _downloaded(
    session: DownloadSession, site: PriceSite, entity: str, since: date, folder: Path
) -> tuple[Path, str]:
    """The file of a share's closes and the name to show.

    An answer may repeat the key that it was asked with, so the file is kept without it, and no message about
    what stands in it can show it.

    Errors: ``InvalidInput`` where it cannot be had, or is no file of prices.
    """
    from thesis.sources.download_session import hidden_bytes
    from thesis.sources.prices.closing_prices import holds_prices

    shown = f"{site.host}: {site.symbol(entity)}"
    path = folder / f"{entity}.txt"
    into = io.BytesIO()
    answer = session.get(site.address(entity, since, today()), into)
    data = hidden_bytes(into.getvalue(), site.key)
    try:
        make_private_folder(folder)
        write_bytes_atomically(path, data)
    except OSError as error:
        raise unwritable(str(path), error, "name another folder with THESIS_CACHE") from None
    if answer.status != OK:
        message = f"`{shown}`: the site has nothing at this address ({answer.status})"
        hint = f"write what the site calls {entity} under [prices.symbols] of the settings"
        raise InvalidInput([Problem("price-site", message, hint=hint)])
    if not holds_prices(path, shown):
        start = " ".join(data[:200].decode("utf-8", "replace").split())[:80]
        message = f"`{shown}`: the answer is no table of prices; it begins `{start}`"
        raise InvalidInput([Problem("price-site", message, hint="look at the address in a browser")])
    return path, shown


def _take_over(
    file: tuple[Path, str], pack: str | None, given: ImportOptions, *, dry_run: bool, verbose: bool
) -> None:
    """Write the closes of a file, as an import does.

    Errors: ``InvalidInput`` where they cannot be used, or are adjusted for dividends.
    """
    from thesis.cli.facts_import import finish_import, print_import_report
    from thesis.sources.importing.plan import ImportPlan, plan_import
    from thesis.workspace.open_pack import open_pack

    def plan() -> ImportPlan:
        folder = locate_pack(pack)
        found = plan_import(
            [file], open_pack(folder, today(), cache(), unfinished=True), folder, given, today()
        )
        adjusted = [each for each in found.warnings if each.code == "dividend-adjusted"]
        if adjusted:
            raise InvalidInput([each._replace(level="error") for each in adjusted])
        return found

    planned = plan()
    for line in print_import_report(planned, verbose=verbose):
        click.echo(line)
    finish_import(planned, locate_pack(pack), plan, dry_run=dry_run, again="fetch again")
