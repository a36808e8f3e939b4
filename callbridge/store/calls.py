"""Calls, their legs, answers and facts as rows; decides nothing about a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.call import Call, Outcome
from callbridge.domain.facts import AnswerGiven, Fact
from callbridge.domain.records import AnswerRecord, CallRecord, LegRecord
from callbridge.domain.survey import Meaning
from callbridge.store.packing import fact_kind, pack_call, pack_fact, pack_targets, unpack_call
from callbridge.store.tables import answers, calls, facts, legs

_BY_TOKEN = select(calls).where(calls.c.token == bindparam("key"))
_BY_ID = select(calls).where(calls.c.id == bindparam("key"))
_BY_SID = select(calls).where(calls.c.sid == bindparam("key"))
_LOCKING = {
    "token": _BY_TOKEN.with_for_update(),
    "id": _BY_ID.with_for_update(),
    "sid": _BY_SID.with_for_update(),
}
_PLAIN = {"token": _BY_TOKEN, "id": _BY_ID, "sid": _BY_SID}

_LEGS = select(legs).where(legs.c.call == bindparam("key")).order_by(legs.c.number)
_ANSWERS = select(answers).where(answers.c.call == bindparam("key")).order_by(answers.c.id)
_SUPERSEDE = (
    update(answers)
    .where(
        answers.c.call == bindparam("b_call"),
        answers.c.leg == bindparam("b_leg"),
        answers.c.question == bindparam("b_question"),
        ~answers.c.superseded,
    )
    .values(superseded=True)
)
_LEG = and_(legs.c.call == bindparam("b_call"), legs.c.number == bindparam("b_number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How much of the supporters was forgotten."""

    numbers: int
    hashes: int
    zips: int


