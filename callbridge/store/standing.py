"""Reads one member's standing positions, newest first; estimates nothing and weighs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Date, and_, case, func, literal, or_, select, true

from callbridge.domain.board import PositionLine
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import Channel
from callbridge.store.analysis_tables import rollup_marks, rollup_positions
from callbridge.store.counting import ranked
from callbridge.store.days import day_begins, day_ends
from callbridge.store.scoped import of_campaign
from callbridge.store.tables import legs

_R = rollup_positions.c


class Standing:
    """What a campaign's calls reported of one member, in one transaction."""

    def __init__(self, connection: Connection, slug: str, target: str) -> None:
        self._connection = connection
        self._slug, self._target = slug, target

    def newest(self, meaning: Meaning | None, *, most: int) -> list[PositionLine]:
        """Return the newest positions, those that do not count too.

        The cells say on which days to look: the last days that hold enough, and each day on which
        something was said later than the oldest of those (a correction comes days afterwards).
        Cells that changed since they were counted are always looked at. Which answer counts for
        its supporter is a matter of one day, so no other day is needed to tell.
        """
        days = self._days(meaning)
        marked = set(self._marked())
        every = sorted(days.keys() | marked, reverse=True)
        counted = [0 if day in marked else days[day][0] for day in every]
        enough = sum(total < most for total in accumulate(counted)) + 1
        chosen = marked.union(every[:enough])
        found = self._lines(meaning, every, chosen, most)
        if len(found) == most:
            later = chosen.union(day for day, (_, last) in days.items() if last >= found[-1].at)
            if later != chosen:
                return self._lines(meaning, every, later, most)
        return found

    def _days(self, meaning: Meaning | None) -> dict[date, tuple[int, Any]]:
        """Return each day with a counted position: how many of the meaning, and the last of all."""
        of_it = true() if meaning is None else _R.meaning == meaning.value
        many = func.sum(case((of_it, _R.count), else_=0))
        query = (
            select(_R.day, many, func.max(_R.last))
            .where(_R.slug == self._slug, _R.target == self._target)
            .group_by(_R.day)
        )
        return {day: (int(count), last) for day, count, last in self._connection.execute(query)}

    def _marked(self) -> Iterator[date]:
        query = select(rollup_marks.c.day).where(
            rollup_marks.c.slug == self._slug, rollup_marks.c.target == self._target
        )
        return iter(self._connection.scalars(query.distinct()))

    def _lines(
        self, meaning: Meaning | None, every: Sequence[date], chosen: set[date], most: int
    ) -> list[PositionLine]:
        if not chosen:
            return []
        one = ranked(
            of_campaign(self._slug),
            legs.c.target == self._target,
            or_(
                *(
                    and_(
                        legs.c.started >= day_begins(literal(first, Date())),
                        legs.c.started < day_ends(literal(last, Date())),
                    )
                    for first, last in _stretches(every, chosen)
                )
            ),
        ).subquery("ranked")
        query = select(one).order_by(one.c.at.desc(), one.c.answer.desc()).limit(most)
        if meaning is not None:
            query = query.where(one.c.meaning == meaning.value)
        return [
            PositionLine(
                call=row.call,
                leg=row.leg,
                target=row.target,
                channel=Channel(row.channel),
                meaning=Meaning(row.meaning),
                source=row.source,
                at=row.at,
                counts=row.rank == 1,
            )
            for row in self._connection.execute(query)
        ]


def _stretches(every: Sequence[date], chosen: set[date]) -> Iterator[tuple[date, date]]:
    """Yield the chosen days as few stretches, first and last: between two there is no other day."""
    first = last = None
    for day in reversed(every):
        if day in chosen:
            first, last = first or day, day
        elif first and last:
            yield first, last
            first = last = None
    if first and last:
        yield first, last
