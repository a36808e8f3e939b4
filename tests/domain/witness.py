"""Judges a simulated stretch of calling by its own reckoning: wall clocks, sweeps and counts.

It shares nothing with the planner but the table of the law: no window is worked out beforehand,
every ring is looked at on the clock of the person's own wall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from callbridge.domain.legal_hours import BY_STATE, FEDERAL
from callbridge.domain.windows import DAYS


@dataclass(frozen=True, slots=True)
class Ring:
    """A telephone that rang at `at` (seconds since 1970), and by which promises."""

    at: float
    person: int
    states: tuple[str, ...]
    zones: tuple[str, ...]
    hours: str
    days: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A call at an office from `start` to `end`; the office rests afterwards until `rested`."""

    office: str
    start: float
    end: float
    rested: float


@dataclass(frozen=True, slots=True)
class Caps:
    """What an office takes: calls at once, and starts in any minute."""

    at_once: int
    per_minute: int


def wrongly_rung(rings: Iterable[Ring], holidays: Callable[[date], bool]) -> list[Ring]:
    """Return the rings outside the person's hours by any clock that may hang on their wall."""
    return [
        ring for ring in rings if not all(_welcome(ring, zone, holidays) for zone in ring.zones)
    ]


def _welcome(ring: Ring, zone: str, holidays: Callable[[date], bool]) -> bool:
    wall = datetime.fromtimestamp(ring.at, ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    opens, closes = (_minutes(part) for part in ring.hours.split("-"))
    if not opens <= minute < closes or not _on(ring.days, wall.weekday()):
        return False
    if ring.days != "all" and holidays(wall.date()):
        return False
    for law in (FEDERAL, *(BY_STATE.get(state, FEDERAL) for state in ring.states)):
        span = law.week[wall.weekday()]
        if span is None or not span.opens <= minute < span.closes:
            return False
        if not law.holidays and holidays(wall.date()):
            return False
    return True


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _on(days: str, weekday: int) -> bool:
    if days == "all":
        return True
    first, _, last = days.partition("-")
    return DAYS.index(first) <= weekday <= DAYS.index(last or first)


def flooded(talks: Iterable[Talk], caps: dict[str, Caps]) -> dict[str, str]:
    """Return the offices that had more than they take at some instant, and of what."""
    mine: dict[str, list[Talk]] = {}
    for talk in talks:
        mine.setdefault(talk.office, []).append(talk)
    found = {}
    for office, calls in mine.items():
        calls.sort(key=lambda talk: talk.start)
        moments = sorted(
            # One that ends at the instant at which another starts makes room for it.
            [(talk.start, 1) for talk in calls] + [(talk.end, -1) for talk in calls]
        )
        at_once = most = 0
        for _, step in moments:
            at_once += step
            most = max(most, at_once)
        if most > caps[office].at_once:
            found[office] = f"{most} at once"
        if crowded([talk.start for talk in calls], 60.0) > caps[office].per_minute:
            found[office] = "too many in a minute"
        rested = 0.0
        for talk in calls:
            if talk.start < rested:
                found[office] = "dialled at rest"
            rested = max(rested, talk.rested)
    return found


def crowded(starts: Sequence[float], seconds: float) -> int:
    """Return the most starts within any such time, wherever it begins (its end left out)."""
    ordered = sorted(starts)
    most = first = 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
