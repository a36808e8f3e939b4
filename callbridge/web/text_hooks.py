"""What the carrier tells of text messages, and what people answer to them; keeps no words."""

from __future__ import annotations

from flask import Response

from callbridge.domain.telephony import TextHook
from callbridge.service.after import texting
from callbridge.web.access import Access, access
from callbridge.web.hooks import blueprint as blueprint  # noqa: PLC0414 - app.py takes it from here
from callbridge.web.wire import context, interpreter, raw_hook


def _verified() -> TextHook:
    return interpreter().read_text(raw_hook())


def _nothing_to_say() -> Response:
    reply = interpreter().acknowledge()
    return Response(reply.body, content_type=reply.content_type)


@blueprint.post("/texts/<token>/status")
@access(Access.HOOK)
def text_status(token: str) -> Response:
    """Take what became of a text."""
    texting.reported(context(), token, _verified())
    return _nothing_to_say()


@blueprint.post("/texts/inbound")
@access(Access.HOOK)
def text_inbound() -> Response:
    """Take a text that somebody sent us; the carrier itself confirms a STOP."""
    texting.received(context(), _verified())
    return _nothing_to_say()
