"""The shared pace of creates: one row, one statement (GCRA), the database's own clock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, bindparam, case, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.drives import PaceState
from callbridge.domain.throttle import Throttle, recovered, struck
from callbridge.store.epoch import epoch_now, later_of
from callbridge.store.ready import Ready
from callbridge.store.tables import pace

_FULL: ColumnElement[float] = bindparam("b_rate", type_=Float())
_LEAST: ColumnElement[float] = case((pace.c.rate < _FULL, pace.c.rate), else_=_FULL)
_APART: ColumnElement[Any] = 1.0 / _LEAST
_CLOCK: ColumnElement[float] = bindparam("b_clock", type_=Float())
_TAKE = Ready(
    update(pace)
    .where(
        pace.c.id == 1,
        pace.c.next_free <= epoch_now() + bindparam("b_patience", type_=Float()),
        pace.c.closed_until <= epoch_now(),
    )
    .values(
        next_free=later_of(pace.c.next_free) + _APART,
        clock=case((pace.c.clock > _CLOCK, pace.c.clock), else_=_CLOCK),
    )
    .returning((pace.c.next_free - _APART - epoch_now()).label("wait"))
)
_ROW = select(pace, epoch_now().label("now")).where(pace.c.id == 1)
_STATE, _LOCKED = Ready(_ROW), Ready(_ROW.with_for_update())


class Pace:
    """The pace in one transaction. `next_free` is when the next slot opens."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, per_second: float) -> bool:
        """Take a slot; False when none is free now.

        No burst: a carrier queues what exceeds its rate, and a queued call may ring hours later.
        """
        return self.reserve(per_second, patience=0.0) is not None

    def reserve(self, per_second: float, *, patience: float, clock: float = 0.0) -> float | None:
        """Take the next slot; return the seconds until it opens, None past `patience` of them.

        So work that takes a while is done before the slot opens and does not make the pace
        slower. `clock` is the drives' virtual time with this start; it never goes back.
        """
        values = {"b_rate": per_second, "b_clock": clock, "b_patience": patience}
        row = _TAKE.one(self._connection, values)
        if row is None and self._ensure():
            row = _TAKE.one(self._connection, values)
        return None if row is None else max(0.0, float(row.wait))

    def wait(self) -> float:
        """Return the seconds until the next slot opens; 0 when one is free."""
        state = self.state(1.0)
        return max(0.0, state.next_free - state.now)

    def state(self, per_second: float) -> PaceState:
        """Return how the pace stands under the rate that is set."""
        row = self._row()
        if row is None:
            now = float(self._connection.scalar(select(epoch_now())) or 0.0)
            return PaceState(now=now, next_free=0.0, rate=per_second, clock=0.0)
        return PaceState(
            now=row.now,
            next_free=max(row.next_free, row.closed_until),
            rate=min(per_second, row.rate or per_second),
            clock=row.clock,
        )

    def strike(self, per_second: float, *, chance: float) -> float:
        """Slow down: the carrier said it has too much. Returns the seconds to wait."""
        self._ensure()
        row = self._row(lock=True)
        if row is None:
            raise LookupError("the pace has no row")
        slower = struck(_throttle(row, per_second), now=row.now, chance=chance)
        self._keep(slower)
        return max(0.0, slower.closed_until - float(row.now))

    def recover(self, per_second: float) -> None:
        """Give back a part of the rate for every quiet while since the last refusal."""
        row = self._row()
        if row is None or row.rate is None:
            return
        row = self._row(lock=True)
        if row is not None and row.rate is not None:
            self._keep(recovered(_throttle(row, per_second), now=row.now))

    def _row(self, *, lock: bool = False) -> Any:
        return (_LOCKED if lock else _STATE).one(self._connection, {})

    def _keep(self, throttle: Throttle) -> None:
        full = throttle.rate >= throttle.ceiling
        self._connection.execute(
            update(pace)
            .where(pace.c.id == 1)
            .values(
                rate=null() if full else throttle.rate,
                strikes=throttle.strikes,
                closed_until=throttle.closed_until,
                changed=throttle.changed,
            )
        )

    def _ensure(self) -> bool:
        """Make the row where there is none; tell whether it is new."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        new = self._connection.scalar(
            dialect.insert(pace)
            .on_conflict_do_nothing()
            .values(id=1, next_free=0.0)
            .returning(pace.c.id)
        )
        return new is not None


def _throttle(row: Any, per_second: float) -> Throttle:
    return Throttle(
        rate=min(per_second, row.rate or per_second),
        ceiling=per_second,
        strikes=row.strikes,
        closed_until=row.closed_until,
        changed=row.changed,
    )
