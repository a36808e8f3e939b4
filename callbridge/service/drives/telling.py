"""Tells how drives stand, from the rows alone; changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callbridge.domain.budget import MICROS, amount
from callbridge.domain.drives import Deed, DriveRecord
from callbridge.errors import NotFoundError
from callbridge.service.context import Context
from callbridge.service.drives.confirming import waits_for
from callbridge.service.drives.views import DriveView, OfficeView
from callbridge.service.money.ceilings import of_drive
from callbridge.service.storage import Unit

MOST_DEEDS = 100
MOST_DRIVES = 50


def status(ctx: Context, drive: str, *, offices: bool = False) -> DriveView:
    """Return how a drive stands; with `offices`, our load at each office that it needs."""
    with ctx.store.reading() as unit:
        return view_of(ctx, unit, get(unit, drive), offices=offices)


def drives(ctx: Context) -> Sequence[DriveRecord]:
    """Return every drive, newest first."""
    with ctx.store.reading() as unit:
        return unit.drives.all()


def of_campaign(ctx: Context, slug: str) -> Sequence[DriveView]:
    """Return how a campaign's newest drives stand, newest first. Raises NotFoundError."""
    with ctx.store.reading() as unit:
        ctx.shelf.find(unit, slug)
        found = [record for record in unit.drives.all() if record.slug == slug]
        return [view_of(ctx, unit, record) for record in found[:MOST_DRIVES]]


def deeds(ctx: Context, drive: str) -> Sequence[Deed]:
    """Return what was done to a drive and by whom, newest first."""
    with ctx.store.reading() as unit:
        return unit.drives.deeds(drive, most=MOST_DEEDS)


def get(unit: Unit, drive: str, *, lock: bool = False) -> DriveRecord:
    """Return a drive's record, locked until the transaction ends when asked for."""
    record = unit.drives.get(drive, lock=lock)
    if record is None:
        raise NotFoundError(f"There is no drive {drive!r}.")
    return record


def view_of(ctx: Context, unit: Unit, record: DriveRecord, *, offices: bool = False) -> DriveView:
    """Return a record with everything that is counted for it."""
    by_state = unit.contacts.by_state(record.id)
    people = sum(by_state.values())
    ceiling, spending = of_drive(ctx, unit, record.id)
    return DriveView(
        drive=record.id,
        name=record.name,
        campaign=record.slug,
        state=record.state,
        people=people,
        persons=waits_for(ctx, record, people),
        confirm_over=ctx.settings.drive_confirm,
        by_state=by_state,
        unknown=by_state.get("unknown", 0),
        by_cause=unit.contacts.by_cause(record.id),
        rate=record.rate,
        window=record.window,
        days=record.days,
        in_progress=record.in_progress,
        calls_now=unit.drive_attempts.in_progress().drives.get(record.id, 0),
        share=record.share,
        rung=record.rung,
        answered=record.answered,
        keyed=record.keyed,
        bridged=record.bridged,
        created=record.created,
        resumed=record.resumed,
        ended=record.ended,
        approved=record.approved,
        started_by=record.started_by,
        cause=record.cause,
        shift=record.shift,
        budget=amount(ceiling.total),
        spent=(spending.total + spending.held) / MICROS,
        offices=_offices(ctx, unit, record) if offices else (),
    )


def _offices(ctx: Context, unit: Unit, record: DriveRecord) -> Sequence[OfficeView]:
    people: dict[str, int] = {}
    counts = unit.contacts.by_bucket(record.id)
    for bucket in unit.drives.buckets([record.id]):
        if bucket.offices:
            first = bucket.offices[0]
            people[first] = people.get(first, 0) + counts.get(bucket.id, 0)
    loads = unit.offices.loads(
        sorted(people), now=ctx.clock.now(), longest_seconds=ctx.settings.call_seconds
    )
    coming = unit.drive_attempts.on_the_way()
    return [
        OfficeView(
            phone=phone,
            people=people[phone],
            talking=loads[phone].at_once,
            on_the_way=sum(coming.get(phone, {}).values()),
            started_last_minute=loads[phone].last_minute,
            resting_until=loads[phone].resting_until,
        )
        for phone in sorted(people, key=lambda one: (-people[one], one))
    ]


def office_names(ctx: Context, view: DriveView) -> Mapping[str, str]:
    """Return whose phone each office of a view is, by its number; those of nobody known left out.

    A campaign's own name for a number goes before the directory's.
    """
    with ctx.store.reading() as unit:
        campaign = ctx.shelf.find(unit, view.campaign).campaign
    wanted = {office.phone for office in view.offices}
    known = [
        *((one.name, one.offices) for one in ctx.directory.members(on=ctx.clock.now().date())),
        *((local.name, local.offices) for local in campaign.local),
    ]
    return {
        office.phone: f"{name}, {office.city}" if office.city else name
        for name, offices in known
        for office in offices
        if office.phone in wanted
    }
