"""The people of drives as rows: added once, counted, forgotten; rings nobody."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.drives import Listed, NewPerson, Person, Waiting
from callbridge.domain.records import AttemptKind, AttemptState
from callbridge.store.drive_tables import contacts, drives
from callbridge.store.ready import Ready, known_moment
from callbridge.store.tables import DUE, LATEST, attempts, opt_outs

_AT_ONCE = 500
_GET = Ready(select(contacts).where(contacts.c.id == bindparam("b_id")))


class Contacts:
    """The people of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, drive: str, people: Sequence[NewPerson], *, run_at: datetime) -> int:
        """Add those who are not in the drive yet, each with a first attempt; count them."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = (
            dialect.insert(contacts)
            .on_conflict_do_nothing(index_elements=["drive", "phone_hash"])
            .returning(contacts.c.id, contacts.c.phone_hash, contacts.c.bucket)
        )
        count = 0
        for start in range(0, len(people), _AT_ONCE):
            part = people[start : start + _AT_ONCE]
            new = self._connection.execute(statement, [_row(drive, one) for one in part]).all()
            if new:
                self._connection.execute(
                    insert(attempts),
                    [
                        {
                            "phone_hash": row.phone_hash,
                            "kind": AttemptKind.DRIVE.value,
                            "state": AttemptState.PLANNED.value,
                            "run_at": run_at,
                            "drive": drive,
                            "contact": row.id,
                            "bucket": row.bucket,
                            "latest": True,
                        }
                        for row in new
                    ],
                )
            count += len(new)
        return count

    def known(self, drive: str, hashes: Collection[str]) -> frozenset[str]:
        """Return those of `hashes` that the drive has already."""
        return self._among(
            hashes,
            lambda part: select(contacts.c.phone_hash).where(
                contacts.c.drive == drive, contacts.c.phone_hash.in_(part)
            ),
        )

    def opted_out(self, hashes: Collection[str]) -> frozenset[str]:
        """Return those of `hashes` whose owners asked never to be called again."""
        return self._among(
            hashes,
            lambda part: select(opt_outs.c.phone_hash).where(opt_outs.c.phone_hash.in_(part)),
        )

    def _among(self, hashes: Collection[str], query: object) -> frozenset[str]:
        every = list(hashes)
        found: set[str] = set()
        for start in range(0, len(every), _AT_ONCE):
            statement = query(every[start : start + _AT_ONCE])  # type: ignore[operator]
            found.update(self._connection.scalars(statement))
        return frozenset(found)

    def get(self, contact: int) -> Person | None:
        """Return one person."""
        row = _GET.one(self._connection, {"b_id": contact})
        if row is None:
            return None
        return Person(
            id=row.id,
            drive=row.drive,
            phone_hash=row.phone_hash or "",
            phone_enc=row.phone_enc,
            zip=row.zip,
            language=row.language,
            group=row.group_name,
            consent_source=row.consent_source,
            consent_at=known_moment(row.consent_at),
        )

    def listed(self, drive: str) -> list[Listed]:
        """Return the people of a drive as its list has them, in its order, over or not."""
        rows = self._connection.execute(
            select(
                contacts.c.zip,
                contacts.c.language,
                contacts.c.group_name,
                contacts.c.phone_enc,
                attempts.c.over_at.is_not(None).label("over"),
                opt_outs.c.phone_hash.is_not(None).label("opted_out"),
            )
            .select_from(
                contacts.outerjoin(
                    attempts, (attempts.c.contact == contacts.c.id) & LATEST
                ).outerjoin(opt_outs, opt_outs.c.phone_hash == contacts.c.phone_hash)
            )
            .where(contacts.c.drive == drive)
            .order_by(contacts.c.id)
        )
        return [
            Listed(
                zip=row.zip,
                language=row.language,
                group=row.group_name,
                phone_enc=row.phone_enc,
                over=bool(row.over),
                opted_out=bool(row.opted_out),
            )
            for row in rows
        ]

    def count(self, drive: str) -> int:
        """Count the people of a drive."""
        found = self._connection.scalar(
            select(func.count()).select_from(contacts).where(contacts.c.drive == drive)
        )
        return found or 0

    def by_bucket(self, drive: str) -> Mapping[int, int]:
        """Count the people of a drive in each bucket."""
        rows = self._connection.execute(
            select(contacts.c.bucket, func.count())
            .where(contacts.c.drive == drive)
            .group_by(contacts.c.bucket)
        )
        return {row[0]: row[1] for row in rows}

    def by_state(self, drive: str) -> Mapping[str, int]:
        """Count the people of a drive by the state of their last attempt."""
        rows = self._connection.execute(
            select(attempts.c.state, func.count())
            .where(attempts.c.drive == drive, LATEST)
            .group_by(attempts.c.state)
        )
        return {row[0]: row[1] for row in rows}

    def by_cause(self, drive: str) -> Mapping[str, int]:
        """Count the people whose last attempt is over by what it came to."""
        cause = func.coalesce(attempts.c.result, attempts.c.reason)
        rows = self._connection.execute(
            select(cause, func.count())
            .where(attempts.c.drive == drive, LATEST, attempts.c.over_at.is_not(None))
            .group_by(cause)
        )
        return {row[0]: row[1] for row in rows if row[0]}

    def waiting(self, drive: str, *, most: int) -> list[Waiting]:
        """Return the people of a drive who are to be rung, longest due first."""
        rows = self._connection.execute(
            select(
                attempts.c.id,
                attempts.c.bucket,
                attempts.c.run_at,
                contacts.c.phone_enc,
                contacts.c.zip,
                contacts.c.language,
                contacts.c.group_name,
            )
            .join(contacts, contacts.c.id == attempts.c.contact)
            .where(attempts.c.drive == drive, DUE)
            .order_by(attempts.c.run_at, attempts.c.id)
            .limit(most)
        )
        return [
            Waiting(
                attempt=row.id,
                bucket=row.bucket,
                run_at=row.run_at,
                phone_enc=row.phone_enc,
                zip=row.zip,
                language=row.language,
                group=row.group_name,
            )
            for row in rows
        ]

    def erase_list(self, *, ended_before: datetime) -> int:
        """Forget who was on the lists of drives that are over: numbers, ZIPs, all else of them.

        What a person came to stays, and so do states and offices, which the buckets keep.
        """
        return self._erase(
            ended_before,
            contacts.c.phone_enc.is_not(None) | contacts.c.zip.is_not(None),
            phone_enc=null(),
            zip=null(),
            extra="{}",
        )

    def erase_hashes(self, *, ended_before: datetime) -> int:
        """Forget the keyed hashes and the groups of drives that are long over."""
        return self._erase(
            ended_before, contacts.c.phone_hash.is_not(None), phone_hash=null(), group_name=""
        )

    def _erase(self, ended_before: datetime, condition: object, **values: object) -> int:
        ended = select(drives.c.id).where(drives.c.ended < ended_before)
        done = self._connection.execute(
            update(contacts)
            .where(contacts.c.drive.in_(ended), condition)  # type: ignore[arg-type]
            .values(**values)
        )
        return done.rowcount


def _row(drive: str, person: NewPerson) -> dict[str, object]:
    return {
        "drive": drive,
        "phone_hash": person.phone_hash,
        "phone_enc": person.phone_enc,
        "zip": person.zip,
        "language": person.language,
        "group_name": person.group,
        "consent_source": person.consent_source,
        "consent_at": person.consent_at,
        "extra": json.dumps(dict(person.extra), ensure_ascii=False),
        "bucket": person.bucket,
    }
