"""Standard definitions: line items, metrics and identities that a pack uses by name.

``uses: standard/us-gaap/bank`` in metrics.yaml stands for the file ``standard/us-gaap/bank.yaml``, which may
itself build on another one. A pack reads the file from its own folder where it has one, as the sealed copy of
a signed review does, and else the one that comes with the program. What the pack defines itself goes before
what is standard, name by name.

The definitions are merged as documents, before anything is validated: each keeps its place in the file that
it was read from, so that whatever is said of it names that file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from thesis.core.problem import InvalidInput, Problem, did_you_mean
from thesis.files.disk import MOST_YAML_BYTES, bundled_folder, read_text
from thesis.files.yaml import KEY, Path_, SourceDocument, read_yaml
from thesis.pack.folder import METRICS, STANDARD, Folder, standard_file
from thesis.pack.schema.standard import StandardFile, StandardOrigins
from thesis.pack.validate import validate

CURRENCY = "currency"  # in the unit of a standard definition: that of the pack's accounts
DEFINED = ("concepts", "metrics")


class StandardMetrics(NamedTuple):
    """metrics.yaml with the standard definitions that it uses, if any, and where those are from."""

    document: SourceDocument
    origins: StandardOrigins | None


def standard_sets() -> list[str]:
    """The names of the sets that come with the program: ``standard/ifrs``, ``standard/us-gaap/bank``."""
    root = bundled_folder("rules")
    found = (path.relative_to(root).with_suffix("").as_posix() for path in root.glob(f"{STANDARD}/*/*.yaml"))
    return sorted(name.removesuffix("/company") for name in found)


def metrics_document(folder: Folder) -> StandardMetrics:
    """metrics.yaml of a pack, with the definitions of the standard that it uses.

    Errors: ``InvalidInput`` where it cannot be read, or uses what there is not.
    """
    own = read_yaml(folder.texts[METRICS], folder.shown + METRICS)
    if not isinstance(own.value, dict) or "uses" not in own.value:
        return StandardMetrics(own, None)
    return _merged(own, list(_used(own, folder, [])))


def _used(document: SourceDocument, folder: Folder, below: Sequence[str]) -> Iterator[SourceDocument]:
    """The files of standard definitions that a document uses, the one that others build on first."""
    uses = document.value.get("uses")
    name = standard_file(str(uses or ""))
    if name not in folder.texts or name in below:
        known = standard_sets()
        hint = did_you_mean(str(uses), known) or f"there are {', '.join(known)}"
        problem = Problem(
            "unknown-standard", f"no standard is called `{uses}`", document.span(("uses",)), hint
        )
        raise InvalidInput([problem], {document.file: document.text})
    found = read_standard(folder.texts[name], name)
    if found.value.get("uses"):
        yield from _used(found, folder, [*below, name])
    yield found


def read_standard(text: str, shown: str) -> SourceDocument:
    """A file of standard definitions, in the form that they have. Errors: ``InvalidInput``."""
    document = read_yaml(text, shown)
    validate(document, StandardFile)
    return document


def bundled_standard(uses: str) -> str:
    """The text of a set that comes with the program. Errors: ``InvalidInput`` where there is none."""
    name = standard_file(uses)
    return read_text(bundled_folder("rules") / name, name, MOST_YAML_BYTES)


def _merged(own: SourceDocument, used: Sequence[SourceDocument]) -> StandardMetrics:
    """A metrics.yaml with what it uses; of two definitions of one name the later one stands."""
    ours = {name for kind in DEFINED for name in _held(own, kind)}
    standing, left_out = _standing(used)
    replaced = {name: _told(document) for name, (_, document) in standing.items() if name in ours}
    standing = {name: defined for name, defined in standing.items() if name not in ours}
    value: dict[str, Any] = {**own.value}
    currency = str(own.value.get(CURRENCY) or "USD")
    for kind in DEFINED:
        if isinstance(own.value.get(kind, {}), dict):  # what it is otherwise is told of it as it is
            standard = {
                name: _in_currency(document.value[kind][name], currency)
                for name, (of, document) in standing.items()
                if of == kind
            }
            value[kind] = {**_held(own, kind), **standard}
    spans = dict(own.spans)
    for document in used:
        spans |= {
            path: span
            for path, span in document.spans.items()
            if len(path) > 1 and path[1] != KEY and standing.get(str(path[1])) == (path[0], document)
        }
    _add_identities(value, spans, own, used, left_out)
    texts = {document.file: document.text for document in used}
    origins = {name: _told(document) for name, (_, document) in standing.items()}
    return StandardMetrics(
        own._replace(value=value, spans=spans, included=texts), StandardOrigins(origins, replaced)
    )


def _standing(
    used: Sequence[SourceDocument],
) -> tuple[dict[str, tuple[str, SourceDocument]], set[str]]:
    """The kind and the file of each definition that stands, by name; and the names that are left out."""
    standing: dict[str, tuple[str, SourceDocument]] = {}
    left_out: set[str] = set()
    for document in used:
        dropped = set(document.value.get("without") or ())
        defined = {name: (kind, document) for kind in DEFINED for name in _held(document, kind)}
        standing = {name: each for name, each in standing.items() if name not in dropped} | defined
        left_out = (left_out | dropped) - defined.keys()
    return standing, left_out


def _held(document: SourceDocument, kind: str) -> Mapping[str, Any]:
    """The definitions of one kind in a file; none where something else stands in their place."""
    found = document.value.get(kind)
    return found if isinstance(found, dict) else {}


def _add_identities(
    value: dict[str, Any],
    spans: dict[Path_, Any],
    own: SourceDocument,
    used: Sequence[SourceDocument],
    left_out: set[str],
) -> None:
    """The identities of the standard behind those of the pack, which go before one of the same id."""
    held = own.value.get("identities") or []
    if not isinstance(held, list):
        return
    found = list(held)
    taken = {each.get("id") for each in held if isinstance(each, dict)} | left_out
    for document in reversed(used):
        for i, identity in enumerate(document.value.get("identities") or ()):
            if identity["id"] in taken:
                continue
            taken.add(identity["id"])
            at = ("identities", i)
            place = ("identities", len(found))
            spans |= {(*place, *path[2:]): span for path, span in document.spans.items() if path[:2] == at}
            found.append(identity)
    if found:
        value["identities"] = found


def _in_currency(definition: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """A definition in the currency of the pack's accounts."""
    unit = str(definition.get("unit", ""))
    return {**definition, "unit": re.sub(rf"\b{CURRENCY}\b", currency, unit)}


def _told(document: SourceDocument) -> str:
    name = document.file.removesuffix(".yaml").removesuffix("/company")
    return f"{name}, version {document.value['version']}"
