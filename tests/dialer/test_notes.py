"""A dialer's own rounds are shown like every other job: what they did, and what went wrong."""

from __future__ import annotations

from callbridge.dialer.notes import Notes
from callbridge.domain.jobs import JobState
from callbridge.errors import DatabaseError
from callbridge.service.chores import JOBS, ROUNDS
from callbridge.service.jobs import JobView, standings
from callbridge.store import Database
from tests.service.setting import service_on


def test_every_round_of_the_dialer_has_a_name_of_its_own() -> None:
    names = [one.name for one in (*JOBS, *ROUNDS)]
    assert len(names) == len(set(names))


def test_rounds_are_shown_with_their_last_run_failure_and_next_run(
    database: Database, database_url: str
) -> None:
    ctx = service_on(database, database_url).ctx

    def shown(name: str) -> JobView:
        return next(view for view in standings(ctx) if view.job.name == name)

    assert shown("drives").state is JobState.WAITING
    notes = Notes()
    notes.ran("drives", 3)
    notes.ran("drives", 4)
    notes.ran("look-after", None)
    notes.write(ctx)
    view = shown("drives")
    assert (view.state, view.record.result) == (
        JobState.WELL,
        "7 were rung in the last seconds.",
    )
    assert view.record.finished is not None
    assert view.record.due >= view.record.finished
    for _ in range(2):
        notes.failed("drives", DatabaseError("The database does not answer."))
        notes.write(ctx)
    view = shown("drives")
    assert (view.state, view.record.failures) == (JobState.FAILING, 2)
    assert view.record.result == "The database does not answer."
    assert view.record.succeeded is not None
    notes.failed("drives", KeyError("+12025550147"))
    notes.ran("drives", 1)
    notes.write(ctx)
    assert shown("drives").state is JobState.WELL
    notes.failed("drives", KeyError("+12025550147"))
    notes.write(ctx)
    assert shown("drives").record.result == "KeyError; the log says more."
