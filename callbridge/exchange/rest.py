"""Twilio's REST API for calls and messages over HTTP; what a request means is decided elsewhere."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from aiohttp import web

from callbridge.exchange import codes
from callbridge.exchange.codes import Refusal
from callbridge.exchange.faults import Fault, RestFault
from callbridge.exchange.legs import Leg, new_sid
from callbridge.exchange.listing import listed
from callbridge.exchange.orders import read_create, read_update
from callbridge.exchange.resource import API_VERSION, as_resource
from callbridge.exchange.switchboard import Exchange
from callbridge.exchange.texts import Text

LONGEST_HANG = 120.0
"""Seconds of the wall after which a hanging request is dropped all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """One request and its response, for whoever records them."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    content_type: str
    response: bytes


CUT = web.RequestKey("cut", bool)
"""Set on a request whose connection was broken on purpose: no response reached anybody."""

Recorder = Callable[[Exchanged], None]


class Rest:
    """The handlers. Every request passes authentication and the faults first."""

    def __init__(self, exchange: Exchange, recorder: Recorder | None = None) -> None:
        self.exchange = exchange
        self.recorder = recorder
        self.requests = 0

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; other methods and paths are answered in the API's words."""
        account = f"/{API_VERSION}/Accounts/{{account}}"
        return [
            web.route("*", f"{account}/Calls.json", self.handle),
            web.route("*", f"{account}/Calls/{{sid}}.json", self.handle),
            web.route("*", f"{account}/Messages.json", self.handle),
            web.route("*", f"{account}/Messages/{{text}}.json", self.handle),
            web.route("*", f"/{API_VERSION}/{{rest:.*}}", self.handle),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, faults included, and record it."""
        began = time.monotonic()
        self.requests += 1
        body = await request.read()
        try:
            response = await self._answer(request, body)
        finally:
            self.requests -= 1
        response.headers["Twilio-Request-Id"] = new_sid("RQ")
        response.headers["Twilio-Concurrent-Requests"] = str(self.requests + 1)
        response.headers["Twilio-Request-Duration"] = f"{time.monotonic() - began:.3f}"
        self._record(request, body, response)
        return response

    def _record(self, request: web.Request, body: bytes, response: web.Response) -> None:
        content = response.body if isinstance(response.body, bytes) else b""
        self.exchange.journal.note(
            "rest", method=request.method, path=request.path_qs, status=response.status
        )
        if self.recorder is not None and not request.get(CUT):
            self.recorder(
                Exchanged(
                    method=request.method,
                    url=str(request.url),
                    headers=dict(request.headers),
                    body=body,
                    status=response.status,
                    content_type=response.content_type if content else "",
                    response=content,
                )
            )

    async def _answer(self, request: web.Request, body: bytes) -> web.Response:
        if not self._authentic(request):
            return _refused(codes.unauthenticated())
        if request.match_info.get("account") != self.exchange.account.sid:
            return _refused(codes.unknown(request.path))
        strikes = self._strikes(request, body)
        for fault in strikes:
            if isinstance(fault.kind, RestFault) and not fault.kind.carried_out:
                return await self._suffer(request, fault)
        response = self._carry_out(request, body)
        for fault in strikes:
            response = await self._suffer(request, fault, response)
        return response

    def _strikes(self, request: web.Request, body: bytes) -> list[Fault]:
        return self.exchange.faults.strike(
            RestFault,
            request=_operation(request),
            path=request.path,
            number=_form(body).get("To", [""])[-1],
        )

    def _carry_out(self, request: web.Request, body: bytes) -> web.Response:
        sid = request.match_info.get("sid")
        match _operation(request):
            case "create":
                return self._create(body)
            case "list":
                return self._list(request)
            case "fetch" | "update" | "delete" as operation:
                leg = self.exchange.leg(sid or "")
                if leg is None:
                    return _refused(codes.unknown(request.path))
                return self._one(leg, operation, body)
            case "text":
                text = self.exchange.texts.create(_form(body))
                return _refused(text) if isinstance(text, Refusal) else self._text(text, 201)
            case "fetch-text":
                found = self.exchange.texts.sent.get(request.match_info["text"])
                return self._text(found, 200) if found else _refused(codes.unknown(request.path))
            case "":
                return _refused(codes.wrong_method())
            case _:
                return _refused(codes.unknown(request.path))

    def _create(self, body: bytes) -> web.Response:
        create = read_create(_form(body))
        placed = create if isinstance(create, Refusal) else self.exchange.place(create)
        if isinstance(placed, Refusal):
            return _refused(placed)
        return self._resource(placed, 201)

    def _one(self, leg: Leg, operation: str, body: bytes) -> web.Response:
        refusal: Refusal | None = None
        if operation == "delete":
            refusal = self.exchange.forget(leg)
            return web.Response(status=204) if refusal is None else _refused(refusal)
        if operation == "update":
            update = read_update(_form(body))
            refusal = update if isinstance(update, Refusal) else self.exchange.update(leg, update)
        return self._resource(leg, 200) if refusal is None else _refused(refusal)

    def _list(self, request: web.Request) -> web.Response:
        exchange = self.exchange
        newest = exchange.clock.seconds() - exchange.switches.list_lag
        legs = [leg for leg in exchange.legs if leg.created_second <= newest]
        pairs = parse_qsl(request.rel_url.raw_query_string)
        found = listed(legs, dict(pairs), exchange.account.sid)
        return _refused(found) if isinstance(found, Refusal) else _json(found)

    def _text(self, text: Text, status: int) -> web.Response:
        return _json(text.as_resource(self.exchange.account.sid), status)

    def _resource(self, leg: Leg, status: int) -> web.Response:
        return _json(as_resource(leg, self.exchange.account.sid), status)

    def _authentic(self, request: web.Request) -> bool:
        scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return self.exchange.account.admits(name, secret)

    async def _suffer(
        self, request: web.Request, fault: Fault, response: web.Response | None = None
    ) -> web.Response:
        """Do to a request what a fault says; `response` is the true answer if carried out."""
        match fault.kind:
            case RestFault.TOO_MANY:
                return _refused(codes.too_many_requests())
            case RestFault.BEFORE_500 | RestFault.AFTER_500:
                return _refused(codes.server_error(500))
            case RestFault.BEFORE_503 | RestFault.AFTER_503:
                return _refused(codes.server_error(503))
            case RestFault.SLOW:
                await asyncio.sleep(fault.seconds)
                return response or _refused(codes.server_error(500))
            case RestFault.HANG_BEFORE | RestFault.HANG_AFTER:
                await _until_gone(request)
            case _:
                pass
        request[CUT] = True
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)


async def _until_gone(request: web.Request) -> None:
    """Wait until the client gives up."""
    end = time.monotonic() + LONGEST_HANG
    while time.monotonic() < end:
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.05)


def _operation(request: web.Request) -> str:
    """Name what a request asks for; empty for a method the resource has not."""
    if "rest" in request.match_info:
        return "nothing"
    if "text" in request.match_info:
        return "fetch-text" if request.method == "GET" else ""
    if request.path.endswith("/Messages.json"):
        return "text" if request.method == "POST" else ""
    one = "sid" in request.match_info
    names = (
        {"GET": "fetch", "POST": "update", "DELETE": "delete"}
        if one
        else {
            "GET": "list",
            "POST": "create",
        }
    )
    return names.get(request.method, "")


def _form(body: bytes) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode(errors="replace"), keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return values


def _json(value: Mapping[str, object], status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(value).encode(), status=status, content_type="application/json"
    )


def _refused(refusal: Refusal) -> web.Response:
    response = _json(refusal.body(), refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
