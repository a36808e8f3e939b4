"""Rollups say what the rows say, whatever happens in whatever order."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, true

from callbridge.domain.board import MeaningCount
from callbridge.domain.call import Call, Door, Outcome
from callbridge.domain.facts import AnswerGiven
from callbridge.domain.records import CallRecord, LegRecord
from callbridge.domain.signals import disagreement
from callbridge.domain.survey import POSITIONS, Meaning
from callbridge.domain.whip_model import DEFAULT
from callbridge.store import Database
from callbridge.store.analysis_tables import (
    repeats,
    rollup_legs,
    rollup_numbers,
    rollup_positions,
)
from callbridge.store.counting import signals
from callbridge.store.database import Unit
from callbridge.store.tables import calls, campaigns, revisions
from tests.store.plainly import disagreeing, healthy, seen, standing

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
AFTER = (NOON + timedelta(days=3)).date()
PHONES = {"T1": "+12025550143", "T2": "+12025550144"}
WEIGHT = {"today": NOON.date(), "weight": lambda age: 0.5**age}


def publish(database: Database) -> None:
    """Enter a campaign that calls may belong to."""
    with database.writing() as unit:
        unit.connection.execute(insert(revisions).values(digest="d", slug="water", published=NOON))
        unit.connection.execute(
            insert(campaigns).values(slug="water", digest="d", state="live", published=NOON)
        )


_ids = itertools.count(1)


def add_call(
    unit: Unit, *, supporter: str | None, target: str, at: datetime, door: Door = Door.PAGE
) -> str:
    """Enter a call with one office leg; return its id."""
    name = f"{next(_ids):032x}"
    unit.calls.add(
        CallRecord(
            id=name,
            token=name,
            slug="water",
            digest="d",
            call=Call(language="en", door=door),
            created=at,
            from_="",
            phone_hash=supporter,
        )
    )
    unit.calls.add_leg(
        LegRecord(
            call=name,
            number=1,
            target=target,
            name=f"Name of {target}",
            office=f"{target}-washington",
            city="Washington",
            phone=PHONES[target],
            sid=None,
            outcome=None,
            seconds=None,
            started=at,
            ended=None,
        )
    )
    return name


def say(unit: Unit, call: str, meaning: Meaning, at: datetime, question: str = "position") -> None:
    """Give an answer about a call's only leg."""
    given_ = AnswerGiven(leg=1, question=question, meaning=meaning, source="keypad")
    unit.calls.add_answer(call, given_, at)


def counted(database: Database) -> dict[tuple[str, str], int]:
    """Return what the board counts, by channel and meaning."""
    with database.reading() as unit:
        rows = unit.board.counts("water", **WEIGHT)
    return {(row.channel.value, row.meaning.value): row.count for row in rows}


def same(database: Database) -> None:
    """Fail unless the board's counts are those of the rows."""
    with database.reading() as unit:
        assert unit.board.rolled_counts("water") == unit.board.plain_counts("water")


def same_pages(database: Database) -> None:
    """Fail unless members added up, and the newest disagreements, are what the rows say."""
    with database.reading() as unit:
        weighed = {"today": AFTER, "weight": DEFAULT.weight}
        by_day = unit.board.counts("water", **weighed)
        added_up = unit.board.counts("water", **weighed, half_life=DEFAULT.half_life_days)
        each = [one for t in PHONES for one in unit.board.counts("water", **weighed, target=t)]
        for found in (added_up, each):
            assert _weights(found) == {
                key: (count, pytest.approx(weight), pytest.approx(heaviest), last)
                for key, (count, weight, heaviest, last) in _weights(by_day).items()
            }
        told = {signals for *_, signals in seen(unit) if disagreement(signals)}
        for most in (2, 100):
            newest = unit.disagreeing.newest("water", sorted(told, key=str), most=most)
            assert [one.call for one in newest] == disagreeing(unit)[:most]
        for target, meaning in itertools.product(PHONES, (None, Meaning.SUPPORTS)):
            every = standing(unit, target, meaning)
            for most in (1, 2, 100):
                lines = unit.board.lines("water", target, meaning=meaning, most=most)
                assert [(one.call, one.at, one.counts) for one in lines] == every[:most]


