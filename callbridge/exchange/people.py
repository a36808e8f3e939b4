"""Plays the people on the legs by their behaviours; decides nothing about verbs or hooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Protocol

from callbridge.exchange.behaviours import (
    HUMAN,
    OFFICES,
    Act,
    Behaviour,
    Moment,
    PickUp,
    reported,
    sensible,
)
from callbridge.exchange.clock import Clock
from callbridge.exchange.inbox import Key
from callbridge.exchange.legs import Caption, Direction, End, Leg, Status
from callbridge.exchange.switches import Switches

if TYPE_CHECKING:
    from callbridge.exchange.lines import Lines

KEY_GAP = 0.3
"""Seconds between two keys of one entry."""

Mix = Sequence[tuple[Behaviour, float]]
"""Behaviours with their weights."""


class Casting(Protocol):
    """Chooses who is on a leg by a rule of its own, and hears when the leg is over."""

    def choose(self, leg: Leg) -> Behaviour:
        """Choose who is on a leg."""
        ...

    def over(self, leg: Leg) -> None:
        """Hear that a leg ended."""
        ...


@dataclass(slots=True)
class Performer:
    """One person on one leg: the behaviour and how often each moment has come."""

    behaviour: Behaviour
    counts: dict[Moment, int] = field(default_factory=dict)
    keys_used: int = 0
    office: Behaviour | None = None

    def count(self, moment: Moment) -> int:
        """Count a moment; return how often it has come."""
        self.counts[moment] = self.counts.get(moment, 0) + 1
        return self.counts[moment]


@dataclass(slots=True, kw_only=True)
class People:
    """Who answers which number.

    `assigned` gives a number a row of behaviours, one a call, the last for ever. Other numbers
    follow `mixes`, by chance from the seed; without a mix a supporter's telephone rings for a
    person, and an office's too when a browser phone takes offices, else a staffer answers. A
    `casting` chooses for every number instead.
    """

    clock: Clock
    switches: Switches
    seed: int = 1
    assigned: dict[str, list[Behaviour]] = field(default_factory=dict)
    mixes: dict[End, Mix] = field(default_factory=dict)
    phones: dict[int, frozenset[End]] = field(default_factory=dict)
    casting: Casting | None = None
    lines: Lines = field(init=False)
    _performers: dict[str, Performer] = field(default_factory=dict)
    _chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)  # noqa: S311 - chance that can be repeated, no secret

    def assign(self, number: str, *behaviours: Behaviour) -> None:
        """Give a number its behaviours: one for each call, the last for all that follow."""
        self.assigned[number] = list(behaviours)

    def mix(self, end: End, weights: Mapping[str, float], known: Mapping[str, Behaviour]) -> None:
        """Let chance choose for numbers of one end; raises KeyError for an unknown name."""
        self.mixes[end] = [(known[name], weight) for name, weight in weights.items()]

    def reseed(self, seed: int) -> None:
        """Start the chance again."""
        self.seed = seed
        self._chance = Random(seed)  # noqa: S311 - see above

    def choose(self, leg: Leg) -> Behaviour:
        """Choose who is on a leg."""
        if self.casting is not None:
            return self.casting.choose(leg)
        row = self.assigned.get(leg.person_number)
        if row:
            return row.pop(0) if len(row) > 1 else row[0]
        if mix := self.mixes.get(leg.end):
            return self._chance.choices([one for one, _ in mix], [weight for _, weight in mix])[0]
        if leg.end is End.SUPPORTER or any(End.OFFICE in ends for ends in self.phones.values()):
            return HUMAN
        return OFFICES["staffer"]

    def ringing(self, leg: Leg) -> None:
        """Meet a leg: choose who is there, and let them pick up or not."""
        person = self.choose(leg)
        self._performers[leg.sid] = Performer(person)
        leg.person = {
            "behaviour": person.name,
            "happened": person.happened,
            "position": person.position,
        }
        self.lines.journal.note("person", call=leg.call_sid, leg=leg.sid, end=leg.end, **leg.person)
        if leg.direction is not Direction.INBOUND:
            self._pick_up(leg, person)
        self._moment(leg, Moment.RINGING)

    def answered(self, leg: Leg) -> None:
        """Do what is due after the answer."""
        self._moment(leg, Moment.ANSWER)

    def heard(self, leg: Leg, caption: Caption) -> None:
        """Do what is due when certain words begin."""
        performer = self._performers.get(leg.sid)
        if performer is None or not performer.behaviour.acts:
            return
        for act in performer.behaviour.acts:
            if act.at is Moment.PHRASE and act.words.lower() in caption.text.lower():
                count = performer.counts.get(Moment.PHRASE, 0) + 1
                if act.n is None or act.n == count:
                    performer.count(Moment.PHRASE)
                    self._act(leg, act)

    def asked(self, leg: Leg, prompt: str, *, num_digits: int | None) -> None:
        """Press what this person presses at this Gather."""
        performer = self._performers.get(leg.sid)
        if performer is None:
            return
        person = performer.behaviour
        keys = ""
        if performer.keys_used < len(person.keys):
            keys = person.keys[performer.keys_used]
            performer.keys_used += 1
        elif person.truthful:
            office = performer.office
            told = reported(prompt, office, slip=person.slip) if office is not None else None
            if told is None and _had_enough(performer):
                self.clock.call_later(person.think, lambda: self.hang_up(leg))
                return
            keys = told or sensible(prompt, num_digits=num_digits, person=person)
        if keys:
            self._press_later(leg, keys, person.think)
        self._moment(leg, Moment.GATHER)

    def dialling(self, leg: Leg) -> None:
        """Do what is due while an office rings."""
        self._moment(leg, Moment.DIALLING)

    def bridged(self, leg: Leg, peer: Leg) -> None:
        """Talk: say something, and leave when this person does."""
        performer, other = self._performers.get(leg.sid), self._performers.get(peer.sid)
        if performer is None:
            return
        person = performer.behaviour
        performer.office = other.behaviour if other is not None else None
        if person.says:
            self.say(leg, person.says)
        if person.star_after is not None:
            self._press_in_bridge(leg, peer, person.star_after)
        if person.talk is not None:
            self.clock.call_later(person.talk, lambda: self._leave(leg, peer))
        self._moment(leg, Moment.BRIDGE)

    def ended(self, leg: Leg) -> None:
        """Forget the person."""
        self._performers.pop(leg.sid, None)
        if self.casting is not None:
            self.casting.over(leg)

    def press(self, leg: Leg, key: str) -> bool:
        """Press one key; False when nobody is on the line."""
        if leg.status is not Status.IN_PROGRESS:
            return False
        self.lines.journal.note("key", call=leg.call_sid, leg=leg.sid, key=key)
        if key == "#" and self.switches.swallow_pound:
            return True
        leg.inbox.put(Key(key))
        return True

    def say(self, leg: Leg, text: str) -> bool:
        """Say something into a bridge; False when nobody is at the other end."""
        if leg.peer is None:
            return False
        self.lines.journal.note("speaks", call=leg.call_sid, leg=leg.sid, text=text)
        return True

    def hang_up(self, leg: Leg) -> bool:
        """Put the telephone down (or refuse the ring); False when it is over already."""
        status = Status.CANCELED if leg.direction is Direction.INBOUND else Status.BUSY
        return self.lines.finish(leg, status, by=str(leg.end), sip=None)

    def _pick_up(self, leg: Leg, person: Behaviour) -> None:
        match person.picks_up:
            case PickUp.ANSWERS:
                if leg.amd:
                    leg.answered_by = person.answered_by
                self.clock.call_later(person.after, lambda: self.lines.answer(leg))
            case PickUp.BUSY:
                self._fail_later(leg, Status.BUSY, person.after, sip=486)
            case PickUp.DEAD:
                self._fail_later(leg, Status.FAILED, person.after, sip=404)
            case PickUp.IGNORES | PickUp.HUMAN:
                return

    def _fail_later(self, leg: Leg, status: Status, seconds: float, *, sip: int) -> None:
        self.clock.call_later(
            seconds, lambda: self.lines.finish(leg, status, by="carrier", sip=sip)
        )

    def _moment(self, leg: Leg, moment: Moment) -> None:
        performer = self._performers.get(leg.sid)
        if performer is None:
            return
        count = performer.count(moment)
        for act in performer.behaviour.acts:
            if act.at is moment and (act.n is None or act.n == count):
                self._act(leg, act)

    def _act(self, leg: Leg, act: Act) -> None:
        if act.press:
            self._press_later(leg, act.press, act.after)
        if act.hang_up:
            self.clock.call_later(act.after, lambda: self.hang_up(leg))

    def _press_later(self, leg: Leg, keys: str, seconds: float) -> None:
        for place, key in enumerate(keys):
            self.clock.call_later(seconds + place * KEY_GAP, partial(self.press, leg, key))

    def _press_in_bridge(self, leg: Leg, peer: Leg, seconds: float) -> None:
        self.clock.call_later(seconds, lambda: leg.peer is peer and self.press(leg, "*"))

    def _leave(self, leg: Leg, peer: Leg) -> None:
        if leg.peer is peer:
            self.hang_up(leg)


def _had_enough(performer: Performer) -> bool:
    """Tell whether somebody has called as many offices as they wanted to."""
    patience = performer.behaviour.patience
    return patience is not None and performer.counts.get(Moment.DIALLING, 0) >= patience
