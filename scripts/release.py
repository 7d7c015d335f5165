"""Build a release and check it as a user will have it; tag it only when asked.

    python -m scripts.release          build into dist/ and check
    python -m scripts.release --tag    the same, and then tag the commit as v<version>

What is checked: the changelog has a section for the version; source archive and wheel are built; the wheel,
installed into an empty environment and run away from these sources, says its version, prints the memo of the
bundled thesis and finds nothing wrong with that thesis. A tag needs all of this, no uncommitted change and no
tag of that name. Nothing is uploaded or pushed.

Exit codes: 0 all is well; 1 something is not, and nothing was tagged.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACK, DAY = "amzn-4t", "2026-10-15"  # a day on which the bundled thesis has a rating
OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")  # what would let these sources in


class ReleaseProblem(Exception):
    """Why there is no release, in a sentence."""


def version() -> str:
    """The version that the package has."""
    text = (ROOT / "thesis" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found, "thesis/__init__.py has no version"
    return found[1]


def require_changes(number: str) -> None:
    """Errors: ``ReleaseProblem`` where the changelog has no section for the version."""
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if not any(re.split(r"[,\s]", heading)[0] == number for heading in headings):
        raise ReleaseProblem(
            f"CHANGELOG.md has no section `## {number}`: give that heading, with the day behind it, to the "
            "entries under `## Unreleased`"
        )


def build(folder: Path) -> Path:
    """The wheel, built into a folder beside the source archive."""
    _run(sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT), cwd=ROOT)
    return next(folder.glob(f"thesis-{version()}-*.whl"))


def check_wheel(wheel: Path, number: str) -> None:
    """Errors: ``ReleaseProblem`` where the installed program does not do what it should."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        _run(sys.executable, "-m", "venv", "user", cwd=home)
        scripts = home / "user" / ("Scripts" if os.name == "nt" else "bin")
        _run(str(scripts / "python"), "-m", "pip", "install", "--quiet", str(wheel), cwd=home)
        program = str(scripts / "thesis")
        if f"version {number}," not in _run(program, "--version", cwd=home):
            raise ReleaseProblem(f"the installed program does not say that it is version {number}")
        memo = _run(program, "memo", PACK, "--as-of", DAY, cwd=home)
        if not memo.startswith("# ") or "[^1]: " not in memo:
            raise ReleaseProblem("the installed program prints no memo with footnotes")
        _run(program, "lint", PACK, cwd=home)


def tag(number: str) -> None:
    """Tag the commit. Errors: ``ReleaseProblem`` for uncommitted changes, or a tag that is there."""
    if _run("git", "tag", "--list", f"v{number}", cwd=ROOT).strip():
        raise ReleaseProblem(f"there is a tag v{number} already: raise __version__ in thesis/__init__.py")
    _run("git", "tag", "--annotate", f"v{number}", "--message", f"thesis {number}", cwd=ROOT)
    print(f"tagged v{number}; publish it with `git push origin v{number}`")


def require_clean_tree() -> None:
    """Errors: ``ReleaseProblem`` where a file is changed or not committed."""
    changed = _run("git", "status", "--porcelain", cwd=ROOT).splitlines()
    if changed:
        raise ReleaseProblem(f"{len(changed)} files are changed or not committed: commit them first")


def _run(*command: str, cwd: Path) -> str:
    """What a command prints. Errors: ``ReleaseProblem`` where it fails, with what it said."""
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    env = {name: value for name, value in env.items() if not name.startswith("THESIS_")}
    cache = {"THESIS_CACHE": ""}
    done = subprocess.run(command, cwd=cwd, env={**env, **cache}, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise ReleaseProblem(f"`{' '.join(command)}` ended with {done.returncode}:\n{said}")
    return done.stdout


def _problems(steps: Iterable[Callable[[], None]]) -> Iterator[str]:
    """What is wrong with each step that fails."""
    for step in steps:
        try:
            step()
        except ReleaseProblem as problem:
            yield str(problem)


def main() -> int:
    """Do what the command line asks for; its exit code."""
    parser = argparse.ArgumentParser(description="Build a release and check it.")
    parser.add_argument("--tag", action="store_true", help="tag the commit if all is well")
    given = parser.parse_args()
    number = version()
    cheap = [lambda: require_changes(number), *([require_clean_tree] if given.tag else [])]
    problems = list(_problems(cheap))
    if not (given.tag and problems):  # nothing will be tagged, so nothing need be built
        problems += _problems([lambda: check_wheel(build(ROOT / "dist"), number)])
    if given.tag and not problems:
        problems += _problems([lambda: tag(number)])
    for told in problems:
        print(f"problem: {told}", file=sys.stderr)
    print(f"thesis {number}: {'no release' if problems else 'built into dist/ and checked'}")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
