"""Reads the legs whose three signals disagree, newest first; counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
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
from callbridge.domain.signals import Length, Signals, disagreement
from callbridge.domain.survey import Meaning
from callbridge.store.analysis_tables import rollup_legs, rollup_marks
from callbridge.store.counting import LENGTH, ON_LEGS, REPORT
from callbridge.store.days import day_begins, day_ends
from callbridge.store.scoped import of_campaign
from callbridge.store.tables import Utc, calls, legs

_R = rollup_legs.c
_Combination = tuple[str, str, str]
# As many cells as are a fourth of the legs wanted are looked at first, and then ever more.
_BEGIN, _MORE = 4, 4


class Disagreeing:
    """Legs whose signals disagree, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def newest(self, slug: str, some: Sequence[Signals], *, most: int) -> list[SignalLine]:
        """Return a campaign's newest legs that show one of some combinations of signals.

        The cells say where to look: each holds one leg at least, its last, and none that is newer.
        So among the newest cells there may be enough; cells that changed since they were counted
        may hold fewer, and then more of them are looked at. What came new to a cell is looked for
        in its rows.
        """
        wanted = [(str(one.outcome), str(one.length), str(one.reported)) for one in some]
        many = max(most // _BEGIN, 1)
        while wanted:
            cells = self._connection.execute(_cells(slug, wanted, many)).all()
            since = cells[-1].last if len(cells) == many else None
            queries = [self._of_marks(slug, wanted, since, most)]
            if cells:
                queries.append(_legs(slug, wanted, most, _in_cells(cells, since)))
            found = {
                (row.call, row.number): row
                for query in queries
                if query is not None
                for row in self._connection.execute(query)
            }
            if len(found) >= most or since is None:
                ordered = sorted(found.values(), key=lambda row: (row.call, row.number))
                ordered.sort(key=lambda row: row.started, reverse=True)
                return [_line(row) for row in ordered[:most]]
            many *= _MORE
        return []

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
    # Made once: both databases would look a leg's report up anew for every combination.
    seen = (
        select(legs, func.coalesce(REPORT, "").label("reported"), LENGTH.label("length"))
        .select_from(ON_LEGS)
        .where(
            *where,
            of_campaign(slug),
            calls.c.door != Door.SELF_DIALLED.value,
            tuple_(legs.c.outcome, LENGTH).in_(ways),
        )
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )
    return (
        select(seen)
        .where(tuple_(seen.c.outcome, seen.c.length, seen.c.reported).in_(wanted))
        .order_by(seen.c.started.desc(), seen.c.call, seen.c.number)
        .limit(most)
    )


def _cells(slug: str, wanted: list[_Combination], many: int) -> Select[Any]:
    """Select the newest cells of these combinations, newest first."""
    each = [
        select(_R.phone, _R.first, _R.last)
        .where(_R.slug == slug, _R.outcome == outcome, _R.length == length, _R.reported == reported)
        .order_by(_R.last.desc())
        .limit(many)
        .subquery(f"of_{place}")
        for place, (outcome, length, reported) in enumerate(wanted)
    ]
    every = union_all(*(select(one) for one in each)).subquery("every")
    return select(every).order_by(every.c.last.desc()).limit(many)


def _in_cells(cells: Sequence[Row[Any]], since: datetime | None) -> Any:
    """Narrow to the time of some cells, to be looked through at their numbers."""
    first = min(cell.first for cell in cells) if since is None else since
    return and_(
        legs.c.phone.in_(sorted({cell.phone for cell in cells})),
        legs.c.started.between(literal(first, Utc()), literal(cells[0].last, Utc())),
    )


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
