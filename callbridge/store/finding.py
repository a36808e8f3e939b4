"""Finds a page of calls or of answers: the tallies say where to look; counts nothing.

A filter may fit few calls of very many. The tallies know on which days such calls are, and between
which ids their answers; calls that wait to be entered are looked at one by one beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, tuple_

from callbridge.domain.asking import LogCursor
from callbridge.domain.exported import AnswerFact, CallFact
from callbridge.domain.selection import Scope
from callbridge.store.analysis import answer_facts, call_facts
from callbridge.store.dialled import offices_of
from callbridge.store.scoped import call_itself, in_answers, in_calls, leg_itself
from callbridge.store.tables import answers, calls, legs
from callbridge.store.tallies import Tallies
from callbridge.store.tally_tables import untallied

# More calls than this wait only after all were set to be entered again.
_FEW = 5_000
# Answers looked at in one statement; more when few of them fit.
_FIRST, _MOST, _WIDER = 4, 65_536, 4


class Finding:
    """Pages of calls and of answers in one transaction, which must see one moment."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
            by_office = scope.members is not None or scope.selection.office
            since = _since(days, None if by_office else most)
            # From the newest day that has any: above it may be a million others.
            until = max(days) + timedelta(days=1)
            there = and_(
                calls.c.created >= datetime.combine(since, time(), UTC),
                calls.c.created < datetime.combine(until, time(), UTC),
            )
            few = self._few_legs(scope, days, most)
            itself = in_calls(scope, of_a_page=True)
            if few is not None:
                ids = few.with_only_columns(legs.c.call)
                theirs = call_itself(scope, found_otherwise=True, of_a_page=True)
                itself = [*theirs, calls.c.id.in_(ids)]
            for one in self._facts([*older, there, *itself], most):
                found[one.call] = one
        ordered = sorted(found.values(), key=lambda one: (one.created, one.call), reverse=True)
        return ordered[:most]

    def _few_legs(self, scope: Scope, days: dict[date, Any], most: int) -> Select[Any] | None:
        """Select the legs to the offices asked for, if they are few enough to begin with."""
        targets, office = scope.members, scope.selection.office
        if office:
            theirs = offices_of(self._connection, scope.slug)
            at_it = {one.target for one in theirs if one.office == office}
            targets = frozenset(at_it if targets is None else at_it & targets)
        if targets is None:
            return None
        of_them = select(legs.c.call, legs.c.number).where(
            legs.c.target.in_(sorted(targets)), *leg_itself(scope)
        )
        # In order, a page is found among `most` times as many calls as there are for each of
        # theirs; by their legs, among all of theirs.
        enough = int((most * sum(count for count, *_ in days.values())) ** 0.5)
        few = len(self._connection.execute(of_them.limit(enough + 1)).all()) <= enough
        return of_them if few else None

    def _facts(self, where: Sequence[Any], most: int) -> list[CallFact]:
        query = call_facts().where(*where)
        query = query.order_by(calls.c.created.desc(), calls.c.id.desc()).limit(most)
        return [CallFact(**row._mapping) for row in self._connection.execute(query)]

    def answers(self, scope: Scope, *, after: int, most: int) -> list[AnswerFact]:
        """Return the answers with an id above `after`, oldest first, at most `most`."""
        waiting = self._waiting()
        found = {}
        low, high = after + 1, self._last()
        days: dict[date, tuple[int, int, int]] = {}
        if waiting is not None:
            days = Tallies(self._connection, scope).where()
            low = max(low, min((low for _, low, _ in days.values()), default=high + 1))
            high = min(high, max((high for *_, high in days.values()), default=0))
            if waiting:
                query = answer_facts().where(
                    *in_answers(scope, found_otherwise=True),
                    calls.c.id.in_(waiting),
                    answers.c.id > after,
                )
                for row in self._connection.execute(query.order_by(answers.c.id).limit(most)):
                    found[row.id] = AnswerFact(**row._mapping)
        few = self._few_legs(scope, days, most) if days else None
        if few is not None:
            query = answer_facts().where(
                tuple_(answers.c.call, answers.c.leg).in_(few),
                *in_answers(scope, found_otherwise=True),
                answers.c.id.between(low, high),
            )
            for row in self._connection.execute(query.order_by(answers.c.id).limit(most)):
                found[row.id] = AnswerFact(**row._mapping)
        else:
            found |= {one.id: one for one in self._between(scope, low, high, most)}
        return [found[id_] for id_ in sorted(found)[:most]]

    def _between(self, scope: Scope, low: int, high: int, most: int) -> Iterator[AnswerFact]:
        """Yield the first answers from `low` to `high`, by their ids in ever wider steps."""
        found, step = 0, _FIRST * most
        while low <= high and found < most:
            ids = select(answers.c.id).where(answers.c.id.between(low, high)).order_by(answers.c.id)
            last = self._connection.scalar(ids.limit(1).offset(step - 1)) or high
            query = answer_facts().where(
                answers.c.id.between(low, last), *in_answers(scope, found_otherwise=True)
            )
            for row in self._connection.execute(query.order_by(answers.c.id).limit(most - found)):
                found += 1
                yield AnswerFact(**row._mapping)
            low, step = last + 1, min(step * _WIDER, _MOST)

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


def _since(days: dict[date, tuple[int, int, int]], most: int | None) -> date:
    """Return the first day to look at: of the newest that hold so many calls, or of all."""
    found = 0
    for day in sorted(days, reverse=True):
        found += days[day][0]
        # The newest of these days may lie partly above where a page begins.
        if most is not None and found - days[max(days)][0] >= most:
            return day
    return min(days)
