"""A week of drives through the real dialer and a real database, on a clock that a test moves.

The carrier is a switchboard in memory and the people are dice; whom to ring, when, and for which
office is decided by the code that decides it in production, in the database's own transactions.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event

from callbridge.domain.instructions import Bridge
from callbridge.domain.telephony import CarrierStatus, PlaceOrder
from callbridge.domain.zones import AREAS
from callbridge.service.drives import running
from callbridge.service.drives.dialling import place_drives
from callbridge.service.drives.following import follow_up, look_after
from callbridge.service.drives.views import DriveRequest
from callbridge.service.money.booking import book_ended
from callbridge.service.statuses import status
from callbridge.store import Database
from tests.domain.witness import Ring, Talk
from tests.service.setting import HandClock, Service, Switchboard, Telephone, service_on

HEADER = "phone,zip,language,group,consent_source,consent_at"
# Where each of these is, and what hangs on the wall there, as everybody can look up.
PLACES = {
    "99501": ("AK", "America/Anchorage"),
    "96813": ("HI", "Pacific/Honolulu"),
    "85004": ("AZ", "America/Phoenix"),
    "46402": ("IN", "America/Chicago"),
    "46204": ("IN", "America/Indiana/Indianapolis"),
    "79901": ("TX", "America/Denver"),
    "77002": ("TX", "America/Chicago"),
    "32501": ("FL", "America/Chicago"),
    "33130": ("FL", "America/New_York"),
    "37402": ("TN", "America/New_York"),
    "37203": ("TN", "America/Chicago"),
    "83501": ("ID", "America/Los_Angeles"),
    "83702": ("ID", "America/Boise"),
    "57701": ("SD", "America/Denver"),
    "58102": ("ND", "America/Chicago"),
    "42101": ("KY", "America/Chicago"),
    "40202": ("KY", "America/New_York"),
    "36104": ("AL", "America/Chicago"),
    "39201": ("MS", "America/Chicago"),
    "02139": ("MA", "America/New_York"),
    "04101": ("ME", "America/New_York"),
    "10001": ("NY", "America/New_York"),
    "60614": ("IL", "America/Chicago"),
    "80202": ("CO", "America/Denver"),
    "94110": ("CA", "America/Los_Angeles"),
    "98101": ("WA", "America/Los_Angeles"),
    "89501": ("NV", "America/Los_Angeles"),
    "68102": ("NE", "America/Chicago"),
}
# Where nobody can be rung and nobody talks, so many seconds pass at once.
IDLE = 600.0
WRITTEN = (
    ("09:00-20:00", "mon-fri"),
    ("08:00-21:00", "all"),
    ("10:00-19:30", "mon-sat"),
    ("08:30-20:45", "sun"),
)
# Nobody's numbers: a hundred of each area code.
NUMBERS = [f"+1{area}55501{n:02d}" for area in sorted(AREAS) for n in range(100)]


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
    home: dict[str, str] = field(default_factory=dict)
    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    rings: list[Ring] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _count: itertools.count[int] = field(default_factory=itertools.count)

    def enlist(self, people: int, drives: int) -> list[str]:
        """Make and start drives over so many people; return their ids.

        There are fewer numbers than people: some stand in the lists of two drives.
        """
        numbers = itertools.cycle(NUMBERS)
        made = []
        for place in range(drives):
            hours, days = WRITTEN[place % len(WRITTEN)]
            rows = []
            for phone in itertools.islice(numbers, people // drives):
                zip_ = self.home.setdefault(phone, self.chance.choice(tuple(PLACES)))
                rows.append(f"{phone},{zip_},en,,rally,2026-01-04")
            request = DriveRequest(slug="water", window=hours, days=days, in_progress=10_000)
            drive = running.create(self.service.ctx, request, "\n".join((HEADER, *rows, ""))).drive
            assert drive is not None
            running.start(self.service.ctx, drive)
            self.written[drive] = hours, days
            made.append(drive)
        return made

    def run(self, until: datetime) -> None:
        """Let the dialer and everybody live until a moment, or until nobody is left."""
        ctx, clock = self.service.ctx, self.service.clock
        looked = 0.0
        while clock.at < until:
            self._happen()
            made = place_drives(ctx, owner="dialer")
            if self.now - looked >= 60:
                looked = self.now
                while follow_up(ctx):
                    pass
                look_after(ctx)
                book_ended(ctx)
            if not made:
                following = self._events[0][0] if self._events else self.now + IDLE
                clock.forward(seconds=max(0.05, following - self.now))
        while self._events:
            clock.at = max(clock.at, datetime.fromtimestamp(self._events[0][0], UTC))
            self._happen()

    @property
    def now(self) -> float:
        """Return the clock's seconds since 1970."""
        return self.service.clock.at.timestamp()

    def rung(self, order: PlaceOrder, sid: str) -> None:
        """Let somebody's telephone ring, and let dice say what they do."""
        state, zone = PLACES[self.home[order.to]]
        with self.service.database.reading() as unit:
            record = unit.calls.by_token(order.token, lock=False)
            drive = unit.attempts.drive_of(record.id) if record else None
        assert drive is not None
        self.rings.append(Ring(self.now, 0, (state,), (zone,), *self.written[drive]))
        phone = Telephone(service=self.service, token=order.token, sid=sid, to=order.to)
        match self.chance.random():
            case luck if luck < 0.35:
                self._later(8.0, lambda: self._answers(phone))
            case luck if luck < 0.55:
                self._later(2.0, lambda: self._over(phone, CarrierStatus.BUSY))
            case _:
                self._later(25.0, lambda: self._over(phone, CarrierStatus.NO_ANSWER))

    def _answers(self, phone: Telephone) -> None:
        phone.answer()
        phone.press("1")
        self._later(20.0, lambda: self._goes_on(phone))

    def _goes_on(self, phone: Telephone) -> None:
        spoken = phone.press("1")
        office = next((one.phone for one in spoken.instructions if isinstance(one, Bridge)), None)
        if office is None:
            self._over(phone, CarrierStatus.COMPLETED)
            return
        begun, talk = self.now, self.chance.uniform(20, 200)
        self._later(talk, lambda: self._talked(phone, office, begun))

    def _talked(self, phone: Telephone, office: str, begun: float) -> None:
        self.talks.append(Talk(office, begun, self.now, 0.0))
        phone.bridge_ends(seconds=int(self.now - begun))
        phone.press("2")
        self._over(phone, CarrierStatus.COMPLETED)

    def _over(self, phone: Telephone, how: CarrierStatus) -> None:
        self.service.line.set(phone.sid, how, 30)
        status(self.service.ctx, phone.token, phone.hook(status=how, seconds=30))

    def _later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.now + seconds, next(self._count), what))

    def _happen(self) -> None:
        while self._events and self._events[0][0] <= self.now:
            heapq.heappop(self._events)[2]()


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
    moved.publish()
    week = Week(service=moved, rate=rate, chance=random.Random(5))
    line.heard = week.rung
    try:
        yield week
    finally:
        database.close()
