"""The whole web for tests: the real application on a real store, with the shipped campaigns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from callbridge.app import create_app
from callbridge.carriers.choose import from_settings
from callbridge.directory.lookup import Directory
from callbridge.domain.campaign import Campaign
from callbridge.library import files, reading
from callbridge.paper.printing import Paper
from callbridge.service import publishing
from callbridge.service.context import Context, compose
from callbridge.store import Database
from callbridge.web import drawing
from callbridge.web.people import add_person
from tests.service.setting import HandClock, Switchboard, settings_of
from tests.web.quality import Reader

CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
PUBLIC = "http://127.0.0.1:8080"
TOKEN = "t" * 32


@cache
def _read(slug: str, documents: tuple[tuple[str, bytes], ...]) -> Campaign:
    return reading.read(slug, dict(documents))


class ReadOnce:
    """The library's reader, which reads the same documents once in a test run."""

    def read(self, slug: str, files: Mapping[str, bytes]) -> Campaign:
        """Return the campaign."""
        return _read(slug, tuple(sorted(files.items())))


@cache
def directory() -> Directory:
    """Open the shipped directory once."""
    return Directory.open()


@dataclass
class Site:
    """The application with handles on the world around it."""

    app: Flask
    ctx: Context
    clock: HandClock
    line: Switchboard
    database: Database

    def reader(self, *, check: bool = True) -> Reader:
        """Return somebody who reads pages and refuses poor ones."""
        return Reader(self.app, check=check)

    def ask(self, slug: str = "attorney-general", **more: str) -> TestResponse:
        """Send the form of a campaign's page."""
        form = {"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"} | more
        return self.reader().post(f"/c/{slug}", data=form)

    def call(self, slug: str = "attorney-general", **more: object) -> str:
        """Ask for a call by the API and return its id."""
        body = {"phone": "(202) 555-0147", "zip": "05401", "consent": True} | more
        answer = self.app.test_client().post(f"/api/v1/campaigns/{slug}/calls", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["call"])

    def hook(self, path: str, form: Mapping[str, str], *, token: str = TOKEN) -> TestResponse:
        """Send a hook signed as the carrier signs it."""
        signature = RequestValidator(token).compute_signature(PUBLIC + path, dict(form))
        return self.app.test_client().post(
            path,
            data=urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    def leg(self, **changes: str) -> dict[str, str]:
        """Return a hook's form about the supporter's leg placed last."""
        order = self.line.placed[-1]
        sid = [c.sid for c in self.line.calls.values() if c.to == order.to][-1]
        return {
            "AccountSid": self.ctx.settings.twilio_account_sid,
            "CallSid": sid,
            "From": order.from_,
            "To": order.to,
            "CallStatus": "in-progress",
            "Direction": "outbound-api",
        } | changes

    def voice(self, step: int, **changes: str) -> TestResponse:
        """Send a hook of the conversation placed last."""
        return self.hook(f"/voice/{self.line.placed[-1].token}/{step}", self.leg(**changes))


def site_on(database: Database, url: str, **given: str) -> Site:
    """Put the web together on a database, with the shipped campaigns published."""
    clock = HandClock()
    settings = settings_of(url, **{"PUBLIC_URL": PUBLIC, "ORGANIZATION": "Prairie League"} | given)
    line = Switchboard(clock)
    ctx = compose(
        settings=settings,
        clock=clock,
        store=database,
        carrier=line,
        interpreter=from_settings(settings),
        directory=directory(),
        reader=ReadOnce(),
        printer=Paper(drawing.render),
    )
    for folder in sorted(CAMPAIGNS.iterdir()):
        if (folder / "campaign.toml").is_file():
            publishing.publish(ctx, folder.name, files.files_of(folder))
    app = create_app(context=ctx)
    app.testing = True
    return Site(app=app, ctx=ctx, clock=clock, line=line, database=database)


PASSWORD = "correct horse battery"


def signed_in(site: Site, *roles: str) -> Reader:
    """Return somebody with these roles who has signed in through the page."""
    email = f"{'-'.join(roles) or 'nobody'}@example.org"
    add_person(site.app, email=email, password=PASSWORD, roles=roles)
    reader = site.reader()
    answer = sign_in(reader, email, PASSWORD)
    assert answer.status_code == 302, answer.text
    return reader


def sign_in(reader: Reader, email: str, password: str, path: str = "/sign-in") -> TestResponse:
    """Send the sign-in form with its token."""
    form = {"email": email, "password": password, "csrf_token": csrf_of(reader.get(path).text)}
    return reader.post(path, data=form)


def csrf_of(text: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert found is not None
    return found[1]
