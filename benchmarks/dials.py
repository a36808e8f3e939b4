"""Measures what a dial of a drive costs on both databases, beside the least that it could.

The request to the carrier is apart: it is answered at once. The floor is what no design could
leave out: a call inserted and its attempt moved in one durable transaction before the request,
the carrier's sid and the attempt's state in another after it, through the same pool.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text

from benchmarks import drives
from benchmarks.counting import Statements
from benchmarks.hooks import SLUG, Ledger, addresses, settings_for
from benchmarks.noon import Noon
from benchmarks.serving import ROOT
from callbridge import settings as table
from callbridge.compose import build_context
from callbridge.dialer.lines import Lines
from callbridge.library.files import files_of
from callbridge.service import publishing
from callbridge.service.context import Context
from callbridge.service.drives.dialling import place_drives
from callbridge.store import Database, migrate

UNBOUND = {
    "CALLS_PER_SECOND": "1000",
    "CALLS_IN_PROGRESS": "1000000",
    "CAMPAIGN_CALLS_IN_PROGRESS": "1000000",
    "DRIVE_RAMP_SECONDS": "0",
    "PUBLIC_URL": "http://127.0.0.1:9",
}


@dataclass(frozen=True, slots=True)
class Round:
    """Dials a second, milliseconds of processor time and statements a dial."""

    rate: float
    cpu: float
    statements: float


def measure(work: Any, count: int, counted: Statements) -> Round:
    """Run something that makes so many dials."""
    counted.reset()
    began, spent = time.perf_counter(), time.process_time()
    work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    return Round(count / seconds, cpu / count * 1000, counted.count / count)


class Floor:
    """The least: two durable transactions of two statements each."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at = 0
        with database.writing() as unit:
            unit.connection.execute(text("CREATE TABLE floor_call (id INT PRIMARY KEY, sid TEXT)"))
            unit.connection.execute(text("CREATE TABLE floor_try (id INT PRIMARY KEY, state TEXT)"))

    def dial(self, count: int) -> None:
        """Dial so often."""
        for _ in range(count):
            self._at += 1
            values = {"id": self._at}
            with self._database.writing() as unit:
                unit.connection.execute(text("INSERT INTO floor_call VALUES (:id, NULL)"), values)
                unit.connection.execute(
                    text("INSERT INTO floor_try VALUES (:id, 'dialing')"), values
                )
            with self._database.writing() as unit:
                unit.connection.execute(
                    text("UPDATE floor_call SET sid = 'CA' WHERE id = :id"), values
                )
                unit.connection.execute(
                    text("UPDATE floor_try SET state = 'placed' WHERE id = :id"), values
                )


def prepared(url: str) -> Context:
    """Return a context on a migrated database with a campaign and a carrier that only notes."""
    migrate(url)
    ctx = build_context(table.load(settings_for(url, 9) | UNBOUND))
    publishing.publish(ctx, SLUG, files_of(ROOT / "campaigns" / SLUG))
    return replace(ctx, carrier=Ledger(), clock=Noon())  # type: ignore[arg-type]


def ring(ctx: Context, count: int) -> None:
    """Let the dialer make so many requests; raises RuntimeError when it finds nobody."""
    left, lines = count, Lines(ctx.settings.dials_at_once)
    while left:
        asked = place_drives(ctx, owner="benchmark", lines=lines, most=left)
        if not asked:
            raise RuntimeError(f"{left} of {count} were not rung")
        left -= asked
    lines.close()


def compare(kind: str, url: str, *, rounds: int, count: int, listed: int, show: bool) -> None:
    """Measure one database and print a row."""
    ctx = prepared(url)
    database = ctx.store
    assert isinstance(database, Database)
    counted = Statements(database.engine)
    drives.started(ctx, SLUG, listed)
    floor = Floor(database)
    ring(ctx, 20)
    ours, least = [], []
    for _ in range(rounds):
        ours.append(measure(lambda: ring(ctx, count), count, counted))
        told = counted.of
        least.append(measure(lambda: floor.dial(count), count, counted))
    database.close()
    print(row(kind, listed, ours, least), flush=True)
    if show:
        for statement, times in sorted(told.items(), key=lambda one: -one[1]):
            print(f"  {times / count:6.2f}  {statement}")


def row(kind: str, listed: int, ours: list[Round], least: list[Round]) -> str:
    """Write one row of the table, medians of the rounds."""
    rate, top = (statistics.median(one.rate for one in each) for each in (ours, least))
    cpu, floor = (statistics.median(one.cpu for one in each) for each in (ours, least))
    said = statistics.median(one.statements for one in ours)
    ratio = statistics.median(b.rate / a.rate for a, b in zip(ours, least, strict=True))
    return (
        f"| {kind} | {listed:,} | {rate:,.0f} | {top:,.0f} | {cpu:.1f} ms | {floor:.1f} ms |"
        f" {said:.1f} | {ratio:.1f} |"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dials", type=int, default=100, help="dials a round")
    parser.add_argument("--people", type=int, default=3000, help="people in the drive")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--show", action="store_true", help="tell each statement")
    given = parser.parse_args()
    wanted = {name: given.only in (None, name) for name in ("sqlite", "postgresql")}
    print("| database | people | dials/s | floor/s | CPU a dial | floor | statements | ratio |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    with addresses(wanted) as found:
        for kind, url in found.items():
            compare(
                kind,
                url,
                rounds=given.rounds,
                count=given.dials,
                listed=given.people,
                show=given.show,
            )


if __name__ == "__main__":
    main()
