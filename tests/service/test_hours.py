"""Offices work nine to five at their own place, on working days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from callbridge.service.hours import is_open

WASHINGTON, HONOLULU = "America/New_York", "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        (WASHINGTON, datetime(2026, 11, 17, 14, 0, tzinfo=UTC), True),
        (WASHINGTON, datetime(2026, 11, 17, 13, 59, tzinfo=UTC), False),
        (WASHINGTON, datetime(2026, 11, 17, 22, 0, tzinfo=UTC), False),
        (HONOLULU, datetime(2026, 11, 17, 22, 0, tzinfo=UTC), True),
        (WASHINGTON, datetime(2026, 7, 14, 13, 0, tzinfo=UTC), True),
        (WASHINGTON, datetime(2026, 11, 21, 17, 0, tzinfo=UTC), False),
        (WASHINGTON, datetime(2026, 11, 26, 17, 0, tzinfo=UTC), False),
        (WASHINGTON, datetime(2026, 7, 3, 17, 0, tzinfo=UTC), False),
    ],
    ids=[
        "nine sharp", "before nine", "five sharp", "five hours behind", "summer time", "a Saturday",
        "Thanksgiving", "Independence Day observed",
    ],
)  # fmt: skip
def test_an_office_is_open_at_its_own_working_hours(
    zone: str, moment: datetime, expected: bool
) -> None:
    assert is_open(zone, moment) is expected


def test_a_recess_day_is_closed() -> None:
    noon = datetime(2026, 11, 17, 17, 0, tzinfo=UTC)
    assert not is_open(WASHINGTON, noon, recess=[date(2026, 11, 17)])
