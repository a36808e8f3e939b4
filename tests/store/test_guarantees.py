"""What the database itself refuses, whatever the code does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from callbridge.domain.call import Call, Stage
from callbridge.domain.facts import AnswerGiven
from callbridge.domain.records import (
    AttemptKind,
    AttemptState,
    CallRecord,
    CampaignRecord,
    CampaignState,
)
from callbridge.domain.survey import Meaning
from callbridge.errors import DatabaseError
from callbridge.store import Database
from callbridge.store.tables import answers, calls

NOW = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
HASH = "a" * 32


def stored(database: Database, name: str, **changes: object) -> str:
    """Store a call."""
    given: dict[str, object] = {
        "id": name,
        "token": f"token-{name}",
        "slug": "water",
        "digest": "d",
        "call": Call(language="en"),
        "created": NOW,
        "from_": "+12025550100",
    }
    with database.writing() as unit:
        if unit.campaigns.get("water") is None:
            campaign = CampaignRecord(
                slug="water", digest="d", state=CampaignState.LIVE, number=None, published=NOW
            )
            unit.campaigns.publish(campaign, {"a": b"b"})
        unit.calls.add(CallRecord(**(given | changes)))  # type: ignore[arg-type]
    return name


def test_a_number_has_one_attempt_in_flight(database: Database) -> None:
    one, two = stored(database, "one"), stored(database, "two")
    with database.writing() as unit:
        first = unit.attempts.plan(one, HASH, run_at=NOW)
        assert first is not None
        assert unit.attempts.plan(two, HASH, run_at=NOW) is None
        assert unit.attempts.plan(two, HASH, run_at=NOW, dialing_at=NOW) is None
        assert unit.attempts.plan(two, HASH, run_at=NOW, kind=AttemptKind.RING_BACK) is not None
        assert unit.attempts.finish(first, AttemptState.FAILED)
        assert unit.attempts.plan(two, HASH, run_at=NOW) is not None


def test_a_final_attempt_stays_final(database: Database) -> None:
    call = stored(database, "one")
    with database.writing() as unit:
        attempt = unit.attempts.plan(call, HASH, run_at=NOW, dialing_at=NOW)
        assert attempt is not None
        assert unit.attempts.finish(attempt, AttemptState.FAILED)
        assert not unit.attempts.finish(attempt, AttemptState.UNKNOWN)
        assert not unit.attempts.not_processed(attempt, run_at=NOW)
        unit.attempts.placed(call)
        assert [one.state for one in unit.attempts.of_call(call)] == [AttemptState.FAILED]


def test_only_a_claim_goes_back_to_planned(database: Database) -> None:
    call = stored(database, "one")
    with database.writing() as unit:
        attempt = unit.attempts.plan(call, HASH, run_at=NOW)
        claimed = unit.attempts.claim("me", now=NOW, lease_seconds=60)
        assert claimed is not None and claimed.id == attempt
        assert not unit.attempts.give_back(claimed.id, claimed.fence + 1)
        assert unit.attempts.give_back(claimed.id, claimed.fence)
        again = unit.attempts.claim("me", now=NOW, lease_seconds=60)
        assert again is not None and again.fence == claimed.fence + 1
        assert not unit.attempts.dialing(again.id, claimed.fence, at=NOW)
        assert unit.attempts.dialing(again.id, again.fence, at=NOW)
        assert not unit.attempts.give_back(again.id, again.fence)
        unit.attempts.free_expired_leases()
        assert [one.state for one in unit.attempts.of_call(call)] == [AttemptState.DIALING]


def test_what_is_not_due_is_not_claimed(database: Database) -> None:
    call = stored(database, "one")
    with database.writing() as unit:
        unit.attempts.plan(call, HASH, run_at=NOW + timedelta(minutes=1))
        assert unit.attempts.claim("me", now=NOW, lease_seconds=60) is None


def test_a_sid_belongs_to_one_call(database: Database) -> None:
    one, two = stored(database, "one", sid="CA1"), stored(database, "two")
    with pytest.raises(IntegrityError), database.writing() as unit:
        unit.calls.bind(two, "CA1")
    with database.writing() as unit:
        assert unit.calls.bind(one, "CA1")
        assert not unit.calls.bind(one, "CA2")
        assert unit.calls.bound(["CA1", "CA2"]) == {"CA1"}
        twin = unit.calls.by_id(one)
        assert twin is not None
    stored(database, "three", sid="CA1")
    with database.reading() as unit:
        assert unit.calls.by_id("three") is None


def test_a_question_has_one_standing_answer(database: Database) -> None:
    call = stored(database, "one")
    given = AnswerGiven(leg=1, question="happened", meaning=Meaning.SPOKE, source="keypad")
    with database.writing() as unit:
        unit.calls.add_answer(call, given, NOW)
        unit.calls.add_answer(call, given, NOW)
        assert [one.superseded for one in unit.calls.answers(call)] == [True, False]
    with pytest.raises(IntegrityError), database.writing() as unit:
        unit.connection.execute(update(answers).values(superseded=False))


def test_an_ended_call_has_the_time_of_its_end(database: Database) -> None:
    stored(database, "one")
    with pytest.raises(IntegrityError), database.writing() as unit:
        unit.connection.execute(update(calls).values(stage=Stage.ENDED.value))


def test_a_call_is_saved_at_the_step_it_stands_at_only(database: Database) -> None:
    name = stored(database, "one")
    with database.writing() as unit:
        record = unit.calls.by_id(name, lock=True)
        assert record is not None
        assert not unit.calls.save(record, step=3, targets_changed=False)
        assert unit.calls.save(record, step=0, targets_changed=True)


def test_times_come_back_in_utc_and_need_a_zone(database: Database) -> None:
    name = stored(database, "one")
    with database.reading() as unit:
        record = unit.calls.by_id(name)
    assert record is not None and record.created == NOW
    assert record.created.utcoffset() == timedelta(0)
    with pytest.raises(Exception, match="without a zone"):
        stored(database, "two", created=datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    name = stored(database, "one")
    with pytest.raises(RuntimeError), database.writing() as unit:
        unit.guards.opt_out(HASH, call=name, at=NOW)
        raise RuntimeError
    with database.reading() as unit:
        assert not unit.guards.opted_out([HASH])


def test_a_database_that_is_away_is_said_in_a_sentence() -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseError) as told, gone.reading():
        pass
    assert told.value.status == 503
    gone.close()


def test_an_undone_opt_out_is_only_the_one_of_this_call(database: Database) -> None:
    one, two = stored(database, "one"), stored(database, "two")
    with database.writing() as unit:
        unit.guards.opt_out(HASH, call=one, at=NOW)
        unit.guards.undo_opt_out([HASH], call=two)
        assert unit.guards.opted_out([HASH])
        unit.guards.undo_opt_out([HASH], call=one)
        assert not unit.guards.opted_out([HASH])


def test_a_call_that_somebody_holds_is_not_waited_for_without_end(
    database: Database, database_url: str
) -> None:
    stored(database, "one")
    impatient = Database(database_url, busy_milliseconds=200)
    try:
        with database.writing() as unit:
            assert unit.calls.by_token("token-one") is not None
            with pytest.raises(DatabaseError), impatient.writing() as other:
                other.calls.by_token("token-one")
    finally:
        impatient.close()
    with database.writing() as unit:
        assert unit.calls.by_token("token-one") is not None
