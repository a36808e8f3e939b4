"""What limits are judged by: opt-outs, consents, counts of calls; judges nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.call import Door, Ending
from callbridge.domain.records import Usage
from callbridge.store.tables import attempts, calls, consents, counters, opt_outs

# Calls that never rang a number on our asking do not count against it.
_RUNG = (
    calls.c.door.notin_([Door.CALL_IN.value, Door.SELF_DIALLED.value, Door.SHIFT.value]),
    func.coalesce(calls.c.ending, "").notin_([Ending.NOT_PLACED.value, Ending.EXPIRED.value]),
)
_WAITING = ("planned", "claimed", "dialing", "unknown", "placed")


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
        for name in sorted(name for name in names if name):
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})

    def usage(
        self, *, hashes: Sequence[str], network: str | None, slug: str, now: datetime
    ) -> Usage:
        """Count what the limits of a start look at."""
        number = calls.c.phone_hash.in_(hashes)
        hour, day, minute = (now - timedelta(**{u: 1}) for u in ("hours", "days", "minutes"))
        columns: list[ColumnElement[Any]] = [
            exists().where(opt_outs.c.phone_hash.in_(hashes)).label("opted_out"),
            exists()
            .where(
                attempts.c.phone_hash.in_(hashes),
                attempts.c.state.in_(_WAITING),
                (attempts.c.state != "planned") | (attempts.c.kind == "now"),
            )
            .label("in_progress"),
            _count(number, calls.c.created > hour, *_RUNG).label("number_hour"),
            _count(number, calls.c.created > day, *_RUNG).label("number_day"),
            _count(number, calls.c.created > day, calls.c.slug == slug, *_RUNG).label("same"),
            _count(calls.c.network == network, calls.c.created > hour).label("network_hour"),
            _count(calls.c.slug == slug, calls.c.created > minute, *_RUNG).label("campaign_minute"),
        ]
        row = self._connection.execute(select(*columns)).one()
        return Usage(
            opted_out=row.opted_out,
            in_progress=row.in_progress,
            number_hour=row.number_hour,
            number_day=row.number_day,
            campaign_number_day=row.same,
            network_hour=row.network_hour if network else 0,
            campaign_minute=row.campaign_minute,
        )

    def opted_out(self, hashes: Sequence[str]) -> bool:
        """Tell whether the owner asked never to be called again."""
        return bool(
            self._connection.scalar(select(exists().where(opt_outs.c.phone_hash.in_(hashes))))
        )

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
        query = select(consents.c.id).where(consents.c.digest == digest)
        found = self._connection.scalar(query)
        if found is None:
            self._connection.execute(
                self._insert(consents)
                .on_conflict_do_nothing(index_elements=["digest"])
                .values(digest=digest, words=words, first_used=at)
            )
            found = self._connection.scalar(query)
        if found is None:
            raise LookupError("a consent wording vanished between two statements")
        return int(found)

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


def _count(*conditions: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(calls).where(*conditions).scalar_subquery()
