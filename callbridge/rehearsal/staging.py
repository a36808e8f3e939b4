"""Starts the process of a rehearsal apart from everything real, listens to it, and ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from callbridge.rehearsal.__main__ import Line
from callbridge.rehearsal.directing import Progress
from callbridge.rehearsal.result import Result
from callbridge.rehearsal.scenario import Scenario, pack
from callbridge.rehearsal.world import RehearsalError

ROOT = Path(__file__).resolve().parents[2]
# What a Python program needs to start, and nothing by which it could find anything of ours.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
AFTER_LIMIT = 90.0
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.2


class CancelledError(RehearsalError):
    """Somebody ended a rehearsal before it was over."""


def environment() -> dict[str, str]:
    """Return the environment of a rehearsal's process."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "CALLBRIDGE_UNDER": str(os.getpid()),
    }


def stage(
    scenario: Scenario, *, tell: Callable[[Progress], None], cancelled: Callable[[], bool]
) -> Result:
    """Rehearse in a process of its own and return the result.

    Raises RehearsalError in a sentence when it failed, CancelledError when `cancelled` said so.
    """
    with tempfile.TemporaryDirectory(prefix="callbridge-reh-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "callbridge.rehearsal"],
            cwd=folder,  # no .env and no instance/ of the installation is there
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        watch = _Watch(process, cancelled, limit=scenario.limit_seconds + AFTER_LIMIT)
        try:
            return _listen(process, scenario, tell=tell, watch=watch)
        finally:
            watch.end()


class _Watch:
    """Ends a process that somebody cancelled, or whose time is over."""

    def __init__(
        self, process: subprocess.Popen[bytes], cancelled: Callable[[], bool], *, limit: float
    ) -> None:
        self._process, self._cancelled = process, cancelled
        self._until = time.monotonic() + limit
        self._over = threading.Event()
        self.why: str | None = None
        self._thread = threading.Thread(target=self._run, name="rehearsal-watch", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            if self._cancelled():
                self.why = "cancelled"
            elif time.monotonic() > self._until:
                self.why = "late"
            if self.why:
                self._kill()
                return

    def _kill(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS if self.why == "late" else 5.0)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def end(self) -> None:
        """Stop watching; end the process if it still runs."""
        self._over.set()
        self._thread.join()
        if self._process.poll() is None:
            self._kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()


def _listen(
    process: subprocess.Popen[bytes],
    scenario: Scenario,
    *,
    tell: Callable[[Progress], None],
    watch: _Watch,
) -> Result:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RehearsalError("The rehearsal could not be spoken to.")
    said = list[bytes]()
    errors = process.stderr
    listener = threading.Thread(target=lambda: said.extend(errors), daemon=True)
    listener.start()
    process.stdin.write(pack(scenario))
    process.stdin.close()
    result: Result | None = None
    problem: str | None = None
    for raw in process.stdout:
        line = msgspec.json.decode(raw, type=Line)
        if line.progress is not None:
            tell(line.progress)
        result = line.result or result
        problem = line.problem or problem
    process.wait()
    listener.join(5)
    if watch.why == "cancelled":
        raise CancelledError("The rehearsal was cancelled.")
    if result is None:
        last = said[-1].decode(errors="replace").strip() if said else "it said nothing"
        raise RehearsalError(problem or f"The rehearsal ended without a result: {last}")
    return result
