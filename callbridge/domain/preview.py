"""A campaign's whole conversation, every branch, before anybody is rung; knows no screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from callbridge.domain.call import Asking, Call, Door, Outcome, Stage
from callbridge.domain.campaign import Campaign
from callbridge.domain.events import Answered, BridgeEnded, Event, Keyed, World
from callbridge.domain.flow import advance, begin, speak
from callbridge.domain.instructions import Ask, Bridge, Instruction, Say
from callbridge.domain.spoken import Organization, seconds_to_say

KEYS = "1234567890*#"
# A talk long enough to be one; the preview counts speech, not talk.
TALK_SECONDS = 120
MOST_TURNS = 2000


class When(StrEnum):
    """When a piece is heard: always, until a key interrupts it, or only after a silence."""

    ALWAYS = "always"
    MENU = "menu"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Words as spoken, with their length in seconds at 150 words a minute."""

    text: str
    seconds: float
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where a key (`by` "1" to "#"), a keyed ZIP (five digits) or a bridge's end leads.

    For a bridge's end `by` is the outcome: connected, busy, no-answer, failed. `again`: the same
    turn is said once more, after "Let me say it again".
    """

    by: str
    to: int
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One document as the supporter hears it, and the ways on from it.

    `number` counts from 1 in the order of discovery, breadth first. `dials` is the number that is
    bridged at the end of the turn; a turn without ways ends the call. Keys that do nothing here
    are left out.
    """

    number: int
    stage: Stage
    asking: Asking
    target: str | None
    dials: str | None
    heard: tuple[Heard, ...]
    ways: tuple[Way, ...]

    def seconds(self, *when: When) -> float:
        """Return how long the pieces heard then take, all of them when none is named."""
        return round(sum(piece.seconds for piece in self.heard if piece.when in (when or When)), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The turns in order and three lengths in seconds of speech.

    `greeting_seconds`: the greeting. `dialling_seconds`: from answer to dialling for somebody who
    presses keys at once. `whole_seconds`: a call whose every office answers, all of it heard to
    the end, the first answer given to every question; talk is not counted.
    """

    language: str
    turns: tuple[Turn, ...]
    greeting_seconds: float
    dialling_seconds: float | None
    whole_seconds: float


def preview(
    campaign: Campaign,
    world: World,
    *,
    organization: Organization,
    language: str | None = None,
    door: Door = Door.PAGE,
) -> Preview:
    """Walk the conversation of a supporter at `world.place`, each turn once, breadth first.

    A call-in is asked for its ZIP and keys that of `world.place`.
    """
    walk = _Walk(campaign, world, organization)
    spoken_in = campaign.wording(language).language
    turns = walk.turns(spoken_in, door)
    greeting = turns[0] if turns else None
    return Preview(
        language=spoken_in,
        turns=turns,
        greeting_seconds=greeting.seconds(When.ALWAYS, When.MENU) if greeting else 0.0,
        dialling_seconds=_dialling(turns),
        whole_seconds=walk.whole(spoken_in, door),
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    campaign: Campaign
    world: World
    organization: Organization

    def start(self, language: str, door: Door) -> Call:
        known = self.world if door is not Door.CALL_IN else replace(self.world, place=None)
        call = begin(self.campaign, known, language=language, door=door)
        if door is not Door.CALL_IN and self.world.place is not None:
            call = replace(call, zip=self.world.place.zip)
        return self.after(call, Answered())

    def after(self, call: Call, event: Event) -> Call:
        world = self.world
        if call.zip is None and call.asking is Asking.GO_ON:
            # A call-in's first key is pressed before any ZIP is known.
            world = replace(world, place=None)
        return advance(call, event, self.campaign, world)[0]

    def says(self, call: Call) -> tuple[Instruction, ...]:
        return speak(call, self.campaign, organization=self.organization)

    def turns(self, language: str, door: Door) -> tuple[Turn, ...]:
        """Find every turn: what is heard identifies one, with the office it is about."""
        first = self.start(language, door)
        numbers: dict[object, int] = {self._identity(first): 1}
        places: dict[object, int] = {_place(first): 1}
        waiting = deque([(1, first)])
        found: list[Turn] = []
        while waiting and len(found) < MOST_TURNS:
            number, call = waiting.popleft()
            ways: dict[int, Way] = {}
            for by, then in self._moves(call):
                to = places.get(_place(then)) if _returns(call, then) else None
                if to is None:
                    identity = self._identity(then)
                    if identity not in numbers:
                        numbers[identity] = len(numbers) + 1
                        places.setdefault(_place(then), numbers[identity])
                        waiting.append((numbers[identity], then))
                    to = numbers[identity]
                # Of the keys that lead to the same turn the first is shown.
                ways.setdefault(to, Way(by=by, to=to, again=then.lead[:1] == ("again",)))
            found.append(self._turn(number, call, tuple(ways.values())))
        return tuple(found)

    def whole(self, language: str, door: Door) -> float:
        """Add up the speech of a call whose offices answer and whose supporter hears it out."""
        call = self.start(language, door)
        seconds = 0.0
        for _ in range(MOST_TURNS):
            turn = self._turn(0, call, ())
            last = call.asking in {Asking.LAST, Asking.NOTHING} and not turn.dials
            seconds += turn.seconds() if last else turn.seconds(When.ALWAYS, When.MENU)
            then = next((moved for _, moved in self._moves(call)), None)
            if last or then is None:
                break
            call = then
        return round(seconds, 1)

    def _moves(self, call: Call) -> Iterator[tuple[str, Call]]:
        """Yield what leads somewhere: keys that do nothing at a turn are left out."""
        for by, event in self._events(call):
            then = self.after(call, event)
            if then.stage is not Stage.ENDED and then != call and then.tries <= call.tries:
                yield by, then

    def _events(self, call: Call) -> Iterator[tuple[str, Event]]:
        """Yield what can happen at a turn, what goes on first."""
        if call.stage is Stage.BRIDGING:
            for outcome in Outcome:
                talked = TALK_SECONDS if outcome is Outcome.CONNECTED else None
                yield outcome.value, BridgeEnded(outcome=outcome, seconds=talked)
        elif call.asking in {Asking.ZIP, Asking.HOME_ZIP}:
            if self.world.place is not None:
                yield self.world.place.zip, Keyed(digits=self.world.place.zip)
            yield "#", Keyed(digits="")
        else:
            for key in _keys(call):
                yield key, Keyed(digits=key)

    def _identity(self, call: Call) -> object:
        return self.says(call), _place(call)

    def _turn(self, number: int, call: Call, ways: tuple[Way, ...]) -> Turn:
        instructions = self.says(call)
        bridge = next((one for one in instructions if isinstance(one, Bridge)), None)
        target = call.current_target
        return Turn(
            number=number,
            stage=call.stage,
            asking=call.asking,
            target=target.id if target else None,
            dials=bridge.phone if bridge else None,
            heard=tuple(_heard(call, instructions)),
            ways=ways,
        )


def _keys(call: Call) -> str:
    """Return the keys worth trying: all of them wherever a menu listens to all."""
    if call.opted_out:
        return "1"
    if call.asking is Asking.LAST:
        return "*" if call.read_back else ""
    return "" if call.asking is Asking.NOTHING else KEYS


def _place(call: Call) -> object:
    """Return where a call stands, whatever was said on the way there."""
    if call.opted_out or call.opting_out:
        # Asked in the same words from everywhere: shown once.
        return call.opted_out, call.opting_out
    return (
        *(call.stage, call.asking, call.target, call.office, call.question, call.branch),
        *(call.menu, call.zip, call.state, call.district, call.read_back),
    )


def _returns(call: Call, then: Call) -> bool:
    """Tell whether a call comes back to a turn that was heard before."""
    left_opt_out = (call.opting_out or call.opted_out) and not (then.opting_out or then.opted_out)
    return then.lead[:1] == ("again",) or left_opt_out or (then.opting_out or then.opted_out)


def _heard(call: Call, instructions: tuple[Instruction, ...]) -> Iterator[Heard]:
    """Tell what is heard always, what a key interrupts, and what only silence brings."""
    menus = 2 if call.read_back and call.asking is not Asking.LAST else 1
    said: set[str] = set()
    for instruction in instructions:
        match instruction:
            case Say(text=text):
                when = When.ALWAYS if menus or call.asking is Asking.LAST else When.SILENCE
            case Ask(say=say):
                text = " ".join(one.text for one in say)
                when = When.MENU if menus else When.SILENCE
                menus = max(0, menus - 1)
            case _:
                continue
        if text not in said:
            said.add(text)
            yield Heard(text=text, seconds=round(seconds_to_say(text), 1), when=when)


def _dialling(turns: tuple[Turn, ...]) -> float | None:
    """Return the least speech between answer and dialling that no key can cut short."""
    by_number = {turn.number: turn for turn in turns}
    best: dict[int, float] = {}
    waiting = deque([(1, 0.0)] if turns else [])
    while waiting:
        number, before = waiting.popleft()
        turn = by_number.get(number)
        if turn is None or best.get(number, float("inf")) <= before:
            continue
        best[number] = before
        if turn.dials is None:
            after = before + turn.seconds(When.ALWAYS)
            waiting += [(way.to, after) for way in turn.ways]
    dialled = [
        before + by_number[number].seconds(When.ALWAYS)
        for number, before in best.items()
        if by_number[number].dials
    ]
    return round(min(dialled), 1) if dialled else None
