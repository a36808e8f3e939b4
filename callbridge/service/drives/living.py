"""A day of one drive lived ahead: the dialer's own plan, asked again and again; rings nobody.

What nobody knows before the ring, whether somebody answers, is taken as the average: each ring
counts at its office with the part of it that comes through by measure. Knows no database.
"""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from callbridge.domain import pacing
from callbridge.domain.drives import Bucket, DriveRecord, DriveState, Waiting
from callbridge.domain.estimate import Times
from callbridge.domain.throttle import ramp
from callbridge.service.drives.looking import reach_of
from callbridge.settings import Settings

_STEP = 5.0
_BREATH = 0.25
# As many buckets, and people of each, as the dialer looks at.
_BUCKETS = 64
_EACH = 8
_TIMES = Times()
_MINUTE = 60.0


@dataclass(slots=True, kw_only=True)
class Queue:
    """The people of a bucket in order, and when they may be rung."""

    bucket: Bucket
    spans: Sequence[tuple[datetime, datetime]]
    people: deque[Waiting] = field(default_factory=deque)

    def open(self, moment: datetime) -> bool:
        """Tell whether its people may be rung."""
        return any(start <= moment < end for start, end in self.spans)

    def opens(self, moment: datetime) -> datetime | None:
        """Return when they may be rung next: at once while it is open."""
        return next((max(start, moment) for start, end in self.spans if end > moment), None)


class _Moment(Enum):
    """What becomes of a dial later: its line is free, it is through, it has talked."""

    OVER = auto()
    THROUGH = auto()
    MINUTE_AGO = auto()
    TALKED = auto()


@dataclass(slots=True, kw_only=True)
class _Load:
    """What an office has at a moment of the day that is lived ahead, in parts of calls."""

    on_the_way: float = 0.0
    talking: float = 0.0
    started: float = 0.0


