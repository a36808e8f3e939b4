"""The migrations and the tables say the same, on both databases."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from callbridge.store import Database, is_current, migrate
from callbridge.store.tables import metadata


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_migrated_database_is_current_and_migrating_again_changes_nothing(
    database_url: str, database: Database
) -> None:
    assert is_current(database)
    migrate(database_url)
    assert is_current(database)


def test_sqlite_keeps_a_commit_through_a_power_loss_and_foreign_keys_hold(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'new' / 'one.sqlite3'}")
    with opened.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    opened.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
