"""The names ``value.*``: what the valuation works out without scores, for rules to use.

``value.implied_growth`` is one figure of the whole company; what each scenario comes to goes by the
scenario's id, as in ``value.upside.base``. A pack has the names for which its valuation.yaml holds what they
take. This is the one list of them: checks, completion and documentation read it, ``thesis.pricing`` works
them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from thesis.language.units import RATIO, ValueType, read_unit
from thesis.pack.schema.metrics import Show
from thesis.pack.schema.valuation import ValuationInputs

VALUE = "value."
OF_MARKET_CAP = ("upside.target", "required_return", "odds.end", "odds.touch")
"""Kinds that read the market cap alone, and nothing that lies between it and the business."""
MONEY, PRICE = "money", "price"  # units that are those of the target, and of one share
NONE_SUPPORTS = "no growth supports the price"
NONE_NEEDED = "a decline in profit would support the price"
"""What is said of growth in the price that has no number, on either side."""


class ValueKind(NamedTuple):
    """What a name stands for.

    ``unit``: ratio, ``MONEY`` or ``PRICE``. ``needs``: the key of valuation.yaml that it takes beside the
    starting figures. ``of_scenarios``: whether there is one for each scenario.
    """

    label: str
    unit: str
    show: Show
    because: str
    needs: str = ""
    of_scenarios: bool = False


KINDS: Mapping[str, ValueKind] = {
    "enterprise": ValueKind(
        "Operating enterprise value",
        MONEY,
        "billions",
        "Market cap plus what is owed less what is owned beside the business: what the market pays for it.",
    ),
    "multiple": ValueKind(
        "Operating EV/EBIT",
        "ratio",
        "multiple",
        "Operating enterprise value over operating income of four quarters.",
    ),
    "implied_growth": ValueKind(
        "Market-implied profit growth",
        "ratio",
        "percent",
        "Growth a year at which a discounted cash flow comes to today's operating enterprise value, at the "
        "pack's own cost of capital and return on new capital.",
        needs="implied",
    ),
    "growth_share": ValueKind(
        "Share of the price paid for growth",
        "ratio",
        "percent",
        "What today's operating enterprise value holds beyond today's profit kept up for ever.",
        needs="implied",
    ),
    "upside.target": ValueKind(
        "Upside to the target", "ratio", "percent", "The target's market cap over today's, less one."
    ),
    "required_return": ValueKind(
        "Price return that the target requires",
        "ratio",
        "percent",
        "Growth of the share price a year that leads to the target on its day.",
        needs="needs",
    ),
    "odds.end": ValueKind(
        "Odds of ending at or above the target",
        "ratio",
        "percent",
        "Of a random walk with the pack's drift and volatility, on the target's day.",
        needs="market",
    ),
    "odds.touch": ValueKind(
        "Odds of reaching the target at any time",
        "ratio",
        "percent",
        "Of a random walk with the pack's drift and volatility, up to the target's day.",
        needs="market",
    ),
    "upside": ValueKind(
        "Upside",
        "ratio",
        "percent",
        "The scenario's market cap on the target's day over today's, less one.",
        needs="scenarios",
        of_scenarios=True,
    ),
    "market_cap": ValueKind(
        "Market cap", MONEY, "billions", "On the target's day.", needs="scenarios", of_scenarios=True
    ),
    "price": ValueKind(
        "Share price", PRICE, "usd", "On the target's day.", needs="scenarios", of_scenarios=True
    ),
    "return": ValueKind(
        "Price return a year",
        "ratio",
        "percent",
        "From today's price to the scenario's on the target's day.",
        needs="scenarios",
        of_scenarios=True,
    ),
}
"""What follows ``value.``, to what it stands for."""


class ValueName(NamedTuple):
    """A name as a pack has it. ``kind`` is its key in ``KINDS``, ``scenario`` the id of the one it is of."""

    name: str
    kind: str
    scenario: str
    label: str
    unit: str
    show: Show
    because: str

    @property
    def type(self) -> ValueType:
        return ValueType(read_unit(self.unit) if self.unit else RATIO, "rate")


def is_value(name: str) -> bool:
    """Whether a name asks for something that the valuation works out."""
    return name.startswith(VALUE)


def value_names(valuation: ValuationInputs | None, currency: str) -> dict[str, ValueName]:
    """Every name that a pack's valuation gives, in the order of ``KINDS``; ``currency`` is the target's."""
    units = {"ratio": "ratio", MONEY: currency, PRICE: f"{currency}/share"}
    found: dict[str, ValueName] = {}
    for key, kind in KINDS.items() if valuation else ():
        if kind.needs and not getattr(valuation, kind.needs):
            continue
        for scenario, title in _whose(valuation, kind):
            name = value_name(key, scenario)
            label = f"{kind.label}, {title} scenario" if scenario else kind.label
            found.setdefault(
                name, ValueName(name, key, scenario, label, units[kind.unit], kind.show, kind.because)
            )
    return found


def _whose(valuation: ValuationInputs | None, kind: ValueKind) -> Iterator[tuple[str, str]]:
    if not kind.of_scenarios:
        yield "", ""
        return
    for scenario in valuation.scenarios if valuation else ():
        yield scenario.id, scenario.name.lower()


def value_name(kind: str, scenario: str = "") -> str:
    """The name of a kind, and of a scenario by its id as the rule language writes it, without hyphens.

    >>> value_name("upside", "soft-landing")
    'value.upside.soft_landing'
    """
    return f"{VALUE}{kind}{'.' if scenario else ''}{scenario.replace('-', '_')}"


def missing_key(name: str) -> str:
    """The key of valuation.yaml without which a pack has no value of a name; empty where there is none."""
    rest = name.removeprefix(VALUE)
    kind = KINDS.get(rest) or KINDS.get(rest.partition(".")[0])
    return kind.needs if kind else ""


def start_formulas(kind: str, valuation: ValuationInputs, price: str) -> tuple[str, ...]:
    """The formulas of valuation.yaml that a value reads, the share price among them."""
    cap = (price, valuation.shares)
    counted = [claim for claim in valuation.claims if claim.counted]
    claims = (*(claim.value for claim in counted), *(claim.cost for claim in counted if claim.cost))
    if kind in OF_MARKET_CAP:
        return cap
    if kind == "enterprise":
        return (*cap, *claims)
    if not KINDS[kind].of_scenarios:
        return (*cap, valuation.total.ebit, *claims)
    parts = [text for s in valuation.segments for text in (s.sales, s.ebit, s.margin_now) if text]
    return (*cap, valuation.total.sales, valuation.total.ebit, *parts, *claims)
