"""The public opt-out: never ring this number again; limited by network."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbridge.errors import RefusedError
from callbridge.service import opting_out
from callbridge.web.access import Access, access
from callbridge.web.limits import limit_stop
from callbridge.web.sentences import sentence
from callbridge.web.wire import context
from callbridge.web.words import gettext as _

blueprint = Blueprint("stop", __name__, url_prefix="/stop")


@blueprint.get("")
@access(Access.PUBLIC)
def show() -> str:
    """Show the form, or that it is done."""
    return render_template("stop.html", done=request.args.get("done") == "yes")


@blueprint.post("")
@access(Access.PUBLIC)
@limit_stop
def save() -> AnyResponse:
    """Store the opt-out at once.

    Anybody may name any number: the worst that comes of it is a call that is not made; its owner
    can still dial in. The network limit keeps it from becoming a tool.
    """
    phone = request.form.get("phone", "").strip()[:40]
    if not phone:
        return _again(phone, _("Write the number."), 422)
    try:
        opting_out.opt_out(context(), phone)
    except RefusedError as refused:
        return _again(phone, sentence(refused), refused.status)
    return redirect(url_for("stop.show", done="yes"), code=303)


def _again(phone: str, error: str, status: int) -> Response:
    return Response(render_template("stop.html", phone=phone, error=error), status=status)
