"""The control API's calls: state, waiting, keys, answering, dialling in; JSON."""

from __future__ import annotations

import time

from aiohttp import web

from callbridge.exchange.answers import ControlRefusedError, answer, read_object, safe
from callbridge.exchange.behaviours import read_behaviour
from callbridge.exchange.codes import Refusal
from callbridge.exchange.keypad import KEYS
from callbridge.exchange.legs import Leg, Status
from callbridge.exchange.switchboard import Exchange
from callbridge.exchange.views import WAITS, call_view, leg_view

LONGEST_WAIT = 60.0
MOST_SAID = 300
"""Characters a person at the browser phone may say at once."""
_LOOK_AGAIN = 0.25


class Control:
    """The handlers for calls and legs."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/exchange", safe(self.state)),
            web.get("/exchange/calls", safe(self.calls)),
            web.get("/exchange/calls/{sid}", safe(self.call)),
            web.post("/exchange/legs/{sid}/answer", safe(self.pick_up)),
            web.post("/exchange/legs/{sid}/press", safe(self.press)),
            web.post("/exchange/legs/{sid}/say", safe(self.say)),
            web.post("/exchange/legs/{sid}/hang-up", safe(self.hang_up)),
            web.post("/exchange/dial-in", safe(self.dial_in)),
            web.get("/exchange/texts", safe(self.texts)),
            web.post("/exchange/texts", safe(self.text)),
        ]

    async def state(self, _: web.Request) -> web.Response:
        """Say what this exchange is and how it stands."""
        exchange = self.exchange
        return answer(
            {
                "account": exchange.account.sid,
                "numbers": list(exchange.account.numbers),
                "app_url": exchange.app_url or None,
                "speed": exchange.clock.speed,
                "second": exchange.clock.seconds(),
                "live": exchange.lines.live,
                "legs": len(exchange.lines.legs),
                "last_event": exchange.journal.last,
                "phones": [sorted(ends) for ends in exchange.people.phones.values()],
            }
        )

    async def calls(self, request: web.Request) -> web.Response:
        """List calls, newest first, without their events."""
        only_live = request.query.get("live") == "true"
        firsts = [leg for leg in self.exchange.legs if leg.parent is None]
        shown = [leg for leg in reversed(firsts) if not (only_live and leg.over)]
        limit = int(request.query.get("limit", "100"))
        views = [call_view(leg, self.exchange.journal, whole=False) for leg in shown[:limit]]
        return answer({"calls": views})

    async def call(self, request: web.Request) -> web.Response:
        """Show one call, at once or when what `wait` names has come."""
        leg = self._leg(request)
        leg = leg.parent or leg
        wanted = request.query.get("wait", "")
        if wanted and wanted not in WAITS:
            raise ControlRefusedError(f"wait is one of {', '.join(WAITS)}")
        end = time.monotonic() + min(float(request.query.get("timeout", "10")), LONGEST_WAIT)
        while wanted and not WAITS[wanted](leg):
            left = end - time.monotonic()
            if left <= 0:
                raise ControlRefusedError(f"still not {wanted}: the call is {leg.status}", 408)
            await self.exchange.journal.wait(min(left, _LOOK_AGAIN))
        return answer(call_view(leg, self.exchange.journal))

    async def pick_up(self, request: web.Request) -> web.Response:
        """Pick up a ringing telephone."""
        leg = self._leg(request)
        if leg.status is not Status.RINGING or not self.exchange.lines.answer(leg):
            raise ControlRefusedError(f"it does not ring: {leg.status}", 409)
        return answer(leg_view(leg))

    async def press(self, request: web.Request) -> web.Response:
        """Press keys, one after the other at once."""
        leg, keys = self._leg(request), str((await read_object(request)).get("keys", ""))
        if not keys or set(keys) - KEYS:
            raise ControlRefusedError("keys are of 0 to 9, * and #")
        for key in keys:
            if not self.exchange.people.press(leg, key):
                raise ControlRefusedError(f"nobody is on the line: {leg.status}", 409)
        return answer(leg_view(leg))

    async def say(self, request: web.Request) -> web.Response:
        """Say something to the other end of a bridge."""
        leg, text = self._leg(request), str((await read_object(request)).get("text", "")).strip()
        if not 0 < len(text) <= MOST_SAID:
            raise ControlRefusedError(f"text is of 1 to {MOST_SAID} characters")
        if not self.exchange.people.say(leg, text):
            raise ControlRefusedError("nobody is at the other end", 409)
        return answer(leg_view(leg))

    async def hang_up(self, request: web.Request) -> web.Response:
        """Put the telephone down, or refuse a ringing one; harmless when over."""
        leg = self._leg(request)
        self.exchange.people.hang_up(leg)
        return answer(leg_view(leg))

    async def dial_in(self, request: web.Request) -> web.Response:
        """Let a person ring one of the account's numbers."""
        body = await read_object(request)
        numbers = self.exchange.account.numbers
        from_, to = (
            str(body.get("from", "anonymous")),
            str(body.get("to") or next(iter(numbers), "")),
        )
        if "person" in body:
            self.exchange.people.assign(from_, read_behaviour(body["person"]))
        leg = self.exchange.dial_in(from_=from_, to=to)
        if isinstance(leg, Refusal):
            raise ControlRefusedError(f"{to or from_}: no number of ours with a voice address", 404)
        return answer(leg_view(leg), 201)

    async def texts(self, request: web.Request) -> web.Response:
        """List text messages in order, those to or from one `?number=` if given."""
        number = request.query.get("number", "")
        found = self.exchange.texts.sent.values()
        shown = [text.as_json() for text in found if number in {"", text.to, text.from_}]
        return answer({"texts": shown})

    async def text(self, request: web.Request) -> web.Response:
        """Let a person text one of the account's numbers."""
        body = await read_object(request)
        to = str(body.get("to") or next(iter(self.exchange.account.numbers), ""))
        words, from_ = str(body.get("body", "")), str(body.get("from", ""))
        text = self.exchange.texts.receive(from_=from_, to=to, body=words)
        if text is None:
            raise ControlRefusedError(f"{to}: no number of ours that takes texts", 404)
        return answer(text.as_json(), 201)

    def _leg(self, request: web.Request) -> Leg:
        leg = self.exchange.leg(request.match_info["sid"])
        if leg is None:
            raise ControlRefusedError("there is no such leg", 404)
        return leg
