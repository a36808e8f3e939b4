"""A drive's attempt taken, kept and given back by lease and fence, straight to the driver.

Every dial runs these; it knows no plan and no rule of whom to ring.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, Float, bindparam, exists, func, null, select, text
from sqlalchemy import update as update_
from sqlalchemy.exc import IntegrityError

from callbridge.domain.drives import Claimed
from callbridge.domain.records import AttemptState
from callbridge.store.contacts import Contacts
from callbridge.store.epoch import epoch_now
from callbridge.store.installation import may_ring
from callbridge.store.ready import Ready, known_moment
from callbridge.store.tables import DUE, MOVING, Utc, attempts, legs

_S = AttemptState
_BUSY = timedelta(minutes=1)
_ID = bindparam("b_id", type_=BigInteger())

_FREE = (
    select(attempts.c.id)
    .where(attempts.c.id == _ID, DUE, attempts.c.run_at <= bindparam("b_now", type_=Utc()))
    .where(may_ring())
    .with_for_update(skip_locked=True)
    .correlate(None)
)
_CLAIM = Ready(
    update_(attempts)
    # One value, not a list: PostgreSQL would read every planned attempt for a list.
    .where(attempts.c.id == _FREE.scalar_subquery(), attempts.c.state == _S.PLANNED.value)
    .values(
        state=_S.CLAIMED.value,
        owner=bindparam("b_owner"),
        office=bindparam("b_office"),
        fence=attempts.c.fence + 1,
        lease_until=epoch_now() + bindparam("b_lease", type_=Float()),
    )
    .returning(
        attempts.c.fence,
        attempts.c.drive,
        attempts.c.bucket,
        attempts.c.contact,
        attempts.c.run_at,
    )
)
_SAVEPOINT = Ready(text("SAVEPOINT claim"))
_UNDO = Ready(text("ROLLBACK TO SAVEPOINT claim"))

_MINE = (
    attempts.c.id == _ID,
    attempts.c.fence == bindparam("b_fence"),
    attempts.c.state == _S.CLAIMED.value,
)
_HOLDS = Ready(
    select(attempts.c.id)
    .where(*_MINE, attempts.c.lease_until > epoch_now(), may_ring())
    .with_for_update()
)
_DIALING = Ready(
    update_(attempts)
    .where(attempts.c.id == _ID, attempts.c.fence == bindparam("b_fence"))
    .values(
        state=_S.DIALING.value,
        call=bindparam("b_call"),
        dialing_at=bindparam("b_at", type_=Utc()),
        tries=attempts.c.tries + 1,
    )
)
_GIVE_BACK = Ready(
    update_(attempts)
    .where(*_MINE)
    .values(
        state=_S.PLANNED.value,
        owner=null(),
        lease_until=null(),
        office=null(),
        run_at=bindparam("b_run_at", type_=Utc()),
    )
)
_POSTPONE = Ready(
    update_(attempts)
    .where(attempts.c.id == _ID, DUE)
    .values(run_at=bindparam("b_run_at", type_=Utc()))
)
_COMING = Ready(
    select(attempts.c.drive, func.count().label("many"))
    .where(
        MOVING,
        attempts.c.office == bindparam("b_office"),
        ~exists().where(legs.c.call == attempts.c.call),
    )
    .group_by(attempts.c.drive)
)


class Claiming:
    """Claims of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(
        self, attempt: int, owner: str, *, now: datetime, lease_seconds: float, office: str | None
    ) -> Claimed | None:
        """Take a planned attempt for a lease of the database's clock; None when it is not free.

        None too when its number has a call in flight by any door: the unique index says so.
        """
        undoing = self._connection.dialect.name == "postgresql"
        if undoing:
            # There a statement that fails takes its transaction with it.
            _SAVEPOINT.run(self._connection, {})
        values = {
            "b_id": attempt,
            "b_now": now,
            "b_owner": owner,
            "b_office": office,
            "b_lease": lease_seconds,
        }
        try:
            row = _CLAIM.one(self._connection, values)
        except IntegrityError:
            # Its number is in a call by another door: this one waits for that one's end.
            if undoing:
                _UNDO.run(self._connection, {})
            self.postpone(attempt, now + _BUSY)
            return None
        if row is None:
            return None
        person = Contacts(self._connection).get(row.contact)
        if person is None:
            raise LookupError("an attempt's person is gone")
        return Claimed(
            attempt=attempt,
            fence=row.fence,
            drive=row.drive,
            bucket=row.bucket,
            person=person,
            office=office,
            run_at=known_moment(row.run_at),
        )

    def holds(self, claimed: Claimed) -> bool:
        """Tell whether a claim still holds, and lock its row: the lease is not over."""
        return _HOLDS.one(self._connection, _mine(claimed)) is not None

    def dialing(self, claimed: Claimed, call: str, *, at: datetime) -> None:
        """Commit to the request of a call; the claim must hold."""
        _DIALING.run(self._connection, _mine(claimed) | {"b_call": call, "b_at": at})

    def give_back(self, claimed: Claimed, *, run_at: datetime | None = None) -> bool:
        """Return a claimed attempt to `planned`: nobody was asked to ring it."""
        values = _mine(claimed) | {"b_run_at": run_at or claimed.run_at}
        return _GIVE_BACK.run(self._connection, values) == 1

    def postpone(self, attempt: int, run_at: datetime) -> None:
        """Move a planned attempt."""
        _POSTPONE.run(self._connection, {"b_id": attempt, "b_run_at": run_at})

    def coming(self, office: str) -> Mapping[str, int]:
        """Count, for each drive, those who are rung for an office and not through yet."""
        rows: list[tuple[str, int]] = _COMING.rows(self._connection, {"b_office": office})
        return dict(rows)


def _mine(claimed: Claimed) -> dict[str, object]:
    return {"b_id": claimed.attempt, "b_fence": claimed.fence}
