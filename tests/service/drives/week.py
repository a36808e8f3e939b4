"""A week of drives through the real dialer and a real database, on a clock that a test moves.

The carrier is a switchboard in memory and the people are dice; whom to ring, when, and for which
office is decided by the code that decides it in production, in the database's own transactions.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from threading import Event

from sqlalchemy import bindparam, func, select

from callbridge.domain.campaign import Pick
from callbridge.domain.instructions import Bridge, HangUp
from callbridge.domain.telephony import CarrierStatus, PlaceOrder
from callbridge.service.drives import running
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.following import follow_up, look_after
from callbridge.service.drives.views import DriveRequest
from callbridge.service.money.booking import book_ended
from callbridge.service.statuses import status
from callbridge.store import Database
from callbridge.store.tables import DUE, attempts
from tests.domain.witness import Ring, Talk
from tests.service.drives.places import Home, homes
from tests.service.setting import HandClock, Service, Switchboard, Telephone, service_on

HEADER = "phone,zip,language,group,consent_source,consent_at"
# Where nobody can be rung and nobody talks, the clock goes from one quarter of an hour to the next:
# every hour that a law or an organizer writes begins and ends at one.
QUARTER = 900.0
# So long, in seconds, a dialer waits here after a round that found nobody to ring.
PAUSE = 1.0
# What a dialer's rounds are here, in seconds: what follows a try, and what is looked after.
FOLLOWS, LOOKS_AFTER = 10.0, 60.0
WRITTEN = (
    ("09:00-20:00", "mon-fri"),
    ("08:00-21:00", "all"),
    ("10:00-19:30", "mon-sat"),
    ("08:30-20:45", "sun"),
)
_NEXT = select(func.min(attempts.c.run_at)).where(DUE, attempts.c.run_at > bindparam("now"))


class MovedTimer:
    """Waits by moving the clock; for one thread."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock

    def seconds(self) -> float:
        """Return the clock's seconds."""
        return self._clock.at.timestamp()

    def sleep(self, seconds: float) -> None:
        """Move the clock."""
        self._clock.forward(seconds=seconds)

    def wait(self, stop: Event, seconds: float) -> None:
        """Move the clock."""
        self._clock.forward(seconds=seconds)

    def hold(self) -> Callable[[], None]:
        """Hold nothing: nobody else moves it."""
        return lambda: None


class Board(Switchboard):
    """A switchboard that tells whoever listens of each call that it places."""

    heard: Callable[[PlaceOrder, str], None]

    def place(self, order: PlaceOrder) -> str:
        """Ring somebody and tell."""
        sid = super().place(order)
        self.heard(order, sid)
        return sid


