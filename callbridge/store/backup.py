"""Takes a copy of a database while it is used; the copy is held, so that it rings nobody."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL

from callbridge.errors import DatabaseError
from callbridge.store.database import BUSY_MILLISECONDS, database_url

Tell = Callable[[int, int], None]
PAGES_AT_ONCE = 512


def ignore(_done: int, _total: int) -> None:
    """Hear how far it is and say nothing."""


def back_up(url_text: str, target: Path, *, at: datetime, tell: Tell = ignore) -> None:
    """Write a copy of the database, as it was at one moment, to a new file.

    `tell` hears pages done and pages in all (SQLite). Raises DatabaseError with what to do; then
    no file of that name was made.
    """
    if target.exists():
        raise DatabaseError(f"{target} is there already; name a new file.")
    url = database_url(url_text)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        if url.get_backend_name() == "sqlite":
            _copy_sqlite(Path(url.database or ""), partial, at=at, tell=tell)
        else:
            _dump_postgresql(url, partial, at=at)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path, *, at: datetime, tell: Tell) -> None:
    if not source.is_file():
        raise DatabaseError(f"There is no database at {source}.")
    try:
        with closing(connect(source)) as given, closing(connect(target)) as copy:
            # Without a reader's view of its own the copying would begin anew at every write.
            given.execute("BEGIN")
            given.execute("SELECT count(*) FROM sqlite_master").fetchone()
            given.backup(
                copy,
                pages=PAGES_AT_ONCE,
                progress=lambda _, left, total: tell(total - left, total),
                sleep=0,
            )
            given.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.executescript(mark_statement(at))
            check(copy, target)
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} could not be copied: {error}.") from error


def connect(path: Path) -> sqlite3.Connection:
    """Open an SQLite file without transactions of the driver's own."""
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)


def check(copy: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseError when a file is damaged or its rows do not fit together."""
    found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise DatabaseError(f"{path} is damaged: {found}.")
    orphans = copy.execute("PRAGMA foreign_key_check").fetchall()
    if orphans:
        raise DatabaseError(f"{path} is damaged: {len(orphans)} rows refer to what is not there.")


def mark_statement(at: datetime) -> str:
    """Return the SQL that makes a copy know that it is one, and forget who worked on it.

    It stands inside the copy, so that it holds however the copy is brought back.
    """
    moment = f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    # Both databases read this; the zone is for PostgreSQL, SQLite keeps UTC without one.
    return f"""
INSERT INTO installation (id, held_since, copied, copied_to)
VALUES (1, '{moment}', '{moment}', (SELECT coalesce(max(id), 0) FROM attempts))
ON CONFLICT (id) DO UPDATE SET held_since = excluded.held_since, released = NULL,
  copied = excluded.copied, copied_to = excluded.copied_to;
DELETE FROM dialers;
UPDATE jobs SET owner = NULL, lease_until = NULL;
"""  # noqa: S608 - a time of ours, nobody's input


def _dump_postgresql(url: URL, target: Path, *, at: datetime) -> None:
    command = [*_tool("pg_dump", url), "--format=plain", "--no-owner", "--no-privileges"]
    run_tool([*command, f"--file={target}"], url)
    with target.open("a", encoding="utf-8") as file:
        # pg_dump leaves an empty search path behind.
        file.write("\nSET search_path = public;\nSET TIME ZONE 'UTC';\n" + mark_statement(at))


def _tool(name: str, url: URL) -> list[str]:
    path = shutil.which(name)
    if path is None:
        raise DatabaseError(
            f"{name} is not on the PATH. Install PostgreSQL's client programs of the server's "
            "version (Debian: postgresql-client), or use your database host's own backups."
        )
    return [path, f"--dbname={address(url)}"]


def address(url: URL) -> str:
    """Return a PostgreSQL address without its password, as the client programs read it."""
    plain = url.set(drivername="postgresql")
    return URL.create(
        plain.drivername,
        username=plain.username,
        host=plain.host,
        port=plain.port,
        database=plain.database,
        query=plain.query,
    ).render_as_string()


def psql(url: URL) -> list[str]:
    """Return the start of a `psql` command. Raises DatabaseError when there is none."""
    return _tool("psql", url)


def run_tool(command: list[str], url: URL) -> None:
    """Run one of PostgreSQL's programs; the password goes by its environment, not its words.

    Raises DatabaseError with the last line it said.
    """
    environment = dict(os.environ)
    if url.password:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(  # noqa: S603 - no shell, our own words
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        said = lines[-1] if lines else f"it ended with {done.returncode}"
        raise DatabaseError(f"{Path(command[0]).name} failed: {said}")
