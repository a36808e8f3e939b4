"""The rule that two persons confirm a big drive, and the book of what was done; rings nobody."""

from __future__ import annotations

from callbridge.domain.drives import Deed, Done, DriveRecord, DriveState
from callbridge.errors import RefusedError
from callbridge.service.context import Context
from callbridge.service.storage import Unit

OPEN = (DriveState.DRAFT, DriveState.RUNNING, DriveState.PAUSED)


def note(
    ctx: Context, unit: Unit, drive: str, what: Done, *, by: str | None, words: str = ""
) -> None:
    """Write down who did what to a drive; `by` None: it came about by itself."""
    unit.drives.note(
        Deed(drive=drive, at=ctx.clock.now(), what=what, who=_name(by) or None, words=words)
    )


def waits_for(ctx: Context, record: DriveRecord, people: int) -> int:
    """Return how many persons must still want this drive before it rings anybody."""
    if record.state not in {DriveState.DRAFT, DriveState.PAUSED}:
        return 0
    if people <= ctx.settings.drive_confirm or _by_two(record):
        return 1 if record.state is DriveState.DRAFT else 0
    return 1 if record.approved else 2


def agreed(ctx: Context, unit: Unit, record: DriveRecord, people: int, by: str | None) -> bool:
    """Tell whether as many persons want this drive as it needs; note the first of two.

    Raises RefusedError for a big drive that nobody wants by name, or one person twice.
    """
    if people <= ctx.settings.drive_confirm or _by_two(record):
        return True
    if not _name(by):
        raise RefusedError(f"{people:,} people: two persons must start this drive, each by name.")
    if record.approved is None:
        unit.drives.change(record.id, from_=(record.state,), approved=_name(by))
        note(ctx, unit, record.id, Done.AGREED, by=by, words=f"{people:,} people")
        return False
    return not same_person(record.approved, by)


def same_person(one: str | None, other: str | None) -> bool:
    """Tell whether two names mean one person: signs of another case are the same name."""
    return _name(one).casefold() == _name(other).casefold()


def grew(ctx: Context, unit: Unit, record: DriveRecord, people: int) -> None:
    """Take back what was agreed on a shorter list; the drive's row is locked by the caller.

    A drive that one person started and that more people make a big one pauses.
    """
    if people <= ctx.settings.drive_confirm or _by_two(record):
        return
    if record.state is DriveState.RUNNING:
        cause = f"There are {people:,} people now: two persons must let this drive go on."
        unit.drives.change(
            record.id,
            from_=(DriveState.RUNNING,),
            state=DriveState.PAUSED.value,
            cause=cause,
            approved=None,
        )
        note(ctx, unit, record.id, Done.PAUSED, by=None, words=cause)
    elif record.approved is not None:
        unit.drives.change(record.id, from_=(record.state,), approved=None)


def _by_two(record: DriveRecord) -> bool:
    """Tell whether two persons started it; more people may then join without asking both again."""
    both = bool(record.approved and record.started_by)
    return both and not same_person(record.approved, record.started_by)


def _name(by: str | None) -> str:
    return " ".join((by or "").split())
