"""A drive at a carrier where everything goes wrong: nobody twice, forgotten or stuck."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from callbridge.domain.drives import DriveState
from callbridge.service.drives import running
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


@pytest.mark.nightly
def test_a_large_drive_among_every_fault_rings_everybody_and_nobody_twice(stage: Stage) -> None:
    suffer(stage, 300, times=8, hangs=2, rate=0.2)
