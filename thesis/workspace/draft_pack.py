"""A first draft of a thesis on a company: standard rules with the company's own history beside their edges.

The rules are the same for every company of a kind and rest on standard metrics; those are taken that are known
of the company. What is drafted is listed under `drafts` in thesis.yaml, and no review is signed before the
author has decided each and taken it off the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

GROWTH, OPERATING = "revenue_growth_ttm", "operating_margin_ttm"
OTHERS = (
    "Of companies with sales above 50bn in dollars of 2015, 27% grew by more than 5% a year in real terms over five "
    "years, 10% by more than 10% and 3% by more than 15% (Mauboussin, Callahan and Majd, The Base Rate Book, 2016, "
    "exhibit 4)."
)
DRAFTED = "Drafted by the program; the author has not decided it yet."


class DraftRule(NamedTuple):
    """A rule on one metric: edges from the worst to the best, of a risk from benign to severe.

    ``facts`` are series of line items, in the notation of trials, in which ``{x}`` stands for a hundred times
    the metric's value: with them the metric comes to just that.
    """

    id: str
    name: str
    claim: str
    metric: str
    bands: tuple[str, ...]
    because: str
    facts: Mapping[str, str]
    holds: str = ""


class DraftCriterion(NamedTuple):
    """A kill criterion on one metric, with figures that trip it."""

    id: str
    claim: str
    when: str
    metric: str
    because: str
    facts: Mapping[str, str]


class DraftMetric(NamedTuple):
    """What is known of a metric in a company: its newest value and those of the quarters before it."""

    quarter: str
    values: tuple[float, ...]


class DraftOutline(NamedTuple):
    """What a draft is filled in with; ``target`` in the currency of the accounts."""

    id: str
    title: str
    entity: str
    name: str
    cik: str
    uses: str
    currency: str
    year_ends: str
    target: float
    by: date
    written: date


_SALES = {"revenue": "2023Q1 100+0x7"}
CONDITIONS: tuple[tuple[DraftRule, ...], ...] = (
    (
        DraftRule(
            "growth", "Growth", "Revenue grows by a tenth or more a year.", GROWTH, ("0%", "5%", "10%", "15%", "25%"),
            OTHERS, {"revenue": "2023Q1 100+0x3 {100+x}+0x3"}, f"{GROWTH} >= 10%",
        ),
    ),
    (
        DraftRule(
            "efficiency", "Costs of the bank", "A dollar of revenue costs the bank less than 60 cents.",
            "efficiency_ratio", ("75%", "65%", "60%", "55%", "45%"),
            "Large banks spend from 55 to 65 cents on a dollar of revenue.",
            {**_SALES, "net_interest_income": "2024Q1 60+0x3", "noninterest_income": "2024Q1 40+0x3",
             "noninterest_expense": "2024Q1 {x}+0x3"},
        ),
        DraftRule(
            "profit", "Operating margin", "A fifth or more of revenue is left before interest and tax.",
            "operating_margin_ttm", ("5%", "10%", "15%", "20%", "30%"),
            "Large American companies keep some 10 to 15% of revenue, the best a third.",
            {**_SALES, "operating_income": "2024Q1 {x}+0x3"},
        ),
        DraftRule(
            "profit", "Net margin", "A tenth or more of revenue is left for the owners.",
            "net_margin", ("0%", "5%", "10%", "15%", "25%"),
            "Large American companies keep some 8 to 12% of revenue after tax.",
            {**_SALES, "net_income": "2024Q1 {x}+0x3"},
        ),
    ),
    (
        DraftRule(
            "cash", "Free cash flow", "A tenth or more of revenue is left as free cash flow.",
            "fcf_margin", ("0%", "5%", "10%", "15%", "25%"),
            "What cannot be paid out or put to use in the end has no value to the owners.",
            {**_SALES, "operating_cash_flow": "2024Q1 {x+10}+0x3", "capex": "2024Q1 10+0x3"},
        ),
    ),
    (
        DraftRule(
            "return", "Return on assets", "A dollar of assets earns what its owners could have elsewhere.",
            "roa", ("0%", "3%", "6%", "10%", "18%"),
            "It asks no opinion on what is capital and what is cash, and does not turn with buybacks.",
            {**_SALES, "net_income": "2024Q1 {x}+0x3", "assets": "2023Q4 400+0x4"},
        ),
    ),
)  # fmt: skip
"""The conditions of a draft, each with its forms: the first is taken whose metric is known of the company."""

BANKS_RETURN = ("0%", "0.4%", "0.8%", "1.2%", "1.8%")
"""The edges of the return on assets of a bank or an insurer, whose assets are mostly other people's money."""

