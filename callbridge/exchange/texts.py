"""Text messages: taken, handed on and reported as Twilio does; sent to nobody but who looks here.

Source: Twilio's Messages resource, its status callbacks, and its error pages for 21610, 21614,
30006; what a person answers comes in as the number's own messaging webhook.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callbridge.exchange import codes, delivery, phones
from callbridge.exchange.account import Account
from callbridge.exchange.clock import Clock
from callbridge.exchange.codes import Refusal
from callbridge.exchange.hooks import Hook, Kind, Sender
from callbridge.exchange.legs import new_sid
from callbridge.exchange.phones import country
from callbridge.exchange.resource import API_VERSION, rfc2822

LONGEST = 1600
KEPT = 10_000
# Words that Twilio itself takes for an opt-out from a number, and for its end.
STOPS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
STARTS = frozenset({"START", "YES", "UNSTOP"})
UNREACHABLE = 30006
_STEP = 0.5
"""Seconds of the exchange's clock between two states of a text."""


@dataclass(slots=True, kw_only=True)
class Text:
    """One message. `status` is Twilio's word; `error_code` is there once it was undelivered."""

    to: str
    from_: str
    body: str
    created_at: datetime
    updated_at: datetime
    callback: str = ""
    direction: str = "outbound-api"
    status: str = "queued"
    error_code: int | None = None
    sent_at: datetime | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))

    def as_resource(self, account: str) -> dict[str, object]:
        """Return Twilio's Message resource."""
        path = f"/{API_VERSION}/Accounts/{account}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": account,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "date_sent": rfc2822(self.sent_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None if self.error_code is None else "Landline or unreachable carrier",
            "from": self.from_,
            "to": self.to,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(-(-len(self.body) // 153)),
            "price": None,
            "price_unit": "USD",
            "status": self.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "uri": f"{path}.json",
        }

    def as_json(self) -> dict[str, object]:
        """Return the text as the control API shows it."""
        return {
            "sid": self.sid,
            "to": self.to,
            "from": self.from_,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error_code,
        }


@dataclass(slots=True, kw_only=True)
class Texts:
    """The messages of one account, and who opted out from which of its numbers."""

    account: Account
    clock: Clock
    sender: Sender
    sent: dict[str, Text] = field(default_factory=dict)
    stopped: set[tuple[str, str]] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def create(self, form: Mapping[str, Sequence[str]]) -> Text | Refusal:
        """Take a message to be sent; what becomes of it is reported later."""
        to, from_, body, callback = (
            form.get(name, [""])[-1] for name in ("To", "From", "Body", "StatusCallback")
        )
        refusal = self._refusal(to, from_, body, callback)
        if refusal is not None:
            return refusal
        now = self.clock.now()
        text = Text(
            to=to, from_=from_, body=body, callback=callback, created_at=now, updated_at=now
        )
        self._keep(text)
        self._start(self._go(text))
        return text

    def receive(self, *, from_: str, to: str, body: str) -> Text | None:
        """Let a person text one of our numbers; None when it takes no texts."""
        own = self.account.numbers.get(to)
        if own is None or not own.text_url:
            return None
        now = self.clock.now()
        text = Text(
            to=to,
            from_=from_,
            body=body,
            created_at=now,
            updated_at=now,
            direction="inbound",
            status="received",
        )
        self._keep(text)
        word, kind = body.strip().upper(), ""
        if word in STOPS:
            self.stopped.add((from_, to))
            kind = "STOP"
        elif word in STARTS:
            self.stopped.discard((from_, to))
            kind = "START"
        extra = (("OptOutType", kind),) if kind else ()
        self._start(self._tell(text, own.text_url, (("Body", body), ("NumMedia", "0"), *extra)))
        return text

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def _refusal(self, to: str, from_: str, body: str, callback: str) -> Refusal | None:
        missing = codes.text_without(to=to, from_=from_, body=body)
        if missing is not None:
            return missing
        if len(body) > LONGEST:
            return Refusal(400, 21617, "The concatenated message body exceeds the 1600 limit")
        if not phones.is_e164(to) or to == from_:
            return codes.bad_to(to)
        if from_ not in self.account.numbers:
            return Refusal(400, 21606, f"The 'From' phone number provided ({from_}) is not yours.")
        if not self.account.permits(to):
            return Refusal(400, 21408, f"Permission to send to {to} has not been enabled.")
        if (to, from_) in self.stopped:
            return Refusal(400, 21610, "Attempt to send to unsubscribed recipient")
        if to in self.account.landlines:
            return Refusal(400, 21614, f"'To' number: {to}, is not a mobile number")
        if callback and not delivery.is_loopback(callback):
            return codes.bad_url(callback)
        return None

    def _keep(self, text: Text) -> None:
        self.sent[text.sid] = text
        while len(self.sent) > KEPT:
            del self.sent[next(iter(self.sent))]
        self.sender.journal.note("text", message=text.as_json())

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _go(self, text: Text) -> None:
        """Carry a text to its end, telling whoever subscribed of each state."""
        lost = text.to in self.account.unreachable
        for status in ("sent", "undelivered" if lost else "delivered"):
            await self.clock.sleep(_STEP)
            text.status, text.updated_at = status, self.clock.now()
            text.sent_at = text.sent_at or text.updated_at
            text.error_code = UNREACHABLE if status == "undelivered" else None
            self.sender.journal.note("text", message=text.as_json())
            if text.callback:
                error = (("ErrorCode", str(UNREACHABLE)),) if status == "undelivered" else ()
                more = (("MessageStatus", status), ("SmsStatus", status), *error)
                await self._tell(text, text.callback, more)

    async def _tell(self, text: Text, url: str, more: tuple[tuple[str, str], ...]) -> None:
        params = (
            ("AccountSid", self.account.sid),
            ("ApiVersion", API_VERSION),
            ("MessageSid", text.sid),
            ("SmsSid", text.sid),
            ("From", text.from_),
            ("FromCountry", country(text.from_)),
            ("To", text.to),
            ("ToCountry", country(text.to)),
            *more,
        )
        await self.sender.send(
            Hook(
                kind=Kind.TEXT,
                url=url,
                method="POST",
                params=params,
                call="",
                leg="",
                number=text.to if text.direction != "inbound" else text.from_,
                event=text.status,
            )
        )
