"""Attempts by state are what their rows say, however many of them were counted before."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from sqlalchemy import Connection, func, insert, select, update

from callbridge.domain.records import AttemptState
from callbridge.service.trying import count_tried
from callbridge.store import Database
from callbridge.store.drive_tables import contacts
from callbridge.store.tables import attempts
from callbridge.store.tally_tables import tally_attempts
from callbridge.store.tried import Tried
from tests.store.histories import DRIVES, NOON, publish

OVER = ("done", "failed", "suppressed", "expired")
_numbers = itertools.count(1)


def person(connection: Connection) -> int:
    """Enter somebody of the first drive."""
    told = {"language": "en", "group_name": "", "consent_source": "x", "consent_at": NOON}
    return int(
        connection.execute(
            insert(contacts)
            .values(drive=DRIVES[0], bucket=1, extra="{}", **told)
            .returning(contacts.c.id)
        ).scalar_one()
    )


def plan(connection: Connection, contact: int, state: str = "planned") -> None:
    """Enter an attempt."""
    connection.execute(
        insert(attempts).values(
            phone_hash=f"{next(_numbers):064x}",
            kind="drive",
            state=state,
            run_at=NOON,
            drive=DRIVES[0],
            contact=contact,
        )
    )


def by_rows(connection: Connection) -> dict[str, int]:
    """Count the attempts by state from their rows."""
    query = select(attempts.c.state, func.count()).group_by(attempts.c.state)
    return {row.state: row[1] for row in connection.execute(query)}


def close(database: Database, block: int) -> int | None:
    """Count the blocks in which all are over, in a transaction that wrote nothing before."""
    with database.writing() as unit:
        tried = Tried(unit.connection, block=block)
        return tried.close(tried.tide())


def test_attempts_are_counted_as_their_rows_at_every_moment(database: Database) -> None:
    publish(database)
    chance = Random(3)
    with database.writing() as unit:
        contact = person(unit.connection)
    closed = 0
    for _ in range(40):
        with database.writing() as unit:
            tried = Tried(unit.connection, block=3)
            match chance.choice(["plan", "plan", "over", "over", "close"]):
                case "plan":
                    for _ in range(chance.randrange(1, 5)):
                        plan(unit.connection, contact, chance.choice(["planned", *OVER]))
                case "over":
                    waiting = select(attempts.c.id).where(attempts.c.state == "planned")
                    some = unit.connection.scalars(waiting).all()
                    chosen = chance.sample(some, min(len(some), 3))
                    change = update(attempts).where(attempts.c.id.in_(chosen))
                    unit.connection.execute(change.values(state=chance.choice(OVER)))
                case _:
                    closed += tried.close(tried.tide()) or 0
            assert tried.counts() == by_rows(unit.connection)
    assert closed > 3
    with database.writing() as unit:
        Tried(unit.connection).forget()
        assert Tried(unit.connection, block=3).counts() == by_rows(unit.connection)


def test_a_block_with_one_who_waits_is_not_counted_before_that_is_over(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        contact = person(unit.connection)
        for state in ("done", "planned", "done", "done", "failed", "done", "done", "done"):
            plan(unit.connection, contact, state)
    assert close(database, 4) == 1
    with database.writing() as unit:
        unit.connection.execute(
            update(attempts).where(attempts.c.state == "planned").values(state="expired")
        )
    assert close(database, 4) == 1
    with database.reading() as unit:
        tried = Tried(unit.connection, block=4)
        assert tried.counts() == {"done": 6, "failed": 1, "expired": 1}


# SQLite has one writer at a time.
@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_counted_while_a_writer_may_still_come_with_earlier_ones(
    database: Database,
) -> None:
    publish(database)
    with database.writing() as unit:
        contact = person(unit.connection)
    with database.engine.connect() as slow:
        plan(slow, contact, AttemptState.DONE.value)
        with database.writing() as unit:
            for _ in range(4):
                plan(unit.connection, contact, AttemptState.DONE.value)
        with database.writing() as unit:
            tried = Tried(unit.connection, block=2)
            assert tried.close(tried.tide()) is None
        assert count_tried(database, patience=1) is None
        slow.commit()
    with database.writing() as unit:
        tried = Tried(unit.connection, block=2)
        assert (tried.close(tried.tide()) or 0) > 0
        assert tried.counts() == {"done": 5}
    assert count_tried(database) == 0


def test_what_is_counted_is_the_part_that_is_looked_at_no_more(database: Database) -> None:
    publish(database)
    with database.writing() as unit:
        contact = person(unit.connection)
        for _ in range(5):
            plan(unit.connection, contact, "done")
    close(database, 2)
    with database.writing() as unit:
        tried = Tried(unit.connection, block=2)
        kept = unit.connection.scalar(select(func.sum(tally_attempts.c.count)))
        # Of five the last two, perhaps, are in a block that is not full.
        assert kept in {3, 4}
        # Were it read again, this would show.
        change = update(attempts).where(
            attempts.c.id == select(func.min(attempts.c.id)).scalar_subquery()
        )
        unit.connection.execute(change.values(state="failed"))
        assert tried.counts() == {"done": 5}
