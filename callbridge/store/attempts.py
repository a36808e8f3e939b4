"""Attempts as rows: claimed by lease and fence, so that nobody is rung twice; places no call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Update, bindparam, func, insert, null, or_, select, update
from sqlalchemy.exc import IntegrityError

from callbridge.domain.drives import TOO_MANY
from callbridge.domain.records import AttemptKind, AttemptRecord, AttemptState
from callbridge.store.epoch import epoch_now
from callbridge.store.installation import may_ring
from callbridge.store.ready import Ready, among
from callbridge.store.tables import MOVING, WAITING, Utc, attempts

_S = AttemptState
_FIELDS = (
    attempts.c.id,
    attempts.c.call,
    attempts.c.phone_hash,
    attempts.c.kind,
    attempts.c.state,
    attempts.c.run_at,
    attempts.c.dialing_at,
    attempts.c.checks,
    attempts.c.fence,
    attempts.c.tries,
    attempts.c.appointment,
)

_MAY_HAVE_RUNG = [_S.DIALING.value, _S.UNKNOWN.value]
_NOT_OVER = [_S.PLANNED.value, _S.CLAIMED.value, *_MAY_HAVE_RUNG, _S.PLACED.value]
# Built once: these run in hooks, or several times a second.
_COUNT_WAITING = Ready(
    select(func.count().label("many"))
    .select_from(attempts)
    .where(WAITING, attempts.c.run_at <= bindparam("b_now", type_=Utc()), may_ring())
)
_FREE_EXPIRED = Ready(
    update(attempts)
    .where(MOVING, attempts.c.state == _S.CLAIMED.value, attempts.c.lease_until <= epoch_now())
    .values(state=_S.PLANNED.value, owner=null(), lease_until=null(), office=null())
)
_PLACED = Ready(
    update(attempts)
    .where(attempts.c.call == bindparam("b_call"), among(attempts.c.state, "b_states"))
    .values(state=_S.PLACED.value)
)
_OVER = Ready(
    update(attempts)
    .where(attempts.c.call == bindparam("b_call"), among(attempts.c.state, "b_states"))
    .values(state=bindparam("state"), reason=bindparam("reason"))
)


class Attempts:
    """The attempts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(
        self,
        call: str,
        phone_hash: str,
        *,
        run_at: datetime,
        kind: AttemptKind = AttemptKind.NOW,
        dialing_at: datetime | None = None,
        drive: str | None = None,
    ) -> int | None:
        """Insert an attempt, as `dialing` when the request follows at once.

        `drive` is the one that began the line with which this goes on.
        Returns None when the number has one in flight (the unique index says so).
        """
        state = _S.PLANNED if dialing_at is None else _S.DIALING
        try:
            with self._connection.begin_nested():
                done = self._connection.execute(
                    insert(attempts).values(
                        call=call,
                        phone_hash=phone_hash,
                        kind=kind.value,
                        state=state.value,
                        run_at=run_at,
                        dialing_at=dialing_at,
                        tries=0 if dialing_at is None else 1,
                        drive=drive,
                    )
                )
        except IntegrityError:
            return None
        key = done.inserted_primary_key
        return None if key is None else int(key[0])

    def drive_of(self, call: str) -> str | None:
        """Return the drive that began a call's line, None where none did."""
        found = select(func.min(attempts.c.drive)).where(attempts.c.call == call)
        drive: str | None = self._connection.scalar(found)
        return drive

    def waiting(self, now: datetime) -> int:
        """Count the attempts that are due and wait for a slot of the pace."""
        row = _COUNT_WAITING.one(self._connection, {"b_now": now})
        return int(row.many) if row else 0

    def claim(self, owner: str, *, now: datetime, lease_seconds: float) -> AttemptRecord | None:
        """Take the attempt that has been due longest, for `lease_seconds` of the database's clock.

        On PostgreSQL rows that others hold are skipped; on SQLite the writer's lock serialises.
        """
        due = (
            select(attempts.c.id)
            .where(WAITING, attempts.c.run_at <= now, may_ring())
            .order_by(attempts.c.run_at, attempts.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        key = self._connection.scalar(due)
        if key is None:
            return None
        try:
            with self._connection.begin_nested():
                row = self._connection.execute(
                    update(attempts)
                    .where(attempts.c.id == key, attempts.c.state == _S.PLANNED.value)
                    .values(
                        state=_S.CLAIMED.value,
                        owner=owner,
                        fence=attempts.c.fence + 1,
                        lease_until=epoch_now() + lease_seconds,
                    )
                    .returning(*_FIELDS)
                ).one_or_none()
        except IntegrityError:
            # A ring-back whose number is in a call again: it waits for that one's end.
            self.postpone(key, now + timedelta(seconds=30))
            return None
        return None if row is None else _record(row)

    def postpone(self, attempt: int, run_at: datetime) -> None:
        """Move a planned attempt."""
        self._connection.execute(
            update(attempts)
            .where(attempts.c.id == attempt, attempts.c.state == _S.PLANNED.value)
            .values(run_at=run_at)
        )

    def give_back(self, attempt: int, fence: int, *, run_at: datetime | None = None) -> bool:
        """Return a claimed attempt to `planned`."""
        values: dict[str, Any] = {"state": _S.PLANNED.value, "owner": null(), "lease_until": null()}
        if run_at is not None:
            values["run_at"] = run_at
        return self._change(
            self._held(attempt, fence, _S.CLAIMED).values(values),
        )

    def dialing(self, attempt: int, fence: int, *, at: datetime) -> bool:
        """Commit to the request; False when the lease ran out or somebody else holds it."""
        return self._change(
            self._held(attempt, fence, _S.CLAIMED)
            .where(attempts.c.lease_until > epoch_now(), may_ring())
            .values(state=_S.DIALING.value, dialing_at=at, tries=attempts.c.tries + 1)
        )

    def not_processed(self, attempt: int, *, run_at: datetime) -> bool:
        """Close what the carrier certainly did not process (429) and plan its call anew.

        Nothing past `claimed` is ever planned again: this attempt failed, another one waits.
        """
        row = self._connection.execute(
            update(attempts)
            .where(attempts.c.id == attempt, attempts.c.state == _S.DIALING.value)
            .values(state=_S.FAILED.value, reason=TOO_MANY, held=null())
            .returning(
                attempts.c.call,
                attempts.c.phone_hash,
                attempts.c.kind,
                attempts.c.tries,
                attempts.c.appointment,
            )
        ).one_or_none()
        if row is None:
            return False
        self._connection.execute(
            insert(attempts).values(**row._mapping, state=_S.PLANNED.value, run_at=run_at)
        )
        return True

    def finish(self, attempt: int, state: AttemptState, *, reason: str | None = None) -> bool:
        """Write where an open attempt ended up; final states stay."""
        return self._change(
            update(attempts)
            .where(
                attempts.c.id == attempt,
                attempts.c.state.in_(
                    [_S.PLANNED.value, _S.CLAIMED.value, _S.DIALING.value, _S.UNKNOWN.value]
                ),
            )
            .values(state=state.value, reason=reason)
        )

    def placed(self, call: str) -> None:
        """Note that a call's attempt certainly rang: its sid is known."""
        _PLACED.run(self._connection, {"b_call": call, "b_states": _MAY_HAVE_RUNG})

    def over(self, call: str, state: AttemptState, *, reason: str | None = None) -> None:
        """Close every open attempt of a call that is over, so that its number is free again."""
        _OVER.run(
            self._connection,
            {"b_call": call, "b_states": _NOT_OVER, "state": state.value, "reason": reason},
        )

    def free_expired_leases(self) -> int:
        """Give back what a dead dialer had claimed and not yet dialled."""
        return _FREE_EXPIRED.run(self._connection, {})

    def unsettled(self, *, before: datetime, due: Sequence[datetime]) -> list[AttemptRecord]:
        """Return attempts that may have rung: unknown, or dialing since before `before`.

        Only those about which it is time to ask: who was asked about `n` times must have been
        dialled before `due[n]`.
        """
        dialled = func.coalesce(attempts.c.dialing_at, attempts.c.run_at)
        its_time = [
            (attempts.c.checks == asked) & (dialled <= moment) for asked, moment in enumerate(due)
        ]
        rows = self._connection.execute(
            select(*_FIELDS)
            .where(
                MOVING,
                or_(
                    attempts.c.state == _S.UNKNOWN.value,
                    (attempts.c.state == _S.DIALING.value) & (attempts.c.dialing_at <= before),
                ),
                or_(attempts.c.checks >= len(due), *its_time),
            )
            .order_by(attempts.c.dialing_at)
            .limit(100)
        )
        return [_record(row) for row in rows]

    def checked(self, attempt: int, checks: int) -> None:
        """Note that the carrier was asked once more."""
        self._connection.execute(
            update(attempts)
            .where(
                attempts.c.id == attempt,
                attempts.c.state.in_([_S.DIALING.value, _S.UNKNOWN.value]),
            )
            .values(checks=checks, state=_S.UNKNOWN.value)
        )

    def of_call(self, call: str) -> list[AttemptRecord]:
        """Return a call's attempts in order."""
        rows = self._connection.execute(
            select(*_FIELDS).where(attempts.c.call == call).order_by(attempts.c.id)
        )
        return [_record(row) for row in rows]

    def count(self, state: AttemptState) -> int:
        """Count the attempts in a state."""
        found = self._connection.scalar(
            select(func.count()).select_from(attempts).where(attempts.c.state == state.value)
        )
        return found or 0

    def ring_back_planned(self, hashes: tuple[str, ...]) -> bool:
        """Tell whether a ring-back to this number already waits."""
        found = self._connection.scalar(
            select(func.count())
            .select_from(attempts)
            .where(
                WAITING,
                attempts.c.phone_hash.in_(hashes),
                attempts.c.kind == AttemptKind.RING_BACK.value,
            )
        )
        return bool(found)

    def erase_hashes(self, *, before: datetime) -> int:
        """Forget the hashes of attempts that ended long ago."""
        done = self._connection.execute(
            update(attempts)
            .where(
                attempts.c.run_at < before,
                attempts.c.phone_hash != "",
                attempts.c.state.in_(
                    [_S.DONE.value, _S.FAILED.value, _S.SUPPRESSED.value, _S.EXPIRED.value]
                ),
            )
            .values(phone_hash="")
        )
        return done.rowcount

    def _held(self, attempt: int, fence: int, state: AttemptState) -> Update:
        return update(attempts).where(
            attempts.c.id == attempt,
            attempts.c.fence == fence,
            attempts.c.state == state.value,
        )

    def _change(self, statement: Update) -> bool:
        return self._connection.execute(statement).rowcount == 1


def _record(row: Any) -> AttemptRecord:
    return AttemptRecord(
        id=row.id,
        call=row.call or "",
        phone_hash=row.phone_hash,
        kind=AttemptKind(row.kind),
        state=AttemptState(row.state),
        run_at=row.run_at,
        dialing_at=row.dialing_at,
        checks=row.checks,
        fence=row.fence,
        tries=row.tries,
        appointment=row.appointment,
    )
