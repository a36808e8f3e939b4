"""The browser phone as a person sees it: where things are, and what one does with them."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, expect

from tests.chromium import watched


class Phone:
    """One window with one or both phones. `said` is what the console complains of."""

    def __init__(self, context: BrowserContext, url: str, ends: str = "") -> None:
        self.page, self.said = watched(context)
        self.page.goto(f"{url}/?ends={ends}" if ends else url)
        expect(self.page.locator("#people-hint")).not_to_be_empty()

    @property
    def supporter(self) -> Locator:
        """Return the supporter's phone."""
        return self.page.locator("#supporter")

    @property
    def office(self) -> Locator:
        """Return the office's phone."""
        return self.page.locator("#office")

    def answer(self, phone: Locator) -> None:
        """Pick a ringing phone up."""
        phone.get_by_role("button", name="Answer").click()
        expect(phone.get_by_role("button", name="Hang up")).to_be_visible()

    def press(self, key: str) -> None:
        """Press a key when the phone listens for keys."""
        expect(self.page.locator("#supporter.waiting")).to_be_visible()
        self.page.keyboard.press(key)

    def heard(self, phone: Locator, words: str) -> None:
        """See words among a phone's captions."""
        expect(phone.get_by_role("log")).to_contain_text(words)

    def wire(self, state: str) -> None:
        """See how the wire between the phones stands."""
        expect(self.page.locator("#wire")).to_have_attribute("data-state", state)

    def until_connected(self) -> None:
        """Carry the test conversation up to the bridge, both ends by hand."""
        self.answer(self.supporter)
        self.press("1")
        self.answer(self.office)
        self.wire("connected")
