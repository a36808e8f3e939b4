"""Brings a database to the newest tables; knows no data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from callbridge.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic costs a sixth of a second to import, and the web never needs it: inside the functions.
_FOLDER = Path(__file__).with_name("migrations")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest revision; create it when it is a new file."""
    database = Database(url, silent_seconds=None)
    try:
        migrate_engine(database.engine)
    finally:
        database.close()


def migrate_engine(engine: Engine, revision: str = "head") -> None:
    """Bring an open database to a revision, in one transaction."""
    from alembic import command

    config = _config()
    with engine.execution_options(callbridge_writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(database: Database) -> bool:
    """Tell whether the tables are the newest."""
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory.from_config(_config()).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
