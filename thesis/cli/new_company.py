"""The draft of a thesis on a company, from its facts: what ``thesis new --facts`` and ``--ticker`` make."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from thesis.core.interval import total
from thesis.core.problem import FileProblems, InvalidInput, Problem, did_you_mean, render_problems
from thesis.files.disk import bundled_folder, read_bytes, read_text

if TYPE_CHECKING:
    from thesis.sources.company_profile import CompanyProfile
    from thesis.sources.edgar.fetch import Fetcher
    from thesis.sources.importing.plan import ImportPlan
    from thesis.workspace.draft_pack import DraftMetric, DraftOutline

ENTITY = re.compile(r"[A-Za-z][A-Za-z0-9.-]{0,19}")  # what an entity may be called
YEARS_ON = 7  # from today to the target's day, where the user names none
MULTIPLE = 40  # of net income, for a target where the user names none: twice a multiple of twenty
QUARTERS = 20  # of a metric's history beside its edges


class CompanyFile(NamedTuple):
    """A file of companyfacts with the name to show, and what is known of the company beside it."""

    path: Path
    shown: str
    name: str = ""
    ticker: str = ""
    industry: str = ""


class CompanyChoices(NamedTuple):
    """What the user says of the thesis; empty where nothing was said."""

    entity: str
    name: str
    title: str
    id: str
    target: float | None
    by: date | None
    sector: str


class DraftedPack(NamedTuple):
    """The files of a draft, what it is about, and what its import has to tell."""

    files: Mapping[str, bytes]
    outline: DraftOutline
    profile: CompanyProfile
    planned: ImportPlan
    rules: int


def _json(path: Path, shown: str) -> Any:
    """The value in a file of JSON. Errors: ``InvalidInput`` where it is none."""
    from thesis.sources.edgar.fetch import MOST_BYTES
    from thesis.sources.strict_json import read_json

    return read_json(read_bytes(path, shown, MOST_BYTES), FileProblems(shown))


def company_of(path: Path, shown: str) -> CompanyFile:
    """A file of companyfacts that the user has. Errors: ``InvalidInput`` where it is none."""
    value = _json(path, shown)
    if not isinstance(value, dict) or "facts" not in value:
        message = f"`{shown}` is no companyfacts file of the SEC"
        hint = "download https://data.sec.gov/api/xbrl/companyfacts/CIK##########.json, or name a --ticker"
        raise InvalidInput([Problem("unknown-filer", message, hint=hint)])
    return CompanyFile(path, shown, str(value.get("entityName") or ""), _as_entity(value.get("ticker")))


def _as_entity(ticker: object) -> str:
    """A ticker that a file states, where an entity may be called so; else nothing.

    >>> _as_entity("BRK-B"), _as_entity("../BRK"), _as_entity(None)
    ('BRK-B', '', '')
    """
    return ticker if isinstance(ticker, str) and ENTITY.fullmatch(ticker) else ""


def company_on_edgar(ticker: str, cik: str, fetcher: Fetcher) -> CompanyFile:
    """A company's facts, name and industry from EDGAR, found by its ticker or its CIK.

    Errors: ``InvalidInput`` where there is no such company, or several, or it has no facts.
    """
    cik = cik or _cik_of(ticker, fetcher)
    listing = fetcher.listing(cik)
    path = fetcher.companyfacts(cik) if listing else None
    if listing is None or path is None:
        what = "has no companyfacts of" if listing else "knows no company with"
        hint = "a fund, or a company that is new or files on paper, has none: start a skeleton with --entity"
        raise InvalidInput([Problem("unknown-filer", f"EDGAR {what} the CIK {cik}", hint=hint)])
    about = _json(listing, f"submissions/{listing.name}")
    tickers = about.get("tickers")
    listed = [_as_entity(each) for each in tickers] if isinstance(tickers, list) else []
    ticker = ticker.upper() or next(filter(None, listed), "")
    known = company_of(path, f"companyfacts/{path.name}")
    name, industry = str(about.get("name") or known.name), str(about.get("sic") or "")
    return known._replace(name=name, ticker=ticker, industry=industry)


def _cik_of(ticker: str, fetcher: Fetcher) -> str:
    """The CIK that a ticker stands for in the SEC's list. Errors: ``InvalidInput`` for none, or several."""
    path = fetcher.tickers()
    listed = _json(path, path.name) if path else {}
    found: dict[str, dict[str, str]] = {}
    for row in listed.values() if isinstance(listed, dict) else ():
        if isinstance(row, dict) and {"ticker", "cik_str", "title"} <= row.keys():
            key = _as_ticker(str(row["ticker"]))
            found.setdefault(key, {})[str(row["cik_str"]).lstrip("0")] = str(row["title"])
    companies = found.get(_as_ticker(ticker), {})
    if len(companies) == 1:
        return next(iter(companies))
    if companies:
        told = "; ".join(f"--cik {cik} is {title}" for cik, title in companies.items())
        message = f"the SEC lists {len(companies)} companies with the ticker `{ticker}`"
        raise InvalidInput([Problem("unknown-filer", message, hint=f"name one of them: {told}")])
    hint = did_you_mean(_as_ticker(ticker), found) or "look its number up, and name it with --cik"
    message = f"the SEC lists no company with the ticker `{ticker}`"
    raise InvalidInput([Problem("unknown-filer", message, hint=hint)])


