"""Hours judged by the minute: open from their first instant to the last, across a clock change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from callbridge.domain.drives import Bucket, DriveRecord, DriveState
from callbridge.service.drives.looking import may_ring

INSTANT = timedelta(microseconds=1)


def drive(hours: str, days: str) -> DriveRecord:
    return DriveRecord(
        id="d",
        slug="water",
        state=DriveState.RUNNING,
        window=hours,
        days=days,
        in_progress=1,
        created=datetime(2026, 1, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("state", "zone", "hours", "opens", "closes"),
    [
        # Sunday 8 March 2026: New York is five hours behind until 7:00 UTC, and four from then on.
        ("NY", "America/New_York", "08:30-20:45", (8, 12, 30), (9, 0, 45)),
        ("AZ", "America/Phoenix", "08:30-20:45", (8, 15, 30), (9, 3, 45)),
        ("NE", "America/Chicago", "08:30-20:45", (8, 18, 0), (9, 1, 45)),
        ("GU", "Pacific/Guam", "08:30-20:45", (7, 22, 30), (8, 10, 45)),
    ],
)
def test_hours_are_open_from_their_first_instant_to_their_last(
    state: str, zone: str, hours: str, opens: tuple[int, int, int], closes: tuple[int, int, int]
) -> None:
    sunday = drive(hours, "sun")
    bucket = Bucket(id=1, drive="d", zones=(zone,), states=(state,), offices=())
    first, end = (
        datetime(2026, 3, day, hour, minute, tzinfo=UTC) for day, hour, minute in (opens, closes)
    )
    assert not may_ring(sunday, bucket, first - INSTANT)
    assert may_ring(sunday, bucket, first)
    assert may_ring(sunday, bucket, end - INSTANT)
    assert not may_ring(sunday, bucket, end)