RISKS: tuple[DraftRule, ...] = (
    DraftRule(
        "debt", "Liabilities", "What the company owes leaves the owners too little.",
        "liabilities_share", ("40%", "55%", "70%", "80%", "90%"),
        "Half is usual; above 80% a bad year may take what the owners have.",
        {**_SALES, "assets": "2024Q4 100", "equity_incl_nci": "2024Q4 {100-x}"},
    ),
    DraftRule(
        "building", "Capital spending", "Building takes more cash than the business brings in.",
        "capex_burden", ("25%", "50%", "75%", "100%", "125%"),
        "Above 100% it takes outside money.",
        {**_SALES, "operating_cash_flow": "2024Q1 100+0x3", "capex": "2024Q1 {x}+0x3"},
    ),
    DraftRule(
        "new-shares", "Dilution", "New shares take from each old one what the company gains.",
        "dilution", ("0%", "1%", "2%", "4%", "8%"),
        "At 4% a year a share has lost a third of its part of the company in ten years.",
        {**_SALES, "shares_diluted": "2023Q4 100+0x3 {100+x}"},
    ),
)  # fmt: skip
CRITERIA: tuple[DraftCriterion, ...] = (
    DraftCriterion(
        "K1", "Revenue of four quarters shrinks in two of three quarters.", f"{GROWTH} < 0 in 2 of last 3 quarters",
        GROWTH, "The first condition is then false as it stands.", {"revenue": "2022Q3 100+0x5 90+0x3"},
    ),
    DraftCriterion(
        "K2", "The owners lose money over four quarters, in two of three quarters.",
        "net_margin < 0 in 2 of last 3 quarters", "net_margin", "A loss that lasts pays for no growth.",
        {**_SALES, "net_income": "2023Q1 -1+0x7"},
    ),
    DraftCriterion(
        "K3", "The business takes in less cash than it spends, in two of three quarters.",
        "fcf_margin < 0 in 2 of last 3 quarters", "fcf_margin", "Outside money then pays for what the plan needs.",
        {**_SALES, "operating_cash_flow": "2023Q1 5+0x7", "capex": "2023Q1 10+0x7"},
    ),
    DraftCriterion(
        "K4", "Assets earn next to nothing, in two of three quarters.", "roa < 0.2% in 2 of last 3 quarters",
        "roa", "No growth makes a company worth more that earns nothing on what it has.",
        {**_SALES, "net_income": "2023Q1 0.1+0x7", "assets": "2022Q1 400+0x11"},
    ),
)  # fmt: skip
MOST_CRITERIA = 3
AT = "2024Q4"  # the quarter of the trials
SCORES = ("0", "0.25", "0.5", "0.75", "1")
METRICS = sorted(
    {rule.metric for forms in CONDITIONS for rule in forms}
    | {rule.metric for rule in RISKS}
    | {each.metric for each in CRITERIA}
)
"""The metrics that a draft may look at."""


def draft_metrics_file(outline: DraftOutline, *, is_of_diluted_shares: bool) -> str:
    """metrics.yaml of a draft; ``is_of_diluted_shares``: the cover pages on file state no count of shares."""
    own = [
        "  capex_burden:",
        "    formula: ttm(capex) / greatest(ttm(operating_cash_flow), 1% * ttm(revenue))",
        "    unit: ratio",
        "    show: percent",
        "    label: Capital spending in operating cash flow",
        "    because: Cash flow counts as 1% of revenue at least; a share of less, or of none, has no meaning.",
    ]  # fmt: skip
    if outline.uses.endswith(("/bank", "/insurer")):
        own = []
    if is_of_diluted_shares:
        own += [
            "  market_cap:",
            "    formula: price * shares_diluted",
            f"    unit: {outline.currency}",
            "    show: billions",
            "    label: Market capitalisation",
            "    because: On the average diluted shares; the reports on file state no count on the cover.",
        ]
    return "\n".join([
        "# yaml-language-server: $schema=.schema/metrics.schema.json",
        "#",
        f"# Line items and metrics are those of {outline.uses}; `thesis explain NAME` says what each is. A definition",
        "# here goes before one of the same name there.",
        "",
        f"uses: {outline.uses}",
        f"currency: {outline.currency}",
        "",
        "entities:",
        f"  {outline.entity}:",
        f"    name: {_quoted(outline.name)}",
        f"    year_ends: {outline.year_ends}",
        f"    cik: {outline.cik}",
        "",
        "concepts: {}",
        "",
        *(["metrics:", *own] if own else ["metrics: {}"]),
        "",
    ])  # fmt: skip


