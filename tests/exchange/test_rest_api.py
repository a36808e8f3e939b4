"""The carrier's REST API for calls, used through the vendor's own client."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import EVENTS, NUMBER, SPEED, SUPPORTER, ring, settle


def refused(client: Client, app: AnsweringApp, **options: object) -> TwilioRestException:
    order = {"to": SUPPORTER, "from_": NUMBER, "url": f"{app.url}/one"} | options
    with pytest.raises(TwilioRestException) as caught:
        client.calls.create(**order)
    return caught.value


def test_a_created_call_is_queued_and_has_no_times_yet(client: Client, app: AnsweringApp) -> None:
    call = client.calls.create(to=SUPPORTER, from_=NUMBER, url=f"{app.url}/one")
    assert call.sid.startswith("CA")
    assert call.status == "queued"
    assert (call.start_time, call.end_time, call.duration, call.price) == (None, None, None, None)
    assert call.direction == "outbound-api"
    assert call.to_formatted == "(202) 555-0123"
    assert call.date_created is not None
    assert abs(datetime.now(UTC) - call.date_created) < timedelta(minutes=1)


def test_a_finished_call_has_its_duration_as_text(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = "<Response><Pause length='30'/></Response>"
    exchange.control.person(SUPPORTER, "silent")
    sid = ring(client, app)
    settle(exchange, sid)
    call = client.calls(sid).fetch()
    assert call.status == "completed"
    assert int(call.duration) >= 30
    assert call.price.startswith("-0.0")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"to": "+1202"}, 21211),
        ({"to": NUMBER}, 21211),
        ({"to": "911"}, 21202),
        ({"to": "+442071234567"}, 21215),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
        ({"from_": "+12025550177"}, 21210),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "anonymous"}, 21212),
        ({"url": "http://example.org/one"}, 21205),
        ({"status_callback": "http://example.org/s"}, 21205),
        ({"fallback_url": "http://10.0.0.1/f"}, 21205),
        ({"status_callback": "http://a_b.example.org/s"}, 21205),
        ({"timeout": 601}, 21208),
        ({"method": "PUT"}, 21209),
        ({"send_digits": "12x"}, 21206),
        ({"status_callback_event": ["initiated ringing"]}, 20001),
    ],
)
def test_a_wrong_create_is_refused_with_the_carriers_code(
    client: Client, app: AnsweringApp, options: dict[str, object], code: int
) -> None:
    error = refused(client, app, **options)
    assert (error.status, error.code) == (400, code)


def test_a_create_without_numbers_or_address_says_which_is_missing(
    exchange: ExchangeThread,
) -> None:
    account = exchange.account
    address = f"{exchange.base_url}/2010-04-01/Accounts/{account.sid}/Calls.json"

    def code(**form: str) -> int:
        answer = requests.post(address, data=form, auth=(account.sid, account.token), timeout=10)
        assert answer.status_code == 400
        return int(answer.json()["code"])

    assert code(From=NUMBER, Url="http://127.0.0.1/") == 21201
    assert code(To=SUPPORTER, Url="http://127.0.0.1/") == 21213
    assert code(To=SUPPORTER, From=NUMBER) == 21205


def test_wrong_credentials_open_nothing(exchange: ExchangeThread, client: Client) -> None:
    client.auth = (exchange.account.sid, "another token")
    with pytest.raises(TwilioRestException) as caught:
        client.calls("CA" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_an_unknown_call_is_not_found(client: Client) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client.calls("CA" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_a_trial_account_rings_verified_numbers_only(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(trial=True, verified=["+12025550145"])
    assert refused(client, app).code == 21219
    assert client.calls.create(to="+12025550145", from_=NUMBER, url=f"{app.url}/one").sid


def test_a_call_beyond_the_concurrency_limit_is_refused(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(most_calls=1, speed=1)
    ring(client, app)
    assert refused(client, app, to="+12025550145").code == 10004


def test_creates_beyond_the_pace_wait_in_the_queue(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(calls_per_second=0.001)
    ring(client, app)
    second = client.calls(ring(client, app, to="+12025550145")).fetch()
    assert second.status == "queued"
    assert int(second.queue_time) > 100_000


def test_a_ringing_call_can_be_cancelled_and_a_call_in_progress_cannot(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = "<Response><Pause length='3000'/></Response>"
    exchange.control.change(speed=1)
    sid = ring(client, app)
    exchange.control.call(sid, wait="ringing")
    assert client.calls(sid).update(status="canceled").status == "canceled"
    other = ring(client, app)
    exchange.control.call(other, wait="ringing")
    exchange.control.answer(other)
    assert client.calls(other).update(status="canceled").status == "in-progress"
    assert client.calls(other).update(status="completed").status == "completed"


def test_a_call_in_progress_can_be_given_another_document(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = "<Response><Pause length='3000'/></Response>"
    app.documents["/other"] = "<Response><Say>Something else.</Say></Response>"
    exchange.control.person(SUPPORTER, "silent")
    sid = ring(client, app)
    exchange.control.call(sid, wait="answered")
    client.calls(sid).update(url=f"{app.url}/other")
    assert settle(exchange, sid)["said"][-1] == "Something else."


def test_a_call_that_is_not_in_progress_cannot_be_redirected(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(speed=1)
    sid = ring(client, app)
    with pytest.raises(TwilioRestException) as caught:
        client.calls(sid).update(url=f"{app.url}/other")
    assert (caught.value.status, caught.value.code) == (400, 21220)


def test_only_a_finished_call_can_be_deleted(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(speed=1)
    exchange.control.person(SUPPORTER, "busy-line")
    sid = ring(client, app)
    with pytest.raises(TwilioRestException) as caught:
        client.calls(sid).delete()
    assert caught.value.code == 20009
    exchange.control.change(speed=SPEED)
    settle(exchange, sid)
    assert client.calls(sid).delete()
    with pytest.raises(TwilioRestException, match="not found"):
        client.calls(sid).fetch()


def test_the_list_is_paged_newest_first_without_gaps(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    sids = [ring(client, app, to=f"+120255501{n:02}") for n in range(20, 32)]
    assert [call.sid for call in client.calls.list(page_size=5)] == sids[::-1]
    page = client.calls.page(page_size=5)
    following = page.next_page()
    assert [call.sid for call in following] == sids[::-1][5:10]
    assert [call.sid for call in following.previous_page()] == sids[::-1][:5]


def test_a_page_keeps_its_place_while_new_calls_arrive(client: Client, app: AnsweringApp) -> None:
    sids = [ring(client, app, to=f"+120255501{n:02}") for n in range(20, 24)]
    page = client.calls.page(page_size=2)
    ring(client, app, to="+12025550140")
    assert [call.sid for call in page.next_page()] == sids[1::-1]


def test_the_list_is_filtered_by_numbers_parent_status_and_time(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(SUPPORTER, "busy-line")
    sid = ring(client, app)
    ring(client, app, to="+12025550145")
    settle(exchange, sid)
    assert [call.sid for call in client.calls.list(to=SUPPORTER, from_=NUMBER)] == [sid]
    assert [call.sid for call in client.calls.list(status="busy")] == [sid]
    assert client.calls.list(parent_call_sid=sid) == []
    hour = timedelta(hours=1)
    now = datetime.now(UTC)
    assert [call.sid for call in client.calls.list(to=SUPPORTER, start_time_after=now - hour)]
    assert client.calls.list(start_time_before=now - hour) == []
    assert client.calls.list(to=SUPPORTER, start_time=now.date() - timedelta(days=2)) == []


def test_a_list_query_that_cannot_be_read_is_refused(client: Client) -> None:
    with pytest.raises(TwilioException):
        client.calls.list(start_time_after="yesterday")


def test_the_list_may_lag_behind_what_was_created(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.change(list_lag=3600)
    sid = ring(client, app)
    assert client.calls.list() == []
    assert client.calls(sid).fetch().sid == sid
    exchange.control.change(list_lag=0)
    assert [call.sid for call in client.calls.list()] == [sid]


def test_without_events_only_the_end_is_reported(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    exchange.control.person(SUPPORTER, "busy-line")
    call = client.calls.create(
        to=SUPPORTER, from_=NUMBER, url=f"{app.url}/one", status_callback=f"{app.url}/status"
    )
    settle(exchange, call.sid)
    assert [got.form["CallStatus"] for got in app.at("/status")] == ["busy"]
    assert app.at("/status")[0].form["SequenceNumber"] == "0"


@pytest.mark.parametrize(
    ("person", "status", "sip"),
    [("ignores", "no-answer", "487"), ("busy-line", "busy", "486"), ("dead-line", "failed", "404")],
)
def test_a_call_that_nobody_answers_says_why(
    exchange: ExchangeThread,
    client: Client,
    app: AnsweringApp,
    person: str,
    status: str,
    sip: str,
) -> None:
    exchange.control.person(SUPPORTER, person)
    sid = ring(client, app, timeout=20)
    settle(exchange, sid)
    assert client.calls(sid).fetch().status == status
    last = app.at("/status")[-1].form
    assert (last["CallStatus"], last["SipResponseCode"]) == (status, sip)
    assert (last["CallDuration"], last["Duration"]) == ("0", "0")
    assert app.at("/one") == []


def test_other_methods_and_paths_are_refused_in_the_apis_words() -> None:
    with ExchangeThread() as exchange:
        account = exchange.account
        auth = (account.sid, account.token)
        base = f"{exchange.base_url}/2010-04-01/Accounts/{account.sid}"
        answer = requests.put(f"{base}/Calls.json", auth=auth, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (405, 20004)
        answer = requests.get(f"{base}/Conferences.json", auth=auth, timeout=10)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_answered_calls_report_four_events_in_order(
    exchange: ExchangeThread, client: Client, app: AnsweringApp
) -> None:
    app.documents["/one"] = "<Response><Pause length='61'/></Response>"
    exchange.control.person(SUPPORTER, "silent")
    settle(exchange, ring(client, app))
    forms = [got.form for got in app.at("/status")]
    assert len(forms) == len(EVENTS)
    assert int(forms[-1]["CallDuration"]) >= 61
    assert forms[-1]["Duration"] == "2"
    assert all(form["Timestamp"].endswith("+0000") for form in forms)
