"""What a shell may complete: packs, rules, metrics, line items, levels and quarters.

Names are taken from the pack's files as they are, without checking them, so that completion works in a pack
that is being written and answers at once; a file that cannot be read offers nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from thesis.core.period import Quarter
from thesis.core.problem import InvalidInput
from thesis.pack.folder import JUDGEMENTS, METRICS, REVIEWS, THESIS, VALUATION
from thesis.workspace.find_pack import bundled_packs, find_pack, packs_below

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

MOST_QUARTERS = 12  # offered, newest first
TO_COME = 4  # quarters behind the newest one, for forecasts
_QUARTERS = re.compile(rb",([0-9]{4}Q[1-4]),")


class PackNames:
    """The names that the files of a pack define, each with its label."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def rules(self) -> dict[str, str]:
        """Conditions, risks and kill criteria."""
        thesis = self._read(THESIS)
        listed = [each for key in ("conditions", "risks", "kill") for each in _items(thesis.get(key))]
        return {str(each["id"]): _label(each, "name", "claim", "when") for each in listed if "id" in each}

    def rubrics(self) -> dict[str, str]:
        """Rubrics, each with its question."""
        listed = _items(self._read(JUDGEMENTS).get("rubrics"))
        return {str(each["id"]): _label(each, "asks") for each in listed if "id" in each}

    def metrics(self) -> dict[str, str]:
        """Metrics."""
        return _labels(self._read(METRICS).get("metrics"))

    def line_items(self) -> dict[str, str]:
        """Line items, which the files call concepts."""
        return _labels(self._read(METRICS).get("concepts"))

    def assumptions(self) -> dict[str, str]:
        """Assumptions of the valuation."""
        value = self._read(VALUATION)
        segments = [str(each["id"]) for each in _items(value.get("segments")) if "id" in each]
        found = {f"{each}.{part}": "" for each in segments for part in ("growth", "margin")}
        return found | {name: "" for name in ("multiple", "cash_flow") if name in value}

    def values(self) -> dict[str, str]:
        """What the valuation works out."""
        from thesis.pack.value_names import KINDS, value_name

        written = self._read(VALUATION)
        scenarios = [str(each["id"]) for each in _items(written.get("scenarios")) if "id" in each]
        known = {key: kind for key, kind in KINDS.items() if not kind.needs or written.get(kind.needs)}
        return {
            value_name(key, each): kind.label
            for key, kind in (known.items() if written else ())
            for each in (scenarios if kind.of_scenarios else ("",))
        }

    def levels(self) -> dict[str, str]:
        """The levels of the verdict, worst first."""
        verdict = self._read(THESIS).get("verdict")
        listed = verdict.get("levels") if isinstance(verdict, dict) else None
        return {str(each): "" for each in listed} if isinstance(listed, list) else {}

    def grades(self, wanted: str) -> dict[str, str]:
        """The levels of a rubric by their numbers."""
        for each in _items(self._read(JUDGEMENTS).get("rubrics")):
            if each.get("id") == wanted and isinstance(each.get("levels"), list):
                return {str(place): str(text) for place, text in enumerate(each["levels"])}
        return {}

    def quarters(self, *, to_come: bool = False) -> dict[str, str]:
        """The newest quarters that figures are reported for, newest first; those behind them go first."""
        found: set[str] = set()
        try:
            for file in sorted((self.folder / "facts").glob("*.csv")):
                found |= {each.decode() for each in _QUARTERS.findall(file.read_bytes())}
        except OSError:
            return {}
        listed = sorted(found, reverse=True)[:MOST_QUARTERS]
        ahead = [Quarter.parse(listed[0]) + i for i in range(TO_COME, 0, -1)] if to_come and listed else []
        return {str(each): "" for each in (*reversed(ahead), *listed)}

    def reviews(self) -> dict[str, str]:
        """The signed reviews, newest first."""
        try:
            files = sorted((self.folder / REVIEWS).glob("*.yaml"), reverse=True)
        except OSError:
            return {}
        return {file.stem: "signed review" for file in files}

    def documents(self) -> dict[str, str]:
        """The documents on file by their ids, each with what it is."""
        from thesis.archive.documents import documents_on_file

        try:
            return {each.id: f"{each.citation}, {each.name}" for each in documents_on_file(self.folder)}
        except InvalidInput:
            return {}

    def _read(self, name: str) -> Mapping[str, Any]:
        from thesis.files.yaml import read_yaml

        try:
            value = read_yaml((self.folder / name).read_text(encoding="utf-8"), name).value
        except (InvalidInput, OSError, UnicodeDecodeError):
            return {}
        return value if isinstance(value, dict) else {}


