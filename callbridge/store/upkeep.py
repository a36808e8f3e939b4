"""Looks after the database itself: statistics, the write-ahead log, its size; knows no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine.interfaces import DBAPICursor

_MEGA = 1_000_000


def size(connection: Connection) -> int:
    """Return the bytes of the database on its disk."""
    if connection.dialect.name != "sqlite":
        found = connection.scalar(text("SELECT pg_database_size(current_database())"))
        return int(found or 0)
    pages = connection.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(connection.scalar(text("PRAGMA page_size")) or 0)


def _megabytes(engine: Engine) -> str:
    with engine.connect() as connection:
        return f"{size(connection) / _MEGA:.1f} MB"


@contextmanager
def _impatient(cursor: DBAPICursor) -> Iterator[None]:
    """Let a connection wait 200 ms at most; whatever happens, its next owner waits as before."""
    before = int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
    # Emptying the log waits for readers while writers wait for it: better not this time.
    cursor.execute("PRAGMA busy_timeout = 200")
    try:
        yield
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {before}")


def tend(engine: Engine) -> str:
    """Refresh what the planner knows, empty the write-ahead log; return a sentence.

    PostgreSQL does both by itself.
    """
    if engine.dialect.name != "sqlite":
        return f"PostgreSQL looks after itself; it holds {_megabytes(engine)}."
    driver = engine.raw_connection()
    try:
        cursor = driver.cursor()
        # It reads and then writes, which fails at once beside a writer: its turn is waited for.
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("PRAGMA optimize")
        cursor.execute("COMMIT")
        with _impatient(cursor):
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.close()
    finally:
        driver.close()
    log = "its log was in use" if busy else "its log is empty"
    return f"SQLite holds {_megabytes(engine)}; {log}."
