"""Gather on a live leg: barge-in, lost keys, silence, fall-through."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import SUPPORTER, ring, settle

AFTER = "<Say>Nothing was pressed.</Say>"
LONG = "word " * 100


def run(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, document: str, **person: Any
) -> dict[str, Any]:
    app.documents |= {
        "/one": f"<Response>{document}</Response>",
        "/got": "<Response><Say>Heard.</Say></Response>",
    }
    exchange.control.person(SUPPORTER, person)
    return settle(exchange, ring(client, app))


def seconds(whole: dict[str, Any], kind: str) -> float:
    return float(next(event["second"] for event in whole["events"] if event["kind"] == kind))


def test_a_key_silences_the_prompt_and_is_posted(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    document = f'<Gather numDigits="1" action="/got"><Say>{LONG}</Say></Gather>{AFTER}'
    whole = run(exchange, client, app, document, keys=["3"], think=2)
    assert app.at("/got")[0].form["Digits"] == "3"
    assert app.at("/got")[0].form["CallStatus"] == "in-progress"
    assert whole["said"][-1] == "Heard."


def test_silence_falls_through_to_the_next_verb_without_a_request(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    document = f'<Gather numDigits="1" timeout="6" action="/got"><Say>Key?</Say></Gather>{AFTER}'
    whole = run(exchange, client, app, document)
    assert app.at("/got") == []
    assert whole["said"] == ["Key?", "Nothing was pressed."]
    assert seconds(whole, "gathered") - seconds(whole, "gather") >= 6.4


@pytest.mark.parametrize(("empty", "digits"), [(True, ""), (False, None)])
def test_silence_can_be_reported_with_empty_digits_or_with_none(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, empty: bool, digits: str | None
) -> None:
    exchange.control.change(empty_digits=empty)
    document = '<Gather actionOnEmptyResult="true" timeout="2" action="/got"/>'
    run(exchange, client, app, document)
    assert app.at("/got")[0].form.get("Digits") == digits


def test_five_digits_are_posted_as_soon_as_the_fifth_comes(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    document = '<Gather numDigits="5" finishOnKey="#" timeout="6" action="/got"/>'
    run(exchange, client, app, document, keys=["05401"])
    assert app.at("/got")[0].form["Digits"] == "05401"


def test_the_finishing_key_posts_what_was_keyed_so_far(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    run(exchange, client, app, '<Gather numDigits="5" action="/got"/>', keys=["054#"])
    assert app.at("/got")[0].form["Digits"] == "054"


def test_each_key_restarts_the_wait_for_the_next(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    slow = [{"at": "gather", "after": 4.0 * n, "press": str(n)} for n in (1, 2, 3)]
    run(exchange, client, app, '<Gather numDigits="3" timeout="5" action="/got"/>', acts=slow)
    assert app.at("/got")[0].form["Digits"] == "123"


def test_a_key_during_a_plain_sentence_is_lost(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    document = (
        "<Say>Please listen to these words.</Say>"
        f'<Gather numDigits="1" timeout="2" action="/got"/>{AFTER}'
    )
    early = [{"at": "phrase", "words": "listen", "after": 0.5, "press": "1"}]
    whole = run(exchange, client, app, document, acts=early)
    assert app.at("/got") == []
    assert whole["said"][-1] == "Nothing was pressed."


def test_a_doubled_key_dies_in_the_sentence_before_the_next_menu(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    document = '<Gather numDigits="1" finishOnKey="" action="/next"><Say>Key?</Say></Gather>'
    app.documents["/next"] = (
        "<Response><Say>Thank you very much.</Say>"
        '<Gather numDigits="1" timeout="2" action="/got"/></Response>'
    )
    run(exchange, client, app, document, keys=["11"])
    assert app.at("/next")[0].form["Digits"] == "1"
    assert app.at("/got") == []


def test_a_carrier_that_swallows_pound_makes_it_silence(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(swallow_pound=True)
    document = f'<Gather numDigits="1" finishOnKey="" timeout="3" action="/got"/>{AFTER}'
    whole = run(exchange, client, app, document, keys=["#"])
    assert app.at("/got") == []
    assert whole["said"] == ["Nothing was pressed."]


def test_a_hang_up_during_a_gather_requests_no_action(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    leave = [{"at": "gather", "after": 1.0, "hang_up": True}]
    document = '<Gather actionOnEmptyResult="true" action="/got"><Say>Key?</Say></Gather>'
    whole = run(exchange, client, app, document, acts=leave)
    assert app.at("/got") == []
    assert whole["supporter"]["ended_by"] == "supporter"
    assert app.at("/status")[-1].form["CallStatus"] == "completed"


def test_without_an_action_the_document_itself_is_asked_again(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    run(exchange, client, app, '<Gather numDigits="1" timeout="2"/>', keys=["1"])
    assert [got.form.get("Digits") for got in app.at("/one")] == [None, "1"]


def test_speech_lasts_as_long_as_its_words(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    whole = run(exchange, client, app, f"<Say>{LONG}</Say><Pause length='20'/>")
    said = next(event for event in whole["events"] if event["kind"] == "say")
    assert said["seconds"] == 40
    assert seconds(whole, "ended") - seconds(whole, "say") >= 60
