"""Starts rehearsals beside the web, one at a time, each in a process that ends with it; runs none.

That process is given the scenario and the lock that says one runs; it has no setting of the
installation and no database to ask.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from callbridge.logs import log
from callbridge.rehearsal.keeping import Shelf
from callbridge.service.rehearsals import Rehearsal

if TYPE_CHECKING:
    from callbridge.service.context import Context

LIMIT_MINUTES = 30.0
START_SECONDS = 10.0
_log = log(__name__)


class BesideTheWeb:
    """The rehearser of a web process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._shelf = Shelf(self._folder)

    def start(self, ctx: Context, drive: str, *, seed: int, speed: float, who: str) -> str:
        """Start one and return its id. Raises NotFoundError, RefusedError while another runs."""
        # The world of a rehearsal is a web of its own: known only when one is asked for.
        from callbridge.rehearsal.rehearsing import Asked, announced, scenario_of
        from callbridge.rehearsal.scenario import pack

        asked = Asked(drive=drive, seed=seed, speed=speed, limit_minutes=LIMIT_MINUTES)
        scenario = scenario_of(ctx, asked)
        begun = announced(scenario, self._shelf, who=who)
        with self._shelf.running() as lock:
            self._shelf.write(begun)
            started = threading.Event()
            given = msgspec.json.encode(begun) + b"\n" + pack(scenario)
            # Linux ends a child when the thread that started it is gone: this one waits for it.
            threading.Thread(
                target=self._run, args=(given, lock, started), name="rehearsal", daemon=True
            ).start()
            started.wait(START_SECONDS)
        return begun.id

    def _run(self, given: bytes, lock: int, started: threading.Event) -> None:
        from callbridge.rehearsal.staging import environment

        try:
            process = subprocess.Popen(  # noqa: S603  our own command, no shell
                [sys.executable, "-m", "callbridge.rehearsal.beside", str(self._folder)],
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[lock],
                start_new_session=True,
            )
        finally:
            started.set()
        process.communicate(given)
        _log.info("rehearsal_over", code=process.returncode)

    def cancel(self, rehearsal: str) -> bool:
        """End one that runs; False when it does not."""
        return self._shelf.ask_to_end(rehearsal)

    def get(self, rehearsal: str) -> Rehearsal | None:
        """Return one."""
        return self._shelf.get(rehearsal)

    def all(self) -> Sequence[Rehearsal]:
        """Return every rehearsal that is kept, newest first."""
        return self._shelf.all()
