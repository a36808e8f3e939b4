"""Says who would ring in which order from now on, were this drive alone; rings nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cryptography.fernet import InvalidToken

from callbridge.domain import admission, legal_hours, windows
from callbridge.domain.campaign import Hours
from callbridge.domain.drives import Bucket, DriveRecord, Waiting
from callbridge.errors import RefusedError
from callbridge.service import phones
from callbridge.service.context import Context
from callbridge.service.drives.confirming import OPEN
from callbridge.service.drives.living import DayAhead, Queue
from callbridge.service.drives.telling import get
from callbridge.service.hours import is_federal_holiday

MOST_RINGS = 3_000
SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One ring that would be: when, at which local time, whom (masked), for which office."""

    at: datetime
    local: datetime
    phone: str
    zip: str | None
    language: str
    group: str
    office: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """The rings of the next `hours`: the first ones by name, all of them by hour (UTC).

    `rings` counts all; `cut`: there would be more than were looked at. `opens` is when the first
    of the waiting may be rung, None when nobody may within two weeks.
    """

    drive: str
    hours: int
    waiting: int
    rings: int
    first: Sequence[Ring]
    by_hour: Sequence[tuple[datetime, int]]
    opens: datetime | None
    cut: bool


def foresee(ctx: Context, drive: str, *, hours: int = 1) -> Foresight:
    """Say who would ring within so many hours, as if it began or went on now.

    Raises NotFoundError, and RefusedError for a drive that is over.
    """
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        record = get(unit, drive)
        if record.state not in OPEN:
            raise RefusedError(f"This drive is {record.state.value}: it rings nobody any more.")
        campaign = ctx.shelf.find(unit, record.slug).campaign
        waiting = unit.contacts.waiting(drive, most=MOST_RINGS)
        total = unit.contacts.by_state(drive).get("planned", 0)
        buckets = {bucket.id: bucket for bucket in unit.drives.buckets([drive])}
    queues: dict[int, Queue] = {}
    for one in waiting:
        if one.bucket not in queues:
            spans = _spans(record, buckets[one.bucket], now, campaign.hours)
            queues[one.bucket] = Queue(bucket=buckets[one.bucket], spans=spans)
        queues[one.bucket].people.append(one)
    dials = DayAhead(ctx.settings, record, queues, now).live(3600.0 * hours)
    by_hour = Counter(
        at.replace(minute=0, second=0, microsecond=0) for at, _person, _office in dials
    )
    return Foresight(
        drive=drive,
        hours=hours,
        waiting=total,
        rings=len(dials),
        first=[_ring(ctx, buckets, *dial) for dial in dials[:SHOWN]],
        by_hour=sorted(by_hour.items()),
        opens=min((q.spans[0][0] for q in queues.values() if q.spans), default=None),
        cut=total > len(waiting) and len(dials) == len(waiting),
    )


def _spans(
    record: DriveRecord, bucket: Bucket, now: datetime, hours: Hours | None
) -> list[tuple[datetime, datetime]]:
    """Return when people of a bucket may be rung, the campaign's own hours cut out by quarters."""
    window = legal_hours.effective(windows.read(record.window, record.days), *bucket.states)
    found = windows.open_spans(window, now=now, zones=bucket.zones, holidays=is_federal_holiday)
    if hours is None:
        return [(max(start, now), end) for start, end in found]
    zone, quarter = ZoneInfo(hours.zone or bucket.zones[0]), timedelta(minutes=15)
    cut: list[tuple[datetime, datetime]] = []
    for start, end in found:
        at = max(start, now)
        while at < end:
            following = min(end, at + quarter)
            if admission.within(hours, at.astimezone(zone)):
                begun = cut.pop()[0] if cut and cut[-1][1] == at else at
                cut.append((begun, following))
            at = following
    return cut


def _ring(
    ctx: Context,
    buckets: Mapping[int, Bucket],
    at: datetime,
    person: Waiting,
    office: str | None,
) -> Ring:
    zone = ZoneInfo(buckets[person.bucket].zones[0])
    return Ring(
        at=at,
        local=at.astimezone(zone),
        phone=_masked(ctx, person),
        zip=person.zip,
        language=person.language,
        group=person.group,
        office=office,
    )


def _masked(ctx: Context, person: Waiting) -> str:
    try:
        return phones.masked(ctx.vault.decrypt(person.phone_enc)) if person.phone_enc else "•••"
    except InvalidToken:
        return "•••"  # its key is gone: the dialer will not ring it either
