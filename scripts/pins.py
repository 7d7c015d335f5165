"""Bring constraints.txt up to date: the newest releases of everything that development installs.

    python -m scripts.pins                          resolve anew and write constraints.txt
    python -m scripts.pins --check python3.13 ...   ask each interpreter whether it can install what is pinned

pip resolves the extras `dev` and `docs` without looking at what is installed, and installs nothing. It is run
with the oldest Python that the project supports, because a release that has dropped that Python would be no
pin for all of them. certifi is left out: of root certificates the newest are right.

Exit codes: 0 done, or every interpreter can install the pins; 1 one cannot; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "constraints.txt"
WANTED = ".[dev,docs]"
UNPINNED = frozenset(["thesis", "certifi"])
HEAD = """\
# Versions of everything that `pip install -e '.[dev,docs]'` brings, so that tests can be repeated.
# Written by `make pins`; edited by nobody. They can be installed on every Python that the project supports.
"""


def resolve(python: str, *more: str) -> dict[str, str]:
    """The releases that pip would install for development, by name.

    Errors: ``subprocess.CalledProcessError`` where pip finds none that go together.
    """
    command = [python, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    done = subprocess.run([*command, *more, WANTED], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = [each["metadata"] for each in json.loads(done.stdout)["install"]]
    return {str(each["name"]): str(each["version"]) for each in found}


def pinned(found: dict[str, str]) -> str:
    """The text of the file. Errors: ``ValueError`` for a local version, which no index has."""
    local = sorted(name for name, version in found.items() if "+" in version)
    if local:
        raise ValueError(f"local versions of {', '.join(local)} cannot be pinned")
    names = sorted(set(found) - UNPINNED, key=str.lower)
    return HEAD + "".join(f"{name}=={found[name]}\n" for name in names)


def oldest() -> tuple[int, int]:
    """The oldest Python that the project supports, as pyproject.toml has it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = re.fullmatch(r">=(\d+)\.(\d+)", project["requires-python"])
    assert found, "requires-python is a lower bound"
    return int(found[1]), int(found[2])


def check(pythons: list[str]) -> int:
    """Whether each interpreter can install what is pinned, as an exit code."""
    failed = 0
    for python in pythons:
        try:
            found = resolve(python, "-c", str(FILE))
        except subprocess.CalledProcessError:
            print(f"{python}: cannot install the pins")
            failed = 1
            continue
        listed = FILE.read_text(encoding="utf-8")
        loose = [n for n in found if n not in UNPINNED and f"\n{n}=={found[n]}\n" not in listed]
        missing = f", not pinned: {', '.join(sorted(loose))}" if loose else ""
        print(f"{python}: {len(found)} packages{missing}")
        failed = failed or int(bool(loose))
    return failed


def main() -> int:
    """Do what the command line asks for; its exit code."""
    parser = argparse.ArgumentParser(description="Pin the versions of what development installs.")
    parser.add_argument("--check", nargs="+", metavar="PYTHON", help="only ask these interpreters")
    given = parser.parse_args()
    if given.check:
        return check(given.check)
    if sys.version_info[:2] != oldest():
        parser.error("run it with Python {}.{}, the oldest that is supported".format(*oldest()))
    FILE.write_text(pinned(resolve(sys.executable)), encoding="utf-8")
    print(f"wrote {FILE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
