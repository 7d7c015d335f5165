"""What changed between two looks, cause by cause: nobody else's part, and all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tiers import examples
from thesis.core.problem import InvalidInput
from thesis.journal.causes import CAUSES, ComparisonSide
from thesis.journal.difference import Difference, difference, rating_text
from thesis.journal.hindsight import hindsight_ratings
from thesis.journal.rule_edits import rule_edits
from thesis.language.syntax import SyntaxProblem
from thesis.narrative import difference_text
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.reports import difference_report
from thesis.scoring.assess import assess

MAY, AUGUST = date(2026, 5, 1), date(2026, 8, 5)
THESIS, METRICS, JUDGEMENTS, OVERRIDES, FACTS = (
    "thesis.yaml", "metrics.yaml", "judgements.yaml", "overrides.yaml", "facts/ACME.csv",
)  # fmt: skip
ACME = Path(__file__).parents[1] / "data" / "acme"
OVERRIDE = """overrides:
  - {rule: margins, score: 0.9, reason: A fire., by: R., since: 2026-08-01, until: 2026-12-31}
"""
EVENT = """
events:
  - {rubric: J1, day: 2026-08-04, what: The presses fail., source: letter}
"""
TEXTS = {name: (ACME / name).read_text(encoding="utf-8") for name in (THESIS, METRICS, JUDGEMENTS, FACTS)}


def row(concept: str, period: str, value: str, filed: str) -> str:
    return f"{concept},{period},{value},USD,{filed},10-Q 0000012345-26-000199,reported,\n"


def pack(**changed: Any) -> Pack:
    """Acme, with some files replaced: by name, the dots being underscores."""
    texts = {**TEXTS, **{name.replace("_", "."): text for name, text in changed.items() if name != "facts"}}
    facts = changed.get("facts", texts.pop(FACTS))
    texts.pop(FACTS, None)
    folder = read_folder(ACME, "")._replace(texts=texts, facts={FACTS: facts})
    return build(folder)[0]


def _facts(old: str, new: str = "") -> Pack:
    """Acme with a row of facts changed; with one more, if only one is given."""
    return pack(facts=TEXTS[FACTS].replace(old, new) if new else TEXTS[FACTS] + old)


def _thesis(old: str, new: str) -> Pack:
    assert old in TEXTS[THESIS]
    return pack(thesis_yaml=TEXTS[THESIS].replace(old, new))


def _metrics(old: str, new: str) -> Pack:
    assert old in TEXTS[METRICS]
    return pack(metrics_yaml=TEXTS[METRICS].replace(old, new))


def _without(start: str) -> Pack:
    return pack(facts="".join(line for line in TEXTS[FACTS].splitlines(True) if not line.startswith(start)))


def _formula() -> Pack:
    return pack(
        metrics_yaml=TEXTS[METRICS].replace("formula: yoy(repairs.sales)", "formula: qoq(repairs.sales)")
    )


LATE = "2026-05-20"

# Each changes one thing between May and May: the cause that must have all of it.
CHANGES: dict[str, tuple[str, Callable[[], Pack]]] = {
    "a restated quarter": ("restated", lambda: _facts(row("operating_income", "2025Q4", "39e6", LATE))),
    "a figure found late": ("filled", lambda: _facts(row("building", "2023Q4", "9e6", LATE))),
    "an edited row": ("corrected", lambda: _facts("sales,2025Q4,158000000", "sales,2025Q4,157000000")),
    "a row taken out": ("corrected", lambda: _without("building,2025Q4")),
    "a row of before": ("filled", lambda: _facts(row("sales", "2025Q4", "159e6", "2026-02-03"))),
    "a quarter that ends the year": (
        "rules",
        lambda: _metrics("{name: Acme Anvils}", "{name: Acme Anvils, year_ends: Q3}"),
    ),
    "a row that says it again": ("time", lambda: _facts(row("operating_income", "2025Q4", "25000000", LATE))),
    "a band": ("rules", lambda: _thesis("[5%, 10%, 15%, 20%, 25%]", "[5%, 8%, 12%, 20%, 25%]")),
    "a weight": ("rules", lambda: _thesis("weight: 60", "weight: 20")),
    "a formula": ("rules", _formula),
}


def between(b: Pack, *, a: Pack | None = None, then: date = MAY, now: date = date(2026, 5, 25)) -> Difference:
    return difference(ComparisonSide("A", a or pack(), then), ComparisonSide("B", b, now))


@pytest.mark.parametrize(("cause", "changed"), CHANGES.values(), ids=CHANGES)
def test_what_changed_is_the_part_of_its_cause_alone(cause: str, changed: Callable[[], Pack]) -> None:
    found = between(changed())
    assert set(found.between.present) == {cause, "time"}
    if cause != "time":
        assert found.between.count(cause) or cause == "rules"
    moved = {
        step.cause
        for i, step in enumerate(found.steps)
        for rule in found.rules
        if rule.scores[i] != rule.scores[i + 1]
    }
    assert moved <= {cause}


def test_a_new_quarter_a_judgement_an_override_and_time_are_told_apart() -> None:
    graded = TEXTS[JUDGEMENTS] + EVENT
    found = between(pack(judgements_yaml=graded, overrides_yaml=OVERRIDE), now=AUGUST)
    assert found.between.present == ("quarters", "judgements", "overrides", "time")
    assert all(fact.period.index == found.b.quarter.index for fact in found.between.rows["quarters"])  # type: ignore[union-attr]
    margins = next(rule for rule in found.rules if rule.id == "margins")
    assert margins.scores[-1] is not None
    assert margins.scores[-1].lo == 0.9


def test_a_thing_differs_from_itself_in_nothing() -> None:
    found = between(pack(), now=MAY)
    assert difference_text.is_empty(found)
    assert found.steps == ()
    assert "Nothing lies between them." in difference_report.difference_text(found)


def test_both_ends_are_what_a_look_by_itself_gives() -> None:
    """The first step begins with A as it was, the last ends with B as it is."""
    b = pack(
        thesis_yaml=TEXTS[THESIS].replace("weight: 60", "weight: 20"),
        facts=TEXTS[FACTS] + row("operating_income", "2025Q4", "39e6", "2026-05-20"),
    )
    found = between(b, now=AUGUST)
    for heard, side in ((found.before, found.a), (found.after, found.b)):
        alone = assess(side.pack, side.day)
        assert heard.verdict == alone.verdict
        assert [f.score for f in heard.conditions] == [f.score for f in alone.conditions]


NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?=%|\b)")


def test_no_edit_of_a_number_goes_without_a_cause() -> None:
    """Whatever number of the thesis is edited, the way ends where a look by itself does."""
    text, ends = TEXTS[THESIS], 0
    for found in NUMBER.finditer(text):
        more = f"{float(found[0]) + 1:g}"
        try:
            b = pack(thesis_yaml=text[: found.start()] + more + text[found.end() :])
            assess(b, AUGUST)
        except (InvalidInput, LookupError, ValueError, SyntaxProblem):
            continue  # such a pack is refused
        between(b, then=AUGUST, now=AUGUST)
        ends += 1
    assert ends > 20


CHOICES = st.fixed_dictionaries(
    {
        "weight": st.integers(1, 99),
        "band": st.integers(11, 19),
        "income": st.integers(20, 60),
        "level": st.integers(0, 2),
        "score": st.one_of(st.none(), st.integers(0, 100)),
        "day": st.integers(0, 200),
    }
)


def drawn(chosen: dict[str, Any]) -> tuple[Pack, date]:
    """A pack with its rules, figures, judgements and overrides all changed, on some day."""
    day = date.fromordinal(MAY.toordinal() + chosen["day"])
    score = chosen["score"]
    rules = TEXTS[THESIS].replace("weight: 60", f"weight: {chosen['weight']}")
    rules = rules.replace("[5%, 10%, 15%, 20%, 25%]", f"[5%, 10%, {chosen['band']}%, 20%, 25%]")
    grade = (
        f"  - {{rubric: J1, level: {chosen['level']}, graded: 2026-05-02, by: B., evidence: x, source: y}}\n"
    )
    more = {"overrides_yaml": OVERRIDE.replace("0.9", f"{score}%")} if score is not None else {}
    facts = TEXTS[FACTS] + row("operating_income", "2025Q3", f"{chosen['income']}e6", "2026-05-20")
    return pack(thesis_yaml=rules, judgements_yaml=f"{TEXTS[JUDGEMENTS]}{grade}\n", facts=facts, **more), day


@examples(25)
@given(CHOICES)
def test_parts_add_up_exactly(chosen: dict[str, Any]) -> None:
    """Of every rule and both totals the causes' parts are what lies between the two, to the last bit."""
    b, day = drawn(chosen)
    found = between(b, now=day)
    for rule in found.rules:
        ends = [Fraction(score.lo) for score in rule.scores if score is not None]
        assert sum((y - x for x, y in pairwise(ends)), Fraction(0)) == ends[-1] - ends[0]
        printed = [
            int(part)
            for i in range(len(found.steps))
            for part in [_low(difference_report.score_change_text(rule, i))]
        ]
        first, last = (round(100 * float(f"{s.lo:.2f}")) for s in (rule.scores[0], rule.scores[-1]) if s)
        assert sum(printed) == last - first
    assert all(x.after is y.before for x, y in pairwise(found.steps))


