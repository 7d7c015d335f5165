"""The method's worked example: its printed inputs, fed in, give its printed scores and verdict.

The rules are the bundled pack's own; each scored metric is replaced by a figure that a filing states,
so that days, freshness and coverage work as they do for real facts.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import product
from typing import Any, TypeVar

import pytest

from scripts.corrections import before
from thesis.core.interval import Interval, point
from thesis.facts.fact import COLUMNS, FactStore, LineItem
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.judgements import JudgementsFile
from thesis.pack.schema.metrics import MetricsFile
from thesis.pack.schema.thesis import Measure, Rule
from thesis.scoring.aggregate import combine
from thesis.scoring.assess import assess
from thesis.scoring.assessment import Assessment, MeasureResult, RatingChange, RuleResult
from thesis.scoring.rating_changes import RatingStage, rating_changes

pytestmark = pytest.mark.quick

T = TypeVar("T")
EDGES = (0.0, 0.25, 0.5, 0.75, 1.0)
SEEN, TODAY = date(2026, 10, 15), date(2026, 11, 22)
QUARTERS = ("2025Q4", "2026Q1", "2026Q2")

# Where the arithmetic on the printed inputs ends one digit off what is printed beside them:
# automation's high end is .562 (.424^.5 x .738^.2 x .75^.3 = .5620), printed .561;
# the harmonic mean of the five scores is .686 (.6865), printed .687;
# doubling and halving weights takes the high end up to .803 (.8034), printed .804.

# As the example prints them. What it scores 0 without a figure (downturn, deceleration) takes the
# figure that stands with the metric.
PRINTED = {
    "aws_growth": "28.4%",
    "ai_share_of_growth": "27.5%..48.4%",
    "na_margin_change": "111bp",
    "na_margin": "8.09%",
    "intl_margin_change": "-32bp..31bp",
    "intl_margin": "3.10%..3.73%",
    "aws_margin_change": "8bp",
    "aws_margin": "36.85%",
    "ads_growth": "23.9%",
    "ads_contribution": "2.45%..4.41%",
    "cost_intensity_change": "12.2bp..26.0bp",
    "unit_cost_growth": "-1.43%..-1.10%",
    "rpo_growth_ex_labs": "32%",
    "aws_return": "18.1%",
    "relative_capture": "0.77",
    "cloud_growth_gap": "-21%",
    "retail_margin_change": "68bp",
    "capex_burden": "107%",
    "aws_growth_change": "13.2%",
    "guidance_surprise": "0%",
    "expectation_gap": "-4.3%",
    "us.sahm": "0.13%",
    "us.real_goods_spending_growth": "1%",
}
LOGISTICS = ("cost_intensity_change", "unit_cost_growth")


@cache
def bundled_pack() -> Pack:
    """The bundled pack, with bands and measures of competition as they were when the example was printed."""
    pack = before(build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0], "amzn-4t")
    pack.thesis = changed(pack.thesis, risks=[_one_by_one(rule) for rule in pack.thesis.risks])
    return pack


def _one_by_one(rule: Rule) -> Rule:
    """A rule in which a measure ends on the day before the one that replaces it."""
    ends = {measure.replaces: "2026-09-29" for measure in rule.measures if measure.replaces}
    return changed(
        rule,
        measures=[
            changed(each, replaces="", overlap=None, until=ends.get(each.metric, each.until))
            for each in rule.measures
        ],
    )


def printed_pack(printed: Mapping[str, str]) -> Pack:
    """The bundled rules over facts that state each scored metric outright."""
    pack = bundled_pack()
    concepts = {**pack.concepts}
    metrics = {**pack.metrics}
    rows = [[pack.thesis.quarter, "2026Q2", "1", "USD", "2026-07-31", "10-Q", "reported"]]
    for name in PRINTED:
        concept = name
        if name in metrics:
            concept = f"printed.{name}"
            concepts[concept] = LineItem(name, metrics[name].unit, "rate")
            metrics[name] = changed(metrics[name], formula=concept)
        if name in printed:
            rows += [
                [concept, quarter, printed[name], "ratio", "2026-07-31", "10-Q", "reported"]
                for quarter in QUARTERS
            ]
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    facts = FactStore()
    facts.add(out.getvalue(), "facts/AMZN.csv")
    return Pack(
        pack.thesis,
        MetricsFile(pack.entities, concepts, metrics, pack.identities, pack.calendar),
        JudgementsFile(list(pack.rubrics.values()), pack.grades),
        facts,
        pack.digest,
    )


@cache
def example(as_of: date = SEEN, *, without: tuple[str, ...] = ()) -> Assessment:
    return assess(printed_pack({name: text for name, text in PRINTED.items() if name not in without}), as_of)


def part(found: Assessment, name: str) -> MeasureResult:
    def all_parts(parts: Sequence[MeasureResult]) -> list[MeasureResult]:
        return [each for one in parts for each in (one, *all_parts(one.parts))]

    return next(each for f in found.findings for each in all_parts(f.parts) if each.id == name)


def changed(record: T, **values: Any) -> T:
    return type(record)(**{**vars(record), **values})


def is_printed(value: Interval, text: str) -> bool:
    """Whether a range is the one printed, to its three digits."""
    low, _, high = text.partition(" ")
    ends = ((value.lo, low), (value.hi, high or low))
    return all(abs(float(found) - float(printed)) < 5.001e-4 for found, printed in ends)


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        ("aws_growth", "0.960"),
        ("ai_share_of_growth", "0.525 0.734"),
        ("na_margin_change", "0.822"),
        ("na_margin", "0.636"),
        ("north-america", "0.729"),
        ("intl_margin_change", "0.310 0.530"),
        ("intl_margin", "0.388 0.466"),
        ("international", "0.349 0.498"),
        ("aws_margin_change", "0.520"),
        ("aws_margin", "0.738"),
        ("aws", "0.629"),
        ("ads_growth", "0.912"),
        ("ads_contribution", "0.400 0.902"),
        ("cost_intensity_change", "0.338 0.424"),
        ("unit_cost_growth", "0.683 0.738"),
        ("J4", "0.750"),
        ("rpo_growth_ex_labs", "0.867"),
        ("aws_return", "0.588"),
        ("J5", "0.750"),
        ("relative_capture", "0.383"),
        ("capex_burden", "0.820"),
        ("J-R4", "0.750"),
        ("aws_growth_change", "0.000"),
    ],
)
def test_leaves_score_as_printed(leaf: str, expected: str) -> None:
    assert is_printed(part(example(), leaf).score, expected)


@pytest.mark.parametrize(
    ("rule", "expected", "label"),
    [
        ("aws-growth", "0.801 0.886", "strong"),
        ("margins", "0.349 0.498", "weak"),
        ("advertising", "0.604 0.907", "met to strong"),
        ("automation", "0.494 0.562", "weak to met"),
        ("ai-demand", "0.739", "met"),
    ],
)
def test_conditions_score_as_printed(rule: str, expected: str, label: str) -> None:
    found = example().finding(rule)
    assert found is not None
    assert is_printed(found.score, expected)
    assert found.label == label


def test_totals_and_verdict_are_those_printed() -> None:
    """Engines met, risks high at both ends, also after the dead band: WATCH, determined."""
    verdict = example().verdict
    assert is_printed(verdict.engines, "0.593 0.707")
    assert verdict.engines_label == "met"
    assert is_printed(verdict.risks, "0.556")
    assert verdict.risks_label == "high"
    assert (verdict.worst, verdict.best, verdict.clear, verdict.rated) == ("WATCH", "WATCH", True, True)


def test_without_logistics_the_verdict_is_open_and_the_memo_says_what_to_fetch() -> None:
    found = example(without=LOGISTICS)
    automation = found.finding("automation")
    assert automation is not None
    assert is_printed(automation.score, "0.113 0.917")
    assert is_printed(found.verdict.engines, "0.475 0.761")
    assert found.headline == "UNDETERMINED between AT RISK and WATCH"
    first = found.gaps[0]
    assert first.rule == "automation"
    assert first.matters
    assert first.waits_for == ("printed.cost_intensity_change 2026Q2 (not in the facts)",)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("geometric", "0.593 0.707"),
        ("mean", "0.619 0.726"),
        ("min", "0.349 0.498"),
        ("harmonic", "0.563 0.687"),
    ],
)
def test_other_ways_to_combine_give_the_totals_printed_beside_it(how: str, expected: str) -> None:
    findings = example().conditions
    total = combine([f.score for f in findings], [f.rule.weight for f in findings], how, 0.05)
    assert is_printed(total, expected)


@pytest.mark.parametrize(
    ("how", "running", "dead"),
    [("min", 0.500, 0.050), ("harmonic", 0.6865, 0.198), ("geometric", 0.698, 0.440), ("mean", 0.708, 0.618)],
)
def test_a_dead_engine_costs_what_the_method_says(how: str, running: float, dead: float) -> None:
    """The table of the method's first section: five scores, and the same with the second engine broken."""
    weights = [f.rule.weight for f in example().conditions]
    scores = [point(s) for s in (0.80, 0.50, 0.80, 0.70, 0.73)]
    assert combine(scores, weights, how, 0.05).lo == pytest.approx(running, abs=5e-4)
    scores[1] = point(0.05)
    assert combine(scores, weights, how, 0.05).lo == pytest.approx(dead, abs=5e-4)


