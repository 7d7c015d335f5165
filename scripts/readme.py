"""Bring what README.md shows of the program's output up to date: ``python -m scripts.readme``."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, partial
from pathlib import Path

from thesis.appraisal.appraise import add_appraisal
from thesis.files.cache import Cache
from thesis.language.functions import FUNCTIONS
from thesis.memo.markdown import render_memo
from thesis.pack.folder import read_folder
from thesis.reports.check_report import check_text
from thesis.reports.page_one import page_one_of
from thesis.scoring.assess import assess
from thesis.workspace.open_pack import open_pack

ROOT = Path(__file__).parent.parent
DAY, TODAY = date(2026, 10, 15), date(2026, 11, 22)


def sections() -> dict[str, str]:
    """What stands between each pair of marks."""
    folder = read_folder(ROOT / "rules" / "amzn-4t", "rules/amzn-4t")
    pack = open_pack(folder, TODAY, Cache(None))
    found = add_appraisal(pack, assess(pack, DAY), {})
    page = (
        render_memo(found, front=cache(partial(page_one_of, pack, found)))
        .split("\n---\n", maxsplit=1)[0]
        .strip()
    )
    return {
        "memo": "> " + page.replace("\n", "\n> ").replace("> \n", ">\n"),
        "check": f"```\n$ thesis check amzn-4t --as-of {DAY}\n{check_text(found)}```",
        "functions": functions_table(),
    }


def functions_table() -> str:
    """What each function of the rule language gives."""
    rows = [f"| `{_signature(name)}` | {function.meaning} |" for name, function in FUNCTIONS.items()]
    return "\n".join(["| function | gives |", "|---|---|", *rows])


def updated(text: str) -> str:
    """README's text with every section as the program prints it now."""
    for name, body in sections().items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        found = pattern.search(text)
        if found:
            text = f"{text[: found.start()]}{found[1]}{body}\n{found[2]}{text[found.end() :]}"
    return text


def _signature(name: str) -> str:
    function = FUNCTIONS[name]
    short = {
        "value": "x",
        "condition": "condition",
        "quarters": "m",
        "lag": "m",
        "rank": "k",
        "years": "years",
    }
    names = [short.get(kind, kind) for kind in function.takes]
    if names.count("x") > 1:
        letters = iter("abc")
        names = [next(letters) if n == "x" else n for n in names]
    return f"{name}({', '.join(names)}{', ...' if function.repeats else ''})"


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(updated(readme.read_text(encoding="utf-8")), encoding="utf-8")
