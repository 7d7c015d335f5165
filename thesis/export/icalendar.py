"""An iCalendar feed (RFC 5545) of dates, the same bytes for the same day.

Whole days, which keep nobody busy. An entry's UID is made of the pack and of what it is about, so that a
later feed moves it and does not double it; its stamp is the day seen from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from thesis import __version__
from thesis.core.controls import show_controls
from thesis.export.key_dates import KeyDate

LONGEST = 75  # octets of a line, its end not counted
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


def icalendar(pack: str, as_of: date, dates: Iterable[KeyDate]) -> str:
    """The feed. Its lines end with CR and LF and are folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//thesis//thesis {__version__}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(pack)}",
        f"X-WR-CALNAME:{_text(pack)}",
    ]
    for each in dates:
        lines += _event(pack, as_of, each)
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for line in _folded(lines))


def _event(pack: str, as_of: date, each: KeyDate) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(each.key)}@{_text(pack)}.thesis",
        f"DTSTAMP:{as_of:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{each.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{each.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(each.title)}",
        f"DESCRIPTION:{_text(each.about)}",
        f"CATEGORIES:{_text(each.kind)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(text: str) -> str:
    """A text with its marks escaped and its control characters, which no calendar takes, shown."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ESCAPED.get(c, c) for c in show_controls(lines))


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Lines of 75 octets at most; what follows begins with a space. No character is cut in two."""
    for line in lines:
        rest, room = line, LONGEST
        while len(rest.encode()) > room:
            cut = len(rest.encode()[:room].decode("utf-8", "ignore"))
            yield rest[:cut] if room == LONGEST else f" {rest[:cut]}"
            rest, room = rest[cut:], LONGEST - 1
        yield rest if room == LONGEST else f" {rest}"
