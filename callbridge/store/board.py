"""Reads for the whip board, and evidence set by hand; estimates nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Float,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    union_all,
)

from callbridge.domain.board import Evidence, Grade, MeaningCount, PositionLine
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import Channel
from callbridge.store.analysis_tables import evidence, rollup_marks, rollup_positions
from callbridge.store.counting import DAY, positions, ranked
from callbridge.store.days import day_begins, day_ends
from callbridge.store.tables import calls, legs

# A report ten years old weighs nothing that could be seen; it is counted all the same.
_LONGEST_DAYS = 3650


class Board:
    """The board's rows in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(
        self, slug: str, *, today: date, weight: Callable[[int], float]
    ) -> list[MeaningCount]:
        """Count a campaign's positions per target, channel and meaning, weighed by day.

        `weight` is what a report of so many days ago weighs. Cells that changed since they were
        rolled up are counted from their rows, in the same statement: the answer is always exact.
        """
        oldest = self._connection.scalar(_OLDEST, {"slug": slug})
        if oldest is None:
            return []
        span = min((today - oldest).days, _LONGEST_DAYS) if oldest <= today else 0
        # From the first of these days on; a clock set back must not lose what the future holds:
        # such days weigh as today.
        days = [(today - timedelta(days=age), weight(age)) for age in range(span, -1, -1)]
        exact = _exact()
        counted = _looked_up(exact.c.day, [(date.min, 0.0), *days])
        query = (
            select(
                exact.c.target,
                exact.c.channel,
                exact.c.meaning,
                func.sum(exact.c.count).label("count_"),
                func.sum(exact.c.count * counted).label("weight"),
                func.max(counted).label("heaviest"),
                func.max(exact.c.last).label("last"),
            )
            .select_from(exact)
            .group_by(exact.c.target, exact.c.channel, exact.c.meaning)
        )
        return [
            MeaningCount(
                target=row.target,
                channel=Channel(row.channel),
                meaning=Meaning(row.meaning),
                count=int(row.count_),
                weight=float(row.weight),
                heaviest=float(row.heaviest),
                last=row.last,
            )
            for row in self._connection.execute(query, {"slug": slug})
        ]

    def plain_counts(self, slug: str) -> list[tuple[Any, ...]]:
        """Count positions per target, day, channel and meaning from the rows alone."""
        rows = self._connection.execute(positions(calls.c.slug == slug))
        return sorted(tuple(row)[1:] for row in rows)

    def rolled_counts(self, slug: str) -> list[tuple[Any, ...]]:
        """Count the same as the board does: rolled up, and from the rows where that is due."""
        rows = self._connection.execute(select(_exact()), {"slug": slug})
        return sorted(tuple(row)[1:] for row in rows)

    def lines(
        self, slug: str, target: str, *, meaning: Meaning | None, most: int
    ) -> list[PositionLine]:
        """Return a target's standing positions, newest first, those that do not count too."""
        one = ranked(calls.c.slug == slug, legs.c.target == target).subquery("ranked")
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

    def names(self, slug: str, targets: Sequence[str]) -> dict[str, str]:
        """Return the names under which targets were called last; for those no longer in office."""
        if not targets:
            return {}
        rows = self._connection.execute(
            select(legs.c.target, func.max(legs.c.name).label("name"))
            .where(legs.c.target.in_(targets))
            .group_by(legs.c.target)
        )
        return {row.target: row.name for row in rows}

    def add_evidence(self, slug: str, given: Evidence) -> None:
        """Store what an analyst set; what was set before stays in the history."""
        self._connection.execute(
            insert(evidence).values(
                slug=slug,
                target=given.target,
                position=given.position.value if given.position else None,
                grade=given.grade.value if given.grade else None,
                note=given.note,
                source=given.source,
                who=given.who,
                at=given.at,
            )
        )

    def evidence(self, slug: str, target: str | None = None) -> list[Evidence]:
        """Return a campaign's evidence, one target's or all, newest first."""
        query = select(evidence).where(evidence.c.slug == slug).order_by(evidence.c.id.desc())
        if target is not None:
            query = query.where(evidence.c.target == target)
        return [_evidence(row) for row in self._connection.execute(query)]


def _looked_up(day: Any, weights: Sequence[tuple[date, float]]) -> Any:
    """Return the weight of a day by halving: joining a list of days costs SQLite the product."""
    if len(weights) == 1:
        return literal(weights[0][1], Float())
    middle = len(weights) // 2
    later = day >= literal(weights[middle][0], Date())
    return case((later, _looked_up(day, weights[middle:])), else_=_looked_up(day, weights[:middle]))


_OLDEST = select(
    func.min(
        select(func.min(rollup_positions.c.day))
        .where(rollup_positions.c.slug == bindparam("slug"))
        .union_all(
            select(func.min(rollup_marks.c.day)).where(rollup_marks.c.slug == bindparam("slug"))
        )
        .subquery("oldest")
        .c[0]
    )
)


def _exact() -> Any:
    """Select one campaign's cells: rolled up, or from their rows where a mark waits."""
    marks = (
        select(rollup_marks.c.target, rollup_marks.c.day)
        .where(rollup_marks.c.slug == bindparam("slug"))
        .distinct()
        .cte("marks")
    )
    waits = exists().where(
        marks.c.target == rollup_positions.c.target, marks.c.day == rollup_positions.c.day
    )
    rolled: Select[Any] = select(rollup_positions).where(
        rollup_positions.c.slug == bindparam("slug"), ~waits
    )
    # Driven by the marks: without one, not a single call is looked at.
    due = select(legs.c.call).join(
        marks,
        and_(
            marks.c.target == legs.c.target,
            legs.c.started >= day_begins(marks.c.day),
            legs.c.started < day_ends(marks.c.day),
        ),
    )
    fresh = positions(
        calls.c.slug == bindparam("slug"),
        calls.c.id.in_(due),
        exists().where(marks.c.target == legs.c.target, marks.c.day == DAY),
    )
    return union_all(rolled, fresh).subquery("exact")


def _evidence(row: Any) -> Evidence:
    return Evidence(
        target=row.target,
        position=Meaning(row.position) if row.position else None,
        grade=Grade(row.grade) if row.grade else None,
        note=row.note,
        source=row.source,
        who=row.who,
        at=row.at,
    )
