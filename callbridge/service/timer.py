"""How a process waits: by the wall, unless a rehearsal gives it a clock of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Protocol


class Timer(Protocol):
    """Waits by a clock, in seconds.

    A rehearsal's clock runs ahead only while everybody waits, so whoever works on it holds it.
    """

    def seconds(self) -> float:
        """Return seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait so long; for threads that hold the clock."""
        ...

    def wait(self, stop: Event, seconds: float) -> None:
        """Wait so long, less when `stop` is set; for threads that hold the clock."""
        ...

    def hold(self) -> Callable[[], None]:
        """Hold the clock until the returned function is called, by any thread."""
        ...


class WallTimer:
    """Waits by the machine's own clock, which nobody holds."""

    def seconds(self) -> float:
        """Return the machine's seconds."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait so long."""
        time.sleep(seconds)

    def wait(self, stop: Event, seconds: float) -> None:
        """Wait so long, less when `stop` is set."""
        stop.wait(seconds)

    def hold(self) -> Callable[[], None]:
        """Hold nothing."""
        return _nothing


def _nothing() -> None:
    """Let nothing go."""
