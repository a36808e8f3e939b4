"""Plays the carrier over HTTP: whole calls hook by hook, signed, over kept connections."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from callbridge.exchange.signing import signature

ACTION = re.compile(rb'action="http://[^/]+(/voice/[^"#]+)')
# What happens in a call to one office of two: the next is skipped with the pound key.
KEYS: tuple[dict[str, str], ...] = (
    {},
    {"Digits": "1"},
    {"Digits": "1"},
    {"DialCallStatus": "completed", "DialCallDuration": "60", "DialBridged": "true"},
    {"Digits": "1"},
    {"Digits": "2"},
    {"Digits": "#"},
)
HOOKS = len(KEYS) + 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that the carrier has: its hooks' token, its sid, whom it rings."""

    token: str
    sid: str
    to: str


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs, and the address that is signed."""

    sid: str
    token: str
    number: str
    public_url: str


class Wire:
    """One kept connection of the carrier."""

    def __init__(self, account: Account, port: int) -> None:
        self.account = account
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(self, target: str, form: dict[str, str]) -> bytes:
        """Send one signed hook and return the document; raise RuntimeError unless it is 2xx."""
        url = self.account.public_url + target
        signed = signature(url, form.items(), key=self.account.token)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": signed,
        }
        self._connection.request("POST", target, urlencode(form), headers)
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{target}: {reply.status} {body[:200]!r}")
        return body

    def carry(self, call: Placed, *, follow: bool) -> None:
        """Carry one call through; without `follow` the addresses are made up (the floor)."""
        form = {
            "AccountSid": self.account.sid,
            "ApiVersion": "2010-04-01",
            "CallSid": call.sid,
            "CallStatus": "in-progress",
            "Direction": "outbound-api",
            "From": self.account.number,
            "To": call.to,
        }
        target = f"/voice/{call.token}/0"
        for step, more in enumerate(KEYS):
            body = self.post(target, form | more)
            if follow:
                target = ACTION.findall(body)[-1].decode() if step < len(KEYS) - 1 else ""
            else:
                target = f"/voice/{call.token}/{step + 1}"
        ended = {"CallStatus": "completed", "CallDuration": "90", "SequenceNumber": "3"}
        self.post(f"/voice/{call.token}/status", form | ended)


def carry_all(
    account: Account, port: int, calls: Sequence[Placed], *, at_once: int, follow: bool
) -> float:
    """Carry calls through over so many connections; return the seconds it took."""
    faults: list[BaseException] = []

    def work(mine: Sequence[Placed]) -> None:
        wire = Wire(account, port)
        try:
            for call in mine:
                wire.carry(call, follow=follow)
        except (OSError, RuntimeError, IndexError) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(calls[i::at_once],)) for i in range(at_once)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - began
