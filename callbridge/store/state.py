"""Whether a database is there, up to date and anybody's, for a command to know; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from callbridge.errors import SettingsError
from callbridge.store.database import Database, database_url
from callbridge.store.migrate import is_current
from callbridge.store.people_tables import people


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """A database as it stands: `where` has no password in it; `trouble` is None when it answers."""

    kind: str
    where: str
    current: bool
    trouble: str | None = None


def state_of(url: str) -> DatabaseState:
    """Look at a database; a SQLite file that is not there is not made. Raises SettingsError."""
    try:
        named = database_url(url)
        local = named.get_backend_name() == "sqlite"
        kind = "SQLite" if local else "PostgreSQL"
        where = (named.database if local else named.host) or "memory"
        if local and not Path(where).is_file():
            return DatabaseState(kind=kind, where=where, current=False)
        database = Database(url)
    except SQLAlchemyError as error:
        raise SettingsError(
            "DATABASE_URL cannot be read: write sqlite:///folder/file or "
            "postgresql://name:password@host/database."
        ) from error
    try:
        return DatabaseState(kind=kind, where=where, current=is_current(database))
    except SQLAlchemyError as error:
        what = str(getattr(error, "orig", error)).split("\n", maxsplit=1)[0]
        return DatabaseState(kind=kind, where=where, current=False, trouble=what)
    finally:
        database.close()


def somebody_signs_in(url: str) -> bool:
    """Tell whether anybody was given a sign-in; the tables must be there."""
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            return connection.scalar(select(people.c.id).limit(1)) is not None
    finally:
        database.close()
