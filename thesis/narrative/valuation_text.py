"""The valuation in sentences and in the rows of the memo's tables."""

from __future__ import annotations

from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.appraisal.assumption_sensitivity import AssumptionSwing
from thesis.appraisal.price_paths import PriceChange
from thesis.appraisal.scenarios import ScenarioResult
from thesis.appraisal.target_requirements import RequirementAtMultiple, RequirementByDate
from thesis.case.case import EvidenceItem
from thesis.core import formatting
from thesis.core.interval import Interval, point
from thesis.core.record import replace_fields
from thesis.narrative.exclusive_statements import GROWTH, SIGNPOSTS, growth_key, signposts_key
from thesis.narrative.key_assumption_text import currency, driver_name, lever_value
from thesis.pack.assumptions import assumptions_of, single_number
from thesis.pack.schema.valuation import BridgeItem
from thesis.pricing.market_implied import ImpliedGrowth
from thesis.pricing.starting_values import BridgeAmount, after_tax_formula


class BridgeRow(NamedTuple):
    """A line of the bridge: a figure today with its evidence, at the target, and what lies between."""

    label: str
    now: str = ""
    then: str = ""
    takes: str = ""
    evidence: EvidenceItem | None = None


def money(a: Appraisal, value: Interval | float) -> str:
    """Money in the target's currency."""
    return formatting.short(value, "billions", currency(a))


def percent(value: Interval | float | None, *, signed: bool = False) -> str:
    return formatting.short(value, "percent", signed=signed)


def valuation_brief(a: Appraisal) -> str:
    """Three sentences for page one: how far it is, where the scenarios end, and what decides."""
    if a.reason:
        return f"Cannot be reckoned: {a.reason}."
    far = [f"{percent(a.needs.upside, signed=True)} in market value"] if a.needs else []
    at = _own_date(a)
    if at:
        far.append(f"{percent(at.cap_cagr)} a year to {formatting.day(a.by)}")
    ends = formatting.join_words(f"{view.scenario.name} {money(a, view.market_cap)}" for view in a.scenarios)
    first = a.levers[0]
    decides = f"What decides most is {driver_name(a, first.name)}: the target at {single_move_text(a, first)}"
    told = (", ".join(far), f"The scenarios end at: {ends}" if ends else "", decides)
    return f"{'. '.join(part for part in told if part)}."


def bridge_rows(a: Appraisal) -> list[BridgeRow]:
    """From here to the target: market value, price, what stands beside the business, profit and multiple."""
    needs, start = a.needs, a.start
    if needs is None:
        return []
    at = _own_date(a)
    pace = f", {percent(at.cap_cagr)} a year" if at else ""
    upside = f"{percent(needs.upside, signed=True)}{pace}"
    now = next(row for row in needs.multiples if row.is_today)
    rows = [
        BridgeRow(
            "Market value", money(a, start.market_cap.value), money(a, a.target), upside, start.market_cap
        ),
        *([_price(a, at)] if at else []),
        *(_claim(a, each) for each in start.claims if each.claim.counted),
        BridgeRow("= operating EV", money(a, needs.enterprise), money(a, needs.enterprise_then)),
        BridgeRow("Operating income, four quarters", money(a, start.ebit.value), evidence=start.ebit),
        _at_multiple(a, now, "What is asked at today's"),
    ]
    own = [
        row for row in needs.multiples if row.multiple == point(single_number(a.valuation.multiple.central))
    ]
    return rows + [
        _at_multiple(a, row, "What is asked at the pack's own") for row in own[:1] if not row.is_today
    ]


def _own_date(a: Appraisal) -> RequirementByDate | None:
    """The growth needed to the target's own day, where the pack lists it."""
    return next((date for date in a.needs.dates if date.day == a.by), None) if a.needs else None


def _price(a: Appraisal, at: RequirementByDate) -> BridgeRow:
    price = a.start.price
    drift = a.valuation.needs.share_drift if a.valuation.needs else ""
    takes = f"{percent(at.price_cagr)} a year, with {drift} more shares each year"
    now, then = (formatting.short(value, "usd", price.unit) for value in (price.value, at.price))
    return BridgeRow("Share price", now, then, takes, price)


def _claim(a: Appraisal, each: BridgeAmount) -> BridgeRow:
    sign = "+" if each.claim.kind == "owed" else "-"
    after = f" after {tax_text(each.claim)}" if each.claim.tax else ""
    label = f"{each.claim.name}{after}"
    return BridgeRow(f"{sign} {label}", money(a, each.after_tax), "the same", "", _taxed(each, label))


def tax_text(claim: BridgeItem) -> str:
    """The tax on something owned: ``21% tax``, or ``21% tax on the gain``."""
    return f"{claim.tax} tax{' on the gain' if claim.cost else ''}"


