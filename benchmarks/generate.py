"""Fills a database with realistic calls of any number, from a seed, through its real tables.

`python -m benchmarks.generate --calls 100000 --url sqlite:////tmp/many.sqlite3`, or
`--answers 10000000 --url postgresql://…`; the tables are made where they are missing and three
revisions of the campaign are published. No telephone number here can ring.

`--copies 8` makes an eighth of the calls from the seed and writes each eight times over, at the
same place in time: other ids, other supporters, tenths of a second later, and else alike. So the
rows are as many, as long and as spread as without, but only an eighth of them differ. The rollups
are counted from all rows; a copy is entered in the tallies once, as often as it stands there.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, text

from benchmarks.copies import MOST, Alike, copied, only_first, staging, up_to_last
from benchmarks.world import ANSWERS_A_CALL, COLUMNS, DRIVES, UNTIL, World
from callbridge.directory import Directory
from callbridge.domain.congress import Member
from callbridge.domain.records import CampaignRecord, CampaignState
from callbridge.library.files import files_of
from callbridge.service.blocs import arrange_blocs
from callbridge.service.publishing import digest_of
from callbridge.service.rolling import rebuild
from callbridge.service.trying import count_tried
from callbridge.store import Database, migrate

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
SLUG = "safety-valve"
BATCH = 4_000
PROCESSES = 2
AT_ONCE = 10_000
FIRST_CALLS = 3_000
FIRST = f"""
INSERT INTO untallied (call, created)
SELECT id, created FROM calls ORDER BY id LIMIT {FIRST_CALLS}
"""
DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How much was written."""

    calls: int
    legs: int
    answers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a world is made from."""

    slug: str
    digests: Sequence[str]
    count: int
    seed: int
    days: int
    copies: int = 1

    def world(self) -> World:
        """Return the world, from the shipped directory."""
        return World(
            _members(),
            slug=self.slug,
            digests=self.digests,
            count=self.count,
            seed=self.seed,
            days=self.days,
        )


def calls_for(answers: int) -> int:
    """Return how many calls bring so many answers at least."""
    return math.ceil(answers / ANSWERS_A_CALL)


def generate(
    database: Database, *, count: int, seed: int = 1, days: int = DAYS, copies: int = 1
) -> Made:
    """Write so many calls; the same seed makes the same world."""
    count = math.ceil(count / copies)
    with database.writing() as unit:
        digests = _publish(unit, days)
        plan = Plan(slug=SLUG, digests=digests, count=count, seed=seed, days=days, copies=copies)
        _drives(unit.connection, days)
    starts = range(0, count, BATCH)
    with _loading(database):
        made = list(_written(database, plan, starts))
    # Written past the doors that leave marks, so everything is counted once at the end.
    _blocs(database)
    _count(database, copies)
    _blocs(database)
    _analyzed(database)
    return Made(
        calls=copies * sum(one.calls for one in made),
        legs=copies * sum(one.legs for one in made),
        answers=copies * sum(one.answers for one in made),
    )


def _count(database: Database, copies: int) -> None:
    if copies == 1:
        rebuild(database, before=UNTIL)
        return
    with database.writing() as unit:
        unit.rollups.rebuild()
        unit.tallying.forget()
        only_first(unit.connection)
    count_tried(database)
    while _enter(database, copies):
        pass
    with database.writing() as unit:
        up_to_last(unit.connection, copies)


def _blocs(database: Database) -> None:
    """Arrange the blocs, as the dialer does every hour; of the first calls, where none is entered.

    What has been counted is moved row by row, which takes long of many calls: so those whom the
    first calls dialled have their place before the others are counted.
    """
    with database.writing() as unit:
        if not unit.blocs.known():
            unit.connection.execute(text(FIRST))
            unit.tallying.enter(ended_before=UNTIL, most=FIRST_CALLS)
    arrange_blocs(database, Directory.open(), UNTIL.date())


def _enter(database: Database, copies: int) -> int:
    with database.writing() as unit:
        return Alike(unit.connection, copies).enter(ended_before=UNTIL, most=AT_ONCE)


def _members() -> list[Member]:
    return [one for one in Directory.open().members(on=UNTIL.date()) if one.offices[0].phone]


def _publish(unit: Any, days: int) -> list[str]:
    """Publish three revisions that differ in a word of the script; return their digests."""
    documents, found = files_of(CAMPAIGNS / SLUG), []
    for number in range(3):
        script = documents["script.md"] + f"\n<!-- state {number + 1} -->\n".encode() * number
        # So that its counter is among the pages.
        head = b"public_counter = true\n" + documents["campaign.toml"]
        files = documents | {"script.md": script, "campaign.toml": head}
        found.append(digest_of(SLUG, files))
        record = CampaignRecord(
            slug=SLUG,
            digest=found[-1],
            state=CampaignState.LIVE,
            number=None,
            published=UNTIL - timedelta(days=days * (3 - number) / 3),
        )
        unit.campaigns.publish(record, files)
    return found


def _drives(connection: Connection, days: int) -> None:
    """Enter two drives that are over."""
    for place, name in enumerate(DRIVES):
        begun = UNTIL - timedelta(days=days * (0.8 - 0.3 * place))
        connection.execute(
            text(
                'INSERT INTO drives (id, slug, state, "window", days, in_progress, created,'
                " promised, redial_missing, weight) VALUES (:id, :slug, 'finished', '09:00-21:00',"
                " '0,1,2,3,4,5,6', 5, :at, true, true, 1)"
            ),
            {"id": name, "slug": SLUG, "at": begun.strftime("%Y-%m-%d %H:%M:%S.%f")}
            if connection.dialect.name == "sqlite"
            else {"id": name, "slug": SLUG, "at": begun},
        )
        connection.execute(
            text(
                "INSERT INTO drive_buckets (id, drive, digest, zones, states, offices)"
                " VALUES (:id, :drive, :digest, '[]', '[]', '[]')"
            ),
            {"id": place + 1, "drive": name, "digest": "0" * 64},
        )


def _written(database: Database, plan: Plan, starts: Sequence[int]) -> Iterator[Made]:
    if database.kind == "sqlite" or len(starts) < 4:
        world = plan.world()
        yield from (_write(database, world, start, plan.copies) for start in starts)
        return
    url = database.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(
        PROCESSES,
        mp_context=get_context("spawn"),
        initializer=_Worker.begin,
        initargs=(url, plan),
    ) as pool:
        yield from pool.map(_Worker.write, starts)


class _Worker:
    """One process that makes and writes slices of the world."""

    database: Database
    world: World
    copies: int

    @classmethod
    def begin(cls, url: str, plan: Plan) -> None:
        """Open the database and make the world once."""
        cls.database, cls.world, cls.copies = Database(url), plan.world(), plan.copies

    @classmethod
    def write(cls, start: int) -> Made:
        """Make one slice and write it."""
        return _write(cls.database, cls.world, start, cls.copies)


def _write(database: Database, world: World, start: int, copies: int) -> Made:
    rows = world.slice(start, start + BATCH)
    with database.writing() as unit:
        for name, some in rows.items():
            if some:
                _put(unit.connection, name, some, copies)
    return Made(calls=len(rows["calls"]), legs=len(rows["legs"]), answers=len(rows["answers"]))


def _put(connection: Connection, table: str, rows: list[tuple[Any, ...]], copies: int) -> None:
    names, place = COLUMNS[table].split(), table
    if copies > 1:
        place = f"first_{table}"
        connection.execute(text(staging(table)))
        connection.execute(text(f"DELETE FROM {place}"))
    columns = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {place} ({columns}) VALUES ({places})", rows)
    else:
        # Our rows refer to each other by construction, and times are told in UTC.
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL TimeZone = 'UTC'")
        with cursor.copy(f"COPY {place} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    if copies > 1:
        connection.execute(text(copied(connection, table, copies)))


@contextmanager
def _loading(database: Database) -> Iterator[None]:
    """Take indexes away while much is written to PostgreSQL, and put them back."""
    if database.kind == "sqlite":
        # A world that a power loss spoils is made again.
        event.listen(database.engine, "connect", _unsynced)
        database.engine.dispose()
        yield
        event.remove(database.engine, "connect", _unsynced)
        database.engine.dispose()
        return
    with database.engine.begin() as connection:
        found = connection.execute(
            text(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND"
                " tablename = ANY(:tables) AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            ),
            {"tables": list(COLUMNS)},
        ).all()
        for name, _ in found:
            connection.execute(text(f'DROP INDEX "{name}"'))
    yield
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _, definition in found:
            connection.execute(text(definition))
        for table in ("facts", "answers", "contacts", "attempts"):
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
                    f" (SELECT coalesce(max(id), 0) + 1 FROM {table}))"
                )
            )


def _analyzed(database: Database) -> None:
    statement = "ANALYZE" if database.kind == "sqlite" else "VACUUM (ANALYZE)"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _unsynced(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("PRAGMA cache_size = -200000")


def main() -> None:
    """Fill a database and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--answers", type=int, help="as many calls as bring so many answers")
    options.add_argument("--url", default="sqlite:////tmp/callbridge-many.sqlite3")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--days", type=int, default=DAYS)
    options.add_argument("--copies", type=int, choices=range(1, MOST + 1), default=1)
    given = options.parse_args()
    count = calls_for(given.answers) if given.answers else given.calls
    migrate(given.url)
    database = Database(given.url)
    begun = time.perf_counter()
    made = generate(database, count=count, seed=given.seed, days=given.days, copies=given.copies)
    spent = time.perf_counter() - begun
    print(f"{made.calls:,} calls, {made.legs:,} legs, {made.answers:,} answers in {spent:.0f} s")
    database.close()


if __name__ == "__main__":
    main()
