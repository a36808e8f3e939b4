"""What comes after a try: another one by the rules, or the end of a person, and of a drive."""

from __future__ import annotations

from datetime import datetime, timedelta

from callbridge.domain.drives import (
    ANSWERED,
    Done,
    DriveRecord,
    DriveState,
    Followed,
    Over,
    result_of,
)
from callbridge.domain.rates import Count
from callbridge.domain.records import AttemptState
from callbridge.domain.retries import USUAL, Final, Result, Try, next_attempt
from callbridge.domain.throttle import eased
from callbridge.service.context import Context
from callbridge.service.deliveries.telling import tell_drive
from callbridge.service.drives.confirming import note
from callbridge.service.drives.running import AT_ONCE
from callbridge.service.storage import Unit

_EASE_EVERY = timedelta(minutes=1)
_ENOUGH = 30
_LATE = timedelta(days=1)
_OVER = frozenset({DriveState.STOPPED, DriveState.FINISHED})


def follow_up(ctx: Context, *, most: int = 200) -> int:
    """Decide what follows each try that is over; return how many there were."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        found = unit.drive_attempts.over(most=most)
        drives = {one: unit.drives.get(one) for one in {over.drive for over in found}}
        followed = [
            _followed(ctx, over, drive, now)
            for over in sorted(found, key=lambda one: (one.drive, one.attempt))
            if (drive := drives[over.drive]) is not None
        ]
        unit.drive_attempts.follow(followed)
        rung: dict[str, list[Followed]] = {}
        for one in followed:
            if one.result is not None and one.result is not Result.NOT_PLACED:
                rung.setdefault(one.over.drive, []).append(one)
        # Last, for every dial takes its turn in a drive's row; in one order, so that two dialers
        # that count into the same drives do not wait for each other.
        for drive_id, results in sorted(rung.items()):
            unit.drives.count_results(
                drive_id,
                rung=len(results),
                answered=sum(one.result in ANSWERED for one in results),
                keyed=sum(one.over.keyed for one in results),
                bridged=sum(one.over.bridged for one in results),
            )
    return len(found)


def _followed(ctx: Context, over: Over, drive: DriveRecord, now: datetime) -> Followed:
    """Decide on a person's next try, or that it was the last."""
    result = result_of(over)
    again: datetime | None = None
    final: str | None = None
    if over.state in {AttemptState.SUPPRESSED, AttemptState.EXPIRED}:
        final = over.reason or over.state.value
    elif drive.state in _OVER:
        final = result.value if result else drive.state.value
    elif result is None:
        again = now  # certainly not processed: it counts as no try
    elif result is Result.NOT_PLACED and not drive.redial_missing:
        final = result.value
    else:
        tries = (*over.history, Try(result=result, ended=over.ended))
        following = next_attempt(tries, USUAL, now=now, chance=ctx.chance())
        if isinstance(following, Final):
            final = following.last.value
        else:
            again = following
    return Followed(over=over, result=result, again=again, final=final)


def look_after(ctx: Context) -> None:
    """Judge the answers of each running drive, end those with nobody left, ease the pace back."""
    now = ctx.clock.now()
    with ctx.store.writing() as unit:
        unit.pace.recover(ctx.settings.calls_per_second)
    with ctx.store.reading() as unit:
        drives = unit.drives.all(states=[DriveState.RUNNING])
        ended = [
            drive
            for drive in unit.drives.all(states=tuple(_OVER))
            if drive.ended is not None and now - drive.ended < _LATE
        ]
    for drive in drives:
        with ctx.store.writing() as unit:
            if not unit.drive_attempts.any_open(drive.id):
                _finish(ctx, unit, drive, now)
            elif drive.eased is None or now - drive.eased >= _EASE_EVERY:
                _ease(unit, drive, now)
    for drive in ended:
        # What a dead dialer had claimed when the drive ended comes back as planned.
        with ctx.store.writing() as unit:
            unit.drive_attempts.suppress(drive.id, reason=drive.state.value, most=AT_ONCE)


def _finish(ctx: Context, unit: Unit, drive: DriveRecord, now: datetime) -> None:
    values = {"state": DriveState.FINISHED.value, "ended": now}
    if unit.drives.change(drive.id, from_=(DriveState.RUNNING,), **values):
        note(ctx, unit, drive.id, Done.FINISHED, by=None)
        tell_drive(ctx, unit, unit.drives.get(drive.id) or drive)


def _ease(unit: Unit, drive: DriveRecord, now: datetime) -> None:
    recent = Count(hits=drive.answered - drive.answered_before, of=drive.rung - drive.rung_before)
    usual = Count(hits=drive.answered, of=drive.rung)
    share = eased(drive.share, recent=recent, usual=usual)
    unit.drives.ease(drive, share=share, at=now, counted=recent.of >= _ENOUGH)
