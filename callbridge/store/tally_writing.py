"""Spreads staged sums over profiles and spans, inside the database; knows no call and no word.

What is staged goes along with the statement that adds it up: no table is made for it, and a hook
that takes one call out says no more than it must.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import BigInteger, Connection, Table, bindparam, func, select

from callbridge.domain.tallying import STEPS, Kind
from callbridge.store.ready import Ready
from callbridge.store.server import make_room
from callbridge.store.staged import Rows, staged, values
from callbridge.store.tally_spans import OWN_SPANS, SPANS
from callbridge.store.tally_tables import (
    tally_calls,
    tally_days,
    tally_ends,
    tally_parts,
    tally_positions,
)

# Adding up many calls needs more than a server gives to a page's statements.
_MANY = 10_000
# An arbitrary number that nobody else locks.
_LOCK = 7_244_302
_BOUNDS = {
    "low": {"sqlite": "min", "postgresql": "least"},
    "high": {"sqlite": "max", "postgresql": "greatest"},
}
Spread = tuple[int, int, int]


class Sort(IntEnum):
    """How a profile's counts go into another: all of it, or by subject in one of four ways.

    BROAD goes by every span, as WHOLE does; OWN by the day and the longest, for it is nearly as
    many rows as there are calls; LONG by the longest alone; DAY is calls by the day.
    """

    WHOLE = 0
    BROAD = 1
    OWN = 2
    LONG = 3
    DAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Sums as rows, in the order of `_COLUMNS`; all that is spread is told by its own profile."""

    steps: Rows
    numbers: Rows
    legs: Rows
    bundles: Rows
    spread: Sequence[Spread]
    days: Rows
    ends: Rows


_COLUMNS = {
    name: dict.fromkeys(columns, "integer")
    for name, columns in {
        "steps": ("profile", "day", "subject", "number", "times"),
        "numbers": ("number", *STEPS),
        "legs": ("profile", "day", "office", "bundle", "times"),
        "bundles": ("bundle", "kind", "key", "connected"),
        "spread": ("profile", "sort", "one"),
    }.items()
} | {
    "days": {column.name: "bigint" for column in tally_days.c},
    "ends": {"ending": "varchar", "calls": "bigint", "steps": "bigint"},
    "moved": {"bloc": "integer", "subject": "integer", "of_calls": "boolean", "sign": "integer"},
}


def _sum(what: str, name: str) -> str:
    # A sum of PostgreSQL's is wider than what it sums, and slower to be summed again.
    return f'CAST(sum({what}) AS integer) AS "{name}"'


def _sums(numbers: Sequence[str], times: str = "") -> str:
    return ", ".join(_sum(f'{times}"{name}"', name) for name in numbers)


_BY = {Sort.WHOLE: SPANS, Sort.BROAD: SPANS, Sort.OWN: OWN_SPANS}
_EVERY = ", ".join(f"({sort:d}, {span})" for sort, spans in _BY.items() for span in spans)
_BY_SUBJECT = f"spread.sort IN ({Sort.BROAD:d}, {Sort.OWN:d})"
# The days of a call, of a leg: first each day's sums, few of them, then those by span. Where only
# the longest span is kept there are no others to make.
_STEPS = f"""
SELECT one, subject, span, day / span, {_sums(STEPS)} FROM (
    SELECT spread.one, spread.sort, told.subject, told.day, {_sums(STEPS)}
    FROM told JOIN spread ON spread.profile = told.profile
    AND CASE told.subject WHEN 0 THEN spread.sort = {Sort.WHOLE:d} ELSE {_BY_SUBJECT} END
    GROUP BY 1, 2, 3, 4
) AS daily JOIN spans ON spans.sort = daily.sort GROUP BY 1, 2, 3, 4
UNION ALL
SELECT spread.one, told.subject, {SPANS[-1]}, told.day / {SPANS[-1]}, {_sums(STEPS)}
FROM told JOIN spread ON spread.profile = told.profile AND spread.sort = {Sort.LONG:d}
WHERE told.subject <> 0 GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - names of our own
_ASKED = f"""
SELECT spread.one, {Kind.ASKED:d}, told.subject, 1, told.day, 0,
       {_sum("told.asked", "count")}, {_sum("told.answered", "connected")}
FROM told JOIN spread ON spread.profile = told.profile AND spread.sort = {Sort.DAY:d}
WHERE told.subject <> 0
GROUP BY 1, 3, 5 ORDER BY 1, 3, 5
"""  # noqa: S608 - names of our own
_PARTS = f"""
SELECT one, kind, subject, span, day / span, "key", {_sums(("count", "connected"))} FROM (
    SELECT profile AS one, {Sort.WHOLE:d} AS sort, kind, 0 AS subject, day, "key",
           {_sums(("count", "connected"))}
    FROM apart GROUP BY 1, 3, 5, 6
    UNION ALL
    SELECT spread.one, spread.sort, kind, subject, day, "key", {_sums(("count", "connected"))}
    FROM told JOIN spread ON spread.profile = told.profile AND {_BY_SUBJECT}
    GROUP BY 1, 2, 3, 4, 5, 6
) AS daily JOIN spans ON spans.sort = daily.sort GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT spread.one, kind, subject, {SPANS[-1]}, day / {SPANS[-1]}, "key",
       {_sums(("count", "connected"))}
