"""Programs started, watched and stopped together; knows nothing of what they do."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import urlsplit

from callbridge.cli import screen
from callbridge.errors import CallbridgeError

START_SECONDS = 30.0
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.05
LAST_LINES = 5


class ChildError(CallbridgeError):
    """A program that was started ended, or never answered."""

    type = "child"


@dataclass(slots=True, kw_only=True)
class Child:
    """One program. It is ready when the address `at` answers, or when it has printed `says`.

    It has `stop_seconds` to end when it is asked to.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    at: str | None = None
    says: str = ""
    stop_seconds: float = STOP_SECONDS
    process: subprocess.Popen[str] | None = None
    heard: threading.Event = field(default_factory=threading.Event)
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    listener: threading.Thread | None = None

    def start(self) -> None:
        """Start it in a process group of its own, so that Ctrl-C reaches only us."""
        self.process = subprocess.Popen(  # noqa: S603  our own command, no shell
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        output = self.process.stdout
        self.listener = threading.Thread(target=self._listen, args=(output,), daemon=True)
        self.listener.start()

    def _listen(self, output: IO[str]) -> None:
        with output:
            for line in output:
                text = line.rstrip()
                if self.says and self.says in text:
                    self.heard.set()
                    continue
                self.last.append(text)
                _pass_on(self.name, text)

    @property
    def ended(self) -> int | None:
        """Return the exit code, None while it runs."""
        return self.process.poll() if self.process else None

    def is_ready(self) -> bool:
        """Tell whether it answers."""
        return _answers(self.at) if self.at else self.heard.is_set()

    def stop(self) -> None:
        """End it kindly, then firmly; return when it is gone."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(self.stop_seconds)
            except subprocess.TimeoutExpired:
                late = f"did not stop within {self.stop_seconds:.0f} s"
                screen.warn(f"The {self.name} {late}: ended it.")
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.listener:
            self.listener.join()


def _pass_on(name: str, text: str) -> None:
    # What a child says when it is ready or gone is ours to say, once.
    if not text.startswith("✓"):
        screen.say(f"{name:<8} │ {text}")


def _answers(address: str) -> bool:
    split = urlsplit(address)
    connection = http.client.HTTPConnection(split.hostname or "", split.port or 80, timeout=2)
    try:
        connection.request("GET", split.path or "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_ready(child: Child, stopping: threading.Event) -> None:
    """Wait until a child answers. Raises ChildError when it ends or stays silent."""
    until = time.monotonic() + START_SECONDS
    while not stopping.is_set():
        if child.ended is not None:
            raise ChildError(died(child))
        if child.is_ready():
            return
        if time.monotonic() > until:
            raise ChildError(f"The {child.name} did not answer within {START_SECONDS:.0f} s.")
        stopping.wait(LOOK_SECONDS)


def watch(children: Sequence[Child], stopping: threading.Event) -> None:
    """Return when `stopping` is set. Raises ChildError when a child ends by itself."""
    while not stopping.wait(4 * LOOK_SECONDS):
        for child in children:
            if child.ended is not None and not stopping.is_set():
                raise ChildError(died(child))


def died(child: Child) -> str:
    """Say that a child ended by itself, and the last it said."""
    if child.listener:
        # Its last lines may still be on their way through the pipe.
        child.listener.join(1)
    last = f" It said: {child.last[-1].lstrip('✗ ')}" if child.last else ""
    return f"The {child.name} stopped by itself (exit code {child.ended}).{last}"


def end_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it is gone (Linux)."""
    if sys.platform != "linux" or not os.environ.get("CALLBRIDGE_UNDER"):
        return
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM)
    if os.getppid() != int(os.environ["CALLBRIDGE_UNDER"]):
        sys.exit(0)
