"""Signing in: by email and password, limited, with tokens, and never redirected elsewhere."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest

from callbridge.errors import RefusedError
from callbridge.service import publishing, reading
from callbridge.web.people import (
    add_person,
    change_password,
    change_roles,
    remove_person,
)
from tests.web.setting import PASSWORD, Site, csrf_of, sign_in, signed_in


def test_the_console_sends_a_stranger_to_sign_in_and_back(site: Site) -> None:
    add_person(site.app, email="ann@example.org", password=PASSWORD, roles=["analyst"])
    reader = site.reader()
    sent = reader.get("/console/attorney-general")
    assert sent.status_code == 302
    back = sign_in(reader, "ann@example.org", PASSWORD, path=sent.location)
    assert back.location == "/console/attorney-general"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "\\\\evil.example",
        "http:///evil.example",
    ],
)
def test_signing_in_never_leads_elsewhere(site: Site, elsewhere: str) -> None:
    add_person(site.app, email="ann@example.org", password=PASSWORD, roles=["analyst"])
    reader = site.reader()
    token = csrf_of(reader.get("/sign-in").text)
    form = {"email": "ann@example.org", "password": PASSWORD, "csrf_token": token}
    answer = reader.post("/sign-in", data=form, query_string={"next": elsewhere})
    leads_to = urljoin("http://localhost/sign-in", answer.headers.get("Location", ""))
    assert urlsplit(leads_to).netloc == "localhost"


@pytest.mark.parametrize("email", ["ann@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_read_alike(site: Site, email: str) -> None:
    add_person(site.app, email="ann@example.org", password=PASSWORD, roles=["analyst"])
    answer = sign_in(site.reader(), email, "not the password")
    assert answer.status_code == 200
    assert "do not go together" in answer.text


def test_signing_in_needs_its_token(site: Site) -> None:
    add_person(site.app, email="ann@example.org", password=PASSWORD, roles=["analyst"])
    answer = site.reader().post("/sign-in", data={"email": "ann@example.org", "password": PASSWORD})
    assert answer.status_code == 400


def test_guessing_is_stopped(site: Site) -> None:
    reader = site.reader()
    # No password at all is refused before it is hashed, and counts all the same.
    statuses = [sign_in(reader, "ann@example.org", "").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


def test_signing_out_ends_it(site: Site) -> None:
    reader = signed_in(site, "organizer")
    token = csrf_of(reader.get("/console").text)
    assert reader.post("/sign-out", data={"csrf_token": token}).status_code == 302
    assert reader.get("/console").status_code == 302


def test_other_roles_hold_from_the_next_request_on(site: Site) -> None:
    reader = signed_in(site, "organizer")
    refused = reader.get("/console/attorney-general/log")
    assert refused.status_code == 403
    assert "This is for analysts. An administrator can give you that role, too." in refused.text
    change_roles(site.app, email="organizer@example.org", roles=["organizer", "analyst"])
    assert reader.get("/console/attorney-general/log").status_code == 200
    change_roles(site.app, email="organizer@example.org", roles=[])
    assert "Your sign-in has no role yet." in reader.get("/console").text


def test_a_new_password_and_a_removal_end_what_is_open(site: Site) -> None:
    reader = signed_in(site, "analyst")
    change_password(site.app, email="Analyst@example.org", password="another long password")
    assert reader.get("/console").status_code == 302
    assert sign_in(site.reader(), "analyst@example.org", PASSWORD).status_code == 200
    again = site.reader()
    assert sign_in(again, "analyst@example.org", "another long password").status_code == 302
    assert again.get("/console").status_code == 200
    remove_person(site.app, email="analyst@example.org")
    assert again.get("/console").status_code == 302


def test_an_organizer_pauses_and_resumes_with_a_token_only(site: Site) -> None:
    reader = signed_in(site, "organizer")
    path = "/console/attorney-general/pause"
    assert reader.post(path).status_code == 400
    assert reading.campaign(site.ctx, "attorney-general").state.value == "live"
    token = csrf_of(reader.get("/console/attorney-general").text)
    assert reader.post(path, data={"csrf_token": token}).status_code == 303
    assert reading.campaign(site.ctx, "attorney-general").state.value == "paused"
    assert "Resume" in reader.get("/console/attorney-general").text
    reader.post("/console/attorney-general/resume", data={"csrf_token": token})
    assert reading.campaign(site.ctx, "attorney-general").state.value == "live"


def test_an_analyst_takes_the_answers_away_and_cannot_pause(site: Site) -> None:
    call = site.call()
    site.voice(0)
    site.voice(1, Digits="1")
    site.voice(2, Digits="1")
    site.reader().post(f"/calls/{call}", data={"leg": "1", "q.happened": "voicemail"})
    reader = signed_in(site, "analyst")
    page = reader.get("/console/attorney-general")
    assert "left a message" in page.text
    assert "Pause" not in page.text
    answer = reader.get("/console/attorney-general/answers.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert '"voicemail"' in answer.text
    assert reader.get("/console/attorney-general/answers.jsonl").text.count("\n") == 1


def test_the_console_holds_no_lock_while_it_writes(site: Site) -> None:
    # Reading the person opens a transaction; were it still open, pausing would wait for itself.
    reader = signed_in(site, "admin")
    token = csrf_of(reader.get("/console").text)
    for _ in range(3):
        assert (
            reader.post("/console/attorney-general/pause", data={"csrf_token": token}).status_code
            == 303
        )
    publishing.resume(site.ctx, "attorney-general")


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("nonsense", PASSWORD, "no email address"),
        ("ann@example.org", "short", "12 characters"),
        ("taken@example.org", PASSWORD, "there already"),
    ],
)
def test_adding_a_person_says_what_is_wrong(
    site: Site, email: str, password: str, words: str
) -> None:
    add_person(site.app, email="taken@example.org", password=PASSWORD, roles=["admin"])
    with pytest.raises(RefusedError, match=words):
        add_person(site.app, email=email, password=password, roles=["admin"])
