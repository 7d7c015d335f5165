"""The keys of metrics.yaml: companies, line items, metrics, identities, filing deadlines, share splits.

A formula is kept as the text that the author wrote; ``thesis.lint`` checks it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from thesis.core.field_types import DAY, DAYS, SPLIT_RATIO, UNIT
from thesis.core.record import record
from thesis.facts.fact import CONFIG, LineItem

Show = Literal["percent", "points", "bp", "billions", "multiple", "number", "usd"]
"""How values of a metric are printed."""
QuarterName = Literal["Q1", "Q2", "Q3", "Q4"]


@record
class Entity:
    """Whose figures they are."""

    __pydantic_config__ = CONFIG

    name: str
    """What to call it in a memo."""
    year_ends: QuarterName = "Q4"
    """The calendar quarter with which the fiscal year ends: its report is due later."""
    cik: str = ""
    """Its number at the SEC, for links to its filings."""


@record
class Metric:
    """A named formula over concepts and other metrics."""

    __pydantic_config__ = CONFIG

    formula: str
    """An expression in the rule language."""
    unit: Annotated[str, UNIT]
    """What it comes to: ratio, USD, USD/share, shares, count or years."""
    show: Show
    """How to print it."""
    label: str
    """What to call it in a memo."""
    because: str = ""
    """What it tells, and where the formula comes from."""
    above: str = ""
    """What every value lies above: 0 for what a part leaves of a whole, as sales outside a segment."""
    least: str = ""
    """Or the least value that there can be."""
    misleads_when: str = ""
    """When it says something else than it seems to."""
    source: str = ""
    """Where its definition is from."""
    not_positive: Literal["", "highest", "lowest"] = ""
    """Of a multiple such as price over earnings: what it counts as where the divisor is not positive, the
    highest or the lowest multiple there can be. It is printed as n.m., not meaningful."""


@record
class Identity:
    """Two sides that must be equal in every quarter."""

    __pydantic_config__ = CONFIG

    id: str
    """What to call it when it does not tie."""
    left: str
    """A formula: one side."""
    right: str
    """A formula: the other side."""
    within: float
    """Largest difference allowed, in the unit of both sides."""
    because: str = ""
    """Why they must be equal."""
    is_strict: bool = True
    """Whether a quarter in which they differ is an error; false makes it a warning, of a sum that holds in
    nearly all filings and not in every one."""


@record
class Calendar:
    """When the next figure is due."""

    __pydantic_config__ = CONFIG

    quarterly: Annotated[int, DAYS] = 40
    """Days after a quarter's end by which a 10-Q is filed, or the first business day after them."""
    annual: Annotated[int, DAYS] = 60
    """Days after a fiscal year's end by which a 10-K is filed, or the first business day after them."""
    price_days: Annotated[int, DAYS] = 5
    """Trading days after which a price is stale."""
    judgement_days: Annotated[int, DAYS] | None = None
    """Days after which a grade has expired; left out, it lives until the next quarter's review is due."""
    review_days: Annotated[int, DAYS] = 14
    """Days after a quarter's filing by which its review is signed."""


@record
class ShareSplit:
    """New shares for old: figures filed before the day are put on the new basis when they are imported."""

    __pydantic_config__ = CONFIG

    entity: str
    """Whose shares."""
    day: Annotated[str, DAY]
    """The first day on which the shares traded at the new price."""
    ratio: Annotated[str, SPLIT_RATIO]
    """New shares for old: 20 or 20/1 of a 20-for-1 split, exactly 1/30 where thirty became one."""
    source: str
    """Where it was announced."""


@record
class PriceJump:
    """A move of the price that looks like a split and is none, which imports of prices then accept."""

    __pydantic_config__ = CONFIG

    entity: str
    """Whose share."""
    day: Annotated[str, DAY]
    """The first day at the new price."""
    because: str
    """What moved it."""


@record
class MetricsFile:
    """metrics.yaml: what is reported, and what is worked out from it."""

    __pydantic_config__ = CONFIG

    entities: Mapping[str, Entity]
    """Entity to whose figures they are."""
    concepts: Mapping[str, LineItem]
    """Concept to what it is: what is reported."""
    metrics: Mapping[str, Metric]
    """Metric to its formula: what is worked out."""
    identities: Sequence[Identity] = ()
    """Sums that must hold in every quarter; a misfit stops the run."""
    calendar: Calendar = Calendar()
    """When figures, prices, grades and reviews are due."""
    splits: Sequence[ShareSplit] = ()
    """New shares for old."""
    jumps: Sequence[PriceJump] = ()
    """Moves of a price that look like splits and are none."""
    uses: str = ""
    """Standard definitions to use beside those here: standard/us-gaap, or standard/us-gaap/bank."""
    currency: str = "USD"
    """The currency of the accounts, in which standard line items are measured."""


SHAPES: tuple[type, ...] = (
    Entity,
    Metric,
    Identity,
    Calendar,
    ShareSplit,
    PriceJump,
    MetricsFile,
)


# The key ``release`` of a line item --------------------------------------------------------------
#
# It names a line in the tables of an earnings release: ``WW shipping costs`` is that line wherever it stands,
# ``AWS segment > Net sales`` the line of that name under that heading. ``|`` separates several spellings.

_FOOTNOTE = re.compile(r"\(\d{1,2}\)")
_LONGEST = 300  # characters of a name


class ReleaseLine(NamedTuple):
    """A line by the keys of its heading and its label; the heading is empty where any heading will do."""

    heading: str
    words: str


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """The form in which labels are compared: letters, digits and percent signs, without footnote marks.

    Copies of one release differ in spaces, dashes and brackets, and in nothing else.

    >>> label_key("WWpaid units -- Y/Y growth (7)") == label_key("**WW paid units** — Y/Y growth")
    True
    """
    return "".join(c for c in _FOOTNOTE.sub("", text).casefold() if c.isalnum() or c == "%")


def parse_release_lines(text: str) -> tuple[ReleaseLine, ...]:
    """The lines that a ``release`` key names. Errors: ``ValueError`` that says what was expected."""
    return tuple(_release_line(part, text) for part in text.split("|"))


def _release_line(part: str, whole: str) -> ReleaseLine:
    words = [label_key(word) for word in part.split(">")]
    if len(words) > 2 or not all(words) or len(part) > _LONGEST:
        raise ValueError(
            "expected a line of a release, like `WW shipping costs` or `AWS segment > Net sales`, found "
            + (f"`{(part.strip() or whole)[:_LONGEST]}`" if whole.strip() else "nothing")
        )
    return ReleaseLine(words[0], words[1]) if len(words) == 2 else ReleaseLine("", words[0])
