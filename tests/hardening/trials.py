"""A writing command in a pack, ready to be disturbed, and a server that plays EDGAR."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from tests.cli import test_facts_fetch as edgar
from tests.conftest import Loopback
from tests.hardening.commands import Row, write_pack
from tests.hardening.faults import (
    KILLED,
    WRITES,
    Ended,
    Tree,
    die,
    lies,
    nothing,
    refuse,
    run_with,
    start_with,
    tree,
    untold,
    visible,
)

KEEPING = {"THESIS_CACHE": "cache"}
"""A cache folder in the folder of a trial, which is no part of what is compared."""


class Trial:
    """A writing command in a pack: ``fresh`` makes a copy of the pack, ``run`` runs the command in one.

    ``old`` are the files before the command, ``new`` those after it where nothing happens.
    """

    def __init__(self, row: Row, place: Path, environment: Mapping[str, str]) -> None:
        self.row = row
        self.place = place
        self.environment = environment
        self.made = 0
        self.start = place / "start"
        write_pack(self.start, row)
        for command in row.before:
            ended = run_with(command, self.start, environment=environment)
            assert ended.code == 0, ended.said
        self.old: Tree = tree(self.start)
        whole = self.fresh()
        self.undisturbed = self.run(whole)
        assert self.undisturbed.code in (0, 1, 4), self.undisturbed.said
        self.new: Tree = tree(whole)

    @property
    def writing_steps(self) -> Sequence[tuple[int, str]]:
        """The steps that change the disk, each with its number."""
        return [(at, step) for at, step in self.steps if _kind(step) in WRITES]

    @property
    def reading_steps(self) -> Sequence[tuple[int, str]]:
        """The others."""
        return [(at, step) for at, step in self.steps if _kind(step) not in WRITES]

    @property
    def steps(self) -> Iterator[tuple[int, str]]:
        return enumerate(self.undisturbed.steps, 1)

    def fresh(self) -> Path:
        """A folder with the pack as it is before the command."""
        self.made += 1
        folder = self.place / f"try{self.made}"
        shutil.copytree(self.start, folder)
        return folder

    def run(self, folder: Path, at: int = 0, happen: Callable[[], None] = nothing) -> Ended:
        return run_with(self.row.arguments, folder, at, happen, self.environment)

    def refused(self, at: int, code: int) -> list[str]:
        """What is wrong after the n-th step was refused, and after the command was run once more."""
        folder = self.fresh()
        ended = self.run(folder, at, refuse(code))
        left = tree(folder)
        told = untold(ended, self.undisturbed.steps[at - 1])
        wrong = [*lies(ended, self.old, self.new, left), *told, *self._again(folder)]
        self.forget(folder)
        return wrong

    def died(self, at: int) -> list[str]:
        """What is wrong after the command died at its n-th step, and after it was run once more."""
        folder = self.fresh()
        ended = self.run(folder, at, die)
        wrong = [] if ended.code == KILLED else [f"exit code {ended.code}"]
        wrong += [*self._torn(folder), *self._again(folder)]
        self.forget(folder)
        return wrong

    def killed(self, draw: random.Random, longest: float) -> list[str]:
        """What is wrong after a kill at a moment drawn at random, and after one more run."""
        folder = self.fresh()
        running = start_with(self.row.arguments, folder, environment=self.environment)
        time.sleep(draw.uniform(0, longest))
        running.kill(signal.SIGKILL)
        wrong = [*self._torn(folder), *self._again(folder)]
        self.forget(folder)
        return wrong

    def _torn(self, folder: Path) -> Iterator[str]:
        left = visible(tree(folder))
        for name in left:
            if left[name] not in (self.old.get(name), self.new.get(name)):
                yield f"{name} is neither the old nor the new one"
        if not set(self.old) <= set(left):
            yield f"gone: {sorted(set(self.old) - set(left))}"

    def _again(self, folder: Path) -> Iterator[str]:
        """A second run succeeds, whether or not the first had written; then everything is written."""
        ended = self.run(folder)
        if ended.code not in (0, self.undisturbed.code):
            yield f"a second run ends with {ended.code}: {ended.said}"
        now = tree(folder)
        if now != self.new:
            names = sorted(name for name in {*now, *self.new} if now.get(name) != self.new.get(name))
            yield f"after a second run (exit code {ended.code}) not as it should be: {names}; {ended.said}"

    def forget(self, folder: Path) -> None:
        shutil.rmtree(folder)


def some(steps: Sequence[tuple[int, str]], draw: random.Random, most: int) -> Sequence[tuple[int, str]]:
    """So many steps of each kind at most, drawn at random, in their order."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    for at, step in steps:
        kinds.setdefault(_kind(step), []).append((at, step))
    return sorted(each for kind in kinds.values() for each in draw.sample(kind, min(most, len(kind))))


def _kind(step: str) -> str:
    return step.partition(" ")[0]


def play_edgar(server: Loopback) -> Mapping[str, str]:
    """Let a server answer as EDGAR does of one filing, and with closes; returns the environment for it."""
    server.say(edgar.INDEX, edgar.index(edgar.Q3))
    server.say(edgar.FACTS, edgar.companyfacts({edgar.Q3: 162_000_000}))
    server.say(edgar.at(edgar.Q3), edgar.page(edgar.Q3, 162_000_000, 98_000_000))
    server.say("/ACME.csv", b"Date,Close,Adj Close\n2026-11-20,14,14\n2026-11-21,15,15\n")
    prices = {"THESIS_PRICES_URL": f"{server.url}/{{symbol}}.csv"}
    return prices | {"SEC_BASE_URL": server.url, "SEC_CONTACT": edgar.CONTACT, "THESIS_CACHE": "cache"}


def write_at_once(folder: Path, rounds: int) -> tuple[int, list[str]]:
    """Let eight commands write to a pack at once, so many times.

    Returns how many have written, and what is wrong: a text that was written and is not there, or that is
    there although its writer was told that it is not.
    """
    written, wrong = 0, []
    for number in range(rounds):
        running = {}
        for i in range(8):
            said = f"Said{number}by{i}."
            command = _entries(said, number, i)
            environment = {"THESIS_ANALYST": f"A. Nalyst {number} {i}", "THESIS_CACHE": ""}
            running[said] = start_with(command, folder, environment=environment, name=f"{i}.")
        ended = {said: each.wait() for said, each in running.items()}
        texts = b"".join(tree(folder).values()).decode("utf-8")
        for said, each in ended.items():
            written += each.code == 0
            if each.code not in (0, 3):
                wrong.append(f"exit code {each.code}: {each.said}")
            if (said in texts) != (each.code == 0):
                wrong.append(
                    f"{said} exit code {each.code}, and the text is {'not ' * (each.code == 0)}there"
                )
    return written, wrong


def _entries(said: str, number: int, i: int) -> tuple[str, ...]:
    """A command that writes a text into one of the pack's files; of prices, one of another day each time."""
    name, day = said.rstrip("."), str(date(2025, 1, 1) + timedelta(days=8 * number + i))
    return (
        ("judge", "J1", "--level", "1", "--evidence", said, "--source", "letter", "--period", "2026Q2"),
        ("override", "margins", "--score", "0.6", "--reason", said, "--until", "2026-12-01"),
        ("forecast", "--id", name, "--text", said, "--p", "60%", "--period", "2026Q4"),
        (
            "facts", "add", "price", "--period", day, "--value", "11", "--filed", day,
            "--source", f"closes, {said}", "--quote", "eleven",
        ),
    )[i % 4]  # fmt: skip
