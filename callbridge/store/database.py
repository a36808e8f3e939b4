"""Opens SQLite or PostgreSQL and hands out units of work; knows no table."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from callbridge.errors import DatabaseError
from callbridge.store.analysis import Analysis
from callbridge.store.appointments import Appointments
from callbridge.store.asking import Asking
from callbridge.store.attempts import Attempts
from callbridge.store.blocs import Blocs
from callbridge.store.board import Board
from callbridge.store.budget import Budget
from callbridge.store.calls import Calls
from callbridge.store.campaigns import Campaigns
from callbridge.store.contacts import Contacts
from callbridge.store.disagreeing import Disagreeing
from callbridge.store.drive_attempts import DriveAttempts
from callbridge.store.drives import Drives
from callbridge.store.epoch import CLOCK
from callbridge.store.erasure import Erasure
from callbridge.store.figured import Figured
from callbridge.store.finding import Finding
from callbridge.store.guards import Guards
from callbridge.store.health import Health
from callbridge.store.installation import InstallationRow
from callbridge.store.jobs import Jobs
from callbridge.store.links import Links
from callbridge.store.offices import Offices
from callbridge.store.outbox import Outbox
from callbridge.store.pace import Pace
from callbridge.store.reports import Reports
from callbridge.store.rollups import Rollups
from callbridge.store.server import IDLE_MILLISECONDS, SILENT_SECONDS, Patience, listen
from callbridge.store.tallying import Tallying
from callbridge.store.texts import Texts
from callbridge.store.tried import Tried
from callbridge.store.upkeep import tend
from callbridge.store.vitals import Counting
from callbridge.store.webhooks import Audit, Webhooks

# A carrier gives a hook up after 15 seconds; waiting longer than it does helps nobody.
BUSY_MILLISECONDS = 10_000
POOL_SECONDS = 5
CACHE_KIB = 16_384
# Transactions of one dialer on a server: more would wait for the same rows and the same cores.
WRITERS = 4


def database_url(text: str) -> URL:
    """Return the URL with the driver this project ships (`postgres://` is understood too)."""
    url = make_url(text)
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


class Unit:
    """One transaction and what can be done in it."""

    __slots__ = (
        "analysis",
        "appointments",
        "asking",
        "attempts",
        "audit",
        "blocs",
        "board",
        "budget",
        "calls",
        "campaigns",
        "connection",
        "contacts",
        "counting",
        "disagreeing",
        "drive_attempts",
        "drives",
        "erasure",
        "figures",
        "finding",
        "guards",
        "health",
        "installation",
        "jobs",
        "links",
        "offices",
        "outbox",
        "pace",
        "reports",
        "rollups",
        "tallying",
        "texts",
        "tried",
        "webhooks",
    )

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.analysis = Analysis(connection)
        self.appointments = Appointments(connection)
        self.asking = Asking(connection)
        self.attempts = Attempts(connection)
        self.audit = Audit(connection)
        self.blocs = Blocs(connection)
        self.board = Board(connection)
        self.budget = Budget(connection)
        self.calls = Calls(connection)
        self.campaigns = Campaigns(connection)
        self.figures = Figured(connection)
        self.contacts = Contacts(connection)
        self.drive_attempts = DriveAttempts(connection)
        self.drives = Drives(connection)
        self.counting = Counting(connection)
        self.disagreeing = Disagreeing(connection)
        self.erasure = Erasure(connection)
        self.finding = Finding(connection)
        self.guards = Guards(connection)
        self.health = Health(connection)
        self.installation = InstallationRow(connection)
        self.jobs = Jobs(connection)
        self.links = Links(connection)
        self.offices = Offices(connection)
        self.outbox = Outbox(connection)
        self.pace = Pace(connection)
        self.reports = Reports(connection)
        self.rollups = Rollups(connection)
        self.tallying = Tallying(connection)
        self.texts = Texts(connection)
        self.tried = Tried(connection)
        self.webhooks = Webhooks(connection)


class Database:
    """The store: `reading()` and `writing()` are one transaction each, ended by leaving.

    With `seconds`, a clock in Unix seconds, it is a rehearsal's: its statements are told the time
    by that clock, and nothing of it needs to outlive a power loss.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        silent_seconds: float | None = SILENT_SECONDS,
        busy_milliseconds: int = BUSY_MILLISECONDS,
        idle_milliseconds: int = IDLE_MILLISECONDS,
        seconds: Callable[[], float] | None = None,
    ) -> None:
        """Open a database; `silent_seconds` bounds the wait for a server that is out of reach.

        `busy_milliseconds` bounds the wait for what somebody else holds; after
        `idle_milliseconds` without a word a server ends a transaction.
        """
        self.url = database_url(url)
        patience = Patience(
            busy_milliseconds=busy_milliseconds,
            idle_milliseconds=idle_milliseconds,
            silent_seconds=silent_seconds,
        )
        self.engine = _engine(self.url, pool_size, patience)
        if seconds is not None:
            setattr(self.engine.dialect, CLOCK, seconds)
            if self.kind == "sqlite":
                event.listen(self.engine, "connect", _wait_for_no_disk)
        self._writer = self.engine.execution_options(callbridge_writes=True)

    @property
    def kind(self) -> str:
        """Name the database: sqlite or postgresql."""
        return self.engine.dialect.name

    @property
    def writers(self) -> int:
        """Return how many transactions of one process get on together: SQLite has one writer."""
        return 1 if self.kind == "sqlite" else WRITERS

    @contextlib.contextmanager
    def reading(self) -> Iterator[Unit]:
        """Open a transaction that only reads."""
        with _speaking_plainly(), self.engine.begin() as connection:
            yield Unit(connection)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Unit]:
        """Open a transaction that may write; it commits on leaving, rolls back on an error.

        Raises DatabaseError when the database is away, locked too long or broke a deadlock.
        """
        with _speaking_plainly(), self._writer.begin() as connection:
            yield Unit(connection)

    def tend(self) -> str:
        """Look after the database itself; return what was done. Raises DatabaseError."""
        with _speaking_plainly():
            return tend(self.engine)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


