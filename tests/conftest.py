"""What every test starts from: a day, no cache, and a small pack of an invented company."""

from __future__ import annotations

import csv
import io
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
import pytest
import yaml
from filelock import FileLock

from tests import tiers
from thesis.appraisal.appraise import add_appraisal
from thesis.appraisal.simulation.target_chances import SimulationOptions
from thesis.core.interval import point
from thesis.files.disk import bundled_folder
from thesis.pack.folder import read_folder
from thesis.pack.load import Pack, build
from thesis.scoring.assess import add_last_rating, add_latest_quarter, assess
from thesis.scoring.assessment import Assessment
from thesis.worklist.work_list import add_work_list

ACME = Path(__file__).parent / "data" / "acme"
VALUED = Path(__file__).parent / "data" / "valued"
FACTS = (ACME / "facts" / "ACME.csv", VALUED / "prices.csv")
TODAY = "2026-11-22"

collect_ignore = ["problems"]  # packs with mistakes, not to be run as they are

pytest_addoption = tiers.add_options
pytest_configure = tiers.configure

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


@pytest.fixture(scope="session", autouse=True)
def _compile_templates_once() -> Iterator[None]:
    """Each template is compiled once by a worker, under what the program's own cache would tell apart."""
    compiled: dict[tuple[Any, ...], Any] = {}
    original = jinja2.Environment.compile

    def compile_once(self: jinja2.Environment, source: Any, *rest: Any, **more: Any) -> Any:
        kind = (type(self), self.autoescape is True, self.finalize is None)
        key = (*kind, source, *rest, *more.items())
        if key not in compiled:
            compiled[key] = original(self, source, *rest, **more)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "compile", compile_once)
        yield


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

    def write(
        *changes: tuple[str, str], valuation: str = "", without: str = "-", by: str = "", name: str = "acme"
    ) -> Path:
        texts = {file: (VALUED / file).read_text("utf-8") for file in ("thesis.yaml", "metrics.yaml")}
        text = valuation or (VALUED / "valuation.yaml").read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        if by:
            texts["thesis.yaml"] = texts["thesis.yaml"].replace("by: 2030-12-31", f"by: {by}")
        rows = [line for file in FACTS for line in file.read_text("utf-8").splitlines(keepends=True)]
        facts = "".join(row for row in rows if not row.startswith(f"{without},"))
        return folder_pack({**texts, "valuation.yaml": text, "facts/ACME.csv": facts}, name)

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


Assessed = Callable[..., Assessment]
DRAWS = SimulationOptions(20_000, 7, 1)
HOSTILE = (
    """<script>alert(1)</script>"><img src=x onerror=alert(1)>' onclick='alert(1) {{ 7 * 191 }}{% if x %}"""
    """</style></title><svg onload=alert(1)><!-- &lt;i&gt; `<b>` [x](javascript:alert(1)) | ${alert(1)}"""
)


@cache
def _built(folder: Path) -> Pack:
    return build(read_folder(folder, folder.name))[0]


_LOOKED: dict[tuple[Any, ...], Assessment] = {}


def _looked(pack: Pack, day: str, given: Mapping[str, float]) -> Assessment:
    """A pack's assessment before anything is said of its worth."""
    key = (pack.digest, day, *given.items())
    if key not in _LOOKED:
        supposed = {name: point(value) for name, value in given.items()}
        rated = add_last_rating(pack, assess(pack, date.fromisoformat(day), supposed))
        _LOOKED[key] = add_latest_quarter(pack, add_work_list(pack, rated))
    return _LOOKED[key]