def _low(part: str) -> int:
    return int(part.partition("/")[0]) if part else 0


@examples(10)
@given(CHOICES)
def test_where_order_is_said_not_to_matter_it_does_not(chosen: dict[str, Any]) -> None:
    """Taken over in the opposite order, every cause moves the verdict as it did."""
    b, day = drawn(chosen)
    found = between(b, now=day)
    if found.order_matters is not False:
        return
    reverse = found.between.present[::-1]
    for i, cause in enumerate(reverse):
        before, after = found.between.scores_with(reverse[:i]), found.between.scores_with(reverse[: i + 1])
        step = found.step(cause)
        assert step is not None
        if step.moves:
            assert (rating_text(before), rating_text(after)) == (
                rating_text(step.before),
                rating_text(step.after),
            )
        else:
            assert rating_text(before) == rating_text(after)


def test_the_later_look_comes_second() -> None:
    with pytest.raises(ValueError, match="the earlier one first"):
        between(pack(), then=AUGUST, now=MAY)


# edited rules ------------------------------------------------------------------------------------

EDITS = {
    "bands: [5%, 10%, 15%, 20%, 25%]": ("bands: [5%, 9%, 14%, 20%, 25%]", "threshold", "eased"),
    "bands: [0%, 5%, 10%, 20%, 30%]": ("bands: [0%, 5%, 12%, 25%, 30%]", "threshold", "tightened"),
    "bands: [50%, 75%, 100%, 125%, 150%]": ("bands: [50%, 80%, 110%, 125%, 150%]", "threshold", "eased"),
    "when: repairs_growth < 0 in 2": ("when: repairs_growth < -5% in 2", "threshold", "eased"),
    "holds: repairs_growth >= 10%": ("holds: repairs_growth >= 15%", "threshold", "tightened"),
    "of last 3 quarters": ("of last 4 quarters", "threshold", ""),
    "sustained: 2 of 3": ("sustained: 1 of 3", "threshold", ""),
    "weight: 40": ("weight: 50", "weight", ""),
    "combine: geometric": ("combine: min", "formula", ""),
    "    met: [ON TRACK, WATCH": ("    met: [ON TRACK, ON TRACK", "verdict table", ""),
    "market_cap: 2e9": ("market_cap: 1e9", "target", ""),
    "Acme keeps more of each dollar than it did.": ("Acme keeps more than it did.", "wording", ""),
}  # fmt: skip


