"""Statements compiled once and handed straight to the driver; knows no table and no rule.

SQLAlchemy's own way through a statement costs several times what SQLite needs to run it. The
handful that every hook runs go this way; all others keep the comfort.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, String, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import Boolean

from callbridge.store.epoch import CLOCK

Values = Mapping[str, Any]
_named: Callable[[str, list[str]], Any] = namedtuple  # its names are known when it runs


@dataclass(frozen=True, slots=True)
class _Text:
    """A statement's text, its own values, and the order of all where the driver counts them.

    `asked` are values that are different each time: a rehearsal's clock.
    """

    text: str
    own: Values
    asked: Mapping[str, Callable[[], Any]]
    order: Sequence[str] | None
    row: Callable[[Iterable[Any]], Any]


class among(ColumnElement[bool]):  # noqa: N801 - it reads as the SQL it is
    """Whether a column is one of a list that is a single parameter, however long it is."""

    type = Boolean()
    inherit_cache = False

    def __init__(self, column: ColumnElement[str], name: str) -> None:
        self.column = column
        self.values = bindparam(name, type_=String())

    @property
    def _from_objects(self) -> list[Any]:
        # So that a subquery knows the table it asks.
        return list(self.column._from_objects)

    def self_group(self, against: object = None) -> among:
        """Stay as it is: compared with 1, as SQLAlchemy would for SQLite, no index answers it."""
        return self


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
        self._texts: dict[tuple[str, object, frozenset[str]], _Text] = {}

    def run(self, connection: Connection, values: Values) -> int:
        """Run it and return the number of rows it changed.

        Times must be aware; None, text, numbers and truth go as they are.
        """
        return int(self._cursor(connection, self._text(connection, values), values).rowcount)

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Run it and return what it found, columns by name as the driver gives them."""
        ready = self._text(connection, values)
        return [*map(ready.row, self._cursor(connection, ready, values).fetchall())]

    def one(self, connection: Connection, values: Values) -> Any | None:
        """Run it and return the only row it can find, None when there is none."""
        found = self.rows(connection, values)
        return found[0] if found else None

    @staticmethod
    def _cursor(connection: Connection, ready: _Text, values: Values) -> Any:
        driver: Any = connection.connection.dbapi_connection
        errors: Any = connection.dialect.dbapi
        try:
            return driver.execute(ready.text, _given(ready, values))
        except errors.Error as error:
            # As SQLAlchemy raises it, without the values: they must not come into a log.
            raise DBAPIError.instance(
                ready.text, None, error, errors.Error, hide_parameters=True
            ) from error

    def _text(self, connection: Connection, values: Values) -> _Text:
        clock = getattr(connection.dialect, CLOCK, None)
        key = (connection.dialect.name, clock, frozenset(values))
        found = self._texts.get(key)
        if found is None:
            compiled = self._statement.compile(
                dialect=connection.dialect, column_keys=sorted(values)
            )
            if not isinstance(compiled, SQLCompiler):
                raise TypeError("only statements about rows are made ready")
            order = compiled.positiontup if compiled.positional else None
            own = self._own(compiled.params, values)
            asked = {name: bind.callable for name, bind in compiled.binds.items() if bind.callable}
            found = self._texts[key] = _Text(str(compiled), own, asked, order, self._row())
        return found

    def _row(self) -> Callable[[Iterable[Any]], Any]:
        found: Any = getattr(self._statement, "exported_columns", None)  # selected or returned
        names = [] if found is None else list(found.keys())
        make: Callable[[Iterable[Any]], Any] = _named("Row", names)._make
        return make

    @staticmethod
    def _own(found: Values, values: Values) -> Values:
        return {name: value for name, value in found.items() if name not in values}


def _given(ready: _Text, values: Values) -> Any:
    for value in values.values():
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
    every = {**ready.own, **values} if ready.own else values
    if ready.asked:
        every = {**every, **{name: ask() for name, ask in ready.asked.items()}}
    if ready.order is None:
        return every
    return tuple(_plain(every[name]) for name in ready.order)


def _plain(value: Any) -> Any:
    # SQLite has no times and no lists: the text that the tables' own type writes, and JSON.
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


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
