"""The schedule of jobs: rhythm, patience with failures, and how a job stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbridge.domain.jobs import (
    LONGEST,
    PATIENCE,
    JobRecord,
    JobState,
    Schedule,
    standing,
    wait_after,
)

NOW = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("every", "waits"),
    [
        (5.0, [5.0, 5.0, 10.0, 20.0, 40.0, 60.0, 60.0]),
        (600.0, [600.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]),
        (86_400.0, [86_400.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]),
    ],
)
def test_a_job_that_fails_tries_again_soon_and_then_ever_later(
    every: float, waits: list[float]
) -> None:
    schedule = Schedule(every=every)
    assert [wait_after(schedule, failures=n) for n in range(len(waits))] == waits


@given(every=st.floats(min_value=1, max_value=1e6), failures=st.integers(1, 10_000))
def test_no_number_of_failures_makes_a_job_wait_for_ever(every: float, failures: int) -> None:
    wait = wait_after(Schedule(every=every), failures=failures)
    assert 1 <= wait <= max(60.0, min(every, LONGEST))


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (JobRecord(name="a", due=NOW), JobState.WAITING),
        (JobRecord(name="a", due=NOW, finished=NOW), JobState.WELL),
        (JobRecord(name="a", due=NOW - PATIENCE, finished=NOW), JobState.WELL),
        (JobRecord(name="a", due=NOW - PATIENCE - timedelta(seconds=1)), JobState.LATE),
        (JobRecord(name="a", due=NOW, failures=1, finished=NOW), JobState.FAILING),
        (JobRecord(name="a", due=NOW, failures=1, running=True), JobState.RUNNING),
    ],
)
def test_a_job_stands_as_its_row_says(record: JobRecord, state: JobState) -> None:
    assert standing(record, now=NOW, off=False) is state
    assert standing(record, now=NOW, off=True) is JobState.OFF
