"""A day of drives in memory: people, offices and a clock around `pacing.plan`; no call is made."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from random import Random

from callbridge.domain.legal_hours import effective
from callbridge.domain.pacing import Dial, Drive, Person, State, Usage, plan
from callbridge.domain.rates import Count, interval
from callbridge.domain.retries import USUAL, Final, Result, Try, next_attempt
from callbridge.domain.throttle import ramp
from callbridge.domain.windows import Window, allows, daily, next_opening, open_spans
from tests.domain.desks import Desk, Due, Human, Loads

START = datetime(2026, 11, 2, 12, tzinfo=UTC).timestamp()
PLACES = (
    ("NY", "America/New_York"),
    ("KY", "America/New_York"),
    ("FL", "America/New_York"),
    ("TX", "America/Chicago"),
    ("IL", "America/Chicago"),
    ("CO", "America/Denver"),
    ("AZ", "America/Phoenix"),
    ("CA", "America/Los_Angeles"),
    ("AK", "America/Anchorage"),
    ("HI", "Pacific/Honolulu"),
    ("PR", "America/Puerto_Rico"),
)
WINDOW = daily(9 * 60, 20 * 60)
CUT: dict[str, Window] = {state: effective(WINDOW, state) for state, _ in PLACES}
LOOKED_AT = 60


def no_holidays(_day: date) -> bool:
    return False


class Day:
    """One simulated day. `sure` promises everybody who is rung a place at their office."""

    def __init__(
        self,
        *,
        seed: int,
        drives: int,
        people: int,
        offices: int,
        rate: float,
        sure: bool,
        hours: float = 24,
    ) -> None:
        self.chance = Random(seed)
        self.rate, self.sure = rate, sure
        self.now, self.end = START, START + hours * 3600
        self.next_free = self.clock = 0.0
        self.most, self.drive_most, self.campaign_most = 120, 40, 90
        self.desks = {f"+1202555{n:04d}": self._desk(n) for n in range(offices)}
        self.humans = [self._human(n % drives) for n in range(people)]
        self.people = [
            Person(id=str(number), offices=human.offices)
            for number, human in enumerate(self.humans)
        ]
        self.opened = [START + self.chance.choice([0, 0, 600, 7200]) for _ in range(drives)]
        self.served = [0.0] * drives
        self.free_at = [0.0] * drives
        self.in_progress = [0] * drives
        self.reached = [Count() for _ in range(drives)]
        self.later: list[Due] = []
        self.ready: list[list[Due]] = [[] for _ in range(drives)]
        self.events: list[tuple[float, int, str, int, str | None, float]] = []
        self.serial = 0
        self.rings: list[float] = []
        self.by_drive: Counter[int] = Counter()
        self.results: Counter[str] = Counter()
        self.highest: Counter[str] = Counter()
        self.turned_away = self.bridged = self.outside = self.plans = self.longest_plan = 0
        self.hours = {(state, zone): self._spans(state, zone) for state, zone in PLACES}
        for number in range(people):
            self._wait_for(number, self.opened[self.humans[number].drive])

    def _desk(self, number: int) -> Desk:
        kind = number % 3
        most = (1, 2, 4)[kind]
        return Desk(most=most, per_minute=6, rest=120.0 if kind == 0 else 0.0)

    def _spans(self, state: str, zone: str) -> list[tuple[float, float]]:
        morning = datetime.fromtimestamp(START - 43_200, UTC)
        spans = open_spans(CUT[state], now=morning, zones=(zone,), holidays=no_holidays)
        return [(start.timestamp(), end.timestamp()) for start, end in spans]

    def _human(self, drive: int) -> Human:
        state, zone = self.chance.choice(PLACES)
        mine = self.chance.sample(sorted(self.desks), self.chance.choice([1, 2, 3]))
        return Human(drive=drive, offices=tuple(mine), state=state, zone=zone)

    def _wait_for(self, number: int, earliest: float) -> None:
        human = self.humans[number]
        opening = next_opening(
            CUT[human.state],
            now=datetime.fromtimestamp(earliest, UTC),
            zones=(human.zone,),
            holidays=no_holidays,
        )
        assert opening is not None
        if opening.timestamp() < self.end:
            heapq.heappush(self.later, Due(opening.timestamp(), number))

    def _open(self, number: int) -> bool:
        """Look at the day's hours as they were worked out in the morning: quick, for the list."""
        human = self.humans[number]
        return any(start <= self.now < end for start, end in self.hours[human.state, human.zone])

    def _lawful(self, number: int) -> bool:
        """Ask anew, as just before a request: the judgement that counts."""
        human = self.humans[number]
        return allows(
            CUT[human.state],
            now=datetime.fromtimestamp(self.now, UTC),
            zones=(human.zone,),
            holidays=no_holidays,
        )

    def _drives(self) -> tuple[Drive, ...]:
        return tuple(
            Drive(
                id=f"drive-{n:02d}",
                campaign=f"campaign-{n % 4}",
                people=tuple(self.people[due.number] for due in waiting[:LOOKED_AT]),
                usage=Usage(now=self.in_progress[n], most=self.drive_most),
                rate=self.rate / 2,
                next_free=self.free_at[n],
                share=ramp(self.opened[n], self.now),
                reach=self._reach(n),
                served=self.served[n],
            )
            for n, waiting in enumerate(self.ready)
            if waiting
        )

    def _reach(self, drive: int) -> float:
        return 1.0 if self.sure else max(0.1, interval(self.reached[drive]).high)

    def _state(self) -> State:
        campaigns: Counter[str] = Counter()
        for n, count in enumerate(self.in_progress):
            campaigns[f"campaign-{n % 4}"] += count
        return State(
            rate=self.rate,
            usage=Usage(now=sum(self.in_progress), most=self.most),
            drives=self._drives(),
            offices=Loads(self.desks, self.now),
            campaigns={
                slug: Usage(now=now, most=self.campaign_most) for slug, now in campaigns.items()
            },
            next_free=self.next_free,
            clock=self.clock,
            horizon=0.0,
        )

    def run(self) -> None:
        """Live the day, second by second while there is something to plan."""
        while self.now < self.end:
            while self.later and self.later[0].at <= self.now:
                due = heapq.heappop(self.later)
                self.ready[self.humans[due.number].drive].append(due)
            while self.events and self.events[0][0] <= self.now:
                _, _, what, number, office, reach = heapq.heappop(self.events)
                self._happen(what, number, office, reach)
            self._close_windows()
            state = self._state()
            dials = plan(state, self.now)
            self.plans += 1
            self.longest_plan = max(self.longest_plan, len(dials))
            for dial in dials:
                self._ring(dial)
            self.now = self._next_moment(bool(dials))

    def _next_moment(self, busy: bool) -> float:
        if busy:
            return max(self.next_free, self.now)
        moments = [self.end]
        if self.events:
            moments.append(self.events[0][0])
        if self.later:
            moments.append(self.later[0].at)
        if any(self.ready):
            moments.append(self.now + 1.0)
        return max(min(moments), self.now + 0.001)

    def _close_windows(self) -> None:
        for waiting in self.ready:
            for due in [due for due in waiting[:LOOKED_AT] if not self._open(due.number)]:
                waiting.remove(due)
                self._wait_for(due.number, self.now)

    def _ring(self, dial: Dial) -> None:
        number = int(dial.person)
        human = self.humans[number]
        drive = human.drive
        self.outside += not self._lawful(number)
        self.ready[drive] = [due for due in self.ready[drive] if due.number != number]
        self.rings.append(dial.at)
        self.by_drive[drive] += 1
        self.served[drive], self.clock = dial.served, dial.clock
        self.next_free = dial.at + 1 / self.rate
        self.free_at[drive] = dial.at + 2 / self.rate
        self.in_progress[drive] += 1
        campaign = sum(n for at, n in enumerate(self.in_progress) if at % 4 == drive % 4)
        for name, value in (
            ("all", sum(self.in_progress)),
            ("drive", self.in_progress[drive]),
            ("campaign", campaign),
        ):
            self.highest[name] = max(self.highest[name], value)
        reach = self._reach(drive)
        assert dial.office is not None
        self.desks[dial.office].on_the_way += reach
        hour = datetime.fromtimestamp(self.now, UTC).hour
        answers = 0.2 + 0.3 * ((hour * 7) % 5) / 5
        draw = self.chance.random()
        if draw < answers:
            self._later(self.chance.uniform(20, 75), "through", number, dial.office, reach)
        elif draw < answers + 0.2:
            self._later(self.chance.uniform(15, 30), "machine", number, dial.office, reach)
        else:
            self._later(self.chance.uniform(3, 25), "silent", number, dial.office, reach)

    def _later(
        self, seconds: float, what: str, number: int, office: str | None, reach: float
    ) -> None:
        self.serial += 1
        heapq.heappush(self.events, (self.now + seconds, self.serial, what, number, office, reach))

    def _happen(self, what: str, number: int, office: str | None, reach: float) -> None:
        human = self.humans[number]
        desk = self.desks[office or ""]
        if what == "talked":
            desk.talking -= 1
            desk.resting_until = self.now + desk.rest if desk.rest else 0.0
            self._over(human, number, Result.REACHED)
            return
        desk.on_the_way -= reach
        count = self.reached[human.drive]
        through = what == "through"
        self.reached[human.drive] = Count(hits=count.hits + through, of=count.of + 1)
        if not through:
            self._over(
                human, number, Result.MACHINE_LIKE if what == "machine" else Result.NO_ANSWER
            )
        elif self._full(desk):
            self.turned_away += 1
            self._over(human, number, Result.REACHED)
        else:
            self.bridged += 1
            desk.talking += 1
            desk.calls += 1
            desk.starts.append(self.now)
            desk.highest = max(desk.highest, desk.talking)
            self._later(self.chance.uniform(40, 240), "talked", number, office, reach)

    def _full(self, desk: Desk) -> bool:
        """Refuse as the reservation in the call does."""
        return (
            desk.talking >= desk.most
            or desk.started(self.now) >= desk.per_minute
            or desk.resting_until > self.now
        )

    def _over(self, human: Human, number: int, result: Result) -> None:
        self.in_progress[human.drive] -= 1
        self.results[result] += 1
        moment = datetime.fromtimestamp(self.now, UTC)
        human.tries.append(Try(result=result, ended=moment))
        following = next_attempt(human.tries, USUAL, now=moment, chance=self.chance.random())
        if isinstance(following, Final):
            human.final = following
        elif following is not None:
            self._wait_for(number, following.timestamp())

    def fullest_second(self) -> int:
        """Return the most starts in any second, wherever it is cut."""
        rings = sorted(self.rings)
        return max((bisect_right(rings, at + 1.0) - n for n, at in enumerate(rings)), default=0)

    def waits(self) -> dict[int, int]:
        """Return how many people of each drive were never rung."""
        never: dict[int, int] = defaultdict(int)
        for human in self.humans:
            never[human.drive] += not human.tries
        return never

    def figures(self) -> str:
        """Return what happened, in a line."""
        return (
            f"{len(self.humans)} people, {len(self.by_drive)} drives, {len(self.desks)} offices:"
            f" {len(self.rings)} rings, fullest second {self.fullest_second()}"
            f" (rate {self.rate:g}), {self.bridged} bridged, {self.turned_away} found their office"
            f" full, {sum(self.waits().values())} never rung, {self.outside} outside their hours,"
            f" at once {dict(self.highest)}, {self.plans} plans,"
            f" last ring after {(max(self.rings) - START) / 3600:.1f} h,"
            f" { {str(result): n for result, n in self.results.most_common()} }"
        )
