"""What people do on the telephone, as tables: supporters and offices; acts on no line.

Every text here is what a simulated person says; offices' positions are what a simulated supporter
would hear and report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

import msgspec


class PickUp(StrEnum):
    """What somebody does when the telephone rings."""

    ANSWERS = "answers"
    IGNORES = "ignores"
    BUSY = "busy"
    DEAD = "dead"
    HUMAN = "human"
    """A person at the browser phone, or a test, through the control API."""


class Moment(StrEnum):
    """When an act is due. `n` counts them from 1 within the leg; none means every time."""

    RINGING = "ringing"
    ANSWER = "answer"
    GATHER = "gather"
    PHRASE = "phrase"
    DIALLING = "dialling"
    BRIDGE = "bridge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing a person does: press keys or hang up, `after` seconds from a moment.

    A phrase is met when something that contains `words` (any case) begins to be said.
    """

    at: Moment
    n: int | None = None
    words: str = ""
    after: float = 0.5
    press: str = ""
    hang_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One person. Seconds are the exchange's clock.

    `after` is how long the telephone rings before something happens. `keys` holds one entry for
    each Gather in turn, pressed `think` seconds after it opens; an empty entry stays silent.
    `truthful` supporters answer what is asked by what the last office was; `zip` is theirs.
    With a `slip` they name a wrong position, that one of the others; with `patience` they hang up
    after so many offices, once they have told how it went.
    `star_after` and `talk` are seconds in a bridge until this person presses star or hangs up.
    `happened` and `position` are what a supporter should report of this office; `says` is heard.
    """

    name: str = "person"
    picks_up: PickUp = PickUp.ANSWERS
    after: float = 4.0
    keys: tuple[str, ...] = ()
    think: float = 1.0
    truthful: bool = False
    zip: str = "05401"
    slip: int | None = None
    patience: int | None = None
    acts: tuple[Act, ...] = ()
    star_after: float | None = None
    talk: float | None = None
    happened: str | None = None
    position: str | None = None
    answered_by: str = "human"
    says: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the behaviour as the control API takes and shows it."""
        return asdict(self)


HUMAN = Behaviour(name="human", picks_up=PickUp.HUMAN)

SUPPORTERS: Mapping[str, Behaviour] = {
    person.name: person
    for person in (
        HUMAN,
        Behaviour(name="supporter", truthful=True, star_after=45.0),
        Behaviour(name="patient", truthful=True, think=20.0),
        Behaviour(name="ignores", picks_up=PickUp.IGNORES),
        Behaviour(name="busy-line", picks_up=PickUp.BUSY, after=1.0),
        Behaviour(name="dead-line", picks_up=PickUp.DEAD, after=1.0),
        Behaviour(name="silent", keys=()),
        Behaviour(
            name="voicemail-box",
            after=20.0,
            answered_by="machine_start",
            acts=(Act(at=Moment.ANSWER, after=120.0, hang_up=True),),
        ),
        Behaviour(
            name="hangs-up-greeting", acts=(Act(at=Moment.GATHER, n=1, after=3.0, hang_up=True),)
        ),
        Behaviour(
            name="hangs-up-briefing",
            truthful=True,
            acts=(Act(at=Moment.GATHER, n=2, after=0.5, hang_up=True),),
        ),
        Behaviour(
            name="hangs-up-dialling",
            truthful=True,
            acts=(Act(at=Moment.DIALLING, n=1, after=1.0, hang_up=True),),
        ),
        Behaviour(
            name="hangs-up-bridge",
            truthful=True,
            acts=(Act(at=Moment.BRIDGE, n=1, after=20.0, hang_up=True),),
        ),
        Behaviour(
            name="hangs-up-survey",
            truthful=True,
            star_after=20.0,
            acts=(Act(at=Moment.PHRASE, words="how did it go", after=0.5, hang_up=True),),
        ),
        Behaviour(name="opts-out", keys=("9",)),
    )
}

_STAFFER = Behaviour(
    name="staffer",
    after=6.0,
    talk=60.0,
    happened="spoke",
    position="would-not-say",
    says="Good morning, you have reached the office. I will pass that on to the member.",
)

