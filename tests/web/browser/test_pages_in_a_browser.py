"""Every page in Chromium: axe finds nothing, nothing scrolls sideways, the fold holds."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from callbridge.service import answers
from callbridge.web.people import add_person
from tests.chromium import look, watched
from tests.web.browser.conftest import Served
from tests.web.setting import PASSWORD
from tests.web.test_call_page import connected, finish_bridge

pytestmark = pytest.mark.browser

NUMBERS = itertools.count(100)
PATHS = (
    "/",
    "/c/attorney-general",
    "/c/safety-valve",
    "/c/sunday-library",
    "/c/safety-valve/script",
    "/c/safety-valve/tell?zip=05401",
    "/stop",
    "/stop?done=yes",
    "/sign-in",
    "/embed/safety-valve",
    "/nothing-here",
)
SCREENS = (
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
)


def number() -> str:
    """Return a number that no other test uses."""
    return f"(202) 555-0{next(NUMBERS)}"


@pytest.mark.parametrize(
    ("screen", "language"),
    [
        pytest.param(SCREENS[0], "en", id="narrow-light-en"),
        pytest.param(SCREENS[1], "es", id="wide-dark-es"),
        pytest.param(SCREENS[0], "es", id="narrow-light-es", marks=pytest.mark.nightly),
        pytest.param(SCREENS[1], "en", id="wide-dark-en", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, served: Served, screen: dict[str, object], language: str
) -> None:
    context = browser.new_context(**screen)  # type: ignore[arg-type]
    page, said = watched(context)
    wrong = {}
    for path in PATHS:
        joint = "&" if "?" in path else "?"
        page.goto(f"{served.url}{path}{joint}lang={language}")
        if found := look(page):
            wrong[path] = found
    context.close()
    assert not wrong
    assert [line for line in said if "404" not in line] == []


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(SCREENS[0], id="narrow-light"),
        pytest.param(SCREENS[1], id="wide-dark", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_on_a_call_at_any_moment_nor_on_a_form_with_errors(
    browser: Browser, served: Served, screen: dict[str, object]
) -> None:
    context = browser.new_context(**screen)  # type: ignore[arg-type]
    page, _said = watched(context)
    wrong = {}
    call = connected(served.site, "safety-valve", phone=number())
    page.goto(f"{served.url}/calls/{call}")
    wrong["connected"] = look(page)
    finish_bridge(served.site, 3)
    page.goto(f"{served.url}/calls/{call}")
    wrong["surveying"] = look(page)
    page.goto(f"{served.url}/c/safety-valve")
    page.get_by_label("Your phone").fill("12")
    page.get_by_label("ZIP", exact=True).fill("10001")
    page.get_by_role("button", name="Ring my phone").click()
    wrong["errors"] = look(page)
    page.get_by_label("Your phone").fill(number())
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Ring my phone").click()
    expect(page.get_by_text("Who represents you?")).to_be_visible()
    wrong["choice"] = look(page)
    page.goto(f"{served.url}/c/attorney-general")
    page.get_by_label("Your phone").fill(number())
    page.get_by_label("ZIP", exact=True).fill("05401")
    page.locator("input[name=consent]").check()
    page.get_by_text("Ring me at another time").click()
    page.get_by_label("How often").select_option("weekly")
    wrong["another time"] = look(page)
    page.get_by_role("button", name="Ring me then").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We ring you on")
    wrong["planned"] = look(page)
    context.close()
    assert not {where: found for where, found in wrong.items() if found}


def test_axe_finds_nothing_in_the_console(browser: Browser, served: Served) -> None:
    add_person(served.site.app, email="eve@example.org", password=PASSWORD, roles=["admin"])
    call = connected(served.site, phone=number())
    finish_bridge(served.site, 3)
    answers.report(served.site.ctx, call, leg=1, question="happened", meaning="voicemail")
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page, said = watched(context)
    page.goto(f"{served.url}/console/attorney-general")
    page.get_by_label("Email address").fill("eve@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Attorney General")
    wrong = look(page)
    page.get_by_role("button", name=re.compile("Pause")).click()
    expect(page.get_by_text("paused")).to_be_visible()
    page.get_by_role("button", name=re.compile("Resume")).click()
    page.goto(f"{served.url}/console")
    wrong += look(page)
    context.close()
    assert not wrong
    assert not said


@pytest.mark.parametrize("slug", ["attorney-general", "safety-valve"])
def test_title_summary_fields_and_button_stand_above_the_fold(
    browser: Browser, served: Served, slug: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{served.url}/c/{slug}")
    box = page.get_by_role("button", name="Ring my phone").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640
    context.close()


def test_the_page_of_a_call_follows_it_live(browser: Browser, served: Served) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page, said = watched(context)
    page.goto(f"{served.url}/c/attorney-general")
    page.get_by_label("Your phone").fill(number())
    page.get_by_label("ZIP", exact=True).fill("05401")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Ring my phone").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your phone is ringing")
    served.site.voice(0)
    expect(heading).to_have_text("You are on the line", timeout=10_000)
    served.site.voice(1, Digits="1")
    expect(heading).to_contain_text("Next: Senator", timeout=10_000)
    served.site.voice(2, Digits="1")
    expect(heading).to_contain_text("Calling Senator", timeout=10_000)
    finish_bridge(served.site, 3)
    served.site.voice(4, Digits="2")
    expect(page.get_by_label("Left a message")).to_be_checked(timeout=10_000)
    page.get_by_label("Talked with someone").check()
    page.get_by_label("Undecided").check()
    page.get_by_role("button", name="Correct this").click()
    expect(page.get_by_text("We have kept that")).to_be_visible()
    expect(page.get_by_label("Undecided")).to_be_checked()
    context.close()
    assert not said


def test_the_whole_way_works_without_javascript(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/c/attorney-general")
    page.get_by_label("Your phone").fill(number())
    page.get_by_label("ZIP", exact=True).fill("05401")
    page.locator("input[name=consent]").check()
    page.get_by_role("button", name="Ring my phone").click()
    served.site.voice(0)
    page.get_by_role("link", name="See where the call stands now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the line")
    context.close()


def test_the_form_is_sent_by_keyboard_alone(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/c/attorney-general")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Go to the content")).to_be_focused()
    page.get_by_label("Your phone").focus()
    page.keyboard.type(number())
    page.keyboard.press("Tab")
    page.keyboard.type("05401")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your phone is ringing")
    context.close()


@contextmanager
def another_site(html: str) -> Iterator[str]:
    """Serve one page from another origin on loopback."""

    def page(_environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [html.encode()]

    server = make_server("127.0.0.1", 0, page, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}/blog"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_form_works_in_a_frame_of_another_site(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    host = f'<iframe src="{served.url}/embed/attorney-general" title="x"></iframe>'
    with another_site(host) as address:
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.get_by_label("Your phone").fill(number())
        frame.get_by_label("ZIP", exact=True).fill("05401")
        frame.locator("input[name=consent]").check()
        frame.get_by_role("button", name="Ring my phone").click()
        expect(frame.get_by_role("heading", level=1)).to_have_text("Your phone is ringing")
        context.close()


def test_the_picture_of_a_campaign_is_drawn(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/c/attorney-general")
    picture = page.locator("figure img")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    context.close()
