"""Dialers killed with `kill -9` in the middle of a drive: nobody twice, nobody forgotten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from callbridge.domain.drives import DriveState
from callbridge.service.drives import running
from tests.source import ROOT
from tests.stories.stage import Stage, until
from tests.stories.test_drives import OPEN, begin, listed

Process = subprocess.Popen[bytes]


@contextmanager
def dialers(stage: Stage, count: int) -> Iterator[list[Process]]:
    """Run real dialers beside the stage; what is left of them is killed at the end."""
    started = [dialer(stage) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def dialer(stage: Stage) -> Process:
    """Start a dialer on the stage's database, exchange and time."""
    account = stage.exchange.account
    given = {
        "DATABASE_URL": stage.database_url,
        "PUBLIC_URL": stage.url,
        "SECRET_KEY": "s" * 32,
        "PHONE_KEYS": "p" * 32,
        "TWILIO_ACCOUNT_SID": account.sid,
        "TWILIO_AUTH_TOKEN": account.token,
        "TWILIO_FROM": "+12025550100",
        "TWILIO_API_URL": stage.exchange.base_url,
        "ORGANIZATION": "the Prairie League",
        "CENSUS_URL": "",
        "PYTHONPATH": str(ROOT),
        **stage.given,
    }
    now = stage.clock.now().isoformat()
    command = [sys.executable, "-m", "tests.stories.dialer_process", now]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.Popen(
        command, env=kept | given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def live_through_kills(stage: Stage, *, count: int, kills: int) -> None:
    """Ring a list while dialers die; say how it came out."""
    stage.change(
        **OPEN,
        CALLS_PER_SECOND="15",
        LEASE_SECONDS="2",
        UNKNOWN_CHECKS="3,5,8",
        LIMIT_NUMBER_HOUR="50",
        LIMIT_NUMBER_DAY="50",
    )
    drive = begin(stage, listed(count, "1", "#", "#", "", stage=stage))

    def rung() -> int:
        return len(stage.control.calls())

    with dialers(stage, 2) as processes:
        for kill in range(1, kills + 1):
            until(lambda at=kill: rung() >= count * at // (kills + 1), seconds=120)
            victim = processes.pop(0)
            victim.kill()
            victim.wait()
            processes.append(dialer(stage))
        until(lambda: running.status(stage.ctx, drive).state is DriveState.FINISHED, seconds=300)
    rings = Counter(call["supporter"]["to"] for call in stage.control.calls())
    view = running.status(stage.ctx, drive)
    figures = {
        "rung twice": sum(n > 1 for n in rings.values()),
        "forgotten": count - len(rings),
        "stuck": count - view.over,
    }
    shown = {"database": stage.database_url.split(":")[0], "people": count, "kills": kills}
    print(json.dumps(shown | figures))  # noqa: T201 - the figures are the point
    assert figures == {"rung twice": 0, "forgotten": 0, "stuck": 0}


def test_two_killed_dialers_ring_nobody_twice_and_forget_nobody(stage: Stage) -> None:
    live_through_kills(stage, count=40, kills=2)


@pytest.mark.nightly
def test_four_killed_dialers_of_a_large_drive_ring_nobody_twice(stage: Stage) -> None:
    live_through_kills(stage, count=2000, kills=4)