def _as_ticker(text: str) -> str:
    """A ticker as it is compared: BRK.B and brk-b are one."""
    return text.upper().replace(".", "-")


def draft(company: CompanyFile, said: CompanyChoices, fallback: str, today: date) -> DraftedPack:
    """A draft about a company, whole in memory. Errors: ``InvalidInput`` with the reason why there is none.

    ``fallback`` is what to call the entity where neither the user nor the file says so.
    """
    from thesis.sources.company_profile import company_profile
    from thesis.sources.read_file import read_document
    from thesis.workspace.draft_pack import DraftOutline, draft_files, draft_metrics_file, drafted_rules
    from thesis.workspace.scaffold import id_for, title_for

    facts = read_document(company.path, company.shown)
    profile = company_profile(facts, company.shown, company.industry, said.sector)
    entity = said.entity or company.ticker or fallback
    name = said.name or _as_name(company.name) or entity
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        by = said.by or date(today.year + YEARS_ON, 12, 31)
        outline = DraftOutline(
            said.id, said.title, entity, name, profile.cik, profile.uses, profile.currency, profile.year_ends,
            said.target or 0.0, by, today,
        )  # fmt: skip
        planned, known = _imported(folder, company, outline, today)
        target = said.target or _target(known)
        outline = outline._replace(
            target=target,
            id=said.id or id_for(entity, target),
            title=said.title or title_for(name, target, by),
        )
        is_of_diluted = "shares_outstanding" not in known
        texts = {
            "metrics.yaml": draft_metrics_file(outline, is_of_diluted_shares=is_of_diluted),
            **draft_files(outline, known, _verdict()),
        }
        conditions, risks, criteria = drafted_rules(known, outline.uses)
        if len(conditions) < 2:
            message = f"`{company.shown}` gives too little for a draft: {len(conditions)} standard conditions"
            hint = "start a skeleton with --entity, and choose line items with `thesis facts tags`"
            raise InvalidInput([Problem("no-figures", message, hint=hint)])
        data = {f"facts/{entity}.csv": next(iter(planned.data.values()))}
    files = {**{name: text.encode() for name, text in texts.items()}, **data}
    return DraftedPack(files, outline, profile, planned, len(conditions) + len(risks) + len(criteria))


def _as_name(filed: str) -> str:
    """The name of a company as people write it, from the one that it files under: NVIDIA CORP /DE/.

    >>> _as_name("COSTCO WHOLESALE CORP /NEW"), _as_name("Alphabet Inc.")
    ('Costco Wholesale Corp', 'Alphabet Inc.')
    """
    name = " ".join(filed.partition(" /")[0].split())
    return name.title() if name.isupper() else name


