"""The exchange's text messages, read by the vendor's own client, with hooks and refusals."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from callbridge.exchange.running import ControlError, ExchangeThread

NUMBER, PERSON = "+12025550100", "+12025550123"


class App(ThreadingHTTPServer):
    """An application that keeps what it is told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, dict[str, str], str]] = []

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def about(self, sid: str, count: int) -> list[tuple[str, dict[str, str], str]]:
        """Wait for so many hooks about a message."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            found = [one for one in self.told if one[1]["MessageSid"] == sid]
            if len(found) >= count:
                return found
            time.sleep(0.01)
        raise AssertionError(f"told only {self.told}")


class _Handler(BaseHTTPRequestHandler):
    server: App

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.server.told.append((self.path, form, self.headers["X-Twilio-Signature"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Leave the server's own log out."""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    """Listen for hooks."""
    with App() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def exchange(app: App) -> Iterator[ExchangeThread]:
    """Run an exchange whose number belongs to the application."""
    with ExchangeThread(app_url=app.url, numbers=[NUMBER], speed=100.0) as running:
        yield running


@pytest.fixture(scope="module")
def client(exchange: ExchangeThread) -> Iterator[Client]:
    """Return the vendor's own client."""
    made = Client(exchange.account.sid, exchange.account.token)
    made.api.base_url = exchange.base_url
    yield made
    made.http_client.session.close()


def test_the_vendors_client_sends_follows_and_is_told(
    exchange: ExchangeThread, client: Client, app: App
) -> None:
    callback = f"{app.url}/told"
    sent = client.messages.create(to=PERSON, from_=NUMBER, body="Hello", status_callback=callback)
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    hooks = app.about(sent.sid, 2)
    assert [form["MessageStatus"] for _, form, _ in hooks] == ["sent", "delivered"]
    validator = RequestValidator(exchange.account.token)
    for _, form, signature in hooks:
        assert validator.compute_signature(callback, form) == signature
    fetched = client.messages(sent.sid).fetch()
    assert (fetched.status, fetched.error_code, fetched.body) == ("delivered", None, "Hello")
    assert fetched.date_sent >= fetched.date_created
    (shown,) = [one for one in exchange.control.texts(PERSON) if one["sid"] == sent.sid]
    assert shown["status"] == "delivered"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "12"}, 21211),
        ({"to": NUMBER}, 21211),
        ({"to": "+442079460000"}, 21408),
        ({"from_": "+12025550111"}, 21606),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"to": "+12025550177"}, 21614),
    ],
)
def test_what_cannot_be_sent_is_refused_with_the_vendors_code(
    exchange: ExchangeThread, client: Client, changes: dict[str, str], code: int
) -> None:
    exchange.control.change(landlines=["+12025550177"])
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**{"to": PERSON, "from_": NUMBER, "body": "Hello"} | changes)
    assert (refused.value.code, refused.value.status) == (code, 400)


def test_an_unreachable_number_is_reported_afterwards(
    exchange: ExchangeThread, client: Client, app: App
) -> None:
    exchange.control.change(unreachable=["+12025550178"])
    sent = client.messages.create(
        to="+12025550178", from_=NUMBER, body="Hello", status_callback=f"{app.url}/told"
    )
    last = app.about(sent.sid, 2)[-1][1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30006")


def test_a_person_texts_the_number_and_stop_ends_what_is_sent_from_it(
    exchange: ExchangeThread, client: Client, app: App
) -> None:
    sid = exchange.control.text_in(PERSON, "stop")
    ((path, form, _),) = app.about(sid, 1)
    assert path == "/voice/texts/inbound"
    assert (form["Body"], form["OptOutType"], form["From"]) == ("stop", "STOP", PERSON)
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=PERSON, from_=NUMBER, body="Hello")
    assert refused.value.code == 21610
    exchange.control.text_in(PERSON, "START")
    assert client.messages.create(to=PERSON, from_=NUMBER, body="Hello").sid
    with pytest.raises(ControlError):
        exchange.control.text_in(PERSON, "hello", to="+12025550111")
