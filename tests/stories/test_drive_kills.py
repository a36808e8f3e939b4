"""Dialers and the web killed with `kill -9` in mid-drive, the database restarted: nobody twice."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.databases import PostgresServer
from tests.stories import plant as plants
from tests.stories.plant import Plant, numbers
from tests.stories.reckoning import Reckoning
from tests.stories.stage import until

QUICK = {"CALLS_PER_SECOND": "15", "LEASE_SECONDS": "5", "UNKNOWN_CHECKS": "3,5,8"}
NOTHING = {"rung twice": 0, "forgotten": 0, "stuck": 0}


def live_through_kills(
    plant: Plant, server: PostgresServer | None, *, count: int, kills: int, restarts: int
) -> None:
    """Ring a list while dialers, the web and the database die; say how it came out."""
    began = time.monotonic()
    people = numbers(count)
    for _ in range(2):
        plant.dialers.start()
    until(lambda: all(one.working() for one in plant.dialers.alive), seconds=300)
    # The narrowest place: committed as dialing, and the carrier never got the request. Whoever is
    # there when a dialer dies is free again only after the last check, and five minutes.
    plant.exchange.control.fault("reset-before", where={"request": "create"}, times=3)
    reckoning = Reckoning(plant, plant.begin(people), people)
    deaths = ["dialer"] * kills
    deaths.insert(kills // 2, "web")
    if server is not None:
        for place in range(restarts):
            deaths.insert(1 + 3 * place, "database")
    for number, death in enumerate(deaths, start=1):
        share = count * number // (len(deaths) + 1)
        _wait(reckoning, share)
        match death:
            case "dialer":
                plant.dialers.kill_oldest()
                begun = plant.dialers.start()
                until(begun.working, seconds=300)
            case "web":
                plant.web.kill()
                plant.web.start()
            case "database":
                assert server is not None
                server.restart()
    reckoning.live_through(seconds=1500)
    figures = reckoning.tell(
        killed={what: deaths.count(what) for what in sorted(set(deaths))},
        seconds=round(time.monotonic() - began),
    )
    assert figures == NOTHING
    # Whom the lost requests were for: known of by nobody at the last check, and rung again.
    assert reckoning.tries()["not-placed"] >= 3


def _wait(reckoning: Reckoning, share: int) -> None:
    """Wait until so many rings are done, looking meanwhile."""
    end = time.monotonic() + 1500
    while not reckoning.over() and reckoning.rung() < share:
        assert time.monotonic() < end, reckoning.look()
        time.sleep(0.1 if share < 100 else 1.0)


def server_of(request: pytest.FixtureRequest, database_url: str) -> PostgresServer | None:
    """Return the server of a PostgreSQL database, which a story may restart."""
    if database_url.startswith("sqlite"):
        return None
    server: PostgresServer = request.getfixturevalue("postgres_server")
    if server.control is None:
        pytest.skip("this PostgreSQL is not ours to restart (CALLBRIDGE_TEST_PG_URL)")
    return server


@pytest.mark.timeout(300)
def test_killed_dialers_and_a_killed_web_ring_nobody_twice_and_forget_nobody(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = server_of(request, database_url)
    with plants.running(database_url, tmp_path, given=QUICK) as plant:
        live_through_kills(plant, server, count=24, kills=1, restarts=1)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_two_thousand_dials_live_through_four_dead_dialers_a_dead_web_and_two_restarts(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = server_of(request, database_url)
    with plants.running(database_url, tmp_path, given=QUICK | {"LEASE_SECONDS": "20"}) as plant:
        live_through_kills(plant, server, count=2000, kills=4, restarts=2)
