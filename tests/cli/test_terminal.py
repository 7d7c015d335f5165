"""In a terminal answers are painted and fitted to its width; elsewhere they are the same text as ever."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.board.conftest import HURTS, TITLE
from tests.conftest import ACME
from thesis.cli import output

CODE = re.compile(r"\x1b\[([\d;]*)m")
WIDTHS = (60, 80, 120, 200)
BUNDLED_DAY = ("--as-of", "2026-10-15")
VIEWS = {
    "check": ("check", "amzn-4t", *BUNDLED_DAY),
    "check of a late day": ("check", "amzn-4t"),
    "history": ("history", "amzn-4t", *BUNDLED_DAY),
    "value": ("value", "amzn-4t", *BUNDLED_DAY),
    "review start": ("review", "start", "amzn-4t", *BUNDLED_DAY),
    "review list": ("review", "list", "-p", str(ACME.parents[1] / "journal" / "golden")),
    "list": ("list",),
    "board": ("board",),
}
views = pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)

Painted = Callable[..., str]
Screen = Callable[[tuple[str, ...], int], str]
Piped = Callable[[tuple[str, ...]], str]


@pytest.fixture
def painted(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Painted:
    """``painted("check", "acme", width=60)``: what a terminal of that width is sent."""
    pytest.importorskip("rich")

    def call(*arguments: str, width: int = 80, kind: str = "xterm-256color", cwd: Path = tmp_path) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(output, "_is_terminal", lambda: True)
            patch.setenv("TERM", kind)
            patch.setenv("COLUMNS", str(width))
            found: str = run(*arguments, cwd=cwd).out
        return found

    return call


@pytest.fixture(scope="module")
def printed() -> dict[Any, str]:
    """What was printed already: the views below are of packs that no test changes."""
    return {}


@pytest.fixture
def screen(painted: Painted, printed: dict[Any, str]) -> Screen:
    """``screen(view, 60)``: what a terminal of that width is sent for a view, without its colours."""

    def call(view: tuple[str, ...], width: int) -> str:
        if (view, width) not in printed:
            printed[view, width] = _plain(painted(*view, width=width))
        return printed[view, width]

    return call


@pytest.fixture
def piped(run: Any, printed: dict[Any, str]) -> Piped:
    """``piped(view)``: what a pipe gets."""

    def call(view: tuple[str, ...]) -> str:
        if view not in printed:
            printed[view] = run(*view).out
        return printed[view]

    return call


def _plain(text: str) -> str:
    return CODE.sub("", text)


def _words(text: str) -> list[str]:
    """The words of a text in any order; of one that was cut, nothing."""
    return [word for word in text.replace("─", " ").split() if not word.endswith("…")]


# what a terminal shows -------------------------------------------------------------------------------


@views
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(view: tuple[str, ...], width: int, screen: Screen) -> None:
    from rich.cells import cell_len

    lines = screen(view, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


@views
@pytest.mark.parametrize("width", WIDTHS)
def test_whatever_the_width_nothing_of_the_text_is_left_out(
    view: tuple[str, ...], width: int, screen: Screen, piped: Piped
) -> None:
    """Every word that a pipe gets is on the screen, at least as often, but for headings that are gone."""
    from collections import Counter

    text = piped(view)
    told = Counter(_words(screen(view, width)))
    missing = Counter(_words(text)) - told
    heads = [line for line in text.splitlines() if line.startswith(("pack ", "review  "))]
    headings = Counter(word for line in heads for word in line.split())  # of rows that became cards
    assert missing - headings == Counter()


@views
def test_colour_is_never_the_only_sign(view: tuple[str, ...], painted: Painted, monkeypatch: Any) -> None:
    """NO_COLOR takes every colour and nothing else."""
    coloured = painted(*view, width=120)
    monkeypatch.setenv("NO_COLOR", "1")
    bare = painted(*view, width=120)
    assert _plain(bare) == _plain(coloured)
    codes = {code for found in CODE.findall(bare) for code in found.split(";")}
    assert codes <= {"", "0", "1", "2"}
    assert {code for found in CODE.findall(coloured) for code in found.split(";")} - codes


def test_a_wide_terminal_says_more_of_each_condition(screen: Screen) -> None:
    narrow, wide = (screen(VIEWS["check"], width) for width in (80, 120))
    assert "28.4% (2 of 3)" not in narrow
    assert re.search(r"● AI-driven AWS growth +36\.8% .* 28\.4% \(2 of 3\) +\+13\.4pp +strong", wide)


def test_a_table_too_wide_is_shown_in_strips_or_as_cards(screen: Screen) -> None:
    history = screen(VIEWS["history"], 80)
    assert len(re.findall(r"^2026Q2 ", history, re.MULTILINE)) == 2
    assert len(re.findall(r"^2026Q2 ", screen(VIEWS["history"], 200), re.MULTILINE)) == 1
    board = screen(VIEWS["board"], 80)
    assert re.search(r"^amzn-4t +NOT RATED$", board, re.MULTILINE)
    assert "worse" in screen(VIEWS["board"], 200).splitlines()[3]


def test_a_card_of_the_board_is_headed_by_what_is_published(kept: Any, painted: Painted) -> None:
    """As everywhere else: the verdict of the day stands below, under its own name."""
    board = _plain(painted("board", str(kept.kept), "--as-of", "2026-10-15", width=90))
    head = next(
        line for line in board.splitlines() if line.startswith(str(kept.kept)[:20]) or "(amzn-4t)" in line
    )
    assert re.search(r"  (WATCH|AT RISK)$", head.rstrip())
    assert "of the day" in board
    assert "published" not in board


def test_what_a_pack_says_cannot_steer_the_terminal(folder_pack: Any, painted: Painted, run: Any) -> None:
    """Escape sequences and marks that turn text around show as what they are not: nothing."""
    pack = folder_pack()
    text = (pack / "thesis.yaml").read_text(encoding="utf-8")
    hostile = HURTS.replace("\x1b", "\\e").replace("\u202e", "\\u202e").replace("\\e", "\\e]0;x\\a\\e")
    (pack / "thesis.yaml").write_text(text.replace(TITLE, f'"{hostile}"'), encoding="utf-8")
    for command in ("check", "list", "board", "history"):
        shown = painted(command, *(["acme"] if command in ("check", "history") else []), width=120)
        assert "\x1b" not in _plain(shown)
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", _plain(shown))
        plain = painted(command, "--plain", *(["acme"] if command in ("check", "history") else []))
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", plain)


def test_wide_letters_keep_their_columns(folder_pack: Any, painted: Painted) -> None:
    from rich.cells import cell_len

    pack = folder_pack()
    text = (pack / "thesis.yaml").read_text(encoding="utf-8")
    (pack / "thesis.yaml").write_text(text.replace("name: Margins", "name: 利益率が高まる"), encoding="utf-8")
    lines = [
        x
        for x in _plain(painted("check", "acme", *BUNDLED_DAY, width=80)).splitlines()
        if x.startswith(("  ●", "  ◐", "  ○"))
    ]
    marks = {cell_len(line[: re.search(r"[▁▂▃▄▅▆▇█·]{8}", line).start()]) for line in lines}  # type: ignore[union-attr]
    assert len(lines) == 2
    assert len(marks) == 1


# when it does not ------------------------------------------------------------------------------------


@views
def test_plain_is_what_a_pipe_gets(view: tuple[str, ...], painted: Painted, piped: Piped) -> None:
    plain = painted(*view, "--plain", width=60)
    assert plain == piped((*view, "--plain"))
    if view[0] != "check":  # where it has words for marks
        assert plain == piped(view)


@pytest.mark.parametrize("kind", ["dumb", "", "unknown"])
def test_a_terminal_that_only_prints_gets_what_a_pipe_gets(kind: str, painted: Painted, run: Any) -> None:
    assert painted(*VIEWS["check"], kind=kind) == run(*VIEWS["check"]).out


def test_without_the_library_there_is_the_text(
    painted: Painted, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import util

    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name, *more: None if name == "rich" else found(name, *more))
    assert painted(*VIEWS["check"]) == run(*VIEWS["check"]).out


def test_a_terminal_that_cannot_show_the_marks_gets_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(output, "_is_terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="iso-8859-1"))
    assert not output.uses_colour()
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding="utf-8"))
    assert output.uses_colour()


@pytest.mark.parametrize("command", [("check", "acme"), ("history", "acme"), ("list",), ("board",)])
def test_in_a_pipe_the_library_is_not_even_read(command: tuple[str, ...], tmp_path: Path) -> None:
    """It would cost a quarter of the time that a check takes."""
    pytest.importorskip("rich")
    program = (
        "import sys\n"
        f"sys.argv = ['thesis', *{command!r}]\n"
        "from thesis.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.partition('.')[0] == 'rich'), file=sys.stderr)\n"
    )
    os.symlink(ACME, tmp_path / "acme")
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout
    assert found.stderr.splitlines()[-1] == "[]"


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
def test_a_real_terminal_is_painted_and_its_width_is_asked_for(tmp_path: Path) -> None:
    """The whole program behind a pseudo-terminal of 60 columns."""
    pytest.importorskip("rich")
    import fcntl
    import pty
    import struct
    import termios

    os.symlink(ACME, tmp_path / "acme")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    child = subprocess.Popen(
        [sys.executable, "-m", "thesis", "check", "acme", *BUNDLED_DAY],
        cwd=tmp_path, stdout=theirs, env={**environment, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how the end of a terminal is told
            break
        if not part:
            break
        shown += part
    assert child.wait() == 0
    os.close(ours)
    text = shown.decode().replace("\r\n", "\n")
    assert "\x1b[1" in text
    assert max(map(len, _plain(text).splitlines())) <= 60
    assert "WATCH" in text
