"""A day or a week of drives in memory: people, offices, a clock around `pacing.plan`; no call."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from callbridge.domain import windows
from callbridge.domain.legal_hours import effective
from callbridge.domain.pacing import Dial, Drive, Person, State, Usage, plan
from callbridge.domain.rates import Count, interval
from callbridge.domain.retries import USUAL, Final, Result, Try, next_attempt
from callbridge.domain.throttle import ramp
from callbridge.domain.windows import allows, open_spans
from tests.domain.desks import Desk, Due, Human, Loads
from tests.domain.terms import Place, Terms
from tests.domain.witness import Ring, Talk, crowded

LOOKED_AT = 60


class Day:
    """Simulated drives. `sure` promises everybody who is rung a place at their office."""

    def __init__(
        self,
        *,
        seed: int,
        drives: int,
        people: int,
        offices: int,
        rate: float,
        sure: bool,
        terms: Terms | None = None,
    ) -> None:
        self.terms = terms or Terms()
        self.chance = Random(seed)
        self.rate, self.sure = rate, sure
        self.start = self.now = self.terms.start.timestamp()
        self.end = self.start + self.terms.days * 86_400
        self.next_free = self.clock = 0.0
        self.most, self.drive_most, self.campaign_most = 120, 40, 90
        self.desks = {f"+1202555{n:04d}": self._desk(n) for n in range(offices)}
        self.numbers = sorted(self.desks)
        self.humans = [self._human(n % drives) for n in range(people)]
        self.people = [
            Person(id=str(number), offices=human.offices)
            for number, human in enumerate(self.humans)
        ]
        self.opened = [self.start + self.chance.choice([0, 0, 600, 7200]) for _ in range(drives)]
        self.served = [0.0] * drives
        self.free_at = [0.0] * drives
        self.in_progress = [0] * drives
        self.reached = [Count() for _ in range(drives)]
        self.later: list[Due] = []
        self.ready: list[dict[int, Due]] = [{} for _ in range(drives)]
        self.events: list[tuple[float, int, str, int, str | None, float]] = []
        self.serial = 0
        self.rings: list[Ring] = []
        self.talks: list[Talk] = []
        self.talking: dict[int, float] = {}
        self.by_drive: Counter[int] = Counter()
        self.results: Counter[str] = Counter()
        self.highest: Counter[str] = Counter()
        self.turned_away = self.bridged = self.outside = self.plans = self.longest_plan = 0
        self.spans = {
            (place, written): self._spans(place, written)
            for place in self.terms.places
            for written in self.terms.written
        }
        self.judged: dict[tuple[Place, tuple[str, str]], tuple[float, bool]] = {}
        for number in range(people):
            self._wait_for(number, self.opened[self.humans[number].drive])

    def _desk(self, number: int) -> Desk:
        kind = number % 3
        most = (1, 2, 4)[kind]
        return Desk(most=most, per_minute=6, rest=120.0 if kind == 0 else 0.0)

    def _spans(self, place: Place, written: tuple[str, str]) -> list[tuple[float, float]]:
        """Return when people of a place may be rung, worked out once, before the first day."""
        states, zones = place
        spans = open_spans(
            effective(windows.read(*written), *states),
            now=self.terms.start - timedelta(hours=12),
            zones=zones,
            holidays=self.terms.holidays,
        )
        return [(start.timestamp(), end.timestamp()) for start, end in spans]

    def _human(self, drive: int) -> Human:
        place = self.chance.choice(self.terms.places)
        mine = self.chance.sample(self.numbers, self.chance.choice([1, 2, 3]))
        return Human(drive=drive, offices=tuple(mine), place=place, written=self._written(drive))

    def _written(self, drive: int) -> tuple[str, str]:
        return self.terms.written[drive % len(self.terms.written)]

    def _wait_for(self, number: int, earliest: float) -> None:
        human = self.humans[number]
        opening = next(
            (
                max(start, earliest)
                for start, end in self.spans[human.place, human.written]
                if end > earliest
            ),
            self.end,
        )
        if opening < self.end:
            heapq.heappush(self.later, Due(opening, number))

    def _open(self, number: int) -> bool:
        """Look at the hours as they were worked out beforehand: quick, for the list."""
        human = self.humans[number]
        key = human.place, human.written
        until, verdict = self.judged.get(key, (0.0, False))
        if until <= self.now:
            spans = self.spans[key]
            verdict = any(start <= self.now < end for start, end in spans)
            edges = [edge for span in spans for edge in span if edge > self.now]
            self.judged[key] = (min(edges, default=self.end + 1), verdict)
        return verdict

    def _lawful(self, number: int) -> bool:
        """Ask anew, as just before a request: the judgement that counts."""
        human = self.humans[number]
        states, zones = human.place
        return allows(
            effective(windows.read(*human.written), *states),
            now=datetime.fromtimestamp(self.now, UTC),
            zones=zones,
            holidays=self.terms.holidays,
        )

    def _drives(self) -> tuple[Drive, ...]:
        return tuple(
            Drive(
                id=f"drive-{n:02d}",
                campaign=f"campaign-{n % 4}",
                people=tuple(self.people[number] for number in islice(waiting, LOOKED_AT)),
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
                self.ready[self.humans[due.number].drive][due.number] = due
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
            moments.append(max(self.now + 1.0, self.next_free))
        return max(min(moments), self.now + 0.001)

    def _close_windows(self) -> None:
        for waiting in self.ready:
            closed = [number for number in islice(waiting, LOOKED_AT) if not self._open(number)]
            for number in closed:
                del waiting[number]
                self._wait_for(number, self.now)

    def _ring(self, dial: Dial) -> None:
        number = int(dial.person)
        human = self.humans[number]
        drive = human.drive
        self.outside += not self._lawful(number)
        del self.ready[drive][number]
        states, zones = human.place
        self.rings.append(Ring(dial.at, number, states, zones, *human.written))
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
            started = self.talking.pop(number)
            self.talks.append(Talk(office or "", started, self.now, desk.resting_until))
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
            self.talking[number] = self.now
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
        return crowded([ring.at for ring in self.rings], 1.0)

    def could_be_rung(self, number: int) -> bool:
        """Tell whether somebody's hours are open at any time at all."""
        human = self.humans[number]
        spans = self.spans[human.place, human.written]
        return any(end > self.opened[human.drive] and start < self.end for start, end in spans)

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
            f" last ring after {(self.rings[-1].at - self.start) / 3600:.1f} h,"
            f" { {str(result): n for result, n in self.results.most_common()} }"
        )
