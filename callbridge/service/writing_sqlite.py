"""Writes an export as one SQLite file with its codebook inside; holds a thousand rows at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from types import TracebackType

from callbridge.service.codebook import CAVEAT, LOCAL, NULLS, SHEETS, Kind, Sheet
from callbridge.service.exported_rows import Row
from callbridge.service.writing import plain

BATCH = 1000
_KINDS = {Kind.NUMBER: "INTEGER", Kind.TRUTH: "INTEGER"}
_AFTER = (
    "CREATE INDEX answers_by_call ON answers (call, leg)",
    "CREATE INDEX answers_by_target ON answers (target, question)",
    "CREATE INDEX legs_by_office ON legs (office)",
    "CREATE VIEW standing_answers AS SELECT * FROM answers WHERE NOT superseded",
)


class SqliteFile:
    """An SQLite file being written; `with` finishes it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> SqliteFile:
        """Make the file and its codebook."""
        self._path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        # Nobody reads it before it is whole, and a broken one is thrown away.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("BEGIN")
        self._write_codebook()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Add indexes and close."""
        try:
            if kind is None:
                for statement in _AFTER:
                    self._connection.execute(statement)
                self._connection.execute("COMMIT")
        finally:
            self._connection.close()

    def write(self, sheet: Sheet, rows: Iterable[Row]) -> int:
        """Write one table; return how many rows."""
        columns = [f"{_quoted(c.name)} {_KINDS.get(c.kind, 'TEXT')}" for c in sheet.columns]
        keys = ", ".join(_quoted(column.name) for column in sheet.columns if column.key)
        self._connection.execute(
            f"CREATE TABLE {_quoted(sheet.name)} ({', '.join(columns)}, PRIMARY KEY ({keys}))"
        )
        holes = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {_quoted(sheet.name)} VALUES ({holes})"  # noqa: S608 - our own names
        count, rest = 0, iter(rows)
        while batch := list(islice(rest, BATCH)):
            self._connection.executemany(
                insert, ([plain(row[name]) for name in sheet.names] for row in batch)
            )
            count += len(batch)
        return count

    def _write_codebook(self) -> None:
        run = self._connection
        run.execute("CREATE TABLE about (line INTEGER PRIMARY KEY, sentence TEXT NOT NULL)")
        run.executemany("INSERT INTO about (sentence) VALUES (?)", [(CAVEAT,), (LOCAL,), (NULLS,)])
        run.execute(
            'CREATE TABLE codebook ("table" TEXT, "column" TEXT, type TEXT, meaning TEXT,'
            ' PRIMARY KEY ("table", "column"))'
        )
        run.executemany(
            "INSERT INTO codebook VALUES (?, ?, ?, ?)",
            [(s.name, c.name, c.kind.value, c.meaning) for s in SHEETS for c in s.columns],
        )


def _quoted(name: str) -> str:
    return f'"{name}"'
