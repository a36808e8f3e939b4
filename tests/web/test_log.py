"""The log's pages: search is posted and noted, pages follow each other, filters are kept."""

from __future__ import annotations

from html import unescape

import pytest

from callbridge.library import files
from callbridge.service import publishing, reading, searching
from tests.web.setting import CAMPAIGNS, Site, csrf_of, signed_in

SLUG = "safety-valve"
LOG = f"/console/{SLUG}/log"


def test_an_analyst_finds_a_call_by_its_number_and_the_page_does_not_repeat_it(site: Site) -> None:
    call = site.call(SLUG, phone="(202) 555-0151")
    reader = signed_in(site, "analyst")
    page = reader.get(LOG)
    form = {"csrf_token": csrf_of(page.text), "number": "202-555-0151"}
    answer = reader.post(LOG, data=form)
    assert "Found: 1 call" in answer.text
    assert f"/calls/{call}" in answer.text
    assert "5550151" not in answer.text and "555-0151" not in answer.text
    assert "analyst@example.org" in answer.text


def test_half_a_number_is_refused_beside_its_field(site: Site) -> None:
    reader = signed_in(site, "analyst")
    form = {"csrf_token": csrf_of(reader.get(LOG).text), "number": "555-01"}
    answer = reader.post(LOG, data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("role", ["organizer", ""])
def test_only_analysts_see_the_log(site: Site, role: str) -> None:
    reader = signed_in(site, role) if role else site.reader()
    assert reader.get(LOG).status_code == (403 if role else 302)


def test_older_calls_are_a_link_away(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 1)
    calls = []
    for number in (151, 152):
        calls.append(site.call(SLUG, phone=f"(202) 555-0{number}"))
        site.clock.forward(minutes=1)
    reader = signed_in(site, "analyst")
    page = reader.page(f"{LOG}?channel=api")
    assert f"/calls/{calls[1]}" in page.links
    older = next(link for link in page.links if "after=" in link)
    assert "channel=api" in older
    assert f"/calls/{calls[0]}" in reader.page(older).links


def test_a_filter_is_saved_and_offered_on_the_page(site: Site) -> None:
    reader = signed_in(site, "analyst")
    figures = f"/console/{SLUG}/figures"
    token = csrf_of(reader.get(f"{figures}?state=VT").text)
    form = {"csrf_token": token, "name": "Vermont", "state": "VT"}
    answer = reader.post(f"/console/{SLUG}/filters", data=form)
    assert (answer.status_code, answer.location) == (303, f"{figures}?state=VT")
    assert ">Vermont</a>" in reader.get(figures).text
    reader.post(f"/console/{SLUG}/filters", data=form | {"forget": "yes"})
    assert ">Vermont</a>" not in reader.get(figures).text


def test_two_revisions_stand_side_by_side_with_a_warning(site: Site) -> None:
    reader = signed_in(site, "organizer")
    assert "only one revision" in reader.get(f"/console/{SLUG}/compare").text
    first = reading.campaign(site.ctx, SLUG).digest
    changed = dict(files.files_of(CAMPAIGNS / SLUG))
    changed["page.md"] += b"\n\nOne more line.\n"
    second = publishing.publish(site.ctx, SLUG, changed).digest
    site.call(SLUG)
    page = unescape(reader.get(f"/console/{SLUG}/compare?first={first}&second={second}").text)
    assert "Small numbers" in page
    assert "Nobody tossed a coin" in page
    assert page.count('<td class="figure">1.000</td>') == 4
