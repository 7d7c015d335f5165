"""The mark at the end of an output, by which the program knows a file that it wrote and nobody has edited.

The mark holds a digest of everything before it: a comment in Markdown, HTML and SVG, and in a PDF an entry
among the document's properties, whose digest is that of the whole file with zeros in its place. A file whose
mark matches can be written anew without asking; one that somebody has edited, or that another program wrote,
cannot. Line ends may change on the way, as they do in git. The digest is no signature and keeps nobody out.
"""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from typing import Literal

State = Literal["own", "edited", "unmarked"]

ENDINGS = (".md", ".markdown", ".html", ".htm", ".svg")
"""Names of files that take a comment at their end."""
PDF_KEY = "ThesisMark"
PDF_MARK = "0" * 32
"""What stands in a PDF's properties until its digest is known."""

_COMMENT = re.compile(rb"<!-- written by thesis, and replaced by it while unedited: ([0-9a-f]{32}) -->\n?\Z")
_PROPERTY = re.compile(rb"/ThesisMark ?\(([0-9a-f]{32})\)")


def with_mark(name: str, data: bytes) -> bytes:
    """An output with its mark, if a file of that name can have one, else as it is."""
    if data.startswith(b"%PDF-"):
        return _PROPERTY.sub(lambda found: found[0].replace(found[1], _of_pdf(data)), data)
    if os.path.splitext(name)[1].lower() not in ENDINGS:
        return data
    text = data if data.endswith(b"\n") else data + b"\n"
    return text + b"<!-- written by thesis, and replaced by it while unedited: %s -->\n" % _digest(text)


def mark_state(data: bytes) -> State:
    """Whether the program wrote a file and nobody has edited it since."""
    if data.startswith(b"%PDF-"):
        found = _PROPERTY.search(data)
        return "unmarked" if found is None else "own" if found[1] == _of_pdf(data) else "edited"
    text = data.replace(b"\r\n", b"\n")
    found = _COMMENT.search(text)
    if found is None:
        return "edited" if b"<!-- written by thesis, and replaced by it" in text else "unmarked"
    return "own" if found[1] == _digest(text[: found.start()]) else "edited"


def _digest(data: bytes) -> bytes:
    return blake2b(data.replace(b"\r\n", b"\n"), digest_size=16).hexdigest().encode()


def _of_pdf(data: bytes) -> bytes:
    """The digest of a PDF with zeros where its own is."""
    blank = _PROPERTY.sub(lambda found: found[0].replace(found[1], PDF_MARK.encode()), data)
    return blake2b(blank, digest_size=16).hexdigest().encode()
