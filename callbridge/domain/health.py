"""Whether an office's number works, judged by what carriers and supporters said; no storage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """What is wrong with a number, as suspected from reports."""

    DEAD = "dead"
    FULL = "full"
    NEVER_ANSWERED = "never-answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How many reports make a suspicion.

    One supporter may err, two hardly alike. Silence is normal, so never answered wants more.
    """

    dead: int = 2
    full: int = 2
    never_answered: int = 5


RULES = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """So many reports of one kind since the number last worked, and when they came."""

    count: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHealth:
    """One office number over the days looked at, counted since it last worked.

    `worked` is when somebody last talked or left a message there. `dead`: wrong number by the
    supporter, or failed by the carrier; `full`: mailbox full; `unanswered`: nobody, by either.
    `confirmed` is when somebody confirmed it dead: it rests for every campaign until lifted.
    """

    phone: str
    office: str
    name: str
    city: str
    calls: int
    worked: datetime | None
    dead: Since = Since()
    full: Since = Since()
    unanswered: Since = Since()
    confirmed: datetime | None = None
    confirmed_by: str | None = None


def trouble(number: NumberHealth, *, rules: Rules = RULES) -> Trouble | None:
    """Return what to suspect of a number, the worst first; None when nothing is."""
    if number.dead.count >= rules.dead:
        return Trouble.DEAD
    if number.full.count >= rules.full:
        return Trouble.FULL
    if number.worked is None and number.unanswered.count >= rules.never_answered:
        return Trouble.NEVER_ANSWERED
    return None
