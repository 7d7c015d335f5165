"""``thesis facts fetch``."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import click

from thesis.cli.context import (
    DayArgument,
    cache,
    cache_folder,
    locate_pack,
    pack_option,
    refuse_bundled,
    require_entity,
    today,
)
from thesis.cli.extras import require_modules
from thesis.core.problem import InvalidInput, Problem

if TYPE_CHECKING:
    from thesis.archive.documents import Document
    from thesis.pack.folder import Folder
    from thesis.pack.load import Pack
    from thesis.sources.edgar.fetch import AvailableReports, Fetcher, FetchRequest
    from thesis.sources.edgar.index import EdgarHosts, ListedReport
    from thesis.sources.importing.to_rows import ImportedRows, ImportOptions
    from thesis.sources.reported_fact import FilingReference

NEEDED = ("httpx", "tenacity")
RELEASES = "8-K"  # the form that earnings releases come with

_ADDRESS = re.compile(
    r"https?://([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9a-f:]+\])(:[0-9]+)?(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*"
)


class FetchedRelease(NamedTuple):
    """An earnings release on disk: whose it is, and the 8-K that it came with."""

    path: Path
    entity: str
    filing: FilingReference


class FetchResult(NamedTuple):
    """What was downloaded, each file with the name to show, and the entities without companyfacts.

    ``documents`` are the parts of filings among them, each with what it is.
    """

    files: list[tuple[Path, str]]
    lists: list[tuple[Path, str]]
    without_facts: list[str]
    releases: list[FetchedRelease]
    documents: dict[Path, Document]


@click.command(
    "fetch",
    epilog="\b\nExamples:\n"
    "  thesis facts fetch -p rules/mine\n"
    "  thesis facts fetch -p rules/mine --entity AMZN --dry-run\n"
    "  thesis facts fetch -p rules/mine --since 2024-01-01\n\n"
    "Of each entity with a `cik`: the list of its filings, companyfacts, the inline XBRL of each 10-K and "
    "10-Q not read yet, with the exhibits that carry figures (EX-13), and the release of each 8-K on results "
    "(EX-99.1). All of them are put on file (`thesis documents list`). The SEC wants to know who asks: give "
    "a contact in SEC_CONTACT, or as `contact` under [sec] in ~/.config/thesis/config.toml. Downloads are "
    "kept in the cache folder, so that a fetch that was cut off goes on where it was. Exit codes: 0 fine; 2 "
    "wrong usage; 3 a problem, and then nothing of what it is about was written, as in `facts import`.",
)
@pack_option
@click.option("--entity", "entities", multiple=True, metavar="NAME", help="Only this one; may be repeated.")
@click.option(
    "--since",
    type=DayArgument(),
    metavar="DATE",
    help="Take everything filed since, read or not. Default: what is new since the newest filing read.",
)
@click.option("--only", multiple=True, metavar="CONCEPT", help="Take nothing else over.")
@click.option("--without", multiple=True, metavar="CONCEPT|ACCESSION", help="Leave a concept or filing out.")
@click.option("--dry-run", is_flag=True, help="Download, show what would happen, and change no facts.")
@click.option("--verbose", is_flag=True, help="List every row, and every tag that no concept asks for.")
@click.option(
    "--base-url",
    envvar="SEC_BASE_URL",
    metavar="URL",
    help="A mirror to ask instead of data.sec.gov and www.sec.gov, or SEC_BASE_URL.",
)
def command(
    pack: str | None,
    entities: tuple[str, ...],
    since: date | None,
    only: tuple[str, ...],
    without: tuple[str, ...],
    dry_run: bool,
    verbose: bool,
    base_url: str | None,
) -> None:
    """Take facts over from EDGAR: what each company filed since the last time."""
    from thesis.cli.facts_import import check_import_usage
    from thesis.sources.edgar.fetch import fetch_requests
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.workspace.open_pack import open_pack

    require_modules("fetching", "fetch", *NEEDED)
    hosts, agent = edgar_hosts(base_url), edgar_agent()
    folder = locate_pack(pack)
    if not dry_run:
        refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache(), unfinished=True)
    check_import_usage(opened, ImportOptions(only=only, without=without))
    ordered = list(fetch_requests(opened, folder, _named(opened, entities), since, today()))
    with ExitStack() as stack:
        fetched = _fetched(ordered, without, edgar_fetcher(hosts, agent, stack))
        given = ImportOptions(
            lists=tuple(fetched.lists),
            only=only,
            without=without,
            since={order.cik: order.since for order in ordered},
        )
        since_then = f"fetch again with --since {min(order.since for order in ordered)}" if ordered else ""
        _take_over(fetched, opened, folder, given, since_then, dry_run=dry_run, verbose=verbose)


def edgar_hosts(base_url: str | None) -> EdgarHosts:
    """Whom to ask. Errors: usage, for an address that is none."""
    from thesis.sources.edgar.index import EdgarHosts

    if not base_url:
        return EdgarHosts()
    base = base_url.rstrip("/")
    try:
        is_address = _ADDRESS.fullmatch(base) and urlsplit(base).port != 0
    except ValueError:  # a port beyond all ports
        is_address = False
    if not is_address:
        raise click.UsageError(f"expected an address like https://mirror.example, found `{base_url}`")
    return EdgarHosts(base, base)


def _named(pack: Pack, entities: Sequence[str]) -> list[str]:
    """The entities to fetch for.

    Errors: usage for one that is none; ``InvalidInput`` for one without a CIK.
    """
    from thesis.sources.edgar.fetch import asked_line_items

    for name in entities:
        require_entity(name, pack)
    unknown = [name for name in entities or pack.entities if not pack.entities[name].cik]
    known = [name for name in dict.fromkeys(entities or pack.entities) if pack.entities[name].cik]
    if unknown and (entities or not known):
        message = f"EDGAR knows companies by their CIK, and {', '.join(unknown)} has none in metrics.yaml"
        hint = (
            "write it as `cik:` beside the entity's name: https://www.sec.gov/edgar/searchedgar/companysearch"
        )
        raise InvalidInput([Problem("unknown-filer", message, hint=hint)])
    asked = [name for name in known if asked_line_items(pack, name)]
    for name in known:
        if name not in asked:
            told = "no concept of it has a `tag` or a `release`, so there is nothing to look for"
            click.echo(f"{name}: {told}", err=True)
    return asked


def edgar_agent() -> str:
    """Who asks, as the SEC wants it: the program and a contact. Errors: ``InvalidInput`` without one."""
    from thesis import __version__
    from thesis.cli.config import contact

    return f"thesis/{__version__} {contact()}"


def edgar_fetcher(hosts: EdgarHosts, agent: str, stack: ExitStack) -> Fetcher:
    """The session and where its downloads are kept; nowhere for long without a cache folder."""
    from thesis.sources.download_session import DownloadSession, RequestLimits, SiteHints
    from thesis.sources.edgar import index
    from thesis.sources.edgar.download_store import DownloadStore
    from thesis.sources.edgar.fetch import Fetcher
    from thesis.sources.throttle import RequestClock

    kept = cache_folder()
    folder = kept / "edgar" if kept else Path(stack.enter_context(tempfile.TemporaryDirectory()))
    clock = RequestClock(time.monotonic, time.time, time.sleep)
    hints = SiteHints(index.REFUSED, index.REDIRECTED)
    session = stack.enter_context(DownloadSession(agent, hosts, clock, RequestLimits(), hints))
    return Fetcher(session, DownloadStore(folder), hosts, today())


def _fetched(ordered: Sequence[FetchRequest], without: Sequence[str], fetcher: Fetcher) -> FetchResult:
    """First every list, so that it is known how much there is; then file by file, oldest first."""
    found = []
    for order in ordered:
        found.append(fetcher.look(order))
        listed, new = found[-1].reports, found[-1].new
        filings = f"{len(listed)} filing{'s' * (len(listed) != 1)} since {order.since}"
        click.echo(f"{order.entity}: {filings}, {len(new)} new", err=True)
        releases = found[-1].releases
        if releases:
            told = f"{len(releases)} release{'s' * (len(releases) != 1)} of results"
            click.echo(f"{order.entity}: {told} since {order.releases_since}", err=True)
    lists = [(path, path.name) for each in found for path in each.lists]
    result = FetchResult([], list(dict.fromkeys(lists)), [], [], {})
    for each, announced in _progress(list(_steps(found, without))):
        if announced is None:
            _fetch_companyfacts(each.order, fetcher, result)
        else:
            _fetch_filing(each.order, announced, fetcher, result)
    return result


def _fetch_companyfacts(order: FetchRequest, fetcher: Fetcher, result: FetchResult) -> None:
    path = fetcher.companyfacts(order.cik)
    if path is None:
        result.without_facts.append(order.entity)
    elif (path, f"companyfacts/{path.name}") not in result.files:
        result.files.append((path, f"companyfacts/{path.name}"))


def _fetch_filing(
    order: FetchRequest, announced: ListedReport, fetcher: Fetcher, result: FetchResult
) -> None:
    """A report with its exhibits, or of an 8-K the release."""
    from thesis.archive.documents import Document
    from thesis.core.period import Quarter
    from thesis.sources.edgar.fetch import has_inline_figures

    filing = announced.filing
    is_release = filing.form == RELEASES
    paths: list[tuple[Path, str]] = []
    if not is_release:
        paths.append(fetcher.document(order.cik, announced))
    exhibits: Sequence[tuple[Path, str]] = ()
    if is_release or filing.form.startswith("10-K") or not has_inline_figures(paths[0][0]):
        exhibits, missing = fetcher.exhibits(order.cik, announced)
        for told in missing:
            click.echo(f"{order.entity}: {told}", err=True)
    quarter = Quarter.of(announced.ends) if announced.ends else None
    for path, url in (*paths, *exhibits):
        said = Document("", order.entity, *filing, None if is_release else quarter, url)
        result.documents.setdefault(path, said)
        if is_release:
            result.releases.append(FetchedRelease(path, order.entity, filing))
        elif (path, url) in paths or has_inline_figures(path):
            result.files.append((path, f"{path.parent.name}/{path.name}"))


def _read_releases(
    fetched: FetchResult, pack: Pack, given: ImportOptions
) -> tuple[list[ImportedRows], list[Problem]]:
    """The rows of the releases of entities that ask for lines of them; what cannot be read is a warning."""
    from thesis.sources.releases.release import release_document, release_rows

    taken: list[ImportedRows] = []
    doubts: list[Problem] = []
    for path, entity, filing in fetched.releases:
        if not any(item.release and pack.owner(name) == entity for name, item in pack.concepts.items()):
            continue
        options = given._replace(filing=filing, entity=entity, lists=(), since=None)
        shown = f"{path.parent.name}/{path.name}"
        try:
            found = release_rows(path, shown, pack, options, today())
        except InvalidInput as flawed:
            hint = f"its text is on file: thesis documents text {filing.accession}"
            doubts += [each._replace(level="warning", hint=each.hint or hint) for each in flawed.problems]
            continue
        taken.append(found.contents)
        period = release_document(found, entity).period
        fetched.documents[path] = fetched.documents[path]._replace(period=period)
    return taken, doubts


def _steps(
    found: Sequence[AvailableReports], without: Sequence[str]
) -> Iterator[tuple[AvailableReports, ListedReport | None]]:
    """What is to be downloaded: companyfacts (none announces it) and filings, entity by entity."""
    for each in found:
        yield each, None
        for announced in (*each.new, *each.releases):
            if announced.filing.accession not in without:
                yield each, announced


def _progress(
    steps: Sequence[tuple[AvailableReports, ListedReport | None]],
) -> Iterator[tuple[AvailableReports, ListedReport | None]]:
    """The steps, with a bar on standard error where somebody looks at it."""
    import sys

    from thesis.cli.output import unguarded

    if not sys.stderr.isatty():
        yield from steps
        return
    with click.progressbar(steps, label="fetching", file=unguarded(sys.stderr), show_pos=True) as bar:
        yield from bar


def _take_over(
    fetched: FetchResult,
    pack: Pack,
    folder: Folder,
    given: ImportOptions,
    again: str,
    *,
    dry_run: bool,
    verbose: bool,
) -> None:
    """Plan all files at once, tell what they bring, and write it, as an import does."""
    from thesis.cli.facts_import import finish_import, print_import_report
    from thesis.sources.importing.plan import plan_import

    for name in fetched.without_facts:
        click.echo(f"{name}: EDGAR has no companyfacts of it", err=True)
    taken, doubts = _read_releases(fetched, pack, given)
    planned = plan_import(fetched.files, pack, folder, given, today(), taken)
    planned = planned._replace(
        documents=list(fetched.documents.items()), warnings=[*planned.warnings, *doubts]
    )
    for line in print_import_report(planned, verbose=verbose):
        click.echo(line)
    finish_import(planned, folder, dry_run=dry_run, again=again)
    if not dry_run and not planned.data:
        click.echo("nothing new")
