"""The keys of a file of standard definitions, and where the definitions of a pack are from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from thesis.core.record import record
from thesis.facts.fact import CONFIG, LineItem
from thesis.pack.schema.metrics import Identity, Metric


@record
class StandardFile:
    """A file of standard definitions. In units, `currency` is that in which the company reports."""

    __pydantic_config__ = CONFIG

    version: int
    """Raised with every change; a signed review keeps the file that it was signed on."""
    title: str
    """Which companies it is for."""
    uses: str = ""
    """The definitions that it builds on: standard/us-gaap."""
    without: Sequence[str] = ()
    """Line items, metrics and identities of those that do not apply here."""
    concepts: Mapping[str, LineItem] | None = None
    """Concept to what it is: what is reported."""
    metrics: Mapping[str, Metric] | None = None
    """Metric to its formula: what is worked out."""
    identities: Sequence[Identity] = ()
    """Sums that are checked in every quarter."""


@record
class StandardOrigins:
    """Which definitions of a pack are standard: names with the file and version that define them.

    ``replaced`` are names that the pack defines otherwise than the standard.
    """

    defined: Mapping[str, str]
    replaced: Mapping[str, str]


SHAPES: tuple[type, ...] = (StandardFile, StandardOrigins)
