"""How much memory commands take as a pack grows, as multiples of what they take on a pack as it comes.

    python benchmarks/memory.py [--rows 190000]

Each command runs as a process of its own, of which the system tells the largest resident set. The rows that
are added are prices, with several vintages of each day.

- megabytes: the whole process on the pack with the rows
- grown by: that less the same command on the pack without them, for each row
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
DAY = ("--as-of", "2026-10-15")
COMMANDS = {
    "check": ("check", *DAY),
    "memo": ("memo", *DAY),
    "history": ("history", *DAY),
    "lint": ("lint",),
}
DAYS = 9_000  # of prices; more rows than days are further vintages


def price_rows(count: int) -> str:
    """Rows of a fact file."""
    newest = date(2026, 9, 28)
    rows = []
    for n in range(count):
        day = newest - timedelta(days=n % DAYS)
        filed = day + timedelta(days=n // DAYS)
        close = f"{100 + n % 50}.{10 + n % 90}"
        rows.append(f'price,{day},{close},USD/share,{filed},"exchange closes, a vendor",reported,\n')
    return "".join(rows)


def peak(command: tuple[str, ...], folder: Path, cache: Path) -> int:
    """Bytes of the largest resident set of a run."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "THESIS_TODAY": "2026-11-22",
        "THESIS_CACHE": str(cache),
    }
    child = os.fork()
    if not child:
        os.chdir(folder)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.execve(sys.executable, [sys.executable, "-m", "thesis", *command], environment)
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--rows", type=int, default=190_000)
    rows = options.parse_args().rows
    with tempfile.TemporaryDirectory() as place:
        packs = {}
        for name, count in (("as it comes", 0), ("grown", rows)):
            packs[name] = folder = Path(place) / name
            shutil.copytree(ROOT / "tests" / "data" / "acme", folder)
            for file in ("thesis.yaml", "metrics.yaml", "valuation.yaml"):
                shutil.copy(ROOT / "tests" / "data" / "valued" / file, folder)
            prices = (ROOT / "tests" / "data" / "valued" / "prices.csv").read_text("utf-8")
            with (folder / "facts" / "ACME.csv").open("a", encoding="utf-8") as facts:
                facts.write(prices + price_rows(count))
        print(f"{rows:,} rows")
        print(f"{'command':<10}{'run':<8}{'megabytes':>10}{'ratio':>7}{'grown by':>18}")
        for name, command in COMMANDS.items():
            for run in ("first", "second"):  # the second finds the pack checked
                few, many = (peak(command, packs[p], Path(place) / f"{p} {name}") for p in packs)
                grown = f"{(many - few) / rows:,.0f} bytes a row"
                print(f"{name:<10}{run:<8}{many / 1e6:>10,.0f}{many / few:>7.1f}{grown:>18}")


if __name__ == "__main__":
    main()
