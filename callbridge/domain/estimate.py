"""How long a drive takes and what it costs, low, likely and high; knows no list and no database.

Only measured shares are uncertain here: how many answer, and how many of those press a key. Both
come with their interval, so a drive that nobody has measured yet gets a wide estimate, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil

from callbridge.domain.rates import Count, Range, interval


class Bound(StrEnum):
    """What sets the pace of a drive."""

    STARTS = "starts"
    IN_PROGRESS = "in-progress"
    OFFICES = "offices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An office of the drive. `people` need it; `most` calls at once, `rest` seconds after each."""

    people: int
    most: int
    per_minute: int
    rest: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Seconds: a ring that nobody answers, the words before the first office, one office's call."""

    ring: float = 25.0
    opening: float = 60.0
    talk: float = 95.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a started minute costs, in the account's currency: to the supporter, to an office."""

    supporter: float
    office: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A drive before it runs.

    `answered` counts answers of rings, `keyed` pressed keys of answers, as measured. `tries` is
    the most rings a person gets. `bridges` is the offices each supporter is put through to.
    `rate` is in starts a second, `in_progress` the most calls at once.
    """

    people: int
    answered: Count
    keyed: Count
    rate: float
    in_progress: int
    prices: Prices
    tries: int = 1
    bridges: float = 1.0
    desks: tuple[Desk, ...] = ()
    times: Times = field(default_factory=Times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is to be expected. `seconds` are calling seconds, hours that are closed not counted.

    `bound` says what sets the pace in the likely case; `measured` False: the answer rate is a
    guess as wide as it can be.
    """

    rings: Range
    reached: Range
    bridges: Range
    seconds: Range
    cost: Range
    bound: Bound
    measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    rings: float
    reached: float
    bridges: float
    seconds: float
    cost: float
    bound: Bound


def estimate(planned: Planned) -> Estimate:
    """Estimate a drive. Raises ValueError when its rate or its calls at once are not positive."""
    if planned.rate <= 0 or planned.in_progress <= 0 or planned.tries <= 0:
        raise ValueError("a drive that may not ring anybody has no end")
    answered, keyed = interval(planned.answered), interval(planned.keyed)
    cases = {
        (a, k): _case(planned, a, k)
        for a in (answered.low, answered.likely, answered.high)
        for k in (keyed.low, keyed.likely, keyed.high)
    }
    likely = cases[answered.likely, keyed.likely]

    def spread(name: str) -> Range:
        values = [float(getattr(case, name)) for case in cases.values()]
        return Range(low=min(values), likely=float(getattr(likely, name)), high=max(values))

    return Estimate(
        rings=spread("rings"),
        reached=spread("reached"),
        bridges=spread("bridges"),
        seconds=spread("seconds"),
        cost=spread("cost"),
        bound=likely.bound,
        measured=planned.answered.of > 0 and planned.keyed.of > 0,
    )


def _case(planned: Planned, answered: float, keyed: float) -> _Case:
    """Return what happens when exactly these shares answer and press a key."""
    success = answered * keyed
    missed = 1 - success
    # Everybody is tried until reached or out of tries: a geometric series, cut off.
    reached = planned.people * (1 - missed**planned.tries)
    rings = planned.people * (
        planned.tries if success == 0 else (1 - missed**planned.tries) / success
    )
    bridges = reached * planned.bridges
    times = planned.times
    unkeyed = max(0.0, rings * answered - reached)
    line = reached * (times.opening + planned.bridges * times.talk) + unkeyed * times.opening
    busy = line + rings * times.ring
    limits = {
        Bound.STARTS: rings / planned.rate,
        Bound.IN_PROGRESS: busy / planned.in_progress,
        Bound.OFFICES: _offices(planned, reached),
    }
    bound = max(limits, key=lambda name: limits[name])
    return _Case(
        rings=rings,
        reached=reached,
        bridges=bridges,
        seconds=limits[bound] + (_once_through(planned) if rings else 0.0),
        cost=_cost(planned, reached=reached, unkeyed=unkeyed),
        bound=bound,
    )


def _offices(planned: Planned, reached: float) -> float:
    """Return the seconds that the most wanted office needs: the others wait for nobody."""
    share = reached / planned.people if planned.people else 0.0
    return max(
        (
            desk.people
            * share
            * max((planned.times.talk + desk.rest) / desk.most, 60 / desk.per_minute)
            for desk in planned.desks
            if desk.people
        ),
        default=0.0,
    )


def _once_through(planned: Planned) -> float:
    """Return the seconds of the last call, which begins when all others have begun."""
    return planned.times.ring + planned.times.opening + planned.bridges * planned.times.talk


def _cost(planned: Planned, *, reached: float, unkeyed: float) -> float:
    """Return the price: every started minute of every answered leg; a ring alone costs nothing."""
    times, prices = planned.times, planned.prices
    long = ceil((times.opening + planned.bridges * times.talk) / 60)
    short = ceil(times.opening / 60)
    supporters = (reached * long + unkeyed * short) * prices.supporter
    return supporters + reached * planned.bridges * ceil(times.talk / 60) * prices.office


def ends_at(
    seconds: float, spans: Iterable[tuple[datetime, datetime]], *, start: datetime
) -> datetime | None:
    """Return when so many calling seconds are over, lived in the open `spans` from `start` on.

    `spans` come in order, as `windows.open_spans` yields them. None when they are too short.
    """
    left = timedelta(seconds=seconds)
    for opens, closes in spans:
        begins = max(opens, start)
        if closes <= begins:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return None


def under_way(planned: Planned, *, left: int, answered: Count, keyed: Count) -> Planned:
    """Return what is left of a running drive, judged by its own answers: for its expected end."""
    share = left / planned.people if planned.people else 0.0
    desks = tuple(replace(desk, people=ceil(desk.people * share)) for desk in planned.desks)
    return replace(planned, people=left, answered=answered, keyed=keyed, desks=desks)
