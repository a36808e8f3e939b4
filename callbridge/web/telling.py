"""The console's pages on webhooks and mail: who is told what; sends nothing itself."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from callbridge.domain.deliveries import MailWish
from callbridge.errors import RefusedError
from callbridge.service import mailing, reading
from callbridge.service.deliveries import webhooks
from callbridge.web.access import Access, access
from callbridge.web.languages import current
from callbridge.web.sentences import sentence
from callbridge.web.wire import context
from callbridge.web.words import gettext as _

blueprint = Blueprint("telling", __name__, url_prefix="/console")


@blueprint.get("/<slug>/webhooks")
@access(Access.ORGANIZER)
def show(slug: str) -> str:
    """Show who is told what happens in a campaign, and how that goes."""
    return _page(slug)


@blueprint.post("/<slug>/webhooks")
@access(Access.ORGANIZER)
def change(slug: str) -> AnyResponse | str:
    """Add an address (its secret is on this one page), try one, or remove one."""
    ctx, by = context(), str(current_user.email)
    webhook = request.form.get("webhook", "")
    try:
        match request.form.get("do", "add"):
            case "test":
                webhooks.test(ctx, webhook, by=by, slug=slug)
            case "remove":
                webhooks.remove(ctx, webhook, by=by, slug=slug)
            case _:
                events = request.form.getlist("event")
                url = request.form.get("url", "")
                _made, secret = webhooks.add(ctx, slug, url, by=by, events=events)
                return _page(slug, secret=secret)
    except RefusedError as refusal:
        return _page(slug, error=sentence(refusal), url=request.form.get("url", ""))
    return redirect(url_for("telling.show", slug=slug), code=303)


def _page(slug: str, *, secret: str | None = None, error: str | None = None, url: str = "") -> str:
    ctx = context()
    published = reading.campaign(ctx, slug)
    return render_template(
        "console/webhooks.html",
        slug=slug,
        title=published.campaign.wording(current()).title,
        found=webhooks.views(ctx, slug),
        events=[event.value for event in webhooks.EVENTS],
        secret=secret,
        error=error,
        url=url,
    )


@blueprint.get("/mail")
@access(Access.SIGNED_IN)
def mail() -> str:
    """Show what you are told by mail."""
    ctx = context()
    with ctx.store.reading() as unit:
        chosen = unit.outbox.wishes(str(current_user.email))
    words = _wishes()
    return render_template(
        "console/mail.html",
        wishes=[(wish.value, words[wish], wish in chosen) for wish in MailWish],
        set_up=mailing.is_set_up(ctx),
        saved="saved" in request.args,
    )


@blueprint.post("/mail")
@access(Access.SIGNED_IN)
def wish() -> AnyResponse:
    """Keep what you want to be told by mail."""
    known = {one.value for one in MailWish}
    chosen = {MailWish(one) for one in request.form.getlist("wish") if one in known}
    ctx, who = context(), str(current_user.email)
    with ctx.store.writing() as unit:
        unit.outbox.wish(who, chosen)
        about = ", ".join(sorted(chosen)) or "nothing"
        unit.audit.note(who=who, what="mail.wished", about=about, at=ctx.clock.now())
    return redirect(url_for("telling.mail", saved=1), code=303)


def _wishes() -> dict[MailWish, str]:
    return {
        MailWish.DRIVE_FINISHED: _("A drive is finished or stopped"),
        MailWish.DRIVE_PAUSED: _("A drive has paused itself: its money is spent, or a refusal"),
        MailWish.JOB_FAILING: _("A job of the dialer fails again and again"),
        MailWish.DIRECTORY_HELD: _("A change of the directory waits for somebody to look"),
        MailWish.NIGHTLY_REPORT: _("Every night: the report of each campaign"),
    }
