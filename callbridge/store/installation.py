"""The row that says whether attempts may be claimed here; decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.installation import Installation
from callbridge.domain.records import AttemptKind
from callbridge.store.keeping_tables import installation
from callbridge.store.ready import Ready, moment
from callbridge.store.tables import attempts, calls

_READ = Ready(select(installation))


def may_ring() -> ColumnElement[bool]:
    """Return the condition, on a row of attempts, that the installation lets it be rung.

    While it is held: what somebody asks for now, since then. Part of every claim and of every
    step to `dialing`, so that no transaction can overlook it.
    """
    held = exists().where(
        installation.c.held_since.is_not(None),
        or_(
            attempts.c.kind != AttemptKind.NOW.value,
            attempts.c.id <= installation.c.copied_to,
        ),
    )
    return ~held.correlate(attempts)


def drives_may_ring() -> ColumnElement[bool]:
    """Return what `may_ring` comes to for a drive's attempts, which nobody asked for.

    It is the same for each of them, so whoever looks at many asks it once.
    """
    return ~exists().where(installation.c.held_since.is_not(None))


class InstallationRow:
    """The installation's row in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self) -> Installation:
        """Return what this database is."""
        row = _READ.one(self._connection, {})
        if row is None:
            return Installation()
        return Installation(
            held_since=moment(row.held_since),
            released=moment(row.released),
            copied=moment(row.copied),
            copied_to=row.copied_to,
        )

    def hold(self, at: datetime) -> None:
        """Let nobody be rung by itself from now on; a hold that stands stays as it is."""
        self._ensure()
        self._connection.execute(
            update(installation)
            .where(installation.c.held_since.is_(None))
            .values(held_since=at, released=null(), copied_to=self._newest())
        )

    def hold_copy(self, at: datetime) -> None:
        """Hold a restored copy; one that does not say when it was taken is as old as its news."""
        self.hold(at)
        heard = select(func.max(calls.c.heard)).scalar_subquery()
        self._connection.execute(
            update(installation)
            .where(installation.c.copied.is_(None))
            .values(copied=func.coalesce(heard, at), copied_to=self._newest())
        )

    def release(self, at: datetime) -> bool:
        """Let attempts be rung again; False when nothing was held."""
        done = self._connection.execute(
            update(installation)
            .where(installation.c.held_since.is_not(None))
            .values(held_since=null(), released=at)
        )
        return done.rowcount == 1

    def _newest(self) -> Any:
        return select(func.coalesce(func.max(attempts.c.id), 0)).scalar_subquery()

    def _ensure(self) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(installation).on_conflict_do_nothing()
        self._connection.execute(statement.values(id=1))
