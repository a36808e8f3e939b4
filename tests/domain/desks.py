"""The offices and the people of a simulated day; they decide nothing and make no call."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from callbridge.domain.pacing import Office
from callbridge.domain.retries import Final, Try


class Due(NamedTuple):
    """Who is due, and since when."""

    at: float
    number: int


@dataclass
class Human:
    """One contact of a drive."""

    drive: int
    offices: tuple[str, ...]
    place: tuple[tuple[str, ...], tuple[str, ...]]
    written: tuple[str, str]
    tries: list[Try] = field(default_factory=list)
    final: Final | None = None


@dataclass
class Desk:
    """One office: what it takes, and what it had."""

    most: int
    per_minute: int
    rest: float
    talking: int = 0
    on_the_way: float = 0.0
    starts: deque[float] = field(default_factory=deque)
    resting_until: float = 0.0
    highest: int = 0
    calls: int = 0

    def started(self, now: float) -> int:
        while self.starts and self.starts[0] <= now - 60:
            self.starts.popleft()
        return len(self.starts)


class Loads(Mapping[str, Office]):
    """The desks as the plan sees them, each made when it is asked for."""

    def __init__(self, desks: dict[str, Desk], now: float) -> None:
        self.desks, self.now = desks, now

    def __getitem__(self, phone: str) -> Office:
        desk = self.desks[phone]
        return Office(
            most=desk.most,
            per_minute=desk.per_minute,
            talking=desk.talking,
            on_the_way=desk.on_the_way,
            started=desk.started(self.now),
            resting_until=desk.resting_until,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.desks)

    def __len__(self) -> int:
        return len(self.desks)
