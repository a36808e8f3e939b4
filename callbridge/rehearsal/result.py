"""What a rehearsal shows when it is over, as values that go to a file and to a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What the estimate said before."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of calling, UTC."""

    at: datetime
    rings: int
    answered: int
    bridged: int
    offices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLoad:
    """What one office number got, as the exchange saw it."""

    phone: str
    name: str
    city: str
    calls: int
    at_once: int
    in_a_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A number at fault: planted (`kind`), suspected by office health (`suspected`), or both."""

    phone: str
    name: str
    city: str
    calls: int
    kind: str | None
    suspected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A member on the board beside the truth. `majority`: what most answers alone would say."""

    target: str
    name: str
    n: int
    truth: str
    position: str | None
    probability: float | None
    majority: str | None

    @property
    def right(self) -> bool:
        """Tell whether the board names the true position."""
        return self.position == self.truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One rehearsal, over. Seconds are simulated but for `wall_seconds`.

    `complete` False: its time was over before the drive was. `leapt_seconds` are those in which
    nobody could be rung, which the clock went over at once.
    """

    drive: str
    campaign: str
    database: str
    seed: int
    speed: float
    complete: bool
    people: int
    left_out: int
    refused: int
    begins: datetime
    first: datetime | None
    ends: datetime
    seconds: float
    leapt_seconds: float
    wall_seconds: float
    rings: int
    answered: int
    keyed: int
    bridged: int
    by_state: Mapping[str, int]
    by_cause: Mapping[str, int]
    supporter_cost: float
    office_cost: float
    estimated_cost: Range
    estimated_seconds: Range
    hours: Sequence[Hour]
    office_calls: int
    ended: Mapping[str, int]
    answers: Mapping[str, int]
    offices: Sequence[OfficeLoad]
    cap_at_once: int
    cap_in_a_minute: int
    faults: Sequence[Fault]
    board: Sequence[Judged]
    unsettled: int = 0
    warnings: Sequence[str] = field(default_factory=tuple)

    @property
    def cost(self) -> float:
        """Return what the carrier would have charged."""
        return self.supporter_cost + self.office_cost

    @property
    def above_cap(self) -> int:
        """Count the offices that ever had more than our caps allow."""
        return sum(
            one.at_once > self.cap_at_once or one.in_a_minute > self.cap_in_a_minute
            for one in self.offices
        )

    @property
    def faults_found(self) -> int:
        """Count the numbers at fault that office health suspects."""
        return sum(one.kind is not None and one.suspected is not None for one in self.faults)

    @property
    def faults_planted(self) -> int:
        """Count the numbers at fault that were dialled at all."""
        return sum(one.kind is not None for one in self.faults)

    @property
    def false_alarms(self) -> int:
        """Count the numbers that work and are suspected all the same."""
        return sum(one.kind is None for one in self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of so many members the board, and a bare majority of answers, got right."""

    words: str
    members: int
    board: int
    majority: int


def shares(board: Sequence[Judged]) -> list[Share]:
    """Return how right the board is by how many answers it had."""
    found = []
    steps = (("1 or 2", 1, 2), ("3 to 9", 3, 9), ("10 or more", 10, 10**9), ("any", 1, 10**9))
    for words, low, high in steps:
        those = [one for one in board if low <= one.n <= high]
        found.append(
            Share(
                words=words,
                members=len(those),
                board=sum(one.right for one in those),
                majority=sum(one.majority == one.truth for one in those),
            )
        )
    return found
