"""A call moves by its hooks, and only by its hooks, once each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callbridge.domain.call import Asking, Ending, Outcome, Stage
from callbridge.domain.instructions import Ask, Bridge, HangUp
from callbridge.domain.records import CallRecord
from callbridge.domain.survey import Meaning
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import ForgedHookError, NotFoundError
from callbridge.service import hooks
from callbridge.service.statuses import status
from tests.service.setting import Service, Telephone


def row(service: Service, token: str) -> CallRecord:
    with service.database.reading() as unit:
        found = unit.calls.by_token(token, lock=False)
    assert found is not None
    return found


def to_the_office(service: Service) -> Telephone:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("1")
    phone.press("1")
    return phone


def test_a_whole_call_is_stored_from_ring_to_goodbye(service: Service) -> None:
    phone = to_the_office(service)
    assert any(isinstance(one, Bridge) for one in phone.spoken.instructions)
    phone.bridge_ends()
    phone.press("1")
    phone.press("3")
    phone.press("#")
    phone.hang_up()
    record = row(service, phone.token)
    assert record.call.stage is Stage.ENDED
    assert record.call.legs[0].outcome is Outcome.CONNECTED
    assert record.call.legs[0].position is Meaning.OPPOSES
    assert record.answered and record.ended and record.sid == phone.sid
    with service.database.reading() as unit:
        stored = unit.calls.answers(record.id)
        legs = unit.calls.legs(record.id)
        kinds = unit.calls.fact_kinds(record.id)
    assert [(a.question, a.meaning) for a in stored] == [
        ("happened", Meaning.SPOKE),
        ("position", Meaning.OPPOSES),
    ]
    assert legs[0].seconds == 40 and legs[0].ended is not None
    assert kinds.count("LegStarted") == 1 and kinds.count("AnswerGiven") == 2


def test_each_hook_sent_twice_changes_nothing_and_is_told_the_same(service: Service) -> None:
    service.start()
    phone = service.phone()
    first = phone.answer()
    assert phone.send(phone.hook(), step=0) == first
    briefed = phone.press("1")
    assert phone.send(phone.hook(digits="1"), step=first.step) == briefed
    assert row(service, phone.token).call.asking is Asking.CONNECT


def test_a_hook_for_a_later_step_moves_nothing(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.send(phone.hook(digits="1"), step=7)
    assert row(service, phone.token).call.stage is Stage.GREETING


def test_an_unknown_token_is_not_found(service: Service) -> None:
    service.start()
    hook = service.phone().hook()
    with pytest.raises(NotFoundError):
        hooks.voice(service.ctx, "f" * 32, 0, hook)
    with pytest.raises(NotFoundError):
        status(service.ctx, "f" * 32, hook)


def test_a_hook_with_another_sid_than_the_bound_one_is_refused(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    with pytest.raises(ForgedHookError):
        phone.send(phone.hook(sid="CA" + "f" * 32, digits="1"))
    assert row(service, phone.token).call.stage is Stage.GREETING


def test_a_key_that_arrives_after_the_hang_up_still_counts_and_counts_once(
    service: Service,
) -> None:
    phone = to_the_office(service)
    phone.bridge_ends()
    step = phone.step
    phone.hang_up()
    for _ in range(2):
        said = phone.send(phone.hook(digits="2"), step=step)
        assert said.instructions == (HangUp(),)
    record = row(service, phone.token)
    assert record.call.ending is Ending.HUNG_UP
    with service.database.reading() as unit:
        assert [a.meaning for a in unit.calls.answers(record.id)] == [Meaning.VOICEMAIL]


def test_the_end_before_the_first_hook_leaves_the_call_ended(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.hang_up(CarrierStatus.NO_ANSWER)
    phone.hang_up(CarrierStatus.NO_ANSWER)
    record = row(service, phone.token)
    assert record.call.ending is Ending.NO_ANSWER
    assert phone.answer().instructions == (HangUp(),)


@pytest.mark.parametrize("bridge_first", [True, False])
def test_the_office_legs_end_counts_once_in_either_order(
    service: Service, bridge_first: bool
) -> None:
    phone = to_the_office(service)
    leg = row(service, phone.token).call.legs[0]
    callback = phone.hook(
        sid="CA" + "e" * 32,
        parent_sid=phone.sid,
        to=leg.phone,
        status=CarrierStatus.COMPLETED,
        seconds=40,
    )
    if bridge_first:
        phone.bridge_ends()
    status(service.ctx, phone.token, callback)
    status(service.ctx, phone.token, callback)
    if not bridge_first:
        phone.bridge_ends()
    record = row(service, phone.token)
    assert record.call.asking is Asking.QUESTION
    with service.database.reading() as unit:
        legs = unit.calls.legs(record.id)
        assert unit.calls.fact_kinds(record.id).count("LegEnded") == 1
    assert [(one.outcome, one.seconds, one.sid) for one in legs] == [
        (Outcome.CONNECTED, 40, callback.sid)
    ]


def test_nine_at_the_greeting_is_kept_for_good_and_one_undoes_it(service: Service) -> None:
    service.start()
    phone = service.phone()
    phone.answer()
    phone.press("9")
    hashes = service.ctx.vault.hashes(phone.to)
    with service.database.reading() as unit:
        assert unit.guards.opted_out(hashes)
    phone.press("1")
    with service.database.reading() as unit:
        assert not unit.guards.opted_out(hashes)


def test_the_apology_hangs_up_and_speaks(service: Service) -> None:
    service.start()
    said = hooks.sorry(service.ctx, service.phone().token)
    assert said[-1] == HangUp() and "Sorry" in said[0].text
    assert hooks.sorry(service.ctx, None) == said
    assert not any(isinstance(one, Ask) for one in said)


def test_a_fault_in_the_words_is_said_kindly_and_the_key_is_kept(service: Service) -> None:
    phone = to_the_office(service)
    broken = replace(service.ctx.settings, organization_phone=None)
    service.ctx = replace(service.ctx, settings=broken)
    said = phone.bridge_ends()
    assert "Sorry" in said.instructions[0].text and said.instructions[-1] == HangUp()
    call = row(service, phone.token).call
    assert (call.asking, call.legs[0].outcome) == (Asking.QUESTION, Outcome.CONNECTED)
