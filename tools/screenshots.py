"""Takes the README's pictures: starts everything, makes a call, and photographs it in Chromium.

`make screenshots` writes docs/images/*.png. Nothing is drawn by hand, so the pictures can be made
anew whenever the pages change.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from callbridge.app import create_app  # noqa: E402  the project is found only now
from callbridge.service.rolling import roll_up  # noqa: E402
from callbridge.store.migrate import migrate  # noqa: E402
from callbridge.web.people import add_person  # noqa: E402
from tests.chromium import chromium  # noqa: E402
from tests.exchange.browser.phone import Phone  # noqa: E402
from tests.stories.ringing_by_itself import ringing_by_itself  # noqa: E402
from tests.stories.stage import Stage, running_stage  # noqa: E402
from tests.up import Up  # noqa: E402
from tests.web.setting import PASSWORD  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 200_000
DESKTOP = {"width": 1100, "height": 860}
TALL = {"width": 1100, "height": 900}
SMALL = {"width": 360, "height": 640}


def shoot(page: Page | Locator, name: str) -> None:
    """Write one picture; one that is too heavy for a README is refused."""
    file = IMAGES / f"{name}.png"
    page.screenshot(path=file, animations="disabled", scale="css")
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{file.name} has {size:,} bytes, more than {MOST_BYTES:,}.")
    print(f"✓ {file.relative_to(ROOT)}: {size:,} bytes")


def window(browser: Browser, size: dict[str, int]) -> BrowserContext:
    """Open a window that stands still."""
    return browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-US",
    )


def campaign_page(browser: Browser, up: Up) -> None:
    """Photograph the campaign's page on a desk and on a telephone."""
    for size, name in ((DESKTOP, "campaign"), (SMALL, "campaign-small")):
        context = window(browser, size)
        page = context.new_page()
        page.goto(f"{up.web}/c/safety-valve")
        shoot(page, name)
        context.close()


def call(browser: Browser, up: Up) -> None:
    """Photograph the browser phone and the call's page in the middle of a call.

    The campaign is the one whose offices have made-up numbers: no real one belongs in a picture.
    """
    context = window(browser, DESKTOP)
    page = context.new_page()
    page.goto(f"{up.web}/c/sunday-library")
    phone = Phone(context, up.exchange)
    page.get_by_label("Your phone").fill("(202) 555-0147")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Ring my phone").click()
    phone.answer(phone.supporter)
    phone.press("1")
    phone.heard(phone.supporter, "When you are ready to be connected, press 1.")
    phone.press("1")
    phone.answer(phone.office)
    phone.wire("connected")
    for speaker, label, words in (
        (phone.office, "Say to the supporter", "Good morning, the council office."),
        (phone.supporter, "Say to the office", "Hello. Please open the library on Sundays."),
        (phone.office, "Say to the supporter", "Thank you. I will pass that on."),
    ):
        speaker.get_by_label(label).fill(words)
        phone.page.keyboard.press("Enter")
        phone.heard(phone.supporter, words)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Connected to")
    shoot(page, "call")
    phone.page.set_viewport_size(TALL)
    phone.page.evaluate("document.activeElement.blur()")
    shoot(phone.page, "phone")
    hook = phone.page.locator(".event.hook", has_text="action").nth(1)
    hook.locator("summary").click()
    phone.page.evaluate("document.activeElement.blur()")
    shoot(hook, "hook")
    context.close()


PEOPLE = """phone,zip,language,group,consent_source,consent_at
{rows}
303-555-0100,05401,en,east,,
303-555-01,05401,en,east,,
303-555-0197,00000,es,west,,
"""


def people(stage: Stage, count: int) -> str:
    """Return a list of people of several kinds, with three bad lines at its end."""
    chance = Random(5)
    rows = []
    for n in range(count):
        number = f"+1303555{100 + n:04d}"
        stage.supporter(*_keys(chance, n), number=number)
        zone, language = ("05401", "94110", "60614")[n % 3], "es" if n % 5 == 0 else "en"
        rows.append(f"{number},{zone},{language},{('east', 'west')[n % 2]},,")
    return PEOPLE.format(rows="\n".join(rows))


def _keys(chance: Random, n: int) -> list[str]:
    """Return what somebody presses: nothing, too little, a mailbox, or all through four offices."""
    kinds = ([], ["1"], ["1", "#", "#", ""], ["1", "1", "*", "2", ""])
    if n % 3 == 0:
        return kinds[n // 3 % 4]
    return ["1", *(key for _ in range(4) for key in ("1", "*", "1", chance.choice("11122345")))]


def drives(browser: Browser) -> None:
    """Photograph what a list brings, a draft's order, a drive that rings, and the board after it.

    Everything runs at two on a Tuesday, when people may be rung, against the exchange.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/callbridge.sqlite3"
        migrate(url)
        with running_stage(url) as stage:
            stage.change(DRIVE_RAMP_SECONDS="5", OFFICE_MAX_CALLS="6")
            app = create_app(context=stage.ctx)
            add_person(app, email="ada@example.org", password=PASSWORD, roles=["organizer"])
            context = window(browser, DESKTOP)
            _drive(context.new_page(), stage)
            context.close()


def _drive(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/console/sunday-library/drives/new")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Or paste lines here").fill(people(stage, 80))
    page.get_by_label("Where they agreed").fill("sign-up sheet, library fair")
    page.get_by_label("When", exact=True).fill("2026-05-04")
    page.get_by_label("Name").fill("Friends of the library")
    page.get_by_label("Phones a minute").fill("180")
    page.get_by_role("button", name="Look at the list").click()
    shoot(page, "drive-list")
    page.get_by_role("button", name="Make the drive").click()
    page.get_by_text("Start…").click()
    with ringing_by_itself(stage):
        page.get_by_role("button", name="Start the drive").click()
        expect(page.locator("#drive-now")).to_contain_text(
            re.compile(r"\b(?:[8-9]|[1-4]\d) of \d+ people")
        )
        shoot(page, "drive")
    page.get_by_role("link", name="Who would ring").click()
    shoot(page, "drive-order")
    page.go_back()
    with ringing_by_itself(stage):
        expect(page.locator("#drive-now")).to_contain_text(
            re.compile(r"\b[4-7]\d of \d+ people"), timeout=180_000
        )
    roll_up(stage.ctx)
    page.goto(f"{stage.url}/console/sunday-library/board")
    shoot(page, "board")


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        up = Up(Path(folder))
        try:
            up.wait()
            with chromium() as browser:
                campaign_page(browser, up)
                call(browser, up)
                drives(browser)
        finally:
            up.stop()


if __name__ == "__main__":
    main()
