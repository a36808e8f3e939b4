"""The control API's log: warnings, events, and the live stream the browser phone listens to."""

from __future__ import annotations

import asyncio
import json
import time

from aiohttp import WSMsgType, web

from callbridge.exchange.answers import answer, safe
from callbridge.exchange.control import LONGEST_WAIT
from callbridge.exchange.journal import Entry
from callbridge.exchange.legs import End
from callbridge.exchange.switchboard import Exchange

MOST_BEHIND = 10_000
"""Events a slow listener may be behind; then the newest are lost to it."""


class Watching:
    """The handlers for whoever watches."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/exchange/warnings", safe(self.warnings)),
            web.get("/exchange/events", safe(self.events)),
            web.get("/exchange/live", self.live),
        ]

    async def warnings(self, _: web.Request) -> web.Response:
        """Show what the carrier's debugger would."""
        found = self.exchange.warnings
        return answer(
            {
                "warnings": [
                    {"code": w.code, "sentence": w.sentence, "call": w.call, "url": w.url}
                    for w in found
                ]
            }
        )

    async def events(self, request: web.Request) -> web.Response:
        """Return events after a number; with `wait` (seconds of the wall) wait for one."""
        after, call = int(request.query.get("after", "0")), request.query.get("call", "")
        end = time.monotonic() + min(float(request.query.get("wait", "0")), LONGEST_WAIT)
        journal = self.exchange.journal
        while not (found := journal.after(after, call=call)):
            left = end - time.monotonic()
            if left <= 0:
                break
            await journal.wait(left)
        last = found[-1].n if found else max(after, 0)
        return answer({"events": [entry.as_json() for entry in found], "last": last})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Stream events over a WebSocket; `?ends=supporter,office` says which ends ring here."""
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        try:
            ends = frozenset(End(word) for word in request.query.get("ends", "").split(",") if word)
        except ValueError:
            await socket.close(code=1008, message=b"ends are supporter and office")
            return socket
        phones, journal = self.exchange.people.phones, self.exchange.journal
        queue: asyncio.Queue[Entry] = asyncio.Queue(maxsize=MOST_BEHIND)
        stop = journal.watch(lambda entry: None if queue.full() else queue.put_nowait(entry))
        if ends:
            phones[id(socket)] = ends
        sending = asyncio.create_task(_stream(socket, queue, journal.after(_after(request))))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            stop()
            phones.pop(id(socket), None)
            sending.cancel()
        return socket


def _after(request: web.Request) -> int:
    text = request.query.get("after", "")
    return int(text) if text.isdecimal() else 2**62


async def _stream(
    socket: web.WebSocketResponse, queue: asyncio.Queue[Entry], missed: list[Entry]
) -> None:
    for entry in missed:
        await socket.send_str(json.dumps(entry.as_json()))
    last = missed[-1].n if missed else 0
    while True:
        entry = await queue.get()
        if entry.n > last:
            await socket.send_str(json.dumps(entry.as_json()))
