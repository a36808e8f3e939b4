"""Hears what a service asks its database, and has the database say how it would find it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from callbridge.store import Database
from callbridge.store.ready import Ready, _given

# What grows with every call. All others are a row or a few hundred.
BIG = ("attempts", "calls", "contacts", "legs")
_BIG = re.compile(rf"\b({'|'.join(BIG)})\b")
_ROWS = re.compile(r"\s*(SELECT|UPDATE|DELETE|INSERT|WITH)\b", re.IGNORECASE)
# Of rows that a statement is thought to read, without a bound of its own, on PostgreSQL.
MANY = 2000
# Instructions of SQLite's machine that a statement may take, counted in so many at a time: to read
# ten thousand rows takes more.
STEPS, _GRAIN = 20_000, 100


@dataclass
class Asked:
    """Statements that look at something big, each once, with the values of one time."""

    statements: dict[str, Any] = field(default_factory=dict)

    def note(self, statement: str, values: Any) -> None:
        """Keep a statement."""
        if _ROWS.match(statement) and _BIG.search(statement):
            self.statements.setdefault(statement, values)


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """Hear every statement meanwhile, however it reaches the driver."""
    asked = Asked()
    run = Ready._cursor

    def ready(connection: Any, text: Any, values: Any) -> Any:
        asked.note(text.text, _given(text, values))
        return run(connection, text, values)

    def comfortable(_c: Any, _k: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        asked.note(statement, values[0] if many else values)

    with monkeypatch.context() as patch:
        patch.setattr(Ready, "_cursor", staticmethod(ready))
        event.listen(Engine, "before_cursor_execute", comfortable)
        try:
            yield asked
        finally:
            event.remove(Engine, "before_cursor_execute", comfortable)


def slow_ones(database: Database, asked: Asked) -> list[str]:
    """Return the statements that look at every row of something big, each with its plan."""
    with database.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        judge = _Sqlite(driver) if connection.dialect.name == "sqlite" else _Postgres(driver)
        found = [
            f"{statement}\n    {one}"
            for statement, values in asked.statements.items()
            for one in judge.faults(statement, values)
        ]
        connection.rollback()
    return found


class _Sqlite:
    """Reads the plans of SQLite."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        rows = driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
        self._partial = {name for name, sql in rows.fetchall() if sql and " WHERE " in sql}

    def faults(self, statement: str, values: Any) -> list[str]:
        """Return what a plan says that must not be; all of it when it is long in the running."""
        plan = self._driver.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        lines = [row[3] for row in plan]
        steps = self._steps(statement, values)
        long = [f"{steps} steps: {lines}"] if steps > STEPS else []
        return [line for line in lines if self._is_fault(line)] + long

    def _steps(self, statement: str, values: Any) -> int:
        """Count what the database does for a statement; it is rolled back by whoever asks."""
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += _GRAIN
            return 0

        self._driver.set_progress_handler(count, _GRAIN)
        try:
            # What was inserted once is refused now: it was found out as fast.
            with suppress(sqlite3.IntegrityError):
                self._driver.execute(statement, values).fetchall()
        finally:
            self._driver.set_progress_handler(None, 0)
        return steps

    def _is_fault(self, line: str) -> bool:
        # A whole partial index may be read: it holds the few rows that are asked for.
        scan = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", line)
        return bool(scan and _BIG.search(scan[1]) and scan[2] not in self._partial)


class _Postgres:
    """Reads the plans of PostgreSQL."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        rows = driver.execute("SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %'")
        self._partial = {row[0] for row in rows.fetchall()}

    def faults(self, statement: str, values: Any) -> list[str]:
        """Return what a plan says that must not be, and what was read when it was carried out."""
        explain = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)"
        self._driver.execute("SAVEPOINT explained")
        try:
            (row,) = self._driver.execute(f"{explain} {statement}", values).fetchall()
        except psycopg.errors.IntegrityError:
            # What was inserted once is refused now: nothing was read for it.
            return []
        finally:
            self._driver.execute("ROLLBACK TO SAVEPOINT explained")
        read = json.loads(row[0]) if isinstance(row[0], str) else row[0]
        return [*self._of(read[0]["Plan"], bounded=False), *_really_read(read[0]["Plan"])]

    def _of(self, node: dict[str, Any], *, bounded: bool) -> Iterator[str]:
        kind, rows = node["Node Type"], node["Plan Rows"]
        # A scan that is a question of its own (EXISTS) ends at the first row it finds.
        bounded = bounded or node.get("Parent Relationship") in {"InitPlan", "SubPlan"}
        bounded = bounded and kind != "Aggregate"
        index, table = node.get("Index Name"), node.get("Relation Name")
        # Who wants one of so many finds it among the first.
        if kind == "Seq Scan" and table in BIG and not (bounded and rows > MANY):
            yield f"Seq Scan on {table}: {rows} rows"
        if index and not node.get("Index Cond") and index not in self._partial:
            yield f"{kind} of all of {index}"
        if index and rows > MANY and not bounded:
            yield f"{kind} of {index}: {rows} rows"
        for child in node.get("Plans", ()):
            yield from self._of(child, bounded=bounded or kind == "Limit")


def _really_read(node: dict[str, Any]) -> Iterator[str]:
    """Yield the scans that looked at many rows, or often, whatever they were thought to do."""
    looked, times = (
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0),
        node["Actual Loops"],
    )
    if node["Node Type"].endswith("Scan") and max(looked, times) > MANY:
        name = node.get("Index Name") or node.get("Relation Name")
        yield f"{node['Node Type']} of {name}: looked at {looked} rows {times} times"
    for child in node.get("Plans", ()):
        yield from _really_read(child)
