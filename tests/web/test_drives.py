"""The organizers' pages and API of phone drives: made from a list that was looked at, steered."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from werkzeug.test import EnvironBuilder, TestResponse

from callbridge.domain.drives import DriveState
from callbridge.service.drives import running, telling
from callbridge.service.drives.views import DriveRequest
from tests.web.quality import Reader
from tests.web.setting import Site, csrf_of, signed_in

DRIVES = "/console/attorney-general/drives"
API = "/console/api/attorney-general/drives"
LIST = """phone,zip,language,group,consent_source,consent_at
202-555-0101,05401,en,north,rally,2026-05-04
202-555-0101,05401,en,north,rally,2026-05-04
not a phone,05401,en,north,rally,2026-05-04
202-555-0103,94110,es,south,,2026-05-04
202-555-0104,94110,en,south,rally,
"""
FORM = {
    "name": "Thursday",
    "opens": "10:00",
    "closes": "19:30",
    "days": "all",
    "per_minute": "30",
    "at_once": "7",
}


def send(reader: Reader, path: str, page: str | None = None, **form: object) -> TestResponse:
    """Send a page's form."""
    token = csrf_of(reader.get(page or path).text)
    return reader.post(path, data={"csrf_token": token, **form}, content_type="multipart/form-data")


def draft(site: Site, count: int = 3) -> str:
    """Make a draft without the pages."""
    rows = (f"202-555-01{n:02d},05401,en,,rally,2026-05-04" for n in range(count))
    text = "\n".join(("phone,zip,language,group,consent_source,consent_at", *rows))
    request = DriveRequest(slug="attorney-general", window="08:00-21:00", days="all")
    made = running.create(site.ctx, request, text)
    assert made.drive is not None
    return made.drive


def state(site: Site, drive: str) -> DriveState:
    """Return the state of a drive."""
    return running.status(site.ctx, drive).state


def test_a_list_is_looked_at_before_anything_is_kept_and_then_makes_a_drive(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    upload = {"file": (io.BytesIO(LIST.encode()), "people.csv")}
    seen = send(organizer, f"{DRIVES}/new", **FORM, **upload)
    assert seen.status_code == 200
    words = " ".join(re.sub(r"<[^>]+>", " ", seen.text).split())
    assert "1 person may be called" in words
    assert "1 stands in the list twice" in words
    assert "3 lines have something wrong" in words
    assert "This number stands in line 2 already." in words
    assert "It does not say where this person agreed to be called." in words
    assert "New York" in words and "north" in words
    assert not running.drives(site.ctx)
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', seen.text))
    carried = {name: html.unescape(value) for name, value in carried.items()}
    made = organizer.post(f"{DRIVES}/new", data=carried, content_type="multipart/form-data")
    assert made.status_code == 303, made.text
    (drive,) = running.drives(site.ctx)
    assert (drive.name, drive.window, drive.days) == ("Thursday", "10:00-19:30", "all")
    assert (drive.rate, drive.in_progress, drive.state) == (0.5, 7, DriveState.DRAFT)
    page = organizer.get(f"{DRIVES}/{drive.id}")
    assert "1 person waits" in page.text
    assert "organizer@example.org" in page.text
    assert "555-0101" not in page.text and "5550101" not in page.text
    assert "Thursday" in organizer.get(DRIVES).text


def test_a_shift_with_a_budget_is_made_and_changed_on_the_page(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    assert "And go on with" in organizer.get(f"{DRIVES}/new").text
    form = {**FORM, "budget": "0.05", "shift": ["attorney-general", "safety-valve"]}
    lines = "202-555-0101, 05401\n202-555-0102, 05401"
    consent = {"source": "town hall", "agreed": "2026-05-04"}
    seen = send(organizer, f"{DRIVES}/new", lines=lines, **form, **consent)
    assert "At most 0.05 in all" in seen.text and "A shift: each stays" in seen.text
    assert seen.text.count('name="shift" value=') == 2
    made = send(
        organizer, f"{DRIVES}/new", people="phone,zip\n" + lines, seen="yes", **form, **consent
    )
    assert made.status_code == 303, made.text
    (drive,) = running.drives(site.ctx)
    assert drive.shift == ("attorney-general", "safety-valve")
    page = organizer.get(f"{DRIVES}/{drive.id}").text
    assert "0.00 of its budget of 0.05 is spent" in page
    assert "likely spent before everybody was rung" in page
    assert "stays on the line for" in page
    changed = send(organizer, f"{DRIVES}/{drive.id}", do="change", **{**FORM, "budget": "80"})
    assert changed.status_code == 303, changed.text
    page = organizer.get(f"{DRIVES}/{drive.id}").text
    assert "budget of 80.00" in page and "budget 0.05 → 80.00" in page
    assert "likely spent before" not in page
    send(organizer, f"{DRIVES}/{drive.id}", do="change", **{**FORM, "budget": ""})
    assert running.status(site.ctx, drive.id).budget is None
    wrong = send(organizer, f"{DRIVES}/{drive.id}", do="change", **{**FORM, "budget": "much"})
    assert (wrong.status_code, "such as 25 or 12.50" in wrong.text) == (422, True)


def test_lines_are_pasted_and_the_consent_is_said_once_for_all(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    lines = "202-555-0101, 05401\n202-555-0102\t\n(202) 555-0103,94110,es"
    refused = send(organizer, f"{DRIVES}/new", lines=lines)
    assert refused.status_code == 422
    assert "no column consent_source" in html.unescape(refused.text)
    seen = send(organizer, f"{DRIVES}/new", lines=lines, source="town hall", agreed="2026-05-04")
    assert seen.status_code == 200
    assert re.search(r"<b>3</b>\s+people may be called", seen.text), seen.text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "Choose a file"),
        ({"lines": LIST, "opens": "9"}, "Calling hours"),
        ({"lines": LIST, "per_minute": "many"}, "a number, such as 30"),
        ({"lines": LIST, "at_once": "0"}, "one call at once"),
        ({"lines": "phone,zip\n202-555-0101,05401"}, "no column consent_source"),
        ({"file": (io.BytesIO(b"PK\x03\x04book"), "people.xlsx")}, "Excel"),
    ],
)
def test_a_form_that_cannot_be_read_says_so_and_keeps_what_was_written(
    site: Site, form: dict[str, object], words: str
) -> None:
    organizer = signed_in(site, "organizer")
    answer = send(organizer, f"{DRIVES}/new", name="Thursday", **form)
    assert answer.status_code == 422
    assert words in html.unescape(answer.text)
    assert 'value="Thursday"' in answer.text
    assert not running.drives(site.ctx)


