"""How often the program was attacked, and what was found: ``python -m scripts.harden``.

Every command that writes is refused each of its steps on the disk with each error, dies at each step that
changes the disk, and is killed at random moments; many write at once; and packs and days are attacked as
``python -m scripts.fuzz`` does it. All figures are printed; the exit code is 1 if anything was found.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scripts.fuzz.__main__ import Fuzzer
from scripts.fuzz.packs import ROOT
from tests.conftest import TODAY, Loopback
from tests.hardening.commands import WRITING, write_pack
from tests.hardening.faults import REFUSALS
from tests.hardening.trials import Trial, play_edgar, write_at_once

TOLD = 5  # findings of one kind that are printed


class Attacks:
    """Counts attacks by kind and prints what they find."""

    def __init__(self, place: Path, environment: Mapping[str, str]) -> None:
        self.place = place
        self.environment = environment
        self.counts: Counter[str] = Counter()
        self.found: Counter[str] = Counter()

    def note(self, kind: str, what: str, found: list[str]) -> None:
        self.counts[kind] += 1
        if found:
            self.found[kind] += 1
            print(f"FOUND {kind}: {what}: {'; '.join(found)[:600]}", flush=True)

    def disturb(self, name: str, errors: int, kills: int) -> None:
        """Refuse, end and kill one writing command."""
        place = self.place / name.replace(" ", "_")
        place.mkdir()
        mine = {} if "fetch" in name else {"THESIS_CACHE": ""}
        trial = Trial(WRITING[name], place, {**self.environment, **mine})
        for at, step in enumerate(trial.undisturbed.steps, 1):
            for code in [REFUSALS[(at + i) % len(REFUSALS)] for i in range(errors)]:
                what = f"{name}, {errno.errorcode[code]} at step {at}, {step}"
                self.note("refused steps", what, trial.refused(at, code))
        for at, step in trial.writing_steps:
            self.note("deaths at a step", f"{name}, step {at}, {step}", trial.died(at))
        draw = random.Random(name)
        start = time.monotonic()
        trial.forget(_run(trial))
        longest = time.monotonic() - start
        for number in range(kills):
            self.note("kills", f"{name}, kill {number}", trial.killed(draw, longest))

    def write(self, rounds: int) -> None:
        """Let many write at once."""
        folder = self.place / "writers"
        write_pack(folder)
        written, wrong = write_at_once(folder, rounds)
        for each in wrong:
            self.note("concurrent writers", "", [each])
        self.counts["concurrent writers"] += rounds * 8 - len(wrong)
        self.counts["of them written"] = written


def _run(trial: Trial) -> Path:
    folder = trial.fresh()
    trial.run(folder)
    return folder


def main(given: list[str] | None = None) -> int:
    """Attack, and print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.harden", description="Attack the program, and count."
    )
    parser.add_argument("--only", action="append", help="a writing command; default: all. No fuzzing then")
    parser.add_argument(
        "--errors", type=int, default=len(REFUSALS), help="with which a step is refused in turn"
    )
    parser.add_argument("--kills", type=int, default=12, help="of each command")
    parser.add_argument("--rounds", type=int, default=30, help="of eight writers each")
    parser.add_argument("--packs", type=int, default=5000, help="packs to fuzz")
    parser.add_argument("--days", type=int, default=400, help="comparisons with what was filed later")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(given)
    os.environ.update(THESIS_TODAY=TODAY, THESIS_CONFIG="config.toml", THESIS_ANALYST="R. Runner")
    served = Loopback()
    threading.Thread(target=served.server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as place:
        attacks = Attacks(Path(place), play_edgar(served))
        for name in options.only or WRITING:
            attacks.disturb(name, options.errors, options.kills)
            print(f"{name}: {dict(attacks.counts)}", flush=True)
        if not options.only:
            attacks.write(options.rounds)
    served.server.shutdown()
    if not options.only:
        fuzzer = Fuzzer(options.seed, ROOT / "build" / "fuzz")
        for kind, count in (("packs", options.packs), ("lookahead", options.days)):
            for number in range(count):
                fuzzer.try_one(kind, number)
        fuzzer.worker.close()
        print(f"fuzzing, seed {options.seed}: {fuzzer.summary()}")
        attacks.counts.update(fuzzer.tried)
        attacks.found.update(fuzzer.found)
    for kind, count in attacks.counts.items():
        print(f"{kind}: {count}")
    print(f"findings: {sum(attacks.found.values())} {dict(attacks.found)}")
    return 1 if attacks.found else 0


if __name__ == "__main__":
    sys.exit(main())
