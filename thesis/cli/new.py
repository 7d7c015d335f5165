"""``thesis new``."""

from __future__ import annotations

import os
import re
import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from thesis.cli.context import cache, today
from thesis.cli.extras import require_modules
from thesis.cli.new_company import ENTITY
from thesis.cli.typed_arguments import NumberArgument
from thesis.core.period import parse_day
from thesis.core.problem import InvalidInput
from thesis.pack.folder import THESIS
from thesis.workspace.find_pack import find_pack
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.cli.new_company import CompanyChoices
    from thesis.workspace.scaffold import Files

LEAST, MOST = 1e6, 1e18  # dollars: what is less or more is a slip of the keyboard
_ID = re.compile(r"(?!null$)[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_CIK = re.compile(r"0{0,9}([1-9]\d{0,9})")
LONGEST = 200  # characters of a name or a title


TARGET = NumberArgument(
    "dollars", lambda x: LEAST <= x <= MOST, "a market value in dollars like 6e12 or 6T", "USD"
)


class TargetDayArgument(click.ParamType[date]):
    """A day to come; a year is its last day."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        text = str(value)
        try:
            day = parse_day(f"{text}-12-31" if re.fullmatch(r"[0-9]{4}", text) else text)
        except ValueError:
            self.fail(f"expected a year or a date like 2030 or 2030-06-30, found `{text}`", param, ctx)
        if day <= today():
            self.fail(f"expected a day to come, found `{text}` (today is {today()})", param, ctx)
        return day


class IdArgument(click.ParamType[str]):
    """A text of a form; ``wanted`` says which."""

    name = "text"

    def __init__(self, form: re.Pattern[str], wanted: str) -> None:
        self.form = form
        self.wanted = wanted

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        found = self.form.fullmatch(value)
        if found is None or not value.isascii():
            self.fail(f"expected {self.wanted}, found `{value}`", param, ctx)
        return str(found[1] if found.re.groups else value)


class LineArgument(click.ParamType[str]):
    """A text for people, on one line."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value.strip() or not value.isprintable() or len(value) > LONGEST:
            self.fail(f"expected one line of at most {LONGEST} characters", param, ctx)
        return value.strip()


@click.command(
    "new",
    epilog="\b\nExamples:\n"
    "  thesis new mine --from amzn-4t\n"
    "  thesis new nvda --ticker NVDA\n"
    "  thesis new nvda --facts CIK0001045810.json\n"
    "  thesis new nvda --entity NVDA --target 6T --by 2030 --name NVIDIA --cik 1045810\n\n"
    "A copy takes the pack's own files as they are, under an id of its own: rules, judgements, overrides, "
    "forecasts, valuation, trials and facts, and no reviews. From the SEC's companyfacts of a company a "
    "draft is made: its figures, standard rules with its history beside their edges, trials, a valuation. "
    "What you have not decided is listed as a draft, which cannot be signed. A skeleton has everything but "
    "what only you can supply; `thesis lint` lists that, each with a remedy.\n\n"
    "Exit codes: 0 made, or there already and the same; 2 wrong usage; 3 something else is in the folder, or "
    "it cannot be made, and then nothing has changed.",
)
@click.argument("folder", metavar="DIR")
@click.option("--from", "source", metavar="NAME|FOLDER", help="Copy this pack.")
@click.option(
    "--ticker",
    type=IdArgument(ENTITY, "a ticker: letters, digits, dots and hyphens, a letter first"),
    metavar="TICKER",
    help="Draft a thesis on this company, from what EDGAR has of it.",
)
@click.option("--facts", metavar="FILE", help="Draft one from this companyfacts file, without a network.")
@click.option(
    "--base-url",
    envvar="SEC_BASE_URL",
    metavar="URL",
    help="A mirror to ask instead of data.sec.gov and www.sec.gov, or SEC_BASE_URL.",
)
@click.option(
    "--sector",
    type=click.Choice(["company", "bank", "insurer", "reit"]),
    help="Of a draft: which line items fit. Default: as the company's tags say.",
)
@click.option(
    "--entity",
    type=IdArgument(ENTITY, "a ticker or a short name: letters, digits, dots and hyphens, a letter first"),
    metavar="TICKER",
    help="Begin a skeleton about this company.",
)
@click.option("--target", type=TARGET, metavar="DOLLARS", help="Its market value to come: 6e12 or 6T.")
@click.option(
    "--by", type=TargetDayArgument(), metavar="YEAR|DATE", help="The day by which; of a year, its last."
)
@click.option("--name", type=LineArgument(), metavar="TEXT", help="The company's name. Default: the ticker.")
@click.option(
    "--cik",
    type=IdArgument(_CIK, "a number of up to ten digits"),
    metavar="NUMBER",
    help="Its number at the SEC; alone, a draft on it is made as with --ticker.",
)
@click.option(
    "--year-ends",
    type=click.Choice(["Q1", "Q2", "Q3", "Q4"]),
    help="The quarter that its fiscal year ends in, or nearest to. Default: Q4.",
)
@click.option("--title", type=LineArgument(), metavar="TEXT", help="The question that the thesis asks.")
@click.option(
    "--id",
    "new_id",
    type=IdArgument(_ID, "letters, digits, dots, - and _"),
    metavar="ID",
    help="The pack's id. Default: of a copy the folder's name, else made of ticker and target.",
)
def command(
    folder: str,
    source: str | None,
    facts: str | None,
    ticker: str | None,
    base_url: str | None,
    sector: str | None,
    entity: str | None,
    target: float | None,
    by: date | None,
    name: str | None,
    cik: str | None,
    year_ends: str | None,
    title: str | None,
    new_id: str | None,
) -> None:
    """Start a pack of your own: a copy of one, a draft on a company, or a skeleton to fill in."""
    _check_folder(folder)
    is_skeleton = source is not None or (entity is not None and target is not None and by is not None)
    if facts is not None or ticker is not None or (cik is not None and not is_skeleton):
        named = [facts is not None, ticker is not None, cik is not None]
        if source is not None or year_ends is not None or sum(named) > 1:
            raise click.UsageError(
                "a draft is of one --facts, --ticker or --cik: leave out the other options"
            )
        from thesis.cli.new_company import CompanyChoices

        said = CompanyChoices(entity or "", name or "", title or "", new_id or "", target, by, sector or "")
        _draft(folder, facts or "", ticker or "", cik or "", base_url, said)
        return
    if sector is not None:
        raise click.UsageError("--sector is of a draft: name a company with --ticker, --cik or --facts")
    if source is not None:
        given = {"--entity": entity, "--target": target, "--by": by, "--name": name, "--cik": cik}
        _refuse("a copy, which has its own", {**given, "--year-ends": year_ends, "--title": title})
        _copy(folder, source, new_id or "")
        return
    if entity is None or target is None or by is None:
        asked = {"--entity": entity, "--target": target, "--by": by}
        missing = " and ".join(option for option, value in asked.items() if value is None)
        raise click.UsageError(f"a skeleton needs {missing}; or copy a pack with --from NAME")
    from thesis.workspace.scaffold import PackOutline, id_for, pack_skeleton, place_folder, title_for

    called = name or entity
    outline = PackOutline(
        id=new_id or id_for(entity, target),
        title=title or title_for(called, target, by),
        entity=entity,
        name=called,
        cik=cik or "",
        target=target,
        by=by,
        year_ends=year_ends or "Q4",
    )
    if not place_folder(pack_skeleton(outline, today()), Path(folder), folder):
        click.echo(f"{folder} is there already, and is just this skeleton: nothing to do")
        return
    there = shlex.quote(folder)
    click.echo(f"made {folder}: the skeleton of {outline.id}, to be filled in")
    click.echo(f"  thesis lint {there}                what it still needs from you")
    click.echo(f"  thesis facts fetch -p {there}      its figures from EDGAR, or out of files:")
    click.echo(f"  thesis facts import FILE... -p {there}")


def _draft(
    folder: str, facts: str, ticker: str, cik: str, base_url: str | None, said: CompanyChoices
) -> None:
    """Make the draft of a thesis on a company, whole or not at all."""
    from contextlib import ExitStack

    from thesis.cli.new_company import company_of, company_on_edgar, draft, tell
    from thesis.workspace.scaffold import place_folder, placed_files

    with ExitStack() as stack:
        if facts:
            company = company_of(Path(facts), facts)
        else:
            from thesis.cli.facts_fetch import NEEDED, edgar_agent, edgar_fetcher, edgar_hosts

            require_modules("fetching", "fetch", *NEEDED)
            fetcher = edgar_fetcher(edgar_hosts(base_url), edgar_agent(), stack)
            company = company_on_edgar(ticker, cik, fetcher)
        called = os.path.basename(os.path.realpath(folder)).upper()
        if not (said.entity or ENTITY.fullmatch(company.ticker) or ENTITY.fullmatch(called)):
            raise click.UsageError("name the company with --entity, as its ticker")
        drafted = draft(company, said, called, today())
    if not place_folder(placed_files(drafted.files), Path(folder), folder):
        click.echo(f"{folder} is there already, and is just this draft: nothing to do")
        return
    tell(drafted, shlex.quote(folder))


def _refuse(of: str, given: dict[str, object]) -> None:
    """Errors: usage, for options that have no meaning here."""
    found = [option for option, value in given.items() if value is not None]
    if found:
        raise click.UsageError(f"{' and '.join(found)} cannot be set of {of}: leave out --from, or edit it")


def _check_folder(folder: str) -> None:
    """Errors: usage, for a folder that cannot be put in place of another."""
    try:
        is_here = os.path.samefile(folder, Path.cwd())
    except (OSError, ValueError):
        is_here = False
    if is_here:
        raise click.UsageError("expected a folder to be made, found the one you stand in: name another")
    if not folder.strip() or "\0" in folder:
        raise click.UsageError("expected the name of a folder to be made, found nothing")


def _copy(folder: str, source: str, new_id: str) -> None:
    from thesis.workspace.scaffold import copy_pack, place_folder

    path, shown = find_pack(source, Path.cwd())
    name = os.path.basename(os.path.realpath(folder))
    is_id = _ID.fullmatch(name) and name.isascii()
    found = copy_pack(path, shown, new_id, name if is_id else "")
    if not place_folder(found.files, Path(folder), folder):
        click.echo(f"{folder} is there already, and is just this copy: nothing to do")
        return
    wrong = _problems(Path(folder), folder)
    there = shlex.quote(folder)
    told = f", with the id {found.id}" if found.id else ""
    click.echo(f"made {folder}: {_counted(found.files)} of {shown}{told}")
    if not (found.id or is_id):
        click.echo(f"it keeps its id: `{name}` cannot be one; write another into {THESIS}", err=True)
    if found.left_out:
        click.echo(f"left out {', '.join(found.left_out)}: a pack reads its own files only", err=True)
    if wrong:
        told = f"{wrong} problem{'s' * (wrong > 1)}"
        click.echo(f"it was copied as it is, and is not in order: {told}", err=True)
    click.echo(f"  thesis lint {there}      after each change: what is wrong, where, and what to do")


def _counted(files: Files) -> str:
    """How many files were copied, without the schemas that were added for editors."""
    number = sum(not name.startswith(".") for name in files)
    return f"a copy of the {number} files" if number != 1 else "a copy of the one file"


def _problems(path: Path, shown: str) -> int:
    """How many problems a pack has, which came with the copy."""
    from thesis.pack.folder import read_folder

    try:
        open_pack(read_folder(path, shown), today(), cache())
    except InvalidInput as flawed:
        return len(flawed.problems)
    return 0
