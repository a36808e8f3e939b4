"""The public counter: where the organizer allows it, what the carrier confirmed, never a few."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from callbridge.library import files
from callbridge.service import publishing
from callbridge.service.rolling import roll_up
from tests.web.setting import CAMPAIGNS, Site
from tests.web.test_call_page import connected, finish_bridge

API = "/api/v1/campaigns/attorney-general/counter"


@pytest.fixture
def counting(site: Site) -> Site:
    """Return a site whose campaign shows its counter."""
    documents = dict(files.files_of(CAMPAIGNS / "attorney-general"))
    documents["campaign.toml"] = b"public_counter = true\n" + documents["campaign.toml"]
    publishing.publish(site.ctx, "attorney-general", documents)
    return site


def reach(site: Site, count: int, *, first: int = 0) -> None:
    """Let so many calls reach an office."""
    for n in range(first, first + count):
        connected(site, phone=f"(202) 555-01{n:02}")
        finish_bridge(site, 3)
        path = f"/voice/{site.line.placed[-1].token}/status"
        site.hook(path, site.leg(CallStatus="completed", CallDuration="90"))
    roll_up(site.ctx)


def test_a_campaign_shows_no_counter_unless_its_organizer_says_so(site: Site) -> None:
    reach(site, 1)
    assert site.app.test_client().get(API).status_code == 404
    assert site.app.test_client().get("/c/attorney-general/counter.svg").status_code == 404
    assert 'class="counter"' not in site.reader().get("/c/attorney-general").text


def test_only_connected_calls_count_and_a_few_are_not_shown(counting: Site) -> None:
    site, client = counting, counting.app.test_client()
    place = site.ctx.directory.lookup("05401", on=site.clock.now().date())
    form = {"zip": "05401", "target": place.senators[0].bioguide, "q.happened": "spoke"}
    assert site.reader().post("/c/attorney-general/tell", data=form).status_code == 303
    reach(site, 9)
    few = client.get(API)
    assert (few.json["calls"], few.json["members"], few.json["least"]) == (None, None, 10)
    assert "10" in client.get("/c/attorney-general/counter.svg").text
    reach(site, 1, first=9)
    connected(site, phone="(202) 555-0150")
    site.voice(3, DialCallStatus="busy")
    roll_up(site.ctx)
    assert client.get(API).json["calls"] is None  # kept for a minute
    site.clock.forward(seconds=30)
    assert client.get(API).headers["Age"] == "30"
    site.clock.forward(seconds=30)
    shown = client.get(API)
    assert (shown.json["calls"], shown.json["age"]) == (10, 0)
    assert shown.json["members"] in {1, 2}
    assert shown.headers["Cache-Control"] == "public, max-age=60"
    assert shown.headers["Access-Control-Allow-Origin"] == "*"
    assert "10 calls" in site.reader().get("/c/attorney-general").text
    picture = client.get("/c/attorney-general/counter.svg?lang=es")
    assert "10 llamadas" in "".join(ElementTree.fromstring(picture.text).itertext())
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