FROM told JOIN spread ON spread.profile = told.profile AND spread.sort = {Sort.LONG:d}
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - names of our own
_POSITIONS = f"""
SELECT one, span, day / span, office, said, {_sum('"count"', "count")} FROM (
    SELECT spread.one, legs.day, legs.office, bundles."key" AS said, {_sum("legs.times", "count")}
    FROM legs JOIN bundles ON bundles.bundle = legs.bundle AND bundles.kind = {Kind.POSITION:d}
    JOIN spread ON spread.profile = legs.profile
    AND spread.sort IN ({Sort.BROAD:d}, {Sort.OWN:d}, {Sort.LONG:d})
    GROUP BY 1, 2, 3, 4
) AS daily JOIN spans ON spans.sort = {Sort.WHOLE:d} GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - names of our own
# What is used twice is made once. A bloc is told beside what it is made of, but for what would name
# each of its offices again.
_SPANS = f"spans (sort, span) AS (VALUES {_EVERY})"
_CALLS_TOLD = f"""{_SPANS}, apart AS MATERIALIZED (
    SELECT steps.profile, steps.subject, steps.day, {_sums(STEPS, "steps.times * numbers.")}
    FROM steps JOIN numbers ON numbers.number = steps.number
    GROUP BY 1, 2, 3
), told AS MATERIALIZED (
    SELECT * FROM apart
    UNION ALL
    SELECT apart.profile, blocs.bloc, apart.day, {_sums(STEPS, "apart.")}
    FROM apart JOIN tally_blocs AS blocs ON blocs.subject = apart.subject AND blocs.of_calls
    GROUP BY 1, 2, 3
)"""  # noqa: S608 - names of our own
_LEGS_TOLD = f"""{_SPANS}, apart AS MATERIALIZED (
    SELECT legs.profile, bundles.kind, legs.office AS subject, legs.day,
           coalesce(bundles."key", legs.office) AS "key",
           {_sum("legs.times", "count")},
           {_sum("legs.times * bundles.connected", "connected")}
    FROM legs JOIN bundles ON bundles.bundle = legs.bundle AND bundles.kind <> {Kind.POSITION:d}
    GROUP BY 1, 2, 3, 4, 5
), told AS MATERIALIZED (
    SELECT * FROM apart WHERE kind <> {Kind.SIGNALS:d}
    UNION ALL
    SELECT apart.profile, kind, blocs.bloc, apart.day, "key", {_sums(("count", "connected"))}
    FROM apart JOIN tally_blocs AS blocs ON blocs.subject = apart.subject
    WHERE NOT blocs.of_calls AND kind NOT IN ({Kind.SIGNALS:d}, {Kind.OFFICE:d})
    GROUP BY 1, 2, 3, 4, 5
)"""  # noqa: S608 - names of our own


_LOCKED = Ready(select(func.pg_advisory_xact_lock(bindparam("b_key", type_=BigInteger()))))


def hold(connection: Connection) -> None:
    """Let nobody else add to the tallies until this transaction is over."""
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        _LOCKED.rows(connection, {"b_key": _LOCK})


def write(connection: Connection, stage: Stage) -> None:
    """Add what is staged to the tables."""
    if len(stage.steps) > _MANY:
        make_room(connection)
    if stage.steps:
        steps = {"steps": stage.steps, "numbers": stage.numbers, "spread": stage.spread}
        put(connection, tally_calls, _STEPS, steps, also=_CALLS_TOLD)
        put(connection, tally_parts, _ASKED, steps, also=_CALLS_TOLD)
    if stage.legs:
        legs = {"legs": stage.legs, "bundles": stage.bundles, "spread": stage.spread}
        put(connection, tally_parts, _PARTS, legs, also=_LEGS_TOLD)
        put(connection, tally_positions, _POSITIONS, legs, also=_SPANS)
    put(connection, tally_days, "SELECT * FROM days ORDER BY 1, 2", {"days": stage.days})
    put(connection, tally_ends, "SELECT * FROM ends ORDER BY 1", {"ends": stage.ends})


def put(
    connection: Connection, table: Table, what: str, given: dict[str, Rows], *, also: str = ""
) -> None:
    """Add rows to a table's, in one order for everybody: two writers wait, never in a circle."""
    kind = connection.dialect.name
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.c]
    added = ", ".join(f'"{n}" = {_joined(kind, table.name, n)}' for n in names if n not in keys)
    before = ", ".join(
        [
            *(staged(connection, name, _COLUMNS[name]) for name in given),
            *([also] if also else []),
        ]
    )
    statement = (
        f"WITH {before} INSERT INTO {table.name} ({', '.join(map(_quoted, names))}) {what}"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {added}"
    )
    told = [one for name, rows in given.items() for one in values(connection, _COLUMNS[name], rows)]
    connection.exec_driver_sql(statement, tuple(told))


def _quoted(name: str) -> str:
    return f'"{name}"'


def _joined(kind: str, table: str, name: str) -> str:
    """Return how an old and a new value come together: bounds widen, all else adds up."""
    old, new = f'{table}."{name}"', f'excluded."{name}"'
    return f"{_BOUNDS[name][kind]}({old}, {new})" if name in _BOUNDS else f"{old} + {new}"
