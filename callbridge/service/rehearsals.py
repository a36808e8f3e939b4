"""Rehearsals as pages and commands know them: started, followed, cancelled, kept; runs none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class RehearsalState(StrEnum):
    """How far a rehearsal is. `lost`: its process ended without a word."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """One rehearsal as kept. `progress` and `result` are as they were written, None before."""

    id: str
    drive: str
    campaign: str
    who: str
    seed: int
    speed: float
    started: datetime
    state: RehearsalState
    ended: datetime | None = None
    why: str | None = None
    progress: dict[str, Any] | None = None
    result: dict[str, Any] | None = None


class Rehearser(Protocol):
    """Runs rehearsals beside the web, one at a time."""

    def start(self, drive: str, *, campaign: str, seed: int, speed: float, who: str) -> str:
        """Start one and return its id. Raises RefusedError while another runs."""
        ...

    def cancel(self, rehearsal: str) -> bool:
        """End one that runs; False when it does not."""
        ...

    def get(self, rehearsal: str) -> Rehearsal | None:
        """Return one."""
        ...

    def all(self) -> Sequence[Rehearsal]:
        """Return every rehearsal that is kept, newest first."""
        ...
