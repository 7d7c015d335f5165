"""Examples: the commands on a page are run, and what they print is held against the page.

A block of the language ``console`` is a session: lines that begin with ``$ `` are commands (one that ends in
a backslash goes on in the next line), the lines below a command are what it prints, both streams as they
come. A line ``...`` stands for any number of lines. A comment before another block says what the reader does
with it::

    <!-- write PATH -->              makes it the file
    <!-- append PATH -->             adds it to the end of the file
    <!-- replace PATH: LINE -->      puts it in the place of the one line that reads so

A page is one session of bash in an empty folder, from top to bottom: what is exported stays, as does the
folder that one changes to, and ``$?`` is the exit code of the command before. One with the comment
``<!-- after PAGE -->`` goes on where the session of that page ended. A folder ``edgar`` among its files is
served on this machine, and ``thesis facts fetch`` asks there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple, Self

LONGEST = 300  # seconds for a page
ANYTHING = "..."
EDGAR = "edgar"
_FENCE = re.compile(
    r"^(?:<!-- (?P<what>write|append|replace) (?P<path>[^\s:]+)(?:: (?P<line>.+?))? -->\n+)?"
    r"(?P<marks>`{3,})(?P<language>[a-z]*)\n(?P<body>.*?)^(?P=marks)$",
    re.MULTILINE | re.DOTALL,
)

_AFTER = re.compile(r"^<!-- after (\S+) -->$", re.MULTILINE)


class Command(NamedTuple):
    """What is typed, and the lines that it prints."""

    typed: str
    printed: list[str]


def has_examples(text: str) -> bool:
    return "```console\n$ " in text


def performed(page: Path, text: str, folder: Path, files: Path | None = None) -> str:
    """The page with what its commands print now, run in a folder that is empty or not there yet.

    ``files`` lie in the folder when the page begins. Errors: ``ValueError`` for a change to a file that
    cannot be made.
    """
    folder.mkdir(exist_ok=True)
    if files is not None:
        shutil.copytree(files, folder, dirs_exist_ok=True)
    with Shell(folder) as shell:
        before = _AFTER.search(text)
        if before:
            _sessions((page.parent / before[1]).read_text(encoding="utf-8"), shell)
        return _sessions(text, shell)


def _sessions(text: str, shell: Shell) -> str:
    return _FENCE.sub(lambda found: _done(found, shell), text)


def _done(found: re.Match[str], shell: Shell) -> str:
    body = found["body"]
    if found["what"]:
        _changed(shell.folder / found["path"], found["what"], found["line"] or "", body)
    if found["language"] != "console" or not body.startswith("$ "):
        return found[0]
    told = []
    for command in commands(body):
        printed = shell.run(command.typed)
        told += [f"$ {command.typed}", *(command.printed if agrees(command.printed, printed) else printed)]
    start, end = found.start("body") - found.start(), found.end("body") - found.start()
    return found[0][:start] + "".join(f"{line}\n" for line in told) + found[0][end:]


def commands(body: str) -> Iterator[Command]:
    """The commands of a block."""
    lines = body.rstrip("\n").split("\n")
    while lines:
        typed = lines.pop(0).removeprefix("$ ")
        while typed.endswith("\\") and lines:
            typed += f"\n{lines.pop(0)}"
        printed = []
        while lines and not lines[0].startswith("$ "):
            printed.append(lines.pop(0))
        yield Command(typed, printed)


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether what is shown is what was printed, a line ``...`` being any lines at all."""
    pattern = "".join(r"(?:.*\n)*?" if line == ANYTHING else re.escape(f"{line}\n") for line in shown)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def _changed(path: Path, what: str, line: str, body: str) -> None:
    """Do with a block what the page tells the reader to do with it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if what == "replace":
        lines = before.split("\n")
        if lines.count(line) != 1:
            raise ValueError(f"{path.name} has the line `{line}` {lines.count(line)} times")
        place = lines.index(line)
        body = "\n".join([*lines[:place], body.rstrip("\n"), *lines[place + 1 :]])
    path.write_text(before + body if what == "append" else body, encoding="utf-8")


class Edgar:
    """The files of a folder, served on this machine until it is closed."""

    def __init__(self, folder: Path) -> None:
        class Handler(SimpleHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Shell:
    """A session of bash in a folder; every command is given nothing to read."""

    def __init__(self, folder: Path) -> None:
        self.mark = "-- this command has ended --"
        self.edgar = Edgar(folder / EDGAR) if (folder / EDGAR).is_dir() else None
        self.code = 0
        home = folder.with_name(f"{folder.name}.home")
        home.mkdir()
        inherited = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env={
                **inherited,
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": str(home),
                "PYTHONUTF8": "1",
                "THESIS_CACHE": "",
                "SEC_BASE_URL": self.edgar.url if self.edgar else "http://127.0.0.1:9",  # nobody is there
                "GIT_AUTHOR_NAME": "Jane Doe",
                "GIT_AUTHOR_EMAIL": "jane@example.com",
                "GIT_COMMITTER_NAME": "Jane Doe",
                "GIT_COMMITTER_EMAIL": "jane@example.com",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        self.limit = threading.Timer(LONGEST, self.process.kill)
        self.limit.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()
        self.limit.cancel()
        if self.edgar:
            self.edgar.close()

    @property
    def folder(self) -> Path:
        """Where the session is."""
        code = self.code
        (place,) = self.run("pwd")
        self.code = code
        return Path(place)

    def run(self, typed: str) -> list[str]:
        """The lines that a command prints. Errors: ``RuntimeError`` where the session ends with it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        told = f"code=$?; echo; echo '{self.mark}' $code"
        self.process.stdin.write(f"(exit {self.code}); {{\n{typed}\n}} < /dev/null\n{told}\n")
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            if line.startswith(self.mark):
                self.code = int(line.removeprefix(self.mark))
                if lines[-1:] == [""]:
                    lines.pop()
                return lines
            lines.append(line.rstrip("\n"))
        raise RuntimeError(f"the session ended with `{typed}`: {lines[-3:]}")
