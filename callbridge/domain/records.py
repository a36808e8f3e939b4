"""Rows as values: what is kept of campaigns, calls and attempts; knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from callbridge.domain.appointments import Appointment
from callbridge.domain.call import Call, Door, Outcome
from callbridge.domain.survey import Meaning

# Until when a number rests that somebody confirmed to be dead.
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class CampaignState(StrEnum):
    """Whether a campaign's calls may start."""

    LIVE = "live"
    PAUSED = "paused"
    ENDED = "ended"


class AttemptState(StrEnum):
    """How far one try to ring somebody has come; only `claimed` ever goes back to `planned`."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    DIALING = "dialing"
    UNKNOWN = "unknown"
    PLACED = "placed"
    DONE = "done"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"


class AttemptKind(StrEnum):
    """Whether the supporter waits for this ring now, asked for it later, or is of a drive.

    A ring-back goes on with the call it was asked in; an appointment begins its call when it rings.
    """

    NOW = "now"
    RING_BACK = "ring-back"
    DRIVE = "drive"
    APPOINTMENT = "appointment"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRecord:
    """A campaign's current revision and state. `number` is its own line, None: the shared one."""

    slug: str
    digest: str
    state: CampaignState
    number: str | None
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """A call with what the conversation itself must not know: ids, sid, hashes, times.

    `id` is public, `token` only the carrier's; both opaque. `phone_hash` and `network` are keyed
    hashes, `phone_enc` the encrypted number (None once erased). `from_` is the number shown to
    the supporter. `heard` is when the carrier last told us something. `reason` says why a call
    was not placed, in the carrier's class of reasons.
    """

    id: str
    token: str
    slug: str
    digest: str
    call: Call
    created: datetime
    from_: str
    sid: str | None = None
    phone_hash: str | None = None
    phone_enc: str | None = None
    network: str | None = None
    referral: str | None = None
    consent: int | None = None
    consented: datetime | None = None
    heard: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    reason: str | None = None
    parent: str | None = None

    @property
    def door(self) -> Door:
        """Return how the call came to be."""
        return self.call.door


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRecord:
    """An office leg's row: what the call's own state does not carry (sid and times)."""

    call: str
    number: int
    target: str
    name: str
    office: str
    city: str
    phone: str
    sid: str | None
    outcome: Outcome | None
    seconds: int | None
    started: datetime
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """One answer of a call's history."""

    leg: int
    question: str
    meaning: Meaning
    source: str
    superseded: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One try to ring somebody.

    `fence` says whose claim holds; `checks` counts the times the carrier was asked about an
    attempt that may have rung. `call` is empty while an appointment's has not begun; then
    `appointment` says whose it is.
    """

    id: int
    call: str
    phone_hash: str
    kind: AttemptKind
    state: AttemptState
    run_at: datetime
    dialing_at: datetime | None
    checks: int
    fence: int
    tries: int
    appointment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRecord:
    """A ring that a person asked for at a time, or every week, as kept.

    `token` is the unguessable part of its link. `opening`: the time is when offices open, so the
    ring comes soon after it. `parent` is the call in which it was agreed on, whose members it goes
    on with. `planned` is the latest occurrence that has, or had, an attempt; `missed` counts those
    in a row without a key.
    """

    id: int
    token: str
    slug: str
    rule: Appointment
    language: str
    phone_hash: str | None
    phone_enc: str | None
    created: datetime
    opening: bool = False
    zip: str | None = None
    district: str | None = None
    network: str | None = None
    consent: int | None = None
    consented: datetime | None = None
    parent: str | None = None
    planned: datetime | None = None
    missed: int = 0
    ended: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentTry:
    """What became of an appointment's last attempt; `keyed`: somebody pressed a key."""

    state: AttemptState
    keyed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLoad:
    """Our calls at one number: at this moment, and started within the last minute."""

    at_once: int
    last_minute: int
    oldest_start: datetime | None
    resting_until: datetime | None

    @property
    def dead(self) -> bool:
        """Tell whether the number rests until somebody lifts that."""
        return self.resting_until is not None and self.resting_until >= FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the limits of a start are judged by."""

    opted_out: bool
    in_progress: bool
    number_hour: int
    number_day: int
    campaign_number_day: int
    network_hour: int
    campaign_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFiles:
    """The files of a revision as published."""

    slug: str
    digest: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many standing answers of one meaning a member got."""

    target: str
    name: str
    question: str
    meaning: Meaning
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """One call as listed, with nothing that tells who it was."""

    call: str
    campaign: str
    door: str
    stage: str
    ending: str | None
    language: str
    referral: str | None
    legs: int
    created: datetime
    answered: datetime | None
    ended: datetime | None
