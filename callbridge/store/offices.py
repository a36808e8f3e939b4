"""Our load at each office number: its legs are the count, its row is the lock and the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.records import FOREVER, OfficeLoad
from callbridge.store.ready import Ready, among, moment
from callbridge.store.tables import Utc, legs, offices

# How long a full office is guessed to stay full.
BUSY_SECONDS = 120
IDLE = OfficeLoad(at_once=0, last_minute=0, oldest_start=None, resting_until=None)

_RECENT = legs.c.started > bindparam("minute", type_=Utc())
_TALKING = legs.c.ended.is_(None) & (legs.c.started > bindparam("longest", type_=Utc()))
_LOADS = (
    select(
        legs.c.phone,
        func.count().filter(_TALKING).label("at_once"),
        func.count().filter(_RECENT).label("last_minute"),
        func.min(legs.c.started).filter(_RECENT).label("oldest_start"),
    )
    .where(
        among(legs.c.phone, "phones"),
        legs.c.started > bindparam("oldest", type_=Utc()),
    )
    .group_by(legs.c.phone)
)
_RESTING = select(
    offices.c.phone,
    literal(0).label("at_once"),
    literal(0).label("last_minute"),
    cast(null(), Utc()).label("oldest_start"),
    offices.c.resting_until,
).where(
    among(offices.c.phone, "phones"),
    offices.c.resting_until > bindparam("now", type_=Utc()),
)
# One question for both: it is asked by every hook that looks at offices.
_STATES = Ready(union_all(_LOADS.add_columns(cast(null(), Utc()).label("resting_until")), _RESTING))
_LOAD = Ready(_LOADS)
_SAVEPOINT = Ready(text("SAVEPOINT office"))
_LET_GO = Ready(text("ROLLBACK TO SAVEPOINT office"))


def _locking(dialect: Any) -> Ready:
    statement = dialect.insert(offices)
    return Ready(
        statement.on_conflict_do_update(
            index_elements=["phone"], set_={"phone": statement.excluded.phone}
        )
        .returning(offices.c.resting_until)
        .inline()
    )


_LOCK = {"sqlite": _locking(sqlite), "postgresql": _locking(postgresql)}


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
        alone = self._connection.dialect.name == "sqlite"  # the one writer: nobody else reserves
        if not alone:
            _SAVEPOINT.run(self._connection, {})
        resting = self._lock(phone)
        dead = resting is not None and resting >= FOREVER
        times = _times(now, longest_seconds)
        row = _LOAD.one(self._connection, {"phones": [phone]} | times)
        load = IDLE if row is None else _load(row, None)
        if not dead and load.at_once < most and load.last_minute < per_minute:
            return None
        if not alone:
            _LET_GO.run(self._connection, {})
        if load.last_minute >= per_minute and load.oldest_start is not None:
            return max(1, 60 - int((now - load.oldest_start).total_seconds()))
        return BUSY_SECONDS

    def loads(
        self, phones: Sequence[str], *, now: datetime, longest_seconds: int
    ) -> Mapping[str, OfficeLoad]:
        """Return our load at each number; a leg older than `longest_seconds` cannot still talk."""
        found = dict.fromkeys(phones, IDLE)
        times = _times(now, longest_seconds) | {"now": now}
        for row in _STATES.rows(self._connection, {"phones": list(phones)} | times):
            if row.resting_until is None:
                found[row.phone] = _load(row, found[row.phone].resting_until)
            else:
                found[row.phone] = replace(
                    found[row.phone], resting_until=moment(row.resting_until)
                )
        return found

    def rest(self, phone: str, until: datetime) -> None:
        """Let a number that was reported full or dead rest, for everybody; never for less long."""
        resting = self._lock(phone)
        if resting is None or resting < until:
            self._set(phone, until)

    def wake(self, phone: str) -> None:
        """Let a number be dialled again."""
        self._lock(phone)
        self._set(phone, None)

    def _set(self, phone: str, until: datetime | None) -> None:
        self._connection.execute(
            offices.update().where(offices.c.phone == phone).values(resting_until=until)
        )

    def _lock(self, phone: str) -> datetime | None:
        # An update that changes nothing takes the row's lock, and makes the row where it is not.
        found = _LOCK[self._connection.dialect.name].one(self._connection, {"phone": phone})
        return moment(found.resting_until) if found is not None else None


def _times(now: datetime, longest_seconds: int) -> dict[str, datetime]:
    longest = now - timedelta(seconds=longest_seconds)
    minute = now - timedelta(minutes=1)
    return {"longest": longest, "minute": minute, "oldest": min(longest, minute)}


def _load(row: Any, resting_until: datetime | None) -> OfficeLoad:
    return OfficeLoad(
        at_once=row.at_once,
        last_minute=row.last_minute,
        oldest_start=moment(row.oldest_start),
        resting_until=resting_until,
    )
