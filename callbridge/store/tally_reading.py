"""Reads calls as the tallies see them, and the offices they dialled; writes no count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select

from callbridge.domain.call import Door, Outcome
from callbridge.domain.survey import Meaning
from callbridge.domain.tallying import TalliedAnswer, TalliedCall, TalliedLeg
from callbridge.store.analysis import as_kept
from callbridge.store.tables import answers, attempts, calls, facts, legs
from callbridge.store.tally_tables import tally_offices

_Said = dict[tuple[str, int], list[TalliedAnswer]]
_Bounds = dict[str, tuple[int, int]]


class Profile(NamedTuple):
    """What calls have in common that a filter can ask for, in the columns' order."""

    slug: str
    digest: str
    door: str
    language: str
    referral: str
    drive: str

    @property
    def broad(self) -> Profile:
        """Return the profile that stands for all of one revision and language."""
        return Profile(self.slug, self.digest, "", self.language, "", "")

    @property
    def by_one(self) -> tuple[Profile, ...]:
        """Return those that stand for the campaign, and for all of one door, referral, drive."""
        empty = Profile(self.slug, "", "", "", "", "")
        found = [empty, empty._replace(door=self.door)]
        if self.referral:
            found.append(empty._replace(referral=self.referral))
        if self.drive:
            found.append(empty._replace(drive=self.drive))
        return tuple(found)


# Bounds of the ids of no answer at all.
NO_ANSWER = (1 << 62, 0)


@dataclass(frozen=True, slots=True)
class Read:
    """A call as it is counted; `day` is the UTC day (its number) it was asked for.

    `answers` are the least and the greatest id of its answers.
    """

    id: str
    day: int
    profile: Profile
    ending: str
    steps: int
    answers: tuple[int, int]
    call: TalliedCall


class TallyReading:
    """Reads calls in one transaction, and keeps each office the first time it is seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._zones: dict[tuple[str, str, str], str] = {}
        self._slugs: set[str] = set()

    def read(self, ids: Sequence[str]) -> Iterator[Read]:
        """Yield these calls."""
        run = self._connection.execute
        pressed = set(
            self._connection.scalars(
                select(facts.c.call).where(facts.c.call.in_(ids), facts.c.kind == "Consented")
            )
        )
        driven = select(attempts.c.call, func.min(attempts.c.drive)).where(
            attempts.c.call.in_(ids), attempts.c.drive.is_not(None)
        )
        drives = {row[0]: row[1] for row in run(driven.group_by(attempts.c.call))}
        about = (calls.c.slug, calls.c.digest, calls.c.door, calls.c.language, calls.c.referral)
        more = (calls.c.sid, calls.c.answered, calls.c.created, calls.c.targets)
        ended = (calls.c.ending, calls.c.step)
        found = run(select(calls.c.id, *about, *more, *ended).where(calls.c.id.in_(ids))).all()
        dialled, bounds = self._legs(ids, found)
        for row in found:
            slug, digest, door, language = row.slug, row.digest, row.door, row.language
            drive = drives.get(row.id, "")
            yield Read(
                id=row.id,
                day=row.created.date().toordinal(),
                profile=Profile(slug, digest, door, language, row.referral or "", drive),
                ending=row.ending or "",
                steps=row.step,
                answers=bounds.get(row.id, NO_ANSWER),
                call=TalliedCall(
                    door=Door(door),
                    created=row.sid is not None or row.answered is not None,
                    answered=row.answered is not None,
                    key_pressed=row.id in pressed,
                    legs=dialled.get(row.id, ()),
                ),
            )

    def _answers(self, ids: Sequence[str]) -> tuple[_Said, Counter[tuple[str, int]], _Bounds]:
        """Return the standing answers of each leg, how many were corrected, and the ids."""
        said, corrected = defaultdict(list), Counter[tuple[str, int]]()
        bounds: _Bounds = {}
        told = (answers.c.call, answers.c.leg, answers.c.question, answers.c.source)
        rows = self._connection.execute(
            select(answers.c.id, *told, answers.c.meaning, answers.c.superseded).where(
                answers.c.call.in_(ids)
            )
        )
        for id_, call, number, question, source, meaning, superseded in rows:
            low, high = bounds.get(call, NO_ANSWER)
            bounds[call] = min(low, id_), max(high, id_)
            if superseded:
                corrected[call, number] += 1
            else:
                said[call, number].append(_answer(question, source, meaning))
        return said, corrected, bounds

    def _legs(
        self, ids: Sequence[str], found: Sequence[Any]
    ) -> tuple[dict[str, list[TalliedLeg]], _Bounds]:
        said, corrected, bounds = self._answers(ids)
        of = {row.id: row for row in found}
        self._know({row.slug for row in found})
        dialled: dict[str, list[TalliedLeg]] = defaultdict(list)
        named = (legs.c.call, legs.c.number, legs.c.target, legs.c.name, legs.c.office)
        rows = self._connection.execute(
            select(*named, legs.c.outcome, legs.c.seconds, legs.c.started)
            .where(legs.c.call.in_(ids))
            .order_by(legs.c.call, legs.c.number)
        )
        for row in rows:
            dialled[row.call].append(
                TalliedLeg(
                    target=row.target,
                    office=row.office,
                    hour=hour_of_week(row.started, self._zone(of[row.call], row)),
                    outcome=Outcome(row.outcome) if row.outcome else None,
                    seconds=row.seconds,
                    answers=said.get((row.call, row.number), ()),
                    corrected=corrected[row.call, row.number],
                )
            )
        return dialled, bounds

    def _know(self, slugs: set[str]) -> None:
        new = slugs - self._slugs
        if not new:
            return
        self._slugs |= new
        key = (tally_offices.c.slug, tally_offices.c.target, tally_offices.c.office)
        rows = self._connection.execute(
            select(*key, tally_offices.c.zone).where(tally_offices.c.slug.in_(new))
        )
        self._zones |= {(slug, target, office): zone for slug, target, office, zone in rows}

    def _zone(self, call: Any, leg: Any) -> str:
        """Return the zone of an office, and keep one that is new, as this call kept it."""
        key = (call.slug, leg.target, leg.office)
        if key not in self._zones:
            kept = as_kept(_Leg(leg.target, leg.office, leg.name, call.targets))
            values = asdict(kept) | {"slug": call.slug, "chamber": kept.chamber or None}
            self._connection.execute(insert(tally_offices).values(values))
            self._zones[key] = kept.zone
        return self._zones[key]


class _Leg(NamedTuple):
    """A leg beside its call's targets."""

    target: str
    office: str
    name: str
    targets: str


@lru_cache(maxsize=4096)
def _answer(question: str, source: str, meaning: str) -> TalliedAnswer:
    return TalliedAnswer(question=question, source=source, meaning=Meaning(meaning))


def hour_of_week(moment: datetime, zone: str) -> int:
    """Return the hour of the week in a zone, 0 to 167 from Monday's midnight."""
    return _local_hour(moment.replace(minute=0, second=0, microsecond=0), zone)


@lru_cache(maxsize=16_384)
def _local_hour(moment: datetime, zone: str) -> int:
    local = moment.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour
