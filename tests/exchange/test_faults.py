"""Faults on purpose: each does what it says, and no more often than it says."""

from __future__ import annotations

import time

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator, get_signature_algorithm
from twilio.rest import Client

from callbridge.exchange.faults import Faults, HookFault, RestFault
from callbridge.exchange.running import ControlError, ExchangeThread
from tests.exchange.answering import Answer, AnsweringApp, Got
from tests.exchange.world import NUMBER, SUPPORTER, conversation, ring, settle

RETRY = "#rc=3&rp=ct,rt,5xx"
TOKEN = "I-Twilio-Idempotency-Token"


@pytest.fixture(autouse=True)
def talkative(exchange: ExchangeThread, app: AnsweringApp) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 20})


def tokens(got: list[Got]) -> set[str]:
    return {one.headers[TOKEN] for one in got}


@pytest.mark.parametrize("kind", ["duplicate", "duplicate-together"])
def test_a_duplicated_hook_carries_the_same_token_twice(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str
) -> None:
    exchange.control.fault(kind, where={"kind": "action", "path": "/two"})
    settle(exchange, ring(client, app))
    assert len(app.at("/two")) == 2
    assert len(tokens(app.at("/two"))) == 1
    assert len(app.at("/three")) == len(app.at("/four")) == 1


