"""The shared pace of creates: one row, one statement (GCRA), the database's own clock."""

from __future__ import annotations

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.store.tables import epoch_now, pace


class Pace:
    """The pace in one transaction. `next_free` is when the next slot opens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, per_second: float) -> bool:
        """Take a slot; False when none is free now.

        No burst: a carrier queues what exceeds its rate, and a queued call may ring hours later.
        """
        self._ensure()
        done = self._connection.execute(
            update(pace)
            .where(pace.c.id == 1, pace.c.next_free <= epoch_now())
            .values(next_free=epoch_now() + 1.0 / per_second)
        )
        return done.rowcount == 1

    def wait(self) -> float:
        """Return the seconds until the next slot opens; 0 when one is free."""
        left = self._connection.scalar(select(pace.c.next_free - epoch_now()).where(pace.c.id == 1))
        return max(0.0, left or 0.0)

    def slow_down(self, seconds: float) -> None:
        """Open no slot for `seconds`: the carrier said it has too much."""
        self._ensure()
        later = epoch_now() + seconds
        self._connection.execute(
            update(pace)
            .where(pace.c.id == 1)
            .values(next_free=case((pace.c.next_free > later, pace.c.next_free), else_=later))
        )

    def _ensure(self) -> None:
        if self._connection.scalar(select(pace.c.id)) is None:
            dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
            self._connection.execute(
                dialect.insert(pace).on_conflict_do_nothing().values(id=1, next_free=0.0)
            )
