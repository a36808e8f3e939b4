"""Requests to the carrier, some at once: a slow answer holds up one of them, never the pace."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore

from callbridge.logs import log

_log = log(__name__)


class Lines:
    """At most so many requests at once; one dialer's own."""

    def __init__(self, most: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=most, thread_name_prefix="line")
        self._left = BoundedSemaphore(most)
        self._most = most

    def free(self) -> bool:
        """Tell whether a request could be made at once."""
        if self._left.acquire(blocking=False):
            self._left.release()
            return True
        return False

    def submit(self, work: Callable[[], None]) -> None:
        """Make a request in a thread that is free for it."""
        self._left.acquire()
        self._pool.submit(work).add_done_callback(self._done)

    def close(self) -> None:
        """Wait for what is being asked."""
        self._pool.shutdown()

    def _done(self, future: Future[None]) -> None:
        self._left.release()
        if trouble := future.exception():
            # The attempt stays dialing, and is settled by asking the carrier.
            _log.error("request_failed", type=type(trouble).__name__)
