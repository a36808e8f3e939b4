"""Measures hooks a second and processor time a hook, on both databases, beside the floor.

Calls and floor are interleaved in one run against servers that stay up, so that a busy machine
blurs both alike; medians of the rounds are told, and their ratio.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.calling import HOOKS, Account, Placed, carry_all
from benchmarks.processes import cost, family
from benchmarks.serving import ROOT, Server, free_port, gunicorn
from callbridge import settings as table
from callbridge.compose import build_context
from callbridge.domain.telephony import PlaceOrder
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.context import Context
from callbridge.service.placing import start_call
from callbridge.service.views import CallRequest
from callbridge.store import migrate
from tests import databases

SLUG = "attorney-general"
ZIP = "05401"
NUMBER = "+12025550100"
PHONES = itertools.count(1)


@dataclass
class Ledger:
    """A carrier that only writes down what it was asked to ring."""

    placed: list[Placed] = field(default_factory=list)
    name: str = "ledger"
    real: bool = False
    number: str = NUMBER

    def place(self, order: PlaceOrder) -> str:
        """Write a call down and name it."""
        sid = "CA" + os.urandom(16).hex()
        self.placed.append(Placed(order.token, sid, order.to))
        return sid


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement: hooks a second, microseconds of processor time a hook, MiB at its end."""

    rate: float
    cpu: float
    memory: float


def settings_for(database_url: str, port: int) -> dict[str, str]:
    """Return an environment without limits that a load test would meet."""
    return {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "s" * 32,
        "PHONE_KEYS": "p" * 32,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "t" * 32,
        "TWILIO_FROM": NUMBER,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "CALLBRIDGE_CAMPAIGNS": str(ROOT / "campaigns"),
        "CALLS_PER_SECOND": "1000",
        "OFFICE_MAX_CALLS": "1000000",
        "OFFICE_CALLS_PER_MINUTE": "1000000",
        "LIMIT_CAMPAIGN_MINUTE": "1000000",
        "LOG_LEVEL": "warning",
    }


def ring(context: Context, count: int) -> list[Placed]:
    """Ask for so many calls; each is written and placed as any other."""
    ledger = Ledger()
    ctx = replace(context, carrier=ledger)  # type: ignore[arg-type]
    for _ in range(count):
        number = next(PHONES)
        phone = f"+1{202 + number // 10_000}555{number % 10_000:04}"
        start_call(ctx, CallRequest(slug=SLUG, phone=phone, zip=ZIP, consent=True))
    return ledger.placed


def measure(
    server: Server, account: Account, calls: list[Placed], *, at_once: int, follow: bool
) -> Round:
    """Carry calls through and return what it cost."""
    before = server.cpu_seconds()
    seconds = carry_all(account, server.port, calls, at_once=at_once, follow=follow)
    hooks = len(calls) * HOOKS
    spent = (server.cpu_seconds() - before) / hooks * 1e6
    return Round(hooks / seconds, spent, cost(family(server.pid)).memory)


def compare(kind: str, database_url: str, *, rounds: int, count: int, at_once: int) -> None:
    """Measure one database and print a row."""
    port, floor_port = free_port(), free_port()
    given = settings_for(database_url, port)
    migrate(database_url)
    context = build_context(table.load(given))
    publishing.publish(context, SLUG, files_of(ROOT / "campaigns" / SLUG))
    account = Account(
        given["TWILIO_ACCOUNT_SID"], given["TWILIO_AUTH_TOKEN"], NUMBER, given["PUBLIC_URL"]
    )
    ours, floor = [], []
    with (
        gunicorn("wsgi:app", given, port) as server,
        gunicorn("benchmarks.floor:app", given, floor_port) as bare,
    ):
        carry_all(account, port, ring(context, 2 * at_once), at_once=at_once, follow=True)
        for _ in range(rounds):
            calls = ring(context, count)
            ours.append(measure(server, account, calls, at_once=at_once, follow=True))
            floor.append(measure(bare, account, calls, at_once=at_once, follow=False))
    context.store.close()  # type: ignore[attr-defined]
    print(row(kind, ours, floor), flush=True)


def row(kind: str, ours: list[Round], floor: list[Round]) -> str:
    """Write one row of the table, medians of the rounds."""
    rate, least = (statistics.median(one.rate for one in rounds) for rounds in (ours, floor))
    cpu, spent = (statistics.median(one.cpu for one in rounds) for rounds in (ours, floor))
    ratio = statistics.median(a.cpu / b.cpu for a, b in zip(ours, floor, strict=True))
    return (
        f"| {kind} | {rate:,.0f} | {least:,.0f} | {cpu:,.0f} µs | {spent:,.0f} µs | {ratio:.2f} |"
        f" {ours[0].memory:,.1f} | {ours[-1].memory:,.1f} |"
    )


@contextmanager
def addresses(wanted: Mapping[str, bool]) -> Iterator[dict[str, str]]:
    """Make the databases that are wanted, in folders of their own."""
    with tempfile.TemporaryDirectory(prefix="callbridge-bench") as folder:
        found = {}
        if wanted["sqlite"]:
            found["SQLite"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        if not wanted["postgresql"]:
            yield found
            return
        with databases.running_server(durable=True) as server:
            server.run("CREATE DATABASE bench")
            yield found | {"PostgreSQL": server.named("bench")}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=100, help="calls a round, of 8 hooks each")
    parser.add_argument("--at-once", type=int, default=4, help="connections")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    wanted = {name: given.only in (None, name) for name in ("sqlite", "postgresql")}
    print(
        "| database | hooks/s | floor/s | CPU a hook | CPU of the floor | ratio |"
        " MiB after the first round | after the last |"
    )
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with addresses(wanted) as found:
        for kind, url in found.items():
            compare(kind, url, rounds=given.rounds, count=given.calls, at_once=given.at_once)


if __name__ == "__main__":
    main()
