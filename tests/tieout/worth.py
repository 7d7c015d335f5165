"""Worth: what a memo must say of the second axis, worked out from the appraisal alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.tieout import spelling as sp
from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.appraisal.price_paths import PriceChange
from thesis.narrative.key_assumption_text import driver_name
from thesis.narrative.valuation_text import bridge_rows

Row = Mapping[str, str]


def believed(v: Appraisal, lever: AssumptionSwing, value: float | None) -> str:
    if lever.show == "multiple":
        return "" if value is None else f"{sp.rounded(value, 1)}x"
    return sp.brief(value, lever.show, _unit(v) if lever.show == "billions" else "ratio")


def _unit(v: Appraisal) -> str:
    return v.start.market_cap.unit


def told_apart(v: Appraisal, lever: AssumptionSwing) -> str:
    """Where a lever gives the target, with a digit more where it would look like an end of its range."""
    if lever.breakeven is None:
        return ""
    told = believed(v, lever, lever.breakeven)
    if lever.show == "percent" and told in (believed(v, lever, lever.low), believed(v, lever, lever.high)):
        return f"{sp.signed(lever.breakeven * 100, 2)}%"
    return told


def alone(v: Appraisal, lever: AssumptionSwing) -> str:
    if lever.breakeven is None:
        return "none"
    return told_apart(v, lever) if lever.inside else f"{told_apart(v, lever)}, outside"


def levers(v: Appraisal) -> dict[str, Row]:
    return {
        driver_name(v, lever.name).lower(): {
            "low": believed(v, lever, lever.low),
            "middle": believed(v, lever, lever.central),
            "high": believed(v, lever, lever.high),
            "market value, low to high": f"{sp.spelt(lever.at_low, 'billions', 'USD')} to "
            f"{sp.spelt(lever.at_high, 'billions', 'USD')}",
            "gives the target at": alone(v, lever),
            "companies that managed it": next(
                (
                    f"{sp.brief(m.share, 'percent')}{', of larger ones' if m.fits is False else ''}"
                    for o in v.outside
                    for m in o.managed
                    if m.driver == lever.name
                ),
                "",
            ),
        }
        for lever in v.levers
    }


def bridged(v: Appraisal) -> dict[str, Row]:
    """From here to the target; which lines there are is the program's, what they say is derived again."""
    start, needs = v.start, v.needs
    if needs is None:
        return {}

    def money(value: Any) -> str:
        return sp.brief(value, "billions", _unit(v))

    at = next((date for date in needs.dates if date.day == v.by), None)
    pace = f", {sp.brief(at.cap_cagr, 'percent')} a year" if at else ""
    rows: dict[str, Row] = {
        "Market value": {
            "today": money(start.market_cap.value), "at the target": money(v.target),
            "what it takes": f"{sp.brief(needs.upside, 'percent', plus=True)}{pace}",
        },
        "= operating EV": {"today": money(needs.enterprise), "at the target": money(needs.enterprise_then)},
        "Operating income, four quarters": {"today": money(start.ebit.value)},
    }  # fmt: skip
    if at and v.valuation.needs:
        rows["Share price"] = {
            "today": sp.brief(start.price.value, "usd", start.price.unit),
            "at the target": sp.brief(at.price, "usd", start.price.unit),
            "what it takes": f"{sp.brief(at.price_cagr, 'percent')} a year, with "
            f"{v.valuation.needs.share_drift} more shares each year",
        }
    for each in start.claims:
        sign = "+" if each.claim.kind == "owed" else "-"
        tax = f" after {each.claim.tax} tax" if each.claim.tax else ""
        tax += " on the gain" if each.claim.cost else ""
        rows[f"{sign} {each.claim.name}{tax}"] = {"today": money(each.after_tax), "at the target": "the same"}
    horizons = needs.horizons
    i = horizons.index(v.horizon) if v.horizon in horizons else len(horizons) - 1
    for row in needs.multiples:
        said = {
            "at the target": money(row.ebit),
            "what it takes": f"{sp.brief(row.times, 'multiple')} today's, "
            f"{sp.brief(row.cagr[i], 'percent')} a year over {horizons[i]:g} years",
        }
        told = sp.brief(row.multiple, "multiple")
        for whose in ("today's", "the pack's own"):
            rows[f"What is asked at {whose} operating EV/EBIT of {told}"] = said
    return {row.label: rows[row.label] for row in bridge_rows(v)}


def parted(v: Appraisal) -> dict[str, Row]:
    """How the price came about, and would go on."""

    def row(found: PriceChange) -> Row:
        multiple = sp.spelt(found.multiple, "percent", plus=True)
        if not found.multiple.is_anything:
            way = (sp.spelt(end, "multiple") for end in (found.multiple_from, found.multiple_to))
            multiple += f" ({' to '.join(way)})"
        return {
            "price": sp.spelt(found.price, "percent", plus=True),
            "operating income": sp.spelt(found.ebit, "percent", plus=True),
            "market value/EBIT": multiple,
            "shares": sp.spelt(found.shares, "percent", plus=True),
        }

    ahead = {f"{view.scenario.name}, to {v.by}": row(view.attribution) for view in v.scenarios}
    return {**{s.since: row(s) for s in v.since}, **ahead}