def _weights(found: list[MeaningCount]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    return {
        (one.target, one.channel, one.meaning): (one.count, one.weight, one.heaviest, one.last)
        for one in found
    }


def test_one_supporter_counts_once_a_day_with_the_latest_answer(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        for hour, meaning in enumerate((Meaning.SUPPORTS, Meaning.OPPOSES)):
            at = NOON + timedelta(hours=hour)
            say(unit, add_call(unit, supporter="a", target="T1", at=at), meaning, at)
        tomorrow = NOON + timedelta(days=1)
        say(
            unit,
            add_call(unit, supporter="a", target="T1", at=tomorrow),
            Meaning.UNDECIDED,
            tomorrow,
        )
    assert counted(database) == {("bridged", "opposes"): 1, ("bridged", "undecided"): 1}
    same(database)


def test_a_correction_takes_the_place_of_what_it_corrects(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        call = add_call(unit, supporter="a", target="T1", at=NOON)
        say(unit, call, Meaning.SUPPORTS, NOON)
    with database.writing() as unit:
        assert unit.rollups.refresh() == 1
    with database.writing() as unit:
        say(unit, call, Meaning.OPPOSES, NOON + timedelta(days=2))
    assert counted(database) == {("bridged", "opposes"): 1}
    same(database)


def test_self_dialled_reports_are_a_channel_of_their_own(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        call = add_call(unit, supporter=None, target="T1", at=NOON, door=Door.SELF_DIALLED)
        say(unit, call, Meaning.SUPPORTS, NOON)
    assert counted(database) == {("self-dialled", "supports"): 1}


def test_the_answer_that_counts_stays_the_same_when_hashes_are_erased(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        for hour, meaning in enumerate((Meaning.SUPPORTS, Meaning.OPPOSES)):
            at = NOON + timedelta(hours=hour)
            say(unit, add_call(unit, supporter="a", target="T1", at=at), meaning, at)
        unit.connection.execute(calls.update().values(ended=NOON, stage="ended"))
    before = counted(database)
    due = NOON + timedelta(hours=6)
    with database.writing() as unit:
        unit.rollups.keep_repeats(ended_before=due)
        assert unit.calls.erase_hashes(ended_before=due) == 2
    with database.writing() as unit:
        unit.rollups.rebuild()
        assert len(unit.connection.execute(select(repeats)).all()) == 1
    assert counted(database) == before == {("bridged", "opposes"): 1}


def test_old_answers_weigh_less_and_count_the_same(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        for age in (0, 1, 3):
            at = NOON - timedelta(days=age)
            call = add_call(unit, supporter=f"s{age}", target="T1", at=at)
            say(unit, call, Meaning.SUPPORTS, at)
    with database.reading() as unit:
        (row,) = unit.board.counts("water", **WEIGHT)
    assert (row.count, row.weight, row.heaviest) == (3, 1 + 0.5 + 0.125, 1.0)
    assert row.last == NOON


MOVES = st.one_of(
    st.tuples(
        st.just("call"),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["T1", "T2"]),
        st.integers(0, 2),
        st.sampled_from(list(Door)),
    ),
    st.tuples(st.just("say"), st.integers(0, 9), st.sampled_from(list(Meaning))),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("end"), st.integers(0, 9), st.sampled_from(list(Outcome))),
    st.just(("refresh",)),
    st.just(("rebuild",)),
)


def play(database: Database, moves: list[tuple]) -> None:  # type: ignore[type-arg]
    """Do one thing after another, each in a transaction of its own."""
    made: list[str] = []
    for step, move in enumerate(moves):
        at = NOON + timedelta(minutes=step)
        with database.writing() as unit:
            match move:
                case ("call", supporter, target, day, door):
                    day_at = NOON - timedelta(days=day)
                    made.append(
                        add_call(unit, supporter=supporter, target=target, at=day_at, door=door)
                    )
                case ("say", which, meaning) if which < len(made):
                    question = "position" if meaning in POSITIONS else "happened"
                    say(unit, made[which], meaning, at, question)
                case ("withdraw", which) if which < len(made):
                    unit.calls.withdraw_answer(made[which], 1, "position")
                case ("end", which, outcome) if which < len(made):
                    length = 10 * step  # under and over what a conversation takes
                    unit.calls.end_leg(made[which], 1, outcome=outcome, seconds=length, at=at)
                case ("refresh",):
                    unit.rollups.refresh(2)
                case ("rebuild",):
                    unit.rollups.rebuild()
                case _:
                    pass
        same(database)
        if step % 3 == 0:
            same_pages(database)
    same_pages(database)


@pytest.mark.slow
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(moves=st.lists(MOVES, min_size=4, max_size=14))
def test_rolled_up_counts_are_the_plain_counts_at_every_moment(
    database: Database,
    moves: list[tuple],  # type: ignore[type-arg]
) -> None:
    with database.engine.begin() as connection:
        if connection.execute(select(campaigns)).first() is None:
            connection.execute(insert(revisions).values(digest="d", slug="water", published=NOON))
            connection.execute(
                insert(campaigns).values(slug="water", digest="d", state="live", published=NOON)
            )
    play(database, moves)
    with database.writing() as unit:
        while unit.rollups.refresh():
            pass
        kept = _rows(unit)
        added_up(unit)
        unit.rollups.rebuild()
        added_up(unit)
        assert _rows(unit) == kept
        healthy(unit, PHONES.values(), (NOON - timedelta(days=9)).date())
        # Narrowed by anything, they are counted leg by leg.
        plain = sorted(tuple(row) for row in unit.connection.execute(signals(true())))
        assert _told(unit) == plain


def _told(unit: Unit) -> list[tuple]:  # type: ignore[type-arg]
    return sorted(tuple(row) for row in unit.connection.execute(select(rollup_legs)))


def _rows(unit: Unit) -> list[tuple]:  # type: ignore[type-arg]
    return sorted(tuple(row) for row in unit.connection.execute(select(rollup_positions)))


def added_up(unit: Unit) -> None:
    """Fail unless each number's days are what its cells come to."""
    calls_: Counter[tuple[Any, str]] = Counter()
    worked: dict[tuple[Any, str], Any] = {}
    trouble: dict[tuple[Any, str], Any] = {}
    for cell in unit.connection.execute(select(rollup_legs)):
        key = cell.day, cell.phone
        calls_[key] += cell.count
        told = (cell.outcome, cell.reported)
        went = worked if cell.reported in {"spoke", "voicemail"} else None
        if cell.reported in {"wrong-number", "mailbox-full", "nobody"} or told in _SILENT_TROUBLE:
            went = trouble
        if went is not None:
            went[key] = max(cell.last, went.get(key, cell.last))
    assert {(row.day, row.phone): tuple(row)[2:] for row in unit.connection.execute(_NUMBERS)} == {
        key: (count, worked.get(key), trouble.get(key)) for key, count in calls_.items()
    }


_NUMBERS = select(rollup_numbers)
_SILENT_TROUBLE = {("failed", ""), ("no-answer", "")}


def test_a_refresh_counts_nothing_twice_and_leaves_no_mark(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        call = add_call(unit, supporter="a", target="T1", at=NOON)
        say(unit, call, Meaning.SUPPORTS, NOON)
        say(unit, call, Meaning.OPPOSES, NOON)
    with database.writing() as unit:
        assert unit.rollups.refresh() == 2
        assert unit.rollups.waiting() == 0
        assert unit.rollups.refresh() == 0
    assert counted(database) == {("bridged", "opposes"): 1}
