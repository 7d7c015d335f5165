"""What was asked of the program on the day of the freeze, and how an answer of today is held against it.

``ANSWERS`` and ``RENDERED`` name everything that is kept in ``answers`` and ``rendered``; README.md tells how
it was made.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scripts.figures import ABSENT, Difference, differences, html_lines, label, numbers
from tests.conftest import Run

FROZEN = Path(__file__).parent
PACKS, TEMPLATES = FROZEN / "packs", FROZEN / "templates"
TERN, AMZN = PACKS / "tern", PACKS / "amzn-4t"
OF_A_RELEASE = ("version", "program", "rules_version")  # what these keys hold names the program, no figure
EVIDENCE = ("facts", "inputs")  # behind each figure; kept of one answer only, since it is large

Ask = Callable[..., Run]


class Asked(NamedTuple):
    """A command, asked in a frozen pack's folder, and the exit code that it ended with."""

    pack: Path
    command: str
    code: int = 0

    def now(self, ask: Ask) -> Run:
        """What the program answers today."""
        return ask(*self.command.split(), cwd=self.pack)


ANSWERS = {
    "tern-check": Asked(TERN, "check --json --as-of 2026-11-02", 1),
    "tern-check-winter": Asked(TERN, "check --json --as-of 2026-02-20"),
    "tern-check-before-the-journal": Asked(TERN, "check --json --as-of 2025-03-01", 4),
    "tern-value": Asked(TERN, "value --json --as-of 2026-08-20"),
    "tern-simulate": Asked(TERN, "simulate --json --as-of 2026-08-20 --draws 4000 --seed 3 --threads 1"),
    "tern-history": Asked(TERN, "history --json"),
    "tern-reviews": Asked(TERN, "review list --json"),
    "tern-start": Asked(TERN, "review start --json"),
    "tern-due": Asked(TERN, "due --json", 1),
    "tern-forecasts": Asked(TERN, "forecast list --json"),
    "tern-calibration": Asked(TERN, "calibration --json"),
    "tern-facts": Asked(TERN, "facts --json"),
    "tern-diff-1": Asked(TERN, "diff 2025Q1 2025Q2 --json"),
    "tern-diff-3": Asked(TERN, "diff 2025Q3.1 2025Q3.2 --json"),
    "tern-diff-5": Asked(TERN, "diff 2025Q4 2026Q1.1 --rules --json"),
    "tern-diff-6": Asked(TERN, "diff 2026Q1.1 2026Q1.2 --json"),
    "tern-diff-7": Asked(TERN, "diff 2026Q1 2026Q2 --json"),
    "tern-diff-8": Asked(TERN, "diff --regret --json"),
    "amzn-check": Asked(AMZN, "check --json --as-of 2026-10-15"),
    "amzn-value": Asked(AMZN, "value --json --as-of 2026-10-15"),
    "amzn-history": Asked(AMZN, "history --json --as-of 2026-10-15"),
}
RENDERED = {
    "with-macros": Asked(TERN, "memo --as-of 2026-08-20 --template ../../templates/with-macros.md.j2"),
    "from-scratch": Asked(
        TERN, "memo --as-of 2026-08-20 --simulate --template ../../templates/from-scratch.md.j2"
    ),
    "from-scratch-tripped": Asked(
        TERN, "memo --as-of 2026-11-02 --template ../../templates/from-scratch.md.j2"
    ),
    "from-scratch-amzn": Asked(AMZN, "memo --as-of 2026-10-15 --template ../../templates/from-scratch.md.j2"),
    "page": Asked(TERN, "memo --as-of 2026-08-20 --template ../../templates/page.html.j2"),
}
HEAD = "12f42392d46d1aa6bc1ddb4a71c767dd"  # of tern's journal, as `review verify --head` printed it


# --- Differences --------------------------------------------------------------------------------


class Named(NamedTuple):
    """A figure that is another one on purpose: an entry of differences.yaml."""

    before: Any
    after: Any
    rules: int
    """The rules version that brought it about; 1 where no number moved."""
    reason: str


def named(text: str) -> dict[str, Named]:
    """The entries of differences.yaml: figure to what it was, what it is, and why."""
    return {
        figure: Named(two["before"], two["after"], each["rules"], each["reason"])
        for each in yaml.safe_load(text) or ()
        for figure, two in each["figures"].items()
    }


def entry(found: Sequence[Difference]) -> str:
    """Differences as an entry of differences.yaml, to be pasted with a reason."""
    figures = {each.figure: {"before": _plain(each.before), "after": _plain(each.after)} for each in found}
    return yaml.safe_dump(
        [{"rules": "?", "reason": "?", "figures": figures}], sort_keys=False, allow_unicode=True
    )


def _plain(value: Any) -> Any:
    """A leaf as YAML holds it."""
    return repr(value) if value is ABSENT else list(value) if isinstance(value, tuple) else value


def unexplained(found: Sequence[Difference], entries: Mapping[str, Named]) -> list[Difference]:
    """The differences that no entry names with both its values."""
    told = {figure: (each.before, each.after) for figure, each in entries.items()}
    return [each for each in found if told.get(each.figure) != (_plain(each.before), _plain(each.after))]


