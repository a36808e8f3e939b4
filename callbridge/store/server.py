"""Connections to PostgreSQL that lose no commit and hang on nobody's silence; knows no table."""

from __future__ import annotations

import select
import time
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

# A transaction that says nothing for so long is a machine that is cut off: its locks are let go
# before anybody's lease is over. Ours say something every few milliseconds.
IDLE_MILLISECONDS = 4_000
# A server that says nothing for so long in mid-statement is out of reach.
SILENT_SECONDS = 60.0
# And one that does not even say hello.
ANSWER_SECONDS = 5
# One that was used a moment ago is not asked whether it lives: that costs as much as a statement.
TRUSTED_SECONDS = 1.0
# What adding up many rows may take of memory, several times over; a page takes what comes.
ROOM = "128MB"
_GIVEN_BACK = "given_back"
# The kernel's own part, where packets and not bytes are lost: seconds, times, milliseconds.
_NETWORK = {
    "connect_timeout": ANSWER_SECONDS,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# ON: a `dialing` row that a power loss forgets is a person rung twice. What keeps more stays.
# No JIT: a page's statements are guessed to be dear, and compiling takes longer than running one.
_PREPARE = """
SELECT set_config('lock_timeout', %s, false),
       set_config('idle_in_transaction_session_timeout', %s, false),
       set_config('jit', 'off', false),
       set_config('synchronous_commit',
                  replace(current_setting('synchronous_commit'), 'off', 'on'), false)
"""

Answer = TypeVar("Answer")


class Listener(psycopg.Connection[Any]):
    """A connection that gives a server up when it has said nothing for `patience` seconds.

    Where a network swallows what is sent, nothing else would ever end the wait.
    """

    patience: float | None = ANSWER_SECONDS

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        """Wait for the server. Raises OperationalError, and is closed, when it stays silent."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.errors._WaitTimeout as silence:
            # What was asked may still be done over there: this connection can say no more of it.
            self.pgconn.finish()
            raise psycopg.OperationalError("the server says nothing any more") from silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long who waits for whom.

    A row that somebody holds is waited for `busy_milliseconds`; a transaction that says nothing
    is ended after `idle_milliseconds`; `silent_seconds` bounds a statement, None waits as long as
    it takes.
    """

    busy_milliseconds: int
    idle_milliseconds: int
    silent_seconds: float | None


def listen(engine: Engine, patience: Patience) -> None:
    """Let an engine connect so, and wait no longer than that."""
    limits = [str(patience.busy_milliseconds), str(patience.idle_milliseconds)]

    def connect(_dialect: object, _record: object, args: Any, given: dict[str, Any]) -> Listener:
        return Listener.connect(*args, **_NETWORK | given)

    def prepare(connection: Listener, _record: object) -> None:
        connection.execute(_PREPARE, limits)
        connection.commit()

    def taken(connection: Listener, record: Any, _proxy: object) -> None:
        given_back = record.info.get(_GIVEN_BACK)
        used_now = given_back is None or time.monotonic() - given_back < TRUSTED_SECONDS
        if not used_now or _has_news(connection):
            _ask(engine, connection)
        connection.patience = patience.silent_seconds

    def given_back(connection: Listener | None, record: Any) -> None:
        # Before it is taken again it is asked whether it lives.
        record.info[_GIVEN_BACK] = time.monotonic()
        if connection is not None:
            connection.patience = ANSWER_SECONDS

    event.listen(engine, "do_connect", connect)
    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", taken)
    event.listen(engine, "checkin", given_back)


def _has_news(connection: Listener) -> bool:
    """Tell whether a server said something unasked: for the most part that it goes away."""
    looking = select.poll()
    looking.register(connection.pgconn.socket, select.POLLIN)
    return bool(looking.poll(0))


def _ask(engine: Engine, connection: Listener) -> None:
    """Ask whether a connection lives; the pool opens others when it does not."""
    try:
        engine.dialect.do_ping(connection)  # type: ignore[arg-type]
    except psycopg.Error as gone:
        raise InvalidatePoolError("the server ended its connections") from gone


def take_time(connection: Connection, *, patience: int | None = None) -> None:
    """Let this transaction's statements take as long as they take: a whole export, for one.

    With `patience` it may say nothing for so many seconds between two of them.
    """
    driver = connection.connection.dbapi_connection
    if isinstance(driver, Listener):
        driver.patience = None
        if patience is not None:
            silence = f"SET LOCAL idle_in_transaction_session_timeout = {patience * 1000:d}"
            connection.exec_driver_sql(silence)


def make_room(connection: Connection) -> None:
    """Let this transaction add up millions of rows: memory for it, and as long as it takes."""
    take_time(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL work_mem = '{ROOM}'")
