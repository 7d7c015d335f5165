"""Bring the tables' columns in docs/reference/formats.md up to date: ``python -m scripts.columns``."""

from __future__ import annotations

from pathlib import Path

from thesis.export import fact_rows, history_rows, metric_rows

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "formats.md"
START, END = "<!-- columns -->\n", "<!-- /columns -->"
TABLES = {"facts": fact_rows.COLUMNS, "metrics": metric_rows.COLUMNS, "history": history_rows.COLUMNS}


def listed() -> str:
    """A table of the columns of each table."""
    blocks = []
    for name, columns in TABLES.items():
        rows = [f"| `{column.name}` | {column.kind} | {column.about} |" for column in columns]
        blocks.append(
            "\n".join([f"`thesis export {name}`\n", "| column | kind | holds |", "|---|---|---|", *rows])
        )
    return "\n\n".join(blocks) + "\n"


def updated(text: str) -> str:
    """The page with the columns as the program has them now."""
    before, _, rest = text.partition(START)
    return f"{before}{START}{listed()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
