"""Brings a backup back, held: an operator lets it ring; replaces nothing unasked."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect

from callbridge.domain.installation import Installation
from callbridge.errors import DatabaseError
from callbridge.store.backup import Tell, check, connect, ignore, psql, run_tool
from callbridge.store.database import Database, database_url
from callbridge.store.migrate import migrate
from callbridge.store.state import state_of

SQLITE_HEAD = b"SQLite format 3\x00"
# A dialer that was heard of within so many seconds still works.
AT_WORK_SECONDS = 30.0


def restore(
    url_text: str, source: Path, *, at: datetime, replace: bool = False, tell: Tell = ignore
) -> Installation:
    """Bring a copy back as the database at a URL, with the newest tables; return what it is now.

    With `replace` an SQLite file that is there is kept beside it. A PostgreSQL database must be
    empty. Raises DatabaseError with what to do; then the database in use was not touched.
    """
    if not source.is_file():
        raise DatabaseError(f"There is no file {source}.")
    url = database_url(url_text)
    with source.open("rb") as file:
        is_sqlite = file.read(len(SQLITE_HEAD)) == SQLITE_HEAD
    if is_sqlite != (url.get_backend_name() == "sqlite"):
        kinds = ("an SQLite file", "a PostgreSQL dump")
        raise DatabaseError(f"{source} is {kinds[not is_sqlite]}; DATABASE_URL names the other.")
    if is_sqlite:
        return _restore_sqlite(url_text, source, at=at, replace=replace, tell=tell)
    return _restore_postgresql(url_text, source, at=at)


def _restore_sqlite(
    url_text: str, source: Path, *, at: datetime, replace: bool, tell: Tell
) -> Installation:
    target = Path(database_url(url_text).database or "")
    if target.exists():
        if not replace:
            raise DatabaseError(
                f"{target} is there already. Stop everything, then write --replace: what is "
                "there is kept beside it."
            )
        _refuse_at_work(url_text)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    try:
        with closing(connect(source)) as given, closing(connect(fresh)) as copy:
            given.backup(copy, pages=512, progress=lambda _, left, all_: tell(all_ - left, all_))
            check(copy, source)
        held = _hold(f"sqlite:///{fresh}", at)
        _put_aside(target, at)
        fresh.replace(target)
    except sqlite3.Error as error:
        raise DatabaseError(f"{source} could not be read: {error}.") from error
    finally:
        for leftover in _files(fresh):
            leftover.unlink(missing_ok=True)
    return held


def _files(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(f"{path.name}{end}") for end in ("", "-wal", "-shm"))


def _put_aside(target: Path, at: datetime) -> None:
    """Keep what is there under another name, its log too: it may hold the newest writes."""
    mark = f".before-{at:%Y%m%d-%H%M%S}"
    aside = target.with_name(f"{target.name}{mark}")
    for old, new in zip(_files(target), _files(aside), strict=True):
        if old.exists():
            os.replace(old, new)  # noqa: PTH105 - one by one, as they stand


def _refuse_at_work(url_text: str) -> None:
    if not state_of(url_text).current:
        return
    database = Database(url_text)
    try:
        with database.reading() as unit:
            at_work = unit.jobs.dialers(within=AT_WORK_SECONDS)
    finally:
        database.close()
    if at_work:
        raise DatabaseError("A dialer works on this database: stop everything first.")


def _restore_postgresql(url_text: str, source: Path, *, at: datetime) -> Installation:
    url = database_url(url_text)
    database = Database(url_text)
    try:
        found = inspect(database.engine).get_table_names()
    finally:
        database.close()
    if found:
        raise DatabaseError(
            f"The database {url.database} holds {len(found)} tables. Make an empty one (createdb) "
            "and name it in DATABASE_URL."
        )
    command = [*psql(url), "--no-psqlrc", "--quiet", "--single-transaction"]
    run_tool([*command, "--set=ON_ERROR_STOP=1", f"--file={source}"], url)
    return _hold(url_text, at)


def _hold(url_text: str, at: datetime) -> Installation:
    """Bring a copy to the newest tables and hold it, whoever made it and however."""
    migrate(url_text)
    database = Database(url_text)
    try:
        with database.writing() as unit:
            unit.installation.hold_copy(at)
            return unit.installation.read()
    finally:
        database.close()
