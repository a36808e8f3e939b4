"""The organizers' own pages in Chromium: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from callbridge.post.webhooks import WebPoster
from callbridge.rehearsal.keeping import Shelf
from callbridge.rehearsal.starting import BesideTheWeb
from callbridge.service.deliveries import webhooks
from callbridge.service.money.ceilings import set_ceiling
from callbridge.service.rehearsals import Rehearsal, RehearsalState
from callbridge.web.people import add_person
from tests.chromium import look, watched
from tests.web.browser.conftest import Served
from tests.web.setting import PASSWORD

pytestmark = pytest.mark.browser

SLUG = "attorney-general"
SCREENS = (
    {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
)
OFFICE = {"phone": "+12025550161", "name": "Alex Padilla", "city": "Washington"}
RESULT: dict[str, Any] = {
    "complete": True,
    "first": "2026-06-15T13:30:02Z",
    "ends": "2026-06-16T23:21:42Z",
    "seconds": 121899.9,
    "supporter_cost": 1.61,
    "office_cost": 0.9,
    "estimated_cost": {"low": 0.0, "likely": 2.3, "high": 3.15},
    "people": 40,
    "rings": 86,
    "answered": 54,
    "keyed": 27,
    "office_calls": 51,
    "by_cause": {"reached": 27, "hung-up": 9, "no-answer": 3, "failed-number": 1},
    "hours": [{"at": "2026-06-15T13:00:00Z", "rings": 21, "answered": 12, "offices": 8}],
    "offices": [OFFICE | {"calls": 5, "at_once": 2, "in_a_minute": 2}],
    "cap_at_once": 4,
    "cap_in_a_minute": 6,
    "faults": [OFFICE | {"calls": 3, "kind": "wrong-number", "suspected": "dead"}],
    "board": [
        {"target": "P000145", "truth": "supports", "position": "supports", "majority": "opposes"}
    ],
}


def furnish(served: Served, folder: Path) -> str:
    """Give the site something to show on each page; return the id of a rehearsal."""
    object.__setattr__(served.site.ctx, "rehearser", BesideTheWeb(folder))
    ctx = replace(served.site.ctx, poster=WebPoster(loopback=True))
    webhooks.add(
        ctx, SLUG, "http://127.0.0.1:9/hooks/of-the-league", events=("call.ended",), by="ada"
    )
    set_ceiling(ctx, f"campaign:{SLUG}", by="ada", day=12.5, total=100)
    done = Rehearsal(
        id="20260615-120000-abcdef",
        drive="d",
        campaign="A campaign",
        who="ada@example.org",
        seed=1,
        speed=100.0,
        started=datetime(2026, 6, 15, 12, tzinfo=UTC),
        state=RehearsalState.DONE,
        result=RESULT,
    )
    Shelf(folder).write(done)
    return done.id


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(SCREENS[0], id="narrow-light"),
        pytest.param(SCREENS[1], id="wide-dark", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_on_the_organizers_pages(
    browser: Browser, served: Served, tmp_path: Path, screen: dict[str, Any]
) -> None:
    rehearsal = furnish(served, tmp_path)
    email = f"olga{SCREENS.index(screen)}@example.org"
    add_person(served.site.app, email=email, password=PASSWORD, roles=["organizer", "analyst"])
    context = browser.new_context(**screen)
    page, said = watched(context)
    page.goto(f"{served.url}/console/{SLUG}/webhooks")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="of-the-league").first).to_be_visible()
    wrong = {"webhooks": look(page)}
    paths = (
        f"/console/{SLUG}",
        f"/console/{SLUG}/drives/new",
        "/console/mail",
        "/console/health",
        f"/console/rehearsals/{rehearsal}",
    )
    for path in paths:
        answer = page.goto(served.url + path)
        assert answer is not None
        assert answer.status == 200, path
        wrong[path] = look(page)
    context.close()
    assert not {where: found for where, found in wrong.items() if found}
    assert not said
