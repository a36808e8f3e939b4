"""One part of callbridge started from the command line and stopped."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import Cli, clean_environment
from tests.cli.test_children import free_port


def answers(address: str, process: subprocess.Popen[str]) -> bytes:
    """Wait until an address answers; fail when the process ends first."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as reply:
                return bytes(reply.read())
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    process.kill()
    pytest.fail(f"{address} never answered: {process.communicate()[0]}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_exchange_runs_until_it_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "callbridge", "exchange", "--port", str(port)],
        cwd=tmp_path,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert b"<html" in answers(f"http://127.0.0.1:{port}/", process)
    process.send_signal(number)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0, out
    assert f"Exchange on http://127.0.0.1:{port}/" in out
    assert "Stopped the exchange." in out


def test_the_exchange_is_refused_for_a_public_address(program: Cli) -> None:
    ran = program("exchange", "--port", str(free_port()), PUBLIC_URL="https://calls.example.org")
    assert ran.code == 3
    assert "serves this machine only" in ran.err


def test_a_taken_port_is_a_sentence_and_not_a_trace(program: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = program("exchange", "--port", str(taken.getsockname()[1]))
    assert ran.code == 3
    assert "running already" in ran.err
    assert "Traceback" not in ran.err