WAS = {
    "bands: [5%, 10%, 15%, 20%, 25%]": "5%, 10%, 15%, 20%, 25%",
    "weight: 40": "40",
    "market_cap: 2e9": "2000000000",
    "when: repairs_growth < 0 in 2": "repairs_growth < 0 in 2 of last 3 quarters",
}


@pytest.mark.parametrize("old", EDITS)
def test_an_edit_is_named_by_its_kind_and_its_way(old: str) -> None:
    new, kind, way = EDITS[old]
    assert TEXTS[THESIS].count(old) == 1, old
    found = rule_edits(pack(), pack(thesis_yaml=TEXTS[THESIS].replace(old, new)))
    assert [(e.kind, e.way) for e in found] == [(kind, way)]
    assert found[0].was == WAS.get(old, found[0].was)


def test_a_rubric_and_a_formula_are_edits_too() -> None:
    eased = TEXTS[JUDGEMENTS].replace("A figure is given.", "A figure is hinted at.")
    other = TEXTS[METRICS].replace("ttm(operating_income) / ttm(sales)", "operating_income / sales")
    found = rule_edits(pack(), pack(judgements_yaml=eased, metrics_yaml=other))
    assert [(e.path, e.kind) for e in found] == [
        ("metrics.margin.formula", "formula"),
        ("rubrics.J1.levels", "rubric"),
    ]


