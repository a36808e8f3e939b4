"""The exchange as a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

from callbridge.exchange.running import ExchangeThread
from callbridge.exchange.serve import run

CODE = """
from callbridge.exchange.serve import run
run(port={port}, sid="AC" + "2" * 32, token="t" * 32, app_url="", numbers=["+12025550100"])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", CODE.format(port=port)])
    try:
        end = time.monotonic() + 30
        while True:
            try:
                state = requests.get(f"http://127.0.0.1:{port}/exchange", timeout=5).json()
                break
            except requests.ConnectionError:
                assert time.monotonic() < end
                time.sleep(0.05)
        assert state["account"] == "AC" + "2" * 32
        assert state["numbers"] == ["+12025550100"]
        process.send_signal(number)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    ("host", "app_url"), [("0.0.0.0", ""), ("127.0.0.1", "https://calls.example.org")]
)
def test_the_process_refuses_to_leave_loopback(host: str, app_url: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        run(host=host, port=0, sid="AC" + "2" * 32, token="t" * 32, app_url=app_url)


def test_a_port_that_is_taken_is_said_so_and_nothing_is_left_open() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"), ExchangeThread(port=port):
            pass
