"""What the use cases need of the outside world, as protocols and values; implements nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Member, Place
from callbridge.domain.findings import Finding
from callbridge.domain.instructions import Instruction
from callbridge.domain.report import Report
from callbridge.domain.telephony import (
    FINAL_STATUSES,
    CarrierCall,
    CarrierStatus,
    DialResult,
    Hook,
    PlaceOrder,
    RawHook,
    Reply,
    TextHook,
    TextOrder,
)

__all__ = [
    "FINAL_STATUSES",
    "CampaignReader",
    "Carrier",
    "CarrierCall",
    "CarrierStatus",
    "Clock",
    "DialResult",
    "Directory",
    "Hook",
    "Interpreter",
    "Mailer",
    "PlaceOrder",
    "Poster",
    "RawHook",
    "Reply",
    "TextHook",
    "TextOrder",
]


class Carrier(Protocol):
    """A telephone company as it is asked. Network failures become `errors.Carrier*Error`."""

    @property
    def name(self) -> str:
        """Name it for a person."""
        ...

    @property
    def real(self) -> bool:
        """Tell whether real telephones ring (False: the exchange on loopback)."""
        ...

    @property
    def number(self) -> str:
        """Return the number that calls come from, E.164."""
        ...

    def get_ready(self) -> None:
        """Load what a first request needs, so that it takes no longer than others; asks nobody."""
        ...

    def examine(self) -> Sequence[Finding]:
        """Look whether calls would work, without placing one: credentials, number."""
        ...

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody and return the sid.

        Raises CarrierRefusedError (for good), CarrierBusyError (429 still after retries: certainly
        not processed), CarrierUnknownError (timeout, reset, 5xx: it may ring).
        """
        ...

    def send_text(self, order: TextOrder) -> str:
        """Hand a text message over and return its sid.

        Raises what `place` raises; unknown means that it may have been sent.
        """
        ...

    def hang_up(self, sid: str) -> None:
        """End a leg; one that has already ended is no error."""
        ...

    def fetch(self, sid: str) -> CarrierCall | None:
        """Return one leg, None when the carrier does not know it."""
        ...

    def find(self, *, to: str, from_: str, since: datetime) -> Sequence[CarrierCall]:
        """List legs by both numbers created at or after `since` (UTC), in any state."""
        ...

    def children(self, sid: str) -> Sequence[CarrierCall]:
        """List the office legs of a supporter's leg."""
        ...


class Interpreter(Protocol):
    """A carrier's other half: reads what it tells, and says in its language what it is to do."""

    def read_hook(self, raw: RawHook) -> Hook:
        """Verify the signature and read the hook. Raises ForgedHookError; fails closed."""
        ...

    def reply(
        self, instructions: Sequence[Instruction], *, hook: Hook, token: str, step: int
    ) -> Reply:
        """Render instructions in the carrier's language; actions post to `/voice/<token>/<step>`.

        The supporter's own number, when it is to be shown to the office, is the hook's own.
        """
        ...

    def acknowledge(self) -> Reply:
        """Return what answers a status callback: nothing is done."""
        ...

    def sorry(self, text: str, *, language: str) -> Reply:
        """Say `text` and end the call; needs no hook, so that any fault can be answered."""
        ...

    def read_text(self, raw: RawHook) -> TextHook:
        """Verify the signature and read a hook about a text. Raises ForgedHookError."""
        ...


class Directory(Protocol):
    """Who represents a ZIP."""

    @property
    def as_of(self) -> date:
        """Return the date of the members' data."""
        ...

    def lookup(self, zip_text: str, *, on: date) -> Place:
        """Return a place; raises NotAZipError, UnknownZipError, NobodyThereError."""
        ...

    def member(self, bioguide: str, *, on: date) -> Member | None:
        """Return a member in office on that day."""
        ...

    def members(self, *, on: date) -> Sequence[Member]:
        """Return everybody in office on that day."""
        ...

    def to_json(self, place: Place) -> dict[str, Any]:
        """Return a place as JSON: the same for the command line and for the API."""
        ...

    def fits(self, on: date) -> bool:
        """Tell whether members and district lines are those of the Congress sitting that day."""
        ...

    def warning(self, on: date) -> str | None:
        """Say in a sentence that the data is past its Congress or old, else None."""
        ...


class Poster(Protocol):
    """Sends a webhook's message over the web."""

    def check(self, url: str) -> None:
        """Raise RefusedError for an address that must not be told anything."""
        ...

    def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> None:
        """Send it once and follow no redirect. Raises DeliveryError unless it was taken (2xx)."""
        ...


class Mailer(Protocol):
    """Hands mail to the mail server."""

    def send(self, body: bytes, *, to: str) -> None:
        """Hand over a whole message once. Raises DeliveryError."""
        ...


class Printer(Protocol):
    """Prints reports."""

    def stylesheet(self) -> str:
        """Return the stylesheet of a report."""
        ...

    def html(
        self,
        report: Report,
        *,
        sheet: str | None = None,
        pictures: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> str:
        """Return the report as a page; `sheet` None: its stylesheet inside."""
        ...

    def text(self, report: Report) -> str:
        """Return the report as plain text."""
        ...

    def pdf(self, report: Report) -> bytes:
        """Return the report as a PDF of one page. Raises PrintingError."""
        ...


class CampaignReader(Protocol):
    """Turns the files of a revision into a Campaign."""

    def read(self, slug: str, files: Mapping[str, bytes]) -> Campaign:
        """Return the campaign; raises CampaignProblemsError with every problem at once."""
        ...


class Clock(Protocol):
    """The one clock; a rehearsal's runs fast."""

    def now(self) -> datetime:
        """Return the time, aware, UTC."""
        ...
