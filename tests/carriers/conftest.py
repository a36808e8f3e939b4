"""One conversation on an exchange of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from callbridge.exchange.running import ExchangeThread
from tests.carriers.conversation import NUMBER, SUPPORTER, Conversation, carrier_for
from tests.exchange.answering import AnsweringApp
from tests.openapi_check import check_where_possible


@pytest.fixture
def talk() -> Iterator[Conversation]:
    """An exchange and an application; every REST request keeps to the carrier's own document."""
    check = check_where_possible()
    with (
        AnsweringApp() as app,
        ExchangeThread(app_url=app.url, numbers=[NUMBER], speed=200, recorder=check) as exchange,
    ):
        exchange.control.person(SUPPORTER, {"keys": ["1", "1", "1"], "star_after": 30})
        yield Conversation(app, exchange, carrier_for(exchange, app))
    assert check is None or not check.problems
