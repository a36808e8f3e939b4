"""How far one try to ring somebody may go, as a table; knows no database and no carrier.

Only `claimed` goes back to `planned`. From `dialing` on somebody's telephone may be ringing, and
what may have rung is never dialled again: another ring is another attempt, which is planned when
this one is over and, by `frees`, leaves the person free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callbridge.domain.records import AttemptState as State


class Event(StrEnum):
    """What can happen to an attempt."""

    CLAIM = "claim"  # a dialer took it, for one lease
    GIVE_BACK = "give-back"  # its guards say later, or its lease ran out before the request
    SUPPRESS = "suppress"  # opted out, drive stopped, budget spent
    EXPIRE = "expire"  # its time is over: an appointment is never rung late
    DIAL = "dial"  # committed to the request, which goes out next
    ACCEPTED = "accepted"  # the carrier answered with a sid
    TOO_MANY = "too-many"  # 429: certainly not processed
    CALLED_OFF = "called-off"  # too late for its slot, and not asked for
    REFUSED = "refused"  # 4xx: certainly not placed, and never will be
    LOST = "lost"  # timeout, reset, 5xx, or its dialer died: it may ring
    HEARD = "heard"  # a hook with its token bound the sid
    FOUND = "found"  # the carrier's list has it
    MISSING = "missing"  # the carrier knew nothing at the last check
    ENDED = "ended"  # the call is over: answered, busy or unanswered
    FELL_THROUGH = "fell-through"  # the carrier took the call and then could not ring it


OPEN = frozenset(
    {State.PLANNED, State.CLAIMED, State.DIALING, State.UNKNOWN, State.PLACED},
)
FINAL = frozenset(State) - OPEN
# The states in which a second attempt on the same number must not exist (the unique index).
IN_FLIGHT = OPEN - {State.PLANNED}
# From here on the telephone may be ringing or may have rung.
MAY_HAVE_RUNG = frozenset({State.DIALING, State.UNKNOWN, State.PLACED, State.DONE})

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.PLANNED, Event.CLAIM): State.CLAIMED,
    (State.PLANNED, Event.SUPPRESS): State.SUPPRESSED,
    (State.PLANNED, Event.EXPIRE): State.EXPIRED,
    (State.CLAIMED, Event.GIVE_BACK): State.PLANNED,
    (State.CLAIMED, Event.SUPPRESS): State.SUPPRESSED,
    (State.CLAIMED, Event.EXPIRE): State.EXPIRED,
    (State.CLAIMED, Event.DIAL): State.DIALING,
    (State.DIALING, Event.ACCEPTED): State.PLACED,
    (State.DIALING, Event.TOO_MANY): State.FAILED,
    (State.DIALING, Event.CALLED_OFF): State.FAILED,
    (State.DIALING, Event.REFUSED): State.FAILED,
    (State.DIALING, Event.LOST): State.UNKNOWN,
    # Hooks overtake the carrier's own answer, and a short call ends before it.
    (State.DIALING, Event.HEARD): State.PLACED,
    (State.DIALING, Event.ENDED): State.DONE,
    (State.DIALING, Event.FELL_THROUGH): State.FAILED,
    # A dialer that was thought dead may still store the sid.
    (State.UNKNOWN, Event.ACCEPTED): State.PLACED,
    (State.UNKNOWN, Event.HEARD): State.PLACED,
    (State.UNKNOWN, Event.FOUND): State.PLACED,
    (State.UNKNOWN, Event.ENDED): State.DONE,
    (State.UNKNOWN, Event.FELL_THROUGH): State.FAILED,
    (State.UNKNOWN, Event.MISSING): State.FAILED,
    (State.PLACED, Event.ENDED): State.DONE,
    (State.PLACED, Event.FELL_THROUGH): State.FAILED,
}


def after(state: State, event: Event) -> State | None:
    """Return where an event takes an attempt; None when it moves nothing.

    A repeated, late or reordered event is no error: final states are final.
    """
    return TRANSITIONS.get((state, event))


class Frees(StrEnum):
    """What the end of an attempt means for its person."""

    NOTHING = "nothing"  # it goes on, or there is no next one
    AT_ONCE = "at-once"  # nothing was processed: plan another, it counts as no try
    BY_RULES = "by-rules"  # the drive's retry rules decide


def frees(event: Event, *, redial_missing: bool = True) -> Frees:
    """Say whether a new attempt may be planned after an event that moved an attempt.

    `redial_missing` is the drive's setting for what the carrier never heard of.
    """
    match event:
        case Event.TOO_MANY | Event.CALLED_OFF:
            return Frees.AT_ONCE
        case Event.ENDED | Event.FELL_THROUGH | Event.REFUSED:
            return Frees.BY_RULES
        case Event.MISSING:
            return Frees.BY_RULES if redial_missing else Frees.NOTHING
        case _:
            return Frees.NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Ask the carrier at `at`; `last` means that finding nothing then is MISSING."""

    at: datetime
    last: bool


def next_check(dialing: datetime, *, done: int, schedule: Sequence[int]) -> Check | None:
    """Return when to ask the carrier next about what may have rung.

    `schedule` is in seconds after `dialing` (UNKNOWN_CHECKS), `done` the checks that were made.
    None when all were: the attempt should be over, and a row that is not is reported as stuck.
    """
    if done >= len(schedule):
        return None
    return Check(at=dialing + timedelta(seconds=schedule[done]), last=done == len(schedule) - 1)
