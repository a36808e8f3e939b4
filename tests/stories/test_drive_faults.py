"""A drive at a carrier where everything goes wrong: nobody twice, forgotten or stuck."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from callbridge.domain.drives import DriveState
from callbridge.service.drives import running
from tests.stories import plant as plants
from tests.stories.plant import Plant, numbers
from tests.stories.reckoning import Reckoning
from tests.stories.stage import Stage, until
from tests.stories.test_drives import OPEN, begin, listed

CREATE = {"request": "create"}
STATUS = {"kind": "status"}
# One after another, so that every one of them meets somebody.
CREATES = ("429", "500-before", "500-after", "503-after", "reset-before", "reset-after")
HOOKS = ("duplicate", "duplicate-together", "lost-reply")


def plague(stage: Stage, *, times: int, hangs: int, rate: float) -> None:
    """Put every fault in force."""
    for place, kind in enumerate(CREATES):
        stage.control.fault(kind, where=CREATE, skip=2 + place, times=times)
    for kind in ("hang-before", "hang-after"):
        stage.control.fault(kind, where=CREATE, skip=8, times=hangs)
    stage.control.fault("slow-answer", where=CREATE, skip=9, times=times, seconds=1.0)
    for kind in HOOKS:
        stage.control.fault(kind, times=None, rate=rate)
    stage.control.fault("drop", where=STATUS, times=None, rate=rate)
    stage.control.fault("reorder", where=STATUS, times=None, rate=rate, seconds=30)
    # Longer than the first two times we ask: only the last one sees the whole list.
    stage.control.change(list_lag=60.0)


def live_through(stage: Stage, drive: str) -> None:
    """Let the dialer work, and time pass whenever it has nothing to do."""

    def over() -> bool:
        before = len(stage.control.calls())
        stage.dialer()
        if running.status(stage.ctx, drive).state is DriveState.FINISHED:
            return True
        if len(stage.control.calls()) == before and not stage.control.calls(live=True):
            stage.clock.forward(seconds=150)
        return False

    until(over, seconds=240)


def check(stage: Stage, drive: str, count: int) -> dict[str, int]:
    """Compare the telephones with the books."""
    view = running.status(stage.ctx, drive)
    rung = Counter(call["supporter"]["to"] for call in stage.control.calls())
    tried = _tries(stage)
    figures = {
        "people": count,
        "rings": sum(rung.values()),
        "rung twice": sum(n > tried[number] for number, n in rung.items()),
        "forgotten": count - len(rung),
        "stuck": count - view.over,
    }
    print(json.dumps({"database": stage.database_url.split(":")[0], **figures}))  # noqa: T201 - the figures are the point
    return figures


def _tries(stage: Stage) -> Counter[str]:
    """Count the attempts of each number that our books call rung."""
    with stage.ctx.store.reading() as unit:
        rows = unit.connection.exec_driver_sql(  # type: ignore[attr-defined]
            "SELECT c.phone_enc, count(*) FROM attempts a JOIN contacts c ON c.id = a.contact"
            " WHERE a.state = 'done' OR (a.state = 'failed' AND a.call IS NOT NULL"
            " AND a.result NOT IN ('not-placed') AND a.result IS NOT NULL) GROUP BY c.phone_enc"
        ).all()
    return Counter({stage.ctx.vault.decrypt(row[0]): row[1] for row in rows})


def suffer(stage: Stage, count: int, *, times: int, hangs: int, rate: float) -> None:
    """Run a drive of `count` people through every fault and look at what is left."""
    stage.change(**OPEN, LEASE_SECONDS="30")
    people = listed(count, "1", "#", "#", "", stage=stage)
    plague(stage, times=times, hangs=hangs, rate=rate)
    drive = begin(stage, people)
    live_through(stage, drive)
    figures = check(stage, drive, count)
    assert {name: figures[name] for name in ("rung twice", "forgotten", "stuck")} == {
        "rung twice": 0,
        "forgotten": 0,
        "stuck": 0,
    }
    stage.forgiven += [f"{one.code} {one.sentence}" for one in stage.exchange.warnings]


def test_a_drive_among_every_fault_rings_everybody_and_nobody_twice(stage: Stage) -> None:
    suffer(stage, 20, times=1, hangs=0, rate=0.1)


# Seconds of the story by which the carrier's list is behind: the second check cannot see all of it.
LAG = 60.0
CHECKS = {"UNKNOWN_CHECKS": "5,30,120", "LEASE_SECONDS": "20", "DIALS_AT_ONCE": "64"}


def mixed_plague(plant: Plant, *, rate: float) -> None:
    """Let each request and each hook suffer each fault at a rate, without an end."""

    def fault(kind: str, where: dict[str, str], *, seconds: float = 5.0) -> None:
        plant.exchange.control.fault(kind, where=where, times=None, rate=rate, seconds=seconds)

    for kind in (*CREATES, "503-before", "hang-before", "hang-after"):
        fault(kind, CREATE)
    # Longer than the carrier's client waits for an answer.
    fault("slow-answer", CREATE, seconds=14.0)
    for kind in ("429", "500-before", "reset-after", "hang-before"):
        for request in ("list", "fetch"):
            fault(kind, {"request": request})
    for kind in (*HOOKS, "reset", "slow"):
        fault(kind, {})
    fault("drop", STATUS)
    fault("reorder", STATUS, seconds=30.0)
    # Its clock runs on while a hook is under way, as one always is here: the list's lag is by it.
    speed = plant.exchange.exchange.clock.speed
    plant.exchange.control.change(patient=False, list_lag=LAG * speed)


def suffer_mixed(database_url: str, folder: Path, count: int, *, rate: float) -> None:
    """Run a drive of real processes through every fault mixed and look at what is left."""
    began = time.monotonic()
    given = {"CALLS_PER_SECOND": "20"} | CHECKS
    with plants.running(database_url, folder, given=given) as plant:
        mixed_plague(plant, rate=rate)
        for _ in range(2):
            plant.dialers.start()
        people = numbers(count)
        # A 429 closes the pace for seconds and slows it for a minute, and many come here.
        reckoning = Reckoning(plant, plant.begin(people), people, pace_speed=10)
        reckoning.live_through(seconds=3400)
        struck = Counter[str]()
        for rule in plant.exchange.exchange.faults.rules:
            struck[str(rule.kind)] += rule.struck
        figures = reckoning.tell(faults=dict(struck), seconds=round(time.monotonic() - began))
    assert figures == {"rung twice": 0, "forgotten": 0, "stuck": 0}
    assert all(struck.values()), struck


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("count", "rate"), [(300, 0.04), (5000, 0.02)])
def test_a_large_drive_among_every_fault_rings_everybody_and_nobody_twice(
    database_url: str, tmp_path: Path, count: int, rate: float
) -> None:
    suffer_mixed(database_url, tmp_path, count, rate=rate)
