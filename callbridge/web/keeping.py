"""The console's page on how the installation stands; changes nothing."""

from __future__ import annotations

from flask import Blueprint, render_template

from callbridge import __version__
from callbridge.domain.budget import MICROS, scope_words
from callbridge.domain.deliveries import MAIL_LANE, LaneView
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
        money=[
            {
                "words": scope_words(view.scope),
                "spent": view.spent is not None,
                "day": view.spending.day / MICROS,
                "most_day": _money(view.ceiling.day),
                "total": view.spending.total / MICROS,
                "most_total": _money(view.ceiling.total),
                "held": view.spending.held / MICROS,
            }
            for view in found.money
        ],
        mail=found.lanes.get(MAIL_LANE, LaneView()),
        told=[lane for name, lane in found.lanes.items() if name != MAIL_LANE],
        version=__version__,
    )


def _money(micros: int | None) -> str:
    return "–" if micros is None else f"{micros / MICROS:,.2f}"


def _job_states() -> dict[JobState, str]:
    return {
        JobState.FAILING: _("fails"),
        JobState.LATE: _("late"),
        JobState.RUNNING: _("runs now"),
        JobState.WELL: _("well"),
        JobState.WAITING: _("not yet run"),
        JobState.OFF: _("off"),
    }
