"""Print what corrected formulas of the bundled packs came to before, and come to now.

``python -m scripts.corrections`` has a table for each of them, quarter by quarter, and one of the ratings.

A formula that was faulty is corrected on every day, under the same id, so each quarter of the past may read
differently. The formulas and bands as they were stand here, and nowhere else; what they come to is worked out
with the program as it is, so that a difference is one of the formula and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from typing import NamedTuple

from thesis.core import formatting
from thesis.core.record import replace_fields
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.thesis import Measure, Rule
from thesis.pricing.priced_case import case_as_of
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, MeasureResult

SINCE = "2022Q1"
LATER = {"amzn-4t": (date(2026, 11, 22),), "googl-cloud": (date(2026, 8, 15),)}
"""Days after the last filing, on which more is known or another measure is in force."""


class Before(NamedTuple):
    """A metric as it was: its formula, and its bands where they were others."""

    formula: str
    bands: Sequence[str] = ()


CORRECTED: dict[str, dict[str, Before]] = {
    "amzn-4t": {
        "ai_share_of_growth": Before(
            "ai.run_rate * (1 - 1 / (1 + ai.run_rate_growth)) / (4 * change(aws.net_sales, 4))",
            ("0%", "10%", "25%", "50%", "75%"),
        ),
        "relative_capture": Before(
            "aws_share_of_growth / lag(aws_share, 4)", ("1.0", "0.85", "0.70", "0.55", "0.40")
        ),
        "capex_burden": Before("(ttm(capex) + ttm(finance_lease_additions)) / ttm(operating_cash_flow)"),
        "guidance_surprise": Before(
            "(adjusted_operating_income - guidance.operating_income_high)"
            " / ((guidance.operating_income_low + guidance.operating_income_high) / 2)"
        ),
    },
    "googl-cloud": {
        "capture": Before(
            "change(cloud.net_sales, 4) / (change(cloud.net_sales, 4) + change(aws.net_sales, 4))"
            " / lag(cloud.net_sales / (cloud.net_sales + aws.net_sales), 4)",
            ("0.8", "1.0", "1.2", "1.5", "1.8"),
        ),
        "cloud_share_of_profit": Before(
            "ttm(cloud.operating_income) / ttm(operating_income)", ("0%", "5%", "10%", "20%", "35%")
        ),
        "cloud_incremental_margin": Before(
            "change(ttm(cloud.operating_income), 4) / change(ttm(cloud.net_sales), 4)"
        ),
        "capex_burden": Before("ttm(capex) / ttm(operating_cash_flow)"),
        "debt_burden": Before("(long_term_debt + debt_current) / ttm(operating_income)"),
    },
}
CLAIMS = {"cloud-profit": "cloud_margin_change > 0bp and cloud_share_of_profit >= 10%"}
"""Claims as they were, of the rules whose words for a threshold had to follow a formula."""


def before(pack: Pack, name: str) -> Pack:
    """A bundled pack with its formulas, bands and claims as they were before they were corrected."""
    corrected = CORRECTED[name]
    old = copy(pack.with_formulas({metric: each.formula for metric, each in corrected.items()}))
    old.thesis = replace_fields(
        pack.thesis,
        conditions=[_rule(rule, corrected) for rule in pack.thesis.conditions],
        risks=[_rule(rule, corrected) for rule in pack.thesis.risks],
    )
    return old


def _rule(rule: Rule, corrected: Mapping[str, Before]) -> Rule:
    measures = [_measure(measure, corrected) for measure in rule.measures]
    return replace_fields(rule, measures=measures, holds=CLAIMS.get(rule.id, rule.holds))


def _measure(measure: Measure, corrected: Mapping[str, Before]) -> Measure:
    if measure.measures:
        return replace_fields(measure, measures=[_measure(each, corrected) for each in measure.measures])
    known = corrected.get(measure.metric)
    return replace_fields(measure, bands=known.bands) if known and known.bands else measure


def lines(name: str) -> Iterator[str]:
    """A table for each corrected metric, then one of the ratings, a line for each day."""
    pack = build(read_folder(bundled_folder("rules") / name, name))[0]
    filed = [day for quarter, day in case_as_of(pack, date.max).first_filed.items() if str(quarter) >= SINCE]
    days = [*filed, *LATER[name]]
    pairs = [(assess(before(pack, name), day), assess(pack, day)) for day in days]
    yield (
        f"{name}, as of the day that each quarter was filed and of "
        f"{formatting.join_words(map(str, LATER[name]))}"
    )
    for metric in CORRECTED[name]:
        yield ""
        yield f"{metric}: {pack.metrics[metric].label}"
        yield f"  {'quarter':<9}{'as of':<12}{'was':<18}{'is':<18}{'score was':<12}score is"
        for old, new in pairs:
            (was, score_was), (now, score_now) = _cells(old, metric), _cells(new, metric)
            if was or now:
                yield f"{_when(new)}{was:<18}{now:<18}{score_was:<12}{score_now}"
    yield ""
    yield "rating"
    yield f"  {'quarter':<9}{'as of':<12}{'conditions':<18}{'risks':<18}was; is"
    for old, new in pairs:
        conditions = f"{formatting.score(old.verdict.engines)} {formatting.score(new.verdict.engines)}"
        risks = f"{formatting.score(old.verdict.risks)} {formatting.score(new.verdict.risks)}"
        rating = old.headline if old.headline == new.headline else f"{old.headline}; {new.headline}"
        yield f"{_when(new)}{conditions:<18}{risks:<18}{rating}"


def _when(a: Assessment) -> str:
    return f"  {a.quarter!s:<9}{a.as_of!s:<12}"


def _cells(a: Assessment, metric: str) -> tuple[str, str]:
    """The value of a measure and its score; empty where the measure is not in force."""
    found: MeasureResult | None = next(
        (leaf for finding in a.findings for leaf in finding.leaves() if leaf.id == metric), None
    )
    if found is None:
        return "", ""
    return formatting.value(found.value, found.show, found.unit), formatting.score(found.score)


if __name__ == "__main__":
    for each in CORRECTED:
        print("\n".join(lines(each)), end="\n\n")
