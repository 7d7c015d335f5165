"""The command line of ``python -m scripts.fuzz``."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random

from scripts.fuzz.attempt import Attempt
from scripts.fuzz.filings import filing_attempt, price_attempt
from scripts.fuzz.laws import findings
from scripts.fuzz.look_ahead import look_ahead_attempt
from scripts.fuzz.packs import ROOT, csv_attempt, journal_attempt, pack_attempt, template_attempt
from scripts.fuzz.shrink import shrunk
from scripts.fuzz.worker import Worker

KINDS: Mapping[str, Callable[[Random], Attempt]] = {
    "packs": pack_attempt,
    "filings": filing_attempt,
    "prices": price_attempt,
    "journals": journal_attempt,
    "templates": template_attempt,
    "csv": csv_attempt,
    "lookahead": look_ahead_attempt,
}
SAME = 3  # findings of one sort that are kept, the first of them made small; of more the number is told
PROGRESS = 60.0  # seconds


class Fuzzer:
    """Makes attempts, runs them, and keeps those that find something."""

    def __init__(self, seed: int, keep: Path) -> None:
        self.seed = seed
        self.keep = keep
        self.worker = Worker()
        self.tried: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()

    def attempt(self, kind: str, number: int) -> Attempt:
        """The attempt of this kind and number; the same for the same seed."""
        return KINDS[kind](Random(f"{self.seed} {kind} {number}"))

    def fails_as(self, sort: str) -> Callable[[Attempt], bool]:
        """Whether an attempt has a finding of this sort."""
        return lambda attempt: any(
            _sort(each) == sort for each in findings(attempt, self.worker.run(attempt))
        )

    def try_one(self, kind: str, number: int) -> None:
        """Make one attempt and run it; what it finds is made smaller and kept."""
        attempt = self.attempt(kind, number)
        ended = self.worker.run(attempt)
        self.tried[kind] += 1
        self.answers[kind] += len(ended.outcomes)
        self.codes.update(outcome.code for outcome in ended.outcomes)
        for what in findings(attempt, ended):
            sort = _sort(what)
            self.found[sort] += 1
            print(f"FOUND {kind} {number}: {what}", flush=True)
            if self.found[sort] <= SAME:
                is_first = self.found[sort] == 1 and not ended.why
                small = shrunk(attempt, self.fails_as(sort)) if is_first else attempt
                self._keep(f"{kind}-{self.seed}-{number}", what, small)

    def _keep(self, name: str, what: str, attempt: Attempt) -> None:
        place = self.keep / name
        files = attempt.edited()
        for file, data in files.items():
            path = place / "files" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        edits = [edit._replace(put=edit.put and edit.put[:2000]) for edit in attempt.edits]
        commands = [
            f"(cd files/{step.folder} && thesis {shlex.join(step.arguments)})" for step in attempt.steps
        ]
        place.mkdir(parents=True, exist_ok=True)
        (place / "what.txt").write_text(
            "\n".join([what, "", *commands, "", *map(str, edits), ""]), encoding="utf-8"
        )
        print(f"  kept in {place}", flush=True)

    def summary(self) -> str:
        tried = ", ".join(f"{kind} {count}" for kind, count in self.tried.items())
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.codes.items()))
        found = sum(self.found.values())
        return (
            f"attempts: {sum(self.tried.values())} ({tried}); commands: {sum(self.answers.values())} "
            f"(by exit code {codes}); findings: {found} of {len(self.found)} sorts"
        )


def _sort(what: str) -> str:
    """A finding without its command's arguments and its numbers, to tell sorts of findings apart."""
    command, _, rest = what.partition(": ")
    return " ".join(command.split()[1:2]) + ": " + re.sub(r"[\d'\"`].*", "", rest)[:120]


def _numbered(kinds: list[str], cases: int | None, only_number: int | None) -> Iterator[tuple[str, int]]:
    """Kinds in turn, each with its numbers."""
    if only_number is not None:
        yield from ((kind, only_number) for kind in kinds)
        return
    number = 0
    while cases is None or number < cases:
        yield from ((kind, number) for kind in kinds)
        number += 1


def main(given: list[str] | None = None) -> int:
    """Run the fuzzer; the exit code is 1 if anything was found."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.fuzz", description="Attack the program at random."
    )
    parser.add_argument(
        "--minutes", type=float, default=None, help="stop after so long; default: 60, or what --cases says"
    )
    parser.add_argument("--cases", type=int, default=None, help="stop after so many of each kind")
    parser.add_argument("--seed", type=int, default=None, help="default: drawn, and printed")
    parser.add_argument(
        "--only", choices=tuple(KINDS), action="append", help="may be repeated; default: all in turn"
    )
    parser.add_argument(
        "--number", type=int, default=None, help="make this one input again, and nothing else"
    )
    parser.add_argument(
        "--keep", type=Path, default=ROOT / "build" / "fuzz", help="where what was found is kept"
    )
    options = parser.parse_args(given)
    seed = options.seed if options.seed is not None else Random().randrange(10**9)
    minutes = options.minutes if options.minutes is not None or options.cases else 60.0
    print(f"seed {seed}", flush=True)
    fuzzer = Fuzzer(seed, options.keep)
    start = told = time.monotonic()
    try:
        for kind, number in _numbered(options.only or list(KINDS), options.cases, options.number):
            now = time.monotonic()
            if minutes is not None and now - start > minutes * 60:
                break
            if now - told > PROGRESS:
                told = now
                print(f"{(now - start) / 60:.0f} min, number {number}: {fuzzer.summary()}", flush=True)
            fuzzer.try_one(kind, number)
    finally:
        fuzzer.worker.close()
    print(f"seed {seed}, {(time.monotonic() - start) / 60:.1f} min: {fuzzer.summary()}", flush=True)
    for sort, count in fuzzer.found.most_common():
        print(f"  {count} times {json.dumps(sort)}", flush=True)
    return 1 if fuzzer.found else 0


if __name__ == "__main__":
    sys.exit(main())
