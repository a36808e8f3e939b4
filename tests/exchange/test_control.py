"""The control API: what a browser phone or a test sees and may do."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest
import requests
from twilio.rest import Client

from callbridge.exchange.account import Account
from callbridge.exchange.running import ControlError, ExchangeThread
from callbridge.exchange.site import listen
from tests.exchange.answering import AnsweringApp
from tests.exchange.world import NUMBER, OFFICE, SUPPORTER, conversation, ring, settle


def test_events_are_numbered_without_a_gap_and_can_be_followed(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 20})
    sid = ring(client, app)
    seen: list[int] = []
    while not seen or exchange.control.calls(live=True):
        events = exchange.control.events(after=seen[-1] if seen else 0, wait=2)
        seen += [event["n"] for event in events]
    assert seen == list(range(1, len(seen) + 1))
    whole = settle(exchange, sid)
    kinds = [event["kind"] for event in whole["events"]]
    for kind in ("ringing", "answered", "say", "gather", "key", "bridged", "dialled", "ended"):
        assert kind in kinds


def test_a_hook_in_the_log_shows_request_reply_and_headers(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"], "star_after": 20})
    whole = settle(exchange, ring(client, app))
    hook = next(hook for hook in whole["hooks"] if hook["url"] == f"{app.url}/two")
    assert hook["hook"] == "action"
    assert hook["params"]["Digits"] == "1"
    assert "<Dial" in hook["reply"]
    assert hook["status"] == 200
    assert "X-Twilio-Signature" in hook["attempts"][0]["headers"]


def test_a_browser_phone_that_takes_offices_makes_them_ring_for_a_person(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    app.documents["/one"] = f'<Response><Dial action="/two">{OFFICE}</Dial></Response>'
    exchange.control.person(SUPPORTER, {"like": "silent", "after": 1})
    exchange.control.change(speed=10)

    async def follow() -> tuple[dict[str, object], list[str]]:
        address = f"{exchange.base_url}/exchange/live?ends=office"
        kinds: list[str] = []
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(address) as socket,
        ):
            sid = await asyncio.to_thread(ring, client, app)
            async for message in socket:
                event = json.loads(message.data)
                kinds.append(event["kind"])
                if event["kind"] == "person" and event["leg"] != sid:
                    await asyncio.to_thread(exchange.control.answer, event["leg"])
                if event["kind"] == "bridged":
                    await asyncio.to_thread(exchange.control.hang_up, event["office"])
                if event["kind"] == "ended" and event["leg"] == sid:
                    break
        return await asyncio.to_thread(settle, exchange, sid), kinds

    whole, kinds = asyncio.run(follow())
    assert whole["offices"][0]["person"]["behaviour"] == "human"
    assert whole["offices"][0]["state"] == "completed"
    assert "hook" in kinds


def test_events_missed_before_the_stream_began_are_sent_first(exchange: ExchangeThread) -> None:
    settle(exchange, exchange.control.dial_in(SUPPORTER, person="silent"))

    async def first() -> int:
        address = f"{exchange.base_url}/exchange/live?after=0"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            return int(json.loads((await socket.receive()).data)["n"])

    assert asyncio.run(first()) == 1


def test_waiting_in_vain_says_what_the_call_does_instead(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    sid = ring(client, app)
    with pytest.raises(ControlError, match="still not bridged"):
        exchange.control.call(sid, wait="bridged", timeout=0.05)


def test_pages_of_other_origins_and_names_that_only_lead_here_are_refused(
    exchange: ExchangeThread,
) -> None:
    def status(**headers: str) -> int:
        return requests.get(
            f"{exchange.base_url}/exchange", headers=headers, timeout=10
        ).status_code

    assert status() == 200
    assert status(Origin=exchange.base_url) == 200
    assert status(Origin="https://example.org") == 403
    assert status(Origin="null") == 403
    assert status(Host="rebound.example.org") == 403


def test_the_page_at_the_root_is_served_under_a_strict_policy(exchange: ExchangeThread) -> None:
    answer = requests.get(exchange.base_url, timeout=10)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert requests.get(f"{exchange.base_url}/nothing.js", timeout=10).status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_the_exchange_listens_on_loopback_only(host: str) -> None:
    from aiohttp import web

    async def attempt() -> None:
        await listen(web.Application(), host=host, port=0)

    with pytest.raises(ValueError, match="loopback only"):
        asyncio.run(attempt())


def test_settings_are_shown_changed_and_refused_by_name(exchange: ExchangeThread) -> None:
    changed = exchange.control.change(speed=50, dial_grace=0, trial=True)
    assert (changed["speed"], changed["dial_grace"], changed["trial"]) == (50, 0.0, True)
    assert "token" not in changed
    with pytest.raises(ControlError, match="no switch gravity"):
        exchange.control.change(gravity=1)
    with pytest.raises(ControlError, match="true or false"):
        exchange.control.change(swallow_pound="yes")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"/people/{OFFICE}", ["nobody"]),
        ("PUT", f"/people/{OFFICE}", []),
        ("PUT", "/mix/office", {"weights": {"nobody": 1}}),
        ("POST", "/faults", {"kind": "drop", "rate": "often"}),
        ("PATCH", "/settings", {"speed": 0}),
        ("PATCH", "/settings", [1]),
    ],
)
def test_a_wrong_control_request_is_refused_with_a_sentence(
    exchange: ExchangeThread, method: str, path: str, body: object
) -> None:
    answer = requests.request(method, f"{exchange.base_url}/exchange{path}", json=body, timeout=10)
    assert answer.status_code == 400
    assert len(answer.json()["error"].split()) > 2


def test_the_applications_address_is_known_without_its_slash(app: AnsweringApp) -> None:
    with ExchangeThread(app_url=f"{app.url}/") as known, ExchangeThread() as unknown:
        assert known.control.request("GET", "")["app_url"] == app.url
        assert unknown.control.request("GET", "")["app_url"] is None


def test_what_is_said_into_a_bridge_is_an_event_and_elsewhere_refused(
    exchange: ExchangeThread, app: AnsweringApp, client: Client
) -> None:
    conversation(app)
    exchange.control.change(speed=10)
    exchange.control.person(SUPPORTER, {"keys": ["1", "2"]})
    exchange.control.person(OFFICE, "waits")
    sid = ring(client, app)
    with pytest.raises(ControlError, match="nobody is at the other end"):
        exchange.control.request("POST", f"/legs/{sid}/say", {"text": "Hello?"})
    exchange.control.call(sid, wait="bridged")
    for text in ("", " ", "x" * 301):
        with pytest.raises(ControlError, match="1 to 300 characters"):
            exchange.control.request("POST", f"/legs/{sid}/say", {"text": text})
    exchange.control.request("POST", f"/legs/{sid}/say", {"text": " Good morning. "})
    exchange.control.press(sid, "*")
    said = [
        (event["leg"] == sid, event["text"])
        for event in settle(exchange, sid)["events"]
        if event["kind"] == "speaks"
    ]
    assert said[-1] == (True, "Good morning.")


def test_two_exchanges_side_by_side_know_nothing_of_each_other() -> None:
    other = Account(sid="AC" + "1" * 32, token="another-token")
    with (
        ExchangeThread(numbers=[NUMBER]) as one,
        ExchangeThread(account=other, numbers=[NUMBER]) as two,
    ):
        assert one.base_url != two.base_url
        assert (
            one.control.request("GET", "")["account"] != two.control.request("GET", "")["account"]
        )
