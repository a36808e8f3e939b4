"""Reads what a plan depends on: drives, people due within their hours, loads; plans nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from math import ceil

from callbridge.domain import legal_hours, pacing, windows
from callbridge.domain.drives import Bucket, DriveRecord, DriveState, InProgress, PaceState
from callbridge.domain.rates import Count, interval
from callbridge.domain.records import CampaignState, OfficeLoad
from callbridge.domain.throttle import ramp
from callbridge.service.context import Context
from callbridge.service.hours import is_federal_holiday
from callbridge.service.storage import Unit

HORIZON = 0.5
_LEAST_REACH = 0.1
# How many buckets a plan looks at, and how many people of them for each start that it could make:
# some of them are for an office that the first ones fill.
_BUCKETS = 64
_PART = 128
_SPARE = 2.0
_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a plan is made of. `now` is in the pace's seconds, `bucket_of` by attempt.

    `progress` was counted at `looked`, in the timer's seconds, or a moment later.
    """

    state: pacing.State
    now: float
    looked: float
    progress: InProgress
    drives: Mapping[str, DriveRecord]
    reach: Mapping[str, float]
    buckets: Mapping[int, Bucket]
    bucket_of: Mapping[str, int]


@dataclass(slots=True)
class Lookout:
    """Looks again and again for a little while; which buckets wait is looked at once."""

    ctx: Context
    _buckets: dict[str, list[Bucket]] = field(default_factory=dict)

    def look(self) -> View | None:
        """Return what to plan with, None when nobody can be rung now."""
        ctx = self.ctx
        now = ctx.clock.now()
        with ctx.store.reading() as unit:
            drives = [
                drive
                for drive in unit.drives.all(states=[DriveState.RUNNING])
                if _is_live(unit, drive.slug)
            ]
            if not drives:
                return None
            pace = unit.pace.state(ctx.settings.calls_per_second)
            if pace.next_free > pace.now + HORIZON:
                return None
            return self._view(unit, drives, pace, now)

    def _view(
        self, unit: Unit, drives: list[DriveRecord], pace: PaceState, now: datetime
    ) -> View | None:
        ctx = self.ctx
        looked = ctx.timer.seconds()
        progress = unit.drive_attempts.in_progress()
        open_ = self._open(unit, drives, now)
        reach = {drive.id: reach_of(drive) for drive in drives}
        turned = _turned(open_, ctx.chance())
        chosen, offices = _roomy(ctx, unit, turned, reach, now, at=pace.now)
        wanted = _SPARE * HORIZON * pace.rate
        each = ceil(wanted / max(1, len(chosen)))
        due = unit.drive_attempts.due([b.id for b in chosen], now=now, each=each)
        if not due:
            return None
        buckets = {bucket.id: bucket for bucket in chosen}
        people: dict[str, list[pacing.Person]] = {}
        for one in due:
            bucket = buckets[one.bucket]
            person = pacing.Person(id=str(one.attempt), offices=bucket.offices)
            people.setdefault(bucket.drive, []).append(person)
        state = pacing.State(
            rate=pace.rate,
            usage=pacing.Usage(now=progress.total, most=ctx.settings.calls_in_progress),
            drives=tuple(
                _drive(ctx, drive, tuple(people[drive.id]), progress, now)
                for drive in drives
                if drive.id in people
            ),
            offices=offices,
            campaigns=_campaigns(ctx, drives, progress),
            next_free=pace.next_free,
            clock=pace.clock,
            horizon=HORIZON,
        )
        return View(
            state=state,
            now=pace.now,
            looked=looked,
            progress=progress,
            drives={drive.id: drive for drive in drives},
            reach=reach,
            buckets=buckets,
            bucket_of={str(one.attempt): one.bucket for one in due},
        )

    def _open(self, unit: Unit, drives: list[DriveRecord], now: datetime) -> list[Bucket]:
        """Return the buckets whose people may be rung at this moment."""
        unread = [drive.id for drive in drives if drive.id not in self._buckets]
        if unread:
            self._buckets |= {drive: [] for drive in unread}
            for bucket in unit.drives.buckets(unread, waiting=True):
                self._buckets[bucket.drive].append(bucket)
        minute = _minute_of(now)
        return [
            bucket
            for drive in drives
            for bucket in self._buckets[drive.id]
            if _open_in(drive.window, drive.days, bucket.states, bucket.zones, minute)
        ]


def may_ring(drive: DriveRecord, bucket: Bucket, now: datetime) -> bool:
    """Tell whether people of a bucket may be rung at `now`, by the drive's hours and by law."""
    return _open_in(drive.window, drive.days, bucket.states, bucket.zones, _minute_of(now))


