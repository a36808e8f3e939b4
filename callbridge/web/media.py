"""Pictures and recorded prompts of published revisions, by digest; nothing else is served."""

from __future__ import annotations

import mimetypes

from flask import Blueprint, Response, abort, request

from callbridge.service import reading
from callbridge.web.access import Access, access
from callbridge.web.wire import context

blueprint = Blueprint("media", __name__, url_prefix="/media")

# Only what a page shows or a phone plays; never HTML. A drawing (SVG) is sandboxed, so that
# nothing in it can run even when it is opened by itself.
TYPES = {
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/svg+xml",
    "audio/mpeg",
    "audio/x-wav",
    "audio/wav",
    "audio/ogg",
}


@blueprint.get("/<digest>/<path:name>")
@access(Access.PUBLIC)
def file(digest: str, name: str) -> Response:
    """Serve one file of a revision; its content never changes."""
    kind = mimetypes.guess_type(name)[0]
    if kind not in TYPES:
        abort(404)
    content = reading.media(context(), digest, name)
    answer = Response(content, content_type=kind)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.set_etag(digest[:16] + str(len(content)))
    answer.make_conditional(request)
    return answer
