"""The console's page on how the installation stands; changes nothing."""

from __future__ import annotations

from flask import Blueprint, render_template

from callbridge import __version__
from callbridge.domain.jobs import JobState
from callbridge.domain.records import AttemptState
from callbridge.service.vitals import standing
from callbridge.web.access import Access, access
from callbridge.web.wire import context
from callbridge.web.words import gettext as _

blueprint = Blueprint("keeping", __name__)

_ATTENTION = {JobState.FAILING, JobState.LATE}


@blueprint.get("/console/health")
@access(Access.ORGANIZER)
def health() -> str:
    """Show the jobs, what waits, what is unsettled, and what this runs on."""
    found = standing(context())
    words = _job_states()
    jobs = [
        {
            "words": view.job.words,
            "name": view.job.name,
            "state": words[view.state],
            "grave": view.state in _ATTENTION,
            "finished": view.record.finished,
            "due": None if view.off else view.record.due,
            "said": view.off or view.record.result or "",
            "failures": view.record.failures,
        }
        for view in found.jobs
    ]
    states = [(state.value, found.vitals.count(state.value)) for state in AttemptState]
    return render_template(
        "console/health.html",
        found=found,
        vitals=found.vitals,
        jobs=jobs,
        states=states,
        version=__version__,
    )


def _job_states() -> dict[JobState, str]:
    return {
        JobState.FAILING: _("fails"),
        JobState.LATE: _("late"),
        JobState.RUNNING: _("runs now"),
        JobState.WELL: _("well"),
        JobState.WAITING: _("not yet run"),
        JobState.OFF: _("off"),
    }
