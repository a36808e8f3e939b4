"""Creates drives, starts, pauses and ends them; rings nobody itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from callbridge.domain import admission, windows
from callbridge.domain.budget import amount
from callbridge.domain.drives import Done, DriveRecord, DriveState
from callbridge.errors import RefusedError
from callbridge.service.context import Context
from callbridge.service.deliveries.telling import tell_drive
from callbridge.service.drives.confirming import OPEN, agreed, note, waits_for
from callbridge.service.drives.people import add_people
from callbridge.service.drives.people import preview as _preview
from callbridge.service.drives.telling import drives, get, status, view_of
from callbridge.service.drives.views import DriveRequest, DriveView, Imported
from callbridge.service.money.ceilings import of_drive, set_drive_total
from callbridge.service.storage import Unit

__all__ = [
    "AT_ONCE",
    "change",
    "create",
    "drives",
    "finish",
    "pause",
    "pause_by_itself",
    "preview",
    "resume",
    "start",
    "status",
    "stop",
]

AT_ONCE = 2000
MOST_RATE = 1000.0
MOST_AT_ONCE = 100_000
LONGEST_NAME = 120
LONGEST_DAYS = 60


def create(
    ctx: Context,
    request: DriveRequest,
    people: bytes | str,
    *,
    given: Mapping[str, str] | None = None,
    by: str | None = None,
) -> Imported:
    """Create a draft and import its list; nobody is rung before it is started.

    `given` fills cells that the list leaves empty. Raises NotFoundError for an unknown campaign
    and RefusedError with a sentence.
    """
    record = _record(ctx, request)
    _preview_header(ctx, record, people, given)
    with ctx.store.writing() as unit:
        unit.drives.add(record)
        note(ctx, unit, record.id, Done.CREATED, by=by)
        if request.budget is not None:
            set_drive_total(ctx, unit, record.id, request.budget, by=by)
    return add_people(ctx, record.id, people, given=given, by=by)


def preview(
    ctx: Context,
    request: DriveRequest,
    people: bytes | str,
    *,
    given: Mapping[str, str] | None = None,
) -> Imported:
    """Say what `create` would take and refuse, and do nothing."""
    return _preview(ctx, _record(ctx, request), people, given=given)


def _preview_header(
    ctx: Context, record: DriveRecord, people: bytes | str, given: Mapping[str, str] | None
) -> None:
    """Let a list without its columns fail before a drive is made for it."""
    head = people[:65536]
    cut = head.rfind(b"\n" if isinstance(head, bytes) else "\n")  # type: ignore[arg-type]
    _preview(ctx, record, head[: cut if cut > 0 else None], given=given)


def _record(ctx: Context, request: DriveRequest) -> DriveRecord:
    window, days = _written(request.window, request.days)
    _check_pace(request.rate, request.in_progress)
    most = request.in_progress
    with ctx.store.reading() as unit:
        for slug in (request.slug, *request.shift):
            ctx.shelf.find(unit, slug)
    return DriveRecord(
        id=ctx.token(),
        slug=request.slug,
        name=_name(request.name),
        state=DriveState.DRAFT,
        in_progress=most if most is not None else ctx.settings.drive_calls_in_progress,
        created=ctx.clock.now(),
        rate=request.rate,
        promised=request.promised,
        redial_missing=request.redial_missing,
        weight=request.weight,
        window=window,
        days=days,
        shift=_shift(request),
    )


def _written(window: str, days: str) -> tuple[str, str]:
    """Return hours and days as they are kept. Raises RefusedError."""
    hours, weekdays = window.strip(), "".join(days.lower().split())
    windows.read(hours, weekdays)
    if len(weekdays) > LONGEST_DAYS:
        raise RefusedError("Days are written like mon-fri, mon,wed or all, each of them once.")
    return hours, weekdays


def _check_pace(rate: float | None, in_progress: int | None) -> None:
    if rate is not None and not 0 < rate <= MOST_RATE:
        raise RefusedError("The rate is in calls a second: a number above 0, such as 0.5 or 2.")
    if in_progress is not None and not 1 <= in_progress <= MOST_AT_ONCE:
        raise RefusedError(f"A drive needs one call at once or more, up to {MOST_AT_ONCE:,}.")


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise RefusedError(f"A drive's name has up to {LONGEST_NAME} signs.")
    return name


def _shift(request: DriveRequest) -> tuple[str, ...]:
    """Return the campaigns of a shift in order, each once; nothing for an ordinary drive."""
    if not request.shift:
        return ()
    return tuple(dict.fromkeys((request.slug, *request.shift)))


def start(ctx: Context, drive: str, *, by: str | None = None) -> DriveView:
    """Start a draft, or let a paused drive go on.

    A drive over more than DRIVE_CONFIRM people needs two persons: the first one's start is kept
    (`approved` in the view, the state stays), the second one's starts it. Raises NotFoundError,
    PausedError while its campaign is paused, RefusedError when it is over.
    """
    ctx.needed_carrier()
    with ctx.store.writing() as unit:
        record = get(unit, drive, lock=True)
        _check_open(record)
        campaign = unit.campaigns.get(record.slug)
        if campaign is not None:
            admission.check_state(campaign.state)
        people = unit.contacts.count(drive)
        if not people:
            raise RefusedError("There is nobody in this drive.")
        if record.state is DriveState.RUNNING:
            return view_of(ctx, unit, record)
        needed = waits_for(ctx, record, people)
        if not agreed(ctx, unit, record, people, by):
            return view_of(ctx, unit, get(unit, drive))
        values: dict[str, Any] = {
            "state": DriveState.RUNNING.value,
            "resumed": ctx.clock.now(),
            "cause": None,
        }
        if needed:
            values["started_by"] = by
        unit.drives.change(drive, from_=(record.state,), **values)
        what = Done.STARTED if record.state is DriveState.DRAFT else Done.RESUMED
        note(ctx, unit, drive, what, by=by)
        return view_of(ctx, unit, get(unit, drive))


def resume(ctx: Context, drive: str, *, by: str | None = None) -> DriveView:
    """Let a paused drive go on; it ramps up anew. Raises RefusedError for a draft."""
    with ctx.store.reading() as unit:
        if get(unit, drive).state is DriveState.DRAFT:
            raise RefusedError("This drive has not started yet.")
    return start(ctx, drive, by=by)


def pause(
    ctx: Context, drive: str, *, cause: str | None = None, by: str | None = None
) -> DriveView:
    """Start no more of its calls from now on; those in progress go on to their end."""
    with ctx.store.writing() as unit:
        record = get(unit, drive, lock=True)
        _check_open(record)
        if record.state is DriveState.DRAFT:
            raise RefusedError("This drive has not started yet.")
        if cause is not None:
            pause_by_itself(ctx, unit, drive, cause=cause)
        elif unit.drives.change(
            drive, from_=(DriveState.RUNNING,), state=DriveState.PAUSED.value, cause=None
        ):
            note(ctx, unit, drive, Done.PAUSED, by=by)
        return view_of(ctx, unit, get(unit, drive))


def pause_by_itself(ctx: Context, unit: Unit, drive: str, *, cause: str) -> bool:
    """Pause a running drive for a reason that is shown and mailed; False when it did not run."""
    if not unit.drives.change(
        drive, from_=(DriveState.RUNNING,), state=DriveState.PAUSED.value, cause=cause[:300]
    ):
        return False
    note(ctx, unit, drive, Done.PAUSED, by=None, words=cause)
    tell_drive(ctx, unit, get(unit, drive))
    return True


def change(
    ctx: Context,
    drive: str,
    *,
    rate: float | None = None,
    in_progress: int | None = None,
    window: str | None = None,
    days: str | None = None,
    own_rate: bool = True,
    budget: float | None = None,
    own_budget: bool = True,
    by: str | None = None,
) -> DriveView:
    """Change pace, hours or budget of a drive that is not over; what is None stays.

    `own_rate` False takes the drive's own rate away: only the shared pace bounds it then.
    `own_budget` False takes its budget away.
    """
    with ctx.store.writing() as unit:
        record = get(unit, drive, lock=True)
        _check_open(record)
        _check_pace(rate, in_progress)
        hours, weekdays = _written(window or record.window, days or record.days)
        values: dict[str, Any] = {"window": hours, "days": weekdays}
        if rate is not None or not own_rate:
            values |= {"rate": rate if own_rate else None, "next_free": 0.0}
        if in_progress is not None:
            values["in_progress"] = in_progress
        unit.drives.change(drive, from_=OPEN, **values)
        after = get(unit, drive)
        words = _difference(record, after)
        if budget is not None or not own_budget:
            said = _set_budget(ctx, unit, drive, budget if own_budget else None, by=by)
            words = ", ".join(filter(None, (words, said)))
        if words:
            note(ctx, unit, drive, Done.CHANGED, by=by, words=words)
        return view_of(ctx, unit, after)


def _difference(before: DriveRecord, after: DriveRecord) -> str:
    """Say what was changed, for the book."""
    kept = {
        "starts a second": (before.rate, after.rate),
        "calls at once": (before.in_progress, after.in_progress),
        "hours": (before.window, after.window),
        "days": (before.days, after.days),
    }
    return ", ".join(
        f"{name} {_said(one)} → {_said(other)}"
        for name, (one, other) in kept.items()
        if one != other
    )


def _set_budget(
    ctx: Context, unit: Unit, drive: str, budget: float | None, *, by: str | None
) -> str:
    """Set a drive's budget and return what the book says of it, nothing when it stays."""
    before = amount(of_drive(ctx, unit, drive)[0].total)
    set_drive_total(ctx, unit, drive, budget, by=by)
    if before == budget:
        return ""
    sums = ("none" if one is None else f"{one:,.2f}" for one in (before, budget))
    return "budget " + " → ".join(sums)


