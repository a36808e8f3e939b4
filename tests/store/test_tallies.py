"""The tallies, with the calls that wait beside them, say what the rows say: under every filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from callbridge.domain.blocs import bloc_word
from callbridge.domain.call import Door, Outcome
from callbridge.domain.congress import Chamber
from callbridge.domain.records import CallRecord
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.survey import POSITIONS
from callbridge.store import Database
from callbridge.store.database import Unit
from callbridge.store.figured import Figured
from callbridge.store.figures import FigureCounts
from callbridge.store.finding import Finding
from callbridge.store.tables import attempts, calls
from callbridge.store.tally_reading import hour_of_week
from callbridge.store.tally_subjects import Subjects
from tests.store.histories import (
    AFTER,
    DRIVES,
    NOON,
    TARGETS,
    add_call,
    add_leg,
    publish,
    say,
    zone_of,
)
from tests.store.listing import PAGE, listed, plainly_listed

PARTY = "Reform"


def filters(chance: Random, count: int) -> list[Scope]:
    """Draw filters of every kind, alone and together."""
    found = [Scope(slug="water", selection=Selection())]
    for _ in range(count):
        chosen = Selection(
            since=chance.choice([None, None, date(2026, 11, 9), date(2026, 8, 1)]),
            until=chance.choice([None, None, date(2026, 11, 16), date(2026, 11, 10)]),
            office=chance.choice(["", "", "T2-a", "shared", "nowhere"]),
            revision=chance.choice(["", "", "d1d1d1", "e2e2"]),
            channel=chance.choice([None, None, Door.PAGE, Door.SELF_DIALLED]),
            source=chance.choice(["", "", "web", "keypad"]),
            language=chance.choice(["", "", "es"]),
            referral=chance.choice(["", "", "letter", "nowhere"]),
            drive=chance.choice(["", "", *DRIVES]),
        )
        some = frozenset(chance.sample(TARGETS, chance.randrange(len(TARGETS))))
        members = chance.choice([None, some])
        found.append(Scope(slug="water", selection=chosen, members=members))
        found.append(Scope(slug="water", selection=replace(Selection(), office=chosen.office)))
        found.append(Scope(slug="water", selection=Selection(), members=members))
        found.append(Scope(slug="water", selection=_one_of(chosen, chance), members=members))
        # As a filter by party comes to them, whether they are the bloc of that name or not.
        asked = chance.choice([Selection(), replace(chosen, office="")])
        found.append(Scope(slug="water", selection=replace(asked, party=PARTY), members=some))
    return found


def arrange(unit: Unit, chance: Random) -> None:
    """Let some members be a bloc, and the others another, where any of them were dialled."""
    some = set(chance.sample(TARGETS, chance.randrange(1, len(TARGETS))))
    others = set(TARGETS) - some
    unit.blocs.arrange(bloc_word(None, PARTY), some, most=chance.choice([3, 1000]))
    unit.blocs.arrange(bloc_word(Chamber.HOUSE, ""), others, most=1000)


def _one_of(chosen: Selection, chance: Random) -> Selection:
    """Leave one of a filter's parts."""
    name = chance.choice(["channel", "referral", "drive", "language", "revision", "source"])
    return replace(Selection(), **{name: getattr(chosen, name)})


def plain(unit: Unit, scope: Scope) -> list[Any]:
    """Count everything from the rows."""
    rows = FigureCounts(unit.connection)
    hours: dict[int, list[int]] = {}
    offices: dict[str, list[int]] = {}
    for one in rows.hours(scope):
        utc = datetime.strptime(one.hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
        for where, key in ((hours, hour_of_week(utc, zone_of(one.office))), (offices, one.office)):
            cell = where.setdefault(key, [0, 0])  # type: ignore[attr-defined]
            cell[0] += one.dialled
            cell[1] += one.connected
    said = {
        (target, meaning): 0 for target, _, meaning in rows.by_target(scope) if meaning in POSITIONS
    }
    for (target, _, meaning), count in rows.by_target(scope).items():
        if meaning in POSITIONS:
            said[target, meaning] += count
    return [
        rows.funnel(scope),
        rows.days(scope),
        hours,
        offices,
        rows.meanings(scope),
        rows.lengths(scope),
        said,
    ]


def shown(unit: Unit, scope: Scope) -> list[Any]:
    """Return the same as pages show it."""
    pages = Figured(unit.connection)
    reach, offices = pages.reach(scope)
    return [
        pages.funnel(scope),
        pages.days(scope),
        {one.weekday * 24 + one.hour: [one.dialled, one.connected] for one in reach},
        {one.office: [one.dialled, one.connected] for one in offices},
        pages.meanings(scope),
        pages.lengths(scope),
        {(one.target, one.meaning): one.count for one in pages.positions(scope)},
    ]


def looked_at(unit: Unit) -> None:
    """Fail unless health and metrics count calls as the rows do."""
    by = (calls.c.stage, calls.c.ending)
    rows = unit.connection.execute(select(*by, func.count()).group_by(*by))
    vitals = unit.counting.vitals(AFTER)
    assert vitals.calls == {(stage, ending or ""): count for stage, ending, count in rows}
    states = unit.connection.execute(
        select(attempts.c.state, func.count()).group_by(attempts.c.state)
    )
    assert vitals.attempts == {row.state: row[1] for row in states}
    assert vitals.steps == (unit.connection.scalar(select(func.sum(calls.c.step))) or 0)


def same(database: Database, scopes: Sequence[Scope]) -> None:
    """Fail unless pages show what the rows say."""
    with database.reading() as unit:
        looked_at(unit)
        for scope in scopes:
            assert shown(unit, scope) == plain(unit, scope), scope
        # Page by page costs most; the last filter is a drawn one.
        # By one that looks at few calls before it asks for their legs, few days at a time.
        short_sighted = Finding(unit.connection, nearest=PAGE + 1, some=2)
        assert listed(scopes[-1], short_sighted) == plainly_listed(unit, scopes[-1]), scopes[-1]
        everything = FigureCounts(unit.connection)
        pages, all_of = Figured(unit.connection), Scope(slug="water", selection=Selection())
        signals = {(o.outcome, o.length, o.reported): o.count for o in pages.signals("water")}
        assert signals == everything.signals(all_of)
        tallies = {(t.target, t.question, t.meaning): t.count for t in pages.tallies("water")}
        assert tallies == everything.by_target(all_of)
        reached = everything.connected(all_of)
        assert pages.reached("water") == (reached.total(), len(reached))
        answers = everything.by_target(all_of).total() + everything.corrected(all_of)
        assert pages.answers("water") == answers


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
        for table in ("tally_calls", "tally_parts", "tally_days", "tally_ends"):
            rows = unit.connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()
            keys = {"profile", "subject", "span", "first", "kind", "key", "low", "high", "ending"}
            assert all(not value for row in rows for name, value in row.items() if name not in keys)


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
