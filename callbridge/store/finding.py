"""Finds a page of calls or of answers: the tallies say where to look; counts nothing.

A filter may fit few calls of very many. The tallies know on which days such calls are, and between
which ids their answers; calls that wait to be entered are looked at one by one beside them. Whom a
call dialled they do not know day by day: so the nearest calls are looked at one after the other,
and where too few of them fit, the legs to the offices asked for, some days at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from callbridge.domain.asking import LogCursor
from callbridge.domain.exported import AnswerFact, CallFact
from callbridge.domain.selection import Scope
from callbridge.store.analysis import answer_facts, call_facts
from callbridge.store.dialled import offices_of
from callbridge.store.scoped import call_itself, in_answers, in_calls, leg_itself, of_source
from callbridge.store.tables import Utc, answers, calls, legs
from callbridge.store.tallies import Tallies
from callbridge.store.tally_tables import untallied

# More calls than this wait only after all were set to be entered again.
_FEW = 5_000
# Answers looked at in one statement, as so many pages; more when few of them fit.
_FIRST, _MOST, _WIDER = 4, 65_536, 4
# Calls, or answers, that are looked at one after the other before any leg is; and how many times
# as many answers may be, where so many of those fit that a page will be found among them.
_NEAREST, _PAGE_AMONG = 1_600, 5
# On the days whose legs are looked at first there were so many calls.
_SOME = 20_000
# A leg begins after its call was asked for, an hour or so at most (`service.dialing.LATEST`); two
# machines' clocks differ by less than this.
_BEFORE, _AFTER = timedelta(hours=1), timedelta(days=1)
_DAY = timedelta(days=1)
Condition = ColumnElement[bool]
Days = dict[date, tuple[int, int, int]]


class Finding:
    """Pages of calls and of answers in one transaction, which must see one moment."""

    def __init__(
        self, connection: Connection, *, nearest: int = _NEAREST, some: int = _SOME
    ) -> None:
        self._connection = connection
        self._nearest, self._some = nearest, some

    def calls(self, scope: Scope, *, after: LogCursor | None, most: int) -> list[CallFact]:
        """Return the newest calls below a place of the log, newest first."""
        older = [] if after is None else [_below(after)]
        waiting = self._waiting()
        if waiting is None:
            return self._facts(older + in_calls(scope), most)
        days = Tallies(self._connection, scope).where()
        if after is not None:
            newest = after.created.astimezone(UTC).date()
            days = {day: one for day, one in days.items() if day <= newest}
        found = {}
        if waiting:
            for one in self._facts([*older, *in_calls(scope), calls.c.id.in_(waiting)], most):
                found[one.call] = one
        if days:
            find = self._by_legs if leg_itself(scope) else self._in_order
            for one in find(scope, days, older, most):
                found[one.call] = one
        ordered = sorted(found.values(), key=lambda one: (one.created, one.call), reverse=True)
        return ordered[:most]

    def _in_order(
        self, scope: Scope, days: Days, older: Sequence[Condition], most: int
    ) -> list[CallFact]:
        """Return the newest calls by what they have in common."""
        there = _created(_since(days, most), max(days))
        return self._facts([*older, *there, *in_calls(scope, of_a_page=True)], most)

    def _by_legs(
        self, scope: Scope, days: Days, older: Sequence[Condition], most: int
    ) -> list[CallFact]:
        """Return the newest calls that dialled an office asked for."""
        there = [calls.c.slug == scope.slug, *older, *_created(min(days), max(days))]
        nearest = select(calls.c.created).where(*there).order_by(calls.c.created.desc())
        edge = self._connection.scalar(nearest.limit(1).offset(self._nearest - 1))
        near = [] if edge is None else [calls.c.created >= edge]
        found = self._facts([*there, *near, *in_calls(scope, of_a_page=True)], most)
        if edge is None or len(found) == most:
            return found
        newest = sorted(days, reverse=True)
        for some in _ever_more(newest, days, self._some):
            dialled = select(legs.c.call).where(
                *self._asked(scope), *_started(newest[some - 1], newest[0])
            )
            itself = call_itself(scope, found_otherwise=True, of_a_page=True)
            there = [*older, *_created(newest[some - 1], newest[0], found_otherwise=True)]
            found = self._facts([*itself, *there, calls.c.id.in_(dialled)], most)
            if len(found) == most:
                break
        return found

    def _asked(self, scope: Scope) -> list[Condition]:
        """Return what a leg to the offices asked for must be, so that an index answers it."""
        found, office = leg_itself(scope), scope.selection.office
        if office:
            theirs = offices_of(self._connection, scope.slug)
            found.append(
                legs.c.target.in_(sorted({o.target for o in theirs if o.office == office}))
            )
        return found

    def _facts(self, where: Sequence[Any], most: int) -> list[CallFact]:
        query = call_facts().where(*where)
        query = query.order_by(calls.c.created.desc(), calls.c.id.desc()).limit(most)
        return [CallFact(**row._mapping) for row in self._connection.execute(query)]

    def answers(self, scope: Scope, *, after: int, most: int) -> list[AnswerFact]:
        """Return the answers with an id above `after`, oldest first, at most `most`."""
        waiting = self._waiting()
        found = {}
        low, high = after + 1, self._last()
        days: Days = {}
        if waiting is not None:
            days = Tallies(self._connection, scope).where()
            low = max(low, min((low for _, low, _ in days.values()), default=high + 1))
            high = min(high, max((high for *_, high in days.values()), default=0))
            if waiting:
                there = [calls.c.id.in_(waiting), answers.c.id > after]
                found = {one.id: one for one in self._answers(scope, there, most)}
        find = self._of_legs if days and leg_itself(scope) else self._between
        found |= {one.id: one for one in find(scope, days, (low, high), most)}
        return [found[id_] for id_ in sorted(found)[:most]]

    def _between(
        self, scope: Scope, days: Days, bounds: tuple[int, int], most: int
    ) -> list[AnswerFact]:
        """Return the first answers between two ids, looked for in ever wider steps."""
        (low, high), step = bounds, _FIRST * most
        found: list[AnswerFact] = []
        while low <= high and len(found) < most:
            last = self._far(low, high, step)
            there = [answers.c.id.between(low, last)]
            found += self._answers(scope, there, most - len(found))
            low, step = last + 1, min(step * _WIDER, _MOST)
        return found

    def _of_legs(
        self, scope: Scope, days: Days, bounds: tuple[int, int], most: int
    ) -> list[AnswerFact]:
        """Return the first answers about the offices asked for."""
        low, high = bounds
        last = self._far(low, high, self._nearest)
        found = self._answers(scope, [answers.c.id.between(low, last)], most)
        if last >= high or len(found) == most:
            return found
        if len(found) * _PAGE_AMONG > most:
            return found + self._between(scope, days, (last + 1, high), most - len(found))
        oldest = sorted(day for day, (*_, high) in days.items() if high >= low)
        for some in _ever_more(oldest, days, self._some):
            # No answer of the other days comes before this.
            last = min((days[day][1] - 1 for day in oldest[some:]), default=high)
            first, until = oldest[0], oldest[some - 1]
            there = [*_created(first, until, found_otherwise=True), *_started(first, until)]
            itself = [*call_itself(scope, found_otherwise=True), *self._asked(scope)]
            query = answer_facts().where(
                *itself, *of_source(scope), *there, answers.c.id.between(low, last)
            )
            found = self._read(query, most)
            if len(found) == most:
                break
        return found

    def _answers(self, scope: Scope, there: Sequence[Condition], most: int) -> list[AnswerFact]:
        return self._read(
            answer_facts().where(*in_answers(scope, found_otherwise=True), *there), most
        )

    def _read(self, query: Select[Any], most: int) -> list[AnswerFact]:
        rows = self._connection.execute(query.order_by(answers.c.id).limit(most))
        return [AnswerFact(**row._mapping) for row in rows]

    def _far(self, low: int, high: int, many: int) -> int:
        """Return the id of the last of so many answers from `low` on; `high` if there are fewer."""
        ids = select(answers.c.id).where(answers.c.id.between(low, high)).order_by(answers.c.id)
        return self._connection.scalar(ids.limit(1).offset(many - 1)) or high

    def _last(self) -> int:
        query = select(answers.c.id).order_by(answers.c.id.desc()).limit(1)
        return self._connection.scalar(query) or 0

    def _waiting(self) -> list[str] | None:
        """Return the calls that are not in the tallies, None when they are too many."""
        some = list(self._connection.scalars(select(untallied.c.call).limit(_FEW + 1)))
        return some if len(some) <= _FEW else None


def _below(after: LogCursor) -> ColumnElement[bool]:
    older = and_(calls.c.created == after.created, calls.c.id < after.call)
    return or_(calls.c.created < after.created, older)


def _created(first: date, last: date, *, found_otherwise: bool = False) -> list[Condition]:
    """Return that a call was asked for on these days; `found_otherwise`: no index answers it."""
    created: Any = calls.c.created
    if found_otherwise:
        created = func.coalesce(created, created)
    begin, end = (datetime.combine(one, time(), UTC) for one in (first, last))
    return [created >= literal(begin, Utc()), created < literal(end + _DAY, Utc())]


def _started(first: date, last: date) -> list[Condition]:
    """Return that a leg can be one of a call that was asked for on these days."""
    return [
        legs.c.started >= datetime.combine(first, time(), UTC) - _BEFORE,
        legs.c.started < datetime.combine(last, time(), UTC) + _DAY + _AFTER,
    ]


def _ever_more(ordered: Sequence[date], days: Days, enough: int) -> Iterator[int]:
    """Yield how many of these days to look at: each time some times as many calls, then all."""
    found = 0
    for some, day in enumerate(ordered, 1):
        found += days[day][0]
        if found >= enough or some == len(ordered):
            yield some
            enough = found * _WIDER


def _since(days: Days, most: int) -> date:
    """Return the first day to look at: of the newest that hold so many calls, or of all."""
    found = 0
    for day in sorted(days, reverse=True):
        found += days[day][0]
        # The newest of these days may lie partly above where a page begins.
        if found - days[max(days)][0] >= most:
            return day
    return min(days)
