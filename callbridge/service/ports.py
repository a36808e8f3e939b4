"""What the use cases need of the outside world, as protocols and values; implements nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from callbridge.domain.campaign import Campaign
from callbridge.domain.congress import Member, Place
from callbridge.domain.instructions import Instruction


class CarrierStatus(StrEnum):
    """A leg's state in the carrier's own words, mapped at the edge (voice facts 1.1)."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        """Tell whether the leg is over."""
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset(
    {
        CarrierStatus.COMPLETED,
        CarrierStatus.BUSY,
        CarrierStatus.NO_ANSWER,
        CarrierStatus.FAILED,
        CarrierStatus.CANCELED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Ring `to` (E.164) from `from_`; hooks come back under `token`. Times in seconds."""

    to: str
    from_: str
    token: str
    ring: int = 25
    time_limit: int = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCall:
    """A leg as the carrier's records have it. `created` is UTC."""

    sid: str
    parent_sid: str | None
    to: str
    from_: str
    status: CarrierStatus
    created: datetime
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawHook:
    """A hook as it came over the wire. `target` is the raw request target, percent-encoding kept.

    `form` has every pair in order, blanks included; `headers` are looked up in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    form: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialResult:
    """What a bridge's end says. `status` is final; `seconds` None unless it was answered."""

    status: CarrierStatus
    sid: str | None
    seconds: int | None
    bridged: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One verified request of the carrier, in our words.

    `digits` is None when the hook is no answer to keys, "" for reported silence. `dialled` is
    there when a bridge ended. `parent_sid` is there on an office leg's callbacks. `from_` may be
    no number at all (withheld).
    """

    sid: str
    parent_sid: str | None
    from_: str
    to: str
    status: CarrierStatus | None
    digits: str | None = None
    dialled: DialResult | None = None
    seconds: int | None = None
    error_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the carrier."""

    body: bytes
    content_type: str


class Carrier(Protocol):
    """A telephone company. Network failures are mapped to `errors.Carrier*Error`."""

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

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody and return the sid.

        Raises CarrierRefusedError (for good), CarrierBusyError (429 still after retries: certainly
        not processed), CarrierUnknownError (timeout, reset, 5xx: it may ring).
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

    def warning(self, on: date) -> str | None:
        """Say in a sentence that the data is past its Congress or old, else None."""
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
