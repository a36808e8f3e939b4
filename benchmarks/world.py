"""A made-up world from a seed: members, supporters, what each call came to; writes nothing.

Every call is made from the seed and its own number alone, so any slice of the world can be made
anywhere, in any order. No telephone number here can ring.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from callbridge.domain.call import Call, Door, Ending, Outcome, Stage, Target
from callbridge.domain.congress import Chamber, Member
from callbridge.domain.survey import Meaning
from callbridge.domain.whip_model import SCALE
from callbridge.store.packing import pack_call, pack_targets

UNTIL = datetime(2026, 11, 17, 22, tzinfo=UTC)
# What a call leaves on average; measured over 100,000 of them, told a little low.
ANSWERS_A_CALL = 2.0
DAY = 86_400
OPENS, SHUTS = 13 * 3_600, int(21.5 * 3_600)  # when people ask for calls, in UTC
# Of a hundred office legs: how they went, as the carrier saw it and as it was keyed.
LEGS = (
    (42, Outcome.CONNECTED, Meaning.SPOKE, (40, 420)),
    (4, Outcome.CONNECTED, Meaning.SPOKE, (8, 34)),
    (26, Outcome.CONNECTED, Meaning.VOICEMAIL, (25, 120)),
    (6, Outcome.CONNECTED, Meaning.MAILBOX_FULL, (5, 20)),
    (2, Outcome.CONNECTED, Meaning.WRONG_NUMBER, (3, 12)),
    (2, Outcome.CONNECTED, Meaning.NOBODY, (30, 70)),
    (7, Outcome.CONNECTED, None, (5, 90)),
    (5, Outcome.BUSY, None, None),
    (4, Outcome.NO_ANSWER, None, None),
    (2, Outcome.FAILED, None, None),
)
_LEG_WEIGHTS = [one[0] for one in LEGS]
DOORS = (Door.PAGE, Door.API, Door.CALL_IN, Door.RING_BACK, Door.DRIVE, Door.SELF_DIALLED)
_DOOR_WEIGHTS = (50, 12, 8, 3, 24, 3)
REFERRALS = (None, "newsletter", "partner-site", "video", "town-hall", "flyer", "podcast")
_REFERRAL_WEIGHTS = (40, 25, 12, 10, 6, 4, 3)
DRIVES = ("d" * 31 + "1", "d" * 31 + "2")
# Before office legs: nobody answers, the line fails, no key comes, nobody is called in the end.
_ENDINGS = ("no-answer", "busy", "failed", "silent", "hung-up", "briefed", "talked")
_ENDING_WEIGHTS = (12, 2, 1, 4, 3, 4, 74)
_RESULTS = {
    "briefed": "reached",
    "talked": "reached",
    "failed": "failed-number",
    "silent": "machine-like",
}

COLUMNS = {
    "calls": "id token slug digest door stage ending step state targets language districts sid"
    " from_number phone_hash referral consented created heard answered ended",
    "facts": "id call step kind body at",
    "legs": "call number target name office city phone outcome seconds started ended",
    "answers": "id call leg question meaning source at superseded",
    "contacts": "id drive phone_hash language group_name consent_source consent_at extra bucket",
    "attempts": "id call phone_hash kind state run_at drive contact bucket latest result over_at",
}
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where supporters live: the targets of a call from there, as a call keeps them."""

    district: str
    targets: tuple[Target, ...]
    packed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """One call being made: its number and id, chance, and where its rows go."""

    number: int
    call: str
    chance: Random
    rows: Rows


