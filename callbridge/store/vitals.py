"""Counts what health and metrics show, by nothing personal: from the tallies where there are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from callbridge.domain.call import Stage
from callbridge.domain.records import AttemptState
from callbridge.domain.vitals import Vitals
from callbridge.store.drive_tables import buckets
from callbridge.store.jobs import Jobs
from callbridge.store.pace import Pace
from callbridge.store.tables import DUE, MOVING, WAITING, attempts, calls, offices
from callbridge.store.tally_tables import tally_ends, untallied
from callbridge.store.tried import Tried
from callbridge.store.upkeep import size

AT_WORK_SECONDS = 30.0
_E = tally_ends.c
_WAITS = calls.c.id.in_(select(untallied.c.call))
_FIRST = select(func.min(attempts.c.run_at))
_FIRST_WAITING = _FIRST.where(WAITING)
_FIRST_UNKNOWN = _FIRST.where(MOVING, attempts.c.state == AttemptState.UNKNOWN.value)
# Of each bucket: a list may have half a million people who wait.
_FIRST_DUE = select(
    func.min(_FIRST.where(attempts.c.bucket == buckets.c.id, DUE).scalar_subquery())
).select_from(buckets)


class Counting:
    """The figures of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def vitals(self, now: datetime) -> Vitals:
        """Count everything once. `now` is by which waiting is judged."""
        ask, jobs = self._connection.execute, Jobs(self._connection)
        refusals = ask(
            select(calls.c.reason, func.count().label("many"))
            .where(calls.c.reason.is_not(None), calls.c.created > now - timedelta(hours=1))
            .group_by(calls.c.reason)
        )
        resting = select(func.count()).select_from(offices).where(offices.c.resting_until > now)
        return Vitals(
            kind=self._connection.dialect.name,
            bytes=size(self._connection),
            calls=self._calls(),
            attempts=Tried(self._connection).counts(),
            refusals={row.reason: row.many for row in refusals},
            steps=self._steps(),
            oldest_waiting=self._age(now, _FIRST_WAITING, _FIRST_DUE),
            oldest_unknown=self._age(now, _FIRST_UNKNOWN),
            pace_wait=Pace(self._connection).wait(),
            offices_resting=int(self._connection.scalar(resting) or 0),
            dialers=jobs.dialers(within=AT_WORK_SECONDS),
            dialer_silence=jobs.silence(),
        )

    def _calls(self) -> dict[tuple[str, str], int]:
        """Count calls by stage and ending: the tallies, and the rows of calls that wait."""
        by = (calls.c.stage, calls.c.ending)
        found: Counter[tuple[str, str]] = Counter()
        for ending, count in self._connection.execute(select(_E.ending, _E.calls)):
            found[Stage.ENDED.value, ending] += int(count)
        for stage, ending, count in self._connection.execute(
            select(*by, func.count()).where(_WAITS).group_by(*by)
        ):
            found[stage, ending or ""] += count
        return {key: count for key, count in found.items() if count}

    def _steps(self) -> int:
        tallied = select(func.sum(_E.steps))
        waiting = select(func.sum(calls.c.step)).where(_WAITS)
        return sum(int(self._connection.scalar(query) or 0) for query in (tallied, waiting))

    def _age(self, now: datetime, *firsts: Select[Any]) -> float | None:
        """Return for how long the first of some moments is past, None when none is."""
        found = [self._connection.scalar(first) for first in firsts]
        past = [moment for moment in found if moment is not None and moment <= now]
        return (now - min(past)).total_seconds() if past else None