def scenarios(v: Appraisal) -> dict[str, Row]:
    def seen(view: Any) -> str:
        holding = sum(answer.lo == 1 for answer in view.signposts)
        unclear = sum(answer.lo != answer.hi for answer in view.signposts)
        truth = view.claimed
        said = "cannot be told" if truth.lo != truth.hi else "yes" if truth.lo else "no"
        maybe = f" and {unclear} unknown" if unclear else ""
        asked = view.scenario.at_least
        return f"{said}: {holding}{maybe} of {len(view.signposts)} signposts, {asked} needed"

    return {
        view.scenario.name: {
            "operating income": f"{sp.spelt(view.ebit, 'billions', 'USD')} "
            f"({sp.spelt(view.ebit_cagr, 'percent')} a year)",
            "sales a year": sp.spelt(view.sales_cagr, "percent"),
            "margin": sp.spelt(view.margin, "percent"),
            "market value": sp.spelt(view.market_cap, "billions", "USD"),
            "a year": sp.spelt(view.cap_cagr, "percent"),
            "operating EV/EBIT the target takes": sp.spelt(view.multiple_needed, "multiple") or "none",
            "seen today": seen(view),
        }
        for view in v.scenarios
    }


# sentences: the figures of each, in order -------------------------------------------------------------


def brief(v: Appraisal) -> str:
    told = [sp.brief(v.needs.upside, "percent", plus=True)] if v.needs else []
    at = next((date for date in v.needs.dates if date.day == v.by), None) if v.needs else None
    if at:
        told += [sp.brief(at.cap_cagr, "percent"), sp.day(v.by)]
    told += [sp.brief(view.market_cap, "billions", _unit(v)) for view in v.scenarios]
    return " ".join([*told, alone(v, v.levers[0]).removesuffix("none")])


def sentences(v: Appraisal) -> str:
    """The sentences of the second axis, in order."""
    told = [sp.day(v.written), *supposed(v)]
    if v.reason:
        return " ".join(told)
    told += [_deciding(v)]
    return " ".join(told)


def supposed(v: Appraisal) -> list[str]:
    shows = {lever.name: lever.show for lever in v.levers}
    return [sp.spelt(value, shows[name], _unit(v)) for name, value in (v.changed or {}).items()]


def _deciding(v: Appraisal) -> str:
    assert v.market_cap is not None
    away = v.market_cap / v.target - 1
    told = [sp.brief(v.start.market_cap.value, "billions", _unit(v))] if v.is_passed else []
    told += [*supposed(v), sp.spelt(v.market_cap, "billions", _unit(v)), sp.day(v.by)]
    told += [sp.spelt(abs(away), "percent")] if abs(away) >= 5e-4 else []
    first, *others = v.levers
    if first.swing:
        told += [believed(v, first, first.low), believed(v, first, first.high)]
        told += [
            sp.spelt(first.swing, "billions", _unit(v)),
            told_apart(v, first),
        ]
        told += [told_apart(v, each) for each in [x for x in others if x.inside and x.swing][:3]]
    return " ".join(told)


def implied(v: Appraisal) -> str:
    if not v.expectations:
        return ""
    dcf, told = v.expectations.dcf, []
    for found in (v.expectations.now, v.expectations.then):
        growth = found.own.solved.value
        terms = [str(dcf.years), sp.brief(found.own.wacc, "percent"), sp.brief(found.own.roic, "percent")]
        paid = sp.brief(found.growth_value, "percent")
        if growth is None:
            told += [*terms, sp.brief(found.own.solved.most, "billions", _unit(v)), paid]
        else:
            told += [sp.brief(growth, "percent"), *terms, paid]
    return " ".join(told)


def outside(v: Appraisal) -> str:
    told = []
    for o in v.outside:
        told += [o.table.vintage.replace("-", " "), o.table.deflator, o.table.inflation]
        for m in o.managed:
            if not m.driver:
                told += [sp.spelt(m.growth, "percent"), sp.spelt(m.share, "percent"), o.prior.weight]
                told += [sp.spelt(m.shrunk, "percent")]
    return " ".join(told)


def chance(v: Appraisal) -> str:
    c, event = v.chances, v.valuation.event
    if not c or not event:
        return ""
    told = [sp.spelt(c.volatility, "percent"), sp.spelt(c.drift, "percent"), sp.spelt(c.by.end, "percent")]
    told += [str(v.by), sp.spelt(c.by.touch, "percent"), str(event.end), str(event.touch)]
    if v.simulation:
        s = v.simulation
        at = next(each for each in s.dates if each.day == v.by)
        told += [f"{s.draws:,}", str(s.seed), sp.brief(at.end, "percent"), sp.brief(at.touch, "percent")]
        told += [sp.brief(at.drawn.percentiles[i], "billions", _unit(v)) for i in (0, 2, 4)] + ["5 50 95%"]
        wide = sorted((d for d in s.drivers if d.share), key=lambda d: -(d.share or 0))[:3]
        told += [sp.share(d.share or 0) for d in wide]
    return " ".join(told)
