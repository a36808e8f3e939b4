"""A backup taken in mid-drive, restored, with real dialers: silent until an operator says so."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callbridge.compose import build_context
from callbridge.service.restored import release
from callbridge.store.backup import back_up
from callbridge.store.database import Database
from callbridge.store.restore import restore
from tests.stories import plant as plants
from tests.stories.plant import Plant, numbers
from tests.stories.reckoning import Reckoning
from tests.stories.stage import until

QUICK = {"CALLS_PER_SECOND": "15", "LEASE_SECONDS": "5", "UNKNOWN_CHECKS": "3,5,8"}


def on_the_copy(plant: Plant, url: str) -> Plant:
    """Start the web and a dialer on the restored database."""
    settings = replace(plant.ctx.settings, database_url=url)
    plant.web.environ["DATABASE_URL"] = url
    plant.web.start()
    there = replace(plant, database_url=url, ctx=build_context(settings, clock=plant.clock))
    until(plant.dialers.start(DATABASE_URL=url).working, seconds=300)
    return there


@pytest.mark.sqlite_by_day
@pytest.mark.timeout(600)
def test_a_dialer_on_a_restored_database_rings_nobody_until_an_operator_says_so(
    database_url: str, empty_url: str, tmp_path: Path
) -> None:
    file, people = tmp_path / "copy.backup", numbers(30)
    with plants.running(database_url, tmp_path, given=QUICK) as plant:
        until(plant.dialers.start().working, seconds=300)
        drive = plant.begin(people)
        until(lambda: len(plant.legs()) >= 8, seconds=300)
        # Under load: the dialer dials and the web answers hooks while it is written.
        back_up(database_url, file, at=plant.clock.now())
        at_backup = len(plant.legs())
        until(lambda: len(plant.legs()) >= min(at_backup + 2, 30), seconds=300)
        plant.dialers.kill_oldest()
        plant.web.kill()
        restore(empty_url, file, at=plant.clock.now() + timedelta(minutes=1))
        before = len(plant.legs())
        there = on_the_copy(plant, empty_url)
        # Many rounds of a dialer that has people due, and every lease and check of the copy over.
        for _ in range(4):
            plant.clock.forward(minutes=10)
            time.sleep(1.0)
        while_held = len(plant.legs()) - before
        assert release(there.ctx)
        reckoning = Reckoning(there, drive, people)
        reckoning.live_through(seconds=300)
        rings = Counter(leg.to for leg in plant.legs())
        figures = {
            "database": plant.kind,
            "rung before": before,
            "rung while held": while_held,
            "rung after": len(plant.legs()) - before,
            "forgotten": reckoning.forgotten(),
        }
        print(json.dumps(figures))  # noqa: T201 - the figures are the point
        # Busy and unanswered telephones may ring again by the rules; nobody else does.
        again = {leg.to for leg in plant.legs() if leg.status.value in {"busy", "no-answer"}}
        assert {number for number, count in rings.items() if count > 1} <= again
        assert (while_held, figures["forgotten"]) == (0, 0)
        assert figures["rung after"]
        assert isinstance(there.ctx.store, Database)
        there.ctx.store.close()
