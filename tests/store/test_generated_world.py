"""The generator of realistic data: real tables, the same world from the same seed."""

from __future__ import annotations

from sqlalchemy import func, select

from benchmarks.generate import SLUG, Plan, generate
from benchmarks.world import DOORS, UNTIL, World
from callbridge.service.rolling import rebuild
from callbridge.store import Database
from callbridge.store.tables import answers, calls, legs
from callbridge.store.tally_tables import tally_calls, tally_days, tally_ends, tally_parts

TALLIES = {one.name: one for one in (tally_calls, tally_days, tally_ends, tally_parts)}


def test_a_generated_world_fills_the_tables_and_the_board_counts_it_plainly(
    database: Database,
) -> None:
    made = generate(database, count=400, seed=7)
    with database.reading() as unit:
        counted = [
            unit.connection.scalar(select(func.count()).select_from(table))
            for table in (calls, legs, answers)
        ]
        assert counted == [made.calls, made.legs, made.answers]
        assert made.calls == 400
        assert unit.board.rolled_counts(SLUG) == unit.board.plain_counts(SLUG)
        rows = unit.board.counts(SLUG, today=UNTIL.date(), weight=lambda age: 1.0)
        plain = sum(row[4] for row in unit.board.plain_counts(SLUG))
        assert sum(row.count for row in rows) == plain > 50
        assert unit.rollups.waiting() == 0


def test_copies_are_counted_as_if_each_had_been_made_and_entered_by_itself(
    database: Database,
) -> None:
    made = generate(database, count=240, seed=7, copies=3)
    rows = [TALLIES[name].select() for name in sorted(TALLIES)]
    with database.reading() as unit:
        assert unit.connection.scalar(select(func.count()).select_from(calls)) == made.calls == 240
        assert unit.connection.scalar(select(func.count()).select_from(answers)) == made.answers
        multiplied = [sorted(map(tuple, unit.connection.execute(each))) for each in rows]
        assert unit.board.rolled_counts(SLUG) == unit.board.plain_counts(SLUG)
    rebuild(database, before=UNTIL)
    with database.reading() as unit:
        entered = [sorted(map(tuple, unit.connection.execute(each))) for each in rows]
    assert entered == multiplied


def test_the_same_seed_makes_the_same_rows_and_another_seed_others() -> None:
    def world(seed: int) -> World:
        return Plan(slug=SLUG, digests=["d"], count=300, seed=seed, days=9).world()

    whole, again, other = world(3).slice(0, 300), world(3).slice(0, 300), world(4).slice(0, 300)
    assert whole == again != other
    assert {row[4] for row in whole["calls"]} == {door.value for door in DOORS}
    assert any(row[-1] for row in whole["answers"])  # corrected since
    assert {row[5] for row in whole["answers"]} == {"keypad", "web"}
    assert len(whole["attempts"]) == sum(row[4] == "drive" for row in whole["calls"]) > 0
