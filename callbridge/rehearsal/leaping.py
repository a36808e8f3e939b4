"""When an idle rehearsal goes on: the first moment somebody is due and may be rung."""

from __future__ import annotations

from datetime import datetime

from callbridge.domain import legal_hours, windows
from callbridge.service.context import Context
from callbridge.service.hours import is_federal_holiday


def next_ring(ctx: Context, drive: str, *, now: datetime) -> datetime | None:
    """Return when a drive may ring next, `now` when it may already; None when nobody waits."""
    with ctx.store.reading() as unit:
        record = unit.drives.get(drive)
        due = unit.drive_attempts.next_due()
        buckets = {bucket.id: bucket for bucket in unit.drives.buckets([drive])}
    if record is None or not due:
        return None
    window = windows.read(record.window, record.days)
    found = list[datetime]()
    for bucket, at in due.items():
        where = buckets[bucket]
        opens = windows.next_opening(
            legal_hours.effective(window, *where.states),
            now=max(now, at),
            zones=where.zones,
            holidays=is_federal_holiday,
        )
        if opens is not None:
            found.append(opens)
    return min(found, default=None)


def is_idle(ctx: Context) -> bool:
    """Tell whether nobody is dialled, rung or talking, and every try was followed up."""
    with ctx.store.reading() as unit:
        return not unit.drive_attempts.any_under_way()
