"""Writes a table as Parquet, with the description of each column in the file.

What is not known is null. Needs pyarrow (``pip install 'thesis[parquet]'``); the same program with the
same pyarrow writes the same bytes.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from thesis.export.data_table import Cell, DataTable, Kind

if TYPE_CHECKING:
    import pyarrow as pa


def to_parquet(table: DataTable) -> bytes:
    """The file, its pack, digest and day among the metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {"table": table.name, "pack": table.pack, "digest": table.digest, "as_of": str(table.as_of)}
    fields = [
        pa.field(column.name, _type(column.kind), metadata={"about": column.about})
        for column in table.columns
    ]
    schema = pa.schema(fields, metadata=about)
    arrays = [
        pa.array([_held(row[i]) for row in table.rows], type=field.type) for i, field in enumerate(fields)
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, schema=schema), out, compression="zstd")
    return out.getvalue()


def _type(kind: Kind) -> pa.DataType:
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "whole": pa.int64(),
        "day": pa.date32(),
        "truth": pa.bool_(),
        "texts": pa.list_(pa.string()),
    }
    return types[kind]


def _held(cell: Cell) -> object:
    return list(cell) if isinstance(cell, tuple) else cell
