"""Whether an office is open: nine to five on working days at its place; dials nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from callbridge.domain.reach import OFFICE_CLOSES, OFFICE_OPENS

OPENS, CLOSES = OFFICE_OPENS, OFFICE_CLOSES


def is_open(zone: str, now: datetime, *, recess: Collection[date] = ()) -> bool:
    """Tell whether an office in `zone` works at `now`."""
    local = now.astimezone(ZoneInfo(zone))
    today = local.date()
    if local.weekday() > 4 or today in recess or is_federal_holiday(today):
        return False
    return OPENS <= local.hour < CLOSES


@lru_cache(maxsize=512)
def is_federal_holiday(day: date) -> bool:
    """Tell whether federal offices are closed on a day, observed days included."""
    return day in holidays.country_holidays("US", years=day.year)
