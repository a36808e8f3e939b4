"""A running `python -m callbridge up` in a folder of its own: the whole service, for real."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import clean_environment
from tests.cli.test_children import free_port
from tests.source import ROOT

CAMPAIGNS = str(ROOT / "campaigns")


class Up:
    """A running `up` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.exchange_port = free_port(), free_port()
        ports = ["--port", str(self.port), "--exchange-port", str(self.exchange_port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "callbridge", "up", *ports],
            cwd=folder,
            env=clean_environment(CALLBRIDGE_CAMPAIGNS=CAMPAIGNS),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def wait(self) -> None:
        """Read until it says that it is up."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith("Ctrl-C"):
                return
        pytest.fail("\n".join(self.said))

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Stop it and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=60)
        self.said += out.splitlines()
        return self.process.returncode

    @property
    def web(self) -> str:
        """Return the address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def exchange(self) -> str:
        """Return the address of the browser phone."""
        return f"http://127.0.0.1:{self.exchange_port}"

    def get(self, path: str, *, port: int | None = None) -> bytes:
        """Fetch a page."""
        address = f"http://127.0.0.1:{port or self.port}{path}"
        with urllib.request.urlopen(address, timeout=10) as reply:
            return bytes(reply.read())
