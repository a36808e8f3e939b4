"""What connections to PostgreSQL promise: no commit lost, no silence waited for without end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from callbridge.errors import DatabaseError
from callbridge.store import Database
from tests import databases
from tests.databases import PostgresServer


@pytest.fixture
def url(postgres_server: PostgresServer) -> Iterator[str]:
    """Return a fresh PostgreSQL database."""
    with databases.postgres_database(postgres_server) as fresh:
        yield fresh


@pytest.mark.postgres
def test_a_commit_is_kept_also_on_a_server_that_is_told_not_to(
    url: str, postgres_server: PostgresServer
) -> None:
    database = Database(url)
    try:
        with database.reading() as unit:
            told = unit.connection.scalar(
                text("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'")
            )
            held = unit.connection.scalar(text("SHOW synchronous_commit"))
        # The tests' server forgets its last moments when it dies; our connections do not let it.
        assert (told, held) == ("off", "on")
        with database.writing() as unit:
            unit.jobs.beat("kept")
        postgres_server.restart()
        with database.reading() as unit:
            assert unit.jobs.dialers(within=600) == 1
    finally:
        database.close()


@pytest.mark.postgres
def test_a_server_that_falls_silent_is_given_up_and_asked_anew(url: str) -> None:
    database = Database(url, silent_seconds=0.3)
    try:
        with pytest.raises(DatabaseError), database.writing() as unit:
            unit.connection.execute(text("SELECT pg_sleep(30)"))
        with database.reading() as unit:
            assert unit.connection.scalar(text("SELECT 1")) == 1
        patient = Database(url, silent_seconds=None)
        with patient.reading() as unit:
            assert unit.connection.scalar(text("SELECT 1 FROM pg_sleep(0.5)")) == 1
        patient.close()
    finally:
        database.close()


@pytest.mark.postgres
def test_a_machine_that_says_nothing_in_mid_transaction_loses_its_locks(
    url: str,
) -> None:
    gone, other = (Database(url, idle_milliseconds=300) for _ in range(2))
    try:
        with other.writing() as unit:
            assert unit.pace.take(1000.0)
        with pytest.raises(DatabaseError), gone.writing() as unit:
            assert unit.pace.take(1000.0)
            time.sleep(1.0)
            with other.writing() as second:
                assert second.pace.take(1000.0)
            unit.pace.wait()
    finally:
        gone.close()
        other.close()
