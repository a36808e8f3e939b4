"""Writes generated rows several times over, and counts each as often; makes up nothing.

A copy of a call is at the same place in time, a tenth of a second later, by another supporter.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from benchmarks.world import COLUMNS
from callbridge.store.tallying import Tallying

MOST = 10
# How a copy's rows differ: names begin with the copy's digit, numbers end in it, times lag by it.
_NAMES = {"id", "token", "call", "sid", "phone_hash"}
_TIMES = {
    "created",
    "consented",
    "heard",
    "answered",
    "ended",
    "started",
    "at",
    "run_at",
    "over_at",
    "consent_at",
}
_NUMBERS = {"facts": {"id"}, "answers": {"id"}, "contacts": {"id"}, "attempts": {"id", "contact"}}


def staging(table: str) -> str:
    """Return a statement that makes the place where a table's rows wait for their copies."""
    columns = ", ".join(f'"{name}"' for name in COLUMNS[table].split())
    return f"CREATE TEMPORARY TABLE IF NOT EXISTS first_{table} AS SELECT {columns} FROM {table} LIMIT 0"  # noqa: E501


def copied(connection: Connection, table: str, copies: int) -> str:
    """Return a statement that writes the waiting rows to their table, each several times."""
    names = COLUMNS[table].split()
    columns = ", ".join(f'"{name}"' for name in names)
    each = ", ".join(_changed(connection.dialect.name, table, name, copies) for name in names)
    digits = ", ".join(f"({copy})" for copy in range(copies))
    return (
        f"WITH copies (k) AS (VALUES {digits}) INSERT INTO {table} ({columns})"
        f" SELECT {each} FROM first_{table} CROSS JOIN copies"
    )


def _changed(kind: str, table: str, name: str, copies: int) -> str:
    if name in _NUMBERS.get(table, ()):
        return f'"{name}" * {copies} + k'
    if name == "sid":
        return "'CA' || CAST(k AS varchar) || substr(sid, 4)"
    if name in _NAMES:
        return f'CAST(k AS varchar) || substr("{name}", 2)'
    if name in _TIMES:
        later = "substr({0}, 1, 20) || k || substr({0}, 22)"
        lag = later if kind == "sqlite" else "{0} + k * interval '100 ms'"
        return lag.format(f'"{name}"')
    return f'"{name}"'


def only_first(connection: Connection) -> None:
    """Let the first copy of each call wait to be entered in the tallies, and no other."""
    connection.execute(text("DELETE FROM untallied WHERE substr(call, 1, 1) <> '0'"))


class Alike(Tallying):
    """Enters a call as often as it has copies: all that is counted of them is the same."""

    def __init__(self, connection: Connection, copies: int) -> None:
        super().__init__(connection)
        self._copies = copies

    def _add(self, ids: Sequence[str], *, sign: int) -> set[str]:
        return super()._add(ids, sign=sign * self._copies)


def up_to_last(connection: Connection, copies: int) -> None:
    """Let the bounds of a day's answers hold those of all copies: their numbers lie together."""
    connection.execute(text(f"UPDATE tally_days SET high = high + {copies - 1} WHERE high > 0"))