def test_a_drive_is_started_paused_changed_and_stopped_by_its_page(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    page = f"{DRIVES}/{draft(site)}"
    drive = page.rsplit("/", maxsplit=1)[1]
    once = send(organizer, page, do="start")
    assert once.status_code == 422 and "cannot be taken back" in once.text
    assert state(site, drive) is DriveState.DRAFT
    for do, sure, expected in (
        ("start", "yes", DriveState.RUNNING),
        ("pause", "", DriveState.PAUSED),
        ("resume", "", DriveState.RUNNING),
        ("stop", "yes", DriveState.STOPPED),
    ):
        if do == "stop":
            form = FORM | {"per_minute": "", "at_once": "3"}
            assert send(organizer, page, do="change", **form).status_code == 303
        assert send(organizer, page, do=do, sure=sure).status_code == 303
        assert state(site, drive) is expected
    late = send(organizer, page, f"{DRIVES}", do="start", sure="yes")
    assert late.status_code == 422 and "final" in late.text
    record = next(one for one in running.drives(site.ctx) if one.id == drive)
    assert (record.rate, record.in_progress, record.window) == (None, 3, "10:00-19:30")
    deeds = [(deed.what.value, deed.who) for deed in telling.deeds(site.ctx, drive)]
    who = "organizer@example.org"
    assert deeds[:5] == [
        ("stopped", who), ("changed", who), ("resumed", who), ("paused", who), ("started", who),
    ]  # fmt: skip


def test_two_organizers_start_a_big_drive_from_their_own_sign_ins(site: Site) -> None:
    object.__setattr__(site.ctx.settings, "drive_confirm", 2)
    drive = draft(site)
    page = f"{DRIVES}/{drive}"
    ada, bob = signed_in(site, "organizer"), signed_in(site, "admin")
    assert "two organizers" in ada.get(page).text
    for _again in range(2):
        send(ada, page, do="start", sure="yes")
        assert state(site, drive) is DriveState.DRAFT
    assert "Now somebody else must confirm it" in ada.get(page).text
    assert "You would be the second" in bob.get(page).text
    send(bob, page, do="start", sure="yes")
    assert state(site, drive) is DriveState.RUNNING


def test_the_order_page_names_who_would_ring_and_dials_nobody(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    page = f"{DRIVES}/{draft(site)}/order"
    text = organizer.get(page).text
    assert "3 of 3 waiting people" in text
    assert "•••00" in text and "555-0100" not in text
    site.clock.forward(hours=12)
    assert "Nobody would be rung" in organizer.get(page).text
    assert "3 of 3 waiting people" in organizer.get(f"{page}?hours=24").text
    assert not site.line.placed


def test_more_people_join_a_drive_and_nobody_twice(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    drive = draft(site)
    more = "202-555-0101,05401\n202-555-0111,05401"
    form = {"source": "rally", "agreed": "2026-05-04", "people": more, "seen": "yes"}
    seen = send(organizer, f"{DRIVES}/{drive}/people", **(form | {"seen": ""}))
    assert "is in the drive already" in seen.text
    assert running.status(site.ctx, drive).people == 3
    assert send(organizer, f"{DRIVES}/{drive}/people", **form).status_code == 303
    assert running.status(site.ctx, drive).people == 4


def test_a_program_adds_people_by_json_and_csv_and_reads_how_the_drive_stands(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    drive = draft(site)
    path = f"{API}/{drive}/people"
    people = [
        {"phone": "202-555-0121", "zip": "05401", "group": "north", "shirt": "XL"},
        {"phone": "202-555-0121"},
        {"phone": None},
    ]
    body = {"people": people, "consent_source": "form", "consent_at": "2026-05-04"}
    looked = organizer.client.post(f"{path}?preview=yes", json=body).get_json()
    assert (looked["kept"], looked["accepted"], looked["groups"]) == (False, 1, {"north": 1})
    assert [one["line"] for one in looked["refused"]] == [2, 3]
    assert running.status(site.ctx, drive).people == 3
    kept = organizer.client.post(path, json=body).get_json()
    assert kept == looked | {"kept": True}
    again = organizer.client.post(path, data=LIST, content_type="text/csv").get_json()
    assert (again["accepted"], again["already"]) == (0, 1)
    told = organizer.client.get(f"{API}/{drive}")
    assert told.get_json()["people"] == 4
    same = organizer.client.get(f"{API}/{drive}", headers={"If-None-Match": told.headers["ETag"]})
    assert same.status_code == 304
    assert [one["drive"] for one in organizer.client.get(API).get_json()["drives"]] == [drive]


@pytest.mark.parametrize("body", [b"{", b"[1]", b"null", b'{"people": {}}'])
def test_a_body_that_is_no_list_is_a_problem_in_words(site: Site, body: bytes) -> None:
    organizer = signed_in(site, "organizer")
    path = f"{API}/{draft(site)}/people"
    answer = organizer.client.post(path, data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")


def test_lists_come_from_this_site_only_and_a_form_needs_its_token(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    path = f"{API}/{draft(site)}/people"
    away = {"Sec-Fetch-Site": "cross-site", "Origin": "https://example.net"}
    assert organizer.client.post(path, json=[], headers=away).status_code == 403
    form = organizer.client.post(path, data={"people": LIST})
    assert form.status_code == 400
    analyst = signed_in(site, "analyst")
    assert analyst.client.post(path, json=[]).status_code == 403


def test_a_long_list_fits_and_a_longer_one_is_refused(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    path = f"{API}/{draft(site)}/people?preview=yes"
    padded = LIST + "\n" * 300_000
    answer = organizer.client.post(path, data=padded, content_type="text/csv")
    assert answer.get_json()["accepted"] == 0
    huge = organizer.client.post(path, data=b"x" * (17 << 20), content_type="text/csv")
    assert huge.status_code == 413


def test_a_drive_is_found_under_its_own_campaign_only(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    drive = draft(site)
    for path in (f"/console/safety-valve/drives/{drive}", f"{DRIVES}/nothing"):
        assert organizer.get(path).status_code == 404
    assert organizer.get(f"/console/api/safety-valve/drives/{drive}").status_code == 404


def test_the_document_describes_what_the_api_answers(site: Site) -> None:
    organizer = signed_in(site, "organizer")
    description = OpenAPI.from_dict(organizer.get("/console/api/openapi.json").get_json())
    one = f"{API}/{draft(site)}"
    body = json.dumps(
        [{"phone": "202-555-0121", "consent_source": "x", "consent_at": "2026-05-04"}]
    )
    for path, method, data in ((one, "GET", ""), (API, "GET", ""), (f"{one}/people", "POST", body)):
        builder = EnvironBuilder(path=path, method=method, data=data or None)
        builder.content_type = "application/json" if data else None
        asked = WerkzeugOpenAPIRequest(builder.get_request())
        answer = organizer.client.open(
            path, method=method, data=data, content_type=builder.content_type
        )
        assert answer.status_code == 200
        description.validate_request(asked)
        description.validate_response(asked, WerkzeugOpenAPIResponse(answer))
