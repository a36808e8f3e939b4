"""Machine detection: the verdict comes before the first document and stays with the call."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import SUPPORTER, ring, settle


@pytest.mark.parametrize(
    ("person", "verdict"), [("silent", "human"), ("voicemail-box", "machine_start")]
)
def test_the_voice_hook_says_who_answered_when_detection_was_asked_for(
    exchange: ExchangeThread, app: AnsweringApp, client: Client, person: str, verdict: str
) -> None:
    exchange.control.person(SUPPORTER, person)
    sid = ring(client, app, machine_detection="Enable")
    settle(exchange, sid)
    assert app.at("/one")[0].form["AnsweredBy"] == verdict
    assert client.calls(sid).fetch().answered_by == verdict


def test_without_detection_nobody_knows_who_answered(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    exchange.control.person(SUPPORTER, "voicemail-box")
    sid = ring(client, app)
    settle(exchange, sid)
    assert "AnsweredBy" not in app.at("/one")[0].form
    assert client.calls(sid).fetch().answered_by is None
