"""Who may open a connection: the client of EDGAR, and nobody else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import thesis

PROGRAM = Path(thesis.__file__).parent
MAY = {"sources/download_session.py"}
OPENERS = {
    *("aiohttp", "asyncio", "ftplib", "http", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket"),
    *("socketserver", "ssl", "telnetlib", "urllib3", "webbrowser", "xmlrpc"),
    "urllib.request",
}


def imported(module: Path) -> Iterator[str]:
    """The names of what a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def opens(module: Path) -> bool:
    """Whether a module imports what opens connections."""
    return any(name in OPENERS or name.partition(".")[0] in OPENERS for name in imported(module))


def test_only_the_client_of_edgar_opens_connections() -> None:
    """Whatever else the program does, it asks nobody."""
    found = {str(module.relative_to(PROGRAM)) for module in PROGRAM.rglob("*.py") if opens(module)}
    assert found == MAY
