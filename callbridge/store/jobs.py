"""Jobs and heartbeats as rows: of many dialers one runs a job; knows no job's work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callbridge.domain.jobs import JobRecord
from callbridge.store.epoch import epoch_now
from callbridge.store.keeping_tables import dialers, jobs

_FREE = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= epoch_now())


class Jobs:
    """The jobs of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def now(self) -> datetime:
        """Return the database's time."""
        return _time(self._connection.scalar(select(epoch_now())) or 0.0)

    def all(self) -> Mapping[str, JobRecord]:
        """Return every job that has a row, by name."""
        running = (jobs.c.lease_until > epoch_now()).label("running")
        rows = self._connection.execute(select(jobs, running))
        return {row.name: _record(row) for row in rows}

    def due(self, names: Sequence[str]) -> list[str]:
        """Return those of `names` that wait to be run, in their order; one without a row waits."""
        rows = self._connection.execute(
            select(jobs.c.name, (_FREE & (jobs.c.due <= epoch_now())).label("due"))
        )
        known = {row.name: bool(row.due) for row in rows}
        return [name for name in names if known.get(name, True)]

    def claim(self, name: str, owner: str, *, lease_seconds: float, early: bool = False) -> bool:
        """Take a job that is due (with `early`: or not yet); False when somebody else has it."""
        self._connection.execute(
            self._insert(jobs).on_conflict_do_nothing().values(name=name, due=epoch_now())
        )
        taken = (
            update(jobs)
            .where(jobs.c.name == name, _FREE)
            .values(owner=owner, started=epoch_now(), lease_until=epoch_now() + lease_seconds)
        )
        if not early:
            taken = taken.where(jobs.c.due <= epoch_now())
        return self._connection.execute(taken).rowcount == 1

    def finish(
        self, name: str, owner: str, *, result: str, failures: int, wait_seconds: float
    ) -> bool:
        """Write how a run went; False when its lease had passed to somebody else."""
        done = self._connection.execute(
            update(jobs)
            .where(jobs.c.name == name, jobs.c.owner == owner)
            .values(
                finished=epoch_now(),
                succeeded=jobs.c.succeeded if failures else epoch_now(),
                due=epoch_now() + wait_seconds,
                lease_until=null(),
                owner=null(),
                failures=failures,
                result=result[:400],
            )
        )
        return done.rowcount == 1

    def note(self, name: str, *, every: float, failures: int, result: str) -> None:
        """Write how a round went that every dialer does; the last dialer's word stands."""
        values = {
            "due": epoch_now() + every,
            "started": epoch_now(),
            "finished": epoch_now(),
            "failures": failures,
            "result": result[:400],
        }
        if not failures:
            values["succeeded"] = epoch_now()
        self._connection.execute(
            self._insert(jobs)
            .values(name=name, **values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )

    def beat(self, owner: str) -> None:
        """Note that a dialer is alive."""
        self._connection.execute(
            self._insert(dialers)
            .values(owner=owner, started=epoch_now(), beat=epoch_now())
            .on_conflict_do_update(index_elements=["owner"], set_={"beat": epoch_now()})
        )

    def leave(self, owner: str) -> None:
        """Forget a dialer that stopped in order."""
        self._connection.execute(delete(dialers).where(dialers.c.owner == owner))

    def silence(self) -> float | None:
        """Return the seconds since any dialer was heard of; None when there is none."""
        last = self._connection.scalar(select(epoch_now() - func.max(dialers.c.beat)))
        # The clock's resolution may put a beat a hair into the future.
        return None if last is None else max(0.0, float(last))

    def dialers(self, *, within: float) -> int:
        """Count the dialers heard of within so many seconds."""
        alive = func.sum(case((dialers.c.beat > epoch_now() - within, 1), else_=0))
        return int(self._connection.scalar(select(alive)) or 0)

    def forget_dialers(self, *, silent_for: float) -> int:
        """Forget the dialers that have been silent so long; return how many."""
        gone = delete(dialers).where(dialers.c.beat < epoch_now() - silent_for)
        return self._connection.execute(gone).rowcount

    def _insert(self, table: Any) -> Any:
        if self._connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


def _record(row: Any) -> JobRecord:
    def time(epoch: float | None) -> datetime | None:
        return None if epoch is None else _time(epoch)

    return JobRecord(
        name=row.name,
        due=_time(row.due),
        started=time(row.started),
        finished=time(row.finished),
        succeeded=time(row.succeeded),
        result=row.result,
        failures=row.failures,
        running=bool(row.running),
    )