@pytest.fixture(scope="session")
def assessed() -> Assessed:
    """``assessed("2026-10-15", draw=True, given={"price": 300.0}, beliefs={"multiple": 22.0})``.

    The assessment of a pack with its appraisal, of the bundled one if no ``folder`` is given.
    """

    def call(
        day: str,
        folder: Path | None = None,
        *,
        draw: bool = False,
        given: Mapping[str, float] | None = None,
        beliefs: Mapping[str, float] | None = None,
    ) -> Assessment:
        pack = _built(folder or bundled_folder("rules") / "amzn-4t")
        found = _looked(pack, day, given or {})
        if pack.valuation is None:
            return found
        return add_appraisal(pack, found, beliefs or {}, DRAWS if draw else None)

    call.pack = _built  # type: ignore[attr-defined]  # the pack in a folder, built once
    return call


Shared = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """``shared("journals", make)``: a folder that ``make`` filled, once for all workers of the run.

    Tests read what is in it and write elsewhere.
    """
    base = tmp_path_factory.getbasetemp()
    place = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def call(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = place / name, place / f"{name}.done"
        with FileLock(place / f"{name}.lock"):
            if not done.exists():
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return call


@pytest.fixture(scope="session")
def kept(shared: Shared) -> Any:
    """Folders with a journal, as ``tests.kept`` has them: ``kept.kept`` and ``kept.tripped``."""
    from tests.kept import Journals, journals

    folder = shared("journals", journals)
    return Journals(folder / "kept", folder / "tripped")


@pytest.fixture(scope="session")
def delivered(assessed: Assessed) -> Any:
    """``delivered("2026-10-15", folder, draw=True).html()``: with its charts, and its journal if it has one.

    Made once; arguments as of ``assessed``.
    """
    from tests.kept import Delivered
    from thesis.cli.memo import journal_context, memo_charts
    from thesis.journal.store import read_journal

    made: dict[str, Delivered] = {}

    def call(day: str, folder: Path | None = None, **more: Any) -> Delivered:
        place = folder or bundled_folder("rules") / "amzn-4t"
        key = f"{day} {place} {more}"
        if key not in made:
            a, pack, files = assessed(day, place, **more), _built(place), read_folder(place, place.name)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("THESIS_CACHE", "")
                reviewed = journal_context(files, pack, a, read_journal(place, place.name))
            made[key] = Delivered(place, a, pack, memo_charts(a, pack, reviewed), reviewed)
        return made[key]

    return call


Spoil = Callable[[str], Path]


@pytest.fixture
def spoil(priced: FolderPack) -> Spoil:
    """``spoil(text)``: Acme with a price, in which every text that somebody wrote ends in this one."""

    def call(end: str) -> Path:
        folder = priced(name=f"spoilt{len(end)}")
        for file in sorted(folder.glob("*.yaml")):
            if file.name != "trials.yaml":
                written = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
                file.write_text(yaml.safe_dump(_spoilt(written, end)), "utf-8")
        facts = folder / "facts" / "ACME.csv"
        rows = list(csv.DictReader(io.StringIO(facts.read_text("utf-8"))))
        with facts.open("w", encoding="utf-8", newline="") as out:
            written = csv.DictWriter(out, list(rows[0]))
            written.writeheader()
            written.writerows({**row, "source": row["source"] + end} for row in rows)
        return folder

    return call


@pytest.fixture
def hostile(spoil: Spoil) -> Path:
    """Acme with a price, in which every text that somebody wrote ends in ``HOSTILE``."""
    return spoil(HOSTILE)


WRITTEN = frozenset(
    ["title", "name", "label", "claim", "clause", "because", "misleads_when", "asks", "by", "evidence",
     "source", "multiple_because", "caveats"]
)  # fmt: skip


def _spoilt(value: Any, end: str, key: str = "") -> Any:
    """A file's value with every text that is free to be anything ending in what would hurt a page."""
    if isinstance(value, dict):
        return {name: _spoilt(each, end, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_spoilt(each, end, key) for each in value]
    if value == "WATCH":  # a level of the verdict
        return f"WATCH{end}"
    is_fixed = value == "judgement" or (key == "by" and value[:1].isdigit())
    return f"{value}{end}" if key in WRITTEN and not is_fixed else value
