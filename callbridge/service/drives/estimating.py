"""How long a drive takes and what it costs, from its list, its limits and what was measured."""

from __future__ import annotations

from callbridge.domain import legal_hours, windows
from callbridge.domain.budget import MICROS, amount
from callbridge.domain.drives import DriveRecord
from callbridge.domain.estimate import Desk, Planned, Prices, Times, ends_at
from callbridge.domain.estimate import estimate as _estimate
from callbridge.domain.rates import Count
from callbridge.domain.retries import USUAL
from callbridge.errors import NotFoundError
from callbridge.service.context import Context
from callbridge.service.drives.looking import may_ring
from callbridge.service.drives.views import DriveEstimate
from callbridge.service.hours import is_federal_holiday
from callbridge.service.money.ceilings import of_drive
from callbridge.service.storage import Unit


def estimate(ctx: Context, drive: str) -> DriveEstimate:
    """Estimate what is left of a drive from now on. Raises NotFoundError.

    Answers are judged by this drive's own tries, else by those of its campaign's other drives.
    """
    now = ctx.clock.now()
    with ctx.store.reading() as unit:
        record = unit.drives.get(drive)
        if record is None:
            raise NotFoundError(f"There is no drive {drive!r}.")
        by_state = unit.contacts.by_state(drive)
        left = sum(by_state.get(state, 0) for state in ("planned", "claimed", "dialing"))
        people = unit.contacts.by_bucket(drive)
        buckets = unit.drives.buckets([drive])
        answered, keyed = _measured(unit, record)
        ceiling, spending = of_drive(ctx, unit, drive)
    total = amount(ceiling.total)
    spent = (spending.total + spending.held) / MICROS
    window = windows.read(record.window, record.days)
    share = left / max(1, sum(people.values()))
    desks: dict[str, int] = {}
    for bucket in buckets:
        if bucket.offices:
            first = bucket.offices[0]
            desks[first] = desks.get(first, 0) + round(people.get(bucket.id, 0) * share)
    found = _estimate(_planned(ctx, record, left=left, desks=desks, answered=answered, keyed=keyed))
    # The end is reckoned by the hours of the largest part of the people.
    most = max(buckets, key=lambda bucket: people.get(bucket.id, 0), default=None)
    ends = None
    if most is not None:
        legal = legal_hours.effective(window, *most.states)
        spans = windows.open_spans(legal, now=now, zones=most.zones, holidays=is_federal_holiday)
        ends = ends_at(found.seconds.likely, spans, start=now)
    return DriveEstimate(
        drive=drive,
        people=left,
        estimate=found,
        ends=ends,
        open_now=sum(people.get(b.id, 0) for b in buckets if may_ring(record, b, now)),
        caps={
            "in_progress": record.in_progress,
            "office_calls": ctx.settings.office_max_calls,
            "office_calls_per_minute": ctx.settings.office_calls_per_minute,
        },
        budget_left=None if total is None else max(0.0, total - spent),
    )


def _measured(unit: Unit, record: DriveRecord) -> tuple[Count, Count]:
    known = [record]
    if not record.rung:
        known = [other for other in unit.drives.all() if other.slug == record.slug]
    rung, answered, keyed = (
        sum(getattr(drive, name) for drive in known) for name in ("rung", "answered", "keyed")
    )
    return Count(hits=answered, of=rung), Count(hits=keyed, of=answered)


def _planned(
    ctx: Context,
    record: DriveRecord,
    *,
    left: int,
    desks: dict[str, int],
    answered: Count,
    keyed: Count,
) -> Planned:
    settings = ctx.settings
    pace = settings.calls_per_second
    return Planned(
        people=left,
        answered=answered,
        keyed=keyed,
        rate=min(record.rate or pace, pace),
        in_progress=record.in_progress,
        prices=Prices(supporter=settings.minute_price, office=settings.office_minute_price),
        tries=USUAL.most,
        desks=tuple(
            Desk(
                people=count,
                most=max(1, settings.office_max_calls),
                per_minute=max(1, settings.office_calls_per_minute),
            )
            for count in desks.values()
        ),
        times=Times(ring=float(settings.ring_seconds)),
    )
