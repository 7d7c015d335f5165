"""Runs a piece of work that may never end in a child process, with limits of time and memory.

The child is a copy of this process (``fork``), so that the work sees everything that is in memory here and
nothing has to be written down for it; what it changes is gone with it. It hands back a text, or what is wrong
in the user's files, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

from thesis.core.problem import InvalidInput, Problem, SourceSpan

CAN_FORK = hasattr(os, "fork")
MOST_SECONDS = 10  # of processor time
LONGEST_WAIT = 60.0  # seconds on the clock, for a machine that has much else to do
MOST_MEMORY = 512 << 20  # bytes beside what this process takes already
MOST_BYTES = 100 << 20  # of an answer
_CHUNK = 1 << 16


TOO_MUCH_MEMORY = f"it takes more than {MOST_MEMORY >> 20} MB of memory"


class Overrun(Exception):
    """The work was stopped. The message says what it took too much of."""


class _Answer(NamedTuple):
    """What a child handed back: JSON, unless it was stopped, and how it ended."""

    data: bytes
    status: int
    is_late: bool = False


def run_confined(work: Callable[[], str]) -> str:
    """What a piece of work makes, in a child process with limits.

    Errors: ``InvalidInput`` as it was raised there; ``Overrun`` where it was stopped, or ended its process.
    """
    receiving, sending = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of threads that a library keeps; none is used there
        child = os.fork()
    if child == 0:
        os.close(receiving)
        _serve(work, sending)
    os.close(sending)
    status = None
    try:
        data, is_late = _received(receiving)
        if is_late:
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
    finally:
        os.close(receiving)
        if status is None:  # interrupted
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return _read(_Answer(data, status, is_late))


def _received(receiving: int) -> tuple[bytes, bool]:
    """What the child sends until it closes the pipe, and whether it has to be stopped before that."""
    import select

    deadline = time.monotonic() + LONGEST_WAIT
    data = bytearray()
    while len(data) <= MOST_BYTES:
        ready = select.select([receiving], [], [], max(0.0, deadline - time.monotonic()))[0]
        if not ready:
            return bytes(data), True
        chunk = os.read(receiving, _CHUNK)
        if not chunk:
            return bytes(data), False
        data += chunk
    return bytes(data), True


def _read(answer: _Answer) -> str:
    if answer.is_late and len(answer.data) > MOST_BYTES:
        raise Overrun(f"it makes more than {MOST_BYTES >> 20} MB")
    stopped = os.WTERMSIG(answer.status) if os.WIFSIGNALED(answer.status) else 0
    if answer.is_late or stopped in (signal.SIGXCPU, signal.SIGKILL):
        raise Overrun(f"it takes more than {MOST_SECONDS} seconds")
    if answer.status or not answer.data:
        raise Overrun(f"{TOO_MUCH_MEMORY}, or ended its process")
    found = json.loads(answer.data)
    if "overrun" in found:
        raise Overrun(found["overrun"])
    if "problems" in found:
        raise InvalidInput([_problem(each) for each in found["problems"]], found["sources"])
    text: str = found["text"]
    return text


def _problem(found: list[Any]) -> Problem:
    code, message, span, hint, level = found
    return Problem(code, message, SourceSpan(*span) if span else None, hint, level)


# in the child ------------------------------------------------------------------------------------


def _serve(work: Callable[[], str], sending: int) -> NoReturn:
    """Do the work, send what comes of it, and end the process without any of this one's last words."""
    code = 1
    try:
        _limit()
        data = json.dumps(_done(work)).encode()
        while data:
            data = data[os.write(sending, data) :]
        code = 0
    except BaseException:  # nothing of this process is to be told or tidied up twice
        code = 1
    finally:
        os._exit(code)


def _done(work: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"text": work()}
    except InvalidInput as flawed:
        return {"problems": flawed.problems, "sources": flawed.sources}
    except Overrun as stopped:
        return {"overrun": str(stopped)}
    except MemoryError:
        return {"overrun": TOO_MUCH_MEMORY}


def _limit() -> None:
    """Set the limits of this process, where the system has them."""
    import resource

    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, MOST_SECONDS)
    taken = _address_space()
    if taken:
        _lower(resource.RLIMIT_AS, taken + MOST_MEMORY)


def _lower(kind: int, limit: int) -> None:
    import resource

    _, most = resource.getrlimit(kind)
    allowed = limit if most == resource.RLIM_INFINITY else min(limit, most)
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (allowed, most))


def _address_space() -> int:
    """The bytes of address space that this process takes; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
