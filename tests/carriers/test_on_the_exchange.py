"""The whole carrier against the exchange: REST, hooks and TwiML over real HTTP on both sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbridge.domain.campaign import CallerId
from callbridge.domain.telephony import CarrierStatus, DialResult, PlaceOrder
from callbridge.errors import (
    CarrierBusyError,
    CarrierRefusedError,
    CarrierUnknownError,
)
from tests.carriers.conversation import (
    GOODBYE,
    GREETING,
    NUMBER,
    OFFICE,
    ORDER,
    SUPPORTER,
    ZIP,
    Conversation,
    bridge,
    carrier_for,
)


def test_a_whole_call_is_placed_heard_bridged_and_reported(talk: Conversation) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    sid = talk.carrier.place(ORDER)
    whole = talk.settle(sid)
    assert talk.exchange.warnings == []
    assert talk.forged == []
    (first,), (keyed,), (ended,) = (talk.heard[step] for step in "012")
    assert (first.sid, first.from_, first.to, first.digits) == (sid, NUMBER, SUPPORTER, None)
    assert keyed.digits == "1"
    office = whole["offices"][0]  # type: ignore[index]
    ours = [hook.status for hook in talk.heard["status"] if hook.parent_sid is None]
    assert ours == [CarrierStatus.COMPLETED]
    theirs = [hook for hook in talk.heard["status"] if hook.parent_sid == sid]
    assert {hook.sid for hook in theirs} == {office["sid"]}
    assert [hook.status for hook in theirs] == [CarrierStatus.IN_PROGRESS, CarrierStatus.COMPLETED]
    seconds = theirs[-1].seconds
    assert seconds is not None
    assert seconds >= 28
    assert ended.dialled == DialResult(
        status=CarrierStatus.COMPLETED, sid=office["sid"], seconds=seconds, bridged=True
    )


def test_legs_are_fetched_and_children_listed(talk: Conversation) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    sid = talk.carrier.place(ORDER)
    talk.settle(sid)
    leg = talk.carrier.fetch(sid)
    assert leg is not None
    assert (leg.sid, leg.status, leg.parent_sid) == (sid, CarrierStatus.COMPLETED, None)
    (child,) = talk.carrier.children(sid)
    assert (child.parent_sid, child.to, child.status) == (sid, OFFICE, CarrierStatus.COMPLETED)
    assert talk.carrier.fetch("CA" + "f" * 32) is None


@pytest.mark.parametrize(
    ("show", "number"), [(CallerId.CAMPAIGN, NUMBER), (CallerId.SUPPORTER, SUPPORTER)]
)
def test_the_exchange_lets_either_number_be_shown(
    talk: Conversation, show: CallerId, number: str
) -> None:
    talk.plan(GREETING, bridge(show), GOODBYE)
    sid = talk.carrier.place(ORDER)
    whole = talk.settle(sid)
    assert whole["offices"][0]["from"] == number  # type: ignore[index]
    assert talk.exchange.warnings == []


@pytest.mark.parametrize("behaviour", ["busy", "no-answer", "dead"])
def test_an_office_that_is_not_reached_is_reported_as_such(
    talk: Conversation, behaviour: str
) -> None:
    talk.exchange.control.person(OFFICE, behaviour)
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.settle(talk.carrier.place(ORDER))
    dialled = talk.heard["2"][0].dialled
    assert dialled is not None
    expected = {"busy": "busy", "no-answer": "no-answer", "dead": "failed"}[behaviour]
    assert (str(dialled.status), dialled.seconds, dialled.bridged) == (expected, None, False)


@pytest.mark.parametrize(("empty", "read"), [(True, ""), (False, None)])
def test_a_reported_silence_is_told_as_the_carrier_tells_it(
    talk: Conversation, empty: bool, read: str | None
) -> None:
    talk.exchange.control.change(empty_digits=empty)
    talk.exchange.control.person(SUPPORTER, {"keys": [""]})
    talk.plan(ZIP, GOODBYE)
    talk.settle(talk.carrier.place(ORDER))
    assert talk.heard["1"][0].digits == read


def test_a_zip_is_keyed_whole_and_pound_is_no_part_of_it(talk: Conversation) -> None:
    talk.exchange.control.person(SUPPORTER, {"keys": ["0540#"]})
    talk.plan(ZIP, GOODBYE)
    talk.settle(talk.carrier.place(ORDER))
    assert talk.heard["1"][0].digits == "0540"


def test_a_call_in_with_a_withheld_number_is_read(talk: Conversation) -> None:
    talk.plan(GREETING, bridge(CallerId.SUPPORTER), GOODBYE)
    talk.app.documents["/voice/inbound"] = talk.app.documents["/voice/opaque/0"]
    sid = talk.exchange.control.dial_in("anonymous", NUMBER, {"keys": ["1", "1"], "star_after": 20})
    whole = talk.settle(sid)
    (hook,) = talk.heard["inbound"]
    assert (hook.inbound, hook.from_, hook.to) == (True, "anonymous", NUMBER)
    assert whole["offices"][0]["from"] == NUMBER  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "exists"),
    [
        ("500-before", False),
        ("500-after", True),
        ("503-after", True),
        ("hang-before", False),
        ("hang-after", True),
        ("reset-before", False),
        ("reset-after", True),
    ],
)
def test_a_create_with_an_unknown_outcome_is_settled_by_finding(
    talk: Conversation, kind: str, exists: bool
) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.exchange.control.fault(kind, where={"request": "create"})
    since = datetime.now(UTC)
    with pytest.raises(CarrierUnknownError):
        talk.carrier.place(ORDER)
    found = talk.carrier.find(to=SUPPORTER, from_=NUMBER, since=since)
    assert len(found) == (1 if exists else 0)
    if exists:
        talk.settle(found[0].sid)
        assert talk.heard["0"][0].sid == found[0].sid


def test_finding_leaves_out_older_calls_and_other_people(talk: Conversation) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.settle(talk.carrier.place(ORDER))
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert talk.carrier.find(to=SUPPORTER, from_=NUMBER, since=tomorrow) == ()
    long_ago = datetime.now(UTC) - timedelta(days=1)
    assert talk.carrier.find(to="+12025550143", from_=NUMBER, since=long_ago) == ()


def test_429_is_waited_out_twice_and_then_told(talk: Conversation) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.exchange.control.fault("429", times=2)
    talk.settle(talk.carrier.place(ORDER))
    talk.exchange.control.fault("429", times=3)
    with pytest.raises(CarrierBusyError):
        talk.carrier.place(ORDER)
    assert len(talk.exchange.control.calls()) == 1


def test_hanging_up_ends_a_call_once_and_for_all(talk: Conversation) -> None:
    talk.exchange.control.person(SUPPORTER, "human")
    talk.plan(GREETING)
    sid = talk.carrier.place(ORDER)
    talk.exchange.control.call(sid, wait="ringing")
    talk.carrier.hang_up(sid)
    talk.settle(sid)
    talk.carrier.hang_up(sid)
    talk.carrier.hang_up("CA" + "f" * 32)
    leg = talk.carrier.fetch(sid)
    assert leg is not None
    assert leg.status.final


@pytest.mark.parametrize(
    ("to", "from_", "reason"),
    [
        ("+15005550001", NUMBER, "number"),
        ("+442079460000", NUMBER, "policy"),
        (SUPPORTER, "+12025550155", "account"),
        (NUMBER, NUMBER, "number"),
    ],
)
def test_the_exchanges_refusals_are_understood(
    talk: Conversation, to: str, from_: str, reason: str
) -> None:
    with pytest.raises(CarrierRefusedError) as caught:
        talk.carrier.place(PlaceOrder(to=to, from_=from_, token="opaque"))
    assert caught.value.reason == reason


@pytest.mark.parametrize("fault", ["bad-signature", "no-signature", "wrong-token"])
def test_a_hook_with_a_wrong_signature_is_refused_and_the_next_one_read(
    talk: Conversation, fault: str
) -> None:
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.exchange.control.fault(fault, where={"path": "/voice/opaque/0"})
    talk.settle(talk.carrier.place(ORDER))
    assert [got.path for got in talk.forged] == ["/voice/opaque/0"]
    assert talk.heard["status"]


def test_hooks_signed_with_a_shared_key_are_read(talk: Conversation) -> None:
    talk.exchange.control.change(scheme="sha256")
    talk.plan(GREETING, bridge(), GOODBYE)
    talk.settle(talk.carrier.place(ORDER))
    assert talk.forged == []
    assert talk.heard["2"]


def test_a_call_goes_on_while_the_token_is_changed(talk: Conversation) -> None:
    account = talk.exchange.account
    old, new = account.token, "a-new-token-for-the-exchange"
    talk.carrier = carrier_for(talk.exchange, talk.app, tokens=(old, new))
    talk.exchange.control.change(secondary_token=new)
    talk.plan(GREETING, bridge(), GOODBYE)
    sid = talk.carrier.place(ORDER)
    talk.exchange.control.request("POST", "/tokens/promote")
    talk.settle(sid)
    talk.settle(talk.carrier.place(ORDER))
    assert talk.forged == []
    assert len(talk.heard["2"]) == 2


def test_the_doctor_finds_the_exchanges_credentials_good(talk: Conversation) -> None:
    assert [finding.well for finding in talk.carrier.examine()] == [True]
    stranger = carrier_for(talk.exchange, talk.app, tokens=("not-the-token",))
    (finding,) = stranger.examine()
    assert (finding.subject, finding.well) == ("credentials", False)
