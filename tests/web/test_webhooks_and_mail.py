"""The console's pages on webhooks and mail, and what supporters read when the money is spent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from callbridge.app import create_app
from callbridge.domain.deliveries import MailWish
from callbridge.post.webhooks import WebPoster
from callbridge.service.deliveries.sending import deliver
from tests.post.receivers import WebServer, web_server
from tests.web.quality import Reader
from tests.web.setting import Site, csrf_of, signed_in, site_on

PAGE = "/console/attorney-general/webhooks"


def send(reader: Reader, path: str, **form: str) -> TestResponse:
    """Send a page's form with its token."""
    token = csrf_of(reader.get(path).text)
    return reader.post(path, data={"csrf_token": token} | form)


@pytest.fixture(scope="module")
def receiver() -> Iterator[WebServer]:
    """Run one receiver."""
    with web_server() as server:
        yield server


@pytest.fixture
def telling(site: Site) -> Site:
    """Return a site that may tell this machine."""
    ctx = replace(site.ctx, poster=WebPoster(loopback=True, seconds=(2.0, 4.0)))
    return replace(site, ctx=ctx, app=create_app(context=ctx))


def test_an_organizer_adds_tries_and_removes_an_address(telling: Site, receiver: WebServer) -> None:
    reader = signed_in(telling, "organizer")
    added = send(reader, PAGE, do="add", url=receiver.url, event="call.ended")
    secret = re.search(r"whsec_[\w+/=]+", added.text)
    assert secret is not None
    shown = reader.get(PAGE)
    assert secret.group() not in shown.text
    assert "call.ended" in shown.text
    webhook = re.search(r'name="webhook" value="(\w+)"', shown.text)
    assert webhook is not None
    assert send(reader, PAGE, do="test", webhook=webhook.group(1)).status_code == 303
    deliver(telling.ctx, owner="dialer")
    assert [one["type"] for one in receiver.bodies()] == ["test"]
    assert send(reader, PAGE, do="remove", webhook=webhook.group(1)).status_code == 303
    assert "Nobody is told yet" in reader.get(PAGE).text
    with telling.database.reading() as unit:
        lines = unit.audit.last(9)
    assert [line[2] for line in lines] == ["webhook.removed", "webhook.tested", "webhook.added"]
    assert {line[1] for line in lines} == {"organizer@example.org"}


def test_an_address_that_leads_inwards_is_refused_in_words(telling: Site) -> None:
    reader = signed_in(telling, "organizer")
    refused = send(reader, PAGE, do="add", url="https://169.254.169.254/latest")
    assert "not on the public internet" in refused.text
    assert "169.254.169.254" in refused.text


def test_everybody_chooses_their_own_mail(site: Site) -> None:
    reader = signed_in(site, "analyst")
    assert "No mail server" in reader.get("/console/mail").text
    send(reader, "/console/mail", wish="drive-finished")
    assert 'value="drive-finished" checked' in reader.get("/console/mail").text
    with site.database.reading() as unit:
        assert unit.outbox.wishes("analyst@example.org") == {MailWish.DRIVE_FINISHED}
        assert unit.outbox.wishing(MailWish.JOB_FAILING) == []


def test_a_supporter_reads_kindly_that_the_money_is_spent(site: Site) -> None:
    poor = site_on(site.database, site.ctx.settings.database_url, BUDGET_DAY="0")
    answer = poor.ask()
    assert answer.status_code == 409
    assert "Thank you for wanting to call" in answer.text
    assert not poor.line.placed
    spanish = poor.reader().post(
        "/c/attorney-general?lang=es",
        data={"phone": "(202) 555-0147", "zip": "05401", "consent": "yes"},
    )
    assert "Gracias por querer llamar" in spanish.text
    health = signed_in(poor, "organizer").get("/console/health")
    assert "spent" in health.text
    metrics = poor.app.test_client().get("/metrics").text
    assert 'callbridge_money_spent{scope="all"} 1.0' in metrics
