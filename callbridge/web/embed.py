"""The form and the call as other sites show them in a frame; the rest is as on our own pages."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.service import reading
from callbridge.web.access import Access, access
from callbridge.web.asking import Asked, Filled, ask, filled
from callbridge.web.call_page import answer_form, call_page
from callbridge.web.pages import form_page
from callbridge.web.wire import context

blueprint = Blueprint("embed", __name__, url_prefix="/embed")


@blueprint.get("/<slug>")
@access(Access.PUBLIC)
def campaign(slug: str) -> str:
    """Show the form in a frame."""
    ctx = context()
    published = reading.campaign(ctx, slug)
    return _form(published.slug, Asked(form=Filled()))


@blueprint.post("/<slug>")
@access(Access.PUBLIC)
def ring(slug: str) -> AnyResponse:
    """Place the call from a frame."""
    ctx = context()
    asked = ask(ctx, reading.campaign(ctx, slug), filled())
    if asked.call is not None:
        return redirect(url_for("embed.show", call=asked.call.call), code=303)
    return Response(_form(slug, asked), status=asked.status)


@blueprint.get("/calls/<call>")
@access(Access.PUBLIC)
def show(call: str) -> Response:
    """Show where a call stands, in a frame."""
    return call_page(call, embedded=True)


@blueprint.post("/calls/<call>")
@access(Access.PUBLIC)
def answer(call: str) -> AnyResponse:
    """Take an answer from a frame."""
    return answer_form(call, embedded=True)


def _form(slug: str, asked: Asked) -> str:
    ctx = context()
    published = reading.campaign(ctx, slug)
    return form_page("embed.html", ctx, published, asked, "embed.campaign")
