"""What a memo is made of: sections, each a title and the blocks below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from thesis.document.blocks import Block
from thesis.scoring.assessment import Assessment

if TYPE_CHECKING:
    from thesis.reports.page_one import PageOne
    from thesis.reports.review_text import ReviewContext


class MemoSubject(NamedTuple):
    """What a memo is about: an assessment and, where one is kept, what the journal says.

    ``front`` gives what page one is written from, the same each time; without it page one has the assessment
    alone, and neither meanings nor earlier figures.
    """

    a: Assessment
    r: ReviewContext | None = None
    front: Callable[[], PageOne] | None = None

    @property
    def page(self) -> PageOne:
        """What page one is written from."""
        if self.front is not None:
            return self.front()
        from thesis.reports.page_one import PageOne

        return PageOne(self.a, {}, {}, None, self.r)


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
