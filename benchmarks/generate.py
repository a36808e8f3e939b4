"""Fills a database with realistic calls of any number, from a seed, through its real tables.

`python -m benchmarks.generate --calls 100000 --url sqlite:////tmp/many.sqlite3`; the tables are
made where they are missing and the campaign is published. No telephone number here can ring.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, insert

from callbridge.directory import Directory
from callbridge.domain.call import Call, Door, Ending, Outcome, Stage
from callbridge.domain.congress import Chamber, Member
from callbridge.domain.records import CampaignRecord, CampaignState
from callbridge.domain.survey import Meaning
from callbridge.domain.whip_model import SCALE
from callbridge.library.files import files_of
from callbridge.store import Database, migrate
from callbridge.store.packing import pack_call
from callbridge.store.tables import answers, calls, legs

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
SLUG = "attorney-general"
UNTIL = datetime(2026, 11, 17, 22, tzinfo=UTC)
BATCH = 5_000
# Of a hundred office legs: how they went, as the carrier saw it and as it was keyed.
LEGS = (
    (42, Outcome.CONNECTED, Meaning.SPOKE, (40, 240)),
    (4, Outcome.CONNECTED, Meaning.SPOKE, (8, 34)),
    (27, Outcome.CONNECTED, Meaning.VOICEMAIL, (25, 120)),
    (6, Outcome.CONNECTED, Meaning.MAILBOX_FULL, (5, 20)),
    (2, Outcome.CONNECTED, Meaning.WRONG_NUMBER, (3, 12)),
    (7, Outcome.CONNECTED, None, (5, 90)),
    (6, Outcome.BUSY, None, None),
    (4, Outcome.NO_ANSWER, None, None),
    (2, Outcome.FAILED, None, None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How much was written."""

    calls: int
    legs: int
    answers: int


@dataclass(slots=True)
class _World:
    """Members with a position each, and supporters that call again now and then."""

    rng: Random
    members: Sequence[Member]
    positions: dict[str, Meaning]
    digest: str
    supporters: int
    days: int

    def rows(self, number: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Make one call with up to three legs and what was keyed about them."""
        rng = self.rng
        at = UNTIL - timedelta(seconds=rng.random() ** 2 * self.days * 86_400)
        name = f"{number:032x}"
        self_dialled = rng.random() < 0.03
        door = Door.SELF_DIALLED if self_dialled else rng.choice([Door.PAGE, Door.PAGE, Door.API])
        talked = rng.random() < 0.55 or self_dialled
        ending = Ending.FINISHED if talked else rng.choice([Ending.NO_ANSWER, Ending.HUNG_UP])
        call = Call(language="en", door=door, stage=Stage.ENDED, ending=ending)
        supporter = f"{rng.randrange(self.supporters):064x}"
        yield (
            "calls",
            {
                "id": name,
                "token": name,
                "slug": SLUG,
                "digest": self.digest,
                "door": door.value,
                "stage": "ended",
                "ending": ending.value,
                "step": 6,
                "state": pack_call(call),
                "targets": "[]",
                "language": rng.choices(["en", "es"], [9, 1])[0],
                "sid": None,
                "from_number": "",
                "phone_hash": None if self_dialled else supporter,
                "created": at,
                "answered": at if talked else None,
                "ended": at + timedelta(minutes=6),
            },
        )
        for leg in range(1, 1 + (rng.choice([1, 2, 2, 3]) if talked else 0)):
            yield from self._leg(name, leg, at + timedelta(minutes=leg))

    def _leg(self, call: str, leg: int, at: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
        rng = self.rng
        member = rng.choice(self.members)
        office = member.offices[0]
        _, outcome, reported, talk = rng.choices(LEGS, [one[0] for one in LEGS])[0]
        yield (
            "legs",
            {
                "call": call,
                "number": leg,
                "target": member.bioguide,
                "name": member.name,
                "office": office.id,
                "city": office.city,
                "phone": office.phone or "",
                "outcome": outcome.value,
                "seconds": rng.randint(*talk) if talk else None,
                "started": at,
                "ended": at + timedelta(minutes=1),
            },
        )
        if reported is None:
            return
        yield "answers", _answer(call, leg, "happened", reported, at)
        if reported is Meaning.SPOKE:
            said = self._said(member)
            if rng.random() < 0.03:
                first = _answer(call, leg, "position", rng.choice(SCALE), at)
                yield "answers", first | {"superseded": True}
            yield "answers", _answer(call, leg, "position", said, at + timedelta(seconds=9))

    def _said(self, member: Member) -> Meaning:
        if self.rng.random() < 0.45:
            return Meaning.WOULD_NOT_SAY
        if self.rng.random() < 0.2:
            return self.rng.choice(SCALE)
        return self.positions[member.bioguide]


def _answer(call: str, leg: int, question: str, meaning: Meaning, at: datetime) -> dict[str, Any]:
    return {
        "call": call,
        "leg": leg,
        "question": question,
        "meaning": meaning.value,
        "source": "keypad",
        "at": at,
        "superseded": False,
    }


def publish(database: Database) -> str:
    """Publish the campaign that the calls belong to; return its revision's digest."""
    record = CampaignRecord(
        slug=SLUG, digest="0" * 64, state=CampaignState.LIVE, number=None, published=UNTIL
    )
    with database.writing() as unit:
        found = unit.campaigns.get(SLUG)
        if found is None:
            unit.campaigns.publish(record, files_of(CAMPAIGNS / SLUG))
    return found.digest if found else record.digest


def generate(database: Database, *, count: int, seed: int = 1, days: int = 60) -> Made:
    """Write so many calls; the same seed makes the same world."""
    rng = Random(seed)
    everybody = Directory.open().members(on=UNTIL.date())
    members = [one for one in everybody if one.chamber is Chamber.SENATE and one.offices]
    world = _World(
        rng=rng,
        members=members,
        positions={one.bioguide: rng.choice(SCALE) for one in members},
        digest=publish(database),
        supporters=max(10, count // 3),
        days=days,
    )
    made = {"calls": 0, "legs": 0, "answers": 0}
    for start in range(0, count, BATCH):
        rows: dict[str, list[dict[str, Any]]] = {"calls": [], "legs": [], "answers": []}
        for number in range(start, min(start + BATCH, count)):
            for table, row in world.rows(number):
                rows[table].append(row)
        with database.writing() as unit:
            _write(unit.connection, rows)
        for table, some in rows.items():
            made[table] += len(some)
    # Written past the doors that leave marks, so everything is counted once at the end.
    with database.writing() as unit:
        unit.rollups.rebuild()
    return Made(**made)


def _write(connection: Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    tables = {"calls": calls, "legs": legs, "answers": answers}
    for name, some in rows.items():
        if not some:
            continue
        if connection.dialect.name == "sqlite":
            connection.execute(insert(tables[name]), some)
        else:
            _copy(connection, tables[name], some)


def _copy(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def main() -> None:
    """Fill a database and time what the analyst's pages read."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--url", default="sqlite:////tmp/callbridge-many.sqlite3")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    migrate(given.url)
    database = Database(given.url)
    begun = time.perf_counter()
    made = generate(database, count=given.calls, seed=given.seed)
    spent = time.perf_counter() - begun
    print(f"{made.calls:,} calls, {made.legs:,} legs, {made.answers:,} answers in {spent:.0f} s")
    database.close()


if __name__ == "__main__":
    main()
