"""Housekeeping jobs on both databases: one dialer runs each, and one fault stops nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from callbridge.domain.jobs import JobState, Schedule
from callbridge.domain.telephony import CarrierStatus
from callbridge.errors import ConflictError, DirectoryError, NotFoundError
from callbridge.service.chores import JOBS, Job
from callbridge.service.context import Context
from callbridge.service.jobs import run_due, run_now, standings
from callbridge.store.epoch import epoch_now
from callbridge.store.keeping_tables import jobs as rows
from callbridge.store.tables import counters
from tests.service.setting import Service


@dataclass
class Work:
    """A piece of work that counts how often it was done, and can be told to fail."""

    done: int = 0
    trouble: Exception | None = None
    said: list[str] = field(default_factory=list)

    def __call__(self, _: Context) -> str:
        self.done += 1
        if self.trouble:
            raise self.trouble
        return f"Done {self.done} times."


def job(work: Work, name: str = "sweep", every: float = 3600.0, lease: float = 60.0) -> Job:
    """Return a job."""
    return Job(name=name, words=name, schedule=Schedule(every=every, lease=lease), work=work)


def make_due(service: Service, name: str, *, lease_over: bool = False) -> None:
    """Let a job's time come."""
    values = {"due": epoch_now()} | ({"lease_until": epoch_now() - 1} if lease_over else {})
    with service.database.writing() as unit:
        unit.connection.execute(update(rows).where(rows.c.name == name).values(values))


def test_a_job_runs_when_due_and_says_what_it_did(service: Service) -> None:
    work = Work()
    among = (job(work),)
    assert standings(service.ctx, among=among)[0].state is JobState.WAITING
    assert [run_due(service.ctx, owner="a", among=among) for _ in range(3)] == [1, 0, 0]
    view = standings(service.ctx, among=among)[0]
    assert (view.state, view.record.result) == (JobState.WELL, "Done 1 times.")
    assert view.record.finished is not None
    assert view.record.succeeded is not None
    wait = view.record.due - view.record.finished
    assert timedelta(minutes=59) < wait < timedelta(minutes=61)
    make_due(service, "sweep")
    assert run_due(service.ctx, owner="b", among=among) == 1
    assert work.done == 2


def test_a_failing_job_is_shown_and_tried_again_while_the_others_run(service: Service) -> None:
    bad, good = Work(trouble=DirectoryError("The web is away.")), Work()
    among = (job(bad, "bad"), job(good, "good"))
    assert run_due(service.ctx, owner="a", among=among) == 2
    shown = {view.job.name: view for view in standings(service.ctx, among=among)}
    assert (shown["bad"].state, shown["good"].state) == (JobState.FAILING, JobState.WELL)
    assert shown["bad"].record.result == "The web is away."
    assert shown["bad"].record.succeeded is None
    make_due(service, "bad")
    run_due(service.ctx, owner="a", among=among)
    assert standings(service.ctx, among=among)[0].record.failures == 2
    bad.trouble = None
    make_due(service, "bad")
    run_due(service.ctx, owner="a", among=among)
    assert standings(service.ctx, among=among)[0].record.failures == 0


def test_what_a_foreign_error_quotes_is_not_shown(service: Service) -> None:
    among = (job(Work(trouble=ValueError("cannot ring +12025550147"))),)
    run_due(service.ctx, owner="a", among=among)
    said = standings(service.ctx, among=among)[0].record.result
    assert said == "ValueError; the log says more."


def test_of_many_dialers_one_runs_a_job(service: Service) -> None:
    work, barrier = Work(), Barrier(6)

    def dialer(owner: str) -> None:
        barrier.wait()
        run_due(service.ctx, owner=owner, among=(job(work),))

    threads = [Thread(target=dialer, args=(f"d{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert work.done == 1


def test_a_job_whose_dialer_died_is_run_by_another_once_its_lease_is_over(
    service: Service,
) -> None:
    work = Work()
    with service.database.writing() as unit:
        assert unit.jobs.claim("sweep", "dead", lease_seconds=60)
    assert run_due(service.ctx, owner="b", among=(job(work),)) == 0
    assert standings(service.ctx, among=(job(work),))[0].state is JobState.RUNNING
    make_due(service, "sweep", lease_over=True)
    assert run_due(service.ctx, owner="b", among=(job(work),)) == 1
    with service.database.writing() as unit:
        late = unit.jobs.finish("sweep", "dead", result="late", failures=9, wait_seconds=0)
    assert not late
    assert standings(service.ctx, among=(job(work),))[0].record.result == "Done 1 times."


def test_a_person_may_run_a_job_early_but_not_twice_at_once(service: Service) -> None:
    work = Work()
    among = (job(work),)
    run_due(service.ctx, owner="a", among=among)
    assert run_now(service.ctx, "sweep", owner="me", among=among).record.result == "Done 2 times."
    with service.database.writing() as unit:
        unit.jobs.claim("sweep", "other", lease_seconds=60, early=True)
    with pytest.raises(ConflictError, match="runs at this moment"):
        run_now(service.ctx, "sweep", owner="me", among=among)
    with pytest.raises(NotFoundError, match="The jobs are: sweep"):
        run_now(service.ctx, "sweeep", owner="me", among=among)


def test_the_directory_is_left_alone_where_no_real_telephone_rings(service: Service) -> None:
    shown = {view.job.name: view for view in standings(service.ctx)}
    assert shown["directory"].state is JobState.OFF
    with pytest.raises(ConflictError, match="DIRECTORY_UPDATE"):
        run_now(service.ctx, "directory", owner="me")
    assert not service.ctx.settings.updates_directory
    assert service.with_settings(DIRECTORY_UPDATE="yes").ctx.settings.updates_directory
    real = {"TWILIO_API_URL": "", "ORGANIZATION": "A", "ORGANIZATION_PHONE": "+12025550199"}
    assert service.with_settings(**real).ctx.settings.updates_directory
    assert not service.with_settings(DIRECTORY_UPDATE="no", **real).ctx.settings.updates_directory


def test_every_job_does_its_chore(service: Service) -> None:
    service.start()
    sid = service.phone().sid
    service.line.set(sid, CarrierStatus.COMPLETED, 20)
    with service.database.writing() as unit:
        unit.guards.count("lookups", bucket=1)
        unit.jobs.beat("a dialer")
    service.clock.forward(days=2)
    off = {"directory", "reports"}  # nothing is fetched here, and there is no mail server
    assert {job.name for job in JOBS if job.off(service.ctx)} == off
    assert run_due(service.ctx, owner="a") == len(JOBS) - len(off)
    said = {view.job.name: view.record.result for view in standings(service.ctx)}
    assert said["reconcile"] == "1 had ended without our knowing."
    assert said["upkeep"] is not None
    assert ("SQLite" if service.database.kind == "sqlite" else "PostgreSQL") in said["upkeep"]
    assert {view.record.failures for view in standings(service.ctx)} == {0}
    with service.database.reading() as unit:
        assert unit.connection.scalar(select(counters.c.count)) is None
        assert unit.jobs.dialers(within=60) == 1
        silence = unit.jobs.silence()
    assert silence is not None
    assert silence < 60
