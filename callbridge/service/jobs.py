"""Runs the housekeeping jobs that are due, each apart, and says how they stand; works none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from callbridge.domain.deliveries import MailWish
from callbridge.domain.jobs import JobRecord, JobState, standing, wait_after
from callbridge.errors import CallbridgeError, ConflictError, NotFoundError
from callbridge.logs import log
from callbridge.service.chores import JOBS, ROUNDS, Job, Round
from callbridge.service.context import Context
from callbridge.service.mailing import tell

_log = log(__name__)

# Failures in a row after which those are told who asked for it, once.
TELL_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job as shown. `off` says why it does not run here, None when it does."""

    job: Job | Round
    record: JobRecord
    state: JobState
    off: str | None


def run_due(ctx: Context, *, owner: str, among: Sequence[Job] = JOBS) -> int:
    """Run every job that is due and that nobody else has; return how many ran.

    A job that fails is logged, shown and tried again later; the others run all the same.
    """
    here = {job.name: job for job in among if job.off(ctx) is None}
    with ctx.store.reading() as unit:
        due = unit.jobs.due(list(here))
    return sum(_run(ctx, here[name], owner=owner, early=False) is not None for name in due)


def run_now(ctx: Context, name: str, *, owner: str, among: Sequence[Job] = JOBS) -> JobView:
    """Run one job whether it is due or not.

    Raises NotFoundError when there is none of that name, ConflictError when it runs elsewhere at
    this moment, or cannot run here.
    """
    job = next((one for one in among if one.name == name), None)
    if job is None:
        known = ", ".join(one.name for one in among)
        raise NotFoundError(f"There is no job {name!r}. The jobs are: {known}.")
    if why := job.off(ctx):
        raise ConflictError(f"The job {name!r} cannot run here: {why}")
    if _run(ctx, job, owner=owner, early=True) is None:
        raise ConflictError(f"The job {name!r} runs at this moment; look again in a while.")
    return next(view for view in standings(ctx, among=among) if view.job is job)


def standings(ctx: Context, *, among: Sequence[Job | Round] = (*JOBS, *ROUNDS)) -> list[JobView]:
    """Say how every job stands, in the order of the list."""
    with ctx.store.reading() as unit:
        now, rows = unit.jobs.now(), unit.jobs.all()
    found = []
    for job in among:
        record, off = rows.get(job.name, JobRecord(name=job.name, due=now)), job.off(ctx)
        state = standing(record, now=now, off=off is not None)
        found.append(JobView(job=job, record=record, state=state, off=off))
    return found


def _run(ctx: Context, job: Job, *, owner: str, early: bool) -> bool | None:
    """Run a job if it can be had; tell whether it went well, None when somebody else has it."""
    with ctx.store.writing() as unit:
        mine = unit.jobs.claim(job.name, owner, lease_seconds=job.schedule.lease, early=early)
        before = unit.jobs.all()[job.name].failures
    if not mine:
        return None
    try:
        result, failures = job.work(ctx), 0
    except Exception as error:  # noqa: BLE001 - one job's fault must not stop the others
        result, failures = _said(error), before + 1
        _log.exception("job_failed", job=job.name, failures=failures)
    with ctx.store.writing() as unit:
        unit.jobs.finish(
            job.name,
            owner,
            result=result,
            failures=failures,
            wait_seconds=wait_after(job.schedule, failures=failures),
        )
        if failures == TELL_AFTER:
            text = f"{job.words}: {result}\n\npython -m callbridge jobs\n"
            tell(ctx, unit, MailWish.JOB_FAILING, subject=f"The job {job.name} fails", text=text)
    return not failures


def _said(error: Exception) -> str:
    # Foreign errors may quote what must not be shown; their kind is enough, the log has the rest.
    if isinstance(error, CallbridgeError):
        return error.sentence
    return f"{type(error).__name__}; the log says more."
