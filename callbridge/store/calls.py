"""Calls, their legs, answers and facts as rows; decides nothing about a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.call import Call, Door
from callbridge.domain.records import CallRecord
from callbridge.store.kept import Kept
from callbridge.store.packing import pack_call, pack_targets, unpack_call
from callbridge.store.ready import Ready, known_moment, moment
from callbridge.store.tables import calls, legs
from callbridge.store.tally_tables import untallied

_BY_TOKEN = select(calls).where(calls.c.token == bindparam("key"))
_BY_ID = select(calls).where(calls.c.id == bindparam("key"))
_BY_SID = select(calls).where(calls.c.sid == bindparam("key"))
_LOCKING = {
    "token": Ready(_BY_TOKEN.with_for_update()),
    "id": Ready(_BY_ID.with_for_update()),
    "sid": Ready(_BY_SID.with_for_update()),
}
_PLAIN = {"token": Ready(_BY_TOKEN), "id": Ready(_BY_ID), "sid": Ready(_BY_SID)}

_SAVE = Ready(
    update(calls).where(calls.c.id == bindparam("b_id"), calls.c.step == bindparam("b_step"))
)
_WAIT = Ready(insert(untallied).inline())
_BINDING = (
    update(calls)
    .where(calls.c.id == bindparam("b_id"), calls.c.sid.is_(None))
    .values(sid=bindparam("sid"))
)
_BIND = Ready(_BINDING)
_BIND_LIVE = Ready(_BINDING.where(calls.c.ended.is_(None)))
_SID = Ready(select(calls.c.sid).where(calls.c.id == bindparam("b_id")))


def _adding(dialect: Any) -> Ready:
    return Ready(dialect.insert(calls).on_conflict_do_nothing(index_elements=["sid"]).inline())


_ADD = {"sqlite": _adding(sqlite), "postgresql": _adding(postgresql)}


class Calls(Kept):
    """The calls of one transaction."""

    def by_token(self, token: str, *, lock: bool = True) -> CallRecord | None:
        """Return the call whose hooks carry `token`, locked until the transaction ends."""
        return self._one("token", token, lock=lock)

    def by_id(self, call: str, *, lock: bool = False) -> CallRecord | None:
        """Return a call by its public id."""
        return self._one("id", call, lock=lock)

    def by_sid(self, sid: str, *, lock: bool = True) -> CallRecord | None:
        """Return the call whose supporter's leg has this sid."""
        return self._one("sid", sid, lock=lock)

    def next_on_line(self, call: str, phone_hash: str) -> str | None:
        """Return the conversation of a shift that went on with a call's line."""
        found = select(calls.c.id).where(
            calls.c.phone_hash == phone_hash,
            calls.c.parent == call,
            calls.c.door == Door.SHIFT.value,
        )
        return self._connection.scalar(found)

    def _one(self, column: str, key: str, *, lock: bool) -> CallRecord | None:
        if "\0" in key:  # PostgreSQL cannot even be asked for such a text
            return None
        statement = (_LOCKING if lock else _PLAIN)[column]
        row = statement.one(self._connection, {"key": key})
        if row is None:
            return None
        if (
            lock and row.ended is None
        ):  # only calls that are over are entered, and by who locks them
            self._untallied.add(row.id)
        return record_of(row)

    def add(self, record: CallRecord) -> bool:
        """Insert a call; False when its sid is already bound to another one."""
        values = _columns(record) | {
            "id": record.id,
            "token": record.token,
            "created": record.created,
            "from_number": record.from_,
            "network": record.network,
            "referral": record.referral,
            "consent": record.consent,
            "parent": record.parent,
            "targets": pack_targets(record.call.targets),
            "phone_hash": record.phone_hash,
            "phone_enc": record.phone_enc,
            "door": record.call.door.value,
            "language": record.call.language,
        }
        new = _ADD[self._connection.dialect.name].run(self._connection, values) == 1
        if new:
            self._untallied.add(record.id)
            _WAIT.run(self._connection, {"call": record.id, "created": record.created})
        return new

    def save(self, record: CallRecord, *, step: int, targets_changed: bool) -> bool:
        """Write a call that stands at `step`; False when it has moved on in the meantime."""
        self.touch(record.id)
        values = _columns(record)
        if targets_changed:
            values["targets"] = pack_targets(record.call.targets)
        return _SAVE.run(self._connection, values | {"b_id": record.id, "b_step": step}) == 1

    def bind(self, call: str, sid: str) -> bool:
        """Bind the carrier's sid to a call that has none; True when it stands bound to it."""
        values = {"b_id": call, "sid": sid}
        # Of a call that is not over there is nothing in the tallies to take out.
        if _BIND_LIVE.run(self._connection, values) == 1:
            return True
        row = _SID.one(self._connection, {"b_id": call})
        if row is None or row.sid is not None:
            return row is not None and row.sid == sid
        self.touch(call)
        return _BIND.run(self._connection, values) == 1

    def heard(self, call: str, at: datetime) -> None:
        """Note that the carrier told us something."""
        self._connection.execute(update(calls).where(calls.c.id == call).values(heard=at))

    def bound(self, sids: Sequence[str]) -> frozenset[str]:
        """Return those of `sids` that some call or leg already has."""
        ours = select(calls.c.sid).where(calls.c.sid.in_(sids))
        offices = select(legs.c.sid).where(legs.c.sid.in_(sids))
        found = self._connection.scalars(ours.union(offices))
        return frozenset(sid for sid in found if sid is not None)

    def silent(self, *, placing: datetime, others: datetime, most: int = 50) -> list[CallRecord]:
        """Return live calls with a sid and no news since: ringing ones, and all others."""
        rows = self._connection.execute(
            select(calls)
            .where(
                calls.c.ended.is_(None),
                calls.c.sid.is_not(None),
                or_(
                    and_(calls.c.stage == "placing", calls.c.heard < placing),
                    calls.c.heard < others,
                ),
            )
            .order_by(calls.c.heard)
            .limit(most)
        )
        return [record_of(row) for row in rows]

    def erase_numbers(self, *, ended_before: datetime) -> int:
        """Forget the encrypted numbers of calls that are long over."""
        done = self._connection.execute(
            update(calls)
            .where(calls.c.phone_enc.is_not(None), calls.c.ended < ended_before)
            .values(phone_enc=null())
        )
        return done.rowcount

    def erase_hashes(self, *, ended_before: datetime) -> int:
        """Forget the keyed hashes (number and network) of calls that are long over."""
        done = self._connection.execute(
            update(calls)
            .where(
                calls.c.ended < ended_before,
                or_(calls.c.phone_hash.is_not(None), calls.c.network.is_not(None)),
            )
            .values(phone_hash=null(), network=null())
        )
        return done.rowcount

    def with_zip(self, *, ended_before: datetime, most: int = 500) -> list[CallRecord]:
        """Return calls long over that still hold a ZIP."""
        rows = self._connection.execute(
            select(calls).where(calls.c.zip.is_not(None), calls.c.ended < ended_before).limit(most)
        )
        return [record_of(row) for row in rows]

    def leave_zip(self, record: CallRecord) -> None:
        """Forget where a call came from, as its state says; nothing that is counted changes."""
        _SAVE.run(
            self._connection,
            {
                "b_id": record.id,
                "b_step": record.call.step,
                "state": pack_call(record.call),
                "zip": record.call.zip,
                "districts": _districts(record.call),
            },
        )


