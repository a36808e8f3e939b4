"""What "now" is in a statement: the database's own clock, or a rehearsal's; knows no table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Float, bindparam, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

# Where a dialect keeps the clock of a rehearsal: seconds, asked for when a statement runs.
CLOCK = "callbridge_seconds"


class epoch_now(FunctionElement[float]):  # noqa: N801 - it reads as the SQL function it is
    """The database's own clock in seconds: leases and the pace trust no worker's clock.

    A rehearsal's database is told the time by its clock instead (`Database(seconds=…)`).
    """

    type = Float()
    inherit_cache = True
    name = "epoch_now"


def later_of(moment: ColumnElement[float]) -> ColumnElement[float]:
    """Return a moment in seconds, or now where it is over."""
    return case((moment > epoch_now(), moment), else_=epoch_now())


@compiles(epoch_now, "postgresql")
def _epoch_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    if told := _told(compiler, **kw):
        return f"({told})::double precision"
    return "extract(epoch from clock_timestamp())::double precision"


@compiles(epoch_now, "sqlite")
def _epoch_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    if told := _told(compiler, **kw):
        return told
    return "((julianday('now') - 2440587.5) * 86400.0)"


def _told(compiler: Any, **kw: Any) -> str:
    seconds = getattr(compiler.dialect, CLOCK, None)
    if seconds is None:
        return ""
    asked = bindparam(None, type_=Float(), callable_=seconds, unique=True)
    return str(compiler.process(asked, **kw))
