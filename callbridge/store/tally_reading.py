"""Reads calls as the tallies see them, and the offices they dialled; writes no count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, insert, select

from callbridge.domain.call import Door, Outcome
from callbridge.domain.survey import Meaning
from callbridge.domain.tallying import (
    DialledPlace,
    Part,
    Reach,
    TalliedAnswer,
    TalliedCall,
    TalliedLeg,
    parts_of,
    reach_of,
)
from callbridge.store.analysis import as_kept
from callbridge.store.days import utc_day, utc_hour
from callbridge.store.ready import Ready, among
from callbridge.store.staged import listed
from callbridge.store.tables import answers, attempts, calls, facts, legs
from callbridge.store.tally_tables import tally_offices

_THESE = "b_calls"
_PRESSED = Ready(
    select(facts.c.call).where(among(facts.c.call, _THESE), facts.c.kind == "Consented")
)
_DRIVES = Ready(
    select(attempts.c.call, func.min(attempts.c.drive).label("drive"))
    .where(among(attempts.c.call, _THESE), attempts.c.drive.is_not(None))
    .group_by(attempts.c.call)
)
_CALLS = Ready(
    select(
        calls.c.id,
        calls.c.slug,
        calls.c.digest,
        calls.c.door,
        calls.c.language,
        calls.c.referral,
        utc_day(calls.c.created).label("day"),
        calls.c.sid.is_not(None).label("placed"),
        calls.c.answered.is_not(None).label("answered"),
        calls.c.ending,
        calls.c.step,
    ).where(among(calls.c.id, _THESE))
)
_LEGS = Ready(
    select(
        legs.c.call,
        legs.c.number,
        legs.c.target,
        legs.c.office,
        legs.c.outcome,
        legs.c.seconds,
        utc_hour(legs.c.started).label("hour"),
    )
    .where(among(legs.c.call, _THESE))
    .order_by(legs.c.call, legs.c.number)
)
_ANSWERS = Ready(
    select(
        answers.c.id,
        answers.c.call,
        answers.c.leg,
        answers.c.question,
        answers.c.source,
        answers.c.meaning,
        answers.c.superseded,
    )
    .where(among(answers.c.call, _THESE))
    .order_by(answers.c.id)
)
_ZONES = Ready(
    select(tally_offices.c.target, tally_offices.c.office, tally_offices.c.zone).where(
        tally_offices.c.slug == bindparam("b_slug")
    )
)
_AS_KEPT = Ready(
    select(legs.c.call, legs.c.target, legs.c.office, legs.c.name, calls.c.slug, calls.c.targets)
    .join(calls, calls.c.id == legs.c.call)
    .where(among(legs.c.call, _THESE))
    .order_by(legs.c.call, legs.c.number)
)
_SELF_DIALLED = Door.SELF_DIALLED.value


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
Office = tuple[str, str]
_Answer = tuple[str, str, str]


class Alike(NamedTuple):
    """What all legs that went alike bring; one object for all of them."""

    rung: bool
    connected: bool
    reach: Reach
    parts: tuple[Part, ...]


class ReadLeg(NamedTuple):
    """A leg as it is counted: its office's place, the hour of the week there, and how it went."""

    office: int
    hour: int
    alike: Alike


class Read(NamedTuple):
    """A call as it is counted; `day` is the UTC day (its number) it was asked for.

    `low` and `high` are the least and the greatest id of its answers. `kind` is None for a call
    that its supporter dialled; its `targets` and `offices` (with whose they are) are in the order
    of their places.
    """

    id: str
    day: int
    profile: Profile
    ending: str
    steps: int
    low: int
    high: int
    targets: Sequence[str]
    offices: Sequence[Office]
    kind: TalliedCall | None
    legs: Sequence[ReadLeg]


class _Said(NamedTuple):
    """The answers of some calls: those that stand and those corrected by leg, ids by call."""

    standing: Mapping[tuple[str, int], list[_Answer]]
    corrected: Mapping[tuple[str, int], int]
    bounds: Mapping[str, tuple[int, int]]


