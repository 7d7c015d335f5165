"""Heading: what is looked at, from which day, on which assumptions; or what is missing to look at it."""

from __future__ import annotations

from collections.abc import Mapping

from thesis import words
from thesis.case import Evidence
from thesis.deciding import deciding
from thesis.interval import Interval, point
from thesis.layout import Line, apart
from thesis.supposing import assumed, believed
from thesis.worksheet.layout import Blocks, beside, between, pairs, paragraph, section
from thesis.worksheet.sheet import Sheet, percent

FRESH = "fresh"


def head(sheet: Sheet, supposed: Mapping[str, Interval | float]) -> Blocks:
    """Title, day, figures, what is supposed, price, target; and the belief that decides."""
    case, a = sheet.case, sheet.a
    thesis = case.pack.thesis
    blocks = between(f"{thesis.id}  {thesis.title}", f"as of {case.as_of}")
    blocks += [
        Line(f"figures to {case.quarter}, filed {case.filed}; {_freshness(sheet)}"),
        Line(f"assumptions written {a.written}{_hindsight(sheet)}"),
    ]
    if supposed:
        told = "; ".join(f"{name} = {value}" for name, value in _supposed(sheet, supposed).items())
        blocks += paragraph(f"what if: {told} (nothing is written)", "")
    return list(apart([blocks, _line(sheet, supposed), paragraph(deciding(a))]))


def _freshness(sheet: Sheet) -> str:
    case = sheet.case
    found = case.freshness(case.pack.thesis.quarter, case.quarter)
    if found.due is None or case.as_of <= found.due:
        return f"fresh until {found.due}"
    return f"STALE: {case.quarter + 1} was due by {found.due}"


def _hindsight(sheet: Sheet) -> str:
    return ": hindsight, seen from an earlier day" if sheet.case.as_of < sheet.a.written else ""


def _supposed(sheet: Sheet, supposed: Mapping[str, Interval | float]) -> dict[str, str]:
    figures = {name: value for name, value in supposed.items() if isinstance(value, Interval)}
    changed = {name: value for name, value in supposed.items() if not isinstance(value, Interval)}
    return {**assumed(sheet.case.pack, figures), **believed(sheet.a.valuation, changed, sheet.unit)}


def _line(sheet: Sheet, supposed: Mapping[str, Interval | float]) -> Blocks:
    a, price = sheet.a, sheet.a.start.price
    told = [
        f"price {sheet.price(price.value)} ({_priced(sheet, supposed)})",
        f"market value {sheet.told(a.start.market_cap.value)}",
        f"target {sheet.told(a.target)} by {a.by}",
    ]
    if a.start.market_cap.value.lo > 0:
        upside = point(a.target) / a.start.market_cap.value - point(1.0)
        told.append(f"upside {percent(upside, signed=True)}")
    return beside(told)


def _priced(sheet: Sheet, supposed: Mapping[str, Interval | float]) -> str:
    price, case = sheet.a.start.price, sheet.case
    if price.name in supposed or price.status == "assumed":
        return "what if"
    if not price.facts:
        return "not known"
    stale = case.freshness(case.pack.thesis.price, case.quarter).status != FRESH
    return f"{price.period}{', stale' if stale else ''}"


def missing(sheet: Sheet) -> Blocks:
    """The figures without which nothing can be reckoned, and where they would come from."""
    rows = [(each.label, _why(each)) for each in dict.fromkeys(_each(sheet.a.missing))]
    remedy = (
        "Add them to the pack's facts (`thesis facts import FILE`, `thesis facts fetch`), or suppose them: "
        "`--set NAME=VALUE`."
    )
    return section("missing", "nothing can be reckoned without", pairs(rows), paragraph(remedy))


def _each(found: tuple[Evidence, ...]) -> list[Evidence]:
    return list({(each.label, each.period): each for each in found}.values())


def _why(each: Evidence) -> str:
    """Of each figure below that is not known: its name, its quarter and the reason."""
    unknown = each.unknowns()
    if not unknown and each.value.is_anything:
        return each.reason or "there is no value for it"
    if not unknown:
        return f"known from one side only: {words.value(each.value, each.show, each.unit)}"
    listed: dict[tuple[str, str], list[str]] = {}
    for below in unknown:
        why = ", ".join(part for part in (below.status, below.reason) if part)
        named = below.name if below.label == each.label else f"{below.name} ({below.label})"
        listed.setdefault((named, why), []).append(below.period)
    return "; ".join(
        f"{named} of {words.joined(sorted(periods))}: {why}" for (named, why), periods in listed.items()
    )
