"""A supporter's own page behind a link of its own: no sign-in, and no number written out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import RefusedError
from callbridge.service.after import own_page, texting
from callbridge.service.after.own_page import Deed
from callbridge.service.appointments.changing import AppointmentView
from callbridge.service.context import Context
from callbridge.web.access import Access, access
from callbridge.web.call_page import offices_of
from callbridge.web.languages import current
from callbridge.web.limits import limit_links, limit_sending
from callbridge.web.sentences import sentence
from callbridge.web.slot_words import headline, standing_words, zone_words
from callbridge.web.survey_form import nothing_new, replies_of_legs
from callbridge.web.wire import context
from callbridge.web.words import gettext as _

blueprint = Blueprint("mine", __name__, url_prefix="/mine")


@blueprint.get("")
@access(Access.PUBLIC)
def ask() -> Response:
    """Show how to get one's link."""
    return _asking(sent=request.args.get("sent") == "yes")


@blueprint.post("")
@access(Access.PUBLIC)
@limit_sending
def send() -> AnyResponse:
    """Send the link, to the number itself only; the answer never tells whether there is one."""
    ctx = context()
    phone = request.form.get("phone", "").strip()[:40]
    words = _link_words(ctx)
    if not words:
        return _asking()
    if request.form.get("text") != "yes":
        return _asking(phone=phone, box_error=_("Please tick the box, so that we may text you."))
    try:
        texting.plan_link(ctx, phone=phone, language=current(), words=words)
    except RefusedError as refused:
        return _asking(phone=phone, error=sentence(refused))
    return redirect(url_for("mine.ask", sent="yes"), code=303)


def _asking(
    *, phone: str = "", error: str | None = None, box_error: str | None = None, sent: bool = False
) -> Response:
    text = render_template(
        "mine_ask.html",
        phone=phone,
        error=error,
        box_error=box_error,
        sent=sent,
        words=_link_words(context()),
    )
    return Response(text, status=422 if error or box_error else 200)


def _link_words(ctx: Context) -> str:
    if not ctx.settings.sends_texts:
        return ""
    return _(
        "Text me one message from %(organization)s with the link to my own page. Message rates "
        "may apply. Reply STOP for no more.",
        organization=ctx.settings.organization,
    )


@blueprint.get("/<token>")
@access(Access.PUBLIC)
@limit_links
def show(token: str) -> Response:
    """Show what somebody did."""
    return _page(token)


@blueprint.post("/<token>/calls/<call>")
@access(Access.PUBLIC)
@limit_links
def correct(token: str, call: str) -> AnyResponse:
    """Keep answers about one call of the page."""
    ctx = context()
    deeds = own_page.look(ctx, token).deeds
    deed = next((one for one in deeds if one.view.call == call), None)
    try:
        asked = deed.published.campaign.wording(current()).survey if deed else None
        given = replies_of_legs(asked, deed.view.legs, request.form) if asked and deed else {}
        if not given:
            return _page(token, wrong=(call, nothing_new(request.form)))
        own_page.correct(ctx, token, call=call, given=given)
    except ValueError:
        return _page(token, wrong=(call, _("Please choose one of the answers.")))
    except RefusedError as refused:
        return _page(token, wrong=(call, sentence(refused)))
    return redirect(url_for("mine.show", token=token, kept=call) + f"#call-{call}", code=303)


@blueprint.post("/<token>/stop")
@access(Access.PUBLIC)
@limit_links
def stop(token: str) -> AnyResponse:
    """Never ring this person again."""
    own_page.stop(context(), token)
    return redirect(url_for("mine.show", token=token), code=303)


@blueprint.post("/<token>/erase")
@access(Access.PUBLIC)
@limit_links
def erase(token: str) -> AnyResponse:
    """Forget this person, once the box is ticked."""
    if request.form.get("sure") != "yes":
        return _page(
            token, erase_error=_("Tick the box first, so that nothing is erased by a slip.")
        )
    try:
        own_page.erase(context(), token)
    except RefusedError as refused:
        return _page(token, erase_error=sentence(refused))
    return redirect(url_for("mine.show", token=token), code=303)


def _page(
    token: str, *, wrong: tuple[str, str] | None = None, erase_error: str | None = None
) -> Response:
    ctx = context()
    found = own_page.look(ctx, token)
    if found.erased:
        return Response(render_template("mine_erased.html"))
    text = render_template(
        "mine.html",
        token=token,
        stopped=found.stopped,
        deeds=[_deed(ctx, deed, wrong) for deed in found.deeds],
        planned=[_ring(one) for one in found.planned if one.following],
        offices_reached=sum(len(deed.view.legs) for deed in found.deeds),
        erase_error=erase_error,
    )
    return Response(text, status=422 if wrong or erase_error else 200)


def _ring(found: AppointmentView) -> dict[str, Any]:
    wording = found.campaign.campaign.wording(current())
    standing = None if found.minute is None else standing_words(found.days, found.minute)
    return {
        "token": found.token,
        "slug": found.campaign.slug,
        "title": wording.title,
        "language": wording.language,
        "words": headline(found),
        "standing": standing,
        "zone": zone_words(found.zone),
    }


def _deed(ctx: Context, deed: Deed, wrong: tuple[str, str] | None) -> dict[str, Any]:
    wording = deed.published.campaign.wording(current())
    call = deed.view.call
    return {
        "call": call,
        "slug": deed.published.slug,
        "title": wording.title,
        "language": wording.language,
        "began": deed.view.created,
        "offices": offices_of(ctx, deed.view, deed.published),
        "kept": request.args.get("kept") == call,
        "error": wrong[1] if wrong and wrong[0] == call else None,
    }
