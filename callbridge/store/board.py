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
    or_,
    select,
    true,
    union_all,
)

from callbridge.domain.board import Evidence, Grade, MeaningCount, PositionLine
from callbridge.domain.survey import Meaning
from callbridge.domain.whip import Channel
from callbridge.store.analysis_tables import (
    evidence,
    rollup_marks,
    rollup_members,
    rollup_positions,
)
from callbridge.store.counting import DAY, positions
from callbridge.store.days import day_begins, day_ends
from callbridge.store.members import HALF_LIFE, mass_of
from callbridge.store.standing import Standing
from callbridge.store.tables import calls, legs

# A report ten years old weighs nothing that could be seen; it is counted all the same.
_LONGEST_DAYS = 3650


class Board:
    """The board's rows in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(
        self,
        slug: str,
        *,
        today: date,
        weight: Callable[[int], float],
        half_life: float | None = None,
        target: str | None = None,
    ) -> list[MeaningCount]:
        """Count a campaign's positions per target, channel and meaning, weighed by day.

        `weight` is what a report of so many days ago weighs. Cells that changed since they were
        rolled up are counted from their rows: within one moment the answer is always exact.
        With the `half_life` that `weight` comes from, members without such a cell are not added
        up again. `target`: of one member alone.
        """
        if target is not None:
            return self._weighed(slug, _exact(_one_target), today, weight, target=target)
        if half_life != HALF_LIFE or self._connection.scalar(_AHEAD, {"slug": slug, "day": today}):
            return self._weighed(slug, _exact(), today, weight)
        marked = self._connection.scalar(_MARKED, {"slug": slug})
        fresh = self._weighed(slug, _exact(_marked_targets), today, weight) if marked else []
        now = mass_of(today)
        rows = self._connection.execute(_ADDED, {"slug": slug})
        return fresh + [
            MeaningCount(
                target=row.target,
                channel=Channel(row.channel),
                meaning=Meaning(row.meaning),
                count=row.count_,
                weight=row.mass / now,
                heaviest=weight((today - row.day).days),
                last=row.last,
            )
            for row in rows
        ]

    def _weighed(
        self,
        slug: str,
        exact: Any,
        today: date,
        weight: Callable[[int], float],
        **given: str,
    ) -> list[MeaningCount]:
        oldest = self._connection.scalar(_OLDEST, {"slug": slug})
        if oldest is None:
            return []
        span = min((today - oldest).days, _LONGEST_DAYS) if oldest <= today else 0
        # From the first of these days on; a clock set back must not lose what the future holds:
        # such days weigh as today.
        days = [(today - timedelta(days=age), weight(age)) for age in range(span, -1, -1)]
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
            for row in self._connection.execute(query, {"slug": slug, **given})
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
        return Standing(self._connection, slug, target).newest(meaning, most=most)

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


_MARKED = select(rollup_marks.c.id).where(rollup_marks.c.slug == bindparam("slug")).limit(1)
# Reports of a day to come (a clock was set back), or weighed by another half-life.
_AHEAD = (
    select(rollup_members.c.target)
    .where(
        rollup_members.c.slug == bindparam("slug"),
        or_(
            rollup_members.c.day > bindparam("day", type_=Date()),
            rollup_members.c.half_life != HALF_LIFE,
        ),
    )
    .limit(1)
)
_ADDED = select(
    rollup_members.c.target,
    rollup_members.c.channel,
    rollup_members.c.meaning,
    rollup_members.c.count.label("count_"),
    rollup_members.c.mass,
    rollup_members.c.day,
    rollup_members.c.last,
).where(
    rollup_members.c.slug == bindparam("slug"),
    rollup_members.c.target.not_in(
        select(rollup_marks.c.target).where(rollup_marks.c.slug == bindparam("slug"))
    ),
)


def _marked_targets(column: Any) -> Any:
    """Narrow to members with a mark."""
    return column.in_(select(rollup_marks.c.target).where(rollup_marks.c.slug == bindparam("slug")))


def _one_target(column: Any) -> Any:
    """Narrow to one member."""
    return column == bindparam("target")


def _exact(narrowed: Callable[[Any], Any] = lambda _: true()) -> Any:
    """Select one campaign's cells: rolled up, or from their rows where a mark waits."""
    marks = (
        select(rollup_marks.c.target, rollup_marks.c.day)
        .where(rollup_marks.c.slug == bindparam("slug"), narrowed(rollup_marks.c.target))
        .distinct()
        .cte("marks")
    )
    waits = exists().where(
        marks.c.target == rollup_positions.c.target, marks.c.day == rollup_positions.c.day
    )
    rolled: Select[Any] = select(rollup_positions).where(
        rollup_positions.c.slug == bindparam("slug"), ~waits, narrowed(rollup_positions.c.target)
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
        calls.c.slug.concat("") == bindparam("slug"),
        calls.c.id.in_(due),
        narrowed(legs.c.target),
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
