"""Twilio, or any carrier that speaks its API and TwiML, behind the service's port."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from callbridge.carriers.doctor import examine
from callbridge.carriers.hooks import HookReader
from callbridge.carriers.saying import Speaker, acknowledgement
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.domain.findings import Finding
from callbridge.domain.instructions import Instruction
from callbridge.domain.telephony import (
    CarrierCall,
    Hook,
    PlaceOrder,
    RawHook,
    Reply,
    TextHook,
    TextOrder,
)


class TwilioCarrier:
    """The three halves of a carrier as one: its REST API, its hooks, its language."""

    def __init__(
        self,
        *,
        name: str,
        real: bool,
        number: str,
        client: TwilioClient,
        reader: HookReader,
        speaker: Speaker,
    ) -> None:
        self._name = name
        self._real = real
        self._number = number
        self._client = client
        self._reader = reader
        self._speaker = speaker

    @property
    def name(self) -> str:
        """Name it for a person."""
        return self._name

    @property
    def real(self) -> bool:
        """Tell whether real telephones ring."""
        return self._real

    @property
    def number(self) -> str:
        """Return the number that calls come from, E.164."""
        return self._number

    def get_ready(self) -> None:
        """Load what a first request needs; asks nobody."""
        self._client.get_ready()

    def examine(self) -> Sequence[Finding]:
        """Look at credentials and number, without placing a call."""
        return examine(self._client, name=self._name, number=self._number, real=self._real)

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody and return the sid; see TwilioClient.place for what it raises."""
        return self._client.place(order)

    def send_text(self, order: TextOrder) -> str:
        """Hand a text message over and return its sid; raises what placing raises."""
        return self._client.send_text(order)

    def read_text(self, raw: RawHook) -> TextHook:
        """Verify and read a hook about a text. Raises ForgedHookError."""
        return self._reader.read_text(raw)

    def hang_up(self, sid: str) -> None:
        """End a leg; one that is over is no error."""
        self._client.hang_up(sid)

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return one leg, None when the carrier does not know it."""
        return self._client.fetch(sid)

    def find(self, *, to: str, from_: str, since: datetime) -> Sequence[CarrierCall]:
        """List legs between two numbers created at or after `since`, in any state."""
        return self._client.find(to=to, from_=from_, since=since)

    def children(self, sid: str) -> Sequence[CarrierCall]:
        """List the office legs of a supporter's leg."""
        return self._client.children(sid)

    def read_hook(self, raw: RawHook) -> Hook:
        """Verify and read a hook. Raises ForgedHookError."""
        return self._reader.read(raw)

    def reply(
        self, instructions: Sequence[Instruction], *, hook: Hook, token: str, step: int
    ) -> Reply:
        """Write instructions as TwiML."""
        return self._speaker.reply(instructions, hook=hook, token=token, step=step)

    def acknowledge(self) -> Reply:
        """Return what answers a status callback."""
        return acknowledgement()

    def sorry(self, text: str, *, language: str) -> Reply:
        """Say `text` and end the call."""
        return self._speaker.sorry(text, language=language)
