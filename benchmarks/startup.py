"""How long ``thesis memo`` takes as a whole process, as ratios to importing the core packages.

    python benchmarks/startup.py [--rounds 21]

Each round runs every command once, in turn, so that a machine that speeds up or slows down does so
for all of them; the figure is the median over the rounds of the ratio to
``python -c "import click, jinja2, pydantic, yaml"`` of the same round.

- unchanged: the same pack, day and program as the run before (the text is remembered)
- another day: a pack that was checked before, assessed and rendered anew
- edited pack: the first run after a change, with everything parsed, checked, assessed and rendered
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
DAY = date(2026, 10, 15)
CORE = [sys.executable, "-c", "import click, jinja2, pydantic, yaml"]
BARE = [sys.executable, "-c", "pass"]


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    return time.perf_counter() - start


def memo(folder: Path, day: date) -> list[str]:
    return [sys.executable, "-m", "thesis", "memo", str(folder), "--as-of", str(day)]


def measure(rounds: int, folder: Path, environment: dict[str, str]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {}
    thesis = folder / "thesis.yaml"
    text = thesis.read_text(encoding="utf-8")
    seconds(memo(folder, DAY), environment)
    for i in range(-1, rounds):
        found = {
            "core": seconds(CORE, environment),
            "unchanged": seconds(memo(folder, DAY), environment),
            "another day": seconds(memo(folder, DAY - timedelta(days=1 + i)), environment),
            "bare": seconds(BARE, environment),
        }
        thesis.write_text(f"{text}# edit {i}\n", encoding="utf-8")
        found["edited pack"] = seconds(memo(folder, DAY), environment)
        thesis.write_text(text, encoding="utf-8")
        if i >= 0:  # the first round warms the disk
            for name, value in found.items():
                times.setdefault(name, []).append(value)
    return times


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--rounds", type=int, default=21)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "pack"
        shutil.copytree(ROOT / "rules" / "amzn-4t", folder)
        environment = {**os.environ, "THESIS_CACHE": str(Path(place) / "cache"), "PYTHONPATH": str(ROOT)}
        environment["PYTHONPYCACHEPREFIX"] = str(Path(place) / "compiled")  # as an installed program is
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        times = measure(rounds, folder, environment)
    ratios = {
        name: statistics.median(a / b for a, b in zip(values, times["core"], strict=True))
        for name, values in times.items()
    }
    print(f"{'whole process':<14}{'ratio to core imports':>22}{'median ms':>11}")
    for name, values in times.items():
        print(f"{name:<14}{ratios[name]:>22.2f}{statistics.median(values) * 1000:>11.0f}")
    print(json.dumps({"rounds": rounds, "ratios": {name: round(value, 3) for name, value in ratios.items()}}))


if __name__ == "__main__":
    main()
