"""Whether the program answers with the same bytes under several interpreters.

``python -m scripts.same_bytes .venv311/bin/python .venv313/bin/python`` asks the same of each, prints a
digest per answer and interpreter, and exits with 1 where two differ. Each interpreter needs the program's
dependencies and extras; the program itself is the one of this checkout. Each gets another hash seed, so that
an answer that depends on the order of a set differs as well. Of a spreadsheet the parts are compared,
unpacked, since builds of zlib compress differently.

``--keep FOLDER`` leaves the answers in a folder per interpreter, to be compared by other tools.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from hashlib import blake2b
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
PACKS: Mapping[str, str] = {"amzn-4t": "2026-10-15", "googl-cloud": "2026-11-22"}
"""Of the packs that come with the program each with a day from which it is looked at."""
TODAY = "2026-11-22"
PRINTED: Mapping[str, tuple[str, ...]] = {
    "memo.md": ("memo",),
    "memo.html": ("memo", "--simulate", "--format", "html"),
    "memo.json": ("memo", "--simulate", "--json"),
    "value.txt": ("value",),
    "value.json": ("value", "--json"),
    "simulate.txt": ("simulate", "--draws", "100000"),
    "simulate.json": ("simulate", "--draws", "100000", "--json"),
    "check.json": ("check", "--json"),
    "verdict.txt": ("explain", "verdict"),
    "metrics.csv": ("export", "metrics"),
    "history.csv": ("export", "history"),
}
"""What is printed of each pack."""
WRITTEN: Mapping[str, tuple[str, ...]] = {
    "workbook.xlsx": ("export", "workbook"),
    "charts": ("charts", "--simulate"),
    "metrics.parquet": ("export", "metrics", "--format", "parquet"),
}
"""What is written to a file or a folder."""
JOURNAL: Mapping[str, tuple[str, ...]] = {
    "verify.txt": ("review", "verify"),
    "list.json": ("review", "list", "--json"),
    "memo.md": ("memo",),
    "calibration.txt": ("calibration", "--list"),
    "calibration.json": ("calibration", "--json"),
    "check.json": ("check", "--json"),
    "board.html": ("board", ".", "--format", "html"),
    "board.json": ("board", ".", "--json"),
    "diff.txt": ("diff",),
    "signed.txt": ("review", "sign", "--supersede", "A figure was read wrongly.", "--note", "As before."),
}
"""What is asked in a pack with a journal, in this order: the last signs a correction."""


def answers(into: Path) -> None:
    """Write every answer of the interpreter that runs this into a folder."""
    os.environ.update(
        THESIS_TODAY=TODAY,
        THESIS_CACHE="",
        THESIS_CONFIG="config.toml",
        THESIS_ANALYST="A. Nalyst",
        COLUMNS="100",
    )
    os.chdir(into)
    for pack, day in PACKS.items():
        place = into / pack
        place.mkdir()
        for name, command in PRINTED.items():
            (place / name).write_bytes(_asked(*command, "-p", pack, "--as-of", day))
        for name, command in WRITTEN.items():
            said = _asked(*command, "-p", pack, "--as-of", day, "--out", str(place / name))
            if not (place / name).exists():
                (place / name).write_bytes(said)
    own = into / "journal"
    shutil.copytree(ROOT / "tests" / "journal" / "golden", own)
    os.chdir(own)
    printed = {name: _asked(*command) for name, command in JOURNAL.items()}
    for name, text in printed.items():
        (own / name).write_bytes(text)


def _asked(*arguments: str) -> bytes:
    """What a command prints on both streams, with its exit code where it is not 0."""
    from thesis.cli import main

    sys.argv = ["thesis", *arguments]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
    said, warned = (_written(stream) for stream in (out, err))
    told = "".join(line for line in warned.splitlines(keepends=True) if not line.startswith("wrote "))
    return f"{said}{told}{f'exit code {code}' if code else ''}".encode()


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def digests(folder: Path) -> dict[str, str]:
    """A digest for each file below a folder, and for each part of a spreadsheet, by its name."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        for part, data in _parts(path):
            found[name + part] = blake2b(data, digest_size=6).hexdigest()
    return found


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    data = path.read_bytes()
    if path.suffix != ".xlsx" or not data.startswith(b"PK"):
        yield "", data
        return
    with ZipFile(path) as parts:
        for name in parts.namelist():
            yield f"!{name}", parts.read(name)


def asked_of(interpreter: str, into: Path, seed: int) -> dict[str, str]:
    """The digests of an interpreter's answers, which are written into a folder.

    Errors: ``CalledProcessError`` where the interpreter cannot run the program.
    """
    into.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1"}
    command = [interpreter, "-m", "scripts.same_bytes", "--answers", str(into)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return digests(into)


def table(found: Mapping[str, Mapping[str, str]]) -> tuple[list[str], list[str]]:
    """A line for each answer with a digest of each interpreter, and the names of those that differ."""
    names = sorted({name for each in found.values() for name in each})
    width = max(map(len, names))
    lines, differ = [f"{'':{width}}  " + "  ".join(f"{label:12}" for label in found)], []
    for name in names:
        row = [each.get(name, "none") for each in found.values()]
        differs = len(set(row)) > 1
        differ += [name] if differs else []
        lines.append(
            f"{name:{width}}  {'  '.join(f'{each:12}' for each in row)}{'  differ' if differs else ''}"
        )
    return lines, differ


def _label(interpreter: str) -> str:
    asked = "import platform; print(platform.python_version())"
    return subprocess.run(
        [interpreter, "-c", asked], check=True, capture_output=True, text=True
    ).stdout.strip()


def main(given: Sequence[str]) -> int:
    """Run from a terminal."""
    parser = argparse.ArgumentParser(prog="scripts.same_bytes", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("interpreters", nargs="*", metavar="PYTHON", help="two interpreters or more")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="leave the answers here")
    parser.add_argument("--answers", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.answers:
        answers(options.answers)
        return 0
    if len(options.interpreters) < 2:
        parser.error("name two interpreters or more")
    with tempfile.TemporaryDirectory() as scratch:
        place = (options.keep or Path(scratch)).absolute()
        found = {}
        for seed, interpreter in enumerate(options.interpreters, 1):
            label = _label(interpreter)
            found[label] = asked_of(interpreter, place / label, seed)
        lines, differ = table(found)
    print("\n".join(lines))
    print(
        f"{len(differ)} of {len(lines) - 1} answers differ"
        if differ
        else f"{len(lines) - 1} answers, all the same"
    )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
