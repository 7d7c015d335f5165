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

from thesis.appraisal.appraise import add_appraisal, appraise
from thesis.charts import charts
from thesis.export.check_outcomes import assessment_outcomes
from thesis.export.csv_table import to_csv
from thesis.export.fact_rows import fact_table
from thesis.export.github import commands
from thesis.export.history_rows import history_table
from thesis.export.icalendar import icalendar
from thesis.export.json_answers import answer_record
from thesis.export.junit import junit
from thesis.export.key_dates import key_dates
from thesis.export.metric_rows import metric_table
from thesis.export.parquet import to_parquet
from thesis.files.cache import Cache
from thesis.files.disk import bundled_folder
from thesis.journal.status import journal_status
from thesis.memo import html, pdf
from thesis.memo.markdown import render_memo
from thesis.pack.folder import read_folder
from thesis.pack.load import build
from thesis.pricing.priced_case import case_as_of
from thesis.reports.check_report import check_text
from thesis.reports.quarterly_history import past_assessments
from thesis.scoring.assess import assess
from thesis.workbook import workbook

DAY = date(2026, 10, 15)
QUARTERS = 20
PAST = 12  # as in the memo's charts
MEMO = "memo, Markdown"
Writer = Callable[[], str | bytes]


def formats(cache: Cache) -> Mapping[str, Writer]:
    """What writes each format of the bundled thesis; ``cache``: where compiled templates are kept."""
    pack = build(read_folder(bundled_folder("rules") / "amzn-4t", "rules/amzn-4t"))[0]
    found = add_appraisal(pack, assess(pack, DAY), {})
    past = past_assessments(pack, DAY, PAST)
    drawn = charts(found, past)
    return {
        MEMO: lambda: render_memo(found, None, cache),
        "HTML, no charts": lambda: html.render_html_memo(found, None, cache),
        "past quarters": lambda: " " * len(past_assessments(pack, DAY, PAST)),
        "charts": lambda: "".join(chart.svg for chart in charts(found, past)),
        "HTML, charts drawn": lambda: html.render_html_memo(found, None, cache, drawn),
        "HTML, in all": lambda: html.render_html_memo(
            found, None, cache, charts(found, past_assessments(pack, DAY, PAST))
        ),
        "PDF": lambda: pdf.pdf(html.render_html_memo(found, None, cache, drawn)),
        "checklist": lambda: check_text(found),
        "JSON": lambda: json.dumps(answer_record("assessment", found)),
        "JUnit": lambda: junit(found.pack, assessment_outcomes(found, 0), DAY, {}),
        "GitHub": lambda: commands(assessment_outcomes(found, 0), lambda outcome: outcome.span),
        "facts, CSV": lambda: to_csv(fact_table(pack, DAY, vintages=True)),
        "facts, Parquet": lambda: to_parquet(fact_table(pack, DAY, vintages=True)),
        "metrics, CSV": lambda: to_csv(metric_table(pack, DAY, QUARTERS)),
        "history, CSV": lambda: to_csv(history_table(pack, DAY, QUARTERS)),
        "calendar": lambda: icalendar(
            found.pack, DAY, key_dates(pack, found, journal_status(pack, found, ()))
        ),
        "workbook": lambda: workbook(case_as_of(pack, DAY), found, appraise(case_as_of(pack, DAY))),
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
        times, sizes = measure(formats(Cache(Path(cache))), rounds)
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
