"""The database: tables, repositories and migrations. Nobody else names SQLAlchemy."""
