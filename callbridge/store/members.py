"""Keeps what each member's cells come to, so that a board is few rows; estimates nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Float,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from callbridge.domain.whip_model import DEFAULT
from callbridge.store.analysis_tables import rollup_members, rollup_positions

# The day of mass one; far enough from every day of ours, and from where numbers end.
ORIGIN = date(2020, 1, 1)
# What the board rests on; without a half-life every report weighs as much, whenever it came.
HALF_LIFE = DEFAULT.half_life_days or 0.0
_NAMES = [column.name for column in rollup_members.c]
_R = rollup_positions.c


class days_after(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """How many days a stored day comes after another."""

    type = BigInteger()
    inherit_cache = True
    name = "days_after"


@compiles(days_after, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    one, other = (compiler.process(part, **kw) for part in element.clauses)
    return f"(CAST({one} AS date) - CAST({other} AS date))"


@compiles(days_after, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    one, other = (compiler.process(part, **kw) for part in element.clauses)
    return f"(julianday({one}) - julianday({other}))"


def mass_of(day: date) -> float:
    """Return the mass of one report of a day."""
    return float(2.0 ** ((day - ORIGIN).days / HALF_LIFE)) if HALF_LIFE else 1.0


def _sums(*where: Any) -> Any:
    cell = (_R.slug, _R.target, _R.channel, _R.meaning)
    age = cast(days_after(_R.day, literal(ORIGIN, Date())), Float) / HALF_LIFE if HALF_LIFE else 0
    return (
        select(
            *cell,
            literal(HALF_LIFE, Float()),
            func.sum(_R.count),
            func.sum(_R.count * func.power(literal(2.0, Float()), age)),
            func.max(_R.day),
            func.max(_R.last),
        )
        .where(*where)
        .group_by(*cell)
    )


_ONE = (_R.slug == bindparam("slug"), _R.target == bindparam("target"))
_DROP = delete(rollup_members).where(
    rollup_members.c.slug == bindparam("slug"), rollup_members.c.target == bindparam("target")
)
_ADD = insert(rollup_members).from_select(_NAMES, _sums(*_ONE))
_ADD_ALL = insert(rollup_members).from_select(_NAMES, _sums())


def add_up(connection: Connection, slug: str, target: str) -> None:
    """Add a member's cells up anew, in the transaction that counted one of them."""
    for statement in (_DROP, _ADD):
        connection.execute(statement, {"slug": slug, "target": target})


def add_all_up(connection: Connection) -> None:
    """Add every member's cells up anew."""
    connection.execute(delete(rollup_members))
    connection.execute(_ADD_ALL)
