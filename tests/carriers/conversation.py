"""A carrier and a conversation on a real exchange, for the tests that talk over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.hooks import HookReader
from callbridge.carriers.saying import Speaker
from callbridge.carriers.twilio_carrier import TwilioCarrier
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
from callbridge.domain.campaign import CallerId
from callbridge.domain.instructions import Ask, Bridge, HangUp, Instruction, Say
from callbridge.domain.telephony import Hook, PlaceOrder, RawHook
from callbridge.errors import (
    ForgedHookError,
)
from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import Answer, AnsweringApp, Got

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
            wire=Wire(exchange.base_url, timeouts=(2.0, 2.0)),
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
