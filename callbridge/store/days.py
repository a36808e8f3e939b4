"""Days and hours of stored times, in UTC, and where a day begins; knows no table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from callbridge.store.tables import Utc


class utc_day(FunctionElement[date]):  # noqa: N801 - it reads as the SQL function it is
    """The UTC day of a stored time."""

    type = Date()
    inherit_cache = True
    name = "utc_day"


class utc_hour(FunctionElement[str]):  # noqa: N801 - see above
    """A moment's hour in UTC as "2026-11-03 14", the same on every database."""

    type = String()
    inherit_cache = True
    name = "utc_hour"


class day_begins(FunctionElement[datetime]):  # noqa: N801 - see above
    """The first moment of a stored day."""

    type = Utc()
    inherit_cache = True
    name = "day_begins"


class day_ends(FunctionElement[datetime]):  # noqa: N801 - see above
    """The first moment after a stored day."""

    type = Utc()
    inherit_cache = True
    name = "day_ends"


def _one(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(utc_day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(({_one(element, compiler, **kw)}) AT TIME ZONE 'UTC' AS date)"


@compiles(utc_day, "sqlite")
def _day_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({_one(element, compiler, **kw)})"


@compiles(utc_hour, "postgresql")
def _hour_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char({_one(element, compiler, **kw)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


@compiles(utc_hour, "sqlite")
def _hour_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr({_one(element, compiler, **kw)}, 1, 13)"


@compiles(day_begins, "postgresql")
def _begins_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"(CAST(CAST({_one(element, compiler, **kw)} AS date) AS timestamp) AT TIME ZONE 'UTC')"


@compiles(day_begins, "sqlite")
def _begins_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({_one(element, compiler, **kw)})"  # times are text that begins with the day


@compiles(day_ends, "postgresql")
def _ends_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    one = _one(element, compiler, **kw)
    return f"(CAST(CAST({one} AS date) + 1 AS timestamp) AT TIME ZONE 'UTC')"


@compiles(day_ends, "sqlite")
def _ends_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({_one(element, compiler, **kw)}, '+1 day')"
