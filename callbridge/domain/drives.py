"""A drive, its people and attempts as values, and what a try came to; knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from callbridge.domain.call import Ending
from callbridge.domain.records import AttemptState
from callbridge.domain.retries import Result, Try

# Reasons of a failed attempt that was certainly not processed: it counts as no try.
TOO_MANY = "too-many"
LATE = "late"
# Nothing was asked of the carrier, or it did nothing: no try, and the person gets another.
NO_TRY = frozenset({TOO_MANY, LATE})
# A refusal of the carrier that is about the number, not about us.
BAD_NUMBER = "number"


class DriveState(StrEnum):
    """How far a drive is; stopped and finished are final."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class Done(StrEnum):
    """What somebody may do to a drive. `agreed`: the first of two persons who start a big one."""

    CREATED = "created"
    ADDED = "added"
    AGREED = "agreed"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    CHANGED = "changed"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done to a drive, by whom (None: by itself), with words for details."""

    drive: str
    at: datetime
    what: Done
    who: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRecord:
    """A drive as kept.

    `name` is the organizer's own word for it. `rate` is in starts a second (None: the shared pace
    alone bounds it); `in_progress` the most calls at once; `window` and `days` as written.
    `promised`: every ring has a place at an office, instead of as many as come through by
    measure. `redial_missing`: what the carrier never heard of may be tried again. `share` is what
    falling answers leave of the limits. `approved` is the first of the two persons whom a big
    drive needs. `resumed` is when it last began to ring. `shift` names the campaigns that each
    person is walked through on one line; empty: just `slug`. `rung`, `answered`, `keyed` and
    `bridged` count tries that are over.
    """

    id: str
    slug: str
    state: DriveState
    window: str
    days: str
    in_progress: int
    created: datetime
    rate: float | None = None
    promised: bool = False
    redial_missing: bool = True
    weight: float = 1.0
    served: float = 0.0
    next_free: float = 0.0
    share: float = 1.0
    eased: datetime | None = None
    approved: str | None = None
    started_by: str | None = None
    resumed: datetime | None = None
    ended: datetime | None = None
    cause: str | None = None
    rung: int = 0
    answered: int = 0
    keyed: int = 0
    bridged: int = 0
    rung_before: int = 0
    answered_before: int = 0
    name: str = ""
    shift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """People of a drive with the same hours and the same offices: what a plan looks at as one.

    `states` and `zones` say when they may be rung; `offices` are phones, the first dialled first.
    """

    id: int
    drive: str
    zones: tuple[str, ...]
    states: tuple[str, ...]
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """Somebody to be added to a drive; `bucket` is where they belong, `run_at` when first."""

    phone_hash: str
    phone_enc: str
    zip: str | None
    language: str
    group: str
    consent_source: str
    consent_at: datetime
    extra: Mapping[str, str]
    bucket: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of a drive. `phone_enc` is None once it was erased."""

    id: int
    drive: str
    phone_hash: str
    phone_enc: str | None
    zip: str | None
    language: str
    group: str
    consent_source: str
    consent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody of a drive who is to be rung. `phone_enc` is None once it was erased."""

    attempt: int
    bucket: int
    run_at: datetime
    phone_enc: str | None
    zip: str | None
    language: str
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody of a drive's list without a name; `over` when nothing more is done for them."""

    zip: str | None
    language: str
    group: str
    phone_enc: str | None
    over: bool
    opted_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An attempt whose time has come."""

    attempt: int
    bucket: int
    run_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An attempt that one dialer holds for one lease. `fence` says whose claim holds."""

    attempt: int
    fence: int
    drive: str
    bucket: int
    person: Person
    office: str | None
    run_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """An attempt that is over and not followed up yet, with what is known of its call."""

    attempt: int
    drive: str
    person: int
    state: AttemptState
    reason: str | None
    ended: datetime
    ending: Ending | None = None
    answered: bool = False
    keyed: bool = False
    bridged: bool = False
    history: Sequence[Try] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What follows an attempt that is over: another one at `again`, or its person's end.

    `result` is what it came to, None when it counts as no try; `final` the person's last word.
    """

    over: Over
    result: Result | None
    again: datetime | None = None
    final: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress:
    """Calls in progress at one moment: of each drive, of each campaign's drives, by all doors."""

    drives: Mapping[str, int]
    campaigns: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceState:
    """The shared pace: `now` and `next_free` in seconds of the database's clock.

    `rate` is what refusals leave of the rate that is set; `clock` the virtual time of the drives.
    """

    now: float
    next_free: float
    rate: float
    clock: float


def result_of(over: Over) -> Result | None:
    """Return what a finished attempt came to; None when nothing was tried."""
    if over.state in {AttemptState.SUPPRESSED, AttemptState.EXPIRED} or over.reason in NO_TRY:
        return None
    match over.ending:
        case Ending.OPTED_OUT:
            return Result.OPTED_OUT
        case Ending.NOT_PLACED:
            return Result.FAILED_NUMBER if over.reason == BAD_NUMBER else Result.NOT_PLACED
        case Ending.BUSY:
            return Result.BUSY
        case Ending.FAILED:
            return Result.FAILED_NUMBER
        case Ending.NO_ANSWER:
            return Result.NO_ANSWER
        case Ending.RING_BACK:
            return Result.REACHED  # they said when instead
        case _ if over.keyed:
            return Result.REACHED
        case Ending.SILENT:
            return Result.MACHINE_LIKE
        case Ending.HUNG_UP:
            return Result.HUNG_UP if over.answered else Result.NO_ANSWER
        case None:
            return Result.NOT_PLACED
        case _:
            return Result.MACHINE_LIKE


ANSWERED = frozenset({Result.REACHED, Result.MACHINE_LIKE, Result.HUNG_UP, Result.OPTED_OUT})