class DayAhead:
    """A day lived ahead: seconds from now, loads by average, dials by the dialer's plan."""

    def __init__(
        self,
        settings: Settings,
        record: DriveRecord,
        queues: Mapping[int, Queue],
        now: datetime,
    ) -> None:
        self._settings, self._record, self._queues, self._now = settings, record, queues, now
        self._reach = reach_of(record)
        begun = record.resumed if record.state is DriveState.RUNNING else None
        self._since = (now - (begun or now)).total_seconds()
        self._loads: defaultdict[str, _Load] = defaultdict(_Load)
        self._later: list[tuple[float, int, _Moment, str | None]] = []
        self._turn = itertools.count()
        self._use = 0
        self._next_free = self._served = self._clock = self._own_free = 0.0

    def live(self, seconds: float) -> list[tuple[datetime, Waiting, str | None]]:
        """Return the dials of so many seconds, in order."""
        dials: list[tuple[datetime, Waiting, str | None]] = []
        at: float | None = 0.0
        while at is not None and at < seconds:
            self._pass(at)
            people = self._due(at)
            planned = pacing.plan(self._state(people, at), at) if people else ()
            for dial in planned:
                if dial.at >= seconds:
                    return dials
                person = people[dial.person]
                self._queues[person.bucket].people.remove(person)
                dials.append((self._now + timedelta(seconds=dial.at), person, dial.office))
                self._book(dial)
            at = planned[-1].at + _BREATH if planned else self._following(at)
        return dials

    def _due(self, at: float) -> dict[str, Waiting]:
        """Return who may be rung at a second, by attempt, longest due first."""
        moment = self._now + timedelta(seconds=at)
        open_ = [queue for queue in self._queues.values() if queue.people and queue.open(moment)]
        found = [
            person
            for queue in _some(open_, next(self._turn))
            for person in itertools.islice(queue.people, _EACH)
            if person.run_at <= moment
        ]
        found.sort(key=lambda one: (one.run_at, one.attempt))
        return {str(one.attempt): one for one in found}

    def _state(self, people: Mapping[str, Waiting], at: float) -> pacing.State:
        settings, record = self._settings, self._record
        persons = tuple(
            pacing.Person(id=name, offices=self._queues[one.bucket].bucket.offices)
            for name, one in people.items()
        )
        eager = ramp(0.0, self._since + at, seconds=settings.drive_ramp_seconds)
        drive = pacing.Drive(
            id=record.id,
            campaign=record.slug,
            people=persons,
            usage=pacing.Usage(now=self._use, most=record.in_progress),
            rate=record.rate,
            next_free=self._own_free,
            share=eager * record.share,
            reach=self._reach,
            weight=record.weight,
            served=self._served,
        )
        return pacing.State(
            rate=settings.calls_per_second,
            usage=pacing.Usage(now=self._use, most=settings.calls_in_progress),
            drives=(drive,),
            offices={
                phone: self._office(phone) for phone in {p for one in persons for p in one.offices}
            },
            next_free=self._next_free,
            clock=self._clock,
            horizon=_STEP,
        )

    def _office(self, phone: str) -> pacing.Office:
        load = self._loads[phone]
        return pacing.Office(
            most=self._settings.office_max_calls,
            per_minute=self._settings.office_calls_per_minute,
            talking=load.talking,
            on_the_way=load.on_the_way,
            started=load.started,
        )

    def _book(self, dial: pacing.Dial) -> None:
        """Keep what a dial uses, and when it gives that back."""
        self._served, self._clock = dial.served, dial.clock
        self._next_free = dial.at + 1 / self._settings.calls_per_second
        if self._record.rate is not None:
            self._own_free = dial.at + 1 / self._record.rate
        self._use += 1
        line = _TIMES.ring + self._reach * (_TIMES.opening + _TIMES.talk)
        moments = [(line, _Moment.OVER)]
        if dial.office is not None:
            self._loads[dial.office].on_the_way += self._reach
            through = _TIMES.ring + _TIMES.opening
            moments += [
                (through, _Moment.THROUGH),
                (through + _MINUTE, _Moment.MINUTE_AGO),
                (through + _TIMES.talk, _Moment.TALKED),
            ]
        for after, what in moments:
            heapq.heappush(self._later, (dial.at + after, next(self._turn), what, dial.office))

    def _pass(self, at: float) -> None:
        """Let everything happen that happens up to a second."""
        while self._later and self._later[0][0] <= at:
            _second, _turn, what, office = heapq.heappop(self._later)
            if what is _Moment.OVER:
                self._use -= 1
                continue
            load = self._loads[office or ""]
            match what:
                case _Moment.THROUGH:
                    load.on_the_way -= self._reach
                    load.talking += self._reach
                    load.started += self._reach
                case _Moment.MINUTE_AGO:
                    load.started -= self._reach
                case _Moment.TALKED:
                    load.talking -= self._reach

    def _following(self, at: float) -> float | None:
        """Return the next second at which something may be rung, None when nothing ever is."""
        soon = [second for second, *_rest in self._later[:1]]
        soon += [free for free in (self._own_free, self._next_free) if free > at]
        if self._since + at < self._settings.drive_ramp_seconds:
            soon.append(at + _STEP)
        for queue in self._queues.values():
            if queue.people:
                due = max(queue.people[0].run_at, self._now + timedelta(seconds=at + _BREATH))
                opens = queue.opens(due)
                if opens is not None and opens > due:
                    soon.append((opens - self._now).total_seconds())
                elif queue.people[0].run_at >= due:
                    soon.append((due - self._now).total_seconds())
        return max(at + _STEP / 5, min(soon)) if soon else None


def _some(queues: Sequence[Queue], turn: int) -> Sequence[Queue]:
    """Return so many of the open buckets as the dialer looks at, each in its turn."""
    if len(queues) <= _BUCKETS:
        return queues
    at = turn * _BUCKETS % len(queues)
    return [*queues[at:], *queues[:at]][:_BUCKETS]
