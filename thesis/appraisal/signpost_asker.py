"""Asks the conditions of valuation.yaml, which may read scores."""

from __future__ import annotations

from collections.abc import Mapping

from thesis.case.case import Case, parse_once
from thesis.core.interval import Interval
from thesis.language import nodes as n
from thesis.pack.scores import SCORE, score_name
from thesis.scoring.rules import RuleScorer


class SignpostAsker:
    """Asks the conditions of valuation.yaml of a case; each score is worked out once, when asked for."""

    def __init__(self, case: Case, scores: Mapping[str, Interval] | None = None) -> None:
        self.case = case
        self._scores = dict(scores or {})

    def answer(self, condition: str, given: Mapping[str, Interval] | None = None) -> Interval:
        """No, yes or unknown, with some names given beside the scores."""
        asked = {part.name for part in parse_once(condition).walk() if isinstance(part, n.Name)}
        scores = {name: self._score(name) for name in asked if name.startswith(SCORE)}
        return self.case.supposing({**scores, **(given or {})}).answer(condition, self.case.quarter)

    def _score(self, name: str) -> Interval:
        if name not in self._scores:
            thesis = self.case.pack.thesis
            rule = next(r for r in (*thesis.conditions, *thesis.risks) if score_name(r.id) == name)
            self._scores[name] = RuleScorer(self.case).score_rule(rule).score
        return self._scores[name]
