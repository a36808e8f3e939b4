"""Dialers in processes of their own beside a story; what they wrote is kept and told on failure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.source import ROOT

_TAIL = 6000


@dataclass
class Dialer:
    """One process and the file it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()

    def working(self) -> bool:
        """Tell whether it has begun to work."""
        return "dialer_started" in self.log.read_text(encoding="utf-8", errors="replace")

    def told(self) -> str:
        """Return the end of what it wrote; if it lives, where each of its threads stands too."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(0.5)
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return f"--- {self.log.name}, exit {self.process.poll()}\n{text[-_TAIL:]}"


@dataclass
class Dialers:
    """The dialers of a story, dead and alive, on the story's time."""

    given: Mapping[str, str]
    folder: Path
    time: Path
    alive: list[Dialer] = field(default_factory=list)
    dead: list[Dialer] = field(default_factory=list)

    def start(self, **more: str) -> Dialer:
        """Start one; `more` are settings of its own."""
        number = len(self.alive) + len(self.dead)
        log = self.folder / f"dialer-{number}.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.stories.dialer_process", str(self.time)],
                env=kept | {"PYTHONPATH": str(ROOT)} | self.given | more,
                stdout=file,
                stderr=file,
            )
        dialer = Dialer(process, log)
        self.alive.append(dialer)
        return dialer

    def kill_oldest(self) -> None:
        """Kill the one that has worked longest."""
        oldest = self.alive.pop(0)
        oldest.kill()
        self.dead.append(oldest)

    def kill_all(self) -> None:
        """Leave none behind."""
        for one in self.alive:
            one.kill()

    def told(self) -> str:
        """Return what all of them wrote last."""
        return "\n".join(one.told() for one in (*self.dead, *self.alive))