class World:
    """Members with a position each, days with their load, supporters who call again."""

    def __init__(
        self,
        members: Sequence[Member],
        *,
        slug: str,
        digests: Sequence[str],
        count: int,
        seed: int,
        days: int,
    ) -> None:
        chance = Random(seed)
        self.slug, self.count, self.seed, self.days = slug, count, seed, days
        self._digests = digests
        self._seats = _seats(members)
        self._truth = {one.bioguide: chance.choice(SCALE) for one in members}
        begun = UNTIL.replace(hour=0) - timedelta(days=days - 1)
        self._first = int(begun.timestamp())
        weekdays = [(begun + timedelta(days=n)).weekday() for n in range(days)]
        loads = [
            (0.5 + n / days) * (1.0, 1.0, 1.1, 1.0, 0.9, 0.3, 0.2)[day]
            for n, day in enumerate(weekdays)
        ]
        self._until = [load / sum(loads) for load in accumulate(loads)]
        self._dates = [(begun + timedelta(days=n)).strftime("%Y-%m-%d") for n in range(days + 2)]
        self._states: dict[tuple[str, Door, str], str] = {}

    def truth(self, target: str) -> Meaning:
        """Return where a member stands in this world."""
        return self._truth[target]

    def slice(self, start: int, stop: int) -> Rows:
        """Make the calls with these numbers, with all their rows."""
        rows: Rows = {name: [] for name in COLUMNS}
        chance = Random(f"{self.seed}:{start}")
        for number in range(start, min(stop, self.count)):
            self._call(number, chance, rows)
        return rows

    def _moment(self, second: int) -> str:
        day, rest = divmod(second - self._first, DAY)
        minute, s = divmod(rest, 60)
        return f"{self._dates[day]} {minute // 60:02d}:{minute % 60:02d}:{s:02d}.000000"

    def _asked(self, number: int, chance: Random) -> tuple[int, int]:
        place = (number + chance.random()) / self.count
        day = min(bisect_right(self._until, place), self.days - 1)
        before = self._until[day - 1] if day else 0.0
        part = min(1.0, (place - before) / (self._until[day] - before))
        return day, self._first + day * DAY + OPENS + int(part * (SHUTS - OPENS))

    def _call(self, number: int, chance: Random, rows: Rows) -> None:
        day, asked = self._asked(number, chance)
        door, drive, came = self._way(day, chance)
        over = came in {"no-answer", "busy", "failed"}
        pressed = came in {"briefed", "talked"} and door is not Door.SELF_DIALLED
        name = f"{chance.getrandbits(128):032x}"
        who = self.count + number if drive is not None else chance.randrange(1 + self.count // 3)
        supporter, at = f"{who:064x}", self._moment(asked)
        home = self._seats[who % len(self._seats)]
        language = "es" if chance.random() < 0.12 else "en"
        making = _Making(number=number, call=name, chance=chance, rows=rows)
        legs = self._dial(making, home, asked, door if came == "talked" else None)
        ended = self._moment(asked + (25 if over else 60 + 150 * legs))
        ending = {"briefed": "hung-up", "talked": "finished"}.get(came, came)
        rung = door is not Door.SELF_DIALLED
        told = chance.choices(REFERRALS, _REFERRAL_WEIGHTS)[0]
        referral = told if door in {Door.PAGE, Door.API} else None
        rows["calls"].append(
            (
                name,
                name,
                self.slug,
                self._digests[day * len(self._digests) // self.days],
                door.value,
                "ended",
                ending,
                4 + 3 * legs,
                self._state(language, door, ending),
                home.packed,
                language,
                home.district,
                f"CA{name}" if rung and came != "failed" else None,
                "+12025550100" if rung else "",
                supporter if rung else None,
                referral,
                self._moment(asked + 20) if pressed else None,
                at,
                ended,
                None if over or not rung else self._moment(asked + 8),
                ended,
            )
        )
        if pressed:
            rows["facts"].append((number + 1, name, 1, "Consented", "{}", at))
        if drive is not None:
            self._attempt(making, supporter, drive, (at, ended, came))

    def _way(self, day: int, chance: Random) -> tuple[Door, int | None, str]:
        """Draw a call's door, its drive, and how far it came."""
        door = chance.choices(DOORS, _DOOR_WEIGHTS)[0]
        drive = self._drive(day) if door is Door.DRIVE else None
        if door is Door.DRIVE and drive is None:
            door = Door.PAGE
        came = chance.choices(_ENDINGS, _ENDING_WEIGHTS)[0]
        return door, drive, "talked" if door is Door.SELF_DIALLED else came

    def _drive(self, day: int) -> int | None:
        part = day / self.days
        return 0 if 0.2 <= part < 0.5 else 1 if 0.5 <= part < 0.95 else None

    def _attempt(
        self, making: _Making, supporter: str, drive: int, came: tuple[str, str, str]
    ) -> None:
        asked, ended, how = came
        rows, key, result = making.rows, making.number + 1, _RESULTS.get(how, how)
        rows["contacts"].append(
            (key, DRIVES[drive], supporter, "en", "", "signed up", asked, "{}", drive + 1)
        )
        rows["attempts"].append(
            (
                key,
                making.call,
                supporter,
                "drive",
                "done",
                asked,
                DRIVES[drive],
                key,
                drive + 1,
                True,
                result,
                ended,
            )
        )

    def _state(self, language: str, door: Door, ending: str) -> str:
        key = language, door, ending
        if key not in self._states:
            call = Call(language=language, door=door, stage=Stage.ENDED, ending=Ending(ending))
            self._states[key] = pack_call(call)
        return self._states[key]

    def _dial(self, making: _Making, home: Seat, at: int, door: Door | None) -> int:
        match door:
            case None:
                return 0
            case Door.SELF_DIALLED:
                return self._self_dialled(making, home, at)
            case _:
                return self._legs(making, home, at + 70)

    def _self_dialled(self, making: _Making, home: Seat, at: int) -> int:
        call, chance, rows = making.call, making.chance, making.rows
        target = chance.choice(home.targets)
        office = target.offices[0]
        when = self._moment(at)
        leg = (target.id, target.name, office.id, office.city, office.phone, None, None, when, when)
        rows["legs"].append((call, 1, *leg))
        said = making.number * 32
        happened = ("happened", Meaning.SPOKE.value, "web", when, False)
        position = ("position", self._said(target.id, chance), "web", when, False)
        rows["answers"].append((said + 1, call, 1, *happened))
        rows["answers"].append((said + 2, call, 1, *position))
        return 1

    def _legs(self, making: _Making, home: Seat, at: int) -> int:
        """Dial one to three members, a second office of one whose line was busy."""
        call, chance, rows = making.call, making.chance, making.rows
        made, said = 0, making.number * 32
        for target in home.targets[: chance.choices((1, 2, 3), (20, 25, 55))[0]]:
            offices = target.offices
            first = 1 if len(offices) > 1 and chance.random() < 0.12 else 0
            for office in offices[first : first + 2]:
                made += 1
                begun = at + 150 * (made - 1)
                _, outcome, reported, talk = chance.choices(LEGS, _LEG_WEIGHTS)[0]
                rows["legs"].append(
                    (
                        call,
                        made,
                        target.id,
                        target.name,
                        office.id,
                        office.city,
                        office.phone,
                        outcome.value,
                        chance.randint(*talk) if talk else None,
                        self._moment(begun),
                        self._moment(begun + 100),
                    )
                )
                if reported is not None and chance.random() < 0.96:
                    for answer in self._answers(target.id, reported, begun, chance):
                        said += 1
                        rows["answers"].append((said, call, made, *answer))
                if outcome is not Outcome.BUSY:
                    break
            if chance.random() < 0.06:
                break
        return made

    def _answers(
        self, target: str, reported: Meaning, at: int, chance: Random
    ) -> Iterator[tuple[Any, ...]]:
        yield "happened", reported.value, "keypad", self._moment(at + 105), False
        if reported is not Meaning.SPOKE or chance.random() < 0.06:
            return
        said = self._said(target, chance)
        if chance.random() < 0.04:
            wrong = chance.choice(SCALE).value
            yield "position", wrong, "keypad", self._moment(at + 110), True
            yield "position", said, "web", self._moment(at + 145), False
        else:
            yield "position", said, "keypad", self._moment(at + 110), False

    def _said(self, target: str, chance: Random) -> str:
        if chance.random() < 0.45:
            return Meaning.WOULD_NOT_SAY.value
        wrong = chance.random() < 0.2
        return (chance.choice(SCALE) if wrong else self._truth[target]).value


def _seats(members: Sequence[Member]) -> list[Seat]:
    """Return every district with whom a call from there reaches: its member, both senators."""
    senators: dict[str, list[Member]] = {}
    for one in members:
        if one.chamber is Chamber.SENATE:
            senators.setdefault(one.state, []).append(one)
    found = []
    for one in members:
        if one.district is None:
            continue
        targets = tuple(_target(who) for who in (one, *senators.get(one.state, [])))
        found.append(Seat(district=one.district, targets=targets, packed=pack_targets(targets)))
    return found


def _target(member: Member) -> Target:
    return Target(
        id=member.bioguide,
        name=member.name,
        last_name=member.last_name,
        title=member.title,
        pronoun=member.pronoun,
        chamber=member.chamber,
        state=member.state,
        district=member.district,
        offices=tuple(office for office in member.offices if office.phone)[:2],
    )
