"""When and where simulated drives are: the days, the places with their law and zones, the hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from callbridge.domain.zones import AREAS

Place = tuple[tuple[str, ...], tuple[str, ...]]
"""The states whose law holds for somebody, and the zones in one of which they are."""


def no_holidays(_day: date) -> bool:
    return False


def everywhere() -> tuple[Place, ...]:
    """Return every state with each of its zones, as ZIPs tell, and what area codes leave open."""
    doubts = {((area.state or "",), area.zones) for area in AREAS.values()}
    sure = {(states, (zone,)) for states, zones in doubts for zone in zones}
    return tuple(sorted(doubts | sure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When and where the drives are, and the hours that their organizers wrote, in turn."""

    start: datetime = datetime(2026, 11, 2, 12, tzinfo=UTC)
    days: float = 1.0
    places: tuple[Place, ...] = (
        (("NY",), ("America/New_York",)),
        (("KY",), ("America/New_York",)),
        (("FL",), ("America/New_York",)),
        (("TX",), ("America/Chicago",)),
        (("IL",), ("America/Chicago",)),
        (("CO",), ("America/Denver",)),
        (("AZ",), ("America/Phoenix",)),
        (("CA",), ("America/Los_Angeles",)),
        (("AK",), ("America/Anchorage",)),
        (("HI",), ("Pacific/Honolulu",)),
        (("PR",), ("America/Puerto_Rico",)),
    )
    written: tuple[tuple[str, str], ...] = (("09:00-20:00", "all"),)
    holidays: Callable[[date], bool] = no_holidays