def _minute_of(now: datetime) -> int:
    return int(now.timestamp() // _MINUTE)


# All hours begin and end with a minute, and rounds ask for each state several times a second.
@lru_cache(maxsize=16_384)
def _open_in(
    hours: str, days: str, states: tuple[str, ...], zones: tuple[str, ...], minute: int
) -> bool:
    """Tell whether hours are open in a minute, counted since 1970."""
    return windows.allows(
        legal_hours.effective(windows.read(hours, days), *states),
        now=datetime.fromtimestamp(minute * _MINUTE, UTC),
        zones=zones,
        holidays=is_federal_holiday,
    )


def reach_of(drive: DriveRecord) -> float:
    """Return the part of the rung for whom a place at an office is kept."""
    if drive.promised:
        return 1.0
    return max(_LEAST_REACH, interval(Count(hits=drive.bridged, of=drive.rung)).high)


def on_the_way_to(coming: Mapping[str, int], reach: Mapping[str, float]) -> float:
    """Return how many of those who were rung for an office are expected there."""
    return sum(many * reach.get(drive, 1.0) for drive, many in coming.items())


def office_of(ctx: Context, load: OfficeLoad, on_the_way: float, *, now: float) -> pacing.Office:
    """Return our load at a number as a plan wants it."""
    return pacing.Office(
        most=ctx.settings.office_max_calls,
        per_minute=ctx.settings.office_calls_per_minute,
        talking=load.at_once,
        on_the_way=on_the_way,
        started=load.last_minute,
        # The rest is on the service's clock, and a plan only asks whether it is over.
        resting_until=now + 1.0 if load.resting_until is not None else 0.0,
    )


def _is_live(unit: Unit, slug: str) -> bool:
    campaign = unit.campaigns.get(slug)
    return campaign is not None and campaign.state is CampaignState.LIVE


def _roomy(
    ctx: Context,
    unit: Unit,
    buckets: list[Bucket],
    reach: Mapping[str, float],
    now: datetime,
    *,
    at: float,
) -> tuple[list[Bucket], dict[str, pacing.Office]]:
    """Return enough buckets with room at an office, the first first, and their offices' loads.

    Looks in parts, so that a list all over the country costs a round no more than a short one.
    """
    chosen: list[Bucket] = []
    offices: dict[str, pacing.Office] = {}
    if not buckets:
        return chosen, offices
    coming = unit.drive_attempts.on_the_way()
    for start in range(0, len(buckets), _PART):
        part = buckets[start : start + _PART]
        numbers = sorted({phone for bucket in part for phone in bucket.offices} - offices.keys())
        loads = unit.offices.loads(numbers, now=now, longest_seconds=ctx.settings.call_seconds)
        for phone in numbers:
            on_the_way = on_the_way_to(coming.get(phone, {}), reach)
            offices[phone] = office_of(ctx, loads[phone], on_the_way, now=at)
        chosen += [bucket for bucket in part if _has_room(bucket, offices, at)]
        if len(chosen) >= _BUCKETS:
            break
    return chosen[:_BUCKETS], offices


def _has_room(bucket: Bucket, offices: Mapping[str, pacing.Office], now: float) -> bool:
    """Tell whether a plan could find a place for somebody of a bucket; it judges again."""
    return not bucket.offices or any(
        office.resting_until <= now
        and office.talking + office.on_the_way < office.most
        and office.started + office.on_the_way < office.per_minute
        for office in (offices[phone] for phone in bucket.offices)
    )


def _turned(buckets: list[Bucket], chance: float) -> list[Bucket]:
    """Return the buckets from a place on that chance picks: each has its turn to be first."""
    at = int(chance * len(buckets))
    return buckets[at:] + buckets[:at]


def _campaigns(
    ctx: Context, drives: list[DriveRecord], progress: InProgress
) -> dict[str, pacing.Usage]:
    most = ctx.settings.campaign_calls_in_progress
    return {
        slug: pacing.Usage(now=progress.campaigns.get(slug, 0), most=most)
        for slug in {drive.slug for drive in drives}
    }


def _drive(
    ctx: Context,
    drive: DriveRecord,
    people: tuple[pacing.Person, ...],
    progress: InProgress,
    now: datetime,
) -> pacing.Drive:
    since = (now - (drive.resumed or now)).total_seconds()
    eager = ramp(0.0, since, seconds=ctx.settings.drive_ramp_seconds)
    return pacing.Drive(
        id=drive.id,
        campaign=drive.slug,
        people=people,
        usage=pacing.Usage(now=progress.drives.get(drive.id, 0), most=drive.in_progress),
        rate=drive.rate,
        next_free=drive.next_free,
        share=eager * drive.share,
        reach=reach_of(drive),
        weight=drive.weight,
        served=drive.served,
    )
