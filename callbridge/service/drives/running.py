"""Creates drives, starts, pauses and ends them, and tells how they stand; rings nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from callbridge.domain import admission, windows
from callbridge.domain.drives import DriveRecord, DriveState
from callbridge.errors import NotFoundError, RefusedError
from callbridge.service.context import Context
from callbridge.service.drives.people import add_people
from callbridge.service.drives.people import preview as _preview
from callbridge.service.drives.views import DriveRequest, DriveView, Imported, OfficeView
from callbridge.service.storage import Unit

_OPEN = (DriveState.DRAFT, DriveState.RUNNING, DriveState.PAUSED)
AT_ONCE = 2000
MOST_RATE = 1000.0


def create(ctx: Context, request: DriveRequest, people: bytes | str) -> Imported:
    """Create a draft and import its list; nobody is rung before it is started.

    Raises NotFoundError for an unknown campaign and RefusedError with a sentence.
    """
    record = _record(ctx, request)
    _preview_header(ctx, record, people)
    with ctx.store.writing() as unit:
        unit.drives.add(record)
    return add_people(ctx, record.id, people)


def preview(ctx: Context, request: DriveRequest, people: bytes | str) -> Imported:
    """Say what `create` would take and refuse, and do nothing."""
    return _preview(ctx, _record(ctx, request), people)


def _preview_header(ctx: Context, record: DriveRecord, people: bytes | str) -> None:
    """Let a list without its columns fail before a drive is made for it."""
    head = people[:65536]
    cut = head.rfind(b"\n" if isinstance(head, bytes) else "\n")  # type: ignore[arg-type]
    _preview(ctx, record, head[: cut if cut > 0 else None])


def _record(ctx: Context, request: DriveRequest) -> DriveRecord:
    windows.read(request.window, request.days)
    if request.rate is not None and not 0 < request.rate <= MOST_RATE:
        raise RefusedError("The rate is in calls a second: a number above 0, such as 0.5 or 2.")
    most = request.in_progress
    if most is not None and most < 1:
        raise RefusedError("A drive needs at least one call at once.")
    with ctx.store.reading() as unit:
        ctx.shelf.find(unit, request.slug)
    return DriveRecord(
        id=ctx.token(),
        slug=request.slug,
        state=DriveState.DRAFT,
        window=request.window.strip(),
        days=request.days.strip().lower(),
        in_progress=most if most is not None else ctx.settings.drive_calls_in_progress,
        created=ctx.clock.now(),
        rate=request.rate,
        promised=request.promised,
        redial_missing=request.redial_missing,
        weight=request.weight,
    )


def start(ctx: Context, drive: str, *, by: str | None = None) -> DriveView:
    """Start a draft, or let a paused drive go on.

    A draft over more than DRIVE_CONFIRM people needs two persons: the first one's start is kept
    (`approved` in the view, the state stays draft), the second one's starts it. Raises
    NotFoundError, PausedError while its campaign is paused, RefusedError when it is over.
    """
    ctx.needed_carrier()
    with ctx.store.writing() as unit:
        record = _get(unit, drive, lock=True)
        _check_open(record)
        campaign = unit.campaigns.get(record.slug)
        if campaign is not None:
            admission.check_state(campaign.state)
        people = unit.contacts.count(drive)
        if not people:
            raise RefusedError("There is nobody in this drive.")
        if record.state is DriveState.RUNNING:
            return _view(ctx, unit, record)
        values: dict[str, Any] = {
            "state": DriveState.RUNNING.value,
            "resumed": ctx.clock.now(),
            "cause": None,
        }
        if record.state is DriveState.DRAFT:
            if people > ctx.settings.drive_confirm and not _confirmed(unit, record, people, by):
                return _view(ctx, unit, _get(unit, drive))
            values["started_by"] = by
        unit.drives.change(drive, from_=(record.state,), **values)
        return _view(ctx, unit, _get(unit, drive))


def _confirmed(unit: Unit, record: DriveRecord, people: int, by: str | None) -> bool:
    """Tell whether two persons want this; note the first."""
    if not by:
        raise RefusedError(f"{people:,} people: two persons must start this drive, each by name.")
    if record.approved is not None and record.approved != by:
        return True
    unit.drives.change(record.id, from_=(DriveState.DRAFT,), approved=by)
    return False


def resume(ctx: Context, drive: str) -> DriveView:
    """Let a paused drive go on; it ramps up anew. Raises RefusedError for a draft."""
    with ctx.store.reading() as unit:
        if _get(unit, drive).state is DriveState.DRAFT:
            raise RefusedError("This drive has not started yet.")
    return start(ctx, drive)


def pause(ctx: Context, drive: str, *, cause: str | None = None) -> DriveView:
    """Start no more of its calls from now on; those in progress go on to their end."""
    with ctx.store.writing() as unit:
        record = _get(unit, drive, lock=True)
        _check_open(record)
        if record.state is DriveState.DRAFT:
            raise RefusedError("This drive has not started yet.")
        unit.drives.change(
            drive, from_=(DriveState.RUNNING,), state=DriveState.PAUSED.value, cause=cause
        )
        return _view(ctx, unit, _get(unit, drive))


def change(
    ctx: Context,
    drive: str,
    *,
    rate: float | None = None,
    in_progress: int | None = None,
    window: str | None = None,
    days: str | None = None,
) -> DriveView:
    """Change pace or hours of a drive that is not over; what is None stays."""
    values: dict[str, Any] = {}
    with ctx.store.writing() as unit:
        record = _get(unit, drive, lock=True)
        _check_open(record)
        if rate is not None:
            if not 0 < rate <= MOST_RATE:
                raise RefusedError("The rate is in calls a second, such as 0.5 or 2.")
            values |= {"rate": rate, "next_free": 0.0}
        if in_progress is not None:
            if in_progress < 1:
                raise RefusedError("A drive needs at least one call at once.")
            values["in_progress"] = in_progress
        windows.read(window or record.window, days or record.days)
        values |= {"window": window or record.window, "days": days or record.days}
        unit.drives.change(drive, from_=_OPEN, **values)
        return _view(ctx, unit, _get(unit, drive))


def stop(ctx: Context, drive: str) -> DriveView:
    """End a drive for good, whoever still waits; calls in progress go on to their end."""
    return _end(ctx, drive, DriveState.STOPPED)


def finish(ctx: Context, drive: str) -> DriveView:
    """Call a drive done: nobody of it is rung any more."""
    return _end(ctx, drive, DriveState.FINISHED)


def _end(ctx: Context, drive: str, state: DriveState) -> DriveView:
    with ctx.store.writing() as unit:
        record = _get(unit, drive, lock=True)
        if record.state is not state:
            _check_open(record)
            unit.drives.change(drive, from_=_OPEN, state=state.value, ended=ctx.clock.now())
    suppressing = True
    while suppressing:
        with ctx.store.writing() as unit:
            suppressing = bool(
                unit.drive_attempts.suppress(drive, reason=state.value, most=AT_ONCE)
            )
    return status(ctx, drive)


def status(ctx: Context, drive: str, *, offices: bool = False) -> DriveView:
    """Return how a drive stands; with `offices`, our load at each office that it needs."""
    with ctx.store.reading() as unit:
        return _view(ctx, unit, _get(unit, drive), offices=offices)


def drives(ctx: Context) -> Sequence[DriveRecord]:
    """Return every drive, newest first."""
    with ctx.store.reading() as unit:
        return unit.drives.all()


def _get(unit: Unit, drive: str, *, lock: bool = False) -> DriveRecord:
    record = unit.drives.get(drive, lock=lock)
    if record is None:
        raise NotFoundError(f"There is no drive {drive!r}.")
    return record


def _check_open(record: DriveRecord) -> None:
    if record.state not in _OPEN:
        raise RefusedError(f"This drive is {record.state.value}: that is final.")


def _view(ctx: Context, unit: Unit, record: DriveRecord, *, offices: bool = False) -> DriveView:
    by_state = unit.contacts.by_state(record.id)
    return DriveView(
        drive=record.id,
        campaign=record.slug,
        state=record.state,
        people=sum(by_state.values()),
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
