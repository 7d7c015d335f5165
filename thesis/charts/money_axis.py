"""A horizontal axis of market cap with today's value and the target, used by several charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from thesis.appraisal.appraise import Appraisal
from thesis.charts.marks import MARGIN, Label, Mark, Shape, line, text_width
from thesis.charts.scales import LinearScale, padded_range, ticks
from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.narrative.key_assumption_text import currency

WIDE = 600


class MoneyAxis(NamedTuple):
    """An axis of market values in the target's currency, with its middle and the target."""

    a: Appraisal
    scale: LinearScale

    @classmethod
    def along(cls, a: Appraisal, values: Sequence[float], left: float, right: float) -> MoneyAxis:
        """An axis that holds some values and the target."""
        low, high = padded_range([*values, a.target])
        return cls(a, LinearScale(low, high, left, right))

    def money_text(self, value: Interval | float) -> str:
        return formatting.short(value, "billions", currency(self.a))

    def axis(self, y: float) -> Iterator[Mark]:
        """The axis below the rows, with round numbers."""
        yield line("axis", self.scale.start, y, self.scale.end, y)
        for value in ticks(self.scale.low, self.scale.high):
            x = self.scale(value)
            yield line("axis", x, y, x, y + 4)
            text = formatting.round_value(value, "billions", currency(self.a))
            yield Label("tick", x, y + 17, text, "middle")

    def end_labels(self, lines: Sequence[tuple[str, float]], y: float) -> list[Label]:
        """Names of two vertical lines, each on its side; where they would meet, the right one is lower."""
        (text, value), (other, more) = sorted(lines, key=lambda each: each[1])
        x = max(self.scale(value) + 3, MARGIN + text_width("small", text))
        to = min(self.scale(more) - 3, WIDE - MARGIN - text_width("small", other))
        return [Label("small", x, y, text, "end"), Label("small", to, y if to > x + 8 else y + 14, other)]

    def today_line(
        self, value: float, places: Sequence[tuple[float, float]], labels: Sequence[Mark]
    ) -> Iterator[Shape]:
        """The value of today, or of the middle beliefs, as a line down through the rows."""
        yield from self._down(("now",), value, places, labels)

    def target_line(self, places: Sequence[tuple[float, float]], labels: Sequence[Mark]) -> Iterator[Shape]:
        """The target as a line down through the rows, set apart from the bars that it crosses."""
        yield from self._down(("target-edge", "target"), self.a.target, places, labels)

    def _down(
        self,
        kinds: Sequence[str],
        value: float,
        places: Sequence[tuple[float, float]],
        labels: Sequence[Mark],
    ) -> list[Shape]:
        """A vertical line in pieces, which leave out what is written between the rows and beside the bars."""
        x = self.scale(value)
        written = [
            label for label in labels if isinstance(label, Label) and label.left - 2 < x < label.right + 2
        ]
        return [
            line(kind, x, top, x, bottom)
            for kind in kinds
            for top, bottom in places
            if not any(top < label.y and label.y - 9 < bottom for label in written)
        ]


def money_axis(a: Appraisal) -> str:
    """The name of the unit on an axis of market values, such as ``billion dollars``."""
    return formatting.unit_text("billions", currency(a))