@contextlib.contextmanager
def _speaking_plainly() -> Iterator[None]:
    try:
        yield
    # The driver's own comes from BEGIN, which we send ourselves.
    except (InterfaceError, OperationalError, PoolTimeout, sqlite3.OperationalError) as trouble:
        raise DatabaseError("The database does not answer at the moment.") from trouble
    except DBAPIError as trouble:
        # A server that ended our connection (we said nothing for too long) has its own words.
        if not trouble.connection_invalidated:
            raise
        raise DatabaseError("The database does not answer at the moment.") from trouble


def _engine(url: URL, pool_size: int, patience: Patience) -> Engine:
    # Errors must not carry what was being stored into a log.
    pool = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_timeout": POOL_SECONDS,
        "hide_parameters": True,
    }
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, **pool)
        listen(engine, patience)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **pool)
    event.listen(engine, "connect", partial(_prepare_sqlite, patience))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(patience: Patience, connection: Any, record: object) -> None:
    # The driver must not open transactions of its own: it would start them deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {patience.busy_milliseconds}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: a `dialing` row that a power loss forgets is a person rung twice.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    # As comes, 2 MB: an analyst's page reads more than that, again and again.
    cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    try:
        cursor.execute("SELECT power(2, 1)")
    except sqlite3.OperationalError:  # a build without the mathematical functions
        connection.create_function("power", 2, pow, deterministic=True)
    cursor.close()


def _wait_for_no_disk(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF").close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once under contention.
    writes = connection.get_execution_options().get("callbridge_writes", False)
    # Straight to the driver: there is nothing to compile, and this runs before every hook.
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
