"""Rehearsals beside the web: started from its page, followed, ended; one at a time."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callbridge.rehearsal.keeping import KEPT, Shelf
from callbridge.rehearsal.starting import BesideTheWeb
from callbridge.service.drives import running
from callbridge.service.drives.views import DriveRequest
from callbridge.service.rehearsals import Rehearsal, RehearsalState
from tests.web.quality import Reader
from tests.web.setting import Site, csrf_of, signed_in

PEOPLE = "phone,zip,consent_source,consent_at\n202-555-0101,05401,rally,2026-01-04\n"
PAGE = "/console/rehearsals"


@pytest.fixture
def shelf(site: Site, tmp_path: Path) -> Shelf:
    """Let the site keep its rehearsals in a folder of the test's."""
    folder = tmp_path / "rehearsals"
    object.__setattr__(site.ctx, "rehearser", BesideTheWeb(folder))
    return Shelf(folder)


def drive_of(site: Site) -> str:
    made = running.create(site.ctx, DriveRequest(slug="attorney-general", days="all"), PEOPLE)
    assert made.drive is not None
    return made.drive


def state_on(reader: Reader, address: str) -> str:
    found = re.search(r"<strong>([^<]*)</strong>", reader.get(address).text)
    assert found
    return found.group(1)


def test_a_rehearsal_is_started_watched_and_cancelled_by_its_page(site: Site, shelf: Shelf) -> None:
    drive = drive_of(site)
    reader = signed_in(site, "organizer")
    token = csrf_of(reader.get(PAGE).text)
    given = {"csrf_token": token, "drive": drive, "seed": "7"}
    begun = reader.post(PAGE, data=given)
    assert begun.status_code == 303
    address = begun.headers["Location"]
    assert state_on(reader, address) == "runs now"
    second = reader.post(PAGE, data=given)
    assert second.status_code == 422
    assert "Another rehearsal runs here" in second.text
    assert reader.post(f"{address}/cancel", data={"csrf_token": token}).status_code == 303
    until = time.monotonic() + 60
    while shelf.is_running() and time.monotonic() < until:
        time.sleep(0.1)
    assert not shelf.is_running()
    assert state_on(reader, address) == "cancelled"
    assert running.status(site.ctx, drive).by_state == {"planned": 1}


def test_what_cannot_be_rehearsed_is_refused_in_a_sentence(site: Site, shelf: Shelf) -> None:
    reader = signed_in(site, "organizer")
    token = csrf_of(reader.get(PAGE).text)
    for form, status in (
        ({"drive": "0" * 32, "seed": "1"}, 404),
        ({"drive": drive_of(site), "seed": "many"}, 422),
        ({"drive": drive_of(site), "seed": "0"}, 422),
    ):
        assert reader.post(PAGE, data={"csrf_token": token, **form}).status_code == status
    for name in ("20260101-000000-abcdef", "../../etc/passwd", "x"):
        assert reader.get(f"{PAGE}/{name}").status_code == 404
    assert not shelf.all()


def kept(at: int, state: RehearsalState = RehearsalState.DONE) -> Rehearsal:
    started = datetime(2026, 6, 15, 12, at // 60, at % 60, tzinfo=UTC)
    return Rehearsal(
        id=f"{started:%Y%m%d-%H%M%S}-abcdef",
        drive="d",
        campaign="A campaign",
        who="ada@example.org",
        seed=1,
        speed=100.0,
        started=started,
        state=state,
    )


def test_what_ran_when_its_process_ended_without_a_word_is_told_as_that(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    one = kept(1, RehearsalState.RUNNING)
    with shelf.running():
        shelf.write(one)
        assert shelf.get(one.id) == one
    found = shelf.get(one.id)
    assert found is not None
    assert found.state is RehearsalState.LOST
    assert not shelf.ask_to_end(one.id)


def test_the_newest_fifty_are_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    every = [kept(at) for at in range(KEPT + 5)]
    for one in every:
        shelf.write(one)
    assert shelf.all() == every[:4:-1]
