"""Two persons for a big drive, however it became one, and the book of who did what."""

from __future__ import annotations

import pytest

from callbridge.domain.drives import DriveState
from callbridge.errors import RefusedError
from callbridge.service.drives import running
from callbridge.service.drives.people import add_people
from callbridge.service.drives.telling import deeds
from tests.service.drives.crowd import begun, create, dial, everybody_answers, people, told
from tests.service.setting import Service


@pytest.fixture
def quick(service: Service) -> Service:
    """Return a service whose drives begin at full speed and whose offices take everybody."""
    return service.with_settings(
        DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="100"
    )


def test_a_big_drive_needs_two_persons(service: Service) -> None:
    careful = service.with_settings(DRIVE_CONFIRM="10")
    made = create(careful, 20)
    assert made.drive is not None
    with pytest.raises(RefusedError):
        running.start(careful.ctx, made.drive)
    for name in ("ada", "ada"):
        view = running.start(careful.ctx, made.drive, by=name)
        assert (view.state, view.approved) == (DriveState.DRAFT, "ada")
    assert running.start(careful.ctx, made.drive, by="bob").state is DriveState.RUNNING


def test_one_person_is_one_person_however_the_name_is_written(service: Service) -> None:
    careful = service.with_settings(DRIVE_CONFIRM="10")
    drive = create(careful, 20).drive
    assert drive is not None
    running.start(careful.ctx, drive, by="Ada@example.org")
    again = running.start(careful.ctx, drive, by=" ada@EXAMPLE.org ")
    assert (again.state, again.persons) == (DriveState.DRAFT, 1)


def test_who_agreed_to_a_short_list_has_not_agreed_to_a_longer_one(service: Service) -> None:
    careful = service.with_settings(DRIVE_CONFIRM="10")
    drive = create(careful, 15).drive
    assert drive is not None
    assert running.start(careful.ctx, drive, by="ada").persons == 1
    add_people(careful.ctx, drive, people(20), by="bob")
    assert running.start(careful.ctx, drive, by="bob").persons == 1
    assert running.start(careful.ctx, drive, by="ada").state is DriveState.RUNNING


def test_a_running_drive_that_becomes_a_big_one_waits_for_two_persons(quick: Service) -> None:
    careful = quick.with_settings(DRIVE_CONFIRM="10", DRIVE_RAMP_SECONDS="0")
    drive = begun(careful, 5)
    add_people(careful.ctx, drive, people(20), by="ada")
    view = told(careful, drive)
    assert (view.state, view.persons) == (DriveState.PAUSED, 2)
    assert "two persons" in (view.cause or "")
    assert dial(careful) == 0
    with pytest.raises(RefusedError):
        running.resume(careful.ctx, drive)
    assert running.resume(careful.ctx, drive, by="ada").state is DriveState.PAUSED
    assert running.resume(careful.ctx, drive, by="bob").state is DriveState.RUNNING
    running.pause(careful.ctx, drive, by="ada")
    assert running.resume(careful.ctx, drive).state is DriveState.RUNNING


def test_everything_done_to_a_drive_is_written_down_with_who_did_it(quick: Service) -> None:
    drive = create(quick, 1).drive
    assert drive is not None
    running.start(quick.ctx, drive, by="ada")
    running.pause(quick.ctx, drive, by="bob")
    running.pause(quick.ctx, drive, by="bob")
    running.change(quick.ctx, drive, rate=2.0, by="bob")
    running.resume(quick.ctx, drive, by="ada")
    dial(quick)
    everybody_answers(quick)
    dial(quick)
    found = [(deed.what.value, deed.who) for deed in deeds(quick.ctx, drive)]
    assert found == [
        ("finished", None), ("resumed", "ada"), ("changed", "bob"), ("paused", "bob"),
        ("started", "ada"), ("added", None), ("created", None),
    ]  # fmt: skip
