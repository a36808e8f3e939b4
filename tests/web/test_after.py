"""The survey's link and a supporter's own page as pages: no trace, no prefetch, two languages."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.web.setting import Site
from tests.web.test_call_page import chosen, connected, finish_bridge


@pytest.fixture
def call(site: Site) -> str:
    """Return a call whose supporter hung up after the first office."""
    made = connected(site)
    finish_bridge(site, 3)
    path = f"/voice/{site.line.placed[-1].token}/status"
    site.hook(path, site.leg(CallStatus="completed", CallDuration="90"))
    return made


def links(site: Site, call: str, where: str = "/calls/") -> tuple[str, str]:
    """Return the paths of the survey and of the own page that a call's page shows."""
    found = [urlsplit(link).path for link in site.reader().page(where + call).links]
    (survey,) = {link for link in found if link.startswith("/answer/")}
    (page,) = {link for link in found if link.startswith("/mine/")}
    return survey, page


def test_the_links_are_there_once_the_call_is_over_on_our_page_and_in_frames(site: Site) -> None:
    made = connected(site)
    assert "/answer/" not in site.reader().get(f"/calls/{made}").text
    finish_bridge(site, 3)
    path = f"/voice/{site.line.placed[-1].token}/status"
    site.hook(path, site.leg(CallStatus="completed", CallDuration="90"))
    assert links(site, made) == links(site, made, "/embed/calls/")
    text = site.reader().get(f"/embed/calls/{made}").text
    assert 'target="_blank"' in text[text.index("/answer/") :]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_survey_is_answered_once_and_leads_to_the_own_page(
    site: Site, call: str, language: str
) -> None:
    survey, page = links(site, call)
    for _ in range(2):
        assert not chosen(site.reader().page(f"{survey}?lang={language}"))
    nothing = site.reader().post(survey, data={})
    assert nothing.status_code == 422
    form = {"leg1.q.happened": "spoke", "leg1.q.position": "opposes"}
    answer = site.reader().post(f"{survey}?lang={language}", data=form)
    assert answer.status_code == 303
    after = site.reader().page(answer.location)
    assert [link for link in after.links if urlsplit(link).path == page]
    assert not after.fields
    again = site.reader().post(survey, data=form | {"leg1.q.position": "supports"})
    assert again.status_code == 409
    assert chosen(site.reader().page(f"/calls/{call}")) == ["spoke", "opposes"]


@pytest.mark.parametrize("value", ["nonsense", "supports"])
def test_an_answer_that_is_none_uses_nothing_up(site: Site, call: str, value: str) -> None:
    survey, _ = links(site, call)
    assert site.reader().post(survey, data={"leg1.q.happened": value}).status_code == 422
    assert site.reader().post(survey, data={"leg1.q.happened": "nobody"}).status_code == 303


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_own_page_shows_corrects_stops_and_erases(site: Site, call: str, language: str) -> None:
    _, page = links(site, call)
    shown = site.reader().get(f"{page}?lang={language}")
    assert shown.status_code == 200
    assert "555" not in shown.text.split("<footer")[0]
    corrected = site.reader().post(
        f"{page}/calls/{call}", data={"leg1.q.happened": "spoke", "leg1.q.position": "undecided"}
    )
    assert corrected.status_code == 303
    assert chosen(site.reader().page(corrected.location)) == ["spoke", "undecided"]
    assert site.reader().post(f"{page}/calls/{call}", data={}).status_code == 422
    assert site.reader().post(f"{page}/calls/none", data={}).status_code == 422
    assert site.reader().post(f"{page}/stop").status_code == 303
    assert site.ask().status_code == 409
    assert site.reader().post(f"{page}/erase").status_code == 422
    assert site.reader().post(f"{page}/erase", data={"sure": "yes"}).status_code == 303
    erased = site.reader().page(f"{page}?lang={language}")
    assert not erased.fields
    assert call not in site.reader().get(page).text
    assert "/mine/" not in site.reader().get(f"/calls/{call}").text


def test_the_own_page_lists_what_is_planned_and_only_ones_own(site: Site, call: str) -> None:
    _, page = links(site, call)
    asked = {"later": "yes", "day": "1", "time": "600"}
    assert site.ask(**asked, repeat="weekly").status_code == 303
    # Somebody else typed the same number elsewhere: their page shows it, this one does not.
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes", **asked, "repeat": "once"}
    other = site.app.test_client().post(
        "/c/attorney-general", data=form, environ_overrides=elsewhere
    )
    assert "/ring/" in other.location
    shown = site.reader().get(page).text
    assert "every Wednesday at 10:00" in shown
    rings = set(re.findall(r'href="(/ring/\w+)"', shown))
    assert len(rings) == 1
    assert rings.isdisjoint({other.location.split("?")[0]})
    assert site.reader().post(f"{rings.pop()}/stop").status_code == 303
    assert "Calls that are planned" not in site.reader().get(page).text


@pytest.mark.parametrize("which", [0, 1])
def test_pages_behind_links_leave_no_trace_and_cannot_be_framed(
    site: Site, call: str, which: int
) -> None:
    headers = site.reader().get(links(site, call)[which]).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in headers


def test_a_form_behind_a_link_is_taken_from_browsers_that_name_no_origin_only(
    site: Site, call: str
) -> None:
    _, page = links(site, call)
    client = site.app.test_client()
    assert client.post(f"{page}/stop", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(f"{page}/stop", headers={"Origin": "https://evil.test"}).status_code == 403
    assert client.post("/stop", headers={"Origin": "null"}).status_code == 403
    assert client.post(f"{page}/stop", headers={"Origin": "null"}).status_code == 303


def test_links_that_are_none_are_pages_too_and_cannot_be_tried_for_long(site: Site) -> None:
    for path in ("/answer/", "/mine/"):
        assert site.reader().get(path + "0" * 32).status_code == 404
    statuses = {site.reader().get(f"/mine/{n:032x}").status_code for n in range(70)}
    assert statuses == {404, 429}
