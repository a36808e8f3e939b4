"""The analyst's pages, and the pages behind supporters' links, over a made world in Chromium."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from benchmarks.generate import SLUG, generate
from callbridge.store import Database
from callbridge.web.people import add_person
from tests.chromium import look, watched
from tests.web.browser.conftest import Served
from tests.web.setting import PASSWORD, site_on
from tests.web.test_call_page import connected, finish_bridge

pytestmark = pytest.mark.browser

SCREENS = (
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
)
# The pages are long, and axe reads every row of them: the second screen's turn comes at night.
BOTH = (
    pytest.param(SCREENS[0], id="narrow-dark"),
    pytest.param(SCREENS[1], id="wide-light", marks=pytest.mark.nightly),
)
PAGES = (
    f"/console/{SLUG}/board",
    f"/console/{SLUG}/offices",
    f"/console/{SLUG}/signals",
    f"/console/{SLUG}/figures",
    f"/console/{SLUG}/log",
    f"/console/{SLUG}/compare",
    "/console/health",
)


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a site whose database holds a made world of three hundred calls."""
    path = tmp_path_factory.mktemp("made") / "callbridge.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    generate(database, count=300, seed=5)
    site = site_on(database, f"sqlite:///{path}", TEXT_FROM="+12025550100")
    add_person(site.app, email="ann@example.org", password=PASSWORD, roles=["admin"])
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(site=site, url=f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()
    database.close()


@pytest.mark.nightly
@pytest.mark.timeout(300)
@pytest.mark.parametrize("screen", BOTH)
def test_axe_finds_nothing_on_the_analysts_pages_and_counts_lead_to_their_calls(
    browser: Browser, made: Served, screen: dict[str, object]
) -> None:
    context = browser.new_context(**screen, locale="en-US")  # type: ignore[arg-type]
    page, said = watched(context)
    page.goto(f"{made.url}/console")
    page.get_by_label("Email address").fill("ann@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    wrong = {}
    for path in PAGES:
        answer = page.goto(f"{made.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        if found := look(page):
            wrong[path] = found
    page.goto(f"{made.url}/console/{SLUG}/figures")
    page.locator("section", has=page.locator("#desks")).locator("summary").click()
    office = page.locator("#desks-table a").first
    name = office.inner_text()
    office.click()
    expect(page.locator("h2#reach")).to_have_text(f"When {name} answers")
    expect(page.locator("#reach-table")).to_be_attached()
    page.goto(f"{made.url}/console/{SLUG}/offices")
    count = page.locator("td.figure a").first
    expect(count).to_have_attribute("href", re.compile("office="))
    count.click()
    expect(page.get_by_role("heading", name=re.compile("^Filter: "))).to_contain_text("office")
    context.close()
    assert not wrong
    assert said == []


@pytest.mark.parametrize("screen", BOTH)
def test_axe_finds_nothing_behind_a_supporters_links(
    browser: Browser, made: Served, screen: dict[str, object]
) -> None:
    site = made.site
    number = f"(202) 555-01{70 + SCREENS.index(screen)}"  # type: ignore[arg-type]
    call = connected(site, "safety-valve", phone=number)
    finish_bridge(site, 3)
    site.hook(
        f"/voice/{site.line.placed[-1].token}/status",
        site.leg(CallStatus="completed", CallDuration="90"),
    )
    context = browser.new_context(**screen, locale="es")  # type: ignore[arg-type]
    page, said = watched(context)
    wrong = {}

    def see(name: str) -> None:
        if found := look(page):
            wrong[name] = found

    page.goto(f"{made.url}/calls/{call}")
    see("call")
    hrefs = page.locator("#links a").evaluate_all("all => all.map(one => one.href)")
    survey, own = (f"{made.url}{urlsplit(href).path}" for href in hrefs)
    page.goto(survey)
    see("survey")
    page.get_by_label("Habló con alguien").check()
    page.get_by_role("button", name="Enviar").click()
    expect(page.get_by_role("heading", name="Gracias")).to_be_visible()
    see("survey used")
    page.get_by_role("link", name="Su propia página").first.click()
    assert page.url.startswith(own)
    page.locator("details summary").first.click()
    see("own page")
    page.get_by_role("button", name="Borrar").click()
    see("own page, box not ticked")
    page.get_by_label("Sí, borren mis datos").check()
    page.get_by_role("button", name="Borrar").click()
    expect(page.get_by_role("heading", name="Borrado")).to_be_visible()
    see("erased")
    page.goto(f"{made.url}/mine")
    see("send me my link")
    page.goto(f"{made.url}/c/safety-valve")
    see("campaign with the text box")
    for slug in ("safety-valve", SLUG):
        page.goto(f"{made.url}/c/{slug}")
        box = page.locator("button.go").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 640, slug  # above the fold of the smallest phone
    page.get_by_text("los enlaces por mensaje").click()
    see("the text box")
    context.close()
    assert not wrong
    assert [line for line in said if "422" not in line] == []