OFFICES: Mapping[str, Behaviour] = {
    person.name: person
    for person in (
        HUMAN,
        _STAFFER,
        replace(
            _STAFFER,
            name="supports",
            position="supports",
            says="Thank you for calling. Yes, the member supports this.",
        ),
        replace(
            _STAFFER,
            name="leans-supports",
            position="leans-supports",
            says="The member likes the idea and is still reading the bill.",
        ),
        replace(
            _STAFFER,
            name="undecided",
            position="undecided",
            says="The member has not decided yet.",
        ),
        replace(
            _STAFFER,
            name="leans-opposes",
            position="leans-opposes",
            says="The member has doubts about this.",
        ),
        replace(
            _STAFFER,
            name="opposes",
            position="opposes",
            says="Thank you for calling. No, the member opposes this.",
        ),
        replace(_STAFFER, name="waits", talk=None),
        replace(
            _STAFFER,
            name="hold",
            talk=300.0,
            happened="nobody",
            position=None,
            says="All lines are taken. Please hold.",
        ),
        replace(
            _STAFFER,
            name="wrong-number",
            talk=6.0,
            happened="wrong-number",
            position=None,
            says="Joe's Pizza. No, this is no office at all.",
        ),
        Behaviour(
            name="mailbox",
            after=15.0,
            talk=120.0,
            happened="voicemail",
            answered_by="machine_start",
            says="Nobody can come to the telephone. Please leave a message after the tone.",
        ),
        Behaviour(
            name="mailbox-full",
            after=15.0,
            talk=8.0,
            happened="mailbox-full",
            answered_by="machine_start",
            says="The mailbox is full and takes no more messages. Goodbye.",
        ),
        Behaviour(name="busy", picks_up=PickUp.BUSY, after=1.0),
        Behaviour(name="no-answer", picks_up=PickUp.IGNORES),
        Behaviour(name="dead", picks_up=PickUp.DEAD, after=1.0),
    )
}


def read_behaviour(value: object) -> Behaviour:
    """Read a behaviour from JSON: a name from the tables, or an object.

    An object may start from a table's entry (`"like": "staffer"`) and change fields. Raises
    ValueError with a sentence.
    """
    if isinstance(value, str):
        value = {"like": value}
    if not isinstance(value, Mapping):
        raise ValueError("a behaviour is a name or an object")  # noqa: TRY004 - see above
    fields: dict[str, Any] = dict(value)
    like = fields.pop("like", None)
    known = {**SUPPORTERS, **OFFICES}
    if like is not None and like not in known:
        raise ValueError(f"there is no behaviour {like}; there are {', '.join(sorted(known))}")
    base = known[like] if like is not None else Behaviour()
    unknown = fields.keys() - base.as_json().keys()
    if unknown:
        raise ValueError(f"a behaviour has no {', '.join(sorted(unknown))}")
    try:
        return msgspec.convert({**base.as_json(), **fields}, Behaviour)
    except msgspec.ValidationError as error:
        raise ValueError(f"behaviour: {error}") from error


_OPTION = re.compile(r"([^.;?!:]+):\s*(?:press|marque)\s+(\d)", re.IGNORECASE)
"""An option as surveys are spoken, in English and in Spanish."""
_GO_ON = re.compile(r"\b(?:press|marque) 1\b", re.IGNORECASE)
_WORDS: Mapping[str, Sequence[str]] = {
    "spoke": ("talked", "spoke", "habló"),
    "voicemail": ("message", "mensaje"),
    "mailbox-full": ("full", "lleno"),
    "nobody": ("nobody", "no one", "nadie"),
    "wrong-number": ("wrong", "equivocado"),
    "supports": ("support", "a favor"),
    "leans-supports": ("leans to support", "support", "a favor"),
    "undecided": ("undecided", "unsure", "sin decidir"),
    "leans-opposes": ("leans to oppose", "oppose", "en contra"),
    "opposes": ("oppose", "en contra"),
    "would-not-say": ("would not say", "no quiso decir"),
}


def reported(prompt: str, office: Behaviour, *, slip: int | None = None) -> str | None:
    """Return the key that reports an office truthfully, None if the prompt does not ask that.

    With a `slip` the position is another one of those offered; what happened stays true.
    """
    options = [(words.lower(), str(key)) for words, key in _OPTION.findall(prompt)]
    for meaning in (office.happened, office.position):
        for words in _WORDS.get(meaning or "", ()):
            for option, key in options:
                if words in option:
                    wrong = slip is not None and meaning == office.position
                    return _slipped(options, key, slip or 0) if wrong else key
    return None


def _slipped(options: Sequence[tuple[str, str]], key: str, slip: int) -> str:
    """Return the key of another position; that nobody would say is not mistaken for one."""
    others = [
        other
        for option, other in options
        if other != key and not any(words in option for words in _WORDS["would-not-say"])
    ]
    return others[slip % len(others)] if others else key


def sensible(prompt: str, *, num_digits: int | None, person: Behaviour) -> str:
    """Return what a willing supporter presses: the ZIP, else 1 where 1 is offered, else nothing."""
    if num_digits == 5:
        return person.zip
    return "1" if _GO_ON.search(prompt) else ""
