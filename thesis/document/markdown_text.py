"""Escapes text that users wrote, so that Markdown prints it as it is.

On one line, with nothing at its beginning or in it that would become a heading, a list, a table, a tag or
a link: as GitHub's parser reads it, and as pandoc does in either of its dialects.
"""

from __future__ import annotations

import re
from typing import Any

from thesis.core.controls import acting_characters, show_controls

TAG = re.compile(r"<(?=[A-Za-z/!?])")
BARE_TAG = re.compile(r"(?<!\\)((?:\\\\)*)<(?=[A-Za-z/!?])")  # after an even number of backslashes
LINK = re.compile(r"\]\((?!https?://|[\w./#~?=%+,@-]*\))")  # that leads neither to the web nor to a file
# Of an image that is no chart of the memo's own; at the end of a text a link may follow.
IMAGE = re.compile(r"(?<!\\)((?:\\\\)*)!(?=\[|\Z)(?!\[(?:\\.|[^\[\]\\])*\]\(charts/[\w.-]+\.svg\))")
REFERENCE = re.compile(r"&#([xX][0-9a-fA-F]{1,6}|[0-9]{1,7});?")
MOST_POINTS = 0x10FFFF
BAR = re.compile(r"(\\*)\|")
TICKS = re.compile(r"`+")
BARE_TICK = re.compile(r"(?<!\\)((?:\\\\)*)`")
# Of a footnote; to pandoc one that leads to itself has no end.
MARK = re.compile(r"(?<!\\)((?:\\\\)*)(?=\[\^|\^\[)")
# What a block begins with: a list's number or letter (kept before the mark), or a mark of another block.
BEGINS = re.compile(
    r"\(?(?:\d{1,9}|[a-z]|[ivxlc]{2,7}|[IVXLC]{2,7}|[A-Z](?=\)))(?=[.)](?:\s|$))"
    r"|(?=[#>|]|[-+*:](?:\s|$)|[-*_=\s]+$|~~~|```|\[[^]]*\]:)"
)


def single_line(text: Any) -> str:
    """A text on one line, in which nothing is a footnote's mark and no code goes on behind it."""
    line = " ".join(str(text).split())
    if "`" in line and (len(ticks := TICKS.findall(line)) % 2 or set(ticks) != {"`"}):
        line = BARE_TICK.sub(r"\1\\`", line)
    return MARK.sub(r"\1\\", line) if "^" in line else line


def prose(text: Any) -> str:
    r"""A text on one line that begins no block: ``# now`` as ``\\# now``."""
    return begin_no_block(single_line(text))


def begin_no_block(line: str) -> str:
    """A line of Markdown with an escape before what would begin a heading, a list or another block."""
    found = BEGINS.match(line)
    return f"{line[: found.end()]}\\{line[found.end() :]}" if found else line


def table_cell(text: Any) -> str:
    """A text inside a table: on one line, with no column mark."""
    line = single_line(text)
    return BAR.sub(lambda bar: bar[1] + "\\" * (len(bar[1]) % 2) + "\\|", line) if "|" in line else line


class Code(str):
    """An expression between backticks, where an escape would show."""

    __slots__ = ()


def code(text: str) -> Code:
    """An expression on one line in which nothing looks like a tag: ``a <b`` as ``a < b``."""
    return Code(TAG.sub("< ", " ".join(show_controls(text).split())))


def inert(printed: Any) -> Any:
    """What a template prints, with no tag, link or image in it that would run or load something.

    An image becomes a link behind its ``!``, but for the charts beside a memo.
    Applied again, as to what a macro gives back, it changes nothing.
    """
    if not isinstance(printed, str) or isinstance(printed, Code):
        return printed
    quiet = show_controls(printed)  # first, since ``[U+202E]`` before a bracket would be a link
    quiet = REFERENCE.sub(_referred, quiet) if "&#" in quiet else quiet
    quiet = LINK.sub(r"]\\(", quiet) if "](" in quiet else quiet
    quiet = IMAGE.sub(r"\1\\!", quiet) if "!" in quiet else quiet
    return BARE_TAG.sub(r"\1\\<", quiet) if "<" in quiet else quiet


def _referred(found: re.Match[str]) -> str:
    """A character reference, or how the character is shown where it would act on a screen."""
    number = found[1].lower()
    point = int(number[1:], 16) if number.startswith("x") else int(number)
    character = chr(point) if point <= MOST_POINTS else ""
    return next(acting_characters(character), found[0])


FILTERS = {"cell": table_cell, "prose": prose, "code": code}
