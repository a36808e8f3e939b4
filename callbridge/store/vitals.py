"""Counts what health and metrics show, straight from the tables; groups by nothing personal."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from callbridge.domain.records import AttemptState
from callbridge.domain.vitals import Vitals
from callbridge.store.jobs import Jobs
from callbridge.store.pace import Pace
from callbridge.store.tables import attempts, calls, offices
from callbridge.store.upkeep import size

AT_WORK_SECONDS = 30.0


class Counting:
    """The figures of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def vitals(self, now: datetime) -> Vitals:
        """Count everything once. `now` is by which waiting is judged."""
        ask, jobs = self._connection.execute, Jobs(self._connection)
        stages = ask(
            select(calls.c.stage, calls.c.ending, func.count()).group_by(
                calls.c.stage, calls.c.ending
            )
        )
        states = ask(
            select(attempts.c.state, func.count().label("many")).group_by(attempts.c.state)
        )
        refusals = ask(
            select(calls.c.reason, func.count().label("many"))
            .where(calls.c.reason.is_not(None), calls.c.created > now - timedelta(hours=1))
            .group_by(calls.c.reason)
        )
        resting = select(func.count()).select_from(offices).where(offices.c.resting_until > now)
        return Vitals(
            kind=self._connection.dialect.name,
            bytes=size(self._connection),
            calls={(stage, ending or ""): count for stage, ending, count in stages},
            attempts={row.state: row.many for row in states},
            refusals={row.reason: row.many for row in refusals},
            steps=int(self._connection.scalar(select(func.sum(calls.c.step))) or 0),
            oldest_waiting=self._age(AttemptState.PLANNED, now),
            oldest_unknown=self._age(AttemptState.UNKNOWN, now),
            pace_wait=Pace(self._connection).wait(),
            offices_resting=int(self._connection.scalar(resting) or 0),
            dialers=jobs.dialers(within=AT_WORK_SECONDS),
            dialer_silence=jobs.silence(),
        )

    def _age(self, state: AttemptState, now: datetime) -> float | None:
        """Return for how long the oldest attempt in a state has been due, None without one."""
        oldest = self._connection.scalar(
            select(attempts.c.run_at)
            .where(attempts.c.state == state.value, attempts.c.run_at <= now)
            .order_by(attempts.c.run_at)
            .limit(1)
        )
        return None if oldest is None else (now - oldest).total_seconds()
