"""Two machines share one PostgreSQL over TCP; one is cut off in mid-drive and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import make_url

from callbridge.store.migrate import migrate
from tests import databases
from tests.databases import PostgresServer
from tests.stories import plant as plants
from tests.stories.plant import Plant, numbers
from tests.stories.proxy import Address, Cut, Proxy
from tests.stories.reckoning import Reckoning
from tests.stories.served import Web, free_port
from tests.stories.stage import until

LEASE = 8
GIVEN = {"CALLS_PER_SECOND": "8", "LEASE_SECONDS": str(LEASE), "UNKNOWN_CHECKS": "3,5,8"}
HOSTS = ("127.0.0.2", "127.0.0.3")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Run a PostgreSQL of its own that listens on 127.0.0.2 over TCP."""
    try:
        with databases.running_server() as local:
            if local.control is None:
                pytest.skip("this PostgreSQL is not ours to restart (CALLBRIDGE_TEST_PG_URL)")
            port = free_port("127.0.0.2")
            local.restart(host="127.0.0.2", port=port)
            url = make_url(local.url).set(host="127.0.0.2", port=port, query={})
            yield replace(local, url=url.render_as_string(hide_password=False))
    except databases.NoServerError as problem:
        pytest.skip(str(problem))


@dataclass
class Machine:
    """One of two: its own wires to the database and to the carrier, its own web and dialer."""

    database: Proxy
    carrier: Proxy
    web: Web

    def settings(self, database_url: str) -> dict[str, str]:
        """Return what only this machine has."""
        return wired(database_url, self.database, self.carrier)


def wired(database_url: str, database: Proxy, carrier: Proxy) -> dict[str, str]:
    """Return the settings of a machine behind its wires."""
    host, port = database.address
    url = make_url(database_url).set(host=host, port=port)
    return {
        "DATABASE_URL": url.render_as_string(hide_password=False),
        "TWILIO_API_URL": "http://{}:{}".format(*carrier.address),
    }


def address_of(url: str) -> Address:
    """Return host and port of a URL."""
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 5432)


class Balancer:
    """Sends each connection to the next web that says it is ready, as a balancer does."""

    def __init__(self) -> None:
        self.webs: list[Web] = []
        self._turn = cycle((0, 1))

    def __call__(self) -> Address:
        """Return where the next connection goes."""
        first = next(self._turn)
        order = [*self.webs[first:], *self.webs[:first]]
        return address_of(next((web for web in order if _ready(web)), order[0]).url)


def _ready(web: Web) -> bool:
    try:
        with requests.Session() as http:
            http.trust_env = False
            return http.get(f"{web.url}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@contextmanager
def two_machines(url: str, folder: Path) -> Iterator[tuple[Plant, list[Machine]]]:
    """Put up two machines that share a database; both have a dialer."""
    balancer = Balancer()
    exchange_at: list[Address] = []
    with ExitStack() as stack:
        front = stack.enter_context(Proxy(balancer))
        wires = [
            (
                stack.enter_context(Proxy(lambda: address_of(url), host=host)),
                stack.enter_context(Proxy(lambda: exchange_at[0], host=host)),
            )
            for host in HOSTS
        ]
        plant = stack.enter_context(
            plants.running(
                url,
                folder,
                given=GIVEN,
                public_url="http://{}:{}".format(*front.address),
                web_host=HOSTS[0],
                web_given={"DATABASE_URL": wired(url, *wires[0])["DATABASE_URL"]},
            )
        )
        exchange_at.append(address_of(plant.exchange.base_url))
        second = replace(
            plant.web,
            url=f"http://{HOSTS[1]}:{free_port(HOSTS[1])}",
            environ=plant.web.environ | wired(url, *wires[1]),
            log=folder / "web-2.log",
        )
        second.start()
        stack.callback(second.kill)
        balancer.webs += [plant.web, second]
        machines = [
            Machine(database=database, carrier=carrier, web=web)
            for (database, carrier), web in zip(wires, balancer.webs, strict=True)
        ]
        for machine in machines:
            plant.dialers.start(**machine.settings(url))
        until(lambda: all(one.working() for one in plant.dialers.alive), seconds=300)
        yield plant, machines


@pytest.mark.postgres
@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("how", Cut)
def test_a_machine_cut_off_in_mid_drive_rings_nobody_twice_and_comes_back(
    server: PostgresServer, tmp_path: Path, how: Cut
) -> None:
    name = f"cut_{how.value}"
    server.run(f'CREATE DATABASE "{name}"')
    url = server.named(name)
    migrate(url)
    with two_machines(url, tmp_path) as (plant, (steady, cut)):
        people = numbers(200)
        reckoning = Reckoning(plant, plant.begin(people), people)
        until(lambda: len(cut.carrier.asked) > 10 and reckoning.rung() > 50, seconds=300)
        cut.database.cut(how)
        began = time.monotonic()
        until(lambda: reckoning.over() or time.monotonic() > began + 3 * LEASE, seconds=600)
        late = [moment for moment in cut.carrier.asked if moment > began + 2 * LEASE]
        went_on = sum(moment > began for moment in steady.carrier.asked)
        cut.database.mend()
        reckoning.live_through(seconds=900)
        figures = reckoning.tell(cut=how.value, late=len(late), went_on=went_on)
        assert figures == {"rung twice": 0, "forgotten": 0, "stuck": 0}
        assert not late
        assert went_on
        # Alone now: whoever is rung is rung by the machine that was cut off.
        plant.dialers.kill_oldest()
        others = numbers(220)[200:]
        alone = Reckoning(plant, plant.begin(others), others)
        alone.live_through(seconds=300)
        assert alone.forgotten() == 0
