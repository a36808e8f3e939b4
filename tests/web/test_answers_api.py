"""The analysts' read API: its pages together are the export, and its document describes it."""

from __future__ import annotations

import pytest
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from werkzeug.test import EnvironBuilder

from callbridge.service import answers, codebook
from tests.web.setting import Site, signed_in
from tests.web.test_call_page import connected, finish_bridge

SLUG = "safety-valve"
PATH = f"/console/api/{SLUG}/answers"


@pytest.fixture
def called(site: Site) -> Site:
    """Return a site with one call, answered and twice corrected."""
    call = connected(site, SLUG)
    finish_bridge(site, 3)
    answers.report(site.ctx, call, leg=1, question="happened", meaning="spoke")
    for meaning in ("supports", "opposes"):
        answers.report(site.ctx, call, leg=1, question="position", meaning=meaning)
    return site


def test_the_pages_together_hold_every_answer_once(called: Site) -> None:
    reader = signed_in(called, "analyst")
    whole = reader.get(PATH).json["answers"]
    assert [row["meaning"] for row in whole] == ["spoke", "supports", "opposes"]
    assert list(whole[0]) == sorted(codebook.ANSWERS.names)
    seen, path = [], f"{PATH}?limit=1&source=web"
    while path:
        page = reader.get(path).json
        assert len(page["answers"]) == 1
        seen += page["answers"]
        path = page["next"]
    assert seen == whole


def test_a_filter_narrows_the_pages(called: Site) -> None:
    reader = signed_in(called, "analyst")
    assert reader.get(f"{PATH}?chamber=senate").json["answers"] == []
    assert len(reader.get(f"{PATH}?chamber=house").json["answers"]) == 3


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=2001", "limit=x", "after=-1", "after=²", "since=x"]
)
def test_what_cannot_be_read_is_refused(called: Site, query: str) -> None:
    assert signed_in(called, "analyst").get(f"{PATH}?{query}").status_code == 422


def test_only_analysts_may_read(called: Site) -> None:
    assert called.reader().get(PATH).status_code == 302
    assert signed_in(called, "organizer").get(PATH).status_code == 403


def test_the_answer_is_what_the_document_says(called: Site) -> None:
    reader = signed_in(called, "analyst")
    description = OpenAPI.from_dict(reader.get("/console/api/openapi.json").json)
    asked = EnvironBuilder(path=PATH, query_string="limit=2&state=VT").get_request()
    answer = reader.get(f"{PATH}?limit=2&state=VT")
    description.validate_request(WerkzeugOpenAPIRequest(asked))
    description.validate_response(WerkzeugOpenAPIRequest(asked), WerkzeugOpenAPIResponse(answer))
    assert answer.json["next"].endswith("limit=2&after=2")