class TallyReading:
    """Reads calls in one transaction, and keeps each office the first time it is seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._zones: dict[str, dict[Office, str]] = {}

    def read(self, ids: Sequence[str]) -> Iterator[Read]:
        """Yield these calls."""
        these = {_THESE: listed(self._connection, ids)}
        pressed = {row.call for row in _PRESSED.rows(self._connection, these)}
        drives = {row.call: row.drive for row in _DRIVES.rows(self._connection, these)}
        dialled = defaultdict(list)
        for leg in _LEGS.rows(self._connection, these):
            dialled[leg.call].append(leg)
        said = self._answers(these)
        found = _CALLS.rows(self._connection, these)
        self._keep(found, dialled)
        for row in found:
            offices: list[Office] = []
            legs_ = self._legs(row, dialled.get(row.id, ()), said, offices)
            targets = list(dict.fromkeys([target for target, _ in offices]))
            low, high = said.bounds.get(row.id, NO_ANSWER)
            places = [targets.index(target) for target, _ in offices]
            kind = None
            if row.door != _SELF_DIALLED:
                answered = bool(row.answered)
                kind = TalliedCall(
                    bool(row.placed) or answered,
                    answered,
                    row.id in pressed,
                    tuple([DialledPlace(places[one], one, leg.reach) for one, _, leg in legs_]),
                )
            yield Read(
                row.id,
                _day_number(row.day),
                Profile(
                    row.slug,
                    row.digest,
                    row.door,
                    row.language,
                    row.referral or "",
                    drives.get(row.id, ""),
                ),
                row.ending or "",
                row.step,
                low,
                high,
                targets,
                offices,
                kind,
                legs_,
            )

    def _answers(self, these: Mapping[str, str]) -> _Said:
        standing, corrected = defaultdict(list), Counter[tuple[str, int]]()
        bounds: dict[str, tuple[int, int]] = {}
        for row in _ANSWERS.rows(self._connection, these):
            # In the order of their ids.
            bounds[row.call] = bounds.get(row.call, (row.id,))[0], row.id
            if row.superseded:
                corrected[row.call, row.leg] += 1
            else:
                answer = row.question, row.source, row.meaning
                standing[row.call, row.leg].append(answer)
        return _Said(standing, corrected, bounds)

    def _legs(
        self, call: Any, dialled: Sequence[Any], said: _Said, offices: list[Office]
    ) -> list[ReadLeg]:
        """Return the legs of a call; their offices are put where they have their places."""
        rung, zones = call.door != _SELF_DIALLED, self._known(call.slug) if dialled else {}
        found = []
        for row in dialled:
            office, key = (row.target, row.office), (row.call, row.number)
            if office not in offices:
                offices.append(office)
            answers_ = tuple(said.standing.get(key, ()))
            alike = _alike(rung, row.outcome, row.seconds, answers_, said.corrected.get(key, 0))
            hour = _hour_there(row.hour, zones[office])
            found.append(ReadLeg(offices.index(office), hour, alike))
        return found

    def _known(self, slug: str) -> dict[Office, str]:
        """Return the zones of a campaign's offices."""
        if slug not in self._zones:
            rows = _ZONES.rows(self._connection, {"b_slug": slug})
            self._zones[slug] = {(row.target, row.office): row.zone for row in rows}
        return self._zones[slug]

    def _keep(self, found: Sequence[Any], dialled: Mapping[str, Sequence[Any]]) -> None:
        """Keep the offices that are new, each as the first of these calls kept it."""
        first: dict[tuple[str, Office], str] = {}
        for call in found:
            known = self._known(call.slug) if call.id in dialled else {}
            for leg in dialled.get(call.id, ()):
                if (leg.target, leg.office) not in known:
                    first.setdefault((call.slug, (leg.target, leg.office)), call.id)
        if not first:
            return
        new = {}
        theirs = {_THESE: listed(self._connection, sorted(set(first.values())))}
        for row in _AS_KEPT.rows(self._connection, theirs):
            key = row.slug, (row.target, row.office)
            if first.get(key) == row.call and key not in new:
                kept = as_kept(row)
                new[key] = asdict(kept) | {"slug": row.slug, "chamber": kept.chamber or None}
                self._zones[row.slug][kept.target, kept.office] = kept.zone
        self._connection.execute(insert(tally_offices), list(new.values()))


@lru_cache(maxsize=32_768)
def _alike(
    rung: bool,
    outcome: str | None,
    seconds: int | None,
    said: tuple[_Answer, ...],
    corrected: int,
) -> Alike:
    answers_ = tuple(TalliedAnswer(one, source, Meaning(word)) for one, source, word in said)
    leg = TalliedLeg(rung, Outcome(outcome) if outcome else None, seconds, answers_, corrected)
    return Alike(rung, leg.connected, reach_of(leg), parts_of(leg))


@lru_cache(maxsize=4096)
def _day_number(day: date | str) -> int:
    """Return the number of a day: SQLite tells it as text."""
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()


def hour_of_week(moment: datetime, zone: str) -> int:
    """Return the hour of the week in a zone, 0 to 167 from Monday's midnight."""
    return _local_hour(moment.replace(minute=0, second=0, microsecond=0), zone)


@lru_cache(maxsize=16_384)
def _local_hour(moment: datetime, zone: str) -> int:
    local = moment.astimezone(ZoneInfo(zone))
    return local.weekday() * 24 + local.hour


@lru_cache(maxsize=16_384)
def _hour_there(hour: str, zone: str) -> int:
    """Return the hour of the week in a zone at an hour of UTC as `utc_hour` tells it."""
    return hour_of_week(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC), zone)
