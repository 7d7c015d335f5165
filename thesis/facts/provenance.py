"""Where a row of a fact file comes from: what its columns source, how and note say, as typed values.

The columns stay the texts that people write and read. They are taken apart here and nowhere else, once for
each text, so that no other module looks for words in them.

=========  =====================================================================================
column     what it says
=========  =====================================================================================
source     the document: ``10-Q 0001018724-26-000026``, or whatever names it, with ``(secondary)``
           behind it where a copy was read and not the document itself
how        ``reported``, ``transcribed``, ``read: ...``, ``derived: ...`` or ``judged: ...``
note       a quotation, an address in ``<...>``, ``tagged us-gaap:...``, and whatever else there is to say
=========  =====================================================================================
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

REPORTED, DERIVED, JUDGED, SECONDARY = "reported", "derived", "judged", "secondary"
AS_FILED = "derived: as filed"
"""How a stated figure begins to be described that was put on today's shares."""
FOR_THE_SPLIT = " for the split of "
"""What stands between that and the days of the splits."""
ADJUSTED = "split-adjusted"
"""What a row says of how it was read, where its figure counts today's shares already."""
TOLD_AHEAD = "told ahead"
"""What a row says of how it was read, where its figure was told before its period was over."""
TAGGED = "tagged "
"""What the note begins with of a figure whose tag is not the first of those asked for."""
COVER_DAY = "cover page of "
"""What the note of a row begins a cover page's own day with."""

_MARKED_SECONDARY = f" ({SECONDARY})"
_ADJUSTED = re.compile(r"split[- ]adjusted|adjusted for (?:the |all )?splits?", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COVER = re.compile(rf"{COVER_DAY}({_DAY.pattern})")
_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")
_NOT_IN_ADDRESSES = frozenset('<()[]|`"\\')


class Provenance(NamedTuple):
    """The origin of one row.

    ``kind`` is the first word of how the figure was read: ``reported``, ``transcribed``, ``read``,
    ``derived`` or ``judged``; ``detail`` is what follows its colon. ``citation`` is the source without the
    mark of a copy, ``document`` without any words in brackets, ``form`` its first word, ``accession`` the
    SEC's number in it. ``address``, ``tag`` and ``counted`` come from the note: a web address, the tag of a
    figure that is not the first asked for, and the day of a cover page's count. All texts are empty where the
    row says nothing of the kind.

    ``is_adjusted``: the figure counts today's shares, of whatever split; ``adjusted_for`` are the days of the
    splits that it was adjusted for, or a text without a day where none is named.
    """

    kind: str
    detail: str
    citation: str
    document: str
    form: str
    accession: str
    address: str
    tag: str
    counted: str
    adjusted_for: str
    is_secondary: bool
    is_as_filed: bool
    is_adjusted: bool
    is_told_ahead: bool

    @property
    def is_difference(self) -> bool:
        """Whether the figure was calculated from others; one put on today's shares is still as stated."""
        return self.kind == DERIVED and not self.is_as_filed

    @property
    def is_amendment(self) -> bool:
        """Whether it stands in an amended filing, such as a 10-K/A."""
        return self.form.endswith("/A")

    @property
    def tag_note(self) -> str:
        """What a note says of the tag; empty where it says nothing."""
        return f"{TAGGED}{self.tag}" if self.tag else ""

    def is_settled_for(self, day: str) -> bool:
        """Whether the figure counts the shares after the split of a day.

        It says so of all splits, or of one by its day; "for the split of June 2022" names none and is of all.
        """
        named = self.adjusted_for
        return self.is_adjusted or (day in named if _DAY.search(named) else bool(named))


@lru_cache(maxsize=65536)
def provenance(source: str, how: str, note: str = "") -> Provenance:
    """Read the three columns of a row; whatever they say can be read.

    >>> found = provenance("10-Q 0001018724-26-000026 (copy)", "derived: FY - 9M", "tagged us-gaap:Sales")
    >>> found.document, found.accession, found.kind, found.detail, found.tag
    ('10-Q 0001018724-26-000026', '0001018724-26-000026', 'derived', 'FY - 9M', 'us-gaap:Sales')
    """
    kind, _, detail = how.partition(":")
    words = source.split()
    noted = next((part for part in note.split("; ") if part.startswith(TAGGED)), "")
    counted = _COVER.search(note)
    return Provenance(
        kind=kind.split(" (")[0].strip(),
        detail=detail.strip(),
        citation=source.removesuffix(_MARKED_SECONDARY),
        document=source.partition(" (")[0],
        form=words[0] if words else "",
        accession=next((word for word in words if _ACCESSION.fullmatch(word)), ""),
        address=_address(note),
        tag=noted.removeprefix(TAGGED),
        counted=counted[1] if counted else "",
        adjusted_for=how.partition(FOR_THE_SPLIT)[2],
        is_secondary=SECONDARY in how,
        is_as_filed=how.startswith(AS_FILED),
        is_adjusted=bool(_ADJUSTED.search(how) or _ADJUSTED.search(note)),
        is_told_ahead=TOLD_AHEAD in how,
    )


def _address(note: str) -> str:
    """The address that a note gives in angle brackets, if it is one that can be followed."""
    address, closed, _ = note.partition("<http")[2].partition(">")
    is_plain = closed and not any(c.isspace() or c in _NOT_IN_ADDRESSES for c in address)
    return f"http{address}" if is_plain and address.lstrip("s").startswith("://") else ""
