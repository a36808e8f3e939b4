"""The tallies, with the calls that wait beside them, say what the rows say: under every filter."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callbridge.domain.blocs import bloc_word
from callbridge.domain.call import Door, Outcome
from callbridge.domain.records import CallRecord
from callbridge.domain.selection import Scope, Selection
from callbridge.store import Database, migrate
from callbridge.store.database import Unit
from callbridge.store.tally_subjects import Subjects
from tests.store.beside_rows import PARTY, arrange, filters, same
from tests.store.histories import (
    AFTER,
    NOON,
    TARGETS,
    add_call,
    add_leg,
    publish,
    say,
)

# What rows of the tallies are told apart by, and bounds, which never become narrower.
_PLACE = {"profile", "subject", "span", "first", "kind", "key", "office", "said"}
KEYS = _PLACE | {"ending", "low", "high"}


def play(database: Database, seed: int, steps: int) -> None:
    """Do one thing after another to calls, each in a transaction of its own, and compare."""
    chance = Random(seed)
    made: list[CallRecord] = []
    for _ in range(steps):
        with database.writing() as unit:
            match chance.choice(
                ["call", "call", "say", "withdraw", "end", "enter", "enter", "erase", "arrange"]
            ):
                case "call":
                    made += [add_call(unit, chance) for _ in range(chance.randrange(1, 9))]
                case "enter":
                    unit.tallying.enter(ended_before=AFTER, most=chance.choice([1, 5, 100]))
                case "arrange":
                    arrange(unit, chance)
                case "erase" if made:
                    unit.erasure.erase([], [chance.choice(made).id])
                case move if made:
                    record = chance.choice(made)
                    dialled = [leg.number for leg in unit.calls.legs(record.id)]
                    if dialled:
                        _touch(unit, record.id, chance.choice(dialled), (move, chance))
                case _:
                    pass
        same(database, filters(chance, 1)[:2])
    same(database, filters(chance, 3))


def _touch(unit: Unit, call: str, number: int, how: tuple[str, Random]) -> None:
    move, chance = how
    match move:
        case "say":
            say(unit, call, number, chance)
        case "withdraw":
            unit.calls.withdraw_answer(call, number, "position")
        case _:
            outcome = chance.choice(list(Outcome))
            unit.calls.end_leg(call, number, outcome=outcome, seconds=50, at=NOON)


def test_a_bloc_is_read_in_place_of_its_members(database: Database) -> None:
    publish(database)
    chance = Random(3)
    some = frozenset(TARGETS[:4])
    scopes = [
        Scope(slug="water", selection=Selection(party=PARTY, since=since), members=some)
        for since in (None, date(2026, 11, 10))
    ]
    for chosen in (some, frozenset(TARGETS[1:5]), some - {"T0"}, some, frozenset[str]()):
        with database.writing() as unit:
            for _ in range(6):
                add_call(unit, chance)
            unit.tallying.enter(ended_before=AFTER, most=100)
            assert unit.blocs.arrange(bloc_word(None, PARTY), chosen, most=1000) > 0
            assert unit.blocs.arrange(bloc_word(None, PARTY), chosen, most=1000) == 0
        same(database, scopes)
        with database.reading() as unit:
            read = Subjects(unit.connection, scopes[0])
            named = {one for one in (*read.of_calls, *read.of_legs) if one < 0}
            # Not where it holds somebody whom the filter leaves out; nor is an empty one missed.
            assert bool(named) == (chosen <= some), chosen
            if chosen == some:
                assert read.of_calls == read.of_legs == list(named)


def test_a_bloc_of_which_some_were_never_dialled_here_is_read_all_the_same(
    database: Database,
) -> None:
    publish(database)
    with database.writing() as unit:
        record = add_call(unit, Random(2))
        while record.ended is None:
            record = add_call(unit, Random(2))
        unit.tallying.enter(ended_before=AFTER, most=100)
        here = frozenset(one.target for one in unit.figures.dialled("water"))
        unit.connection.exec_driver_sql("INSERT INTO tally_words (word) VALUES ('o:elsewhere|x')")
        unit.blocs.arrange(bloc_word(None, PARTY), here | {"elsewhere"}, most=1000)
    scope = Scope(slug="water", selection=Selection(party=PARTY), members=here)
    same(database, [scope])
    with database.reading() as unit:
        assert all(one < 0 for one in Subjects(unit.connection, scope).of_legs)


def emptied(database: Database) -> None:
    """Fail unless taking every call out leaves nothing behind but noughts."""
    with database.writing() as unit:
        every = unit.connection.exec_driver_sql("SELECT id FROM calls").scalars().all()
        unit.tallying.take_out(every)
    with database.reading() as unit:
        for table in ("tally_calls", "tally_parts", "tally_positions", "tally_days", "tally_ends"):
            rows = unit.connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
            assert all(not value for row in rows for name, value in row.items() if name not in KEYS)


@settings(max_examples=2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_pages_show_what_the_rows_say_whatever_happens(database: Database, seed: int) -> None:
    publish(database)
    play(database, seed, 5)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1_000_000))
def test_pages_show_what_the_rows_say_through_many_histories(database: Database, seed: int) -> None:
    publish(database)
    play(database, seed, 15)


def test_what_is_entered_can_be_taken_out_to_the_last_call(database: Database) -> None:
    publish(database)
    play(database, 7, 4)
    emptied(database)
    same(database, filters(Random(1), 1))


def kept(database: Database) -> dict[str, set[tuple[Any, ...]]]:
    """Return the counts that are not nought."""
    with database.reading() as unit:
        return {
            table: {tuple(row) for row in unit.connection.exec_driver_sql(f"SELECT * FROM {table}")}
            for table in ("tally_calls", "tally_parts", "tally_positions", "tally_days")
        }


def test_a_database_of_before_is_counted_again_when_it_is_brought_forward(
    database_url: str, database: Database
) -> None:
    publish(database)
    chance = Random(13)
    with database.writing() as unit:
        for _ in range(20):
            add_call(unit, chance)
        unit.tallying.enter(ended_before=AFTER, most=100)
    before = kept(database)
    assert all(before.values())
    with database.writing() as unit:
        unit.connection.exec_driver_sql("DROP TABLE tally_positions")
        unit.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0021'")
    migrate(database_url)
    assert not any(kept(database).values())
    same(database, filters(Random(3), 1))
    with database.writing() as unit:
        unit.tallying.enter(ended_before=AFTER, most=100)
    assert kept(database) == before
    same(database, filters(Random(3), 1))


def test_entering_again_from_nothing_comes_to_the_same(database: Database) -> None:
    publish(database)
    play(database, 11, 3)
    with database.writing() as unit:
        chance = Random(11)
        made = [add_call(unit, chance) for _ in range(9)]
        assert any(one.ended for one in made)
        unit.tallying.forget()
    same(database, filters(Random(2), 1))
    with database.writing() as unit:
        assert unit.tallying.enter(ended_before=AFTER, most=10_000) > 0
        assert not unit.tallying.waiting(ended_before=AFTER)
    same(database, filters(Random(2), 2))


def test_a_call_of_very_many_members_stays_beside_the_tallies(database: Database) -> None:
    publish(database)
    chance = Random(5)
    with database.writing() as unit:
        record = add_call(unit, chance)
        while record.call.door is Door.SELF_DIALLED or record.ended is None:
            record = add_call(unit, chance)
        for number, target in enumerate(TARGETS, start=20):
            add_leg(unit, record, number, _Always(target))
    with database.writing() as unit:
        unit.tallying.enter(ended_before=AFTER, most=100)
        assert not unit.tallying.waiting(ended_before=AFTER)
        waiting = unit.connection.exec_driver_sql("SELECT call FROM untallied WHERE wide").scalars()
        assert record.id in waiting.all()
    same(database, filters(chance, 2))


class _Always(Random):
    """Chance that chooses one member, as far as it is among what there is to choose."""

    def __init__(self, target: str) -> None:
        super().__init__(1)
        self._target = target

    def choice(self, seq: Any) -> Any:
        """Return the member, else the last there is."""
        return self._target if self._target in seq else seq[-1]
