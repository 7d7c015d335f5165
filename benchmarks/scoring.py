"""How the time of an assessment grows with the conditions of a thesis, and what part of it has which share.

    python benchmarks/scoring.py [--rounds 5] [--conditions 100 200 400 800]

Theses of more and more conditions, copies of those of one small thesis, are assessed in turn, round after
round in one process; what is printed are medians, over the rounds, of the processor time of each per
condition over that of the smallest in the same round. A row that stays near 1 grows linearly; of a square it
doubles each time. Weights are drawn once per pack and kept, so the first assessment of each is not counted.
The last table has the shares of the bundled thesis's own assessment.
"""

from __future__ import annotations

import argparse
import copy
import statistics
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import yaml

from thesis.files.disk import bundled_folder
from thesis.memo.markdown import render_memo
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.pricing.priced_case import case_as_of
from thesis.reports.check_report import check_text
from thesis.scoring.assess import assess, score_rules
from thesis.scoring.rating_changes import RatingStage, evidence_gaps, rating_changes
from thesis.scoring.rating_pairs import rating_pairs

SMALL = Path(__file__).parent.parent / "tests" / "data" / "acme"
DAY = date(2026, 10, 15)


def of_many(count: int) -> Pack:
    """The small thesis with so many conditions, copies of its own under other ids."""
    folder = read_folder(SMALL, "acme")
    thesis = yaml.safe_load(folder.texts["thesis.yaml"])
    own = thesis["conditions"]
    thesis["conditions"] = [copy.deepcopy(own[i % len(own)]) | {"id": f"c{i}"} for i in range(count)]
    texts = {**folder.texts, "thesis.yaml": yaml.safe_dump(thesis, sort_keys=False)}
    return build(folder._replace(texts=texts))[0]


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def steps(count: int) -> dict[str, Callable[[], object]]:
    """What is timed of a thesis with so many conditions, by name."""
    pack = of_many(count)
    found = assess(pack, DAY)
    return {
        "load": partial(of_many, count),
        "assess": partial(assess, pack, DAY),
        "check": partial(check_text, found),
        "memo": partial(render_memo, found),
    }


def growth(counts: list[int], rounds: int) -> None:
    timed = [steps(count) for count in counts]
    print("step".ljust(10) + "".join(f"{count:>8}" for count in counts) + "   ms at the largest")
    for name in timed[0]:
        times = [
            [seconds(step[name]) / count for count, step in zip(counts, timed, strict=True)]
            for _ in range(rounds)
        ]
        ratios = [statistics.median(row[i] / row[0] for row in times) for i in range(len(counts))]
        last = 1e3 * counts[-1] * statistics.median(row[-1] for row in times)
        print(name.ljust(10) + "".join(f"{ratio:8.2f}" for ratio in ratios) + f"{last:12.0f}")


def shares(rounds: int) -> None:
    pack = build(read_folder(bundled_folder("rules") / "amzn-4t", "amzn-4t"))[0]
    conditions, risks, kill, _ = score_rules(case_as_of(pack, DAY))
    stage = RatingStage(pack.thesis.verdict, conditions, risks, kill)
    changes = rating_changes(stage)
    parts = {
        "rules and verdict": lambda: score_rules(case_as_of(pack, DAY)),
        "rating changes": lambda: rating_changes(stage),
        "pairs": lambda: rating_pairs(stage, changes),
        "gaps": lambda: evidence_gaps(stage),
    }
    print("\npart of an assessment of amzn-4t   share     ms")
    for name, part in parts.items():
        times = [(seconds(part), seconds(lambda: assess(pack, DAY))) for _ in range(4 * rounds)]
        share = statistics.median(one / whole for one, whole in times)
        print(f"{name:<34}{share:6.0%}{1e3 * statistics.median(one for one, _ in times):7.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--conditions", type=int, nargs="+", default=[100, 200, 400, 800])
    given = parser.parse_args()
    growth(given.conditions, given.rounds)
    shares(given.rounds)


if __name__ == "__main__":
    main()
