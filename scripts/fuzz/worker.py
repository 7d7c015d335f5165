"""A process that runs the commands of attempts one after the other, within limits of time and memory."""

from __future__ import annotations

import gc
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple, NoReturn

from scripts.fuzz.attempt import Attempt, Outcome, Step
from thesis.files.disk import LOCK

PROCESSOR_SECONDS = 60.0
"""Of one command. Processor time does not depend on what else the machine does."""
WAITED_SECONDS = 900.0
"""Of one attempt by the clock, for what waits without end."""
MEMORY = 1_200_000_000
"""Bytes that a process may come to hold."""
ADDRESSES = 4_000_000_000
"""Bytes of addresses: what asks for more gets ``MemoryError``. Libraries reserve more than they use."""
ATTEMPTS_EACH = 150
"""After so many attempts a new process is started, so that what one keeps is not taken for what one needs."""
ENVIRONMENT = {
    "THESIS_TODAY": "2026-11-22",
    "THESIS_CACHE": "",
    "THESIS_CONFIG": "config.toml",
    "THESIS_ANALYST": "R. Runner",
    "SEC_BASE_URL": "http://127.0.0.1:9",
    "COLUMNS": "100",
    "OPENBLAS_NUM_THREADS": "1",
}


class Stopped(NamedTuple):
    """An attempt that came to no end: the commands that did, and why the next one did not."""

    outcomes: list[Outcome]
    why: str


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but locks. What a link leads to is not read."""
    found: dict[str, bytes] = {}
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if name != LOCK and not path.is_symlink():
                found[str(path.relative_to(folder))] = path.read_bytes()
    return found


class Worker:
    """Runs attempts in processes forked from this one, which must have no threads."""

    def __init__(self, today: str = ENVIRONMENT["THESIS_TODAY"]) -> None:
        os.environ.update(ENVIRONMENT, THESIS_TODAY=today)
        os.environ.pop("SEC_CONTACT", None)
        import thesis.cli  # noqa: F401 - once for all processes

        self.place = Path(tempfile.mkdtemp(prefix="fuzz"))
        self.left = 0
        self._start()

    def _start(self) -> None:
        context = get_context("fork")
        self.ours, theirs = context.Pipe()
        self.left = ATTEMPTS_EACH
        self.started = context.Process(target=_serve, args=(theirs, self.place), daemon=True)
        self.started.start()
        theirs.close()

    def _stop(self) -> None:
        self.ours.close()
        self.started.kill()
        self.started.join()

    def close(self) -> None:
        self._stop()
        shutil.rmtree(self.place, ignore_errors=True)

    def run(self, attempt: Attempt) -> Stopped:
        """Run an attempt's commands in its folder."""
        if self.left == 0:
            self._stop()
            self._start()
        self.left -= 1
        outcomes: list[Outcome] = []
        self.ours.send((attempt.edited(), attempt.steps, PROCESSOR_SECONDS))
        why = ""
        for _ in attempt.steps:
            try:
                if not self.ours.poll(WAITED_SECONDS):
                    why = f"no end after {WAITED_SECONDS:.0f} seconds"
                    break
                outcomes.append(self.ours.recv())
            except EOFError:
                self.started.join()
                why = _death(self.started.exitcode or 0)
                break
        if why or (outcomes and outcomes[-1].memory > MEMORY):
            self._stop()
            self._start()
        return Stopped(outcomes, why)


def _death(code: int) -> str:
    if -code == signal.SIGPROF:
        return f"over {PROCESSOR_SECONDS:.0f} seconds of processor time"
    return f"the process died: {signal.Signals(-code).name if code < 0 else code}"


def _serve(pipe: Connection, place: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    while True:
        try:
            files, steps, seconds = pipe.recv()
        except EOFError:
            _leave()
        os.chdir("/")
        shutil.rmtree(place, ignore_errors=True)
        for name, data in files.items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        before: Mapping[str, bytes] = dict(files)
        for step in steps:
            outcome, before = _run(step, place, before, seconds)
            pipe.send(outcome)


def _leave() -> NoReturn:
    os._exit(0)


def _run(
    step: Step, place: Path, before: Mapping[str, bytes], seconds: float
) -> tuple[Outcome, Mapping[str, bytes]]:
    from thesis.cli import main

    (place / step.folder).mkdir(parents=True, exist_ok=True)
    os.chdir(place / step.folder)
    out, err = io.BytesIO(), io.BytesIO()
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.argv = ["thesis", *step.arguments]
    written_to = [io.TextIOWrapper(each, encoding="utf-8", newline="\n") for each in (out, err)]
    sys.stdin, (sys.stdout, sys.stderr) = io.TextIOWrapper(io.BytesIO()), written_to
    code = 0
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        main()
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        for stream in written_to:
            stream.flush()
        sys.stdin, sys.stdout, sys.stderr = streams
    gc.collect()
    after = tree(place)
    written = {name: data for name, data in after.items() if before.get(name) != data}
    removed = tuple(sorted(set(before) - set(after)))
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(kind).ru_maxrss for kind in kinds) * 1024
    return Outcome(step, code, out.getvalue(), err.getvalue(), memory, written, removed), after
