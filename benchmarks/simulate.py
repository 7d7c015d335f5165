"""How long a simulation takes against drawing its random numbers alone, and how much memory, within one run.

    python benchmarks/simulate.py [--rounds 9] [--draws 1000000]

The bundled pack's beliefs on the method's reference figures, five year ends, one set of draws for all of
them. Beside it the same generator fills blocks of the same size with normals and does nothing else,
twice: ``as drawn`` makes those that the simulation makes (each is used with both signs), ``all`` one for
every driver of every draw, what a simulation without mirrored draws would need. They take turns, round
after round in one process, and what is printed are medians of ratios within a round, for milliseconds
drift with the machine. Shares of the variance cost the same at any number of draws and are told apart.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from thesis.appraisal.simulation.engine import PAIRS, generator
from thesis.appraisal.simulation.monte_carlo import Simulation, simulate
from thesis.appraisal.simulation.variance_shares import STUDY
from thesis.files.yaml import read_yaml
from thesis.pack.assumptions import Assumption, assumptions_of
from thesis.pack.schema.valuation import ValuationInputs
from thesis.pack.validate import validate
from thesis.pricing.model import ModelState, ModelToday, StakeValue

VALUATION = Path(__file__).resolve().parent.parent / "rules" / "amzn-4t" / "valuation.yaml"
YEARS = (1.5, 2.5, 3.5, 4.5, 5.5)
HORIZON, TARGET, SEED = 4.5, 4e12, 20261122
DRIVERS = 8  # that are drawn

TODAY = ModelToday(
    price=254.80,
    shares=10_786_313_572,
    segments=(
        ModelState("aws", 148.404e9, 54.681 / 148.404),
        ModelState("ads", 76.072e9, 0.35),
        ModelState("retail", 551.204e9, (93.712 - 54.681 - 0.35 * 76.072) / 551.204),
    ),
    holdings=(StakeValue("debt", -128.894e9), StakeValue("cash", 122.988e9), StakeValue("stakes", 176.8e9)),
)


def pack() -> tuple[ValuationInputs, dict[str, Assumption]]:
    valuation: ValuationInputs = validate(
        read_yaml(VALUATION.read_text("utf-8"), VALUATION.name), ValuationInputs
    )
    return valuation, assumptions_of(valuation)


def simulated(draws: int, threads: int, study: int = 0) -> Simulation:
    valuation, known = PACK
    return simulate(
        TODAY,
        known,
        valuation.correlations,
        target=TARGET,
        years=YEARS,
        horizon=HORIZON,
        draws=draws,
        seed=SEED,
        volatility=0.3,
        threads=threads,
        study=study,
    )


def normals(numbers: int, threads: int) -> None:
    """Blocks of normals from the simulation's own streams, each thread writing over one block."""
    size = DRIVERS * PAIRS
    blocks = -(-numbers // size)

    def fill(first: int) -> None:
        room = np.empty(size)
        for i in range(first, blocks, threads):
            generator(SEED, i).standard_normal(out=room)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(fill, range(threads)))


PACK = pack()


def in_turn(rounds: int, calls: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    """Seconds of each call, taking turns; one unmeasured turn first."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for i in range(rounds + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if i:
                times[name].append(time.perf_counter() - start)
    return times


def ratio(times: dict[str, list[float]], a: str, b: str) -> float:
    return statistics.median(x / y for x, y in zip(times[a], times[b], strict=True))


def peak(draws: int) -> float:
    """MB that a process of its own takes at most, draws and all."""
    code = f"import resource, sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\nimport simulate as b\n"
    code += f"b.simulated({draws}, 1)\n" if draws else ""
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    path = os.pathsep.join([str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")])
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    return int(ran.stdout) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--draws", type=int, default=1_000_000)
    given = parser.parse_args()
    draws, drawn = given.draws, given.draws * DRIVERS
    same = {simulated(100_000, threads, STUDY) for threads in (1, 2, 3)}
    print(f"the same answer on 1, 2 and 3 threads: {len(same) == 1}")
    calls: dict[str, Callable[[], Any]] = {"study": partial(simulated, 2, 1, STUDY)}
    for threads in (1, 2):
        calls[f"simulate {threads}"] = partial(simulated, draws, threads)
        calls[f"as drawn {threads}"] = partial(normals, drawn // 2, threads)
        calls[f"all {threads}"] = partial(normals, drawn, threads)
    calls["tenth"] = partial(simulated, draws // 10, 1)
    times = in_turn(given.rounds, calls)
    for threads in (1, 2):
        name = f"simulate {threads}"
        print(
            f"{draws:,} draws, {threads} thread{'s' * (threads > 1)}: "
            f"{1000 * statistics.median(times[name]):.0f} ms, "
            f"{ratio(times, name, f'all {threads}'):.2f} x all normals, "
            f"{ratio(times, name, f'as drawn {threads}'):.2f} x the normals as drawn"
        )
    print(f"two threads to one: {ratio(times, 'simulate 2', 'simulate 1'):.2f}")
    print(f"ten times the draws: {ratio(times, 'simulate 1', 'tenth'):.2f} x the time")
    print(
        f"shares of the variance: {ratio(times, 'study', 'all 1'):.2f} x all normals, at any number of draws"
    )
    floor = peak(0)
    for count in (draws // 10, draws, draws * 10):
        print(f"memory at {count:,} draws: {peak(count) - floor:.1f} MB beyond the imports' {floor:.0f} MB")


if __name__ == "__main__":
    main()
