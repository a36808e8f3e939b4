"""Drives the whole service at a rate of call starts, on two cores, and tells what hooks took.

The real dialer, the real web under gunicorn with as many workers as `serve` starts, the real
exchange and the database, all on the same two cores: `python -m benchmarks.load --starts 30
--minutes 5 --in-progress 3000 --database postgresql`. The figures are printed and written to
`benchmarks/results/`. Beside them the floor: the same hooks a second, sent to a bare Flask view
that does one insert, before and after.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from benchmarks import drives, telling
from benchmarks.hooks import NUMBER, SLUG, addresses, settings_for
from benchmarks.metronome import Pace, beat
from benchmarks.noon import Noon
from benchmarks.processes import Cost, cost, family, postgres_of, stop
from benchmarks.serving import ROOT, free_port, gunicorn
from benchmarks.standing import lines_of, log_of, write_down_slow
from callbridge import settings as table
from callbridge.compose import build_context
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.store import Database, migrate

# A day of a drive: a third go through, a fifth are boxes, the others ring for 25 seconds.
ANSWER, MACHINE = 0.35, 0.2
# How long each is in progress apart from the talk itself, in seconds: as their behaviours say.
RINGS, BOX, AROUND_TALK = 25.0, 60.0, 75.0
HOOKS_A_CALL = ANSWER * 9 + MACHINE * 3 + (1 - ANSWER - MACHINE)


def talk_for(given: argparse.Namespace) -> float:
    """Return how long the talkers must talk so that so many calls are in progress."""
    mean = given.in_progress / given.starts
    others = MACHINE * BOX + (1 - ANSWER - MACHINE) * RINGS
    return max(10.0, (mean - others) / ANSWER - AROUND_TALK)


@contextmanager
def running(name: str, command: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    """Run a program of ours until the block ends, its log in a file; yield its process id."""
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stderr=written,
        )
        try:
            yield process.pid
        finally:
            stop({name: process})


def prepare(given: argparse.Namespace, environment: dict[str, str]) -> None:
    """Make the database, the campaign and the list, and start the drive."""
    migrate(environment["DATABASE_URL"])
    ctx = build_context(table.load(environment))
    publishing.publish(ctx, SLUG, files_of(ROOT / "campaigns" / SLUG))
    count = int(given.starts * given.minutes * 60 * 1.3) + 100
    began = time.perf_counter()
    drives.started(ctx, SLUG, count, clock=Noon())
    print(f"{count:,} people were read in {time.perf_counter() - began:.0f} s", flush=True)
    assert isinstance(ctx.store, Database)
    ctx.store.close()


def environment_of(given: argparse.Namespace, url: str, web: int, exchange: int) -> dict[str, str]:
    """Return the settings of all parts."""
    return settings_for(url, web) | {
        "TWILIO_API_URL": f"http://127.0.0.1:{exchange}",
        "CALLS_PER_SECOND": str(given.pace or given.starts * 1.2),
        "CALLS_IN_PROGRESS": "1000000",
        "CAMPAIGN_CALLS_IN_PROGRESS": "1000000",
        "DRIVE_RAMP_SECONDS": "0",
        "ORGANIZATION": "the Prairie League",
        "BENCH_EPOCH": str(time.time()),
        "CENSUS_URL": "",
    }


def exchange_command(
    given: argparse.Namespace, environment: dict[str, str], out: Path
) -> list[str]:
    """Return how the exchange is started."""
    return [
        "benchmarks.exchanging",
        f"--sid={environment['TWILIO_ACCOUNT_SID']}",
        f"--token={environment['TWILIO_AUTH_TOKEN']}",
        f"--app-url={environment['PUBLIC_URL']}",
        f"--number={NUMBER}",
        f"--port={environment['TWILIO_API_URL'].rsplit(':', 1)[1]}",
        f"--talk={given.talk or talk_for(given)}",
        f"--answer={ANSWER}",
        f"--machine={MACHINE}",
        f"--out={out}",
    ]


def watch(groups: dict[str, int], seconds: float) -> list[tuple[float, dict[str, Cost]]]:
    """Look at what everything costs at the start, each minute, and at the end."""
    looks, end = [], time.monotonic() + seconds
    while True:
        costs = {name: cost(family(root)) for name, root in groups.items()}
        looks.append((time.monotonic(), costs))
        left = end - time.monotonic()
        if left <= 0:
            return looks
        time.sleep(min(60.0, left))


def ready(exchange: int, *, legs: int) -> None:
    """Wait until the exchange answers and somebody was rung; raises RuntimeError after minutes."""
    end = time.monotonic() + 180
    while time.monotonic() < end:
        with suppress(requests.ConnectionError):
            state = requests.get(f"http://127.0.0.1:{exchange}/exchange", timeout=10).json()
            if state["legs"] >= legs:
                return
        time.sleep(0.1)
    raise RuntimeError("the exchange and the dialer did not start")


def run(given: argparse.Namespace, url: str, folder: Path) -> dict[str, Any]:
    """Measure; return everything that was."""
    web, exchange, floor = free_port(), free_port(), free_port()
    environment = environment_of(given, url, web, exchange)
    prepare(given, environment)
    out = folder / "exchange.json"
    pace = Pace(per_second=given.starts * HOOKS_A_CALL, seconds=given.floor_seconds)
    if given.database == "postgresql":
        write_down_slow(url)
    with ExitStack() as stack:
        server = stack.enter_context(gunicorn("benchmarks.noon:web()", environment, web))
        bare = stack.enter_context(gunicorn("benchmarks.floor:app", environment, floor))
        beat(floor, Pace(per_second=10, seconds=3))  # every worker has answered once
        print("the floor is measured", flush=True)
        before = beat(floor, pace)
        ringing = environment | {"LOG_LEVEL": "info", "LOG_JSON": "1"}
        command = exchange_command(given, environment, out)
        with running("exchange", command, environment, folder / "exchange.log") as wire:
            ready(exchange, legs=0)
            with running("dialer", ["benchmarks.noon"], ringing, folder / "dialer.log") as dialer:
                ready(exchange, legs=1)
                groups = {"web": server.pid, "dialer": dialer, "exchange": wire}
                if given.database == "postgresql":
                    groups["postgresql"] = postgres_of(url)
                looks = watch(groups, given.minutes * 60)
        after = beat(floor, pace)
        assert bare.pid
    measured: dict[str, Any] = json.loads(out.read_text())
    measured |= {"looks": looks, "floor": before + after}
    measured["dialer"] = lines_of(folder / "dialer.log")
    if given.database == "postgresql":
        measured["postgresql_log"] = log_of(url)
    if given.raw:
        given.raw.write_text(json.dumps(measured, default=asdict))
    return measured


def main() -> None:
    """Measure, print and write a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=float, default=30, help="call starts a second")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--in-progress", type=int, default=3000, help="calls at once, in the end")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--pace", type=float, help="CALLS_PER_SECOND; else a fifth above --starts")
    parser.add_argument("--talk", type=float, help="seconds in an office; else by --in-progress")
    parser.add_argument("--floor-seconds", type=float, default=20)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--raw", type=Path, help="a file for every moment that was measured")
    given = parser.parse_args()
    # Whatever is started from here on stays on these cores.
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: given.cores]))
    wanted = {name: given.database == name for name in ("sqlite", "postgresql")}
    with addresses(wanted) as found, tempfile.TemporaryDirectory() as folder:
        measured = run(given, next(iter(found.values())), Path(folder))
    page = telling.page(given, measured)
    print(page)
    path = ROOT / "benchmarks" / "results" / f"load-{given.database}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(page)


if __name__ == "__main__":
    main()
