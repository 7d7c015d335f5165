"""``thesis review``: the quarterly session and its journal."""

from __future__ import annotations

import click

from thesis.cli.lazy_group import LazyGroup

COMMANDS = {
    "start": "What is new, what must be judged again, what turned out: one screen.",
    "sign": "Sign what the thesis comes to, into the journal.",
    "list": "The signed reviews, a line each.",
    "verify": "Is the journal what was signed? Work every review out again.",
}


class ReviewGroup(LazyGroup):
    """The steps of a review."""

    known = COMMANDS
    modules = "thesis.cli.review_"


@click.group(
    "review",
    cls=ReviewGroup,
    epilog="\b\nExamples:\n"
    "  thesis review start\n"
    "  thesis review sign --by 'Jane Doe' --decision hold\n"
    "  thesis review verify",
)
def command() -> None:
    """Start, sign, list and verify the quarterly review."""