def drafted_rules(
    known: Mapping[str, DraftMetric], uses: str
) -> tuple[list[DraftRule], list[DraftRule], list[DraftCriterion]]:
    """The conditions, risks and kill criteria of a draft: those on metrics that are known of the company."""
    chosen = [next((rule for rule in forms if rule.metric in known), None) for forms in CONDITIONS]
    conditions = [rule for rule in chosen if rule]
    if uses.endswith(("/bank", "/insurer")):
        conditions = [r._replace(bands=BANKS_RETURN) if r.metric == "roa" else r for r in conditions]
    risks = [rule for rule in RISKS if rule.metric in known]
    criteria = [each for each in CRITERIA if each.metric in known][:MOST_CRITERIA]
    return conditions, risks, criteria


def draft_files(outline: DraftOutline, known: Mapping[str, DraftMetric], verdict: str) -> dict[str, str]:
    """thesis.yaml, trials.yaml and, where there is operating income, valuation.yaml of a draft.

    ``verdict`` is the text of the keys `review` and `verdict`, as every new thesis has them.
    """
    conditions, risks, criteria = drafted_rules(known, outline.uses)
    has_valuation = GROWTH in known and OPERATING in known and known[OPERATING].values[-1] > 0
    drafts = [*(rule.id for rule in (*conditions, *risks)), *(each.id for each in criteria), "target"]
    drafts += ["valuation"] if has_valuation else []
    files = {
        "thesis.yaml": "\n".join([
            "# yaml-language-server: $schema=.schema/thesis.schema.json",
            "#",
            f"# A first draft of a thesis on {outline.name}, made on {outline.written}. Decide each rule: keep it, give it your",
            "# own words and edges, or delete it; then take its id off the list of drafts. A review is signed once that",
            "# list is empty.",
            "",
            f"id: {outline.id}",
            f"title: {_quoted(outline.title)}",
            f"entity: {outline.entity}",
            f"drafts: [{', '.join(drafts)}]",
            f"target: {{market_cap: {outline.target:.12g}, unit: {outline.currency}, by: {outline.by}, event: touch}}",
            "quarter: revenue",
            "price: price",
            "market_cap: market_cap",
            f"requires: {{kill: {min(MOST_CRITERIA, len(criteria))}, measured: {min(2, len(criteria))}}}",
            "",
            "conditions:",
            *(line for rule in conditions for line in _rule(rule, known[rule.metric], weight=True)),
            "",
            *(["risks:", *(line for rule in risks for line in _rule(rule, known[rule.metric], weight=False))]
              if risks else ["risks: []"]),
            "",
            "kill:",
            *(line for each in criteria for line in _criterion(each, known[each.metric])),
            "",
            verdict,
        ]),
        "trials.yaml": "\n".join([
            "# yaml-language-server: $schema=.schema/trials.schema.json",
            "#",
            "# Invented figures at each edge of each rule, and what the rule must say of them.",
            "",
            *(line for rule in (*conditions, *risks) for line in _edge_trials(rule)),
            *(line for each in criteria for line in _criterion_trial(each)),
            "",
        ]),
    }  # fmt: skip
    if has_valuation:
        files["valuation.yaml"] = _valuation(outline, known)
    return files


def _rule(rule: DraftRule, known: DraftMetric, *, weight: bool) -> list[str]:
    lines = [
        "",
        f"  - id: {rule.id}",
        f"    name: {_quoted(rule.name)}",
        f"    claim: {_quoted(rule.claim)}",
        "    clause: standard rule, to be replaced by the author's own",
    ]
    lines += [f"    holds: {rule.holds}"] if rule.holds else []
    lines += ["    weight: 1"] if weight else []
    return [
        *lines,
        "    measures:",
        f"      - metric: {rule.metric}",
        f"        bands: [{', '.join(rule.bands)}]",
        "        weight: 1",
        f"        because: {_quoted(f'{rule.because} {history(known)}')}",
        f"    caveats: [{_quoted(DRAFTED)}]",
    ]


