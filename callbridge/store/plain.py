"""Reads whole results as the driver gives them: for thousands of rows of text and numbers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select

Rows = tuple[tuple[Any, ...], ...]


def rows_of(connection: Connection, query: Select[Any]) -> Rows:
    """Return all rows of a query.

    No type has its say: times are what `ready.moment` reads, sums must be cast.
    """
    with connection.execute(query) as found:
        cursor: Any = found.cursor
        return tuple(cursor.fetchall())
