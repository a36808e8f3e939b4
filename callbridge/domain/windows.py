"""When a person may be rung, by the clock on their wall; knows no law, no calendar and no list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from callbridge.errors import RefusedError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)")
_MIDNIGHT = 24 * 60
# Past this nothing opens that is not closed for ever: the longest run of holidays is far shorter.
_FURTHEST_DAYS = 15

Holidays = Callable[[date], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Part of a day, in minutes after local midnight: `opens` belongs to it, `closes` does not."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= _MIDNIGHT:
            raise RefusedError("Calling hours must open before they close, within one day.")

    def cut(self, other: Span | None) -> Span | None:
        """Return what both have, None when that is nothing."""
        if other is None:
            return None
        opens, closes = max(self.opens, other.opens), min(self.closes, other.closes)
        return Span(opens=opens, closes=closes) if opens < closes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A week of calling hours: a span, or None, for each weekday from Monday on.

    `holidays` False closes it on holidays, whatever the weekday.
    """

    week: tuple[Span | None, ...]
    holidays: bool = False

    def __post_init__(self) -> None:
        if len(self.week) != len(DAYS):
            raise RefusedError("Calling hours need an entry for each of the seven weekdays.")

    def cut(self, other: Window) -> Window:
        """Return the hours that both windows have."""
        return Window(
            week=tuple(
                mine.cut(theirs) if mine else None
                for mine, theirs in zip(self.week, other.week, strict=True)
            ),
            holidays=self.holidays and other.holidays,
        )


def daily(
    opens: int, closes: int, *, days: frozenset[int] = frozenset(range(7)), holidays: bool = False
) -> Window:
    """Return a window with the same hours, in local minutes, on each of `days` (0 is Monday)."""
    span = Span(opens=opens, closes=closes)
    return Window(week=tuple(span if day in days else None for day in range(7)), holidays=holidays)


@lru_cache(maxsize=512)
def read(hours: str, days: str = "mon-fri") -> Window:
    """Read `09:00-20:00` and `mon-fri`, `sat`, `mon-wed,fri` or `all` (which has holidays too).

    Raises RefusedError with a sentence that says what to write instead.
    """
    found = _SPAN.fullmatch(hours.strip())
    if found is None:
        raise RefusedError(f"Calling hours are written like 09:00-20:00, not {hours!r}.")
    opens, closes = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    everyday = days.strip().lower() == "all"
    chosen = frozenset(range(7)) if everyday else _days(days)
    return daily(opens, closes, days=chosen, holidays=everyday)


def _days(written: str) -> frozenset[int]:
    chosen: set[int] = set()
    for part in written.strip().lower().split(","):
        first, _, last = part.strip().partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise RefusedError(f"Days are written like mon-fri, mon,wed or all, not {written!r}.")
        at, end = DAYS.index(first), DAYS.index(last or first)
        # fri-mon goes round the end of the week.
        chosen.update(day % 7 for day in range(at, end + 1 if end >= at else end + 8))
    return frozenset(chosen)


# Asked again and again of a few days and zones; a zone's table does not change while we run.
@lru_cache(maxsize=8192)
def instant(day: date, minute: int, zone: str) -> datetime:
    """Return the UTC instant at which the clock in `zone` shows `minute` of `day`.

    A time that the clock jumps over moves forward by the jump; one that it shows twice is the
    first. `minute` 1440 is the next midnight.
    """
    wall = datetime.combine(day, time(), _zone(zone)) + timedelta(minutes=minute)
    return wall.astimezone(UTC)


# ZoneInfo keeps the eight last used; the states alone have more, and each is a file to read.
@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def allows(window: Window, *, now: datetime, zones: tuple[str, ...], holidays: Holidays) -> bool:
    """Tell whether the window is open at `now` (aware) in every one of `zones`."""
    return bool(zones) and all(
        any(
            start <= now < end
            for start, end in _openings(window, zone=zone, holidays=holidays, now=now, days=1)
        )
        for zone in zones
    )


def next_opening(
    window: Window, *, now: datetime, zones: tuple[str, ...], holidays: Holidays
) -> datetime | None:
    """Return the first instant from `now` on (UTC) when it is open in every zone.

    `now` itself when it is open; None when it never opens within two weeks.
    """
    return next(
        (
            max(now.astimezone(UTC), start)
            for start, _ in open_spans(window, now=now, zones=zones, holidays=holidays)
        ),
        None,
    )


def open_spans(
    window: Window, *, now: datetime, zones: tuple[str, ...], holidays: Holidays
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the (start, end) instants, UTC, end after `now`, when it is open in every zone."""
    if not zones:
        return
    first, *others = (
        _openings(window, zone=zone, holidays=holidays, now=now, days=_FURTHEST_DAYS)
        for zone in zones
    )
    spans: Iterable[tuple[datetime, datetime]] = first
    for other in map(list, others):
        spans = [
            (start, end)
            for mine in spans
            for theirs in other
            if (start := max(mine[0], theirs[0])) < (end := min(mine[1], theirs[1]))
        ]
    yield from (span for span in spans if span[1] > now)


def _openings(
    window: Window, *, zone: str, holidays: Holidays, now: datetime, days: int
) -> Iterator[tuple[datetime, datetime]]:
    today = now.astimezone(_zone(zone)).date()
    for ahead in range(days):
        day = today + timedelta(days=ahead)
        span = window.week[day.weekday()]
        if span is None or (not window.holidays and holidays(day)):
            continue
        yield instant(day, span.opens, zone), instant(day, span.closes, zone)
