"""Placing, ending and finding calls, against a server that plays the carrier's answers."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from callbridge.carriers.addresses import Addresses
from callbridge.carriers.twilio_client import TwilioClient
from callbridge.carriers.wire import Wire
from callbridge.domain.telephony import CarrierStatus, PlaceOrder
from callbridge.errors import (
    CarrierBusyError,
    CarrierError,
    CarrierRefusedError,
    CarrierUnknownError,
)
from tests.carriers.playback import (
    ACCOUNT,
    NUMBER,
    SUPPORTER,
    TOKEN,
    Answer,
    Playback,
    call,
    created,
    error,
    fetched,
    page,
)

SID = "CA" + "1" * 32
ORDER = PlaceOrder(to=SUPPORTER, from_=NUMBER, token="opaque-token", ring=25, time_limit=3600)
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
NOON = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
ADDRESSES = Addresses(public_url="https://calls.example.org")


def client(
    url: str, *, tokens: tuple[str, ...] = (TOKEN,), sleep: Callable[[float], None] | None = None
) -> TwilioClient:
    return TwilioClient(
        account=ACCOUNT,
        tokens=tokens,
        addresses=ADDRESSES,
        wire=Wire(url, timeouts=(1.0, 0.3)),
        sleep=sleep or (lambda seconds: None),
    )


def test_a_call_is_placed_with_our_token_in_every_address() -> None:
    with Playback([created()]) as carrier:
        assert client(carrier.url).place(ORDER) == SID
    (asked,) = carrier.asked
    assert (asked.method, asked.path) == ("POST", CALLS)
    retry = "#rc=3&rp=ct,rt,5xx"
    voice = "https://calls.example.org/voice/opaque-token"
    assert sorted(asked.form) == sorted(
        [
            ("To", SUPPORTER),
            ("From", NUMBER),
            ("Url", f"{voice}/0{retry}"),
            ("Method", "POST"),
            ("FallbackUrl", f"{voice}/sorry"),
            ("FallbackMethod", "POST"),
            ("StatusCallback", f"{voice}/status{retry}"),
            ("StatusCallbackMethod", "POST"),
            ("StatusCallbackEvent", "completed"),
            ("Timeout", "25"),
            ("TimeLimit", "3600"),
        ]
    )
    login = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    assert asked.headers["authorization"] == f"Basic {login}"


def test_429_is_tried_twice_more_with_growing_waits() -> None:
    waits: list[float] = []
    with Playback([error(429, 20429), error(429, 20429), created()]) as carrier:
        assert client(carrier.url, sleep=waits.append).place(ORDER) == SID
    assert len(carrier.asked) == 3
    assert 0.25 <= waits[0] <= 0.75
    assert 0.5 <= waits[1] <= 1.5


def test_429_for_ever_is_busy_and_certainly_no_call() -> None:
    with Playback([error(429, 20429)]) as carrier, pytest.raises(CarrierBusyError):
        client(carrier.url).place(ORDER)
    assert len(carrier.asked) == 3


@pytest.mark.parametrize(
    ("http", "code", "reason"),
    [
        (400, 21211, "number"),
        (400, 21217, "number"),
        (400, 21214, "number"),
        (400, 21202, "number"),
        (400, 13224, "number"),
        (400, 21215, "policy"),
        (400, 21216, "policy"),
        (400, 13227, "policy"),
        (400, 32017, "policy"),
        (401, 20003, "account"),
        (400, 10001, "account"),
        (400, 10004, "account"),
        (400, 21210, "account"),
        (400, 21212, "account"),
        (400, 21219, "account"),
        (400, 21205, "request"),
        (422, "21211", "number"),
        (422, "20422", "request"),
    ],
)
def test_a_refusal_says_whose_matter_it_is_in_a_sentence_without_the_number(
    http: int, code: int | str, reason: str
) -> None:
    refusal = error(http, code, f"{SUPPORTER} is not possible")
    with Playback([refusal]) as carrier, pytest.raises(CarrierRefusedError) as caught:
        client(carrier.url).place(ORDER)
    assert (caught.value.reason, caught.value.code) == (reason, int(code))
    assert caught.value.sentence.endswith(".")
    assert SUPPORTER not in str(caught.value)
    assert len(carrier.asked) == 1


def test_a_refusal_without_a_readable_body_is_a_refusal_all_the_same() -> None:
    bare = Answer(400, "<html>Bad</html>")
    with Playback([bare]) as carrier, pytest.raises(CarrierRefusedError) as caught:
        client(carrier.url).place(ORDER)
    assert (caught.value.reason, caught.value.code) == ("request", 400)


@pytest.mark.parametrize(
    "answer",
    [
        error(500, 20500),
        error(503, 20503),
        Answer(502, "<html>Bad gateway</html>"),
        Answer(307, ""),
        Answer(408, ""),
        Answer(201, "<html>not json</html>"),
        Answer(201, ""),
        Answer(201, "null"),
        Answer(201, "[]"),
        Answer(201, "{}"),
        Answer(201, '{"sid": 7}'),
        Answer(cut="reset"),
        Answer(201, json.dumps(call()), cut="half"),
        Answer(201, json.dumps(call()), delay=0.8),
    ],
    ids=lambda answer: f"{answer.http}{answer.cut}{answer.body[:9]}",
)
def test_an_outcome_nobody_knows_stays_unknown_and_is_never_sent_again(answer: Answer) -> None:
    with Playback([answer]) as carrier, pytest.raises(CarrierUnknownError):
        client(carrier.url).place(ORDER)
    assert len(carrier.asked) == 1


def test_a_refused_connection_is_certainly_no_call() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(CarrierBusyError):
            client(f"http://127.0.0.1:{port}").place(ORDER)


def test_a_second_token_is_tried_where_the_first_is_no_longer_accepted() -> None:
    with Playback([error(401, 20003), created()]) as carrier:
        assert client(carrier.url, tokens=("old", "new")).place(ORDER) == SID
    logins = [base64.b64decode(a.headers["authorization"].split()[1]) for a in carrier.asked]
    assert logins == [f"{ACCOUNT}:old".encode(), f"{ACCOUNT}:new".encode()]


def test_proxies_and_regions_of_the_environment_are_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("no_proxy", "")
    with Playback([created()]) as carrier:
        assert client(carrier.url).place(ORDER) == SID
    assert carrier.asked[0].path == CALLS


def test_a_carrier_behind_a_prefix_is_asked_under_it() -> None:
    following = f"/api/laml{CALLS}?PageSize=100&Page=1"
    with Playback([page(call(), following=following), page()]) as carrier:
        found = client(f"{carrier.url}/api/laml").find(to=SUPPORTER, from_=NUMBER, since=NOON)
    assert [leg.sid for leg in found] == [SID]
    assert [asked.path for asked in carrier.asked] == [f"/api/laml{CALLS}"] * 2


def test_a_next_page_on_another_host_is_asked_of_our_carrier() -> None:
    with Playback([page(following="https://elsewhere.example/x"), page()]) as carrier:
        assert client(carrier.url).find(to=SUPPORTER, from_=NUMBER, since=NOON) == ()
    assert len(carrier.asked) == 2


def test_hanging_up_completes_the_call() -> None:
    with Playback([fetched(status="completed")]) as carrier:
        client(carrier.url).hang_up(SID)
    assert carrier.asked[0].path == f"/2010-04-01/Accounts/{ACCOUNT}/Calls/{SID}.json"
    assert carrier.asked[0].form == [("Status", "completed")]


@pytest.mark.parametrize(
    "answer", [error(400, 21220), error(404, 20404), Answer(404, "gone")], ids=str
)
def test_hanging_up_what_is_over_or_unknown_is_no_error(answer: Answer) -> None:
    with Playback([answer]) as carrier:
        client(carrier.url).hang_up(SID)
    assert len(carrier.asked) == 1


def test_hanging_up_with_wrong_credentials_is_an_error() -> None:
    with Playback([error(401, 20003)]) as carrier, pytest.raises(CarrierRefusedError):
        client(carrier.url).hang_up(SID)


def test_a_leg_is_fetched_in_our_words() -> None:
    done = fetched(
        status="completed", duration="83", parent_call_sid="CA" + "9" * 32, start_time=None
    )
    with Playback([done]) as carrier:
        leg = client(carrier.url).fetch(SID)
    assert leg is not None
    assert (leg.sid, leg.parent_sid, leg.to, leg.from_) == (SID, "CA" + "9" * 32, SUPPORTER, NUMBER)
    assert (leg.status, leg.seconds, leg.created) == (CarrierStatus.COMPLETED, 83, NOON)


def test_a_leg_that_the_carrier_does_not_know_is_none() -> None:
    with Playback([error(404, 20404)]) as carrier:
        assert client(carrier.url).fetch(SID) is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", CarrierStatus.QUEUED),
        ("ringing", CarrierStatus.RINGING),
        ("in-progress", CarrierStatus.IN_PROGRESS),
        ("answered", CarrierStatus.IN_PROGRESS),
        ("busy", CarrierStatus.BUSY),
        ("no-answer", CarrierStatus.NO_ANSWER),
        ("failed", CarrierStatus.FAILED),
        ("canceled", CarrierStatus.CANCELED),
    ],
)
def test_every_word_for_a_state_is_read(word: str, status: CarrierStatus) -> None:
    with Playback([fetched(status=word)]) as carrier:
        leg = client(carrier.url).fetch(SID)
    assert leg is not None
    assert leg.status is status


@pytest.mark.parametrize(
    "answer", [fetched(status="levitating"), fetched(date_created="soon"), fetched(sid="")], ids=str
)
def test_a_record_that_makes_no_sense_is_unknown_not_absent(answer: Answer) -> None:
    with Playback([answer]) as carrier, pytest.raises(CarrierUnknownError):
        client(carrier.url).fetch(SID)


def test_finding_asks_by_both_numbers_without_any_other_filter() -> None:
    with Playback([page()]) as carrier:
        assert client(carrier.url).find(to=SUPPORTER, from_=NUMBER, since=NOON) == ()
    asked = dict(carrier.asked[0].query)
    assert asked == {"To": SUPPORTER, "From": NUMBER, "PageSize": "100"}


def test_finding_reads_every_page_and_keeps_what_is_not_older() -> None:
    old = "Sat, 21 Nov 2026 16:59:54 +0000"
    lagging = "Sat, 21 Nov 2026 16:59:56 +0000"
    later = "Sat, 21 Nov 2026 17:00:30 +0000"
    answers = [
        page(
            call("CA-old", date_created=old),
            call("CA-later", date_created=later),
            following=f"{CALLS}?Page=1&PageToken=PAx",
        ),
        page(call("CA-lag", date_created=lagging, status="no-answer")),
    ]
    with Playback(answers) as carrier:
        found = client(carrier.url).find(to=SUPPORTER, from_=NUMBER, since=NOON)
    assert [leg.sid for leg in found] == ["CA-later", "CA-lag"]
    assert ("PageToken", "PAx") in carrier.asked[1].query


def test_finding_understands_a_time_in_any_zone() -> None:
    since = (NOON + timedelta(minutes=1)).astimezone(timezone(timedelta(hours=-5)))
    with Playback([page(call())]) as carrier:
        assert client(carrier.url).find(to=SUPPORTER, from_=NUMBER, since=since) == ()


def test_children_are_asked_for_by_their_parent() -> None:
    child = call("CA-child", parent_call_sid=SID, direction="outbound-dial", status="busy")
    with Playback([page(child)]) as carrier:
        (leg,) = client(carrier.url).children(SID)
    assert (leg.sid, leg.parent_sid, leg.status) == ("CA-child", SID, CarrierStatus.BUSY)
    assert ("ParentCallSid", SID) in carrier.asked[0].query


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(500, 20500), CarrierUnknownError),
        (error(429, 20429), CarrierBusyError),
        (error(401, 20003), CarrierRefusedError),
        (Answer(200, "garbage"), CarrierUnknownError),
        (Answer(200, '{"calls": [], "extra": 1}'), CarrierUnknownError),
        (Answer(200, '{"calls": [{"status": "new"}]}'), CarrierUnknownError),
        (Answer(cut="reset"), CarrierUnknownError),
    ],
    ids=str,
)
def test_a_list_that_fails_raises_and_never_looks_empty(
    answer: Answer, kind: type[CarrierError]
) -> None:
    with Playback([answer]) as carrier, pytest.raises(kind):
        client(carrier.url).find(to=SUPPORTER, from_=NUMBER, since=NOON)
