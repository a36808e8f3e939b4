"""One leg of a call: its numbers, its state and what it may become; sends and waits for nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from secrets import token_hex

from callbridge.exchange.inbox import Inbox


class Status(StrEnum):
    """A leg's state in the REST API."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        """Tell whether a leg in this state is over."""
        return self in FINAL


FINAL = frozenset({Status.COMPLETED, Status.BUSY, Status.FAILED, Status.NO_ANSWER, Status.CANCELED})
_UNANSWERED = FINAL - {Status.COMPLETED}
LIFE: dict[Status, frozenset[Status]] = {
    Status.QUEUED: _UNANSWERED | {Status.RINGING},
    Status.RINGING: _UNANSWERED | {Status.IN_PROGRESS},
    Status.IN_PROGRESS: frozenset({Status.COMPLETED}),
} | {status: frozenset[Status]() for status in FINAL}
"""What may follow what. Final states are final."""


class Direction(StrEnum):
    """Who started a leg."""

    INBOUND = "inbound"
    API = "outbound-api"
    DIAL = "outbound-dial"


class Progress(StrEnum):
    """What a status callback may be about (the values of StatusCallbackEvent)."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"


class End(StrEnum):
    """Which end of the conversation a leg leads to."""

    SUPPORTER = "supporter"
    OFFICE = "office"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a document comes from: an address and a method, or a document given inline."""

    url: str = ""
    method: str = "POST"
    inline: str | None = None


@dataclass(slots=True, kw_only=True)
class Subscription:
    """A leg's status callback. `sent` counts what was sent: the next SequenceNumber."""

    url: str
    method: str = "POST"
    events: frozenset[Progress] = frozenset({Progress.COMPLETED})
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is being said to a leg: words, how long they take, when they began (clock seconds)."""

    text: str
    seconds: float
    started: float
    voice: str | None = None
    language: str | None = None
    keys_count: bool = False


def new_sid(prefix: str = "CA") -> str:
    """Make a sid: two letters and 32 hexadecimal digits in lower case."""
    return prefix + token_hex(16)


@dataclass(slots=True, kw_only=True, eq=False)
class Leg:
    """A leg, parent or child. Moments named `*_at` are dates; `*_second` are clock seconds."""

    to: str
    from_: str
    direction: Direction
    created_at: datetime
    updated_at: datetime
    created_second: float = 0.0
    sid: str = field(default_factory=new_sid)
    parent: Leg | None = None
    children: list[Leg] = field(default_factory=list)
    status: Status = Status.QUEUED
    voice: Target | None = None
    fallback: Target | None = None
    subscription: Subscription | None = None
    ring_seconds: float = 60.0
    time_limit: float = 14_400.0
    send_digits: str = ""
    queue_ms: int = 0
    number_sid: str | None = None
    answered_by: str | None = None
    amd: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    answered_second: float | None = None
    ended_second: float | None = None
    ended_by: str | None = None
    sip_code: int | None = None
    peer: Leg | None = None
    caption: Caption | None = None
    awaiting: dict[str, object] | None = None
    person: dict[str, object] | None = None
    inbox: Inbox = field(default_factory=Inbox)
    busy: int = 0
    """Of a first leg: documents and callbacks still under way for the whole call."""

    @property
    def over(self) -> bool:
        """Tell whether the leg has ended."""
        return self.status.final

    @property
    def end(self) -> End:
        """Tell which end of the conversation this leg leads to."""
        return End.OFFICE if self.direction is Direction.DIAL else End.SUPPORTER

    @property
    def person_number(self) -> str:
        """Return the number of the person on this leg."""
        return self.from_ if self.direction is Direction.INBOUND else self.to

    @property
    def first(self) -> Leg:
        """Return the leg that began the call."""
        return self.parent or self

    @property
    def call_sid(self) -> str:
        """Return the sid of the whole call: the first leg's."""
        return self.first.sid

    def may_become(self, status: Status) -> bool:
        """Tell whether a transition is allowed."""
        return status in LIFE[self.status]

    def part(self) -> None:
        """Leave the bridge."""
        if self.peer is not None:
            self.peer.peer = None
            self.peer = None

    def seconds(self) -> int | None:
        """Return whole seconds from answer to end; None unless it was answered and has ended."""
        if self.answered_second is None or self.ended_second is None:
            return None
        return round(self.ended_second - self.answered_second)
