"""Rows and lists that go along with a statement as one text each; knows no table.

A driver takes long over a list of a hundred thousand numbers, and a table made for them longer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

Rows = Sequence[tuple[Any, ...]]


def listed(connection: Connection, texts: Sequence[str]) -> str:
    """Return a list of texts as the value of `among`."""
    if connection.dialect.name == "sqlite":
        return msgspec.json.encode(texts).decode()
    return _array(texts)


def staged(connection: Connection, name: str, columns: Mapping[str, str]) -> str:
    """Return rows as a table of one statement: the columns by their types on PostgreSQL.

    Their values are what `values` returns, in this order.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "sqlite":
        each = ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(columns)))
        return f"{name} ({named}) AS MATERIALIZED (SELECT {each} FROM json_each(?))"  # noqa: S608
    each = ", ".join(f"%s::text::{kind}[]" for kind in columns.values())
    return f"{name} ({named}) AS MATERIALIZED (SELECT * FROM unnest({each}))"  # noqa: S608


def values(connection: Connection, columns: Mapping[str, str], rows: Rows) -> list[str]:
    """Return the values of staged rows."""
    if connection.dialect.name == "sqlite":
        return [msgspec.json.encode(rows).decode()]
    each = zip(*rows, strict=True) if rows else [()] * len(columns)
    return [_array(column) for column in each]


def _array(things: Sequence[Any]) -> str:
    return f"{{{','.join(map(_element, things))}}}"


def _element(value: int | str | None) -> str:
    match value:
        case int():
            return str(value)
        case None:
            return "NULL"
        case _:
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
