"""The whole carrier against the exchange: REST, hooks and TwiML over real HTTP on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.hooks import HookReader
from callbridge.carriers.saying import Speaker
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
from callbridge.domain.campaign import CallerId
from callbridge.domain.instructions import Ask, Bridge, HangUp, Instruction, Say
from callbridge.domain.telephony import CarrierStatus, DialResult, Hook, PlaceOrder, RawHook
from callbridge.errors import (
    CarrierBusyError,
    CarrierRefusedError,
    CarrierUnknownError,
    ForgedHookError,
)
from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import Answer, AnsweringApp, Got
from tests.openapi_check import OpenApiCheck

NUMBER = "+12025550100"
SUPPORTER = "+12025550142"
OFFICE = "+12025550190"
ORDER = PlaceOrder(to=SUPPORTER, from_=NUMBER, token="opaque", time_limit=600)


def say(text: str) -> Say:
    return Say(text=text, language="en")


GREETING = (
    Ask(say=(say("Hello. To go on, press 1."),)),
    Ask(say=(say("To go on, press 1."),)),
    say("Goodbye."),
    HangUp(),
)
ZIP = (
    Ask(say=(say("Your ZIP."),), digits=5, seconds=6, finish_on="#", report_silence=True),
    HangUp(),
)
GOODBYE = (say("Thank you. Goodbye."), HangUp())


def bridge(show: CallerId = CallerId.CAMPAIGN) -> tuple[Instruction, ...]:
    return (say("Connecting you."), Bridge(phone=OFFICE, show=show, seconds=300, ring=20))


@dataclass
class Conversation:
    """The application's side: reads each hook with the carrier and replies by step."""

    app: AnsweringApp
    exchange: ExchangeThread
    carrier: TwilioCarrier
    heard: dict[str, list[Hook]] = field(default_factory=dict)
    forged: list[Got] = field(default_factory=list)

    def plan(self, *steps: Sequence[Instruction]) -> None:
        """Teach the application what is said at each step."""
        for step, instructions in enumerate(steps):
            self.app.documents[f"/voice/opaque/{step}"] = self._rule(step, instructions)
        self.app.documents["/voice/opaque/status"] = self._status

    def _rule(self, step: int, instructions: Sequence[Instruction]) -> Callable[[Got], Answer]:
        def rule(got: Got) -> Answer:
            if (hook := self._read(got)) is None:
                return Answer(status=403)
            reply = self.carrier.reply(instructions, hook=hook, token="opaque", step=step + 1)
            return Answer(body=reply.body.decode(), content_type=reply.content_type)

        return rule

    def _status(self, got: Got) -> Answer:
        if self._read(got) is None:
            return Answer(status=403)
        reply = self.carrier.acknowledge()
        return Answer(body=reply.body.decode(), content_type=reply.content_type)

    def _read(self, got: Got) -> Hook | None:
        raw = RawHook(
            method=got.method,
            target=got.target,
            headers={name.lower(): value for name, value in got.headers.items()},
            form=parse_qsl(got.body, keep_blank_values=True),
        )
        try:
            hook = self.carrier.read_hook(raw)
        except ForgedHookError:
            self.forged.append(got)
            return None
        self.heard.setdefault(got.path.rpartition("/")[2], []).append(hook)
        return hook

    def settle(self, sid: str) -> dict[str, object]:
        """Wait until a call is over and its hooks delivered; return it."""
        return self.exchange.control.call(sid, wait="settled", timeout=30)


def carrier_for(
    exchange: ExchangeThread, app: AnsweringApp, *, tokens: tuple[str, ...] = ()
) -> TwilioCarrier:
    account = exchange.account
    addresses = Addresses(public_url=app.url)
    used = tokens or (account.token,)
    return TwilioCarrier(
        name="the exchange",
        real=False,
        number=NUMBER,
        client=TwilioClient(
            account=account.sid,
            tokens=used,
            addresses=addresses,
            wire=Wire(exchange.base_url, timeouts=(2.0, 0.5)),
            sleep=lambda seconds: None,
        ),
        reader=HookReader(
            account=account.sid,
            tokens=used,
            shared_keys={account.shared_key_id: account.shared_key},
            addresses=addresses,
        ),
        speaker=Speaker(addresses=addresses, voices={"en": "Polly.Joanna-Neural"}, number=NUMBER),
    )


@pytest.fixture
def talk() -> Iterator[Conversation]:
    """An exchange and an application; every REST request keeps to the carrier's own document."""
    check = OpenApiCheck()
    with (
        AnsweringApp() as app,
        ExchangeThread(app_url=app.url, numbers=[NUMBER], speed=200, recorder=check) as exchange,
    ):
        exchange.control.person(SUPPORTER, {"keys": ["1", "1", "1"], "star_after": 30})
        yield Conversation(app, exchange, carrier_for(exchange, app))
    assert not check.problems


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
    assert ours == [
        CarrierStatus.INITIATED,
        CarrierStatus.RINGING,
        CarrierStatus.IN_PROGRESS,
        CarrierStatus.COMPLETED,
    ]
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
