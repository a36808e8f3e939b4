"""The supporter's pages, read by a client that refuses poor ones."""

from __future__ import annotations

import pytest

from tests.web.setting import Site

SLUGS = ("attorney-general", "safety-valve", "sunday-library")


def test_the_first_page_lists_every_campaign(site: Site) -> None:
    text = site.reader().get("/").text
    assert all(f"/c/{slug}" in text for slug in SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("path", ["/c/{}", "/c/{}/script", "/c/{}/tell", "/embed/{}"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_every_campaign_reads_well(
    site: Site, slug: str, path: str, language: str
) -> None:
    page = site.reader().page(f"{path.format(slug)}?lang={language}")
    assert page.language == language


def test_a_call_is_asked_for_and_its_page_follows(site: Site) -> None:
    answer = site.ask()
    assert answer.status_code == 303
    page = site.reader().get(answer.location)
    assert "Your phone is ringing" in page.text
    assert site.line.placed[-1].to == "+12025550147"
