"""Getting a document: content types, sizes, redirects, time-outs, fallback, warnings."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from callbridge.exchange.conductor import APOLOGY
from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import Answer, AnsweringApp, Got
from tests.exchange.world import SUPPORTER, ring, settle

HELLO = "<Response><Say>Hello.</Say></Response>"


@pytest.fixture(autouse=True)
def willing(exchange: ExchangeThread) -> None:
    exchange.control.person(SUPPORTER, "silent")


def call(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, path: str = "/one", **options: Any
) -> dict[str, Any]:
    return settle(exchange, ring(client, app, path, **options))


@pytest.mark.parametrize("media", ["text/xml", "application/xml; charset=utf-8", "text/html"])
def test_a_document_may_come_as_xml_or_html(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, media: str
) -> None:
    app.documents["/one"] = Answer(body=HELLO, content_type=media)
    assert call(exchange, client, app)["said"] == ["Hello."]


def test_plain_text_is_a_document_if_it_reads_as_one_else_it_is_read_aloud(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = Answer(body=HELLO, content_type="text/plain")
    app.documents["/two"] = Answer(body="Hello there", content_type="text/plain")
    assert call(exchange, client, app)["said"] == ["Hello."]
    assert call(exchange, client, app, "/two")["said"] == ["Hello there"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(body=HELLO, content_type="application/json"), 12300),
        (Answer(body=HELLO, content_type=None), 11200),
        (Answer(status=500), 11200),
        (Answer(status=404), 11200),
        (Answer(body=" " + HELLO.replace("<R", "<?xml version='1.0'?><R", 1)), 12100),
        (Answer(body="<Answer/>"), 12100),
        (Answer(body=""), 11770),
        (Answer(body=HELLO + "<!--" + "x" * 65536 + "-->"), 11750),
    ],
)
def test_what_is_no_document_ends_the_call_with_an_apology(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, answer: Answer, code: int
) -> None:
    app.documents["/one"] = answer
    whole = call(exchange, client, app)
    assert whole["said"] == [APOLOGY]
    assert whole["supporter"]["state"] == "completed"
    assert [warning["code"] for warning in whole["warnings"]] == [code]


def test_the_fallback_is_asked_with_the_error_and_its_address(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents |= {"/one": Answer(status=500), "/sorry": HELLO}
    whole = call(exchange, client, app, fallback_url=f"{app.url}/sorry")
    assert whole["said"] == ["Hello."]
    form = app.at("/sorry")[0].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{app.url}/one")


def test_the_fallback_also_serves_an_action_that_fails_and_keeps_its_digits(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(SUPPORTER, {"keys": ["7"]})
    app.documents |= {
        "/one": '<Response><Gather numDigits="1" action="/two"><Say>Key?</Say></Gather></Response>',
        "/two": Answer(status=503),
        "/sorry": HELLO,
    }
    whole = call(exchange, client, app, fallback_url=f"{app.url}/sorry")
    assert whole["said"][-1] == "Hello."
    assert app.at("/sorry")[0].form["Digits"] == "7"


def test_a_redirect_is_followed_with_a_fresh_signature_and_without_digits(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(SUPPORTER, {"keys": ["7"]})
    app.documents |= {
        "/one": '<Response><Gather numDigits="1" action="/two"><Say>Key?</Say></Gather></Response>',
        "/two": Answer(status=302, headers={"Location": "/three?x=1"}),
        "/three": HELLO,
    }
    assert call(exchange, client, app)["said"][-1] == "Hello."
    got = app.at("/three")[0]
    assert got.method == "GET"
    assert "Digits" not in got.target
    validator = RequestValidator(exchange.account.token)
    assert validator.validate(app.url + got.target, {}, got.headers["X-Twilio-Signature"])


def test_more_than_ten_redirects_are_too_many(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = Answer(status=302, headers={"Location": "/one"})
    whole = call(exchange, client, app)
    assert [warning["code"] for warning in whole["warnings"]] == [11215]
    assert len(app.at("/one")) == 11


def test_a_redirect_away_from_this_machine_is_refused(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = Answer(status=302, headers={"Location": "http://example.org/"})
    whole = call(exchange, client, app)
    assert [warning["code"] for warning in whole["warnings"]] == [11200]
    assert "not on loopback" in whole["warnings"][0]["sentence"]


@pytest.mark.parametrize(
    "document",
    [
        "<Response><Redirect>http://example.org/</Redirect></Response>",
        '<Response><Gather timeout="1" actionOnEmptyResult="true" action="http://example.org/"/>'
        "</Response>",
    ],
)
def test_a_document_that_names_an_address_elsewhere_is_not_obeyed(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, document: str
) -> None:
    app.documents["/one"] = document
    whole = call(exchange, client, app)
    assert 11200 in [warning["code"] for warning in whole["warnings"]]
    assert whole["said"] == [APOLOGY]


def test_addresses_in_a_document_are_relative_to_where_it_came_from(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents |= {
        "/deep/one": "<Response><Redirect>../two</Redirect></Response>",
        "/two": "<Response><Redirect>three?x=1</Redirect></Response>",
        "/three": HELLO,
    }
    assert call(exchange, client, app, "/deep/one")["said"] == ["Hello."]


def test_a_get_hook_has_its_parameters_in_the_address_and_that_is_signed(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = HELLO
    call(exchange, client, app, "/one?keep=%2C", method="GET")
    got = app.at("/one")[0]
    assert (got.method, got.body) == ("GET", "")
    assert got.target.startswith("/one?keep=%2C&AccountSid=")
    validator = RequestValidator(exchange.account.token)
    assert validator.validate(app.url + got.target, {}, got.headers["X-Twilio-Signature"])


def test_an_inline_document_is_run_without_a_request(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    made = client.calls.create(to=SUPPORTER, from_="+12025550100", twiml=HELLO)
    assert settle(exchange, made.sid)["said"] == ["Hello."]
    assert app.requests == []


def test_an_unknown_verb_or_attribute_is_a_warning_and_the_rest_runs(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = '<Response><Sing/><Say mood="glad">Hello.</Say></Response>'
    whole = call(exchange, client, app)
    assert whole["said"] == ["Hello."]
    assert [warning["code"] for warning in whole["warnings"]] == [12200, 12200]
    assert len(exchange.warnings) == 2


def test_a_text_over_the_voices_limit_is_a_warning(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    text = "word " * 700
    app.documents["/one"] = f'<Response><Say voice="Polly.Joanna-Neural">{text}</Say></Response>'
    assert 13521 in [warning["code"] for warning in call(exchange, client, app)["warnings"]]


def test_an_endless_conversation_is_stopped_and_named(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = "<Response><Redirect>/one</Redirect></Response>"
    whole = call(exchange, client, app)
    assert [warning["code"] for warning in whole["warnings"]] == [90001]
    assert len(app.at("/one")) == 200


def test_the_standard_parameters_are_all_there_and_unknown_places_are_blank(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = HELLO
    sid = ring(client, app)
    settle(exchange, sid)
    form = app.at("/one")[0].form
    assert form["CallSid"] == sid
    assert form["CallStatus"] == "in-progress"
    assert form["Direction"] == "outbound-api"
    assert form["ApiVersion"] == "2010-04-01"
    assert form["Called"] == form["To"] == SUPPORTER
    assert form["Caller"] == form["From"]
    assert [form[f"{side}Zip"] for side in ("To", "From", "Called", "Caller")] == [""] * 4
    assert "ParentCallSid" not in form


def test_a_status_callbacks_answer_is_never_run(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    def count(got: Got) -> str:
        return "<Response><Redirect>/never</Redirect></Response>"

    app.documents |= {"/one": HELLO, "/status": count}
    call(exchange, client, app)
    assert len(app.at("/status")) == 4
    assert app.at("/never") == []