def _criterion(each: DraftCriterion, known: DraftMetric) -> list[str]:
    return [
        "",
        f"  - id: {each.id}",
        f"    claim: {_quoted(each.claim)}",
        f"    when: {each.when}",
        f"    because: {_quoted(f'{each.because} {history(known)} {DRAFTED}')}",
    ]


def history(known: DraftMetric) -> str:
    """What a metric has been in a company, as a sentence.

    >>> history(DraftMetric("2026Q1", (0.10, 0.30, 0.20)))
    'In the 3 quarters to 2026Q1 it was 10.0% to 30.0% here, 20.0% in the middle and 20.0% in the last.'
    """
    ordered = sorted(known.values)
    low, high, middle = ordered[0], ordered[-1], ordered[len(ordered) // 2]
    count = f"{len(ordered)} quarters" if len(ordered) > 1 else "quarter"
    return (
        f"In the {count} to {known.quarter} it was {low:.1%} to {high:.1%} here, {middle:.1%} in the middle and "
        f"{known.values[-1]:.1%} in the last."
    )


def _edge_trials(rule: DraftRule) -> list[str]:
    lines = []
    for edge, score in zip(rule.bands, SCORES, strict=True):
        lines += [
            "",
            f"- name: {_quoted(f'{rule.name} at {edge}')}",
            f"  facts: {_facts(rule.facts, float(edge.rstrip('%')))}",
            f"  expect: [{{of: {rule.metric}, at: {AT}, value: {edge}}}, {{of: {rule.id}, at: {AT}, score: {score}}}]",
        ]
    return lines


def _criterion_trial(each: DraftCriterion) -> list[str]:
    return [
        "",
        f"- name: {_quoted(each.claim)}",
        f"  facts: {_facts(each.facts, 0.0)}",
        f"  expect: [{{of: {each.id}, at: {AT}, answer: yes}}]",
    ]


def _facts(series: Mapping[str, str], x: float) -> str:
    put = {"{x}": x, "{100+x}": 100 + x, "{100-x}": 100 - x, "{x+10}": x + 10}
    told = {}
    for name, text in series.items():
        for mark, value in put.items():
            text = text.replace(mark, f"{value:.10g}")
        told[name] = text
    return "{" + ", ".join(f'{name}: "{text}"' for name, text in told.items()) + "}"


def _valuation(outline: DraftOutline, known: Mapping[str, DraftMetric]) -> str:
    growth, margin = known[GROWTH], known[OPERATING].values[-1]
    middle = sorted(growth.values)[len(growth.values) // 2]
    central = max(0.0, min(0.25, (middle + 0.03) / 2))
    low, high = central - 0.05, central + 0.05
    return "\n".join([
        "# yaml-language-server: $schema=.schema/valuation.schema.json",
        "#",
        f"# What has to be believed for the target: a draft with one segment, the whole company, made on {outline.written}.",
        "",
        f"written: {outline.written}",
        f"shares: {'shares_outstanding' if 'shares_outstanding' in known else 'shares_diluted'}",
        "total: {sales: ttm(revenue), ebit: ttm(operating_income)}",
        "",
        "segments:",
        "  - id: all",
        "    name: The whole company",
        "    sales: ttm(revenue)",
        "    ebit: ttm(operating_income)",
        "    growth:",
        f"      {{central: {central:.1%}, low: {low:.1%}, high: {high:.1%}, sd: 4%, source: judgement,",
        f"       because: {_quoted(f'Half way between 3% and {middle:.1%}, the middle of the last quarters: growth of one year tells little of five years on. {DRAFTED}')}}}",
        "    margin:",
        f"      {{central: {margin:.1%}, low: {margin * 0.75:.1%}, high: {margin * 1.2:.1%}, sd: {max(0.01, margin * 0.12):.1%}, source: judgement,",
        f"       because: {_quoted(f'As in the last four quarters. {DRAFTED}')}}}",
        "",
        "multiple:",
        "  central: 15",
        "  low: 10",
        "  high: 22",
        "  distribution: lognormal",
        "  sd: 0.3",
        "  source: judgement",
        f"  because: {_quoted(f'What large companies have cost over a cycle, in operating income. {DRAFTED}')}",
        "",
    ])  # fmt: skip


def _quoted(text: str) -> str:
    """A text as YAML, whatever is in it."""
    import json

    return json.dumps(text, ensure_ascii=False)