@dataclass(slots=True)
class Week:
    """What happens in a week, and what a witness is told of it."""

    service: Service
    rate: float
    chance: random.Random
    people: dict[str, Home] = field(default_factory=dict)
    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    drives: dict[str, list[str]] = field(default_factory=dict)
    rings: list[Ring] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    found_full: int = 0
    rung_twice: int = 0
    _in_flight: set[str] = field(default_factory=set)
    _split: dict[str, bool] = field(default_factory=dict)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: itertools.count[int] = field(default_factory=itertools.count)
    _followed: float = 0.0
    _to_follow: bool = False
    _looked: float = 0.0

    def enlist(self, people: int, drives: int, begins: Sequence[float]) -> list[str]:
        """Make drives over so many people; return their ids.

        Each four of them are started after so many days. One in fifty of a drive is in the next
        drive's list, too.
        """
        everybody = homes(self.chance)
        made: list[str] = []
        both: list[Home] = []
        for place in range(drives):
            hours, days = WRITTEN[place % len(WRITTEN)]
            own = list(itertools.islice(everybody, people // drives))
            self.people |= {home.phone: home for home in own}
            request = DriveRequest(slug="water", window=hours, days=days, in_progress=10_000)
            drive = running.create(self.service.ctx, request, _list_of(both + own)).drive
            assert drive is not None
            self.written[drive] = hours, days
            for home in both + own:
                self.drives.setdefault(home.phone, []).append(drive)
            made.append(drive)
            both = own[::50]
            later = begins[place // len(WRITTEN)] * 86_400
            self._later(later, partial(running.start, self.service.ctx, drive))
        return made

    def run(self, until: datetime) -> None:
        """Let the dialer and everybody live until a moment."""
        clock = self.service.clock
        while clock.at < until:
            self._happen()
            made = place_drives(self.service.ctx, owner="dialer")
            self._look_after()
            if not made:
                clock.forward(seconds=max(PAUSE, self._next_moment() - self.now))

    def end(self) -> None:
        """Ring nobody else, and let everybody who is on the line come to an end."""
        clock = self.service.clock
        while self._events:
            clock.at = max(clock.at, datetime.fromtimestamp(self._events[0][0], UTC))
            self._happen()

    def _look_after(self) -> None:
        """Do what a dialer does beside the ringing, as often as that comes round."""
        ctx = self.service.ctx
        if self.now - self._followed >= FOLLOWS:
            self._followed, self._to_follow = self.now, False
            while follow_up(ctx):
                pass
        if self.now - self._looked >= LOOKS_AFTER:
            self._looked = self.now
            look_after(ctx)
            book_ended(ctx)

    def _next_moment(self) -> float:
        """Return when something may be due again.

        Somebody does something, what follows a try is decided, hours open; farther away than a
        few seconds, also a person's next try.
        """
        quarter = (self.now // QUARTER + 1) * QUARTER
        following = min(quarter, self._events[0][0]) if self._events else quarter
        if self._to_follow:
            following = min(following, self._followed + FOLLOWS)
        if following - self.now < FOLLOWS:
            return following
        with self.service.database.engine.connect() as connection:
            again = connection.scalar(_NEXT, {"now": self.service.clock.at})
        return min(following, again.timestamp()) if again else following

    @property
    def now(self) -> float:
        """Return the clock's seconds since 1970."""
        return self.service.clock.at.timestamp()

    def rung(self, order: PlaceOrder, sid: str) -> None:
        """Let somebody's telephone ring, and let dice say what they do."""
        home = self.people[order.to]
        drive = self._drive_of(order)
        self.rung_twice += order.to in self._in_flight
        self._in_flight.add(order.to)
        self.rings.append(Ring(self.now, int(order.to), *home.wall, *self.written[drive]))
        phone = Telephone(service=self.service, token=order.token, sid=sid, to=order.to)
        match self.chance.random():
            case luck if luck < 0.35:
                self._later(8.0, partial(self._answers, phone, home))
            case luck if luck < 0.55:
                self._later(2.0, partial(self._over, phone, CarrierStatus.BUSY))
            case _:
                self._later(25.0, partial(self._over, phone, CarrierStatus.NO_ANSWER))

    def _drive_of(self, order: PlaceOrder) -> str:
        mine = self.drives[order.to]
        if len(mine) == 1:
            return mine[0]
        with self.service.database.reading() as unit:
            record = unit.calls.by_token(order.token, lock=False)
            drive = unit.attempts.drive_of(record.id) if record else None
        assert drive in mine
        return drive

    def _answers(self, phone: Telephone, home: Home) -> None:
        """Agree to go on, key the ZIP where the list has none, take the first district named."""
        phone.answer()
        keys = ["1", "1"]
        if not home.told:
            keys.insert(1, home.zip)
        if self._is_split(home.zip):
            keys.insert(-1, "1")
        self._presses(phone, keys)

    def _is_split(self, zip_: str) -> bool:
        if zip_ not in self._split:
            ctx = self.service.ctx
            place = ctx.directory.lookup(zip_, on=self.service.clock.at.date())
            self._split[zip_] = len(place.districts) > 1
        return self._split[zip_]

    def _presses(self, phone: Telephone, keys: Sequence[str]) -> None:
        """Press one key after another; the last one asks for the office."""
        spoken = phone.press(keys[0])
        if len(keys) > 1:
            self._later(10.0, partial(self._presses, phone, keys[1:]))
            return
        office = next((one.phone for one in spoken.instructions if isinstance(one, Bridge)), None)
        if office is None:
            self.found_full += 1
            self._over(phone, CarrierStatus.COMPLETED)
            return
        self._later(self.chance.uniform(20, 200), partial(self._talked, phone, office, self.now))

    def _talked(self, phone: Telephone, office: str, begun: float) -> None:
        """Report a message that was left; one in four calls the next office then."""
        self.talks.append(Talk(office, begun, self.now, 0.0))
        phone.bridge_ends(seconds=int(self.now - begun))
        spoken = phone.press("2")
        if self.chance.random() < 0.25 and not any(
            isinstance(one, HangUp) for one in spoken.instructions
        ):
            self._presses(phone, ["1"])
            return
        self._over(phone, CarrierStatus.COMPLETED)

    def _over(self, phone: Telephone, how: CarrierStatus) -> None:
        self._in_flight.discard(phone.to)
        self._to_follow = True
        self.service.line.set(phone.sid, how, 30)
        status(self.service.ctx, phone.token, phone.hook(status=how, seconds=30))

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._count), what))

    def _happen(self) -> None:
        while self._events and self._events[0][0] <= self.now:
            heapq.heappop(self._events)[2]()


def _list_of(people: Sequence[Home]) -> str:
    rows = (f"{home.phone},{home.zip if home.told else ''},en,,rally,2026-01-04" for home in people)
    return "\n".join((HEADER, *rows, ""))


@contextmanager
def week_on(url: str, start: datetime, *, rate: float) -> Iterator[Week]:
    """Yield a week on a database whose clock the test moves."""
    clock = HandClock(start)
    database = Database(url, seconds=lambda: clock.at.timestamp())  # noqa: PLW0108 - it moves
    service = service_on(
        database,
        url,
        CALLS_PER_SECOND=str(rate),
        CALLS_IN_PROGRESS="10000",
        CAMPAIGN_CALLS_IN_PROGRESS="10000",
        LIMIT_CAMPAIGN_MINUTE="10000",
        DRIVE_CONFIRM="1000000",
        DRIVE_RAMP_SECONDS="0",
    )
    line = Board(clock)
    ctx = replace(service.ctx, clock=clock, timer=MovedTimer(clock), carrier=line)
    moved = Service(ctx=ctx, clock=clock, line=line, database=database)
    moved.publish(order=(Pick.SENATE, Pick.HOUSE))
    week = Week(service=moved, rate=rate, chance=random.Random(5))
    line.heard = week.rung
    try:
        yield week
    finally:
        database.close()
