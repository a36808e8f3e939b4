"""The web and the dialer on a clock that began on a Tuesday at two in Washington; else as they are.

People may be rung at that hour whatever hour a measurement is made at. `BENCH_EPOCH` is the
moment of the wall, in Unix seconds, at which it was two.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from callbridge import logs
from callbridge.compose import build_context
from callbridge.dialer import loop
from callbridge.service.context import Context
from callbridge.settings import load

if TYPE_CHECKING:
    from flask import Flask

TWO_O_CLOCK = datetime(2026, 6, 16, 18, 0, tzinfo=UTC)


class Noon:
    """Stood at two o'clock at a moment of the wall, and runs with it."""

    def __init__(self, epoch: float | None = None) -> None:
        self._epoch = time.time() if epoch is None else epoch

    def now(self) -> datetime:
        """Return the time."""
        return datetime.fromtimestamp(TWO_O_CLOCK.timestamp() + time.time() - self._epoch, UTC)


def context() -> Context:
    """Put everything together from the environment."""
    settings = load()
    logs.configure(level=settings.log_level, as_json=settings.log_json)
    return replace(build_context(settings), clock=Noon(float(os.environ["BENCH_EPOCH"])))


def web() -> Flask:
    """Return the web for gunicorn: `benchmarks.noon:web()`."""
    from callbridge.app import create_app

    return create_app(context=context())


def dialer() -> None:
    """Ring until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    loop.give_way()
    loop.run(context(), stop=stop)


if __name__ == "__main__":
    dialer()
