"""The call's own page: follow it live, and correct what the keypad said."""

from __future__ import annotations

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from callbridge.web.access import Access, access
from callbridge.web.call_page import answer_form, call_page

blueprint = Blueprint("calls", __name__, url_prefix="/calls")


@blueprint.get("/<call>")
@access(Access.PUBLIC)
def show(call: str) -> Response:
    """Show where a call stands."""
    return call_page(call, embedded=False)


@blueprint.post("/<call>")
@access(Access.PUBLIC)
def answer(call: str) -> AnyResponse:
    """Take an answer, or a correction."""
    return answer_form(call, embedded=False)
