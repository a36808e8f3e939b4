"""The campaign's own hours and its recess days; knows no office's hours and no clock."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from callbridge.domain.campaign import Hours
from callbridge.library.problems import nearest
from callbridge.library.table import Table

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_END = 24 * 60
MOST_RECESS_DAYS = 400

_TIME = re.compile(r"^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:\s*(?:to|until|–|-)\s*(\d{4}-\d{2}-\d{2}))?$")


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(name for name in available_timezones() if "/" in name)


def read_zone(table: Table, key: str) -> str | None:
    """Return a time zone's name, None when absent or wrong."""
    zone = table.words(key, most=60)
    if zone is None or zone in zones():
        return zone
    guess = nearest(zone, zones()) or "America/New_York"
    table.error(key, f"{zone!r} is not a time zone.", f'Write for example "{guess}".')
    return None


def read_hours(table: Table | None) -> Hours | None:
    """Return the hours in which calls may start, None when the campaign sets none."""
    if table is None:
        return None
    days = table.choices("days", DAYS)
    opens = _minutes(table, "opens")
    closes = _minutes(table, "closes")
    zone = read_zone(table, "zone")
    table.finish()
    if opens is None or closes is None:
        return None
    if opens >= closes:
        table.error("closes", "The campaign closes before it opens.", 'Write closes = "17:00".')
        return None
    return Hours(
        days=frozenset(DAYS.index(day) for day in days or DAYS),
        opens=opens,
        closes=closes,
        zone=zone,
    )


def _minutes(table: Table, key: str) -> int | None:
    """Return a time of day in minutes after midnight; 24:00 is the end of the day."""
    value = table.raw(key)
    instead = f'Write {key} = "9:00" or {key} = "5 pm".'
    if value is None:
        table.error(key, f"The hours do not say when the campaign {key}.", instead)
        return None
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    found = _TIME.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        table.error(key, f"{value!r} is not a time of day.", instead)
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    minutes = hour * 60 + minute
    if minute > 59 or minutes > DAY_END:
        table.error(key, f"{value!r} is not a time of day.", instead)
        return None
    return minutes


def read_recess(table: Table) -> tuple[date, ...]:
    """Return every day on which offices are closed beside weekends and holidays."""
    value = table.raw("recess")
    instead = 'Write recess = ["2026-08-03 to 2026-09-04", "2026-11-27"].'
    if value is None:
        return ()
    if not isinstance(value, list):
        table.error("recess", "'recess' must be a list of days.", instead)
        return ()
    days: set[date] = set()
    for entry in value:
        span = _span(entry)
        if span is None:
            table.error("recess", f"{entry!r} is not a day or a span of days.", instead)
            continue
        first, last = span
        length = (last - first).days
        if not 0 <= length <= MOST_RECESS_DAYS:
            what = f"{entry!r} ends before it begins, or takes more than a year."
            table.error("recess", what, instead)
            continue
        days |= {first + timedelta(days=n) for n in range(length + 1)}
    return tuple(sorted(days))


def _span(entry: object) -> tuple[date, date] | None:
    if isinstance(entry, date) and not isinstance(entry, datetime):
        return entry, entry
    found = _SPAN.match(entry.strip()) if isinstance(entry, str) else None
    if found is None:
        return None
    try:
        first = date.fromisoformat(found[1])
        return first, date.fromisoformat(found[2]) if found[2] else first
    except ValueError:
        return None
