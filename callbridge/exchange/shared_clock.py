"""A clock that threads beside the exchange go by too: it runs ahead while all of them wait.

Whoever works holds it, and meanwhile it keeps the wall's pace; whoever sleeps on it is a timer
that it does not pass, and holds it again from the moment it wakes. So a busy machine makes the
simulated hours longer to wait for, never different. Knows nothing of calls, drives or databases.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, RLock
from typing import Any

from callbridge.exchange.clock import Clock

_LOOK_SECONDS = 0.5
"""Seconds of the wall after which a sleeper looks whether the clock was stopped."""


class SharedClock(Clock):
    """Make it inside the exchange's running loop. `begins` is the date at its second 0."""

    def __init__(self, *, speed: float, begins: datetime) -> None:
        super().__init__(speed=speed)
        self.waits_for_all, self.stall = True, 0.0
        self.begins = begins.astimezone(UTC)
        self.leapt = 0.0
        self._loop = asyncio.get_running_loop()
        self._guard = RLock()
        self._due = float("inf")
        self._stopped = Event()
        self._light: set[Callable[[], None]] = set()
        self.poked = 0.0

    # For any thread -----------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the simulated date and time, aware, UTC."""
        return self.begins + timedelta(seconds=self.elapsed())

    def elapsed(self) -> float:
        """Return simulated seconds since the start; never past a timer that has not fired."""
        with self._guard:
            return max(self._last, min(self._free(), self._due))

    def epoch_seconds(self) -> float:
        """Return the simulated time in Unix seconds, as a database's clock tells it."""
        return self.begins.timestamp() + self.elapsed()

    def hold(self) -> Callable[[], None]:
        """Keep the clock at the wall's pace until the returned function is called, once."""
        self._hold(1)
        once = Lock()

        def let_go() -> None:
            if once.acquire(blocking=False):
                self._hold(-1)

        return let_go

    def sleep_held(
        self, seconds: float, stop: Event | None = None, *, poke: float | None = None
    ) -> None:
        """Sleep on the clock in a thread that holds it; it holds it again when it wakes.

        Returns at once when the clock is stopped, and soon when `stop` is set. With `poke` it is
        a light sleep: so many simulated seconds after a poke it is over.
        """
        due = self.elapsed() + max(seconds, 0.0)
        woken, once = Event(), Lock()

        def wake() -> None:
            if once.acquire(blocking=False):
                self._hold(1)
                woken.set()
                self._light.discard(poked)

        def poked() -> None:
            self.call_later(poke or 0.0, wake)

        def lie_down() -> None:
            self.call_later(due - self.seconds(), wake)
            if poke is not None:
                self._light.add(poked)
            self._hold(-1)

        if not self._ask(lie_down):
            return
        while not woken.wait(_LOOK_SECONDS):
            if self._stopped.is_set() or (stop is not None and stop.is_set()):
                wake()

    def leap(self, to: float) -> bool:
        """Go to a later second at once, sleepers and timers with it; False when it stands still.

        For when nothing happens until then: whatever was due on the way happens at its end.
        """
        done = Event()

        def work() -> None:
            self._leap(to)
            done.set()

        return self._ask(work) and done.wait(10)

    def poke(self) -> None:
        """Tell light sleepers that something happened; in the loop only."""
        self.poked = self.seconds()
        for one in list(self._light):
            self._light.discard(one)
            one()

    # In the loop --------------------------------------------------------------------------------

    def stop(self) -> None:
        """Forget every timer and let every sleeper go."""
        self._stopped.set()
        super().stop()

    def _hold(self, change: int) -> None:
        with self._guard:
            before, second = self._pace(), self._free()
            self._held += change
            faster = self._pace() > before
            if self._pace() != before:
                self._start_from(second)
        if faster:  # slower: the timer comes too early, and is set again then
            self._ask(self._arm)

    def _start_from(self, second: float) -> None:
        with self._guard:
            super()._start_from(second)

    def _arm(self) -> None:
        super()._arm()
        self._due = self._heap[0][0] if self._heap else float("inf")

    def _leap(self, to: float) -> None:
        here = self.seconds()
        if to <= here:
            return
        self.leapt += to - here
        for _, _, timer in self._heap:
            timer.due = max(timer.due, to)
        self._heap = [(timer.due, order, timer) for _, order, timer in self._heap]
        heapq.heapify(self._heap)
        self._last = to
        self._start_from(to)
        self._arm()

    def _ask(self, work: Callable[[], Any]) -> bool:
        """Run something in the loop; False when that is over."""
        if self._stopped.is_set():
            return False
        try:
            self._loop.call_soon_threadsafe(work)
        except RuntimeError:  # the loop closed in this very moment
            return False
        return True
