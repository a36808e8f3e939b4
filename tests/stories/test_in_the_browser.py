"""The whole service as `up` starts it, and two tabs of one browser: page and telephone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import chromium, watched
from tests.exchange.browser.phone import Phone
from tests.up import Up

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """Start everything in an empty folder, and see that it is gone afterwards."""
    started = Up(tmp_path_factory.mktemp("up"))
    try:
        started.wait()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start one Chromium for these stories."""
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open the tabs of one person."""
    opened = browser.new_context(viewport={"width": 1100, "height": 900}, locale="en-US")
    yield opened
    opened.close()


def ask_for_a_call(page: Page, *, phone: str) -> None:
    """Fill in step 1 and send it."""
    page.get_by_label("Your phone").fill(phone)
    page.get_by_label("ZIP", exact=True).fill("05401")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Ring my phone").click()


def key(phone: Phone, name: str) -> None:
    """Press one key where keys are awaited, and see that the exchange has taken it."""
    taken = phone.page.locator(".event.gathered")
    before = taken.count()
    phone.press(name)
    expect(taken).to_have_count(before + 1)


@pytest.mark.parametrize(
    ("slug", "number", "office", "skipped"),
    [
        ("attorney-general", "(202) 555-0141", "Senator", 1),
        ("safety-valve", "(202) 555-0142", "Representative Becca Balint", 2),
    ],
)
def test_a_call_is_asked_for_answered_bridged_surveyed_shown_and_corrected(
    up: Up, context: BrowserContext, slug: str, number: str, office: str, skipped: int
) -> None:
    page, said = watched(context)
    page.goto(f"{up.web}/c/{slug}")
    phone = Phone(context, up.exchange)
    ask_for_a_call(page, phone=number)
    headline = page.get_by_role("heading", level=1)
    expect(headline).to_have_text("Your phone is ringing")

    expect(phone.supporter.locator(".ring")).to_contain_text("(202) 555-0100")
    phone.answer(phone.supporter)
    phone.heard(phone.supporter, "You asked us to connect you")
    expect(headline).to_have_text("You are on the line")
    key(phone, "1")
    phone.heard(phone.supporter, "When you are ready to be connected, press 1.")
    expect(headline).to_contain_text(f"Next: {office}")
    key(phone, "1")
    phone.heard(phone.supporter, "Nothing is recorded.")
    phone.answer(phone.office)
    phone.wire("connected")
    expect(headline).to_contain_text(f"Connected to {office}")
    phone.office.get_by_label("Say to the supporter").fill("No, the member opposes this.")
    phone.page.keyboard.press("Enter")
    phone.heard(phone.supporter, "No, the member opposes this.")
    phone.office.get_by_role("button", name="Hang up").click()

    phone.heard(phone.supporter, "How did it go?")
    expect(headline).to_have_text("How did it go?")
    key(phone, "1")
    phone.heard(phone.supporter, "Opposes it: press 3.")
    key(phone, "3")
    phone.heard(phone.supporter, "You said: talked with someone, opposes it.")
    for _ in range(skipped):
        key(phone, "#")
    phone.heard(phone.supporter, "The call is over.")

    expect(headline).to_have_text("Thank you for calling")
    card = page.locator("form.office")
    expect(card.get_by_label("Talked with someone")).to_be_checked()
    expect(card.get_by_label("Opposes it")).to_be_checked()
    card.get_by_label("Undecided").check()
    card.get_by_role("button", name="Correct this").click()
    expect(page.get_by_text("Thank you. We have kept that.")).to_be_visible()
    page.reload()
    expect(page.locator("form.office").get_by_label("Undecided")).to_be_checked()

    call = page.locator("#call").get_attribute("data-api") or ""
    (leg,) = json.loads(up.get(call))["legs"]
    assert [
        (one["meaning"], one["source"], one["superseded"])
        for one in leg["answers"]
        if one["question"] == "position"
    ] == [("opposes", "keypad", True), ("undecided", "web", False)]
    assert phone.page.locator(".event.warning").count() == 0
    assert said == phone.said == []
