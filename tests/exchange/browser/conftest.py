"""The browser phone in a real Chromium, on an exchange that keeps the wall's time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from callbridge.exchange.running import ExchangeThread
from tests.chromium import chromium
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, conversation


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all of these tests."""
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open windows of one person; they are closed after the test."""
    opened = browser.new_context(viewport={"width": 1100, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def exchange(app: AnsweringApp) -> Iterator[ExchangeThread]:
    """Run an exchange whose application knows a call with one office and one question."""
    conversation(app)
    with ExchangeThread(app_url=app.url, numbers=[NUMBER]) as running:
        yield running
