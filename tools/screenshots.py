"""Takes the README's pictures: starts everything, makes a call, and photographs it in Chromium.

`make screenshots` writes docs/images/*.png. Nothing is drawn by hand, so the pictures can be made
anew whenever the pages change.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.chromium import chromium  # noqa: E402  the project is found only now
from tests.exchange.browser.phone import Phone  # noqa: E402
from tests.up import Up  # noqa: E402

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
        finally:
            up.stop()


if __name__ == "__main__":
    main()
