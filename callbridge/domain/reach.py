"""When somebody who asked for a ring may have it, and when offices work; knows no place."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from callbridge.domain import legal_hours, windows
from callbridge.domain.campaign import Hours
from callbridge.domain.windows import Holidays, Span, Window

OFFICE_OPENS, OFFICE_CLOSES = 9, 17
_OFFICE = windows.daily(OFFICE_OPENS * 60, OFFICE_CLOSES * 60, days=frozenset(range(5)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where a supporter's clock hangs and which hours of it a ring may fall in.

    `zones` are all that the ZIP or the area code leaves possible, the likeliest first: a ring must
    be at a lawful hour in every one. `hours` are the campaign's own. `holidays` are the offices'.
    """

    zones: tuple[str, ...]
    hours: Hours | None
    holidays: Holidays

    @property
    def zone(self) -> str:
        """Return the zone in which times are said and shown."""
        return self.zones[0]

    def allows(self, at: datetime) -> bool:
        """Tell whether the supporter may be rung at an instant.

        The hours are the federal ones, on any day: stricter ones of the states are about rings
        that nobody asked for.
        """
        return all(
            windows.allows(window, now=at, zones=zones, holidays=self.holidays)
            for window, zones in self._windows()
        )

    def spans(self, *, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the (start, end) instants, end after `now`, in which a ring may fall."""
        (first, zones), *others = self._windows()
        found = windows.open_spans(first, now=now, zones=zones, holidays=self.holidays)
        for window, where in others:
            other = windows.open_spans(window, now=now, zones=where, holidays=self.holidays)
            found = _common(found, other)
        return found

    def offices_open(
        self, offices: Collection[str], *, now: datetime, recess: Collection[date] = ()
    ) -> datetime | None:
        """Return when offices in all these zones work and the supporter may be rung.

        None when that is so at no time within two weeks.
        """
        opening = windows.open_spans(
            _OFFICE,
            now=now,
            zones=tuple(sorted(offices)),
            holidays=lambda day: day in recess or self.holidays(day),
        )
        first = next(_common(opening, self.spans(now=now)), None)
        return None if first is None else max(first[0], now)

    def _windows(self) -> list[tuple[Window, tuple[str, ...]]]:
        found = [(legal_hours.FEDERAL, self.zones)]
        if self.hours is not None:
            span = Span(opens=self.hours.opens, closes=self.hours.closes)
            week = tuple(span if day in self.hours.days else None for day in range(7))
            where = (self.hours.zone,) if self.hours.zone else self.zones[:1]
            found.append((Window(week=week, holidays=True), where))
        return found


def _common(
    one: Iterator[tuple[datetime, datetime]], other: Iterator[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what two rows of spans have in common, in order."""
    mine, theirs = next(one, None), next(other, None)
    while mine is not None and theirs is not None:
        start, end = max(mine[0], theirs[0]), min(mine[1], theirs[1])
        if start < end:
            yield start, end
        if mine[1] <= theirs[1]:
            mine = next(one, None)
        else:
            theirs = next(other, None)
