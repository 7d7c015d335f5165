"""How long each format takes to be written, as ratios to the Markdown memo of the same assessment.

    python benchmarks/render.py [--rounds 15]

Each round writes every format once, in turn, so that a machine that speeds up or slows down does so for all
of them; the figure is the median over the rounds of the ratio to the memo of the same round. The pack is read
and assessed before; what a format works out by itself counts (the quarters of history, the workbook's grid,
the charts and the quarters in them). A format joins by a line in ``formats``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from thesis import page, paper
from thesis.answers import answer
from thesis.appraisal.appraise import appraise, with_appraisal
from thesis.assess import assess
from thesis.case import Case
from thesis.charts import charts
from thesis.checklist import checklist
from thesis.files import bundled
from thesis.folder import read_folder
from thesis.formats.annotations import commands
from thesis.formats.csvs import to_csv
from thesis.formats.dates import dates_of
from thesis.formats.fact_rows import fact_table
from thesis.formats.history_rows import history_table
from thesis.formats.icalendar import icalendar
from thesis.formats.junit import junit
from thesis.formats.metric_rows import metric_table
from thesis.formats.outcomes import of_assessment
from thesis.formats.parquet import to_parquet
from thesis.journal.standing import standing
from thesis.memo import render
from thesis.pack import build
from thesis.past import assessments
from thesis.workbook import workbook

DAY = date(2026, 10, 15)
QUARTERS = 20
PAST = 12  # as in the memo's charts
MEMO = "memo, Markdown"
Writer = Callable[[], str | bytes]


def formats(cache: Path) -> Mapping[str, Writer]:
    """What writes each format of the bundled thesis; ``cache``: where compiled templates are kept."""
    pack = build(read_folder(bundled("rules") / "amzn-4t", "rules/amzn-4t"))[0]
    found = with_appraisal(pack, assess(pack, DAY), {})
    past = assessments(pack, DAY, PAST)
    drawn = charts(found, past)
    return {
        MEMO: lambda: render(found, None, cache),
        "HTML, no charts": lambda: page.render(found, None, cache),
        "past quarters": lambda: " " * len(assessments(pack, DAY, PAST)),
        "charts": lambda: "".join(chart.svg for chart in charts(found, past)),
        "HTML, charts drawn": lambda: page.render(found, None, cache, drawn),
        "HTML, in all": lambda: page.render(found, None, cache, charts(found, assessments(pack, DAY, PAST))),
        "PDF": lambda: paper.pdf(page.render(found, None, cache, drawn)),
        "checklist": lambda: checklist(found),
        "JSON": lambda: json.dumps(answer("assessment", found)),
        "JUnit": lambda: junit(found.pack, of_assessment(found, 0), DAY, {}),
        "GitHub": lambda: commands(of_assessment(found, 0), lambda outcome: outcome.span),
        "facts, CSV": lambda: to_csv(fact_table(pack, DAY, vintages=True)),
        "facts, Parquet": lambda: to_parquet(fact_table(pack, DAY, vintages=True)),
        "metrics, CSV": lambda: to_csv(metric_table(pack, DAY, QUARTERS)),
        "history, CSV": lambda: to_csv(history_table(pack, DAY, QUARTERS)),
        "calendar": lambda: icalendar(found.pack, DAY, dates_of(pack, found, standing(pack, found, ()))),
        "workbook": lambda: workbook(Case(pack, DAY), found, appraise(Case(pack, DAY))),
    }


def measure(writers: Mapping[str, Writer], rounds: int) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Seconds of each round, and the size of what was written."""
    times: dict[str, list[float]] = {name: [] for name in writers}
    sizes: dict[str, int] = {}
    for i in range(-1, rounds):  # the first round warms what is remembered
        for name, write in writers.items():
            start = time.perf_counter()
            written = write()
            if i >= 0:
                times[name].append(time.perf_counter() - start)
            sizes[name] = len(written.encode() if isinstance(written, str) else written)
    return times, sizes


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--rounds", type=int, default=15)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as cache:
        times, sizes = measure(formats(Path(cache)), rounds)
    ratios = {
        name: statistics.median(a / b for a, b in zip(values, times[MEMO], strict=True))
        for name, values in times.items()
    }
    print(f"{'format':<20}{'ratio to the memo':>18}{'median ms':>11}{'kB':>9}")
    for name, values in times.items():
        ms = statistics.median(values) * 1000
        print(f"{name:<20}{ratios[name]:>18.2f}{ms:>11.1f}{sizes[name] / 1000:>9.1f}")
    print(json.dumps({"rounds": rounds, "ratios": {name: round(value, 3) for name, value in ratios.items()}}))


if __name__ == "__main__":
    main()
