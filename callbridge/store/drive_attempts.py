"""A drive's attempts as rows: due, counted, over and followed up; rings nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    Select,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from callbridge.domain.call import Ending
from callbridge.domain.drives import Due, Followed, InProgress, Over
from callbridge.domain.records import AttemptState
from callbridge.domain.retries import Result, Try
from callbridge.store.claiming import Claiming
from callbridge.store.drive_tables import contacts, drives
from callbridge.store.installation import drives_may_ring
from callbridge.store.ready import Ready, known_moment
from callbridge.store.tables import (
    DUE,
    LATEST,
    MOVING,
    TO_FOLLOW,
    UNFINISHED,
    Utc,
    attempts,
    calls,
    legs,
)

_S = AttemptState


def _due_of(bucket: Any) -> Select[Any]:
    return (
        select(attempts.c.id, attempts.c.bucket, attempts.c.run_at)
        .where(attempts.c.bucket == bucket, DUE, drives_may_ring())
        .where(attempts.c.run_at <= bindparam("b_now", type_=Utc()))
        .order_by(attempts.c.run_at, attempts.c.id)
        .limit(bindparam("b_each", type_=Integer()))
    )


_DUE_OF = Ready(_due_of(bindparam("b_bucket", type_=Integer())))
# In one round to the server, where each round costs more than what it asks for.
_ASKED = (
    func.unnest(bindparam("b_buckets", type_=ARRAY(Integer)))
    .table_valued("bucket", name="of")
    .render_derived()
)
_FIRST = _due_of(_ASKED.c.bucket).lateral("first")
_DUE_OF_ALL = Ready(select(_FIRST).select_from(_ASKED.join(_FIRST, true())))

_FOLLOWED = (
    update(attempts)
    .where(attempts.c.id == bindparam("b_id", type_=BigInteger()))
    .values(
        result=bindparam("b_result"),
        over_at=bindparam("b_over_at", type_=Utc()),
        latest=bindparam("b_latest", type_=Boolean()),
    )
)
_CLOSED = (
    update(contacts)
    .where(contacts.c.id == bindparam("b_id", type_=BigInteger()))
    .values(final=bindparam("b_final"))
)
_MOVING = select(attempts.c.drive).where(MOVING).subquery()
_IN_PROGRESS = Ready(
    select(_MOVING.c.drive, drives.c.slug, func.count().label("many"))
    .select_from(_MOVING.outerjoin(drives, drives.c.id == _MOVING.c.drive))
    .group_by(_MOVING.c.drive, drives.c.slug)
)
_ON_THE_WAY = Ready(
    select(attempts.c.office, attempts.c.drive, func.count().label("many"))
    .where(MOVING, attempts.c.office.is_not(None))
    .where(~exists().where(legs.c.call == attempts.c.call))
    .group_by(attempts.c.office, attempts.c.drive)
)
_OLD = (
    attempts.c.phone_hash,
    attempts.c.kind,
    attempts.c.drive,
    attempts.c.contact,
    attempts.c.bucket,
)
_AGAIN = insert(attempts).from_select(
    [*_OLD, attempts.c.state, attempts.c.run_at, attempts.c.latest],
    select(
        *_OLD,
        literal(_S.PLANNED.value),
        bindparam("b_run_at", type_=Utc()),
        true(),
    ).where(attempts.c.id == bindparam("b_id", type_=BigInteger())),
    include_defaults=False,
)


class DriveAttempts(Claiming):
    """The drives' attempts of one transaction."""

    def due(self, buckets: Collection[int], *, now: datetime, each: int) -> list[Due]:
        """Return the attempts due longest, at most `each` of a bucket, longest due first."""
        if not buckets:
            return []
        asked = {"b_now": now, "b_each": each}
        if self._connection.dialect.name == "postgresql":
            rows = _DUE_OF_ALL.rows(self._connection, asked | {"b_buckets": list(buckets)})
        else:
            rows = [
                row
                for bucket in buckets
                for row in _DUE_OF.rows(self._connection, asked | {"b_bucket": bucket})
            ]
        found = [
            Due(attempt=row.id, bucket=row.bucket, run_at=known_moment(row.run_at)) for row in rows
        ]
        return sorted(found, key=lambda one: (one.run_at, one.attempt))

    def in_progress(self) -> InProgress:
        """Count the calls in progress now."""
        rows = _IN_PROGRESS.rows(self._connection, {})
        campaigns: dict[str, int] = {}
        for drive, slug, count in rows:
            if drive is not None:
                campaigns[slug] = campaigns.get(slug, 0) + count
        return InProgress(
            drives={drive: count for drive, _, count in rows if drive is not None},
            campaigns=campaigns,
            total=sum(count for _, _, count in rows),
        )

    def on_the_way(self) -> Mapping[str, Mapping[str, int]]:
        """Count, for each office's phone and each drive, those who are rung and not through yet."""
        rows = _ON_THE_WAY.rows(self._connection, {})
        found: dict[str, dict[str, int]] = {}
        for office, drive, count in rows:
            found.setdefault(office, {})[drive] = count
        return found

    def any_open(self, drive: str) -> bool:
        """Tell whether some person of a drive is still waiting, ringing or to be followed up."""
        # In two parts, each with an index of its own: of people who are through none is looked at.
        # And in one statement: between two of them somebody could go from one to the other.
        # In the index's order: SQLite would else, by the toss of a coin, read all attempts.
        waiting = (
            select(attempts.c.state)
            .where(attempts.c.drive == drive, LATEST, UNFINISHED)
            .order_by(attempts.c.state)
            .limit(1)
            .scalar_subquery()
        )
        finished = exists().where(attempts.c.drive == drive, TO_FOLLOW)
        return bool(self._connection.scalar(select(or_(waiting.is_not(None), finished))))

    def any_under_way(self) -> bool:
        """Tell whether anybody is claimed, dialled, ringing, talking or not followed up yet."""
        between = select(attempts.c.id).where(MOVING).limit(1)
        finished = select(attempts.c.id).where(TO_FOLLOW).order_by(attempts.c.drive).limit(1)
        return any(self._connection.scalar(one) is not None for one in (between, finished))

    def next_due(self) -> Mapping[int, datetime]:
        """Return when each bucket's next person is due."""
        rows = self._connection.execute(
            select(attempts.c.bucket, func.min(attempts.c.run_at))
            .where(DUE)
            .group_by(attempts.c.bucket)
        )
        return {row[0]: row[1] for row in rows}

    def over(self, *, most: int) -> list[Over]:
        """Return attempts that are over and not followed up yet, locked; others' are skipped."""
        rows = self._connection.execute(
            select(
                attempts.c.id,
                attempts.c.drive,
                attempts.c.contact,
                attempts.c.state,
                attempts.c.reason,
                attempts.c.dialing_at,
                attempts.c.run_at,
                attempts.c.call,
            )
            .where(TO_FOLLOW)
            # For SQLite's sake: in this order it takes the index that holds nobody else, where it
            # would read every attempt that is over, four times a second.
            .order_by(attempts.c.drive)
            .limit(most)
            .with_for_update(skip_locked=True)
        ).all()
        told = self._calls({row.call for row in rows if row.call})
        histories = self._histories({row.contact for row in rows})
        return [_over(row, told.get(row.call), histories.get(row.contact, ())) for row in rows]

    def _calls(self, ids: Collection[str]) -> dict[str, Any]:
        bridged = exists().where(legs.c.call == calls.c.id)
        rows = self._connection.execute(
            select(
                calls.c.id,
                calls.c.ending,
                calls.c.reason,
                calls.c.answered,
                calls.c.consented,
                calls.c.ended,
                bridged.label("bridged"),
            ).where(calls.c.id.in_(ids))
        )
        return {row.id: row for row in rows}

    def _histories(self, people: Collection[int]) -> dict[int, tuple[Try, ...]]:
        rows = self._connection.execute(
            select(attempts.c.contact, attempts.c.result, attempts.c.over_at)
            .where(attempts.c.contact.in_(people), attempts.c.result.is_not(None))
            .order_by(attempts.c.id)
        )
        found: dict[int, tuple[Try, ...]] = {}
        for row in rows:
            one = Try(result=Result(row.result), ended=row.over_at)
            found[row.contact] = (*found.get(row.contact, ()), one)
        return found

    def follow(self, followed: Sequence[Followed]) -> None:
        """Write what attempts came to; plan each person's next one, or close the person."""
        for statement, rows in (
            (_FOLLOWED, [_came_to(one) for one in followed]),
            (
                _AGAIN,
                [
                    {"b_id": one.over.attempt, "b_run_at": one.again}
                    for one in followed
                    if one.again
                ],
            ),
            (
                _CLOSED,
                [
                    {"b_id": one.over.person, "b_final": one.final}
                    for one in followed
                    if one.again is None
                ],
            ),
        ):
            if rows:
                self._connection.execute(statement, rows)

    def suppress(self, drive: str, *, reason: str, most: int) -> int:
        """Close planned attempts of a drive that rings nobody any more; count them."""
        some = select(attempts.c.id).where(attempts.c.drive == drive, DUE).limit(most)
        done = self._connection.execute(
            update(attempts)
            .where(attempts.c.id.in_(some), attempts.c.state == _S.PLANNED.value)
            .values(state=_S.SUPPRESSED.value, reason=reason)
        )
        return done.rowcount


def _came_to(one: Followed) -> dict[str, Any]:
    return {
        "b_id": one.over.attempt,
        "b_result": one.result.value if one.result else None,
        "b_over_at": one.over.ended,
        "b_latest": one.again is None,
    }


def _over(row: Any, call: Any, history: tuple[Try, ...]) -> Over:
    state = AttemptState(row.state)
    if call is None:
        return Over(
            attempt=row.id,
            drive=row.drive,
            person=row.contact,
            state=state,
            reason=row.reason,
            ended=row.dialing_at or row.run_at,
            history=history,
        )
    return Over(
        attempt=row.id,
        drive=row.drive,
        person=row.contact,
        state=state,
        reason=call.reason or row.reason,
        ended=call.ended or row.dialing_at or row.run_at,
        ending=Ending(call.ending) if call.ending else None,
        answered=call.answered is not None,
        keyed=call.consented is not None,
        bridged=call.bridged,
        history=history,
    )
