"""Counts the statements that reach the driver of a database, whoever sent them; changes none."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from sqlalchemy import Engine, event

_VALUE = re.compile(r"'[^']*'|\b\d+(\.\d+)?\b")


class Statements:
    """The number of statements of an engine's new connections; `of` counts them by their text."""

    def __init__(self, engine: Engine) -> None:
        self.count = 0
        self.of: dict[str, int] = {}
        engine.dispose()
        listen = self._sqlite if engine.dialect.name == "sqlite" else self._postgresql
        event.listen(engine, "connect", listen)

    def note(self, text: str) -> None:
        """Count one."""
        self.count += 1
        key = _VALUE.sub("?", " ".join(text.split()))[:120]
        self.of[key] = self.of.get(key, 0) + 1

    def reset(self) -> None:
        """Begin anew."""
        self.count, self.of = 0, {}

    def _sqlite(self, connection: Any, record: object) -> None:
        connection.set_trace_callback(self.note)

    def _postgresql(self, connection: Any, record: object) -> None:
        note = self.note

        class Counting(psycopg.Cursor[Any]):
            def execute(self, query: Any, *given: Any, **more: Any) -> Any:
                note(str(query))
                return super().execute(query, *given, **more)

        connection.cursor_factory = Counting
