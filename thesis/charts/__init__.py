"""Charts: an assessment as pictures, each one SVG element that says in words what it shows.

Same inputs, same bytes. Ids in a chart begin with ``chart-`` and its own; colours are custom properties of
the page (``thesis.charts.paint``), with fallbacks for a light and for a dark one. What is not known is drawn
as a gap and said to be unknown, what is a range as a range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from thesis.assessment import Assessment
from thesis.charts.drawing import Chart as Chart
from thesis.charts.history import histories
from thesis.charts.matrix import matrix
from thesis.charts.scorecard import scorecard

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.calibration import Bin

__all__ = ["Chart", "charts", "reliability"]


def charts(a: Assessment, past: Sequence[Assessment] = ()) -> list[Chart]:
    """All that an assessment allows, in the order of a memo; what would have nothing to show is left out.

    ``past``: earlier assessments, oldest first, as ``thesis.past.assessments`` gives them. A measure's id is
    ``history-`` and the metric's name; of one that a second rule looks at too, with that rule's id behind it.
    """
    found = [scorecard(a, past), matrix(a), *histories(a, past)]
    if a.appraisal is not None and not a.appraisal.reason:
        found += _worth(a.appraisal)
    return [each for each in found if each]


def _worth(a: Appraisal) -> list[Chart | None]:
    """What the target takes; only an assessment with an appraisal pays for the imports."""
    from thesis.charts.attribution import attribution
    from thesis.charts.fan import fan
    from thesis.charts.football import football
    from thesis.charts.tornado import tornado

    return [attribution(a), football(a), tornado(a), fan(a)]


def reliability(bins: Sequence[Bin], n: int) -> Chart:
    """Past forecasts beside what came of them: rows of ``reliability_table``, ``n`` independent forecasts."""
    from thesis.charts.forecasts import reliability as drawn

    return drawn(bins, n)
