"""The sections of pages written by hand that the program fills in, by the name between their marks."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from scripts.columns import listed
from scripts.docs.markdown import fenced, table
from scripts.readme import functions_table
from thesis.core.aggregates import AGGREGATES, EXAMPLES
from thesis.core.formatting import answer, score
from thesis.core.interval import NO, UNKNOWN, YES, all_of, any_of, negation, point
from thesis.core.semantics import VERSIONS
from thesis.export.table_formats import TABLE_FORMATS, TableFormat
from thesis.files.disk import bundled_folder
from thesis.journal.causes import CAUSES
from thesis.language import syntax
from thesis.scoring.aggregate import combine_numbers

ROOT = Path(__file__).parents[2]


def grammar() -> str:
    """The forms of an expression, as the parser's own module states them."""
    words = inspect.cleandoc(syntax.__doc__ or "").split("\n\n")
    return fenced(inspect.cleandoc(f"\n{words[1]}"))


def power_means() -> str:
    """What each way of combining makes of five scores, with every engine running and with one dead."""
    running, weights = [0.80, 0.50, 0.80, 0.70, 0.73], [25, 20, 15, 15, 25]
    dead = [0.05 if each == 0.50 else each for each in running]
    rows = [
        [
            f"`{how}`",
            *(score(point(combine_numbers(each, weights, how, 0.05))) for each in (running, dead)),
        ]
        for how in EXAMPLES
    ]
    return table(["combine", ".80 .50 .80 .70 .73", ".80 **.05** .80 .70 .73"], rows)


def aggregates() -> str:
    """Every way of combining scores, with what a claim says that it stands for."""
    rows = [[f"`{each.written}`", each.formula, each.says] for each in AGGREGATES.values()]
    return table(["combine", "formula", "says"], rows)


def kleene() -> str:
    """`and` and `or` of every two answers."""
    answers = (NO, UNKNOWN, YES)
    rows = [
        [answer(a), answer(b), answer(all_of(a, b)), answer(any_of(a, b)), answer(negation(a))]
        for a in answers
        for b in answers
    ]
    return table(["a", "b", "a and b", "a or b", "not a"], rows)


def verdict_table() -> str:
    """The bundled thesis' own, as its file has it."""
    thesis = yaml.safe_load((bundled_folder("rules") / "amzn-4t" / "thesis.yaml").read_text(encoding="utf-8"))
    verdict = thesis["verdict"]
    head = ["conditions \\ risks", *verdict["labels"]["risks"]]
    rows = [[name, *verdict["table"][name]] for name in reversed(verdict["labels"]["conditions"])]
    return table(head, rows)


def causes() -> str:
    """Why two looks differ, in the order in which it is told."""
    return "\n".join(f"{i}. {name}" for i, name in enumerate(CAUSES.values(), start=1))


def rules_versions() -> str:
    """Every rules version: its number, the day it came into force and what changed the figures."""
    return table(["number", "day", "what changed"], [[str(v.number), v.day, v.reason] for v in VERSIONS])


def columns() -> str:
    """Of the tables that `thesis export` writes."""
    return listed().rstrip("\n")


def table_formats() -> str:
    """The formats of `thesis export facts`, `metrics` and `history`."""
    rows = [
        [f"`{name}`", form.title, f"`{form.ending}`", f"`{form.media}`", form.about, _extra(form)]
        for name, form in TABLE_FORMATS.items()
    ]
    return table(["`--format`", "name", "files end in", "media type", "holds", "needs"], rows)


def _extra(form: TableFormat) -> str:
    return f"`thesis[{form.extra}]`" if form.extra else ""


def packages() -> str:
    """Every package with its layer and the first sentence of its docstring, top layer first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    folder = ROOT / "thesis"
    layers = [
        [name for name in layer.split(" | ") if (folder / name).is_dir()] for layer in contract["layers"]
    ]
    rows = [
        [str(number), f"`{_package_name(file)}`", _package_summary(file)]
        for number, layer in enumerate(filter(None, layers), start=1)
        for name in layer
        for file in sorted((folder / name).rglob("__init__.py"))
    ]
    return table(["layer", "package", "holds"], rows)


def _package_name(file: Path) -> str:
    return ".".join(file.parent.relative_to(ROOT / "thesis").parts)


def _package_summary(file: Path) -> str:
    """The first paragraph of a package's docstring, without the package's own name before it."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    summary = " ".join(text.split("\n\n")[0].split())
    title, _, rest = summary.partition(": ")
    plain = rest if title.lower().replace(" ", "_") in (file.parent.name, "command_line") else summary
    return f"{plain[:1].upper()}{plain[1:]}"


SECTIONS: Mapping[str, Callable[[], str]] = {
    "aggregates": aggregates,
    "functions": functions_table,
    "grammar": grammar,
    "causes": causes,
    "columns": columns,
    "kleene": kleene,
    "packages": packages,
    "power-means": power_means,
    "rules-versions": rules_versions,
    "table-formats": table_formats,
    "verdict-table": verdict_table,
}
