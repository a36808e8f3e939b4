"""Brings a database to the newest tables; knows no data."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from callbridge.store.database import Database

_FOLDER = Path(__file__).with_name("migrations")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest revision; create it when it is a new file."""
    database = Database(url)
    try:
        migrate_engine(database.engine)
    finally:
        database.close()


def migrate_engine(engine: Engine, revision: str = "head") -> None:
    """Bring an open database to a revision, in one transaction."""
    config = _config()
    with engine.execution_options(callbridge_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(database: Database) -> bool:
    """Tell whether the tables are the newest."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
