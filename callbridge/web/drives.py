"""The organizers' pages of phone drives: make one, watch it, steer it; knows none of its rules."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import NotFoundError, RefusedError
from callbridge.service import reading
from callbridge.service.drives import running, telling
from callbridge.service.drives.confirming import same_person
from callbridge.service.drives.estimating import estimate
from callbridge.service.drives.foreseeing import SHOWN, foresee
from callbridge.service.drives.views import DriveView
from callbridge.web import drive_words
from callbridge.web.access import Access, access
from callbridge.web.drive_form import (
    DAYS,
    DriveForm,
    at_once_of,
    budget_of,
    form_of,
    rate_of,
    sent,
)
from callbridge.web.languages import current
from callbridge.web.wire import context

blueprint = Blueprint("drives", __name__, url_prefix="/console/<slug>/drives")

# What cannot be taken back is asked for twice: the page sends `sure` from the second place only.
_FINAL = frozenset({"start", "stop", "finish"})
_HOURS = (1, 24)


@blueprint.get("")
@access(Access.ORGANIZER)
def index(slug: str) -> str:
    """List the drives of a campaign."""
    return render_template(
        "console/drives/index.html",
        slug=slug,
        title=_title(slug),
        drives=telling.of_campaign(context(), slug),
        most=telling.MOST_DRIVES,
    )


@blueprint.get("/<drive>")
@access(Access.ORGANIZER)
def show(slug: str, drive: str) -> str:
    """Show how a drive stands, and what may be done to it."""
    return _shown(_of(slug, drive))


@blueprint.post("/<drive>")
@access(Access.ORGANIZER)
def act(slug: str, drive: str) -> AnyResponse | tuple[str, int]:
    """Start, pause, resume, change, stop or finish a drive."""
    view, form = _of(slug, drive), sent()
    try:
        _do(request.form.get("do", ""), view, form)
    except RefusedError as refusal:
        again = form if request.form.get("do") == "change" else None
        return _shown(_of(slug, drive), error=refusal.sentence, form=again), refusal.status
    return redirect(url_for("drives.show", slug=slug, drive=drive), code=303)


def _do(what: str, view: DriveView, form: DriveForm) -> None:
    """Do one thing. Raises RefusedError, also for what is final and was asked for only once."""
    ctx, drive, by = context(), view.drive, str(current_user.email)
    if what in _FINAL and request.form.get("sure") != "yes":
        raise RefusedError("This cannot be taken back. Confirm it beside its button.")
    match what:
        case "start":
            running.start(ctx, drive, by=by)
        case "pause":
            running.pause(ctx, drive, by=by)
        case "resume":
            running.resume(ctx, drive, by=by)
        case "stop":
            running.stop(ctx, drive, by=by)
        case "finish":
            running.finish(ctx, drive, by=by)
        case "change":
            running.change(
                ctx,
                drive,
                rate=(rate := rate_of(form)),
                own_rate=rate is not None,
                in_progress=at_once_of(form),
                budget=(budget := budget_of(form)),
                own_budget=budget is not None,
                window=form.window,
                days=form.days,
                by=by,
            )
        case _:
            raise RefusedError("There is nothing of that name to be done to a drive.")


@blueprint.get("/<drive>/order")
@access(Access.ORGANIZER)
def order(slug: str, drive: str) -> str:
    """Show who would ring in which order; nothing is dialled."""
    view = _of(slug, drive)
    hours = 24 if request.args.get("hours") == "24" else 1
    error, found = None, None
    try:
        found = foresee(context(), drive, hours=hours)
    except RefusedError as refusal:
        error = refusal.sentence
    return render_template(
        "console/drives/order.html",
        slug=slug,
        title=_title(slug),
        view=view,
        found=found,
        error=error,
        hours=hours,
        choices=_HOURS,
        most=SHOWN,
    )


def _title(slug: str) -> str:
    return reading.campaign(context(), slug).campaign.wording(current()).title


def _of(slug: str, drive: str) -> DriveView:
    """Return a drive of this campaign, with its offices. Raises NotFoundError."""
    view = telling.status(context(), drive, offices=True)
    if view.campaign != slug:
        raise NotFoundError(f"There is no drive {drive!r} in this campaign.")
    return view


def _shown(view: DriveView, *, error: str | None = None, form: DriveForm | None = None) -> str:
    ctx, me = context(), str(current_user.email)
    return render_template(
        "console/drives/show.html",
        slug=view.campaign,
        title=_title(view.campaign),
        view=view,
        error=error,
        form=form or form_of(view),
        days=DAYS if (form or form_of(view)).days in DAYS else {view.days: view.days, **DAYS},
        found=estimate(ctx, view.drive),
        deeds=telling.deeds(ctx, view.drive),
        agreed_by_me=view.approved is not None and same_person(view.approved, me),
        live=view.state.value not in {"stopped", "finished"} or view.calls_now > 0,
        names=telling.office_names(ctx, view),
        shift=[_title(slug) for slug in view.shift],
        words=drive_words,
    )
