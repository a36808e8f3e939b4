"""Headers, cookies, where posts may come from, and what never reaches a log."""

from __future__ import annotations

import logging
import re

import pytest

from callbridge.logs import mask
from callbridge.web.access import Access, declared
from callbridge.web.wire import network_of
from tests.web.setting import Site, site_on
from tests.web.test_access import ask, methods, rules

PUBLIC_PAGES = ("/", "/c/attorney-general", "/stop", "/c/safety-valve/tell?zip=05401", "/nothing")


@pytest.mark.parametrize("path", [*PUBLIC_PAGES, "/sign-in", "/api/v1/lookup?zip=05401"])
def test_every_answer_has_a_strict_policy(site: Site, path: str) -> None:
    headers = site.reader(check=False).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "Strict-Transport-Security" not in headers


def test_only_the_embed_pages_may_be_framed(site: Site) -> None:
    headers = site.reader().get("/embed/attorney-general").headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers


def test_https_is_remembered_where_the_public_address_has_it(site: Site, database_url: str) -> None:
    https = site_on(site.database, database_url, PUBLIC_URL="https://calls.example.org")
    headers = https.reader().get("/").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_no_public_route_sets_a_cookie_and_sign_in_does(site: Site) -> None:
    reader = site.reader(check=False)
    for rule in rules(site.app):
        if declared(site.app, rule.endpoint) is Access.PUBLIC and rule.endpoint != "security.login":
            for method in methods(rule):
                ask(reader, rule, method)
    site.ask()
    assert not reader.client._cookies
    assert "Set-Cookie" in reader.get("/sign-in").headers


FORMS = ("/c/attorney-general", "/stop", "/c/attorney-general/tell", "/embed/attorney-general")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8080.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"},
    ],
)
def test_a_form_sent_from_elsewhere_is_refused(
    site: Site, path: str, headers: dict[str, str]
) -> None:
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"}
    answer = site.app.test_client().post(path, data=form, headers=headers)
    assert answer.status_code == 403
    assert not site.line.placed


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8080"}, {}],
)
def test_our_own_forms_are_taken(site: Site, headers: dict[str, str]) -> None:
    form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"}
    answer = site.app.test_client().post("/c/attorney-general", data=form, headers=headers)
    assert answer.status_code == 303


def test_text_of_others_is_escaped_everywhere(site: Site) -> None:
    nasty = '"><script>alert(1)</script>'
    answer = site.ask(phone=nasty, zip=nasty[:20])
    assert "<script>alert" not in answer.text
    assert "<script>alert" not in site.reader().get(f"/c/attorney-general?ref={nasty}").text


def test_a_form_without_end_is_refused(site: Site) -> None:
    assert site.ask(street="x" * 70_000).status_code == 413


def test_the_supporters_network_comes_from_trusted_proxies_only(
    site: Site, database_url: str
) -> None:
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2ff::1") == "2001:db8:1:200::/56"
    assert network_of("::ffff:203.0.113.77") == "203.0.113.0/24"
    assert network_of("nonsense") is None
    settings = {"TRUSTED_PROXIES": "1", "LIMIT_LOOKUP_MINUTE": "1"}
    behind = site_on(site.database, database_url, **settings)
    open_ = site_on(site.database, database_url, LIMIT_LOOKUP_MINUTE="1")
    for here, expected in ((behind, [200, 200]), (open_, [200, 429])):
        found = [
            here.app.test_client()
            .get("/api/v1/lookup?zip=05401", headers={"X-Forwarded-For": address})
            .status_code
            for address in ("198.51.100.1", "192.0.2.1")
        ]
        assert found == expected, here.ctx.settings.trusted_proxies


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rang +12025550147", "rang …47"),
        ("rang (202) 555-0147 twice", "rang …47 twice"),
        ("/voice/abcdEFGHijklmnopqrst/3", "/voice/abcd…/3"),
        ("data of 2026-06-15", "data of 2026-06-15"),
        ("537 members, 42,789 ZIPs", "537 members, 42,789 ZIPs"),
        ("CA0123456789abcdef0123456789abcdef", "CA0123456789abcdef0123456789abcdef"),
    ],
)
def test_logs_mask_numbers_and_hook_tokens(text: str, shown: str) -> None:
    assert mask(text) == shown


def test_the_log_of_a_call_holds_no_phone_number(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = site.ask()
        site.voice(0)
        site.reader().get(answer.location)
        site.app.test_client().post(f"/voice/{site.line.placed[-1].token}/0")
    written = " ".join(record.getMessage() for record in caplog.records)
    assert "hook refused" in written
    assert "signature" in written
    assert not re.search(r"5550147|555-0147", written)
    assert site.line.placed[-1].token not in written
