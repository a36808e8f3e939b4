"""A bloc that gains members reads the counts of these, not all that was ever counted."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from callbridge.domain.blocs import bloc_word
from callbridge.store import Database
from tests.store.histories import AFTER, TARGETS, add_call, publish


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_looks_up_the_members_that_move(database: Database) -> None:
    # PostgreSQL plans by how many rows there are; SQLite in the order it is told.
    publish(database)
    chance = Random(4)
    plans: dict[str, list[str]] = {}

    def explain(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if "AS apart" in statement and "moved" in statement:
            rows = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans[statement] = [row[-1] for row in rows]

    with database.writing() as unit:
        for _ in range(20):
            add_call(unit, chance)
        unit.tallying.enter(ended_before=AFTER, most=100)
    with database.writing() as unit:
        event.listen(unit.connection, "before_cursor_execute", explain)
        assert unit.blocs.arrange(bloc_word(None, "Reform"), set(TARGETS), most=1000) > 0
        event.remove(unit.connection, "before_cursor_execute", explain)
    assert len(plans) == 2
    for steps in plans.values():
        assert [one for one in steps if one.startswith("SEARCH apart")], steps
        assert not [one for one in steps if one.startswith("SCAN apart")], steps
