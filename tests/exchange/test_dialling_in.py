"""People who ring one of our numbers."""

from __future__ import annotations

import pytest
from twilio.rest import Client

from callbridge.exchange.running import ControlError, ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, OFFICE, SUPPORTER, settle

MENU = (
    '<Response><Gather numDigits="1" timeout="4" action="/two"><Say>Press 1.</Say></Gather>'
    "</Response>"
)


def test_the_numbers_own_address_is_asked_while_it_rings(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents |= {"/voice/inbound": MENU, "/two": "<Response><Say>Thanks.</Say></Response>"}
    sid = exchange.control.dial_in(SUPPORTER, NUMBER, person={"keys": ["1"]})
    whole = settle(exchange, sid)
    (got,) = app.at("/voice/inbound")
    assert got.form["CallStatus"] == "ringing"
    assert got.form["Direction"] == "inbound"
    assert (got.form["From"], got.form["To"]) == (SUPPORTER, NUMBER)
    assert whole["said"] == ["Press 1.", "Thanks."]
    assert app.at("/two")[0].form["CallStatus"] == "in-progress"
    call = client.calls(sid).fetch()
    assert (call.direction, call.status) == ("inbound", "completed")


def test_a_withheld_number_comes_as_a_word(exchange: ExchangeThread, app: AnsweringApp) -> None:
    app.documents["/voice/inbound"] = "<Response><Say>Hello.</Say></Response>"
    settle(exchange, exchange.control.dial_in("anonymous", person="silent"))
    form = app.at("/voice/inbound")[0].form
    assert (form["From"], form["FromCountry"]) == ("anonymous", "")


@pytest.mark.parametrize(("reason", "state"), [("busy", "busy"), ("rejected", "failed")])
def test_a_call_can_be_refused_before_it_is_answered(
    exchange: ExchangeThread, app: AnsweringApp, reason: str, state: str
) -> None:
    app.documents["/voice/inbound"] = f'<Response><Reject reason="{reason}"/></Response>'
    whole = settle(exchange, exchange.control.dial_in(SUPPORTER))
    assert whole["supporter"]["state"] == state
    assert whole["supporter"]["answered_second"] is None


def test_an_inbound_caller_is_bridged_and_shows_their_own_number(
    exchange: ExchangeThread, app: AnsweringApp
) -> None:
    app.documents["/voice/inbound"] = f'<Response><Dial action="/two">{OFFICE}</Dial></Response>'
    exchange.control.person(OFFICE, {"like": "staffer", "talk": 9})
    whole = settle(exchange, exchange.control.dial_in(SUPPORTER, person="silent"))
    assert whole["offices"][0]["from"] == SUPPORTER
    assert app.at("/two")[0].form["DialCallStatus"] == "completed"


def test_with_answer_on_bridge_the_call_is_answered_when_the_office_is(
    exchange: ExchangeThread, app: AnsweringApp
) -> None:
    app.documents["/voice/inbound"] = (
        f'<Response><Dial answerOnBridge="true" action="/two">{OFFICE}</Dial></Response>'
    )
    exchange.control.person(OFFICE, {"like": "staffer", "after": 8, "talk": 9})
    whole = settle(exchange, exchange.control.dial_in(SUPPORTER, person="silent"))
    kinds = [
        (event["kind"], event["leg"] == whole["sid"])
        for event in whole["events"]
        if event["kind"] in {"answered", "bridged"}
    ]
    assert kinds == [("answered", False), ("answered", True), ("bridged", True)]


def test_a_number_that_is_not_ours_cannot_be_dialled(exchange: ExchangeThread) -> None:
    with pytest.raises(ControlError, match="no number of ours"):
        exchange.control.dial_in(SUPPORTER, "+12025550199")
