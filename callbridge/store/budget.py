"""What calls cost and may cost, as rows: ceilings, sums booked, sums held; judges nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    bindparam,
    case,
    func,
    null,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.budget import Booked, Booking, CallCost, Ceiling, Spending, Unbooked
from callbridge.domain.call import Outcome
from callbridge.domain.drives import InProgress
from callbridge.store.budget_tables import ceilings, spending
from callbridge.store.ready import Ready, among
from callbridge.store.tables import MOVING, attempts, calls, legs

TOTAL = ""
# A call asked for on a page is held for while it waits for its turn: it was promised.
_HELD = text(
    "attempts.held IS NOT NULL AND (attempts.state IN ('claimed', 'dialing', 'unknown', 'placed',"
    " 'done', 'failed') OR (attempts.state = 'planned' AND attempts.kind = 'now'))"
)


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_HOLD = Ready(
    update(attempts)
    .where(attempts.c.id == bindparam("b_id", type_=BigInteger()))
    .values(
        held=bindparam("b_held", type_=BigInteger()),
        held_for=bindparam("b_held_for"),
        area=bindparam("b_area"),
    )
)
_COUNT = Ready(
    select(
        func.count().label("total"),
        _sum(attempts.c.drive == bindparam("b_drive")).label("of_drive"),
        _sum(attempts.c.drive.is_not(None) & (attempts.c.held_for == bindparam("b_slug"))).label(
            "of_campaign"
        ),
    ).where(MOVING)
)
_CEILINGS = Ready(select(ceilings).order_by(ceilings.c.scope))
_CEILINGS_OF = Ready(
    select(ceilings).where(among(ceilings.c.scope, "b_scopes")).order_by(ceilings.c.scope)
)
_COST = (
    update(calls)
    .where(calls.c.id == bindparam("b_call"))
    .values(cost=bindparam("b_cost"), price_due=bindparam("b_due"))
)
_LET_GO = (
    update(attempts)
    .where(attempts.c.call == bindparam("b_call"), attempts.c.held.is_not(None))
    .values(held=null())
)


class Budget:
    """Money in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, attempt: int, *, micros: int, slug: str, area: str | None) -> None:
        """Hold a sum for an attempt until its call is booked."""
        _HOLD.run(
            self._connection,
            {"b_id": attempt, "b_held": micros, "b_held_for": slug, "b_area": area},
        )

    def moving(self, *, drive: str, slug: str) -> InProgress:
        """Count the calls in progress: of one drive, of its campaign's drives, by all doors."""
        row = _COUNT.one(self._connection, {"b_drive": drive, "b_slug": slug})
        if row is None:
            raise LookupError("a count has always one row")
        return InProgress(
            drives={drive: int(row.of_drive)},
            campaigns={slug: int(row.of_campaign)},
            total=int(row.total),
        )

    def ceilings(self, scopes: Iterable[str] | None = None) -> Mapping[str, Ceiling]:
        """Return the ceilings that were set, of some scopes or of all."""
        if scopes is None:
            rows = _CEILINGS.rows(self._connection, {})
        else:
            rows = _CEILINGS_OF.rows(self._connection, {"b_scopes": list(scopes)})
        return {
            row.scope: Ceiling(day=row.day, total=row.total, calls_day=row.calls_day)
            for row in rows
        }

    def set_ceiling(self, scope: str, ceiling: Ceiling) -> None:
        """Keep a scope's ceiling instead of the one before."""
        values = {"day": ceiling.day, "total": ceiling.total, "calls_day": ceiling.calls_day}
        self._connection.execute(
            self._insert(ceilings)
            .values(scope=scope, **values)
            .on_conflict_do_update(index_elements=["scope"], set_=values)
        )

    def spending(self, scopes: Sequence[str], *, day: str) -> Mapping[str, Spending]:
        """Return what scopes have booked on a day and in all, and what is held for them now."""
        found = {scope: self._held(scope) for scope in scopes}
        rows = self._connection.execute(
            select(spending).where(
                spending.c.scope.in_(list(scopes)), spending.c.day.in_([TOTAL, day])
            )
        )
        for row in rows:
            values = (
                {"total": row.micros}
                if row.day == TOTAL
                else {"day": row.micros, "calls_day": row.calls}
            )
            found[row.scope] = replace(found[row.scope], **values)
        return found

    def _held(self, scope: str) -> Spending:
        kind, _, name = scope.partition(":")
        ours: ColumnElement[bool]
        match kind:
            case "campaign":
                ours = attempts.c.held_for == name
            case "drive":
                ours = attempts.c.drive == name
            case "area":
                ours = attempts.c.area == name
            case _:
                ours = true()
        row = self._connection.execute(
            select(
                func.coalesce(func.sum(attempts.c.held), 0).label("held"),
                func.count().label("many"),
            ).where(_HELD, ours)
        ).one()
        return Spending(held=int(row.held), calls_held=int(row.many))

    def unbooked(self, *, most: int) -> list[Unbooked]:
        """Return calls that are over and not booked, oldest end first."""
        rows = self._connection.execute(
            select(
                calls.c.id,
                calls.c.slug,
                calls.c.sid,
                calls.c.created,
                calls.c.answered,
                calls.c.ended,
            )
            .where(text("calls.ended IS NOT NULL AND calls.cost IS NULL"))
            .order_by(calls.c.ended)
            .limit(most)
        ).all()
        ids = [row.id for row in rows]
        talks = self._talks(ids)
        tried = {
            row.call: row
            for row in self._connection.execute(
                select(attempts.c.call, attempts.c.drive, attempts.c.area)
                .where(attempts.c.call.in_(ids))
                .order_by(attempts.c.id)
            )
        }
        return [_unbooked(row, tried.get(row.id), talks.get(row.id, ())) for row in rows]

    def of_others(self, call: str, sids: Sequence[str]) -> frozenset[str]:
        """Return those of a line's sids that are office legs of another call: of a shift's."""
        found = select(legs.c.sid).where(legs.c.sid.in_(sids), legs.c.call != call)
        return frozenset(sid for sid in self._connection.scalars(found) if sid is not None)

    def _talks(self, ids: Sequence[str]) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        rows = self._connection.execute(
            select(legs.c.call, legs.c.seconds).where(
                legs.c.call.in_(ids),
                legs.c.outcome == Outcome.CONNECTED.value,
                # Somebody who dialled by themselves paid for it themselves.
                legs.c.sid.is_not(None) | legs.c.seconds.is_not(None),
            )
        )
        for row in rows:
            found[row.call].append(row.seconds or 0)
        return found

    def book(self, bookings: Iterable[Booking]) -> None:
        """Add sums to their scopes, on their day and in all."""
        sums: dict[tuple[str, str], list[int]] = {}
        for one in bookings:
            for scope in one.scopes:
                for day in (one.day, TOTAL):
                    sum_ = sums.setdefault((scope, day), [0, 0])
                    sum_[0] += one.micros
                    sum_[1] += one.calls
        rows = [
            {"scope": scope, "day": day, "micros": micros, "calls": many}
            # In one order, so that two who book do not wait for each other.
            for (scope, day), (micros, many) in sorted(sums.items())
        ]
        if not rows:
            return
        adding = self._insert(spending)
        self._connection.execute(
            adding.on_conflict_do_update(
                index_elements=["scope", "day"],
                set_={
                    "micros": spending.c.micros + adding.excluded.micros,
                    "calls": spending.c.calls + adding.excluded.calls,
                },
            ),
            rows,
        )

    def booked(self, costs: Sequence[Booked]) -> None:
        """Write what calls cost, and let go of what was held for them."""
        if not costs:
            return
        priced = [{"b_call": one.call, "b_cost": one.micros, "b_due": one.ask_at} for one in costs]
        self._connection.execute(_COST, priced)
        self._connection.execute(_LET_GO, [{"b_call": one.call} for one in costs])

    def unpriced(self, *, now: datetime, most: int) -> list[tuple[Unbooked, int]]:
        """Return booked calls whose real price is to be asked for now, with what was booked."""
        rows = self._connection.execute(
            select(calls.c.id, calls.c.slug, calls.c.sid, calls.c.created, calls.c.cost)
            .where(calls.c.price_due <= now)
            .order_by(calls.c.price_due)
            .limit(most)
        ).all()
        ids = [row.id for row in rows]
        tried = {
            row.call: row
            for row in self._connection.execute(
                select(attempts.c.call, attempts.c.drive, attempts.c.area)
                .where(attempts.c.call.in_(ids))
                .order_by(attempts.c.id)
            )
        }
        return [
            (
                Unbooked(
                    call=row.id,
                    slug=row.slug,
                    drive=tried[row.id].drive if row.id in tried else None,
                    area=tried[row.id].area if row.id in tried else None,
                    created=row.created,
                    cost=CallCost(supporter=None),
                    sid=row.sid,
                ),
                int(row.cost),
            )
            for row in rows
        ]

    def price_asked(self, call: str, *, cost: int, again: datetime | None) -> bool:
        """Write a call's price; False when somebody else did meanwhile."""
        done = self._connection.execute(
            update(calls)
            .where(calls.c.id == call, calls.c.price_due.is_not(None))
            .values(cost=cost, price_due=again)
        )
        return done.rowcount == 1

    def _insert(self, table: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _unbooked(row: Any, tried: Any, talks: Sequence[int]) -> Unbooked:
    answered = None if row.answered is None or row.sid is None else row.ended - row.answered
    return Unbooked(
        call=row.id,
        slug=row.slug,
        drive=tried.drive if tried else None,
        area=tried.area if tried else None,
        created=row.created,
        cost=CallCost(
            supporter=None if answered is None else int(answered.total_seconds()), offices=talks
        ),
        sid=row.sid,
    )
