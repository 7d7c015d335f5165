"""The edits between two versions of a pack's rules: thresholds, weights, formulas and rubrics."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from thesis.core.record import field_names
from thesis.language import nodes as n
from thesis.language.syntax import SyntaxProblem, parse
from thesis.pack.load import Pack
from thesis.pack.scores import parse_score

WORDING = (
    "name",
    "title",
    "claim",
    "clause",
    "because",
    "misleads_when",
    "caveats",
    "label",
    "note",
    "source",
    "asks",
    "means",
    "statements",
)
"""Keys that only people read: an edit there moves no score."""
QUIET = (
    "id",
    "tag",
    "where",
    "least_share",
    "sign",
    "release",
    "cik",
    "splits",
    "jumps",
    "identities",
    "central",
    "show",
    "triggers",
    "drafts",
    "of",
)
"""Keys by which figures are brought in, checked or shown; the figures themselves are compared as rows."""

_KINDS = {
    "bands": "threshold",
    "sustained": "threshold",
    "when": "threshold",
    "holds": "threshold",
    "at_least": "threshold",
    "below": "threshold",
    "rated_from": "threshold",
    "dead_band": "threshold",
    "immediate": "threshold",
    "weight": "weight",
    "formula": "formula",
    "assume": "formula",
    "reach": "formula",
    "combine": "formula",
    "table": "verdict table",
    "levels": "rubric",
    "level": "rubric",
}
_NUMBER = re.compile(r"-?\d[\d.]*(?:e[+-]?\d+)?(?:%|bp)?")
_COMMA = ", "
_NAMED_BY = ("id", "metric", "judgement", "group", "grade")


class RuleEdit(NamedTuple):
    """One changed value: where it stands, what it was and is (empty where there was or is none).

    ``way`` is eased (better marks for the same figures), tightened, or empty where that cannot be said.
    """

    path: str
    kind: str
    was: str
    now: str
    way: str = ""

    @property
    def is_wording(self) -> bool:
        return self.kind == "wording"


def rule_edits(a: Pack, b: Pack) -> list[RuleEdit]:
    """Every value of the rules that is not the same in two packs, in the order of their paths."""
    old, new = rule_values(a, wording=True), rule_values(b, wording=True)
    paths = [path for path in dict.fromkeys([*old, *new]) if old.get(path) != new.get(path)]
    return [_edit(path, old.get(path, ""), new.get(path, ""), a, b) for path in sorted(paths)]


def rule_values(pack: Pack, *, wording: bool = False) -> dict[str, str]:
    """Every value of a pack's rules by its path: ``conditions.margins.measures.na_margin.bands``."""
    found: dict[str, str] = {}
    _flatten(found, "", pack.thesis, wording)
    _flatten(found, "metrics", pack.metrics, wording)
    _flatten(found, "concepts", pack.concepts, wording)
    _flatten(found, "entities", pack.entities, wording)
    _flatten(found, "calendar", pack.calendar, wording)
    _flatten(found, "rubrics", list(pack.rubrics.values()), wording)
    if pack.reads_values:
        _flatten(found, "valuation", pack.valuation, wording)
    return found


def _flatten(into: dict[str, str], path: str, value: Any, wording: bool) -> None:
    names = field_names(value)
    pairs: Sequence[tuple[str, Any]] = ()
    if names:
        pairs = [(name, getattr(value, name)) for name in names]
    elif isinstance(value, Mapping):
        pairs = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, (list, tuple)) and value and field_names(value[0]):
        pairs = [(_name(item, i), item) for i, item in enumerate(value)]
    if pairs:
        for name, item in pairs:
            if name not in QUIET and (wording or name not in WORDING):
                _flatten(into, f"{path}.{name}" if path else name, item, wording)
    elif value not in (None, "", (), []):
        into[path] = _COMMA.join(map(_told, value)) if isinstance(value, (list, tuple)) else _told(value)


def _told(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _name(item: Any, place: int) -> str:
    """What an item of a list goes by: its id, or what it measures; else its place."""
    return next((getattr(item, key) for key in _NAMED_BY if getattr(item, key, "")), str(place + 1))


def _edit(path: str, was: str, now: str, a: Pack, b: Pack) -> RuleEdit:
    key = path.rpartition(".")[2]
    kind = "wording" if key in WORDING else _KINDS.get(key, "rule")
    if ".table." in path:
        kind = "verdict table"
    if path == "verdict.levels":
        kind = "verdict level"
    if path.startswith(("verdict.means.", "statements.")):
        kind = "wording"
    if path.startswith("target."):
        kind = "target"
    if path.startswith("rubrics."):
        kind = "wording" if kind == "wording" else "rubric"
    return RuleEdit(path, kind, was, now, _way(path, key, was, now) if was and now else "")


def _way(path: str, key: str, was: str, now: str) -> str:
    """Whether an edit eases or tightens: of bands and of the numbers in a condition."""
    if key == "bands":
        return _way_of_bands(was.split(_COMMA), now.split(_COMMA), is_risk=path.startswith("risks."))
    if key == "holds":
        return _way_of_condition(was, now, harder_is_tighter=True)
    if key == "when" and path.startswith("kill."):
        return _way_of_condition(was, now, harder_is_tighter=False)
    return ""


def _way_of_bands(was: Sequence[str], now: Sequence[str], *, is_risk: bool) -> str:
    """Lower edges ease where more is better; of a risk's severity, edges further out ease."""
    try:
        old, new = [parse_score(t) for t in was], [parse_score(t) for t in now]
    except SyntaxProblem:
        return ""
    if len(old) != len(new) or (old[0] < old[-1]) != (new[0] < new[-1]):
        return ""
    rises = old[0] < old[-1]
    moved = [y - x if rises else x - y for x, y in zip(old, new, strict=True)]
    up, down = any(m > 0 for m in moved), any(m < 0 for m in moved)
    if up == down:
        return ""
    return "eased" if up == is_risk else "tightened"


def _way_of_condition(was: str, now: str, *, harder_is_tighter: bool) -> str:
    """Of two conditions that differ in their numbers alone: whether the new one is harder to meet."""
    try:
        old, new = parse(was), parse(now)
    except SyntaxProblem:
        return ""
    if _NUMBER.sub("#", str(old)) != _NUMBER.sub("#", str(new)):
        return ""
    ways = {
        (y > x) == (a.operator in (">", ">="))
        for a, b in zip(_comparisons(old), _comparisons(new), strict=True)
        if (x := _number_of(a.right)) is not None and (y := _number_of(b.right)) is not None and x != y
    }
    if len(ways) != 1:
        return ""
    return "tightened" if (ways == {True}) == harder_is_tighter else "eased"


def _comparisons(node: n.Node) -> list[n.Comparison]:
    return [part for part in node.walk() if isinstance(part, n.Comparison)]


def _number_of(node: n.Node) -> float | None:
    try:
        return parse_score(str(node))
    except SyntaxProblem:
        return None
