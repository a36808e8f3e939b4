"""Drives and their buckets as rows; decides nothing about whom to ring."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Float, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.drives import Bucket, Deed, Done, DriveRecord, DriveState
from callbridge.domain.records import CampaignRecord, CampaignState
from callbridge.store.drive_tables import buckets, drive_deeds, drives
from callbridge.store.epoch import epoch_now, later_of
from callbridge.store.ready import Ready, among, known_moment, moment
from callbridge.store.tables import DUE, attempts, campaigns

_COLUMNS = tuple(drives.c[field.name] for field in fields(DriveRecord))
_OF_BUCKET = tuple(buckets.c[name] for name in ("id", "drive", "zones", "states", "offices"))
_OF_DRIVES = select(*_OF_BUCKET).where(among(buckets.c.drive, "b_drives")).order_by(buckets.c.id)
# Each bucket's first: asked whether there is any, a server may read all who wait.
_FIRST = select(func.min(attempts.c.run_at)).where(attempts.c.bucket == buckets.c.id, DUE)
_BUCKETS = Ready(_OF_DRIVES)
_WAITING = Ready(_OF_DRIVES.where(_FIRST.scalar_subquery().is_not(None)))
_GET = Ready(select(*_COLUMNS).where(drives.c.id == bindparam("b_id")))
_LOCK = Ready(select(*_COLUMNS).where(drives.c.id == bindparam("b_id")).with_for_update())
_CAMPAIGN = tuple(campaigns.c[field.name] for field in fields(CampaignRecord))
# Every dial asks for both, twice: one round to the server instead of two.
_WITH_CAMPAIGN = Ready(
    select(*_COLUMNS, *(column.label(f"of_{column.name}") for column in _CAMPAIGN))
    .join(campaigns, campaigns.c.slug == drives.c.slug)
    .where(drives.c.id == bindparam("b_id"))
)
_ALL = Ready(
    select(*_COLUMNS)
    .where(among(drives.c.state, "b_states"))
    .order_by(drives.c.created.desc(), drives.c.id)
)
# Its own rate, where it has one, in the same statement: NULL divides to NULL and is never read.
_TURN = Ready(
    update(drives)
    .where(
        drives.c.id == bindparam("b_id"),
        drives.c.state == DriveState.RUNNING.value,
        or_(
            drives.c.rate.is_(None),
            drives.c.next_free <= epoch_now() + bindparam("b_patience", type_=Float()),
        ),
    )
    .values(
        served=bindparam("b_served"),
        next_free=func.coalesce(
            later_of(drives.c.next_free) + 1.0 / drives.c.rate, drives.c.next_free
        ),
    )
    .returning(
        func.coalesce(drives.c.next_free - 1.0 / drives.c.rate - epoch_now(), 0.0).label("wait")
    )
)


class Drives:
    """The drives of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, record: DriveRecord) -> None:
        """Insert a drive."""
        values = {field.name: getattr(record, field.name) for field in fields(record)}
        shift = ",".join(record.shift) or None
        self._connection.execute(
            insert(drives).values(values | {"state": record.state.value, "shift": shift})
        )

    def get(self, drive: str, *, lock: bool = False) -> DriveRecord | None:
        """Return a drive, locked until the transaction ends when asked for."""
        if "\0" in drive:  # PostgreSQL cannot even be asked for such a text
            return None
        row = (_LOCK if lock else _GET).one(self._connection, {"b_id": drive})
        return None if row is None else _record(row)

    def with_campaign(self, drive: str) -> tuple[DriveRecord, CampaignRecord] | None:
        """Return a drive and its campaign."""
        row = _WITH_CAMPAIGN.one(self._connection, {"b_id": drive})
        if row is None:
            return None
        campaign = CampaignRecord(
            slug=row.of_slug,
            digest=row.of_digest,
            state=CampaignState(row.of_state),
            number=row.of_number,
            published=known_moment(row.of_published),
        )
        return _record(row), campaign

    def all(self, *, states: Collection[DriveState] = ()) -> list[DriveRecord]:
        """Return the drives, newest first, of some states or of all."""
        names = [state.value for state in states or DriveState]
        return [_record(row) for row in _ALL.rows(self._connection, {"b_states": names})]

    def note(self, deed: Deed) -> None:
        """Write down what was done to a drive."""
        self._connection.execute(
            insert(drive_deeds).values(
                drive=deed.drive,
                at=deed.at,
                what=deed.what.value,
                who=deed.who[:255] if deed.who else None,
                words=deed.words[:300],
            )
        )

    def deeds(self, drive: str, *, most: int) -> list[Deed]:
        """Return what was done to a drive, newest first."""
        rows = self._connection.execute(
            select(drive_deeds)
            .where(drive_deeds.c.drive == drive)
            .order_by(drive_deeds.c.id.desc())
            .limit(most)
        )
        return [
            Deed(drive=row.drive, at=row.at, what=Done(row.what), who=row.who, words=row.words)
            for row in rows
        ]

    def change(self, drive: str, *, from_: Collection[DriveState], **values: Any) -> bool:
        """Write columns of a drive that is in one of `from_`; False when it is not."""
        done = self._connection.execute(
            update(drives)
            .where(drives.c.id == drive, drives.c.state.in_([state.value for state in from_]))
            .values(values)
        )
        return done.rowcount == 1

    def take_turn(self, drive: str, *, served: float, patience: float) -> float | None:
        """Take a start of a running drive's own rate; return the seconds until it.

        None when it is farther away than `patience`, or the drive is not running.
        The row stays locked until the transaction ends, so that a pause waits for nobody else.
        """
        values = {"b_id": drive, "b_served": served, "b_patience": patience}
        row = _TURN.one(self._connection, values)
        return None if row is None else max(0.0, float(row.wait))

    def count_results(
        self, drive: str, *, rung: int, answered: int, keyed: int, bridged: int
    ) -> None:
        """Count tries that rang and are over."""
        self._connection.execute(
            update(drives)
            .where(drives.c.id == drive)
            .values(
                rung=drives.c.rung + rung,
                answered=drives.c.answered + answered,
                keyed=drives.c.keyed + keyed,
                bridged=drives.c.bridged + bridged,
            )
        )

    def ease(self, record: DriveRecord, *, share: float, at: datetime, counted: bool) -> bool:
        """Write the share that falling answers leave; False when another dialer judged first."""
        values: dict[str, Any] = {"share": share, "eased": at}
        if counted:
            values |= {"rung_before": record.rung, "answered_before": record.answered}
        unchanged = (
            drives.c.eased.is_(None) if record.eased is None else drives.c.eased == record.eased
        )
        done = self._connection.execute(
            update(drives).where(drives.c.id == record.id, unchanged).values(values)
        )
        return done.rowcount == 1

    def bucket(
        self, drive: str, *, zones: Sequence[str], states: Sequence[str], offices: Sequence[str]
    ) -> int:
        """Return the id of a bucket, made when it is new."""
        values = {
            "zones": ",".join(zones),
            "states": ",".join(states),
            "offices": ",".join(offices),
        }
        digest = hashlib.sha256("|".join(values.values()).encode()).hexdigest()
        query = select(buckets.c.id).where(buckets.c.drive == drive, buckets.c.digest == digest)
        found = self._connection.scalar(query)
        if found is None:
            dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
            self._connection.execute(
                dialect.insert(buckets)
                .on_conflict_do_nothing(index_elements=["drive", "digest"])
                .values(drive=drive, digest=digest, **values)
            )
            found = self._connection.scalar(query)
        if found is None:
            raise LookupError("a bucket vanished between two statements")
        return int(found)

    def buckets(self, ids: Collection[str], *, waiting: bool = False) -> list[Bucket]:
        """Return the buckets of some drives; `waiting`: only those with somebody to ring."""
        statement = _WAITING if waiting else _BUCKETS
        rows = statement.rows(self._connection, {"b_drives": list(ids)})
        return [_bucket(*row) for row in rows]


# A bucket never changes, and a dialer reads every one that waits again for each round.
@lru_cache(maxsize=16_384)
def _bucket(id_: int, drive: str, zones: str, states: str, offices: str) -> Bucket:
    return Bucket(
        id=id_,
        drive=drive,
        zones=_split(zones),
        states=_split(states),
        offices=_split(offices),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _record(row: Any) -> DriveRecord:
    values = {column.name: getattr(row, column.name) for column in _COLUMNS}
    return DriveRecord(
        **values
        | {
            "state": DriveState(row.state),
            "shift": _split(row.shift or ""),
            "promised": bool(row.promised),
            "redial_missing": bool(row.redial_missing),
            "created": known_moment(row.created),
        }
        | {name: moment(values[name]) for name in ("eased", "resumed", "ended")}
    )
