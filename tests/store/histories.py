"""Calls of every kind for the tallies: drives, zones far apart, shared offices, corrections."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import delete, insert

from callbridge.domain.call import Asking, Call, Door, Ending, Outcome, Stage, Target
from callbridge.domain.congress import Office
from callbridge.domain.facts import AnswerGiven, Consented
from callbridge.domain.records import CallRecord, LegRecord
from callbridge.domain.survey import POSITIONS, REPORTED
from callbridge.domain.tallying import MOST_TARGETS
from callbridge.store import Database
from callbridge.store.database import Unit
from callbridge.store.drive_tables import buckets, contacts, drives
from callbridge.store.tables import attempts, campaigns, metadata, revisions

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
AFTER = NOON + timedelta(days=400)
TARGETS = tuple(f"T{n}" for n in range(MOST_TARGETS + 1))
# Offices in zones far apart, some with half hours, some beyond the day's line.
ZONES = dict(
    zip(
        TARGETS,
        (
            "America/New_York",
            "America/New_York",  # T0 and T1 share a number, so an office, so its zone
            "Pacific/Honolulu",
            "Pacific/Guam",
            "America/St_Johns",
            "America/Phoenix",
        ),
        strict=True,
    )
)
REFERRALS = (None, "letter", "video")
DRIVES = ("1" * 32, "2" * 32)
_ids = itertools.count(1)


def publish(database: Database) -> None:
    """Empty the database and enter a campaign of two revisions with two drives.

    One database serves all examples of a property: what one leaves behind would make every later
    one slower, and the shrinking of a failure meaningless.
    """
    with database.writing() as unit:
        for table in reversed(metadata.sorted_tables):
            unit.connection.execute(delete(table))
        for digest in ("d1d1d1", "e2e2e2"):
            unit.connection.execute(
                insert(revisions).values(digest=digest, slug="water", published=NOON)
            )
        unit.connection.execute(
            insert(campaigns).values(slug="water", digest="e2e2e2", state="live", published=NOON)
        )
        for place, drive in enumerate(DRIVES, start=1):
            _add_drive(unit, drive, place)


def _add_drive(unit: Unit, drive: str, place: int) -> None:
    rules = {"window": "09:00-21:00", "days": "0", "in_progress": 5, "weight": 1.0}
    promised = {"promised": True, "redial_missing": True}
    unit.connection.execute(
        insert(drives).values(
            id=drive, slug="water", state="finished", created=NOON, **rules, **promised
        )
    )
    unit.connection.execute(
        insert(buckets).values(
            id=place, drive=drive, digest="0" * 64, zones="[]", states="[]", offices="[]"
        )
    )


def drive_it(unit: Unit, call: str, drive: str) -> None:
    """Let a call be one that a drive rang."""
    contact = {"language": "en", "group_name": "", "consent_source": "x", "consent_at": NOON}
    (key,) = unit.connection.execute(
        insert(contacts)
        .values(drive=drive, bucket=1 + DRIVES.index(drive), extra="{}", **contact)
        .returning(contacts.c.id)
    ).one()
    unit.connection.execute(
        insert(attempts).values(
            call=call,
            phone_hash="",
            kind="drive",
            state="done",
            run_at=NOON,
            drive=drive,
            contact=key,
        )
    )


def add_call(unit: Unit, chance: Random) -> CallRecord:
    """Enter a call of up to six offices, with answers, some of them corrected, over or not."""
    name = f"{next(_ids):032x}"
    at = NOON - timedelta(
        days=chance.choice([0, 0, 1, 7, 8, 30, 64, 100]), hours=chance.randrange(9)
    )
    door = chance.choice([Door.PAGE, Door.API, Door.SELF_DIALLED])
    over = chance.random() < 0.8
    record = CallRecord(
        id=name,
        token=name,
        slug="water",
        digest=chance.choice(["d1d1d1", "e2e2e2"]),
        call=Call(
            language=chance.choice(["en", "es"]),
            door=door,
            stage=Stage.ENDED if over else Stage.SURVEYING,
            asking=Asking.NOTHING,
            ending=Ending.FINISHED if over else None,
            targets=tuple(target_of(one) for one in TARGETS),
        ),
        created=at,
        from_="",
        sid=chance.choice([None, f"CA{name}"]),
        referral=chance.choice(REFERRALS),
        answered=chance.choice([None, at]),
        ended=at + timedelta(minutes=5) if over else None,
    )
    unit.calls.add(record)
    if (drive := chance.choice([None, None, *DRIVES])) is not None:
        drive_it(unit, name, drive)
    if chance.random() < 0.5:
        unit.calls.add_facts(name, 1, [Consented()], at)
    for number in range(1, chance.choice([1, 2, 3, 4, 4, 8])):
        add_leg(unit, record, number, chance)
        for _ in range(chance.randrange(3)):
            say(unit, name, number, chance)
    return record


def target_of(name: str) -> Target:
    """Return a target as a call keeps it, with its own office and the one that two share."""
    office = Office(id=f"{name}-a", city="X", phone="+12025550143", zone=ZONES[name])
    return Target(
        id=name,
        name=f"Name of {name}",
        last_name=name,
        title="",
        pronoun="they",
        chamber=None,
        state="",
        district=None,
        offices=(office, replace(office, id="shared")),
    )


def zone_of(office: str) -> str:
    """Return an office's zone."""
    return ZONES["T0"] if office == "shared" else ZONES[office.removesuffix("-a")]


def add_leg(unit: Unit, record: CallRecord, number: int, chance: Random) -> None:
    """Dial an office in a call."""
    target = chance.choice(TARGETS)
    rung = record.call.door is not Door.SELF_DIALLED
    outcome = chance.choice([None, *Outcome]) if rung else None
    unit.calls.add_leg(
        LegRecord(
            call=record.id,
            number=number,
            target=target,
            name=f"Name of {target}",
            # One number that two members share.
            office="shared" if chance.random() < 0.2 and target in {"T0", "T1"} else f"{target}-a",
            city="Washington",
            phone="+12025550143",
            sid=None,
            outcome=outcome,
            seconds=chance.choice([None, 5, 40, 3_000]) if outcome else None,
            started=record.created + timedelta(minutes=20 * number),
            ended=None,
        )
    )


def say(unit: Unit, call: str, number: int, chance: Random) -> None:
    """Answer one of two questions about a leg, on the keypad or the web."""
    question, of = chance.choice([("position", POSITIONS), ("happened", REPORTED)])
    given_ = AnswerGiven(
        leg=number,
        question=question,
        meaning=chance.choice(sorted(of)),
        source=chance.choice(["keypad", "web"]),
    )
    unit.calls.add_answer(call, given_, NOON)
