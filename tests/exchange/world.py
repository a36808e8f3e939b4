"""Numbers, documents and shorthands that the exchange's tests share."""

from __future__ import annotations

from typing import Any

from twilio.rest import Client

from callbridge.exchange.running import ExchangeThread
from tests.exchange.answering import AnsweringApp

NUMBER = "+12025550100"
SUPPORTER = "+12025550123"
OFFICE = "+12025550111"
SPEED = 200.0
EVENTS = ["initiated", "ringing", "answered", "completed"]

GREETING = (
    '<Response><Gather numDigits="1" finishOnKey="" timeout="6" action="/two">'
    "<Say>Hello, this is the Prairie League. To go on, press 1.</Say></Gather>"
    "<Say>Goodbye.</Say></Response>"
)
BRIDGE = (
    "<Response><Say>Connecting you.</Say>"
    f'<Dial action="/three" hangupOnStar="true" timeout="20" callerId="{NUMBER}">'
    '<Number statusCallback="/office" statusCallbackEvent="initiated ringing answered completed">'
    f"{OFFICE}</Number></Dial></Response>"
)
SURVEY = (
    '<Response><Gather numDigits="1" finishOnKey="" timeout="6" action="/four">'
    "<Say>Welcome back. Talked with someone: press 1. Left a message: press 2.</Say></Gather>"
    "<Say>Goodbye.</Say></Response>"
)
GOODBYE = "<Response><Say>Thank you. Goodbye.</Say></Response>"


def conversation(app: AnsweringApp) -> None:
    """Teach the application a call with one office and one question."""
    app.documents |= {"/one": GREETING, "/two": BRIDGE, "/three": SURVEY, "/four": GOODBYE}


def ring(client: Client, app: AnsweringApp, path: str = "/one", **options: Any) -> str:
    """Place a call to the supporter with all four status callbacks; return its sid."""
    call = client.calls.create(
        to=options.pop("to", SUPPORTER),
        from_=NUMBER,
        url=app.url + path,
        status_callback=app.url + "/status",
        status_callback_event=EVENTS,
        **options,
    )
    return str(call.sid)


def settle(exchange: ExchangeThread, sid: str) -> dict[str, Any]:
    """Wait until a call is over and all its hooks are delivered; return it whole."""
    return exchange.control.call(sid, wait="settled", timeout=30)
