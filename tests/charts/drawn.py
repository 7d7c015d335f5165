"""Drawn: assessments with their charts, and a chart read back as a browser would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from thesis.appraisal.appraise import add_appraisal
from thesis.appraisal.simulation.target_chances import SimulationOptions
from thesis.charts import SvgChart, charts
from thesis.charts.text_width import label_width
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.reports.quarterly_history import past_assessments
from thesis.scoring.assess import add_last_rating, assess
from thesis.scoring.assessment import Assessment

DATA = Path(__file__).parents[1] / "data"
RATED, STALE = date(2026, 10, 15), date(2026, 11, 22)
AFTER_JULY = date(2026, 8, 15)
DRAWS = SimulationOptions(draws=4000, seed=7)
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} & 'q' </text>]]>"
EDITS = (
    ("thesis.yaml", "name: Repairs grow", f'name: "{HOSTILE * 3}"'),
    ("thesis.yaml", "name: Margins", 'name: "長い名前長い名前長い名前長い名前 \\u0001 \\ufffe é \\u202e"'),
    ("thesis.yaml", "WATCH", f'"{HOSTILE}"'),
    ("thesis.yaml", "severe", "so severe that nobody has a word for it"),
    ("thesis.yaml", "broken", f'"{HOSTILE}"'),
    ("metrics.yaml", "label: Growth of repairs", f'label: "{HOSTILE * 6}"'),
    ("valuation.yaml", "name: Good\n", f'name: "{HOSTILE}"\n'),
    ("valuation.yaml", "name: Earnings,", f'name: "{HOSTILE}",'),
    ("valuation.yaml", "name: Anvils\n", f'name: "{HOSTILE}"\n'),
)


class Drawn(NamedTuple):
    """An assessment with the ones before it, and its charts."""

    pack: Pack
    a: Assessment
    past: Sequence[Assessment]
    charts: Sequence[SvgChart]

    def chart(self, name: str) -> SvgChart:
        return next(each for each in self.charts if each.id == name)

    @property
    def size(self) -> int:
        """Of all charts together, in bytes."""
        return sum(len(each.svg.encode()) for each in self.charts)


def drawn(pack: Pack, day: date, *, simulated: bool = True) -> Drawn:
    """All that a pack allows on a day."""
    a = add_last_rating(pack, assess(pack, day))
    if pack.valuation:
        a = add_appraisal(pack, a, {}, DRAWS if simulated else None)
    past = past_assessments(pack, day, 12)
    return Drawn(pack, a, past, charts(a, past))


@cache
def amazon(day: date) -> Drawn:
    return drawn(build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0], day)


@cache
def alphabet() -> Drawn:
    return drawn(
        build(read_folder(bundled_folder("rules") / "googl-cloud", "rules/googl-cloud"))[0], AFTER_JULY
    )


@cache
def overridden(folder: Path) -> Drawn:
    """The Amazon thesis with overrides in force."""
    return drawn(build(read_folder(folder, folder.name))[0], RATED)


# a chart, read back ----------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


class Text(NamedTuple):
    """A label in a chart, with where it stands and how it is set."""

    text: str
    x: float
    y: float
    size: float
    bold: bool
    anchor: str
    is_tick: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of its letters."""
        wide = label_width(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - 0.76 * self.size, left + wide, self.y + 0.2 * self.size


def read(chart: SvgChart) -> ET.Element:
    """The chart as XML."""
    return ET.fromstring(chart.svg)


def size_of(chart: SvgChart) -> tuple[float, float]:
    """How wide and how high its own coordinates are."""
    _, _, wide, high = map(float, read(chart).attrib["viewBox"].split())
    return wide, high


def texts(chart: SvgChart) -> list[Text]:
    """Every label that can be seen."""
    return [
        Text(
            text="".join(each.itertext()),
            x=float(each.attrib["x"]),
            y=float(each.attrib["y"]),
            size=float(group.attrib["font-size"]),
            bold=group.get("font-weight") == "bold",
            anchor=group.get("text-anchor", "start"),
            is_tick="tick" in group.attrib["class"].split(),
        )
        for group in read(chart).iter(f"{SVG}g")
        for each in group.iter(f"{SVG}text")
    ]


def tips(chart: SvgChart) -> list[str]:
    """What a pointer shows over a mark."""
    return ["".join(each.itertext()) for path in read(chart).iter(f"{SVG}path") for each in path]
