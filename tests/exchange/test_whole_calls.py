"""Whole calls through the exchange, as its people and an application make them."""

from __future__ import annotations

from twilio.request_validator import RequestValidator
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import OFFICE, SUPPORTER, conversation, ring, settle


def test_a_call_goes_from_ring_to_goodbye(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 30})
    call = settle(exchange, ring(client, app))
    assert [got.path for got in app.requests if got.path not in {"/status", "/office"}] == [
        "/one",
        "/two",
        "/three",
        "/four",
    ]
    assert call["supporter"]["state"] == "completed"
    assert call["offices"][0]["number"] == OFFICE
    assert app.at("/two")[0].form["Digits"] == "1"
    assert app.at("/four")[0].form["Digits"] == "2"
    assert exchange.warnings == []


def test_every_hook_of_a_call_is_accepted_by_the_vendors_own_validator(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 30})
    settle(exchange, ring(client, app))
    validator = RequestValidator(exchange.account.token)
    assert len(app.requests) == 12
    for got in app.requests:
        signature = got.headers["X-Twilio-Signature"]
        assert validator.validate(app.url + got.target, got.form, signature)


def test_status_callbacks_of_both_legs_are_numbered_from_nought(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 30})
    sid = ring(client, app)
    settle(exchange, sid)
    for path in ("/status", "/office"):
        forms = [got.form for got in app.at(path)]
        assert [form["CallStatus"] for form in forms] == [
            "initiated",
            "ringing",
            "in-progress",
            "completed",
        ]
        assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
        assert all(form["CallbackSource"] == "call-progress-events" for form in forms)
    assert {got.form.get("ParentCallSid") for got in app.at("/status")} == {None}
    assert {got.form["ParentCallSid"] for got in app.at("/office")} == {sid}
    assert app.at("/office")[0].form["Direction"] == "outbound-dial"