class Calls:
    """The calls of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_token(self, token: str, *, lock: bool = True) -> CallRecord | None:
        """Return the call whose hooks carry `token`, locked until the transaction ends."""
        return self._one("token", token, lock=lock)

    def by_id(self, call: str, *, lock: bool = False) -> CallRecord | None:
        """Return a call by its public id."""
        return self._one("id", call, lock=lock)

    def by_sid(self, sid: str, *, lock: bool = True) -> CallRecord | None:
        """Return the call whose supporter's leg has this sid."""
        return self._one("sid", sid, lock=lock)

    def _one(self, column: str, key: str, *, lock: bool) -> CallRecord | None:
        if "\0" in key:  # PostgreSQL cannot even be asked for such a text
            return None
        statement = (_LOCKING if lock else _PLAIN)[column]
        row = self._connection.execute(statement, {"key": key}).one_or_none()
        return None if row is None else record_of(row)

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
        }
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        new = self._connection.scalar(
            dialect.insert(calls)
            .on_conflict_do_nothing(index_elements=["sid"])
            .values(values)
            .returning(calls.c.id)
        )
        return new is not None

    def save(self, record: CallRecord, *, step: int, targets_changed: bool) -> bool:
        """Write a call that stands at `step`; False when it has moved on in the meantime."""
        values = _columns(record)
        if targets_changed:
            values["targets"] = pack_targets(record.call.targets)
        done = self._connection.execute(
            update(calls).where(calls.c.id == record.id, calls.c.step == step).values(values)
        )
        return done.rowcount == 1

    def bind(self, call: str, sid: str) -> bool:
        """Bind the carrier's sid to a call that has none; True when it stands bound to it."""
        self._connection.execute(
            update(calls).where(calls.c.id == call, calls.c.sid.is_(None)).values(sid=sid)
        )
        bound = self._connection.scalar(select(calls.c.sid).where(calls.c.id == call))
        return bound == sid

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

    def add_leg(self, leg: LegRecord) -> None:
        """Insert an office leg."""
        self._connection.execute(
            insert(legs).values(
                call=leg.call,
                number=leg.number,
                target=leg.target,
                name=leg.name,
                office=leg.office,
                city=leg.city,
                phone=leg.phone,
                sid=leg.sid,
                outcome=leg.outcome,
                seconds=leg.seconds,
                started=leg.started,
                ended=leg.ended,
            )
        )

    def end_leg(
        self, call: str, number: int, *, outcome: Outcome, seconds: int | None, at: datetime
    ) -> None:
        """Write how a leg went; the office is free again from then on."""
        self._connection.execute(
            update(legs)
            .where(_LEG)
            .values(outcome=outcome, seconds=seconds, ended=func.coalesce(legs.c.ended, at)),
            {"b_call": call, "b_number": number},
        )

    def release_legs(self, call: str, at: datetime) -> None:
        """Free the offices of a call that is over, whatever became of their legs."""
        self._connection.execute(
            update(legs).where(legs.c.call == call, legs.c.ended.is_(None)).values(ended=at)
        )

    def bind_leg(self, call: str, number: int, sid: str) -> None:
        """Bind an office leg's sid, once."""
        self._connection.execute(
            update(legs).where(_LEG, legs.c.sid.is_(None)).values(sid=sid),
            {"b_call": call, "b_number": number},
        )

    def legs(self, call: str) -> list[LegRecord]:
        """Return a call's office legs in order."""
        return [_leg(row) for row in self._connection.execute(_LEGS, {"key": call})]

    def add_answer(self, call: str, given: AnswerGiven, at: datetime) -> None:
        """Store an answer; the one that stood for the same question is superseded."""
        self.withdraw_answer(call, given.leg, given.question)
        self._connection.execute(
            insert(answers),
            {
                "call": call,
                "leg": given.leg,
                "question": given.question,
                "meaning": given.meaning.value,
                "source": str(given.source),
                "at": at,
                "superseded": False,
            },
        )

    def withdraw_answer(self, call: str, leg: int, question: str) -> None:
        """Supersede the standing answer to a question, if there is one."""
        self._connection.execute(_SUPERSEDE, {"b_call": call, "b_leg": leg, "b_question": question})

    def answers(self, call: str) -> list[AnswerRecord]:
        """Return every answer of a call in order, superseded ones too."""
        return [
            AnswerRecord(
                leg=row.leg,
                question=row.question,
                meaning=Meaning(row.meaning),
                source=row.source,
                superseded=row.superseded,
                at=row.at,
            )
            for row in self._connection.execute(_ANSWERS, {"key": call})
        ]

    def add_facts(self, call: str, step: int, given: Sequence[Fact], at: datetime) -> None:
        """Append facts to the call's log."""
        if not given:
            return
        self._connection.execute(
            insert(facts),
            [
                {
                    "call": call,
                    "step": step,
                    "kind": fact_kind(fact),
                    "body": pack_fact(fact),
                    "at": at,
                }
                for fact in given
            ],
        )

    def fact_kinds(self, call: str) -> list[str]:
        """Return the kinds of a call's facts in order."""
        rows = self._connection.scalars(
            select(facts.c.kind).where(facts.c.call == call).order_by(facts.c.id)
        )
        return list(rows)

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


def _columns(record: CallRecord) -> dict[str, Any]:
    call: Call = record.call
    districts = sorted({target.district for target in call.targets if target.district})
    return {
        "slug": record.slug,
        "digest": record.digest,
        "door": call.door.value,
        "stage": call.stage.value,
        "ending": call.ending.value if call.ending else None,
        "step": call.step,
        "state": pack_call(call),
        "language": call.language,
        "zip": call.zip,
        "districts": ",".join(districts) or call.district,
        "sid": record.sid,
        "consented": record.consented,
        "reason": record.reason,
        "heard": record.heard,
        "answered": record.answered,
        "ended": record.ended,
    }


def record_of(row: Row[Any]) -> CallRecord:
    """Return the value of a `calls` row."""
    return CallRecord(
        id=row.id,
        token=row.token,
        slug=row.slug,
        digest=row.digest,
        call=unpack_call(row.state, row.targets),
        created=row.created,
        from_=row.from_number,
        sid=row.sid,
        phone_hash=row.phone_hash,
        phone_enc=row.phone_enc,
        network=row.network,
        referral=row.referral,
        consent=row.consent,
        consented=row.consented,
        heard=row.heard,
        answered=row.answered,
        ended=row.ended,
        reason=row.reason,
        parent=row.parent,
    )


def _leg(row: Row[Any]) -> LegRecord:
    return LegRecord(
        call=row.call,
        number=row.number,
        target=row.target,
        name=row.name,
        office=row.office,
        city=row.city,
        phone=row.phone,
        sid=row.sid,
        outcome=Outcome(row.outcome) if row.outcome else None,
        seconds=row.seconds,
        started=row.started,
        ended=row.ended,
    )
