"""The formats that tables are written in: one entry of ``TABLE_FORMATS`` for each.

The choices and the help of ``--format``, the check for a missing extra and the table of formats in the docs
are derived from the entries, so that a further format is an entry here and a module with its writer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from thesis.export.data_table import DataTable


class TableFormat(NamedTuple):
    """A format of tables.

    ``ending`` is the ending of its files' names, which stands for the format where ``--format`` is not given.
    ``writer`` names the function that makes the content from a ``DataTable``, as ``module:function``; its
    module is imported only when a table is written. It returns text, or bytes where ``is_text`` is false.
    ``extra`` is the optional dependency of ``thesis`` that the writer needs, with the ``modules`` that it
    brings; both are empty where Python alone is enough.
    """

    title: str
    ending: str
    media: str
    about: str
    writer: str
    is_text: bool = True
    extra: str = ""
    modules: tuple[str, ...] = ()

    def content(self, table: DataTable) -> str | bytes:
        """Make the file of a table: text in UTF-8, or bytes."""
        module, _, function = self.writer.partition(":")
        made = getattr(import_module(module), function)(table)
        assert isinstance(made, str if self.is_text else bytes)
        return made


TABLE_FORMATS: Mapping[str, TableFormat] = {
    "csv": TableFormat(
        "CSV",
        ".csv",
        "text/csv",
        "a line for each row, the columns' names first; an empty cell is unknown or nothing",
        "thesis.export.csv_table:to_csv",
    ),
    "jsonl": TableFormat(
        "JSON Lines",
        ".jsonl",
        "application/jsonl",
        "an object for each row, with every column; `null` is unknown or nothing",
        "thesis.export.json_lines:to_json_lines",
    ),
    "parquet": TableFormat(
        "Parquet",
        ".parquet",
        "application/vnd.apache.parquet",
        "typed columns with their descriptions; null is unknown or nothing",
        "thesis.export.parquet:to_parquet",
        is_text=False,
        extra="parquet",
        modules=("pyarrow",),
    ),
}
"""Every format by the name that ``--format`` takes; the first one is the default."""


def format_of(name: str | None, file: str | None) -> TableFormat:
    """The format that was asked for: by its name, else by the ending of the file, else the default."""
    default, *_ = TABLE_FORMATS.values()
    ending = os.path.splitext(file or "")[1].lower()
    by_ending = {form.ending: form for form in TABLE_FORMATS.values()}
    return TABLE_FORMATS[name] if name else by_ending.get(ending, default)


def format_help() -> str:
    """What ``--help`` says of the formats: the default, and what some of them need."""
    default, *_ = TABLE_FORMATS
    needs = [
        f"{form.title} needs {' and '.join(wanted)}."
        for form in TABLE_FORMATS.values()
        if (wanted := [*_files(form), *_extras(form)])
    ]
    return " ".join([f"Default: what the name of the file says, else {default}.", *needs])


def _files(form: TableFormat) -> list[str]:
    return [] if form.is_text else ["--out"]


def _extras(form: TableFormat) -> list[str]:
    return [f"pip install 'thesis[{form.extra}]'"] if form.extra else []
