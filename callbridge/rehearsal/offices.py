"""The simulated offices of a rehearsal: who is at which desk at which hour, and what is true.

Every member has one true position, which the staff says to whoever asks; some numbers are at fault
from the first call to the last. docs/rehearsal.md gives the rates. Knows no call of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from callbridge.exchange.behaviours import OFFICES, Behaviour
from callbridge.service.hours import is_open

POSITIONS: Mapping[str, float] = {"supports": 0.38, "undecided": 0.24, "opposes": 0.38}
FAULTS = ("dead", "wrong-number", "mailbox-full", "no-answer")

# By the hour at the office from which on they hold: mornings are busiest.
OPEN: Sequence[tuple[int, Mapping[str, float]]] = (
    (
        9,
        {
            "staffer": 0.50,
            "busy": 0.18,
            "hold": 0.10,
            "mailbox": 0.14,
            "mailbox-full": 0.03,
            "no-answer": 0.05,
        },
    ),
    (
        11,
        {
            "staffer": 0.65,
            "busy": 0.08,
            "hold": 0.07,
            "mailbox": 0.13,
            "mailbox-full": 0.02,
            "no-answer": 0.05,
        },
    ),
    (
        15,
        {
            "staffer": 0.58,
            "busy": 0.10,
            "hold": 0.08,
            "mailbox": 0.16,
            "mailbox-full": 0.03,
            "no-answer": 0.05,
        },
    ),
)
CLOSED: Mapping[str, float] = {"mailbox": 0.80, "mailbox-full": 0.08, "no-answer": 0.12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One office number: whose it is and where."""

    phone: str
    target: str
    name: str
    city: str
    zone: str


@dataclass(slots=True, kw_only=True)
class Offices:
    """Every desk that a call may reach.

    `at_fault` is the share of numbers that are, `keeps_quiet` the share of conversations in which
    the staff will not say.
    """

    seed: int
    desks: Mapping[str, Desk]
    at_fault: float = 0.04
    keeps_quiet: float = 0.12
    positions: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    _calls: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for target in sorted({desk.target for desk in self.desks.values()}):
            chance = Random(f"{self.seed}/{target}")  # noqa: S311 - it can be repeated, no secret
            self.positions[target] = chance.choices([*POSITIONS], [*POSITIONS.values()])[0]
        for phone in sorted(self.desks):
            chance = Random(f"{self.seed}/{phone}")  # noqa: S311 - see above
            if chance.random() < self.at_fault:
                self.faults[phone] = chance.choice(FAULTS)

    def next(self, phone: str, now: datetime) -> Behaviour:
        """Return who is at a desk when it rings."""
        call = self._calls[phone] = self._calls.get(phone, 0) + 1
        if fault := self.faults.get(phone):
            return OFFICES[fault]
        chance = Random(f"{self.seed}/{phone}/{call}")  # noqa: S311 - see above
        desk = self.desks.get(phone)
        kind = self._kind(desk, now, chance)
        if kind != "staffer" or desk is None:
            return OFFICES[kind]
        quiet = chance.random() < self.keeps_quiet
        staffer = OFFICES["staffer" if quiet else self.positions[desk.target]]
        return replace(
            staffer,
            after=chance.uniform(3.0, 15.0),
            talk=min(600.0, 40.0 + chance.expovariate(1 / 60.0)),
        )

    @staticmethod
    def _kind(desk: Desk | None, now: datetime, chance: Random) -> str:
        zone = desk.zone if desk else "America/New_York"
        weights = CLOSED
        if is_open(zone, now):
            hour = now.astimezone(ZoneInfo(zone)).hour
            weights = [these for since, these in OPEN if hour >= since][-1]
        return chance.choices([*weights], [*weights.values()])[0]
