"""Sends signed hooks at a steady rate, whatever the answers take, and times each."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import aiohttp

from callbridge.exchange.signing import signature

FORM = {"AccountSid": "AC" + "0" * 32, "CallStatus": "in-progress", "Digits": "1"}


@dataclass(frozen=True, slots=True)
class Pace:
    """How many a second, and for how long."""

    per_second: float
    seconds: float


def beat(port: int, pace: Pace) -> list[float]:
    """Return the seconds that each took."""
    return asyncio.run(_beat(port, pace))


async def _beat(port: int, pace: Pace) -> list[float]:
    took: list[float] = []
    async with aiohttp.ClientSession(trust_env=False) as session:

        async def one(number: int) -> None:
            url = f"http://127.0.0.1:{port}/voice/{number:032}/1"
            signed = {"X-Twilio-Signature": signature(url, FORM.items(), key="t" * 32)}
            began = time.monotonic()
            async with session.post(url, data=FORM, headers=signed) as reply:
                await reply.read()
            took.append(time.monotonic() - began)

        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in range(int(pace.per_second * pace.seconds)):
                due = began + number / pace.per_second
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                group.create_task(one(number))
    return took
