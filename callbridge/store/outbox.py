"""The outbox: deliveries that wait, and the lanes they go by; sends nothing and signs nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.deliveries import Delivery, DeliveryState, LaneView, MailWish
from callbridge.store.epoch import epoch_now
from callbridge.store.outbox_tables import (
    WAITING,
    deliveries,
    lanes,
    mail_wishes,
    mailed_reports,
)
from callbridge.store.tables import calls

_STATE = DeliveryState


class Outbox:
    """Deliveries and lanes in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, given: Sequence[Delivery]) -> None:
        """Let deliveries go out once this transaction is committed."""
        if not given:
            return
        self._connection.execute(
            insert(deliveries),
            [
                {
                    "id": one.id,
                    "lane": one.lane,
                    "event": one.event,
                    "to": one.to,
                    "body": one.body,
                    "created": one.created,
                    "due": one.due or one.created,
                    "state": _STATE.WAITING.value,
                }
                for one in given
            ],
        )

    def ready_lanes(self, *, now: datetime, most: int) -> list[str]:
        """Return lanes with something due that nobody works and that do not rest, oldest first."""
        kept = exists().where(
            lanes.c.lane == deliveries.c.lane,
            or_(lanes.c.lease_until > epoch_now(), lanes.c.rest_until > now),
        )
        found = self._connection.scalars(
            select(deliveries.c.lane)
            .where(WAITING, deliveries.c.due <= now, ~kept)
            .group_by(deliveries.c.lane)
            .order_by(func.min(deliveries.c.due))
            .limit(most)
        )
        return list(found)

    def take_lane(self, lane: str, owner: str, *, now: datetime, lease_seconds: float) -> bool:
        """Take a lane for a lease of the database's clock; False when another dialer was first."""
        self._connection.execute(
            self._insert(lanes).on_conflict_do_nothing().values(lane=lane, failures=0)
        )
        done = self._connection.execute(
            update(lanes)
            .where(
                lanes.c.lane == lane,
                or_(lanes.c.lease_until.is_(None), lanes.c.lease_until <= epoch_now()),
                or_(lanes.c.rest_until.is_(None), lanes.c.rest_until <= now),
            )
            .values(owner=owner, lease_until=epoch_now() + lease_seconds)
        )
        return done.rowcount == 1

    def due(self, lane: str, *, now: datetime, most: int) -> list[Delivery]:
        """Return a lane's deliveries whose time has come, longest due first."""
        rows = self._connection.execute(
            select(deliveries)
            .where(deliveries.c.lane == lane, WAITING, deliveries.c.due <= now)
            .order_by(deliveries.c.due, deliveries.c.id)
            .limit(most)
        )
        return [_delivery(row) for row in rows]

    def failures(self, lane: str) -> int:
        """Return how often a lane failed in a row."""
        return int(
            self._connection.scalar(select(lanes.c.failures).where(lanes.c.lane == lane)) or 0
        )

    def settle(self, delivery: str, *, state: DeliveryState, at: datetime, why: str | None) -> None:
        """Write the end of a delivery; what was sent is forgotten."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery, WAITING)
            .values(
                state=state.value,
                tries=deliveries.c.tries + 1,
                ended=at,
                body=b"",
                to=null(),
                trouble=why,
            )
        )

    def again(self, delivery: str, *, due: datetime, why: str) -> None:
        """Let a delivery that failed wait for another try."""
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery, WAITING)
            .values(tries=deliveries.c.tries + 1, due=due, trouble=why)
        )

    def leave_lane(
        self, lane: str, owner: str, *, failures: int, rest_until: datetime | None
    ) -> bool:
        """Give a lane back; False when its lease had passed to somebody else."""
        done = self._connection.execute(
            update(lanes)
            .where(lanes.c.lane == lane, lanes.c.owner == owner)
            .values(lease_until=null(), owner=null(), failures=failures, rest_until=rest_until)
        )
        return done.rowcount == 1

    def bury(self, lane: str, *, at: datetime, why: str) -> int:
        """Give up all that waits for a receiver that is gone; return how much that was."""
        done = self._connection.execute(
            update(deliveries)
            .where(deliveries.c.lane == lane, WAITING)
            .values(state=_STATE.DEAD.value, ended=at, body=b"", to=null(), trouble=why)
        )
        return done.rowcount

    def forget(self, *, ended_before: datetime) -> int:
        """Forget deliveries that ended long ago."""
        done = delete(deliveries).where(deliveries.c.ended < ended_before)
        return self._connection.execute(done).rowcount

    def views(self, among: Collection[str] | None = None) -> Mapping[str, LaneView]:
        """Say how lanes stand, of some or of all that have deliveries."""
        counted = (
            select(
                deliveries.c.lane,
                deliveries.c.state,
                func.count().label("many"),
                func.min(deliveries.c.created).label("oldest"),
            )
            .group_by(deliveries.c.lane, deliveries.c.state)
            .where(*(() if among is None else (deliveries.c.lane.in_(among),)))
        )
        found: dict[str, dict[str, Any]] = {}
        for row in self._connection.execute(counted):
            values = found.setdefault(row.lane, {})
            values[row.state] = row.many
            if row.state == _STATE.WAITING.value:
                values["oldest"] = row.oldest
        return {
            lane: LaneView(**values, trouble=self._trouble(lane)) for lane, values in found.items()
        }

    def _trouble(self, lane: str) -> str | None:
        """Return what went wrong last with a delivery that waits or was given up."""
        found: str | None = self._connection.scalar(
            select(deliveries.c.trouble)
            .where(
                deliveries.c.lane == lane,
                deliveries.c.state != _STATE.DELIVERED.value,
                deliveries.c.trouble.is_not(None),
            )
            .order_by(deliveries.c.ended.is_not(None), deliveries.c.created.desc())
            .limit(1)
        )
        return found

    def wish(self, email: str, wishes: Collection[MailWish]) -> None:
        """Keep what somebody wants to be told by mail, instead of what they wanted before."""
        self._connection.execute(delete(mail_wishes).where(mail_wishes.c.email == email))
        if wishes:
            rows = [{"email": email, "wish": wish.value} for wish in sorted(wishes)]
            self._connection.execute(insert(mail_wishes), rows)

    def wishes(self, email: str) -> frozenset[MailWish]:
        """Return what somebody wants to be told by mail."""
        found = select(mail_wishes.c.wish).where(mail_wishes.c.email == email)
        return frozenset(MailWish(wish) for wish in self._connection.scalars(found))

    def wishing(self, wish: MailWish) -> list[str]:
        """Return the addresses of those who want to be told of something."""
        found = select(mail_wishes.c.email).where(mail_wishes.c.wish == wish.value)
        return list(self._connection.scalars(found.order_by(mail_wishes.c.email)))

    def reports_due(self, day: date, *, since: datetime) -> list[str]:
        """Return the campaigns with calls since a moment whose report of the day is not mailed."""
        calls_ = select(calls.c.slug).where(calls.c.created >= since).distinct()
        mailed = select(mailed_reports.c.slug).where(mailed_reports.c.day == day)
        found = calls_.where(calls.c.slug.not_in(mailed))
        return sorted(self._connection.scalars(found))

    def mark_report(self, slug: str, day: date) -> bool:
        """Mark the report of a day as mailed; False when it was already."""
        statement = self._insert(mailed_reports).values(slug=slug, day=day)
        new = statement.on_conflict_do_nothing().returning(mailed_reports.c.slug)
        return self._connection.scalar(new) is not None

    def _insert(self, table: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        lane=row.lane,
        event=row.event,
        to=row.to,
        body=bytes(row.body),
        created=row.created,
        tries=row.tries,
    )