def _said(value: object) -> str:
    return "as the shared pace" if value is None else f"{value}"


def stop(ctx: Context, drive: str, *, by: str | None = None) -> DriveView:
    """End a drive for good, whoever still waits; calls in progress go on to their end."""
    return _end(ctx, drive, DriveState.STOPPED, by=by)


def finish(ctx: Context, drive: str, *, by: str | None = None) -> DriveView:
    """Call a drive done: nobody of it is rung any more."""
    return _end(ctx, drive, DriveState.FINISHED, by=by)


def _end(ctx: Context, drive: str, state: DriveState, *, by: str | None) -> DriveView:
    with ctx.store.writing() as unit:
        record = get(unit, drive, lock=True)
        if record.state is not state:
            _check_open(record)
            unit.drives.change(drive, from_=OPEN, state=state.value, ended=ctx.clock.now())
            note(ctx, unit, drive, Done(state.value), by=by)
            tell_drive(ctx, unit, get(unit, drive))
    suppressing = True
    while suppressing:
        with ctx.store.writing() as unit:
            suppressing = bool(
                unit.drive_attempts.suppress(drive, reason=state.value, most=AT_ONCE)
            )
    return status(ctx, drive)


def _check_open(record: DriveRecord) -> None:
    if record.state not in OPEN:
        raise RefusedError(f"This drive is {record.state.value}: that is final.")
