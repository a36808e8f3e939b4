"""The dialer places what waits, once, and settles what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Barrier
from typing import Any

import pytest

from callbridge.domain.call import Ending, Outcome, Stage
from callbridge.domain.records import AttemptKind, AttemptState, CallRecord
from callbridge.domain.telephony import CarrierCall, CarrierStatus
from callbridge.service import publishing
from callbridge.service.dialing import place_waiting
from callbridge.service.erasing import erase_due
from callbridge.service.moving import plan_ring_back
from callbridge.service.settling import settle_stuck, settle_unknown
from callbridge.service.statuses import status
from tests.service.setting import Service


def record(service: Service, call: str) -> CallRecord:
    with service.database.reading() as unit:
        found = unit.calls.by_id(call)
    assert found is not None
    return found


def states(service: Service, call: str) -> list[AttemptState]:
    with service.database.reading() as unit:
        return [one.state for one in unit.attempts.of_call(call)]


def waiting(service: Service, phone: str = "202-555-0148") -> str:
    """Leave a call that found no free slot."""
    slow = service.with_settings(CALLS_PER_SECOND="0.001")
    slow.start("202-555-0199")
    call = slow.start(phone).call
    with service.database.writing() as unit:
        unit.connection.exec_driver_sql("UPDATE pace SET next_free = 0")
    return call


def test_a_waiting_call_is_placed_once(service: Service) -> None:
    call = waiting(service)
    assert place_waiting(service.ctx, owner="a") == 1
    assert place_waiting(service.ctx, owner="b") == 0
    assert states(service, call) == [AttemptState.PLACED]
    assert [order.to for order in service.line.placed] == ["+12025550199", "+12025550148"]


def test_the_dialer_keeps_the_pace(service: Service) -> None:
    call = waiting(service)
    slow = service.with_settings(CALLS_PER_SECOND="0.001")
    with service.database.writing() as unit:
        assert unit.pace.take(0.001)
    assert place_waiting(slow.ctx, owner="a") == 0
    assert states(service, call) == [AttemptState.PLANNED]


def test_a_campaign_paused_meanwhile_rings_nobody(service: Service) -> None:
    call = waiting(service)
    publishing.pause(service.ctx, "water")
    assert place_waiting(service.ctx, owner="a") == 0
    assert states(service, call) == [AttemptState.SUPPRESSED]
    assert record(service, call).call.ending is Ending.PAUSED


def test_a_number_that_opted_out_meanwhile_is_not_rung(service: Service) -> None:
    call = waiting(service)
    with service.database.writing() as unit:
        unit.guards.opt_out(
            service.ctx.vault.hash("+12025550148"), call=None, at=service.clock.now()
        )
    place_waiting(service.ctx, owner="a")
    assert states(service, call) == [AttemptState.SUPPRESSED]
    assert len(service.line.placed) == 1


def test_a_ring_that_comes_too_late_does_not_come(service: Service) -> None:
    call = waiting(service)
    service.clock.forward(hours=2)
    place_waiting(service.ctx, owner="a")
    assert states(service, call) == [AttemptState.EXPIRED]
    assert record(service, call).call.ending is Ending.EXPIRED


def test_a_dead_dialers_claim_goes_back_when_its_lease_is_over(service: Service) -> None:
    call = waiting(service)
    with service.database.writing() as unit:
        claimed = unit.attempts.claim("dead", now=service.clock.now(), lease_seconds=0)
        assert claimed is not None
    place_waiting(service.ctx, owner="alive")
    assert states(service, call) == [AttemptState.PLACED]
    with service.database.writing() as unit:
        assert not unit.attempts.dialing(claimed.id, claimed.fence, at=service.clock.now())


def test_a_claim_with_a_running_lease_is_nobody_elses(service: Service) -> None:
    call = waiting(service)
    with service.database.writing() as unit:
        unit.attempts.claim("busy", now=service.clock.now(), lease_seconds=60)
    assert place_waiting(service.ctx, owner="other") == 0
    assert states(service, call) == [AttemptState.CLAIMED]


def test_a_process_killed_after_the_request_rings_nobody_twice(service: Service) -> None:
    service.line.trouble = "lost-after"
    call = service.start().call
    service.line.trouble = None
    assert settle_unknown(service.ctx) == 0
    service.clock.forward(seconds=31)
    assert settle_unknown(service.ctx) == 1
    assert states(service, call) == [AttemptState.PLACED]
    assert record(service, call).sid == service.phone().sid
    assert len(service.line.placed) == 1


def test_an_unknown_call_that_ended_unanswered_is_found_too(service: Service) -> None:
    service.line.trouble = "lost-after"
    call = service.start().call
    service.line.set(service.phone().sid, CarrierStatus.NO_ANSWER)
    service.clock.forward(seconds=31)
    settle_unknown(service.ctx)
    assert record(service, call).call.ending is Ending.NO_ANSWER
    assert states(service, call) == [AttemptState.FAILED]


def test_only_after_the_last_check_it_was_not_placed(service: Service) -> None:
    service.line.trouble = "lost-before"
    call = service.start().call
    for seconds in (31, 90):
        service.clock.forward(seconds=seconds)
        assert settle_unknown(service.ctx) == 0
        assert states(service, call) == [AttemptState.UNKNOWN]
    service.clock.forward(seconds=480)
    assert settle_unknown(service.ctx) == 1
    assert states(service, call) == [AttemptState.FAILED]
    assert record(service, call).call.ending is Ending.NOT_PLACED
    service.line.trouble = None
    service.start()


def test_a_leg_bound_to_another_call_is_not_adopted(service: Service) -> None:
    service.start()
    service.phone().answer()
    service.phone().hang_up()
    service.line.trouble = "lost-before"
    call = service.start().call
    service.clock.forward(seconds=31)
    assert settle_unknown(service.ctx) == 0
    assert record(service, call).sid is None
    # And it does not keep this call in doubt for ever: its number would never be free again.
    service.clock.forward(seconds=570)
    assert settle_unknown(service.ctx) == 1
    assert states(service, call) == [AttemptState.FAILED]
    assert record(service, call).call.ending is Ending.NOT_PLACED


def test_a_carrier_slow_to_answer_about_one_ring_is_asked_about_others_meanwhile(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.line.trouble = "lost-after"
    calls = [service.start(f"202-555-010{n}").call for n in range(4)]
    service.clock.forward(seconds=31)
    find, together = service.line.find, Barrier(4, timeout=10)

    def wait_for_all(**wanted: Any) -> Sequence[CarrierCall]:
        together.wait()
        return find(**wanted)

    monkeypatch.setattr(service.line, "find", wait_for_all)
    assert settle_unknown(service.ctx) == 4
    assert [states(service, call) for call in calls] == [[AttemptState.PLACED]] * 4


def test_a_create_killed_before_its_request_is_settled_after_the_lease(service: Service) -> None:
    call = waiting(service)
    with service.database.writing() as unit:
        claimed = unit.attempts.claim("dead", now=service.clock.now(), lease_seconds=60)
        assert claimed is not None
        assert unit.attempts.dialing(claimed.id, claimed.fence, at=service.clock.now())
    service.clock.forward(seconds=60)
    assert settle_unknown(service.ctx) == 0
    for seconds in (40, 60, 500):
        service.clock.forward(seconds=seconds)
        settle_unknown(service.ctx)
    assert states(service, call) == [AttemptState.FAILED]
    assert len(service.line.placed) == 1


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        (CarrierStatus.NO_ANSWER, Ending.NO_ANSWER),
        (CarrierStatus.BUSY, Ending.BUSY),
        (CarrierStatus.COMPLETED, Ending.HUNG_UP),
    ],
)
def test_a_call_whose_last_callback_was_lost_does_not_stay_stuck(
    service: Service, word: CarrierStatus, ending: Ending
) -> None:
    call = service.start().call
    service.line.set(service.phone().sid, word)
    assert settle_stuck(service.ctx) == 0
    service.clock.forward(minutes=2)
    assert settle_stuck(service.ctx) == 1
    assert record(service, call).call.ending is ending
    service.start()


def test_a_long_conversation_is_not_ended_by_asking(service: Service) -> None:
    call = service.start().call
    phone = service.phone()
    phone.answer()
    service.line.set(phone.sid, CarrierStatus.IN_PROGRESS)
    service.clock.forward(minutes=6)
    assert settle_stuck(service.ctx) == 0
    assert record(service, call).call.stage is Stage.GREETING


def test_the_office_leg_of_a_lost_call_is_settled_with_it(service: Service) -> None:
    call = service.start().call
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    office = record(service, call).call.legs[0].phone
    child = service.line.leg(to=office, from_=service.line.number, parent=phone.sid)
    service.line.set(child, CarrierStatus.COMPLETED, 33)
    service.line.set(phone.sid, CarrierStatus.COMPLETED, 60)
    service.clock.forward(minutes=6)
    assert settle_stuck(service.ctx) == 1
    with service.database.reading() as unit:
        leg = unit.calls.legs(call)[0]
    assert (leg.outcome, leg.seconds, leg.sid) == (Outcome.CONNECTED, 33, child)


def test_a_ring_back_rings_after_the_call_that_asked_for_it(service: Service) -> None:
    call = service.start().call
    phone = service.phone()
    phone.answer()
    with service.database.writing() as unit:
        current = unit.calls.by_id(call, lock=True)
        assert current is not None
        soon = service.clock.now()
        again = plan_ring_back(service.ctx, unit, current, soon)
        assert again is not None
        assert plan_ring_back(service.ctx, unit, current, soon) is None
    assert place_waiting(service.ctx, owner="a") == 0
    phone.hang_up()
    service.clock.forward(seconds=31)
    assert place_waiting(service.ctx, owner="a") == 1
    assert record(service, again).parent == call
    with service.database.reading() as unit:
        assert unit.attempts.of_call(again)[0].kind is AttemptKind.RING_BACK


def test_the_person_goes_and_the_fact_stays(service: Service) -> None:
    call = service.start().call
    phone = service.phone()
    phone.answer()
    phone.press("9")
    status(service.ctx, phone.token, phone.hook(status=CarrierStatus.COMPLETED))
    service.clock.forward(hours=23)
    assert erase_due(service.ctx).numbers == 0
    service.clock.forward(hours=2)
    assert erase_due(service.ctx).numbers == 1
    assert record(service, call).phone_enc is None
    assert record(service, call).phone_hash is not None
    service.clock.forward(days=30)
    assert erase_due(service.ctx).hashes == 1
    service.clock.forward(days=60)
    assert erase_due(service.ctx).zips == 1
    after = record(service, call)
    assert (after.phone_hash, after.call.zip, after.call.city) == (None, None, None)
    assert after.call.ending is Ending.OPTED_OUT
    with service.database.reading() as unit:
        assert unit.guards.opted_out(service.ctx.vault.hashes(phone.to))
