"""Reads for analysts: rows of a scope, streamed in constant memory; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, case, func, literal, or_, select, text

from callbridge.domain.exported import (
    AnswerFact,
    CallFact,
    LegFact,
    OfficeFact,
    RevisionFact,
    Totals,
)
from callbridge.domain.figures import DialledOffice
from callbridge.domain.selection import Scope
from callbridge.store.packing import unpack_targets
from callbridge.store.scoped import ANSWERS_OF_LEGS, LEGS_OF_CALLS, in_answers, in_calls, in_legs
from callbridge.store.server import take_time
from callbridge.store.tables import answers, calls, campaigns, facts, legs, revisions

_CHUNK = 2000
_WINDOW = 5000
_PRESSED = "Consented"
WASHINGTON = "America/New_York"


class Analysis:
    """Analysts' reads in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def freeze(self, *, patience: int | None = None) -> None:
        """Let every read of this transaction see one moment; must be its first statement.

        SQLite does so by itself; PostgreSQL's default sees each statement's own moment. There, a
        transaction that somebody reads slowly may say nothing for `patience` seconds.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(
                text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            )
            take_time(self._connection, patience=patience)

    def totals(self, scope: Scope) -> Totals:
        """Count the rows of a scope."""
        count = select(func.count())
        numbers = [
            self._connection.scalar(count.select_from(source).where(*conditions)) or 0
            for source, conditions in (
                (calls, in_calls(scope)),
                (LEGS_OF_CALLS, in_legs(scope)),
                (ANSWERS_OF_LEGS, in_answers(scope)),
            )
        ]
        return Totals(calls=numbers[0], legs=numbers[1], answers=numbers[2])

    def calls(self, scope: Scope) -> Iterator[CallFact]:
        """Stream the calls, oldest first."""
        query = call_facts().where(*in_calls(scope)).order_by(calls.c.created, calls.c.id)
        for row in self._stream(query):
            yield CallFact(**row._mapping)

    def legs(self, scope: Scope) -> Iterator[LegFact]:
        """Stream the office legs in the order of their calls' ids."""
        query = (
            select(
                legs.c.call,
                legs.c.number.label("leg"),
                legs.c.target,
                legs.c.name,
                legs.c.office,
                legs.c.city,
                legs.c.phone,
                legs.c.outcome,
                legs.c.seconds,
                legs.c.started,
                legs.c.ended,
            )
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope))
            .order_by(legs.c.call, legs.c.number)
        )
        for row in self._stream(query):
            yield LegFact(**row._mapping)

    def answers(self, scope: Scope) -> Iterator[AnswerFact]:
        """Stream the answers, oldest first, some thousands after the other.

        Asked for all of them at once, PostgreSQL would put ten million in order before the first.
        """
        query = answer_facts().where(*in_answers(scope, found_otherwise=True))
        query = query.order_by(answers.c.id)
        ids = select(answers.c.id).order_by(answers.c.id)
        after: int | None = 0
        while after is not None:
            last = self._connection.scalar(
                ids.where(answers.c.id > after).limit(1).offset(_WINDOW - 1)
            )
            some = query.where(answers.c.id > after)
            if last is not None:
                some = some.where(answers.c.id <= last)
            for row in self._connection.execute(some):
                yield AnswerFact(**row._mapping)
            after = last

    def offices(self, scope: Scope) -> Iterator[OfficeFact]:
        """Return every number dialled, with how often."""
        named = (legs.c.office, legs.c.phone, legs.c.target)
        query = (
            select(
                *named,
                func.max(legs.c.city).label("city"),
                func.max(legs.c.name).label("name"),
                func.count().label("legs"),
                func.min(legs.c.started).label("first"),
                func.max(legs.c.started).label("last"),
            )
            .select_from(LEGS_OF_CALLS)
            .where(*in_legs(scope))
            .group_by(*named)
            .order_by(*named)
        )
        for row in self._stream(query):
            yield OfficeFact(**row._mapping)

    def digests(self, slug: str) -> list[str]:
        """Return a campaign's revisions by their digests, oldest first."""
        query = select(revisions.c.digest).where(revisions.c.slug == slug)
        ordered = query.order_by(revisions.c.published, revisions.c.digest)
        return list(self._connection.scalars(ordered))

    def revisions(self, scope: Scope) -> Iterator[RevisionFact]:
        """Return every revision of the campaign, with the scope's calls that began with it."""
        begun = (
            select(calls.c.digest, func.count().label("calls"))
            .where(*in_calls(scope))
            .group_by(calls.c.digest)
            .subquery()
        )
        query = (
            select(
                revisions.c.digest.label("revision"),
                revisions.c.published,
                (func.coalesce(campaigns.c.digest, literal("")) == revisions.c.digest).label(
                    "current"
                ),
                func.coalesce(begun.c.calls, 0).label("calls"),
            )
            .select_from(
                revisions.outerjoin(begun, begun.c.digest == revisions.c.digest).outerjoin(
                    campaigns, campaigns.c.slug == revisions.c.slug
                )
            )
            .where(revisions.c.slug == scope.slug)
            .order_by(revisions.c.published, revisions.c.digest)
        )
        for row in self._stream(query):
            yield RevisionFact(**row._mapping)

    def _stream(self, query: Select[Any]) -> Iterator[Any]:
        yield from self._connection.execute(query, execution_options={"yield_per": _CHUNK})


