"""When somebody wants to be rung, and the rule that follows from it; keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from callbridge.domain.appointments import (
    EVERY_DAY,
    Appointment,
    OneOff,
    Slot,
    Weekly,
    next_occurrence,
)
from callbridge.domain.reach import Reach
from callbridge.domain.windows import instant
from callbridge.errors import AppointmentError

FURTHEST = timedelta(days=60)
WORKING_DAYS = frozenset(range(5))


class Repeat(StrEnum):
    """How often a ring comes."""

    ONCE = "once"
    WEEKLY = "weekly"
    WORKING_DAYS = "working-days"
    DAILY = "daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """When somebody wants to be rung, on their own clock.

    `day` counts from their today (0), or names a date; with `opening` it is when offices open.
    """

    day: int | date | None = None
    minute: int | None = None
    repeat: Repeat = Repeat.ONCE
    opening: bool = False


def rule_of(wish: Wish, when: Reach, now: datetime) -> Appointment:
    """Return the rule of a wish. Raises AppointmentError for a time at which nobody is rung."""
    if wish.minute is None or wish.day is None:
        raise AppointmentError("Please choose a day and a time.")
    today = now.astimezone(ZoneInfo(when.zone)).date()
    day = today + timedelta(days=wish.day) if isinstance(wish.day, int) else wish.day
    if not today <= day <= today + FURTHEST:
        raise AppointmentError("Please choose a day within the next two months.")
    days = {
        Repeat.WEEKLY: frozenset({day.weekday()}),
        Repeat.WORKING_DAYS: WORKING_DAYS,
        Repeat.DAILY: EVERY_DAY,
    }.get(wish.repeat)
    rule: Appointment = OneOff(zone=when.zone, slot=Slot(day=day, minute=wish.minute))
    if days is not None:
        rule = Weekly(zone=when.zone, minute=wish.minute, starts=day, days=days)
    elif instant(day, wish.minute, when.zone) <= now:
        raise AppointmentError("That time has passed already. Please choose a later one.")
    check(rule, when, now)
    return rule


def check(rule: Appointment, when: Reach, now: datetime) -> None:
    """Raise AppointmentError when the first ring would come at an hour at which nobody is rung."""
    following = next_occurrence(rule, after=now)
    if following is None or not when.allows(following):
        raise AppointmentError(
            "Nobody is rung at that hour where you live. Please choose another time."
        )
