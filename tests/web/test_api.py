"""The JSON API: its bodies, its problems, its own document."""

from __future__ import annotations

import json

import pytest
from werkzeug.test import TestResponse

from callbridge.service import publishing
from tests.web.setting import Site

CALLS = "/api/v1/campaigns/attorney-general/calls"
GOOD = {"phone": "(202) 555-0147", "zip": "05401", "consent": True}


def problem(answer: TestResponse, status: int, type_: str) -> str:
    """Check that an answer is problem details of a type; return its sentence."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    body = answer.get_json(force=True)
    assert body["type"] == type_
    assert body["status"] == status
    assert body["detail"].endswith((".", "?"))
    return str(body["detail"])


def post(site: Site, body: object, path: str = CALLS) -> TestResponse:
    return site.app.test_client().post(path, json=body)


def test_a_call_is_started_and_says_where_to_follow_it(site: Site) -> None:
    answer = post(site, GOOD)
    assert answer.status_code == 201
    body = answer.json
    assert set(body) == {
        "call",
        "links",
        "from",
        "targets",
        "needs_district",
        "wait_seconds",
    }
    assert body["from"] == site.line.number
    assert [t["name"] for t in body["targets"]] == ["Peter Welch", "Bernard Sanders"] or len(
        body["targets"]
    ) == 2
    assert (body["needs_district"], body["wait_seconds"]) == (False, 0)
    assert answer.headers["Location"] == body["links"]["self"]
    client = site.app.test_client()
    assert client.get(body["links"]["self"]).json["call"] == body["call"]
    assert client.get(body["links"]["page"]).status_code == 200


def test_a_calls_state_has_exactly_the_agreed_fields(site: Site) -> None:
    call = site.call()
    site.voice(0)
    site.voice(1, Digits="1")
    site.voice(2, Digits="1")
    body = site.app.test_client().get(f"/api/v1/calls/{call}").json
    assert set(body) == {"call", "campaign", "stage", "legs"}
    assert (body["campaign"], body["stage"]) == ("attorney-general", "bridging")
    assert set(body["legs"][0]) == {
        "target",
        "office",
        "phone",
        "outcome",
        "reported",
        "seconds",
        "answers",
    }
    assert body["legs"][0]["outcome"] is None


def test_the_etag_changes_when_the_call_moves(site: Site) -> None:
    path = f"/api/v1/calls/{site.call()}"
    client = site.app.test_client()
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    site.voice(0)
    assert client.get(path).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("change", "status", "type_"),
    [
        ({"zip": "00000"}, 422, "unknown-zip"),
        ({"zip": "abc"}, 422, "not-a-zip"),
        ({"zip": "０５４０１"}, 422, "not-a-zip"),
        ({"phone": "123"}, 422, "phone"),
        ({"phone": "+442079460000"}, 422, "phone"),
        ({"consent": False}, 422, "consent"),
        ({"consent": "yes"}, 422, "body"),
        ({"consent": 1}, 422, "body"),
        ({"phone": 2025550147}, 422, "body"),
        ({"phone": None}, 422, "body"),
        ({"record": True}, 422, "body"),
        ({"phone": "2" * 41}, 422, "body"),
    ],
)
def test_what_cannot_be_done_is_said(
    site: Site, change: dict[str, object], status: int, type_: str
) -> None:
    problem(post(site, GOOD | change), status, type_)
    assert not site.line.placed


def test_every_wrong_field_is_named_at_once(site: Site) -> None:
    detail = problem(post(site, {"phone": 1, "colour": "red"}), 422, "body")
    assert all(name in detail for name in ("phone", "colour", "consent"))


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":}', b"\xff\xfe", b"nul", b"[" * 5000])
def test_what_is_no_json_is_a_400(site: Site, body: bytes) -> None:
    answer = site.app.test_client().post(CALLS, data=body, content_type="application/json")
    problem(answer, 400, "not-json")


@pytest.mark.parametrize("body", ["[]", "null", "1", '"text"', '{"phone": NaN}'])
def test_json_that_is_no_object_is_a_422(site: Site, body: str) -> None:
    answer = site.app.test_client().post(CALLS, data=body, content_type="application/json")
    problem(answer, 422, "body")


def test_a_form_is_not_taken_for_json(site: Site) -> None:
    answer = site.app.test_client().post(CALLS, data={"phone": "2025550147"})
    problem(answer, 415, "unsupported-media-type")


def test_a_body_without_end_is_refused(site: Site) -> None:
    answer = post(site, GOOD | {"referral": "x" * 70_000})
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_a_second_call_to_a_number_in_progress_is_a_conflict(site: Site) -> None:
    site.call()
    problem(post(site, GOOD), 409, "call-in-progress")


def test_a_paused_campaign_starts_no_call(site: Site) -> None:
    publishing.pause(site.ctx, "attorney-general")
    problem(post(site, GOOD), 409, "paused")


def test_a_campaign_that_is_none_is_not_found(site: Site) -> None:
    problem(post(site, GOOD, "/api/v1/campaigns/none/calls"), 404, "not-found")
    problem(site.app.test_client().get("/api/v1/calls/none"), 404, "not-found")
    problem(site.app.test_client().get("/api/v1/nothing"), 404, "not-found")


def test_a_wrong_method_says_which_are_right(site: Site) -> None:
    answer = site.app.test_client().get(CALLS)
    problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("query", "status", "type_"),
    [
        ("", 400, "not-a-zip"),
        ("?zip=", 400, "not-a-zip"),
        ("?zip=1234", 400, "not-a-zip"),
        ("?zip=%EF%BC%90%EF%BC%95%EF%BC%94%EF%BC%90%EF%BC%91", 400, "not-a-zip"),
        ("?zip=05401&zip=94110", 400, "not-a-zip"),
        ("?zip=00000", 404, "unknown-zip"),
        ("?zip=96960", 422, "nobody-there"),
    ],
)
def test_a_lookup_says_why_there_is_nobody(site: Site, query: str, status: int, type_: str) -> None:
    problem(site.app.test_client().get(f"/api/v1/lookup{query}"), status, type_)


def test_a_lookup_is_the_directorys_own_json(site: Site) -> None:
    body = site.app.test_client().get("/api/v1/lookup?zip=05401-1234").json
    place = site.ctx.directory.lookup("05401", on=site.clock.now().date())
    assert body == json.loads(json.dumps(site.ctx.directory.to_json(place)))
    assert (body["state"], body["districts"], body["split"]) == ("VT", ["VT-0"], False)


def test_pages_of_other_sites_may_call_the_api_and_carry_no_cookie(site: Site) -> None:
    client = site.app.test_client()
    asked = client.options(
        CALLS,
        headers={
            "Origin": "https://other.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
    answer = client.post(CALLS, json=GOOD, headers={"Origin": "https://other.example"})
    assert answer.status_code == 201
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_consent_wording_is_stored_with_the_call(site: Site) -> None:
    call = site.call(language="es")
    with site.database.reading() as unit:
        record = unit.calls.by_id(call)
    assert record is not None
    assert record.consent is not None
