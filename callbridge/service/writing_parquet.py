"""Writes rows as Parquet, ten thousand at a time; knows no table but its description."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

from callbridge.service.codebook import CAVEAT, Kind, Sheet
from callbridge.service.exported_rows import Row

BATCH = 10_000


def schema_of(sheet: Sheet) -> Any:
    """Return the Arrow schema; each column's meaning is its metadata, the caveat the table's."""
    import pyarrow

    kinds = {
        Kind.TEXT: pyarrow.string(),
        Kind.NUMBER: pyarrow.int64(),
        Kind.TRUTH: pyarrow.bool_(),
        Kind.TIME: pyarrow.timestamp("us", tz="UTC"),
        Kind.LOCAL: pyarrow.string(),
    }
    return pyarrow.schema(
        [
            pyarrow.field(column.name, kinds[column.kind], metadata={"meaning": column.meaning})
            for column in sheet.columns
        ],
        metadata={"description": sheet.meaning, "caveat": CAVEAT},
    )


def write_parquet(path: Path, sheet: Sheet, rows: Iterable[Row]) -> int:
    """Write rows compressed by zstd; return how many."""
    # Arrow costs 100 ms and 50 MB: only when it is asked for.
    import pyarrow
    from pyarrow import parquet

    schema, count, rest = schema_of(sheet), 0, iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(rest, BATCH)):
            columns = {name: [row[name] for row in batch] for name in sheet.names}
            writer.write_batch(pyarrow.RecordBatch.from_pydict(columns, schema=schema))
            count += len(batch)
    return count
