"""A drive from its list to its end: who is rung, when, how often, and who is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbridge.domain.drives import DriveState
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import PausedError, RefusedError
from callbridge.service import publishing
from callbridge.service.drives import running
from callbridge.service.drives.views import DriveRequest
from tests.service.drives.crowd import (
    begun,
    create,
    dial,
    everybody_answers,
    nobody_answers,
    people,
    ringing,
    told,
)
from tests.service.setting import Service


@pytest.fixture
def quick(service: Service) -> Service:
    """Return a service whose drives begin at full speed and whose offices take everybody."""
    return service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="100"
    )


def test_everybody_of_a_drive_is_rung_once_and_the_drive_ends_by_itself(quick: Service) -> None:
    drive = begun(quick, 20)
    while dial(quick):
        everybody_answers(quick)
    dial(quick)
    view = told(quick, drive)
    assert sorted(order.to for order in quick.line.placed) == sorted(
        {order.to for order in quick.line.placed}
    )
    assert len(quick.line.placed) == 20
    assert view.by_state == {"done": 20}
    assert view.by_cause == {"reached": 20}
    assert (view.state, view.unknown, view.keyed) == (DriveState.FINISHED, 0, 20)


def test_a_draft_rings_nobody_and_a_pause_holds_at_once(quick: Service) -> None:
    made = create(quick)
    assert made.drive is not None
    assert dial(quick) == 0
    running.start(quick.ctx, made.drive)
    running.pause(quick.ctx, made.drive)
    assert dial(quick) == 0
    running.resume(quick.ctx, made.drive)
    assert dial(quick) == 20


def test_a_paused_campaign_holds_its_drives(quick: Service) -> None:
    made = create(quick)
    assert made.drive is not None
    running.start(quick.ctx, made.drive)
    publishing.pause(quick.ctx, "water")
    assert dial(quick) == 0
    with pytest.raises(PausedError):
        running.start(quick.ctx, made.drive)


def test_a_stopped_drive_reports_everybody_it_did_not_ring(quick: Service) -> None:
    drive = begun(quick, 20, in_progress=5)
    assert dial(quick) == 5
    view = running.stop(quick.ctx, drive)
    assert view.by_state == {"placed": 5, "suppressed": 15}
    everybody_answers(quick)
    assert dial(quick) == 0
    assert told(quick, drive).by_state == {"done": 5, "suppressed": 15}
    with pytest.raises(RefusedError):
        running.start(quick.ctx, drive)


def test_whoever_did_not_answer_is_tried_again_by_the_rules_and_not_for_ever(
    quick: Service,
) -> None:
    drive = begun(quick, 1)
    for _ in range(3):
        assert dial(quick) == 1
        nobody_answers(quick)
        dial(quick)
        quick.clock.forward(hours=3)
        assert dial(quick) == 0
        quick.clock.forward(hours=21)
    assert dial(quick) == 0
    view = told(quick, drive)
    assert view.by_cause == {"no-answer": 1}
    assert view.state is DriveState.FINISHED


def test_nobody_is_rung_outside_their_own_hours(quick: Service) -> None:
    # Nine in the evening in New York, six in San Francisco.
    quick.clock.at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    begun(quick, text=people(2, zips=("10001", "94110")))
    assert dial(quick) == 1
    assert quick.line.placed[0].to == "+12025550101"
    quick.clock.at = datetime(2026, 11, 18, 5, 0, tzinfo=UTC)
    nobody_answers(quick)
    assert dial(quick) == 0
    quick.clock.at = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
    assert dial(quick) == 1


def test_a_claim_counts_the_people_of_each_drive_as_the_plan_does(service: Service) -> None:
    tight = service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="2", OFFICE_CALLS_PER_MINUTE="100"
    )
    header, *rows = people(20, zips=("94110",)).splitlines()
    rare = begun(tight, text="\n".join((header, *rows[:10])))
    with tight.database.writing() as unit:
        # Of a thousand nobody came through: ten of them are expected to be one at the office.
        unit.drives.count_results(rare, rung=1000, answered=500, keyed=400, bridged=0)
    assert dial(tight) == 10
    # Of these nothing is known yet: each has a place, one beside those ten, two at the other one.
    begun(tight, text="\n".join((header, *rows[10:])))
    assert dial(tight) == 3


def test_an_opt_out_after_the_import_is_kept(quick: Service) -> None:
    drive = begun(quick, 1)
    phone_hash = quick.ctx.vault.hash("+12025550100")
    with quick.database.writing() as unit:
        unit.guards.opt_out(phone_hash, call=None, at=quick.clock.now())
    assert dial(quick) == 0
    assert told(quick, drive).by_state == {"suppressed": 1}
    assert told(quick, drive).by_cause == {"opted-out": 1}


def test_the_limits_of_a_number_hold_for_drives_too(quick: Service) -> None:
    strict = quick.with_settings(
        DRIVE_RAMP_SECONDS="0", LIMIT_NUMBER_HOUR="1", LIMIT_NUMBER_DAY="1"
    )
    strict.start("202-555-0100")
    everybody_answers(strict)
    drive = begun(strict, 1)
    assert dial(strict) == 0
    strict.clock.forward(days=2)
    assert dial(strict) == 1
    assert told(strict, drive).by_state == {"placed": 1}


def test_a_number_in_a_call_by_another_door_waits_for_its_end(quick: Service) -> None:
    quick.start("202-555-0100")
    begun(quick, 1)
    assert dial(quick) == 0
    everybody_answers(quick)
    quick.clock.forward(minutes=2)
    assert dial(quick) == 1


def test_no_office_gets_more_people_than_it_takes(service: Service) -> None:
    tight = service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="2", OFFICE_CALLS_PER_MINUTE="100"
    )
    drive = begun(tight, text=people(10, zips=("94110",)))
    # Two senators with two places each, and nobody was measured yet.
    assert dial(tight) == 4
    assert dial(tight) == 0
    view = running.status(tight.ctx, drive, offices=True)
    assert sum(office.on_the_way for office in view.offices) <= 4
    everybody_answers(tight)
    dial(tight)
    assert len(tight.line.placed) > 4


def test_too_many_requests_slow_the_pace_and_count_as_no_try(quick: Service) -> None:
    drive = begun(quick, 2)
    quick.line.trouble = "busy"
    assert dial(quick) == 1
    quick.line.trouble = None
    with quick.database.reading() as unit:
        assert 0 < unit.pace.wait() <= 5
        assert unit.pace.state(1000).rate == 500
    view = told(quick, drive)
    assert (view.by_state, view.rung) == ({"planned": 2}, 0)
    with quick.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0, closed_until = 0")
    assert dial(quick) == 2


def test_an_account_that_is_refused_pauses_the_drive_with_its_cause(quick: Service) -> None:
    drive = begun(quick, 3)
    quick.line.trouble = "refused"
    dial(quick)
    view = told(quick, drive)
    assert (view.state, view.cause) == (DriveState.PAUSED, "The account is suspended.")
    assert not quick.line.placed


def test_a_number_that_cannot_be_rung_is_final(quick: Service) -> None:
    drive = begun(quick, 1)
    quick.line.trouble = "number"
    dial(quick)
    assert told(quick, drive).by_cause == {"failed-number": 1}


def test_what_may_have_rung_is_not_rung_again_before_the_carrier_was_asked(
    quick: Service,
) -> None:
    drive = begun(quick, 1)
    quick.line.trouble = "lost-before"
    dial(quick)
    quick.line.trouble = None
    assert told(quick, drive).unknown == 1
    for seconds in (31, 90):
        quick.clock.forward(seconds=seconds)
        assert dial(quick) == 0
    quick.clock.forward(seconds=481)
    dial(quick)
    quick.clock.forward(minutes=10)
    assert dial(quick) == 1
    assert len(quick.line.placed) == 1


def test_what_rang_though_its_answer_was_lost_is_found_and_rings_once(quick: Service) -> None:
    drive = begun(quick, 1)
    quick.line.trouble = "lost-after"
    dial(quick)
    quick.line.trouble = None
    quick.clock.forward(seconds=31)
    dial(quick)
    assert told(quick, drive).by_state == {"placed": 1}
    everybody_answers(quick)
    dial(quick)
    assert len(quick.line.placed) == 1
    assert told(quick, drive).by_cause == {"reached": 1}


def test_a_drive_begins_with_a_tenth_of_its_calls(service: Service) -> None:
    slow = service.with_settings(
        DRIVE_RAMP_SECONDS="120", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="100"
    )
    begun(slow, 20, in_progress=20)
    assert dial(slow) == 2
    slow.clock.forward(seconds=60)
    assert dial(slow) == 8


def test_two_drives_share_the_calls_evenly(quick: Service) -> None:
    narrow = quick.with_settings(
        DRIVE_RAMP_SECONDS="0",
        CALLS_IN_PROGRESS="10",
        OFFICE_MAX_CALLS="100",
        OFFICE_CALLS_PER_MINUTE="100",
    )
    one = begun(narrow, text=people(10))
    two = begun(narrow, text=people(20).replace("+1202", "+1203"))
    assert dial(narrow) == 10
    assert abs(told(narrow, one).calls_now - told(narrow, two).calls_now) <= 1


def test_the_greeting_key_of_a_drives_call_is_the_consent(quick: Service) -> None:
    drive = begun(quick, 2)
    dial(quick)
    pressed, silent = ringing(quick)
    pressed.answer()
    pressed.press("1")
    silent.answer()
    with quick.database.reading() as unit:
        first = unit.calls.by_token(pressed.token, lock=False)
        second = unit.calls.by_token(silent.token, lock=False)
    assert first and second
    assert first.consent is not None and first.consented is not None
    assert second.consented is None
    for phone in (pressed, silent):
        quick.line.set(phone.sid, CarrierStatus.COMPLETED, 20)
        phone.hang_up()
    dial(quick)
    assert told(quick, drive).by_state == {"done": 1, "planned": 1}


def test_hours_and_rates_that_are_none_are_refused(service: Service) -> None:
    for wrong in ({"window": "9-5"}, {"days": "someday"}, {"rate": 0.0}, {"in_progress": 0}):
        with pytest.raises(RefusedError):
            running.create(service.ctx, DriveRequest(slug="water", **wrong), people(1))  # type: ignore[arg-type]


def test_hours_and_calls_beyond_every_bound_are_refused_before_a_database_sees_them(
    service: Service,
) -> None:
    drive = create(service, 1).drive
    assert drive is not None
    for wrong in ({"in_progress": 10**12}, {"days": ",".join(["mon"] * 40)}, {"window": "x"}):
        with pytest.raises(RefusedError):
            running.change(service.ctx, drive, **wrong)  # type: ignore[arg-type]
    with pytest.raises(RefusedError):
        create(service, 1, name="x" * 121)
    kept = running.change(service.ctx, drive, window="  10:00-11:00 ", days="MON - fri")
    assert (kept.window, kept.days) == ("10:00-11:00", "mon-fri")