def _items(value: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in (value if isinstance(value, list) else ()) if isinstance(each, dict))


def _labels(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): _label(each, "label") if isinstance(each, dict) else "" for name, each in value.items()
    }


def _label(item: Mapping[str, Any], *keys: str) -> str:
    return next((" ".join(str(item[key]).split()) for key in keys if item.get(key)), "")


# what options take -------------------------------------------------------------------------------


def complete_packs(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The packs below the working folder, those that come with the program, and any folder."""
    here = Path.cwd()
    named = [name for name in (*packs_below(here), *bundled_packs()) if name.startswith(incomplete)]
    return [CompletionItem(name) for name in dict.fromkeys(named)] or [CompletionItem(incomplete, type="dir")]


def complete_names(*kinds: Callable[[PackNames], Mapping[str, str]], ending: str = "") -> Completer:
    """What a pack defines of some kinds, each with ``ending`` behind it."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        names = _names(ctx)
        listed = {} if names is None else {k: v for kind in kinds for k, v in kind(names).items()}
        return _matching({f"{name}{ending}": label for name, label in listed.items()}, incomplete)

    return complete


def _names(ctx: click.Context) -> PackNames | None:
    """The names of the pack that the words before name, or of that around the working folder."""
    try:
        return PackNames(find_pack(_given(ctx, "pack") or _given(ctx, "name") or None, Path.cwd())[0])
    except (InvalidInput, OSError):
        return None


def _given(ctx: click.Context, name: str) -> str:
    """What was typed for an option or argument; click reads none behind an open option."""
    arguments = [each.name for each in ctx.command.params if isinstance(each, click.Argument)]
    place = arguments.index(name) if name in arguments else len(ctx.args)
    found = ctx.params.get(name) or (ctx.args[place] if place < len(ctx.args) else "")
    return found if isinstance(found, str) else ""


def complete_grades(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The levels of the rubric that is graded."""
    names = _names(ctx)
    return _matching(names.grades(_given(ctx, "rule")) if names else {}, incomplete)


def _matching(listed: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    """Those that begin as what was typed, in either case; with a space escaped where the shell is bash."""
    is_bash = os.environ.get("_THESIS_COMPLETE", "").startswith("bash")
    typed = incomplete.replace("\\ ", " ").casefold()
    return [
        CompletionItem(name.replace(" ", "\\ ") if is_bash else name, help=label or None)
        for name, label in listed.items()
        if name.casefold().startswith(typed)
    ]


def rating(names: PackNames) -> Mapping[str, str]:
    """The rating, as ``explain`` calls it."""
    return {"verdict": "the rating"}


def to_come(names: PackNames) -> Mapping[str, str]:
    """Quarters that a forecast may be of."""
    return names.quarters(to_come=True)


def today_too(names: PackNames) -> Mapping[str, str]:
    """Today, as ``diff`` calls it."""
    return {"now": "today"}


COMPLETERS: Mapping[str, Completer] = {
    "packs": complete_packs,
    "what": complete_names(
        rating,
        PackNames.rules,
        PackNames.rubrics,
        PackNames.metrics,
        PackNames.values,
        PackNames.line_items,
    ),
    "rules": complete_names(PackNames.rules),
    "graded": complete_names(PackNames.rubrics, PackNames.rules),
    "grades": complete_grades,
    "metrics": complete_names(PackNames.metrics),
    "line items": complete_names(PackNames.line_items),
    "documents": complete_names(PackNames.documents),
    "settable": complete_names(
        PackNames.assumptions, PackNames.metrics, PackNames.values, PackNames.line_items, ending="="
    ),
    "levels": complete_names(PackNames.levels),
    "quarters": complete_names(PackNames.quarters),
    "quarters to come": complete_names(to_come),
    "sides": complete_names(today_too, PackNames.reviews, PackNames.quarters),
}
"""What each kind of argument completes to; ``completing`` names them."""
