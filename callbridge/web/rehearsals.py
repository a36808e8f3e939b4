"""The organizers' pages of rehearsals: start one, watch it, read what it showed; runs none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import RefusedError
from callbridge.service import rehearsals
from callbridge.service.drives import running
from callbridge.service.rehearsals import Rehearsal, RehearsalState
from callbridge.web import drive_words
from callbridge.web.access import Access, access
from callbridge.web.wire import context

blueprint = Blueprint("rehearsals", __name__, url_prefix="/console/rehearsals")

MOST_DRIVES = 100
MOST_OFFICES = 25
AGAIN_SECONDS = 3
STATES = {
    RehearsalState.RUNNING: "runs now",
    RehearsalState.DONE: "done",
    RehearsalState.CANCELLED: "cancelled",
    RehearsalState.FAILED: "failed",
    RehearsalState.LOST: "ended without a result",
}


@blueprint.get("")
@access(Access.ORGANIZER)
def index() -> str:
    """List the rehearsals, and the drives that may be rehearsed."""
    return _listed()


@blueprint.post("")
@access(Access.ORGANIZER)
def start() -> AnyResponse | tuple[str, int]:
    """Start a rehearsal beside the web."""
    form = request.form
    try:
        name = rehearsals.start(
            context(),
            form.get("drive", ""),
            seed=form.get("seed", "1").strip(),
            who=current_user.email,
        )
    except RefusedError as refusal:
        return _listed(error=refusal.sentence), refusal.status
    return redirect(url_for("rehearsals.show", rehearsal=name), code=303)


@blueprint.get("/<rehearsal>")
@access(Access.ORGANIZER)
def show(rehearsal: str) -> str:
    """Show one: how far it is, or what it showed."""
    found = rehearsals.one(context(), rehearsal)
    return render_template(
        "console/rehearsals/show.html",
        words=drive_words,
        found=found,
        state=STATES[found.state],
        running=found.state is RehearsalState.RUNNING,
        again=AGAIN_SECONDS,
        told=_told(found),
        most=MOST_OFFICES,
    )


@blueprint.post("/<rehearsal>/cancel")
@access(Access.ORGANIZER)
def cancel(rehearsal: str) -> AnyResponse:
    """End one that runs."""
    rehearsals.cancel(context(), rehearsal)
    return redirect(url_for("rehearsals.show", rehearsal=rehearsal), code=303)


def _listed(*, error: str | None = None) -> str:
    ctx = context()
    return render_template(
        "console/rehearsals/index.html",
        rows=rehearsals.every(ctx),
        states=STATES,
        drives=running.drives(ctx)[:MOST_DRIVES],
        chosen=request.values.get("drive", ""),
        error=error,
    )


def _told(found: Rehearsal) -> dict[str, Any] | None:
    """Return what is shown of a result, times as times and figures added up."""
    kept = found.result
    if kept is None:
        return None
    at_once, in_a_minute = kept["cap_at_once"], kept["cap_in_a_minute"]
    faults, board = kept["faults"], kept["board"]
    return kept | {
        "first": _time(kept["first"]),
        "ends": _time(kept["ends"]),
        "lasted": str(timedelta(seconds=round(kept["seconds"]))),
        "cost": kept["supporter_cost"] + kept["office_cost"],
        "hours": [hour | {"at": _time(hour["at"])} for hour in kept["hours"]],
        "above": sum(
            one["at_once"] > at_once or one["in_a_minute"] > in_a_minute for one in kept["offices"]
        ),
        "planted": sum(one["kind"] is not None for one in faults),
        "suspected": sum(None not in (one["kind"], one["suspected"]) for one in faults),
        "alarms": sum(one["kind"] is None for one in faults),
        "members": len(board),
        "right": sum(one["position"] == one["truth"] for one in board),
        "majority": sum(one["majority"] == one["truth"] for one in board),
    }


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