def _imported(
    folder: Path, company: CompanyFile, outline: DraftOutline, today: date
) -> tuple[ImportPlan, dict[str, DraftMetric]]:
    """What an import of the file brings, and the history of the metrics that a draft may look at."""
    from thesis.case.case import Case, NothingKnown
    from thesis.facts.fact import COLUMNS, OPTIONAL
    from thesis.pack.folder import read_folder
    from thesis.pack.load import build
    from thesis.sources.importing.plan import plan_import
    from thesis.sources.importing.to_rows import ImportOptions
    from thesis.workspace.draft_pack import METRICS, DraftMetric, draft_metrics_file

    (folder / "facts").mkdir()
    (folder / "metrics.yaml").write_text(draft_metrics_file(outline, is_of_diluted_shares=False), "utf-8")
    head = (
        f"id: draft\ntitle: Draft\nentity: {outline.entity}\nquarter: revenue\nprice: price\nconditions: []\n"
    )
    (folder / "thesis.yaml").write_text(head + _verdict(), "utf-8")
    facts = folder / "facts" / f"{outline.entity}.csv"
    facts.write_text(",".join((*COLUMNS, *OPTIONAL)) + "\n", "utf-8")
    opened = read_folder(folder, "")
    planned = plan_import([(company.path, company.shown)], build(opened)[0], opened, ImportOptions(), today)
    if not planned.data:
        told = planned.problems or [
            Problem("no-figures", f"`{company.shown}` holds nothing that was asked for")
        ]
        raise InvalidInput(list(told), planned.sources)
    facts.write_bytes(next(iter(planned.data.values())))
    pack = build(read_folder(folder, ""))[0]
    case = Case(pack, today)
    try:
        newest = case.quarter
    except NothingKnown:
        message = f"`{company.shown}` gives no quarter of revenue"
        raise InvalidInput(
            [Problem("no-figures", message, hint="rules are scored by quarters of revenue")]
        ) from None
    known = {}
    for name in (*METRICS, "shares_outstanding"):
        if name not in pack.metrics and name not in pack.concepts:
            continue
        read = [case.value(name, newest - back) for back in range(QUARTERS)]
        values = tuple(value.lo for value in reversed(read) if value.is_point)
        if any(value.is_point for value in read[:4]):  # the newest may lack a quarter that did not follow
            known[name] = DraftMetric(str(newest), values)
    for name in ("revenue", "net_income"):
        quarters = [case.value(name, newest - back) for back in range(4)]
        stated = [value.lo for value in quarters if value.is_point]
        if stated:
            known[name] = DraftMetric(str(newest), (4 * total(stated) / len(stated),))
    return planned, known


def _target(known: Mapping[str, DraftMetric]) -> float:
    """A market value to begin with: of two digits, from the profit of four quarters, else from revenue."""
    profit = known["net_income"].values[0] if "net_income" in known else 0.0
    revenue = known["revenue"].values[0] if "revenue" in known else 0.0
    return float(f"{max(MULTIPLE * profit, 4 * revenue, 1e6):.2g}")


def _verdict() -> str:
    """The keys `review` and `verdict` of every new thesis."""
    name = "templates/pack/thesis.yaml.j2"
    text = read_text(bundled_folder("templates") / "pack" / "thesis.yaml.j2", name)
    return text[text.index("# A review is signed with") :]


def tell(drafted: DraftedPack, shown: str) -> None:
    """What was made, what was found, what the author has to look at, and what comes next."""
    outline, profile, planned = drafted.outline, drafted.profile, drafted.planned
    click.echo(f"made {shown}: a draft of {outline.id} with {drafted.rules} rules, on {outline.uses}")
    rows = len(planned.changes)
    click.echo(f"  {outline.name}, CIK {outline.cik}, {outline.currency}, year ends in {outline.year_ends}")
    click.echo(f"  {rows:,} figures")
    missing = [
        name for file in planned.files for each in file.missing for name in each.names if each.filing is None
    ]
    if missing:
        click.echo(f"  not in the file: {', '.join(dict.fromkeys(missing))}")
    if profile.doubt:
        click.echo(f"  look at `uses`: {profile.doubt}", err=True)
    if planned.problems or planned.warnings:
        click.echo(render_problems([*planned.problems, *planned.warnings], planned.sources), err=True)
    click.echo(f"  thesis memo {shown}                 what the draft says")
    click.echo(
        f"  thesis facts import CLOSES.csv --entity {outline.entity} --source ... -p {shown}    the price"
    )
    click.echo("  Decide each rule and take it off `drafts` in thesis.yaml: a draft cannot be signed.")
