"""Rings that a person asked for at a time on their own wall; knows no list and no dialer.

A snooze is none: it is real time, now and so many minutes, whatever the wall says then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from callbridge.domain.windows import instant

LATEST = timedelta(minutes=15)
EVERY_DAY = frozenset(range(7))
# A slot that finds no day within a year has none: every weekday comes at least weekly.
_FURTHEST_DAYS = 370


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time on the wall: local `minute` after midnight of `day`."""

    day: date
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOff:
    """Ring once. `stopped`: do not."""

    zone: str
    slot: Slot
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Ring at `minute` of each of `days` (0 is Monday; all seven: daily) from `starts` on.

    `ends` is the last day, None: none. `moved` holds single days that were put elsewhere, `skipped`
    those that were called off.
    """

    zone: str
    minute: int
    starts: date
    days: frozenset[int] = EVERY_DAY
    ends: date | None = None
    skipped: frozenset[date] = frozenset()
    moved: Mapping[date, Slot] = field(default_factory=dict)
    stopped: bool = False


Appointment = OneOff | Weekly


class Due(StrEnum):
    """What to do about an occurrence at this moment."""

    LATER = "later"
    NOW = "now"
    EXPIRED = "expired"


def call_back_at(now: datetime, *, minute: int, zone: str) -> OneOff:
    """Return "call me back at": the next time the clock in `zone` shows `minute`."""
    today = now.astimezone(ZoneInfo(zone)).date()
    day = today if instant(today, minute, zone) > now else today + timedelta(days=1)
    return OneOff(zone=zone, slot=Slot(day=day, minute=minute))


def occurrences(
    appointment: Appointment, *, after: datetime, until: datetime
) -> Iterator[datetime]:
    """Yield its instants (UTC) later than `after` and no later than `until`, in order."""
    match appointment:
        case OneOff():
            one = _at(appointment.slot, appointment.zone)
            if not appointment.stopped and after < one <= until:
                yield one
        case Weekly():
            yield from _weekly(appointment, after=after, until=until)


def next_occurrence(appointment: Appointment, *, after: datetime) -> datetime | None:
    """Return its first instant (UTC) later than `after`; None when there is none."""
    furthest = after + timedelta(days=_FURTHEST_DAYS)
    if isinstance(appointment, OneOff):
        furthest = datetime.max.replace(tzinfo=UTC)
    elif appointment.starts > after.date():
        furthest += timedelta(days=(appointment.starts - after.date()).days)
    return next(occurrences(appointment, after=after, until=furthest), None)


def judge(due: datetime, *, now: datetime) -> Due:
    """Say whether an occurrence rings now. More than a quarter of an hour late is never rung."""
    if now < due:
        return Due.LATER
    return Due.NOW if now - due <= LATEST else Due.EXPIRED


def stop(appointment: Appointment) -> Appointment:
    """Return it with nothing more to come."""
    return replace(appointment, stopped=True)


def move(appointment: Weekly, *, minute: int, days: frozenset[int]) -> Weekly:
    """Return it at another time of other days; single days that were moved stay moved."""
    return replace(appointment, minute=minute, days=days)


def move_once(appointment: Weekly, day: date, to: Slot) -> Weekly:
    """Return it with one day's ring elsewhere, once."""
    return replace(
        appointment,
        moved={**appointment.moved, day: to},
        skipped=appointment.skipped - {day},
    )


def skip(appointment: Weekly, day: date) -> Weekly:
    """Return it without one day's ring."""
    return replace(
        appointment,
        skipped=appointment.skipped | {day},
        moved={at: slot for at, slot in appointment.moved.items() if at != day},
    )


def _weekly(appointment: Weekly, *, after: datetime, until: datetime) -> Iterator[datetime]:
    if appointment.stopped:
        return
    zone = ZoneInfo(appointment.zone)
    first = max(appointment.starts, after.astimezone(zone).date() - timedelta(days=1))
    last = until.astimezone(zone).date() + timedelta(days=1)
    if appointment.ends is not None:
        last = min(last, appointment.ends)
    # Moved days may lie outside of the range that is walked, and pass each other.
    moved = sorted(
        {
            at
            for slot in appointment.moved.values()
            if after < (at := _at(slot, appointment.zone)) <= until
        }
    )
    day = first
    while day <= last:
        regular = day.weekday() in appointment.days
        if regular and day not in appointment.skipped and day not in appointment.moved:
            at = instant(day, appointment.minute, appointment.zone)
            if after < at <= until:
                while moved and moved[0] <= at:
                    early = moved.pop(0)
                    if early < at:
                        yield early
                yield at
        day += timedelta(days=1)
    yield from moved


def _at(slot: Slot, zone: str) -> datetime:
    return instant(slot.day, slot.minute, zone)
