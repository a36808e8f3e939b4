"""Somebody dials a campaign's number: one call, however often the hook comes."""

from __future__ import annotations

from dataclasses import replace

from callbridge.domain.call import Asking, Door, Ending, Stage
from callbridge.domain.campaign import Hours
from callbridge.domain.instructions import Ask, HangUp
from callbridge.domain.records import AttemptKind, CallRecord
from callbridge.domain.telephony import CarrierStatus, Hook
from callbridge.service import hooks, publishing
from callbridge.service.views import Spoken
from tests.service.setting import LINE, Service, Telephone

SID = "CA" + "a" * 32
SUPPORTER = "+12025550147"


def dialled_in(**changes: object) -> Hook:
    hook = Hook(sid=SID, parent_sid=None, from_=SUPPORTER, to=LINE, status=CarrierStatus.RINGING)
    return replace(hook, **changes)  # type: ignore[arg-type]


def telephone(service: Service, token: str, step: int) -> Telephone:
    phone = Telephone(service=service, token=token, sid=SID, to=SUPPORTER)
    phone.spoken = Spoken(instructions=(), token=token, step=step)
    return phone


def record(service: Service, token: str) -> CallRecord:
    with service.database.reading() as unit:
        found = unit.calls.by_token(token, lock=False)
    assert found is not None
    return found


def test_dialling_in_greets_and_offers_to_ring_back(service: Service) -> None:
    said = hooks.inbound(service.ctx, dialled_in())
    call = record(service, said.token).call
    assert (call.door, call.stage, call.ringable) == (Door.CALL_IN, Stage.GREETING, True)
    phone = telephone(service, said.token, said.step)
    phone.press("2")
    hooks.inbound_status(service.ctx, dialled_in(status=CarrierStatus.COMPLETED))
    ended = record(service, said.token)
    assert ended.call.ending is Ending.RING_BACK
    with service.database.reading() as unit:
        waiting = unit.attempts.waiting(service.clock.now())
        assert waiting == 0
    service.clock.forward(minutes=5)
    with service.database.writing() as unit:
        planned = unit.attempts.claim("t", now=service.clock.now(), lease_seconds=60)
    assert planned is not None and planned.kind is AttemptKind.RING_BACK


def test_a_repeated_inbound_hook_finds_the_same_call(service: Service) -> None:
    first = hooks.inbound(service.ctx, dialled_in())
    assert hooks.inbound(service.ctx, dialled_in()) == first


def test_a_withheld_number_cannot_be_rung_back(service: Service) -> None:
    said = hooks.inbound(service.ctx, dialled_in(from_="anonymous"))
    found = record(service, said.token)
    assert not found.call.ringable and found.phone_hash is None and found.phone_enc is None


def test_a_number_at_its_limit_is_not_offered_a_ring_back(service: Service) -> None:
    strict = service.with_settings(LIMIT_NUMBER_HOUR="0")
    said = hooks.inbound(strict.ctx, dialled_in())
    assert not record(service, said.token).call.ringable


def test_the_keypad_zip_settles_whom_to_call(service: Service) -> None:
    said = hooks.inbound(service.ctx, dialled_in())
    phone = telephone(service, said.token, said.step)
    asked = phone.press("1")
    zips = [one for one in asked.instructions if isinstance(one, Ask)]
    assert zips[0].digits == 5 and zips[0].report_silence
    phone.press("94110")
    call = record(service, said.token).call
    assert call.stage is Stage.BRIEFING and len(call.targets) == 2 and call.zip == "94110"


def test_campaigns_that_share_a_number_are_chosen_on_the_keypad(service: Service) -> None:
    service.publish("fire")
    said = hooks.inbound(service.ctx, dialled_in())
    call = record(service, said.token).call
    assert call.asking is Asking.CAMPAIGN
    assert [choice.value for choice in call.menu] == ["fire", "water"]
    phone = telephone(service, said.token, said.step)
    phone.press("2")
    chosen = record(service, said.token)
    assert (chosen.slug, chosen.call.asking) == ("water", Asking.GO_ON)


def test_a_campaign_with_a_number_of_its_own_answers_there_alone(service: Service) -> None:
    service.publish("fire", number="+12025550111")
    shared = hooks.inbound(service.ctx, dialled_in())
    assert record(service, shared.token).slug == "water"
    own = hooks.inbound(service.ctx, dialled_in(sid="CA" + "b" * 32, to="+12025550111"))
    assert record(service, own.token).slug == "fire"


def test_a_paused_campaign_says_so_and_hangs_up(service: Service) -> None:
    publishing.pause(service.ctx, "water")
    said = hooks.inbound(service.ctx, dialled_in())
    assert said.instructions[-1] == HangUp() and "paused" in said.instructions[0].text
    hooks.inbound_status(service.ctx, dialled_in(status=CarrierStatus.COMPLETED))


def test_a_number_of_no_campaign_says_sorry(service: Service) -> None:
    said = hooks.inbound(service.ctx, dialled_in(to="+12025550188"))
    assert said.instructions[-1] == HangUp() and said.token == ""


def test_outside_a_campaigns_own_hours_its_number_takes_no_calls(service: Service) -> None:
    evening = Hours(days=frozenset(range(7)), opens=18 * 60, closes=20 * 60)
    service.publish(hours=evening)
    said = hooks.inbound(service.ctx, dialled_in())
    assert said.token == "" and "takes no calls" in said.instructions[0].text
    service.clock.forward(hours=7)
    assert hooks.inbound(service.ctx, dialled_in()).token