def answer_facts() -> Select[Any]:
    """Return answers as facts, over `ANSWERS_OF_LEGS`, to be narrowed and ordered."""
    later = answers.alias("later")
    next_one = (
        select(func.min(later.c.id))
        .where(
            later.c.call == answers.c.call,
            later.c.leg == answers.c.leg,
            later.c.question == answers.c.question,
            later.c.id > answers.c.id,
        )
        .correlate(answers)
        .scalar_subquery()
    )
    return select(
        answers.c.id,
        answers.c.call,
        answers.c.leg,
        legs.c.target,
        legs.c.name,
        legs.c.office,
        func.coalesce(calls.c.phone_hash, calls.c.id).label("supporter"),
        answers.c.question,
        answers.c.meaning,
        answers.c.source,
        answers.c.superseded,
        case((answers.c.superseded, next_one)).label("replaced_by"),
        answers.c.at,
    ).select_from(ANSWERS_OF_LEGS)


def kept_offices(connection: Connection, slug: str, only: Any) -> list[DialledOffice]:
    """Return the offices that some calls of a campaign dialled, as one of them kept it."""
    query = (
        select(legs.c.target, legs.c.office, legs.c.name, func.max(legs.c.call).label("call"))
        .select_from(LEGS_OF_CALLS)
        .where(calls.c.slug == slug, only)
        .group_by(legs.c.target, legs.c.office, legs.c.name)
        .subquery("last")
    )
    rows = connection.execute(
        select(query, calls.c.targets).join(calls, calls.c.id == query.c.call)
    )
    return [as_kept(row) for row in rows]


def as_kept(row: Any) -> DialledOffice:
    """Return a dialled office as the call kept it whose `targets` the row holds."""
    target = next((one for one in unpack_targets(row.targets) if one.id == row.target), None)
    offices = {one.id: one for one in target.offices} if target else {}
    office = offices.get(row.office)
    return DialledOffice(
        target=row.target,
        office=row.office,
        name=target.name if target else row.name,
        chamber=target.chamber if target else None,
        state=target.state if target else "",
        district=target.district if target else None,
        zone=office.zone if office else WASHINGTON,
    )


def call_facts() -> Select[Any]:
    """Return calls as facts, to be narrowed and ordered."""
    count = select(func.count()).where(legs.c.call == calls.c.id).correlate(calls).scalar_subquery()
    # One value, and no EXISTS: for a page of calls PostgreSQL would read every fact there is.
    pressed = (
        select(facts.c.id)
        .where(facts.c.call == calls.c.id, facts.c.kind == _PRESSED)
        .limit(1)
        .correlate(calls)
        .scalar_subquery()
        .is_not(None)
    )
    return select(
        calls.c.id.label("call"),
        calls.c.digest.label("revision"),
        func.coalesce(calls.c.phone_hash, calls.c.id).label("supporter"),
        calls.c.door,
        calls.c.stage,
        calls.c.ending,
        calls.c.language,
        calls.c.referral,
        calls.c.districts,
        count.label("legs"),
        # A line that was passed on to the next conversation of a shift took its sid along.
        or_(calls.c.sid.is_not(None), calls.c.answered.is_not(None)).label("placed"),
        pressed.label("key_pressed"),
        calls.c.created,
        calls.c.answered,
        calls.c.ended,
    )