def test_every_hook_has_a_token_of_its_own(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    settle(exchange, ring(client, app))
    assert len(tokens(app.requests)) == len(app.requests) == 12


def test_a_dropped_hook_is_lost_without_a_retry_rule(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.fault("drop", where={"path": "/status", "event": "completed"})
    settle(exchange, ring(client, app))
    words = [got.form["CallStatus"] for got in app.at("/status")]
    assert words == ["initiated", "ringing", "in-progress"]
    assert len(app.at("/office")) == 4


def test_a_dropped_hook_is_delivered_again_where_the_rule_says_so(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.fault("drop", where={"kind": "voice"})
    whole = settle(exchange, ring(client, app, "/one" + RETRY))
    assert len(app.at("/one")) == 1
    assert len(app.at("/four")) == 1
    attempts = next(hook for hook in whole["hooks"] if hook["hook"] == "voice")["attempts"]
    assert [attempt["status"] for attempt in attempts] == [None, 200]


@pytest.mark.parametrize("kind", ["lost-reply", "reset"])
def test_a_hook_whose_reply_is_lost_comes_again_with_the_same_token(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str
) -> None:
    exchange.control.fault(kind, where={"kind": "voice"})
    settle(exchange, ring(client, app, "/one" + RETRY))
    assert len(app.at("/one")) == 2
    assert len(tokens(app.at("/one"))) == 1
    assert len(app.at("/two")) == 1


def test_a_hook_answered_503_is_delivered_again_until_it_works(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = [Answer(status=503), Answer(status=503), app.documents["/one"]]
    settle(exchange, ring(client, app, "/one" + RETRY))
    assert len(app.at("/one")) == 3
    assert len(app.at("/two")) == 1


def test_a_hook_answered_503_is_not_retried_by_default(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = Answer(status=503)
    settle(exchange, ring(client, app))
    assert len(app.at("/one")) == 1


def test_a_hook_that_takes_longer_than_its_rule_is_given_up_by_the_walls_clock(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = Answer(delay=0.6)
    whole = settle(exchange, ring(client, app, "/one#rt=300&tt=300"))
    assert [warning["sentence"] for warning in whole["warnings"]] == ["no answer in time"]


def test_a_slow_application_is_not_late_because_the_clock_is_fast(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/four"] = Answer(delay=0.5)
    settle(exchange, ring(client, app))
    assert exchange.warnings == []


def test_an_application_that_is_away_is_tried_once_more_by_default(
    exchange: ExchangeThread, client: Client
) -> None:
    with AnsweringApp() as gone:
        url = gone.url
    sid = client.calls.create(to=SUPPORTER, from_=NUMBER, url=f"{url}/one").sid
    whole = settle(exchange, sid)
    (hook,) = [hook for hook in whole["hooks"] if hook["hook"] == "voice"]
    assert len(hook["attempts"]) == 2
    assert [warning["code"] for warning in whole["warnings"]] == [11205]


def test_a_reordered_callback_arrives_after_the_ones_that_follow_it(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    where = {"event": "initiated", "path": "/status"}
    exchange.control.fault("reorder", where=where, seconds=400)
    settle(exchange, ring(client, app))
    numbers = [got.form["SequenceNumber"] for got in app.at("/status")]
    assert numbers == ["1", "2", "3", "0"]


@pytest.mark.parametrize("kind", ["bad-signature", "wrong-token", "no-signature"])
def test_a_badly_signed_hook_is_seen_as_such_by_the_vendors_validator(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str
) -> None:
    exchange.control.fault(kind, where={"kind": "voice"})
    settle(exchange, ring(client, app))
    validator = RequestValidator(exchange.account.token)
    got = app.at("/one")[0]
    signature = got.headers.get("X-Twilio-Signature", "")
    assert not validator.validate(app.url + got.target, got.form, signature)
    got = app.at("/two")[0]
    assert validator.validate(app.url + got.target, got.form, got.headers["X-Twilio-Signature"])


def test_the_newer_signature_scheme_is_accepted_by_the_vendors_validator(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(scheme="sha256")
    settle(exchange, ring(client, app))
    validator = RequestValidator(exchange.account.shared_key)
    for got in app.requests:
        algorithm = get_signature_algorithm(got.headers["X-Twilio-Webhooks-Signature-Settings"])
        signature = got.headers["X-Twilio-Signature"]
        assert validator.validate(app.url + got.target, got.form, signature, algorithm)


def test_the_secondary_token_opens_the_api_but_signs_only_when_promoted(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(secondary_token="the-second-token")
    client.auth = (exchange.account.sid, "the-second-token")
    settle(exchange, ring(client, app))
    exchange.control.request("POST", "/tokens/promote")
    settle(exchange, ring(client, app))
    first, second = app.at("/one")
    for got, token in ((first, "loopback-exchange-token-000000000"), (second, "the-second-token")):
        signature = got.headers["X-Twilio-Signature"]
        assert RequestValidator(token).validate(app.url + got.target, got.form, signature)
    client.auth = (exchange.account.sid, "loopback-exchange-token-000000000")
    with pytest.raises(TwilioRestException):
        client.calls(app.at("/one")[0].form["CallSid"]).fetch()


@pytest.mark.parametrize(
    ("kind", "status"), [("429", 429), ("500-before", 500), ("503-before", 503)]
)
def test_a_create_refused_by_a_fault_makes_no_call(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str, status: int
) -> None:
    exchange.control.fault(kind, where={"request": "create"})
    with pytest.raises(TwilioRestException) as caught:
        ring(client, app)
    assert caught.value.status == status
    assert client.calls.list() == []
    assert ring(client, app)


@pytest.mark.parametrize("kind", ["500-after", "503-after"])
def test_a_create_may_fail_after_the_call_was_made(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str
) -> None:
    exchange.control.fault(kind, where={"request": "create", "number": SUPPORTER})
    with pytest.raises(TwilioRestException):
        ring(client, app)
    (call,) = client.calls.list(to=SUPPORTER)
    assert settle(exchange, call.sid)["supporter"]["state"] == "completed"


@pytest.mark.parametrize(
    ("kind", "made"),
    [("hang-before", 0), ("hang-after", 1), ("reset-before", 0), ("reset-after", 1)],
)
def test_a_create_that_hears_nothing_may_or_may_not_have_made_a_call(
    exchange: ExchangeThread, client: Client, app: AnsweringApp, kind: str, made: int
) -> None:
    exchange.control.fault(kind, where={"request": "create"})
    http = TwilioHttpClient(timeout=0.4)
    http.session.trust_env = False
    hasty = Client(exchange.account.sid, exchange.account.token, http_client=http)
    hasty.api.base_url = exchange.base_url
    with pytest.raises((requests.ReadTimeout, requests.ConnectionError)):
        ring(hasty, app)
    http.session.close()
    assert len(client.calls.list(to=SUPPORTER)) == made


def test_a_slow_answer_is_true_all_the_same(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.fault("slow-answer", where={"request": "create"}, seconds=0.3)
    began = time.monotonic()
    assert ring(client, app)
    assert time.monotonic() - began >= 0.3


def test_an_unknown_fault_is_refused_with_the_names_there_are(exchange: ExchangeThread) -> None:
    with pytest.raises(ControlError, match="duplicate-together"):
        exchange.control.fault("plague")


def test_a_rule_skips_then_strikes_as_often_as_it_says() -> None:
    faults = Faults()
    faults.add(HookFault.DROP, where={"kind": "voice"}, skip=1, times=2)
    struck = [bool(faults.strike(HookFault, kind="voice")) for _ in range(5)]
    assert struck == [False, True, True, False, False]
    assert not faults.strike(HookFault, kind="status")
    assert not faults.strike(RestFault, request="create")


def test_a_rate_is_chance_that_the_seed_repeats() -> None:
    def thrown(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(HookFault.DROP, times=None, rate=0.3)
        return [bool(faults.strike(HookFault, kind="voice")) for _ in range(200)]

    assert thrown(7) == thrown(7) != thrown(8)
    assert 30 < sum(thrown(7)) < 90
