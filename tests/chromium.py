"""The one way in which tests start Chromium.

A fixture made of it lasts a module or a package, never the whole run: while it is open, its
thread counts as running an event loop, and `asyncio.run` elsewhere would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# A busy machine is slow, never wrong.
expect.set_options(timeout=15_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, or skip in words where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed ({CHROMIUM}): no page was looked at in a browser.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


def look(page: Page, *, only: str | None = None) -> list[str]:
    """List what axe finds on a page, by one rule or by all, and whether it scrolls sideways."""
    # Of a page that is still coming in, axe would judge what stands there so far.
    page.wait_for_load_state()
    options = {"runOnly": [only]} if only else None
    found = [
        f"{one['id']}: {node['html'][:120]}"
        for one in Axe().run(page, options=options).response["violations"]
        for node in one["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, *([f"scrolls sideways by {wide}px"] if wide > 0 else [])]


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """Open a page whose console is watched: policy violations are written there."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:"))
            else said.append(f"asked elsewhere: {request.url}")
        ),
    )
    return page, said
