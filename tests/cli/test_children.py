"""Programs started, watched and stopped together, with small real programs."""

from __future__ import annotations

import os
import socket
import sys
import threading

import pytest

from callbridge.cli.children import Child, ChildError, wait_ready, watch

SERVES = """
import sys
from http.server import HTTPServer, SimpleHTTPRequestHandler
HTTPServer(("127.0.0.1", int(sys.argv[1])), SimpleHTTPRequestHandler).serve_forever()
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready now", flush=True)
time.sleep(60)
"""
DIES = """
import sys
print("✗ DATABASE_URL is wrong.")
sys.exit(3)
"""


def child(program: str, *arguments: str, address: str | None = None, says: str = "") -> Child:
    """Make a child that runs a small program."""
    command = [sys.executable, "-c", program, *arguments]
    return Child(
        name="small one", command=command, environment=dict(os.environ), at=address, says=says
    )


def free_port() -> int:
    """Ask the system for a port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_child_with_an_address_is_ready_once_it_answers() -> None:
    port = free_port()
    one = child(SERVES, str(port), address=f"http://127.0.0.1:{port}/")
    one.start()
    try:
        wait_ready(one, threading.Event())
        assert one.is_ready()
    finally:
        one.stop()
    assert one.ended is not None
    assert not one.is_ready()


def test_a_child_without_an_address_is_ready_once_it_says_so() -> None:
    one = child("print('ready now', flush=True); import time; time.sleep(60)", says="ready now")
    one.start()
    try:
        wait_ready(one, threading.Event())
    finally:
        one.stop()


def test_a_child_that_ends_before_it_is_ready_is_told_with_its_last_words() -> None:
    one = child(DIES, says="never")
    one.start()
    with pytest.raises(ChildError, match=r"exit code 3\). It said: DATABASE_URL is wrong\."):
        wait_ready(one, threading.Event())
    one.stop()


def test_a_child_that_ends_later_is_noticed() -> None:
    one = child("print('ready now', flush=True)", says="ready now")
    one.start()
    with pytest.raises(ChildError, match="stopped by itself"):
        watch([one], threading.Event())
    one.stop()


def test_a_child_that_will_not_stop_is_ended() -> None:
    one = child(STUBBORN, says="ready now")
    one.stop_seconds = 0.2
    one.start()
    wait_ready(one, threading.Event())
    one.stop()
    assert one.ended == -9


def test_waiting_ends_when_everything_is_being_stopped() -> None:
    stopping = threading.Event()
    one = child("import time; time.sleep(60)", says="never")
    one.start()
    stopping.set()
    wait_ready(one, stopping)
    one.stop()