def test_halving_and_doubling_weights_moves_the_total_as_far_as_printed() -> None:
    findings = example().conditions
    corners = list(product((0.5, 2.0), repeat=5))
    totals = [
        combine(
            [f.score for f in findings],
            [f.rule.weight * factor for f, factor in zip(findings, corner, strict=True)],
            "geometric",
            0.05,
        )
        for corner in corners
    ]
    assert is_printed(Interval(min(t.lo for t in totals), max(t.lo for t in totals)), "0.486 0.693")
    assert is_printed(Interval(min(t.hi for t in totals), max(t.hi for t in totals)), "0.607 0.803")


# what flips it: the example takes each condition at the middle of its printed range ------------------


def at_the_middle(finding: RuleResult) -> RuleResult:
    middle = point(finding.score.middle)
    measure = Measure(weight=1.0, metric="middle", bands=("0%", "25%", "50%", "75%", "100%"))
    leaf = MeasureResult("metric", "middle", "middle", measure, middle, "", 1.0, "fresh", edges=EDGES)
    return changed(finding, parts=(leaf,), score=middle, lift=None)


def condition_flips(risk: float) -> dict[tuple[str, bool], RatingChange]:
    found = example()
    conditions = [at_the_middle(f) for f in found.conditions]
    rule = Rule("risk", "risk", "", "", [])
    measure = Measure(weight=1.0, metric="risk")
    leaf = MeasureResult("metric", "risk", "risk", measure, point(risk), "", 1.0, "fresh", edges=EDGES)
    risks = [RuleResult("risk", rule, point(risk), "", 1.0, (leaf,), leaf)]
    listed = rating_changes(RatingStage(bundled_pack().thesis.verdict, conditions, risks, []))
    return {(flip.rule, flip.better): flip for flip in listed if not flip.part}


