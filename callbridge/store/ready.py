"""Statements compiled once and handed to the driver as text; knows no table and no rule.

SQLAlchemy's own way through a statement costs several times what SQLite needs to run it. The
handful that every hook runs go this way; all others keep the comfort.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement's text, its own values, and the order of all where the driver counts them."""

    text: str
    own: Values
    order: Sequence[str] | None


class among(ColumnElement[bool]):  # noqa: N801 - it reads as the SQL it is
    """Whether a column is one of a list that is a single parameter, however long it is."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, column: ColumnElement[str], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=String())


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: Any, **kw: Any) -> str:
    values = compiler.process(element.values, **kw).removesuffix("::VARCHAR")
    return f"{compiler.process(element.column, **kw)} = ANY({values}::varchar[])"


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: Any, **kw: Any) -> str:
    values = compiler.process(element.values, **kw)
    return f"{compiler.process(element.column, **kw)} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - parts of a compiled statement


class Ready:
    """One statement, ready for each dialect and each set of columns it was run with."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, frozenset[str]], _Text] = {}

    def run(self, connection: Connection, values: Values) -> CursorResult[Any]:
        """Run it once. Times must be aware; None, text, numbers and truth go as they are."""
        ready = self._text(connection, values)
        return connection.exec_driver_sql(ready.text, _given(ready, values))

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Run it for each row; all have the same names."""
        ready = self._text(connection, rows[0])
        connection.exec_driver_sql(ready.text, [_given(ready, row) for row in rows])

    def _text(self, connection: Connection, values: Values) -> _Text:
        key = (connection.dialect.name, frozenset(values))
        found = self._texts.get(key)
        if found is None:
            compiled = self._statement.compile(
                dialect=connection.dialect, column_keys=sorted(values)
            )
            if not isinstance(compiled, SQLCompiler):
                raise TypeError("only statements about rows are made ready")
            order = compiled.positiontup if compiled.positional else None
            own = self._own(compiled.params, values)
            found = self._texts[key] = _Text(str(compiled), own, order)
        return found

    @staticmethod
    def _own(found: Values, values: Values) -> Values:
        return {name: value for name, value in found.items() if name not in values}


def _given(ready: _Text, values: Values) -> Any:
    every = {**ready.own, **values} if ready.own else values
    if ready.order is None:
        return every
    return tuple(_plain(every[name]) for name in ready.order)


def _plain(value: Any) -> Any:
    # SQLite has no times and no lists: the text that the tables' own type writes, and JSON.
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return json.dumps(value) if isinstance(value, list) else value


def moment(value: Any) -> datetime | None:
    """Return the time that a driver gave: text in UTC from SQLite, aware from PostgreSQL."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    found: datetime = value
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def known_moment(value: Any) -> datetime:
    """Return the time that a driver gave for a column that is never empty."""
    found = moment(value)
    if found is None:
        raise ValueError("a time is missing where there must be one")
    return found
