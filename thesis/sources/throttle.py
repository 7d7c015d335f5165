"""The pace of requests, and the wait after the server asks for one.

The SEC allows ten requests a second (https://www.sec.gov/about/webmaster-frequently-asked-questions).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import NamedTuple

PER_SECOND = 8.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds, of the waits that nobody prescribes
LONGEST_ASKED = 120.0  # seconds; who is told to wait longer gives up


class RequestClock(NamedTuple):
    """The time that a session goes by: seconds that only grow, seconds since 1970, and waiting."""

    now: Callable[[], float]
    wall: Callable[[], float]
    sleep: Callable[[float], None]


class Throttle:
    """Spaces requests evenly, so that no second has more than were allowed."""

    def __init__(self, clock: RequestClock, per_second: float = PER_SECOND) -> None:
        self._clock = clock
        self._between = 1 / per_second
        self._next = clock.now()

    def wait(self) -> None:
        """Return once the next request may go out."""
        now = self._clock.now()
        if now < self._next:
            self._clock.sleep(self._next - now)
        self._next = max(now, self._next) + self._between


def backoff(attempt: int) -> float:
    """Seconds to wait after the first, second, ... failure: twice as long each time, no two clients alike."""
    longest = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return longest * random.uniform(0.75, 1.25)


def retry_after(header: str | None, wall: float) -> float | None:
    """Seconds that a server asks to wait: a number of them, or a day and time; none where it does not say.

    >>> retry_after("7", 0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 20), retry_after("soon", 0)
    (7.0, 40.0, None)
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - wall)
    except (ValueError, OverflowError):
        return None
