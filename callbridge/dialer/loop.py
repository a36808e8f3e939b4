"""The dialer's loop: places what waits, settles what is unknown or stuck, counts, erases."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from time import monotonic

from callbridge.logs import log
from callbridge.service.context import Context
from callbridge.service.dialing import place_waiting
from callbridge.service.erasing import erase_due
from callbridge.service.rolling import roll_up
from callbridge.service.settling import settle_stuck, settle_unknown

_log = log(__name__)

PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(slots=True)
class _Chore:
    """Something done every so many seconds; its own fault delays it alone."""

    name: str
    every: float
    work: Callable[[], object]
    due: float = 0.0
    faults: int = 0

    def run(self, now: float) -> None:
        if now < self.due:
            return
        try:
            self.work()
        except Exception:  # noqa: BLE001 - one chore's fault must not stop the others
            self.faults += 1
            wait = min(LONGEST_PAUSE_SECONDS, self.every * 2**self.faults)
            _log.exception("chore_failed", chore=self.name, again_in=wait)
            self.due = now + wait
        else:
            self.faults = 0
            self.due = now + self.every


def run(ctx: Context, *, stop: Event) -> None:
    """Work until `stop` is set; several dialers may run at once on one database.

    A chore that fails (the database restarts, the carrier is away) is logged and tried again
    later; it never ends the process.
    """
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
    chores = [
        _Chore("place", PAUSE_SECONDS, lambda: place_waiting(ctx, owner=owner)),
        _Chore("settle-unknown", 1.0, lambda: settle_unknown(ctx)),
        _Chore("settle-stuck", 5.0, lambda: settle_stuck(ctx)),
        _Chore("roll-up", 2.0, lambda: roll_up(ctx)),
        _Chore("erase", 600.0, lambda: erase_due(ctx)),
    ]
    _log.info("dialer_started", owner=owner)
    while not stop.is_set():
        for chore in chores:
            if stop.is_set():
                break
            chore.run(monotonic())
        stop.wait(PAUSE_SECONDS)
    _log.info("dialer_stopped", owner=owner)
