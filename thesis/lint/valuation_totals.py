"""Checks of a valuation's starting figures taken together.

How many figures may be ranges, for what follows is reckoned at every corner of them; and whether the
segments are the company.
"""

from __future__ import annotations

from thesis.case.case import NothingKnown, parse_once
from thesis.case.identities import FOREVER
from thesis.core.interval import Interval, point
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem
from thesis.lint.number_checks import NumberChecks
from thesis.pack.assumptions import MOST_UNCERTAIN, number_range
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pricing.priced_case import case_as_of

MOST_RANGED = 12  # figures and multiples that are ranges: a sum of parts is reckoned at 4,096 corners
APART = 0.005  # of the total, which the segments may miss by rounding
_STANDS = ("sales", "ebit", "margin_now")


class ValuationTotalChecks:
    """The checks of all segments and claims together."""

    def __init__(self, figures: NumberChecks, valuation: ValuationInputs) -> None:
        self.figures = figures
        self.valuation = valuation

    def check(self) -> None:
        """Whether there are more ranges than can be reckoned at all their corners."""
        named = [
            ("the share price", self.figures.report.pack.thesis.price),
            ("shares", self.valuation.shares),
        ]
        if any(segment.rest for segment in self.valuation.segments):
            named += [("total sales", self.valuation.total.sales), ("total ebit", self.valuation.total.ebit)]
        for segment in self.valuation.segments:
            named += [(f"{segment.id} {field}", getattr(segment, field)) for field in _STANDS]
        for claim in self.valuation.claims:
            if claim.counted:
                text = f"({claim.value}) + ({claim.cost})" if claim.cost else claim.value
                named.append((claim.id, text))
        loose = self._loose()
        found = [name for name, text in named if text and self._is_loose(text, loose)]
        found += [c.id for c in self.valuation.claims if c.counted and c.id not in found and _is_range(c.tax)]
        multiples = [s.id for s in self.valuation.segments if _is_range(s.multiple or s.sales_multiple)]
        hint = "give some of them as one number"
        if len(found) > MOST_UNCERTAIN:
            message = (
                f"expected at most {MOST_UNCERTAIN} figures that may be ranges, found {', '.join(found)}"
            )
            self.figures.wrong("too-many-values", message, "segments", hint=hint)
        elif len(found) + len(multiples) > MOST_RANGED:
            told = ", ".join([*found, *(f"the multiple of {name}" for name in multiples)])
            message = f"expected at most {MOST_RANGED} figures and multiples that may be ranges, found {told}"
            self.figures.wrong("too-many-values", message, "segments", hint=hint)

    def _loose(self) -> set[str]:
        """Concepts that may be ranges: by an assumption, or because some row is one."""
        pack = self.figures.report.pack
        found = {name for name, concept in pack.concepts.items() if ".." in concept.assume or concept.reach}
        return found | {
            name
            for name, _, _, cells in pack.facts.each()
            if len(cells) > 2 and (".." in cells[2] or cells[2].lstrip()[:1] in ("<", ">"))
        }

    def _is_loose(self, text: str, loose: set[str]) -> bool:
        """Whether a formula, or a metric that it is made of, reads a range."""
        pack, seen, below = self.figures.report.pack, set[str](), [text]
        while below:
            try:
                nodes = list(parse_once(below.pop()).walk())
            except SyntaxProblem:
                continue  # reported with the formula
            names = {node.name for node in nodes if isinstance(node, n.Name)} - seen
            if names & loose or any(isinstance(node, n.Range) for node in nodes):
                return True
            seen |= names
            below += [pack.metrics[name].formula for name in names if name in pack.metrics]
        return False

    def doubts(self) -> None:
        """The segments are parts of the total; without a rest, their sum must be the total."""
        case = case_as_of(self.figures.report.pack, FOREVER)
        try:
            quarter = case.quarter
        except NothingKnown:
            return  # nothing is filed

        def ask(text: str) -> Interval:
            return case.evaluator.ask(parse_once(text), quarter)

        sums = {"sales": point(0.0), "ebit": point(0.0)}
        for segment in self.valuation.segments:
            if segment.rest:
                continue
            sales = ask(segment.sales)
            sums["sales"] += sales
            sums["ebit"] += ask(segment.ebit) if segment.ebit else sales * ask(segment.margin_now)
        rest = next((i for i, segment in enumerate(self.valuation.segments) if segment.rest), None)
        if rest is not None:
            left = ask(self.valuation.total.sales) - sums["sales"]
            if left.hi < 0:
                message = (
                    f"its sales come to {left} in {quarter}: the other segments have more than the total"
                )
                self.figures.wrong("below-least", message, "segments", rest)
            return
        for field, found in sums.items():
            total = ask(getattr(self.valuation.total, field))
            apart = max(found.lo - total.hi, total.lo - found.hi)
            if apart > APART * max(abs(total.lo), abs(total.hi)):
                message = f"the segments' {field} add up to {found} in {quarter}, the total is {total}"
                hint = "what they leave of it is in no segment: add one with `rest: true`"
                self.figures.warning("untied", message, "total", field, hint=hint)


def _is_range(text: str) -> bool:
    try:
        return bool(text) and not number_range(text).is_point
    except ValueError:
        return False  # reported with the number
