"""Reads the legs whose three signals disagree, newest first; counts nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    Row,
    Select,
    and_,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from callbridge.domain.board import SignalLine
from callbridge.domain.call import Door, Outcome
from callbridge.domain.signals import Disagreement, Length, Signals, disagreement
from callbridge.domain.survey import REPORTED, Meaning
from callbridge.store.analysis_tables import rollup_legs, rollup_marks
from callbridge.store.counting import LENGTH, ON_LEGS, REPORT
from callbridge.store.days import day_begins, day_ends
from callbridge.store.scoped import of_campaign
from callbridge.store.tables import Utc, calls, legs

_R = rollup_legs.c
_Combination = tuple[str, str, str]


class Disagreeing:
    """Legs whose signals disagree, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, slug: str, kind: Disagreement | None, *, most: int) -> list[SignalLine]:
        """Return a campaign's newest legs whose signals disagree.

        The cells say where to look: of the newest cells each holds one leg at least, so nothing
        older than the oldest of `most` cells is wanted. What changed since its cell was counted
        is looked for in its rows.
        """
        wanted = [
            (str(one.outcome), str(one.length), str(one.reported))
            for one in _combinations()
            if (told := disagreement(one)) and kind in {None, told}
        ]
        cells = _cells(slug, wanted, most)
        lasts = [row.last for row in self._connection.execute(cells)]
        since = min(lasts) if len(lasts) >= most else None
        queries = [self._of_marks(slug, wanted, since, most)]
        if lasts:
            queries.append(_legs(slug, wanted, most, _in_cells(cells, since)))
        found = {
            (row.call, row.number): row
            for query in queries
            if query is not None
            for row in self._connection.execute(query)
        }
        ordered = sorted(found.values(), key=lambda row: (row.call, row.number))
        ordered.sort(key=lambda row: row.started, reverse=True)
        return [_line(row) for row in ordered[:most]]

    def _of_marks(
        self, slug: str, wanted: list[_Combination], since: datetime | None, most: int
    ) -> Select[Any] | None:
        """Select the legs wanted of the cells that changed since they were counted."""
        marked = rollup_marks.c.slug == slug
        if self._connection.scalar(select(rollup_marks.c.id).where(marked).limit(1)) is None:
            return None
        marks = (
            select(rollup_marks.c.target, rollup_marks.c.day).where(marked).distinct().cte("marks")
        )
        there = and_(
            marks.c.target == legs.c.target,
            legs.c.started >= day_begins(marks.c.day),
            legs.c.started < day_ends(marks.c.day),
        )
        due = select(legs.c.call, legs.c.number).select_from(marks.join(legs, there))
        if since is not None:
            due = due.where(
                marks.c.day >= literal(since.date(), Date()),
                legs.c.started >= literal(since, Utc()),
            )
        return _legs(slug, wanted, most, tuple_(legs.c.call, legs.c.number).in_(due))


def _legs(slug: str, wanted: list[_Combination], most: int, *where: Any) -> Select[Any]:
    """Select a campaign's newest legs of some combinations, told from their rows."""
    ways = sorted({(outcome, length) for outcome, length, _ in wanted})
    seen = (
        select(legs, func.coalesce(REPORT, "").label("reported"), LENGTH.label("length"))
        .select_from(ON_LEGS)
        .where(
            *where,
            of_campaign(slug),
            calls.c.door != Door.SELF_DIALLED.value,
            tuple_(legs.c.outcome, LENGTH).in_(ways),
        )
        .subquery("seen")
    )
    return (
        select(seen)
        .where(tuple_(seen.c.outcome, seen.c.length, seen.c.reported).in_(wanted))
        .order_by(seen.c.started.desc(), seen.c.call, seen.c.number)
        .limit(most)
    )


def _cells(slug: str, wanted: list[_Combination], most: int) -> Select[Any]:
    """Select the newest cells of these combinations."""
    each = [
        select(_R.phone, _R.first, _R.last)
        .where(_R.slug == slug, _R.outcome == outcome, _R.length == length, _R.reported == reported)
        .order_by(_R.last.desc())
        .limit(most)
        .subquery(f"of_{place}")
        for place, (outcome, length, reported) in enumerate(wanted)
    ]
    every = union_all(*(select(one) for one in each)).subquery("every")
    return select(every).order_by(every.c.last.desc()).limit(most)


def _in_cells(some: Select[Any], since: datetime | None) -> Any:
    """Narrow to the legs of some cells, and to those since a moment."""
    cells = some.cte("cells")
    there = and_(cells.c.phone == legs.c.phone, legs.c.started.between(cells.c.first, cells.c.last))
    due = select(legs.c.call, legs.c.number).select_from(cells.join(legs, there))
    if since is not None:
        due = due.where(legs.c.started >= literal(since, Utc()))
    return tuple_(legs.c.call, legs.c.number).in_(due)


def _combinations() -> list[Signals]:
    return [
        Signals(outcome=outcome, length=length, reported=reported)
        for outcome in Outcome
        for length in Length
        for reported in sorted(REPORTED)
    ]


def _line(row: Row[Any]) -> SignalLine:
    signals = Signals(
        outcome=Outcome(row.outcome) if row.outcome else None,
        length=Length(row.length),
        reported=Meaning(row.reported) if row.reported else None,
    )
    return SignalLine(
        call=row.call,
        leg=row.number,
        target=row.target,
        name=row.name,
        city=row.city,
        outcome=row.outcome or "",
        seconds=row.seconds,
        reported=row.reported,
        started=row.started,
        disagreement=disagreement(signals),
    )
