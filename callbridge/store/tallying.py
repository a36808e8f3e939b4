"""Enters calls in the tallies and takes them out again when they are touched; reads no page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Connection,
    Select,
    delete,
    insert,
    select,
    update,
)

from callbridge.domain.tallying import MOST_TARGETS
from callbridge.store.ready import Ready, among, known_moment
from callbridge.store.server import take_time
from callbridge.store.staged import listed
from callbridge.store.tables import calls
from callbridge.store.tally_reading import TallyReading
from callbridge.store.tally_sums import Sums, pieces
from callbridge.store.tally_tables import (
    tally_calls,
    tally_days,
    tally_ends,
    tally_offices,
    tally_parts,
    tally_positions,
    untallied,
)
from callbridge.store.tally_writing import hold

# Two statements: what waits must be read when the rows are ours, not when they were asked for.
_HOLD = Ready(
    select(calls.c.id, calls.c.created)
    .where(among(calls.c.id, "b_calls"))
    .order_by(calls.c.id)
    .with_for_update()
)
_WAITING = Ready(select(untallied.c.call).where(among(untallied.c.call, "b_calls")))
_ENTERED = Ready(delete(untallied).where(among(untallied.c.call, "b_calls")))


_COUNTS = (
    tally_calls,
    tally_parts,
    tally_positions,
    tally_days,
    tally_ends,
    tally_offices,
    untallied,
)


class Tallying:
    """The tallies in one transaction, as their writers see them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, *, ended_before: datetime) -> bool:
        """Tell whether a call that is over is not in the tallies."""
        return self._connection.scalar(_due(ended_before).limit(1)) is not None

    def enter(self, *, ended_before: datetime, most: int) -> int:
        """Enter the oldest calls that are over, at most so many; return how many there were."""
        hold(self._connection)
        query = _due(ended_before).order_by(untallied.c.created).limit(most)
        # Somebody who holds a call is about to touch it.
        ids = list(self._connection.scalars(query.with_for_update(of=calls, skip_locked=True)))
        wide = self._add(ids, sign=1)
        for some in pieces([one for one in ids if one not in wide]):
            _ENTERED.run(self._connection, {"b_calls": listed(self._connection, some)})
        for some in pieces(sorted(wide)):
            left = update(untallied).where(untallied.c.call.in_(some))
            self._connection.execute(left.values(wide=True))
        return len(ids)

    def take_out(self, ids: Sequence[str]) -> None:
        """Take calls that are about to change out of the tallies; those not in them stay so.

        Whoever calls this changes them in the same transaction, afterwards. Their rows are locked
        first, so that nobody enters them meanwhile.
        """
        for some in pieces(ids):
            asked = {"b_calls": listed(self._connection, some)}
            found = _HOLD.rows(self._connection, asked)
            waiting = {row.call for row in _WAITING.rows(self._connection, asked)}
            due = {row.id: known_moment(row.created) for row in found if row.id not in waiting}
            if due:
                hold(self._connection)
                self._add(list(due), sign=-1)
                queued = [{"call": call, "created": at} for call, at in due.items()]
                self._connection.execute(insert(untallied), queued)

    def forget(self) -> None:
        """Empty the tallies: all calls are to be entered again; pages read rows until they are."""
        hold(self._connection)
        take_time(self._connection)
        for table in _COUNTS:
            self._connection.execute(delete(table))
        # In the order of its key, which is quick to be added to then.
        every = select(calls.c.id, calls.c.created).order_by(calls.c.id)
        self._connection.execute(insert(untallied).from_select(["call", "created"], every))

    def _add(self, ids: Sequence[str], *, sign: int) -> set[str]:
        """Add calls with a sign; return those that are too wide to be entered."""
        sums, wide, reading = Sums(sign), set(), TallyReading(self._connection)
        for some in pieces(ids):
            for one in reading.read(some):
                if len(one.targets) > MOST_TARGETS:
                    wide.add(one.id)
                else:
                    sums.add(one)
        sums.write(self._connection)
        return wide


def _due(ended_before: datetime) -> Select[str]:
    return (
        select(untallied.c.call)
        .join(calls, calls.c.id == untallied.c.call)
        .where(~untallied.c.wide, calls.c.ended < ended_before)
    )
