"""A process that shut itself in reaches nothing beyond loopback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from callbridge.rehearsal import staging
from tests.source import ROOT

TRIES = {
    "an address": "socket.create_connection(('203.0.113.7', 443), 1)",
    "a name": "socket.create_connection(('api.twilio.com', 443), 1)",
    "an IPv6 address": "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 443, 0, 0))",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('203.0.113.7', 53))",
    "every interface": "socket.socket().bind(('0.0.0.0', 0))",
    "a library": "__import__('http.client').client.HTTPSConnection('203.0.113.7').connect()",
}


@pytest.mark.parametrize("what", TRIES)
def test_a_rehearsals_process_cannot_leave_the_machine_by(what: str) -> None:
    program = (
        "import socket\nfrom callbridge.rehearsal.walls import shut_in, WallError\nshut_in()\n"
        "here = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(here.getsockname()).close()\n"
        f"try:\n    {TRIES[what]}\nexcept WallError:\n    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )
    assert done.stdout == "refused\n", done.stderr


def test_nothing_of_the_installation_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "DATABASE_URL", "PHONE_KEYS"):
        monkeypatch.setenv(name, "secret")
    given = staging.environment()
    assert "secret" not in given.values()
    assert given.keys() - set(staging.PASSED_ON) == {
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
        "CALLBRIDGE_UNDER",
    }
