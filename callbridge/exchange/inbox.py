"""What happens to one leg while it waits, in order; knows nothing of verbs or networks."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from callbridge.exchange.clock import Clock

if TYPE_CHECKING:
    from callbridge.exchange.legs import Leg, Target


@dataclass(frozen=True, slots=True)
class Key:
    """The person on this leg pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class Gone:
    """This leg ended."""


@dataclass(frozen=True, slots=True)
class Diverted:
    """The REST API gave this leg another document."""

    target: Target


@dataclass(frozen=True, slots=True)
class Answered:
    """A dialled leg was answered."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Ended:
    """A dialled leg ended, or left the bridge for a document of its own (`left`)."""

    leg: Leg
    left: bool = False


@dataclass(frozen=True, slots=True)
class Whispered:
    """The document said to the office before bridging is over."""

    leg: Leg


Happening = Key | Gone | Diverted | Answered | Ended | Whispered


class Inbox:
    """A queue with one reader who waits at most so many clock seconds."""

    __slots__ = ("_queue", "_reader")

    def __init__(self) -> None:
        self._queue: deque[Happening] = deque()
        self._reader: asyncio.Future[None] | None = None

    def put(self, happening: Happening) -> None:
        """Tell the reader, now or when it next looks."""
        self._queue.append(happening)
        self._wake()

    def drop_keys(self) -> None:
        """Forget keys nobody listened to: keys pressed before a Gather are lost."""
        self._queue = deque(item for item in self._queue if not isinstance(item, Key))

    async def get(self, clock: Clock, timeout: float | None) -> Happening | None:
        """Return the next happening, or None when `timeout` clock seconds have passed."""
        if self._queue:
            return self._queue.popleft()
        self._reader = asyncio.get_running_loop().create_future()
        timer = None if timeout is None else clock.call_later(timeout, self._wake)
        try:
            await self._reader
        finally:
            self._reader = None
            if timer is not None:
                timer.cancel()
        return self._queue.popleft() if self._queue else None

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)
