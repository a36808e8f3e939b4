"""Rehearsals as pages and commands know them: started, followed, cancelled, kept; runs none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from callbridge.errors import NotFoundError, RefusedError

if TYPE_CHECKING:
    from callbridge.service.context import Context


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

    def start(self, ctx: Context, drive: str, *, seed: int, speed: float, who: str) -> str:
        """Start one and return its id. Raises NotFoundError, RefusedError while another runs."""
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


SPEED = 100.0
MOST_SEED = 1_000_000


def start(ctx: Context, drive: str, *, seed: str, who: str) -> str:
    """Rehearse a drive beside the web; return the rehearsal's id.

    Raises NotFoundError, and RefusedError while another rehearsal runs or where none can.
    """
    if not drive:
        raise RefusedError("Choose a drive to rehearse.")
    if not seed.isdecimal() or not 1 <= int(seed) <= MOST_SEED:
        raise RefusedError("The seed is a number from 1 to 1,000,000.")
    return _rehearser(ctx).start(ctx, drive, seed=int(seed), speed=SPEED, who=who)


def cancel(ctx: Context, rehearsal: str) -> None:
    """End a rehearsal that runs; one that is over stays as it is. Raises NotFoundError."""
    one(ctx, rehearsal)
    _rehearser(ctx).cancel(rehearsal)


def one(ctx: Context, rehearsal: str) -> Rehearsal:
    """Return a rehearsal. Raises NotFoundError."""
    found = ctx.rehearser.get(rehearsal) if ctx.rehearser else None
    if found is None:
        raise NotFoundError("There is no such rehearsal here.")
    return found


def every(ctx: Context) -> Sequence[Rehearsal]:
    """Return the rehearsals that are kept on this machine, newest first."""
    return ctx.rehearser.all() if ctx.rehearser else ()


def _rehearser(ctx: Context) -> Rehearser:
    if ctx.rehearser is None:
        raise RefusedError("Nothing can be rehearsed here.")
    return ctx.rehearser
