"""How a ring at a time is written on a page, and which days and hours a form offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import get_day_names, get_timezone_name
from flask_babel import format_date, format_datetime, format_time, get_locale

from callbridge.service.appointments.changing import AppointmentView
from callbridge.service.appointments.wishes import Repeat, Wish
from callbridge.web.languages import current
from callbridge.web.words import gettext as _

OPENING = "open"
# The forms offer half hours from eight to half past eight, the federal hours.
_FIRST, _LAST, _STEP = 8 * 60, 20 * 60 + 30, 30
_DAYS_AHEAD = 14
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One line of a list to choose from."""

    value: str
    words: str


def day_options(today: date, *, opening: bool) -> Sequence[Option]:
    """Return the days that a form offers; first, when asked for, the moment when offices open."""
    first = [Option(value=OPENING, words=_("When the offices open"))]
    near = [Option(value="0", words=_("Today")), Option(value="1", words=_("Tomorrow"))]
    later = [today + timedelta(days=ahead) for ahead in range(2, _DAYS_AHEAD)]
    dates = [Option(value=day.isoformat(), words=day_words(day)) for day in later]
    return [*(first if opening else ()), *near, *dates]


def time_options() -> Sequence[Option]:
    """Return the hours that a form offers."""
    return [
        Option(value=str(minute), words=minute_words(minute))
        for minute in range(_FIRST, _LAST + 1, _STEP)
    ]


def repeat_options() -> Sequence[Option]:
    """Return how often a ring may come."""
    return [
        Option(value=Repeat.ONCE.value, words=_("Once")),
        Option(value=Repeat.WEEKLY.value, words=_("Every week on that day")),
        Option(value=Repeat.WORKING_DAYS.value, words=_("Every working day")),
        Option(value=Repeat.DAILY.value, words=_("Every day")),
    ]


def weekday_options() -> Sequence[Option]:
    """Return the days of the week, and the working days and all days together."""
    names = get_day_names("wide", context="stand-alone", locale=get_locale())
    single = [Option(value=str(day), words=names[day]) for day in range(_WEEK)]
    return [
        *single,
        Option(value="01234", words=_("Every working day")),
        Option(value="0123456", words=_("Every day")),
    ]


def read_wish(*, day: str, minute: str, repeat: str) -> Wish:
    """Return what a form asks for; what is no choice of the form becomes none."""
    if day == OPENING:
        return Wish(opening=True)
    chosen: int | date | None = None
    if day in {"0", "1"}:
        chosen = int(day)
    elif day:
        try:
            chosen = date.fromisoformat(day)
        except ValueError:
            chosen = None
    at = int(minute) if minute.isascii() and minute.isdecimal() and int(minute) < 1440 else None
    often = Repeat(repeat) if repeat in set(Repeat) else Repeat.ONCE
    return Wish(day=chosen, minute=at, repeat=often)


def day_words(day: date) -> str:
    """Write a day: "Wednesday, June 17"."""
    return str(format_date(day, "EEEE d 'de' MMMM" if current() == "es" else "EEEE, MMMM d"))


def minute_words(minute: int) -> str:
    """Write a minute of the day: "2:30 PM"."""
    return str(format_time(time(minute // 60, minute % 60), "short", rebase=False))


def moment_words(at: datetime, zone: str) -> str:
    """Write an instant on the clock of a zone: "Wednesday, June 17, 10:00 AM"."""
    local = at.astimezone(ZoneInfo(zone))
    pattern = "EEEE d 'de' MMMM, HH:mm" if current() == "es" else "EEEE, MMMM d, h:mm a"
    return str(format_datetime(local, pattern, rebase=False))


def headline(found: AppointmentView) -> str:
    """Say when an appointment rings next."""
    if found.ended or found.following is None:
        return _("No more calls are planned")
    moment = moment_words(found.following, found.zone)
    if found.opening:
        return _("We ring you soon after the offices open: %(when)s", when=moment)
    return _("We ring you on %(when)s", when=moment)


def zone_words(zone: str) -> str:
    """Write a zone as people call it: "Eastern Time"."""
    return get_timezone_name(ZoneInfo(zone), width="long", locale=get_locale())


def standing_words(days: Sequence[int], minute: int) -> str:
    """Write when a slot rings: "every Tuesday at 10:00 AM"."""
    at = minute_words(minute)
    if len(days) == _WEEK:
        return _("every day at %(time)s", time=at)
    if list(days) == [0, 1, 2, 3, 4]:
        return _("every working day at %(time)s", time=at)
    names = get_day_names("wide", context="format", locale=get_locale())
    return _("every %(day)s at %(time)s", day=", ".join(names[day] for day in days), time=at)
