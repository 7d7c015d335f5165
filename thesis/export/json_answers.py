"""The JSON that commands print, each answer with the name and version of its published schema.

The schemas stand in ``rules/schema``, written from the records by ``python -m scripts.answer_schemas``.
A version is raised when a reader of the one before would be misled: a key that goes, or means something
else. A key that is added raises none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from thesis.core import semantics
from thesis.core.period import Quarter
from thesis.files.disk import bundled_folder, read_text
from thesis.language.evaluate import Supposition
from thesis.pack.schema.valuation import ScenarioEvent
from thesis.scoring.assessment import json_ready

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.appraisal.simulation.target_chances import TargetSimulation

VERSIONS: Mapping[str, int] = {
    "assessment": 1, "history": 1, "value": 1, "simulation": 1, "board": 1, "problems": 1,
    "todo": 1,
}  # fmt: skip
"""Kind of answer to its version. History and problems are lists, each item of which is an answer."""


WITH_FIGURES = frozenset(VERSIONS) - {"problems"}
"""The kinds of answers that name the rules version of their figures."""


class ValuationAnswer(NamedTuple):
    """What the target takes, seen from a day; ``what_if`` holds what was supposed of figures and beliefs.

    ``hindsight``: the beliefs were written after the day. ``deciding`` is the belief that decides, told.
    """

    pack: str
    title: str
    digest: str
    as_of: date
    quarter: Quarter
    filed: date
    what_if: Mapping[str, Supposition | float]
    hindsight: bool
    is_passed: bool
    deciding: str
    appraisal: Appraisal


class SimulationAnswer(NamedTuple):
    """The chances of the target under the beliefs; ``event`` is when it counts as reached."""

    pack: str
    title: str
    digest: str
    what_if: Mapping[str, Supposition | float]
    event: ScenarioEvent | None
    simulated: TargetSimulation


def schema_urn(kind: str) -> str:
    """``urn:thesis:assessment:1``: what an answer's ``schema`` and its schema's ``$id`` say."""
    return f"urn:thesis:{kind}:{VERSIONS[kind]}"


def answer_record(kind: str, value: Any) -> dict[str, Any]:
    """A record under the name of its schema, as JSON can hold it.

    With it goes the rules version under which its figures were calculated; problems hold none.
    """
    head = {"schema": schema_urn(kind)}
    rules = {"rules_version": semantics.SEMANTICS} if kind in WITH_FIGURES else {}
    return {**head, **rules, **json_ready(value)}


def schema_file(kind: str) -> str:
    """The name of a schema's file."""
    return f"{kind}.schema.json"


def schema_text(kind: str) -> str:
    """The published schema of a kind of answer."""
    name = schema_file(kind)
    return read_text(bundled_folder("rules") / "schema" / name, name)
