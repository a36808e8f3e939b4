"""One rehearsal from the copy of a drive to its kept result: what the command runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from callbridge.errors import CallbridgeError
from callbridge.rehearsal.directing import Progress
from callbridge.rehearsal.keeping import Shelf
from callbridge.rehearsal.result import Result
from callbridge.rehearsal.scenario import Scenario, rules_of
from callbridge.rehearsal.staging import CancelledError, stage
from callbridge.service.context import Context
from callbridge.service.drives.copying import copy_drive
from callbridge.service.rehearsals import Rehearsal, RehearsalState

WRITE_SECONDS = 1.0
LIMIT_MINUTES = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked to be rehearsed. `people` is another list instead of the drive's."""

    drive: str
    speed: float = 100.0
    seed: int = 1
    people: bytes | None = None
    begins: datetime | None = None
    postgresql: bool = False
    limit_minutes: float = LIMIT_MINUTES
    who: str = "the command line"


def scenario_of(ctx: Context, asked: Asked) -> Scenario:
    """Copy what a rehearsal needs, and nothing else. Raises NotFoundError, RefusedError."""
    return Scenario(
        copy=copy_drive(ctx, asked.drive, people=asked.people),
        begins=asked.begins or datetime.now(UTC),
        speed=asked.speed,
        seed=asked.seed,
        rules=rules_of(ctx.settings),
        organization=ctx.settings.organization,
        directory=str(ctx.settings.callbridge_directory.resolve()),
        limit_seconds=asked.limit_minutes * 60.0,
        postgresql=asked.postgresql,
    )


def announced(scenario: Scenario, shelf: Shelf, *, who: str) -> Rehearsal:
    """Return a rehearsal as it begins."""
    now = datetime.now(UTC)
    return Rehearsal(
        id=shelf.new_id(now),
        drive=scenario.copy.drive,
        campaign=scenario.copy.title,
        who=who,
        seed=scenario.seed,
        speed=scenario.speed,
        started=now,
        state=RehearsalState.RUNNING,
    )


def rehearse(
    scenario: Scenario, *, shelf: Shelf, tell: Callable[[Progress], None], who: str
) -> tuple[str, Result]:
    """Run a rehearsal and keep it; return its id and result.

    Raises RefusedError while another runs here, RehearsalError when it failed or was cancelled.
    """
    begun = announced(scenario, shelf, who=who)
    with shelf.running():
        return begun.id, follow(scenario, begun, shelf=shelf, tell=tell)


def follow(
    scenario: Scenario, begun: Rehearsal, *, shelf: Shelf, tell: Callable[[Progress], None]
) -> Result:
    """Run a rehearsal in a process that is the one that runs, and keep how it goes and ends."""
    shelf.write(begun)
    try:
        result = stage(
            scenario,
            tell=_Telling(shelf, begun, tell),
            cancelled=lambda: shelf.is_asked_to_end(begun.id),
        )
    except BaseException as trouble:
        shelf.write(_ended(begun, trouble))
        raise
    finally:
        shelf.forget_asking(begun.id)
    done = replace(begun, state=RehearsalState.DONE, ended=datetime.now(UTC), result=_plain(result))
    shelf.write(done)
    return result


@dataclass(slots=True)
class _Telling:
    """Tells the command at once, and the file once a second."""

    shelf: Shelf
    begun: Rehearsal
    tell: Callable[[Progress], None]
    written: float = 0.0

    def __call__(self, progress: Progress) -> None:
        self.tell(progress)
        if time.monotonic() - self.written >= WRITE_SECONDS:
            self.written = time.monotonic()
            self.shelf.write(replace(self.begun, progress=_plain(progress)))


def _ended(begun: Rehearsal, trouble: BaseException) -> Rehearsal:
    cancelled = isinstance(trouble, CancelledError | KeyboardInterrupt | SystemExit)
    why = trouble.sentence if isinstance(trouble, CallbridgeError) else type(trouble).__name__
    return replace(
        begun,
        state=RehearsalState.CANCELLED if cancelled else RehearsalState.FAILED,
        ended=datetime.now(UTC),
        why=None if cancelled else why,
    )


def _plain(value: object) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
