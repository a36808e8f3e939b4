"""What can happen to a call, and what the flow may know of the world when it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from callbridge.domain.call import Ending, Outcome
from callbridge.domain.congress import Member, Place
from callbridge.domain.reach import Reach
from callbridge.domain.survey import Meaning


class Source(StrEnum):
    """Where an answer came from."""

    KEYPAD = "keypad"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The supporter's phone was picked up (or, for a call-in, ours)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """Keys were pressed; empty `digits` is a silence that the carrier reported."""

    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEnded:
    """The office leg is over and the supporter is back with us. `seconds` is the bridged time.

    `supporter_gone`: the supporter's own leg is over too, so nothing is asked.
    """

    outcome: Outcome
    seconds: int | None = None
    supporter_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeBusy:
    """The office about to be dialled was refused by our own caps; `wait_seconds` until free."""

    wait_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LegReported:
    """A status callback of the office leg, before or after the bridge's own end."""

    leg: int
    outcome: Outcome
    seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """The supporter's leg is over, whoever ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReached:
    """The supporter's leg ended unanswered, or was never placed; `ending` says why."""

    ending: Ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The supporter answered or corrected a question on the web, for one leg."""

    leg: int
    question: str
    meaning: Meaning


Event = Answered | Keyed | BridgeEnded | OfficeBusy | LegReported | HungUp | NotReached | Reported


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeState:
    """An office at this moment.

    `open` by its hours, `resting` after a report of full or dead, `free` under our own caps;
    `free_in` the seconds after which these surely leave a place, None where nobody can know.
    """

    open: bool = True
    resting: bool = False
    free: bool = True
    free_in: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the flow may know of the world with an event; the service fills in what it needs.

    `place` is the lookup of the ZIP keyed or known (None with `place_error`, a sentence, when
    there is none). `offices` is keyed by office id; an office that is missing is open and free.
    `members` holds the members that the campaign's local targets name by bioguide. `chance` in
    [0, 1) picks the random local targets. `reach` says when the supporter may be rung, where the
    flow asked for it (`wants_reach`) and there is a number to ring; `recess` the days on which
    the campaign knows offices to be closed.
    """

    now: datetime
    place: Place | None = None
    place_error: str | None = None
    offices: Mapping[str, OfficeState] = field(default_factory=dict)
    members: Mapping[str, Member] = field(default_factory=dict)
    chance: float = 0.0
    reach: Reach | None = None
    recess: tuple[date, ...] = ()
