"""What leaves this service by itself, and how patiently it is tried again; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Seconds after each failed try; the last one for all that follow.
_PAUSES = (5.0, 30.0, 120.0, 600.0, 1800.0, 3600.0, 7200.0, 14_400.0, 21_600.0)
# What a receiver that failed is left alone for at first, and at most.
_REST, _LONGEST_REST = 2.0, 300.0
_JITTER = 0.25

MAIL_LANE = "mail"


class EventName(StrEnum):
    """What a webhook may be told. The words are part of docs/webhooks.md."""

    CALL_ENDED = "call.ended"
    ANSWER_GIVEN = "answer.given"
    ANSWER_CHANGED = "answer.changed"
    DRIVE_PAUSED = "drive.paused"
    DRIVE_FINISHED = "drive.finished"
    OPT_OUTS_COUNTED = "opt-outs.counted"
    TEST = "test"


class MailWish(StrEnum):
    """What somebody who works here can ask to be told by mail."""

    DRIVE_FINISHED = "drive-finished"
    DRIVE_PAUSED = "drive-paused"
    JOB_FAILING = "job-failing"
    DIRECTORY_HELD = "directory-held"
    NIGHTLY_REPORT = "nightly-report"


class DeliveryState(StrEnum):
    """How far a delivery is; delivered and dead are final."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that wants to be told. `secret` is encrypted; `events` empty: everything."""

    id: str
    slug: str
    url: str
    secret: str
    events: tuple[str, ...]
    created: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A fact that was written down for whoever wants to be told. `data` is JSON, names nobody."""

    id: int
    slug: str
    event: EventName
    at: datetime
    data: str
    call: str | None = None
    supporter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message for one receiver. Those of a lane go one after another.

    `lane` is the webhook's id, or MAIL_LANE; `to` the address of a mail. `body` is what is sent,
    byte for byte, at every try. `due` None: at once.
    """

    id: str
    lane: str
    event: str
    body: bytes
    created: datetime
    to: str | None = None
    tries: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneView:
    """How a lane stands, for people."""

    waiting: int = 0
    delivered: int = 0
    dead: int = 0
    oldest: datetime | None = None
    trouble: str | None = None


def pause_after(tries: int, *, chance: float) -> timedelta:
    """Return how long a delivery waits after so many failed tries; `chance` spreads them."""
    seconds = _PAUSES[min(max(tries, 1), len(_PAUSES)) - 1]
    return timedelta(seconds=seconds * (1 + _JITTER * chance))


def rest_after(failures: int) -> timedelta:
    """Return how long a receiver is left alone after so many failures in a row."""
    return timedelta(seconds=min(_LONGEST_REST, _REST * 2.0 ** min(max(failures, 1) - 1, 20)))