# --- Answers ------------------------------------------------------------------------------------


def kept(name: str) -> Any:
    """The answer of the day of the freeze."""
    return {name: json.loads((FROZEN / "answers" / f"{name}.json").read_text("utf-8"))}


def answered(name: str, text: str) -> Any:
    """An answer, without what is not kept of it."""
    left_out = OF_A_RELEASE if name == "tern-check" else (*OF_A_RELEASE, *EVIDENCE)
    return {name: _without(json.loads(text), left_out)}


def _without(value: Any, keys: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(each, keys) for key, each in value.items() if key not in keys}
    if isinstance(value, list):
        return [_without(each, keys) for each in value if not _of_a_release(each)]
    return value


def _of_a_release(value: Any) -> bool:
    """Whether a sentence names a rules version, which says nothing about a figure of the pack."""
    return isinstance(value, str) and value.startswith("Rules version ")


def moved(name: str, text: str) -> list[Difference]:
    """What the answer of today has otherwise than the one that is kept; what it has in addition is free."""
    return [each for each in differences(kept(name), answered(name, text)) if each.before is not ABSENT]


# --- Memos --------------------------------------------------------------------------------------


def lines(name: str, text: str) -> list[str]:
    """The lines of a memo that a reader sees; of a page its text."""
    return html_lines(text) if name == "page" else [line for line in text.splitlines() if line.strip()]


def lettered(listed: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Each line that has numbers: what it goes by, and the numbers."""
    return [(label(line), numbers(line)) for line in listed if numbers(line)]


def reprinted(name: str, text: str) -> list[Difference]:
    """The lines that are kept and whose numbers stand in no line of today's memo.

    A line goes by its words; where they have changed, by its numbers.
    """
    was = lettered((FROZEN / "rendered" / f"{name}.txt").read_text("utf-8").splitlines())
    now = lettered(lines(name, text))
    left = Counter(figures for _, figures in now) - Counter(figures for _, figures in _common(was, now))
    found: list[Difference] = []
    seen: Counter[str] = Counter()
    for words, figures in _less(was, _common(was, now)):
        if left[figures]:
            left[figures] -= 1
            continue
        likewise = [other for called, other in now if called == words]
        seen[words] += 1
        again = f" ({seen[words]})" if seen[words] > 1 else ""  # two lines may go by the same words
        found.append(Difference(f"{name}/{words}{again}", figures, likewise[0] if likewise else ABSENT))
    return found


def _common(was: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    return list((Counter(was) & Counter(now)).elements())


def _less(was: Sequence[Any], taken: Sequence[Any]) -> list[Any]:
    left = Counter(was) - Counter(taken)
    return [each for each in dict.fromkeys(was) for _ in range(left[each])]


# --- Keys ---------------------------------------------------------------------------------------


def schema_keys(schema: Mapping[str, Any]) -> set[str]:
    """Every key that a schema of a pack's file knows, as ``(rule).measures[].bands``."""
    return {_shortened(way) for way, _ in _schema_keys(schema, schema, "", ())}


def _schema_keys(
    schema: Mapping[str, Any], part: Mapping[str, Any], way: str, within: tuple[str, ...]
) -> Iterator[tuple[str, None]]:
    reference = part.get("$ref")
    if reference:
        if within.count(reference) < 2:  # measures hold measures
            target = schema["$defs"][reference.rpartition("/")[2]]
            yield from _schema_keys(schema, target, way, (*within, reference))
        return
    for either in (*part.get("anyOf", ()), *part.get("oneOf", ()), *part.get("allOf", ())):
        yield from _schema_keys(schema, either, way, within)
    for key, each in part.get("properties", {}).items():
        below = f"{way}.{key}" if way else key
        yield below, None
        yield from _schema_keys(schema, each, below, within)
    if isinstance(part.get("items"), Mapping):
        yield from _schema_keys(schema, part["items"], f"{way}[]", within)
    if isinstance(part.get("additionalProperties"), Mapping):
        yield from _schema_keys(schema, part["additionalProperties"], f"{way}.*", within)


def used_keys(keys: set[str], value: Any, way: str = "") -> set[str]:
    """Those of a file's keys that its content uses."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, each in value.items():
            below = _shortened(f"{way}.{key}" if way else key)
            free = _shortened(f"{way}.*" if way else "*")
            found |= {below} & keys
            found |= used_keys(keys, each, below if below in keys else free)
    elif isinstance(value, list):
        for each in value:
            found |= used_keys(keys, each, _shortened(f"{way}[]"))
    return found


def _shortened(way: str) -> str:
    """A way with one name for what may stand in several places: a rule, a driver, measures in measures."""
    for pattern, name in ALIKE.items():
        way = re.sub(pattern, name, way)
    return way


ALIKE = {
    r"(measures\[\]\.)+": "measures[].",
    r"^(conditions|risks)\[\](?=\.)": "(rule)",
    r"^(cash_flow|multiple|segments\[\]\.(growth|margin)|claims\[\]\.horizon)(?=\.)": "(driver)",
}
