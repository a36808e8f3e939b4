"""What limits are judged by: opt-outs, consents, counts of calls; judges nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.call import Door, Ending
from callbridge.domain.records import Usage
from callbridge.store.ready import Ready, among
from callbridge.store.tables import MOVING, Utc, attempts, calls, consents, counters, opt_outs

# Calls that never rang a number on our asking do not count against it.
_RUNG = (
    calls.c.door != Door.CALL_IN.value,
    calls.c.door != Door.SELF_DIALLED.value,
    calls.c.door != Door.SHIFT.value,
    func.coalesce(calls.c.ending, "") != Ending.NOT_PLACED.value,
    func.coalesce(calls.c.ending, "") != Ending.EXPIRED.value,
)
_WAITING = text(
    "(state IN ('claimed', 'dialing', 'unknown', 'placed') OR state = 'planned' AND kind = 'now')"
)


def _since(name: str) -> ColumnElement[bool]:
    return calls.c.created > bindparam(name, type_=Utc())


def _count(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(calls).where(*conditions).scalar_subquery()


_NUMBER = among(calls.c.phone_hash, "hashes")
_SLUG = calls.c.slug == bindparam("slug")
_OPTED_OUT = exists().where(among(opt_outs.c.phone_hash, "hashes"))
# The campaign's share is counted out of the number's own few calls. Asked for by itself, a server
# that has not looked at the tables yet finds it by reading every call of the campaign's day.
_CALLS_OF_NUMBER = (
    select(
        func.count().filter(_since("hour")).label("number_hour"),
        func.count().label("number_day"),
        func.count().filter(_SLUG).label("same"),
    )
    .where(_NUMBER, _since("day"), *_RUNG)
    .subquery("of_number")
)
_OF_NUMBER = (
    _OPTED_OUT.label("opted_out"),
    exists().where(among(attempts.c.phone_hash, "hashes"), _WAITING).label("in_progress"),
    *_CALLS_OF_NUMBER.c,
)
_USAGE_OF_NUMBER = Ready(select(*_OF_NUMBER))
_USAGE = Ready(
    select(
        *_OF_NUMBER,
        _count(calls.c.network == bindparam("network"), _since("hour")).label("network_hour"),
        _count(_SLUG, _since("minute"), *_RUNG).label("campaign_minute"),
    )
)
# Those that are claimed have no call yet.
_LAST_MINUTE = Ready(
    select(
        _count(_SLUG, _since("minute"), *_RUNG).label("begun"),
        select(func.count())
        .select_from(attempts)
        .where(MOVING, attempts.c.state == "claimed", attempts.c.held_for == bindparam("slug"))
        .scalar_subquery()
        .label("claimed"),
    )
)
_STANDS = Ready(select(_OPTED_OUT.label("opted_out")))
# Keys in their order, so that two transactions never wait for each other's.
_LOCK = Ready(
    text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS taken(key)")
)
_CONSENT = Ready(select(consents.c.id).where(consents.c.digest == bindparam("b_digest")))


class Guards:
    """The limits' tables in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, *names: str | None) -> None:
        """Let nobody else judge the same number or network until this transaction ends.

        SQLite has one writer at a time anyway.
        """
        if self._connection.dialect.name != "postgresql":
            return
        keys = [
            int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            for name in names
            if name
        ]
        if keys:
            _LOCK.run(self._connection, {"keys": sorted(keys)})

    def usage(
        self, *, hashes: Sequence[str], network: str | None, slug: str, now: datetime
    ) -> Usage:
        """Count what the limits of a start look at."""
        values = _of_number(hashes, slug, now) | {
            "network": network,
            "minute": now - timedelta(minutes=1),
        }
        row = _USAGE.one(self._connection, values)
        if row is None:
            raise LookupError("a count came to nothing")
        return replace(
            _usage(row),
            network_hour=row.network_hour if network else 0,
            campaign_minute=row.campaign_minute,
        )

    def usage_of_number(self, *, hashes: Sequence[str], slug: str, now: datetime) -> Usage:
        """Count what the limits of one number look at; the campaign's starts are `last_minute`."""
        row = _USAGE_OF_NUMBER.one(self._connection, _of_number(hashes, slug, now))
        if row is None:
            raise LookupError("a count came to nothing")
        return _usage(row)

    def last_minute(self, slug: str, *, now: datetime) -> int:
        """Count a campaign's starts of the last minute, and claims that are about to start."""
        values = {"slug": slug, "minute": now - timedelta(minutes=1)}
        row = _LAST_MINUTE.one(self._connection, values)
        return int(row.begun + row.claimed) if row else 0

    def opted_out(self, hashes: Sequence[str]) -> bool:
        """Tell whether the owner asked never to be called again."""
        row = _STANDS.one(self._connection, {"hashes": list(hashes)})
        return row is not None and bool(row.opted_out)

    def opt_out(self, phone_hash: str, *, call: str | None, at: datetime) -> None:
        """Never call this number again."""
        self._connection.execute(
            self._insert(opt_outs)
            .on_conflict_do_nothing()
            .values(phone_hash=phone_hash, at=at, call=call)
        )

    def undo_opt_out(self, hashes: Sequence[str], *, call: str) -> None:
        """Take back the opt-out that this very call made."""
        self._connection.execute(
            delete(opt_outs).where(opt_outs.c.phone_hash.in_(hashes), opt_outs.c.call == call)
        )

    def consent(self, words: str, at: datetime) -> int:
        """Return the id of a consent wording, stored once."""
        digest = hashlib.sha256(words.encode()).hexdigest()
        found = _CONSENT.one(self._connection, {"b_digest": digest})
        if found is None:
            self._connection.execute(
                self._insert(consents)
                .on_conflict_do_nothing(index_elements=["digest"])
                .values(digest=digest, words=words, first_used=at)
            )
            found = _CONSENT.one(self._connection, {"b_digest": digest})
        if found is None:
            raise LookupError("a consent wording vanished between two statements")
        return int(found.id)

    def count(self, name: str, *, bucket: int) -> int:
        """Count one more of `name` in a bucket of time; return how many there are now."""
        statement = self._insert(counters).values(name=name, bucket=bucket, count=1)
        found = self._connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["name", "bucket"], set_={"count": counters.c.count + 1}
            ).returning(counters.c.count)
        )
        return int(found)

    def forget_counts(self, *, before: int) -> int:
        """Drop the buckets of the past."""
        done = self._connection.execute(delete(counters).where(counters.c.bucket < before))
        return done.rowcount

    def _insert(self, table: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _of_number(hashes: Sequence[str], slug: str, now: datetime) -> dict[str, Any]:
    return {
        "hashes": list(hashes),
        "slug": slug,
        "hour": now - timedelta(hours=1),
        "day": now - timedelta(days=1),
    }


def _usage(row: Any) -> Usage:
    return Usage(
        opted_out=bool(row.opted_out),
        in_progress=bool(row.in_progress),
        number_hour=row.number_hour,
        number_day=row.number_day,
        campaign_number_day=row.same,
        network_hour=0,
        campaign_minute=0,
    )
