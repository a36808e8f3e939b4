"""The exchange's clock, which may run faster than the wall's; knows nothing of calls.

Everything a call waits for goes through it. Timers fire one at a time in the order they are due,
and between two of them the event loop runs whatever the first has woken; while timers are
overdue the clock stands at the next one. What waits for a network (the 15 seconds of a hook) stays
on the wall's clock.

A patient clock also waits for others: while somebody holds it (a hook is under way) it runs no
faster than the wall's, and after a stall it goes on from where it stood. So a loaded machine makes
a call later, never different. A clock shared with other processes cannot be patient.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

STALL = 0.05
"""Seconds of the wall by which a timer may be late before a patient clock counts it a stall."""

_CROWDED = 1024
"""Timers in the heap at which cancelled ones are thrown out for the first time."""


class Timer:
    """One callback that is due at a moment; `cancel` forgets it."""

    __slots__ = ("callback", "due")

    def __init__(self, due: float, callback: Callable[[], object]) -> None:
        self.due = due
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Forget the callback; harmless afterwards and twice."""
        self.callback = None


class Clock:
    """Simulated seconds since the start, `speed` of them to a second of the wall.

    `epoch` is the wall moment (Unix seconds) at which a clock shared by several processes stood
    at the wall's time; with it, `now` tells the shared fast time. Without it `now` is the wall's,
    so that dates in the REST API agree with an application that has no fast clock.
    `waits_for_all`: status callbacks hold it too, not only the hooks of a conversation.
    """

    def __init__(self, *, speed: float = 1.0, epoch: float | None = None) -> None:
        if speed <= 0:
            raise ValueError("a clock runs forward: speed is above 0")
        self.speed = speed
        self.epoch = epoch
        self.patient = epoch is None
        self.waits_for_all = False
        self.stall = STALL
        self._held = 0
        self._wall = time.monotonic()
        self._base = 0.0
        self._last = 0.0
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._handle: asyncio.Handle | None = None
        self._crowded = _CROWDED

    def seconds(self) -> float:
        """Return simulated seconds since the start; never past a timer that has not fired."""
        free = self._free()
        self._drop_cancelled()
        if self._heap and self._heap[0][0] < free:
            free = self._heap[0][0]
        self._last = max(self._last, free)
        return self._last

    def now(self) -> datetime:
        """Return the date and time for stamps, aware, UTC."""
        wall = time.time()
        if self.epoch is None:
            return datetime.fromtimestamp(wall, UTC)
        return datetime.fromtimestamp(self.epoch, UTC) + timedelta(
            seconds=(wall - self.epoch) * self.speed
        )

    def set_speed(self, speed: float) -> None:
        """Run faster or slower from now on; timers keep their simulated moments."""
        if speed <= 0:
            raise ValueError("a clock runs forward: speed is above 0")
        self._start_from(self.seconds())
        self.speed = speed
        self._arm()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep a patient clock at the wall's pace meanwhile."""
        self._hold(1)
        try:
            yield
        finally:
            self._hold(-1)

    def _hold(self, change: int) -> None:
        before, second = self._pace(), self._free()
        self._held += change
        if self._pace() != before:
            self._start_from(second)
            self._arm()

    def _pace(self) -> float:
        return min(self.speed, 1.0) if self._held and self.patient else self.speed

    def _start_from(self, second: float) -> None:
        self._base, self._wall = second, time.monotonic()

    def _free(self) -> float:
        return self._base + (time.monotonic() - self._wall) * self._pace()

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back after `delay` simulated seconds."""
        timer = Timer(self.seconds() + max(delay, 0.0), callback)
        heapq.heappush(self._heap, (timer.due, next(self._order), timer))
        if self._heap[0][2] is timer:
            self._arm()
        return timer

    async def sleep(self, delay: float) -> None:
        """Wait for `delay` simulated seconds."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay, lambda: None if woken.done() else woken.set_result(None))
        try:
            await woken
        finally:
            timer.cancel()

    def stop(self) -> None:
        """Forget every timer."""
        self._heap.clear()
        if self._handle is not None:
            self._handle.cancel()

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0][2].callback is None:
            heapq.heappop(self._heap)

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        self._drop_cancelled()
        if not self._heap:
            return
        loop = asyncio.get_running_loop()
        wait = (self._heap[0][0] - self._free()) / self._pace()
        self._handle = (
            loop.call_soon(self._fire) if wait <= 0 else loop.call_later(wait, self._fire)
        )

    def _fire(self) -> None:
        self._handle = None
        self._drop_cancelled()
        if self._heap and self._heap[0][0] <= self.seconds():
            timer = heapq.heappop(self._heap)[2]
            self._last = max(self._last, timer.due)
            if self.patient and self._free() - timer.due > self.stall * self._pace():
                self._start_from(timer.due)
            callback, timer.callback = timer.callback, None
            if callback is not None:
                callback()
        if len(self._heap) > self._crowded:
            self._compact()
        self._arm()

    def _compact(self) -> None:
        """Throw out cancelled timers (limits of hours), and wait until twice the rest is there."""
        self._heap = [entry for entry in self._heap if entry[2].callback is not None]
        heapq.heapify(self._heap)
        self._crowded = max(_CROWDED, 2 * len(self._heap))
