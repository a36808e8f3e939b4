"""When housekeeping jobs run and how they stand; does no job and knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_LONGEST = 60.0
LONGEST = 3600.0
# A job may be this much later than planned before anybody should look.
PATIENCE = timedelta(minutes=2)


class JobState(StrEnum):
    """How a job stands, in the order in which it wants attention."""

    FAILING = "failing"
    LATE = "late"
    RUNNING = "running"
    WELL = "well"
    WAITING = "waiting"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often a job runs and how long one run may take before another dialer tries; seconds."""

    every: float
    lease: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """A job's row: all times by the database's clock. `failures` counts those in a row."""

    name: str
    due: datetime
    started: datetime | None = None
    finished: datetime | None = None
    succeeded: datetime | None = None
    result: str | None = None
    failures: int = 0
    running: bool = False


def wait_after(schedule: Schedule, *, failures: int) -> float:
    """Return the seconds from the end of a run to the next.

    After a failure a daily job tries again within minutes and a frequent one backs off, doubling
    each time: never more than an hour, nor more than the job's own rhythm where that is longer
    than a minute.
    """
    if not failures:
        return schedule.every
    longest = min(max(schedule.every, LEAST_LONGEST), LONGEST)
    first = min(schedule.every, LEAST_LONGEST)
    return min(longest, first * 2.0 ** min(failures - 1, 20))


def standing(record: JobRecord, *, now: datetime, off: bool) -> JobState:
    """Say how a job stands. `now` is the database's."""
    if off:
        return JobState.OFF
    if record.running:
        return JobState.RUNNING
    if record.failures:
        return JobState.FAILING
    if now - record.due > PATIENCE:
        return JobState.LATE
    return JobState.WELL if record.finished else JobState.WAITING
