"""A bound on a whole exchange over one socket; a socket's own timeout bounds each wait alone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def within(seconds: float, line: Callable[[], socket.socket | None]) -> Iterator[None]:
    """Cut the line after so many seconds: whoever waits on it gets an OSError or its end.

    `line` says which socket it is by then: encryption puts another in its place.
    """

    def cut() -> None:
        found = line()
        if found is not None:
            with suppress(OSError):  # it was closed by itself
                found.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
