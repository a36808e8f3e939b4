"""Appointments as rows, and the one attempt that each may have open; decides no time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, exists, func, insert, null, select, update
from sqlalchemy.exc import IntegrityError

from callbridge.domain.appointments import Appointment, OneOff, Weekly
from callbridge.domain.call import Ending
from callbridge.domain.records import (
    AppointmentRecord,
    AppointmentTry,
    AttemptKind,
    AttemptState,
)
from callbridge.store.appointment_tables import appointments
from callbridge.store.tables import UNFINISHED, attempts, calls

_S = AttemptState
_KINDS: dict[str, type[OneOff | Weekly]] = {"once": OneOff, "weekly": Weekly}


class Appointments:
    """The appointments of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: AppointmentRecord) -> AppointmentRecord:
        """Insert an appointment and return it with its id."""
        values = {
            name: getattr(record, name)
            for name in (
                *("token", "slug", "opening", "language", "zip", "district", "phone_hash"),
                *("phone_enc", "network", "consent", "consented", "parent", "created"),
            )
        }
        new = self._connection.execute(
            insert(appointments)
            .values(**values, **_packed(record.rule))
            .returning(appointments.c.id)
        ).scalar_one()
        return replace(record, id=int(new))

    def get(self, appointment: int, *, lock: bool = False) -> AppointmentRecord | None:
        """Return an appointment, locked until the transaction ends if asked."""
        return self._one(appointments.c.id == appointment, lock=lock)

    def by_token(self, token: str, *, lock: bool = False) -> AppointmentRecord | None:
        """Return the appointment of a link."""
        if "\0" in token:
            return None
        return self._one(appointments.c.token == token, lock=lock)

    def of_call(self, call: str) -> AppointmentRecord | None:
        """Return the appointment that rang a call."""
        mine = select(attempts.c.appointment).where(attempts.c.call == call)
        return self._one(appointments.c.id.in_(mine))

    def asked_in(self, call: str) -> AppointmentRecord | None:
        """Return the appointment that was agreed on in a call, the last one."""
        rows = self._connection.execute(
            select(appointments).where(appointments.c.parent == call).order_by(appointments.c.id)
        )
        found = [_record(row) for row in rows]
        return found[-1] if found else None

    def open_of(self, hashes: Collection[str]) -> list[AppointmentRecord]:
        """Return the open appointments of a number."""
        rows = self._connection.execute(
            select(appointments)
            .where(appointments.c.phone_hash.in_(hashes), appointments.c.ended.is_(None))
            .order_by(appointments.c.id)
        )
        return [_record(row) for row in rows]

    def asked_from(self, network: str, *, since: datetime) -> int:
        """Count what a network asked for since then."""
        found = self._connection.scalar(
            select(func.count())
            .select_from(appointments)
            .where(appointments.c.network == network, appointments.c.created > since)
        )
        return found or 0

    def change(self, appointment: int, *, rule: Appointment) -> None:
        """Write another rule."""
        self._connection.execute(
            update(appointments)
            .where(appointments.c.id == appointment)
            .values(opening=False, **_packed(rule))
        )

    def end(
        self, appointments_: Sequence[int], *, at: datetime, reason: str, by: str | None = None
    ) -> None:
        """Ring no more for these; what was planned is suppressed."""
        self._connection.execute(
            update(appointments)
            .where(appointments.c.id.in_(appointments_), appointments.c.ended.is_(None))
            .values(ended=at, reason=reason, ended_by=by)
        )
        for appointment in appointments_:
            self.unplan(appointment, reason=reason)

    def revive(self, call: str) -> None:
        """Open again what the opt-out of this very call ended."""
        self._connection.execute(
            update(appointments)
            .where(appointments.c.ended_by == call, appointments.c.phone_enc.is_not(None))
            .values(ended=null(), reason=null(), ended_by=null(), planned=null())
        )

    def idle(self, *, most: int) -> list[int]:
        """Return open appointments for which nothing is planned and nothing rings."""
        rows = self._connection.scalars(
            select(appointments.c.id)
            .where(appointments.c.ended.is_(None), ~_attempt_open())
            .order_by(appointments.c.id)
            .limit(most)
        )
        return list(rows)

    def is_idle(self, appointment: int) -> bool:
        """Tell whether nothing is planned and nothing rings for an appointment."""
        found = self._connection.scalar(
            select(appointments.c.id).where(appointments.c.id == appointment, ~_attempt_open())
        )
        return found is not None

    def last_try(self, appointment: int) -> AppointmentTry | None:
        """Return what became of the attempt that was over last."""
        row = self._connection.execute(
            select(attempts.c.state, calls.c.consented, calls.c.ending)
            .select_from(attempts.outerjoin(calls, calls.c.id == attempts.c.call))
            .where(attempts.c.appointment == appointment)
            .order_by(attempts.c.id.desc())
            .limit(1)
        ).one_or_none()
        if row is None:
            return None
        keyed = row.consented is not None or row.ending == Ending.RING_BACK.value
        return AppointmentTry(state=AttemptState(row.state), keyed=keyed)

    def plan(
        self, record: AppointmentRecord, *, due: datetime, run_at: datetime, missed: int
    ) -> bool:
        """Plan one occurrence and note that it is; False when one is open already.

        One statement after the other in one transaction: an occurrence that is noted is planned,
        and one that is planned is noted. The unique index lets no second attempt be open.
        """
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    insert(attempts).values(
                        appointment=record.id,
                        phone_hash=record.phone_hash or "",
                        kind=AttemptKind.APPOINTMENT.value,
                        state=_S.PLANNED.value,
                        run_at=run_at,
                    )
                )
        except IntegrityError:
            return False
        self._connection.execute(
            update(appointments)
            .where(appointments.c.id == record.id)
            .values(planned=due, missed=missed)
        )
        return True

    def unplan(self, appointment: int, *, reason: str) -> bool:
        """Suppress what is planned and not yet claimed; tell whether there was such."""
        done = self._connection.execute(
            update(attempts)
            .where(
                attempts.c.appointment == appointment,
                attempts.c.state == _S.PLANNED.value,
            )
            .values(state=_S.SUPPRESSED.value, reason=reason)
        )
        if done.rowcount:
            self._connection.execute(
                update(appointments).where(appointments.c.id == appointment).values(planned=null())
            )
        return bool(done.rowcount)

    def begun(self, attempt: int, *, call: str) -> None:
        """Give an attempt that is committed as dialing the call that it rings."""
        self._connection.execute(update(attempts).where(attempts.c.id == attempt).values(call=call))

    def forget(self, hashes: Collection[str]) -> None:
        """Forget a person now: what is open must have ended before."""
        self._connection.execute(
            update(appointments)
            .where(appointments.c.phone_hash.in_(hashes))
            .values(
                phone_enc=null(), phone_hash=null(), network=null(), zip=null(), district=null()
            )
        )

    def erase(self, *, numbers: datetime, hashes: datetime, zips: datetime) -> int:
        """Forget numbers, hashes and ZIPs of what ended before these times."""
        table = appointments.c
        forgotten = 0
        for before, values in (
            (numbers, {"phone_enc": null()}),
            (hashes, {"phone_hash": null(), "network": null()}),
            (zips, {"zip": null(), "district": null()}),
        ):
            filled = [table[name].is_not(None) for name in values]
            done = self._connection.execute(
                update(appointments)
                .where(
                    table.ended < before, filled[0] if len(filled) == 1 else filled[0] | filled[1]
                )
                .values(values)
            )
            forgotten += done.rowcount
        return forgotten

    def _one(self, *where: ColumnElement[bool], lock: bool = False) -> AppointmentRecord | None:
        statement = select(appointments).where(*where)
        row = self._connection.execute(
            statement.with_for_update() if lock else statement
        ).one_or_none()
        return None if row is None else _record(row)


def _attempt_open() -> ColumnElement[bool]:
    return exists().where(attempts.c.appointment == appointments.c.id, UNFINISHED)


def _packed(rule: Appointment) -> dict[str, str]:
    kind = next(kind for kind, value in _KINDS.items() if isinstance(rule, value))
    return {"kind": kind, "rule": msgspec.json.encode(rule).decode()}


def _record(row: Any) -> AppointmentRecord:
    return AppointmentRecord(
        id=row.id,
        token=row.token,
        slug=row.slug,
        rule=msgspec.json.decode(row.rule, type=_KINDS[row.kind]),
        opening=row.opening,
        language=row.language,
        zip=row.zip,
        district=row.district,
        phone_hash=row.phone_hash,
        phone_enc=row.phone_enc,
        network=row.network,
        consent=row.consent,
        consented=row.consented,
        parent=row.parent,
        created=row.created,
        planned=row.planned,
        missed=row.missed,
        ended=row.ended,
        reason=row.reason,
    )
