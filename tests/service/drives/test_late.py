"""Who is committed as dialing and late for the slot: another slot, the guards again, or no ring."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from callbridge.service import publishing, restored
from callbridge.service.drives import running
from tests.service.drives.crowd import begun, dial, told
from tests.service.drives.standstill import standing_still
from tests.service.setting import Service


@pytest.fixture
def quick(service: Service) -> Service:
    """Return a service that starts four calls a second, where every office has room."""
    return service.with_settings(
        DRIVE_RAMP_SECONDS="0",
        OFFICE_MAX_CALLS="100",
        OFFICE_CALLS_PER_MINUTE="100",
        CALLS_PER_SECOND="4",
    )


def next_slot(service: Service) -> float:
    """Return when the next slot opens, in seconds of the database's clock."""
    with service.database.reading() as unit:
        return unit.pace.state(4.0).next_free


@pytest.mark.parametrize("times", [1, 2])
def test_who_is_late_takes_another_slot_and_is_rung_once(quick: Service, times: int) -> None:
    drive = begun(quick, 1)
    with quick.database.writing() as unit:
        unit.pace.reserve(4.0, patience=1.0)
    before = next_slot(quick)
    assert dial(standing_still(quick, times)) == 1
    assert len(quick.line.placed) == 1
    # One for the first slot, one for each that was missed.
    assert next_slot(quick) - before > (1 + times) * 0.25 - 0.001
    assert told(quick, drive).by_state == {"placed": 1}


def test_where_everything_is_late_somebody_is_rung_all_the_same(quick: Service) -> None:
    begun(quick, 1)
    dial(standing_still(quick, 100))
    assert len(quick.line.placed) == 1


@pytest.mark.parametrize("what", ["drive", "campaign", "hours", "opted out", "held"])
def test_what_changed_meanwhile_calls_the_ring_off_and_it_counts_as_no_try(
    quick: Service, what: str
) -> None:
    drive = begun(quick, 1)

    def opt_out() -> None:
        with quick.database.writing() as unit:
            (hashed,) = quick.ctx.vault.hashes("+12025550100")[:1]
            unit.guards.opt_out(hashed, call=None, at=quick.clock.now())

    changes: dict[str, Callable[[], object]] = {
        "drive": lambda: running.pause(quick.ctx, drive),
        "campaign": lambda: publishing.pause(quick.ctx, "water"),
        "hours": lambda: quick.clock.forward(hours=12),
        "opted out": opt_out,
        "held": lambda: restored.hold(quick.ctx),
    }
    dial(standing_still(quick, meanwhile=lambda: changes[what]() and None))
    assert quick.line.placed == []
    if what == "drive":
        assert dial(quick) == 0
        running.resume(quick.ctx, drive)
    elif what == "campaign":
        assert dial(quick) == 0
        publishing.resume(quick.ctx, "water")
    elif what == "hours":
        assert dial(quick) == 0
        quick.clock.forward(hours=12)
    elif what == "held":
        assert dial(quick) == 0
        restored.release(quick.ctx)
    rung = dial(quick)
    view = told(quick, drive)
    if what == "opted out":
        assert (rung, view.by_state) == (0, {"suppressed": 1})
    else:
        assert (rung, view.by_state) == (1, {"placed": 1})
    assert len(quick.line.placed) == rung
