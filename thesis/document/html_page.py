"""The stylesheet and the security policy of a self-contained HTML page."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import unescape

from thesis.files.disk import bundled_folder

COLOURS = "colours.css"


def bundled_text(name: str) -> str:
    """A file of ``templates``."""
    return (bundled_folder("templates") / name).read_text(encoding="utf-8")


def page_style(name: str) -> str:
    """A stylesheet behind the colours that all pages have."""
    return f"{bundled_text(COLOURS)}\n{bundled_text(name)}"


def minify(text: str) -> str:
    """Without the blank lines and the indentation that arranging leaves."""
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def content_security_policy(
    styles: Sequence[str], scripts: Sequence[str] = (), drawings: Sequence[str] = ()
) -> str:
    """The Content-Security-Policy of a page with these stylesheets, scripts and styles in drawings."""
    drawn = "".join(drawings)
    sheets = [*styles, *re.findall(r"<style[^>]*>(.*?)</style>", drawn, re.DOTALL)]
    inline = sorted({unescape(text) for text in re.findall(r"""\sstyle="([^"]*)\"""", drawn)})
    allowed = " ".join(_digest(text) for text in [*sheets, *inline])
    hashed = "'unsafe-hashes' " if inline else ""  # what CSP calls it where attributes are named by digest
    run = [f"script-src {' '.join(_digest(text) for text in scripts)}"] if scripts else []
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {hashed}{allowed}",
            *run,
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
