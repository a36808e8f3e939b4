"""SQLite is looked after beside those who use it: the work waits its turn, and so does the next."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from callbridge.store import Database
from callbridge.store.database import BUSY_MILLISECONDS


@pytest.fixture
def books(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """Return a database on SQLite."""
    path = tmp_path / "books.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


def patience(database: Database) -> int:
    """Return how long the connection that was used last waits for a lock, in milliseconds."""
    with database.reading() as unit:
        return int(unit.connection.scalar(text("PRAGMA busy_timeout")) or 0)


def analysed(database: Database) -> set[str]:
    """Return the tables of which the planner knows something."""
    with database.reading() as unit:
        return set(unit.connection.scalars(text("SELECT tbl FROM sqlite_stat1")))


def test_what_the_planner_knows_is_renewed_when_whoever_writes_is_done(books: Database) -> None:
    with books.writing() as unit:
        unit.connection.execute(text("CREATE TABLE something AS SELECT 1 AS number, 2 AS other"))
        unit.connection.execute(text("CREATE INDEX numbers ON something (number)"))
    writing, done = threading.Event(), threading.Event()

    def write() -> None:
        with books.writing():
            writing.set()
            done.wait(0.3)

    other = threading.Thread(target=write)
    other.start()
    assert writing.wait(10)
    with books.reading() as unit:
        # Something that the planner would rather have known the table for.
        unit.connection.execute(text("SELECT * FROM something WHERE number = 1")).all()
    assert "its log is empty" in books.tend()
    other.join()
    assert analysed(books) == {"something"}


def test_a_log_in_use_is_left_for_another_time_and_the_next_waits_as_long_as_ever(
    books: Database,
) -> None:
    with books.writing() as unit:
        unit.connection.execute(text("CREATE TABLE something AS SELECT 1 AS number"))
    with books.reading() as unit:
        unit.connection.execute(text("SELECT * FROM something")).all()
        with books.writing() as other:
            other.connection.execute(text("INSERT INTO something VALUES (2)"))
        # Who reads still sees the database as it was: its log cannot be emptied yet.
        assert "its log was in use" in books.tend()
    assert "its log is empty" in books.tend()
    assert patience(books) == BUSY_MILLISECONDS
