"""What keeps pages safe: headers, content policy, and where form posts may come from."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_wtf import CSRFProtect
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from callbridge.settings import Settings
from callbridge.web.access import Access, declared

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_BODY = 64 * 1024
# Lists of people are long; only somebody who is signed in may send one.
MOST_LIST = 16 * 1024 * 1024
TAKES_LISTS = frozenset({"drive_people.create", "drive_people.add", "drives_api.add"})
# What no form of a page can send: another site's page would have to ask first, and is refused.
OF_PROGRAMS = frozenset({"application/json", "text/csv"})
FRAMED = "embed."
# Pages whose address is itself the key: never named to anybody, found by nobody, kept nowhere.
BEHIND_LINKS = frozenset({"after", "mine"})

csrf = CSRFProtect()


def _policy(*, framed: bool) -> ContentSecurityPolicy:
    own = ContentSecurityPolicy.keyword("self")
    nobody = ContentSecurityPolicy.keyword("none")
    policy = (
        ContentSecurityPolicy()
        .default_src(nobody)
        .script_src(own)
        .style_src(own)
        .img_src(own)
        .media_src(own)
        .connect_src(own)
        .form_action(own)
        .base_uri(nobody)
    )
    # Anybody may put the embed page in a frame; no other page may be framed at all.
    return policy.frame_ancestors("*") if framed else policy.frame_ancestors(nobody)


def headers(settings: Settings, *, framed: bool) -> Secure:
    """Return the headers of every answer; HSTS only when the public address is https."""
    https = settings.public_url.startswith("https://")
    return Secure(
        csp=_policy(framed=framed),
        # no-referrer would make browsers send `Origin: null` with our own forms.
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation().payment(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=None if framed else XFrameOptions().deny(),
        hsts=StrictTransportSecurity().max_age(31_536_000) if https else None,
    )


def _own_origins() -> set[str]:
    public = urlsplit(current_app.config["CALLBRIDGE_SETTINGS"].public_url)
    return {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.host}"}


def from_elsewhere() -> bool:
    """Tell whether a browser sent this form from another site.

    Fetch Metadata decides where the browser sends it, else Origin. A program that sends neither
    is no browser: it carries nobody's standing and is left to the limits.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin == "null" and request.blueprint in BEHIND_LINKS:
        return False  # no-referrer makes browsers send that; who knows the address may post to it
    return origin is not None and origin not in _own_origins()


def check_post() -> None:
    """Refuse form posts from elsewhere; ask signed-in forms for their token."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    who = declared(current_app, request.endpoint)
    if who is Access.HOOK or request.endpoint.startswith("api."):
        return  # signed by the carrier; JSON without any cookie
    if request.endpoint in TAKES_LISTS:
        request.max_content_length = request.max_form_memory_size = MOST_LIST
    if from_elsewhere():
        abort(403)
    if request.endpoint.startswith("drives_api.") and request.mimetype in OF_PROGRAMS:
        return
    if who is not Access.PUBLIC or request.endpoint == "security.login":
        csrf.protect()


def install(app: Flask, settings: Settings) -> None:
    """Put the shield around every answer of the application."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_BODY
    app.config["MAX_FORM_PARTS"] = 100
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    csrf.init_app(app)
    plain, framed = (dict(headers(settings, framed=yes).headers) for yes in (False, True))

    @app.after_request
    def cover(response: Response) -> Response:
        inside = (request.endpoint or "").startswith(FRAMED)
        response.headers.update(framed if inside else plain)
        if request.blueprint == "media":
            response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if request.blueprint in BEHIND_LINKS:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            response.headers["Cache-Control"] = "no-store"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
