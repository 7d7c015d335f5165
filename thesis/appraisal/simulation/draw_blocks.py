"""Runs blocks of random draws on several threads and adds their results in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Room = TypeVar("Room")
Piece = TypeVar("Piece")

AHEAD = 4  # pieces that a thread may be ahead of the adding up
PATIENCE = 0.2  # seconds between two looks at whether somebody wants to stop


def run_blocks(
    count: int,
    threads: int,
    room: Callable[[], Room],
    work: Callable[[Room, int], Piece],
    add: Callable[[Piece, Piece], Piece],
    progress: Callable[[float], None] | None = None,
) -> Piece:
    """The sum of ``work(room, i)`` for each i below ``count``, always added in that order.

    Each thread has working memory of its own from ``room``; a few pieces at a time wait to be added.
    """
    pieces = _alone(count, room, work) if threads == 1 else _together(count, threads, room, work)
    total = next(pieces)
    for i, piece in enumerate(pieces, 2):
        total = add(total, piece)
        if progress:
            progress(i / count)
    return total


def _alone(count: int, room: Callable[[], Room], work: Callable[[Room, int], Piece]) -> Iterator[Piece]:
    own = room()
    for i in range(count):
        yield work(own, i)


def _together(
    count: int, threads: int, room: Callable[[], Room], work: Callable[[Room, int], Piece]
) -> Iterator[Piece]:
    """The pieces in order, worked out by several threads a few ahead. Leaving early stops them."""
    rooms = [room() for _ in range(threads)]

    def one(i: int) -> Piece:
        own = rooms.pop()  # as many as there are threads
        try:
            return work(own, i)
        finally:
            rooms.append(own)

    with ThreadPoolExecutor(threads) as pool:
        numbers = iter(range(count))
        waiting: list[Future[Piece]] = [pool.submit(one, i) for i in islice(numbers, AHEAD * threads)]
        try:
            while waiting:
                yield _patiently(waiting.pop(0))
                waiting += [pool.submit(one, i) for i in islice(numbers, 1)]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _patiently(future: Future[Piece]) -> Piece:
    """A result, waited for in short turns so that an interrupt is heard."""
    while True:
        try:
            return future.result(PATIENCE)
        except TimeoutError:
            if future.done():
                raise
