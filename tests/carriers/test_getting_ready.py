"""A first request takes no longer than others: what it needs is loaded before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.carriers.playback import Playback, created

ROOT = Path(__file__).resolve().parents[2]

PLACES_A_FIRST_CALL = """
import sys
from tests.carriers.test_twilio_client import ORDER, client

ready = client(sys.argv[1])
ready.get_ready()
before = set(sys.modules)
ready.place(ORDER)
print([name for name in sorted(set(sys.modules) - before) if name.startswith("twilio")])
"""


def test_who_got_ready_loads_nothing_more_for_the_first_call() -> None:
    with Playback([created()]) as carrier:
        told = subprocess.run(
            [sys.executable, "-c", PLACES_A_FIRST_CALL, carrier.url],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert told.stdout == "[]\n"
    assert len(carrier.asked) == 1
