"""What calls leave behind as rows: office legs, answers, facts; decides nothing about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update

from callbridge.domain.call import Outcome
from callbridge.domain.facts import AnswerGiven, Fact
from callbridge.domain.records import AnswerRecord, LegRecord
from callbridge.domain.survey import Meaning
from callbridge.store.packing import fact_kind, pack_fact
from callbridge.store.ready import Ready, known_moment, moment
from callbridge.store.rollups import mark
from callbridge.store.tables import Utc, answers, facts, legs
from callbridge.store.tallying import Tallying

# Built once: a statement made anew for each hook costs more than running it.
_ADD_LEG = Ready(insert(legs).inline())
_ADD_ANSWER = Ready(insert(answers).inline())
_LEGS = Ready(select(legs).where(legs.c.call == bindparam("key")).order_by(legs.c.number))
_ANSWERS = select(answers).where(answers.c.call == bindparam("key")).order_by(answers.c.id)
_KINDS = select(facts.c.kind).where(facts.c.call == bindparam("key")).order_by(facts.c.id)
_SUPERSEDE = Ready(
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
_END_LEG = Ready(
    update(legs)
    .where(_LEG)
    .values(
        outcome=bindparam("outcome"),
        seconds=bindparam("seconds"),
        ended=func.coalesce(legs.c.ended, bindparam("b_at", type_=Utc())),
    )
)
_BIND_LEG = Ready(update(legs).where(_LEG, legs.c.sid.is_(None)).values(sid=bindparam("sid")))
_RELEASE = Ready(
    update(legs)
    .where(legs.c.call == bindparam("b_call"), legs.c.ended.is_(None))
    .values(ended=bindparam("ended"))
)


@cache
def _add_facts(count: int) -> Ready:
    """Return the insert of so many facts: one statement costs less than the driver's batch."""
    rows: list[dict[str, Any]] = [
        {name: bindparam(name) for name in ("call", "step", "at")}
        | {name: bindparam(f"{name}_{n}") for name in ("kind", "body")}
        for n in range(count)
    ]
    return Ready(insert(facts).values(rows).inline())


class Kept:
    """The legs, answers and facts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # Calls that are held and not over, or that are new: nobody can have entered them.
        self._untallied: set[str] = set()

    def touch(self, call: str) -> None:
        """Take a call that is about to change out of the tallies, unless it cannot be in them."""
        if call not in self._untallied:
            Tallying(self._connection).take_out([call])
            self._untallied.add(call)

    def add_leg(self, leg: LegRecord) -> None:
        """Insert an office leg."""
        self.touch(leg.call)
        _ADD_LEG.run(
            self._connection,
            {
                "call": leg.call,
                "number": leg.number,
                "target": leg.target,
                "name": leg.name,
                "office": leg.office,
                "city": leg.city,
                "phone": leg.phone,
                "sid": leg.sid,
                "outcome": leg.outcome,
                "seconds": leg.seconds,
                "started": leg.started,
                "ended": leg.ended,
            },
        )

    def end_leg(
        self, call: str, number: int, *, outcome: Outcome, seconds: int | None, at: datetime
    ) -> None:
        """Write how a leg went; the office is free again from then on."""
        self.touch(call)
        _END_LEG.run(
            self._connection,
            {
                "b_call": call,
                "b_number": number,
                "b_at": at,
                "outcome": outcome.value,
                "seconds": seconds,
            },
        )
        mark(self._connection, call, number)

    def release_legs(self, call: str, at: datetime) -> None:
        """Free the offices of a call that is over, whatever became of their legs."""
        _RELEASE.run(self._connection, {"b_call": call, "ended": at})

    def bind_leg(self, call: str, number: int, sid: str) -> None:
        """Bind an office leg's sid, once."""
        _BIND_LEG.run(self._connection, {"b_call": call, "b_number": number, "sid": sid})

    def legs(self, call: str) -> list[LegRecord]:
        """Return a call's office legs in order."""
        return [_leg(row) for row in _LEGS.rows(self._connection, {"key": call})]

    def add_answer(self, call: str, given: AnswerGiven, at: datetime) -> bool:
        """Store an answer; tell whether one stood for the same question: it is superseded."""
        self.touch(call)
        stood = self._supersede(call, given.leg, given.question)
        _ADD_ANSWER.run(
            self._connection,
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
        mark(self._connection, call, given.leg)
        return stood

    def withdraw_answer(self, call: str, leg: int, question: str) -> None:
        """Supersede the standing answer to a question, if there is one."""
        self.touch(call)
        self._supersede(call, leg, question)
        mark(self._connection, call, leg)

    def _supersede(self, call: str, leg: int, question: str) -> bool:
        values = {"b_call": call, "b_leg": leg, "b_question": question}
        return _SUPERSEDE.run(self._connection, values) > 0

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
        self.touch(call)
        values: dict[str, Any] = {"call": call, "step": step, "at": at}
        for n, fact in enumerate(given):
            values |= {f"kind_{n}": fact_kind(fact), f"body_{n}": pack_fact(fact)}
        _add_facts(len(given)).run(self._connection, values)

    def fact_kinds(self, call: str) -> list[str]:
        """Return the kinds of a call's facts in order."""
        return list(self._connection.scalars(_KINDS, {"key": call}))


def _leg(row: Any) -> LegRecord:
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
        started=known_moment(row.started),
        ended=moment(row.ended),
    )
