"""What every test starts from: a day, no cache, and a small pack of an invented company."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ACME = Path(__file__).parent / "data" / "acme"
VALUED = Path(__file__).parent / "data" / "valued"
FACTS = (ACME / "facts" / "ACME.csv", VALUED / "prices.csv")
TODAY = "2026-11-22"

collect_ignore = ["problems"]  # packs with mistakes, not to be run as they are

FolderPack = Callable[..., Path]
Command = Callable[..., "Run"]


@pytest.fixture(autouse=True)
def _same_day_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the clock, on what an earlier run remembered, or on the network."""
    monkeypatch.setenv("THESIS_TODAY", TODAY)
    monkeypatch.setenv("THESIS_CACHE", "")
    monkeypatch.setenv("THESIS_CONFIG", "config.toml")  # in the test's own folder
    monkeypatch.setenv("SEC_BASE_URL", "http://127.0.0.1:9")  # nobody is there
    monkeypatch.delenv("SEC_CONTACT", raising=False)


@pytest.fixture
def folder_pack(tmp_path: Path) -> FolderPack:
    """``folder_pack({"thesis.yaml": text})``: a folder with the Acme pack, some files replaced or added.

    ``None`` in place of a text leaves the file out.
    """

    def write(overrides: Mapping[str, str | bytes | None] | None = None, name: str = "acme") -> Path:
        folder = tmp_path / name
        shutil.copytree(ACME, folder)
        for file, text in (overrides or {}).items():
            target = folder / file
            if text is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


@pytest.fixture
def priced(folder_pack: FolderPack) -> FolderPack:
    """``priced(("12..16", "10..12"))``: Acme with a valuation and prices, some words of it changed.

    ``valuation`` replaces the whole file, ``without`` leaves out the facts of a concept.
    """

    def write(*changes: tuple[str, str], valuation: str = "", without: str = "-", by: str = "") -> Path:
        texts = {name: (VALUED / name).read_text("utf-8") for name in ("thesis.yaml", "metrics.yaml")}
        text = valuation or (VALUED / "valuation.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        if by:
            texts["thesis.yaml"] = texts["thesis.yaml"].replace("by: 2030-12-31", f"by: {by}")
        rows = [line for file in FACTS for line in file.read_text("utf-8").splitlines(keepends=True)]
        facts = "".join(row for row in rows if not row.startswith(f"{without},"))
        return folder_pack({**texts, "valuation.yaml": text, "facts/ACME.csv": facts})

    return write


class Run(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """``run("lint", "acme", cwd=folder)``: the program as from a terminal, in this process."""

    def call(*arguments: str, cwd: Path = tmp_path) -> Run:
        from thesis.cli import main

        monkeypatch.chdir(cwd)
        monkeypatch.setattr(sys, "argv", ["thesis", *arguments])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return call


class Reply(NamedTuple):
    """What a server of ours answers; ``sent`` cuts the body short, ``pause`` comes before each byte of it."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    sent: int | None = None
    pause: float = 0.0


class Loopback:
    """A server on this machine: ``replies`` by path, one after the other, the last for ever; else 404."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def reply(self, *given: Any, **more: Any) -> Reply:
        return Reply(*given, **more)

    def say(self, path: str, body: bytes = b"", *more: Reply, **rest: Any) -> None:
        self.replies[path] = [Reply(body, **rest), *more]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                loopback.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                queue = loopback.replies.get(self.path, [Reply(b"no such file", 404)])
                reply = queue.pop(0) if len(queue) > 1 else queue[0]
                self.close_connection = True
                self.send_response(reply.status)
                chunked = reply.headers.get("Transfer-Encoding") == "chunked"
                length = {} if chunked else {"Content-Length": str(len(reply.body))}
                for name, text in {**length, "Connection": "close", **reply.headers}.items():
                    self.send_header(name, text)
                self.end_headers()
                try:
                    for piece in _pieces(reply):
                        time.sleep(reply.pause)
                        self.wfile.write(piece)
                except OSError:  # whoever asked has gone
                    pass

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _pieces(reply: Reply) -> list[bytes]:
    body = reply.body[: reply.sent]
    return [body[i : i + 1] for i in range(len(body))] if reply.pause else [body]


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """``loopback.say("/path", b"body", status=429, headers={...})``: a server that says so."""
    served = Loopback()
    thread = threading.Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield served
    served.server.shutdown()
    served.server.server_close()
    thread.join()
