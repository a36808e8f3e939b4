"""SQLite and PostgreSQL: tables, transactions, migrations; nobody else names SQLAlchemy."""

from callbridge.store import people_tables as people_tables
from callbridge.store.database import Database
from callbridge.store.migrate import is_current, migrate

__all__ = ["Database", "is_current", "migrate"]