def _columns(record: CallRecord) -> dict[str, Any]:
    call: Call = record.call
    return {
        "slug": record.slug,
        "digest": record.digest,
        "stage": call.stage.value,
        "ending": call.ending.value if call.ending else None,
        "step": call.step,
        "state": pack_call(call),
        "zip": call.zip,
        "districts": _districts(call),
        "sid": record.sid,
        "consented": record.consented,
        "reason": record.reason,
        "heard": record.heard,
        "answered": record.answered,
        "ended": record.ended,
    }


def _districts(call: Call) -> str | None:
    return ",".join(sorted({one.district for one in call.targets if one.district})) or call.district


def record_of(row: Any) -> CallRecord:
    """Return the value of a `calls` row."""
    return CallRecord(
        id=row.id,
        token=row.token,
        slug=row.slug,
        digest=row.digest,
        call=unpack_call(row.state, row.targets),
        created=known_moment(row.created),
        from_=row.from_number,
        sid=row.sid,
        phone_hash=row.phone_hash,
        phone_enc=row.phone_enc,
        network=row.network,
        referral=row.referral,
        consent=row.consent,
        consented=moment(row.consented),
        heard=moment(row.heard),
        answered=moment(row.answered),
        ended=moment(row.ended),
        reason=row.reason,
        parent=row.parent,
    )