def test_a_rule_that_was_added_or_taken_out_is_told() -> None:
    start = TEXTS[THESIS].index("risks:")
    end = TEXTS[THESIS].index("kill:")
    found = between(pack(thesis_yaml=TEXTS[THESIS][:start] + TEXTS[THESIS][end:]))
    building = next(rule for rule in found.rules if rule.id == "building")
    assert building.scores[-1] is None
    assert "edited rules removed" in difference_report.difference_text(found)


# regret ------------------------------------------------------------------------------------------


def test_what_ended_with_time_is_named() -> None:
    """An override that lapses and a grade that expires hide in no column."""
    ends = OVERRIDE.replace("2026-12-31", "2026-08-10")
    both = pack(overrides_yaml=ends)
    found = between(both, a=both, then=AUGUST, now=date(2026, 11, 25))
    told = " ".join(difference_report.difference_text(found).split())
    assert "With time: " in told
    assert "the override of Margins ended" in told
    assert "is expired" in told


_SWITCHED = (
    "        because: Below 10% anvils stay the larger part until 2040.\n",
    """        because: Below 10% anvils stay the larger part until 2040.
        until: 2026-05-09
      - metric: margin
        bands: [5%, 10%, 15%, 20%, 25%]
        weight: 1
        because: Another measure.
        since: 2026-05-10
""",
)


def test_a_change_of_measure_on_a_date_is_a_cause_of_its_own() -> None:
    """Not the passing of time, and no edit: the day stands in the pack of both sides."""
    dated = _thesis(*_SWITCHED)
    found = between(dated, a=dated, now=date(2026, 5, 12))
    assert found.between.present == ("time", "dated")
    moved = {
        step.cause
        for i, step in enumerate(found.steps)
        for rule in found.rules
        if rule.scores[i] != rule.scores[i + 1]
    }
    assert moved == {"dated"}
    told = " ".join(difference_report.difference_text(found).split())
    assert "rule changes on a date" in told
    assert "2026-05-10: Repairs grow is measured by" in told
    before = between(dated, a=dated, now=date(2026, 5, 9))
    assert before.between.present == ("time",)


def test_a_kill_criterion_that_trips_has_a_line() -> None:
    found = between(_thesis("when: repairs_growth < 0 in 2 of last 3 quarters", "when: repairs_growth < 90%"))
    assert "K1 tripped: no, then yes, by edited rules" in difference_report.difference_text(found)


def test_a_score_that_causes_share_is_not_told_to_be_split_one_way() -> None:
    """A figure counts for more under other bands: either may be told to have moved the score."""
    b = pack(
        thesis_yaml=TEXTS[THESIS].replace("[5%, 10%, 15%, 20%, 25%]", "[5%, 11%, 19%, 20%, 25%]"),
        facts=TEXTS[FACTS] + row("operating_income", "2025Q4", "45e6", "2026-05-20"),
    )
    found = between(b)
    assert found.shared == ("Margins",)
    order = difference_text.order_text(found)
    assert "Another order would tell the same." not in order


def test_regret_is_what_the_same_rules_say_of_the_same_quarters_today() -> None:
    """A restatement of a signed quarter counts, a later quarter and an edited rule do not."""
    now = pack(
        thesis_yaml=TEXTS[THESIS].replace("[0%, 5%, 10%, 20%, 30%]", "[60%, 70%, 80%, 90%, 99%]"),
        facts=TEXTS[FACTS]
        + row("operating_income", "2025Q4", "1e6", "2026-06-20")
        + row("operating_income", "2025Q3", "1e6", "2026-06-20"),
    )

    class Signed:
        name = "2026Q1"

    review: Any = Signed()
    (found,) = hindsight_ratings(
        [(review, ComparisonSide("2026Q1", pack(), MAY))], ComparisonSide("now", now, AUGUST)
    )
    assert found.rows == 2
    assert found.then == "AT RISK..WATCH"
    assert found.now == "AT RISK"
    assert found.differs


def test_every_cause_has_a_name() -> None:
    assert all(name and words == words.strip() for name, words in CAUSES.items())