def _taxed(each: BridgeAmount, label: str) -> EvidenceItem:
    """What stands behind a claim's value: behind one after tax, the value, the rate and the cost."""
    if not each.claim.tax:
        return each.value
    paid = (each.cost.inputs or (each.cost,)) if each.cost else ()
    return replace_fields(
        each.value,
        label=label,
        value=each.after_tax,
        status="computed",
        formula=after_tax_formula(each.claim),
        reason="",
        facts=(),
        inputs=(*(each.value.inputs or (each.value,)), *paid),
    )


def _at_multiple(a: Appraisal, row: RequirementAtMultiple, label: str) -> BridgeRow:
    """The profit that the target takes at a multiple; its growth to the horizon, else over the longest."""
    assert a.needs
    horizons = a.needs.horizons
    i = horizons.index(a.horizon) if a.horizon in horizons else len(horizons) - 1
    times, pace = formatting.short(row.times, "multiple"), percent(row.cagr[i])
    takes = f"{times} today's, {pace} a year over {horizons[i]:g} years"
    at = f"{label} {formatting.OPERATING} of {formatting.short(row.multiple, 'multiple')}"
    return BridgeRow(at, "", money(a, row.ebit), takes)


def implied_growth_text(a: Appraisal) -> str:
    """What today's price, and then the target, would have to be paid for with."""
    found = a.expectations
    return f"{_implied(a, found.now)} {_implied(a, found.then)}" if found else ""


def _implied(a: Appraisal, found: ImpliedGrowth) -> str:
    dcf, key = a.valuation.implied, growth_key(found.growth)
    assert dcf
    terms = (
        f"{dcf.years} years at a cost of capital of {percent(found.own.wacc)} and a return of "
        f"{percent(found.own.roic)} on new capital"
    )
    who = found.label[0].upper() + found.label[1:]
    later = f"{percent(found.growth_value)} of it is paid for growth to come"
    if key == "supported":
        growth = percent(found.growth)
        return f"{who} stands for operating income growing {growth} a year for {terms}; {later}."
    most = money(a, found.own.solved.most)
    reach = "" if key == "decline" else f"; the most that can be reached is {most}"
    return f"{who} at today's profit: {GROWTH[key]}, over {terms}{reach}. {later}."


def path_text(a: Appraisal, found: PriceChange) -> str:
    """The path that a price took, by its name."""
    if found.reason:
        return found.reason
    if found.active is None:
        return "cannot be told"
    names = {route.id: route.name for route in a.valuation.paths.routes} if a.valuation.paths else {}
    return names.get(found.active, "no path's rule holds")


def scenario_status(view: ScenarioResult) -> str:
    """``no: 1 of 3 signposts, 2 needed``."""
    holding = sum(answer.lo == 1.0 for answer in view.signposts)
    unclear = sum(not answer.is_point for answer in view.signposts)
    maybe = f" and {unclear} unknown" if unclear else ""
    said = SIGNPOSTS[signposts_key(view)]
    return f"{said}: {holding}{maybe} of {len(view.signposts)} signposts, {view.scenario.at_least} needed"


def assumption_text(a: Appraisal, lever: AssumptionSwing, value: float) -> str:
    """A driver's value as it is printed."""
    return lever_value(lever, value, currency(a))


def single_move_text(a: Appraisal, lever: AssumptionSwing) -> str:
    """The value that alone gives the target: ``21.4x``, ``20.2%, outside`` the pack's own range, or none."""
    if lever.breakeven is None:
        return "none"
    told = assumption_text(a, lever, lever.breakeven)
    return told if lever.inside else f"{told}, outside"


def simulation_sentence(a: Appraisal) -> str:
    """What draws from the beliefs come to on the target's day, and which beliefs make the spread."""
    found = a.simulation
    assert found
    at = next(each for each in found.dates if each.day == a.by)
    known = [at.drawn.percentiles[i] for i in (0, 2, 4)]
    low, middle, high = ("unknown" if each is None else money(a, each) for each in known)
    wide = sorted((each for each in found.drivers if each.share), key=lambda each: -(each.share or 0.0))
    named = formatting.join_words(
        f"{driver_name(a, each.name)} {formatting.share(each.share or 0.0)}" for each in wide[:3]
    )
    return (
        f"Drawn from the beliefs above ({found.draws:,} draws, seed {found.seed}): {percent(at.end)} to "
        f"stand at the target, {percent(at.touch)} to have touched it; market value {low}, {middle} and "
        f"{high} at 5, 50 and 95%. The spread is made by {named}."
    )


def base_rate_share(a: Appraisal, driver: str) -> str:
    """The share of companies that grew as fast as a driver assumes."""
    found = [m for outside in a.outside for m in outside.managed if m.driver == driver]
    if not found:
        return ""
    whose = {False: ", of larger ones", None: ", sizes not compared"}.get(found[0].fits, "")
    return f"{percent(found[0].share)}{whose}"


def valuation_source(a: Appraisal, driver: str) -> str:
    """Where a belief comes from."""
    stated = assumptions_of(a.valuation)[driver].driver
    return stated.source if stated.source != "judgement" else f"judgement: {stated.because}"
