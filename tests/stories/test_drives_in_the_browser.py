"""An organizer's drive in Chromium, from a list with errors to its end, against the exchange."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from callbridge.app import create_app
from callbridge.web.people import add_person
from tests.chromium import chromium, look, watched
from tests.stories.ringing_by_itself import ringing_by_itself
from tests.stories.stage import Stage, running_stage, until
from tests.web.setting import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ADA = "ada@example.org"
DRIVES = "/console/attorney-general/drives"
HEADER = "phone,zip,language,group,consent_source,consent_at"
PEOPLE = 14
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1100, "height": 860}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium for this story."""
    with chromium() as started:
        yield started


@pytest.fixture
def stage(sqlite_template: Path, tmp_path: Path) -> Iterator[Stage]:
    """Put a stage up whose offices take everybody, with one organizer."""
    path = tmp_path / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    with running_stage(f"sqlite:///{path}") as running:
        running.change(
            DRIVE_RAMP_SECONDS="0", OFFICE_MAX_CALLS="100", OFFICE_CALLS_PER_MINUTE="1000"
        )
        app = create_app(context=running.ctx)
        add_person(app, email=ADA, password=PASSWORD, roles=["organizer"])
        yield running
        running.strike()


def listed(stage: Stage) -> bytes:
    """Return a list of people who press 1 and skip every office, with three bad lines."""
    rows = []
    for n in range(PEOPLE):
        number = f"+1303555{100 + n:04d}"
        stage.supporter("1", "#", "#", "", number=number)
        rows.append(f"{number},{('05401', '94110')[n % 2]},en,{('east', 'west')[n % 2]},rally,")
    bad = ("no phone,05401,,,rally,", f"{rows[0]}", "303-555-0180,00000,,,rally,")
    return "\n".join((HEADER, *rows, *bad)).encode()


def looked(page: Page) -> list[str]:
    """Look at a page narrow and light; then wide and dark, at its colours."""
    found = []
    for size, scheme, only in ((NARROW, "light", None), (WIDE, "dark", "color-contrast")):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{page.url} {scheme}: {one}" for one in look(page, only=only)]
    return found


def done(page: Page) -> int:
    """Return how many people the page says are done."""
    found = re.search(r"(\d+) of \d+ people are done", page.inner_text("#drive-now"))
    return int(found[1]) if found else 0


def test_a_drive_is_uploaded_looked_at_started_paused_resumed_and_finished(
    browser: Browser, stage: Stage
) -> None:
    context = browser.new_context(viewport={"width": 1100, "height": 860}, locale="en-US")
    page, said = watched(context)
    page.goto(f"{stage.url}{DRIVES}")
    page.get_by_label("Email address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="New drive").click()
    wrong = looked(page)
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a file")
    page.get_by_label("A CSV file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": listed(stage)}
    )
    page.get_by_label("When", exact=True).fill("2026-05-04")
    page.get_by_label("Name").fill("Tuesday")
    page.get_by_label("From", exact=True).fill("08:00")
    page.get_by_label("Until", exact=True).fill("21:00")
    page.get_by_label("Phones a minute").fill("120")
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this list brings")
    bad = page.get_by_role("region", name="Lines that are left out").get_by_role("row")
    expect(bad).to_have_count(4)
    expect(bad.nth(2)).to_contain_text("This number stands in line 2 already.")
    wrong += looked(page)
    page.get_by_role("button", name=f"Make the drive with {PEOPLE} people").click()
    expect(page.locator("#drive-state")).to_have_text("draft")
    page.get_by_text("Start…").click()
    wrong += looked(page)
    page.get_by_role("link", name="Who would ring").click()
    expect(page.get_by_text(f"{PEOPLE} of {PEOPLE} waiting people")).to_be_visible()
    wrong += looked(page)
    page.go_back()
    assert not stage.control.calls()
    with ringing_by_itself(stage):
        page.get_by_text("Start…").click()
        page.get_by_role("button", name="Start the drive").click()
        expect(page.locator("#drive-state")).to_have_text("running")
        until(lambda: done(page) >= 3)
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("#drive-state")).to_have_text("paused")
        expect(page.locator("#drive-now")).to_contain_text(re.compile(r"\b0\s+calls now"))
        held = len(stage.control.calls())
        wrong += looked(page)
        assert held == len(stage.control.calls()) < PEOPLE
        # Slow enough that somebody still waits when it is called finished, on any machine.
        page.get_by_label("Phones a minute").fill("6")
        page.get_by_role("button", name="Change").click()
        expect(page.locator(".history")).to_contain_text("starts a second 2.0 → 0.1")
        page.get_by_role("button", name="Let it go on").click()
        expect(page.locator("#drive-state")).to_have_text("running")
        until(lambda: done(page) > held)
        page.get_by_text("Call it finished…").click()
        page.get_by_role("button", name="Yes, it is finished").click()
        expect(page.locator("#drive-state")).to_have_text("finished")
        expect(page.locator("#drive-now")).to_contain_text(f"{PEOPLE} of {PEOPLE} people are done")
    expect(page.locator("#drive-counts")).to_contain_text("were left out")
    expect(page.locator(".history")).to_contain_text(f"{ADA} called it finished")
    wrong += looked(page)
    page.get_by_role("link", name="Phone drives").click()
    wrong += looked(page)
    context.close()
    assert not wrong
    assert not [line for line in said if "422" not in line]
