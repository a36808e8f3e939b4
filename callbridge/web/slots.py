"""The page of a ring at a time: when it comes, and the forms that move, skip and stop it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import AppointmentError
from callbridge.service.appointments import changing
from callbridge.web.access import Access, access
from callbridge.web.languages import current
from callbridge.web.limits import limit_lookup
from callbridge.web.sentences import sentence
from callbridge.web.slot_words import (
    day_options,
    day_words,
    headline,
    moment_words,
    read_wish,
    standing_words,
    time_options,
    weekday_options,
    zone_words,
)
from callbridge.web.wire import context, number_of
from callbridge.web.words import gettext as _

blueprint = Blueprint("slots", __name__, url_prefix="/ring")


@blueprint.get("/<token>")
@access(Access.PUBLIC)
@limit_lookup
def show(token: str) -> Response:
    """Show when the next call comes."""
    return _page(token)


@blueprint.post("/<token>/move")
@access(Access.PUBLIC)
@limit_lookup
def move(token: str) -> AnyResponse:
    """Ring at another time."""
    sent = request.form
    chosen = sent.get("days", "")
    days = frozenset(int(day) for day in chosen if day in set("0123456"))
    wish = read_wish(day=sent.get("day", "")[:10], minute=sent.get("time", "")[:4], repeat="")
    try:
        changing.move_to(context(), token, wish, days=days or None)
    except AppointmentError as refused:
        return _page(token, error=sentence(refused), status=refused.status)
    return _back(token, "moved")


@blueprint.post("/<token>/skip")
@access(Access.PUBLIC)
@limit_lookup
def skip(token: str) -> AnyResponse:
    """Leave the next call out."""
    try:
        changing.skip_next(context(), token)
    except AppointmentError as refused:
        return _page(token, error=sentence(refused), status=refused.status)
    return _back(token, "skipped")


@blueprint.post("/<token>/stop")
@access(Access.PUBLIC)
@limit_lookup
def stop(token: str) -> AnyResponse:
    """Ring no more."""
    changing.stop(context(), token)
    return _back(token, "stopped")


def _back(token: str, done: str) -> AnyResponse:
    return redirect(url_for("slots.show", token=token, done=done), code=303)


def _page(token: str, *, error: str | None = None, status: int = 200) -> Response:
    ctx = context()
    found = changing.view(ctx, token)
    campaign = found.campaign.campaign
    text = render_template(
        "slot.html",
        found=found,
        wording=campaign.wording(current()),
        slug=found.campaign.slug,
        headline=headline(found),
        following=moment_words(found.following, found.zone) if found.following else None,
        standing=standing_words(found.days, found.minute) if found.minute is not None else None,
        chosen_days="".join(str(day) for day in found.days),
        skipped=[day_words(day) for day in found.skipped],
        zone=zone_words(found.zone),
        from_number=number_of(ctx, campaign),
        days=day_options(found.today, opening=False),
        weekdays=weekday_options(),
        times=time_options(),
        error=error,
        done=_done(request.args.get("done", "")),
    )
    answer = Response(text, status=status)
    # The address is the key to it.
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _done(word: str) -> str | None:
    return {
        "planned": _("That is planned. Keep the address of this page."),
        "moved": _("That is changed."),
        "skipped": _("The call is left out; this is the one after it."),
        "stopped": _("Done. These calls have ended."),
    }.get(word)
