"""What happened on the wire of a rehearsal, as its exchange saw it; asks our own books nothing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from callbridge.exchange.behaviours import Behaviour
from callbridge.exchange.legs import End, Leg, Status
from callbridge.exchange.shared_clock import SharedClock
from callbridge.rehearsal.offices import Offices
from callbridge.rehearsal.supporters import Supporters

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Span:
    """One call at an office, in simulated Unix seconds."""

    start: float
    end: float


@dataclass(slots=True, kw_only=True)
class Tally:
    """Casts everybody on the lines, and counts: it is the exchange's `casting`."""

    clock: SharedClock
    supporters: Supporters
    offices: Offices
    rings: int = 0
    answered: int = 0
    minutes: int = 0
    office_minutes: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_hour: dict[datetime, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    ended: Counter[str] = field(default_factory=Counter)
    at_offices: dict[str, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def choose(self, leg: Leg) -> Behaviour:
        """Choose who is on a leg."""
        self.clock.poke()
        if leg.end is End.OFFICE:
            return self.offices.next(leg.person_number, self.clock.now())
        return self.supporters.next(leg.person_number)

    def over(self, leg: Leg) -> None:
        """Count a leg that is over."""
        self.clock.poke()
        hour = leg.created_at.replace(minute=0, second=0, microsecond=0)
        counted = self.by_hour[hour]
        answered = leg.answered_second is not None
        minutes = math.ceil((leg.seconds() or 0) / MINUTE)
        self.last = max(self.last or leg.updated_at, leg.updated_at)
        if leg.end is End.OFFICE:
            counted["offices"] += 1
            self.office_minutes += minutes
            self.ended[leg.status.value] += 1
            span = Span(leg.created_at.timestamp(), leg.updated_at.timestamp())
            self.at_offices[leg.person_number].append(span)
            return
        self.first = min(self.first or leg.created_at, leg.created_at)
        self.rings += 1
        self.answered += answered
        self.minutes += minutes
        counted["rings"] += 1
        counted["answered"] += answered
        counted["bridged"] += any(child.status is Status.COMPLETED for child in leg.children)


def most_at_once(spans: Iterable[Span]) -> int:
    """Return the most that lasted at one instant; one that ends as another begins makes room."""
    events = sorted((at, change) for one in spans for at, change in ((one.start, 1), (one.end, -1)))
    most = now = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most


def most_in_a_minute(spans: Iterable[Span]) -> int:
    """Return the most that began within any 60 seconds."""
    recent, most = deque[float](), 0
    for start in sorted(one.start for one in spans):
        recent.append(start)
        while recent[0] <= start - MINUTE:
            recent.popleft()
        most = max(most, len(recent))
    return most
