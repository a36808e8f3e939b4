"""Keeps counts by day beside the rows they come from: marks what changed, counts that again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Date, bindparam, delete, func, insert, select, text

from callbridge.store.analysis_tables import (
    repeats,
    rollup_legs,
    rollup_marks,
    rollup_positions,
)
from callbridge.store.counting import DAY, ON_LEGS, positions, ranked, signals
from callbridge.store.days import day_begins, day_ends
from callbridge.store.members import add_all_up, add_up
from callbridge.store.numbers import add_all_up as add_all_numbers_up
from callbridge.store.numbers import add_up as add_numbers_up
from callbridge.store.ready import Ready
from callbridge.store.server import make_room
from callbridge.store.tables import calls, legs

# An arbitrary number that nobody else locks.
_LOCK = 7_244_301

_CELL = (
    calls.c.slug == bindparam("slug"),
    legs.c.target == bindparam("target"),
    legs.c.started >= day_begins(bindparam("day", type_=Date())),
    legs.c.started < day_ends(bindparam("day", type_=Date())),
)
_KINDS = ((rollup_positions, positions), (rollup_legs, signals))
_MARK = Ready(
    insert(rollup_marks)
    .from_select(
        ["slug", "target", "day"],
        select(calls.c.slug, legs.c.target, DAY)
        .select_from(ON_LEGS)
        .where(legs.c.call == bindparam("b_call"), legs.c.number == bindparam("b_leg")),
    )
    .inline()
)
_NAMES = {table: [column.name for column in table.c] for table, _ in _KINDS}
_DROP = [
    delete(table).where(
        table.c.slug == bindparam("slug"),
        table.c.target == bindparam("target"),
        table.c.day == bindparam("day", type_=Date()),
    )
    for table, _ in _KINDS
]
_PHONES = (
    select(rollup_legs.c.phone)
    .where(
        rollup_legs.c.slug == bindparam("slug"),
        rollup_legs.c.target == bindparam("target"),
        rollup_legs.c.day == bindparam("day", type_=Date()),
    )
    .distinct()
)
_COUNT = [insert(table).from_select(_NAMES[table], count(*_CELL)) for table, count in _KINDS]


def mark(connection: Connection, call: str, leg: int) -> None:
    """Note, in the transaction that changes a leg, that its cell is to be counted again."""
    _MARK.run(connection, {"b_call": call, "b_leg": leg})


class Rollups:
    """The rollups in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self) -> int:
        """Count the marks."""
        return self._connection.scalar(select(func.count()).select_from(rollup_marks)) or 0

    def refresh(self, most: int = 200) -> int:
        """Count again the cells that changed, at most so many marks; return how many marks went.

        A mark becomes visible together with its change, and the count is made after the mark was
        taken: it holds that change. A later change leaves a mark of its own.
        """
        self._lock()
        due = select(rollup_marks.c.id).order_by(rollup_marks.c.id).limit(most)
        marks = self._connection.execute(
            delete(rollup_marks)
            .where(rollup_marks.c.id.in_(due.scalar_subquery()))
            .returning(rollup_marks.c.slug, rollup_marks.c.target, rollup_marks.c.day)
        ).all()
        phones: dict[date, set[str]] = {}
        for slug, target, day in dict.fromkeys((m.slug, m.target, m.day) for m in marks):
            given = {"slug": slug, "target": target, "day": day}
            those = phones.setdefault(day, set())
            # Those that a cell had, and those that it has.
            those.update(self._connection.scalars(_PHONES, given))
            for statement in (*_DROP, *_COUNT):
                self._connection.execute(statement, given)
            those.update(self._connection.scalars(_PHONES, given))
        for day, some in phones.items():
            add_numbers_up(self._connection, day, some)
        for slug, target in dict.fromkeys((m.slug, m.target) for m in marks):
            add_up(self._connection, slug, target)
        return len(marks)

    def rebuild(self) -> tuple[int, int]:
        """Count everything anew; return how many rows of positions and of legs there are now."""
        self._lock()
        self._connection.execute(delete(rollup_marks))
        made = []
        # All at once: millions of rows are read in their own order, and not looked up one by one.
        make_room(self._connection)
        for table, count in _KINDS:
            self._connection.execute(delete(table))
            self._connection.execute(insert(table).from_select(_NAMES[table], count()))
            made.append(self._connection.scalar(select(func.count()).select_from(table)) or 0)
        add_all_up(self._connection)
        add_all_numbers_up(self._connection)
        return made[0], made[1]

    def keep_repeats(self, *, ended_before: datetime) -> None:
        """Note which answers do not count, before the hashes that tell so are erased.

        Calls of one day end within a day, so a day more is looked at: the answer that counts may
        belong to a call that keeps its hash for a while.
        """
        due = ended_before + timedelta(days=1)
        one = ranked(calls.c.phone_hash.is_not(None), calls.c.ended < due).subquery("ranked")
        self._connection.execute(
            insert(repeats).from_select(["answer"], select(one.c.answer).where(one.c.rank > 1))
        )

    def _lock(self) -> None:
        # SQLite has one writer at a time anyway.
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
