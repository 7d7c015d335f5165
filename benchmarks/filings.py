"""How long it takes from a filed document to its facts, as ratios within one run.

    python benchmarks/filings.py [--rounds 11] [--filing 10-K.html] [--companyfacts CIK.json]
                                 [--arelle PYTHON] [--edgartools PYTHON]

Whole processes first: each round runs every reader once, in turn, and what is printed is the median
over the rounds of the ratio to ours of the same round; ``parse alone`` reads the same document with the
standard library's tree and counts its facts. edgartools and Arelle are run where they are installed,
in this Python or in the one that is named. Then, in one process: the whole of a companyfacts file
against ``json.loads`` of the same bytes, as read with Python's own JSON and with msgspec, all facts and
those of the tags that the bundled pack asks for; and the document with its body once, twice and four times.
The peak is the kernel's count of resident memory, which cannot be below this program's own when the
process is started: about 14 MB.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
GATHERED = ROOT.parent / "shared" / "data" / "raw"
FILING = GATHERED / "amzn_10k_fy2023" / "0001018724-24-000008_primary-document.html"
COMPANYFACTS = GATHERED / "companyfacts_full" / "GOOGL_CIK0001652044.json"

OURS = """
import sys
from thesis.sources.read_file import read_facts
print(len(read(sys.argv[1], sys.argv[1])))
"""
PARSE = """
import sys, xml.etree.ElementTree as tree
print(sum("}non" in element.tag for element in tree.parse(sys.argv[1]).iter()))
"""
# As each project's own parser calls itself, with nothing asked of the network.
EDGARTOOLS = """
import sys
import lxml.html
from edgar.documents.strategies.xbrl_extraction import XBRLExtractor
tree = lxml.html.fromstring(open(sys.argv[1], "rb").read())
extractor = XBRLExtractor()
extractor._initialize_context(tree)
marks = (e for e in tree.iter() if isinstance(e.tag, str) and e.tag.lower().startswith("ix:non"))
print(sum(extractor.extract_fact(element) is not None for element in marks))
"""
ARELLE = """
import sys
from arelle import Cntlr
controller = Cntlr.Cntlr(logFileName="logToBuffer")
controller.webCache.workOffline = True
model = controller.modelManager.load(sys.argv[1])
print(len([fact.value for fact in model.facts]))
"""


class Ran(NamedTuple):
    """A process that ended: what it took and what it printed last."""

    seconds: float
    megabytes: float
    said: str


def run(python: str, code: str, path: Path, place: Path) -> Ran:
    """A whole process, from its start to its end."""
    output = place / "output"
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(place / "compiled")}
    settings |= {"XDG_CONFIG_HOME": str(place), "EDGAR_LOCAL_DATA_DIR": str(place)}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    with output.open("wb") as out, (place / "errors").open("wb") as errors:
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)]
        start = time.perf_counter()
        child = os.posix_spawn(python, [python, "-c", code, str(path)], settings, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{python} failed:\n{(place / 'errors').read_text()}")
    said = output.read_text().strip().rpartition("\n")[2]
    return Ran(seconds, usage.ru_maxrss / 1024, said)


def readers(arelle: str, edgartools: str) -> dict[str, tuple[str, str]]:
    """Name to interpreter and code; says which are not there."""
    found = {"ours": (sys.executable, OURS), "bare python": (sys.executable, "pass")}
    found["parse alone"] = (sys.executable, PARSE)
    for name, module, python, code in (
        ("edgartools", "edgar", edgartools, EDGARTOOLS),
        ("arelle", "arelle", arelle, ARELLE),
    ):
        if python or importlib.util.find_spec(module):
            found[name] = (python or sys.executable, code)
        else:
            print(f"{name} is not installed and was not measured")
    return found


def processes(rounds: int, path: Path, found: dict[str, tuple[str, str]]) -> dict[str, float]:
    """Median ratios to ours over the rounds, one run of each to a round; the first round warms the disk."""
    ran: dict[str, list[Ran]] = {name: [] for name in found}
    with tempfile.TemporaryDirectory() as place:
        for i in range(rounds + 1):
            for name, (python, code) in found.items():
                one = run(python, code, path, Path(place))
                if i:
                    ran[name].append(one)
    ratios = {}
    print(f"{'whole process':<14}{'x ours':>8}{'median ms':>11}{'peak MB':>9}{'facts':>8}")
    for name, each in ran.items():
        ratios[name] = statistics.median(
            a.seconds / b.seconds for a, b in zip(each, ran["ours"], strict=True)
        )
        milliseconds = statistics.median(one.seconds for one in each) * 1000
        megabytes = statistics.median(one.megabytes for one in each)
        print(f"{name:<14}{ratios[name]:>8.2f}{milliseconds:>11.0f}{megabytes:>9.0f}{each[-1].said:>8}")
    return ratios


def in_turn(rounds: int, calls: Sequence[Callable[[], object]]) -> list[list[float]]:
    """Seconds of each call, taking turns; one unmeasured turn first."""
    times: list[list[float]] = [[] for _ in calls]
    for i in range(rounds + 1):
        for taken, call in zip(times, calls, strict=True):
            gc.collect()
            start = time.perf_counter()
            call()
            if i:
                taken.append(time.perf_counter() - start)
    return times


def ratio(times: Sequence[float], to: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(times, to, strict=True))


def companyfacts(rounds: int, path: Path) -> dict[str, float]:
    from thesis.sources import strict_json
    from thesis.sources.xbrl.companyfacts import read_companyfacts

    data, tags = path.read_bytes(), pack_tags()

    def plainly(wanted: set[str] | None) -> None:
        """As where msgspec is not installed."""
        quick, strict_json.quick_reader = strict_json.quick_reader, lambda: None  # type: ignore[assignment]
        try:
            read_companyfacts(data, path.name, wanted)
        finally:
            strict_json.quick_reader = quick

    calls: dict[str, Callable[[], object]] = {
        "json.loads": lambda: json.loads(data),
        "all facts": lambda: plainly(None),
        "the pack's tags": lambda: plainly(tags),
    }
    if strict_json.quick_reader():
        calls["all facts, msgspec"] = lambda: read_companyfacts(data, path.name)
        calls["the pack's tags, msgspec"] = lambda: read_companyfacts(data, path.name, tags)
    else:
        print("msgspec is not installed and was not measured")
    times = dict(zip(calls, in_turn(rounds, list(calls.values())), strict=True))
    ratios = {name: ratio(taken, times["json.loads"]) for name, taken in times.items()}
    facts, kept = (len(read_companyfacts(data, path.name, wanted)) for wanted in (None, tags))
    print(f"\ncompanyfacts, {len(data) / 1e6:.1f} MB, {facts:,} facts, {kept:,} of them of the pack's tags")
    print("x json.loads of the same bytes")
    for name, value in ratios.items():
        print(f"{name:<25}{value:>8.2f}")
    return ratios


def pack_tags() -> set[str]:
    """Every tag that a concept of the bundled pack asks for."""
    import yaml

    metrics = yaml.safe_load((ROOT / "rules" / "amzn-4t" / "metrics.yaml").read_text(encoding="utf-8"))
    stated = (concept.get("tag", "") for concept in metrics["concepts"].values())
    return {tag.strip() for text in stated for tag in text.split("|") if tag.strip()}


def repeated(data: bytes, times: int) -> bytes:
    """The page with its body so many times, every part of a text with an id of its own."""
    start = data.index(b"</ix:header>")
    start = data.index(b">", data.index(b"</div", start)) + 1
    end = data.rindex(b"</body>")
    bodies = [
        re.sub(rb' (id|continuedAt)="([^"]*)"', rb' \1="\2-%d"' % i, data[start:end]) for i in range(times)
    ]
    return data[:start] + b"".join(bodies) + data[end:]


def growth(rounds: int, path: Path) -> dict[str, float]:
    from thesis.sources.read_file import read_facts

    sizes = (1, 2, 4)
    pages = [repeated(path.read_bytes(), size) for size in sizes]
    times = in_turn(rounds, [lambda page=page: read_facts(page, "page") for page in pages])  # type: ignore[misc]
    ratios = {str(size): ratio(taken, times[0]) for size, taken in zip(sizes, times, strict=True)}
    print("\nbody so many times, x once")
    for (size, value), page in zip(ratios.items(), pages, strict=True):
        print(f"{size:<14}{value:>8.2f}{len(page) / 1e6:>9.1f} MB{len(read_facts(page, 'page')):>8} facts")
    return ratios


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--rounds", type=int, default=11)
    options.add_argument("--filing", type=Path, default=FILING, help="a filed page with inline XBRL")
    options.add_argument("--companyfacts", type=Path, default=COMPANYFACTS)
    options.add_argument("--arelle", default="", help="a Python that has Arelle")
    options.add_argument("--edgartools", default="", help="a Python that has edgartools")
    given = options.parse_args()
    for path in (given.filing, given.companyfacts):
        if not path.is_file():
            sys.exit(f"there is no file {path}; name one with --filing and --companyfacts")
    ratios = {
        "processes": processes(given.rounds, given.filing, readers(given.arelle, given.edgartools)),
        "companyfacts": companyfacts(given.rounds, given.companyfacts),
        "growth": growth(given.rounds, given.filing),
    }
    rounded = {part: {name: round(value, 3) for name, value in of.items()} for part, of in ratios.items()}
    print(json.dumps({"rounds": given.rounds, **rounded}))


if __name__ == "__main__":
    main()
