"""Our load at each office number: its legs are the count, its row is the lock and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.records import OfficeLoad
from callbridge.store.tables import legs, offices

# How long a full office is guessed to stay full.
BUSY_SECONDS = 120
IDLE = OfficeLoad(at_once=0, last_minute=0, oldest_start=None, resting_until=None)


class Offices:
    """The office numbers of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reserve(
        self, phone: str, *, now: datetime, most: int, per_minute: int, longest_seconds: int
    ) -> int | None:
        """Take a place at a number until the transaction ends; None when it was free.

        Returns the seconds to wait when our own caps refuse it, and then holds no lock: two calls
        that try the same two offices in turn must not wait for each other.
        """
        savepoint = self._connection.begin_nested()
        self._ensure(phone)
        self._connection.execute(
            select(offices.c.phone).where(offices.c.phone == phone).with_for_update()
        )
        load = self.loads([phone], now=now, longest_seconds=longest_seconds)[phone]
        if load.at_once < most and load.last_minute < per_minute:
            savepoint.commit()
            return None
        savepoint.rollback()
        if load.last_minute >= per_minute and load.oldest_start is not None:
            return max(1, 60 - int((now - load.oldest_start).total_seconds()))
        return BUSY_SECONDS

    def loads(
        self, phones: Sequence[str], *, now: datetime, longest_seconds: int
    ) -> Mapping[str, OfficeLoad]:
        """Return our load at each number; a leg older than `longest_seconds` cannot still talk."""
        minute = now - timedelta(minutes=1)
        recent = legs.c.started > minute
        talking = legs.c.ended.is_(None) & (
            legs.c.started > now - timedelta(seconds=longest_seconds)
        )
        found = dict.fromkeys(phones, IDLE)
        for row in self._connection.execute(
            select(
                legs.c.phone,
                func.count().filter(talking).label("at_once"),
                func.count().filter(recent).label("last_minute"),
                func.min(legs.c.started).filter(recent).label("oldest"),
            )
            .where(
                legs.c.phone.in_(phones),
                legs.c.started > now - timedelta(seconds=max(longest_seconds, 60)),
            )
            .group_by(legs.c.phone)
        ):
            found[row.phone] = OfficeLoad(
                at_once=row.at_once,
                last_minute=row.last_minute,
                oldest_start=row.oldest,
                resting_until=None,
            )
        for row in self._connection.execute(
            select(offices).where(offices.c.phone.in_(phones), offices.c.resting_until > now)
        ):
            load = found[row.phone]
            found[row.phone] = OfficeLoad(
                at_once=load.at_once,
                last_minute=load.last_minute,
                oldest_start=load.oldest_start,
                resting_until=row.resting_until,
            )
        return found

    def rest(self, phone: str, until: datetime) -> None:
        """Let a number that was reported full or dead rest, for everybody."""
        self._ensure(phone)
        self._connection.execute(
            offices.update().where(offices.c.phone == phone).values(resting_until=until)
        )

    def _ensure(self, phone: str) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        self._connection.execute(
            dialect.insert(offices).on_conflict_do_nothing().values(phone=phone)
        )