def test_only_margins_could_make_the_engines_strong_alone() -> None:
    """.423 to .854 = .423 x (.75 / .652)^5; no score of any other condition reaches it.

    At a high risk a strong engine is still WATCH, so the flip is asked for at an elevated one.
    """
    found = condition_flips(risk=0.30)
    margins = found["margins", True]
    assert margins.to == "ON TRACK"
    assert (margins.now, margins.score) == pytest.approx((0.423, 0.854), abs=6e-4)
    others = ("aws-growth", "advertising", "automation", "ai-demand")
    assert not any(found[rule, True].to for rule in others)


def test_growth_or_demand_alone_could_make_the_engines_weak() -> None:
    found = condition_flips(risk=0.556)
    growth, demand = found["aws-growth", False], found["ai-demand", False]
    assert growth.to == demand.to == "AT RISK"
    assert (growth.now, growth.score) == pytest.approx((0.844, 0.292), abs=1e-3)
    assert (demand.now, demand.score) == pytest.approx((0.739, 0.256), abs=6e-4)


def test_the_memo_takes_each_measure_at_its_middle_which_moves_these_flips_a_little() -> None:
    """A condition made of its measures' middles is not quite the middle of its range.

    So the memo's flips stand at .289 and .252 where the example, from the middles of conditions, prints
    .292 and .256; both follow the same closed form.
    """
    whole = {flip.rule: flip for flip in example().flips if not flip.part and not flip.better}
    conditions = example().conditions
    middles = [point(whole[f.id].now or 0.0) for f in conditions]
    weights = [f.rule.weight for f in conditions]
    engines = combine(middles, weights, "geometric", 0.05).lo
    for rule, printed in (("aws-growth", 0.292), ("ai-demand", 0.256)):
        share = next(f.rule.weight for f in conditions if f.id == rule) / sum(weights)
        needed = (whole[rule].now or 0.0) * (0.5 / engines) ** (1 / share)
        assert whole[rule].score == pytest.approx(needed, abs=1e-9)
        assert needed == pytest.approx(printed, abs=5e-3)
    for rule in ("margins", "advertising", "automation"):
        assert whole[rule].score == pytest.approx(0.25, abs=1e-9)  # the cap on a stopped engine comes first


# a quarter later, with nothing new -------------------------------------------------------------------


def test_the_same_figures_a_quarter_past_due_are_not_rated() -> None:
    found = example(TODAY)
    assert found.headline == "NOT RATED"
    assert is_printed(found.verdict.engines, "0.490 0.790")
    assert math.isclose(found.verdict.coverage, 0.56)
    measured = [leaf for f in found.conditions for leaf in f.leaves() if leaf.kind == "metric"]
    assert {leaf.status for leaf in measured} == {"stale"}
