"""Keeps how many attempts came to each end, by blocks of their numbers; knows no drive.

An attempt that is over never changes its state again, and none is ever taken away. So a block in
which all are over is counted once; those in which some wait or ring are counted from their rows.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.records import AttemptState
from callbridge.domain.vitals import Tide
from callbridge.store.tables import attempts
from callbridge.store.tally_tables import tally_attempts

BLOCK = 10_000
_OVER = {
    AttemptState.DONE,
    AttemptState.FAILED,
    AttemptState.SUPPRESSED,
    AttemptState.EXPIRED,
}
_T = tally_attempts.c
# Numbers of transactions on PostgreSQL: the next one, and the oldest that is not over.
_NEXT = text("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)")
_OLDEST = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")


class Tried:
    """The attempts of one transaction by their states; `block` is how many numbers a block has."""

    def __init__(self, connection: Connection, *, block: int = BLOCK) -> None:
        self._connection = connection
        self._block = block

    def counts(self) -> dict[str, int]:
        """Count all attempts by state; within one moment this is exact."""
        found: Counter[str] = Counter()
        for state, count in self._connection.execute(
            select(_T.state, func.sum(_T.count)).group_by(_T.state)
        ):
            found[state] += int(count)
        rows = select(attempts.c.state, func.count()).where(self._open()).group_by(attempts.c.state)
        for state, count in self._connection.execute(rows):
            found[state] += count
        return dict(found)

    def tide(self) -> Tide:
        """Return up to which number attempts were given one by now, and who might still do so."""
        writers = self._connection.scalar(_NEXT) if self._many_write else None
        last = self._connection.scalar(select(func.max(attempts.c.id)))
        return Tide(last=last or 0, writers=writers)

    def close(self, tide: Tide) -> int | None:
        """Count the blocks below an earlier tide in which all are over; return how many.

        None while somebody who was writing then still is: rows of theirs cannot be seen yet.
        """
        if tide.writers is not None:
            oldest = self._connection.scalar(_OLDEST)
            if oldest is None or oldest < tide.writers:
                return None
        # The ids of the last block are not all given out.
        edge = tide.last // self._block * self._block
        number = attempts.c.id // self._block
        rows = self._connection.execute(
            select(number.label("block"), attempts.c.state, func.count().label("count"))
            .where(self._open(), attempts.c.id < edge)
            .group_by(number, attempts.c.state)
        ).all()
        waiting = {row.block for row in rows if row.state not in _OVER}
        done = [row._asdict() for row in rows if row.block not in waiting]
        if done:
            dialect = postgresql if self._many_write else sqlite
            statement: Any = dialect.insert(tally_attempts)
            self._connection.execute(statement.on_conflict_do_nothing(), done)
        return len({row["block"] for row in done})

    def forget(self) -> None:
        """Count every block from its rows, until it is counted anew."""
        self._connection.execute(delete(tally_attempts))

    @property
    def _many_write(self) -> bool:
        return self._connection.dialect.name == "postgresql"

    def _open(self) -> ColumnElement[bool]:
        """Return that an attempt is in no block that is counted."""
        closed = self._connection.scalars(select(_T.block).distinct().order_by(_T.block))
        edges = [-1, *closed]
        between = [
            attempts.c.id.between((one + 1) * self._block, other * self._block - 1)
            for one, other in pairwise(edges)
            if other > one + 1
        ]
        return or_(*between, attempts.c.id >= (edges[-1] + 1) * self._block)
