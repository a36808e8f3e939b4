"""The tallies, with the calls that wait beside them, say what the rows say: under every filter."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from callbridge.domain.call import Asking, Call, Door, Ending, Outcome, Stage
from callbridge.domain.facts import AnswerGiven, Consented
from callbridge.domain.records import CallRecord, LegRecord
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.survey import POSITIONS, REPORTED
from callbridge.domain.tallying import MOST_TARGETS
from callbridge.store import Database
from callbridge.store.database import Unit
from callbridge.store.figured import Figured
from callbridge.store.figures import FigureCounts
from callbridge.store.tables import calls, campaigns, revisions
from callbridge.store.tally_reading import hour_of_week
from tests.store.listing import listed, plainly_listed

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
AFTER = NOON + timedelta(days=400)
ZONE = "America/New_York"
TARGETS = tuple(f"T{n}" for n in range(MOST_TARGETS + 1))
REFERRALS = (None, "letter", "video")
_ids = itertools.count(1)


def publish(database: Database) -> None:
    """Enter a campaign of two revisions."""
    with database.writing() as unit:
        if unit.connection.execute(select(campaigns)).first() is None:
            for digest in ("d1d1d1", "e2e2e2"):
                unit.connection.execute(
                    insert(revisions).values(digest=digest, slug="water", published=NOON)
                )
            unit.connection.execute(
                insert(campaigns).values(
                    slug="water", digest="e2e2e2", state="live", published=NOON
                )
            )


def add_call(unit: Unit, chance: Random) -> CallRecord:
    """Enter a call of up to six offices, with answers, some of them corrected, over or not."""
    name = f"{next(_ids):032x}"
    at = NOON - timedelta(
        days=chance.choice([0, 0, 1, 7, 8, 30, 64, 100]), hours=chance.randrange(9)
    )
    door = chance.choice([Door.PAGE, Door.API, Door.SELF_DIALLED])
    over = chance.random() < 0.8
    record = CallRecord(
        id=name,
        token=name,
        slug="water",
        digest=chance.choice(["d1d1d1", "e2e2e2"]),
        call=Call(
            language=chance.choice(["en", "es"]),
            door=door,
            stage=Stage.ENDED if over else Stage.SURVEYING,
            asking=Asking.NOTHING,
            ending=Ending.FINISHED if over else None,
        ),
        created=at,
        from_="",
        sid=chance.choice([None, f"CA{name}"]),
        referral=chance.choice(REFERRALS),
        answered=chance.choice([None, at]),
        ended=at + timedelta(minutes=5) if over else None,
    )
    unit.calls.add(record)
    if chance.random() < 0.5:
        unit.calls.add_facts(name, 1, [Consented()], at)
    for number in range(1, chance.choice([1, 2, 3, 4, 4, 8])):
        add_leg(unit, record, number, chance)
        for _ in range(chance.randrange(3)):
            say(unit, name, number, chance)
    return record


def add_leg(unit: Unit, record: CallRecord, number: int, chance: Random) -> None:
    """Dial an office in a call."""
    target = chance.choice(TARGETS)
    rung = record.call.door is not Door.SELF_DIALLED
    outcome = chance.choice([None, *Outcome]) if rung else None
    unit.calls.add_leg(
        LegRecord(
            call=record.id,
            number=number,
            target=target,
            name=f"Name of {target}",
            # One number that two members share.
            office="shared" if chance.random() < 0.2 and target in {"T0", "T1"} else f"{target}-a",
            city="Washington",
            phone="+12025550143",
            sid=None,
            outcome=outcome,
            seconds=chance.choice([None, 5, 40, 3_000]) if outcome else None,
            started=record.created,
            ended=None,
        )
    )


def say(unit: Unit, call: str, number: int, chance: Random) -> None:
    """Answer one of two questions about a leg, on the keypad or the web."""
    question, of = chance.choice([("position", POSITIONS), ("happened", REPORTED)])
    given_ = AnswerGiven(
        leg=number,
        question=question,
        meaning=chance.choice(sorted(of)),
        source=chance.choice(["keypad", "web"]),
    )
    unit.calls.add_answer(call, given_, NOON)


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
        )
        some = frozenset(chance.sample(TARGETS, chance.randrange(4)))
        members = chance.choice([None, some])
        found.append(Scope(slug="water", selection=chosen, members=members))
        found.append(Scope(slug="water", selection=replace(Selection(), office=chosen.office)))
        found.append(Scope(slug="water", selection=Selection(), members=members))
    return found


def plain(unit: Unit, scope: Scope) -> list[Any]:
    """Count everything from the rows."""
    rows = FigureCounts(unit.connection)
    hours: dict[int, list[int]] = {}
    offices: dict[str, list[int]] = {}
    for one in rows.hours(scope):
        utc = datetime.strptime(one.hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
        for where, key in ((hours, hour_of_week(utc, ZONE)), (offices, one.office)):
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
    assert vitals.steps == (unit.connection.scalar(select(func.sum(calls.c.step))) or 0)


def same(database: Database, scopes: Sequence[Scope]) -> None:
    """Fail unless pages show what the rows say."""
    with database.reading() as unit:
        looked_at(unit)
        for scope in scopes:
            assert shown(unit, scope) == plain(unit, scope), scope
            assert listed(unit, scope) == plainly_listed(unit, scope), scope
        everything = FigureCounts(unit.connection)
        pages, all_of = Figured(unit.connection), Scope(slug="water", selection=Selection())
        signals = {(o.outcome, o.length, o.reported): o.count for o in pages.signals("water")}
        assert signals == everything.signals(all_of)
        tallies = {(t.target, t.question, t.meaning): t.count for t in pages.tallies("water")}
        assert tallies == everything.by_target(all_of)
        answers = everything.by_target(all_of).total() + everything.corrected(all_of)
        assert pages.answers("water") == answers


def play(database: Database, seed: int, steps: int) -> None:
    """Do one thing after another to calls, each in a transaction of its own, and compare."""
    chance = Random(seed)
    made: list[CallRecord] = []
    for _ in range(steps):
        with database.writing() as unit:
            match chance.choice(
                ["call", "call", "say", "withdraw", "end", "enter", "enter", "erase"]
            ):
                case "call":
                    made += [add_call(unit, chance) for _ in range(chance.randrange(1, 9))]
                case "enter":
                    unit.tallying.enter(ended_before=AFTER, most=chance.choice([1, 5, 100]))
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
