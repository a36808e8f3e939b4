"""The order that is shown ahead is the order in which the dialer rings."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from callbridge.errors import RefusedError
from callbridge.service.drives import running
from callbridge.service.drives.foreseeing import foresee
from tests.service.drives.crowd import begun, create, dial, people
from tests.service.setting import Service


def test_what_is_foreseen_is_what_the_dialer_then_does(service: Service) -> None:
    roomy = service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="100"
    )
    drive = begun(roomy, 12)
    found = foresee(roomy.ctx, drive)
    assert not roomy.line.placed
    assert dial(roomy) == 12
    rung = [order.to[-2:] for order in roomy.line.placed]
    assert [ring.phone[-2:] for ring in found.first] == rung
    assert (found.rings, found.waiting, found.cut) == (12, 12, False)


def test_nobody_is_foreseen_outside_their_hours_and_the_opening_is_said(service: Service) -> None:
    # Seven in the morning in New York, four in San Francisco.
    service.clock.at = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
    drive = create(service, text=people(4, zips=("10001", "94110")), window="09:00-20:00").drive
    assert drive is not None
    assert foresee(service.ctx, drive).rings == 0
    day = foresee(service.ctx, drive, hours=24)
    assert day.opens == datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
    assert [ring.local.hour for ring in day.first] == [9, 9, 9, 9]
    assert [ring.at.hour for ring in day.first] == [14, 14, 17, 17]


def test_offices_bound_what_is_foreseen(service: Service) -> None:
    tight = service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="2", OFFICE_CALLS_PER_MINUTE="100"
    )
    drive = create(tight, text=people(20, zips=("94110",))).drive
    assert drive is not None
    found = foresee(tight.ctx, drive)
    times = [(ring.at - tight.clock.now()).total_seconds() for ring in found.first]
    # Two senators with two places each: the first four at once, the next when they have talked.
    assert max(times[:4]) < 5
    assert all(100 < later < 300 for later in times[4:8])


def test_a_drive_that_is_over_has_nothing_ahead(service: Service) -> None:
    drive = begun(service, 1)
    running.stop(service.ctx, drive)
    with pytest.raises(RefusedError):
        foresee(service.ctx, drive)
