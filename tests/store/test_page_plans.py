"""What pages ask of PostgreSQL is answered by the indexes made for it, by a window of few rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select, text

from benchmarks.generate import SLUG, generate
from benchmarks.world import UNTIL
from callbridge.domain.call import Outcome
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.signals import Length, Signals
from callbridge.domain.survey import Meaning
from callbridge.store import Database
from callbridge.store.finding import Finding
from callbridge.store.tables import legs

BIG = {"calls", "legs", "answers", "facts", "attempts", "rollup_legs"}
SHORT = Signals(outcome=Outcome.CONNECTED, length=Length.SHORT, reported=Meaning.SPOKE)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's nodes."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


class Explained:
    """Keeps the plans of all that is asked meanwhile: scans by table and index, with conditions."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.scans: list[tuple[str, str, str]] = []

    def __enter__(self) -> Explained:
        event.listen(self._connection, "before_cursor_execute", self._explain)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._connection, "before_cursor_execute", self._explain)

    def _explain(self, _c: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        driver = cursor.connection
        rows = driver.execute(f"EXPLAIN (FORMAT JSON) {statement}", values).fetchall()
        for node in nodes(rows[0][0][0]["Plan"]):
            table, index = node.get("Relation Name", ""), node.get("Index Name", "")
            if table or index:
                self.scans.append((table, index, node.get("Index Cond", "")))

    def by(self, index: str) -> list[str]:
        """Return by what an index was asked, each time it was."""
        return [condition for _, one, condition in self.scans if one == index]

    def whole(self) -> list[str]:
        """Return the big tables that were read from one end to the other."""
        return [table for table, index, _ in self.scans if table in BIG and not index]


# SQLite's plans are told by its own steps, in tests/service/test_plans.py.
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_pages_about_few_of_many_calls_go_by_the_indexes_made_for_them(database: Database) -> None:
    generate(database, count=500, seed=5)
    with database.reading() as unit:
        connection = unit.connection
        target = connection.scalar(select(legs.c.target).order_by(legs.c.target).limit(1))
        assert target is not None
        scope = Scope(slug=SLUG, selection=Selection(), members=frozenset({target}))
        # Of so few rows it would rather read all; of millions it would not.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        with Explained(connection) as log:
            Finding(connection, nearest=5, some=10).calls(scope, after=None, most=3)
        with Explained(connection) as api:
            Finding(connection, nearest=5, some=10).answers(scope, after=0, most=3)
        with Explained(connection) as member:
            unit.board.lines(SLUG, target, meaning=None, most=3)
        with Explained(connection) as signals:
            unit.disagreeing.newest(SLUG, [SHORT], most=3)
        with Explained(connection) as health:
            unit.health.numbers(since=UNTIL.date())
    for looked in (log, api, member, signals, health):
        assert not looked.whole()
    for looked in (log, api, member):
        assert any("started" in one for one in looked.by("ix_legs_target_started"))
    assert any("created" in one for one in log.by("ix_calls_slug_created"))
    assert any("id" in one for one in api.by("pk_answers"))
    assert signals.by("ix_rollup_legs_signals")
    assert any("started" in one for one in signals.by("ix_legs_phone_started"))
    assert any("day" in one for one in health.by("pk_rollup_numbers"))
    assert any("day" in one for one in health.by("ix_rollup_legs_phone"))
