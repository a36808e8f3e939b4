"""No telephone company: pages are shown, calls are refused in a sentence, hooks are forged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from callbridge.carriers.saying import Speaker, acknowledgement
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
from callbridge.errors import ForgedHookError, NoCarrierError

SENTENCE = "No telephone company is set up here, so calls cannot be placed."


class NoCarrier:
    """Stands where a carrier would; nothing it is asked reaches any network."""

    name = "no carrier"
    real = False
    number = ""

    def __init__(self, *, speaker: Speaker) -> None:
        self._speaker = speaker

    def get_ready(self) -> None:
        """Do nothing: there is nobody to ask."""

    def examine(self) -> Sequence[Finding]:
        """Say that there is none."""
        advice = "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM."
        return (Finding(subject="credentials", well=False, sentence=SENTENCE, advice=advice),)

    def place(self, order: PlaceOrder) -> str:
        """Refuse. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def send_text(self, order: TextOrder) -> str:
        """Refuse. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def read_text(self, raw: RawHook) -> TextHook:
        """Refuse, as `read_hook` does. Raises ForgedHookError."""
        raise ForgedHookError("No telephone company is set up here, so none can have sent this.")

    def hang_up(self, sid: str) -> None:
        """Refuse. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def fetch(self, sid: str) -> CarrierCall | None:
        """Refuse: nobody knows. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def find(self, *, to: str, from_: str, since: datetime) -> Sequence[CarrierCall]:
        """Refuse: an empty list would say that no call exists. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def children(self, sid: str) -> Sequence[CarrierCall]:
        """Refuse, as `find` does. Raises NoCarrierError."""
        raise NoCarrierError(SENTENCE)

    def read_hook(self, raw: RawHook) -> Hook:
        """Refuse: without a carrier nobody can have signed it. Raises ForgedHookError."""
        raise ForgedHookError("No telephone company is set up here, so none can have sent this.")

    def reply(
        self, instructions: Sequence[Instruction], *, hook: Hook, token: str, step: int
    ) -> Reply:
        """Write instructions as TwiML; only a verified hook leads here, and there is none."""
        return self._speaker.reply(instructions, hook=hook, token=token, step=step)

    def acknowledge(self) -> Reply:
        """Return the empty document."""
        return acknowledgement()

    def sorry(self, text: str, *, language: str) -> Reply:
        """Say `text` and end the call."""
        return self._speaker.sorry(text, language=language)
