"""How many attempts to start now, and whose: pure; the same state gives the same plan.

The carrier bounds the starts, the offices bound the talking: a person is rung only when an office
that they need is expected to be free. Drives share the starts by start-time fair queueing: each
dial costs a drive 1 / weight of virtual time, who has used least goes first, and nobody saves up
what they could not use. Knows no database; times are seconds on the database's clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# Sums of shares like 0.1 miss whole numbers by less than this.
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody due now. One of `offices` (numbers, best first) must be free; empty: none needs."""

    id: str
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Our load at a number.

    `on_the_way` is the expected number of people who were rung for it and are not through yet:
    the sum of their drives' `reach`. `started` counts the calls of the last minute. A plan made
    ahead of time has parts of calls in all three.
    """

    most: int
    per_minute: int
    talking: float = 0
    on_the_way: float = 0.0
    started: float = 0
    resting_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Calls in progress, and the most that may be."""

    now: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A running drive. `people` are those due now within their own hours, longest due first.

    `share` is the part of its limit that ramp and answers leave it. `reach` is the part of the
    rung who come as far as the office (the upper bound of what was measured; 1 promises every
    one of them a place). `rate` bounds its own starts a second, None: only the shared pace does.
    `served` is its virtual time, as the last Dial left it.
    """

    id: str
    campaign: str
    people: tuple[Person, ...]
    usage: Usage
    rate: float | None = None
    next_free: float = 0.0
    share: float = 1.0
    reach: float = 1.0
    weight: float = 1.0
    served: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that a plan depends on.

    `rate` and `next_free` are the shared pace's; starts up to `horizon` seconds ahead are
    planned. `clock` is the virtual time of the last start. A number without an Office has no
    limit. Campaigns without a Usage have none.
    """

    rate: float
    usage: Usage
    drives: tuple[Drive, ...]
    offices: Mapping[str, Office] = field(default_factory=dict)
    campaigns: Mapping[str, Usage] = field(default_factory=dict)
    next_free: float = 0.0
    clock: float = 0.0
    horizon: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """Start this attempt at `at` for this office; `served` and `clock` are to be kept."""

    at: float
    drive: str
    person: str
    office: str | None
    served: float
    clock: float


def has_room(office: Office, more: float, *, now: float) -> bool:
    """Tell whether an office takes what is expected of it and `more` calls."""
    coming = office.on_the_way + more - _CLOSE
    return (
        office.resting_until <= now
        and office.talking + coming <= office.most
        and office.started + coming <= office.per_minute
    )


def plan(state: State, now: float) -> tuple[Dial, ...]:
    """Return the attempts to start within the horizon, in the order of their starts."""
    books = _Books(state, now)
    return tuple(books.dials())


class _Queue:
    """One drive's books: its people in order, and what it has used."""

    __slots__ = ("drive", "free_at", "left", "people", "served", "waiting")

    def __init__(self, drive: Drive) -> None:
        self.drive = drive
        self.people = iter(drive.people)
        self.waiting: tuple[Person, str | None] | None = None
        self.served = drive.served
        self.free_at = drive.next_free
        # A drive that eased down to nothing would never learn that people answer again.
        self.left = max(1, int(drive.usage.most * drive.share)) - drive.usage.now
        if drive.usage.most < 1:
            self.left = 0


class _Books:
    """What is left of every limit while one plan is made; lives for one plan only."""

    def __init__(self, state: State, now: float) -> None:
        self.state = state
        self.now = now
        self.left = state.usage.most - state.usage.now
        self.campaigns = {slug: use.most - use.now for slug, use in state.campaigns.items()}
        self.clock = state.clock
        self.added: dict[str, float] = {}
        self.queues = [_Queue(drive) for drive in state.drives]

    def dials(self) -> Iterator[Dial]:
        """Yield dials until the slots, the limits or the people end."""
        at, end = max(self.now, self.state.next_free), self.now + self.state.horizon
        while self.left > 0 and at <= end and self.state.rate > 0:
            self.queues = [queue for queue in self.queues if self._ready(queue)]
            if not self.queues:
                return
            ready = [queue for queue in self.queues if queue.free_at <= at]
            if not ready:
                at = min(queue.free_at for queue in self.queues)
                continue
            yield self._dial(min(ready, key=self._turn), at)
            at += 1 / self.state.rate

    def _turn(self, queue: _Queue) -> tuple[float, str]:
        return max(self.clock, queue.served), queue.drive.id

    def _ready(self, queue: _Queue) -> bool:
        """Tell whether a drive has somebody to ring, and note whom and for which office."""
        drive = queue.drive
        if queue.left < 1 or self.campaigns.get(drive.campaign, 1) < 1:
            return False
        if queue.waiting is not None and self._fits(queue.waiting[1], drive.reach):
            return True
        # Within one plan offices only fill up: who found no place finds none later in it.
        if queue.waiting is not None:
            person = queue.waiting[0]
            queue.waiting = self._place(person, drive.reach)
        while queue.waiting is None:
            following = next(queue.people, None)
            if following is None:
                return False
            queue.waiting = self._place(following, drive.reach)
        return True

    def _place(self, person: Person, reach: float) -> tuple[Person, str | None] | None:
        if not person.offices:
            return person, None
        for phone in person.offices:
            if self._fits(phone, reach):
                return person, phone
        return None

    def _fits(self, phone: str | None, reach: float) -> bool:
        office = self.state.offices.get(phone) if phone else None
        if phone is None or office is None:
            return True
        return has_room(office, self.added.get(phone, 0.0) + reach, now=self.now)

    def _dial(self, queue: _Queue, at: float) -> Dial:
        drive = queue.drive
        if queue.waiting is None:
            raise ValueError("a drive without a person in turn cannot dial")
        person, office = queue.waiting
        queue.waiting = None
        queue.left -= 1
        self.left -= 1
        if drive.campaign in self.campaigns:
            self.campaigns[drive.campaign] -= 1
        if office is not None:
            self.added[office] = self.added.get(office, 0.0) + drive.reach
        if drive.rate is not None:
            queue.free_at = at + 1 / drive.rate
        self.clock = max(self.clock, queue.served)
        queue.served = self.clock + 1 / drive.weight
        return Dial(
            at=at,
            drive=drive.id,
            person=person.id,
            office=office,
            served=queue.served,
            clock=self.clock,
        )
