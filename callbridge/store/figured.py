"""The counts of the analysis pages: the tallies, and beside them the rows of calls that wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from callbridge.domain.board import SignalCount
from callbridge.domain.figures import (
    AnswerCount,
    DayCount,
    DialledOffice,
    Funnel,
    LengthCount,
    OfficeReach,
    Reach,
    TargetCount,
)
from callbridge.domain.records import Tally
from callbridge.domain.selection import Scope, Selection
from callbridge.domain.survey import POSITIONS
from callbridge.store.analysis import WASHINGTON, kept_offices
from callbridge.store.dialled import offices_of
from callbridge.store.figures import FigureCounts
from callbridge.store.tables import calls
from callbridge.store.tallies import Tallies
from callbridge.store.tally_reading import hour_of_week
from callbridge.store.tally_tables import untallied

_FEW = 5_000
FUNNEL = (
    "asked",
    "created",
    "answered",
    "key_pressed",
    "bridged",
    "office_answered",
    "survey",
    "position",
)


class Figured:
    """The counts of one transaction, which must see one moment: `Analysis.freeze` comes first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._kept: dict[Scope, Tallies] = {}

    def dialled(self, slug: str) -> Sequence[DialledOffice]:
        """Return every office that a campaign dialled."""
        tallied = offices_of(self._connection, slug)
        if self._waiting is None:
            return tallied
        found = {(one.target, one.office): one for one in tallied}
        for one in kept_offices(self._connection, slug, self._waiting):
            found.setdefault((one.target, one.office), one)
        return [found[key] for key in sorted(found)]

    def funnel(self, scope: Scope) -> Funnel:
        """Count how far the calls came."""
        tallies, rows = self._both(scope, whole_calls=True)
        counted = tallies.steps() if tallies else Counter[str]()
        source = scope.selection.source
        told = {
            name: counted[f"{name}_{source}" if source else name] for name in ("survey", "position")
        }
        found = Counter({name: counted[name] for name in FUNNEL} | told)
        for one in rows:
            more = one.funnel(scope)
            found.update({name: getattr(more, name) for name in FUNNEL})
        return Funnel(**{name: found[name] for name in FUNNEL})

    def days(self, scope: Scope) -> list[DayCount]:
        """Count calls by the day they were asked for, self-dialled ones left out."""
        tallies, rows = self._both(scope, whole_calls=True)
        asked, answered = Counter[Any](), Counter[Any]()
        for one in (
            *(tallies.days() if tallies else ()),
            *(day for more in rows for day in more.days(scope)),
        ):
            asked[one.day] += one.created
            answered[one.day] += one.answered
        return [
            DayCount(day=day, created=asked[day], answered=answered[day]) for day in sorted(asked)
        ]

    def reach(self, scope: Scope) -> tuple[list[Reach], list[OfficeReach]]:
        """Count legs by hour of the week, and by office; self-dialled ones are left out."""
        tallies, rows = self._both(scope)
        dialled, connected = Counter[Any](), Counter[Any]()
        for one in tallies.hours() if tallies else ():
            dialled[one.weekday * 24 + one.hour] += one.dialled
            connected[one.weekday * 24 + one.hour] += one.connected
        offices, reached = Counter[str](), Counter[str]()
        for office, count, answered in tallies.offices() if tallies else ():
            offices[office] += count
            reached[office] += answered
        for more in rows:
            zones = {one.office: one.zone for one in self.dialled(scope.slug)}
            for leg in more.hours(scope):
                utc = datetime.strptime(leg.hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
                place = hour_of_week(utc, zones.get(leg.office, WASHINGTON))
                dialled[place] += leg.dialled
                connected[place] += leg.connected
                offices[leg.office] += leg.dialled
                reached[leg.office] += leg.connected
        return (
            [
                Reach(weekday=key // 24, hour=key % 24, dialled=count, connected=connected[key])
                for key, count in sorted(dialled.items())
            ],
            [
                OfficeReach(office=office, dialled=count, connected=reached[office])
                for office, count in sorted(offices.items())
            ],
        )

    def meanings(self, scope: Scope) -> list[AnswerCount]:
        """Count standing answers by revision, language and meaning."""
        tallies, rows = self._both(scope)
        found: Counter[Any] = Counter()
        for one in (
            *(tallies.meanings() if tallies else ()),
            *(said for more in rows for said in more.meanings(scope)),
        ):
            found[one.revision, one.language, one.meaning] += one.count
        return [
            AnswerCount(revision=digest, language=language, meaning=meaning, count=count)
            for (digest, language, meaning), count in sorted(found.items())
        ]

    def lengths(self, scope: Scope) -> list[LengthCount]:
        """Count connected legs by length."""
        tallies, rows = self._both(scope)
        found = Counter(dict(tallies.lengths() if tallies else ()))
        for more in rows:
            for one in more.lengths(scope):
                found[one.bin] += one.count
        return [LengthCount(bin=key, count=count) for key, count in sorted(found.items())]

    def positions(self, scope: Scope) -> list[TargetCount]:
        """Count standing position answers by member."""
        found: Counter[Any] = Counter()
        tallies, rows = self._both(scope)
        if tallies:
            found.update(tallies.positions())
        for more in rows:
            for (target, _, meaning), count in more.by_target(scope).items():
                if meaning in POSITIONS:
                    found[target, meaning] += count
        return [
            TargetCount(target=target, meaning=meaning, count=count)
            for (target, meaning), count in sorted(found.items())
        ]

    def tallies(self, slug: str) -> list[Tally]:
        """Count a campaign's standing answers per member, question and meaning."""
        names = {one.target: one.name for one in self.dialled(slug)}
        tallies, rows = self._both(_all(slug))
        said: Counter[Any] = tallies.by_target() if tallies else Counter()
        for more in rows:
            said.update(more.by_target(_all(slug)))
        found = [
            Tally(
                target=target,
                name=names.get(target, target),
                question=question,
                meaning=meaning,
                count=count,
            )
            for (target, question, meaning), count in said.items()
        ]
        return sorted(found, key=lambda one: (one.name, one.target, one.question, one.meaning))

    def answers(self, slug: str) -> int:
        """Count every answer of a campaign, superseded ones too."""
        tallies, rows = self._both(_all(slug))
        corrected = (tallies.corrected() if tallies else 0) + sum(
            more.corrected(_all(slug)) for more in rows
        )
        return corrected + sum(one.count for one in self.meanings(_all(slug)))

    def reached(self, slug: str) -> tuple[int, int]:
        """Return how many legs the carrier connected to an office, and to how many members.

        What people dialled by themselves is left out.
        """
        tallies, rows = self._both(_all(slug))
        found: Counter[str] = tallies.connected() if tallies else Counter()
        for more in rows:
            found.update(more.connected(_all(slug)))
        return found.total(), sum(1 for count in found.values() if count)

    def signals(self, slug: str) -> list[SignalCount]:
        """Count a campaign's legs per combination of the three signals."""
        tallies, rows = self._both(_all(slug))
        found: Counter[tuple[str, str, str]] = Counter()
        for outcome, length, reported, count in tallies.signals() if tallies else ():
            found[outcome, length, reported] += count
        for more in rows:
            found.update(more.signals(_all(slug)))
        return [
            SignalCount(outcome=outcome, length=length, reported=reported, count=count)
            for (outcome, length, reported), count in sorted(found.items())
        ]

    def _both(
        self, scope: Scope, *, whole_calls: bool = False
    ) -> tuple[Tallies | None, Sequence[FigureCounts]]:
        """Return the tallies, and the rows beside them where any call waits.

        Where the tallies do not know enough, all rows instead.
        """
        tallies = self._kept.setdefault(scope, Tallies(self._connection, scope))
        if whole_calls and not tallies.know_whole_calls():
            return None, (FigureCounts(self._connection),)
        if self._waiting is None:
            return tallies, ()
        return tallies, (FigureCounts(self._connection, only=self._waiting),)

    @cached_property
    def _waiting(self) -> ColumnElement[bool] | None:
        """Return what makes a call one that waits, None when no call does."""
        waiting = select(untallied.c.call)
        some = list(self._connection.scalars(waiting.limit(_FEW + 1)))
        if not some:
            return None
        # Named one by one, so that no planner thinks of looking through all the others.
        return calls.c.id.in_(some) if len(some) <= _FEW else calls.c.id.in_(waiting)


def _all(slug: str) -> Scope:
    return Scope(slug=slug, selection=Selection())
