"""What a memo is made of: sections, each a title and the blocks below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from thesis.document.blocks import Block
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.review_text import ReviewContext


class MemoSubject(NamedTuple):
    """What a memo is about: an assessment and, where one is kept, what the journal says."""

    a: Assessment
    r: ReviewContext | None = None


class MemoSection(NamedTuple):
    """A section of every memo that has something to say in it.

    ``id`` names its place on a page; ``name`` is what the list of contents calls it. ``blocks`` gives what
    stands below its title; a section without blocks is left out. ``is_front``: it belongs on page one.
    """

    id: str
    title: str | Callable[[MemoSubject], str]
    name: str
    blocks: Callable[[MemoSubject], Sequence[Block]]
    is_front: bool = False

    def title_for(self, subject: MemoSubject) -> str:
        """The title in the memo of a subject."""
        return self.title if isinstance(self.title, str) else self.title(subject)
