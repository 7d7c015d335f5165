"""The charts of a memo, each drawn where a template first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

Shown = TypeVar("Shown", bound=str)


class MemoChart(Protocol):
    """A drawing with its title and what it shows in words. ``id`` is a plain name for a file.

    ``is_late``: what a reader looks for first stands in its right half.
    """

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def svg(self) -> str: ...
    @property
    def is_late(self) -> bool: ...


class ChartSlots(Generic[Shown]):
    """The charts of one memo; ``write`` puts one into the memo's own format."""

    def __init__(
        self, charts: Sequence[MemoChart], write: Callable[[MemoChart], Shown], nothing: Shown
    ) -> None:
        self._charts = {chart.id.replace(".", "-"): chart for chart in charts}
        self._write = write
        self._nothing = nothing

    def shown(self, name: str) -> Shown:
        """The chart of a name; nothing where there is none, or where it was shown already.

        A name's dots are hyphens, as in the names of files.
        """
        chart = self._charts.pop(name.replace(".", "-"), None)
        return self._write(chart) if chart else self._nothing

    def rest(self) -> list[Shown]:
        """Those that nobody asked for yet."""
        return [self.shown(name) for name in list(self._charts)]
