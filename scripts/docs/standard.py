"""The standard definitions: every line item, metric and identity, from the files that packs use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.docs.markdown import page, prose, table
from thesis.facts.fact import parse_tags
from thesis.pack.folder import standard_file
from thesis.pack.standard import bundled_standard, read_standard, standard_sets

ABOUT = """\
A pack may use line items and metrics that are defined already, and define only what is its own:

```yaml
uses: standard/us-gaap        # in metrics.yaml
currency: USD                 # that of the company's accounts; USD where it is left out
```

Whatever the pack defines itself stands in place of a definition of the same name, and `thesis explain NAME`
says where the one in use is from. What a filing does not state is unknown; it is zero only where the line
item says `assume: 0`, and is printed as an assumption then.

Each file has a version, which is raised with every change. The sealed copy of a signed review holds the files
that it was signed on, so that a review follows from its own inputs for ever. A pack that wants to stay with a
version keeps a copy in its own folder, under the same name: `standard/us-gaap/company.yaml`."""
FILE = (
    "The keys of such a file are those of [metrics.yaml](../pack/metrics.md), with a version, a title, the "
    "file that it builds on and what of that it leaves out; `thesis schema standard.yaml` prints them."
)


def standard_pages() -> dict[str, str]:
    """File name under docs/reference/standard to page."""
    folders: dict[str, list[str]] = {}
    for name in standard_sets():
        folders.setdefault(name.split("/")[1], []).append(name)
    found = {f"{folder}.md": _folder(folder, names) for folder, names in folders.items()}
    return {"index.md": _index(folders), **found}


def _index(folders: Mapping[str, list[str]]) -> str:
    rows = [
        (f"[`{name}`]({folder}.md)", document["title"], document["version"])
        for folder, names in folders.items()
        for name in names
        for document in (_document(name),)
    ]
    listed = table(("uses", "for", "version"), rows)
    tree = "\n".join(["```{toctree}", ":hidden:", "", *folders, "```"])
    return page("Standard definitions", "rules/standard", ABOUT, listed, FILE, tree)


def _document(name: str) -> dict[str, Any]:
    document: dict[str, Any] = read_standard(bundled_standard(name), standard_file(name)).value
    return document


def _folder(folder: str, names: list[str]) -> str:
    parts = [part for name in names for part in _set(name)]
    return page(f"standard/{folder}", f"the files in rules/standard/{folder}", *parts)


def _set(name: str) -> Iterator[str]:
    document = _document(name)
    yield f"## {name}"
    builds = f" They build on `{document['uses']}`." if "uses" in document else ""
    yield prose(f"{document['title']}: version {document['version']}.{builds}")
    if document.get("without"):
        left_out = ", ".join(f"`{each}`" for each in document["without"])
        yield f"Left out, since it does not apply: {left_out}."
    yield "\n".join(_item(each, of) for each, of in (document.get("concepts") or {}).items())
    yield "\n".join(_metric(each, of) for each, of in (document.get("metrics") or {}).items())
    yield "\n".join(_identity(each) for each in document.get("identities") or ())


def _item(name: str, of: Mapping[str, Any]) -> str:
    tags = " > ".join(" | ".join(f"`{tag}`" for tag in tier) for tier in parse_tags(of.get("tag", "")))
    where = f"; {tags}" if tags else f"; {of.get('source', '')}"
    least = "".join(
        f", {word} {of[key]}" for key, word in (("above", "above"), ("least", "at least")) if key in of
    )
    words = [of.get("note", "")]
    if "assume" in of:
        unless = of.get("assume_unless")
        others = f" and none of {', '.join(f'`{each}`' for each in unless)} is" if unless else ""
        words.append(
            f"Assumed {of['assume']} where `{of['assume_beside']}` is known{others}: {of['because']}"
        )
    if "least_share" in of:
        words.append(f"A figure below {of['least_share']} of a later candidate is passed over.")
    told = prose(" ".join(" ".join(word.split()) for word in words if word))
    return (
        f"- **`{name}`** {of['label']} ({of['kind']}, {of['unit']}{least}{where}){': ' if told else ''}{told}"
    )


def _metric(name: str, of: Mapping[str, Any]) -> str:
    told = prose(
        " ".join([of.get("because", ""), f"Misleads when: {of['misleads_when']}", f"After {of['source']}."])
    )
    return f"- **`{name}`** {of['label']} ({of['unit']}): `{' '.join(of['formula'].split())}`. {told}"


def _identity(of: Mapping[str, Any]) -> str:
    return f"- **{of['id']}**: `{of['left']}` = `{of['right']}`. {prose(' '.join(of['because'].split()))}"
