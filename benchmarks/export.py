"""Measures exports: seconds and peak memory for answers made up in a scratch SQLite file.

Run: python -m benchmarks.export [--answers 200000]

Or of a database that is filled already, as `benchmarks.generate` does: the files, and the download
that begins at once: python -m benchmarks.export --url postgresql://… --where since=2026-11-09
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

from sqlalchemy import insert, select

from benchmarks.generate import SLUG as GENERATED
from callbridge.compose import build_context
from callbridge.domain.selection import Selection, read_selection
from callbridge.library import files
from callbridge.service import exporting, publishing, streaming
from callbridge.service.context import Context
from callbridge.settings import load
from callbridge.store import Database, migrate
from callbridge.store.tables import answers, calls, campaigns, facts, legs

SLUG = "attorney-general"
CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
ENVIRON = {"SECRET_KEY": "s" * 32, "PHONE_KEYS": "p" * 32}
START = datetime(2026, 9, 1, 13, 0, tzinfo=UTC)
MEANINGS = ("supports", "supports", "opposes", "undecided", "would-not-say")
STEP = 20_000


def context(url: str) -> Context:
    """Return the service on a database."""
    return build_context(load(ENVIRON | {"DATABASE_URL": url}))


def fill(url: str, count: int, seed: int = 7) -> None:
    """Make about `count` answers: a call has two legs, a leg two answers, one in ten corrected."""
    chance = random.Random(seed)
    ctx = context(url)
    publishing.publish(ctx, SLUG, files.files_of(CAMPAIGNS / SLUG))
    database = Database(url)
    with database.reading() as unit:
        digest = unit.connection.scalar(select(campaigns.c.digest))
    made, number = 0, 0
    while made < count:
        rows: dict[str, list[dict[str, object]]] = {n: [] for n in ("c", "f", "l", "a")}
        while len(rows["a"]) < min(STEP, count - made):
            number += 1
            _one_call(rows, number, digest, chance)
        with database.writing() as unit:
            for table, name in ((calls, "c"), (facts, "f"), (legs, "l"), (answers, "a")):
                unit.connection.execute(insert(table), rows[name])
        made += len(rows["a"])
    database.close()


def _one_call(
    rows: dict[str, list[dict[str, object]]], number: int, digest: object, chance: random.Random
) -> None:
    at = START + timedelta(seconds=number * 20)
    call = f"{chance.getrandbits(128):032x}"
    rows["c"].append(
        {
            "id": call,
            "token": f"{number:048x}",
            "slug": SLUG,
            "digest": digest,
            "door": chance.choice(("page", "api", "drive")),
            "stage": "ended",
            "ending": "finished",
            "step": 9,
            "state": "{}",
            "targets": "[]",
            "language": chance.choice(("en", "en", "es")),
            "sid": f"CA{number:032x}",
            "from_number": "+12025550100",
            "phone_hash": f"{chance.randrange(1 + number // 2):032x}",
            "created": at,
            "answered": at,
            "ended": at + timedelta(minutes=3),
        }
    )
    rows["f"].append({"call": call, "step": 1, "kind": "Consented", "body": "{}", "at": at})
    for leg in (1, 2):
        _one_leg(rows, call, leg, at, chance)


def _one_leg(
    rows: dict[str, list[dict[str, object]]],
    call: str,
    leg: int,
    at: datetime,
    chance: random.Random,
) -> None:
    who = chance.randrange(535)
    rows["l"].append(
        {
            "call": call,
            "number": leg,
            "target": f"M{who:06d}",
            "name": f"Member {who}",
            "office": f"M{who:06d}-washington",
            "city": "Washington",
            "phone": f"+1202555{who:04d}",
            "outcome": "connected",
            "seconds": chance.randrange(20, 300),
            "started": at,
            "ended": at + timedelta(minutes=1),
        }
    )
    said = [("happened", "spoke"), ("position", chance.choice(MEANINGS))]
    if chance.random() < 0.1:
        said.append(("position", chance.choice(MEANINGS)))
    for place, (question, meaning) in enumerate(said):
        rows["a"].append(
            {
                "call": call,
                "leg": leg,
                "question": question,
                "meaning": meaning,
                "source": "keypad" if place < 2 else "web",
                "at": at + timedelta(minutes=1 + place),
                "superseded": place == 1 and len(said) == 3,
            }
        )


def measure(url: str, kind: str, folder: str, slug: str = SLUG, where: str = "") -> None:
    """Export once and print how it went."""
    ctx = context(url)
    begun, clock = time.process_time(), time.perf_counter()
    done = exporting.export(
        ctx, slug, format=kind, folder=Path(folder) / kind, selection=chosen(where)
    )
    size = sum(path.stat().st_size for path in done.files) / 2**20
    rows = sum(done.rows.values())
    spent = time.process_time() - begun
    print(
        f"{kind:8} {done.answers:>10,} answers {rows:>10,} rows  {spent:6.1f} s CPU"
        f"  {time.perf_counter() - clock:6.1f} s  {rows / spent:>8,.0f} rows/s"
        f"  peak {peak():4.0f} MiB  {size:6.1f} MiB written",
        flush=True,
    )


def download(url: str, kind: str, slug: str, where: str) -> None:
    """Take the download once, keep nothing of it, and print when its bytes came."""
    ctx = context(url)
    begun, clock = time.process_time(), time.perf_counter()
    size, first, begins = 0, 0.0, 0.0
    for piece in streaming.streamed(ctx, slug, format=kind, selection=chosen(where)):
        now = time.perf_counter() - clock
        begins = begins or now
        size += len(piece)
        if size > 2**20 and not first:
            first = now
    print(
        f"{kind} download: first bytes after {begins * 1e3:.0f} ms, the first MiB after"
        f" {first:.1f} s, all {size / 2**20:,.0f} MiB after {time.perf_counter() - clock:.0f} s,"
        f" {time.process_time() - begun:.0f} s CPU, peak {peak():.0f} MiB",
        flush=True,
    )


def peak() -> float:
    """Return the most memory this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def chosen(where: str) -> Selection:
    """Read a filter."""
    return read_selection(dict(parse_qsl(where)))


def apart(what: Callable[..., None], *given: str) -> None:
    """Do something in a process of its own, so that its memory is its own."""
    process = multiprocessing.get_context("spawn").Process(target=what, args=given)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)


def main() -> None:
    """Fill a scratch database, then export it in every format, each in a process of its own."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--answers", type=int, default=200_000)
    reader.add_argument("--formats", nargs="*", default=list(exporting.FORMATS))
    reader.add_argument("--url", help="a database that is filled already")
    reader.add_argument("--slug", default=GENERATED)
    reader.add_argument("--where", default="", help="a filter, as an address has it")
    given = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.url:
            for kind in given.formats:
                if kind in streaming.STREAMED:
                    apart(download, given.url, kind, given.slug, given.where)
                else:
                    apart(measure, given.url, kind, folder, given.slug, given.where)
            return
        url = f"sqlite:///{folder}/scratch.sqlite3"
        migrate(url)
        fill(url, given.answers)
        for kind in given.formats:
            apart(measure, url, kind, folder)


if __name__ == "__main__":
    main()
