"""Everything that happens, numbered, for whoever watches or waits; decides nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from callbridge.exchange.clock import Clock

KEPT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event. `at` is a date, `second` the clock's; `call` and `leg` are sids or empty."""

    n: int
    at: datetime
    second: float
    kind: str
    call: str
    leg: str
    data: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """Return the event as the control API shows it."""
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "second": round(self.second, 3),
            "kind": self.kind,
            "call": self.call,
            "leg": self.leg,
            **self.data,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something in a document or a hook that the carrier would complain about."""

    code: int
    sentence: str
    call: str
    url: str = ""


@dataclass(slots=True)
class Journal:
    """The last `KEPT` events and warnings, and who is told of each."""

    clock: Clock
    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    warnings: deque[Warned] = field(default_factory=lambda: deque(maxlen=KEPT))
    last: int = 0
    _watchers: list[Callable[[Entry], None]] = field(default_factory=list)
    _waiting: set[asyncio.Future[None]] = field(default_factory=set)

    def note(self, kind: str, *, call: str = "", leg: str = "", **data: object) -> Entry:
        """Write an event down and tell everybody."""
        self.last += 1
        entry = Entry(
            n=self.last,
            at=self.clock.now(),
            second=self.clock.seconds(),
            kind=kind,
            call=call,
            leg=leg,
            data=data,
        )
        self.entries.append(entry)
        for watcher in tuple(self._watchers):
            watcher(entry)
        self.wake()
        return entry

    def wake(self) -> None:
        """Let everybody who waits look again."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def warn(self, code: int, sentence: str, *, call: str = "", url: str = "") -> None:
        """Write down what the carrier's debugger would show."""
        self.warnings.append(Warned(code=code, sentence=sentence, call=call, url=url))
        self.note("warning", call=call, code=code, sentence=sentence, url=url)

    def after(self, n: int, *, call: str = "") -> list[Entry]:
        """Return kept events with a number above `n`, of one call if given."""
        newer: list[Entry] = []
        for entry in reversed(self.entries):
            if entry.n <= n:
                break
            if not call or entry.call == call:
                newer.append(entry)
        return newer[::-1]

    def watch(self, watcher: Callable[[Entry], None]) -> Callable[[], None]:
        """Call `watcher` with each event from now on; returns what stops it."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def wait(self, seconds: float) -> None:
        """Return at the next event, or after so many seconds of the wall."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return
        finally:
            self._waiting.discard(waiting)
