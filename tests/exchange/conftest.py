"""An exchange on a fast clock, an application that answers it, and the vendor's own client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, SPEED
from tests.openapi_check import OpenApiCheck, check_where_possible


@pytest.fixture
def app() -> Iterator[AnsweringApp]:
    with AnsweringApp() as running:
        yield running


@pytest.fixture
def checked() -> OpenApiCheck | None:
    """Check every REST exchange, where the specification is at hand (its own test says if not)."""
    return check_where_possible()


@pytest.fixture
def exchange(app: AnsweringApp, checked: OpenApiCheck | None) -> Iterator[ExchangeThread]:
    """Run an exchange; at the end every REST exchange must have kept to the specification."""
    with ExchangeThread(
        app_url=app.url, numbers=[NUMBER], speed=SPEED, recorder=checked
    ) as running:
        yield running
    assert checked is None or not checked.problems


@pytest.fixture
def client(exchange: ExchangeThread) -> Iterator[Client]:
    """Give the vendor's client, pointed at the exchange."""
    http = TwilioHttpClient(timeout=10)
    http.session.trust_env = False
    account = exchange.account
    client = Client(account.sid, account.token, http_client=http)
    client.api.base_url = exchange.base_url
    yield client
    http.session.close()
