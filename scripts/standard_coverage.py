"""How far the standard line items reach on real filings: ``python -m scripts.standard_coverage [SHARED]``.

SHARED is the folder of gathered data, beside the repository where it is left out; without one there is
nothing to measure. Printed are, of the companies in ``universe/companyfacts``, how many state each item for
their newest fiscal year; and of the filings and companyfacts of which more is at hand, in how many periods
each identity holds, with each period in which it does not.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from thesis.core.interval import EVERYTHING, Interval, point
from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput
from thesis.facts.fact import LineItem
from thesis.language import nodes as n
from thesis.language.evaluate import Evaluator
from thesis.language.syntax import parse
from thesis.pack.folder import METRICS, Folder, collect_standard
from thesis.pack.schema.metrics import Identity, MetricsFile
from thesis.pack.standard import metrics_document
from thesis.pack.validate import validate
from thesis.sources.importing.mapping import TagMatch, TagQuery
from thesis.sources.read_file import read_facts
from thesis.sources.reported_fact import FilingReference, ReportedPeriod

SHARED = Path(__file__).resolve().parents[2] / "shared"
UNIVERSE = "universe/companyfacts"
WHOLE = (
    "data/raw/companyfacts_full/GOOGL_CIK0001652044.json",
    "data/raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml",
    "data/raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html",
    "data/raw/googl_10k_fy2023/0001652044-24-000022_primary-document.html",
)
INSTANCES = "ifrs/sec/instances"
CORE = ("revenue", "net_income", "operating_cash_flow", "assets", "shares_diluted")
YEAR_DAYS = range(340, 386)
ANY = Quarter.parse("2020Q1")


class Standard(NamedTuple):
    """The line items and identities of a set of definitions."""

    items: Mapping[str, LineItem]
    identities: Sequence[Identity]


class Misfit(NamedTuple):
    """A period of a filing in which an identity does not hold, and by how much."""

    source: str
    identity: str
    period: str
    apart: float


class IdentityCount(NamedTuple):
    """In how many periods an identity could be formed and held, and those in which it did not."""

    formed: Counter[str]
    misfits: list[Misfit]


def standard(uses: str) -> Standard:
    """A set of definitions as a pack has them."""
    texts = {METRICS: f"uses: {uses}\nentities: {{A: {{name: A}}}}\nconcepts: {{}}\nmetrics: {{}}\n"}
    collect_standard(texts, Path("nowhere"), "", [])
    document = metrics_document(Folder(Path("nowhere"), "", texts, {})).document
    found: MetricsFile = validate(document, MetricsFile)
    return Standard(found.concepts, found.identities)


def matches_of(path: Path, items: Mapping[str, LineItem]) -> list[TagMatch]:
    """What a file states of the items. Errors: ``InvalidInput``."""
    facts = read_facts(path, path.name)
    entities = Counter(fact.entity for fact in facts if fact.entity)
    filer = entities.most_common(1)[0][0] if entities else ""
    return TagQuery(items, dict.fromkeys(items, filer)).map(facts).matches


def stated_in_newest_year(found: Sequence[TagMatch], items: Mapping[str, LineItem]) -> set[str]:
    """The items that a company states for its newest fiscal year: over it, or at its end."""
    years = [m.fact.period for m in found if m.fact.period.days in YEAR_DAYS and m.fact.period.end]
    if not years:
        return set()
    newest = max(year.end for year in years if year.end)
    return {
        m.concept
        for m in found
        if m.fact.period.end == newest
        and (
            m.fact.period.is_instant if items[m.concept].kind == "stock" else m.fact.period.days in YEAR_DAYS
        )
    }


def count_identities(source: str, found: Sequence[TagMatch], of: Standard) -> IdentityCount:
    """Each identity in each period of each filing in which all that it is made of is stated, or assumed."""
    formed: Counter[str] = Counter()
    misfits: list[Misfit] = []
    by_filing: dict[FilingReference, dict[tuple[str, ReportedPeriod], Interval]] = {}
    for match in found:
        value = point(float((match.lo + match.hi) / 2))
        by_filing.setdefault(match.fact.filing, {})[match.concept, match.fact.period] = value
    for filing, values in by_filing.items():
        for identity, period in _formable(values, of):
            stated = {name: value for (name, at), value in values.items() if at == period}
            left, right = (_value(side, stated, of.items) for side in (identity.left, identity.right))
            if not (left.is_point and right.is_point):
                continue
            formed[identity.id] += 1
            apart = abs(left.lo - right.lo)
            if apart > identity.within:
                named = f"{source} {filing.form} {filing.accession}".strip()
                misfits.append(Misfit(named, identity.id, str(period), apart))
    return IdentityCount(formed, misfits)


def _formable(
    values: Mapping[tuple[str, ReportedPeriod], Interval], of: Standard
) -> Iterator[tuple[Identity, ReportedPeriod]]:
    periods = sorted({period for _, period in values}, key=str)
    for identity in of.identities:
        nodes = [node for side in (identity.left, identity.right) for node in parse(side).walk()]
        names = [node.name for node in nodes if isinstance(node, n.Name)]
        yield from (
            (identity, period) for period in periods if any((name, period) in values for name in names)
        )


def _value(side: str, stated: Mapping[str, Interval], items: Mapping[str, LineItem]) -> Interval:
    def look(name: str, _: Quarter) -> Interval:
        item = items[name]
        is_assumed = (
            item.assume and item.assume_beside in stated and not set(item.assume_unless) & stated.keys()
        )
        return stated.get(name, point(float(item.assume)) if is_assumed else EVERYTHING)

    return Evaluator(look, {}).ask(parse(side), ANY)


def coverage(shared: Path) -> dict[str, set[str]]:
    """Of each company, which items it states for its newest fiscal year."""
    items = standard("standard/us-gaap").items
    return {
        path.stem: stated_in_newest_year(matches_of(path, items), items)
        for path in sorted((shared / UNIVERSE).glob("*.json"))
    }


def identities(shared: Path) -> IdentityCount:
    """The identities on all filings and companyfacts of which more than a few tags are at hand."""
    formed: Counter[str] = Counter()
    misfits: list[Misfit] = []
    of = standard("standard/us-gaap")
    for path in [*(shared / name for name in WHOLE), *sorted((shared / INSTANCES).glob("*.*"))]:
        try:
            found = count_identities(path.name, matches_of(path, of.items), of)
        except InvalidInput as unread:
            print(f"{path.name} is not read: {unread.problems[0].message}")
            continue
        formed += found.formed
        misfits += found.misfits
    return IdentityCount(formed, misfits)


def main() -> int:
    """Print both tables."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    if not (shared / UNIVERSE).is_dir():
        print(f"nothing to measure: there is no folder {shared / UNIVERSE}")
        return 0
    companies = coverage(shared)
    print(f"{len(companies)} companies, newest fiscal year:")
    counts = Counter(name for stated in companies.values() for name in stated)
    for name in standard("standard/us-gaap").items:
        without = [ticker for ticker, stated in companies.items() if name not in stated]
        told = f"  without: {' '.join(without)}" if name in CORE and without else ""
        if counts[name]:
            print(f"  {name:<34}{counts[name]:>3}{told}")
    told = ", ".join(name for name in standard("standard/us-gaap").items if not counts[name])
    print(f"  in none of them: {told}")
    found = identities(shared)
    print("\nidentities, periods in which each could be formed, and held:")
    broken = Counter(each.identity for each in found.misfits)
    for name, times in sorted(found.formed.items()):
        print(f"  {name:<26}{times:>6}{times - broken[name]:>6}  {100 * (1 - broken[name] / times):.1f}%")
    for each in found.misfits:
        print(f"    {each.identity} in {each.period} of {each.source}: {each.apart:,.0f} apart")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
