"""Charts: an assessment as SVG drawings, each with a description in words.

Same inputs, same bytes. Ids in a chart begin with ``chart-`` and its own; colours are custom properties of
the page (``thesis.charts.paint``), with fallbacks for a light and for a dark one. What is not known is drawn
as a gap and said to be unknown, what is a range as a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thesis.charts.history_chart import history_charts
from thesis.charts.scorecard_chart import SignedQuarter as SignedQuarter
from thesis.charts.scorecard_chart import scorecard_chart
from thesis.charts.svg import SvgChart as SvgChart
from thesis.charts.verdict_matrix import verdict_matrix
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.calibration import Bin

__all__ = ["SignedQuarter", "SvgChart", "charts", "reliability"]


def charts(
    a: Assessment, past: Sequence[Assessment] = (), signed: Sequence[SignedQuarter] = ()
) -> list[SvgChart]:
    """All that an assessment allows, in the order of a memo; what would have nothing to show is left out.

    ``past``: earlier assessments, oldest first, as ``thesis.reports.quarterly_history.past_assessments``
    gives them. A measure's id is ``history-`` and the metric's name; of one that a second rule looks at too,
    with that rule's id behind it. ``signed``: the ratings that reviews have published, oldest first.
    """
    found = [scorecard_chart(a, past, signed), verdict_matrix(a, past), *history_charts(a, past)]
    if a.appraisal is not None and not a.appraisal.reason:
        found += _worth(a.appraisal)
    return [each for each in found if each]


def _worth(a: Appraisal) -> list[SvgChart | None]:
    """What the target takes; only an assessment with an appraisal pays for the imports."""
    from thesis.charts.attribution_chart import attribution_chart
    from thesis.charts.fan_chart import fan_chart
    from thesis.charts.football_field import football_field
    from thesis.charts.tornado_chart import tornado_chart

    return [attribution_chart(a), football_field(a), tornado_chart(a), fan_chart(a)]


def reliability(bins: Sequence[Bin], n: int) -> SvgChart:
    """Past forecasts beside what came of them: rows of ``reliability_table``, ``n`` independent forecasts."""
    from thesis.charts.reliability_diagram import reliability_diagram as drawn

    return drawn(bins, n)
